"""Tables that refuse to be changed: triggers against UPDATE, DELETE and TRUNCATE, on both databases."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSE = """
CREATE OR REPLACE FUNCTION almoner_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'almoner: % is sealed: rows are added, never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def sealing_statements(table: str, vendor: str) -> list[str]:
    """SQL that makes `table` refuse every change of a row that stands; `vendor` is `sqlite` or `postgresql`."""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" BEGIN '
            f"SELECT RAISE(ABORT, 'almoner: {table} is sealed: rows are added, never changed'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        REFUSE,
        f'CREATE TRIGGER "{table}_sealed" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION almoner_refuse()",
    ]


def opening_statements(table: str, vendor: str) -> list[str]:
    """SQL that takes the triggers away again, for undoing a migration."""
    if vendor == "sqlite":
        return [f'DROP TRIGGER "{table}_no_update"', f'DROP TRIGGER "{table}_no_delete"']
    return [f'DROP TRIGGER "{table}_sealed" ON "{table}"']


class Sealed(Operation):
    """Migration operation: from here on the table refuses UPDATE, DELETE and TRUNCATE.

    SQLite remakes a table to alter it and loses its triggers: a migration that alters a sealed table says `Sealed` again.
    """

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the triggers."""
        for statement in sealing_statements(self.table, schema_editor.connection.vendor):
            schema_editor.execute(statement, None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        for statement in opening_statements(self.table, schema_editor.connection.vendor):
            schema_editor.execute(statement, None)

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Seal {self.table}"


class Opened(Sealed):
    """Migration operation, the other way round: the table takes changes until the migration says `Sealed` again."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the triggers again."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Open {self.table}"


def sealed_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables that refuse change on this database, found from its triggers."""
    sqlite = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' GROUP BY 1 HAVING count(*) >= 2"
    postgresql = (
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgname = c.relname || '_sealed' AND t.tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgresql)
        rows: Iterable[tuple[str]] = cursor.fetchall()
    return {name for (name,) in rows}
