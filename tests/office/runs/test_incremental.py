"""A run that works out only what is new, changed or held posts the same as one that works out everything, whatever kind of fact changed."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from tests.councils import BATCH, generate
from tests.councils.batch import mark, merged
from tests.office.runs.changes import CHANGED, change, ids_of
from tests.office.runs.little import later

BATCHES = range(int(os.environ.get("ALMONER_FIRST_BATCH", "0")), int(os.environ.get("ALMONER_BATCHES", "1")))
ROUNDS = 4


def record(name, rows, at, withdrawn=False):
    import pyarrow as pa
    from django.db import transaction

    from almoner.core.tables import TABLES
    from almoner.office.records.operations import append_versions

    names = {column.name for column in TABLES[name].columns} | {"row"}
    plain = [{key: row[key] for key in names if key in row} for row in rows]
    with transaction.atomic():
        append_versions(name, pa.Table.from_pylist(plain, schema=TABLES[name].schema), by="inventor", at=at, withdrawn=withdrawn)


def entered(batch):
    """The councils of a batch recorded; returns their rows and their window."""
    from almoner.core.tables import TABLES

    councils = [generate(seed) for seed in range(batch * BATCH, (batch + 1) * BATCH)]
    tables = merged({council.seed: council.tables for council in councils})
    for name, rows in tables.items():
        if name != "prior_receipts" and rows:
            record(name, rows, later(0))
    import pyarrow as pa

    from almoner.office.runs.operations import import_prior_receipts

    prior = tables.get("prior_receipts", [])
    import_prior_receipts(pa.Table.from_pylist(prior, schema=TABLES["prior_receipts"].schema), by="inventor", at=later(0))
    return tables, councils


def draft(book, through, hours, **more):
    from almoner.office.runs.operations import draft_run

    return draft_run(book=book, through=through, by="ann", at=later(hours), **more).run


def result(run, name):
    from almoner.office.runs.queries import draft_table

    table = draft_table(run, "result", name)
    columns = [column for column in table.column_names if column not in ("cause", "message", "remedy")]
    return table.select(columns).to_pylist()


@pytest.mark.parametrize("batch", BATCHES)
def test_what_changed_is_enough(office, batch):
    from almoner.office.runs.operations import discard_run, seal_run

    rng = Random(f"changes {batch}")
    tables, councils = entered(batch)
    through = councils[0].window.first + timedelta(days=rng.randrange(6, 20))
    hours, changed = 1, Counter()
    for round_ in range(ROUNDS):
        for council in councils if round_ else ():
            for _ in range(rng.choice([1, 1, 2])):
                name = CHANGED[(council.seed + round_ * 7 + rng.randrange(3)) % len(CHANGED)]
                found = change(rng, tables, name, mark(council.seed))
                if found:
                    record(found[0], [found[1]], later(hours), withdrawn=found[2])
                    tables[name].append(found[1])
                    changed[name] += 1
        for book in ("payments", "claims", "charges") if round_ in (0, ROUNDS - 1) else ("payments",):
            part = draft(book, through, hours + 1)
            whole = draft(book, through, hours + 1, full=True)
            wrong = f"batch {batch}, round {round_}, {book} through {through}; changed: {ids_of(changed)}"
            assert result(part, "receipts") == result(whole, "receipts"), wrong
            assert result(part, "holds") == result(whole, "holds"), wrong
            discard_run(run=whole, by="ann", at=later(hours + 1))
            seal_run(run=part, by="ann", at=later(hours + 1))
        hours += 2
        through += timedelta(days=rng.choice([0, 0, 3, 7, 9]))
    assert len(changed) >= 15, "nearly every kind of fact changed"
