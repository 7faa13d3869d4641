"""Large Parquet tables read in place say what the full reading says; doubtful ones are read in full."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import almoner.cli.in_place as in_place
from almoner.cli.calculate import Asked, calculate_folder
from almoner.cli.in_place import facts_query, read_facts
from almoner.cli.sample.council import Sample, write_sample
from almoner.core.tables import TABLES
from almoner.formats.tables import read_folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose actuals lie in three files."""
    folder = tmp_path_factory.mktemp("parquet") / "facts"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("almoner.cli.sample.council.PEOPLE_A_STEP", 20)
        write_sample(Sample(people=60, weeks=2, seed=3, parquet=True), folder)
    return folder


@pytest.fixture
def parquet(made: Path, tmp_path: Path) -> Path:
    """The same in a folder that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "facts"))


def files_of(folder: Path, name: str) -> tuple[Path, ...]:
    return tuple(sorted((folder / name).glob("*.parquet"))) or (folder / f"{name}.parquet",)


def in_place_of(folder: Path) -> set[str]:
    return {name for name, facts in read_facts(folder, in_parts=True).tables.items() if isinstance(facts, str)}


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def replaced(name: str, row: int, value: object) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        cells = table.column(name).to_pylist()
        cells[row] = value
        field = pa.field(name, table.schema.field(name).type)
        return table.set_column(table.schema.get_field_index(name), field, pa.array(cells, field.type))

    return change


def test_the_rows_are_those_of_the_full_reading(parquet: Path) -> None:
    whole = read_folder(parquet).tables
    assert in_place_of(parquet) == {"actuals", "schedule"}
    assert len(files_of(parquet, "actuals")) == 3
    with duckdb.connect() as connection:
        for name in ("actuals", "schedule"):
            query = facts_query(TABLES[name], files_of(parquet, name))
            rows = connection.sql(f"SELECT * FROM ({query}) ORDER BY row").to_arrow_table().cast(TABLES[name].schema)
            assert rows.equals(whole[name]), name


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("actuals", replaced("delivered_minutes", 3, -5)),
        ("actuals", replaced("delivered_minutes", 3, 1500)),
        ("actuals", replaced("delivered_minutes", 0, None)),
        ("actuals", replaced("outcome", 3, "vanished")),
        ("actuals", replaced("line_id", 3, "L0")),
        ("actuals", replaced("line_id", 3, None)),
        ("actuals", replaced("line_id", 3, " L1 ")),
        ("actuals", replaced("date", 3, None)),
        ("actuals", replaced("carers", 3, 0)),
        ("actuals", replaced("submitted_at", 3, datetime(2026, 10, 20, 9, 0, 0, 500))),
        ("actuals", replaced("actual_start_time", 3, time(9, 0, 0, 1))),
        ("actuals", lambda table: pa.concat_tables([table, table.slice(0, 1)])),
        ("actuals", lambda table: table.append_column("colour", pa.nulls(table.num_rows, pa.string()))),
        ("actuals", lambda table: table.drop_columns("comment")),
        ("actuals", lambda table: table.set_column(1, "date", pc.cast(table.column("date"), pa.string()))),
        ("schedule", replaced("weekday", 2, "someday")),
        ("schedule", replaced("valid_to", 2, date(1999, 1, 1))),
        ("schedule", lambda table: pa.concat_tables([table, table.slice(0, 1)])),
        ("schedule", replaced("minutes", 2, 1441)),
    ],
)
def test_a_doubtful_table_is_read_in_full_and_says_the_same(parquet: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    path = files_of(parquet, table)[0]
    rewrite(path, change)
    assert in_place_of(parquet) == {"actuals", "schedule"} - {table}
    whole, read = read_folder(parquet), read_facts(parquet, in_parts=True)
    assert read.findings == whole.findings
    assert read.tables[table].equals(whole.tables[table])
    assert {name: count.read for name, count in read.counts.items()} == {name: count.read for name, count in whole.counts.items()}


def test_a_file_that_is_no_parquet_is_a_finding(parquet: Path) -> None:
    files_of(parquet, "schedule")[0].write_bytes(b"PAR1 but not really")
    read = read_facts(parquet, in_parts=True)
    assert any(finding.table == "schedule" for finding in read.findings)
    assert read.tables["schedule"].num_rows == 0


def test_in_place_and_in_parts_the_same_receipts(parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calculate_folder(Asked(parquet, date(2026, 11, 15), tmp_path / "whole"))
    prior = [{**row, "amount": row["amount_pence"] // 2} for row in whole.receipts.to_pylist()]
    schema = pa.schema([field for field in TABLES["prior_receipts"].schema if field.name != "row"])
    pq.write_table(
        pa.Table.from_pylist([{name: row[name] or None for name in schema.names} for row in prior], schema),
        parquet / "prior_receipts.parquet",
    )
    assert in_place_of(parquet) == {"actuals", "schedule", "prior_receipts"}
    once = calculate_folder(Asked(parquet, date(2026, 11, 15), tmp_path / "once"))
    monkeypatch.setattr(in_place, "MANY_ROWS", 100)
    for parts in (1, 4):
        again = calculate_folder(Asked(parquet, date(2026, 11, 15), tmp_path / "again", parts=parts))
        assert again.receipts.equals(once.receipts)
        assert again.holds.equals(once.holds)
        assert again.counts == once.counts
    assert once.receipts.num_rows > 0


def test_of_very_many_actuals_only_the_notes_of_replaced_ones_are_missing(parquet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("almoner.formats.tables.beyond_doubt.MOST_COMPARED", 0)
    rewrite(files_of(parquet, "actuals")[0], lambda table: pa.concat_tables([table, table.slice(0, 1)]))
    assert in_place_of(parquet) == {"actuals", "schedule"}
    assert {finding.code for finding in read_folder(parquet).findings} - {f.code for f in read_facts(parquet, in_parts=True).findings} == {
        "replaced_actual"
    }
    rewrite(files_of(parquet, "actuals")[1], replaced("line_id", 3, "L0"))
    assert in_place_of(parquet) == {"schedule"}
