"""Many rows in and out of the database at once, as Arrow tables, on Django's own connection and inside its transaction.

SQLite is given `executemany` and asked for CSV, many lines at a time; PostgreSQL copies. A second library on the SQLite file would break
its locks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from almoner.office.records.canonical import canonical_rows

ROWS_AT_A_TIME = 50_000
LINES_AT_A_TIME = 4_096
MUCH = 1 << 20
"""Bytes from which on reading is worth starting threads for."""


class Digest(Protocol):
    """A hash that is fed bytes, such as `hashlib.sha256()`."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""


def append_rows(table: str, rows: pa.Table, digest: Digest | None = None) -> None:
    """Insert `rows` into the database table `table`, in order; the columns of both have the same names.

    Must be called inside the caller's `atomic()`. Nulls stay nulls and empty text stays empty text. `digest` is fed the
    rows' canonical text.
    """
    assert connection.in_atomic_block, "rows are appended inside one transaction"
    columns = ", ".join(f'"{name}"' for name in rows.column_names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for part in _parts(rows):
                    text = canonical_rows(part)
                    copy.write(text)
                    if digest is not None:
                        digest.update(text)
            return
        marks = ", ".join(["%s"] * rows.num_columns)
        for part in _parts(rows):
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', _tuples(part))
            if digest is not None:
                digest.update(canonical_rows(part))


def _parts(rows: pa.Table) -> Iterator[pa.Table]:
    return (rows.slice(start, ROWS_AT_A_TIME) for start in range(0, rows.num_rows, ROWS_AT_A_TIME))


def read_rows(select: str, columns: pa.Schema, parameters: Sequence[Any] = (), order: Sequence[str] = (), packed_by: str = "") -> pa.Table:
    """The rows of `select` as a table with the schema `columns`, sorted by the columns `order`.

    `select` is a query with `%s` for its parameters and no ORDER BY; its result has (at least) those columns by name. `packed_by` may
    name one of them that an index gives the rows by, a few thousand to each value: SQLite then need not put them in order to pack them.
    """
    by_order = " ORDER BY " + ", ".join(f'"{name}"' for name in order) if order else ""
    number = order[0] if len(order) == 1 and order[0] in columns.names and pa.types.is_integer(columns.field(order[0]).type) else ""
    if connection.vendor == "postgresql":
        names = ", ".join(f'"{name}"' for name in columns.names)
        found = _copied(f"SELECT {names} FROM ({select}) AS wanted{'' if number else by_order}", columns, parameters)
        # Beyond a few megabytes PostgreSQL puts rows in order on the disk.
        return _sorted(found, number) if number else found
    line = _csv_line(columns)
    if not number:
        return _fetched(f"SELECT CAST({line} AS BLOB) FROM ({select}) AS wanted{by_order}", columns, parameters, ROWS_AT_A_TIME)
    # Numbered rows come many at a time: fetching each line by itself would take a third of the time.
    pack, cells = (packed_by, f'"{packed_by}"') if packed_by else (f"number / {LINES_AT_A_TIME}", f'"{number}" AS number')
    lines = f"SELECT {line} AS line, {cells} FROM ({select}) AS wanted{'' if packed_by else by_order}"
    packed = f"SELECT CAST(group_concat(line, char(10)) AS BLOB) FROM ({lines}) AS lines GROUP BY {pack}"
    return _sorted(_fetched(packed, columns, parameters, ROWS_AT_A_TIME // LINES_AT_A_TIME), number)


def _sorted(rows: pa.Table, number: str) -> pa.Table:
    """The rows by their number."""
    numbers = rows.column(number).combine_chunks()
    in_order = pc.all(pc.less_equal(numbers.slice(0, max(len(numbers) - 1, 0)), numbers.slice(1))).as_py()
    return rows if in_order is not False else rows.sort_by(number)


def any_of(column: str, values: Sequence[str] | pa.Array | pa.ChunkedArray) -> tuple[str, Any]:
    """A condition that `column` is one of `values`, however many, and its one parameter."""
    wanted = values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else list(values)
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::text[])", wanted
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(wanted)


def listed(rows: pa.Table) -> tuple[str, list[Any]]:
    """A query that gives `rows`, of texts and days, however many, and its parameters."""
    names, columns = rows.column_names, [column.to_pylist() for column in rows.columns]
    if connection.vendor == "postgresql":
        kinds = ["date" if pa.types.is_date(column.type) else "text" for column in rows.columns]
        return f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)}) AS given({', '.join(names)})", columns
    cells = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(names))
    return f"SELECT {cells} FROM json_each(%s)", [json.dumps(list(zip(*columns, strict=True)), default=date.isoformat)]


