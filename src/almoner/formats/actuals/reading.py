"""A file of actuals to rows and findings, whichever of the layouts it has. Good rows are used, every other is named with its remedy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

from almoner.core.findings import Finding, Severity
from almoner.core.tables import ACTUALS
from almoner.formats.actuals import delivery
from almoner.formats.actuals.cells import Wrong, reader_of
from almoner.formats.actuals.opened import ActualsNotReadable, Opened, names_of, open_file
from almoner.formats.cells import safe_text

NAMED = pa.schema([("row", pa.int64()), ("contract_id", pa.string()), ("person_id", pa.string()), ("service_type", pa.string())])
"""What rows name in place of a line."""
BESIDE = ("person", "day", "weekday", "week", "planned")
"""Columns of our workbook that are there to be read by people."""
DEFAULTS = {"kind": "visit", "outcome": "delivered", "carers": 1}
LONGEST_DAY = 1_440
ANSWERS = ("delivered_minutes", "units", "outcome", "reason", "comment")
Rows: TypeAlias = list[dict[str, Any]]


@dataclass
class ActualsRead:
    """What a file says. `rows` in the schema of actuals, `row` the record's number (the heading is 1); `read` counts records with
    something in them. `named` (`NAMED`) says of rows without a line what they name instead. `records` are the file's own, as text."""

    layout: str
    rows: pa.Table
    named: pa.Table
    findings: list[Finding]
    read: int
    records: list[list[str]] = field(repr=False)

    @property
    def rejected(self) -> set[int]:
        """The records that are left out."""
        return {finding.row for finding in self.findings if finding.severity is Severity.ERROR and finding.row}


def read_actuals(name: str, content: bytes) -> ActualsRead:
    """Read a file of actuals. Raises ActualsTooLarge, ActualsUnsafe or ActualsNotReadable when nothing of it can be used."""
    opened = open_file(name, content)
    columns = names_of(opened.records[0])
    if {"lineid", "date"} <= set(columns):
        found = _own_columns(opened, columns)
    elif set(delivery.MARKS) <= set(columns):
        found = _delivery(opened, columns)
    else:
        raise ActualsNotReadable(
            f"{name} has neither our columns (line_id, date, start_time, delivered_minutes …) nor those of the service-delivery file.",
            "Check the names of the columns in its first row.",
        )
    if opened.encoding:
        why = Wrong(f"The file is not in UTF-8; it was read as {opened.encoding}.", "Look at accents and pound signs in the comments.")
        found.findings.insert(0, _said(Severity.WARNING, 0, "", opened.encoding, "ENCODING", why))
    return found


def _said(severity: Severity, row: int, column: str, value: str, code: str, wrong: Wrong) -> Finding:
    return Finding(severity, "actuals", row, column, value[:80], code, wrong.message, wrong.remedy)


def _filled(opened: Opened) -> Iterable[tuple[int, list[str]]]:
    return ((number, record) for number, record in enumerate(opened.records[1:], 2) if any(cell.strip() for cell in record))


def _own_columns(opened: Opened, columns: list[str]) -> ActualsRead:
    known = {column.name.replace("_", ""): column for column in ACTUALS.columns}
    findings = _about_columns(opened, columns, {*known, *(name.replace("_", "") for name in BESIDE)})
    places = {known[name].name: place for place, name in enumerate(columns) if name in known and columns.index(name) == place}
    places.pop("submitted_at", None)  # what is uploaded counts from the moment it is submitted
    readers = {name: reader_of(ACTUALS.column(name)) for name in places}
    good: Rows = []
    read = 0
    for number, record in _filled(opened):
        if opened.kind == "workbook" and not any(
            record[places[name]].strip() for name in ANSWERS if name in places and places[name] < len(record)
        ):
            continue  # a row of ours that nobody filled in
        read += 1
        row: dict[str, Any] = {"row": number}
        wrong = []
        for name, place in places.items():
            text = record[place] if place < len(record) else ""
            meaning = readers[name](text)
            if isinstance(meaning, Wrong):
                wrong.append(_said(Severity.ERROR, number, name, text, "CELL", meaning))
            elif meaning is not None:
                row[name] = meaning
        if len(record) > len(columns) and any(cell.strip() for cell in record[len(columns) :]):
            wrong.append(_said(Severity.ERROR, number, "", "", "CELLS", Wrong(
                "The row has more cells than the heading.", "Put a comment with a comma in it in quotation marks.")))  # fmt: skip
        wrong += [] if wrong else _contradictions(number, row)
        findings += wrong
        if not wrong:
            good.append({**DEFAULTS, **row})
    rows, replaced = _each_once(good)
    layout = "workbook" if opened.kind == "workbook" else "columns"
    return ActualsRead(layout, _table(rows), NAMED.empty_table(), [*findings, *replaced], read, opened.records)


