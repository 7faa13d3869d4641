"""Devon County Council's real published payments, carried through Almoner: one-off lines to their payees, files, and the publication again.

This proves that Almoner carries every penny it is given. It proves nothing about calculating: the amounts come ready-made.
Devon publishes no names and no bank accounts, so the accounts are invented.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.formats.publications.spending import SPENDING, read_spending, write_spending

LAST_DAY = date(2024, 3, 31)
AT = datetime(2024, 4, 2, 9, 0, tzinfo=UTC)
PUBLISHED = "devon_adult_care_payments_2024_q4.csv"
COUNCIL_FILE = """[council]
name = "Devon payments carried"

[payer]
name = "DEVON PAYMENTS"
sort_code = "090000"
account_number = "10000001"
service_user_number = "123456"
"""


@dataclass(frozen=True)
class Carried:
    """What came of it; pence. `same` = how many lines of our publication equal theirs, of `lines`."""

    lines: int
    payees: int
    by_feeder: dict[str, tuple[int, int]]
    total_pence: int
    negative_lines: int
    noisy_amounts: int
    paid: int
    paid_pence: int
    debtor: str
    debt_pence: int
    files: int
    same: int


def pay_devon(published: Path, home: Path, told: Callable[[str, int, int], None]) -> Carried:
    """Pay the published lines in an office of their own under `home`, issue every file, and publish from our own receipts."""
    os.environ["ALMONER_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    (home / "facts").mkdir(parents=True)
    (home / "council.toml").write_text(COUNCIL_FILE, encoding="utf-8")
    theirs, findings = read_spending(published.read_bytes())
    write_facts(theirs, home / "facts")
    return _paid(theirs, len(findings), home, told)


def write_facts(spending: pa.Table, folder: Path) -> None:
    """The published lines as a folder of tables: a one-off line each, one nameless person and one invented account a payee."""
    with in_memory() as connection:
        connection.register("spending", spending)
        for name, query in FACTS.items():
            where = str(folder / f"{name}.csv").replace("'", "''")
            connection.execute(f"COPY ({query}) TO '{where}' (FORMAT csv, HEADER true)")


PAYEES = "(SELECT supplier_id, min(date) AS first_day, row_number() OVER (ORDER BY supplier_id) AS k FROM spending GROUP BY supplier_id)"
FACTS = {
    "people": f"SELECT 'N' || supplier_id AS person_id, 'not published' AS family_name FROM {PAYEES} ORDER BY k",
    "providers": f"""SELECT supplier_id AS provider_id, 'Payee ' || supplier_id AS name, supplier_id AS creditor_reference
        FROM {PAYEES} ORDER BY k""",
    "bank_accounts": f"""SELECT supplier_id AS party_id, '090001' AS sort_code, (20000000 + k)::VARCHAR AS account_number,
        'PAYEE ' || supplier_id AS account_name, '2020-01-01' AS valid_from, 'invented' AS entered_by, 'also invented' AS verified_by
        FROM {PAYEES} ORDER BY k""",
    "contracts": """SELECT DISTINCT supplier_id || '/' || left(transaction_number, 7) AS contract_id, supplier_id AS provider_id,
        expense_area AS service_type, 'one_off' AS basis FROM spending ORDER BY 1""",
    # The publication's own columns that Almoner has no other place for go into the cost code: 5701-LTD.
    "lines": """SELECT transaction_number AS line_id, 'N' || supplier_id AS person_id,
        supplier_id || '/' || left(transaction_number, 7) AS contract_id, expense_type AS element, date AS start_date, date AS end_date,
        CASE WHEN amount_pence < 0 THEN '-' ELSE '' END || (abs(amount_pence) // 100)::VARCHAR || '.'
            || lpad((abs(amount_pence) % 100)::VARCHAR, 2, '0') AS rate,
        'each' AS rate_unit, expense_code || '-' || creditor_type AS cost_code, date AS authorised_on, 'published' AS authorised_by
        FROM spending ORDER BY row""",
}


def _paid(theirs: pa.Table, noisy: int, home: Path, told: Callable[[str, int, int], None]) -> Carried:
    from almoner.site.office_commands import open_office

    open_office(making=True)
    from django.core.management import call_command

    from almoner.office.exchange.imports import import_folder
    from almoner.office.exchange.operations import issue_run, write_out
    from almoner.office.records.queries import table_known
    from almoner.office.runs.operations import approve_run, draft_run, seal_run
    from almoner.office.runs.queries import payments_of, receipts_of
    from almoner.site.council_file import council_here

    call_command("migrate", verbosity=0, interactive=False)
    import_folder(home / "facts", by="demo", at=AT, progress=told)
    told("drafting", 0, 1)
    run = draft_run(book="payments", through=LAST_DAY, by="n.carter", at=AT).run
    told("sealing", 0, 1)
    seal_run(run=run, by="n.carter", at=AT)
    approve_run(run=run, by="o.reed", at=AT)
    issue_run(run=run, by="o.reed", at=AT, council=council_here(), progress=told)
    files = write_out(run=run, folder=home / "issued")
    told("publishing", 0, 1)
    receipts, payments = receipts_of(run), payments_of(run).to_pylist()
    ours = publication(receipts, table_known("lines"), table_known("contracts"))
    (home / "spending-over-500.csv").write_bytes(write_spending(ours))
    same = sum(a == b for a, b in zip(_lines(ours), _lines(theirs), strict=False))
    debtors = [row for row in payments if row["carried_out_pence"]]
    paid = [row for row in payments if row["amount_pence"] > 0]
    amounts = theirs.column("amount_pence").to_pylist()
    return Carried(
        lines=ours.num_rows, payees=len(payments), by_feeder=_by_feeder(ours), total_pence=sum(ours.column("amount_pence").to_pylist()),
        negative_lines=sum(amount < 0 for amount in amounts), noisy_amounts=noisy, paid=len(paid),
        paid_pence=sum(row["amount_pence"] for row in paid), debtor=debtors[0]["payee_id"] if debtors else "",
        debt_pence=sum(row["carried_out_pence"] for row in debtors), files=len(files), same=same,
    )  # fmt: skip


def publication(receipts: pa.Table, lines: pa.Table, contracts: pa.Table) -> pa.Table:
    """Sealed receipts as the lines of a spending publication, in the order of the dates and numbers of their lines."""
    with in_memory() as connection:
        for name, table in (("receipts", receipts), ("lines", lines), ("contracts", contracts)):
            connection.register(name, table)
        return connection.sql(PUBLICATION).to_arrow_table().cast(SPENDING)


PUBLICATION = """
    SELECT row_number() OVER (ORDER BY l.start_date, l.line_id) + 1 AS row, l.start_date AS date, l.line_id AS transaction_number,
        r.amount_pence, r.payee_id AS supplier_id, c.service_type AS expense_area, l.element AS expense_type,
        split_part(l.cost_code, '-', 1) AS expense_code, split_part(l.cost_code, '-', 2) AS creditor_type
    FROM receipts r JOIN lines l USING (line_id) JOIN contracts c USING (contract_id)
    ORDER BY 1
"""


def _by_feeder(spending: pa.Table) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for number, pence in zip(spending.column("transaction_number").to_pylist(), spending.column("amount_pence").to_pylist(), strict=True):
        lines, total = found.get(number[:7], (0, 0))
        found[number[:7]] = (lines + 1, total + pence)
    return found


def _lines(spending: pa.Table) -> list[bytes]:
    return write_spending(spending).splitlines()[1:]
