"""A workbook to be filled in: one row a planned visit, which reads back exactly as the columns of actuals."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from almoner.core.tables import OUTCOMES

COLUMNS = (
    "line_id", "person", "day", "date", "kind", "start_time", "planned", "delivered_minutes", "units", "carers", "outcome", "reason",
    "comment", "actual_start_time", "carer_id",
)  # fmt: skip
WIDTHS = {"actual_start_time": 18, "line_id": 14, "person": 30, "day": 11, "date": 12, "comment": 50, "reason": 24}
FIXED = ("line_id", "person", "day", "date", "kind", "start_time", "planned")
GUIDE = (
    "Each planned visit stands here as planned, or as it was submitted before. Correct what was different.",
    "To leave a visit out, empty its minutes, units, outcome, reason and comment.",
    "A visit that could not be given: outcome frustrated, with a reason. One nobody came to: missed. Called off with notice: cancelled.",
    "An extra visit: copy a row of the line, change date and start_time, and write extra as its outcome.",
    "A difference from the plan needs a reason or a comment.",
    "Do not change the names of the columns. Formulas and macros are not read.",
)
WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001
"""The same rows are the same bytes, whenever they are written: a file sent twice is known by its content."""


def write_workbook(rows: Sequence[Mapping[str, Any]], *, reasons: Sequence[str] = ()) -> bytes:
    """The workbook with these rows (`COLUMNS`; what is absent is blank): sheet `actuals`, and beside it how it is filled in."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    )
    book.set_properties({"title": "Actuals", "created": WRITTEN})
    sheet = book.add_worksheet("actuals")
    bold, fixed = book.add_format({"bold": True}), book.add_format({"bg_color": "#F3F2F1"})
    dated = book.add_format({"num_format": "yyyy-mm-dd", "bg_color": "#F3F2F1"})
    timed = book.add_format({"num_format": "hh:mm", "bg_color": "#F3F2F1"})
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(COLUMNS):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, WIDTHS.get(name, 16))
        for number, row in enumerate(rows, 1):
            value = row.get(name)
            if value is None or value == "":
                continue
            form = fixed if name in FIXED else None
            if isinstance(value, time):
                sheet.write_datetime(number, place, value, timed)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime.combine(value, time()), dated)
            elif isinstance(value, int):
                sheet.write_number(number, place, value / 100 if name == "units" else value, form)
            else:
                sheet.write_string(number, place, str(value), form)
    last = max(len(rows), 1) + 200
    sheet.data_validation(1, COLUMNS.index("outcome"), last, COLUMNS.index("outcome"), {"validate": "list", "source": list(OUTCOMES)})
    _guide(book, reasons)
    book.close()
    return content.getvalue()


def _guide(book: Any, reasons: Sequence[str]) -> None:
    guide = book.add_worksheet("how to fill in")
    guide.set_column(0, 0, 110)
    for number, words in enumerate((*GUIDE, *(("Reasons: " + ", ".join(reasons),) if reasons else ()))):
        guide.write_string(number, 0, words)
