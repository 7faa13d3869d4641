"""The console's addresses of holds, runs and weeks not submitted."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.runs.console import holds

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/holds", holds.holds_page, name="console-holds"),
    path("console/holds/decide", holds.decide_page, name="console-holds-decide"),
    path("console/holds/<str:hold>", holds.hold_page, name="console-hold"),
]
