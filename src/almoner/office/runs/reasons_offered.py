"""The reasons a provider may give for a contract's visits: those the contract names, then the council's common ones. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from almoner.office.actuals.reasons import reasons_for
from almoner.office.records.queries import Known, rows_known

HAPPENED = ("frustrated", "missed", "cancelled", "more", "less")
"""What happened to a visit: `more` and `less` are for visits longer and shorter than planned, and `more` for extra ones."""


@dataclass(frozen=True)
class NamedReasons:
    """By contract: the reasons that lift a difference (HLD-2), and those its policy on frustrated visits names."""

    differences: dict[str, list[str]] = field(default_factory=dict)
    frustrated: dict[str, list[str]] = field(default_factory=dict)

    def offered(self, contract_id: str) -> dict[str, list[str]]:
        """Reasons by what happened (`HAPPENED`); for an unknown contract the common ones."""
        agreed = self.differences.get(contract_id, [])
        of_contract = {"more": agreed, "less": agreed, "frustrated": self.frustrated.get(contract_id, [])}
        return {happened: reasons_for(happened, contract=of_contract.get(happened, ())) for happened in HAPPENED}


def named_reasons(contract_ids: Iterable[str], known: Known) -> NamedReasons:
    """What these contracts name, in two questions of the database."""
    wanted = {"contract_id": sorted(set(contract_ids))}
    found = NamedReasons()
    if not wanted["contract_id"]:
        return found
    for row in rows_known("contracts", known, wanted).to_pylist():
        found.differences[row["contract_id"]] = [reason.strip() for reason in (row["release_reasons"] or "").split(";")]
    for row in rows_known("frustration_policy", known, wanted).to_pylist():
        if row["reason"]:
            found.frustrated.setdefault(row["contract_id"], []).append(row["reason"])
    return found
