"""The remittance as a PDF: A4, black on white, tagged (PDF/UA-1), in English, dated by its pay date so that its bytes never change."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import typst

from almoner.formats.days import long_day, short_day
from almoner.formats.pounds import pounds_with_commas
from almoner.formats.refusals import FormatRefusal
from almoner.formats.remittances.remittance import REGULAR, Remittance, RemittanceLine, check_remittance
from almoner.formats.typeset_letters import known_letters

SHORT = 8
"""A person with at most so many lines is kept on one page."""
NOBODY = "Not for one person"
CANNOT_SHOW = "could not be displayed"


class RemittanceNotTypeset(FormatRefusal):
    """A remittance the typesetter cannot make into a page."""

    code = "REMITTANCE-NOT-TYPESET"


def write_remittance_pdf(remittance: Remittance) -> bytes:
    """The advice as PDF: grouped by person, line and week, each adjustment under its week with its cause.

    Letters no font of the typesetter has are spelled plainly, or shown as a square. RemittanceDoesNotAddUp; RemittanceNotTypeset.
    """
    check_remittance(remittance)
    spelled = _each_text(_spelled(remittance), _without_controls)
    try:
        return _typeset(remittance, spelled)
    except typst.TypstError as trouble:
        if CANNOT_SHOW not in trouble.message:
            raise _not_typeset(remittance, trouble) from trouble
    try:
        return _typeset(remittance, _each_text(spelled, known_letters))
    except typst.TypstError as trouble:
        raise _not_typeset(remittance, trouble) from trouble


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process, with the fonts it brings: the machine's own fonts would change the bytes."""
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return (files("almoner.formats.remittances") / "remittance.typ").read_bytes()


def _typeset(remittance: Remittance, spelled: dict[str, Any]) -> bytes:
    day = remittance.pay_date
    content = _compiler().compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(spelled)},
        pdf_standards=["ua-1"],
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    assert isinstance(content, bytes)
    return content


def _spelled(remittance: Remittance) -> dict[str, Any]:
    """Everything the template shows, in words."""
    day = remittance.pay_date
    paid = f"Paid on {long_day(day)}" if remittance.paid_pence else "Nothing is paid this time"
    note = ""
    if remittance.carried_out_pence < 0:
        owed = _amount(-remittance.carried_out_pence)
        note = f"£{owed} is owed to the council and will be taken from the next payment."
    return {
        "title": f"Remittance advice {remittance.reference}",
        "payer": remittance.payer_name,
        "provider": remittance.provider_name,
        "provider_id": remittance.provider_id,
        "address": list(remittance.provider_address),
        "reference": remittance.reference,
        "origin": remittance.origin,
        "date": [day.year, day.month, day.day],
        "facts": _facts(remittance),
        "summary": _summary(remittance),
        "paid": [paid, f"£{_amount(remittance.paid_pence)}"],
        "note": note,
        "people": [_person(*person) for person in remittance.by_person()],
    }


def _facts(remittance: Remittance) -> list[list[str]]:
    facts = [
        ["Reference", remittance.reference],
        ["Pay date", long_day(remittance.pay_date)],
        ["Period", remittance.period],
        ["Questions to", remittance.enquiries],
    ]
    return [fact for fact in facts if fact[1]]


def _summary(remittance: Remittance) -> list[list[str]]:
    """Only what is not nothing, but always the period's own care."""
    care = "Care in this period"
    lines = (
        ("Brought forward, owed to the council" if remittance.carried_in_pence < 0 else "Brought forward", remittance.carried_in_pence),
        (care, remittance.regular_pence),
        ("Adjustments to weeks paid before", remittance.adjustments_pence),
        ("Carried forward to the next payment", -remittance.carried_out_pence),
    )
    return [[name, _amount(pence)] for name, pence in lines if pence or name == care]


def _person(name: str, person_id: str, lines: list[RemittanceLine]) -> dict[str, Any]:
    groups = [
        {"title": f"{service} · line {line_id}" if service else f"Line {line_id}", "rows": [_row(line) for line in rows]}
        for (line_id, service), rows in groupby(lines, key=lambda line: (line.line_id, line.service))
    ]
    return {
        "name": name or person_id or NOBODY,
        "title": f"{name} ({person_id})" if name and person_id else name or person_id or NOBODY,
        "total": _amount(sum(line.amount_pence for line in lines)),
        "short": len(lines) <= SHORT,
        "lines": groups,
    }


def _row(line: RemittanceLine) -> dict[str, Any]:
    return {
        "week": short_day(line.week),
        "quantity": line.quantity,
        "rate": line.rate,
        "why": line.why,
        "adjusted": line.kind != REGULAR,
        "amount": _amount(line.amount_pence),
    }


def _amount(pence: int) -> str:
    """Thousands in threes, and a minus as wide as a plus."""
    return pounds_with_commas(pence).replace("-", "−")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with every text in it changed, however deep; its keys stay."""
    if isinstance(value, dict):
        return {key: _each_text(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_each_text(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _without_controls(text: str) -> str:
    """No control letters, halves of letters or unassigned ones: no font has them, and some would turn a line round."""
    categories = ((letter, unicodedata.category(letter)) for letter in text)
    return "".join(" " if category in ("Cc", "Cs", "Co", "Cn") else letter for letter, category in categories if category != "Cf")


def _not_typeset(remittance: Remittance, trouble: typst.TypstError) -> RemittanceNotTypeset:
    return RemittanceNotTypeset(
        f"The remittance {remittance.reference} cannot be typeset: {trouble.message}", "Send its CSV or XLSX, and report this as a fault."
    )
