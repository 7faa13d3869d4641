"""The peer Tryton: supplier invoices of four lines created, posted, paid and written as pain.001, on PostgreSQL (`DATABASE_URL`).

`stage COUNT` makes the company, its accounts and so many suppliers with bank accounts; `pay COUNT` is what is measured. It calls the
models in Tryton's own process, with lists of records as its programming interface allows, commits after each list, and is run without
assertions (python -O).
"""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

from bench.clock import timed

LINES = 4
MODULES = ("account_invoice", "account_payment_sepa", "account_payment_clearing")
AT_A_TIME = 50
"""Tryton does more the more it is given at a time: of 20, 50, 200 and all at once, this took least."""
OUT = Path(__file__).parents[1] / "data"
"""The same disk as Almoner's files."""
TODAY = datetime.date.today()


def database() -> str:
    """The database's name; Tryton is told where it is."""
    asked = urlparse(os.environ["DATABASE_URL"])
    options = parse_qs(asked.query)
    os.environ["TRYTOND_DATABASE_URI"] = f"postgresql://{options['user'][0]}@/?host={options['host'][0]}"
    return asked.path.removeprefix("/")


def iban(sort_code: str, account: int) -> str:
    """An IBAN of a British account with right check digits."""
    place = f"NWBK{sort_code}{account:08}"
    digits = "".join(str(int(letter, 36)) for letter in f"{place}GB00")
    return f"GB{98 - int(digits) % 97:02}{place}"


def stage(count: str) -> None:
    """A new Tryton with a company, a chart of accounts, a fiscal year, a payment journal and the suppliers."""
    name = database()
    with tempfile.NamedTemporaryFile("w") as password:
        password.write("bench")
        password.flush()
        os.environ["TRYTONPASSFILE"] = password.name
        from trytond import admin, commandline

        admin.run(
            commandline.get_parser_admin().parse_args(
                ["-d", name, "-u", *MODULES, "--activate-dependencies", "--email", "bench@example.com"]
            )
        )
    from proteus.config import set_trytond

    config: Any = set_trytond(database=name)
    _company(config)
    _suppliers(int(count))


def _company(config: Any) -> None:
    from proteus import Model
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company, get_company

    create_company(currency="EUR", config=config)
    company = get_company()
    create_chart(company)
    year = set_fiscalyear_invoice_sequences(create_fiscalyear(company, today=TODAY))
    year.click("create_period")
    party = Model.get("party.party")(name="Bank")
    party.save()
    bank = Model.get("bank")(party=party, bic="NWBKGB2L")
    bank.save()
    account = Model.get("bank.account")(bank=bank)
    account.owners.append(company.party)
    number = account.numbers.new()
    number.type, number.number = "iban", iban("090128", 10203040)
    account.save()
    journal = Model.get("account.payment.journal")(name="Bank", process_method="sepa")
    journal.sepa_bank_account_number = account.numbers[0]
    journal.sepa_payable_flavor, journal.sepa_receivable_flavor = "pain.001.001.09", "pain.008.001.08"
    journal.save()


def _suppliers(count: int) -> None:
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    with Transaction().start(database(), 0) as transaction:
        pool = Pool()
        parties = pool.get("party.party").create(
            [{"name": f"Provider {k}", "addresses": [("create", [{"city": "Exeter"}])]} for k in range(count)]
        )
        bank = pool.get("bank").search([])[0]
        pool.get("bank.account").create(
            [
                {
                    "bank": bank.id,
                    "owners": [("add", [party.id])],
                    "numbers": [("create", [{"type": "iban", "number": iban("090001", 20_000_000 + k)}])],
                }
                for k, party in enumerate(parties)
            ]
        )
        transaction.commit()


def pay(count: str) -> None:
    """Everything from nothing to the file, each step for all that stand in it and committed."""
    name = database()
    from trytond.pool import Pool

    Pool.start()
    pool = Pool(name)
    pool.init()
    timed(lambda: _pay(pool, name, int(count)))


