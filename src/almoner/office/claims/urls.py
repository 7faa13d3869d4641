"""Addresses of claims: for funders, and on the console."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.claims import console
from almoner.office.claims.portal import help, home, invoices, packages, receipts

urlpatterns: list[URLPattern | URLResolver] = [
    path("partner", home.home_page, name="partner-home"),
    path("partner/receipts", receipts.receipts_page, name="partner-receipts"),
    path("partner/receipts/<str:receipt>", receipts.receipt_page, name="partner-receipt"),
    path("partner/receipts/<str:receipt>/files/<int:file>", receipts.receipt_file, name="partner-receipt-file"),
    path("partner/invoices", invoices.invoices_page, name="partner-invoices"),
    path("partner/invoices/<str:invoice>", invoices.invoice_page, name="partner-invoice"),
    path("partner/invoices/<str:invoice>/file.<str:kind>", invoices.invoice_download, name="partner-invoice-file"),
    path("partner/packages", packages.packages_page, name="partner-packages"),
    path("partner/packages/<str:line>", packages.package_page, name="partner-package"),
    path("partner/queries", help.help_page, name="partner-queries"),
    path("partner/queries/new", help.new_query_page, name="partner-query-new"),
    path("partner/queries/<int:number>", help.query_page, name="partner-query"),
    path("partner/queries/<int:number>/files/<int:file>", help.query_file, name="partner-query-file"),
    path("console/claims", console.claims_page, name="console-claims"),
    path("console/claims/receipts/<str:receipt>", console.receipt_page, name="console-claim-receipt"),
    path("console/claims/receipts/<str:receipt>/files/<int:file>", console.receipt_file, name="console-claim-file"),
    path("console/claims/invoices/<str:invoice>", console.invoice_page, name="console-invoice"),
    path("console/claims/invoices/<str:invoice>/file.<str:kind>", console.invoice_download, name="console-invoice-file"),
    path("console/claims/<str:funder>/<str:month>", console.month_page, name="console-claim-month"),
]
