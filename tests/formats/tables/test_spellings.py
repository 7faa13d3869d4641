"""Spellings read without the database mean what the database says they mean; numbers with a form of their own have it."""

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from almoner.core.tables import TABLES
from almoner.formats.tables.engine import Engine
from almoner.formats.tables.spelling import FORMS, INSTANTS, NUMBERS, _converted, _plainly

COLUMNS = {
    kind: TABLES[table].column(name)
    for kind, table, name in [
        ("money", "shares", "amount_per_week"), ("rate", "rates", "rate"), ("percent", "shares", "percent"),
        ("quantity", "actuals", "units"), ("count", "actuals", "delivered_minutes"), ("instant", "actuals", "submitted_at"),
    ]
}  # fmt: skip
NUMBER = st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{1,4})?", fullmatch=True) | st.from_regex(r"[-+]?[0-9]{0,16}\.?[0-9]{0,6}e?", fullmatch=True)
INSTANT = st.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S")) | st.from_regex(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True
)


@pytest.mark.parametrize("kind", COLUMNS)
def test_usual_spellings_mean_what_the_database_says(kind):
    column, read_plainly = COLUMNS[kind], set()

    @settings(max_examples=150, deadline=None)
    @given(st.none() | (INSTANT if kind == "instant" else NUMBER))
    @example("2024-02-29T23:59:59" if kind == "instant" else "-007")
    @example("2025-02-29T00:00:00" if kind == "instant" else "0")
    def holds(text):
        texts = pa.array([text], pa.string())
        plain = _plainly(column, texts)
        if plain is None:
            return
        read_plainly.add(text)
        with Engine() as engine:
            asked = _converted(engine, INSTANTS if kind == "instant" else NUMBERS, [(column, texts)])
        assert plain.values.to_pylist() == asked.values.to_pylist()
        assert asked.codes.to_pylist() in ([None], ["unlikely_date"]) and plain.codes.to_pylist() == [None]

    holds()
    assert len(read_plainly) > 20


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("nhs_number", ["9434765919", "4010232137"], ["9434765918", "943476591", "94347659190", "943476591x", "٩٤٣٤٧٦٥٩١٩"]),
        ("sort_code", ["200000", "000001"], ["20000", "2000000", "20000x", "200000\n"]),
        ("account_number", ["55779911"], ["5577991", "557799110", "-5577991"]),
    ],
)
def test_numbers_with_a_form_of_their_own(column, good, bad):
    assert FORMS[column](pa.array([*good, *bad])).to_pylist() == [True] * len(good) + [False] * len(bad)


def test_every_tenth_digit_is_checked():
    """Of the ten last digits at most one is right, and ten that would have to be is none."""
    for start in range(943_476_000, 943_476_040):
        digits = [int(d) for d in str(start)]
        right = (11 - sum(w * d for w, d in zip(range(10, 1, -1), digits, strict=True)) % 11) % 11
        found = FORMS["nhs_number"](pa.array([f"{start}{last}" for last in range(10)])).to_pylist()
        assert found == [last == right for last in range(10)]
