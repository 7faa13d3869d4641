"""Payees to be paid: so many providers, each with one payment of four lines."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.samples import DATA, keep, stamp

LINES_A_PAYMENT = 4
FIRST_DAY = "2026-11-09"
"""One week of four placements at weekly rates is a payment of four lines."""

PAYEES = "(SELECT k, printf('P%05d', k) AS provider_id FROM range({count}) payees(k))"
PLACES = f"(SELECT p.*, n, printf('40%05d%03d', k, n) AS person_id FROM {PAYEES} p, range({LINES_A_PAYMENT}) places(n))"
FACTS = {
    "people": f"SELECT person_id, 'Example' AS family_name, 'Person' AS given_names FROM {PLACES} ORDER BY 1",
    "providers": f"SELECT provider_id, 'Provider ' || k AS name, 'C' || provider_id AS creditor_reference FROM {PAYEES} ORDER BY k",
    "bank_accounts": f"""SELECT provider_id AS party_id, '090001' AS sort_code, (20000000 + k)::VARCHAR AS account_number,
        'PROVIDER ' || k AS account_name, '2020-01-01' AS valid_from, 'clerk' AS entered_by, 'manager' AS verified_by
        FROM {PAYEES} ORDER BY k""",
    "contracts": f"""SELECT provider_id || '-R' AS contract_id, provider_id, 'residential' AS service_type, 'placement' AS basis
        FROM {PAYEES} ORDER BY k""",
    "lines": f"""SELECT 'L' || person_id AS line_id, person_id, provider_id || '-R' AS contract_id, 'bed' AS element,
        '{FIRST_DAY}' AS start_date, (600 + (k * 7 + n * 53) % 900)::VARCHAR || printf('.%02d', (k + n) % 100) AS rate, 'week' AS rate_unit,
        '5701' AS cost_code, '2026-11-01' AS authorised_on, 'manager' AS authorised_by FROM {PLACES} ORDER BY 1""",
}


def kept_payees(count: int) -> Path:
    """A folder of tables with so many payees."""

    def make(folder: Path) -> None:
        with duckdb.connect() as connection:
            for name, query in FACTS.items():
                connection.execute(f"COPY ({query.format(count=count)}) TO '{folder / name}.csv' (FORMAT csv, HEADER true)")

    return keep(DATA / f"payees-{count}", stamp(count, FACTS), make)
