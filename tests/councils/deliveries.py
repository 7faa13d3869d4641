"""Invented actuals: most as planned, some short, long, missing, twice, elsewhere, too early, too late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from tests.councils.rows import Row, Tables, add
from tests.councils.terms import WEEKDAYS
from tests.councils.when import Window

REASONS = (None, None, None, "illness", "weather", "refused", "hospital", "other")
OUTCOMES = ("delivered",) * 8 + ("extra", "frustrated", "frustrated", "frustrated", "missed", "cancelled")


def report(rng: Random, tables: Tables, window: Window, line: Row, basis: str) -> None:
    """Whatever a provider says of a line in the five weeks."""
    if basis not in ("actuals", "planned"):
        if rng.random() < 0.1:
            _visit(rng, tables, window, line, window.day(rng), time(8))
        return
    manner = rng.choice(["exact", "exact", "exact but one", "exact but one", "careless", "careless", "silent", "wild"])
    for week in range(5):
        monday = window.first + timedelta(days=7 * week)
        if rng.random() < 0.12:
            _total(rng, tables, window, line, monday + timedelta(days=rng.randrange(7)))
        if manner != "silent" and rng.random() < 0.8:
            _week(rng, tables, window, line, monday, manner)


def _week(rng: Random, tables: Tables, window: Window, line: Row, monday: date, manner: str) -> None:
    for slot in [row for row in tables.get("schedule", []) if row["line_id"] == line["line_id"]]:
        day = monday + timedelta(days=WEEKDAYS.index(slot["weekday"]))
        if manner.startswith("exact"):
            slip = rng.choice([0, 0, 4, 30, -10]) if manner == "exact but one" else 0
            reason = rng.choice(REASONS) if slip else None
            cells = {"delivered_minutes": max(0, slot["minutes"] + slip), "carers": slot["carers"], "reason": reason}
            add(tables, "actuals", line_id=line["line_id"], date=day, start_time=slot["start_time"], submitted_at=_soon(rng, day), **cells)
        elif rng.random() < 0.75:
            _visit(rng, tables, window, line, day, rng.choice([slot["start_time"]] * 5 + [None, time(9, 15)]), slot["minutes"])
    for _ in range(rng.choice([0, 1, 3] if manner == "wild" else [0, 0, 1])):
        _visit(rng, tables, window, line, monday + timedelta(days=rng.randrange(7)), _some_time(rng))
    if rng.random() < 0.12:
        _nobody_home(rng, tables, line, monday)
    if manner == "wild" and rng.random() < 0.6:
        _again(rng, tables, line)


def _some_time(rng: Random) -> time | None:
    return rng.choice([None, time(7, 45), time(8), time(8, 20), time(12), time(23, 40), time(0, 10)])


def _soon(rng: Random, day: date) -> datetime | None:
    """When it was submitted: days later, never said, or before it happened."""
    if rng.random() < 0.08:
        return None
    late = rng.choice([0, 1, 2, 3, 7]) if rng.random() < 0.95 else -rng.choice([1, 3])
    return datetime.combine(day + timedelta(days=late), time(rng.randrange(24), rng.choice([0, 30])))


def _visit(rng: Random, tables: Tables, window: Window, line: Row, day: date, start: time | None, minutes: int = 30) -> None:
    outcome = rng.choice(OUTCOMES)
    given = outcome in ("delivered", "extra")
    delivered = max(0, rng.choice([minutes, minutes, minutes + rng.choice([1, 8, 23, -5, -8]), 37, 52, 61]))
    by_unit = given and rng.random() < 0.12
    add(
        tables, "actuals", line_id=line["line_id"], date=day, start_time=start, outcome=outcome,
        planned_minutes=rng.choice([None, None, 30, 45, 40]), delivered_minutes=delivered if given and not by_unit else None,
        units=rng.choice([100, 50, 200, 33]) if by_unit or (given and rng.random() < 0.05) else None,
        carers=rng.choice([1, 1, 1, 2]), carer_id=rng.choice([None, None, "W1", "W2"]), reason=rng.choice(REASONS),
        submitted_at=_soon(rng, day),
    )  # fmt: skip


def _nobody_home(rng: Random, tables: Tables, line: Row, monday: date) -> None:
    """A run of frustrated visits, day after day."""
    for n in range(rng.choice([3, 4, 6])):
        day = monday + timedelta(days=n)
        cells = {"line_id": line["line_id"], "date": day, "start_time": time(10), "planned_minutes": 30, "submitted_at": _soon(rng, day)}
        add(tables, "actuals", outcome="frustrated", reason=rng.choice(["refused", "refused", None]), **cells)


def _total(rng: Random, tables: Tables, window: Window, line: Row, day: date) -> None:
    minutes, units = rng.choice([(840, None), (840, None), (95, None), (601, None), (None, 300), (None, 150), (60, 200), (0, None)])
    add(
        tables, "actuals", line_id=line["line_id"], date=day, kind="week", outcome=rng.choice(("delivered",) * 5 + OUTCOMES),
        delivered_minutes=minutes, units=units, carers=rng.choice([1, 1, 2]), reason=rng.choice(REASONS), submitted_at=_soon(rng, day),
        planned_minutes=rng.choice([None, None, 840, 60]),
    )  # fmt: skip


def _again(rng: Random, tables: Tables, line: Row) -> None:
    """A row sent again with something changed, before or after the first."""
    own = [row for row in tables.get("actuals", []) if row["line_id"] == line["line_id"]]
    if own:
        changed = {name: cell for name, cell in rng.choice(own).items() if name != "row"}
        if changed["delivered_minutes"]:
            changed["delivered_minutes"] += 1
        if changed["submitted_at"]:
            changed["submitted_at"] += timedelta(days=rng.choice([-1, 0, 1, 9]))
        add(tables, "actuals", **changed)


def report_unknown(rng: Random, tables: Tables, window: Window) -> None:
    for _ in range(rng.choice([0, 0, 1, 2])):
        day = window.day(rng)
        outcome = rng.choice(["delivered", "delivered", "missed"])
        add(tables, "actuals", line_id="L99", date=day, delivered_minutes=30, outcome=outcome, kind=rng.choice(["visit", "visit", "week"]))


def clash(rng: Random, tables: Tables) -> None:
    """Put one carer in two places: a visit of another line (or the same, past midnight) that begins before the first ends."""
    visits = [r for r in tables.get("actuals", []) if r["kind"] == "visit" and r["start_time"] is not None and r["delivered_minutes"]]
    for row in rng.sample(visits, min(len(visits), rng.choice([0, 1, 2, 3]))):
        row["carer_id"] = "W9"
        later = datetime.combine(row["date"], row["start_time"]) + timedelta(
            minutes=row["delivered_minutes"] + rng.choice([-10, -10, -1, 0])
        )
        other = rng.choice(visits)
        cells = {"line_id": other["line_id"], "date": later.date(), "start_time": later.time(), "submitted_at": row["submitted_at"]}
        add(tables, "actuals", delivered_minutes=rng.choice([20, 45]), carer_id="W9", **cells)
