"""Every run with its figures, as the console lists them. What was sealed never changes, so its figures are added up once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.records.bulk import any_of, read_rows
from almoner.office.runs.desk_models import LongWork
from almoner.office.runs.models import Draft, DraftTable, Run, RunEvent
from almoner.office.runs.queries import RunShown, draft_table, holds_of, receipts_of, stored_table, total_pence
from almoner.office.runs.stored import from_parquet

Row = dict[str, Any]
WAITS_FOR = {
    "draft": "payments officer, to seal", "sealed": "payments approver, another person", "approved": "finance, to issue",
    "issued": "finance, to settle", "settled": "",
}  # fmt: skip
SUMS = pa.schema([("run_id", pa.string()), ("count", pa.int64()), ("pence", pa.int64()), ("providers", pa.int64())])
_ADDED: dict[tuple[str, str], Figures] = {}


@dataclass(frozen=True)
class Figures:
    """What a run comes to, in counts and pence."""

    providers: int
    receipts: int
    total_pence: int
    holds: int
    held_pence: int


@dataclass(frozen=True)
class WorkShown:
    """How far long work is: `state` working, done or refused; `result` is the run that came of it."""

    number: int
    kind: str
    subject: str
    state: str
    stage: str
    done: int
    of: int
    result: str
    code: str
    message: str
    remedy: str


def register() -> list[Row]:
    """Every draft and run: those that wait for somebody first, newest first; `against` is the difference from the run before it."""
    seals: dict[str, str] = {}
    states: dict[str, str] = {}
    for subject, event, hash_ in (
        RunEvent.objects.filter(subject__startswith="R-").order_by("number").values_list("subject", "event", "hash")
    ):
        states[subject] = event
        if event == "sealed":
            seals[subject] = hash_
    columns = ("id", "book", "cycle", "through", "as_of", "drafted_by")
    headers: list[Row] = [
        *({**row, "state": states.get(row["id"], "sealed"), "origin": row["origin"]} for row in Run.objects.values(*columns, "origin")),
        *({**row, "state": "draft", "origin": "calculated"} for row in Draft.objects.values(*columns)),
    ]
    headers.sort(key=lambda row: row["id"])
    figures = _figures({row["id"]: seals.get(row["id"], "") for row in headers if row["state"] != "draft"})
    before: dict[tuple[str, str], int] = {}
    rows = []
    for header in headers:
        own = draft_figures(header["id"]) if header["state"] == "draft" else figures[header["id"]]
        kind = (header["book"], header["cycle"])
        against = [own.total_pence, -before[kind]] if kind in before else None
        rows.append(_row(header, own, against))
        if header["state"] != "draft":
            before[kind] = own.total_pence
    return sorted(rows, key=lambda row: (row["waits"] == "", _newest(row["run"])))


def runs_in_progress() -> int:
    """How many drafts and runs wait for somebody: calculated here, and not settled."""
    settled = RunEvent.objects.filter(event="settled").values("subject")
    return Draft.objects.count() + Run.objects.exclude(origin="imported").exclude(id__in=settled).count()


def _newest(run: str) -> int:
    return -int(run.removeprefix("R-"))


def _row(header: Row, own: Figures, against: list[int] | None) -> Row:
    imported = header["origin"] == "imported"
    return {
        "run": header["id"], "book": header["book"].capitalize(), "cycle": header["cycle"].replace("_", "-") or "all",
        "through": header["through"], "providers": own.providers, "receipts": own.receipts, "total": own.total_pence,
        "held": own.held_pence, "against": None if against is None else int(pc.sum(pa.array(against)).as_py()),
        "state": header["state"], "waits": "" if imported else WAITS_FOR[header["state"]], "imported": imported,
    }  # fmt: skip


def draft_figures(run: str) -> Figures:
    """What a draft comes to."""
    kept = DraftTable.objects.filter(draft_id=run, role="result", name__in=("receipts", "holds"))
    tables = {table.name: from_parquet(bytes(table.content)) for table in kept}
    return _sums(tables["receipts"], tables["holds"])


def figures_of(shown: RunShown) -> Figures:
    """What a draft or a run comes to."""
    if shown.state == "draft":
        return draft_figures(shown.run)
    sealed = next((event.hash for event in shown.events if event.event == "sealed"), "")
    return _figures({shown.run: sealed})[shown.run]


def _sums(receipts: pa.Table, holds: pa.Table) -> Figures:
    providers = pc.count_distinct(receipts.column("payee_id")).as_py()
    return Figures(providers, receipts.num_rows, total_pence(receipts), holds.num_rows, total_pence(holds))


def _figures(seals: dict[str, str]) -> dict[str, Figures]:
    """The figures of sealed runs, by run; `seals` are the hashes of their events."""
    wanted = [run for run, seal in seals.items() if (run, seal) not in _ADDED]
    if wanted:
        sums = _added("almoner_receipts", "payee_id", wanted)
        holds = _added("almoner_sealed_holds", "provider_id", wanted)
        for run in wanted:
            count, pence, providers = sums.get(run, (0, 0, 0))
            held, held_pence, _ = holds.get(run, (0, 0, 0))
            _ADDED[run, seals[run]] = Figures(providers, count, pence, held, held_pence)
    return {run: _ADDED[run, seal] for run, seal in seals.items()}


def _added(table: str, whom: str, runs: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    condition, given = any_of("run_id", list(runs))
    select = (
        f"SELECT run_id, count(*) AS count, CAST(coalesce(sum(amount_pence), 0) AS BIGINT) AS pence, count(DISTINCT {whom}) AS providers"
        f" FROM {table} WHERE {condition} GROUP BY run_id"
    )
    rows = read_rows(select, SUMS, [given], order=("run_id",)).to_pylist()
    return {row["run_id"]: (row["count"], row["pence"], row["providers"]) for row in rows}


def numbered_receipts(shown: RunShown) -> pa.Table:
    """A run's receipts with their `number` in it, the same in a draft and once it is sealed."""
    if shown.state != "draft":
        return receipts_of(shown.run)
    found = draft_table(shown.run, "result", "receipts")
    assert found is not None, "a draft has receipts, be they none"
    return found.add_column(0, "number", pa.array(range(1, found.num_rows + 1), pa.int64()))


