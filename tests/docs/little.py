"""Facts of one row of a page: one person, one provider and what the row says; many rows go through one calculation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from tests.councils.rows import Row, Tables, add, arrow
from tests.docs.spelt import MONDAY, NOTHING, pounds

from almoner.core.calculate import calculate
from almoner.figures.bank_holidays import bank_holidays

SUNDAY = MONDAY + timedelta(days=6)
LONG_AGO = date(2020, 1, 1)
MAY = date(2026, 5, 4)
ANY_DIFFERENCE = 1_000_000
CARE = "care"
PARTS = ("receipts", "holds", "shares", "workings", "entitlement")


class Little:
    """The facts of one row. Ids begin with its name, so that rows can share a calculation."""

    def __init__(self, name: str) -> None:
        self.name, self.through = name, SUNDAY
        self.tables: Tables = {}
        self.person, self.provider, self.line = f"{name}/P", f"{name}/V", f"{name}/L"
        self._contracts = 0
        self.add("people", person_id=self.person)
        self.add("providers", provider_id=self.provider, name="A provider", creditor_reference="1")

    def add(self, table: str, **cells: Any) -> Row:
        return add(self.tables, table, **cells)

    def contract(self, basis: str, **terms: Any) -> str:
        """A contract whose tolerance holds nothing unless the terms say so."""
        self._contracts += 1
        name = f"{self.name}/C{self._contracts}"
        self.add(
            "contracts",
            **{
                "contract_id": name,
                "provider_id": self.provider,
                "service_type": CARE,
                "basis": basis,
                "tolerance_percent": ANY_DIFFERENCE,
                **terms,
            },
        )
        return name

    def priced(
        self, contract: str, rate: tuple[int, str], *, day_type: str = "any", since: date = LONG_AGO, until: date | None = None
    ) -> None:
        price, unit = rate
        self.add("rates", contract_id=contract, element=CARE, unit=unit, day_type=day_type, rate=price, valid_from=since, valid_to=until)

    def lined(self, contract: str, line: str = "", **cells: Any) -> str:
        """An authorised line, begun on 4 May unless said."""
        line = line or self.line
        begun = {"start_date": MAY, "authorised_on": LONG_AGO, "agreed_on": LONG_AGO}
        self.add("lines", **{"line_id": line, "person_id": self.person, "contract_id": contract, "element": CARE, **begun, **cells})
        return line

    def visit(self, on: date, start: int = 8, minutes: int | None = 30, line: str = "", **cells: Any) -> None:
        self.add("actuals", line_id=line or self.line, date=on, start_time=time(start), delivered_minutes=minutes, **cells)

    def planned(self, minutes: int, days: Iterable[date] = (), *, start: int = 8, line: str = "") -> None:
        """A visit on each of those weekdays (every weekday unless said)."""
        for on in days or week():
            self.add(
                "schedule",
                line_id=line or self.line,
                weekday=f"{on:%A}".lower(),
                start_time=time(start),
                minutes=minutes,
                valid_from=LONG_AGO,
            )

    def sealed(self, amount: int, *, week: date = MONDAY, line: str = "") -> None:
        ids = {"provider_id": self.provider, "payee_id": self.provider, "person_id": self.person, "line_id": line or self.line}
        self.add("prior_receipts", book="payments", week=week, amount=amount, **ids)


class Said:
    """What the calculation says of one row's people, lines and providers."""

    def __init__(self, rows: dict[str, list[Row]], case: Little) -> None:
        self.case = case
        self.receipts = [r for r in rows["receipts"] if case.name in (r["person_id"].split("/")[0], r["payee_id"].split("/")[0])]
        self.holds = [h for h in rows["holds"] if h["person_id"] == case.person]
        self.shares = [s for s in rows["shares"] if s["line_id"].split("/")[0] == case.name]
        self.days = [d for d in rows["workings"] if d["person_id"] == case.person]
        self.keys = [e for e in rows["entitlement"] if e["person_id"] == case.person]

    def amount(self, book: str = "payments", **cells: Any) -> int | None:
        """Receipts of a book that have those cells, summed; None when there is none."""
        amounts = [r["amount_pence"] for r in self.receipts if r["book"] == book and all(r[name] == cell for name, cell in cells.items())]
        return sum(amounts) if amounts else None

    def payment(self, line: str = "", *, of: date = MONDAY) -> str:
        """What is paid for the Monday week that holds the day."""
        return pounds(self.amount(line_id=line or self.case.line, week=of - timedelta(days=of.weekday())) or 0)

    def receipt(self, book: str = "payments", **cells: Any) -> str:
        return pounds(self.amount(book, **cells))

    def held(self, code: str) -> str:
        amounts = [h["amount_pence"] for h in self.holds if h["code"] == code]
        return pounds(sum(amounts)) if amounts else NOTHING

    def shared(self) -> str:
        """'A £3.33, council £3.34', in the order of taking."""
        ordered = sorted(self.shares, key=lambda s: (s["funder_id"] == "", s["share_order"] or 0))
        return ", ".join(f"{s['funder_id'].split('/')[-1] or 'council'} {pounds(s['amount_pence'])}" for s in ordered)


def week(first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(7)]


def calculated(cases: Iterable[Little]) -> dict[str, Said]:
    """What is said of each row, by its name. Rows with the same last day go through one calculation."""
    by_day: dict[date, list[Little]] = defaultdict(list)
    for case in cases:
        by_day[case.through].append(case)
    said = {}
    for through, together in by_day.items():
        outcome = calculate(arrow(_merged(together)), {"bank_holidays": bank_holidays()}, through=through)
        rows = {part: getattr(outcome, part).to_pylist() for part in PARTS}
        said.update({case.name: Said(rows, case) for case in together})
    return said


def _merged(cases: list[Little]) -> Tables:
    tables: Tables = defaultdict(list)
    for case in cases:
        for name, rows in case.tables.items():
            tables[name] += [{**row, "row": len(tables[name]) + number + 2} for number, row in enumerate(rows)]
    return tables
