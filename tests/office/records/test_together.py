"""Several processes at once, and one that is killed: facts are whole, in one order, and none slips in behind a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests.office.records.rows import line, plain, record

ROOT = Path(__file__).resolve().parents[3]
PRELUDE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from django.db import transaction
from tests.office.records.rows import facts, line
from almoner.office.records.operations import append_versions
sign, at = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
"""
HOLDS_ON = """
with transaction.atomic():
    append_versions("lines", facts("lines", *(line(f"K{n}") for n in range(2000))), by="other", at=at)
    sign.touch()
    time.sleep(float(sys.argv[3]))
"""
MANY_TIMES = """
for n in range(25):
    with transaction.atomic():
        append_versions("lines", facts("lines", line(f"{sign.name}-{n}"), line("both", cost_code=f"{sign.name}-{n}")), by=sign.name, at=at)
sign.touch()
"""


def other(script: str, sign: Path, at: datetime, *more: str) -> subprocess.Popen[bytes]:
    """Another process on the same database."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", PRELUDE + script, str(sign), at.isoformat(), *more], env=environment, cwd=ROOT)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the other process did not come that far"
        time.sleep(0.01)


def troubles() -> list[object]:
    from almoner.office.records.queries import troubles_in_facts

    return list(troubles_in_facts())


def test_two_writers_at_once_come_to_one_order_without_gaps(office: Path, tmp_path: Path, at: datetime) -> None:
    from almoner.office.records.queries import table_known

    both = [other(MANY_TIMES, tmp_path / name, at) for name in ("first", "second")]
    assert [process.wait(120) for process in both] == [0, 0]
    known = table_known("lines")
    assert known.num_rows == 51
    assert max(known.column("row").to_pylist()) == 100
    assert troubles() == []


def test_a_run_waits_for_a_writer_and_then_knows_its_facts(office: Path, tmp_path: Path, at: datetime) -> None:
    from django.db import transaction

    from almoner.office.records.operations import fix_as_of
    from almoner.office.records.queries import table_known

    process = other(HOLDS_ON, tmp_path / "sign", at, "0.5")
    wait_for((tmp_path / "sign").exists)
    with transaction.atomic():
        as_of = fix_as_of(at + timedelta(hours=1))
        assert table_known("lines", as_of).num_rows == 2000
    assert process.wait(60) == 0
    record("lines", line("late"), at=at)
    assert table_known("lines", as_of).num_rows == 2000, "whatever moment a later writer gives"


def test_a_writer_that_is_killed_leaves_nothing(office: Path, tmp_path: Path, at: datetime) -> None:
    from almoner.office.records.queries import facts_head, table_known

    record("lines", line(), at=at)
    head = facts_head()
    process = other(HOLDS_ON, tmp_path / "sign", at, "60")
    wait_for((tmp_path / "sign").exists)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    assert plain(table_known("lines"), "row", "line_id") == [(1, "L1")]
    assert (facts_head(), troubles()) == (head, [])
    record("lines", line("L2"), at=at)
    assert plain(table_known("lines"), "row", "line_id") == [(1, "L1"), (2, "L2")]
