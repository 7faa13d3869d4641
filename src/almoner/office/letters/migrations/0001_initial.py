import django.db.models.deletion
from django.db import migrations, models

from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("about", models.CharField(max_length=100)),
                ("side", models.CharField(max_length=16)),
                ("organisation_id", models.TextField()),
                ("address", models.TextField()),
                ("has_access", models.BooleanField(help_text="False: an address that the council holds, and nobody's who signs in")),
                ("told", models.JSONField()),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_letters",
                "constraints": [models.UniqueConstraint(fields=("kind", "about", "organisation_id", "address"), name="letters_once")],
            },
        ),
        migrations.CreateModel(
            name="LetterSent",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="sent",
                        serialize=False,
                        to="letters.letter",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "almoner_letters_sent"},
        ),
        migrations.CreateModel(
            name="LetterTaken",
            fields=[
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="taken",
                        serialize=False,
                        to="letters.letter",
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "almoner_letters_taken"},
        ),
        Sealed("almoner_letters"),
        Sealed("almoner_letters_sent"),
    ]
