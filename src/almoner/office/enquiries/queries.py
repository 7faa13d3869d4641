"""Queries as pages show them: where each stands, whose it is, when an answer is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from almoner.office.enquiries.kinds import DAYS_UNTIL_CLOSED, KINDS
from almoner.office.enquiries.models import Query, QueryAttachment, QueryEntry

LOCAL = ZoneInfo("Europe/London")
STATE_AFTER = dict.fromkeys(("asked", "replied", "reopened"), "with_team") | {act: act for act in ("answered", "accepted", "closed")}
OPEN = ("with_team", "overdue")


@dataclass(frozen=True)
class Attachment:
    """A file sent with an entry; its content is asked for by its number."""

    number: int
    name: str
    size_bytes: int


@dataclass(frozen=True)
class Entry:
    """Something said or done."""

    number: int
    act: str
    side: str
    by: str
    by_name: str
    at: datetime
    text: str
    to: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class QueryShown:
    """One query. `state`: with_team, with_provider (the council asks), overdue, answered, accepted or closed. `due_on` is None when nobody
    owes an answer."""

    number: int
    kind: str
    side: str
    organisation_id: str
    person_id: str
    line_id: str
    week: date | None
    run_id: str
    receipt_id: str
    hold_id: str
    from_date: date | None
    until_date: date | None
    instalments: int | None
    team: str
    opened_by: str
    opened_at: datetime
    state: str
    due_on: date | None
    assigned_to: str
    moved_at: datetime
    entries: tuple[Entry, ...]

    @property
    def reference(self) -> str:
        """`Q-003417`."""
        return f"Q-{self.number:06}"

    @property
    def words(self) -> str:
        """What kind of query it is, in words."""
        return KINDS[self.kind].words

    @property
    def becomes(self) -> str:
        """The fact it turns into when it is accepted; empty when it is only answered, or was accepted."""
        accepted = any(entry.act == "accepted" for entry in self.entries)
        return "" if accepted else KINDS[self.kind].becomes

    @property
    def about(self) -> str:
        """What it is about: the most particular id."""
        return self.hold_id or self.receipt_id or self.line_id or self.run_id or self.person_id or "–"


def queries_of(organisation_id: str, *, side: str, at: datetime) -> list[QueryShown]:
    """The queries of one organisation, newest first."""
    return _shown(Query.objects.filter(organisation_id=organisation_id, side=side), at)


def queries_about(*, at: datetime, person_id: str = "", line_id: str = "", organisation_id: str = "") -> list[QueryShown]:
    """Queries about a person, a line or an organisation (all that are given must fit), newest first."""
    wanted = {"person_id": person_id, "line_id": line_id, "organisation_id": organisation_id}
    return _shown(Query.objects.filter(**{name: value for name, value in wanted.items() if value}), at)


def all_queries(at: datetime) -> list[QueryShown]:
    """Every query, newest first."""
    return _shown(Query.objects.all(), at)


def query(number: int, at: datetime) -> QueryShown | None:
    """One query; None when there is none of that number."""
    return next(iter(_shown(Query.objects.filter(number=number), at)), None)


def attachment_content(query_number: int, number: int) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of an attachment of a query; None when it has none of that number."""
    found = QueryAttachment.objects.filter(pk=number, entry__query_id=query_number).first()
    return (found.name, found.media_type, bytes(found.content)) if found else None


def _shown(found: Iterable[Query], at: datetime) -> list[QueryShown]:
    queries = {query.number: query for query in found}
    entries: dict[int, list[QueryEntry]] = {number: [] for number in queries}
    for entry in QueryEntry.objects.filter(query_id__in=queries).order_by("query_id", "number"):
        entries[entry.query_id].append(entry)
    attached: dict[int, list[Attachment]] = {}
    rows = QueryAttachment.objects.filter(entry__query_id__in=queries).values_list("entry_id", "id", "name", "size_bytes")
    for entry_id, number, name, size in rows:
        attached.setdefault(entry_id, []).append(Attachment(number, name, size))
    return [_one(queries[number], entries[number], attached, at) for number in sorted(queries, reverse=True)]


def _one(query: Query, entries: list[QueryEntry], attached: dict[int, list[Attachment]], at: datetime) -> QueryShown:
    moving = [entry for entry in entries if entry.act in STATE_AFTER]
    last = moving[-1]
    state, due = STATE_AFTER[last.act], last.due_on
    if last.act == "asked" and last.side == "council":
        state = "with_provider"
    if state == "with_team" and due is not None and at.astimezone(LOCAL).date() > due:
        state = "overdue"
    if state == "answered" and at - last.at > timedelta(days=DAYS_UNTIL_CLOSED):
        state = "closed"
    assigned = [entry.to for entry in entries if entry.act == "assigned"]
    said = tuple(Entry(e.number, e.act, e.side, e.by, e.by_name, e.at, e.text, e.to, tuple(attached.get(e.pk, ()))) for e in entries)
    return QueryShown(
        query.number, query.kind, query.side, query.organisation_id, query.person_id, query.line_id, query.week, query.run_id,
        query.receipt_id, query.hold_id, query.from_date, query.until_date, query.instalments, query.team, query.opened_by,
        query.opened_at, state, due if state in OPEN else None, assigned[-1] if assigned else "", last.at, said,
    )  # fmt: skip
