"""Files that show why something changes, and changes of contracts' terms and of the calendar. The orders' table is opened to be altered, and
sealed again."""

import django.db.models.deletion
from django.db import migrations, models

from almoner.office.records.sealing import Opened, Sealed

KINDS = [
    "end", "start", "rate", "hours", "timetable", "provider", "share", "authorise", "uplift", "frustrated", "absence", "terms", "calendar",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("changes", "0002_bulk_changes_and_limits")]

    operations = [
        Opened("almoner_change_orders"),
        migrations.RemoveConstraint(model_name="changeorder", name="change_orders_kind_known"),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="change_orders_kind_known"),
        ),
        Sealed("almoner_change_orders"),
        migrations.CreateModel(
            name="ChangeFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size_bytes", models.BigIntegerField()),
                ("sha256", models.TextField()),
                ("content", models.BinaryField()),
                (
                    "order",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="files", to="changes.changeorder"),
                ),
            ],
            options={"db_table": "almoner_change_files", "ordering": ("id",)},
        ),
        Sealed("almoner_change_files"),
    ]
