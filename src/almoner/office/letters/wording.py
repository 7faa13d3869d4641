"""The words of each email. Plain text; no names of people cared for, no bank digits, and links that carry no key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.core.money import pounds
from almoner.office.accounts.emails import Email
from almoner.office.furniture.words import clock, day, local, long_day, moment, span

Told = dict[str, Any]
HELD_BECAUSE = {
    "TOL": "what was claimed differs from the plan by more than the contract allows without a check",
    "AUT": "the line waits for authorisation",
    "AGR": "the line waits for your agreement",
    "FUT": "a visit is dated in the future",
    "DUP": "a visit may have been claimed twice",
    "DAT": "a visit is dated outside the line's dates",
    "UNP": "there is no such line",
    "RAT": "there is no rate on that day",
    "BNK": "bank details are being checked",
    "CRD": "we hold no creditor reference",
}
NEEDS_A_CHECK = "the day of a visit needs a check"
"""What a hold after a death or during a stay in hospital says: an email is no place to learn of either."""
CHOOSE = "\n\nYou get this because you have access for {organisation}. Choose which emails you get: {link}/account\n"
HELD_ADDRESS = "\n\nYou get this because we hold this address for {organisation}.\n"


@dataclass(frozen=True)
class Letterhead:
    """Whose letters these are: the council's name, how it is reached, and the address of its pages without a slash at the end."""

    council: str
    enquiries: str
    address: str


@dataclass(frozen=True)
class Text:
    """A letter as it is sent."""

    subject: str
    body: str


def text_of(kind: Email, told: Told, *, organisation: str, head: Letterhead, has_access: bool = True) -> Text:
    """A letter's words out of what it tells (`tell_*`)."""
    text = WORDS[kind](told, organisation, head)
    foot = (CHOOSE if has_access else HELD_ADDRESS).format(organisation=organisation, link=head.address)
    sign = "\n".join(line for line in (head.council, head.enquiries) if line)
    return Text(text.subject, f"{text.body}{foot}\n{sign}\n")


def tell_due(*, weeks: int, oldest: date, cut_off_at: datetime, pay_date: date, later: date | None, uploads: int) -> Told:
    """Weeks not submitted before a cut-off: `later` is when weeks submitted afterwards are paid."""
    return {
        "weeks": weeks, "oldest": oldest.isoformat(), "cut_off_at": cut_off_at.isoformat(), "pay_date": pay_date.isoformat(),
        "later": later.isoformat() if later else "", "uploads": uploads,
    }  # fmt: skip


def _due(told: Told, organisation: str, head: Letterhead) -> Text:
    count, files = told["weeks"], told["uploads"]
    here = local(datetime.fromisoformat(told["cut_off_at"]))
    cut_off = f"{clock(here)} on {long_day(here.date())}"
    later = f" Weeks submitted later are paid on {_day(told['later'])}." if told["later"] else ""
    many = files != 1
    uploads = f"\n\n{_counted(files, 'file')} {'were' if many else 'was'} uploaded but not submitted: {'they do' if many else 'it does'} not count until you press Submit."  # noqa: E501
    body = (
        f"{organisation} has {_counted(count, 'week')} not yet submitted, the oldest from {_day(told['oldest'])}. Submit"
        f" {'it' if count == 1 else 'them'} by {cut_off} to be paid on {long_day(date.fromisoformat(told['pay_date']))}.{later}"
        f"{uploads if files else ''}\n\nSubmit actuals: {head.address}/portal/actuals"
    )
    return Text(f"{_counted(count, 'week')} of actuals due by {cut_off}", body)


def tell_submitted(*, reference: str, at: datetime, by: str, weeks: int, visits: int, pence: int, pay_date: date | None, held: int) -> Told:
    """A submission: who sent it, and what it would pay (in pence) and hold (weeks) as was known then."""
    return {
        "reference": reference, "at": at.isoformat(), "by": by, "weeks": weeks, "visits": visits, "pence": pence,
        "pay_date": pay_date.isoformat() if pay_date else "", "held": held,
    }  # fmt: skip


def _submitted(told: Told, organisation: str, head: Letterhead) -> Text:
    when = f" on {long_day(date.fromisoformat(told['pay_date']))}" if told["pay_date"] else ""
    held = f" {_counted(told['held'], 'week')} {'is' if told['held'] == 1 else 'are'} held; the page says why." if told["held"] else ""
    body = (
        f"We received your actuals on {moment(datetime.fromisoformat(told['at']))}, from {told['by']}. {_counted(told['weeks'], 'week')},"
        f" {_counted(told['visits'], 'visit')}. Expected payment {pounds(told['pence'])}{when}.{held} Keep this email.\n\n"
        f"Your receipt: {head.address}/portal/submissions/{told['reference']}"
    )
    return Text(f"Actuals received: {told['reference']}", body)


def tell_paid(*, run: str, reference: str, pence: int, pay_date: date, first: date | None, last: date | None, adjustments: int) -> Told:
    """A payment that was made: what it covers (first and last day of regular weeks) and how many adjustments are in it."""
    return {
        "run": run, "reference": reference, "pence": pence, "pay_date": pay_date.isoformat(), "adjustments": adjustments,
        "first": first.isoformat() if first else "", "last": last.isoformat() if last else "",
    }  # fmt: skip


def _paid(told: Told, organisation: str, head: Letterhead) -> Text:
    covered = [span(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]))] if told["first"] else []
    if told["adjustments"]:
        covered.append(
            _counted(told["adjustments"], "adjustment") + (" to an earlier week" if told["adjustments"] == 1 else " to earlier weeks")
        )
    body = (
        f"We have paid {pounds(told['pence'])} to the account we hold for {organisation}. The reference on your statement is"
        f" {told['reference']}. It covers {' and '.join(covered) or 'what was carried from earlier payments'}. The remittance says what"
        f" each amount is for: {head.address}/portal/payments/{told['run']}\n\nIf something looks wrong, ask from its line in the"
        " remittance, so that we have the details at once."
    )
    return Text(f"{pounds(told['pence'])} paid on {_day(told['pay_date'])}", body)


