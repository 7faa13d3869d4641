"""Rows of a file held against the lines of the organisation that sent it: which may be submitted, and why the others may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.findings import Finding, Severity
from almoner.core.tables import ACTUALS
from almoner.formats.actuals.reading import ActualsRead
from almoner.office.actuals.line_weeks import LOCAL, REPORTABLE
from almoner.office.actuals.plan import week_holding

Line = Mapping[str, Any]


def within_reach(read: ActualsRead, lines: Sequence[Line], at: datetime) -> tuple[pa.Table, list[Finding]]:
    """The rows that may be submitted, each with its line, and findings for the others. `lines`: `care.queries.OPEN_LINES`.

    A row whose line is not the organisation's is unplanned and left out; so is one of a day to come, for it has not been given yet.
    """
    by_id = {line["line_id"]: line for line in lines}
    today = at.astimezone(LOCAL).date()
    line_ids, findings = _lines_named(read, by_id)
    dates = []
    for row, line_id, day, kind in zip(
        read.rows.column("row").to_pylist(),
        line_ids,
        read.rows.column("date").to_pylist(),
        read.rows.column("kind").to_pylist(),
        strict=True,
    ):
        line = by_id.get(line_id or "")
        dates.append(week_holding(day, line["week_start"]) if line and kind == "week" else day)
        if line_id is not None and (found := _refused(row, line_id, line, dates[-1], today)):
            findings.append(found)
    out = pa.array(sorted({finding.row for finding in findings}), pa.int64())
    named = read.rows.set_column(read.rows.column_names.index("line_id"), "line_id", pa.array(line_ids, pa.string()))
    named = named.set_column(named.column_names.index("date"), "date", pa.array(dates, pa.date32()))
    good = named.filter(pc.invert(pc.is_in(named.column("row"), value_set=out)))
    once, replaced = _each_once(good)
    return once.cast(ACTUALS.schema), [*findings, *replaced]


def _refused(row: int, line_id: str, line: Line | None, day: date, today: date) -> Finding | None:
    if line is None:
        return _error(
            row, "line_id", line_id, "UNPLANNED",
            f"There is no line {line_id} for your organisation. An unplanned line cannot be paid, so this row is left out.",
            "If this was extra care, enter it as an extra visit on the person's own line. If it is a new package, ask us with a query.",
        )  # fmt: skip
    if line["basis"] not in REPORTABLE:
        return _error(
            row, "line_id", line_id, "NO-EFFECT", f"Line {line_id} is paid without actuals ({line['basis'].replace('_', ' ')}).",
            "Take the row away; tell us of absences and deaths instead.",
        )  # fmt: skip
    if day > today:
        return _error(
            row, "date", day.isoformat(), "TO-COME", "This visit is dated after today.", "Submit it once it has been given."
        )  # fmt: skip
    return None


def _lines_named(read: ActualsRead, by_id: Mapping[str, Line]) -> tuple[list[str | None], list[Finding]]:
    """The line of each row; of rows that name contract and person the one line that fits, None with a finding where none or many do."""
    if read.named.num_rows == 0:
        ids: list[str | None] = read.rows.column("line_id").to_pylist()
        return ids, []
    of_person: dict[str, list[Line]] = defaultdict(list)
    for line in by_id.values():
        of_person[line["person_id"]].append(line)
    found: list[str | None] = []
    findings = []
    for named, day in zip(read.named.to_pylist(), read.rows.column("date").to_pylist(), strict=True):
        fitting = _fitting(named, day, of_person[named["person_id"] or ""])
        found.append(fitting[0]["line_id"] if len(fitting) == 1 else None)
        if len(fitting) == 1:
            continue
        whom = f"person {named['person_id']} under contract {named['contract_id']}"
        if fitting:
            several = ", ".join(line["line_id"] for line in fitting)
            told = (f"There are several lines for {whom} on that day: {several}.", "Send it with our own columns, which name the line.")
        else:
            told = (
                f"There is no line for {whom} on that day. An unplanned line cannot be paid, so this row is left out.",
                "Check the two numbers and the date. If it is a new package, ask us with a query.",
            )
        findings.append(_error(named["row"], "ContractNumber", named["contract_id"] or "", "UNPLANNED", *told))
    return found, findings


def _fitting(named: Mapping[str, Any], day: date, lines: Iterable[Line]) -> list[Line]:
    there = [
        line
        for line in lines
        if named["contract_id"] in (line["contract_id"], line["line_id"])
        and line["start_date"] <= day
        and (line["end_date"] is None or day <= line["end_date"])
    ]
    if len(there) > 1 and named["service_type"]:
        wanted = named["service_type"].lower()
        same = [line for line in there if wanted in (line["service_type"].lower(), line["element"].lower())]
        return same or there
    return there


def _each_once(rows: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """Of rows that turn out to be about the same visit the last."""
    last: dict[tuple[Any, ...], int] = {}
    replaced = []
    keys = zip(*(rows.column(name).to_pylist() for name in ("line_id", "date", "kind", "start_time", "row")), strict=True)
    for *key, row in keys:
        if tuple(key) in last:
            earlier = last[tuple(key)]
            replaced.append(
                _error(earlier, "", "", "REPLACED", f"Row {row} reports the same visit and is used instead.", "Keep the row that is right.")
            )
        last[tuple(key)] = row
    kept = pa.array(sorted(last.values()), pa.int64())
    return rows.filter(pc.is_in(rows.column("row"), value_set=kept)), replaced


def _error(row: int, column: str, value: str, code: str, message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, "actuals", row, column, value, code, message, remedy)
