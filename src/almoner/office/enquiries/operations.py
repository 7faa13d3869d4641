"""The only writer of queries, and of the facts that providers tell and the council accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from almoner.core.second_person import is_same_person
from almoner.figures.bank_holidays import working_day_after
from almoner.office.accounts.emails import Email
from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.accounts.roles import Side
from almoner.office.enquiries.accepting import accepting
from almoner.office.enquiries.kinds import KINDS, MOST_CHARACTERS, WORKING_DAYS_TO_ANSWER, team_for
from almoner.office.enquiries.models import Query, QueryAttachment, QueryEntry
from almoner.office.enquiries.queries import QueryShown, query
from almoner.office.enquiries.refusals import (
    DateMissing,
    EffectMoved,
    NoSuchQuery,
    NothingToAccept,
    QueryClosed,
    TextMissing,
)
from almoner.office.furniture.attachments import Sent, brings_nothing_new, checked_files
from almoner.office.journal.operations import Json, write
from almoner.office.letters.operations import Written, write_letters
from almoner.office.letters.recipients import Wanted
from almoner.office.letters.wording import tell_answered, tell_asked
from almoner.office.people.operations import record_absence, record_death
from almoner.office.records.queries import table_known
from almoner.office.runs.operations import Decider, Shown, agree_repayment, decide_holds
from almoner.office.runs.operations.hold_answers import MOST_CHARACTERS as MOST_WITH_A_HOLD
from almoner.office.runs.operations.hold_answers import keep_answer
from almoner.office.runs.refusals import OverLimit

LOCAL = ZoneInfo("Europe/London")
QUERIES_LOCK = 0x_A1_40_4E_52_05
ENDED = ("closed", "accepted")
JOURNALLED = {"replied": "reply_query", "answered": "answer_query", "reopened": "reopen_query"}


@dataclass(frozen=True)
class About:
    """What a query is about, carried from where somebody asked. Absent ids are empty text."""

    person_id: str = ""
    line_id: str = ""
    week: date | None = None
    run_id: str = ""
    receipt_id: str = ""
    hold_id: str = ""


@dataclass(frozen=True)
class Told:
    """What is told besides words: the day of a death, an absence's first and last day, or how many instalments."""

    from_date: date | None = None
    until_date: date | None = None
    instalments: int | None = None


def open_query(
    *,
    kind: str,
    side: str,
    organisation_id: str,
    about: About,
    told: Told,
    text: str,
    by: str,
    by_name: str,
    at: datetime,
    attachments: Sequence[Sent] = (),
    asker: str = "",
) -> QueryShown:
    """Ask; returns the query with its reference. `asker` is council where it asks the organisation (of `side`), which then speaks next.
    Raises TextMissing, DateMissing or AttachmentRefused, and OwnOrganisation.

    The same question of the same person within the hour (a button pressed twice) is the query that is there already; a file that was not
    sent with it is added to it.
    """
    _check_text(text)
    _check_told(kind, told, at)
    _refuse_council_own(asker, by, organisation_id)
    files = checked_files(attachments)
    with transaction.atomic():
        _one_at_a_time()
        same = _asked_already(kind, organisation_id, about, told, text, by, at)
        if same is not None and _files_kept(same, files):
            return same
        if same is not None and same.state not in ENDED:
            act = "answered" if asker else "replied"
            return _keep_said(act, same, text, files, side=asker or side, by=by, by_name=by_name, at=at)
        last = Query.objects.order_by("-number").first()
        made = Query.objects.create(
            number=last.number + 1 if last else 1, kind=kind, side=side, organisation_id=organisation_id, person_id=about.person_id,
            line_id=about.line_id, week=about.week, run_id=about.run_id, receipt_id=about.receipt_id, hold_id=about.hold_id,
            from_date=told.from_date, until_date=told.until_date, instalments=told.instalments,
            team=team_for(kind, _team_of(about.person_id, at)), opened_by=by, opened_at=at,
        )  # fmt: skip
        kept = [QueryAttachment(**cells) for cells in files]
        due = None if asker else _due(at)
        _add(made, "asked", side=asker or side, by=by, by_name=by_name, at=at, text=text, files=kept, due=due)
        reference = f"Q-{made.number:06}"
        rows = _told_with_the_hold(about, asker or side, f"{reference}: {text.strip()}", by=by, at=at)
        if asker:
            rows |= _tell_asked(_there(made.number, at), at)
        write(act="open_query", by=by, at=at, subject=reference, summary={"kind": kind, "to": made.team}, rows=rows)
    return _there(made.number, at)


