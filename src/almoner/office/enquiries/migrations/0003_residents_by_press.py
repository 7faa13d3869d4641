"""Which press told of a resident, so that its line in the journal covers it. A column that may be blank leaves the table sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0002_last_days_and_residents")]

    operations = [
        migrations.AddField(
            model_name="residenttold",
            name="press",
            field=models.BigIntegerField(help_text="1, 2, 3 …: what was told together", null=True),
        ),
    ]
