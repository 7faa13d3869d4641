"""DIF and HLD-5: receipts are entitlement less what is sealed; holds stop increases only."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.entitlement import Entitlement
from tests.oracle.facts import Facts, Row, half_up, latest, monday_of
from tests.oracle.releases import released
from tests.oracle.weeks import LineWeek

Receipt = tuple[str, str, str, str, str, str, date, str, int]
Hold = tuple[str, str, str, str, date, int]
Sealed = dict[tuple[Any, ...], list[int]]


def sealed_by_key(facts: Facts) -> Sealed:
    """Sealed amounts by key: (payments, line, week), (claims, line, week, funder), (charges, person, week),
    (top-ups, payer, person, line, week). Rows of an unknown line, or of a person alone who is unknown, are left out (a finding); a row of
    a known line is of that line's person, whoever it names (a finding too)."""
    sealed: Sealed = defaultdict(list)
    for row in facts.rows("prior_receipts"):
        known = row["line_id"] in facts.lines if row["line_id"] is not None else row["person_id"] in {None, *facts.people}
        if not known:
            facts.hit("DIF-1 sealed for an unknown line or person")
            continue
        if row["week"] > facts.through:
            facts.hit("CAL-3 a sealed week after through")
            continue
        line = facts.lines.get(row["line_id"])
        sealed[_key(row if line is None else {**row, "person_id": line["person_id"]})].append(row["amount"])
    return sealed


def _key(row: Row) -> tuple[Any, ...]:
    if row["book"] == "payments":
        return ("payments", row["line_id"], row["week"])
    if row["book"] == "claims":
        return ("claims", row["line_id"], row["week"], row["funder_id"] or row["payee_id"])
    if row["line_id"] is None:
        return ("charges", row["person_id"], row["week"])
    return ("top-ups", row["payee_id"], row["person_id"], row["line_id"], row["week"])


def by_key(entitled: Entitlement) -> dict[tuple[Any, ...], int]:
    return {
        **{("payments", *key): pence for key, pence in entitled.payments.items()},
        **{("claims", *key): pence for key, pence in entitled.claims.items()},
        **{("charges", *key): pence for key, pence in entitled.charges.items()},
        **{("top-ups", *key): pence for key, pence in entitled.top_ups.items()},
    }


def post(facts: Facts, weeks: list[LineWeek], lo: Entitlement, hi: Entitlement) -> tuple[list[Receipt], list[Hold]]:
    """Receipts of every book, and every hold that is worth showing."""
    sealed, low, high = sealed_by_key(facts), by_key(lo), by_key(hi)
    posted: dict[tuple[Any, ...], int] = {}
    for key in {*sealed, *low, *high}:
        posted[key] = max(low.get(key, 0), min(high.get(key, 0), sum(sealed.get(key, []))))
        if posted[key] not in (low.get(key, 0), high.get(key, 0)):
            facts.hit("HLD-5 what was sealed stays")
    holds = [*_visit_holds(facts, weeks), *_unknown_lines(facts), *_line_holds(facts, weeks, high, posted)]
    holds += _payee_holds(facts, weeks, sealed, posted)
    receipts = [_receipt(facts, key, posted[key] - sum(sealed.get(key, [])), key in sealed) for key in posted]
    return sorted(r for r in receipts if r[-1] != 0), sorted(holds)


def _receipt(facts: Facts, key: tuple[Any, ...], pence: int, was_sealed: bool) -> Receipt:
    kind = "adjustment" if was_sealed else "regular"
    if pence:
        facts.hit(f"DIF-1 {kind}")
    if key[0] == "charges":
        return ("charges", key[1], key[1], "", "", "", key[2], kind, pence)
    if key[0] == "top-ups":
        return ("charges", key[1], key[2], key[3], "", "", key[4], kind, pence)
    line = facts.lines[key[1]]
    provider = facts.provider_id(line)
    if key[0] == "payments":
        return ("payments", provider, line["person_id"], line["line_id"], provider, "", key[2], kind, pence)
    return ("claims", key[3], line["person_id"], line["line_id"], provider, key[3], key[2], kind, pence)


# --- holds -------------------------------------------------------------------------------------------------------------


def _visit_holds(facts: Facts, weeks: list[LineWeek]) -> list[Hold]:
    found = []
    for done in weeks:
        for code, pence in done.stopped.items():
            amount = 0 if code == "RAT" else half_up(pence)
            if amount or code == "RAT":
                found.append((code, done.line["person_id"], facts.provider_id(done.line), *done.key, amount))
    return found


def _unknown_lines(facts: Facts) -> list[Hold]:
    """HLD-3 UNP: by line and the Monday week of the date, whatever the outcome."""
    found = {("UNP", "", "", row["line_id"], monday_of(row["date"]), 0) for row in facts.actuals if row["line_id"] not in facts.lines}
    facts.hits["HLD-3 UNP"] += len(found)
    return list(found)


def _line_holds(facts: Facts, weeks: list[LineWeek], high: dict[tuple[Any, ...], int], posted: dict[tuple[Any, ...], int]) -> list[Hold]:
    """AUT and AGR by line and week, TOL by person, provider and week: `hi` less what is posted."""
    amounts: dict[tuple[str, str, str, str, date], int] = defaultdict(int)
    for done in weeks:
        if done.held is not None:
            line_id = "" if done.held == "TOL" else done.line["line_id"]
            key = ("payments", *done.key)
            amounts[(done.held, done.line["person_id"], facts.provider_id(done.line), line_id, done.week)] += high[key] - posted[key]
    for key, pence in amounts.items():
        if pence > 0:
            facts.hit(f"HLD-3 {key[0]}")
    return [(*key, pence) for key, pence in amounts.items() if pence > 0]


def _payee_holds(facts: Facts, weeks: list[LineWeek], sealed: Sealed, posted: dict[tuple[Any, ...], int]) -> list[Hold]:
    """BNK, then CRD: of payments only, what is left to pay of each line and week (changes `posted`)."""
    found = []
    for done in weeks:
        provider_id = facts.provider_id(done.line)
        codes = [code for code, stopped in (("BNK", _unverified), ("CRD", _no_reference)) if stopped(facts, provider_id)]
        key = ("payments", *done.key)
        for code in codes:
            if done.negative or released(facts, code, done.line, done.week):
                continue
            left = max(0, min(posted[key], sum(sealed.get(key, []))))
            if posted[key] - left:
                facts.hit(f"HLD-3 {code}")
                found.append((code, done.line["person_id"], provider_id, *done.key, posted[key] - left))
            posted[key] = left
    return found


def _unverified(facts: Facts, provider_id: str) -> bool:
    """The latest bank row at `through` is not verified by a second person; no row at all stops nothing."""
    row = latest([row for row in facts.of("bank_accounts", "party_id", provider_id) if row["valid_from"] <= facts.through])
    if row is None:
        return False
    second = row["verified_by"] is not None and row["verified_by"].strip().lower() != (row["entered_by"] or "").strip().lower()
    return not (second and (row["verified_on"] is None or row["verified_on"] <= facts.through))


def _no_reference(facts: Facts, provider_id: str) -> bool:
    return not facts.providers[provider_id]["creditor_reference"]
