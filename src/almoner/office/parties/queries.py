"""Providers and their names as they are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from almoner.office.records.queries import known_at, rows_known, table_known


def provider_names(at: datetime, providers: Iterable[str] | None = None) -> dict[str, str]:
    """Names of providers by number: of these, or of all."""
    found = table_known("providers", at) if providers is None else rows_known("providers", known_at(at), {"provider_id": sorted(providers)})
    return dict(zip(found.column("provider_id").to_pylist(), found.column("name").to_pylist(), strict=True))


def funder_names(at: datetime) -> dict[str, str]:
    """Names of funders by number."""
    found = table_known("funders", at)
    return dict(zip(found.column("funder_id").to_pylist(), found.column("name").to_pylist(), strict=True))
