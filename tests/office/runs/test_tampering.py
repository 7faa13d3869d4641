"""`verify` finds what was altered, taken away, added or reordered behind the application's back, in everything that is stored."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, visit

THROUGH = MONDAY + timedelta(days=13)


FOLDER = {
    "people": "person_id,nhs_number\nP8,1234567890\nP9,1234567890\n", "providers": "provider_id,name\nV9,Cedar\n",
    "contracts": "contract_id,provider_id,service_type,basis\nK9,V9,home care,actuals\n",
    "lines": "line_id,person_id,contract_id,element,start_date\nL8,P8,K9,care,2026-05-04\n",
}  # fmt: skip


def live(office):
    """Two runs, the first issued and settled with a bounce, a debt, a plan, a calendar, a release: every kind of stored thing."""
    from django.db import transaction

    from almoner.office.exchange.council import Council
    from almoner.office.exchange.imports import import_folder
    from almoner.office.exchange.operations import issue_run
    from almoner.office.journal.operations import keep_answer
    from almoner.office.runs.calendar import CalendarRule
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import (
        Outcome,
        agree_repayment,
        approve_run,
        bring_balances,
        do_what_is_due,
        draft_run,
        release_hold,
        seal_run,
        settle_run,
    )  # fmt: skip

    found_council()
    folder = office / "folder"
    folder.mkdir()
    for name, text in FOLDER.items():
        (folder / f"{name}.csv").write_text(text)
    import_folder(folder, by="ann", at=later(1))
    record("actuals", *({**visit("L2", MONDAY + timedelta(days=d), 120), "planned_minutes": 60} for d in range(7)), at=later(1))
    with transaction.atomic():
        for key in ("k1", "k2", "k3"):
            keep_answer(key=key, body_sha256="abc", answer={"rows": key}, by="api", at=later(1))
    bring_balances(owed_pence={"V2": -50_00}, reason="old system", by="ann", at=later(1))
    agree_repayment(payee_id="V2", instalment_pence=10_00, reason="letter", by="ann", at=later(1))
    first = draft_run(book="payments", through=THROUGH, by="ann", at=later(2)).run
    seal_run(run=first, by="ann", at=later(3))
    approve_run(run=first, by="bob", at=later(4))
    issue_run(run=first, by="bob", at=later(5), council=Council(), formats=["ledger"])
    settle_run(run=first, by="bob", at=later(6), outcomes={"BX-0001-00001": Outcome("bounced", "closed")})
    release_hold(hold=open_holds()[0].hold, reason="agreed", by="bob", at=later(7))
    do_what_is_due(by="cron", at=later(8), rules=(CalendarRule("payments", "four_weekly"),))
    second = draft_run(book="payments", through=THROUGH + timedelta(days=7), by="ann", at=later(9)).run
    return seal_run(run=second, by="ann", at=later(10))


@pytest.fixture
def lived(office):
    live(office)
    return office


@contextmanager
def behind_the_back():
    """A transaction in which triggers sleep and no key is checked, as for someone with the database's own password; undone at the end.

    Gives a function that runs SQL.
    """
    from django.db import connection, transaction

    from almoner.office.records.sealing import opening_statements, sealed_tables, sealing_statements

    def tamper(*statements):
        sealed = sorted(sealed_tables(connection))
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                for statement in (statement for table in sealed for statement in opening_statements(table, "sqlite")):
                    cursor.execute(statement)
            else:
                cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)
            if connection.vendor == "sqlite":
                for statement in (statement for table in sealed for statement in sealing_statements(table, "sqlite")):
                    cursor.execute(statement)

    with transaction.atomic():
        yield tamper
        transaction.set_rollback(True)


def troubles(**more):
    from almoner.office.runs.verification import verify

    return [f"{trouble.where} {trouble.message}" for trouble in verify(recalculate=False, **more).troubles]


def test_what_follows_a_nul_character_is_found_though_it_is_not_read(lived):
    from django.db import connection

    if connection.vendor == "postgresql":
        # No text of PostgreSQL's holds one.
        return
    for table, column in (("people", "family_name"), ("receipts", "payee_id")):
        with behind_the_back() as tamper:
            tamper(f"UPDATE almoner_{table} SET {column} = {column} || char(0) || 'x'")
            assert any(found.startswith(table) and "character" in found for found in troubles()), table


def test_an_untouched_office_is_sound_and_every_run_works_out_the_same_again(lived):
    from almoner.office.runs.verification import verify

    found = verify()
    assert found.troubles == () and found.differing == ()
    assert (found.runs, found.recalculated) == (2, 2)
    assert troubles(head=found.head) == [] and troubles(head=found.head[:16]) == []


# Every table an event covers: a column to alter, its new value, the columns of its key.
STORED = {
    "almoner_runs": ("drafted_by", "'eve'", ("id",)),
    "almoner_run_events": ("reason", "'because'", ("number",)),
    "almoner_receipts": ("amount_pence", "amount_pence + 1", ("run_id", "number")),
    "almoner_sealed_holds": ("amount_pence", "amount_pence + 1", ("run_id", "number")),
    "almoner_payments": ("payee_id", "'V666'", ("run_id", "number")),
    "almoner_balance_entries": ("amount_pence", "amount_pence + 1", ("event_id", "number")),
    "almoner_repayment_plans": ("instalment_pence", "1", ("event_id",)),
    "almoner_stored_tables": ("row_count", "row_count + 1", ("run_id", "role", "name")),
    "almoner_issued_files": ("media_type", "'text/plain'", ("run_id", "number")),
    "almoner_settlement_lines": ("reason", "'found'", ("run_id", "number")),
    "almoner_calendar_periods": ("moved_because", "'eve'", ("event_id", "number")),
    "almoner_reminders_sent": ("week_count", "week_count + 1", ("event_id", "number")),
    "almoner_releases": ("reason", "'eve says so'", ("version",)),
    "almoner_actuals": ("delivered_minutes", "delivered_minutes + 1", ("version",)),
    "almoner_recordings": ("recorded_by", "'eve'", ("number",)),
    "almoner_journal": ("subject", "'R-0666'", ("number",)),
    "almoner_idempotency_keys": ("answer", "'{}'", ("key",)),
    "almoner_import_batches": ("source", "'elsewhere'", ("id",)),
    "almoner_imported_files": ("sha256", "'0'", ("id",)),
    "almoner_imported_tables": ("new", "new + 1", ("id",)),
    "almoner_import_findings": ("message", "'all is well'", ("id",)),
}


def spelled(cell):
    return f"'{cell}'" if isinstance(cell, str) else str(cell)


def named(key, row, between):
    return between.join(f"{name} = {spelled(cell)}" for name, cell in zip(key, row, strict=True))


def keys_of(table, key):
    from django.db import connection

    names = ", ".join(key)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} ORDER BY {names}")
        return cursor.fetchall()


def one(table, key):
    """A condition that picks a row in the middle."""
    rows = keys_of(table, key)
    assert rows, f"nothing is stored in {table}"
    return named(key, rows[len(rows) // 2], " AND ")


def columns_of(table):
    from django.db import connection

    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def unseen(tampering):
    """The tables whose tampering `verify` does not see. `tampering` gives the statements for a table, none where it has too few rows."""
    missed, tried = [], 0
    for table in STORED:
        with behind_the_back() as tamper:
            statements = tampering(table)
            tried += bool(statements)
            tamper(*statements)
            if statements and not troubles():
                missed.append(table)
    assert tried >= 14, "nearly every table has rows to tamper with"
    return missed


def test_an_altered_row_of_any_table_is_found(lived):
    def altered(table):
        column, value, key = STORED[table]
        return [f"UPDATE {table} SET {column} = {value} WHERE {one(table, key)}"]

    assert unseen(altered) == []


def test_a_missing_row_of_any_table_is_found(lived):
    assert unseen(lambda table: [f"DELETE FROM {table} WHERE {one(table, STORED[table][2])}"]) == []


def test_an_added_row_of_any_table_is_found(lived):
    unique = {
        "almoner_payments": {"reference": "'zz'", "payee_id": "'V666'"}, "almoner_settlement_lines": {"reference": "'zz'"},
        "almoner_issued_files": {"name": "'zz'"}, "almoner_run_events": {"hash": "'zz'", "event": "'sealed again'"},
        "almoner_reminders_sent": {"provider_id": "'zz'"},
    }  # fmt: skip

    def added(table):
        key = STORED[table][2]
        fresh = {key[-1]: "'zz'" if table == "almoner_runs" or key[-1] == "name" else "900", **unique.get(table, {})}
        columns = columns_of(table)
        names = ", ".join(f'"{column}"' for column in columns)
        cells = ", ".join(fresh.get(column, f'"{column}"') for column in columns)
        return [f"INSERT INTO {table} ({names}) SELECT {cells} FROM {table} WHERE {one(table, key)}"]

    assert unseen(added) == []


def test_reordered_rows_of_any_table_are_found(lived):
    assert unseen(reordered) == []


def reordered(table):
    """Two rows, of one run where there are two, with their keys exchanged."""
    key = STORED[table][2]
    rows = keys_of(table, key)
    if len(rows) == 1:
        return []
    groups = {}
    for row in rows:
        groups.setdefault(row[:-1], []).append(row)
    first, second = next((group[:2] for group in groups.values() if len(group) > 1), (rows[0], rows[-1]))
    aside = f"{key[-1]} = {spelled('zz' if isinstance(first[-1], str) else 9999)}"
    moved = " AND ".join([*(f"{name} = {spelled(cell)}" for name, cell in zip(key[:-1], first[:-1], strict=True)), aside])
    return [
        f"UPDATE {table} SET {aside} WHERE {named(key, first, ' AND ')}",
        f"UPDATE {table} SET {named(key, first, ', ')} WHERE {named(key, second, ' AND ')}",
        f"UPDATE {table} SET {named(key, second, ', ')} WHERE {moved}",
    ]


def test_a_file_with_other_bytes_is_found(lived):
    with behind_the_back() as tamper:
        tamper(
            "UPDATE almoner_issued_files SET content = (SELECT content FROM almoner_stored_tables LIMIT 1) "
            f"WHERE {one('almoner_issued_files', ('run_id', 'number'))}"
        )
        found = troubles()
    assert len(found) == 1 and "is not the file that was issued" in found[0]


def test_a_kept_table_made_anew_with_its_hash_is_found(lived):
    """Someone who can hash as well as we can still cannot reach the seal."""
    from almoner.office.runs.models import StoredTable
    from almoner.office.runs.stored import from_parquet, keep

    kept = StoredTable.objects.get(run_id="R-0001", role="input", name="actuals")
    forged = keep("input", "actuals", from_parquet(bytes(kept.content)).slice(1))
    with behind_the_back() as tamper:
        tamper(
            f"UPDATE almoner_stored_tables SET bytes_hash = '{forged.bytes_hash}', content_hash = '{forged.content_hash}', "
            f"row_count = {forged.row_count}, content = {hex_bytes(forged.content)} "
            "WHERE run_id = 'R-0001' AND role = 'input' AND name = 'actuals'"
        )
        found = troubles()
    assert len(found) == 1 and "sealed R-0001" in found[0]


def hex_bytes(content):
    from django.db import connection

    return f"X'{content.hex()}'" if connection.vendor == "sqlite" else f"'\\x{content.hex()}'::bytea"


def remade_chain():
    """Statements that make the chain's hashes anew over whatever stands there now."""
    from dataclasses import replace

    from almoner.office.runs.chain import BEGINNING, Link, parts_hash
    from almoner.office.runs.contents import parts_of
    from almoner.office.runs.models import RunEvent

    previous = BEGINNING
    for event in RunEvent.objects.order_by("number"):
        link = Link(
            event.number, event.subject, event.event, event.by, event.at, event.reason, event.journal_head, event.form, "", previous
        )
        link = replace(link, content_hash=parts_hash(parts_of(event.number, event.subject, event.event)))
        yield (
            f"UPDATE almoner_run_events SET content_hash = '{link.content_hash}', previous_hash = '{previous}', hash = '{link.hash()}' "
            f"WHERE number = {event.number}"
        )
        previous = link.hash()


