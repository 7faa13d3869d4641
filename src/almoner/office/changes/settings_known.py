"""The council's settings as they are known: calendars, what frustrated visits and absences pay, contracts' terms, limits. Each row with its
first day, and with where it is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from almoner.core.memory import in_memory
from almoner.core.money import percent_text
from almoner.core.tables import Kind
from almoner.figures.bank_holidays import DayNotKnown, bank_holiday_figures
from almoner.office.changes.calendars import timings_in_force
from almoner.office.changes.contract_terms import COLUMNS, TERM_WORDS, term_text
from almoner.office.changes.kinds import Terms
from almoner.office.changes.limits import LIMITS, limits_set
from almoner.office.changes.queries import orders
from almoner.office.furniture.words import clock, day, local, moment, pounds
from almoner.office.records.queries import known_at, table_known
from almoner.office.runs.calendar import DEFAULT_RULES, CalendarRule, Period
from almoner.office.runs.cycles import periods_around

Row = dict[str, Any]
AHEAD, YEAR = timedelta(days=92), timedelta(days=400)
IN_FILE, USUAL = "council.toml", "Almoner, where council.toml says nothing"


def cycles_set(rules: Sequence[CalendarRule]) -> list[Row]:
    """How each book's cycle runs, and where that is set."""
    named = {(rule.book, rule.cycle) for rule in rules}
    every = [*((rule, IN_FILE) for rule in rules), *((rule, USUAL) for rule in DEFAULT_RULES if (rule.book, rule.cycle) not in named)]
    rows = []
    for rule, where in every:
        words = f"{rule.book.capitalize()}, {rule.cycle.replace('_', '-')}"
        rows.append({"cycle": words, "from": rule.anchor if rule.cycle != "monthly" else None, **_timed(rule), "where": where})
        if rule.book == "payments":
            rows += [{"cycle": words, "from": one.change.on, **_timed(one.change), "where": f"here, {one.reference}"}
                     for one in timings_in_force(rule.cycle)]  # fmt: skip
    return rows


def _timed(rule: Any) -> Row:
    """When a cycle is cut off and paid, by a rule or a change of one."""
    return {
        "cut_off": f"{clock(rule.cut_off_time)}, {_after(rule.cut_off_days)}", "pay": _after(rule.pay_days),
        "reminder": f"{_days(rule.reminder_days)} before the cut-off",
    }  # fmt: skip


def periods_to_come(at: datetime, rules: Sequence[CalendarRule]) -> list[Row]:
    """The periods of payments of the next three months: as the calendar has them, else by its rules."""
    today = local(at).date()
    found: list[Period] = []
    for cycle in ("weekly", "four_weekly", "monthly"):
        try:
            found += periods_around(cycle, today, today + AHEAD, rules)
        except DayNotKnown:
            continue
    return [
        {
            "cycle": one.cycle.replace("_", "-").capitalize(), "from": one.from_date, "to": one.last_day,
            "cut_off": moment(one.cut_off_at), "cut_off_at": one.cut_off_at, "pay": one.pay_date, "moved": one.moved_because,
        }
        for one in sorted(found, key=lambda one: (one.from_date, one.cycle))
    ]  # fmt: skip


def holidays_known(at: datetime) -> tuple[list[Row], date]:
    """Bank holidays of the next thirteen months, and the day until which all are known."""
    figures, today = bank_holiday_figures(), local(at).date()
    rows = [
        {"date": one.date, "name": one.name, "nations": ", ".join(nation.replace("_", " ").title() for nation in one.nations)}
        for one in figures.days
        if today <= one.date <= today + YEAR
    ]
    return rows, figures.known_until


