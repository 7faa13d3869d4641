"""Parquet whose types say more, or less, than the column means: one bad cell costs its own row, as in CSV."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.formats.tables.small_council import written

from almoner.formats.tables import read_folder

NINE = 9 * 3600


def read_with(tmp_path, column, cells):
    """The actuals of the good council in Parquet, with other cells in one column."""
    actuals = read_folder(written(tmp_path)).tables["actuals"].drop_columns(["row"])
    (tmp_path / "actuals.csv").unlink()
    at = actuals.schema.get_field_index(column)
    pq.write_table(actuals.set_column(at, column, cells), tmp_path / "actuals.parquet")
    found = read_folder(tmp_path)
    return [(f.row, f.column, f.code) for f in found.findings], found.tables["actuals"]


def not_utf8():
    return pa.Array.from_buffers(pa.string(), 3, pa.array([b"fine", b"caf\xe9", b"late"]).buffers())


@pytest.mark.parametrize(
    ("column", "cells", "code"),
    [
        ("comment", not_utf8(), "bad_encoding"),
        ("comment", not_utf8().cast(pa.large_string(), safe=False), "bad_encoding"),
        ("comment", pa.array([b"fine", b"caf\xe9", b"late"]), "bad_encoding"),
        ("line_id", pa.array([b"L1", b"\xff\xfe", b"L1"], pa.binary(2)), "bad_encoding"),
        ("start_time", pa.array([NINE, 86_400, NINE], pa.int32()).cast(pa.time32("s")), "wrong_time"),
        ("start_time", pa.array([NINE, -1, NINE], pa.int32()).cast(pa.time32("s")), "wrong_time"),
        ("date", pa.array([dt.datetime(2026, 4, 6), dt.datetime(2026, 4, 7, 9), dt.datetime(2026, 4, 13)]), "wrong_date"),
        ("date", pa.array([20_550, -(2**31), 20_557], pa.int32()).cast(pa.date32()), "unlikely_date"),
        ("delivered_minutes", pa.array([float("30"), float("inf"), float("nan")]), "wrong_number"),
        ("delivered_minutes", pa.array([30.0, 30.5, None], pa.float16()), "too_many_decimals"),
    ],
)
def test_one_bad_cell_costs_its_own_row(tmp_path, column, cells, code):
    findings, actuals = read_with(tmp_path, column, cells)
    assert findings == [(3, column, code)]
    assert actuals.column("row").to_pylist() == [2, 4]


def test_a_damaged_file_that_names_a_text_it_does_not_have_is_a_finding(tmp_path):
    actuals = read_folder(written(tmp_path)).tables["actuals"].drop_columns(["row"])
    (tmp_path / "actuals.csv").unlink()
    path = tmp_path / "actuals.parquet"
    pq.write_table(actuals, path, compression="none")
    chunk = pq.read_metadata(path).row_group(0).column(actuals.column_names.index("outcome"))
    spoilt = bytearray(path.read_bytes())
    end = chunk.dictionary_page_offset + chunk.total_compressed_size
    assert spoilt[end - 3 : end] == bytes([1, 3, 0b100]), "in one bit each: the first text, the first, the second"
    spoilt[end - 3 : end] = bytes([8, 3 << 1, 9])  # in eight bits each: three times the tenth
    path.write_bytes(bytes(spoilt))
    found = read_folder(tmp_path)
    assert [(f.table, f.code) for f in found.findings] == [("actuals", "unreadable_file")]
