"""An invoice as it is written: its receipts with the funder's own references, schemes and shares, and no names."""

from __future__ import annotations

import pyarrow as pa

from almoner.formats.invoices.invoice import InvoiceDocument, InvoiceLine
from almoner.office.claims.invoices import InvoiceShown
from almoner.office.exchange.council import Council
from almoner.office.furniture.words import LOCAL
from almoner.office.parties.queries import funder_names
from almoner.office.runs.claimed import in_week, last_day_of, scheme_of, shares_of


def document_of(invoice: InvoiceShown, rows: pa.Table, council: Council) -> InvoiceDocument:
    """What the PDF and the CSV of an invoice say. `rows`: its receipts, as `invoices.ready_for` gives them."""
    receipts = rows.to_pylist()
    shares = shares_of([row["line_id"] for row in receipts], invoice.funder_id, invoice.at)
    lines = tuple(
        InvoiceLine(
            row["receipt"], row["line_id"], row["called"],
            scheme_of(in_week(shares[row["line_id"]], row["week"], last_day_of(row["week"]))),
            row["week"], row["month"], row["kind"], row["amount_pence"],
        )
        for row in receipts
    )  # fmt: skip
    return InvoiceDocument(
        kind=invoice.kind, reference=invoice.reference, council=council.name, enquiries=council.enquiries, funder_id=invoice.funder_id,
        funder=funder_names(invoice.at).get(invoice.funder_id, invoice.funder_id), day=invoice.at.astimezone(LOCAL).date(),
        month=invoice.month, lines=lines, total_pence=invoice.total_pence,
    )  # fmt: skip
