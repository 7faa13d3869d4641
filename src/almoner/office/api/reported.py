"""Visits as a provider's system tells them, held against the lines it may report on: good rows, and the others with what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from almoner.core.tables import ACTUALS
from almoner.formats.actuals.reading import NAMED, ActualsRead
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.comparison import Compared
from almoner.office.actuals.operations import Expected
from almoner.office.actuals.uploaded import within_reach
from almoner.office.records.queries import known_at
from almoner.office.runs.provider_weeks import lines_of
from almoner.office.runs.uploads import worth_of_rows


@dataclass(frozen=True)
class RowRejected:
    """A visit that does not count: its place in what was sent, from 0, why, and what to do."""

    index: int
    code: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Reported:
    """`rows` in the schema of actuals, each visit once; what of them is new, and what they would pay and hold."""

    rows: pa.Table
    rejected: tuple[RowRejected, ...]
    compared: Compared
    expected: Expected


def read_reported(visits: Sequence[Mapping[str, Any]], reader: Reader, at: datetime) -> Reported:
    """The visits (the fields of `shapes.Visit`) as a file with them would be read."""
    told = [{**visit, "row": number, "units": visit["units_hundredths"]} for number, visit in enumerate(visits, 1)]
    rows = pa.Table.from_pylist([{name: row.get(name) for name in ACTUALS.schema.names} for row in told], schema=ACTUALS.schema)
    lines = lines_of(reader, known_at(at))
    good, findings = within_reach(ActualsRead("api", rows, NAMED.empty_table(), [], rows.num_rows, []), lines, at)
    worth = worth_of_rows(good, lines, at)
    rejected = (RowRejected(found.row - 1, found.code, found.message, found.remedy) for found in findings)
    return Reported(good, tuple(sorted(rejected, key=lambda row: row.index)), worth.compared, worth.expected)
