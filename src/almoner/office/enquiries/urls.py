"""Addresses of queries."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.enquiries import console, portal
from almoner.office.enquiries.residents import portal as residents

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/residents", residents.residents_page, name="portal-residents"),
    path("portal/queries", portal.queries_page, name="portal-queries"),
    path("portal/queries/new", portal.new_query_page, name="portal-query-new"),
    path("portal/queries/<int:number>", portal.query_page, name="portal-query"),
    path("portal/queries/<int:number>/files/<int:file>", portal.query_file, name="portal-query-file"),
    path("console/queries", console.queries_page, name="console-queries"),
    path("console/queries/new", console.ask_page, name="console-query-new"),
    path("console/queries/<int:number>", console.query_page, name="console-query"),
    path("console/queries/<int:number>/files/<int:file>", console.query_file, name="console-query-file"),
]
