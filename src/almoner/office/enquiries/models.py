"""Queries and what was said in them. Sealed: an answer is added, never changed; the state is that of the last entry that moves it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from almoner.office.enquiries.kinds import KINDS
from almoner.office.records.fields import VersionField

SIDES = ("provider", "partner", "council")
RESIDENT_SAID = ("here", "left", "hospital", "died")
ACTS = ("asked", "replied", "answered", "assigned", "accepted", "closed", "reopened")


class Query(models.Model):
    """One question, with what it is about, so that nobody types a number twice. Absent ids are empty text.

    `side` and `organisation_id` say whose it is. `receipt_id` is a receipt's number or, of a funder's query, an invoice's. `from_date` and
    `until_date` are what was told: the day of a death; an absence's first and last day. `team` answers it.
    """

    number = VersionField(primary_key=True, help_text="1, 2, 3 …; shown as Q-000001")
    kind = models.CharField(max_length=16)
    side = models.CharField(max_length=16)
    organisation_id = models.TextField(db_index=True)
    person_id = models.TextField(blank=True, default="", db_index=True)
    line_id = models.TextField(blank=True, default="", db_index=True)
    week = models.DateField(null=True)
    run_id = models.TextField(blank=True, default="")
    receipt_id = models.TextField(blank=True, default="")
    hold_id = models.TextField(blank=True, default="")
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    instalments = models.BigIntegerField(null=True)
    team = models.TextField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_queries"
        ordering = ("number",)
        constraints: ClassVar = [
            CheckConstraint(condition=Q(kind__in=list(KINDS)), name="queries_kind_known"),
            CheckConstraint(condition=Q(side__in=SIDES), name="queries_side_known"),
            CheckConstraint(condition=Q(instalments=None) | Q(instalments__gte=1, instalments__lte=60), name="queries_instalments_few"),
        ]


class QueryEntry(models.Model):
    """Something said or done in a query. `due_on`: when an answer is due, on entries that ask for one; `to`: whom it was given to."""

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="entries")
    number = models.BigIntegerField()
    act = models.CharField(max_length=16)
    side = models.CharField(max_length=16)
    by = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="")
    to = models.TextField(blank=True, default="")
    due_on = models.DateField(null=True)

    class Meta:
        db_table = "almoner_query_entries"
        ordering = ("query_id", "number")
        constraints: ClassVar = [
            UniqueConstraint(fields=["query", "number"], name="query_entries_once"),
            CheckConstraint(condition=Q(act__in=ACTS), name="query_entries_act_known"),
        ]


class QueryAttachment(models.Model):
    """A file sent with an entry, byte for byte."""

    entry = models.ForeignKey(QueryEntry, on_delete=models.PROTECT, related_name="attachments")
    name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_query_attachments"
        ordering = ("id",)


class ResidentTold(models.Model):
    """What a home said of a resident for a month: still here, or what became a query. Sealed; one answer a line and month."""

    provider_id = models.TextField()
    line_id = models.TextField()
    month = models.DateField(help_text="the month's first day")
    said = models.CharField(max_length=16)
    query = models.ForeignKey(Query, on_delete=models.PROTECT, null=True, related_name="+")
    press = models.BigIntegerField(null=True, help_text="1, 2, 3 …: what was told together")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_residents_told"
        ordering = ("month", "line_id")
        constraints: ClassVar = [
            UniqueConstraint(fields=["line_id", "month"], name="residents_told_once"),
            CheckConstraint(condition=Q(said__in=RESIDENT_SAID), name="residents_told_known"),
        ]
