"""What an access can be for, and be limited to: organisations, their sites and contracts, as the records know them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pyarrow.compute as pc

from almoner.office.accounts.roles import Side
from almoner.office.records.queries import known_at, rows_known, table_known

ORGANISATIONS = {Side.PROVIDER: ("providers", "provider_id"), Side.PARTNER: ("funders", "funder_id")}
Place = tuple[str, str]
"""`site` or `contract`, and its id."""


def organisation_name(side: Side | str, organisation_id: str, at: datetime) -> str:
    """The name of a provider or funder; empty for one that is not known, and for the council."""
    if side not in ORGANISATIONS or not organisation_id:
        return ""
    table, column = ORGANISATIONS[Side(side)]
    names = rows_known(table, known_at(at), {column: [organisation_id]}).column("name").to_pylist()
    return str(names[0]) if names else ""


def organisation_names(at: datetime) -> dict[tuple[str, str], str]:
    """Every provider's and funder's name, by side and number."""
    names: dict[tuple[str, str], str] = {}
    for side, (table, column) in ORGANISATIONS.items():
        known = table_known(table, at)
        ids = known.column(column).to_pylist()
        names |= {(str(side), number): name for number, name in zip(ids, known.column("name").to_pylist(), strict=True)}
    return names


def places_of(provider_id: str, at: datetime) -> dict[Place, str]:
    """The sites and contracts of a provider in words, sites first: what an access or a token may be limited to."""
    known = known_at(at)
    found: dict[Place, str] = {}
    sites = table_known("sites", known)
    for site in sites.filter(pc.equal(sites.column("provider_id"), provider_id)).to_pylist():
        found["site", site["site_id"]] = f"{site['name'] or site['site_id']} ({site['site_id']})"
    contracts = table_known("contracts", known)
    for contract in contracts.filter(pc.equal(contracts.column("provider_id"), provider_id)).to_pylist():
        found["contract", contract["contract_id"]] = f"Contract {contract['contract_id']}, {contract['service_type'] or 'care'}"
    return found


def in_words(places: Iterable[Place], known: dict[Place, str]) -> str:
    """The places of an access as a table shows them; `All` for one that is not limited."""
    return ", ".join(known.get(place, place[1]) for place in places) or "All"
