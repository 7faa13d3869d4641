"""The remittance for a computer: CSV and XLSX with one row for each line and for each balance, whose amounts add up to what is paid.

The run and its seal stand in the last two columns of every row: a line of its own would be one that adds up to nothing and names
nobody, and readers by place find the other columns where they always were.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from fractions import Fraction

import xlsxwriter

from almoner.formats.cells import safe_text
from almoner.formats.pounds import pounds
from almoner.formats.remittances.remittance import Remittance, check_remittance

COLUMNS = (
    "reference", "pay_date", "provider_id", "provider", "person_id", "person", "line_id", "service", "week", "kind", "quantity", "rate",
    "amount", "why", "run", "seal",
)  # fmt: skip
WIDTHS = (18, 11, 14, 28, 14, 26, 14, 20, 11, 16, 16, 16, 12, 80, 10, 20)
Row = tuple[tuple[str, ...], int, tuple[str, ...]]
"""The texts before the amount, the amount in pence, and the texts after it."""
BROUGHT_FORWARD, CARRIED_FORWARD = "brought forward", "carried forward"
AMOUNT, WHY = COLUMNS.index("amount"), COLUMNS.index("why")
BLANK_LINE = ("", "", "", "", "")


def write_remittance_csv(remittance: Remittance) -> bytes:
    """UTF-8 with a byte-order mark (spreadsheets need it) and CRLF. Text that a spreadsheet would run has an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for before, pence, after in _rows(remittance):
        writer.writerow([*map(safe_text, before), pounds(pence), *map(safe_text, after)])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def write_remittance_xlsx(remittance: Remittance) -> bytes:
    """A workbook of one sheet: amounts as numbers, everything else as text (a name that begins with = stays a name)."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        day = remittance.pay_date
        # Without a fixed date the workbook would hold the moment it was made, and differ each time.
        book.set_properties({"title": f"Remittance advice {remittance.reference}", "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001
        bold, money, wrapped = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"text_wrap": True}),
        )
        sheet = book.add_worksheet("Remittance")
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for number, (before, pence, after) in enumerate(_rows(remittance), start=1):
            for column, text in enumerate(before):
                sheet.write_string(number, column, _storable(text))
            sheet.write_number(number, AMOUNT, Fraction(pence, 100), money)
            for column, text in enumerate(after, start=AMOUNT + 1):
                sheet.write_string(number, column, _storable(text), wrapped if column == WHY else None)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _rows(remittance: Remittance) -> list[Row]:
    """A balance brought forward, the lines, a balance carried forward: the amounts add up to what is paid."""
    check_remittance(remittance)
    head = (remittance.reference, remittance.pay_date.isoformat(), remittance.provider_id, remittance.provider_name)
    origin = (remittance.run, remittance.seal)
    rows: list[Row] = []
    if remittance.carried_in_pence:
        why = "Balance of the last payment."
        rows.append(((*head, *BLANK_LINE, BROUGHT_FORWARD, "", ""), remittance.carried_in_pence, (why, *origin)))
    for line in remittance.ordered():
        which = (line.person_id, line.person_name, line.line_id, line.service, line.week.isoformat())
        rows.append(((*head, *which, line.kind, line.quantity, line.rate), line.amount_pence, (line.why, *origin)))
    if remittance.carried_out_pence:
        why = "Balance kept for the next payment."
        rows.append(((*head, *BLANK_LINE, CARRIED_FORWARD, "", ""), -remittance.carried_out_pence, (why, *origin)))
    return rows


def _storable(text: str) -> str:
    """What a workbook's cell can hold: at most 32,767 letters, no half letters."""
    return text.encode("utf-8", errors="replace").decode("utf-8")[:32_767]
