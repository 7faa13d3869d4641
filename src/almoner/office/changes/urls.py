"""Addresses of change orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.changes import console

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/changes", console.changes_page, name="console-changes"),
    path("console/changes/new", console.new_change_page, name="console-change-new"),
    path("console/changes/<int:number>", console.change_page, name="console-change"),
]
