"""The portal's addresses of payments and their documents, and the console's for issuing a run."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.exchange import console, portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/payments", portal.payments_page, name="portal-payments"),
    path("portal/payments/next/<str:cycle>", portal.expected_page, name="portal-expected"),
    path("portal/payments/<str:run>", portal.payment_page, name="portal-payment"),
    path("portal/payments/<str:run>/remittance.<str:kind>", portal.payment_file, name="portal-payment-file"),
    path("console/runs/<str:run>/issue", console.issue_page, name="console-run-issue"),
]
