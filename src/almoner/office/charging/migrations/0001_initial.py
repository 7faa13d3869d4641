"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contribution",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("person_id", models.TextField()),
                ("amount_per_week", models.BigIntegerField()),
                ("collector", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_contributions",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["person_id", "valid_from", "version"], name="contributions_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_per_week__gte", 0), ("amount_per_week__lte", 100000000000)),
                        name="contributions_amount_per_week_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("collector__in", ["council", "provider"])), name="contributions_collector_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopUp",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("person_id", models.TextField()),
                ("line_id", models.TextField()),
                ("payer_id", models.TextField()),
                ("amount_per_week", models.BigIntegerField()),
                ("collector", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_top_ups",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["person_id", "line_id", "payer_id", "valid_from", "version"], name="top_ups_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_per_week__gte", 0), ("amount_per_week__lte", 100000000000)),
                        name="top_ups_amount_per_week_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("collector__in", ["council", "provider"])), name="top_ups_collector_known"),
                ],
            },
        ),
        Sealed("almoner_contributions"),
        Sealed("almoner_top_ups"),
    ]
