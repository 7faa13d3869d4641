"""`almoner sample`: believable, valid, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, rows

import almoner.cli.sample.council as council_module
from almoner.cli.commands import SAMPLE_MARK
from almoner.cli.sample.council import Sample, write_sample
from almoner.core.calculate import calculate
from almoner.figures.bank_holidays import bank_holidays
from almoner.formats.tables import read_folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_another_council(tmp_path: Path, apart: Callable[..., Answer]) -> None:
    answer = apart("sample", "--people", 40, "--weeks", 2, "--seed", 7, "--out", tmp_path / "a", "--json")
    assert answer.status == 0, answer.err
    assert answer.json["rows"]["people"] == 40
    (tmp_path / "a" / SAMPLE_MARK).unlink()
    write_sample(Sample(people=40, weeks=2, seed=7), tmp_path / "b")
    write_sample(Sample(people=40, weeks=2, seed=8), tmp_path / "c")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert bytes_of(tmp_path / "a") != bytes_of(tmp_path / "c")


def test_nothing_in_it_is_doubtful_and_most_of_it_is_paid(council: Path) -> None:
    folder = read_folder(council)
    assert folder.findings == []
    outcome = calculate(folder.tables, {"bank_holidays": bank_holidays()}, through=date(2026, 11, 15))
    assert outcome.findings == []
    paid = sum(row["amount_pence"] for row in outcome.receipts.to_pylist() if row["book"] == "payments")
    held = sum(row["amount_pence"] for row in outcome.holds.to_pylist())
    assert held * 5 < paid
    assert 20_000 < paid // (120 * 3) < 80_000, "a person's week costs some hundreds of pounds"


def test_every_kind_of_thing_happens(council: Path) -> None:
    contracts = {row["contract_id"]: row for row in rows(council / "contracts.csv")}
    assert {contracts[row["contract_id"]]["basis"] for row in rows(council / "lines.csv")} == {"actuals", "planned", "placement", "one_off"}
    assert set(Counter(row["outcome"] for row in rows(council / "actuals.csv"))) >= {"delivered", "frustrated", "cancelled", "missed"}
    assert {row["settlement"] for row in rows(council / "shares.csv")} >= {"claim"}


def test_parquet_says_what_csv_says(tmp_path: Path) -> None:
    write_sample(Sample(people=60, weeks=2, seed=3), tmp_path / "csv")
    write_sample(Sample(people=60, weeks=2, seed=3, parquet=True), tmp_path / "parquet")
    text, binary = read_folder(tmp_path / "csv"), read_folder(tmp_path / "parquet")
    assert binary.findings == []
    for name, table in text.tables.items():
        assert binary.tables[name].drop_columns("row").equals(table.drop_columns("row")), name


@pytest.mark.parametrize("parquet", [False, True])
def test_made_in_steps_it_is_the_same_council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool) -> None:
    write_sample(Sample(people=60, weeks=2, seed=3, parquet=parquet), tmp_path / "whole")
    monkeypatch.setattr(council_module, "PEOPLE_A_STEP", 25)
    counts = write_sample(Sample(people=60, weeks=2, seed=3, parquet=parquet), tmp_path / "steps")
    whole, steps = read_folder(tmp_path / "whole").tables, read_folder(tmp_path / "steps").tables
    assert counts["actuals"] == whole["actuals"].num_rows > 100
    for name, table in whole.items():
        assert steps[name].drop_columns("row").equals(table.drop_columns("row")), name


def test_one_person_for_one_week(tmp_path: Path) -> None:
    write_sample(Sample(people=1, weeks=1), tmp_path)
    folder = read_folder(tmp_path)
    assert not folder.has_errors
    assert folder.tables["people"].num_rows == 1


def test_the_database_engine_shows_no_bar_of_its_own(tmp_path: Path, apart: Callable[..., Answer]) -> None:
    impatient = """
import duckdb
from almoner.site.command import main
connect = duckdb.connect
def at_once(*given, **named):
    connection = connect(*given, **named)
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET progress_bar_time = 3")
    return connection
duckdb.connect = at_once
main()
"""
    facts = tmp_path / "new"
    steps = (
        ("sample", "--people", 300, "--weeks", 2, "--out", facts),
        ("calculate", facts, "--through", "2026-11-15", "--out", tmp_path / "out"),
        ("init",), ("import", facts, "--by", "ann"),
    )  # fmt: skip
    for step in steps:
        done = apart(*step, code=impatient)
        assert done.status == 0 and "%" not in done.out + done.err, step
