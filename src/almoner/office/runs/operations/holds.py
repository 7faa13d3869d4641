"""Decisions about holds: a person, a reason and a time (HLD-4). One or many at once, each for the figures it was shown with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction

from almoner.core.money import pounds
from almoner.core.tables import RELEASES
from almoner.office.accounts.own_organisation import own_of, refuse_own, works_for
from almoner.office.accounts.refusals import OwnOrganisation
from almoner.office.journal.operations import Json, write
from almoner.office.records.operations import append_versions, hold_facts
from almoner.office.records.queries import changed_between, table_known
from almoner.office.runs.desk_models import HoldStep
from almoner.office.runs.holds import DECIDED, HoldShown, open_holds
from almoner.office.runs.queries import run_shown
from almoner.office.runs.refusals import (
    HoldChanged,
    NoSuchHold,
    NotReleasable,
    OverLimit,
    ReasonMissing,
    WaitsForAnother,
)
from almoner.office.runs.releasing import NOT_RELEASED, Allowance, allowance_of, over_limit_words

LOCAL = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
MOVED = {"open": "answered", "provider": "put to the provider", "approver": "handed to an approver"}
"""What was done with a hold in this state, where the state's name does not say it."""
STEPS = HoldStep._meta.db_table
Because = NoSuchHold | NotReleasable | OverLimit | HoldChanged | WaitsForAnother | OwnOrganisation


@dataclass(frozen=True)
class Shown:
    """What a page showed of a hold when somebody decided: decided on other figures, or after somebody else, it is left as it is."""

    amount_pence: int
    state: str


@dataclass(frozen=True)
class Decided:
    """The holds that were decided, and those that were not, each with the refusal."""

    holds: tuple[HoldShown, ...]
    refused: tuple[tuple[str, Because], ...]


@dataclass(frozen=True)
class Decider:
    """Who decides. `limit_pence`: the most they may release of one provider in a day, None = no limit; `approves_only`: only what was
    handed to them."""

    by: str
    limit_pence: int | None = None
    approves_only: bool = False


def release_hold(*, hold: str, reason: str, by: str, at: datetime) -> HoldShown:
    """Release a hold: the next run pays it. Raises NoSuchHold, ReasonMissing, or NotReleasable for what must be mended
    instead, or is another's to end."""
    return _one(decide_holds(holds={hold: None}, decision="release", reason=reason, decider=Decider(by), by=by, at=at))


def uphold_hold(*, hold: str, reason: str, by: str, at: datetime) -> HoldShown:
    """Record that a hold stays. Raises NoSuchHold, ReasonMissing or NotReleasable."""
    return _one(decide_holds(holds={hold: None}, decision="uphold", reason=reason, decider=Decider(by), by=by, at=at))


def _one(decided: Decided) -> HoldShown:
    for _, because in decided.refused:
        raise because
    return decided.holds[0]


