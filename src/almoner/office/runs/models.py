"""What runs remember. All tables are append-only and sealed by triggers, save the two of drafts, which may be deleted.
What the console keeps beside runs is in `desk_models`.

Money is whole pence. Every sealed row of a run is covered by the hash of one event of the chain (`chain.py`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, F, Index, Q, UniqueConstraint

from almoner.office.records.versions import Version
from almoner.office.runs import desk_models  # noqa: F401 - Django finds its tables here

BOOK_CHOICES = [("payments", "Payments"), ("claims", "Claims"), ("charges", "Charges")]


class Draft(models.Model):
    """A run worked out and not yet sealed: it counts for nothing, and a discarded one is deleted.

    `as_of` is the instant whose facts it knows. `drafted_after` is the number of the last event of the chain when it was drafted,
    `facts_head` the hash of the last recording of facts then.
    """

    id = models.CharField(max_length=16, primary_key=True)
    book = models.CharField(max_length=16, choices=BOOK_CHOICES)
    through = models.DateField()
    cycle = models.CharField(max_length=16, blank=True, default="")
    as_of = models.DateTimeField()
    is_full = models.BooleanField(default=False)
    reason_for_scope = models.TextField(default="")
    drafted_after = models.BigIntegerField()
    figures_version = models.CharField(max_length=64)
    code_version = models.CharField(max_length=64)
    facts_head = models.CharField(max_length=64, blank=True, default="")
    drafted_by = models.TextField()
    drafted_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_drafts"


class DraftTable(models.Model):
    """A table a draft read or made, as Parquet. `role`: input, result or working."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="tables")
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    row_count = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    bytes_hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_draft_tables"
        constraints: ClassVar = [UniqueConstraint(fields=["draft", "role", "name"], name="draft_tables_once")]


class RunNumber(models.Model):
    """A number given to a draft; never given again, so that a discarded draft's id can never mean another run."""

    id = models.BigAutoField(primary_key=True)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_run_numbers"


class Run(models.Model):
    """A sealed run's header. Its state is the last of its events; `origin`: calculated, or imported (what was paid before Almoner)."""

    id = models.CharField(max_length=16, primary_key=True)
    book = models.CharField(max_length=16, choices=BOOK_CHOICES)
    through = models.DateField()
    cycle = models.CharField(max_length=16, blank=True, default="")
    as_of = models.DateTimeField()
    origin = models.CharField(max_length=16)
    is_full = models.BooleanField()
    reason_for_scope = models.TextField(default="")
    drafted_after = models.BigIntegerField()
    figures_version = models.CharField(max_length=64)
    code_version = models.CharField(max_length=64)
    facts_head = models.CharField(max_length=64, blank=True, default="")
    drafted_by = models.TextField()
    drafted_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_runs"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(origin__in=["calculated", "imported"]), name="runs_origin_known"),
            CheckConstraint(condition=Q(book__in=["payments", "claims", "charges"]), name="runs_book_known"),
        ]


class RunEvent(models.Model):
    """One link of the chain: what happened, to what, by whom, when; `hash` covers the link before and all that was written with it.

    `subject` is a run's id, or `payee …`, `balances`, `calendar` for what belongs to no run. `number` counts from 1 without a gap.
    `journal_head` is the hash of the journal's last line before it, `form` says how the hashes are taken (`records.stored_form`).
    """

    number = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=200, db_index=True)
    event = models.CharField(max_length=32)
    by = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    journal_head = models.CharField(max_length=64, blank=True, default="")
    form = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "almoner_run_events"
        constraints: ClassVar = [
            UniqueConstraint(fields=["subject", "event"], condition=Q(subject__startswith="R-"), name="run_events_once")
        ]


class Receipt(models.Model):
    """What a run posts for one key; absent ids are empty text. Shown as `R-0001.17`: run and number."""

    pk = CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    book = models.CharField(max_length=16)
    payee_id = models.TextField()
    person_id = models.TextField()
    line_id = models.TextField()
    provider_id = models.TextField()
    funder_id = models.TextField()
    week = models.DateField()
    kind = models.CharField(max_length=16)
    amount_pence = models.BigIntegerField()
    cause = models.TextField(default="")

    class Meta:
        db_table = "almoner_receipts"
        constraints: ClassVar = [CheckConstraint(condition=Q(kind__in=["regular", "adjustment", "imported"]), name="receipts_kind_known")]
        indexes: ClassVar = [
            Index(fields=["person_id", "week"], name="receipts_person_week"),
            Index(fields=["line_id", "week"], name="receipts_line_week"),
            Index(fields=["week"], name="receipts_week"),
        ]


class SealedHold(models.Model):
    """What was held when a run was sealed. `hold_id` names the hold the same way in every run (`H-…`, from its key)."""

    pk = CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    hold_id = models.CharField(max_length=16, db_index=True)
    code = models.CharField(max_length=8)
    person_id = models.TextField()
    provider_id = models.TextField()
    line_id = models.TextField()
    week = models.DateField(null=True)
    amount_pence = models.BigIntegerField()
    message = models.TextField()
    remedy = models.TextField()

    class Meta:
        db_table = "almoner_sealed_holds"


