"""The addresses this installation answers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("almoner.office.accounts.urls")),
    path("", include("almoner.office.changes.urls")),
    path("", include("almoner.office.enquiries.urls")),
    path("", include("almoner.office.claims.urls")),
    path("", include("almoner.office.exchange.urls")),
    path("", include("almoner.office.runs.console.urls")),
    path("", include("almoner.office.runs.portal.actuals_urls")),
    path("", include("almoner.office.runs.portal.urls")),
    path("", include("almoner.office.home.urls")),
    path("", include("almoner.office.api.urls")),
]
handler404 = "almoner.office.home.refused.missing_page"
handler500 = "almoner.office.home.refused.broken_page"
