"""What a worker of `almoner serve` runs: the pages, made ready before the first request is let in."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.template import engines
from django.urls import resolve

from almoner.office.runs import ahead
from almoner.office.runs.desks import warm_up
from almoner.site.wsgi import application

__all__ = ["application"]

KEPT = 600
"""Seconds that a worker's thread keeps its connection to the database: making one costs PostgreSQL more than most pages ask of it."""


def _make_ready() -> None:
    """Read every page's code and template, and calculate once at each desk: else whoever comes first waits for seconds. Then work ahead."""
    if connections["default"].vendor == "postgresql":
        connections.settings["default"] |= {"CONN_MAX_AGE": KEPT, "CONN_HEALTH_CHECKS": True}
    resolve("/health")
    templates: Any = engines["jinja2"]
    for name in templates.env.list_templates(extensions=["html"]):
        templates.env.get_template(name)
    warm_up()
    ahead.begin()


_make_ready()
