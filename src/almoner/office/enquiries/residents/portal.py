"""Confirm residents: once a month a home says of each resident whether they are still there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.core.sentences import plural
from almoner.office.accounts.readers import reader_of
from almoner.office.enquiries.residents.operations import HERE, HOSPITAL, KIND_OF, Said, confirm_residents
from almoner.office.enquiries.residents.queries import Residents, residents_to_confirm
from almoner.office.furniture.words import local

CHOICES = (("here", "Still here"), ("left", "Left"), ("hospital", "In hospital"), ("died", "Died"))


def residents_page(request: HttpRequest) -> HttpResponseBase:
    """The residents of the last month, those nobody has been told of first; several are told of in one press."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    asked = residents_to_confirm(reader, at)
    errors: dict[str, str] = {}
    if request.method == "POST":
        said, errors = read_said(asked, request.POST.dict(), at)
        if not said and any(request.POST.get(f"{one.line_id}.said") for one in asked.residents if one.said):
            return redirect("portal-residents")  # pressed twice: what was sent is told of already
        if not said and not errors:
            errors = {f"{asked.waiting[0].line_id}.said" if asked.waiting else "residents": "Say of one or more residents how they are"}
        if not errors:
            return _confirmed(request, asked, said)
    context = {"asked": asked, "choices": CHOICES, "errors": errors, "typed": request.POST}
    return render(request, "enquiries/residents.html", context, status=422 if errors else 200)


def _confirmed(request: HttpRequest, asked: Residents, said: list[Said]) -> HttpResponse:
    made = confirm_residents(month=asked.month, said=said, reader=reader_of(request), at=request.at)  # type: ignore[attr-defined]
    told = f"{plural(made.count, 'resident')} confirmed for {asked.month:%B %Y}."
    sent = f" What you told us is with the council as {', '.join(made.queries)}: it counts once it is accepted." if made.queries else ""
    messages.success(request, told + sent)
    return redirect("portal-residents")


def read_said(asked: Residents, typed: Mapping[str, str], at: datetime) -> tuple[list[Said], dict[str, str]]:
    """What was typed of each resident who waits, and what is wrong, by field. Who has no answer is left for later."""
    said, errors = [], {}
    everyone = typed.get("everyone") == HERE
    for resident in asked.waiting:
        choice = typed.get(f"{resident.line_id}.said", "") or (HERE if everyone else "")
        if choice == HERE:
            said.append(Said(resident.line_id, HERE))
        elif choice in KIND_OF:
            first, until = (_day(typed.get(f"{resident.line_id}.{name}", "")) for name in ("from", "until"))
            if first is None:
                errors[f"{resident.line_id}.from"] = f"{resident.name}: enter the day, like 27 5 2026"
            elif first > local(at).date() or first < resident.since:
                errors[f"{resident.line_id}.from"] = f"{resident.name}: enter a day from their first day with you to today"
            elif choice == HOSPITAL and until is not None and until < first:
                errors[f"{resident.line_id}.until"] = f"{resident.name}: the last day in hospital is before the first"
            elif choice == HOSPITAL and until is None and typed.get(f"{resident.line_id}.until", "").strip():
                errors[f"{resident.line_id}.until"] = f"{resident.name}: enter the last day, like 27 5 2026, or leave it empty"
            else:
                said.append(Said(resident.line_id, choice, first, until if choice == HOSPITAL else None))
    return said, errors


def _day(text: str) -> date | None:
    """A day as people write it: 27 5 2026, 27/5/2026 or 2026-05-27; None for anything else."""
    parts = text.replace("/", " ").replace("-", " ").replace(".", " ").split()
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    year, month, day = parts if len(parts[0]) == 4 else parts[::-1]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
