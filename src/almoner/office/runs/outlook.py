"""What stands before a provider now: the payments to expect, the weeks still to be told of, and what a week of each line is worth.

Worked out by the calculation itself, of the provider's people alone, and kept until something is recorded that concerns them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.carrying import Payable, payable
from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE
from almoner.office.accounts.readers import Reader
from almoner.office.care.packages import Package
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import tables_known
from almoner.office.records.versions import database_table
from almoner.office.runs.as_planned import as_if_planned
from almoner.office.runs.calculation import Reckoned, figures_for
from almoner.office.runs.calendar import LOCAL, CalendarRule, Period
from almoner.office.runs.cycles import Cycle, coming_among, cycles_around
from almoner.office.runs.desks import reckon_at_a_desk
from almoner.office.runs.expected import Expectation, expect
from almoner.office.runs.freshness import Watch, watched
from almoner.office.runs.line_worth import LineKey
from almoner.office.runs.payments import PaymentShown, payments_to
from almoner.office.runs.provider_care import Care, care_of, lines_of_people, reckoned_for, rows_open_to
from almoner.office.runs.queries import balances, last_event, total_pence

BACK = timedelta(weeks=13)
"""How far back weeks are looked for that nobody told of; older ones are asked about, not filled in."""
AHEAD = timedelta(days=20)
WEEK = timedelta(days=7)
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

    @cached_property
    def week_worth(self) -> dict[str, int]:
        """What that coming week of each line comes to if delivered as planned, in pence."""
        weeks = pa.table({"line_id": [*self.whole_weeks], "week": pa.array([*self.whole_weeks.values()], pa.date32())})
        found = self.worth.join(weeks, keys=["line_id", "week"], join_type="inner")
        return dict(zip(found.column("line_id").to_pylist(), found.column("gross_pence").to_pylist(), strict=True))

    @cached_property
    def changed(self) -> tuple[dict[LineKey, int], dict[LineKey, str]]:
        """What the payments to come bring for weeks of lines, and the code of what is held of them, a person's whole week for each line."""
        receipts = [row for payment in self.payments for row in payment.receipts.to_pylist()]
        holds = [row for payment in self.payments for row in payment.holds.to_pylist()]
        of_person: dict[str, list[str]] = defaultdict(list)
        for line_id, person_id in zip(*(self.lines.column(name).to_pylist() for name in ("line_id", "person_id")), strict=True):
            of_person[person_id].append(line_id)
        held: dict[LineKey, str] = {}
        for row in holds:
            whole = of_person[row["person_id"]] if row["provider_id"] == self.provider_id else []
            held |= {(line_id, row["week"]): row["code"] for line_id in ([row["line_id"]] if row["line_id"] else whole)}
        return {(row["line_id"], row["week"]): row["amount_pence"] for row in receipts}, held


def outlook(provider_id: str, *, at: datetime, rules: Sequence[CalendarRule] = (), explained: bool = False) -> Outlook:
    """What stands before a provider at a moment, kept while nothing it rests on has changed; each part of it by itself.

    Only when `explained` do its payments hold the workings of days and weeks, which take as long again. Raises DaysNotKnown.
    """
    watch, rules = watched(provider_id, at), tuple(rules)
    care = care_of(watch)
    cycles = watch.keep(("cycles", rules), (watch.care, watch.event, watch.day, rules), lambda: cycles_around(care.cycles, at, rules))
    coming = tuple(coming_among(cycles, at))
    depends = (*watch.facts, watch.event, watch.day, rules, coming)
    plain = watch.keep(("outlook", rules), depends, lambda: _looked(watch, care, cycles, coming, rules))
    return watch.keep(("explained", rules), depends, lambda: _explained(plain, care, watch)) if explained else plain


def explained_week(payment: ExpectedPayment, line: Mapping[str, Any], week: date, at: datetime) -> Reckoned:
    """How the weeks of a line's person from one on were worked out for an expected payment, kept like the payment itself."""
    person, through, watch = line["person_id"], payment.period.last_day, watched(line["provider_id"], at)
    return reckoned_for(watch, [person], from_week=week, through=through)


def weeks_awaited(reader: Reader, at: datetime) -> int:
    """How many weeks of the reader's lines have ended and were not told of: what still waits for the next cut-off."""
    watch = watched(reader.organisation_id, at)
    care = care_of(watch)
    awaited, _ = _awaited(watch, care)
    if not reader.is_limited:
        return int(awaited.num_rows)
    own = {row["line_id"] for row in rows_open_to(reader, care)}
    return sum(line in own for line in awaited.column("line_id").to_pylist())


def _awaited(watch: Watch, care: Care) -> tuple[pa.Table, dict[str, date]]:
    """The weeks that nobody told of, and a coming week of each line."""
    return watch.keep(
        "awaited",
        (watch.care, watch.sealed, watch.day),
        lambda: _weeks(care.lines, watch.at),
        lambda then, people: _weeks_mended(then, people, care, watch),
    )


def next_cut_off(view: Outlook, at: datetime) -> Period | None:
    """The first cut-off still to come among those of the provider's cycles."""
    return min((one for one in view.calendar if one.cut_off_at > at), key=lambda one: (one.cut_off_at, one.pay_date), default=None)


def _explained(plain: Outlook, care: Care, watch: Watch) -> Outlook:
    """The same with how it was worked out."""
    payments = [replace(one, worked=_worked(care, one.period, watch, workings=True)) for one in plain.payments]
    return replace(plain, payments=tuple(payments))


