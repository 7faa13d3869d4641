"""`verify` finds what was altered, taken away or added of what is kept with the journal: queries, change orders, uploads, claims,
invoices and the like."""

from __future__ import annotations

from datetime import date

import pytest
from tests.office.claims.claiming import partner
from tests.office.runs.test_tampering import behind_the_back, columns_of, keys_of, named, troubles
from tests.web.everything import one_of_everything
from tests.web.test_residents import HOME, found_home

# Every table that is kept so: a column to alter and its new value, and the columns of its key.
STORED = {
    "almoner_queries": ("kind", "'actuals'", ("number",)),
    "almoner_query_entries": ("text", "'all is well'", ("id",)),
    "almoner_query_attachments": ("content", "'x'", ("id",)),
    "almoner_residents_told": ("said", "'left'", ("id",)),
    "almoner_change_orders": ("reason", "'because'", ("number",)),
    "almoner_change_steps": ("by", "'eve'", ("id",)),
    "almoner_actuals_uploads": ("rejected", "rejected + 1", ("number",)),
    "almoner_actuals_upload_ends": ("by", "'eve'", ("upload_id",)),
    "almoner_submissions": ("would_pay_pence", "would_pay_pence + 1", ("number",)),
    "almoner_submitted_weeks": ("would_pay_pence", "would_pay_pence + 1", ("id",)),
    "almoner_claim_acts": ("text", "'we agree'", ("number",)),
    "almoner_claim_act_receipts": ("standing", "'agreed'", ("act_id", "place")),
    "almoner_claim_files": ("name", "'other.txt'", ("id",)),
    "almoner_invoices": ("total_pence", "total_pence + 1", ("number",)),
    "almoner_invoice_receipts": ("amount_pence", "amount_pence + 1", ("invoice_id", "place")),
    "almoner_change_files": ("name", "'other.txt'", ("id",)),
    "almoner_invoice_payments": ("amount_pence", "amount_pence + 1", ("invoice_id", "place")),
    "almoner_invoice_files": ("media_type", "'text/plain'", ("invoice_id", "kind")),
    "almoner_partner_references": ("reference", "'theirs'", ("number",)),
    "almoner_hold_steps": ("amount_pence", "amount_pence + 1", ("id",)),
    "almoner_receipt_looks": ("by", "'eve'", ("id",)),
    "almoner_line_watches": ("is_on", "NOT is_on", ("id",)),
    "almoner_hand_reminders": ("address", "'other'", ("id",)),
    "almoner_limits": ("value", "value + 1", ("id",)),
    "almoner_letters": ("told", "'{}'", ("id",)),
}


@pytest.fixture
def lived(pages):
    """One of everything there is a page of, and a reference of a line."""
    from tests.web.vale import ICB, NOW

    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.claims.operations import name_line, record_payment
    from almoner.office.enquiries.residents.operations import Said, confirm_residents

    one_of_everything()
    found_home()
    reader = readers_for(User.objects.get(email=pages["provider_user"]).pk)[0]
    confirm_residents(month=date(2026, 5, 1), said=[Said(HOME[0], "here")], reader=reader, at=NOW)
    for wanted in ((100, "BACS 1"), (200, "BACS 2")):
        record_payment(invoice="INV-000001", amount_pence=wanted[0], paid_on=NOW.date(), reference=wanted[1], by="fay", at=NOW)
    _rows(reader)
    name_line(funder_id=ICB, line_id="LN-204502", reference="CHC/77", by=partner().by, at=NOW)


