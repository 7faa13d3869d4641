"""Letters, named row by row in the journal by the act that they tell of, so that `verify` finds what was altered (`journal.rows`).

That a letter was sent is written by whoever sends it, beside every act, and has no line.
"""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.rows import RowsOf

TEXT, NUMBER = pa.string(), pa.int64()
LETTERS = RowsOf(
    "almoner_letters",
    {"id": NUMBER, "kind": TEXT, "about": TEXT, "side": TEXT, "organisation_id": TEXT, "address": TEXT, "has_access": pa.bool_(),
     "told": TEXT, "written_at": pa.timestamp("us", "UTC")},
    spelled=("told",),
)  # fmt: skip