def _told_with_the_hold(about: About, side: str, words: str, *, by: str, at: datetime) -> dict[str, list[int]]:
    """What a provider asks about a hold stands with the hold too: whoever decides reads it there."""
    if not about.hold_id or side != Side.PROVIDER:
        return {}
    return keep_answer(hold=about.hold_id, words=words[:MOST_WITH_A_HOLD], by=by, at=at)


def reply(*, number: int, text: str, by: str, by_name: str, side: str, at: datetime, attachments: Sequence[Sent] = ()) -> QueryShown:
    """The asker says more: an answer is due again. Raises NoSuchQuery, QueryClosed, TextMissing or AttachmentRefused."""
    return _say("replied", number, text, by=by, by_name=by_name, side=side, at=at, attachments=attachments)


def answer(*, number: int, text: str, by: str, by_name: str, at: datetime, attachments: Sequence[Sent] = ()) -> QueryShown:
    """The council answers. Raises NoSuchQuery, QueryClosed, TextMissing or AttachmentRefused."""
    return _say("answered", number, text, by=by, by_name=by_name, side="council", at=at, attachments=attachments)


def assign(*, number: int, to: str, by: str, by_name: str, at: datetime) -> QueryShown:
    """Give a query to somebody of the council, by their email address. Raises NoSuchQuery or QueryClosed."""
    with transaction.atomic():
        found = _open(number, at)
        if found.assigned_to == to:
            return found
        _add(_row(number), "assigned", side="council", by=by, by_name=by_name, at=at, to=to)
        write(act="assign_query", by=by, at=at, subject=found.reference, summary={"to": to})
    return _there(number, at)


def accept(
    *, number: int, text: str, by: str, by_name: str, at: datetime, decider: Decider | None = None, shown: str | None = None
) -> QueryShown:
    """What was told becomes a fact, or what was asked for is done; the query is settled with these words.

    A death ends the person's lines, an absence is recorded, a hold is released, a debt is recovered by instalments. `decider`: who may
    release holds, and up to how much; None may not. `shown`: the figures of the page (`accepting.Accepting.shown`); None: whatever they
    are now. Raises NoSuchQuery, NothingToAccept, OwnOrganisation, EffectMoved when the figures are others by now, and the refusals of what
    is done.
    """
    _check_text(text)
    with transaction.atomic():
        found = _there_locked(number, at)
        if found.state == "closed":
            raise QueryClosed(f"{found.reference} is closed.", "Open it again and say why.")
        if is_same_person(found.opened_by, by):
            raise NothingToAccept("You asked this, so someone else accepts it.", "Ask a colleague.")
        if not found.becomes:
            raise NothingToAccept("There is nothing in this query to accept.", "Answer it instead.")
        refuse_own(by, [found.organisation_id])
        if shown is not None and shown != accepting(found, at).shown:
            raise EffectMoved("Accepting this does something else by now.", "Look at the new figures, then press again.")
        fact = _become(found, text, decider, by=by, at=at)
        _add(_row(number), "accepted", side="council", by=by, by_name=by_name, at=at, text=text)
        letters = _tell_answered(found, at)
        summary: dict[str, Json] = {"became": found.becomes, "fact": fact}
        write(act="accept_query", by=by, at=at, subject=found.reference, summary=summary, rows=letters)
    return _there(number, at)


def close(*, number: int, by: str, by_name: str, side: str, at: datetime) -> QueryShown:
    """Settle a query. Closing one that is closed changes nothing. Raises NoSuchQuery."""
    with transaction.atomic():
        found = _there_locked(number, at)
        if found.state in ENDED:
            return found
        _refuse_own(side, by, found)
        _add(_row(number), "closed", side=side, by=by, by_name=by_name, at=at)
        write(act="close_query", by=by, at=at, subject=found.reference, summary={})
    return _there(number, at)


