"""What is kept of uploads and submissions with their lines of the journal, so that `verify` finds what was altered (`journal.kept`).

The actuals themselves are versions, which have a chain of their own. What became of an upload stands with the line that ended it: a
submission's, or its own.
"""

from __future__ import annotations

import pyarrow as pa

from almoner.office.journal.kept import Kept, Part

TEXT, NUMBER, INSTANT, DAY = pa.string(), pa.int64(), pa.timestamp("us", "UTC"), pa.date32()
END = {"upload_id": NUMBER, "end": TEXT, "by": TEXT, "at": INSTANT, "submission_id": NUMBER}
UPLOADS = Kept(
    "upload ",
    (
        Part(
            "almoner_actuals_uploads", "number", ("number",),
            {"number": NUMBER, "provider_id": TEXT, "by": TEXT, "at": INSTANT, "name": TEXT, "sha256": TEXT, "layout": TEXT,
             "read": NUMBER, "new": NUMBER, "updated": NUMBER, "unchanged": NUMBER, "rejected": NUMBER, "weeks": NUMBER,
             "would_pay_pence": NUMBER, "would_hold_pence": NUMBER, "cut_off_at": INSTANT, "pay_date": DAY},
            contents=("content", "rows", "findings"),
        ),
        Part("almoner_actuals_upload_ends", "upload_id", ("upload_id",), END, only="submission_id IS NULL"),
    ),
)  # fmt: skip
SUBMISSIONS = Kept(
    "S-",
    (
        Part(
            "almoner_submissions", "number", ("number",),
            {"number": NUMBER, "provider_id": TEXT, "by": TEXT, "at": INSTANT, "way": TEXT, "sha256": TEXT, "file_name": TEXT,
             "upload_id": NUMBER, "first_version": NUMBER, "last_version": NUMBER, "new": NUMBER, "updated": NUMBER, "unchanged": NUMBER,
             "would_pay_pence": NUMBER, "would_hold_pence": NUMBER, "pay_date": DAY},
        ),
        Part(
            "almoner_submitted_weeks", "submission_id", ("id",),
            {"id": NUMBER, "submission_id": NUMBER, "person_id": TEXT, "line_id": TEXT, "week": DAY, "rows": NUMBER,
             "would_pay_pence": NUMBER, "would_hold_pence": NUMBER, "hold_codes": TEXT},
        ),
        Part("almoner_actuals_upload_ends", "submission_id", ("upload_id",), END, only="submission_id IS NOT NULL"),
    ),
)  # fmt: skip
