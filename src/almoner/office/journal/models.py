"""The journal's lines and the answers kept for repeated requests. Sealed: added to, never changed."""

from __future__ import annotations

from django.db import models

from almoner.office.records.fields import VersionField


class JournalEntry(models.Model):
    """One act. `sha256` is over its canonical text and over the entry before it; `number` has no gaps."""

    number = VersionField(primary_key=True)
    act = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    subject = models.TextField(help_text="the id of what was acted on")
    summary = models.JSONField(help_text="counts and ids; no personal data")
    form = models.PositiveSmallIntegerField(help_text="how the hash is taken (records.stored_form)")
    sha256 = models.TextField()

    class Meta:
        db_table = "almoner_journal"
        ordering = ("number",)
        indexes = (models.Index(fields=["subject"], name="journal_subject"), models.Index(fields=["act", "at"], name="journal_act"))


class IdempotencyKey(models.Model):
    """The answer once given to a request: asked again with the same key and body, it is given again. A line of the journal has its hash."""

    key = models.TextField(primary_key=True)
    body_sha256 = models.TextField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_idempotency_keys"
