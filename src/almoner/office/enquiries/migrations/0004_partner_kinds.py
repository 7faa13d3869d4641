"""Queries that funders ask. The queries' table is opened to be altered, and sealed again."""

from django.db import migrations, models

from almoner.office.records.sealing import Opened, Sealed

KINDS = [
    "actuals", "held_payment", "payment", "remittance", "rate", "death", "absence", "dates", "instalments", "invoice", "invoice_payment",
    "package", "claim",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_residents_by_press")]

    operations = [
        Opened("almoner_queries"),
        migrations.RemoveConstraint(model_name="query", name="queries_kind_known"),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="queries_kind_known"),
        ),
        Sealed("almoner_queries"),
    ]