def tell_held(*, hold: str, code: str, line: str, pay_date: date | None) -> Told:
    """A hold that a run found and the one before it had not; `line` is empty where it is not about one line. No amount."""
    return {"hold": hold, "code": code, "line": line, "pay_date": pay_date.isoformat() if pay_date else "", "count": 1}


def tell_many_held(count: int, told: Told) -> Told:
    """So many holds of one run in one letter."""
    return {**told, "count": count}


def _held(told: Told, organisation: str, head: Letterhead) -> Text:
    payment = f"the payment of {_day(told['pay_date'])}" if told["pay_date"] else "the next payment"
    if told["count"] > 1:
        body = (
            f"{told['count']} amounts are held and are not in {payment}. Your other payments are not affected. Each says why it is held; a"
            f" reason or comment helps us decide: {head.address}/portal/holds"
        )
        return Text(f"{told['count']} payments are held", body)
    week = f"One week for line {told['line']}" if told["line"] else "An amount"
    body = (
        f"{week} is held and is not in {payment}. Reason: {HELD_BECAUSE.get(told['code'], NEEDS_A_CHECK)}. Your other payments are not"
        f" affected. A reason or comment helps us decide: {head.address}/portal/holds/{told['hold']}"
    )
    return Text(f"A payment is held: {told['hold']}", body)


def tell_answered(*, number: int, reference: str, team: str, at: datetime, front: str = "portal") -> Told:
    """An answer to a query; `front` is how the addresses of the asker's pages begin."""
    return {"number": number, "reference": reference, "team": team, "at": at.isoformat(), "front": front}


def tell_asked(*, number: int, reference: str, team: str, at: datetime) -> Told:
    """A question that the council asks."""
    return {**tell_answered(number=number, reference=reference, team=team, at=at), "asks": True}


def _answered(told: Told, organisation: str, head: Letterhead) -> Text:
    if told.get("asks"):
        body = (
            f"The {told['team']} asked something on {moment(datetime.fromisoformat(told['at']))}. Read it and reply:"
            f" {head.address}/{told['front']}/queries/{told['number']}"
        )
        return Text(f"The council asks: {told['reference']}", body)
    body = (
        f"The {told['team']} answered on {moment(datetime.fromisoformat(told['at']))}. Read it and reply if it does not settle things:"
        f" {head.address}/{told['front']}/queries/{told['number']}\n\nWithout a reply in 28 days the query closes; you can open it again."
    )
    return Text(f"Your query {told['reference']} has an answer", body)


def tell_agree(*, line: str, first: date, is_new: bool) -> Told:
    """A line that waits for the provider's agreement, from its first day or the day it changes."""
    return {"line": line, "from": first.isoformat(), "new": is_new, "count": 1}


def tell_many_agree(count: int, told: Told) -> Told:
    """So many lines that came together in one letter."""
    return {**told, "count": count}


def _agree(told: Told, organisation: str, head: Letterhead) -> Text:
    last = "If it is wrong, answer ‘I do not agree’: brokerage gets your reason the same day."
    if told["count"] > 1:
        body = (
            f"The council has sent or changed {told['count']} lines that wait for your agreement. Nothing new in them is paid until you"
            f" agree it. See what was, what is new and what it is worth, and agree or say why not: {head.address}/portal/lines\n\n{last}"
        )
        return Text(f"{told['count']} lines to agree", body)
    did, of = ("added", "") if told["new"] else ("changed", " of the change")
    body = (
        f"The council has {did} line {told['line']} from {_day(told['from'])}. Nothing{of} is paid until you agree it. See what was, what"
        f" is new and what it is worth, and agree or say why not: {head.address}/portal/lines/{told['line']}/agree\n\n{last}"
    )
    return Text(f"A line to agree: {told['line']}", body)


def tell_bank(*, entered_on: date, first: date, last_of_old: date | None, checked_on: date | None = None) -> Told:
    """Bank details that were entered, or checked: `first` is the new account's first day, `last_of_old` the last of the one before
    if there is one. No digits."""
    return {
        "entered_on": entered_on.isoformat(), "first": first.isoformat(), "last": last_of_old.isoformat() if last_of_old else "",
        "checked_on": checked_on.isoformat() if checked_on else "",
    }  # fmt: skip


def _bank(told: Told, organisation: str, head: Letterhead) -> Text:
    first = date.fromisoformat(told["first"])
    if told["checked_on"]:
        what = f"New bank details were checked on {_day(told['checked_on'])} and are used from {day(first)}."
    else:
        old = (
            f"Payments go to the old account until {_day(told['last'])}; from {first.day} {first:%B}, the new account's first day, they"
            " wait"
            if told["last"]
            else "Payments wait"
        )
        what = (
            f"New bank details were entered on {_day(told['entered_on'])}. A second person at the council checks them by calling the number"
            f" we already hold. {old} until the check is done."
        )
    call = head.enquiries or "the number you know"
    body = (
        f"{what}\n\nIf you did not ask for this, call us now on {call} and do not reply to this email.\n\nSee the change:"
        f" {head.address}/portal/organisation"
    )
    return Text(f"Bank details for {organisation} were changed", body)


WORDS = {
    Email.DUE: _due, Email.SUBMITTED: _submitted, Email.PAID: _paid, Email.HELD: _held, Email.ANSWERED: _answered, Email.AGREE: _agree,
    Email.BANK: _bank,
}  # fmt: skip


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