def _pay(pool: Any, name: str, count: int) -> str:
    from trytond.transaction import Transaction, TransactionError

    with Transaction().start(name, 0):
        user = pool.get("res.user").search([("login", "=", "admin")])[0].id
        company = pool.get("company.company").search([])[0].id
    with Transaction().start(name, user):
        context = {**pool.get("res.user").get_preferences(context_only=True), "company": company, "_skip_warnings": True}
    took: dict[str, float] = {}
    asked: dict[str, Any] = {}

    def step(called: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        # As Tryton's own server does: an error may ask for the same again with more locks taken first. They are kept for the next.
        while True:
            with Transaction().start(name, user, context=context, **asked) as transaction:
                try:
                    done = work()
                    transaction.commit()
                    took[called] = took.get(called, 0) + time.perf_counter() - began
                    return done
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(asked)

    invoice, line, payment = (pool.get(model) for model in ("account.invoice", "account.move.line", "account.payment"))
    for first in range(0, count, AT_A_TIME):
        step("create", partial(_create, pool, company, first, min(AT_A_TIME, count - first)))
    while step("post", partial(_each_in_state, invoice, "draft", invoice.post)):
        pass
    unpaid = [("account.type.payable", "=", True), ("payment_amount", "!=", 0), ("move_state", "=", "posted"), ("payments", "=", None)]
    while step("ask", lambda: _ask_to_pay(pool, line.search(unpaid, limit=AT_A_TIME))):
        pass
    for state, act in (("draft", payment.submit), ("submitted", payment.approve)):
        while step(act.__name__, partial(_each_in_state, payment, state, act)):
            pass
    step("process", lambda: _process(pool, payment))
    written = step("write", lambda: _write_out(pool))
    return f"{written} ({', '.join(f'{called} {seconds:.0f} s' for called, seconds in took.items())})"


def _each_in_state(model: Any, state: str, act: Callable[[Any], Any]) -> int:
    """Do it to some records of a state; how many there were."""
    return _each(act, model.search([("state", "=", state)], limit=AT_A_TIME))


def _each(act: Callable[[Any], Any], records: list[Any]) -> int:
    """Do it to these; how many there were."""
    if records:
        act(records)
    return len(records)


def _create(pool: Any, company: int, first: int, count: int) -> None:
    invoice, account = pool.get("account.invoice"), pool.get("account.account")
    payable, expense = (
        account.search([(f"type.{kind}", "=", True), ("closed", "!=", True)], limit=1)[0] for kind in ("payable", "expense")
    )
    journal = pool.get("account.journal").search([("type", "=", "expense")], limit=1)[0]
    currency = pool.get("company.company")(company).currency
    parties = pool.get("party.party").search([("name", "like", "Provider %")], order=[("id", "ASC")], offset=first, limit=count)
    invoice.create(
        [
            {
                "type": "in", "company": company, "party": party.id, "invoice_address": party.addresses[0].id, "account": payable.id,
                "journal": journal.id, "currency": currency.id, "invoice_date": TODAY, "reference": f"Week {party.id}",
                "lines": [("create", [_line(company, currency.id, expense.id, party.id * 7 + n * 53) for n in range(LINES)])],
            }
            for party in parties
        ]
    )  # fmt: skip


def _line(company: int, currency: int, account: int, chance: int) -> dict[str, Any]:
    price = Decimal(60_000 + chance * 101 % 90_000) / 100
    return {
        "type": "line", "company": company, "currency": currency, "account": account, "description": "One week", "quantity": 1,
        "unit_price": price,
    }  # fmt: skip


def _ask_to_pay(pool: Any, lines: list[Any]) -> int:
    """Make payments of what is owed on these lines, as the wizard does; how many there were."""
    from trytond.transaction import Transaction

    if lines:
        pay_line = pool.get("account.move.line.pay", type="wizard")
        journal = pool.get("account.payment.journal").search([])[0]
        session, _, _ = pay_line.create()
        with Transaction().set_context(active_model="account.move.line", active_ids=[one.id for one in lines], active_id=lines[0].id):
            pay_line.execute(session, {"start": {"date": TODAY}}, "next_")
            pay_line.execute(session, {"start": {"date": TODAY}, "ask_journal": {"journal": journal.id}}, "next_")
    return len(lines)


def _process(pool: Any, payment: Any) -> None:
    process = pool.get("account.payment.process", type="wizard")
    payments = payment.search([("state", "=", "approved")])
    session, _, _ = process.create()
    from trytond.transaction import Transaction

    with Transaction().set_context(active_model="account.payment", active_ids=[p.id for p in payments], active_id=payments[0].id):
        process.execute(session, {}, "process")


def _write_out(pool: Any) -> str:
    messages = pool.get("account.payment.sepa.message").search([])
    pool.get("account.payment.sepa.message").do(messages)
    written = 0
    for message in messages:
        content = message.message if isinstance(message.message, bytes) else message.message.encode()
        with tempfile.NamedTemporaryFile("wb", dir=OUT) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written += content.count(b"<CdtTrfTxInf>")
    return f"{written:,} payments in {len(messages)} file"


if __name__ == "__main__":
    {"stage": stage, "pay": pay}[sys.argv[1]](*sys.argv[2:])
