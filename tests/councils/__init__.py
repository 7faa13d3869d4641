"""Small invented councils, dense in corner cases: `generate(seed)` makes the same one for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.councils.deliveries import clash, report, report_unknown
from tests.councils.funding import add_contributions, add_shares, add_top_ups
from tests.councils.history import add_releases, add_sealed
from tests.councils.packages import add_line, add_person, add_provider
from tests.councils.rows import Tables, add
from tests.councils.terms import add_contract
from tests.councils.when import BANK_HOLIDAYS, Window, window_of

BATCH = 25  # councils that share a window and can go through one calculation
BASES = ("actuals",) * 4 + ("planned",) * 4 + ("placement",) * 3 + ("one_off",) * 2


@dataclass
class Council:
    """Facts, and the window they are paid in."""

    seed: int
    tables: Tables
    window: Window


def generate(seed: int) -> Council:
    """A council of up to 4 people, 3 providers and 6 lines, over five weeks."""
    rng, window = Random(f"council {seed}"), window_of(seed // BATCH)
    tables: Tables = {name: [] for name in ("people", "providers", "contracts", "lines", "rates", "prior_receipts", "releases")}
    people = [add_person(rng, tables, window) for _ in range(rng.choice([1, 1, 2, 2, 3, 4]))]
    providers = [add_provider(rng, tables, window) for _ in range(rng.choice([1, 2, 3]))]
    for funder_id in ("F1", "F2", "F3"):
        add(tables, "funders", funder_id=funder_id, name="A")
    contracts = [
        add_contract(rng, tables, window, rng.choice(providers)["provider_id"], rng.choice(BASES))
        for _ in range(rng.choice([1, 2, 2, 3, 4]))
    ]
    for _ in range(rng.randint(1, 6)):
        contract = rng.choice(contracts)
        line = add_line(rng, tables, window, rng.choice(people), contract)
        report(rng, tables, window, line, contract["basis"])
        add_shares(rng, tables, window, line)
        add_top_ups(rng, tables, window, line)
    report_unknown(rng, tables, window)
    clash(rng, tables)
    for person in people:
        add_contributions(rng, tables, window, person)
    add_releases(rng, tables, window)
    add_sealed(rng, tables, window)
    return Council(seed, tables, window)


__all__ = ["BANK_HOLIDAYS", "BATCH", "Council", "Window", "generate"]
