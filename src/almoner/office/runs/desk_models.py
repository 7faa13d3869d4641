"""What the console keeps beside runs: what was done about holds, looked at, marked and reminded. Sealed by triggers, save `LongWork`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class HoldStep(models.Model):
    """Something done about a hold besides what it does to money: taken on, the provider asked and what it answered, handed to an approver;
    and, with each decision, the amount that was decided on, so that a decision is known from one on other figures."""

    id = models.BigAutoField(primary_key=True)
    hold_id = models.CharField(max_length=16, db_index=True)
    step = models.CharField(max_length=16)
    amount_pence = models.BigIntegerField()
    note = models.TextField(blank=True, default="")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_hold_steps"
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(step__in=["taken", "asked", "answered", "escalated", "released", "upheld"]), name="hold_steps_known"
            )
        ]


class ReceiptLook(models.Model):
    """Somebody looked at a receipt that the risk screen showed, before its run was sealed."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.CharField(max_length=16)
    rule = models.CharField(max_length=16)
    number = models.BigIntegerField(help_text="the receipt's number in the run")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_receipt_looks"
        constraints: ClassVar = [UniqueConstraint(fields=["run_id", "rule", "number"], name="receipt_looks_once")]


class LineWatch(models.Model):
    """A line marked to be looked at in every run, or no longer; the latest row of a line holds."""

    id = models.BigAutoField(primary_key=True)
    line_id = models.TextField(db_index=True)
    is_on = models.BooleanField()
    reason = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_line_watches"


class HandReminder(models.Model):
    """A provider was reminded by somebody of weeks not submitted; at most once a day."""

    id = models.BigAutoField(primary_key=True)
    provider_id = models.TextField()
    day = models.DateField()
    week_count = models.BigIntegerField()
    amount_pence = models.BigIntegerField(help_text="at plan")
    address = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_hand_reminders"
        constraints: ClassVar = [UniqueConstraint(fields=["provider_id", "day"], name="hand_reminders_once_a_day")]


class LongWork(models.Model):
    """Work that takes longer than a page may: what, for whom, how far it is and how it ended. Not sealed: it says nothing of money.

    `state`: working, done or refused; `beat_at` is the database's own clock, by which work whose process ended is known.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default="working")
    stage = models.TextField(blank=True, default="")
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    result = models.TextField(blank=True, default="", help_text="the run that came of it")
    code = models.TextField(blank=True, default="")
    message = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    by = models.TextField()
    at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_long_work"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=["working", "done", "refused"]), name="long_work_state_known"),
            UniqueConstraint(fields=["kind", "subject"], condition=Q(state="working"), name="long_work_once_at_a_time"),
        ]


class RunPromptness(models.Model):
    """How promptly a settled run paid: of what it paid for the first time how much, how much of it within 30 days of its submission, and
    the interest that the law gives on the rest."""

    run_id = models.CharField(max_length=16, primary_key=True)
    pay_date = models.DateField()
    paid_pence = models.BigIntegerField()
    prompt_pence = models.BigIntegerField()
    interest_pence = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_run_promptness"
