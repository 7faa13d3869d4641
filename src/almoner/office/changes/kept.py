"""What is kept of change orders with their lines of the journal, so that `verify` finds what was altered (`journal.kept`)."""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.kept import Kept, Part
from almoner.office.journal.rows import RowsOf

TEXT, NUMBER, INSTANT = pa.string(), pa.int64(), pa.timestamp("us", "UTC")
ORDERS = Kept(
    "CO-",
    (
        Part(
            "almoner_change_orders", "number", ("number",),
            {"number": NUMBER, "line_id": TEXT, "person_id": TEXT, "kind": TEXT, "change": TEXT, "reason": TEXT, "evidence": TEXT},
            spelled=("change",),
        ),
        Part(
            "almoner_change_steps", "order_id", ("number",),
            {"id": NUMBER, "order_id": NUMBER, "number": NUMBER, "act": TEXT, "by": TEXT, "by_name": TEXT, "at": INSTANT, "text": TEXT,
             "effect": TEXT},
            spelled=("effect",),
        ),
        Part(
            "almoner_change_files", "order_id", ("id",),
            {"id": NUMBER, "order_id": NUMBER, "name": TEXT, "media_type": TEXT, "size_bytes": NUMBER, "sha256": TEXT},
            contents=("content",),
        ),
    ),
)  # fmt: skip
LIMITS = RowsOf(
    "almoner_limits",
    {"id": NUMBER, "name": TEXT, "value": NUMBER, "from_date": pa.date32(), "reason": TEXT, "by": TEXT, "at": INSTANT},
)