def test_a_chain_made_anew_is_found_by_the_head_that_an_issued_file_carries(lived):
    from almoner.office.runs.models import IssuedFile

    manifest = json.loads(bytes(IssuedFile.objects.get(run_id="R-0001", format="manifest").content))
    assert troubles(head=manifest["head"]) == []
    with behind_the_back() as tamper:
        tamper("UPDATE almoner_receipts SET cause = 'as ordered' WHERE run_id = 'R-0001' AND number = 1")
        assert troubles()
        tamper(*remade_chain())
        assert troubles() == [], "the chain alone looks sound again"
        assert any("the chain was made anew" in trouble for trouble in troubles(head=manifest["head"]))


def test_a_last_run_that_was_taken_away_is_found_by_its_head(lived):
    from almoner.office.runs.models import RunEvent

    last = RunEvent.objects.order_by("-number").first()
    run = last.subject
    tables = ("almoner_receipts", "almoner_sealed_holds", "almoner_payments", "almoner_stored_tables")
    with behind_the_back() as tamper:
        tamper(
            f"DELETE FROM almoner_balance_entries WHERE event_id = {last.number}",
            *(f"DELETE FROM {table} WHERE run_id = '{run}'" for table in tables),
            f"DELETE FROM almoner_run_events WHERE number = {last.number}",
            f"DELETE FROM almoner_runs WHERE id = '{run}'",
            "DELETE FROM almoner_journal WHERE number = (SELECT max(number) FROM almoner_journal)",
        )
        assert troubles() == [], "nothing inside shows it"
        assert any("runs were taken away" in trouble for trouble in troubles(head=last.hash))


