"""Which of many versions stand, found in memory: for a whole table quicker than asking the database. Pure."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import Table
from almoner.office.records.versions import identity


def standing_among(table: Table, versions: pa.Table) -> pa.Table:
    """The versions in force, in the schema of `core.tables` and in their order, among `versions`: all of their keys, with `withdrawn`.

    As `standing.in_force` says: the highest version stands, of an actual the one submitted last and then the highest, and withdrawn
    ones do not.
    """
    passed = _passed(table, versions)
    if len(passed):
        versions = versions.filter(pc.invert(pc.is_in(versions.column("row"), value_set=passed)))
    if pc.any(versions.column("withdrawn")).as_py():
        versions = versions.filter(pc.invert(versions.column("withdrawn")))
    return versions.drop_columns(["withdrawn"])


def _passed(table: Table, versions: pa.Table) -> pa.Array:
    """The numbers of those that a later one of the same key has replaced. Few keys have two versions: only those are put in order."""
    key = ", ".join(f'"{name}"' for name in table.key)
    submitted = "submitted_at NULLS FIRST, " if "submitted_at" in identity(table) else ""
    with in_memory() as memory:
        memory.register("versions", versions)
        found: pa.Table = memory.sql(
            f"""
            WITH repeated AS (SELECT hash({key}) AS hashed FROM versions GROUP BY ALL HAVING count(*) > 1)
            SELECT "row" FROM versions SEMI JOIN repeated ON hash({key}) = hashed
            QUALIFY lead("row") OVER (PARTITION BY {key} ORDER BY {submitted}"row") IS NOT NULL
            """
        ).to_arrow_table()
    return found.column("row").combine_chunks()
