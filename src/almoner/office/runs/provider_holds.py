"""What is held of a provider's lines, as it stands now: why, since when, who acts next, planned against claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.core.money import PARTS_PER_PENNY
from almoner.office.accounts.readers import Reader
from almoner.office.care.queries import reached
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import table_known
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.desk_models import HoldStep
from almoner.office.runs.holds import KEY, Said, hold_id, said_in, waits_by
from almoner.office.runs.models import Release, Run
from almoner.office.runs.outlook import ExpectedPayment, explained_week, outlook
from almoner.office.runs.queries import SEALED_HOLDS
from almoner.office.runs.shared_holds import WORDS, is_shared, own_part, people_shared, sealed_weeks_of

Row = dict[str, Any]
WEEK = timedelta(days=7)
FIRST = pa.schema([("hold_id", pa.string()), ("at", pa.timestamp("us", "UTC"))])
THEN_US = "You, then the payments team"
ACTS_NEXT = dict.fromkeys(("FUT", "DUP", "DTH", "HOS"), THEN_US) | {
    "TOL": "Payments team", "AUT": "Team manager", "AGR": "You", "DAT": "You, then brokerage", "UNP": "You", "RAT": "Brokerage",
    "BNK": "A second person at the council", "CRD": "Finance",
}  # fmt: skip
"""Who must do something about a hold, by its code."""
NOBODY = "Nobody"


@dataclass(frozen=True)
class Compared:
    """A week's claim against its plan, each to the nearest penny and in minutes; `tenths`: by how many tenths of a per cent it is more."""

    planned_pence: int
    claimed_pence: int
    difference_pence: int
    tenths: int | None
    allowed_basis_points: int
    planned_minutes: int
    claimed_minutes: int
    holds_excess: bool


