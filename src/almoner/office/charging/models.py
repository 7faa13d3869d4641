"""Versions of contributions and top-ups."""

from __future__ import annotations

from almoner.office.records.versions import Version


class Contribution(Version, of="contributions"):
    """What a person was assessed to contribute."""


class TopUp(Version, of="top_ups"):
    """What a third party adds to the council's rate."""
