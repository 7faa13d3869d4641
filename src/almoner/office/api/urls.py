"""The API under one address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls)]