def decide_holds(
    *, holds: Mapping[str, Shown | None], decision: str, reason: str, decider: Decider, by: str, at: datetime, line_id: str = ""
) -> Decided:
    """Release or uphold holds in one transaction, with one reason and one line in the journal; those that may not be are told with why.

    `holds`: by id, with what the page showed of each (None: whatever it is now). A release above the decider's limit is handed to an
    approver instead: what they released of the same provider today, and in this very decision, counts. Nobody decides about an
    organisation they work for. `line_id`: of a hold of several lines, release this one only. The same decision again changes nothing.
    Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("A decision about a hold needs a reason.", "Say why, in words the provider may read.")
    with transaction.atomic():
        hold_facts()
        found = {shown.hold: shown for shown in open_holds()}
        told_again = _told_again([found[name] for name, shown in holds.items() if shown and name in found], decision, at)
        own = works_for(by)
        allowance = allowance_of(by, decider.limit_pence, at)
        refused: list[tuple[str, Because]] = []
        again: list[HoldShown] = []
        chosen: list[HoldShown] = []
        for name, shown in holds.items():
            hold = found.get(name)
            if hold is not None and shown is not None and _is_again(hold, decision, reason, by):
                again.append(hold)
            elif because := told_again.get(name) or _why_not(name, hold, shown, decision, decider, line_id, own, allowance):
                refused.append((name, because))
            elif hold is not None:
                chosen.append(hold)
        handed = [found[name] for name, because in refused if isinstance(because, OverLimit) and found[name].state != "approver"]
        steps = _keep(chosen, decision, reason.strip(), line_id, by=by, at=at)
        steps += _note_steps("escalated", handed, reason.strip(), by=by, at=at)
        if chosen or handed:
            _journal(chosen, handed, decision, steps, by=by, at=at)
    return Decided((*again, *chosen), tuple(refused))


def ask_provider(*, hold: str, note: str, by: str, at: datetime, decider: Decider | None = None) -> HoldShown:
    """Ask the provider about a hold before deciding; it waits for their answer.

    Raises NoSuchHold, ReasonMissing, OwnOrganisation, WaitsForAnother for a hold that the decider does not decide, or HoldChanged for one
    that was released meanwhile: it is paid, whatever the provider answers.
    """
    if not note.strip():
        raise ReasonMissing("A question needs its words.", "Write what you want to know from the provider.")
    with transaction.atomic():
        hold_facts()
        (found,) = _found([hold])
        refuse_own(by, [found.provider_id])
        if decider is not None and (waits := _waits_for_another(found, decider)):
            raise waits
        if found.state == DECIDED["release"]:
            raise HoldChanged(f"{hold} changed while you were looking: it was released by {found.by}.", "Look at it again.")
        if (found.state, found.note) != ("provider", note.strip()):
            rows = {STEPS: _note_steps("asked", [found], note.strip(), by=by, at=at)}
            write(act="ask_provider", by=by, at=at, subject=hold, summary={"code": found.code, "provider": found.provider_id}, rows=rows)
    return found


def take_holds(*, holds: Sequence[str], by: str, at: datetime) -> int:
    """Take holds on, so that others see who looks at them; returns how many were not yet theirs. Raises NoSuchHold."""
    with transaction.atomic():
        hold_facts()
        taken = [hold for hold in _found(holds) if hold.taken_by != by]
        rows = {STEPS: _note_steps("taken", taken, "", by=by, at=at)}
        if taken:
            write(act="take_holds", by=by, at=at, subject=_subject(taken), summary={"holds": [hold.hold for hold in taken]}, rows=rows)
    return len(taken)


def _found(names: Sequence[str]) -> list[HoldShown]:
    by_name = {shown.hold: shown for shown in open_holds()}
    for name in names:
        if name not in by_name:
            raise _no_such(name)
    return [by_name[name] for name in names]


def _no_such(name: str) -> NoSuchHold:
    return NoSuchHold(f"There is no open hold {name}.", "See `almoner holds` for the holds there are.")


def _is_again(hold: HoldShown, decision: str, reason: str, by: str) -> bool:
    """Whether this very decision stands already: the button was pressed twice."""
    return (hold.state, hold.by, hold.note) == (DECIDED[decision], by, reason.strip())


def _why_not(
    name: str, hold: HoldShown | None, shown: Shown | None, decision: str, decider: Decider, line_id: str,
    own: frozenset[str], allowance: Allowance,
) -> Because | None:  # fmt: skip
    if hold is None:
        return _no_such(name)
    if hold.provider_id in own:
        return own_of(decider.by, [hold.provider_id])
    if line_id and hold.line_id:
        return _no_such(name)
    if decision == "release" and hold.code in NOT_RELEASED:
        return NotReleasable(f"A hold {hold.code} cannot be released.", hold.remedy)
    if shown is not None and shown != Shown(hold.amount_pence, hold.state):
        moved = MOVED.get(hold.state, hold.state.replace("_", " "))
        what = f"{moved} by {hold.by}" if shown.state != hold.state and hold.by else f"{pounds(hold.amount_pence)} now"
        return HoldChanged(f"{name} changed while you were looking: it is {what}.", "Look at the new figures, then decide again.")
    if waits := _waits_for_another(hold, decider):
        return waits
    if decision == "release" and not allowance.lets(hold):
        return OverLimit(over_limit_words(hold, allowance), "It has gone to the team manager and the approvers.")
    return None


def _waits_for_another(hold: HoldShown, decider: Decider) -> WaitsForAnother | None:
    if decider.approves_only and hold.state != "approver" and hold.code != "AUT":
        return WaitsForAnother(f"{hold.hold} is decided by the payments team.", "You decide holds that are above an officer's limit.")
    return None


def _told_again(holds: Sequence[HoldShown], decision: str, at: datetime) -> dict[str, HoldChanged]:
    """Of holds about to be released on the figures of a page: those of whose week more was told since these figures were worked out. A
    release would cover what nobody looked at, and the limit would be held against the smaller amount."""
    if decision != "release" or not holds:
        return {}
    own = {hold.hold: _lines_of(hold) for hold in holds}
    looked_at = {run: shown.as_of for run in {hold.run for hold in holds} if (shown := run_shown(run)) is not None}
    since = min(looked_at.values(), default=at)
    changes = changed_between(since, at, lines=sorted({line for lines in own.values() for line in lines}))
    told = {(row["line_id"], row["first_day"]) for row in changes.to_pylist() if row["table_name"] == "actuals" and row["first_day"]}
    again = [hold for hold in holds if any(line in own[hold.hold] and hold.week <= on < hold.week + WEEK for line, on in told)]
    return {
        hold.hold: HoldChanged(
            f"More was told of the week of {hold.hold} after these figures were worked out.",
            "Draft the run again, then decide on the new figures.",
        )
        for hold in again
    }


def _lines_of(hold: HoldShown) -> frozenset[str]:
    if hold.line_id:
        return frozenset((hold.line_id,))
    return frozenset(table_known("lines", people=[hold.person_id]).column("line_id").to_pylist())


def _keep(holds: Sequence[HoldShown], decision: str, reason: str, line_id: str, *, by: str, at: datetime) -> list[int]:
    moment = at.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)
    rows = [
        {
            "row": 0, "decision": decision, "code": hold.code, "person_id": hold.person_id or None, "provider_id": hold.provider_id or None,
            "line_id": line_id or hold.line_id or None, "week": hold.week, "reason": reason, "by": by, "at": moment,
        }
        for hold in holds
    ]  # fmt: skip
    append_versions("releases", pa.Table.from_pylist(rows, schema=RELEASES.schema), by=by, at=at)
    return [] if line_id else _note_steps(DECIDED[decision], holds, "", by=by, at=at)


def _note_steps(step: str, holds: Sequence[HoldShown], note: str, *, by: str, at: datetime) -> list[int]:
    """The ids of the steps written."""
    moment = at.astimezone(UTC)
    steps = [HoldStep(hold_id=hold.hold, step=step, amount_pence=hold.amount_pence, note=note, by=by, at=moment) for hold in holds]
    return [made.pk for made in HoldStep.objects.bulk_create(steps)]


def _journal(
    chosen: Sequence[HoldShown], handed: Sequence[HoldShown], decision: str, steps: Sequence[int], *, by: str, at: datetime
) -> None:
    rows = {STEPS: steps}
    # What was released of whom is counted against the limit of the day.
    released: dict[str, Json] = {"released": _by_provider(chosen)} if decision == "release" and chosen else {}
    if len(chosen) == 1 and not handed:
        (hold,) = chosen
        write(act=f"{decision}_hold", by=by, at=at, subject=hold.hold, summary={"code": hold.code, "run": hold.run, **released}, rows=rows)
        return
    summary: dict[str, Json] = {"holds": [hold.hold for hold in chosen], "to_approver": [hold.hold for hold in handed], **released}
    act = f"{decision}_holds" if chosen else "hand_to_approver"
    write(act=act, by=by, at=at, subject=_subject([*chosen, *handed]), summary=summary, rows=rows)


def _by_provider(holds: Sequence[HoldShown]) -> dict[str, Json]:
    found: dict[str, dict[str, Json]] = {}
    for hold in holds:
        found.setdefault(hold.provider_id, {})[hold.hold] = hold.amount_pence
    return dict(found)


def _subject(holds: Sequence[HoldShown]) -> str:
    return holds[0].hold if len(holds) == 1 else f"{len(holds)} holds"
