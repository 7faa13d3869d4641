"""Spending over £500, in the columns Devon County Council publishes: read it, and write it from payment lines.

The Local Government Transparency Code 2015 asks every English council for this file, quarterly.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from almoner.core.findings import Finding, Severity
from almoner.formats.cells import safe_text
from almoner.formats.pounds import pounds_shortest
from almoner.formats.refusals import FormatRefusal

COLUMNS = ("date", "transaction_number", "amount", "supplier_id", "expense_area", "expense_type", "expense_code", "creditor_type")
SPENDING = pa.schema(
    [("row", pa.int64()), ("date", pa.date32()), ("transaction_number", pa.string()), ("amount_pence", pa.int64())]
    + [(name, pa.string()) for name in COLUMNS[3:]]
)
"""One payment line each; `row` is the record number in the file (header = 1), `amount_pence` is signed."""

AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]+))?")
# Float noise: 990.4499999999999 was £990.45. A millionth of a penny is 8 places after the point of a pound.
PLACES_OF_A_MILLIONTH_OF_A_PENNY = 8


class SpendingUnreadable(FormatRefusal):
    """A file that is not a spending publication in these columns."""

    code = "SPENDING-UNREADABLE"


def write_spending(lines: pa.Table, *, over_pence: int | None = None) -> bytes:
    """The publication as UTF-8 CSV with CRLF, one line for each row of `lines` in their order.

    `lines` has the columns of `SPENDING` (`row` may be absent). Amounts are spelled in pounds as short as they go (`2898`, `3663.6`).
    With `over_pence`, only lines of more than that, either way, are published.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    texts = (lines[name].to_pylist() for name in COLUMNS[3:])
    dated = (lines[name].to_pylist() for name in ("date", "transaction_number", "amount_pence"))
    for day, transaction, pence, *rest in zip(*dated, *texts, strict=True):
        if over_pence is None or abs(pence) > over_pence:
            writer.writerow([day.isoformat(), safe_text(transaction), pounds_shortest(pence), *(safe_text(text) for text in rest)])
    return out.getvalue().encode("utf-8")


def read_spending(content: bytes) -> tuple[pa.Table, list[Finding]]:
    """The lines of a publication as a `SPENDING` table, and what is doubtful in it.

    An amount within a millionth of a whole penny is taken as that penny, with a note; a row whose amount or date cannot be read is left
    out, with an error. SpendingUnreadable when the bytes are no such file at all.
    """
    kept: list[tuple[object, ...]] = []
    findings: list[Finding] = []
    for row, cells in _records(content):
        pence, amount_finding = read_amount(row, cells["amount"])
        day, day_finding = _read_day(row, cells["date"])
        findings += [finding for finding in (day_finding, amount_finding) if finding]
        if pence is not None and day is not None:
            kept.append((row, day, cells["transaction_number"], pence, *(cells[name] for name in COLUMNS[3:])))
    arrays = [pa.array(column, field.type) for column, field in zip(zip(*kept, strict=True), SPENDING, strict=True)] if kept else None
    return (pa.table(arrays, schema=SPENDING) if arrays else SPENDING.empty_table()), findings


def read_amount(row: int, text: str) -> tuple[int | None, Finding | None]:
    """An amount in pounds as signed whole pence, or None with an error; float noise gives the pence with a note."""
    match = AMOUNT.fullmatch(text.strip())
    if not match:
        return None, _finding(row, "amount", text, "AMOUNT", f"'{text}' is not an amount in pounds.", "Enter it like 990.45.")
    sign, whole, decimals = match[1], match[2], match[3] or ""
    scale = 10 ** max(len(decimals) - 2, 0)
    pence, rest = divmod(int(whole + decimals.ljust(2, "0")), scale)
    nearest, distance = (pence, rest) if rest * 2 < scale else (pence + 1, scale - rest)
    if distance * 10 ** (PLACES_OF_A_MILLIONTH_OF_A_PENNY - 2) > scale:
        message = f"'{text}' is not a whole number of pence."
        return None, _finding(row, "amount", text, "PART-PENNY", message, "Ask whoever made the file for the amount to the penny.")
    signed = -nearest if sign else nearest
    if distance == 0:
        return signed, None
    message = f"'{text}' is taken as {pounds_shortest(signed)}: it is that many whole pence, but for the noise of a computer's fractions."
    noise = _finding(
        row, "amount", text, "FLOAT-NOISE", message, "Nothing need be done; exporting amounts as text avoids it.", Severity.NOTE
    )
    return signed, noise


def _read_day(row: int, text: str) -> tuple[date | None, Finding | None]:
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text), None
    except ValueError:
        return None, _finding(row, "date", text, "DATE", f"'{text}' is not a date.", "Enter it like 2024-01-31.")


def _records(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record after the header with its number, as cells by column; blank lines are passed over."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise SpendingUnreadable(f"The file has no column {', '.join(missing)}.", f"Give it the columns {', '.join(COLUMNS)}.")
        for row, cells in enumerate(reader, start=2):
            if cells and len(cells) != len(header):
                raise SpendingUnreadable(f"Record {row} has {len(cells)} cells where the header has {len(header)}.", "Mend that line.")
            if cells:
                yield row, dict(zip(header, cells, strict=True))
    except UnicodeDecodeError:
        raise SpendingUnreadable("The file is not text in UTF-8.", "Save it as CSV UTF-8.") from None
    except csv.Error as trouble:
        raise SpendingUnreadable(f"The file is not CSV: {trouble}.", "Save it as CSV UTF-8.") from None


def _finding(row: int, column: str, value: str, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(severity, "spending", row, column, value, code, message, remedy)
