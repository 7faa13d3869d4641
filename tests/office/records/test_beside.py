"""Questions asked side by side, and actuals that were read once and not asked for again."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.office.records.rows import MONDAY, line, plain, record, visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COLUMNS = ("table_name", "person_id", "line_id", "contract_id", "provider_id", "first_day", "last_day", "recorded_by", "recorded_on")


def lines_there() -> list[str]:
    from almoner.office.records.queries import table_known

    return list(table_known("lines").column("line_id").to_pylist())


def test_each_is_asked_on_a_connection_of_its_own(office: Path, at: datetime) -> None:
    from almoner.office.records.queries import side_by_side

    record("lines", line(), at=at)
    with side_by_side() as ask:
        found = [ask(lambda: (lines_there(), id(connection.connection))) for _ in range(4)]
        told = [future.result() for future in found]
    assert [lines for lines, _ in told] == [["L1"]] * 4
    assert id(connection.connection) not in {other for _, other in told}


def test_inside_a_transaction_what_it_wrote_is_seen(office: Path, at: datetime) -> None:
    from almoner.office.records.queries import side_by_side

    with transaction.atomic():
        record("lines", line("L7"), at=at)
        with side_by_side() as ask:
            assert ask(lines_there).result() == ["L7"]


def test_a_question_that_fails_says_so_to_whoever_asked(office: Path) -> None:
    from almoner.office.records.queries import side_by_side

    with side_by_side() as ask, pytest.raises(ZeroDivisionError):
        ask(lambda: 1 // 0).result()


def told_again_and_again(at: datetime) -> None:
    """Visits and totals of many days, replaced, withdrawn, told by several and with a moment before that of others."""
    told = [(7, 3, "ann"), (0, 3, "ann"), (14, 2, "bob"), (6, 2, "cyd")]
    for hours, (first, lines, by) in enumerate(told):
        days = [visit(f"L{n}", MONDAY + (first + n) * DAY, 30 + hours) for n in range(lines)]
        totals = [visit(f"L{n}", MONDAY + (first + 7) * DAY, kind="week", start_time=None) for n in range(lines)]
        record("actuals", *days, *totals, at=at + hours * HOUR, by=by)
    record("actuals", visit("L1", MONDAY + 8 * DAY, 33), at=at + 4 * HOUR, by="bob", withdrawn=True)
    record("actuals", visit("L9", MONDAY + 9 * DAY), at=at + 90 * timedelta(minutes=1), by="dan")
    record("actuals", visit("L9", MONDAY + 10 * DAY), at=at + 9 * HOUR, by="eve")


SPANS = [(0, 30), (7, 14), (-5, 2), (30, 40), (14, 7)]


@pytest.mark.parametrize(("first", "until"), SPANS)
def test_what_was_seen_says_what_changed_as_the_database_would(office: Path, at: datetime, first: int, until: int) -> None:
    from almoner.office.records.queries import actuals_of_days, changed_between, known_at

    told_again_and_again(at)
    record("lines", line(), at=at + 2 * HOUR)
    from_date, until_date = MONDAY + first * DAY, MONDAY + until * DAY
    found = []
    for after, to in itertools.combinations([at - HOUR, at, at + HOUR, at + 2 * HOUR, at + 4 * HOUR, at + 9 * HOUR], 2):
        _, seen = actuals_of_days(from_date, until_date, known_at(to))
        asked = changed_between(after, to)
        assert spelled(changed_between(after, to, seen=lambda seen=seen: seen)) == spelled(asked), (after, to)
        found.append(asked.num_rows)
    assert max(found) == 24


def spelled(changes: Any) -> list[str]:
    return sorted(map(str, plain(changes, *COLUMNS)))


@pytest.mark.parametrize(("first", "until"), SPANS)
def test_the_actuals_of_days_are_those_in_force_in_the_order_of_recording(office: Path, at: datetime, first: int, until: int) -> None:
    from almoner.office.records.queries import actuals_of_days, known_at, table_known

    told_again_and_again(at)
    from_date, until_date = MONDAY + first * DAY, MONDAY + until * DAY
    for moment in (at, at + 2 * HOUR, at + 9 * HOUR):
        standing, seen = actuals_of_days(from_date, until_date, known_at(moment))
        assert standing.equals(table_known("actuals", moment, from_date=from_date, until_date=until_date))
        assert set(standing.column("row").to_pylist()) <= set(seen.versions.column("row").to_pylist())
        assert all(from_date <= day < until_date for day in dates(seen.versions))


def dates(versions: Any) -> list[date]:
    return list(versions.column("date").to_pylist())
