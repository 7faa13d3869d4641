"""Versions of actuals; drafts of them, which pay nothing; what was submitted and what was uploaded, which never changes."""

from __future__ import annotations

from django.db import models

from almoner.office.records.fields import VersionField
from almoner.office.records.versions import Version


class Actual(Version, of="actuals"):
    """A visit, or a week's total, as a provider submitted it."""

    indexes = (
        models.Index(fields=["line_id", "date"], name="actuals_line"),
        models.Index(fields=["carer_id", "date"], name="actuals_carer", condition=models.Q(carer_id__isnull=False)),
        models.Index(fields=["line_id", "date"], name="actuals_frustrated", condition=models.Q(outcome="frustrated")),
    )


class DraftAnswer(models.Model):
    """What somebody of an organisation entered of one visit or one week, and has not submitted. Belongs to the organisation."""

    provider_id = models.TextField()
    person_id = models.TextField()
    line_id = models.TextField()
    week = models.DateField(help_text="first day of the line's own week")
    date = models.DateField()
    kind = models.TextField()
    start_time = models.TimeField(null=True)
    outcome = models.TextField()
    planned_minutes = models.BigIntegerField(null=True)
    delivered_minutes = models.BigIntegerField(null=True)
    units = models.BigIntegerField(null=True)
    carers = models.BigIntegerField(default=1)
    reason = models.TextField(null=True)
    comment = models.TextField(null=True)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_draft_answers"
        ordering = ("line_id", "date", "start_time")
        indexes = (models.Index(fields=["provider_id", "week"], name="draft_answers_week"),)
        constraints = (
            models.UniqueConstraint(fields=["line_id", "date", "kind", "start_time"], name="draft_answers_one_a_visit"),
            models.UniqueConstraint(
                fields=["line_id", "date", "kind"], name="draft_answers_one_without_time", condition=models.Q(start_time=None)
            ),
        )


class Upload(models.Model):
    """A file as it came, what was read from it and what was doubtful. Sealed; an `UploadEnd` says what became of it."""

    number = VersionField(primary_key=True)
    provider_id = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    name = models.TextField(help_text="the file's own name, without its path")
    sha256 = models.TextField()
    content = models.BinaryField()
    layout = models.TextField(help_text="which of the layouts that are read it has")
    rows = models.BinaryField(help_text="the good rows, as Parquet in the columns of actuals")
    findings = models.BinaryField(help_text="what was doubtful, as Parquet in the columns of findings")
    read = models.BigIntegerField()
    new = models.BigIntegerField()
    updated = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    rejected = models.BigIntegerField()
    weeks = models.BigIntegerField()
    would_pay_pence = models.BigIntegerField()
    would_hold_pence = models.BigIntegerField()
    cut_off_at = models.DateTimeField(null=True, help_text="the cut-off its weeks could make when it was uploaded")
    pay_date = models.DateField(null=True, help_text="when they would then be paid")

    class Meta:
        db_table = "almoner_actuals_uploads"
        ordering = ("number",)
        indexes = (models.Index(fields=["provider_id", "sha256"], name="actuals_uploads_content"),)


class Submission(models.Model):
    """Actuals that count from now on: who, when, which way, and what they would pay and hold as was known then. Sealed."""

    number = VersionField(primary_key=True)
    provider_id = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    way = models.TextField(help_text="screen or file")
    sha256 = models.TextField(help_text="of the file's content, or of the draft as it was shown")
    file_name = models.TextField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    first_version = models.BigIntegerField(null=True, help_text="of the versions of actuals it wrote; blank = none")
    last_version = models.BigIntegerField(null=True)
    new = models.BigIntegerField()
    updated = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    would_pay_pence = models.BigIntegerField()
    would_hold_pence = models.BigIntegerField()
    pay_date = models.DateField(null=True)

    class Meta:
        db_table = "almoner_submissions"
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["provider_id", "sha256"], name="submissions_content_once"),)


class SubmittedWeek(models.Model):
    """One line's week of a submission, with what it would pay and hold as was known then. Sealed."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="submitted_weeks")
    person_id = models.TextField()
    line_id = models.TextField()
    week = models.DateField()
    rows = models.BigIntegerField()
    would_pay_pence = models.BigIntegerField()
    would_hold_pence = models.BigIntegerField()
    hold_codes = models.TextField(help_text="separated by blanks")

    class Meta:
        db_table = "almoner_submitted_weeks"
        ordering = ("id",)
        indexes = (models.Index(fields=["line_id", "week"], name="submitted_weeks_line"),)


class UploadEnd(models.Model):
    """What became of an upload, once: submitted or discarded. Sealed."""

    upload = models.OneToOneField(Upload, primary_key=True, on_delete=models.PROTECT, related_name="end")
    end = models.TextField(help_text="submitted or discarded")
    by = models.TextField()
    at = models.DateTimeField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "almoner_actuals_upload_ends"