def reopen(*, number: int, text: str, by: str, by_name: str, side: str, at: datetime, attachments: Sequence[Sent] = ()) -> QueryShown:
    """Open a closed query again, saying why; one that a colleague has opened by then is said more to. Raises NoSuchQuery, TextMissing or
    AttachmentRefused."""
    _check_text(text)
    files = checked_files(attachments)
    with transaction.atomic():
        found = _there_locked(number, at)
        if _is_again(found, ("reopened", "replied"), text, files, by):
            return found
        act = "reopened" if found.state in ENDED else "replied"
        return _keep_said(act, found, text, files, side=side, by=by, by_name=by_name, at=at)


def _say(act: str, number: int, text: str, *, by: str, by_name: str, side: str, at: datetime, attachments: Sequence[Sent]) -> QueryShown:
    _check_text(text)
    files = checked_files(attachments)
    with transaction.atomic():
        found = _open(number, at)
        _refuse_own(side, by, found)
        if _is_again(found, (act,), text, files, by):
            return found
        return _keep_said(act, found, text, files, side=side, by=by, by_name=by_name, at=at)


def _keep_said(
    act: str, found: QueryShown, text: str, files: Sequence[dict[str, Any]], *, side: str, by: str, by_name: str, at: datetime
) -> QueryShown:
    """Keep what was said, inside the transaction that found the query so; whoever asks something is owed an answer."""
    kept = [QueryAttachment(**cells) for cells in files]
    due = None if act == "answered" else _due(at)
    _add(_row(found.number), act, side=side, by=by, by_name=by_name, at=at, text=text, files=kept, due=due)
    letters = _tell_answered(found, at) if act == "answered" else {}
    write(act=JOURNALLED[act], by=by, at=at, subject=found.reference, summary={"files": len(kept)}, rows=letters)
    return _there(found.number, at)


def _is_again(found: QueryShown, acts: Sequence[str], text: str, files: Sequence[dict[str, Any]], by: str) -> bool:
    """Whether this was the last that was said: a button pressed twice."""
    last = found.entries[-1]
    return last.act in acts and (last.by, last.text) == (by, text.strip()) and _files_kept(found, files, entry=last.number)


def _files_kept(found: QueryShown, files: Sequence[dict[str, Any]], *, entry: int | None = None) -> bool:
    """Whether these files are with a query already, or with one of its entries."""
    kept = QueryAttachment.objects.filter(entry__query_id=found.number, **({} if entry is None else {"entry__number": entry}))
    return brings_nothing_new(files, kept.values_list("sha256", flat=True))


def _tell_answered(found: QueryShown, at: datetime) -> Written:
    """An email to the one who asked; about each answer, one."""
    told = tell_answered(
        number=found.number, reference=found.reference, team=found.team, at=at, front="partner" if found.side == Side.PARTNER else "portal"
    )
    about = f"{found.reference} {len(found.entries) + 1}"
    return write_letters(
        kind=Email.ANSWERED, wanted=[Wanted(found.organisation_id, about, told, to=found.opened_by)], at=at, side=Side(found.side)
    )  # fmt: skip


def _tell_asked(found: QueryShown, at: datetime) -> Written:
    """An email that the council asks something: to the organisation's administrators."""
    told = tell_asked(number=found.number, reference=found.reference, team=found.team, at=at)
    wanted = [Wanted(found.organisation_id, f"{found.reference} asked", told)]
    return write_letters(kind=Email.ANSWERED, wanted=wanted, at=at, side=Side(found.side))


def _refuse_own(side: str, by: str, found: QueryShown) -> None:
    """Who works for the asker speaks for the asker, never for the council."""
    _refuse_council_own(side, by, found.organisation_id)


def _refuse_council_own(side: str, by: str, organisation_id: str) -> None:
    if side == Side.COUNCIL:
        refuse_own(by, [organisation_id])


def _become(found: QueryShown, reason: str, decider: Decider | None, *, by: str, at: datetime) -> str:
    if found.becomes == "death":
        assert found.from_date is not None, "a death is told with its day"
        return record_death(person_id=found.person_id, on=found.from_date, by=by, at=at)
    if found.becomes == "absence":
        assert found.from_date is not None, "an absence is told with its first day"
        return record_absence(person_id=found.person_id, first=found.from_date, last=found.until_date, by=by, at=at)
    if found.becomes == "release":
        return _release(found, reason, decider, at=at)
    agreed = accepting(found, at)
    if agreed.instalment_pence is None:
        raise NothingToAccept("This organisation owes nothing now.", "Answer the query instead.")
    instalment = agreed.instalment_pence
    agree_repayment(payee_id=found.organisation_id, instalment_pence=instalment, reason=reason, by=by, at=at)
    return f"{found.instalments} instalments of {instalment} pence"