def _about_columns(opened: Opened, columns: list[str], known: set[str]) -> list[Finding]:
    unknown = [heading for name, heading in zip(columns, opened.records[0], strict=True) if name and name not in known]
    return [
        _said(Severity.WARNING, 1, heading[:40], heading, "COLUMN", Wrong(
            f"“{heading[:40]}” is not a column we read; it is left alone.", "Nothing need be done if it is not wanted."))
        for heading in unknown[:50]
    ]  # fmt: skip


def _contradictions(number: int, row: dict[str, Any]) -> list[Finding]:
    outcome, kind = row.get("outcome", "delivered"), row.get("kind", "visit")
    minutes = row.get("delivered_minutes")
    if outcome in ("delivered", "extra") and minutes is None and row.get("units") is None:
        wrong = Wrong("The row says that care was given, and not for how long.", "Fill in delivered_minutes, or units for days and nights.")
        return [_said(Severity.ERROR, number, "delivered_minutes", "", "MINUTES", wrong)]
    if kind == "visit" and minutes is not None and minutes > LONGEST_DAY:
        wrong = Wrong(
            f"A visit of {minutes:,} minutes is longer than a day.", "Correct the minutes; a week's total is a row whose kind is week."
        )
        return [_said(Severity.ERROR, number, "delivered_minutes", str(minutes), "MINUTES", wrong)]
    return []


def _each_once(rows: Rows) -> tuple[Rows, list[Finding]]:
    """Of rows about the same visit the last is used; the earlier ones are left out and named."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    replaced = []
    for row in rows:
        key = (row.get("line_id"), row.get("contract_id"), row.get("person_id"), row["date"], row["kind"], row.get("start_time"))
        if key in last:
            wrong = Wrong(
                f"Row {row['row']} reports the same visit and is used instead.", "Keep the row that is right, and take the other away."
            )
            replaced.append(_said(Severity.ERROR, last[key]["row"], "", "", "REPLACED", wrong))
        last[key] = row
    return sorted(last.values(), key=lambda row: int(row["row"])), replaced


def _delivery(opened: Opened, columns: list[str]) -> ActualsRead:
    findings: list[Finding] = []
    visits, read = [], 0
    for number, record in _filled(opened):
        read += 1
        cells = {name: record[place] for place, name in enumerate(columns) if place < len(record)}
        visit, named, wrong = delivery.read_visit(cells)
        findings += [_said(Severity.ERROR, number, column, value, "CELL", why) for column, value, why in wrong]
        if not wrong:
            visits.append((number, visit, named))
    kept, lost = delivery.with_second_carers(visits)
    findings += [_said(Severity.ERROR, number, "SecondaryVisit", "True", "CARER", why) for number, why in sorted(lost.items())]
    rows = [{**DEFAULTS, **visit, "row": number, **{k: named[k] for k in NAMED.names[1:]}} for number, visit, named in kept]
    once, replaced = _each_once(rows)
    read -= len(visits) - len(kept) - len(lost)  # a second carer's row that was counted in is no visit of its own
    return ActualsRead("delivery", _table(once), pa.Table.from_pylist(once, schema=NAMED), [*findings, *replaced], read, opened.records)


def _table(rows: Rows) -> pa.Table:
    arrays = [pa.array([row.get(name) for row in rows], ACTUALS.schema.field(name).type) for name in ACTUALS.schema.names]
    return pa.table(arrays, schema=ACTUALS.schema)


def rejected_rows(read: ActualsRead, findings: Iterable[Finding]) -> bytes:
    """The records that were left out as CSV, under their own heading, with why and what to do as the last columns."""
    why: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.row:
            why.setdefault(finding.row, []).append(finding)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    heading = read.records[0]
    writer.writerow([*heading, "why", "what to do"])
    for number, found in sorted(why.items()):
        record = read.records[number - 1] if number <= len(read.records) else []
        cells = [*record, *[""] * (len(heading) - len(record))][: len(heading)]
        told = (" ".join(dict.fromkeys(getattr(finding, part) for finding in found)) for part in ("message", "remedy"))
        writer.writerow([*map(safe_text, cells), *told])
    return text.getvalue().encode("utf-8-sig")
