from django.db import migrations, models

from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0002_console"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunPromptness",
            fields=[
                ("run_id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("pay_date", models.DateField()),
                ("paid_pence", models.BigIntegerField()),
                ("prompt_pence", models.BigIntegerField()),
                ("interest_pence", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "almoner_run_promptness"},
        ),
        Sealed("almoner_run_promptness"),
    ]