@dataclass(frozen=True)
class ProviderHold:
    """One hold. `state` is a word of `furniture.statuses` (hold); `lines` are those of the reader that it stops; `said` is what the council
    asked and what was said to it, oldest first."""

    hold: str
    code: str
    person: Row
    line_id: str
    lines: tuple[str, ...]
    week: date
    amount_pence: int
    message: str
    remedy: str
    state: str
    since: datetime | None
    reason: str
    at: datetime | None
    period: Period | None
    said: tuple[Said, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the council was told something about it, and it is the council's turn."""
        return self.state == "open" and bool(self.said) and self.said[-1].is_provider

    @property
    def acts_next(self) -> str:
        """Who must do something about it."""
        if self.state in ("released", "mended", "upheld"):
            return NOBODY if self.state != "upheld" else "You, if you disagree"
        if self.is_answered and ACTS_NEXT[self.code] in (THEN_US, "You, then brokerage"):
            return "Payments team"
        return "You" if self.state == "provider" else ACTS_NEXT[self.code]


@dataclass(frozen=True)
class HoldDetail:
    """A hold with its week, visit by visit, and the comparison that stopped it; `weeks` are the workings of its lines."""

    hold: ProviderHold
    compared: Compared | None
    visits: list[Row]
    weeks: list[Row]


def provider_holds(reader: Reader, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[ProviderHold]:
    """What is held of the lines open to a reader, and what was held in the last run and no longer is; the largest amount first."""
    return [hold for hold, _ in _found(reader, at, rules)]


def hold_detail(reader: Reader, hold: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> HoldDetail | None:
    """One hold of a reader's lines; None when there is none."""
    found = next(((one, payment) for one, payment in _found(reader, at, rules) if one.hold == hold), None)
    if found is None:
        return None
    shown, payment = found
    if payment is None:
        return HoldDetail(shown, None, [], [])
    workings = explained_week(payment, shown.person, shown.week, at).workings
    days, weeks = (
        [row for row in workings[name].to_pylist() if row["line_id"] in shown.lines and row["week"] == shown.week]
        for name in ("days", "weeks")
    )
    of_group = workings["weeks"] if shown.code == "TOL" and shown.message != WORDS else None
    return HoldDetail(shown, _compared(of_group, shown, days), _visits(days, shown, at), weeks)


def _found(reader: Reader, at: datetime, rules: Sequence[CalendarRule]) -> list[tuple[ProviderHold, ExpectedPayment | None]]:
    view = outlook(reader.organisation_id, at=at, rules=rules)
    lines = {row["line_id"]: row for row in reached(reader, view.lines).to_pylist()}
    by_person: dict[str, list[str]] = defaultdict(list)
    for row in lines.values():
        by_person[row["person_id"]].append(row["line_id"])
    now: dict[str, tuple[Row, ExpectedPayment | None]] = {}
    for payment in view.payments:
        now |= {hold_id(*(row[name] for name in KEY)): (row, payment) for row in payment.holds.to_pylist()}
    before = {row["hold_id"]: row for row in _last_sealed(reader.organisation_id)}
    rows = {name: (row, payment) for name, (row, payment) in now.items() if _stopped(row, lines, by_person)}
    rows |= {name: (row, None) for name, row in before.items() if name not in now and _stopped(row, lines, by_person)}
    shared = people_shared(reached(reader, view.lines), view.lines) if reader.is_limited else frozenset()
    rows = {name: (_own(row, payment, lines, by_person, shared, at), payment) for name, (row, payment) in rows.items()}
    since, steps, decided = _since(list(rows)), _steps(list(rows)), _decisions([row for row, _ in rows.values()])
    shown = [
        (_shown(name, row, payment, _stopped(row, lines, by_person), lines, since, steps.get(name, []), decided), payment)
        for name, (row, payment) in rows.items()
    ]
    return sorted(shown, key=lambda one: (one[1] is None, -one[0].amount_pence, one[0].hold))


def _own(
    row: Row, payment: ExpectedPayment | None, lines: Mapping[str, Row], by_person: Mapping[str, list[str]], shared: frozenset[str],
    at: datetime,
) -> Row:  # fmt: skip
    """A hold as the reader may know it: of one that is shared with services they do not reach, their part."""
    if not is_shared(row, shared):
        return row
    own = by_person[row["person_id"]]
    if payment is None:
        return own_part(row, own, sealed_weeks_of(row["run_id"], own, row["week"]))
    return own_part(row, own, explained_week(payment, lines[own[0]], row["week"], at).workings["weeks"])


def _stopped(row: Row, lines: Mapping[str, Row], by_person: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The lines of the reader that a hold stops."""
    if row["line_id"]:
        return (row["line_id"],) if row["line_id"] in lines else ()
    return tuple(by_person.get(row["person_id"], ()))


def _shown(
    name: str, row: Row, payment: ExpectedPayment | None, stopped: tuple[str, ...], lines: Mapping[str, Row],
    since: Mapping[str, datetime], steps: list[Row], decisions: list[Row],
) -> ProviderHold:  # fmt: skip
    state, at, reason = _state(row, payment is not None, steps, decisions)
    return ProviderHold(
        name, row["code"], lines[stopped[0]], row["line_id"], stopped, row["week"], row["amount_pence"], row["message"], row["remedy"],
        state, since.get(name), reason, at, payment.period if payment else None, said_in(steps),
    )  # fmt: skip


def _state(row: Row, stands: bool, steps: list[Row], decisions: list[Row]) -> tuple[str, datetime | None, str]:
    """Where a hold stands, since when, and in which words it was decided."""
    fitting = [one for one in decisions if not one["withdrawn"] and all(not one[name] or one[name] == row[name] for name in KEY)]
    decision = max(fitting, key=lambda one: one["recorded_at"], default=None)
    waits = waits_by(steps)
    if decision is not None and (waits is None or decision["recorded_at"] >= waits[1]):
        state = "upheld" if decision["decision"] == "uphold" else ("release_ended" if stands else "released")
        return state, decision["recorded_at"], decision["reason"]
    if not stands:
        return "mended", None, ""
    if waits is not None:
        return waits[0], waits[2]["at"], waits[2]["note"]
    return "open", None, ""


def _last_sealed(provider_id: str) -> list[Row]:
    """What the last sealed run of payments held of a provider."""
    last = Run.objects.filter(book="payments", origin="calculated").order_by("-id").values_list("id", flat=True).first()
    if last is None:
        return []
    select = "SELECT * FROM almoner_sealed_holds WHERE run_id = %s AND provider_id = %s"
    rows: list[Row] = read_rows(select, SEALED_HOLDS, [last, provider_id], order=("number",)).to_pylist()
    return rows


def _since(names: list[str]) -> dict[str, datetime]:
    """When each hold was first sealed as one."""
    condition, given = any_of("h.hold_id", names)
    select = (
        "SELECT h.hold_id AS hold_id, min(e.at) AS at FROM almoner_sealed_holds h JOIN almoner_run_events e"
        f" ON e.subject = h.run_id AND e.event = 'sealed' WHERE {condition} GROUP BY h.hold_id"
    )
    return {row["hold_id"]: row["at"] for row in read_rows(select, FIRST, [given], order=("hold_id",)).to_pylist()}


def _steps(names: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in HoldStep.objects.filter(hold_id__in=names).order_by("id").values("hold_id", "step", "note", "by", "at"):
        found[row["hold_id"]].append(dict(row))
    return found


def _decisions(rows: list[Row]) -> list[Row]:
    """Decisions that name these holds' people, or nobody, the latest version of each."""
    people = {row["person_id"] for row in rows if row["person_id"]}
    columns = ("decision", *KEY, "reason", "recorded_at", "withdrawn")
    found = Release._default_manager.filter(person_id__in=people) | Release._default_manager.filter(person_id__isnull=True)
    latest = {tuple(row[name] for name in KEY): dict(row) for row in found.order_by("version").values(*columns)}
    return list(latest.values())


COMPARED = f"""
    WITH groups AS (
        SELECT DISTINCT claimed_parts::HUGEINT AS claimed, planned_parts::HUGEINT AS planned,
            compared_split::HUGEINT * {PARTS_PER_PENNY} AS penny, tolerance_basis_points, holds_excess
        FROM weeks WHERE person_id = $person AND provider_id = $provider AND week = $week AND claimed_parts IS NOT NULL
    ),
    rounded AS (
        SELECT *, ((2 * planned + penny) // (2 * penny))::BIGINT AS planned_pence,
            ((2 * claimed + penny) // (2 * penny))::BIGINT AS claimed_pence
        FROM groups
    )
    SELECT planned_pence, claimed_pence, claimed_pence - planned_pence,
        CASE WHEN planned > 0 THEN (sign(claimed - planned) * ((2000 * abs(claimed - planned) + planned) // (2 * planned)))::BIGINT END,
        coalesce(tolerance_basis_points, 0)::BIGINT, holds_excess
    FROM rounded
"""


def _compared(weeks: pa.Table | None, hold: ProviderHold, days: list[Row]) -> Compared | None:
    if weeks is None:
        return None
    with in_memory() as memory:
        memory.register("weeks", weeks)
        named = {"person": hold.person["person_id"], "provider": hold.person["provider_id"], "week": hold.week}
        found = memory.execute(COMPARED, named).fetchone()
    if found is None:
        return None
    planned, claimed, difference, tenths, allowed, excess = found
    visits = [day for day in days if day["kind"] in ("visit", "planned visit") and day["held"] is None]
    minutes = sum(day["planned_minutes"] or 0 for day in visits if day["outcome"] != "extra")
    given = sum((day["payable_minutes"] or 0) for day in visits)
    return Compared(planned, claimed, difference, tenths, allowed, minutes, given, bool(excess))


def _visits(days: list[Row], hold: ProviderHold, at: datetime) -> list[Row]:
    """The week's visits in order: planned, claimed, and the provider's own words."""
    actuals = table_known("actuals", at, lines=list(hold.lines), from_date=hold.week, until_date=hold.week + WEEK)
    said = {row["row"]: row["comment"] for row in actuals.select(["row", "comment"]).to_pylist()}
    rows = []
    for day in sorted(days, key=lambda day: (day["date"], day["line_id"], day["start_minute"] or 0)):
        silent = day["kind"] == "planned visit"
        planned = None if day["outcome"] == "extra" or day["kind"] == "week total" else day["planned_minutes"]
        claimed = planned if silent else day["delivered_minutes"]
        start = day["start_minute"]
        rows.append(
            {
                "date": day["date"], "start": time(start // 60 % 24, start % 60) if start is not None else None, "line": day["line_id"],
                "planned": planned, "claimed": claimed, "difference": (claimed or 0) - (planned or 0), "reason": day["reason"] or "",
                "outcome": "As planned" if silent else (day["outcome"] or day["kind"]).capitalize(), "comment": said.get(day["row"]) or "",
                "held": day["held"] or "",
            }
        )  # fmt: skip
    return rows
