"""Versions of actuals."""

from __future__ import annotations

from django.db import models

from almoner.office.records.versions import Version


class Actual(Version, of="actuals"):
    """A visit, or a week's total, as a provider submitted it."""

    indexes = (
        models.Index(fields=["line_id", "date"], name="actuals_line"),
        models.Index(fields=["carer_id", "date"], name="actuals_carer", condition=models.Q(carer_id__isnull=False)),
        models.Index(fields=["line_id", "date"], name="actuals_frustrated", condition=models.Q(outcome="frustrated")),
    )
