"""Changes of many lines at once, evidence, and the council's limits. The orders' table is opened to be altered, and sealed again."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from almoner.office.records.sealing import Sealed


class Opened(Sealed):
    """The other way round: the table takes changes until it is sealed again."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)


KINDS = ["end", "start", "rate", "hours", "timetable", "provider", "share", "authorise", "uplift", "frustrated", "absence"]


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]

    operations = [
        Opened("almoner_change_orders"),
        migrations.RemoveConstraint(model_name="changeorder", name="change_orders_kind_known"),
        migrations.AddField(model_name="changeorder", name="evidence", field=models.TextField(blank=True, default="")),
        migrations.AddConstraint(
            model_name="changeorder",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="change_orders_kind_known"),
        ),
        Sealed("almoner_change_orders"),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32)),
                ("value", models.BigIntegerField()),
                ("from_date", models.DateField()),
                ("reason", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_limits",
                "ordering": ("name", "from_date", "id"),
                "constraints": [models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="limits_value_not_below_zero")],
            },
        ),
        Sealed("almoner_limits"),
    ]
