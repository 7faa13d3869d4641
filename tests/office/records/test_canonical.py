"""The spelling that hashes are taken over: kept for ever, so written out here by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa
import pytest
from tests.office.records.rows import record, visit

from almoner.office.records.canonical import canonical_rows, link

EVERY_KIND = pa.table(
    {
        "number": pa.array([1, None], pa.int64()),
        "text": pa.array(["a\\b\tc\nd\re \\N", ""], pa.string()),
        "truth": pa.array([True, False], pa.bool_()),
        "day": pa.array([date(2026, 4, 6), None], pa.date32()),
        "time": pa.array([time(7, 30), time(0, 0)], pa.time32("s")),
        "moment": pa.array([datetime(2026, 4, 6, 7, 30), None], pa.timestamp("s")),
        "instant": pa.array([datetime(2026, 4, 6, 7, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
    }
)
SPELLED = (
    b"1\ta\\\\b\\tc\\nd\\re \\\\N\ttrue\t2026-04-06\t07:30:00\t2026-04-06 07:30:00\t2026-04-06 07:30:00.000000Z\n"
    b"\\N\t\tfalse\t\\N\t00:00:00\t\\N\t\\N\n"
)


def test_every_kind_of_cell_has_one_spelling() -> None:
    assert canonical_rows(EVERY_KIND) == SPELLED
    assert canonical_rows(EVERY_KIND.slice(1, 1)) == SPELLED.split(b"\n")[1] + b"\n"
    assert canonical_rows(pa.concat_tables([EVERY_KIND, EVERY_KIND])) == SPELLED * 2
    assert canonical_rows(EVERY_KIND.slice(0, 0)) == b""


def test_a_link_is_over_the_one_before_and_where_each_part_ends() -> None:
    parts = [b"before", b"one", "zwei £".encode()]
    by_hand = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()
    assert link("before", b"one", "zwei £") == by_hand
    assert link("", "ab", "c") != link("", "a", "bc")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_acts_have_the_same_hash_on_every_database(office: Path, at: datetime, rows: int) -> None:
    """Worked out once by hand from the spelling: a change here would make every council's chain look tampered with."""
    from almoner.office.records.queries import facts_head

    record("actuals", *(visit(f"L{n}", submitted=datetime(2026, 10, 6, 9, 0)) for n in range(rows)), at=at)
    text = "".join(
        f"{n + 1}\t2026-11-02 09:00:00.000000Z\tclerk\t\\N\tfalse\tL{n}\t2026-10-05\tvisit\t08:00:00\t\\N\t\\N\t30\t\\N\t1\t\\N\tdelivered"
        "\t\\N\t\\N\t2026-10-06 09:00:00\n"
        for n in range(rows)
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    expected = link("", f"1\t1\tactuals\t1\t{rows}\t", "2026-11-02T09:00:00.000000+00:00", "clerk", digest)
    assert facts_head() == (1, expected)


def test_the_models_read_what_was_recorded_in_bulk(office: Path, at: datetime) -> None:
    from almoner.office.records.versions import VERSIONED

    record("actuals", visit(submitted=datetime(2026, 10, 6, 9, 0, 5)), at=at)
    [actual] = VERSIONED["actuals"].objects.all()
    assert (actual.submitted_at, actual.date, actual.start_time) == (datetime(2026, 10, 6, 9, 0, 5), date(2026, 10, 5), time(8, 0))
    assert (actual.recorded_at, actual.withdrawn, actual.units) == (at, False, None)
    found = VERSIONED["actuals"].objects.filter(submitted_at__lte=datetime(2026, 10, 6, 9, 0, 5), recorded_at__lte=at)
    assert found.count() == 1