def _rows(reader):
    """A row of each table that has no number of its own: a limit, a step of a hold with its letter, a look, a mark, a reminder."""
    from tests.web.vale import NOW, SAGEGREEN

    from almoner.office.changes.operations import set_limit
    from almoner.office.enquiries.operations import answer
    from almoner.office.letters.wording import tell_due
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations.checks import look_at_receipts, watch_line
    from almoner.office.runs.operations.holds import take_holds
    from almoner.office.runs.operations.reminding import remind_providers
    from almoner.office.runs.reminders import Reminder
    from almoner.office.runs.run_register import register

    set_limit(name="uplift", value=5_00, from_date=NOW.date(), reason="as agreed", by="sue", at=NOW)
    take_holds(holds=[hold.hold for hold in open_holds()], by="ann", at=NOW)
    draft = next(row["run"] for row in register() if row["state"] == "draft")
    look_at_receipts(run=draft, rule="creditor", numbers=[1, 2], by="ann", at=NOW)
    watch_line(line_id="LN-204417", is_on=True, reason="odd", by="ann", at=NOW)
    told = tell_due(weeks=1, oldest=NOW.date(), cut_off_at=NOW, pay_date=NOW.date(), later=None, uploads=0)
    remind_providers(reminders=[Reminder(SAGEGREEN, "Sagegreen", (reader.email,), 1, 100, told)], by="ann", at=NOW)
    answer(number=1, text="We look into it.", by="ola", by_name="Ola", at=NOW)


def found() -> list[str]:
    """What the part of `verify` that is tried here finds."""
    from almoner.office.journal.kept import troubles_in_kept
    from almoner.office.journal.rows import troubles_in_rows

    return [f"{trouble.where} {trouble.message}" for check in (troubles_in_kept, troubles_in_rows) for trouble in check()]


def unseen(tampering):
    """The tables whose tampering is not seen."""
    missed = []
    for table, (_, _, key) in STORED.items():
        rows = keys_of(table, key)
        assert rows, f"nothing is stored in {table}"
        with behind_the_back() as tamper:
            tamper(*tampering(table, named(key, rows[-1], " AND ")))
            if not found():
                missed.append(table)
    return missed


def test_all_that_is_kept_is_sound_every_column_is_covered_and_what_is_altered_taken_away_or_added_is_found(lived):
    from almoner.office.journal.kept import kept_tables
    from almoner.office.journal.rows import row_tables

    assert troubles() == []
    covered = kept_tables() | row_tables()
    assert set(covered) == set(STORED), "tamper with every table that is kept so"
    open_still = {table: left for table in covered if (left := set(columns_of(table)) - covered[table] - {"id"})}
    assert not [table for table in row_tables() if not keys_of(table, ("id",))], "write a row of each"
    assert not open_still, "name the new columns in the capability's `kept`"
    assert unseen(altered) == []
    assert unseen(lambda table, one: [f"DELETE FROM {table} WHERE {one}"]) == []
    assert unseen(added) == []
    with behind_the_back() as tamper:
        tamper("DELETE FROM almoner_claim_acts WHERE number = 1", "DELETE FROM almoner_claim_act_receipts WHERE act_id = 1")
        assert any(trouble.startswith("claims 1 is not what was written") for trouble in troubles())
    with behind_the_back() as tamper:
        tamper("DELETE FROM almoner_journal WHERE subject = 'INV-000001'")
        assert any("invoices has rows of INV-1, which has no line" in trouble for trouble in troubles())


def altered(table, one):
    """One cell is another."""
    column, value, _ = STORED[table]
    return [f'UPDATE {table} SET "{column}" = {value} WHERE {one}']


def added(table, one):
    """A row too many, like one that is there."""
    fresh = {
        "almoner_query_entries": {"number": "77"}, "almoner_change_steps": {"number": "77", "act": "'proposed'"},
        "almoner_claim_act_receipts": {"receipt_number": "77"}, "almoner_invoices": {"basis": "'other'"},
        "almoner_invoice_receipts": {"receipt_number": "77"}, "almoner_submissions": {"sha256": "'other'"},
        "almoner_residents_told": {"line_id": "'LN-0'"}, "almoner_receipt_looks": {"number": "77"},
        "almoner_hand_reminders": {"provider_id": "'P-0'"}, "almoner_letters": {"about": "'other'"},
    }  # fmt: skip
    key, columns = STORED[table][2], columns_of(table)
    names = ", ".join(f'"{column}"' for column in columns)
    other = {key[-1]: "'zz'" if key[-1] == "kind" else "900", **fresh.get(table, {})}
    cells = ", ".join(other.get(column, f'"{column}"') for column in columns)
    return [f"INSERT INTO {table} ({names}) SELECT {cells} FROM {table} WHERE {one}"]
