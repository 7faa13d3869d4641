"""One wrong cell of every kind: the finding names it, its row goes, and all the others stay."""

import pyarrow.compute as pc
import pytest
from tests.formats.tables.small_council import GOOD, ids, only, spoilt, written

from almoner.core.findings import Severity
from almoner.formats.tables import read_folder

AT = "missed,,2026-04-19T10:00:00"
DAY_ONLY = "missed,,2026-04-19"
NO_LEAP = "missed,,2026-02-29T10:00:00"
# table, what stood there, what stands there now, code, row, column, value shown, what the remedy says
CELLS = [
    ("actuals", ",30,", ",half an hour,", "wrong_number", 2, "delivered_minutes", "half an hour", "digits only"),
    ("actuals", ",30,", ",30.5,", "too_many_decimals", 2, "delivered_minutes", "30.5", "at most 0 decimals"),
    ("actuals", ",30,", ",0x1E,", "wrong_number", 2, "delivered_minutes", "0x1E", "digits only"),
    ("actuals", ",30,", ",-30,", "below_least", 2, "delivered_minutes", "-30", "0 or more"),
    ("actuals", ",30,", ",99999999999999999999,", "above_most", 2, "delivered_minutes", "99999999999999999999", "10080 or less"),
    ("actuals", ",30,", ",1560,", "long_visit", 2, "delivered_minutes", "1560", "week's total"),
    ("actuals", ",30,", ",,", "nothing_delivered", 2, "delivered_minutes", "", "units"),
    ("actuals", "2026-04-07,", "2025-02-30,", "impossible_date", 3, "date", "2025-02-30", "Correct the day"),
    ("actuals", "2026-04-07,", "07/04/2026,", "wrong_date", 3, "date", "07/04/2026", "2026-04-06"),
    ("actuals", "2026-04-07,", ",", "blank_required", 3, "date", "", "Fill in date"),
    ("actuals", "2026-04-07,", "0026-04-07,", "unlikely_date", 3, "date", "0026-04-07", "Correct the year"),
    ("actuals", "2026-04-07,", "0000-01-01,", "unlikely_date", 3, "date", "0000-01-01", "Correct the year"),
    ("actuals", "04-07,09:00", "04-07,24:00", "wrong_time", 3, "start_time", "24:00", "09:30"),
    ("actuals", AT, DAY_ONLY, "wrong_instant", 4, "submitted_at", "2026-04-19", "2026-04-06T09:30:00"),
    ("actuals", AT, NO_LEAP, "impossible_instant", 4, "submitted_at", "2026-02-29T10:00:00", "Correct"),
    ("actuals", AT, f"{AT}Z", "wrong_instant", 4, "submitted_at", "2026-04-19T10:00:00Z", "time zone"),
    ("actuals", "missed", "forgotten", "not_a_choice", 4, "outcome", "forgotten", "delivered, extra, frustrated, missed, cancelled"),
    ("actuals", "late bus", "late\0bus", "nul_character", 3, "comment", "late\0bus", "Export the file again"),
    ("rates", "22.13", "£22.13", "wrong_number", 2, "rate", "£22.13", "no pound sign"),
    ("rates", "22.13", '"1,022.13"', "wrong_number", 2, "rate", "1,022.13", "no thousands separator"),
    ("rates", "22.13", "22.13001", "too_many_decimals", 2, "rate", "22.13001", "at most 4 decimals"),
    ("rates", "22.13", "2.2e1", "wrong_number", 2, "rate", "2.2e1", "no exponent"),
    ("rates", "22.13", "-22.13", "below_least", 2, "rate", "-22.13", "0.00 or more"),
    ("rates", "22.13", "100000.01", "above_most", 2, "rate", "100000.01", "100000.00 or less"),
    ("contributions", "35.05", "35.051", "too_many_decimals", 2, "amount_per_week", "35.051", "at most 2 decimals"),
    ("contributions", "35.05", "(35.05)", "wrong_number", 2, "amount_per_week", "(35.05)", "minus sign"),
    ("contributions", "35.05", "", "blank_required", 2, "amount_per_week", "", "Fill in amount_per_week"),
    ("shares", ",25,", ",25%,", "wrong_number", 2, "percent", "25%", "per cent sign"),
    ("shares", ",25,", ",101,", "above_most", 2, "percent", "101", "100.00 or less"),
    ("shares", ",25,", ",,", "share_unclear", 2, "percent", "neither", "exactly one"),
    ("shares", ",,25,", ",10,25,", "share_unclear", 2, "percent", "both", "exactly one"),
    ("schedule", "monday", "moonday", "not_a_choice", 2, "weekday", "moonday", "monday, tuesday"),
    ("schedule", ",30,", ",1441,", "above_most", 2, "minutes", "1441", "1440 or less"),
    ("absences", "2026-04-10", "2026-04-07", "ends_before_start", 2, "last_day", "2026-04-07", "one of the two dates"),
    ("rates", "2026-04-05", "2024-04-05", "ends_before_start", 2, "valid_to", "2024-04-05", "one of the two dates"),
    ("bank_accounts", "200000", "2000", "sort_code", 2, "sort_code", "2000", "leading zero"),
    ("bank_accounts", "55779911", "5577991", "account_number", 2, "account_number", "5577991", "leading zeros"),
    ("shares", "L1,1,F1", "L1,1,F9", "unknown_reference", 2, "funder_id", "F9", "Add it to funders"),
    ("schedule", "L1,monday", "L7,monday", "unknown_reference", 2, "line_id", "L7", "Add it to lines"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "code", "row", "column", "value", "remedy"), CELLS)
