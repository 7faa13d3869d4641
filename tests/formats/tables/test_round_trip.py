"""What is written is what is read: CSV, Parquet and a workbook."""

import datetime as dt
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from tests.formats.tables.generated import councils
from tests.formats.tables.small_council import written

from almoner.core.findings import Severity
from almoner.core.tables import TABLES
from almoner.formats.tables import read_folder, write_folder
from almoner.formats.tables.writing import spelled_table

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("parquet", [False, True])
def test_any_council_is_read_as_it_was_written(parquet):
    @QUIET
    @given(councils())
    def holds(council):
        with tempfile.TemporaryDirectory() as folder:
            write_folder(council, Path(folder), parquet=parquet)
            found = read_folder(Path(folder))
            errors = [f for f in found.findings if f.severity is Severity.ERROR]
            assert not errors
            for name, table in TABLES.items():
                assert found.tables[name].equals(council.get(name, table.empty())), name

    holds()


def test_rows_are_written_in_their_order(tmp_path):
    rows = [{"row": 9, "funder_id": "F2", "name": "b", "kind": "icb"}, {"row": 4, "funder_id": "F1", "name": "a", "kind": "other"}]
    write_folder({"funders": pa.Table.from_pylist(rows, schema=TABLES["funders"].schema)}, tmp_path)
    lines = (tmp_path / "funders.csv").read_text().replace('"', "").splitlines()
    assert lines == ["funder_id,name,kind", "F1,a,other", "F2,b,icb"]


def test_csv_is_spelled_as_the_interfaces_say(tmp_path):
    found = read_folder(written(tmp_path)).tables
    spelt = {name: spelled_table(TABLES[name], found[name]).to_pylist() for name in ("lines", "actuals", "rates", "shares")}
    assert [row["rate"] for row in spelt["lines"]] == [None, "850.10", "-12.50"]
    assert spelt["lines"][0]["quantity_per_week"] == "14.00" and spelt["lines"][0]["chargeable"] == "yes"
    assert spelt["actuals"][0]["start_time"] == "09:00" and spelt["actuals"][0]["submitted_at"] == "2026-04-12T10:00:00"
    assert spelt["rates"][0]["rate"] == "22.13" and spelt["shares"][0]["percent"] == "25.00"


@pytest.fixture
def good(tmp_path):
    return read_folder(written(tmp_path / "good")).tables


def test_parquet_in_several_files_and_looser_types(tmp_path, good):
    folder = tmp_path / "council"
    write_folder(good, folder, parquet=True)
    (folder / "actuals.parquet").unlink()
    (folder / "actuals").mkdir()
    actuals = good["actuals"].drop_columns(["row"])
    loose = actuals.set_column(1, "date", actuals["date"].cast(pa.timestamp("us")))
    loose = loose.set_column(6, "delivered_minutes", actuals["delivered_minutes"].cast(pa.float64()))
    loose = loose.set_column(0, "line_id", actuals["line_id"].cast(pa.large_string()))
    pq.write_table(loose.slice(0, 2), folder / "actuals" / "part-0.parquet")
    text = spelled_table(TABLES["actuals"], good["actuals"].drop_columns(["row"])).slice(2).drop_columns(["units", "carers"])
    pq.write_table(text, folder / "actuals" / "part-1.parquet")
    found = read_folder(folder)
    assert found.findings == [] and found.tables["actuals"].equals(good["actuals"])


def test_pence_beside_pounds_as_text(tmp_path, good):
    folder = tmp_path / "council"
    write_folder(good, folder, parquet=True)
    (folder / "contributions.parquet").unlink()
    (folder / "contributions").mkdir()
    pence = good["contributions"].drop_columns(["row"])
    pq.write_table(pence, folder / "contributions" / "a.parquet")
    later = spelled_table(TABLES["contributions"], pence).set_column(0, "person_id", pa.array(["P2"]))
    pq.write_table(later, folder / "contributions" / "b.parquet")
    found = read_folder(folder)
    assert found.findings == [] and found.tables["contributions"].column("amount_per_week").to_pylist() == [3505, 3505]


def test_parquet_cells_are_checked_like_csv(tmp_path, good):
    bad = good["actuals"].to_pylist()
    bad[0]["delivered_minutes"], bad[1]["date"] = 1_560, None
    write_folder({**good, "actuals": pa.Table.from_pylist(bad, schema=good["actuals"].schema)}, tmp_path / "c", parquet=True)
    found = read_folder(tmp_path / "c")
    assert [(f.code, f.row, f.column, f.value) for f in found.findings] == [
        ("long_visit", 2, "delivered_minutes", "1560"),
        ("blank_required", 3, "date", ""),
    ]
    assert found.tables["actuals"].column("row").to_pylist() == [4]


def test_parts_of_a_second_cost_only_their_own_row(tmp_path, good):
    write_folder(good, tmp_path / "c", parquet=True)
    actuals = good["actuals"].drop_columns(["row"])
    at = pa.array([dt.datetime(2026, 4, 12, 10), dt.datetime(2026, 4, 12, 10, 0, 0, 500), dt.datetime(2026, 4, 19, 10)], pa.timestamp("us"))
    start = pa.array([dt.time(9), dt.time(9), dt.time(9, 0, 0, 1)], pa.time64("us"))
    actuals = actuals.set_column(actuals.column_names.index("submitted_at"), "submitted_at", at)
    pq.write_table(actuals.set_column(3, "start_time", start), tmp_path / "c" / "actuals.parquet")
    found = read_folder(tmp_path / "c")
    assert [(f.code, f.row, f.value) for f in found.findings] == [
        ("wrong_instant", 3, "2026-04-12T10:00:00.000500"),
        ("wrong_time", 4, "09:00:00.000001"),
    ]
    assert found.tables["actuals"].equals(good["actuals"].slice(0, 1))


