"""Whatever is wrong with a folder of Parquet: read where it lies or in full, the rows and the findings are the same."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.cli.calculate import Asked, calculate_folder
from almoner.cli.in_place import read_facts
from almoner.cli.sample.council import Sample, write_sample
from almoner.core.desks import Facts
from almoner.core.tables import TABLES, Column, Kind
from almoner.formats.tables import read_folder

ODD: dict[Kind, list[object]] = {
    Kind.TEXT: ["", " ", "L1", " L1", "x\t", "\ufeffx", "x\u00a0", "a\0b", "Ünïcode", "=1+1", "x" * 70_000],
    Kind.CHOICE: ["", "visit", "Week", "week ", "extra", "delivered", "saturday", "payments", "frustrated"],
    Kind.DATE: [dt.date(1899, 12, 31), dt.date(2026, 10, 20), dt.date(2200, 1, 1), dt.date(9999, 12, 31), dt.date(2020, 4, 6)],
    Kind.INSTANT: [dt.datetime(1800, 1, 1), dt.datetime(2026, 10, 20, 9, 0, 0, 500), dt.datetime(2200, 1, 1)],
    Kind.TIME: [dt.time(9, 0), dt.time(9, 0, 0, 1), dt.time(7, 0)],
    Kind.COUNT: [-1, 0, 1, 20, 21, 1440, 1441, 10_080, 10_081, 2**62],
    Kind.QUANTITY: [-1, 0, 99_999, 100_000],
    Kind.MONEY: [-(10**11), 10**11 + 1, 0],
}


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council with sealed receipts behind it."""
    folder = tmp_path_factory.mktemp("damaged") / "facts"
    write_sample(Sample(people=30, weeks=2, seed=4, parquet=True), folder)
    line = pq.read_table(folder / "lines.parquet", columns=["line_id", "person_id"]).slice(0, 20).to_pylist()
    receipts = [{**row, "book": "payments", "week": dt.date(2026, 10, 19), "amount": 100} for row in line]
    schema = pa.schema([field for field in TABLES["prior_receipts"].schema if field.name != "row"])
    pq.write_table(pa.Table.from_pylist(receipts, schema), folder / "prior_receipts.parquet")
    for name in ("actuals", "schedule"):
        path = folder / f"{name}.parquet"
        pq.write_table(pq.read_table(path), path, row_group_size=50)
    return folder


def rows(facts: Facts, name: str) -> pa.Table:
    if isinstance(facts, str):
        return duckdb.sql(f"SELECT * FROM ({facts}) ORDER BY row").to_arrow_table().cast(TABLES[name].schema)
    return facts


def with_cell(table: pa.Table, column: str, place: int, value: object) -> pa.Table:
    field = table.schema.field(column)
    cells = table.column(column).to_pylist()
    cells[place] = value
    return table.set_column(table.schema.get_field_index(column), pa.field(column, field.type), pa.array(cells, field.type))


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, Column, int, object]:
    name = draw(st.sampled_from(["actuals", "actuals", "schedule", "schedule", "prior_receipts", "lines", "contracts"]))
    column = draw(st.sampled_from(TABLES[name].columns))
    return name, column, draw(st.integers(0, 10_000)), draw(st.sampled_from([None, *ODD.get(column.kind, [])]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(damage(), max_size=3), twice=st.sampled_from([None, None, "actuals", "schedule", "prior_receipts"]))
def test_both_roads_say_the_same(council: Path, cells: list[tuple[str, Column, int, object]], twice: str | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(council, Path(name) / "facts"))
        for table, column, place, value in cells:
            path = folder / f"{table}.parquet"
            whole = pq.read_table(path)
            pq.write_table(with_cell(whole, column.name, place % whole.num_rows, value), path, row_group_size=50)
        if twice:
            path = folder / f"{twice}.parquet"
            whole = pq.read_table(path)
            pq.write_table(pa.concat_tables([whole, whole.slice(3, 1)]), path)
        full, quick = read_folder(folder), read_facts(folder, in_parts=True)
        assert quick.findings == full.findings
        assert quick.counts == full.counts
        for table in TABLES:
            assert rows(quick.tables[table], table).equals(full.tables[table]), table


def test_undamaged_all_three_stay_where_they_lie(council: Path) -> None:
    tables = read_facts(council, in_parts=True).tables
    assert {name for name, facts in tables.items() if isinstance(facts, str)} == {"actuals", "schedule", "prior_receipts"}


def test_a_folder_named_like_a_pattern_stands_for_itself(council: Path, tmp_path: Path) -> None:
    for name in ("a*", "ab", "a[b]"):
        shutil.copytree(council, tmp_path / name)
    for name in ("a*", "a[b]"):
        query = read_facts(tmp_path / name, in_parts=True).tables["actuals"]
        assert rows(query, "actuals").equals(read_folder(council).tables["actuals"])


def test_a_folder_named_like_a_column_adds_nothing_to_the_rows(council: Path, tmp_path: Path) -> None:
    shutil.copytree(council, tmp_path / "carers=2" / "outcome=missed")
    query = read_facts(tmp_path / "carers=2" / "outcome=missed", in_parts=True).tables["actuals"]
    assert rows(query, "actuals").equals(read_folder(council).tables["actuals"])


@pytest.mark.parametrize("column", ["date", "submitted_at", "delivered_minutes", "carers", "outcome"])
def test_damage_that_only_the_calculation_meets_is_a_finding_by_either_road(council: Path, tmp_path: Path, column: str) -> None:
    folder = Path(shutil.copytree(council, tmp_path / "facts"))
    path = folder / "actuals.parquet"
    kept = pq.read_metadata(path)
    chunk = kept.row_group(0).column(kept.schema.names.index(column))
    spoilt = bytearray(path.read_bytes())
    at = chunk.dictionary_page_offset or chunk.data_page_offset
    spoilt[at : at + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(bytes(spoilt))
    said = []
    for parts in (1, 2):
        done = calculate_folder(Asked(folder, dt.date(2026, 11, 15), tmp_path / f"paid-{parts}", parts=parts))
        assert [(f.table, f.code) for f in done.findings] == [("actuals", "unreadable_file")]
        assert done.counts["schedule"].used and done.receipts.num_rows
        said.append([(tmp_path / f"paid-{parts}" / name).read_bytes() for name in ("receipts.csv", "holds.csv", "findings.csv")])
    assert said[0] == said[1]
