"""Invoicing a funder: everything that is not disputed, once, numbered without gaps, with its PDF and the CSV of its receipts."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import pyarrow as pa
from django.db import transaction

from almoner.formats.invoices.invoice import invoice_csv, write_invoice_pdf
from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.claims.documents import document_of
from almoner.office.claims.invoices import InvoiceShown, Ready, invoice_on, ready_for
from almoner.office.claims.models import Invoice, InvoiceFile
from almoner.office.claims.operations.acts import one_at_a_time
from almoner.office.claims.refusals import ClaimsMoved, NothingToInvoice
from almoner.office.exchange.council import Council
from almoner.office.journal.operations import write
from almoner.office.records.bulk import append_rows


def make_invoice(*, funder_id: str, month: date, basis: str, council: Council, by: str, at: datetime) -> InvoiceShown:
    """Invoice a funder for all that is ready through a month (`invoices.ready_for`); below zero in all it is a credit note.

    `basis` names the receipts that were on the page: an invoice made of them already is that invoice. Raises NothingToInvoice,
    OwnOrganisation, or ClaimsMoved when other receipts are ready by now.
    """
    refuse_own(by, [funder_id])
    with transaction.atomic():
        one_at_a_time()
        if (earlier := invoice_on(basis)) is not None:
            return earlier
        ready = ready_for(funder_id, month)
        if not ready.receipts:
            raise NothingToInvoice("There is nothing to invoice.", "Receipts that are disputed, invoiced or not approved stay out.")
        if ready.basis != basis:
            raise ClaimsMoved("This changed while you were looking.", "Check the new figures, then press again.")
        last = Invoice.objects.order_by("-number").values_list("number", flat=True).first() or 0
        made = Invoice.objects.create(
            number=last + 1, funder_id=funder_id, month=month, receipts=ready.receipts, total_pence=ready.total_pence, basis=basis,
            by=by, at=at,
        )  # fmt: skip
        shown = InvoiceShown(last + 1, funder_id, month, ready.receipts, ready.total_pence, by, at, basis)
        _write_receipts(shown, ready)
        _write_files(made, shown, ready, council)
        write(
            act="make_invoice", by=by, at=at, subject=shown.reference,
            summary={"funder": funder_id, "month": f"{month:%Y-%m}", "receipts": ready.receipts, "pence": ready.total_pence},
        )  # fmt: skip
    return shown


def _write_receipts(shown: InvoiceShown, ready: Ready) -> None:
    count = ready.rows.num_rows
    told = {
        "invoice_id": pa.repeat(pa.scalar(shown.number, pa.int64()), count), "place": pa.array(range(1, count + 1), pa.int64()),
        "run_id": ready.rows.column("run_id"), "receipt_number": ready.rows.column("number"),
        "amount_pence": ready.rows.column("amount_pence"),
    }  # fmt: skip
    append_rows("almoner_invoice_receipts", pa.table(told))


def _write_files(made: Invoice, shown: InvoiceShown, ready: Ready, council: Council) -> None:
    document = document_of(shown, ready.rows, council)
    files = (("pdf", "application/pdf", write_invoice_pdf(document)), ("csv", "text/csv", invoice_csv(document)))
    InvoiceFile.objects.bulk_create(
        [
            InvoiceFile(
                invoice=made, kind=kind, name=f"{shown.reference}.{kind}", media_type=media_type, size_bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(), content=content,
            )
            for kind, media_type, content in files
        ]
    )  # fmt: skip
