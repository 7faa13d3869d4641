"""Queries about a line's last day, and what homes say of their residents. The queries' table is opened to be altered, and sealed again."""

import django.db.models.deletion
from django.db import migrations, models

from almoner.office.records.sealing import Opened, Sealed

KINDS = ["actuals", "held_payment", "payment", "remittance", "rate", "death", "absence", "dates", "instalments"]


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial")]

    operations = [
        Opened("almoner_queries"),
        migrations.RemoveConstraint(model_name="query", name="queries_kind_known"),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="queries_kind_known"),
        ),
        Sealed("almoner_queries"),
        migrations.CreateModel(
            name="ResidentTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_id", models.TextField()),
                ("line_id", models.TextField()),
                ("month", models.DateField(help_text="the month's first day")),
                ("said", models.CharField(max_length=16)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "query",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enquiries.query"),
                ),
            ],
            options={
                "db_table": "almoner_residents_told",
                "ordering": ("month", "line_id"),
                "constraints": [
                    models.UniqueConstraint(fields=("line_id", "month"), name="residents_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("said__in", ("here", "left", "hospital", "died"))), name="residents_told_known"
                    ),
                ],
            },
        ),
        Sealed("almoner_residents_told"),
    ]
