"""Odd places, odd terminals, odd days: a sentence and an exit code, never a surprise."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import LAST_DAY, Answer

MAIN = "from almoner.site.command import main; main()"


@pytest.mark.parametrize("name", ["actuals", "Schedule.parquet", "lines/more"])
def test_results_are_not_put_where_parts_of_a_table_would_be(copy: Path, name: str, almoner: Callable[..., Answer]) -> None:
    done = almoner("calculate", copy, "--through", LAST_DAY, "--out", copy / name)
    assert done.status == 2 and "taken for tables" in done.err and not (copy / name).exists()


def test_results_may_be_put_in_a_folder_of_their_own_beside_the_facts(copy: Path, almoner: Callable[..., Answer]) -> None:
    for _ in range(2):
        done = almoner("calculate", copy, "--through", LAST_DAY, "--out", copy / "paid", "--json")
        assert done.status == 0 and sum(done.json["findings"].values()) == 0


def test_a_folder_named_like_home_is_no_home(council: Path, tmp_path: Path, monkeypatch, almoner: Callable[..., Answer]) -> None:
    monkeypatch.chdir(tmp_path)
    assert almoner("calculate", council, "--through", LAST_DAY, "--out", "~").status == 0
    assert len(list((tmp_path / "~").iterdir())) == 5


def test_a_path_that_is_not_utf8_is_refused(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    done = almoner("calculate", council, "--through", LAST_DAY, "--out", os.fsdecode(bytes(tmp_path / "paid") + b"\xff"))
    assert done.status == 2 and done.err.startswith("PATH: ")


def test_what_the_database_engine_cannot_write_is_refused(tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    (tmp_path / "made" / "people.csv").mkdir(parents=True)
    (tmp_path / "made" / ".made-by-almoner-sample").write_text("")
    done = almoner("sample", "--people", 1, "--weeks", 1, "--out", tmp_path / "made")
    assert done.status == 2 and done.err.startswith("DISK: ") and "people.csv" in done.err


@pytest.mark.parametrize(("week", "code"), [("9999-12-31", "DAY-NOT-KNOWN"), ("2033-06-01", "DAY-NOT-KNOWN"), ("0001-01-01", "NOT-THERE")])
def test_a_week_out_of_all_time_is_refused(copy: Path, week: str, code: str, almoner: Callable[..., Answer]) -> None:
    contracts = (copy / "contracts.csv").read_text(encoding="utf-8")
    (copy / "contracts.csv").write_text(contracts.replace(",monday,", ",saturday,"), encoding="utf-8")
    line = (copy / "lines.csv").read_text(encoding="utf-8").split("\n")[1].split(",")[0]
    done = almoner("explain", copy, "--line", line, "--week", week)
    assert done.status == 2 and done.err.startswith(f"{code}: ")


def test_a_narrow_or_simple_terminal_still_shows_every_total(council: Path, tmp_path: Path) -> None:
    shown = []
    for odd in ({"COLUMNS": "200"}, {"COLUMNS": "20"}, {"COLUMNS": "0"}, {"PYTHONIOENCODING": "ascii", "COLUMNS": "60"}):
        command = [sys.executable, "-c", MAIN, "calculate", council, "--through", LAST_DAY, "--out", tmp_path / "paid"]
        environment = {**os.environ, "ALMONER_HOME": str(tmp_path), "NO_COLOR": "1", **odd}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        shown.append([word.strip("£?") for word in done.stdout.decode().split() if word.startswith(("£", "?")) and word[-3:-2] == "."])
    assert len(shown[0]) > 3 and all(totals == shown[0] for totals in shown)


@pytest.mark.parametrize("last_day", ["2033-06-01", "9999-12-31"])
def test_a_run_through_days_nobody_knows_is_refused_as_a_calculation_is(
    last_day: str, tmp_path: Path, apart: Callable[..., Answer]
) -> None:
    apart("init")
    done = apart("run", "draft", "payments", "--through", last_day, "--by", "ann")
    assert done.status == 1 and done.err.startswith("DAY-NOT-KNOWN: ")


@pytest.mark.parametrize("content", [b"hello\n" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_database_that_is_none_is_said_to_be_damaged(content: bytes, tmp_path: Path, apart: Callable[..., Answer]) -> None:
    (tmp_path / "almoner.sqlite3").write_bytes(content)
    done = apart("holds")
    assert done.status == 1 and "damaged" in done.err and not (tmp_path / "almoner.log").exists()
    assert (tmp_path / "almoner.sqlite3").read_bytes() == content


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgres://[bad", "postgres://host:99999999/x"])
def test_a_database_url_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "ALMONER_HOME": str(tmp_path), "DATABASE_URL": url}
    done = subprocess.run([sys.executable, "-c", MAIN, "holds"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1 and done.stderr.startswith("DATABASE: DATABASE_URL must look like")
