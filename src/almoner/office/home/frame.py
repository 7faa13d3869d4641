"""What stands around every page: whose council it is, who is asking, the way to the other pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from almoner.core.sentences import plural
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import Side
from almoner.office.furniture.words import clock, local, long_day
from almoner.office.home.strip import work_strip
from almoner.office.parties.queries import funder_names
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.cycles import next_cut_off_of
from almoner.office.runs.outlook import weeks_awaited
from almoner.office.runs.portal.actuals_files import upload_alerts
from almoner.office.runs.provider_care import name_of_provider

SERVICES = {Side.PROVIDER: "Care payments", Side.PARTNER: "Claims for care", Side.COUNCIL: "Care payments console"}
NAVIGATION: dict[Side, tuple[tuple[str, str], ...]] = {
    Side.PROVIDER: (
        ("Home", "portal-home"),
        ("Actuals", "portal-actuals"),
        ("Payments", "portal-payments"),
        ("Care packages", "portal-lines"),
        ("Held payments", "portal-holds"),
        ("People with access", "portal-access"),
        ("Help and queries", "portal-queries"),
    ),
    Side.PARTNER: (
        ("Home", "partner-home"),
        ("Receipts", "partner-receipts"),
        ("Invoices", "partner-invoices"),
        ("Packages", "partner-packages"),
        ("Help and queries", "partner-queries"),
    ),
    Side.COUNCIL: (
        ("Today", "console-today"),
        ("Holds", "console-holds"),
        ("Runs", "console-runs"),
        ("Actuals", "console-actuals"),
        ("Change orders", "console-changes"),
        ("Queries", "console-queries"),
        ("Search", "console-search"),
        ("Bank details", "console-bank-details"),
        ("Claims", "console-claims"),
        ("Journal", "console-journal"),
        ("Users", "console-users"),
        ("Settings", "console-settings"),
    ),
}
"""Side, then the words and the name of each page's address, in order. A page shows to those who may see it."""
HOMES = ("portal-home", "console-today", "partner-home")
"""Pages whose address every other of their side begins with."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; a context processor."""
    reader: Reader | None = getattr(request, "reader", None)
    council = getattr(request, "council", None)
    context: dict[str, Any] = {
        "council_name": council.name if council else "Almoner",
        "second_factor": settings.SECOND_FACTOR_REQUIRED,
        "reader": reader,
        "service_name": "Almoner",
        "navigation": [],
        "organisation_name": "",
        "organisation_names": {},
        "strip": "",
        "alerts": [],
    }
    if reader is None:
        return context
    here = request.path
    context["service_name"] = SERVICES[reader.side]
    context["navigation"] = [
        {"text": words, "href": address, "active": here == address or (here.startswith(f"{address}/") and name not in HOMES)}
        for words, name in NAVIGATION[reader.side]
        if may(name, reader.role, "GET") and (address := _address(name))
    ]
    if reader.side is Side.PROVIDER:
        context["alerts"] = upload_alerts(request, reader)
        context["strip"] = cut_off_strip(reader, request.at, council.calendar if council else ())  # type: ignore[attr-defined]
    if reader.side is Side.COUNCIL:
        context["strip"] = work_strip(reader, request.at)  # type: ignore[attr-defined]
    if reader.side is not Side.COUNCIL:
        names = funder_names(request.at) if reader.side is Side.PARTNER else _own_name(reader, request.at)  # type: ignore[attr-defined]
        context["organisation_name"] = names.get(reader.organisation_id, reader.organisation_id)
        context["organisation_names"] = names
    return context


def _own_name(reader: Reader, at: datetime) -> dict[str, str]:
    return {reader.organisation_id: name_of_provider(reader.organisation_id, at)}


def cut_off_strip(reader: Reader, at: datetime, rules: Sequence[CalendarRule]) -> str:
    """The next cut-off, the pay date it makes and how many weeks still wait, which stand on every page of the portal; empty before there is
    any contract."""
    period = next_cut_off_of(reader.organisation_id, at, rules)
    if period is None:
        return ""
    cut_off, count = local(period.cut_off_at), weeks_awaited(reader, at)
    still = (
        f"{plural(count, 'week')} still {'waits' if count == 1 else 'wait'} to be submitted." if count else "No week waits to be submitted."
    )
    return (
        f"Next cut-off: {clock(cut_off)} on {long_day(cut_off.date())}. What is submitted by then is paid on {long_day(period.pay_date)}."
        f" {still}"
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
