"""Whose a change is: the providers and funders it touches, for nobody decides about an organisation they work for."""

from __future__ import annotations

from datetime import datetime

from almoner.office.accounts.own_organisation import works_for
from almoner.office.care.queries import providers_of
from almoner.office.changes.kinds import Change, Order, Uplift
from almoner.office.changes.proposal import Proposed


def organisations_touched(change: Order, facts: Proposed | None, by: str, at: datetime) -> frozenset[str]:
    """The numbers of the organisations of a change's lines, contracts and shares, and of the facts it would record; None of those: of what
    it names itself. Asked for somebody: nothing is looked up for who works for no organisation."""
    if not works_for(by):
        return frozenset()
    named: dict[str, set[str]] = {
        "line_id": {change.line_id}, "contract_id": {change.contract_id}, "provider_id": set(), "funder_id": set(),
    }  # fmt: skip
    if isinstance(change, Uplift):
        named["line_id"] |= {line for line, _ in change.lines}
        named["provider_id"].add(change.provider_id)
    elif isinstance(change, Change):
        named["funder_id"].add(change.funder_id)
    for table in facts.tables.values() if facts else ():
        for column in named.keys() & set(table.column_names):
            named[column] |= set(table.column(column).to_pylist())
    ids = {column: {value for value in values if value} for column, values in named.items()}
    providers = providers_of(ids["line_id"], at, contracts=ids["contract_id"])
    return frozenset(providers | ids["provider_id"] | ids["funder_id"])
