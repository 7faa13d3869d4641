"""What is kept with its lines of the journal of queries and of what homes told of their residents, so that `verify` finds what was altered
(`journal.kept`)."""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.kept import Kept, Part

TEXT, NUMBER, INSTANT, DAY = pa.string(), pa.int64(), pa.timestamp("us", "UTC"), pa.date32()
QUERIES = Kept(
    "Q-",
    (
        Part(
            "almoner_queries", "number", ("number",),
            {"number": NUMBER, "kind": TEXT, "side": TEXT, "organisation_id": TEXT, "person_id": TEXT, "line_id": TEXT, "week": DAY,
             "run_id": TEXT, "receipt_id": TEXT, "hold_id": TEXT, "from_date": DAY, "until_date": DAY, "instalments": NUMBER,
             "team": TEXT, "opened_by": TEXT, "opened_at": INSTANT},
        ),
        Part(
            "almoner_query_entries", "query_id", ("number",),
            {"id": NUMBER, "query_id": NUMBER, "number": NUMBER, "act": TEXT, "side": TEXT, "by": TEXT, "by_name": TEXT, "at": INSTANT,
             "text": TEXT, "to": TEXT, "due_on": DAY},
        ),
        Part(
            "almoner_query_attachments", "entry_id", ("id",),
            {"id": NUMBER, "entry_id": NUMBER, "name": TEXT, "media_type": TEXT, "size_bytes": NUMBER, "sha256": TEXT},
            through=("almoner_query_entries", "query_id"), contents=("content",),
        ),
    ),
)  # fmt: skip
RESIDENTS = Kept(
    "residents ",
    (
        Part(
            "almoner_residents_told", "press", ("id",),
            {"id": NUMBER, "provider_id": TEXT, "line_id": TEXT, "month": DAY, "said": TEXT, "query_id": NUMBER, "press": NUMBER,
             "by": TEXT, "at": INSTANT},
        ),
    ),
)  # fmt: skip
