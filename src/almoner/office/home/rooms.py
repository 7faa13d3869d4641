"""What stands on the page of a person, a provider or a line, a table at a time: only the one that is looked at is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.urls import reverse

from almoner.core.money import percent_text, pounds
from almoner.office.accounts.queries import accesses_of
from almoner.office.actuals.queries import submissions_by
from almoner.office.care.terms import UNITS, day_type_text, timetable_text
from almoner.office.enquiries.queries import QueryShown
from almoner.office.enquiries.shown import LISTED, query_rows
from almoner.office.furniture.listing import Heading, Listing
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.words import day, local, rate_text, week_of
from almoner.office.home.known import KnownOf
from almoner.office.parties.queries import accounts_of, funder_names
from almoner.office.records.queries import Known, known_at, rows_known
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.hold_rows import TO_DECIDE, hold_rows, percent_words
from almoner.office.runs.line_drawn import weeks_drawn
from almoner.office.runs.payments import payments_to

Row = dict[str, Any]
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("console-receipt", args=[row["receipt"]])),
    Heading("line_id", "Line", "id"),
    Heading("week_words", "Week", sortable=False),
    Heading("kind", "Kind"),
    Heading("amount_pence", "Amount", "pounds", total=True),
    Heading("cause", "Because"),
)
WEEKS = (
    Heading("week", "Week", "date"),
    Heading("line_id", "Line", "id", link=lambda row: reverse("console-line", args=[row["line_id"]])),
    Heading("planned", "Planned", "pounds"),
    Heading("claimed", "Claimed", "pounds"),
    Heading("paid", "Paid so far", "pounds"),
    Heading("percent", "Difference"),
    Heading("why", "Why", link=lambda row: row["address"], sortable=False),
)
ABSENCES = (Heading("kind", "Where"), Heading("first_day", "First day", "date"), Heading("last_day", "Last day", "date"))
PAYMENTS = (
    Heading("run", "Run", "id"),
    Heading("pay_date", "Paid on", "date"),
    Heading("reference", "Reference", "id"),
    Heading("regular", "Care", "pounds", total=True),
    Heading("adjustments", "Adjustments", "pounds", total=True),
    Heading("amount", "Paid", "pounds", total=True),
    Heading("state", "State", "status", status="receipt"),
)
HOLDS = (
    Heading("since", "Held since", "date"),
    Heading("person", "Person", link=lambda row: reverse("console-hold", args=[row["hold"]])),
    Heading("line", "Line", "id"),
    Heading("week", "Week", "date"),
    Heading("words", "Reason"),
    Heading("amount", "Amount held", "pounds", total=True),
    Heading("state", "State", "status", status="hold"),
)
SUBMISSIONS = (
    Heading("reference", "Reference", "id"),
    Heading("at", "When", "moment"),
    Heading("by", "Who"),
    Heading("way", "Way"),
    Heading("weeks", "Weeks", "number", total=True),
    Heading("rows", "Rows", "number", total=True),
    Heading("would_pay", "Will pay, then", "pounds"),
    Heading("would_hold", "Held, then", "pounds"),
)
PEOPLE = (
    Heading("name", "Name"),
    Heading("email", "Email"),
    Heading("role", "Role"),
    Heading("last_used", "Last signed in", "moment"),
    Heading("second_factor", "Second factor"),
)
ACCOUNTS = (
    Heading("valid_from", "From", "date"),
    Heading("ending", "Account"),
    Heading("entered_by", "Entered by"),
    Heading("verified_by", "Verified by"),
    Heading("verified_on", "Verified on", "date"),
)
TERMS = (
    Heading("what", "What"), Heading("value", "As it stands"), Heading("valid_from", "From", "date"), Heading("valid_to", "To", "date"),
)  # fmt: skip
SHARES = (
    Heading("share_order", "Order", "number"),
    Heading("funder", "Funder"),
    Heading("share", "Share"),
    Heading("settlement", "Settled"),
    Heading("scheme", "Scheme"),
    Heading("valid_from", "From", "date"),
    Heading("valid_to", "To", "date"),
)


@dataclass(frozen=True)
class Room:
    """One table of such a page: its name in the address, its words, and how it is put together."""

    name: str
    words: str
    build: Callable[[], Listing]


def person_rooms(found: KnownOf, queries: Sequence[QueryShown], at: datetime) -> list[Room]:
    """The tables about a person beside their lines and the timeline: weeks, what was paid and charged, absences, queries."""
    person = found.facts["person_id"]
    return [
        Room("weeks", "Weeks", lambda: _weeks(person, found.lines, found, at)),
        Room("paid", "Paid", lambda: _receipts(found, "payments", "Paid", "Nothing has been paid for this person yet.")),
        Room("charges", "Charges", lambda: _receipts(found, "charges", "Charges", "Nothing has been charged yet.")),
        Room("absences", "Absences", lambda: _absences(person, at)),
        _queries(queries),
    ]


def provider_rooms(found: KnownOf, queries: Sequence[QueryShown], at: datetime, rules: Sequence[CalendarRule]) -> list[Room]:
    """The tables about a provider beside its lines and the timeline."""
    provider = found.facts["provider_id"]
    return [
        Room("payments", "Payments", lambda: _payments(provider, found, rules)),
        Room("holds", "Holds", lambda: _holds(provider, at)),
        Room("submissions", "Submissions", lambda: _submissions(provider)),
        Room("access", "People with access", lambda: _people(provider)),
        Room("bank", "Bank details", lambda: _accounts(provider, at)),
        _queries(queries),
    ]


def line_rooms(found: KnownOf, queries: Sequence[QueryShown], at: datetime) -> list[Room]:
    """The tables about a line beside its receipts and the timeline: terms, weeks, shares, queries."""
    line = found.lines[0]
    return [
        Room("terms", "Terms", lambda: _terms(line, at)),
        Room("weeks", "Weeks", lambda: _weeks(line["person_id"], [line], found, at)),
        Room("shares", "Shares", lambda: _shares(line["line_id"], at)),
        _queries(queries),
    ]


def _receipts(found: KnownOf, book: str, words: str, empty: str) -> Listing:
    own = [row for row in found.receipts if row["book"] == book]
    rows = [
        {**row, "receipt": f"{row['run_id']}.{row['number']}", "week_words": week_of(row["week"]), "order": n} for n, row in enumerate(own)
    ]
    return Listing(book, words, RECEIPTS, rows, "order", empty, "receipt", "receipts", order_words="newest first")


def _weeks(person: str, lines: Sequence[Row], found: KnownOf, at: datetime) -> Listing:
    paid = [row for row in reversed(found.receipts) if row["book"] == "payments"]
    receipts = {(row["line_id"], row["week"]): f"{row['run_id']}.{row['number']}" for row in paid}
    rows = []
    for line in lines:
        for one in weeks_drawn(line["line_id"], person, at):
            receipt = receipts.get((line["line_id"], one.week))
            rows.append(
                {
                    "week": one.week, "line_id": line["line_id"], "planned": one.planned_pence, "claimed": one.claimed_pence,
                    "paid": one.paid_pence, "percent": percent_words(one.difference),
                    "why": f"Why {pounds(one.paid_pence)}" if receipt else "",
                    "address": reverse("console-receipt", args=[receipt]) if receipt else None,
                }
            )  # fmt: skip
    empty = "Nothing was told of the last 26 weeks."
    return Listing("weeks", "Weeks", WEEKS, rows, "-week", empty, "week", "weeks")


def _absences(person: str, at: datetime) -> Listing:
    rows = [{**row, "kind": str(row["kind"]).capitalize()} for row in _of("absences", "person_id", person, known_at(at))]
    return Listing("absences", "Absences", ABSENCES, rows, "-first_day", "No absence is known.", "kind", "absences")


def _queries(queries: Sequence[QueryShown]) -> Room:
    rows = query_rows(queries, lambda number: reverse("console-query", args=[number]))
    return Room(
        "queries", "Queries", lambda: Listing("queries", "Queries", LISTED, rows, "order", "No query was asked.", "reference", "queries")
    )


def _payments(provider: str, found: KnownOf, rules: Sequence[CalendarRule]) -> Listing:
    lines = pa.chunked_array([[line["line_id"] for line in found.lines]], pa.string())
    rows = [
        {
            "run": one.run, "pay_date": one.pay_date, "reference": one.reference, "regular": one.regular_pence,
            "adjustments": one.adjustment_pence, "amount": one.amount_pence, "state": one.state, "order": number,
        }
        for number, one in enumerate(payments_to(provider, lines, rules=rules))
    ]  # fmt: skip
    empty = "Nothing has been paid yet."
    return Listing("payments", "Payments", PAYMENTS, rows, "order", empty, "run", "payments", order_words="newest first")


def _holds(provider: str, at: datetime) -> Listing:
    own = [row for row in hold_rows(at) if row["provider_id"] == provider and row["state"] in TO_DECIDE]
    rows = [{**row, "words": HOLD_WORDS[row["code"]].capitalize()} for row in own]
    return Listing("holds", "Holds", HOLDS, rows, "-amount", "Nothing of this provider is held.", "person", "holds")


def _submissions(provider: str) -> Listing:
    rows = [
        {
            "reference": one.reference, "at": one.at, "by": one.by, "way": one.way.capitalize(), "weeks": len(one.weeks), "rows": one.rows,
            "would_pay": one.would_pay_pence, "would_hold": one.would_hold_pence,
        }
        for one in submissions_by(provider)
    ]  # fmt: skip
    return Listing("submissions", "Submissions", SUBMISSIONS, rows, "-at", "Nothing was submitted yet.", "reference", "submissions")


def _people(provider: str) -> Listing:
    rows = [
        {"name": one.name, "email": one.email, "role": one.role.word, "last_used": one.last_used_at, "second_factor": one.second_factor}
        for one in accesses_of(provider, side="provider")
    ]
    return Listing("access", "People with access", PEOPLE, rows, "name", "Nobody of this provider has access.", "name", "people")


def _accounts(provider: str, at: datetime) -> Listing:
    rows = [
        {
            "valid_from": one.valid_from, "ending": f"ending {one.ending}", "entered_by": one.entered_by,
            "verified_by": one.verified_by, "verified_on": one.verified_on,
        }
        for one in accounts_of(provider, at)
    ]  # fmt: skip
    return Listing("bank", "Bank details", ACCOUNTS, rows, "-valid_from", "No account is known.", "ending", "accounts")


def _terms(line: Row, at: datetime) -> Listing:
    known = known_at(at)
    own = _of("line_rates", "line_id", line["line_id"], known)
    prices = [row for row in _of("rates", "contract_id", line["contract_id"], known) if row["element"] == line["element"]]
    rows = [
        _term("Timetable", timetable_text(line, _of("schedule", "line_id", line["line_id"], known),
                                          _of("line_terms", "line_id", line["line_id"], known), _today(line, at)), line["start_date"]),
        _term("Contract", line["contract_id"], line["start_date"], line["end_date"]),
        _term("Authorised on", day(line["authorised_on"]), line["start_date"]),
        _term("Agreed by the provider on", day(line["agreed_on"]), line["start_date"]),
    ]  # fmt: skip
    for row in [*own, *prices]:
        what = "Rate of its own" if row in own else f"Rate of the contract, {day_type_text(row)}"
        rows.append(_term(what, f"{rate_text(row['rate'])} {UNITS[row['unit']]}", row["valid_from"], row["valid_to"]))
    return Listing("terms", "Terms", TERMS, [row for row in rows if row["value"]], "", "Nothing is known.", "what", "terms")


def _today(line: Row, at: datetime) -> date:
    today: date = max(local(at).date(), line["start_date"])
    return today


def _term(what: str, value: str, since: date, until: date | None = None) -> Row:
    return {"what": what, "value": value, "valid_from": since, "valid_to": until}


def _shares(line: str, at: datetime) -> Listing:
    names = funder_names(at)
    rows = [
        {
            **row, "funder": names.get(row["funder_id"], row["funder_id"]), "settlement": SETTLED[row["settlement"]],
            "share": percent_text(row["percent"] or 0) if row["amount_per_week"] is None else f"{pounds(row['amount_per_week'])} a week",
        }
        for row in _of("shares", "line_id", line, known_at(at))
    ]  # fmt: skip
    return Listing("shares", "Shares", SHARES, rows, "share_order", "No funder shares this line.", "funder", "shares")


SETTLED = {"claim": "claimed by us", "direct": "paid to the provider directly", None: "claimed by us"}


def _of(table: str, column: str, value: str, known: Known) -> list[Row]:
    rows: Iterable[Any] = rows_known(table, known, {column: [value]}).to_pylist()
    return [dict(row) for row in rows]