def policies_known(kind: str, at: datetime) -> list[Row]:
    """Dated rows of what frustrated visits or absences pay, those alike in the contracts of a service put together."""
    known = known_at(at)
    table, what = {"frustrated": ("frustration_policy", "reason, max_days"), "absence": ("absence_policy", "kind, from_day")}[kind]
    with in_memory() as memory:
        memory.register("policy", table_known(table, known))
        memory.register("contracts", table_known("contracts", known))
        rows = (
            memory.sql(
                f"""
            SELECT c.service_type, p.valid_from, p.valid_to, p.percent, {", ".join(f"p.{name}" for name in what.split(", "))},
                count(*)::BIGINT AS contracts
            FROM policy p JOIN contracts c USING (contract_id)
            GROUP BY ALL ORDER BY ALL
            """
            )
            .to_arrow_table()
            .to_pylist()
        )
    return [{**row, "pays": percent_text(row["percent"]), "service": row["service_type"].capitalize(), **_what(kind, row)} for row in rows]


def terms_known(at: datetime) -> list[Row]:
    """Contracts' terms by service: those for their whole life, and those from a day on."""
    known = known_at(at)
    here = {(one.change.term, one.change.on) for one in orders(kind="terms") if one.state == "in_force" and isinstance(one.change, Terms)}
    told = " UNION ALL ".join(
        f"SELECT service_type, NULL::DATE AS valid_from, '{name}' AS term, CAST({name} AS VARCHAR) AS value FROM contracts"
        f" UNION ALL SELECT c.service_type, t.valid_from, '{name}', CAST(t.{name} AS VARCHAR) FROM terms t"
        f" JOIN contracts c USING (contract_id) WHERE t.{name} IS NOT NULL"
        for name in TERM_WORDS
    )
    with in_memory() as memory:
        memory.register("contracts", table_known("contracts", known))
        memory.register("terms", table_known("contract_terms", known))
        rows = (
            memory.sql(
                f"SELECT service_type, term, value, valid_from, count(*)::BIGINT AS contracts FROM ({told}) WHERE value IS NOT NULL"
                " GROUP BY ALL ORDER BY ALL"
            )
            .to_arrow_table()
            .to_pylist()
        )
    return [
        {
            "service": row["service_type"].capitalize(), "term": TERM_WORDS[row["term"]], "value": _value(row["term"], row["value"]),
            "from": row["valid_from"], "contracts": row["contracts"],
            "where": "here" if (row["term"], row["valid_from"]) in here else "the contract's terms, imported",
        }
        for row in rows
    ]  # fmt: skip


def limits_known(at: datetime) -> list[Row]:
    """Every limit's rows, and what holds where none was set; `holds` marks the one of today."""
    today, found = local(at).date(), []
    for name, limit in LIMITS.items():
        rows = [row for row in limits_set() if row["name"] == name]
        standing = next((row for row in sorted(rows, key=lambda row: (str(row["from_date"]), row["id"]), reverse=True)
                         if str(row["from_date"]) <= today.isoformat()), None)  # fmt: skip
        usual: Row = {"name": name, "value": limit.usual, "from_date": None, "reason": "", "by": "", "where": USUAL_LIMIT}
        for row in [usual, *rows]:
            holds = row is standing or (row is usual and standing is None)
            value = int(str(row["value"]))
            shown = percent_text(value) if limit.unit == "percent" else pounds(value)
            found.append(
                {**row, "limit": limit.words, "shown": shown, "where": row.get("where", "here"), "holds": "holds today" if holds else ""}
            )
    return found


USUAL_LIMIT = "Almoner, until one is set here"


def _what(kind: str, row: Row) -> Row:
    if kind == "frustrated":
        return {"what": row["reason"] or "any reason", "days": f"at most {_days(row['max_days'])}" if row["max_days"] is not None else ""}
    return {"what": row["kind"].capitalize(), "days": f"from day {row['from_day']} away"}


def _value(term: str, value: str) -> str:
    match COLUMNS[term].kind:
        case Kind.YES_NO:
            return "yes" if value == "true" else "no"
        case Kind.PERCENT | Kind.COUNT:
            return term_text(term, int(value))
    return term_text(term, value)


def _after(days: int) -> str:
    return f"{_days(days)} after the period"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def day_shown(value: date | None) -> str:
    """`From 6 April 2026`; for a row without a first day, that it always held."""
    return f"From {day(value)}" if value else "From the beginning"
