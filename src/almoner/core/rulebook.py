"""The rules in their order, and what each of them reads. The rules themselves are in `rules/*.sql`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

# Top to bottom: each rule reads tables of facts and the rules above it. Of rules that could stand next, the one for which most wait.
RULES = (
    "person_windows", "kept_lines", "looked_back", "spoken", "contract_periods", "package_lines", "line_periods", "line_rate_periods",
    "visit_terms", "slots", "replaced", "reported", "reported_weeks", "bank_holidays_kept", "rates_on", "frustrated_days",
    "blank_starts", "named", "planned_visits", "priced_visits", "visits", "releases_in_force", "timetables", "rate_weeks",
    "doubled_visits", "carer_clashes", "totals", "told_plans", "twice_named", "hospital_days", "visit_flags", "freed", "held_visits",
    "held_worth", "line_spans", "line_weeks", "quantity_days", "placement_days", "one_offs", "unready_weeks", "uncompared_days",
    "stretches", "chargeable_lines", "week_pieces", "cost_pieces", "plan_weeks", "compared_weeks", "breaches", "held_weeks",
    "stated_pieces", "stated_weeks", "stretch_costs", "share_parts", "council_parts", "shared_pieces", "charge_pieces", "service_weeks",
    "contribution_weeks", "person_charges", "netted_weeks", "top_up_weeks", "funder_shares", "entitlement", "sealed", "payee_holds",
    "balances", "positions", "receipts", "unplaced", "holds", "unknown_sealed",
)  # fmt: skip

# Rows that come out of a join are kept (AS MATERIALIZED, or a table) before they are unnested, or joined by anything but equality, as
# releases are: DuckDB 2.0.0 fails on some of them otherwise ("global dictionary changed identity": its dictionaries that outlive a join).
# Read once, or so cheap that keeping their rows would cost more than finding them again.
VIEWS = frozenset(
    ("bank_holidays_kept", "reported", "named", "priced_visits", "entitlement", "payee_holds", "positions", "unplaced", "receipts")
)
# Read again by the workings.
KEPT_FOR_WORKINGS = frozenset(("named", "priced_visits"))

# A rule has nothing to say when any of these is empty, and is then not asked at all; a condition narrows a table's rows.
SILENT_WITHOUT = {
    "releases_in_force": ("releases",),
    "looked_back": ("actuals WHERE outcome = 'frustrated'",),
    "spoken": ("actuals",),
    "replaced": ("spoken",),
    "reported_weeks": ("spoken",),
    "hospital_days": ("absences",),
    "slots": ("schedule",),
    "timetables": ("slots",),
    "rates_on": ("rates",),
    "rate_weeks": ("rates_on",),
    "blank_starts": ("slots", "reported WHERE start_minute IS NULL AND NOT is_total"),
    "named": ("spoken",),
    "frustrated_days": ("reported WHERE outcome = 'frustrated'",),
    "planned_visits": ("slots",),
    "twice_named": ("blank_starts",),
    "quantity_days": ("line_periods WHERE quantity_hundredths IS NOT NULL",),
    "totals": ("reported WHERE is_total",),
    "told_plans": ("spoken",),
    "freed": ("visit_flags", "releases_in_force"),
    "held_visits": ("visit_flags",),
    "held_worth": ("held_visits",),
    "placement_days": ("package_lines WHERE basis = 'placement'",),
    "one_offs": ("package_lines WHERE basis = 'one_off'",),
    "breaches": ("compared_weeks",),
    "stretches": ("shares",),
    "stretch_costs": ("stretches",),
    "share_parts": ("stretch_costs",),
    "council_parts": ("stretch_costs",),
    "chargeable_lines": ("contributions",),
    "service_weeks": ("chargeable_lines",),
    "contribution_weeks": ("service_weeks",),
    "shared_pieces": ("council_parts", "chargeable_lines"),
    "charge_pieces": ("chargeable_lines",),
    "person_charges": ("contribution_weeks",),
    "netted_weeks": ("person_charges WHERE provider_pence > 0",),
    "top_up_weeks": ("top_ups",),
    "sealed": ("prior_receipts",),
    "unknown_sealed": ("prior_receipts",),
}


@dataclass(frozen=True)
class Step:
    """One statement of a calculation: a rule kept as a table or as a view, or a question whose answer is wanted."""

    name: str
    sql: str
    kind: Literal["table", "view", "answer"]
    reads: frozenset[str]
    """Rules whose tables it reads, through views too."""


@cache
def rule_text(name: str) -> str:
    """The SQL of one rule."""
    return (resources.files("almoner.core") / "rules" / f"{name}.sql").read_text(encoding="utf-8")


def steps(questions: dict[str, str], *, workings: bool) -> tuple[Step, ...]:
    """The rules in order, then the questions (name -> SQL). With `workings` what they read is kept."""
    views = VIEWS - KEPT_FOR_WORKINGS if workings else VIEWS
    made: dict[str, Step] = {}
    for name in RULES:
        kind: Literal["table", "view"] = "view" if name in views else "table"
        sql = _statement(rule_text(name))
        made[name] = Step(name, sql, kind, _reads(sql, made))
    asked = (Step(name, _statement(sql), "answer", _reads(_statement(sql), made)) for name, sql in questions.items())
    return (*made.values(), *asked)


def _statement(text: str) -> str:
    """The text without its lines of comment, which would be read again by DuckDB."""
    return re.sub(r"(?m)^ *--.*\n", "", text)


def _reads(sql: str, above: dict[str, Step]) -> frozenset[str]:
    named = {word for word in re.findall(r"\w+", sql) if word in above}
    return frozenset(named.union(*(above[word].reads for word in named if above[word].kind == "view")))
