"""Which care a reader of the portal reaches: the one place that scopes it. Everything else of the portal is reached through these lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import TABLES
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import Side
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import Known, known_at, rows_known
from almoner.office.records.standing import Condition, in_force, within
from almoner.office.records.versions import database_table


def _fields(table: str, *names: str) -> list[pa.Field]:
    schema = TABLES[table].schema
    return [schema.field(name) for name in names]


OF_LINE = (
    "line_id", "person_id", "contract_id", "element", "start_date", "end_date", "rate", "rate_unit", "quantity_per_week", "cost_code",
    "authorised_on", "agreed_on",
)  # fmt: skip
OF_CONTRACT = (
    "provider_id", "service_type", "site_id", "basis", "cycle", "cycle_anchor", "week_start", "tolerance_percent", "hold",
    "rounding_minutes", "rounding_mode", "cap_at_planned", "needs_agreement",
)  # fmt: skip
OF_PERSON = ("family_name", "given_names", "date_of_death", "team")
OPEN_LINES = pa.schema(
    [
        *_fields("lines", *OF_LINE), *_fields("contracts", *OF_CONTRACT), *_fields("people", *OF_PERSON),
        pa.field("site_name", pa.string()),
    ]
)  # fmt: skip
"""A line with its contract's terms for its whole life, the person's name, and the site's; the columns are those of `core.tables`."""


def lines_open_to(reader: Reader, at: datetime | Known) -> pa.Table:
    """Every line that a reader of the portal may see, ended ones too, as known at a moment, by line id (`OPEN_LINES`).

    The lines of their provider's contracts; of an access limited to sites or contracts only those there. Nobody else has any here.
    """
    return _open(reader.organisation_id, reader, at) if _is_of_provider(reader) else OPEN_LINES.empty_table()


def lines_of_provider(provider_id: str, at: datetime | Known) -> pa.Table:
    """Every line of a provider's contracts (`OPEN_LINES`): for what is worked out of the whole provider, whoever asks."""
    return _open(provider_id, None, at)


def reached(reader: Reader, lines: pa.Table) -> pa.Table:
    """Of a provider's lines (`lines_of_provider`) those open to a reader: what `lines_open_to` gives, of lines read before."""
    if not _is_of_provider(reader):
        return OPEN_LINES.empty_table()
    own = pc.equal(lines.column("provider_id"), reader.organisation_id)
    if reader.is_limited:
        at_sites = pc.is_in(lines.column("site_id"), value_set=pa.array(sorted(reader.sites), pa.string()))
        under = pc.is_in(lines.column("contract_id"), value_set=pa.array(sorted(reader.contracts), pa.string()))
        own = pc.and_(own, pc.or_(at_sites, under))
    return lines.filter(own)


def line_open_to(reader: Reader, line_id: str, at: datetime | Known) -> dict[str, Any] | None:
    """One line as `lines_open_to` gives it; None when there is none or when it is not open to the reader."""
    found = _open(reader.organisation_id, reader, at, line_id).to_pylist() if _is_of_provider(reader) else []
    return found[0] if found else None


def providers_of(lines: Iterable[str], at: datetime | Known, *, contracts: Iterable[str] = ()) -> frozenset[str]:
    """The providers of these contracts, and of those that these lines are under, as known at a moment."""
    known = at if isinstance(at, Known) else known_at(at)
    under = rows_known("lines", known, {"line_id": sorted(set(lines))}).column("contract_id").to_pylist()
    wanted = sorted({*contracts, *under})
    return frozenset(rows_known("contracts", known, {"contract_id": wanted}).column("provider_id").to_pylist())


def _is_of_provider(reader: Reader) -> bool:
    return reader.side is Side.PROVIDER and bool(reader.organisation_id)


def _open(provider: str, reader: Reader | None, at: datetime | Known, line_id: str | None = None) -> pa.Table:
    known = at if isinstance(at, Known) else known_at(at)
    # Whatever once was the provider's is looked at, and what the version in force says counts.
    of_provider = f"contract_id IN (SELECT contract_id FROM {database_table('contracts')} WHERE provider_id = %s)"
    on_lines = f"SELECT {{}} FROM {database_table('lines')} WHERE {of_provider}"
    named: list[Any] = [provider]
    if line_id is not None:
        on_lines, named = f"{on_lines} AND line_id = %s", [provider, line_id]
    lines, lines_given = _standing("lines", known, f"line_id IN ({on_lines.format('line_id')})", named)
    contracts, contracts_given = _standing("contracts", known, of_provider, [provider])
    people, people_given = _standing("people", known, f"person_id IN ({on_lines.format('person_id')})", named)
    sites, sites_given = _standing("sites", known, "TRUE", [])
    limit, limited = _limits(reader)
    shown = ", ".join([*(f"l.{n}" for n in OF_LINE), *(f"c.{n}" for n in OF_CONTRACT), *(f"p.{n}" for n in OF_PERSON)])
    select = (
        f"SELECT {shown}, s.name AS site_name FROM ({lines}) AS l JOIN ({contracts}) AS c ON c.contract_id = l.contract_id"
        f" LEFT JOIN ({people}) AS p ON p.person_id = l.person_id LEFT JOIN ({sites}) AS s ON s.site_id = c.site_id"
        f" WHERE c.provider_id = %s AND {limit}"
    )
    given = [*lines_given, *contracts_given, *people_given, *sites_given, provider, *limited]
    return read_rows(select, OPEN_LINES, given, order=("line_id",))


def _standing(name: str, known: Known, term: str, parameters: list[Any]) -> tuple[str, list[Any]]:
    condition: Condition = within(TABLES[name], known=known)
    condition.add(term, *parameters)
    return in_force(TABLES[name], condition)


def _limits(reader: Reader | None) -> tuple[str, list[Any]]:
    """What an access limited to sites and contracts reaches: the contracts at those sites, and those contracts."""
    if reader is None or not reader.is_limited:
        return "TRUE", []
    at_sites, sites = any_of("c.site_id", sorted(reader.sites))
    under, contracts = any_of("c.contract_id", sorted(reader.contracts))
    return f"({at_sites} OR {under})", [sites, contracts]
