"""The tables of drafts, runs, receipts, holds, payments and files, and the seals on them."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import almoner.office.records.fields
import almoner.office.records.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RunNumber",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_run_numbers",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("book", models.CharField(choices=[("payments", "Payments"), ("claims", "Claims"), ("charges", "Charges")], max_length=16)),
                ("through", models.DateField()),
                ("cycle", models.CharField(blank=True, default="", max_length=16)),
                ("as_of", models.DateTimeField()),
                ("is_full", models.BooleanField(default=False)),
                ("reason_for_scope", models.TextField(default="")),
                ("drafted_after", models.BigIntegerField()),
                ("figures_version", models.CharField(max_length=64)),
                ("code_version", models.CharField(max_length=64)),
                ("facts_head", models.CharField(blank=True, default="", max_length=64)),
                ("drafted_by", models.TextField()),
                ("drafted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_drafts",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DraftTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tables", to="runs.draft")),
                ("role", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=64)),
                ("row_count", models.BigIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("bytes_hash", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "almoner_draft_tables",
                "constraints": [models.UniqueConstraint(fields=("draft", "role", "name"), name="draft_tables_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("book", models.CharField(choices=[("payments", "Payments"), ("claims", "Claims"), ("charges", "Charges")], max_length=16)),
                ("through", models.DateField()),
                ("cycle", models.CharField(blank=True, default="", max_length=16)),
                ("as_of", models.DateTimeField()),
                ("origin", models.CharField(max_length=16)),
                ("is_full", models.BooleanField()),
                ("reason_for_scope", models.TextField(default="")),
                ("drafted_after", models.BigIntegerField()),
                ("figures_version", models.CharField(max_length=64)),
                ("code_version", models.CharField(max_length=64)),
                ("facts_head", models.CharField(blank=True, default="", max_length=64)),
                ("drafted_by", models.TextField()),
                ("drafted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_runs",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("origin__in", ["calculated", "imported"])), name="runs_origin_known"),
                    models.CheckConstraint(condition=models.Q(("book__in", ["payments", "claims", "charges"])), name="runs_book_known"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RunEvent",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject", models.CharField(db_index=True, max_length=200)),
                ("event", models.CharField(max_length=32)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, default="")),
                ("journal_head", models.CharField(blank=True, default="", max_length=64)),
                ("form", models.PositiveSmallIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "db_table": "almoner_run_events",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subject__startswith", "R-")), fields=("subject", "event"), name="run_events_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("number", models.BigIntegerField()),
                ("book", models.CharField(max_length=16)),
                ("payee_id", models.TextField()),
                ("person_id", models.TextField()),
                ("line_id", models.TextField()),
                ("provider_id", models.TextField()),
                ("funder_id", models.TextField()),
                ("week", models.DateField()),
                ("kind", models.CharField(max_length=16)),
                ("amount_pence", models.BigIntegerField()),
                ("cause", models.TextField(default="")),
            ],
            options={
                "db_table": "almoner_receipts",
                "indexes": [
                    models.Index(fields=["person_id", "week"], name="receipts_person_week"),
                    models.Index(fields=["line_id", "week"], name="receipts_line_week"),
                    models.Index(fields=["week"], name="receipts_week"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["regular", "adjustment", "imported"])), name="receipts_kind_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedHold",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("number", models.BigIntegerField()),
                ("hold_id", models.CharField(db_index=True, max_length=16)),
                ("code", models.CharField(max_length=8)),
                ("person_id", models.TextField()),
                ("provider_id", models.TextField()),
                ("line_id", models.TextField()),
                ("week", models.DateField(null=True)),
                ("amount_pence", models.BigIntegerField()),
                ("message", models.TextField()),
                ("remedy", models.TextField()),
            ],
            options={
                "db_table": "almoner_sealed_holds",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("number", models.BigIntegerField()),
                ("payee_id", models.TextField(db_index=True)),
                ("receipts_pence", models.BigIntegerField()),
                ("carried_in_pence", models.BigIntegerField()),
                ("carried_out_pence", models.BigIntegerField()),
                ("amount_pence", models.BigIntegerField()),
                ("reference", models.CharField(max_length=18, unique=True)),
            ],
            options={
                "db_table": "almoner_payments",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_pence__gte", 0)), name="payments_not_below_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "receipts_pence",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount_pence"), "+", models.F("carried_out_pence")
                                    ),
                                    "-",
                                    models.F("carried_in_pence"),
                                ),
                            )
                        ),
                        name="payments_conserved",
                    ),
                    models.UniqueConstraint(fields=("run", "payee_id"), name="payments_once_a_payee"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BalanceEntry",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.runevent")),
                ("number", models.BigIntegerField()),
                ("payee_id", models.TextField(db_index=True)),
                ("cause", models.CharField(max_length=16)),
                ("amount_pence", models.BigIntegerField()),
            ],
            options={
                "db_table": "almoner_balance_entries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ["carried", "recovered", "bounced", "brought"])), name="balance_cause_known"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RepaymentPlan",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="runs.runevent"
                    ),
                ),
                ("payee_id", models.TextField(db_index=True)),
                ("instalment_pence", models.BigIntegerField()),
            ],
            options={
                "db_table": "almoner_repayment_plans",
                "constraints": [models.CheckConstraint(condition=models.Q(("instalment_pence__gte", 0)), name="repayment_not_below_zero")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StoredTable",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "role", "name", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("role", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=64)),
                ("row_count", models.BigIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("bytes_hash", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "almoner_stored_tables",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="IssuedFile",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("number", models.BigIntegerField()),
                ("format", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("reference", models.CharField(max_length=32)),
                ("bytes_hash", models.CharField(max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "almoner_issued_files",
                "constraints": [models.UniqueConstraint(fields=("run", "name"), name="issued_files_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("pk", models.CompositePrimaryKey("run_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.run")),
                ("number", models.BigIntegerField()),
                ("reference", models.CharField(max_length=18, unique=True)),
                ("outcome", models.CharField(max_length=16)),
                ("amount_pence", models.BigIntegerField()),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "almoner_settlement_lines",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("outcome__in", ["paid", "bounced"])), name="settlement_outcome_known")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CalendarPeriod",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.runevent")),
                ("number", models.BigIntegerField()),
                ("book", models.CharField(choices=[("payments", "Payments"), ("claims", "Claims"), ("charges", "Charges")], max_length=16)),
                ("cycle", models.CharField(max_length=16)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField()),
                ("cut_off_at", models.DateTimeField()),
                ("pay_date", models.DateField()),
                ("moved_because", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "almoner_calendar_periods",
                "indexes": [models.Index(fields=["book", "cycle", "from_date"], name="calendar_period")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ReminderSent",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="runs.runevent")),
                ("number", models.BigIntegerField()),
                ("provider_id", models.TextField()),
                ("cycle", models.CharField(max_length=16)),
                ("from_date", models.DateField()),
                ("week_count", models.BigIntegerField()),
                ("address", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "almoner_reminders_sent",
                "constraints": [models.UniqueConstraint(fields=("provider_id", "cycle", "from_date"), name="reminders_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("decision", models.TextField()),
                ("code", models.TextField()),
                ("person_id", models.TextField(null=True)),
                ("provider_id", models.TextField(null=True)),
                ("line_id", models.TextField(null=True)),
                ("week", models.DateField(null=True)),
                ("reason", models.TextField()),
                ("by", models.TextField(null=True)),
                ("at", almoner.office.records.fields.LocalInstantField(null=True)),
            ],
            options={
                "db_table": "almoner_releases",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["code", "person_id", "provider_id", "line_id", "week", "version"], name="releases_key")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("decision__in", ["release", "uphold"])), name="releases_decision_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__in", ["FUT", "DUP", "DTH", "DAT", "HOS", "RAT", "UNP", "TOL", "AUT", "AGR", "BNK", "CRD"])
                        ),
                        name="releases_code_known",
                    ),
                ],
            },
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_runs",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_run_events",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_receipts",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_sealed_holds",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_payments",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_balance_entries",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_repayment_plans",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_stored_tables",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_issued_files",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_settlement_lines",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_calendar_periods",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_reminders_sent",
        ),
        almoner.office.records.sealing.Sealed(
            table="almoner_releases",
        ),
    ]
