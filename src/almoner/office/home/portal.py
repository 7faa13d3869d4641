"""The portal's home: what needs doing, in the order of the money it delays."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home_page(request: HttpRequest) -> HttpResponse:
    """What needs doing."""
    return render(request, "home/portal.html")
