"""Generated tables of facts that are right in every cell: any table, any column, few rows."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from hypothesis import strategies as st

from almoner.core.tables import ARROW, TABLES, Column, Kind, Table
from almoner.formats.tables.spelling import TRIMMED

REFERRED = ("people", "providers", "sites", "funders", "contracts", "lines")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
ANY_TEXT = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
    .map(lambda text: text.strip(TRIMMED))
    .filter(bool)
)


def cell(column: Column) -> st.SearchStrategy[object]:
    """A value that the column may have, None where it may be blank and has no default."""
    kinds: dict[Kind, st.SearchStrategy[object]] = {
        Kind.TEXT: ANY_TEXT,
        Kind.CHOICE: st.sampled_from(column.choices or ("x",)),
        Kind.YES_NO: st.booleans(),
        Kind.DATE: DAYS,
        Kind.INSTANT: st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31)).map(lambda at: at.replace(microsecond=0)),
        Kind.TIME: st.times().map(lambda at: at.replace(microsecond=0)),
    }
    least = column.least if column.least is not None else -(10**12)
    most = column.most if column.most is not None else 10**12
    value = kinds.get(column.kind, st.integers(least, most))
    return value if column.required or column.default else st.none() | value


def _sound(table: Table, row: dict[str, object], place: int) -> dict[str, object]:
    """The row made to agree with itself and with the tables it refers to, and unlike every other."""
    for column in table.columns:
        if column.refers_to and row[column.name] is not None:
            row[column.name] = f"{column.refers_to}-1"
    key = table.columns[0].name
    if table.key == (key,):
        row[key] = f"{table.name}-{place}"
    for first, last in (("valid_from", "valid_to"), ("start_date", "end_date"), ("first_day", "last_day")):
        if first in row and row.get(last) is not None:
            row[first], row[last] = sorted([row[first], row[last]])
    row |= {"rate": abs(row["rate"])} if row.get("rate") is not None else {}
    if table.name == "shares":
        row |= {"percent": None, "amount_per_week": row["amount_per_week"] or 0}
    if table.name == "bank_accounts":
        row |= {"sort_code": f"{place:06d}", "account_number": f"{place:08d}"}
    if row.get("nhs_number"):
        row |= {"nhs_number": f"{place:010d}"}
    if table.name == "actuals":
        row |= {"kind": "week", "delivered_minutes": row["delivered_minutes"] or 0}
    return row


@st.composite
def councils(draw: st.DrawFn, names: tuple[str, ...] = tuple(TABLES)) -> dict[str, pa.Table]:
    """Some of the tables, those that are referred to always, in the core's schema; no two rows have the same key."""
    chosen = [*REFERRED, *draw(st.lists(st.sampled_from([n for n in names if n not in REFERRED]), unique=True, max_size=3))]
    council = {}
    for name in chosen:
        table = TABLES[name]
        count = draw(st.integers(1, 3)) if name in REFERRED else draw(st.integers(0, 5))
        rows, keys = [], set()
        for place in range(1, count + 1):
            row = _sound(table, {c.name: draw(cell(c)) for c in table.columns}, place)
            key = tuple(row[column] for column in table.key)
            if key not in keys or not table.key:
                keys.add(key)
                rows.append({"row": len(rows) + 2, **row})
        council[name] = pa.Table.from_pylist(rows, schema=table.schema)
    assert all(ARROW[c.kind] == council[n].schema.field(c.name).type for n in council for c in TABLES[n].columns)
    return council
