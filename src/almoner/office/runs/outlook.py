"""What stands before a provider now: the payments to expect, the weeks still to be told of, and what a week of each line is worth.

Worked out by the calculation itself, of the provider's people alone, and kept until something is recorded that concerns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.carrying import Payable, payable
from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE, TABLES
from almoner.office.care.packages import Package, packages_of
from almoner.office.care.queries import lines_of_provider
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import Known, known_at, tables_known
from almoner.office.records.versions import database_table
from almoner.office.runs.calculation import Reckoned, figures_for, reckon
from almoner.office.runs.calendar import LOCAL, CalendarRule, Period
from almoner.office.runs.cycles import coming_periods, periods_around
from almoner.office.runs.earlier import EVER
from almoner.office.runs.expected import Expectation, expect
from almoner.office.runs.freshness import Concern, kept_or
from almoner.office.runs.payments import PaymentShown, payments_to
from almoner.office.runs.preview import preview_people
from almoner.office.runs.queries import balances, last_event, total_pence

BACK = timedelta(weeks=13)
"""How far back weeks are looked for that nobody told of; older ones are asked about, not filled in."""
AHEAD = timedelta(days=20)
MONTH = timedelta(days=31)
WEEKS = pa.schema([("line_id", pa.string()), ("person_id", pa.string()), ("week", pa.date32())])
WORTH = pa.schema([("line_id", pa.string()), ("week", pa.date32()), ("gross_pence", pa.int64()), ("payable_pence", pa.int64())])
TOLD = pa.schema([("line_id", pa.string()), ("date", pa.date32())])
PAID = pa.schema([("line_id", pa.string()), ("week", pa.date32())])


@dataclass(frozen=True)
class ExpectedPayment:
    """What the next run of a cycle would pay the provider if it were drafted now; `carried_in_pence` is below zero for a debt."""

    period: Period
    worked: Expectation
    receipts: pa.Table
    holds: pa.Table
    carried_in_pence: int
    result: Payable

    @property
    def receipts_pence(self) -> int:
        """What its receipts come to."""
        return total_pence(self.receipts)

    @property
    def held_pence(self) -> int:
        """What is held and not in it."""
        return total_pence(self.holds)


@dataclass(frozen=True)
class Outlook:
    """`lines` (`care.queries.OPEN_LINES`) and `packages` are all the provider's, `paid` every payment sealed, `payments` those to come.

    `awaited` (`WEEKS`): weeks that have ended and of which nothing was told; `worth` (`WORTH`): what those and a coming week of each line
    come to if delivered as planned; `whole_weeks`: that coming week, by line; `calendar`: the periods now and soon of its cycles.
    """

    provider_id: str
    lines: pa.Table = field(repr=False)
    packages: tuple[Package, ...] = field(repr=False)
    paid: tuple[PaymentShown, ...] = field(repr=False)
    payments: tuple[ExpectedPayment, ...]
    awaited: pa.Table
    worth: pa.Table = field(repr=False)
    whole_weeks: dict[str, date] = field(repr=False)
    calendar: tuple[Period, ...] = field(repr=False)


def outlook(provider_id: str, *, at: datetime, rules: Sequence[CalendarRule] = (), explained: bool = False) -> Outlook:
    """What stands before a provider at a moment, remembered while nothing was recorded that concerns its people.

    Only when `explained` do its payments hold the workings of days and weeks, which take as long again. Raises DaysNotKnown.
    """
    day = at.astimezone(LOCAL).date()
    plain = kept_or(("outlook", provider_id, day), lambda: _looked(provider_id, at, rules))
    return kept_or(("explained", provider_id, day), lambda: _explained(plain, at)) if explained else plain


def explained_week(payment: ExpectedPayment, line: Mapping[str, Any], week: date, at: datetime) -> Reckoned:
    """How the weeks of a line's person from one on were worked out for an expected payment, remembered like the payment itself."""
    person, provider, through = line["person_id"], line["provider_id"], payment.period.last_day

    def work_out() -> tuple[Reckoned, Concern]:
        found = preview_people([person], from_week=week, through=through, at=at)
        lines = frozenset(_lines_of_people([person]).to_pylist())
        return found, Concern(provider, lines, frozenset({person}), frozenset({line["contract_id"]}))

    return kept_or(("week", provider, person, week, through, at.astimezone(LOCAL).date()), work_out)


