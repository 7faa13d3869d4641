"""The thread of a query on the pages of whoever asked it, provider or funder: saying more, settling it, and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import Reader
from almoner.office.enquiries.forms import Message
from almoner.office.enquiries.operations import close, reopen, reply
from almoner.office.enquiries.queries import QueryShown, attachment_content
from almoner.office.enquiries.reach import query_open_to
from almoner.office.furniture.listing import download


def own_query(request: HttpRequest, reader: Reader, number: int, page: str) -> QueryShown:
    """A query of the reader's organisation; else it is noted as refused on the page of that name, and Http404 is raised."""
    found = query_open_to(reader, number, request.at)  # type: ignore[attr-defined]
    if found is None:
        note_refusal(page=page, code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    return found


def take_in(request: HttpRequest, reader: Reader, found: QueryShown, form: Message) -> bool:
    """What was pressed on the thread's page: settle it, or say more, which opens one again that had ended. False when there was nothing
    to take in, or something to mend in it."""
    if request.method != "POST":
        return False
    who: dict[str, Any] = {"by": reader.by, "by_name": reader.name, "side": reader.side, "at": request.at}  # type: ignore[attr-defined]
    if request.POST.get("act") == "close":
        close(number=found.number, **who)
        messages.success(request, f"{found.reference} is settled.")
        return True
    if not form.is_valid():
        return False
    say = reopen if found.state in ("closed", "accepted") else reply
    say(number=found.number, text=form.cleaned_data["text"], attachments=form.sent(), **who)
    messages.success(request, f"Sent to the {found.team}.")
    return True


def file_sent(number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download. Raises Http404."""
    kept = attachment_content(number, file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])
