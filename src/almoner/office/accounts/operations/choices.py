"""What somebody chooses for themselves: how tables look, and which emails they get."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.office.accounts.emails import emails_of
from almoner.office.accounts.models import Access, User
from almoner.office.accounts.queries import accesses_standing
from almoner.office.accounts.roles import Role
from almoner.office.furniture.shown_as import ROWS
from almoner.office.journal.operations import write

MOST_TABLES, MOST_COLUMNS, LONGEST = 100, 60, 60


def choose_display(*, user_id: Any, rows: int, is_comfortable: bool, by: str, at: datetime) -> None:
    """Keep how many rows a page has and how high they are; the same again changes nothing. A number that is none of `ROWS` is the first."""
    rows = rows if rows in ROWS else ROWS[0]
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if (user.rows_a_page, user.is_comfortable) == (rows, is_comfortable):
            return
        user.rows_a_page, user.is_comfortable = rows, is_comfortable
        user.save(update_fields=["rows_a_page", "is_comfortable"])
        write(act="choose_display", by=by, at=at, subject=f"user {user_id}", summary={"rows": rows, "comfortable": is_comfortable})


def choose_columns(*, user_id: Any, table: str, columns: Sequence[str], by: str, at: datetime) -> None:
    """Keep which columns of a table somebody wants to see; none = those that everybody sees at first. What is longer than names of columns
    are is none."""
    columns = [name for name in dict.fromkeys(columns) if len(name) <= LONGEST][:MOST_COLUMNS]
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        kept = {name: names for name, names in user.columns.items() if name != table}
        if columns and len(kept) < MOST_TABLES:
            kept[table] = columns
        if kept == user.columns:
            return
        user.columns = kept
        user.save(update_fields=["columns"])
        write(act="choose_columns", by=by, at=at, subject=f"user {user_id}", summary={"table": table, "columns": len(columns)})


def choose_emails(*, user_id: Any, wanted: Mapping[int, Collection[str]], by: str, at: datetime) -> None:
    """Keep which kinds of emails somebody gets, by the number of their access; accesses that are not theirs are left alone."""
    with transaction.atomic():
        for access in accesses_standing().filter(user_id=user_id, pk__in=list(wanted)):
            unwanted = [kind.value for kind in emails_of(Role(access.role)) if kind.value not in wanted[access.pk]]
            if unwanted != access.unwanted_emails:
                Access.objects.filter(pk=access.pk).update(unwanted_emails=unwanted)
                write(act="choose_emails", by=by, at=at, subject=f"access {access.pk}", summary={"without": ", ".join(unwanted)})