def test_a_wrong_cell_is_named_and_its_row_left_out(tmp_path, table, old, new, code, row, column, value, remedy):
    good = read_folder(written(tmp_path / "good"))
    found = spoilt(tmp_path / "bad", table, old, new)
    finding = only(found)
    assert (finding.severity, finding.table, finding.row, finding.column) == (Severity.ERROR, table, row, column)
    assert (finding.code, finding.value) == (code, value)
    assert remedy in finding.remedy and finding.message.endswith(".") and finding.remedy.endswith(".")
    for name, rows in good.tables.items():
        kept = rows.filter(pc.not_equal(rows.column("row"), row)) if name == table else rows
        assert found.tables[name].equals(kept), name
    assert found.has_errors and found.counts[table].left_out == 1


# Doubts that are named and leave the row in use.
USED = [
    ("people", "9434765919", "9434765918", "nhs_number", 2, "nhs_number", Severity.WARNING),
    ("people", "9434765919", "NHS 12", "nhs_number", 2, "nhs_number", Severity.WARNING),
    ("bank_accounts", "ann,bob", "ann,Ann", "self_verified", 2, "verified_by", Severity.WARNING),
    ("actuals", "L1,2026-04-07", "L9,2026-04-07", "unknown_line", 3, "line_id", Severity.WARNING),
    ("actuals", "L1,2026-04-07", "L2,2026-04-07", "no_effect", 3, "line_id", Severity.WARNING),
    ("actuals", "L1,2026-04-07", "L3,2026-04-07", "no_effect", 3, "line_id", Severity.WARNING),
    ("schedule", "L1,tuesday", "L2,tuesday", "no_effect", 3, "line_id", Severity.WARNING),
    ("lines", "2026-12-31", "9999-12-31", "taken_as_open", 3, "end_date", Severity.NOTE),
    ("contributions", "35.05", "35.049999999999997", "float_noise", 2, "amount_per_week", Severity.NOTE),
    ("lines", "850.10", "850.0999999999999", "float_noise", 3, "rate", Severity.NOTE),
]


