"""The peer Django: `bulk_create` of the receipts that a run posts, into the same table of the same database, in one transaction.

They go under the header of a run that nobody drafted, and nothing is worked out, held, paid, hashed or kept for it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq
from bench.clock import timed
from bench.ours.staging import open_database

RUN = "R-9999"


def write(kept: Path) -> None:
    """The receipts in the Parquet file `kept` as rows of the table of receipts."""
    from django.db import transaction

    from almoner.office.runs.models import Receipt, Run

    header = Run.objects.order_by("-id")[0]
    header.id = RUN

    def work() -> str:
        rows = pq.read_table(kept).to_pylist()
        with transaction.atomic():
            header.save(force_insert=True)
            Receipt.objects.bulk_create([Receipt(**{**row, "run_id": RUN}) for row in rows], batch_size=5_000)
        return f"{len(rows):,} receipts"

    timed(work)


if __name__ == "__main__":
    open_database()
    write(Path(sys.argv[1]))
