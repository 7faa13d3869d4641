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
    "almoner_invoice_files": ("media_type", "'text/plain'", ("invoice_id", "kind")),
    "almoner_partner_references": ("reference", "'theirs'", ("number",)),
}


@pytest.fixture
def lived(pages):
    """One of everything there is a page of, and a reference of a line."""
    from tests.web.vale import ICB, NOW

    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.claims.operations import name_line
    from almoner.office.enquiries.residents.operations import Said, confirm_residents

    one_of_everything()
    found_home()
    reader = readers_for(User.objects.get(email=pages["provider_user"]).pk)[0]
    confirm_residents(month=date(2026, 5, 1), said=[Said(HOME[0], "here")], reader=reader, at=NOW)
    name_line(funder_id=ICB, line_id="LN-204502", reference="CHC/77", by=partner().by, at=NOW)


def found() -> list[str]:
    """What the part of `verify` that is tried here finds."""
    from almoner.office.journal.kept import troubles_in_kept

    return [f"{trouble.where} {trouble.message}" for trouble in troubles_in_kept()]


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

    assert troubles() == []
    covered = kept_tables()
    assert set(covered) == set(STORED), "tamper with every table that is kept so"
    open_still = {table: left for table in covered if (left := set(columns_of(table)) - covered[table] - {"id"})}
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
        "almoner_residents_told": {"line_id": "'LN-0'"},
    }  # fmt: skip
    key, columns = STORED[table][2], columns_of(table)
    names = ", ".join(f'"{column}"' for column in columns)
    other = {key[-1]: "'zz'" if key[-1] == "kind" else "900", **fresh.get(table, {})}
    cells = ", ".join(other.get(column, f'"{column}"') for column in columns)
    return [f"INSERT INTO {table} ({names}) SELECT {cells} FROM {table} WHERE {one}"]
