"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Actual",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("date", models.DateField()),
                ("kind", models.TextField()),
                ("start_time", models.TimeField(null=True)),
                ("planned_minutes", models.BigIntegerField(null=True)),
                ("actual_start_time", models.TimeField(null=True)),
                ("delivered_minutes", models.BigIntegerField(null=True)),
                ("units", models.BigIntegerField(null=True)),
                ("carers", models.BigIntegerField()),
                ("carer_id", models.TextField(null=True)),
                ("outcome", models.TextField()),
                ("reason", models.TextField(null=True)),
                ("comment", models.TextField(null=True)),
                ("submitted_at", almoner.office.records.fields.LocalInstantField(null=True)),
            ],
            options={
                "db_table": "almoner_actuals",
                "ordering": ["version"],
                "indexes": [
                    models.Index(fields=["date", "line_id", "kind", "start_time", "submitted_at", "version"], name="actuals_key"),
                    models.Index(fields=["line_id", "date"], name="actuals_line"),
                    models.Index(condition=models.Q(("carer_id__isnull", False)), fields=["carer_id", "date"], name="actuals_carer"),
                    models.Index(condition=models.Q(("outcome", "frustrated")), fields=["line_id", "date"], name="actuals_frustrated"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["visit", "week"])), name="actuals_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("planned_minutes__gte", 0), ("planned_minutes__lte", 1440)),
                        name="actuals_planned_minutes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delivered_minutes__gte", 0), ("delivered_minutes__lte", 10080)),
                        name="actuals_delivered_minutes_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("units__gte", 0), ("units__lte", 99999)), name="actuals_units_known"),
                    models.CheckConstraint(condition=models.Q(("carers__gte", 1), ("carers__lte", 20)), name="actuals_carers_known"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["delivered", "extra", "frustrated", "missed", "cancelled"])),
                        name="actuals_outcome_known",
                    ),
                ],
            },
        ),
        Sealed("almoner_actuals"),
    ]
