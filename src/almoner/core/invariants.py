"""Conservation: what must hold before anything is sealed. Broken means that we are wrong, so it stops everything."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa


class InvariantBroken(Exception):
    """The calculation contradicts itself. Never caught by a page; nothing may be posted."""


# name -> a query that returns a row for every breach
CHECKS = {
    "shares of a line's week add up to its gross": """
        SELECT f.line_no, f.week FROM funder_shares f JOIN stated_weeks w USING (line_no, week, state)
        GROUP BY f.line_no, f.week, f.state, w.gross_pence HAVING sum(f.amount_pence) <> w.gross_pence""",
    "no share is negative": "SELECT line_no, week FROM funder_shares WHERE amount_pence < 0",
    "a person's charge is between nothing and the council's share of what is chargeable": """
        SELECT person_id, week FROM person_charges
        WHERE charge_pence < 0 OR charge_pence > cost_pence OR council_pence + provider_pence <> charge_pence""",
    "what a provider collects is spread whole": """
        SELECT state FROM (SELECT state, sum(provider_pence) AS pence FROM person_charges GROUP BY state)
        LEFT JOIN (SELECT state, sum(netted_pence) AS netted FROM netted_weeks GROUP BY state) USING (state)
        WHERE pence <> coalesce(netted, 0)""",
    "only a negative one-off is worth less than nothing": """
        SELECT coalesce(l.line_id, p.person_id) AS id, p.week FROM balances p LEFT JOIN package_lines l USING (line_no)
        WHERE (p.lo_pence < 0 OR p.hi_pence < 0) AND NOT coalesce(l.is_negative, FALSE)""",
    "each key is posted once": """
        SELECT book, line_no, week FROM balances GROUP BY book, line_no, person_id, payee_id, week HAVING count(*) > 1""",
    "a receipt is what stands less what was sealed": """
        SELECT 1 FROM (SELECT sum(amount_pence) AS posted FROM receipts), (SELECT sum(posted_pence - sealed_pence) AS due FROM balances)
        WHERE coalesce(posted, 0) <> coalesce(due, 0)""",
}


def prove(answers: Mapping[str, pa.Table]) -> None:
    """Assert that no check over a finished calculation found a breach; InvariantBroken names the first that did and where."""
    for meaning in CHECKS:
        for breach in answers[meaning].slice(length=1).to_pylist():
            raise InvariantBroken(f"Not true: {meaning}. First at {', '.join(str(value) for value in breach.values())}.")