def _looked(watch: Watch, care: Care, cycles: Sequence[Cycle], coming: Sequence[Period], rules: tuple[CalendarRule, ...]) -> Outlook:
    provider, lines, day = watch.provider_id, care.lines, watch.day
    payments = [
        watch.keep(
            ("expected", period), (watch.care, watch.sealed, day), partial(_payment, care, period, watch), partial(_mended, care, watch)
        )
        for period in coming
    ]
    awaited, whole = _awaited(watch, care)
    worth = watch.keep("as planned", (watch.care, day), lambda: _as_planned(care.people, watch))
    paid = watch.keep(
        ("paid", rules), (watch.care, watch.event), lambda: tuple(payments_to(provider, lines.column("line_id"), rules=rules))
    )
    settled = tuple(_carried(provider, payments))
    calendar = tuple(period for cycle in cycles for period in cycle.within(day - MONTH, day + MONTH))
    return Outlook(provider, lines, care.packages, paid, settled, awaited, worth, whole, calendar)


def _worked(care: Care, period: Period, watch: Watch, *, workings: bool, only: frozenset[str] | None = None) -> Expectation:
    """What a run would post of the provider's people, or `only` of some."""
    head = last_event()
    people = care.people if only is None else sorted(only)
    worked = expect(
        people, care.every if only is None else lines_of_people(people), cycle=period.cycle, through=period.last_day, at=watch.at,
        until_event=head.number if head else 0, workings=workings,
    )  # fmt: skip
    watch.beside({**worked.facts, "actuals": worked.carers})
    return worked


def _payment(care: Care, period: Period, watch: Watch, only: frozenset[str] | None = None) -> ExpectedPayment:
    worked = _worked(care, period, watch, workings=False, only=only)
    receipts, holds = worked.reckoned.receipts, worked.reckoned.holds
    theirs = pc.equal(receipts.column("payee_id"), watch.provider_id)
    held = pc.or_(
        pc.equal(holds.column("provider_id"), watch.provider_id),
        pc.is_in(holds.column("line_id"), lines_column(care)),
    )
    return ExpectedPayment(period, worked, receipts.filter(theirs), _of_cycle(holds.filter(held), care, period.cycle), 0, payable(0, 0))


def _of_cycle(holds: pa.Table, care: Care, cycle: str) -> pa.Table:
    """Without what is held of lines that another cycle pays: a run finds what is held of all a person's lines, and each is told of once."""
    here = pc.equal(care.lines.column("cycle"), cycle)
    own, others = care.lines.filter(here), care.lines.filter(pc.invert(here))

    def among(name: str, lines: pa.Table) -> pa.ChunkedArray:
        return pc.is_in(holds.column(name), value_set=lines.column(name).combine_chunks())

    whole = pc.and_(pc.equal(holds.column("line_id"), ""), pc.and_(among("person_id", others), pc.invert(among("person_id", own))))
    return holds.filter(pc.invert(pc.or_(among("line_id", others), whole)))


def lines_column(care: Care) -> pa.Array:
    """The ids of the provider's lines."""
    return care.lines.column("line_id").combine_chunks()


def _mended(care: Care, watch: Watch, then: ExpectedPayment, people: frozenset[str]) -> ExpectedPayment:
    """The same with some people's part worked out anew: what is posted and held of others is not touched by what was told of these."""
    own = people & frozenset(care.people)
    if not own:
        return then
    now = _payment(care, then.period, watch, own)
    return replace(then, receipts=_exchanged(then.receipts, now.receipts, own), holds=_exchanged(then.holds, now.holds, own))


def _exchanged(then: pa.Table, now: pa.Table, people: frozenset[str]) -> pa.Table:
    own = pa.array(sorted(people), pa.string())
    kept = then.filter(pc.invert(pc.is_in(then.column("person_id"), value_set=own)))
    new = now.filter(pc.is_in(now.column("person_id"), value_set=own))
    order = ("book", "payee_id", "person_id", "provider_id", "line_id", "funder_id", "week", "code")
    return pa.concat_tables([kept, new]).sort_by([(name, "ascending") for name in order if name in then.column_names])


def _weeks_mended(
    then: tuple[pa.Table, dict[str, date]], people: frozenset[str], care: Care, watch: Watch
) -> tuple[pa.Table, dict[str, date]]:
    own = pa.array(sorted(people), pa.string())
    awaited, _ = _weeks(care.lines.filter(pc.is_in(care.lines.column("person_id"), value_set=own)), watch.at)
    kept = then[0].filter(pc.invert(pc.is_in(then[0].column("person_id"), value_set=own)))
    return pa.concat_tables([kept, awaited]).sort_by([("week", "ascending"), ("line_id", "ascending")]), then[1]


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


def _as_planned(people: list[str], watch: Watch) -> pa.Table:
    """What every line's weeks from the first that may be awaited on come to if all is delivered as planned and nothing was paid before."""
    if not people:
        return WORTH.empty_table()
    through = watch.day + AHEAD
    inputs = tables_known(watch.known, people=people, from_date=through, until_date=through)
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(people)) for day in (watch.day - BACK - WEEK, through + timedelta(days=1))]
    scope = pa.table([pa.array(people, pa.string()), *days], schema=SCOPE)
    found = reckon_at_a_desk(
        inputs | as_if_planned(inputs), figures_for(through), book="payments", through=through, scope=scope, workings=False
    )
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
