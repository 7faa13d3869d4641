"""What funders paid of invoices, sealed."""

import django.db.models.deletion
from django.db import migrations, models

from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="InvoicePayment",
            fields=[
                ("pk", models.CompositePrimaryKey("invoice_id", "place", blank=True, editable=False, primary_key=True, serialize=False)),
                ("place", models.BigIntegerField()),
                ("amount_pence", models.BigIntegerField()),
                ("paid_on", models.DateField()),
                ("reference", models.CharField(max_length=60)),
                ("takes_back", models.BigIntegerField(null=True)),
                ("text", models.TextField(blank=True, default="")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="claims.invoice"
                    ),
                ),
            ],
            options={
                "db_table": "almoner_invoice_payments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "takes_back"),
                        condition=models.Q(("takes_back__isnull", False)),
                        name="invoice_payments_back_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_pence", 0), _negated=True), name="invoice_payments_of_something"),
                ],
            },
        ),
        Sealed("almoner_invoice_payments"),
    ]
