"""Letters to be sent, and that they were. Both sealed; a `LetterTaken` says only that somebody is sending one now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint


class Letter(models.Model):
    """One letter to one address. `about` is the id of what it tells of; `told` the figures and days it is made of."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=100)
    side = models.CharField(max_length=16)
    organisation_id = models.TextField()
    address = models.TextField()
    has_access = models.BooleanField(help_text="False: an address that the council holds, and nobody's who signs in")
    told = models.JSONField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "almoner_letters"
        constraints: ClassVar = [UniqueConstraint(fields=["kind", "about", "organisation_id", "address"], name="letters_once")]


class LetterSent(models.Model):
    """A letter was sent."""

    letter = models.OneToOneField(Letter, primary_key=True, on_delete=models.PROTECT, related_name="sent")
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_letters_sent"


class LetterTaken(models.Model):
    """Somebody is sending a letter, since a moment of the database's clock; not sealed, for it says nothing once the letter is sent."""

    letter = models.OneToOneField(Letter, primary_key=True, on_delete=models.PROTECT, related_name="taken")
    since = models.DateTimeField()

    class Meta:
        db_table = "almoner_letters_taken"