def test_facts_recorded_anew_under_a_sealed_run_are_found(lived):
    """Facts and their own chain made anew, soundly: the runs still rest on the recordings they saw."""
    from almoner.office.records.models import Recording
    from almoner.office.records.troubles import _digest, recording_hash

    with behind_the_back() as tamper:
        tamper("UPDATE almoner_actuals SET delivered_minutes = 999 WHERE version = 1")
        previous = ""
        for recording in list(Recording.objects.order_by("number")):
            previous = recording_hash(recording, previous, _digest(recording))
            tamper(f"UPDATE almoner_recordings SET sha256 = '{previous}' WHERE number = {recording.number}")
        found = troubles()
    assert found and all("rests on facts" in trouble for trouble in found)


def test_a_seal_that_was_taken_off_is_found(lived):
    from django.db import connection, transaction

    from almoner.office.records.sealing import opening_statements

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in opening_statements("almoner_receipts", connection.vendor):
            cursor.execute(statement)
        assert [trouble for trouble in troubles() if trouble.startswith("receipts no longer refuses")]
        transaction.set_rollback(True)


def test_a_run_posted_otherwise_than_its_inputs_say_is_found_by_working_it_out_again(lived):
    from almoner.office.runs.verification import verify

    with behind_the_back() as tamper:
        tamper("UPDATE almoner_receipts SET person_id = 'P3' WHERE run_id = 'R-0001' AND number = 1")
        tamper(*remade_chain())
        found = verify()
    assert [(trouble.where, "its receipts are others" in trouble.message) for trouble in found.troubles] == [("run R-0001", True)]


def test_another_version_that_posts_otherwise_differs_and_is_no_tampering(lived, monkeypatch):
    from dataclasses import replace

    from almoner.office.runs import verification

    plain = verification.reckon

    def other(*args, **more):
        said = plain(*args, **more)
        return replace(said, holds=said.holds.slice(1), receipts=said.receipts.slice(1))

    monkeypatch.setattr(verification, "reckon", other)
    monkeypatch.setattr(verification, "code_version", lambda: "0.2.0+other")
    found = verification.verify()
    assert found.troubles == ()
    assert len(found.differing) == 2 and "differs under version 0.2.0+other" in found.differing[0]
