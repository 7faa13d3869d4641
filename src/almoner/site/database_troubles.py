"""What to say when the database cannot be used, and the refusal of one that a later version of Almoner has changed.

Errors are told apart by name, for Django may not be loaded: commands on folders never need it.
"""

from __future__ import annotations

NO_DATABASE = (
    "The database could not be used. `almoner init` makes it or brings it up to this version; "
    "DATABASE_URL or ALMONER_HOME says where it is."
)
TROUBLES = {
    "OperationalError": NO_DATABASE,
    "ProgrammingError": NO_DATABASE,
    "DatabaseError": "The database is damaged, or its file is no database. Put the last copy in its place, or let ALMONER_HOME or "
    "DATABASE_URL name another.",
    "ImproperlyConfigured": "DATABASE_URL must look like postgres://user:password@host:5432/name; unset, a file in ALMONER_HOME is used.",
}
"""By the name of Django's error."""

READ_ONLY = (
    "{where} cannot be written, so nothing was done. Give your user leave to write it, and the folder it lies in too; "
    "or let ALMONER_HOME or DATABASE_URL name one that you may write."
)
TOLD_APART = {
    "readonly database": READ_ONLY,
    "read-only transaction": READ_ONLY,
    "unable to open database file": "{where} cannot be opened. Give your user leave to read and write it, and the folder it lies in too; "
    "or let ALMONER_HOME name another.",
    "database is locked": "{where} has been in use by another command for over a minute, so nothing was done. Wait until that has ended, "
    "then try again.",
    "disk is full": "The disk is full, so nothing was done. Make room, then try again.",
}
"""By words of the database itself, for which `almoner init` would be no help."""


class LaterDatabase(Exception):
    """A database that a later version of Almoner has brought up to itself: what this version made of it nobody knows."""


def what_to_say(error: Exception) -> str | None:
    """The sentence for an error of the database, what to do included; None when it is another kind of error."""
    if isinstance(error, LaterDatabase):
        return str(error)
    kind = type(error)
    if not kind.__module__.startswith("django."):
        return None
    for words, said in TOLD_APART.items():
        if words in str(error):
            return said.format(where=_where())
    return TROUBLES.get(kind.__name__)


def refuse_later_database() -> None:
    """LaterDatabase when migrations have been applied to the database that this version does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    import almoner

    known = MigrationLoader(None, load=False)
    known.load_disk()
    unknown = sorted(set(MigrationRecorder(connection).applied_migrations()) - set(known.disk_migrations))
    if unknown:
        named = ", ".join(f"{app}.{name}" for app, name in unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
        raise LaterDatabase(
            f"The database was brought up to a later version of Almoner than this one ({almoner.__version__}), which does not know {named}."
            " Install that later version, or put back the copy of the database made before."
        )


def _where() -> str:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    return f"The database {name}"
