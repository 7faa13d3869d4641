"""Issuing: files made once, kept byte for byte, the same again in another process and time zone a year later."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record

THROUGH = MONDAY + timedelta(days=13)
ALL = ["bacs", "pain001", "ledger", "remittances"]


def council(**more):
    from almoner.formats.payments.payment import Payer
    from almoner.office.exchange.council import Council

    return Council(name="Little Council", enquiries="Ask us.", payer=Payer("LITTLE COUNCIL", "200000", "12345678", "123456"), **more)


@pytest.fixture
def approved(office):
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    found_council()
    run = draft_run(book="payments", through=THROUGH, by="ann", at=later(1)).run
    seal_run(run=run, by="ann", at=later(2))
    approve_run(run=run, by="bob", at=later(3))
    return run


def issue(run, **more):
    from almoner.office.exchange.operations import issue_run

    return issue_run(run=run, by="cat", **{"at": later(4), "council": council(), **more})


def files(run):
    from almoner.office.runs.queries import files_issued

    return {file.name: bytes(file.content) for file in files_issued(run)}


def test_every_format_that_can_be_made_is_made_once(approved):
    issued = issue(approved)
    assert issued.left_out == () and not issued.again
    kept = files(approved)
    assert set(issued.files) == set(kept)
    assert {"BX-0001.bacs.txt", "BX-0001.pain001.xml", "BX-0001.ledger.csv", "BX-0001.manifest.json"} <= set(kept)
    assert len([name for name in kept if name.startswith("remittances/")]) == 6
    again = issue(approved, at=later(9000))
    assert again.again and again.files == issued.files and files(approved) == kept


def test_the_files_say_what_the_run_pays(approved):
    issue(approved)
    kept = files(approved)
    bacs = kept["BX-0001.bacs.txt"].decode("ascii").splitlines()
    credits = [line for line in bacs if len(line) == 100 and line[15:17] == "99"]
    assert [(line[:6], line[6:14], int(line[35:46]), line[64:82].strip()) for line in credits] == [
        ("200000", "12345670", 744_00, "BX-0001-00001"),
        ("200000", "12345671", 1_400_00, "BX-0001-00002"),
    ]
    ledger = list(csv.DictReader(io.StringIO(kept["BX-0001.ledger.csv"].decode())))
    assert len(ledger) == 8 and {row["reference"] for row in ledger} == {"BX-0001-00001", "BX-0001-00002"}
    assert sum(int(row["amount"].replace(".", "")) for row in ledger) == 2_144_00
    assert {row["service"] for row in ledger} == {"home care", "day care", "residential"}


def test_files_carry_the_head_of_the_chain(approved):
    from almoner.office.runs.queries import run_shown
    from almoner.office.runs.verification import verify

    head = run_shown(approved).events[-1].hash
    issue(approved)
    kept = files(approved)
    manifest = json.loads(kept["BX-0001.manifest.json"])
    assert manifest["head"] == head and manifest["payments_pence"] == 2_144_00
    assert f"BX-0001/{head[:25]}".encode() in kept["BX-0001.pain001.xml"]
    advice = list(csv.DictReader(io.StringIO(kept["remittances/BX-0001-00001.csv"].decode("utf-8-sig"))))
    assert advice and {(row["run"], row["seal"]) for row in advice} == {(approved, head[:16])}
    assert verify(head=manifest["head"], recalculate=False).troubles == ()


def test_the_same_bytes_come_out_in_another_process_and_time_zone(approved, tmp_path):
    """Not only from what is kept: made anew from the same run in another process, they are the same."""
    from django.db import connection

    told = "; ".join(
        [
            "import django", "django.setup()", "from tests.office.exchange.test_issue import *", "from hashlib import sha256",
            f"issue({approved!r})", f"print({{name: sha256(content).hexdigest() for name, content in files({approved!r}).items()}})",
        ]
    )  # fmt: skip
    seen = []
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        home = tmp_path / zone.replace("/", "-")
        home.mkdir()
        environment = {**os.environ, "TZ": zone, "ALMONER_HOME": str(home), "PYTHONHASHSEED": "7"}
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{home / 'almoner.sqlite3'}'")
        elif seen:
            continue
        done = subprocess.run(
            [sys.executable, "-c", told], env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False
        )
        assert done.returncode == 0, done.stderr
        seen.append(done.stdout)
    if connection.vendor == "sqlite":
        assert seen[0] == seen[1]
        issue(approved)
    from hashlib import sha256

    assert seen[0].strip() == str({name: sha256(content).hexdigest() for name, content in files(approved).items()})


def test_what_was_written_out_is_what_is_kept_and_can_be_written_again(approved, tmp_path):
    from almoner.office.exchange.operations import write_out

    issue(approved)
    first = write_out(run=approved, folder=tmp_path / "a")
    second = write_out(run=approved, folder=tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second] == list(files(approved).values())
    assert not list(tmp_path.rglob("*.part"))


def test_a_format_that_cannot_be_made_is_left_out_or_refused_when_asked_for(approved):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.files_out import FormatNotPossible

    for name, poor in (("bacs", Council()), ("pain001", Council()), ("fax", council())):
        with pytest.raises(FormatNotPossible):
            issue(approved, council=poor, formats=[name])
    issued = issue(approved, council=Council(), formats=())
    assert dict(issued.left_out).keys() == {"bacs", "pain001"}


def test_nothing_is_paid_into_an_account_that_one_person_alone_has_entered(approved):
    from almoner.office.exchange.files_out import FormatNotPossible

    account = {"party_id": "V2", "sort_code": "200000", "account_number": "99999999", "account_name": "EVE", "entered_by": "eve"}
    record("bank_accounts", {**account, "valid_from": date(2026, 6, 1)}, at=later(4), by="eve")
    with pytest.raises(FormatNotPossible, match="verified"):
        issue(approved, at=later(5), formats=["bacs"])
    record("bank_accounts", {**account, "valid_from": date(2026, 6, 1), "verified_by": "bob"}, at=later(6), by="bob")
    issue(approved, at=later(7), formats=["bacs"])
    assert b"99999999" in files(approved)["BX-0001.bacs.txt"]


def test_a_run_is_issued_once_and_no_other_format_is_added_later(approved):
    from almoner.office.runs.refusals import WrongState

    issue(approved, formats=["ledger"])
    assert issue(approved, formats=["ledger"]).again
    with pytest.raises(WrongState):
        issue(approved, formats=["bacs"])


def test_a_payee_in_debit_gets_a_remittance_and_no_payment(office):
    from almoner.office.runs.operations import approve_run, bring_balances, draft_run, seal_run

    found_council()
    bring_balances(owed_pence={"V2": -2_000_00}, reason="old system", by="ann", at=later(1))
    run = draft_run(book="payments", through=THROUGH, by="ann", at=later(1)).run
    seal_run(run=run, by="ann", at=later(2))
    approve_run(run=run, by="bob", at=later(3))
    issue(run, formats=ALL)
    kept = files(run)
    assert b"BX-0001-00002" not in kept["BX-0001.bacs.txt"]
    advice = kept["remittances/BX-0001-00002.csv"].decode()
    assert "600.00" in advice, "what is still owed is on it"


@pytest.mark.parametrize("book", ["claims", "charges"])
def test_claims_and_charges_go_to_the_ledger_alone(office, book):
    from almoner.office.exchange.files_out import FormatNotPossible
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    found_council()
    run = draft_run(book=book, through=THROUGH, by="ann", at=later(1)).run
    seal_run(run=run, by="ann", at=later(2))
    approve_run(run=run, by="bob", at=later(3))
    with pytest.raises(FormatNotPossible):
        issue(run, formats=["bacs"])
    assert issue(run).files == ("BX-0001.ledger.csv", "BX-0001.manifest.json")


def test_the_pay_date_is_the_calendars_when_bacs_can_reach_it(approved):
    from almoner.office.runs.calendar import LOCAL, Period
    from almoner.office.runs.operations import plan_period

    cut_off = datetime(2026, 5, 19, 18, tzinfo=LOCAL)
    period = Period("payments", "four_weekly", MONDAY, THROUGH + timedelta(days=1), cut_off, date(2026, 6, 12), "by hand")
    plan_period(period=period, reason="for the test", by="ann", at=later(3))
    issue(approved, formats=["ledger"])
    assert json.loads(files(approved)["BX-0001.manifest.json"])["pay_date"] == "2026-06-12"


def test_without_a_calendar_it_is_the_first_day_bacs_can_reach(approved):
    friday = datetime(2026, 6, 5, 15, tzinfo=UTC)
    issue(approved, at=friday, formats=["bacs"])
    assert json.loads(files(approved)["BX-0001.manifest.json"])["pay_date"] == "2026-06-09", "processed on Monday, there on Tuesday"