def holds_found(shown: RunShown) -> pa.Table:
    """What a draft or run held."""
    found = draft_table(shown.run, "result", "holds") if shown.state == "draft" else holds_of(shown.run)
    assert found is not None, "a run has holds, be they none"
    return found


def facts_read(shown: RunShown, *names: str) -> dict[str, pa.Table]:
    """Tables of facts as the run read them, by name."""
    read = draft_table if shown.state == "draft" else stored_table
    return {name: table for name in names if (table := read(shown.run, "input", name)) is not None}


def run_before(shown: RunShown) -> str | None:
    """The run of the same book and cycle that was sealed last before this one was drafted; None for the first."""
    sealed = RunEvent.objects.filter(event="sealed", number__lte=shown.drafted_after).order_by("-number").values_list("subject", flat=True)
    same = set(Run.objects.filter(book=shown.book, cycle=shown.cycle, origin="calculated").values_list("id", flat=True))
    return next((run for run in sealed if run in same), None)


def same_draft(book: str, cycle: str, through: date) -> str | None:
    """The draft there is of a book and cycle through a day, if any."""
    return Draft.objects.filter(book=book, cycle=cycle, through=through).order_by("-id").values_list("id", flat=True).first()


def work_shown(number: int) -> WorkShown | None:
    """How far long work is; None when there is none of that number."""
    row = LongWork.objects.filter(pk=number).first()
    if row is None:
        return None
    return WorkShown(row.pk, row.kind, row.subject, row.state, row.stage, row.done, row.of, row.result, row.code, row.message, row.remedy)
