"""Tables of versions, made from `core.tables`: the columns of a fact are listed there and nowhere else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.base import ModelBase

from almoner.core.tables import TABLES, Column, Kind, Table
from almoner.office.records.fields import LocalInstantField, VersionField

VERSIONED: dict[str, type[Version]] = {}
"""The model of every table of facts that is kept as versions, by the table's name."""

TEXTS = (Kind.TEXT, Kind.CHOICE)


def database_table(name: str) -> str:
    """Where the versions of a table of facts are kept."""
    return f"almoner_{name}"


def identity(table: Table) -> tuple[str, ...]:
    """The columns that name one submission of a fact: a second one with the same cells in them is its next version.

    An actual is named by its natural key and the moment it was submitted, for the later submission replaces the earlier
    in whatever order the two are recorded.
    """
    return (*table.key, "submitted_at") if table.name == "actuals" else table.key


def key_in_index_order(table: Table) -> tuple[str, ...]:
    """The natural key as its index has it: the date first where there is one, for time is what a run asks by."""
    return tuple(sorted(table.key, key=lambda name: name != "date"))


def field(column: Column) -> models.Field[Any, Any]:
    """The database column of a fact's column; NULL is a blank cell that has no default."""
    blank = not column.required and column.default is None
    kinds: dict[Kind, type[models.Field[Any, Any]]] = {
        Kind.YES_NO: models.BooleanField,
        Kind.DATE: models.DateField,
        Kind.TIME: models.TimeField,
        Kind.INSTANT: LocalInstantField,
    }
    kind = models.TextField if column.kind in TEXTS else kinds.get(column.kind, models.BigIntegerField)
    return kind(null=blank)


def constraints(table: Table) -> list[models.BaseConstraint]:
    """What the database itself refuses: numbers out of bounds and words not on the list."""
    found: list[models.BaseConstraint] = []
    for column in table.columns:
        bounds = {f"{column.name}__gte": column.least, f"{column.name}__lte": column.most}
        limits: dict[str, object] = {name: limit for name, limit in bounds.items() if limit is not None}
        if column.choices:
            limits = {f"{column.name}__in": list(column.choices)}
        if limits:
            found.append(models.CheckConstraint(condition=models.Q(**limits), name=f"{table.name}_{column.name}_known"))
    return found


class _Versions(ModelBase):
    """Adds a table's columns, key and constraints to a class declared with `of="…"`."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], of: str | None = None, **kwargs: Any) -> Any:
        if of is None:
            return super().__new__(cls, name, bases, attrs, **kwargs)
        table = TABLES[of]
        attrs |= {column.name: field(column) for column in table.columns}
        columns = [*key_in_index_order(table), *identity(table)[len(table.key) :], "version"]
        indexes = [models.Index(fields=columns, name=f"{of}_key"), *attrs.pop("indexes", ())]
        options = {"db_table": database_table(of), "indexes": indexes, "constraints": constraints(table), "ordering": ["version"]}
        attrs["Meta"] = type("Meta", (), options)
        model: Any = super().__new__(cls, name, bases, attrs, **kwargs)
        VERSIONED[of] = model
        return model


class Version(models.Model, metaclass=_Versions):
    """One recorded version of one fact. The highest version of a natural key is the one in force, unless it is withdrawn.

    `class Line(Version, of="lines")` declares the table; `indexes` beside it adds to the index on its natural key.
    Rows are written by `operations.append_versions` and by nothing else.
    """

    version = VersionField(primary_key=True)
    recorded_at = models.DateTimeField(help_text="when it became known")
    recorded_by = models.TextField(help_text="who recorded it")
    batch = models.BigIntegerField(null=True, help_text="the import it came with; blank = entered by hand")
    withdrawn = models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")

    class Meta:
        abstract = True