@pytest.mark.parametrize(("table", "old", "new", "code", "row", "column", "severity"), USED)
def test_a_doubtful_cell_is_named_and_its_row_used(tmp_path, table, old, new, code, row, column, severity):
    found = spoilt(tmp_path, table, old, new)
    finding = only(found)
    assert (finding.code, finding.table, finding.row, finding.column) == (code, table, row, column)
    assert finding.severity is severity and not found.has_errors
    assert found.counts[table].left_out == 0


def test_float_noise_is_the_penny_it_is_next_to(tmp_path):
    cells = ["990.4499999999999", "-0.0", "1e-10", "0.1000000000000000055", "12.00000001"]
    rows = "".join(f"P{1 + at % 3},{cell},2026-0{at + 1}-01,2026-0{at + 1}-20\n" for at, cell in enumerate(cells))
    found = read_folder(written(tmp_path, contributions=f"person_id,amount_per_week,valid_from,valid_to\n{rows}"))
    assert found.tables["contributions"].column("amount_per_week").to_pylist() == [99_045, 0, 0, 10, 1_200]
    assert [f.row for f in found.findings] == [2, 4, 5, 6]


@pytest.mark.parametrize("cell", ["990.449", "990.4500000200", "990.44999", "0.000001", "1e-5"])
def test_more_than_a_millionth_of_a_penny_is_refused(tmp_path, cell):
    found = spoilt(tmp_path, "contributions", "35.05", cell)
    assert only(found).severity is Severity.ERROR and found.tables["contributions"].num_rows == 0


def test_good_cells_that_look_unusual(tmp_path):
    cells = ["A,HOUR,.5", "B,hour,5.", "C,hour,0022.1000", "D,hour,+1"]
    text = "\n".join(["contract_id,element,unit,rate,valid_from", *(f"C1,{cell},2025-01-01" for cell in cells)])
    found = read_folder(written(tmp_path, rates=text))
    assert found.findings == [] and found.tables["rates"].column("rate").to_pylist() == [5_000, 50_000, 221_000, 10_000]


def test_a_cancelled_line_ends_the_day_before_it_starts(tmp_path):
    assert spoilt(tmp_path / "a", "lines", "2026-01-01,2026-12-31", "2026-01-01,2025-12-31").findings == []
    finding = only(spoilt(tmp_path / "b", "shares", "2026-01-01,\nL2", "2026-01-01,2025-12-31\nL2"))
    assert finding.code == "ends_before_start"


def test_a_negative_rate_belongs_to_a_one_off(tmp_path):
    finding = next(f for f in spoilt(tmp_path, "lines", "850.10", "-850.10").findings if f.table == "lines")
    assert (finding.code, finding.row, finding.value) == ("negative_rate", 3, "-850.1000")


def test_two_wrong_cells_of_a_row_are_both_named(tmp_path):
    found = read_folder(written(tmp_path, people=GOOD["people"].replace("P2,Baker,1950-03-04,", ",Baker,1950-13-04,")))
    assert [(f.row, f.column) for f in found.findings if f.table == "people"] == [(3, "person_id"), (3, "date_of_birth")]
    assert ids(found, "people") == ["P1", "P3"]


def test_rows_that_refer_to_a_row_left_out_say_so(tmp_path):
    found = spoilt(tmp_path, "people", "1950-03-04", "1950-02-31")
    told = {f.table: f for f in found.findings}
    assert told["people"].code == "impossible_date"
    assert told["lines"].code == "reference_left_out" and "row 3 of people" in told["lines"].message
    assert told["top_ups"].code == told["absences"].code == "reference_left_out"
    assert told["shares"].row == 3 and "row 3 of lines" in told["shares"].message
    assert ids(found, "lines") == ["L1", "L3"] and ids(found, "actuals") == ["L1"] * 3


def test_care_for_a_line_left_out_names_the_cause(tmp_path):
    found = spoilt(tmp_path, "lines", "L1,P1", "L1,P8")
    hints = [f for f in found.findings if f.code == "unknown_line"]
    assert [f.row for f in hints] == [2, 3, 4] and "Row 2 of lines was left out." in hints[0].message
    assert found.tables["actuals"].num_rows == 3
