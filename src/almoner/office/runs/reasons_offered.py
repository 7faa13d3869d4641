"""The reasons a provider may give for a contract's visits: those the contract names, then the council's common ones. Reads only."""

from __future__ import annotations

from almoner.office.actuals.reasons import reasons_for
from almoner.office.records.queries import Known, rows_known

HAPPENED = ("frustrated", "missed", "cancelled", "more", "less")
"""What happened to a visit: `more` and `less` are for visits longer and shorter than planned, and `more` for extra ones."""


def reasons_offered(contract_id: str, known: Known) -> dict[str, list[str]]:
    """Reasons by what happened; an empty contract gives the common ones.

    What a contract lifts a difference for (HLD-2) is offered for differences, what its policy for frustrated visits names for those.
    """
    named = {"contract_id": [contract_id]}
    contracts = rows_known("contracts", known, named).to_pylist() if contract_id else []
    policies = rows_known("frustration_policy", known, named).to_pylist() if contract_id else []
    agreed = [reason.strip() for row in contracts for reason in (row["release_reasons"] or "").split(";")]
    paid = [row["reason"] for row in policies if row["reason"]]
    of_contract = {"more": agreed, "less": agreed, "frustrated": paid}
    return {happened: reasons_for(happened, contract=of_contract.get(happened, ())) for happened in HAPPENED}
