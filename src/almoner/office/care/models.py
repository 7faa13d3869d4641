"""Versions of contracts, rates, lines, timetables, absences and policies."""

from __future__ import annotations

from django.db import models

from almoner.office.records.versions import Version


class Contract(Version, of="contracts"):
    """The terms on which a provider gives one kind of care."""

    indexes = (models.Index(fields=["provider_id"], name="contracts_provider"),)


class ContractTerms(Version, of="contract_terms"):
    """Terms of a contract that change from a date."""


class Rate(Version, of="rates"):
    """A price of a contract's element."""


class Line(Version, of="lines"):
    """One priced service for one person under one contract."""

    indexes = (models.Index(fields=["contract_id"], name="lines_contract"), models.Index(fields=["person_id"], name="lines_person"))


class LineTerms(Version, of="line_terms"):
    """Terms of a line that change from a date."""


class LineRate(Version, of="line_rates"):
    """A line's own price, dated."""


class PlannedVisit(Version, of="schedule"):
    """A planned visit of the timetable."""


class Absence(Version, of="absences"):
    """A time the person was away."""


class AbsencePolicy(Version, of="absence_policy"):
    """What a placement is paid while the person is away."""


class FrustrationPolicy(Version, of="frustration_policy"):
    """What a frustrated visit is paid."""


class LineRejected(models.Model):
    """A provider did not agree a line as it stood in one version. Sealed: an answer is followed by another, never changed."""

    line_id = models.TextField(db_index=True)
    line_version = models.BigIntegerField(help_text="the version of the line that was not agreed")
    provider_id = models.TextField()
    reason = models.CharField(max_length=32)
    comment = models.TextField(blank=True, default="")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_lines_rejected"
        ordering = ("id",)
