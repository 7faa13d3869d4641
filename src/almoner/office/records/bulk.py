"""Many rows in and out of the database at once, as Arrow tables, on Django's own connection and inside its transaction.

SQLite is given `executemany` and asked with `fetchmany`; PostgreSQL copies. A second library on the SQLite file would break its locks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from almoner.office.records.canonical import canonical_rows

ROWS_AT_A_TIME = 50_000


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


def read_rows(select: str, columns: pa.Schema, parameters: Sequence[Any] = (), order: Sequence[str] = ()) -> pa.Table:
    """The rows of `select` as a table with the schema `columns`, sorted by the columns `order`.

    `select` is a query with `%s` for its parameters and no ORDER BY; its result has (at least) those columns by name.
    """
    expressions = ", ".join(_expression(field) for field in columns)
    query = f"SELECT {expressions} FROM ({select}) AS wanted"
    if order:
        query += " ORDER BY " + ", ".join(f'"{name}"' for name in order)
    read = _copied if connection.vendor == "postgresql" else _fetched
    return read(query, columns, parameters)


def any_of(column: str, values: Sequence[str] | pa.Array | pa.ChunkedArray) -> tuple[str, Any]:
    """A condition that `column` is one of `values`, however many, and its one parameter."""
    wanted = values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else list(values)
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::text[])", wanted
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(wanted)


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


def _expression(field: pa.Field) -> str:
    """The column as it is asked for. SQLite's driver would turn declared dates into objects one by one: a cast stops it."""
    name = f'"{field.name}"'
    if connection.vendor == "postgresql":
        return name
    if pa.types.is_temporal(field.type):
        return f"CAST({name} AS TEXT) AS {name}"
    if pa.types.is_boolean(field.type):
        return f"CAST({name} AS INTEGER) AS {name}"
    return name


def _fetched(query: str, columns: pa.Schema, parameters: Sequence[Any]) -> pa.Table:
    tables = []
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            arrays = [_array(list(cells), field.type) for cells, field in zip(zip(*rows, strict=True), columns, strict=True)]
            tables.append(pa.table(arrays, schema=columns))
    return pa.concat_tables(tables) if tables else columns.empty_table()


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind) and kind.tz:
        return pa.array(values, pa.string()).cast(pa.timestamp(kind.unit)).cast(kind)
    if pa.types.is_time(kind):
        moments = pc.binary_join_element_wise("1970-01-01", pa.array(values, pa.string()), " ")
        return moments.cast(pa.timestamp("s")).cast(kind)
    if pa.types.is_temporal(kind):
        return pa.array(values, pa.string()).cast(kind)
    if pa.types.is_boolean(kind):
        return pa.array(values, pa.int8()).cast(kind)
    return pa.array(values, kind)


def _copied(query: str, columns: pa.Schema, parameters: Sequence[Any]) -> pa.Table:
    text = _copy_out(f"COPY ({query}) TO STDOUT (FORMAT csv)", parameters)
    if not text:
        return columns.empty_table()
    return csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=columns.names, block_size=1 << 24),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=columns,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
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
        while True:
            size, message = libpq.get_copy_data(0)
            if size < 0:
                break
            messages.append(bytes(message))
        while ended := libpq.get_result():
            if ended.status != ExecStatus.COMMAND_OK:
                raise error_from_result(ended)
        return b"".join(messages)
