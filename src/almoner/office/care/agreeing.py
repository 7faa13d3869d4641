"""Lines that wait for their provider's agreement, and the emails that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from almoner.office.accounts.emails import Email
from almoner.office.care.models import Line, LineTerms
from almoner.office.care.terms import Row, term
from almoner.office.furniture.words import local
from almoner.office.letters.operations import Written, write_letters
from almoner.office.letters.recipients import Wanted
from almoner.office.letters.wording import tell_agree, tell_many_agree
from almoner.office.records.queries import Known, known_at, rows_known, table_known

AT_ONCE = 500


def lines_in(tables: Mapping[str, pa.Table]) -> dict[str, date | None]:
    """The lines that these facts are about, each with the latest day from which any of its facts holds; None where none is dated."""
    found: dict[str, date | None] = {}
    for rows in tables.values():
        if "line_id" not in rows.column_names:
            continue
        days = rows.column("valid_from").to_pylist() if "valid_from" in rows.column_names else [None] * rows.num_rows
        for line, day in zip(rows.column("line_id").to_pylist(), days, strict=True):
            found[line] = max((one for one in (found.get(line), day) if one), default=None)
    return found


def tell_lines_to_agree(lines: Mapping[str, date | None], *, at: datetime, together: str) -> Written:
    """Keep an email for each of these lines that waits for its provider's agreement as known now; returns those that are new. `lines` come
    with the day from which they change, if it is known. Inside the `atomic()` that recorded what is to be agreed; `together` is its id,
    under which many lines of one provider are one email."""
    known = known_at(at)
    waiting = lines_to_agree(sorted(lines), known, local(at).date())
    if not waiting:
        return {}
    agreed = _once_agreed([line["line_id"] for line, _ in waiting])
    moment = f"{local(at):%Y-%m-%d %H:%M:%S}"
    wanted = [
        Wanted(
            line["provider_id"], f"{line['line_id']} {moment}",
            tell_agree(line=line["line_id"], first=lines[line["line_id"]] or first, is_new=line["line_id"] not in agreed),
            places=_places(line),
        )
        for line, first in waiting
    ]  # fmt: skip
    return write_letters(kind=Email.AGREE, wanted=wanted, at=at, together=together, many=tell_many_agree)


def lines_to_agree(lines: Sequence[str], known: Known, today: date) -> list[tuple[Row, date]]:
    """Of these lines, those of which something is authorised and not agreed, with their contract's columns and the day from which it
    waits: today or the line's first day, or the day that new terms begin."""
    if not lines:
        return []
    rows = rows_known("lines", known, {"line_id": lines}).to_pylist()
    contracts = _by(rows_known("contracts", known, {"contract_id": sorted({row["contract_id"] for row in rows})}), "contract_id")
    asking = [row for row in rows if row["contract_id"] in contracts]
    if not asking:
        return []
    terms = _by(rows_known("contract_terms", known, {"contract_id": sorted(contracts)}), "contract_id")
    of_line = _by(table_known("line_terms", known, lines=[row["line_id"] for row in asking]), "line_id")
    found: list[tuple[Row, date]] = []
    for row in asking:
        line = {**contracts[row["contract_id"]][0], **row}
        dated = of_line.get(row["line_id"], [])
        begin = max(today, row["start_date"])
        days = [begin, *sorted({change["valid_from"] for change in dated if change["valid_from"] > begin})]
        waits = next((day for day in days if _waits(line, dated, terms.get(row["contract_id"], []), day)), None)
        if waits is not None:
            found.append((line, waits))
    return found


def _waits(line: Row, dated: Sequence[Row], contract_terms: Sequence[Row], day: date) -> bool:
    if line["end_date"] and line["end_date"] < day:
        return False
    authorised, agreed = term(line, dated, "authorised_on", day), term(line, dated, "agreed_on", day)
    return bool(authorised and authorised <= day and term(line, contract_terms, "needs_agreement", day)) and (
        agreed is None or agreed > day
    )


def _once_agreed(lines: Sequence[str]) -> set[str]:
    """Of these lines, those of which something was agreed before: the others are new to their provider."""
    found: set[str] = set()
    for start in range(0, len(lines), AT_ONCE):
        for model in (Line, LineTerms):
            agreed = model._default_manager.filter(line_id__in=lines[start : start + AT_ONCE], agreed_on__isnull=False)
            found |= set(agreed.values_list("line_id", flat=True))
    return found


def _places(line: Row) -> frozenset[tuple[str, str]]:
    site = line.get("site_id")
    return frozenset({("contract", line["contract_id"]), *([("site", site)] if site else [])})


def _by(table: pa.Table, column: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        found[row[column]].append(row)
    return found
