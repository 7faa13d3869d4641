"""What is stored says in which form: an older form is still proved, an unknown one is said so, and no form changes unnoticed."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from tests.office.runs.little import MONDAY, found_council, later, record, visit
from tests.office.runs.test_tampering import behind_the_back, troubles

THROUGH = MONDAY + timedelta(days=13)
FORM_1 = "249c26ca4d5033a6ad8000abea2055ba700aa70e603f202975cc189b3748c0c5"


def paid(weeks, hours):
    from almoner.office.runs.operations import draft_run, seal_run

    run = draft_run(book="payments", through=THROUGH + timedelta(days=7 * weeks), by="ann", at=later(hours)).run
    return seal_run(run=run, by="ann", at=later(hours))


def write_in_form_2(monkeypatch):
    """A later version: everything it hashes it hashes otherwise, and it keeps the code of form 1."""
    from almoner.office.journal import queries as journal
    from almoner.office.records import stored_form, troubles
    from almoner.office.runs import chain, contents

    def otherwise(plain):
        return lambda *args: hashlib.sha256(f"otherwise {plain(*args)}".encode()).hexdigest()

    def parts(*named):
        return [*contents.parts_of(*named), ("more", "of form 2")]

    monkeypatch.setattr(stored_form, "FORM", 2)
    for register, plain in (
        (chain.TABLE_HASHES, chain.table_hash), (journal.SPELLINGS, journal.canonical_entry), (journal.ANSWER_HASHES, journal.answer_hash),
        (troubles.IMPORT_HASHES, troubles.import_hash),
    ):  # fmt: skip
        monkeypatch.setitem(register, 2, otherwise(plain))
    # Facts are digested while they are written, in form 1 still.
    monkeypatch.setitem(troubles.DIGESTS, 2, troubles.DIGESTS[1])
    monkeypatch.setitem(contents.PARTS, 2, parts)


def test_a_later_form_stands_beside_the_older_one_in_the_same_chain(office, monkeypatch):
    from almoner.office.runs.models import RunEvent

    found_council()
    paid(0, 1)
    write_in_form_2(monkeypatch)
    record("actuals", visit("L1", MONDAY + timedelta(days=14)), at=later(2))
    paid(1, 3)
    assert list(RunEvent.objects.order_by("number").values_list("form", flat=True)) == [1, 2]
    assert troubles() == []
    with behind_the_back() as tamper:
        tamper("UPDATE almoner_receipts SET amount_pence = amount_pence + 1 WHERE run_id = 'R-0001' AND number = 1")
        assert any(found.startswith("event 1") for found in troubles())
    with behind_the_back() as tamper:
        tamper("UPDATE almoner_stored_tables SET row_count = row_count + 1 WHERE run_id = 'R-0002' AND name = 'actuals'")
        assert any(found.startswith("event 2") for found in troubles())


def test_a_form_that_is_not_known_is_said_so_and_never_called_sound(office, monkeypatch):
    found_council()
    paid(0, 1)
    with monkeypatch.context() as later_version:
        write_in_form_2(later_version)
        record("actuals", visit("L1", MONDAY + timedelta(days=14)), at=later(2))
        paid(1, 3)
    found = troubles()
    assert found and all("kept in form 2, which this version of Almoner does not know (it writes form 1)" in said for said in found), found
    assert {said.split(" ", 1)[0] for said in found} == {"event", "journal", "actuals"}


def test_the_number_of_a_form_is_part_of_what_is_hashed(office, monkeypatch):
    from almoner.office.runs import chain, contents

    found_council()
    paid(0, 1)
    monkeypatch.setitem(contents.PARTS, 2, contents.parts_of)
    monkeypatch.setitem(chain.TABLE_HASHES, 2, chain.table_hash)
    with behind_the_back() as tamper:
        tamper("UPDATE almoner_run_events SET form = 2")
        assert any("is not what was written" in found for found in troubles())


def test_form_1_is_what_it_always_was(office):
    """If this fails, what is stored is spelled, ordered or hashed otherwise than in the databases there are: give the new way the next
    number (`records.stored_form`) and keep the old one in the registers, instead of changing what stands here."""
    from almoner.core.tables import TABLES
    from almoner.office.journal.models import IdempotencyKey, JournalEntry
    from almoner.office.journal.queries import answer_hash, canonical_entry
    from almoner.office.records.canonical import canonical_rows
    from almoner.office.records.models import Recording
    from almoner.office.records.standing import columns_of
    from almoner.office.records.troubles import _IMPORT, recording_hash
    from almoner.office.runs.chain import Link, rows_hash, table_hash
    from almoner.office.runs.contents import HEADER, OF_EVENT, OF_RUN

    at = datetime(2026, 11, 2, 9, 30, 0, 5, UTC)
    cells = {
        "text": ["a\tb", "", None],
        "day": [date(2026, 4, 6), None, date(1, 1, 1)],
        "count": [1, -2, None],
        "truth": [True, None, False],
    }
    rows = pa.table({**cells, "at": pa.array([at, None, at], pa.timestamp("us", "UTC")), "list": [["x"], [], None]})
    recording = Recording(number=3, table="lines", first_version=1, last_version=2, recorded_at=at, recorded_by="ann", batch=4, form=1)
    entry = JournalEntry(number=1, act="seal", by="ann", at=at, subject="R-1", summary={"b": 1, "a": ["x"]}, form=1)
    answer = IdempotencyKey(key="k", body_sha256="abc", answer={"rows": 3}, at=at)
    spelled = [
        canonical_rows(rows.drop_columns(["list"])), rows_hash(rows.drop_columns(["list"])), table_hash(rows),
        recording_hash(recording, "before", "digest"), canonical_entry(entry), answer_hash(answer),
        Link(1, "R-1", "sealed", "ann", at, "", "journal", 1, "content", "before").hash(),
        [(name, [f"{field.name} {field.type}" for field in columns_of(name)]) for name in sorted(TABLES) if name != "prior_receipts"],
        [(table, owner, {name: str(kind) for name, kind in columns.items()}) for table, owner, columns in _IMPORT],
        [f"{field.name} {field.type}" for field in HEADER],
        *([(event, name, table, [f"{field.name} {field.type}" for field in columns], order) for name, table, columns, order in parts]
          for event, parts in (*OF_RUN.items(), ("any", OF_EVENT))),
    ]  # fmt: skip
    assert hashlib.sha256(repr(spelled).encode()).hexdigest() == FORM_1
