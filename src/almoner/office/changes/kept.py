"""What is kept of change orders with their lines of the journal, so that `verify` finds what was altered (`journal.kept`)."""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.kept import Kept, Part

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
    ),
)  # fmt: skip
