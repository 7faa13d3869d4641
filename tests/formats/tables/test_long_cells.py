"""A cell longer than any fact, and files of which hardly a record is whole, are named at once and cost little."""

from __future__ import annotations

from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.formats.tables.small_council import GOOD, ids, only, written

from almoner.formats.tables import read_folder
from almoner.formats.tables.csv_records import MOST_BROKEN
from almoner.formats.tables.raw import LONGEST_CELL

BREAKS = 3_000_000
MOST_SECONDS = 20
"""Looked at one by one, as they once were, so many line breaks take a minute and more."""


def people(cell: str, *, beside: str = "") -> str:
    """Three people, the second with this cell for a family name; `beside` is the first one's."""
    return f'person_id,family_name,postcode\nP1,Abb{beside}ott,\nP2,"{cell}",\nP3,Clark,\n'


@pytest.mark.parametrize("beside", ["", '"'], ids=["plain", "beside a stray quotation mark"])
@pytest.mark.parametrize("line", ["\n", "x\n", "x\r\n", '""\n'], ids=repr)
def test_a_cell_of_millions_of_line_breaks_costs_its_own_row_only(tmp_path, line, beside):
    if beside and '"' in line:
        line = "a,b,c,d\n"  # doubled quotation marks are told apart from stray ones line by line
    folder = written(
        tmp_path, people=people(line * BREAKS, beside=beside), lines=None, actuals=None, absences=None, shares=None, top_ups=None
    )
    (folder / "lines.csv").write_text("line_id,person_id,contract_id,element,start_date\nL1,P1,C1,HC,2026-01-01\n")
    for name in ("schedule", "contributions"):
        (folder / f"{name}.csv").unlink()
    began = perf_counter()
    found = read_folder(folder)
    assert perf_counter() - began < MOST_SECONDS
    finding = only(found)
    assert (finding.code, finding.table, finding.row, finding.column) == ("long_cell", "people", 3, "family_name")
    assert finding.message == "The cell is longer than 65,536 bytes, which no fact is; often a quotation mark has swallowed many rows."
    assert len(finding.value) <= 200
    assert ids(found, "people") == ["P1", "P3"]
    assert found.counts["people"].left_out == 1


@pytest.mark.parametrize("body", ['P2,"' + '"\n' * BREAKS + '"\n', "x\n" * BREAKS, "P2,a,b,c\n" * BREAKS], ids=["quotes", "short", "long"])
def test_a_file_with_hardly_a_whole_record_is_refused_and_says_where_to_look(tmp_path, body):
    folder = written(tmp_path, absences="person_id,kind,first_day\nP2,hospital,2026-04-08\n" + body)
    began = perf_counter()
    found = read_folder(folder)
    assert perf_counter() - began < MOST_SECONDS
    finding = only(found)
    assert (finding.code, finding.table) == ("too_many_broken", "absences") and finding.row in (3, 4)
    assert finding.message.startswith(
        f"More than {MOST_BROKEN:,} rows of absences.csv, the first of them row {finding.row}, are broken or do"
    )
    assert found.tables["absences"].num_rows == 0 and found.tables["actuals"].num_rows == 3


def test_as_many_broken_records_as_are_looked_at_cost_only_themselves(tmp_path):
    found = read_folder(written(tmp_path, absences=GOOD["absences"] + "x\n" * MOST_BROKEN))
    assert found.tables["absences"].num_rows == 1
    assert found.counts["absences"].left_out == MOST_BROKEN


@pytest.mark.parametrize(("length", "codes"), [(LONGEST_CELL, []), (LONGEST_CELL + 1, ["long_cell"])])
def test_the_limit_is_the_same_in_csv_and_parquet(tmp_path, length, codes):
    name = "é" * (length // 2) + "x" * (length % 2)
    text = written(tmp_path / "text", people=GOOD["people"] + f"P4,{name},,\n")
    columns = written(tmp_path / "columns", people=None)
    ids_and_names = {"person_id": ["P1", "P2", "P3", "P4"], "family_name": ["Abbott", "Baker", "Clark", name]}
    pq.write_table(pa.table(ids_and_names), columns / "people.parquet")
    for folder in (text, columns):
        assert [f.code for f in read_folder(folder).findings] == codes


@pytest.mark.parametrize("between", ["P2,Baker,\n", "P2,Baker,\nx\n"])
def test_rows_between_two_stray_quotation_marks_are_never_taken_for_a_long_cell(tmp_path, between):
    count = LONGEST_CELL // len(between) + 1
    rows = "".join(between.replace("P2", f"Q{n}") for n in range(count))
    found = read_folder(written(tmp_path, people=f'person_id,family_name,postcode\nP1,"Abbott,\n{rows}P2,Baker",\nP3,"Cl"ark,\n'))
    assert "long_cell" not in {f.code for f in found.findings}
    assert {f"Q{n}" for n in range(count)} <= set(ids(found, "people"))
