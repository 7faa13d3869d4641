"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("person_id", models.TextField()),
                ("family_name", models.TextField(null=True)),
                ("given_names", models.TextField(null=True)),
                ("date_of_birth", models.DateField(null=True)),
                ("date_of_death", models.DateField(null=True)),
                ("nhs_number", models.TextField(null=True)),
                ("postcode", models.TextField(null=True)),
                ("team", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_people",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["person_id", "version"], name="people_key")],
            },
        ),
        Sealed("almoner_people"),
    ]
