"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("share_order", models.BigIntegerField()),
                ("funder_id", models.TextField()),
                ("amount_per_week", models.BigIntegerField(null=True)),
                ("percent", models.BigIntegerField(null=True)),
                ("settlement", models.TextField()),
                ("scheme", models.TextField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_shares",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["line_id", "share_order", "valid_from", "version"], name="shares_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share_order__gte", 0), ("share_order__lte", 1000000)), name="shares_share_order_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_per_week__gte", 0), ("amount_per_week__lte", 100000000000)),
                        name="shares_amount_per_week_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("percent__gte", 0), ("percent__lte", 10000)), name="shares_percent_known"),
                    models.CheckConstraint(condition=models.Q(("settlement__in", ["claim", "direct"])), name="shares_settlement_known"),
                ],
            },
        ),
        Sealed("almoner_shares"),
    ]