def next_cut_off(view: Outlook, at: datetime) -> Period | None:
    """The first cut-off still to come among those of the provider's cycles."""
    return min((one for one in view.calendar if one.cut_off_at > at), key=lambda one: (one.cut_off_at, one.pay_date), default=None)


def _explained(plain: Outlook, at: datetime) -> tuple[Outlook, Concern]:
    """The same with how it was worked out."""
    until_event, concern = _last_event(), concern_of(plain.lines)
    people, lines = sorted(concern.people), pa.array(sorted(concern.lines), pa.string())
    payments = []
    for one in plain.payments:
        period = one.period
        worked = expect(people, lines, cycle=period.cycle, through=period.last_day, at=at, until_event=until_event, workings=True)
        payments.append(replace(one, worked=worked))
    return replace(plain, payments=tuple(payments)), concern


def _looked(provider_id: str, at: datetime, rules: Sequence[CalendarRule]) -> tuple[Outlook, Concern]:
    known = known_at(at)
    lines = lines_of_provider(provider_id, known)
    people = sorted(set(lines.column("person_id").to_pylist()))
    everything = _lines_of_people(people)
    concern = Concern(provider_id, frozenset(everything.to_pylist()), frozenset(people), frozenset(lines.column("contract_id").to_pylist()))
    head = last_event()
    until_event = head.number if head else 0
    payments = [
        _payment(provider_id, lines, people, everything, period, at, until_event)
        for period in coming_periods(lines.column("cycle").to_pylist(), at, rules)
    ]
    awaited, whole = _weeks(lines, at)
    worth = _as_planned(people, awaited, known, at)
    packages = tuple(packages_of(lines, known, at.astimezone(LOCAL).date()))
    paid = tuple(payments_to(provider_id, lines.column("line_id"), rules=rules))
    settled, calendar = tuple(_carried(provider_id, payments)), tuple(_calendar(lines, at, rules))
    return Outlook(provider_id, lines, packages, paid, settled, awaited, worth, whole, calendar), concern


def _calendar(lines: pa.Table, at: datetime, rules: Sequence[CalendarRule]) -> list[Period]:
    today = at.astimezone(LOCAL).date()
    cycles = sorted(set(lines.column("cycle").to_pylist()))
    return [period for cycle in cycles for period in periods_around(cycle, today - MONTH, today + MONTH, rules)]


def concern_of(lines: pa.Table, provider_id: str = "") -> Concern:
    """Whose facts an outlook on a provider's lines rests on: those of its people, their lines with other providers included."""
    people = sorted(set(lines.column("person_id").to_pylist()))
    every = frozenset(_lines_of_people(people).to_pylist())
    provider = provider_id or next(iter(lines.column("provider_id").to_pylist()), "")
    return Concern(provider, every, frozenset(people), frozenset(lines.column("contract_id").to_pylist()))


def _last_event() -> int:
    head = last_event()
    return head.number if head else 0


def _payment(
    provider_id: str, lines: pa.Table, people: list[str], everything: pa.Array, period: Period, at: datetime, until_event: int
) -> ExpectedPayment:
    worked = expect(people, everything, cycle=period.cycle, through=period.last_day, at=at, until_event=until_event, workings=False)
    receipts, holds = worked.reckoned.receipts, worked.reckoned.holds
    theirs = pc.equal(receipts.column("payee_id"), provider_id)
    held = pc.or_(
        pc.equal(holds.column("provider_id"), provider_id), pc.is_in(holds.column("line_id"), lines.column("line_id").combine_chunks())
    )
    return ExpectedPayment(period, worked, receipts.filter(theirs), holds.filter(held), 0, payable(0, 0))


def _carried(provider_id: str, payments: Sequence[ExpectedPayment]) -> list[ExpectedPayment]:
    """What stands between council and provider is settled with the first payment to come, the rest with the one after it (DIF-3)."""
    standing = balances([provider_id]).to_pylist()
    carried = standing[0]["balance_pence"] if standing else 0
    instalment = standing[0]["instalment_pence"] if standing else None
    settled = []
    for payment in payments:
        result = payable(payment.receipts_pence, carried, instalment)
        settled.append(replace(payment, carried_in_pence=carried, result=result))
        carried = result.carried_out_pence
    return settled


