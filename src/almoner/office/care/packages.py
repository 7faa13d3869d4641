"""A provider's care packages: every line with its timetable, prices, state and last change, and all there is about one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import pyarrow as pa

from almoner.office.care.models import LineRejected
from almoner.office.care.terms import Row, latest_visits, rate_line, rates_on, state_of, timetable_text
from almoner.office.furniture.words import local
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import Known, known_at, rows_known, table_known
from almoner.office.records.versions import database_table

OF_LINE = ("lines", "schedule", "line_terms", "line_rates")
CHANGED = pa.schema([("line_id", pa.string()), ("what", pa.string()), ("at", pa.timestamp("us", "UTC")), ("version", pa.int64())])
REPRICED = pa.schema([("contract_id", pa.string()), ("element", pa.string()), ("at", pa.timestamp("us", "UTC"))])


@dataclass(frozen=True)
class Package:
    """One line as it stands: its own row and version, what hangs on it, and what that comes to in words. `changed`: what of it was recorded
    last, and when. `rejection`: the provider's no to this version."""

    line: Row
    schedule: list[Row]
    line_terms: list[Row]
    line_rates: list[Row]
    rates: list[Row]
    contract_terms: list[Row]
    version: int
    changed: tuple[str, datetime] | None
    today: date
    rejection: Row | None = None

    @property
    def day(self) -> date:
        """The day its terms are told of: today, or its first day if that is still to come, or its last if that is past."""
        last = min([end for end in (self.line["end_date"], self.line["date_of_death"]) if end], default=None)
        start: date = self.line["start_date"]
        day = max(self.today, start)
        return max(min(day, last), start) if last else day

    @cached_property
    def state(self) -> str:
        """Where the line stands: a word of `furniture.statuses` (line)."""
        coming = [row["valid_from"] for rows in (self.schedule, self.line_terms, self.line_rates) for row in rows]
        return state_of(
            self.line, line_terms=self.line_terms, contract_terms=self.contract_terms, rejected=self.rejection is not None, changes=coming,
            today=self.today,
        )  # fmt: skip

    @cached_property
    def timetable(self) -> str:
        """The timetable, or quantity, in a line."""
        return timetable_text(self.line, self.schedule, self.line_terms, self.day)

    @property
    def visits(self) -> list[Row]:
        """The visits of the timetable in force."""
        return latest_visits(self.schedule, self.day)

    @property
    def prices(self) -> list[Row]:
        """The prices in force."""
        return rates_on(self.line, self.line_rates, self.rates, self.day)

    @cached_property
    def rate(self) -> str:
        """The price in a line."""
        return rate_line(self.prices)


def packages_of(lines: pa.Table, at: datetime | Known, today: date) -> list[Package]:
    """Every one of these lines (`OPEN_LINES`) with all that hangs on it, as known at a moment; see `answered`."""
    known = at if isinstance(at, Known) else known_at(at)
    ids, contracts = lines.column("line_id"), sorted(set(lines.column("contract_id").to_pylist()))
    of_line = {name: _by(table_known(name, known, lines=ids), "line_id") for name in OF_LINE[1:]}
    of_contract = {name: _by(rows_known(name, known, {"contract_id": contracts}), "contract_id") for name in ("rates", "contract_terms")}
    changed, repriced = _changed(ids, known), _repriced(contracts, known)
    found = []
    for line in lines.to_pylist():
        of, contract = line["line_id"], line["contract_id"]
        latest = [(what, moment) for what, moment, _ in changed.get(of, ())] + repriced.get((contract, line["element"]), [])
        found.append(
            Package(
                line,
                schedule=of_line["schedule"].get(of, []),
                line_terms=of_line["line_terms"].get(of, []),
                line_rates=of_line["line_rates"].get(of, []),
                rates=of_contract["rates"].get(contract, []),
                contract_terms=of_contract["contract_terms"].get(contract, []),
                version=_version(changed.get(of, ())),
                changed=max(latest, key=lambda one: one[1], default=None),
                today=today,
            )
        )
    return found


def answered(packages: Sequence[Package]) -> list[Package]:
    """The packages with the provider's last no to each, if it was said to the line as it stands."""
    asked = [package.line["line_id"] for package in packages if package.state == "to_agree"]
    if not asked:
        return list(packages)
    columns = ("line_id", "line_version", "reason", "comment", "by", "at")
    said = {row["line_id"]: row for row in LineRejected.objects.filter(line_id__in=asked).order_by("id").values(*columns)}
    return [
        replace(package, rejection=row)
        if (row := said.get(package.line["line_id"])) and row["line_version"] >= package.version and package.line["line_id"] in asked
        else package
        for package in packages
    ]


def _by(table: pa.Table, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        found[row[column]].append(row)
    return found


def _changed(lines: pa.ChunkedArray, known: Known) -> dict[str, list[tuple[str, datetime, int]]]:
    """By line: what was last recorded of it (`new`: nothing but its first version), of its timetable, terms and own price, when, and as
    which version."""
    term, parameter = any_of("line_id", lines)
    parts = [
        f"SELECT line_id, CASE WHEN '{name}' = 'lines' AND count(*) = 1 THEN 'new' ELSE '{name}' END AS what, max(recorded_at) AS at,"
        f" max(version) AS version FROM {database_table(name)} WHERE {term} AND version <= %s GROUP BY line_id"
        for name in OF_LINE
    ]
    given = [value for name in OF_LINE for value in (parameter, known.last[name])]
    found: dict[str, list[tuple[str, datetime, int]]] = defaultdict(list)
    for row in read_rows(" UNION ALL ".join(parts), CHANGED, given, order=("line_id", "what")).to_pylist():
        found[row["line_id"]].append((row["what"], row["at"], row["version"]))
    return found


def _version(changed: Iterable[tuple[str, datetime, int]]) -> int:
    return next((version for what, _, version in changed if what in ("lines", "new")), 0)


def _repriced(contracts: Sequence[str], known: Known) -> dict[tuple[str, str], list[tuple[str, datetime]]]:
    """By contract and element: when a price was last recorded."""
    term, parameter = any_of("contract_id", contracts)
    select = (
        f"SELECT contract_id, element, max(recorded_at) AS at FROM {database_table('rates')} WHERE {term} AND version <= %s"
        " GROUP BY contract_id, element"
    )
    rows = read_rows(select, REPRICED, [parameter, known.last["rates"]], order=("contract_id", "element")).to_pylist()
    return {(row["contract_id"], row["element"]): [("rates", row["at"])] for row in rows}


def today_at(at: datetime) -> date:
    """The day on the council's clocks."""
    return local(at).date()


def sort_name(line: Row) -> str:
    """The person as lists name them: family name first, then given names; the number where no name is known."""
    return ", ".join(part for part in (line["family_name"], line["given_names"]) if part) or line["person_id"]


def full_name(line: Row) -> str:
    """The person's name as it is said."""
    return " ".join(part for part in (line["given_names"], line["family_name"]) if part) or line["person_id"]
