"""The portal's addresses of care packages, held payments and why an amount is what it is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.runs.portal import holds, lines, receipts

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/lines", lines.lines_page, name="portal-lines"),
    path("portal/lines/<str:line>", lines.line_page, name="portal-line"),
    path("portal/lines/<str:line>/agree", lines.agree_page, name="portal-line-agree"),
    path("portal/receipts/<str:receipt>", receipts.receipt_page, name="portal-receipt"),
    path("portal/expected/<str:line>/<str:week>", receipts.expected_week_page, name="portal-expected-week"),
    path("portal/holds", holds.holds_page, name="portal-holds"),
    path("portal/holds/<str:hold>", holds.hold_page, name="portal-hold"),
]
