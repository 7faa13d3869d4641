"""Versions of shares."""

from __future__ import annotations

from almoner.office.records.versions import Version


class Share(Version, of="shares"):
    """A funder's share of a line."""
