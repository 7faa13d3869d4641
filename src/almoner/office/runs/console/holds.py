"""Holds on the console: find what is stopped, see it visit by visit, and decide one or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.money import pounds
from almoner.office.accounts.permissions import may
from almoner.office.accounts.queries import accesses_of
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.accounts.roles import Role
from almoner.office.furniture.listing import VIEWS, Heading, Listing, answer
from almoner.office.furniture.statuses import status
from almoner.office.furniture.words import day
from almoner.office.runs.console.decisions import Decision, shown_of
from almoner.office.runs.console.hold_filters import AGES, STATES, HoldFilter, reason_words, sub_navigation
from almoner.office.runs.hold_rows import TO_DECIDE, hold_rows, total_of
from almoner.office.runs.hold_story import hold_story
from almoner.office.runs.holds import decisions_on, said_in, steps_on
from almoner.office.runs.operations import Decided, Decider, ask_provider, decide_holds, take_holds
from almoner.office.runs.refusals import HoldChanged
from almoner.office.runs.releasing import Allowance, allowance_of, over_limit_words

Row = dict[str, Any]
CUT = 60
STEP_WORDS = {
    "taken": "Taken on", "asked": "Provider asked", "answered": "Provider answered", "escalated": "Handed to an approver",
    "released": "Released", "upheld": "Upheld",
}  # fmt: skip

HEADINGS = (
    Heading("since", "Held since", "date"),
    Heading("provider", "Provider"),
    Heading("person", "Person", link=lambda row: reverse("console-hold", args=[row["hold"]])),
    Heading("line", "Line", "id"),
    Heading("week", "Week", "date"),
    Heading("reason", "Reason"),
    Heading("planned", "Planned", "pounds"),
    Heading("claimed", "Claimed", "pounds"),
    Heading("percent", "Difference"),
    Heading("amount", "Amount held", "pounds", total=True),
    Heading("short", "Comment"),
    Heading("assigned", "Assigned"),
    Heading("age", "Days held", "number", further=True),
)


def listed_row(row: Row) -> Row:
    """A hold as the table shows it, with its tick-box where it can be decided."""
    can = row["can_be_released"] and row["state"] in TO_DECIDE
    words, state = row["comment"], "" if row["state"] == "open" else f" ({status('hold', row['state']).word.lower()})"
    return row | {
        "reason": reason_words(row) + state, "short": words if len(words) <= CUT else f"{words[:CUT].rstrip()}…",
        "choice": row["hold"] if can else "", "choice_words": f"{row['person']}, week of {day(row['week'])}, {pounds(row['amount'])}",
        "person_hidden": f"{pounds(row['amount'])} of", "choice_pence": row["amount"], "choice_of": row["provider_id"],
    }  # fmt: skip


def decider_of(reader: Reader) -> Decider:
    """What the reader may decide: an officer up to their limit, a team manager what is above it or waits for authorisation."""
    return Decider(reader.by, reader.limit_pence, approves_only=reader.role is Role.TEAM_MANAGER)


def holds_page(request: HttpRequest) -> HttpResponseBase:
    """Every hold there is, those to decide unless others are asked for; old ones first, then the largest. A press takes the chosen on."""
    reader, form = reader_of(request), HoldFilter(request.GET)
    if request.method == "POST":
        return _chosen(request, reader)
    every = [row for row in hold_rows(request.at) if form.fits(row, reader.by)]  # type: ignore[attr-defined]
    code = form.told("code")
    rows = [listed_row(row) for row in every if not code or row["code"] == code]
    providers = dict(sorted({row["provider_id"]: row["provider"] for row in every}.items(), key=lambda pair: pair[1]))
    context = {
        "form": form, "sub": sub_navigation(every, code, request.GET), "chosen": form.chosen(request.GET, providers),
        "providers": providers,
        "teams": sorted({row["team"] for row in every} - {""}), "services": sorted({name for row in every for name in row["services"]}),
        "ages": AGES, "states": STATES, "may_act": may("console-holds-decide", reader.role, "POST"),
        "may_ask": may("console-query-new", reader.role, "POST"),
        "mended_only": bool(rows) and not any(row["can_be_released"] for row in rows),
    }  # fmt: skip
    listing = Listing(
        "holds", "Holds", HEADINGS, rows, "", "Nothing is held that fits. A run finds holds when it is drafted.", "person", "holds",
        order_words="those over 7 days first, then the largest",
    )  # fmt: skip
    return answer(request, "runs/console_holds.html", listing, context)


def _chosen(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """What a press on chosen holds does: take them on, or go and check them before deciding."""
    names = request.POST.getlist("hold")
    if request.POST.get("act") == "take":
        count = take_holds(holds=names, by=reader.by, at=request.at)  # type: ignore[attr-defined]
        messages.success(request, f"{count} assigned to you.")
        return redirect(request.get_full_path())
    return redirect(f"{reverse('console-holds-decide')}?{urlencode([('hold', name) for name in names])}")


def hold_page(request: HttpRequest, hold: str) -> HttpResponseBase:
    """One hold: what was claimed against the plan, what a release would pay, and the decision."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    rows = hold_rows(at, [hold])
    if not rows:
        raise Http404
    row = rows[0]
    form = Decision(request.POST if request.method == "POST" else None)
    stale: HoldChanged | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _decide_one(request, row, form, reader)
        except HoldChanged as because:
            stale = because
        else:
            return redirect("console-hold", hold)
    story = hold_story(row["found"], at)
    allowance = allowance_of(reader.by, reader.limit_pence, at)
    over_limit = "" if allowance.lets(row["found"]) else over_limit_words(row["found"], allowance)
    context = {
        "row": row, "reason": reason_words(row), "story": story, "form": form, "may_act": may("console-hold", reader.role, "POST"),
        "over_limit": over_limit, "may_change": may("console-change-new", reader.role, "POST"),
        "approvers": _approvers(), "happened": _happened(row), "shown": shown_of(row),
        "stale": stale, "said": said_in(steps_on(hold)),
        "following": None if row["state"] == "open" else _following(request, reader, hold),
    }  # fmt: skip
    return render(request, "runs/console_hold.html", context, status=409 if stale else 400 if form.errors else 200)


