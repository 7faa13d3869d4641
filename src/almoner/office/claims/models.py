"""What was said and settled about claim receipts, and the invoices they stand on. Sealed: added to, never changed.

The receipts themselves are those of sealed runs; here they are named by run and number. Money is whole pence.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, Index, Q, UniqueConstraint

from almoner.office.claims.reasons import REASONS
from almoner.office.records.fields import VersionField

ACTS = ("agreed", "disputed", "replied", "answered", "settled")
STANDINGS = ("agreed", "disputed", "")


class ClaimAct(models.Model):
    """One press about claim receipts of one funder. `reason` and `disputed_pence` stand with a dispute.

    `basis` names what was on the page when many were agreed at once: the same again is the same act.
    """

    number = VersionField(primary_key=True, help_text="1, 2, 3 …; the journal's `claims 1`")
    funder_id = models.TextField(db_index=True)
    act = models.CharField(max_length=16)
    side = models.CharField(max_length=16)
    by = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=16, blank=True, default="")
    disputed_pence = models.BigIntegerField(null=True)
    basis = models.CharField(max_length=64, blank=True, default="")
    receipt_count = models.BigIntegerField()
    file_count = models.BigIntegerField()

    class Meta:
        db_table = "almoner_claim_acts"
        ordering = ("number",)
        constraints: ClassVar = [
            CheckConstraint(condition=Q(act__in=ACTS), name="claim_acts_known"),
            CheckConstraint(condition=Q(side__in=("partner", "council")), name="claim_acts_side_known"),
            CheckConstraint(condition=Q(reason__in=["", *REASONS]), name="claim_acts_reason_known"),
        ]


class ClaimActReceipt(models.Model):
    """A receipt that an act is about, and where it stands since: `agreed`, `disputed`, or as before when empty (words only)."""

    pk = CompositePrimaryKey("act_id", "place")
    act = models.ForeignKey(ClaimAct, on_delete=models.PROTECT, db_index=False)
    place = models.BigIntegerField()
    run_id = models.TextField()
    receipt_number = models.BigIntegerField()
    standing = models.CharField(max_length=16)

    class Meta:
        db_table = "almoner_claim_act_receipts"
        constraints: ClassVar = [
            UniqueConstraint(fields=["run_id", "receipt_number", "act"], name="claim_act_receipts_once"),
            CheckConstraint(condition=Q(standing__in=STANDINGS), name="claim_act_receipts_standing"),
        ]


class ClaimFile(models.Model):
    """A file sent with an act, byte for byte."""

    act = models.ForeignKey(ClaimAct, on_delete=models.PROTECT, related_name="files")
    name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_claim_files"
        ordering = ("id",)


class Invoice(models.Model):
    """What a funder is asked to pay, or, below zero, credited: numbered without gaps. `basis` is over its receipts, so that the same
    press is the same invoice."""

    number = VersionField(primary_key=True, help_text="1, 2, 3 …; shown as INV-000001")
    funder_id = models.TextField(db_index=True)
    month = models.DateField(help_text="first day; receipts of weeks that end by the month's last day")
    receipts = models.BigIntegerField()
    total_pence = models.BigIntegerField()
    basis = models.CharField(max_length=64, unique=True)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_invoices"
        ordering = ("number",)
        constraints: ClassVar = [CheckConstraint(condition=Q(receipts__gte=1), name="invoices_of_something")]


class InvoiceReceipt(models.Model):
    """A receipt that stands on an invoice: on one only."""

    pk = CompositePrimaryKey("invoice_id", "place")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, db_index=False)
    place = models.BigIntegerField()
    run_id = models.TextField()
    receipt_number = models.BigIntegerField()
    amount_pence = models.BigIntegerField()

    class Meta:
        db_table = "almoner_invoice_receipts"
        constraints: ClassVar = [UniqueConstraint(fields=["run_id", "receipt_number"], name="invoice_receipts_once")]


class InvoiceFile(models.Model):
    """An invoice as it is sent: a PDF, or a CSV of its receipts, byte for byte."""

    pk = CompositePrimaryKey("invoice_id", "kind")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, db_index=False, related_name="files")
    kind = models.CharField(max_length=8)
    name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField()
    content = models.BinaryField()

    class Meta:
        db_table = "almoner_invoice_files"


class InvoicePayment(models.Model):
    """What a funder paid of an invoice, or of a credit note what it was paid back: `amount_pence` has the sign of the invoice's total.

    One that was entered in error is taken back by a row that names its place and has its amount with the other sign.
    """

    pk = CompositePrimaryKey("invoice_id", "place")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, db_index=False, related_name="payments")
    place = models.BigIntegerField()
    amount_pence = models.BigIntegerField()
    paid_on = models.DateField()
    reference = models.CharField(max_length=60)
    takes_back = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, default="")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_invoice_payments"
        constraints: ClassVar = [
            UniqueConstraint(fields=["invoice", "takes_back"], condition=Q(takes_back__isnull=False), name="invoice_payments_back_once"),
            CheckConstraint(condition=~Q(amount_pence=0), name="invoice_payments_of_something"),
        ]


class PartnerReference(models.Model):
    """What a funder calls a line; the latest holds. Never a name."""

    number = VersionField(primary_key=True)
    funder_id = models.TextField()
    line_id = models.TextField()
    reference = models.CharField(max_length=40)
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_partner_references"
        ordering = ("number",)
        indexes: ClassVar = [Index(fields=["funder_id", "line_id"], name="partner_references_line")]
