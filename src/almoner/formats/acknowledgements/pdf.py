"""The acknowledgement of a submission as a PDF: A4, tagged (PDF/UA-1), in English, dated by its day so that its bytes never change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from almoner.formats.pounds import pounds_to_read
from almoner.formats.typeset_letters import known_letters

# Letters the typesetter's own fonts always have: Latin with its extensions, Greek, Cyrillic, and common marks.


@dataclass(frozen=True)
class AcknowledgedWeek:
    """One line's week: its days in words, rows, and what it would pay and hold, with the codes that hold it."""

    week: str
    person_id: str
    line_id: str
    rows: int
    pays_pence: int
    held_pence: int
    codes: str


@dataclass(frozen=True)
class Acknowledgement:
    """What was submitted, by whom, when and which way; `sha256` is over the content. `when` and `pay_day` are words."""

    council: str
    provider: str
    reference: str
    when: str
    by: str
    way: str
    file_name: str
    sha256: str
    day: date
    pay_day: str
    new: int
    updated: int
    pays_pence: int
    held_pence: int
    weeks: Sequence[AcknowledgedWeek]


def write_acknowledgement_pdf(told: Acknowledgement) -> bytes:
    """The acknowledgement as PDF. Letters no font of the typesetter has are shown as a square."""
    content = _compiler().compile(
        (files("almoner.formats.acknowledgements") / "acknowledgement.typ").read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(_spelled(told))},
        pdf_standards=["ua-1"],
        timestamp=datetime(told.day.year, told.day.month, told.day.day, tzinfo=UTC),
    )
    assert isinstance(content, bytes)
    return content


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process, with the fonts it brings: the machine's own fonts would change the bytes."""
    return typst.Compiler(ignore_system_fonts=True)


def _spelled(told: Acknowledgement) -> dict[str, Any]:
    """Everything the template shows, in words."""
    replaced = [["Replaces", f"{told.updated:,} rows submitted before"]] if told.updated else []
    file = [["File", told.file_name]] if told.file_name else []
    facts = [
        ["Reference", told.reference], ["Submitted", told.when], ["By", told.by], ["Way", told.way], *file,
        ["Content (SHA-256)", told.sha256], ["Rows", f"{told.new + told.updated:,}"], *replaced,
    ]  # fmt: skip
    return {
        "title": f"Actuals submitted, {told.reference}",
        "council": known_letters(told.council),
        "provider": known_letters(told.provider),
        "reference": told.reference,
        "date": [told.day.year, told.day.month, told.day.day],
        "facts": [[name, known_letters(value)] for name, value in facts],
        "pays": [f"Will pay{told.pay_day}, as was known then", pounds_to_read(told.pays_pence)],
        "held": ["Held", pounds_to_read(told.held_pence)],
        "weeks": [
            [
                week.week, known_letters(week.person_id), known_letters(week.line_id), f"{week.rows:,}",
                pounds_to_read(week.pays_pence), _held(week),
            ]
            for week in told.weeks
        ],
    }  # fmt: skip


def _held(week: AcknowledgedWeek) -> str:
    return f"{pounds_to_read(week.held_pence)} {week.codes}" if week.codes else ""
