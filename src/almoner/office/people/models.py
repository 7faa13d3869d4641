"""Versions of people."""

from __future__ import annotations

from almoner.office.records.versions import Version


class Person(Version, of="people"):
    """A person cared for."""
