"""A small council that is right in every cell, to be spoilt one cell at a time."""

from __future__ import annotations

from pathlib import Path

from almoner.core.findings import Finding
from almoner.formats.tables import Folder, read_folder

GOOD: dict[str, str] = {
    "people": (
        "person_id,family_name,date_of_birth,nhs_number\nP1,Abbott,1940-01-02,9434765919\nP2,Baker,1950-03-04,\nP3,Clark,1960-05-06,\n"
    ),
    "providers": "provider_id,name,creditor_reference\nV1,Kind Care,100\nV2,Rose House,200\n",
    "funders": "funder_id,name,kind\nF1,NHS Devon,icb\nF2,Torbay,council\n",
    "contracts": (
        "contract_id,provider_id,service_type,basis\nC1,V1,home care,actuals\nC2,V2,residential,placement\nC3,V1,corrections,one_off\n"
    ),
    "rates": (
        "contract_id,element,unit,rate,valid_from,valid_to\nC1,HC,hour,22.13,2025-04-07,2026-04-05\nC1,HC,hour,23.5,2026-04-06,\n"
        "C2,RES,week,900,2025-04-07,\n"
    ),
    "lines": (
        "line_id,person_id,contract_id,element,start_date,end_date,rate,quantity_per_week\n"
        "L1,P1,C1,HC,2026-01-01,,,14\nL2,P2,C2,RES,2026-01-01,2026-12-31,850.10,\nL3,P3,C3,FIX,2026-04-06,,-12.50,1\n"
    ),
    "schedule": "line_id,weekday,start_time,minutes,valid_from\nL1,monday,09:00,30,2026-01-01\nL1,tuesday,09:00,45,2026-01-01\n",
    "actuals": (
        "line_id,date,start_time,delivered_minutes,outcome,comment,submitted_at\n"
        "L1,2026-04-06,09:00,30,delivered,,2026-04-12T10:00:00\n"
        "L1,2026-04-07,09:00,44,delivered,late bus,2026-04-12T10:00:00\n"
        "L1,2026-04-13,09:00,,missed,,2026-04-19T10:00:00\n"
    ),
    "absences": "person_id,kind,first_day,last_day\nP2,hospital,2026-04-08,2026-04-10\n",
    "shares": (
        "line_id,share_order,funder_id,amount_per_week,percent,valid_from,valid_to\nL1,1,F1,,25,2026-01-01,\nL2,1,F1,219.71,,2026-01-01,\n"
    ),
    "contributions": "person_id,amount_per_week,valid_from,valid_to\nP1,35.05,2026-01-01,\n",
    "top_ups": "person_id,line_id,payer_id,amount_per_week,valid_from,valid_to\nP2,L2,D1,50,2026-01-01,\n",
    "bank_accounts": (
        "party_id,sort_code,account_number,account_name,valid_from,entered_by,verified_by,verified_on\n"
        "V1,200000,55779911,Kind Care,2025-01-01,ann,bob,2025-01-02\n"
    ),
}


def written(folder: Path, **tables: str | bytes | None) -> Path:
    """The good council in `folder`, with these tables in place of its own (None: left away)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**GOOD, **tables}.items():
        if text is not None:
            (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def spoilt(folder: Path, table: str, old: str, new: str) -> Folder:
    """The good council read after one piece of one table was replaced, wherever it stands."""
    assert old in GOOD[table]
    return read_folder(written(folder, **{table: GOOD[table].replace(old, new)}))


def only(found: Folder) -> Finding:
    """The one finding of a folder."""
    assert len(found.findings) == 1, found.findings
    return found.findings[0]


def ids(found: Folder, table: str) -> list[str]:
    """What is left in a table, by its first column."""
    return list(found.tables[table].column(1).to_pylist())