def _lines_of_people(people: list[str]) -> pa.Array:
    """Every line that ever was one of these people's, whoever's contract it is under."""
    term, parameter = any_of("person_id", people)
    select = f"SELECT DISTINCT line_id FROM {database_table('lines')} WHERE {term}"
    return read_rows(select, pa.schema([("line_id", pa.string())]), [parameter], order=("line_id",)).column(0).combine_chunks()


def _weeks(lines: pa.Table, at: datetime) -> tuple[pa.Table, dict[str, date]]:
    """Weeks awaited of the last thirteen, and each line's first whole week from today on."""
    today = at.astimezone(LOCAL).date()
    bounds = {"today": today, "first_day": today - BACK, "last_day": today + AHEAD}
    term, parameter = any_of("line_id", lines.column("line_id"))
    told = f"SELECT DISTINCT line_id, date FROM {database_table('actuals')} WHERE {term} AND date >= %s AND NOT withdrawn"
    paid = f"SELECT DISTINCT line_id, week FROM almoner_receipts WHERE {term} AND week >= %s AND book = 'payments'"
    with in_memory() as memory:
        memory.register("lines", lines)
        memory.register("told", read_rows(told, TOLD, [parameter, bounds["first_day"]]))
        memory.register("paid", read_rows(paid, PAID, [parameter, bounds["first_day"]]))
        memory.register("bounds", pa.Table.from_pylist([bounds]))
        memory.execute((files("almoner.office.runs") / "outlook.sql").read_text(encoding="utf-8"))
        awaited: pa.Table = memory.sql("SELECT line_id, person_id, week FROM awaited ORDER BY week, line_id").to_arrow_table()
        whole = memory.sql("SELECT line_id, week FROM whole_weeks").fetchall()
    return awaited.cast(WEEKS), dict(whole)


def _as_planned(people: list[str], awaited: pa.Table, known: Known, at: datetime) -> pa.Table:
    """What every line's weeks from the first awaited one on come to if all is delivered as planned and nothing was paid before."""
    if not people:
        return WORTH.empty_table()
    today = at.astimezone(LOCAL).date()
    through = today + AHEAD
    first = min([*awaited.column("week").to_pylist(), today])
    inputs = tables_known(known, people=people, from_date=through, until_date=through)
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(people)) for day in (first, through + timedelta(days=1))]
    scope = pa.table([pa.array(people, pa.string()), *days], schema=SCOPE)
    found = reckon(
        inputs | _as_if_planned(inputs), figures_for(through), book="payments", through=through, cycle="", scope=scope, since=None,
        workings=False,
    )  # fmt: skip
    with in_memory() as memory:
        memory.register("shares", found.workings["shares"])
        memory.register("receipts", found.receipts)
        worth: pa.Table = memory.sql(
            """
            SELECT line_id, week, gross_pence, coalesce(payable_pence, 0)::BIGINT AS payable_pence
            FROM (SELECT line_id, week, sum(amount_pence)::BIGINT AS gross_pence FROM shares GROUP BY line_id, week)
            LEFT JOIN (SELECT line_id, week, sum(amount_pence) AS payable_pence FROM receipts GROUP BY line_id, week) USING (line_id, week)
            ORDER BY line_id, week
            """
        ).to_arrow_table()
    return worth.cast(WORTH)


def _as_if_planned(inputs: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of facts in which everything is signed, paid on plan, and nothing was told, decided or paid before."""
    contracts, lines = inputs["contracts"], inputs["lines"]
    basis = pc.if_else(pc.equal(contracts.column("basis"), "actuals"), "planned", contracts.column("basis"))
    unsigned = pa.repeat(pa.scalar(False), contracts.num_rows)
    signed = pa.repeat(pa.scalar(EVER, pa.date32()), lines.num_rows)
    nothing = {name: TABLES[name].empty() for name in ("actuals", "prior_receipts", "releases", "bank_accounts")}
    return nothing | {
        "contracts": _with(_with(contracts, "basis", basis), "needs_agreement", unsigned),
        "lines": _with(lines, "authorised_on", signed),
    }


def _with(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    position = table.schema.get_field_index(name)
    return table.set_column(position, table.schema.field(position), values)
