"""What a provider answers about a hold is a step of it. The table is opened to be altered, and sealed again."""

from django.db import migrations, models

from almoner.office.records.sealing import Opened, Sealed

STEPS = ["taken", "asked", "answered", "escalated", "released", "upheld"]


class Migration(migrations.Migration):
    dependencies = [("runs", "0003_promptness")]

    operations = [
        Opened("almoner_hold_steps"),
        migrations.RemoveConstraint(model_name="holdstep", name="hold_steps_known"),
        migrations.AddConstraint(
            model_name="holdstep",
            constraint=models.CheckConstraint(condition=models.Q(("step__in", STEPS)), name="hold_steps_known"),
        ),
        Sealed("almoner_hold_steps"),
    ]
