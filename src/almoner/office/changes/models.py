"""Change orders and their steps, and the council's limits. Sealed: a step is added, never changed; an order stands where its last step left
it, and a limit holds until one from a later day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from almoner.office.changes.kinds import BULK_KINDS, KINDS
from almoner.office.records.fields import VersionField


class ChangeOrder(models.Model):
    """What somebody proposes to change. `change` as `kinds` spells it; a change of many lines names no line and no person."""

    number = VersionField(primary_key=True, help_text="1, 2, 3 …; shown as CO-000001")
    line_id = models.TextField(db_index=True)
    person_id = models.TextField(db_index=True)
    kind = models.CharField(max_length=16)
    change = models.JSONField()
    reason = models.TextField()
    evidence = models.TextField(blank=True, default="")

    class Meta:
        db_table = "almoner_change_orders"
        ordering = ("number",)
        constraints: ClassVar = [CheckConstraint(condition=Q(kind__in=[*KINDS, *BULK_KINDS]), name="change_orders_kind_known")]


class ChangeFile(models.Model):
    """A file sent with an order that shows why, byte for byte."""

    order = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="files")
    name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_change_files"
        ordering = ("id",)


class ChangeStep(models.Model):
    """Something done with an order. `effect` is what it did in pence by book when the step was taken, and over how many weeks."""

    order = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="steps")
    number = models.BigIntegerField()
    act = models.CharField(max_length=16)
    by = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="")
    effect = models.JSONField()

    class Meta:
        db_table = "almoner_change_steps"
        ordering = ("order_id", "number")
        constraints: ClassVar = [
            UniqueConstraint(fields=["order", "number"], name="change_steps_once"),
            UniqueConstraint(fields=["order"], condition=Q(act__in=["authorised", "sent_back"]), name="change_steps_one_end"),
            CheckConstraint(condition=Q(act__in=["proposed", "authorised", "sent_back"]), name="change_steps_act_known"),
        ]


class Limit(models.Model):
    """One of the council's limits from a day on; of two from the same day the later recorded one holds. What it is a limit of, and in which
    unit, stands in `limits`."""

    name = models.CharField(max_length=32)
    value = models.BigIntegerField()
    from_date = models.DateField()
    reason = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_limits"
        ordering = ("name", "from_date", "id")
        constraints: ClassVar = [CheckConstraint(condition=Q(value__gte=0), name="limits_value_not_below_zero")]
