"""Queries from a provider's own system: asked about a line, week, payment, receipt or hold, answered, replied to and settled."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.api.asked import Key, missing
from almoner.office.api.operations import Answer, once
from almoner.office.api.shapes import SHOWN, Day, Id, Problem
from almoner.office.enquiries.kinds import KINDS
from almoner.office.enquiries.operations import About, Told, close, open_query, reopen, reply
from almoner.office.enquiries.queries import QueryShown
from almoner.office.enquiries.reach import is_own, queries_open_to, query_named
from almoner.office.furniture.attachments import AttachmentRefused, Sent
from almoner.office.furniture.statuses import status
from almoner.office.runs.provider_holds import ProviderHold, hold_detail

ASKED = {401: Problem, 404: Problem, 422: Problem}
WRITTEN = {409: Problem, 413: Problem, **ASKED}
routes = Router(tags=["Asking"])
InPath = Annotated[Id, Path(...)]
SAID = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=7_500, pattern=SAID)]
"""Words, line breaks among them, not blank."""
Instalments = Annotated[int, Field(ge=1, le=60)]


class FileSent(Schema):
    """A file sent with words: PDF, pictures, Word, Excel, CSV, text or email."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=SHOWN)]
    content_base64: Annotated[str, StringConstraints(max_length=12_000_000, pattern=r"^[A-Za-z0-9+/=]*$")]


class Said(Schema):
    """Words, and up to five files."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    attachments: Annotated[list[FileSent], Field(max_length=5)] = Field(default_factory=list)


class Question(Said):
    """A query. The ids say what it is about; a death tells its day as `from_date`, an absence its first and, where it is known, its last
    day, and both name the person; `instalments` is for a debt to be taken back in parts."""

    kind: Literal["actuals", "held_payment", "payment", "remittance", "rate", "death", "absence", "dates", "instalments"]
    person_id: Id | None = None
    line_id: Id | None = None
    week: Day | None = None
    run_id: Id | None = None
    receipt_id: Id | None = None
    hold_id: Id | None = None
    from_date: Day | None = None
    until_date: Day | None = None
    instalments: Instalments | None = None

    @model_validator(mode="after")
    def whole(self) -> Question:
        """What is told must name whom and when."""
        if self.kind in ("death", "absence") and not (self.person_id and self.from_date):
            raise ValueError("a death or an absence names the person (person_id) and the day (from_date)")
        if self.kind == "dates" and self.from_date is None:
            raise ValueError("a line's last day is told as from_date")
        if self.kind == "instalments" and self.instalments is None:
            raise ValueError("instalments says how many (instalments)")
        return self


class AttachmentTold(Schema):
    """A file of a query, asked for by its number."""

    number: int
    name: str
    size_bytes: int


class EntryTold(Schema):
    """Something said or done in a query, and by which side: provider or council."""

    number: int
    act: str
    side: str
    by: str
    at: datetime
    text: str
    attachments: list[AttachmentTold]


class QueryTold(Schema):
    """A query: what it is about, who has it, and where it stands. `answer_due` is null when nobody owes an answer."""

    query: str
    kind: str
    state: str
    team: str
    answer_due: date | None
    opened_at: datetime
    person_id: str | None
    line_id: str | None
    week: date | None
    run_id: str | None
    receipt_id: str | None
    hold_id: str | None
    from_date: date | None
    until_date: date | None
    instalments: int | None


class Queries(Schema):
    """Queries, newest first."""

    queries: list[QueryTold]


class Thread(QueryTold):
    """A query with all that was said in it, oldest first."""

    entries: list[EntryTold]


@routes.get("/queries", response={200: Queries, 401: Problem}, url_name="queries", operation_id="queries")
def queries(request: HttpRequest) -> Any:
    """The organisation's queries; of a limited token its own and those of what it reaches."""
    found = queries_open_to(reader_of(request), request.at)  # type: ignore[attr-defined]
    return {"queries": [_told(one) for one in found]}


@routes.post("/queries", response={200: Thread, **WRITTEN}, url_name="queries", operation_id="ask")
def ask(request: HttpRequest, told: Question, idempotency_key: Key) -> Any:
    """Ask, or tell of a death or an absence, which counts once the council has accepted it."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    named = {name: getattr(told, name) or "" for name in ("person_id", "line_id", "run_id", "receipt_id", "hold_id")}
    about = About(**named, week=told.week)
    if not is_own(reader, about, at, request.council.calendar):  # type: ignore[attr-defined]
        missing(request, "api:queries")
    kind = KINDS[told.kind]
    days = (told.from_date if kind.dates else None, told.until_date if kind.dates > 1 else None)
    fact = Told(*days, instalments=told.instalments if kind.count else None)
    return _once(request, idempotency_key, "queries", lambda: _ask(told.kind, about, fact, told, reader, at))


@routes.post("/holds/{hold_id}/ask", response={200: Thread, **WRITTEN}, url_name="hold-ask", operation_id="ask_about_hold")
def ask_about_hold(request: HttpRequest, hold_id: InPath, told: Said, idempotency_key: Key) -> Any:
    """Say something about a hold, answer what was asked about it, or ask for its release: a query with its numbers already in it."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = hold_detail(reader, hold_id, at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:hold-ask")
    about = _about(found.hold)
    return _once(request, idempotency_key, hold_id, lambda: _ask("held_payment", about, Told(), told, reader, at))