def _release(found: QueryShown, reason: str, decider: Decider | None, *, at: datetime) -> str:
    """Release a hold within what the decider may; nothing is handed on from here, for the query would be left half done."""
    if decider is None:
        raise NothingToAccept("Holds are released by the payments team.", "Answer the query, or give it to a payments officer.")
    hold = accepting(found, at).hold
    shown = {found.hold_id: Shown(hold.amount_pence, hold.state) if hold else None}
    decided = decide_holds(holds=shown, decision="release", reason=reason, decider=decider, by=decider.by, at=at)
    for _, because in decided.refused:
        if isinstance(because, OverLimit):
            raise NothingToAccept(because.message, "Decide it on the hold's own page: from there it goes to an approver.")
        raise because
    return found.hold_id


def _add(
    made: Query,
    act: str,
    *,
    side: str,
    by: str,
    by_name: str,
    at: datetime,
    text: str = "",
    to: str = "",
    files: Sequence[QueryAttachment] = (),
    due: date | None = None,
) -> None:
    entry = QueryEntry.objects.create(
        query=made, number=QueryEntry.objects.filter(query=made).count() + 1, act=act, side=side, by=by, by_name=by_name, at=at,
        text=text.strip(), to=to, due_on=due,
    )  # fmt: skip
    for file in files:
        file.entry = entry
    QueryAttachment.objects.bulk_create(files)


def _check_text(text: str) -> None:
    if not text.strip():
        raise TextMissing("Nothing was said.", "Enter what is wrong, or your answer, in words.")
    if len(text) > MOST_CHARACTERS:
        raise TextMissing(f"That is {len(text):,} characters.", f"Use {MOST_CHARACTERS:,} or fewer, or attach a file.")


def _check_told(kind: str, told: Told, at: datetime) -> None:
    today = at.astimezone(LOCAL).date()
    if KINDS[kind].dates and told.from_date is None:
        raise DateMissing("The day is missing.", "Enter the date, like 27 3 2026.")
    if kind == "death" and told.from_date is not None and told.from_date > today:
        raise DateMissing("That day is in the future.", "Enter the date of death.")
    if told.from_date and told.until_date and told.until_date < told.from_date:
        raise DateMissing("The last day is before the first.", "Enter both days again.")
    if KINDS[kind].count and not (told.instalments and 1 <= told.instalments <= 60):
        raise DateMissing("The number of instalments is missing.", "Enter a number from 1 to 60.")


def _asked_already(kind: str, organisation_id: str, about: About, told: Told, text: str, by: str, at: datetime) -> QueryShown | None:
    last = Query.objects.filter(organisation_id=organisation_id, opened_by=by, kind=kind).order_by("-number").first()
    if last is None or (at - last.opened_at).total_seconds() > 3600:
        return None
    found = _there(last.number, at)
    same_about = About(found.person_id, found.line_id, found.week, found.run_id, found.receipt_id, found.hold_id) == about
    same_told = Told(found.from_date, found.until_date, found.instalments) == told
    return found if same_about and same_told and found.entries[0].text == text.strip() else None


def _due(at: datetime) -> date:
    day = at.astimezone(LOCAL).date()
    for _ in range(WORKING_DAYS_TO_ANSWER):
        day = working_day_after(day)
    return day


def _team_of(person_id: str, at: datetime) -> str:
    if not person_id:
        return ""
    teams = table_known("people", at, people=[person_id]).column("team").to_pylist()
    return (teams[0] or "") if teams else ""


def _open(number: int, at: datetime) -> QueryShown:
    found = _there_locked(number, at)
    if found.state == "closed":
        raise QueryClosed(f"{found.reference} is closed.", "Open it again and say why.")
    return found


def _there_locked(number: int, at: datetime) -> QueryShown:
    _one_at_a_time()
    return _there(number, at)


def _there(number: int, at: datetime) -> QueryShown:
    found = query(number, at)
    if found is None:
        raise NoSuchQuery(f"There is no query Q-{number:06}.", "Look at the list of queries.")
    return found


def _row(number: int) -> Query:
    return Query.objects.get(number=number)


def _one_at_a_time() -> None:
    """Two messages at once are put in order. SQLite's transactions are so from their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUERIES_LOCK])
