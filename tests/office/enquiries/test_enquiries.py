"""A query from its asking to its answer, and to the fact it becomes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, visit

DEATH = MONDAY + timedelta(days=3)


def ask(kind="actuals", *, at=None, text="The Tuesday visit is missing.", told=None, about=None, **more):
    from almoner.office.enquiries.operations import About, Told, open_query

    return open_query(
        kind=kind, side="provider", organisation_id="V1", about=about or About(person_id="P1", line_id="L1", week=MONDAY),
        told=told or Told(), text=text, by="jo@alder.example", by_name="Jo", at=at or later(2), **more,
    )  # fmt: skip


def by(name="priya"):
    return {"by": f"{name}@council.example", "by_name": name.capitalize()}


def test_a_question_goes_to_its_team_and_is_answered(office):
    from almoner.office.enquiries.operations import answer, close, reply
    from almoner.office.enquiries.queries import queries_of

    found_council()
    asked = ask()
    # 1 June 2026 is a Monday: five working days on is the Monday after.
    assert (asked.reference, asked.state, asked.team, asked.due_on) == ("Q-000001", "with_team", "payments team", date(2026, 6, 8))
    answered = answer(number=1, text="It came on Friday and is in the next run.", at=later(3), **by())
    assert (answered.state, answered.due_on) == ("answered", None)
    assert reply(number=1, text="Thank you, and Wednesday's?", side="provider", at=later(4), **by("jo")).state == "with_team"
    assert close(number=1, side="council", at=later(5), **by()).state == "closed"
    assert [entry.act for entry in queries_of("V1", side="provider", at=later(6))[0].entries] == ["asked", "answered", "replied", "closed"]
    assert queries_of("V2", side="provider", at=later(6)) == []


def test_pressing_twice_asks_once(office):
    found_council()
    assert ask().number == ask(at=later(2.5)).number == 1
    assert ask(text="Something else.").number == 2


def test_an_answer_due_is_overdue_and_an_answer_left_alone_closes(office):
    from almoner.office.enquiries.operations import answer
    from almoner.office.enquiries.queries import query

    found_council()
    ask()
    assert query(1, later(24 * 7)).state == "with_team" and query(1, later(24 * 8)).state == "overdue"
    answer(number=1, text="It is paid.", at=later(24 * 8), **by())
    assert query(1, later(24 * 35)).state == "answered" and query(1, later(24 * 37)).state == "closed"


def test_a_death_told_goes_to_the_persons_team_and_becomes_a_fact(office):
    from almoner.office.enquiries.operations import Told, accept
    from almoner.office.enquiries.refusals import NothingToAccept
    from almoner.office.journal.queries import entries
    from almoner.office.records.queries import table_known

    found_council()
    record("people", {"person_id": "P1", "family_name": "P1", "team": "North"}, at=later(1))
    asked = ask("death", told=Told(from_date=DEATH), text="She died in the night.")
    assert asked.team == "North duty team" and asked.becomes == "death"
    accepted = accept(number=asked.number, text="Confirmed by the registrar.", at=later(3), **by())
    assert accepted.state == "accepted" and accepted.becomes == ""
    assert table_known("people", later(4), people=["P1"]).column("date_of_death").to_pylist() == [DEATH]
    assert [line.act for line in entries()][-3:] == ["open_query", "record_death", "accept_query"]
    with pytest.raises(NothingToAccept):
        accept(number=asked.number, text="Again.", at=later(5), **by())


def test_an_absence_told_becomes_a_fact_once(office):
    from almoner.office.enquiries.operations import Told, accept
    from almoner.office.people.operations import KnownAlready
    from almoner.office.records.queries import table_known

    found_council()
    stay = Told(from_date=MONDAY, until_date=MONDAY + timedelta(days=4))
    accept(number=ask("absence", told=stay).number, text="The ward confirms.", at=later(3), **by())
    assert table_known("absences", later(4)).select(["person_id", "kind", "first_day", "last_day"]).to_pylist() == [
        {"person_id": "P1", "kind": "hospital", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=4)}
    ]
    again = ask("absence", told=stay, text="Told again.", at=later(5))
    with pytest.raises(KnownAlready):
        accept(number=again.number, text="The ward confirms.", at=later(6), **by())


def test_a_release_asked_for_is_released_with_the_reason(office):
    from almoner.office.enquiries.operations import About, accept
    from almoner.office.enquiries.refusals import NothingToAccept
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import Decider, draft_run

    found_council()
    record("actuals", *(visit("L1", MONDAY + timedelta(days=n), 120, planned_minutes=60) for n in range(7)), at=later(1))
    draft_run(book="payments", through=MONDAY + timedelta(days=13), by="priya", at=later(2))
    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    asked = ask("held_payment", about=About(person_id="P1", line_id="L1", week=MONDAY, hold_id=hold.hold), at=later(3))
    for decider, said in ((None, "released by the payments team"), (Decider("priya@council.example", 100), "above your limit")):
        with pytest.raises(NothingToAccept, match=said):
            accept(number=asked.number, text="Agreed with the social worker.", at=later(4), decider=decider, **by())
    assert next(found for found in open_holds() if found.hold == hold.hold).state == "open"
    may = Decider("priya@council.example", hold.amount_pence)
    accept(number=asked.number, text="Agreed with the social worker.", at=later(4), decider=may, **by())
    assert next(found for found in open_holds() if found.hold == hold.hold).decided == (
        "released by priya@council.example: Agreed with the social worker."
    )


REFUSED = {
    "nothing said": ("TextMissing", {"text": "   "}),
    "too long": ("TextMissing", {"text": "x" * 7_501}),
    "a death without its day": ("DateMissing", {"kind": "death"}),
    "a death to come": ("DateMissing", {"kind": "death", "from_date": date(2027, 1, 1)}),
    "an absence the wrong way round": ("DateMissing", {"kind": "absence", "from_date": DEATH, "until_date": MONDAY}),
    "no number of instalments": ("DateMissing", {"kind": "instalments"}),
    "a program": ("AttachmentRefused", {"files": [("virus.exe", b"MZ")]}),
    "eleven megabytes": ("AttachmentRefused", {"files": [("scan.pdf", b"x" * (10 * 1024 * 1024 + 1))]}),
    "six files": ("AttachmentRefused", {"files": [("note.txt", b"x")] * 6}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(office, what):
    from almoner.office.enquiries import refusals
    from almoner.office.enquiries.operations import Told
    from almoner.office.enquiries.queries import all_queries
    from almoner.office.furniture import attachments
    from almoner.office.furniture.attachments import Sent

    found_council()
    name, asked = REFUSED[what]
    told = Told(**{key: value for key, value in asked.items() if key in ("from_date", "until_date")})
    files = [Sent(*file) for file in asked.get("files", ())]
    with pytest.raises(getattr(refusals, name, None) or getattr(attachments, name)):
        ask(asked.get("kind", "actuals"), text=asked.get("text", "What is this?"), told=told, attachments=files)
    assert all_queries(later(3)) == []


def test_attachments_are_kept_byte_for_byte(office):
    from almoner.office.enquiries.queries import attachment_content
    from almoner.office.furniture.attachments import Sent

    found_council()
    asked = ask(attachments=[Sent("log.csv", b"a,b\n1,2\n")])
    (file,) = asked.entries[0].attachments
    assert attachment_content(asked.number, file.number) == ("log.csv", "text/csv", b"a,b\n1,2\n")
    assert attachment_content(asked.number + 1, file.number) is None


SEALED = {"almoner_queries": "team", "almoner_query_entries": "text", "almoner_query_attachments": "content"}


@pytest.mark.parametrize(("table", "column"), SEALED.items())
def test_what_was_said_is_sealed(office, table, column):
    from django.db import DatabaseError, connection

    from almoner.office.furniture.attachments import Sent

    found_council()
    ask(attachments=[Sent("note.txt", b"what we wrote down")])
    for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(change)