@routes.get("/queries/{reference}", response={200: Thread, **ASKED}, url_name="query", operation_id="query")
def query(request: HttpRequest, reference: InPath) -> Any:
    """One query with all that was said in it."""
    found = query_named(reader_of(request), reference, request.at)  # type: ignore[attr-defined]
    return _thread(found) if found else missing(request, "api:query")


@routes.post("/queries/{reference}/replies", response={200: Thread, **WRITTEN}, url_name="query-replies", operation_id="reply")
def say_more(request: HttpRequest, reference: InPath, told: Said, idempotency_key: Key) -> Any:
    """Say more. A query that is closed is opened again by it, and an answer is due again."""
    reader = reader_of(request)
    found = _own(request, reader, reference, "api:query-replies")
    return _once(request, idempotency_key, reference, lambda: _reply(found, told, reader, request.at))  # type: ignore[attr-defined]


@routes.post("/queries/{reference}/close", response={200: Thread, **WRITTEN}, url_name="query-close", operation_id="close_query")
def settle(request: HttpRequest, reference: InPath, idempotency_key: Key) -> Any:
    """Say that a query is settled."""
    reader = reader_of(request)
    found = _own(request, reader, reference, "api:query-close")
    return _once(request, idempotency_key, f"close {reference}", lambda: _close(found, reader, request.at))  # type: ignore[attr-defined]


def _own(request: HttpRequest, reader: Reader, reference: str, page: str) -> QueryShown:
    found = query_named(reader, reference, request.at)  # type: ignore[attr-defined]
    return found if found is not None else missing(request, page)


def _once(request: HttpRequest, key: str, about: str, do: Callable[[], Answer]) -> Answer:
    at: datetime = request.at  # type: ignore[attr-defined]
    return once(key=key, body=f"{about} ".encode() + request.body, reader=reader_of(request), at=at, do=do)


def _ask(kind: str, about: About, fact: Told, told: Said, reader: Reader, at: datetime) -> Answer:
    made = open_query(
        kind=kind, side=reader.side, organisation_id=reader.organisation_id, about=about, told=fact, text=told.text,
        attachments=_sent(told.attachments), by=reader.by, by_name=reader.name, at=at,
    )  # fmt: skip
    return _kept(made)


def _reply(found: QueryShown, told: Said, reader: Reader, at: datetime) -> Answer:
    who: dict[str, Any] = {
        "number": found.number,
        "text": told.text,
        "by": reader.by,
        "by_name": reader.name,
        "side": reader.side,
        "at": at,
    }
    say = reopen if found.state in ("closed", "accepted") else reply
    return _kept(say(attachments=_sent(told.attachments), **who))


def _close(found: QueryShown, reader: Reader, at: datetime) -> Answer:
    return _kept(close(number=found.number, by=reader.by, by_name=reader.name, side=reader.side, at=at))


def _sent(files: Sequence[FileSent]) -> list[Sent]:
    try:
        return [Sent(file.name, base64.b64decode(file.content_base64, validate=True)) for file in files]
    except binascii.Error:
        raise AttachmentRefused("A file is not spelled in base64.", "Send its bytes in base64, without line breaks.") from None


def _about(hold: ProviderHold) -> About:
    return About(
        person_id=hold.person["person_id"], line_id=hold.line_id or hold.lines[0], week=hold.week, hold_id=hold.hold
    )  # fmt: skip


def _kept(found: QueryShown) -> Answer:
    kept: Answer = json.loads(Thread(**_thread(found)).model_dump_json())
    return kept


def _thread(found: QueryShown) -> dict[str, Any]:
    entries = [
        EntryTold(
            number=entry.number, act=entry.act, side=entry.side, by=entry.by_name, at=entry.at, text=entry.text,
            attachments=[AttachmentTold(number=file.number, name=file.name, size_bytes=file.size_bytes) for file in entry.attachments],
        )
        for entry in found.entries
        if entry.act != "assigned"
    ]  # fmt: skip
    return {**_told(found), "entries": entries}


def _told(found: QueryShown) -> dict[str, Any]:
    ids = {name: getattr(found, name) or None for name in ("person_id", "line_id", "run_id", "receipt_id", "hold_id")}
    return {
        "query": found.reference, "kind": found.kind, "state": status("query", found.state).word, "team": found.team,
        "answer_due": found.due_on, "opened_at": found.opened_at, "week": found.week, **ids, "from_date": found.from_date,
        "until_date": found.until_date, "instalments": found.instalments,
    }  # fmt: skip
