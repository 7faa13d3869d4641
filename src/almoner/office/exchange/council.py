"""The council's own settings, as its `council.toml` says: who pays, from which account, in which ledger file, by which calendar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, ClassVar

from almoner.core.tables import BOOKS
from almoner.formats.payments.modulus import ModulusTable
from almoner.formats.payments.payment import Payer
from almoner.office.journal.refusals import Refusal
from almoner.office.runs.calendar import CalendarRule

CYCLES = ("weekly", "four_weekly", "monthly")


class CouncilRefused(Refusal):
    """A `council.toml` that cannot be read."""

    code: ClassVar[str] = "COUNCIL"


@dataclass(frozen=True)
class Council:
    """Who this council is. Without a payer no bank file is made; `ledger_mapping` is one of the shipped mappings or a mapping's text.

    `modulus` is Pay.UK's table if the council has put it there: with it, accounts that cannot exist are refused.
    """

    name: str = "The council"
    enquiries: str = ""
    payer: Payer | None = None
    ledger_mapping: str = "general"
    calendar: tuple[CalendarRule, ...] = field(default_factory=tuple)
    modulus: ModulusTable | None = None


def read_council(content: bytes) -> Council:
    """What a `council.toml` says; CouncilRefused names what is wrong with it."""
    try:
        told = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise CouncilRefused(f"council.toml cannot be read: {trouble}.", "Correct the file; the README shows one.") from None
    _only(told, {"council", "payer", "ledger", "calendar"}, "council.toml")
    council, payer = _section(told, "council", {"name", "enquiries"}), _section(told, "payer", {*PAYER_KEYS})
    ledger = _section(told, "ledger", {"mapping"})
    rules = told.get("calendar", [])
    if not isinstance(rules, list):
        raise CouncilRefused("[calendar] is not a list of rules.", "Write [[calendar]] before each rule.")
    return Council(
        name=council.get("name", "The council"),
        enquiries=council.get("enquiries", ""),
        payer=_payer(payer, council.get("name", "")) if payer else None,
        ledger_mapping=ledger.get("mapping", "general"),
        calendar=tuple(_rule(rule) for rule in rules),
    )


PAYER_KEYS = ("name", "sort_code", "account_number", "service_user_number")


def _payer(told: dict[str, Any], council: str) -> Payer:
    missing = [key for key in ("sort_code", "account_number") if not isinstance(told.get(key), str)]
    if missing:
        raise CouncilRefused(f"[payer] has no {missing[0]} in quotation marks.", 'Write it as text, for example sort_code = "200000".')
    return Payer(told.get("name", council), told["sort_code"], told["account_number"], told.get("service_user_number", ""))


def _rule(told: Any) -> CalendarRule:
    if not isinstance(told, dict):
        raise CouncilRefused("A calendar rule is not a table.", "Write [[calendar]] before each rule.")
    _only(told, set(CalendarRule.__dataclass_fields__), "[[calendar]]")
    if told.get("book") not in BOOKS or told.get("cycle") not in CYCLES:
        raise CouncilRefused(
            "A calendar rule names no book or no cycle.", f"book is one of {', '.join(BOOKS)}; cycle one of {', '.join(CYCLES)}."
        )
    if told["book"] == "charges" and told["cycle"] == "weekly":
        raise CouncilRefused("Charges are not billed weekly.", "Use four_weekly or monthly (CHG-5).")
    kinds = {"anchor": date, "cut_off_time": time, "cut_off_days": int, "pay_days": int, "reminder_days": int}
    for key, kind in kinds.items():
        if key in told and not isinstance(told[key], kind):
            raise CouncilRefused(f"{key} in [[calendar]] is not a {kind.__name__}.", "Write dates and times without quotation marks.")
    return CalendarRule(**told)


def _section(told: dict[str, Any], name: str, keys: set[str]) -> dict[str, Any]:
    section = told.get(name, {})
    if not isinstance(section, dict):
        raise CouncilRefused(f"{name} is not a section.", f"Write [{name}] on a line of its own.")
    _only(section, keys, f"[{name}]")
    wrong = next((key for key, value in section.items() if not isinstance(value, str)), None)
    if wrong:
        raise CouncilRefused(f"{wrong} in [{name}] is not text.", "Put it in quotation marks.")
    return section


def _only(told: dict[str, Any], keys: set[str], where: str) -> None:
    strange = sorted(set(told) - keys)
    if strange:
        raise CouncilRefused(f"{where} says {strange[0]}, which means nothing here.", f"Use {', '.join(sorted(keys))}.")
