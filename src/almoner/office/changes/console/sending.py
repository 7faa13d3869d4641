"""From the effect of a change to its being sent: the reason and what shows it, a last look, sent. Nothing is kept until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.office.accounts.readers import reader_of
from almoner.office.changes.consequences import Consequence
from almoner.office.changes.console.effect import effect_shown, main_listing
from almoner.office.changes.forms import Because
from almoner.office.changes.kinds import Order, Uplift
from almoner.office.changes.operations import propose_change
from almoner.office.furniture.listing import answer as answer_listing


def send_in_steps(
    request: HttpRequest,
    change: Order,
    found: Consequence,
    *,
    back: str,
    about: Sequence[tuple[str, Any]],
    own_page: str = "console-change",
) -> HttpResponseBase:
    """The step that is asked for: the effect at first, `step=reason` for the reason, and by buttons the last look and the sending.

    `back`: where what was entered is changed; `about`: what is changed, as (label, value).
    """
    context: dict[str, Any] = {**effect_shown(request, change, found), "back": back, "about": about}
    over = bool(context["over_limit"])
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if not act and request.GET.get("step") != "reason":
        return answer_listing(request, "changes/effect.html", main_listing(change, found, request.at), context)  # type: ignore[attr-defined]
    because = Because(request.POST if act else None, request.FILES if act else None, over_limit=over)
    asked = request.GET.copy()
    asked.pop("step", None)
    context |= {"because": because, "to_effect": f"{request.path}?{asked.urlencode()}"}
    said = act in ("check", "send") and (because.is_valid() or set(because.errors) == {"attachments"})
    if not said:
        return render(request, "changes/reason.html", context)
    if act == "check" or because.errors:
        return answer_listing(request, "changes/check.html", main_listing(change, found, request.at), context)  # type: ignore[attr-defined]
    reader, given = reader_of(request), because.cleaned_data
    if isinstance(change, Uplift):
        change = replace(change, second_reason=given.get("second_reason", ""))
    sent = propose_change(
        change=change, reason=given["reason"], evidence=given["evidence"], files=given["attachments"], by=reader.by, by_name=reader.name,
        at=request.at,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, f"{sent.reference} is sent for authorisation. Nothing has changed yet.")
    return redirect(own_page, sent.number)