def looked_up(given: str, table: str, condition: str) -> str:
    """What stands behind FROM for the rows of a table, as `facts`, that meet a condition with a row of a query, as `given`: looked up
    row by row in an index, which hardly costs more when the table has grown, whatever the database expects."""
    if connection.vendor == "postgresql":
        return f"({given}) AS given CROSS JOIN LATERAL (SELECT * FROM {table} AS facts WHERE {condition} OFFSET 0) AS facts"
    return f"({given}) AS given CROSS JOIN {table} AS facts ON {condition}"


def _tuples(rows: pa.Table) -> list[tuple[Any, ...]]:
    """Rows as SQLite keeps them: dates and times as text, truth as 0 and 1."""
    return list(zip(*(_stored(column) for column in rows.columns), strict=True))


def _stored(column: pa.ChunkedArray) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz:
        # Spelled as Django spells it, for its queries compare text: no microseconds where there are none.
        moments = column.combine_chunks().dictionary_encode()
        spelled = [None if m is None else str(m.astimezone(UTC).replace(tzinfo=None)) for m in moments.dictionary.to_pylist()]
        column = pa.array(spelled, pa.string()).take(moments.indices)
    elif pa.types.is_temporal(kind):
        column = column.cast(pa.string())
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    values: list[Any] = column.to_pylist()
    return values


def _csv_line(columns: pa.Schema) -> str:
    """SQL for a row of SQLite's as a line of CSV, spelled by SQLite itself: text in single quotes, NULL as such or blank; instants with
    their zone. It spells a text up to its first NUL character: `troubles_in_text` finds those."""
    spelled = ",".join("%Q" if _is_text(field) else "%s" for field in columns)
    return f"printf('{spelled.replace('%', '%%')}', {', '.join(_csv_cell(field) for field in columns)})"


def _csv_cell(field: pa.Field) -> str:
    return f"\"{field.name}\" || 'Z'" if pa.types.is_timestamp(field.type) and field.type.tz else f'"{field.name}"'


def _is_text(field: pa.Field) -> bool:
    return bool(pa.types.is_string(field.type) or pa.types.is_large_string(field.type))


def _fetched(query: str, columns: pa.Schema, parameters: Sequence[Any], at_a_time: int) -> pa.Table:
    """Lines of CSV as bytes, one or many a row: making an object of every cell would take longer than all the rest."""
    tables = []
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(at_a_time):
            text = b"\n".join([line for (line,) in rows]) + b"\n"
            tables.append(_read_csv(text, columns, quote="'", blank="NULL"))
    return pa.concat_tables(tables) if tables else columns.empty_table()


def _copied(query: str, columns: pa.Schema, parameters: Sequence[Any]) -> pa.Table:
    text = _copy_out(f"COPY ({query}) TO STDOUT (FORMAT csv)", parameters)
    return _read_csv(text, columns, quote='"', blank="") if text else columns.empty_table()


def _read_csv(text: bytes, columns: pa.Schema, *, quote: str, blank: str) -> pa.Table:
    return csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=columns.names, block_size=1 << 24, use_threads=len(text) > MUCH),
        parse_options=csv.ParseOptions(quote_char=quote, newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=columns,
            null_values=["", blank],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t", "1"],
            false_values=["f", "0"],
        ),
    )


def _copy_out(statement: str, parameters: Sequence[Any]) -> bytes:
    """What a COPY TO STDOUT sends. Asked of libpq directly: the server sends a message for each row, and the driver's
    own loop over them costs several times what the rows themselves do."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        libpq = cursor.connection.pgconn
        begun = libpq.exec_(cursor.mogrify(statement, parameters).encode())
        if begun.status != ExecStatus.COPY_OUT:
            raise error_from_result(begun)
        messages: list[bytes] = []
        with DefaultSelector() as arrived:
            arrived.register(libpq.socket, EVENT_READ)
            # The driver is not asked to wait: every other thread of Python would wait with it.
            while (answer := libpq.get_copy_data(1))[0] >= 0:
                if answer[0]:
                    messages.append(bytes(answer[1]))
                else:
                    arrived.select()
                    libpq.consume_input()
        while ended := libpq.get_result():
            if ended.status != ExecStatus.COMMAND_OK:
                raise error_from_result(ended)
        return b"".join(messages)