class Payment(models.Model):
    """What a run pays one payee: its receipts and what was carried in, less what is carried out (DIF-3).

    Carried pence are below zero when the payee owes the council. `amount_pence` is never below zero; at zero nothing is paid.
    `reference` goes with the money and is never used twice.
    """

    pk = CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    payee_id = models.TextField(db_index=True)
    receipts_pence = models.BigIntegerField()
    carried_in_pence = models.BigIntegerField()
    carried_out_pence = models.BigIntegerField()
    amount_pence = models.BigIntegerField()
    reference = models.CharField(max_length=18, unique=True)

    class Meta:
        db_table = "almoner_payments"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(amount_pence__gte=0), name="payments_not_below_zero"),
            CheckConstraint(
                condition=Q(receipts_pence=F("amount_pence") + F("carried_out_pence") - F("carried_in_pence")), name="payments_conserved"
            ),
            UniqueConstraint(fields=["run", "payee_id"], name="payments_once_a_payee"),
        ]


class BalanceEntry(models.Model):
    """A change of what stands between council and payee outside receipts; the balance is the sum of a payee's entries.

    Above zero the council owes the payee (a payment bounced); below zero the payee owes the council (a debt carried).
    `event` is the number of the event of the chain that made it.
    """

    pk = CompositePrimaryKey("event_id", "number")
    event = models.ForeignKey(RunEvent, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    payee_id = models.TextField(db_index=True)
    cause = models.CharField(max_length=16)
    amount_pence = models.BigIntegerField()

    class Meta:
        db_table = "almoner_balance_entries"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(cause__in=["carried", "recovered", "bounced", "brought"]), name="balance_cause_known")
        ]


class RepaymentPlan(models.Model):
    """How much of a debt is recovered from each run; the latest plan of a payee holds, and one of nothing ends it."""

    event = models.OneToOneField(RunEvent, on_delete=models.PROTECT, primary_key=True)
    payee_id = models.TextField(db_index=True)
    instalment_pence = models.BigIntegerField()

    class Meta:
        db_table = "almoner_repayment_plans"
        constraints: ClassVar = [CheckConstraint(condition=Q(instalment_pence__gte=0), name="repayment_not_below_zero")]


class StoredTable(models.Model):
    """A table a sealed run read or made, as Parquet, kept for good. `role`: input, result or working.

    `content_hash` is over the values (`chain.table_hash`), `bytes_hash` over the Parquet bytes as stored.
    """

    pk = CompositePrimaryKey("run_id", "role", "name")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    row_count = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    bytes_hash = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_stored_tables"


class IssuedFile(models.Model):
    """A file as it was issued, byte for byte."""

    pk = CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    format = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    reference = models.CharField(max_length=32)
    bytes_hash = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_issued_files"
        constraints: ClassVar = [UniqueConstraint(fields=["run", "name"], name="issued_files_once")]


class SettlementLine(models.Model):
    """What became of one payment: paid, or bounced and why."""

    pk = CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    reference = models.CharField(max_length=18, unique=True)
    outcome = models.CharField(max_length=16)
    amount_pence = models.BigIntegerField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "almoner_settlement_lines"
        constraints: ClassVar = [CheckConstraint(condition=Q(outcome__in=["paid", "bounced"]), name="settlement_outcome_known")]


class CalendarPeriod(models.Model):
    """One period of a book's cycle: its days, its cut-off and its pay date; a later event's row for the same period holds."""

    pk = CompositePrimaryKey("event_id", "number")
    event = models.ForeignKey(RunEvent, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    book = models.CharField(max_length=16, choices=BOOK_CHOICES)
    cycle = models.CharField(max_length=16)
    from_date = models.DateField()
    until_date = models.DateField()
    cut_off_at = models.DateTimeField()
    pay_date = models.DateField()
    moved_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "almoner_calendar_periods"
        indexes: ClassVar = [Index(fields=["book", "cycle", "from_date"], name="calendar_period")]


class ReminderSent(models.Model):
    """A provider was told which weeks are still awaited before a cut-off; once a provider and period."""

    pk = CompositePrimaryKey("event_id", "number")
    event = models.ForeignKey(RunEvent, on_delete=models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    provider_id = models.TextField()
    cycle = models.CharField(max_length=16)
    from_date = models.DateField()
    week_count = models.BigIntegerField()
    address = models.TextField(blank=True, default="")

    class Meta:
        db_table = "almoner_reminders_sent"
        constraints: ClassVar = [UniqueConstraint(fields=["provider_id", "cycle", "from_date"], name="reminders_once")]


class Release(Version, of="releases"):
    """A decision about holds: to release them, or to uphold them (HLD-4)."""
