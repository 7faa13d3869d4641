"""Lines that a provider did not agree, with the reason."""

from django.db import migrations, models

from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    dependencies = [("care", "0002_whose")]

    operations = [
        migrations.CreateModel(
            name="LineRejected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_id", models.TextField(db_index=True)),
                ("line_version", models.BigIntegerField(help_text="the version of the line that was not agreed")),
                ("provider_id", models.TextField()),
                ("reason", models.CharField(max_length=32)),
                ("comment", models.TextField(blank=True, default="")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "almoner_lines_rejected", "ordering": ("id",)},
        ),
        Sealed("almoner_lines_rejected"),
    ]
