"""Files of actuals: what is read of each layout, what is left out and why, and that a workbook of ours reads back exactly."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.core.tables import OUTCOMES
from almoner.formats.actuals.cells import Wrong, read_date, read_time
from almoner.formats.actuals.delivery import read_span
from almoner.formats.actuals.opened import ActualsNotReadable, ActualsTooLarge
from almoner.formats.actuals.reading import read_actuals, rejected_rows
from almoner.formats.actuals.workbook import write_workbook

HEADING = "line_id,date,kind,start_time,delivered_minutes,units,carers,outcome,reason,comment\n"


def read(body: str, heading: str = HEADING):
    return read_actuals("rota.csv", (heading + body).encode())


def why(found) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.column, finding.code) for finding in found.findings]


def test_a_row_takes_its_defaults_and_keeps_its_number():
    found = read("\nL1,2026-06-01,,08:30,45,,,,,\n,,,,,,,,,\nL1,01/06/2026,week,,600,,2,extra,a fall,ok\n")
    rows = found.rows.to_pylist()
    assert [row["row"] for row in rows] == [3, 5] and found.read == 2 and not found.findings
    assert (rows[0]["kind"], rows[0]["outcome"], rows[0]["carers"], rows[0]["start_time"]) == ("visit", "delivered", 1, time(8, 30))
    assert (rows[1]["date"], rows[1]["kind"], rows[1]["carers"], rows[1]["reason"]) == (date(2026, 6, 1), "week", 2, "a fall")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (",2026-06-01,,08:00,45,,,,,", (2, "line_id", "CELL")),
        ("L1,2026-02-30,,08:00,45,,,,,", (2, "date", "CELL")),
        ("L1,2026-06-01,,25:00,45,,,,,", (2, "start_time", "CELL")),
        ("L1,2026-06-01,,08:00,4.5,,,,,", (2, "delivered_minutes", "CELL")),
        ("L1,2026-06-01,,08:00,99999,,,,,", (2, "delivered_minutes", "CELL")),
        ("L1,2026-06-01,,08:00,1500,,,,,", (2, "delivered_minutes", "MINUTES")),
        ("L1,2026-06-01,,08:00,,,,,,", (2, "delivered_minutes", "MINUTES")),
        ("L1,2026-06-01,,08:00,45,,0,,,", (2, "carers", "CELL")),
        ("L1,2026-06-01,,08:00,45,,,gone,,", (2, "outcome", "CELL")),
        ("L1,2026-06-01,,08:00,45,,,,,a,b", (2, "", "CELLS")),
        (f"L1,2026-06-01,,08:00,45,,,,,{'x' * 501}", (2, "comment", "CELL")),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_is_left_out(body, expected):
    found = read(f"{body}\nL1,2026-06-02,,08:00,45,,,,,\n")
    assert why(found) == [expected] and found.rows.num_rows == 1 and found.rejected == {2}
    assert all(finding.message and finding.remedy for finding in found.findings)


def test_of_two_rows_about_one_visit_the_later_is_used():
    found = read("L1,2026-06-01,,08:00,45,,,,,\nL1,2026-06-01,,08:00,30,,,,,\n")
    assert why(found) == [(2, "", "REPLACED")] and found.rows.column("delivered_minutes").to_pylist() == [30]


def test_units_and_outcomes_without_minutes_are_read():
    found = read("L1,2026-06-01,,,,1.5,,,,\nL1,2026-06-02,,08:00,,,,Frustrated,no reply,\n")
    assert found.rows.column("units").to_pylist() == [150, None] and found.rows.column("outcome").to_pylist() == ["delivered", "frustrated"]


def test_columns_may_be_spelled_with_blanks_and_capitals_and_others_are_left_alone():
    found = read("L1,2026-06-01,08:00,45,x\n", "Line ID,Date,Start time,Delivered minutes,Colour\n")
    assert found.rows.num_rows == 1 and why(found) == [(1, "Colour", "COLUMN")]


def test_a_row_left_out_comes_back_with_its_cells_and_why():
    found = read("=L1,2026-06-01,,08:00,45,,,,,\nL2,2026-13-01,,08:00,45,,,,,ok\n")
    text = rejected_rows(found, found.findings).decode("utf-8-sig").splitlines()
    assert text[0].endswith("why,what to do") and text[1].startswith("L2,2026-13-01") and len(text) == 2


def test_encodings_and_separators():
    semicolons = (HEADING + "L1,2026-06-01,,08:00,45,,,,,café\n").replace(",", ";")
    for content, said in (
        (semicolons.encode(), []),
        (semicolons.encode("cp1252"), ["ENCODING"]),
        (semicolons.encode("utf-16"), ["ENCODING"]),
    ):
        found = read_actuals("rota.csv", content)
        assert found.rows.column("comment").to_pylist() == ["café"] and [finding.code for finding in found.findings] == said


def test_what_cannot_be_opened_is_refused():
    for content, refusal in (
        (b"a,b\n1,2\n", ActualsNotReadable),
        (b"\xd0\xcf\x11\xe0old", ActualsNotReadable),
        (b"x" * (11 << 20), ActualsTooLarge),
    ):
        with pytest.raises(refusal):
            read_actuals("rota.csv", content)


DELIVERY = (
    "ContractNumber,ServiceUserRef,ServiceType,VisitDate,StartTimeClaimed,DurationClaimed,ActualDuration,SecondaryVisit,NumberOfCarers\n"
)


def test_the_service_delivery_layout():
    found = read(
        "K1,P1,HOME CARE,01/06/2026,08:00:00,00:45:00,00:40:30,False,\n"
        "K1,P1,HOME CARE,01/06/2026,12:00:00,00:30:00,,False,2\n"
        "K1,P1,HOME CARE,01/06/2026,18:00:00,00:30:00,00:30:00,False,\n"
        "K1,P1,HOME CARE,01/06/2026,18:00:00,00:30:00,00:30:00,True,\n"
        "K1,P1,HOME CARE,01/06/2026,20:00:00,00:30:00,00:30:00,True,\n"
        "K1,P1,HOME CARE,2026-06-31,20:00:00,half,,False,\n",
        DELIVERY,
    )
    rows = found.rows.to_pylist()
    assert [(row["delivered_minutes"], row["carers"]) for row in rows] == [(41, 1), (30, 2), (30, 2)] and found.layout == "delivery"
    assert found.named.column("contract_id").to_pylist() == ["K1"] * 3 and found.read == 5
    assert [code for _, _, code in why(found)] == ["CELL", "CELL", "CARER"] and found.rejected == {6, 7}


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)), st.times())
def test_days_and_times_read_back(day, clock):
    clock = clock.replace(microsecond=0)
    assert read_date(day.isoformat()) == day and read_date(f"{day:%d/%m/}{day.year:04}") == day
    assert read_time(clock.isoformat()) == clock and read_time(f"{clock:%H:%M}") == clock.replace(second=0)


@given(st.text(max_size=20))
def test_no_text_is_more_than_wrong(text):
    for meaning in (read_date(text), read_time(text), read_span(text)):
        assert isinstance(meaning, Wrong | date | time | int)


VISITS = st.fixed_dictionaries(
    {
        "line_id": st.sampled_from(["LN-1", "L2", "007"]), "date": st.dates(date(2026, 1, 1), date(2026, 12, 31)), "kind": st.just("visit"),
        "start_time": st.times().map(lambda clock: clock.replace(second=0, microsecond=0)), "delivered_minutes": st.integers(0, 1440),
        "units": st.none() | st.integers(0, 9999), "carers": st.integers(1, 20), "outcome": st.sampled_from(OUTCOMES),
        "reason": st.none() | st.sampled_from(["no reply", "=1+1", "-"]), "comment": st.none() | st.sampled_from(["ok, then", "‘quoted’"]),
        "actual_start_time": st.none() | st.just(time(9, 5)), "carer_id": st.none() | st.just("C-1"),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(VISITS, min_size=1, max_size=8, unique_by=lambda row: (row["line_id"], row["date"], row["start_time"])))
def test_a_workbook_reads_back_exactly(rows):
    found = read_actuals("week.xlsx", write_workbook([{**row, "person": "P1 Ada", "planned": 30} for row in rows]))
    assert not found.findings and found.layout == "workbook" and found.read == len(rows)
    assert [{name: row[name] for name in rows[0]} for row in found.rows.to_pylist()] == rows
