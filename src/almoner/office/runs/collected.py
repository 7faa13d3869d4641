"""What a provider collects itself of what people pay, so that its payment is that much less (CHG-4), run by run. Reads only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.office.runs.models import StoredTable
from almoner.office.runs.payments import receipts_for
from almoner.office.runs.stored import from_parquet

NETTED = pa.schema([("line_id", pa.string()), ("week", pa.date32()), ("netted_pence", pa.int64())])
MOST_KEPT = 200
_kept: OrderedDict[str, pa.Table] = OrderedDict()
"""The weeks of sealed runs in which something is collected, by the hash of what the run worked out, which never changes."""
_lock = Lock()
OF_RUNS = """
    SELECT r.run_id, sum(n.netted_pence)::BIGINT
    FROM receipts r JOIN netted n ON n.run_id = r.run_id AND n.line_id = r.line_id AND n.week = r.week
    WHERE r.kind = 'regular' GROUP BY r.run_id
"""


def collected_in(runs: Iterable[str], lines: pa.ChunkedArray) -> dict[str, int]:
    """Pence by run: what the provider of these lines collects of the weeks that the run paid for the first time; absent where nothing."""
    of_weeks = StoredTable.objects.filter(run_id__in=list(runs), role="working", name="weeks")
    digests: dict[str, str] = dict(of_weeks.values_list("run_id", "content_hash"))
    netted = _netted(digests)
    if not any(table.num_rows for table in netted.values()):
        return {}
    named = [table.append_column("run_id", pa.array([run] * table.num_rows, pa.string())) for run, table in netted.items()]
    with in_memory() as memory:
        memory.register("receipts", receipts_for(lines))
        memory.register("netted", pa.concat_tables(named))
        return dict(memory.execute(OF_RUNS).fetchall())


def _netted(digests: Mapping[str, str]) -> dict[str, pa.Table]:
    """The rows of each run (`NETTED`) in which something is collected."""
    with _lock:
        found = {run: _kept[digest] for run, digest in digests.items() if digest in _kept}
    missing = [run for run in digests if run not in found]
    stored = StoredTable.objects.filter(run_id__in=missing, role="working", name="weeks").values_list("run_id", "content")
    for run, content in stored.iterator(chunk_size=1) if missing else ():
        rows = from_parquet(bytes(content), filters=[("netted_pence", ">", 0)], columns=NETTED.names)
        found[run] = rows.cast(NETTED)
    with _lock:
        for run in missing:
            _kept[digests[run]] = found[run]
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found
