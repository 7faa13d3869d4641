"""Many councils in one calculation: ids carry the seed in front, so no two councils touch."""

from __future__ import annotations

from typing import Any

from tests.councils.rows import Row, Tables

IDS = ("person_id", "provider_id", "funder_id", "party_id", "contract_id", "line_id", "carer_id", "payer_id", "payee_id", "site_id")


def mark(seed: int) -> str:
    return f"{seed:05d}-"


def merged(councils: dict[int, Tables]) -> Tables:
    """One council of all; rows keep their order within each."""
    tables: Tables = {}
    for seed, own in councils.items():
        for name, rows in own.items():
            whole = tables.setdefault(name, [])
            whole += [{**_marked(seed, row), "row": number} for number, row in enumerate(rows, len(whole) + 2)]
    return tables


def _marked(seed: int, row: Row) -> dict[str, Any]:
    return {name: mark(seed) + cell if name in IDS and cell else cell for name, cell in row.items()}
