"""Holds by name: the same key has the same id in every draft and run. Which are open now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from almoner.office.records.versions import VERSIONED
from almoner.office.runs.models import Draft
from almoner.office.runs.queries import draft_table, holds_of, runs_shown

KEY = ("code", "person_id", "provider_id", "line_id", "week")


@dataclass(frozen=True)
class HoldShown:
    """One open hold, from the latest draft or run that found it. `decided` says what was decided since, and by whom; empty = open."""

    hold: str
    run: str
    code: str
    person_id: str
    provider_id: str
    line_id: str
    week: date
    amount_pence: int
    message: str
    remedy: str
    decided: str


def hold_ids(holds: pa.Table) -> pa.Array:
    """The id of each hold: `H-` and ten letters and digits of a hash over its key."""
    return pa.array([hold_id(*(row[name] for name in KEY)) for row in holds.select(KEY).to_pylist()], pa.string())


def hold_id(code: str, person_id: str, provider_id: str, line_id: str, week: date | None) -> str:
    """The id of the hold with this key."""
    key = "\x1f".join((code, person_id or "", provider_id or "", line_id or "", week.isoformat() if week else ""))
    return f"H-{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}"


def open_holds() -> list[HoldShown]:
    """Every hold of the latest draft or run of each book and cycle, each once, with what was decided since; largest amount first."""
    latest = {(shown.book, shown.cycle): shown for shown in runs_shown() if shown.origin == "calculated"}
    found: dict[str, HoldShown] = {}
    # Payments last: of several books that found a hold, theirs says what would be paid.
    for (_book, _cycle), shown in sorted(latest.items(), key=lambda item: (item[0][0] == "payments", item[0])):
        held = draft_table(shown.run, "result", "holds") if shown.state == "draft" else holds_of(shown.run)
        decisions = decisions_since(shown.as_of)
        for row in held.to_pylist() if held is not None else ():
            name = hold_id(*(row[column] for column in KEY))
            found[name] = HoldShown(
                name, shown.run, **{k: row[k] for k in (*KEY, "amount_pence", "message", "remedy")}, decided=_decided(row, decisions)
            )
    return sorted(found.values(), key=lambda hold: (-hold.amount_pence, hold.hold))


def decisions_since(at: datetime) -> list[dict[str, object]]:
    """Decisions on holds recorded after an instant, latest last."""
    model = VERSIONED["releases"]
    columns = ("decision", *KEY, "reason", "by", "at", "withdrawn")
    return list(model._default_manager.filter(recorded_at__gt=at).order_by("version").values(*columns))


def drafts() -> list[str]:
    """The ids of the drafts there are."""
    return list(Draft.objects.order_by("id").values_list("id", flat=True))


def _decided(hold: dict[str, object], decisions: list[dict[str, object]]) -> str:
    fitting = [
        decision
        for decision in decisions
        if not decision["withdrawn"] and all(not decision[name] or decision[name] == hold[name] for name in KEY)
    ]
    if not fitting:
        return ""
    last = fitting[-1]
    return f"{'released' if last['decision'] == 'release' else 'upheld'} by {last['by']}: {last['reason']}"
