"""The homes of the three sides."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.home import console, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal", portal.home_page, name="portal-home"),
    path("portal/calendar", portal.calendar_page, name="portal-calendar"),
    path("portal/calendar/cut-offs.ics", portal.calendar_file_page, name="portal-calendar-file"),
    path("portal/organisation", portal.organisation_page, name="portal-organisation"),
    path("console", console.today_page, name="console-today"),
    path("console/journal", console.journal_page, name="console-journal"),
]
