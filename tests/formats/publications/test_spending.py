"""The spending publication against Devon County Council's real file, and what cannot be read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.core.findings import Severity
from almoner.formats.publications.spending import COLUMNS, SPENDING, SpendingUnreadable, read_amount, read_spending, write_spending

REAL = Path(__file__).parents[3] / "data" / "devon_adult_care_payments_2024_q4.csv"
HEADER = ",".join(COLUMNS)
LINE = "2024-01-02,CFADDAY1,{},89507,Adult Care & Health,Care Spot,5701,B"


@pytest.fixture(scope="module")
def real():
    return read_spending(REAL.read_bytes())


def test_the_totals_of_the_real_file_to_the_penny(real):
    table, _ = real
    totals: Counter[str] = Counter()
    payees: Counter[str] = Counter()
    rows = zip(*(table[name].to_pylist() for name in ("transaction_number", "amount_pence", "supplier_id")), strict=True)
    for transaction, pence, supplier in rows:
        totals[transaction[:7]] += pence
        payees[supplier] += pence
    assert totals == {"CFADDOM": 10_004_844_75, "CFADRES": 50_693_483_13, "CFADDAY": 17_345_565_91}
    assert sum(totals.values()) == 78_043_893_79
    assert table.num_rows == 14_666
    assert len(payees) == 820
    assert [pence for pence in payees.values() if pence < 0] == [-10_628_57]
    assert sum(1 for pence in table["amount_pence"].to_pylist() if pence < 0) == 101
    assert Counter(number[:7] for number in table["transaction_number"].to_pylist()) == {
        "CFADDOM": 5_583,
        "CFADRES": 3_145,
        "CFADDAY": 5_938,
    }


def test_every_line_of_float_noise_is_noted_and_nothing_else_is(real):
    _, findings = real
    assert len(findings) == 248
    assert {(finding.severity, finding.code, finding.table, finding.column) for finding in findings} == {
        (Severity.NOTE, "FLOAT-NOISE", "spending", "amount")
    }
    assert (findings[0].row, findings[0].value) == (8, "990.4499999999999")
    assert "990.45" in findings[0].message


def test_the_file_written_equals_theirs_but_for_float_noise(real):
    table, findings = real
    noisy = {finding.row for finding in findings}
    theirs = REAL.read_bytes().split(b"\r\n")
    ours = write_spending(table).split(b"\r\n")
    assert len(ours) == len(theirs)
    different = [number for number, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1) if one != other]
    assert set(different) == noisy  # the 248 lines where their computer could not keep the pence; equal to the penny:
    for number in different:
        our_cells, their_cells = ours[number - 1].decode().split(","), theirs[number - 1].decode().split(",")
        assert our_cells[:2] + our_cells[3:] == their_cells[:2] + their_cells[3:]
        assert read_amount(number, our_cells[2]) == (read_amount(number, their_cells[2])[0], None)


def test_writing_what_was_read_and_reading_it_again_changes_nothing(real):
    table, _ = real
    assert read_spending(write_spending(table)) == (table, [])


def test_only_lines_over_the_threshold_when_asked(real):
    table, _ = real
    published, _ = read_spending(write_spending(table, over_pence=500_00))
    assert all(abs(pence) > 500_00 for pence in published["amount_pence"].to_pylist())
    assert 0 < published.num_rows < table.num_rows
    three = pa.concat_tables([table.slice(0, 1)] * 3).set_column(3, "amount_pence", pa.array([500_00, 500_01, -500_01], pa.int64()))
    assert read_spending(write_spending(three, over_pence=500_00))[0]["amount_pence"].to_pylist() == [500_01, -500_01]


@pytest.mark.parametrize(
    ("text", "pence", "code"),
    [
        ("990.4499999999999", 99_045, "FLOAT-NOISE"),
        ("1018.6800000000001", 101_868, "FLOAT-NOISE"),
        ("-0.1499999999", -15, "FLOAT-NOISE"),
        ("0.99999999999", 100, "FLOAT-NOISE"),
        ("1.00000001", 100, "FLOAT-NOISE"),  # a millionth of a penny exactly
        ("1.00000002", None, "PART-PENNY"),
        ("1.99999998", None, "PART-PENNY"),
        ("1.99999999", 200, "FLOAT-NOISE"),
        ("1.005", None, "PART-PENNY"),
        ("2.5", 250, None),
        ("-2.50", -250, None),
        ("2.500000", 250, None),
        ("12", 1_200, None),
        (" 12.30 ", 1_230, None),
        ("-0", 0, None),
        ("", None, "AMOUNT"),
        ("£5", None, "AMOUNT"),
        ("1,000", None, "AMOUNT"),
        ("1e3", None, "AMOUNT"),
        ("nan", None, "AMOUNT"),
        (".5", None, "AMOUNT"),
        ("5.", None, "AMOUNT"),
        ("٥", None, "AMOUNT"),
        ("1" * 14, None, "AMOUNT"),
    ],
)
def test_amounts(text, pence, code):
    read, finding = read_amount(2, text)
    assert (read, finding.code if finding else None) == (pence, code)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_any_pence_written_are_read_back(pence):
    row = {"date": date(2026, 1, 5), "amount_pence": pence} | dict.fromkeys((n for n in COLUMNS if n not in ("date", "amount")), "x")
    table = pa.Table.from_pylist([{"row": 2} | row], schema=SPENDING)
    assert read_spending(write_spending(table)) == (table, [])


def test_a_bad_row_is_left_out_and_the_others_are_read():
    content = "\r\n".join(
        [HEADER, LINE.format("1.005"), LINE.format("2.00"), "", LINE.format("3").replace("2024-01-02", "2024-02-30")]
    ).encode()
    table, findings = read_spending(b"\xef\xbb\xbf" + content)
    assert table["amount_pence"].to_pylist() == [200]
    assert table["row"].to_pylist() == [3]
    assert [(finding.row, finding.code, finding.severity) for finding in findings] == [
        (2, "PART-PENNY", Severity.ERROR),
        (5, "DATE", Severity.ERROR),
    ]


def test_columns_may_stand_in_any_order():
    names = list(reversed(COLUMNS))
    cells = dict(zip(COLUMNS, LINE.format("7.25").split(","), strict=True))
    table, findings = read_spending(f"{','.join(names)}\n{','.join(cells[name] for name in names)}\n".encode())
    assert (table["amount_pence"].to_pylist(), findings) == ([725], [])


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"\xff\xfed\x00", b"date,amount\r\n", f"{HEADER}\r\n1,2\r\n".encode(), f'{HEADER}\r\n"open'.encode()],
)
def test_what_is_no_publication_is_refused(content):
    with pytest.raises(SpendingUnreadable) as refused:
        read_spending(content)
    assert refused.value.code and refused.value.remedy


def test_a_header_alone_is_an_empty_table():
    table, findings = read_spending(f"{HEADER}\r\n".encode())
    assert (table, findings) == (SPENDING.empty_table(), [])


def test_text_that_a_spreadsheet_would_run_is_made_safe():
    row = {"row": 2, "date": date(2026, 1, 5), "amount_pence": -100} | dict.fromkeys(
        (n for n in COLUMNS if n not in ("date", "amount")), "x"
    )
    content = write_spending(pa.Table.from_pylist([row | {"expense_type": '=HYPERLINK("http://x")'}], schema=SPENDING)).decode()
    assert "\"'=HYPERLINK(" in content
    assert ",-1," in content
