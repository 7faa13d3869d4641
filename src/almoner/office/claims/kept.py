"""What is kept of claims with each line of the journal, so that `verify` finds what was altered (`journal.kept`)."""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.kept import Kept, Part

TEXT, NUMBER, INSTANT = pa.string(), pa.int64(), pa.timestamp("us", "UTC")
FILE = {"name": TEXT, "media_type": TEXT, "size_bytes": NUMBER, "sha256": TEXT}
ACTS = Kept(
    "claims ",
    (
        Part(
            "almoner_claim_acts", "number", ("number",),
            {"number": NUMBER, "funder_id": TEXT, "act": TEXT, "side": TEXT, "by": TEXT, "by_name": TEXT, "at": INSTANT, "text": TEXT,
             "reason": TEXT, "disputed_pence": NUMBER, "basis": TEXT,
             "receipt_count": NUMBER, "file_count": NUMBER},
        ),
        Part(
            "almoner_claim_act_receipts", "act_id", ("place",),
            {"act_id": NUMBER, "place": NUMBER, "run_id": TEXT, "receipt_number": NUMBER, "standing": TEXT},
        ),
        Part("almoner_claim_files", "act_id", ("id",), {"id": NUMBER, "act_id": NUMBER, **FILE}, contents=("content",)),
    ),
)  # fmt: skip
INVOICES = Kept(
    "INV-",
    (
        Part(
            "almoner_invoices", "number", ("number",),
            {"number": NUMBER, "funder_id": TEXT, "month": pa.date32(), "receipts": NUMBER, "total_pence": NUMBER, "basis": TEXT,
             "by": TEXT, "at": INSTANT},
        ),
        Part(
            "almoner_invoice_receipts", "invoice_id", ("place",),
            {"invoice_id": NUMBER, "place": NUMBER, "run_id": TEXT, "receipt_number": NUMBER, "amount_pence": NUMBER},
        ),
        Part("almoner_invoice_files", "invoice_id", ("kind",), {"invoice_id": NUMBER, "kind": TEXT, **FILE}, contents=("content",)),
        Part(
            "almoner_invoice_payments", "invoice_id", ("place",),
            {"invoice_id": NUMBER, "place": NUMBER, "amount_pence": NUMBER, "paid_on": pa.date32(), "reference": TEXT,
             "takes_back": NUMBER, "text": TEXT, "by": TEXT, "at": INSTANT},
        ),
    ),
)  # fmt: skip
REFERENCES = Kept(
    "reference ",
    (
        Part(
            "almoner_partner_references", "number", ("number",),
            {"number": NUMBER, "funder_id": TEXT, "line_id": TEXT, "reference": TEXT, "by": TEXT, "at": INSTANT},
        ),
    ),
)  # fmt: skip
