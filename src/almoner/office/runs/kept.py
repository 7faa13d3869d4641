"""What the console keeps beside runs, named row by row in the journal, so that `verify` finds what was altered (`journal.rows`)."""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.rows import RowsOf

TEXT, NUMBER, INSTANT, DAY, YES = pa.string(), pa.int64(), pa.timestamp("us", "UTC"), pa.date32(), pa.bool_()
WHO = {"by": TEXT, "at": INSTANT}
HOLD_STEPS = RowsOf("almoner_hold_steps", {"id": NUMBER, "hold_id": TEXT, "step": TEXT, "amount_pence": NUMBER, "note": TEXT, **WHO})
LOOKS = RowsOf("almoner_receipt_looks", {"id": NUMBER, "run_id": TEXT, "rule": TEXT, "number": NUMBER, **WHO})
WATCHES = RowsOf("almoner_line_watches", {"id": NUMBER, "line_id": TEXT, "is_on": YES, "reason": TEXT, **WHO})
REMINDERS = RowsOf(
    "almoner_hand_reminders",
    {"id": NUMBER, "provider_id": TEXT, "day": DAY, "week_count": NUMBER, "amount_pence": NUMBER, "address": TEXT, **WHO},
)
