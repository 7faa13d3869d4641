"""The only words for states, their colours and icons: pages, files, emails and the API take them from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Status:
    """A state in words, the colour of its tag, its icon's name and what it means."""

    word: str
    colour: str
    icon: str
    meaning: str


def _of(*rows: tuple[str, str, str, str, str]) -> dict[str, Status]:
    return {key: Status(*rest) for key, *rest in rows}


STATUSES: dict[str, dict[str, Status]] = {
    "week": _of(
        ("not_yet", "Not yet", "grey", "clock", "has not ended, nothing entered"),
        ("awaiting", "Awaiting actuals", "yellow", "pencil", "paid on actuals, nothing submitted; nothing is owed yet"),
        ("draft", "Draft", "grey", "pencil", "saved, not submitted; pays nothing"),
        ("uploaded", "Uploaded, not submitted", "red", "exclamation", "in a checked file that nobody submitted; pays nothing"),
        ("part", "Part submitted", "yellow", "half", "some days submitted, later days still to come"),
        ("submitted", "Submitted", "blue", "tick", "in the next run"),
        ("on_plan", "Paid on plan", "blue", "tick", "paid on plan, no difference reported"),
        ("held", "Held", "orange", "hand", "all or part stopped"),
        ("being_paid", "Being paid", "blue", "arrow", "in a sealed run, pay date known"),
        ("paid", "Paid", "green", "ticks", "paid"),
        ("change_due", "Paid, change due", "purple", "plusminus", "something changed since; the difference goes in the next run"),
        ("nothing", "Nothing to pay", "grey", "dash", "submitted, all missed or cancelled"),
    ),
    "hold": _of(
        ("open", "Open", "orange", "hand", "nobody has decided"),
        ("provider", "Waiting for provider", "yellow", "speech", "asked the provider"),
        ("approver", "With approver", "purple", "person", "over the officer's limit"),
        ("released", "Released", "green", "tick", "decided; paid in the next run"),
        ("upheld", "Upheld", "grey", "cross", "decided: not paid until the facts change"),
        ("release_ended", "Release ended", "orange", "turn", "new actuals came after the release; checked afresh"),
        ("mended", "Mended", "grey", "tick", "the fact was put right; the hold is gone"),
    ),
    "run": _of(
        ("draft", "Draft", "grey", "pencil", "counts for nothing; can be discarded"),
        ("sealed", "Sealed", "blue", "lock", "can never change"),
        ("approved", "Approved", "purple", "tick", "may be issued"),
        ("issued", "Issued", "blue", "arrow", "files written once"),
        ("settled", "Settled", "green", "ticks", "what was really paid is recorded"),
        ("discarded", "Discarded", "grey", "cross", "a draft given up; no trace in what is owed"),
    ),
    "receipt": _of(
        ("expected", "Expected", "grey", "clock", "worked out now, not sealed"),
        ("sealed", "Sealed", "blue", "lock", "in a sealed, approved or issued run"),
        ("paid", "Paid", "green", "ticks", "settled"),
        ("returned", "Returned", "red", "exclamation", "the bank sent it back"),
        ("carried", "Carried", "yellow", "arrow", "part of a total below zero, carried on"),
    ),
    "line": _of(
        ("not_authorised", "Not authorised", "grey", "clock", "being arranged; earns nothing yet"),
        ("to_agree", "To agree", "yellow", "pencil", "waits for the provider's agreement"),
        ("not_agreed", "Not agreed", "orange", "hand", "the provider said no, with a reason"),
        ("active", "Active", "green", "tick", "in service"),
        ("changing", "Changing", "purple", "turn", "an agreed change starts on a later date"),
        ("ending", "Ending", "purple", "dash", "has a last day ahead"),
        ("ended", "Ended", "grey", "dash", "past its last day"),
        ("cancelled", "Cancelled", "grey", "cross", "ended before it began; what was paid comes back"),
    ),
    "query": _of(
        ("with_team", "With the team", "yellow", "speech", "sent, not answered"),
        ("overdue", "Overdue", "red", "exclamation", "past its due date"),
        ("with_provider", "Waiting for provider", "yellow", "speech", "the council asked, not answered"),
        ("answered", "Answered", "blue", "speech", "the asker has an answer to read"),
        ("accepted", "Accepted", "green", "tick", "what was told is now a fact"),
        ("closed", "Closed", "grey", "tick", "settled, or 28 days without reply"),
    ),
    "claim": _of(
        ("to_agree", "To agree", "yellow", "pencil", "waits for the partner"),
        ("agreed", "Agreed", "blue", "tick", "in the next invoice"),
        ("disputed", "Disputed", "orange", "hand", "out of the invoice"),
        ("invoiced", "Invoiced", "green", "arrow", "on an invoice"),
    ),
    "residents": _of(("to_confirm", "To confirm", "yellow", "pencil", "waits for the home's word of the last month")),
    "upload": _of(
        ("checked", "Checked", "red", "exclamation", "read, not submitted"),
        ("submitted", "Submitted", "blue", "tick", "became a submission"),
        ("discarded", "Discarded", "grey", "cross", "given up, nothing was written"),
    ),
    "change": _of(
        ("waiting", "Waiting for a second person", "yellow", "person", "entered, not in force"),
        ("in_force", "In force", "green", "tick", "authorised"),
        ("sent_back", "Sent back", "orange", "turn", "returned with a reason"),
        ("replaced", "Replaced", "grey", "dash", "an older version"),
    ),
}
"""By kind of thing, then by state."""

HOLD_WORDS: dict[str, str] = {
    "TOL": "over or under tolerance",
    "AUT": "waiting for authorisation",
    "AGR": "waiting for agreement",
    "FUT": "dated in the future",
    "DUP": "possible duplicate",
    "DTH": "after death",
    "DAT": "outside the line's dates",
    "HOS": "during a hospital stay",
    "UNP": "no such line",
    "RAT": "no rate on that day",
    "BNK": "bank details being checked",
    "CRD": "no creditor reference",
}
"""What holds are called on pages, by code."""


def status(kind: str, state: str) -> Status:
    """The status of a kind of thing; KeyError for a state there is not."""
    return STATUSES[kind][state]
