"""A little council for the tests of runs: three people, two providers, facts recorded straight into the office."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa

from almoner.core.tables import SCALES, TABLES, Kind

T0 = datetime(2026, 6, 1, 9, tzinfo=UTC)
MONDAY = date(2026, 5, 4)


def later(hours: float = 1) -> datetime:
    """An instant so many hours after the council was recorded."""
    return T0 + timedelta(hours=hours)


def default(column):
    """A column's default in the inside's units."""
    if column.default is None:
        return None
    if column.kind is Kind.YES_NO:
        return column.default == "yes"
    if column.kind is Kind.DATE:
        return date.fromisoformat(column.default)
    return int(column.default) * SCALES[column.kind] if column.kind in SCALES else column.default


def rows(name: str, *facts: dict) -> pa.Table:
    """Facts in the schema of a table, defaults filled."""
    table = TABLES[name]
    known = {column.name for column in table.columns}
    assert all(set(fact) <= known for fact in facts), facts
    filled = [{"row": n, **{c.name: fact.get(c.name, default(c)) for c in table.columns}} for n, fact in enumerate(facts, start=2)]
    return pa.Table.from_pylist(filled, schema=table.schema)


def record(name: str, *facts: dict, at: datetime = T0, by: str = "import", withdrawn: bool = False) -> None:
    """Record facts as versions."""
    from django.db import transaction

    from almoner.office.records.operations import append_versions

    with transaction.atomic():
        append_versions(name, rows(name, *facts), by=by, at=at, withdrawn=withdrawn)


def visit(line: str, day: date, minutes: int = 60, **more) -> dict:
    """An actual of one visit at eight in the morning."""
    return {"line_id": line, "date": day, "start_time": time(8), "delivered_minutes": minutes, "planned_minutes": minutes, **more}


def found_council() -> None:
    """Two providers, three people; L1, L2 paid from actuals, L3 a placement, L4 planned; two weeks reported from 4 May 2026."""
    record("people", *({"person_id": p, "family_name": p} for p in ("P1", "P2", "P3")))
    record(
        "providers",
        {"provider_id": "V1", "name": "Alder Care", "creditor_reference": "C1"},
        {"provider_id": "V2", "name": "Beech Homes", "creditor_reference": "C2"},
    )
    record("funders", {"funder_id": "ICB", "name": "An integrated care board", "kind": "icb"})
    record(
        "bank_accounts",
        *(
            {
                "party_id": party, "sort_code": "200000", "account_number": f"1234567{n}", "account_name": party,
                "valid_from": date(2020, 1, 1), "entered_by": "ann", "verified_by": "bob",
            }
            for n, party in enumerate(("V1", "V2"))
        ),
    )  # fmt: skip
    record(
        "contracts",
        {"contract_id": "K1", "provider_id": "V1", "service_type": "home care", "basis": "actuals", "cycle": "four_weekly"},
        {"contract_id": "K2", "provider_id": "V2", "service_type": "residential", "basis": "placement", "cycle": "weekly"},
        {"contract_id": "K3", "provider_id": "V1", "service_type": "day care", "basis": "planned", "cycle": "four_weekly"},
    )
    record(
        "rates",
        {"contract_id": "K1", "element": "care", "unit": "hour", "rate": 240000, "valid_from": date(2026, 1, 5)},
        {"contract_id": "K2", "element": "bed", "unit": "week", "rate": 7_000_000, "valid_from": date(2026, 1, 5)},
        {"contract_id": "K3", "element": "day", "unit": "hour", "rate": 120000, "valid_from": date(2026, 1, 5)},
    )
    signed = {"authorised_on": date(2026, 1, 1), "agreed_on": date(2026, 1, 1)}
    start = {"start_date": MONDAY, **signed}
    record(
        "lines",
        {"line_id": "L1", "person_id": "P1", "contract_id": "K1", "element": "care", **start},
        {"line_id": "L2", "person_id": "P2", "contract_id": "K1", "element": "care", **start},
        {"line_id": "L3", "person_id": "P3", "contract_id": "K2", "element": "bed", **start},
        {"line_id": "L4", "person_id": "P1", "contract_id": "K3", "element": "day", "quantity_per_week": 300, **start},
    )
    record("shares", {"line_id": "L2", "share_order": 1, "funder_id": "ICB", "percent": 5000, "valid_from": MONDAY})
    record("contributions", {"person_id": "P3", "amount_per_week": 9000, "valid_from": MONDAY})
    record("actuals", *(visit(line, MONDAY + timedelta(days=d)) for line in ("L1", "L2") for d in range(14)))
