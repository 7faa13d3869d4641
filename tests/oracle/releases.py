"""HLD-4: whether a hold has been released."""

from __future__ import annotations

from datetime import date, datetime

from tests.oracle.facts import Facts, Row, reported

NEVER_RELEASED = ("UNP", "RAT")


def released(facts: Facts, code: str, line: Row, week: date) -> bool:
    """Whether a hold with this code on the line and week is released."""
    if code in NEVER_RELEASED:
        return False
    cells = (line["person_id"], facts.provider_id(line), line["line_id"], week)
    for release in _in_force(facts, code):
        filled = (release["person_id"], release["provider_id"], release["line_id"], release["week"])
        if any(cell is not None and cell != own for cell, own in zip(filled, cells, strict=True)):
            continue
        if _overtaken(facts, release, reported(facts, line, week)):
            continue
        facts.hit(f"HLD-4 {code} released")
        return True
    return False


def tolerance_released(facts: Facts, group: list[Row], week: date) -> set[str]:
    """The lines a `TOL` release frees of a group (lines of one person and provider in one week)."""
    person_id, provider_id = group[0]["person_id"], facts.provider_id(group[0])
    freed: set[str] = set()
    rows = [row for line in group for row in reported(facts, line, week)]
    for release in _in_force(facts, "TOL"):
        cells = ((release["person_id"], person_id), (release["provider_id"], provider_id), (release["week"], week))
        if any(cell is not None and cell != own for cell, own in cells) or _overtaken(facts, release, rows):
            continue
        named = {line["line_id"] for line in group if release["line_id"] in (None, line["line_id"])}
        facts.hit("HLD-4 TOL released" if release["line_id"] is None else "HLD-4 TOL released for a line")
        freed |= named
    return freed


def _in_force(facts: Facts, code: str) -> list[Row]:
    found = []
    for row in _latest(facts):
        if row["code"] != code:
            continue
        if row["decision"] != "release":
            facts.hit("HLD-4 upheld")
        elif facts.as_of and row["at"] and row["at"] > facts.as_of:
            facts.hit("DIF-4 released after as_of")
        else:
            found.append(row)
    return found


def _latest(facts: Facts) -> list[Row]:
    """Of decisions on the same hold known by `as_of` the latest, then the later row."""
    latest: dict[tuple[object, ...], tuple[datetime, int]] = {}
    known = [row for row in facts.rows("releases") if not (facts.as_of and row["at"] and row["at"] > facts.as_of)]
    for row in known:
        told = (row["at"] or datetime.min, row["row"])
        latest[_named(row)] = max(latest.get(_named(row), told), told)
    later = {number for _, number in latest.values()}
    return [row for row in facts.rows("releases") if row not in known or row["row"] in later]


def _named(row: Row) -> tuple[object, ...]:
    return tuple(row[cell] for cell in ("code", "person_id", "provider_id", "line_id", "week"))


def _overtaken(facts: Facts, release: Row, rows: list[Row]) -> bool:
    """Void when an actual was submitted later than the release; blank times never void it."""
    void = any(release["at"] and row["submitted_at"] and row["submitted_at"] > release["at"] for row in rows)
    if void:
        facts.hit("HLD-4 void: submitted again since")
    return void


def freed_by_reason(facts: Facts, group: list[Row], week: date, listed: dict[str, set[str]]) -> bool:
    """HLD-2: an actual of the group carries a reason that its contract lists (`listed`: reasons by contract)."""
    rows = [(line, row) for line in group for row in reported(facts, line, week)]
    free = any(row["reason"] is not None and row["reason"] in listed[line["contract_id"]] for line, row in rows)
    if free:
        facts.hit("HLD-2")
    return free