def _following(request: HttpRequest, reader: Reader, hold: str) -> Row | None:
    """The next hold to decide, of the list as it was left: one press instead of going back and finding it."""
    left = HoldFilter(QueryDict(request.session.get(VIEWS, {}).get(reverse("console-holds"), "")))
    code = left.told("code")
    every = (row for row in hold_rows(request.at) if row["state"] == "open" and row["can_be_released"])  # type: ignore[attr-defined]
    return next((row for row in every if row["hold"] != hold and left.fits(row, reader.by) and code in ("", row["code"])), None)


def decide_page(request: HttpRequest) -> HttpResponseBase:
    """Check the chosen holds and decide them together: one reason for all."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    posted = request.method == "POST"
    form = Decision(request.POST if posted else None)
    if posted and form.is_valid() and request.POST.get("what") in ("release", "uphold"):
        done = decide_holds(
            holds=form.shown(), decision=form.decision(), reason=form.reason(), decider=decider_of(reader), by=reader.by, at=at
        )
        _say(request, done, form.decision())
        return redirect("console-holds")
    names = list(form.shown()) if posted else request.GET.getlist("hold")
    rows = [listed_row(row) for row in hold_rows(at, names)] if names else []
    allowance = allowance_of(reader.by, reader.limit_pence, at)
    judged = [(row, _why_left_out(row, allowance)) for row in rows]
    left_out = [(row, why) for row, why in judged if why]
    chosen = [row for row, why in judged if not why]
    context = {
        "form": form, "rows": chosen, "left_out": left_out, "shown": [shown_of(row) for row in chosen],
        "total": total_of(row["amount"] for row in chosen), "providers": _by_provider(chosen), "count": len(chosen),
    }  # fmt: skip
    return render(request, "runs/console_decide.html", context, status=400 if form.errors else 200)


def _decide_one(request: HttpRequest, row: Row, form: Decision, reader: Reader) -> None:
    at = request.at  # type: ignore[attr-defined]
    if form.decision() == "ask":
        ask_provider(hold=row["hold"], note=form.reason(), decider=decider_of(reader), by=reader.by, at=at)
        messages.success(request, "The provider was asked. The hold waits for their answer.")
        return
    done = decide_holds(
        holds=form.shown(), decision=form.decision(), reason=form.reason(), decider=decider_of(reader), by=reader.by, at=at,
        line_id=form.line(),
    )  # fmt: skip
    for _, because in done.refused:
        raise because
    _say(request, done, form.decision())


def _say(request: HttpRequest, done: Decided, decision: str) -> None:
    word = "released" if decision == "release" else "upheld"
    if done.holds:
        amount = pounds(total_of(hold.amount_pence for hold in done.holds))
        ending = " Paid with the next run." if word == "released" else " Not paid until it is changed."
        messages.success(request, f"{len(done.holds)} {word}, {amount}.{ending}")
    for name, because in done.refused:
        messages.warning(request, f"{name} was not {word}: {because.message} {because.remedy}")


def _why_left_out(row: Row, allowance: Allowance) -> str:
    if not row["can_be_released"]:
        return f"Cannot be released, only mended: {row['found'].remedy}"
    if row["state"] not in TO_DECIDE:
        return f"Was {row['state']} by {row['found'].by}."
    if not allowance.lets(row["found"]):
        return f"{over_limit_words(row['found'], allowance)} Open it to hand it to an approver."
    return ""


def _by_provider(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    names = sorted({row["provider"] for row in rows})
    theirs = {name: [row["amount"] for row in rows if row["provider"] == name] for name in names}
    return [(name, len(amounts), total_of(amounts)) for name, amounts in theirs.items()]


def _approvers() -> list[str]:
    able = (Role.TEAM_MANAGER, Role.PAYMENTS_APPROVER)
    return [access.name for access in accesses_of("", side="council") if access.role in able and not access.waits_for_confirmation]


def _happened(row: Row) -> list[tuple[Any, str, str]]:
    """Everything known of a hold, latest first: moment, what, who and why."""
    found = row["found"]
    moments = [(step["at"], STEP_WORDS[step["step"]], f"{step['by']} {step['note']}".strip()) for step in steps_on(row["hold"])
               if step["step"] not in ("released", "upheld")]  # fmt: skip
    for one in decisions_on(found):
        what = ("Released" if one["decision"] == "release" else "Upheld") + (f" line {one['line_id']}" if one["line_id"] else "")
        moments.append((one["recorded_at"], what, f"{one['by']}: {one['reason']}"))
    return sorted(moments, key=lambda moment: moment[0], reverse=True)
