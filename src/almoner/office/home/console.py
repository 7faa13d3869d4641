"""The console's today: a morning's work in order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def today_page(request: HttpRequest) -> HttpResponse:
    """A morning's work."""
    return render(request, "home/today.html")
