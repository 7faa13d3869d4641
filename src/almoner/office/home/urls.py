"""The homes of the three sides."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.home import console, portal, register

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal", portal.home_page, name="portal-home"),
    path("portal/calendar", portal.calendar_page, name="portal-calendar"),
    path("portal/calendar/cut-offs.ics", portal.calendar_file_page, name="portal-calendar-file"),
    path("portal/organisation", portal.organisation_page, name="portal-organisation"),
    path("console", console.today_page, name="console-today"),
    path("console/search", register.search_page, name="console-search"),
    path("console/people/<str:person>", register.person_page, name="console-person"),
    path("console/providers/<str:provider>", register.provider_page, name="console-provider"),
    path("console/lines/<str:line>", register.line_page, name="console-line"),
    path("console/journal", console.journal_page, name="console-journal"),
]
