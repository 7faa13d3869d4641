"""`almoner explain FOLDER --line L --week W`: why the payment of one line and week is what it is, from the folder alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from almoner.core.calculate import calculate
from almoner.core.explain import Sentence, explain_week, week_of
from almoner.core.findings import Severity
from almoner.core.tables import WEEKDAYS
from almoner.figures.bank_holidays import bank_holidays, require_known
from almoner.formats.refusals import FormatRefusal
from almoner.formats.tables import read_folder


class NotThere(FormatRefusal):
    """What was asked about is not in the folder."""

    code = "NOT-THERE"


@dataclass(frozen=True)
class WeekExplained:
    """One line's week: its first day, the sentences, its receipts in every book and its holds."""

    line_id: str
    week: date
    sentences: tuple[Sentence, ...]
    receipts: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]


def explain_line(folder: Path, line_id: str, day: date, through: date | None = None, as_of: datetime | None = None) -> WeekExplained:
    """Explain the week of the line that holds `day`, up to its end or `through`.

    DayNotKnown when that is later than bank holidays are known;
    NotThere when the folder has no such line or nothing is said of that week; UnreadableFolder when it cannot be read.
    """
    require_known(max(day, through or day))
    read = read_folder(folder)
    lines = read.tables["lines"].filter(pc.equal(read.tables["lines"].column("line_id"), line_id)).to_pylist()
    if not lines:
        left_out = any(finding.table == "lines" and finding.severity is Severity.ERROR for finding in read.findings)
        remedy = "Its row may have been left out: see the findings of `almoner calculate`." if left_out else "Check how it is spelled."
        raise NotThere(f"There is no line {line_id} in {folder}.", remedy)
    contract = (
        read.tables["contracts"].filter(pc.equal(read.tables["contracts"].column("contract_id"), lines[0]["contract_id"])).to_pylist()[0]
    )
    try:
        week = week_of(day, WEEKDAYS.index(contract["week_start"] or WEEKDAYS[0]) + 1)
    except OverflowError:
        raise NotThere(f"The week of {day} begins before there were years.", "Choose a week in which the line runs.") from None
    last = through or week + timedelta(days=6)
    outcome = calculate(read.tables, {"bank_holidays": bank_holidays()}, through=last, as_of=as_of, part=_together(lines[0]["person_id"]))
    here = [row for row in outcome.weeks.to_pylist() if row["line_id"] == line_id and row["week"] == week]
    if not here:
        raise NotThere(
            f"Nothing is said of line {line_id} in the week of {week:%d %B %Y}: it runs from {lines[0]['start_date']:%d %B %Y}"
            + (f" to {lines[0]['end_date']:%d %B %Y}." if lines[0]["end_date"] else " on."),
            "Choose a week in which the line runs.",
        )
    days = [row for row in outcome.workings.to_pylist() if row["line_id"] == line_id and row["week"] == week]
    return WeekExplained(
        line_id,
        week,
        tuple(explain_week(days, here[0])),
        tuple(row for row in outcome.receipts.to_pylist() if row["line_id"] == line_id and row["week"] == week),
        tuple(
            row for row in outcome.holds.to_pylist() if row["week"] == week and _touches(row, here[0], contract["provider_id"], lines[0])
        ),
    )


def _touches(hold: dict[str, Any], week: dict[str, Any], provider_id: str, line: dict[str, Any]) -> bool:
    """Is the hold one of this line's? One that names no line stops the person's lines with one provider, except those freed."""
    if hold["line_id"]:
        return bool(hold["line_id"] == line["line_id"])
    ours = hold["person_id"] == line["person_id"] and hold["provider_id"] == provider_id
    return bool(ours and week["held_code"] == hold["code"])


def _together(person_id: str) -> str:
    """The person and everyone whom one of their carers visits too: who decides whether a carer was in two places (HLD-3 `DUP`)."""
    person = "'" + person_id.replace("'", "''") + "'"
    theirs = f"SELECT carer_id FROM actuals JOIN lines USING (line_id) WHERE person_id = {person} AND carer_id IS NOT NULL"
    return f"SELECT {person} AS person_id UNION SELECT person_id FROM actuals JOIN lines USING (line_id) WHERE carer_id IN ({theirs})"