def test_money_as_fractions_in_parquet_is_not_guessed(tmp_path, good):
    write_folder(good, tmp_path / "c", parquet=True)
    pounds = good["contributions"].drop_columns(["row"]).set_column(1, "amount_per_week", pa.array([35.05]))
    pq.write_table(pounds, tmp_path / "c" / "contributions.parquet")
    found = read_folder(tmp_path / "c")
    assert [(f.code, f.table, f.column) for f in found.findings] == [("ambiguous_units", "contributions", "amount_per_week")]
    assert "pence" in found.findings[0].remedy and found.tables["contributions"].num_rows == 0


def test_pence_beside_blanks_as_pandas_writes_them(tmp_path, good):
    write_folder(good, tmp_path / "c", parquet=True)
    shares = good["shares"].drop_columns(["row"])
    pence = pa.array([float("nan"), 21971.0])
    pq.write_table(shares.set_column(3, "amount_per_week", pence), tmp_path / "c" / "shares.parquet")
    found = read_folder(tmp_path / "c")
    assert found.findings == [] and found.tables["shares"].equals(good["shares"])


def test_a_damaged_parquet_file(tmp_path, good):
    write_folder(good, tmp_path / "c", parquet=True)
    whole = (tmp_path / "c" / "shares.parquet").read_bytes()
    (tmp_path / "c" / "shares.parquet").write_bytes(whole[: len(whole) // 2])
    found = read_folder(tmp_path / "c")
    assert [(f.code, f.table) for f in found.findings] == [("unreadable_file", "shares")]
    assert found.tables["lines"].equals(good["lines"])


def workbook(path, tables, extra=None):
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True})
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        kept = table.drop_columns(["row"])
        sheet.write_row(0, 0, kept.column_names)
        for at, row in enumerate(spelled_table(TABLES[name], kept).to_pylist(), start=1):
            for place, (column, text) in enumerate(row.items()):
                if text is not None:
                    plain = TABLES[name].column(column).kind.value in ("money", "rate", "percent", "quantity", "count")
                    sheet.write(at, place, float(text) if plain else text)
    for name, cells in (extra or {}).items():
        sheet = book.get_worksheet_by_name(name) or book.add_worksheet(name)
        for at, place, value in cells:
            sheet.write(at, place, value)
    book.close()


@pytest.mark.parametrize("in_folder", [True, False])
def test_a_workbook_with_a_sheet_a_table(tmp_path, good, in_folder):
    workbook(tmp_path / "council.xlsx", {name: t for name, t in good.items() if t.num_rows})
    (tmp_path / "good").rename(tmp_path.with_name(f"{tmp_path.name}-good"))
    found = read_folder(tmp_path if in_folder else tmp_path / "council.xlsx")
    assert found.findings == []
    for name, table in good.items():
        assert found.tables[name].equals(table), name


def test_a_workbook_with_faults(tmp_path, good):
    extra = {
        "actuals": [(1, 6, "soon"), (2, 1, dt.date(2026, 4, 8)), (2, 3, dt.time(9, 30)),
            (5, 0, "L1"), (5, 1, dt.date(2026, 4, 9)), (5, 6, 0.1 + 29.9)],
        "notes": [(0, 0, "x")],
    }  # fmt: skip
    workbook(tmp_path / "council.xlsx", {name: t for name, t in good.items() if t.num_rows}, extra)
    found = read_folder(tmp_path / "council.xlsx")
    assert [(f.code, f.table, f.row, f.column) for f in found.findings] == [
        ("wrong_number", "actuals", 2, "delivered_minutes"),
        ("unknown_file", "notes", 0, ""),
    ]
    actuals = found.tables["actuals"]
    assert actuals.column("row").to_pylist() == [3, 4, 6]  # row 5 is blank
    assert str(actuals.column("date")[0].as_py()) == "2026-04-08" and str(actuals.column("start_time")[0].as_py()) == "09:30:00"
    assert actuals.column("delivered_minutes").to_pylist() == [44, None, 30]


ODD = {
    "a list": pa.array([[1], None, [2, 3]]),
    "nothing at all": pa.nulls(3),
    "bytes": pa.array([b"\xff", b"a", None]),
    "a huge number": pa.array([2**64 - 1, 0, 1], pa.uint64()),
    "infinity": pa.array([1.0, float("nan"), float("inf")]),
    "a moment in a zone": pa.array([dt.datetime(2026, 4, 6)] * 3, pa.timestamp("us", "UTC")),
    "a day before the calendar": pa.array([-(2**31), 0, 2**31 - 1], pa.int32()).cast(pa.date32()),
}


@pytest.mark.parametrize("column", ["line_id", "date", "kind", "start_time", "delivered_minutes", "units", "submitted_at"])
@pytest.mark.parametrize("odd", ODD)
def test_parquet_columns_of_odd_types_are_findings_or_values(tmp_path, good, column, odd):
    write_folder({name: t for name, t in good.items() if TABLES[name].required}, tmp_path / "c", parquet=True)
    actuals = good["actuals"].drop_columns(["row"])
    pq.write_table(actuals.set_column(actuals.column_names.index(column), column, ODD[odd]), tmp_path / "c" / "actuals.parquet")
    found = read_folder(tmp_path / "c")
    assert found.tables["actuals"].schema == TABLES["actuals"].schema
    assert found.counts["actuals"].left_out == len({f.row for f in found.findings if f.severity is Severity.ERROR})
