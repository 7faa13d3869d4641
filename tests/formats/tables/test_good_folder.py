"""What a folder without faults gives: the core's schema, defaults, internal units, record numbers."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from tests.formats.tables.small_council import GOOD, ids, only, written

from almoner.core.tables import TABLES
from almoner.formats.tables import UnreadableFolder, read_folder


def test_every_table_has_the_schema_of_the_core(tmp_path):
    found = read_folder(written(tmp_path))
    assert found.findings == []
    assert list(found.tables) == list(TABLES)
    for name, table in TABLES.items():
        assert found.tables[name].schema == table.schema
    assert found.tables["releases"].num_rows == 0
    assert {name: (c.read, c.used, c.left_out) for name, c in found.counts.items()}["people"] == (3, 3, 0)


def test_values_are_in_the_internal_units_and_blanks_take_the_default(tmp_path):
    found = read_folder(written(tmp_path)).tables
    assert found["rates"].select(["rate", "day_type", "valid_to"]).to_pylist()[:2] == [
        {"rate": 221300, "day_type": "any", "valid_to": dt.date(2026, 4, 5)},
        {"rate": 235000, "day_type": "any", "valid_to": None},
    ]
    assert found["lines"].column("rate").to_pylist() == [None, 8_501_000, -125_000]
    assert found["lines"].column("quantity_per_week").to_pylist() == [1400, None, 100]
    assert found["lines"].column("chargeable").to_pylist() == [True] * 3
    contract = found["contracts"].slice(0, 1).to_pylist()[0]
    assert (contract["tolerance_percent"], contract["cycle_anchor"], contract["needs_agreement"]) == (1000, dt.date(2026, 4, 6), False)
    actual = found["actuals"].slice(1, 1).to_pylist()[0]
    assert actual == {
        "row": 3, "line_id": "L1", "date": dt.date(2026, 4, 7), "kind": "visit", "start_time": dt.time(9), "planned_minutes": None,
        "actual_start_time": None, "delivered_minutes": 44, "units": None, "carers": 1, "carer_id": None, "outcome": "delivered",
        "reason": None, "comment": "late bus", "submitted_at": dt.datetime(2026, 4, 12, 10),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("byte-order mark", "\ufeff" + GOOD["people"]),
        ("CRLF", GOOD["people"].replace("\n", "\r\n")),
        ("CR", GOOD["people"].replace("\n", "\r")),
        ("trailing blank lines", GOOD["people"] + "\n\n  \n"),
        ("rows of commas", GOOD["people"] + ",,,\n,,,\n"),
        ("no last line end", GOOD["people"].rstrip("\n")),
        ("another order", "nhs_number,person_id,date_of_birth,family_name\n9434765919,P1,1940-01-02,Abbott\n"
            ",P2,1950-03-04,Baker\n,P3,1960-05-06,Clark\n"),
        ("quotation marks", GOOD["people"].replace("Abbott", '"Abbott"').replace("P1", '"P1"')),
        ("blanks around", GOOD["people"].replace("Abbott", " Abbott ").replace("1940-01-02", " 1940-01-02").replace("P2", "P2\u00a0")),
        ("header in capitals", GOOD["people"].replace("person_id", "Person_ID ")),
    ],
)  # fmt: skip
def test_ways_of_writing_the_same_file(tmp_path, case, text):
    plain = read_folder(written(tmp_path / "plain"))
    other = read_folder(written(tmp_path / "other", people=text))
    assert other.findings == []
    assert other.tables["people"].equals(plain.tables["people"]), case


def test_a_comment_with_line_breaks_is_one_record(tmp_path):
    text = (
        "line_id,date,start_time,delivered_minutes,comment\n"
        'L1,2026-04-06,09:00,30,"fell, and\nsaid ""ow"",\r\nthen slept"\n'
        "L1,2026-04-07,09:00,soon,\n"
        "L1,2026-04-08,09:00,31,\n"
    )
    found = read_folder(written(tmp_path, actuals=text))
    assert found.tables["actuals"].column("comment").to_pylist() == ['fell, and\nsaid "ow",\r\nthen slept', None]
    assert found.tables["actuals"].column("row").to_pylist() == [2, 4]
    finding = only(found)
    assert (finding.table, finding.row, finding.column, finding.value) == ("actuals", 3, "delivered_minutes", "soon")


def test_what_looks_like_a_formula_is_text(tmp_path):
    rows = ['L1,2026-04-06,30,"=HYPERLINK(""http://x"")"', "L1,2026-04-07,30,+44 1392", "L1,2026-04-08,30,@x"]
    text = "\n".join(["line_id,date,delivered_minutes,comment", *rows])
    found = read_folder(written(tmp_path, actuals=text))
    assert found.findings == []
    assert found.tables["actuals"].column("comment").to_pylist() == ['=HYPERLINK("http://x")', "+44 1392", "@x"]


def test_numbers_written_in_groups(tmp_path):
    people = GOOD["people"].replace("9434765919", "943 476 5919")
    accounts = GOOD["bank_accounts"].replace("200000", "20-00-00").replace("55779911", "5577 9911")
    found = read_folder(written(tmp_path, people=people, bank_accounts=accounts))
    assert found.findings == [] and found.tables["people"].column("nhs_number")[0].as_py() == "9434765919"
    assert found.tables["bank_accounts"].select(["sort_code", "account_number"]).to_pylist() == [
        {"sort_code": "200000", "account_number": "55779911"}
    ]


def test_folders_are_read_side_by_side(tmp_path):
    plain = read_folder(written(tmp_path / "a"))
    spoilt = read_folder(written(tmp_path / "b", people=GOOD["people"].replace("P3", "P4")))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read_folder, [tmp_path / "a", tmp_path / "b"] * 6))
    assert all(f.tables == plain.tables and f.findings == [] for f in found[::2])
    assert all(f.tables == spoilt.tables and f.findings == spoilt.findings for f in found[1::2])


def test_blank_lines_count_as_records(tmp_path):
    found = read_folder(written(tmp_path, people="person_id,family_name\n\nP1,A\n\n\nP2,B\nP3,C,D\nP4\nP3,E\n"))
    assert found.tables["people"].column("row").to_pylist() == [3, 6, 9]
    assert [(f.code, f.row, f.value) for f in found.findings] == [("too_many_cells", 7, "P3,C,D"), ("too_few_cells", 8, "P4")]


def test_an_optional_table_may_be_header_only(tmp_path):
    found = read_folder(written(tmp_path, absences="person_id,kind,first_day,last_day\n"))
    assert found.findings == [] and found.tables["absences"].schema == TABLES["absences"].schema


@pytest.mark.parametrize("case", ["nothing there", "empty folder", "a text file"])
def test_a_folder_that_cannot_be_read_at_all_is_refused(tmp_path, case):
    path = tmp_path / "council"
    if case == "empty folder":
        path.mkdir()
        (path / "readme.txt").write_text("hello")
    if case == "a text file":
        path.write_text("hello")
    with pytest.raises(UnreadableFolder, match="council") as refused:
        read_folder(path)
    assert refused.value.code == "FOLDER" and refused.value.remedy.endswith(".")
    assert len(str(refused.value)) < len(str(path)) + 120 and str(refused.value).count(str(path)) == 1
    if case == "nothing there":
        assert str(refused.value) == f"There is no folder {path}. Check how it is spelled."


def test_a_missing_required_table_is_a_finding_and_the_rest_is_read(tmp_path):
    found = read_folder(written(tmp_path, providers=None))
    assert [(f.code, f.table) for f in found.findings if f.code == "missing_table"] == [("missing_table", "providers")]
    assert ids(found, "people") == ["P1", "P2", "P3"]
    cause = next(f for f in found.findings if f.table == "contracts")
    assert cause.code == "reference_unread" and "providers" in cause.remedy and cause.message.startswith("3 rows")


def test_tables_hold_arrow_data_in_one_piece(tmp_path):
    people = read_folder(written(tmp_path)).tables["people"]
    assert isinstance(people, pa.Table) and people.column("row").to_pylist() == [2, 3, 4]


def test_references_may_lead_to_facts_that_stand_already(tmp_path):
    known = read_folder(written(tmp_path / "all")).tables
    absent = dict.fromkeys(name for name in GOOD if name not in ("actuals", "lines"))
    lines = GOOD["lines"].split("\n")[0] + "\nL1,P1,C2,HC,2026-01-01,,,14\nL8,P9,C1,HC,2026-01-01,,,14\n"
    found = read_folder(written(tmp_path / "later", **{**absent, "lines": lines}), known)
    assert [(f.table, f.code, f.row) for f in found.findings] == [
        ("lines", "unknown_reference", 3),
        *[("actuals", "no_effect", row) for row in (2, 3, 4)],  # by the line as it comes now, not as it stood
    ]
    assert ids(found, "lines") == ["L1"] and found.tables["people"].num_rows == 0
