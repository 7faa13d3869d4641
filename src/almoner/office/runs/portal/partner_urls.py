"""Addresses of the pages for funders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.runs.portal import partner

urlpatterns: list[URLPattern | URLResolver] = [
    path("partner", partner.home_page, name="partner-home"),
    path("partner/months/<str:month>", partner.receipts_page, name="partner-receipts"),
    path("partner/receipts/<str:receipt>", partner.receipt_page, name="partner-receipt"),
]
