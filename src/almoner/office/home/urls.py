"""The homes of the three sides."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.home import console, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal", portal.home_page, name="portal-home"),
    path("console", console.today_page, name="console-today"),
]
