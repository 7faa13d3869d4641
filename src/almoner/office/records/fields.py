"""Columns that Django has no word for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    NumberField = models.BigIntegerField[int, int]
    AnyField = models.Field[Any, Any]
else:
    NumberField = models.BigIntegerField
    AnyField = models.Field


class VersionField(NumberField):
    """The order of recording: a number given by us, without gaps, so that a missing row shows."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type on this database."""
        # Only a column declared exactly `integer` is SQLite's own row number; any other spelling costs a second index.
        return "integer" if connection.vendor == "sqlite" else "bigint"


class LocalInstantField(AnyField):
    """A moment as a file spelled it, local time without a zone; kept exactly so, never converted."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type on this database."""
        return "text" if connection.vendor == "sqlite" else "timestamp(0) without time zone"

    def from_db_value(self, value: str | datetime | None, expression: object, connection: object) -> datetime | None:
        """A naive `datetime`, whichever database it came from."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Text that both databases read as the same moment."""
        return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
