"""A large table says what it would say row by row: its columns are worked out several at a time, its quotation marks found one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.tables.small_council import GOOD, written

from almoner.formats.tables import csv_text, read_folder
from almoner.formats.tables.csv_text import _quotes

SPOILT = GOOD["actuals"].replace("delivered,late", "deliverd,late").replace("2026-04-13,", "2026-14-13,").replace(",30,", ",-30,")


@pytest.mark.parametrize("actuals", [GOOD["actuals"], SPOILT], ids=["good", "spoilt"])
def test_columns_worked_out_several_at_a_time_say_the_same(tmp_path, monkeypatch, actuals):
    folder = written(tmp_path, actuals=actuals)
    one_by_one = read_folder(folder)
    monkeypatch.setattr("almoner.formats.tables.settle.ROWS_FOR_THREADS", 0)
    together = read_folder(folder)
    assert together == one_by_one
    assert len([f for f in together.findings if f.table == "actuals"]) == (3 if actuals is SPOILT else 0)


@given(st.lists(st.sampled_from(['"', "a", "\n"]), max_size=30), st.integers(0, 5), st.integers(0, 8))
def test_quotation_marks_are_counted_whether_few_or_many(letters, start, most):
    data = "".join(letters).encode()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_text, "MOST_QUOTES", most)
        assert _quotes(data, start) == data.count(b'"', start)
