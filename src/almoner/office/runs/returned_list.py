"""What a bank or a finance system says came back: a list of references, as a file or typed in."""

from __future__ import annotations

import csv

from almoner.office.runs.operations import Outcome
from almoner.office.runs.refusals import NotSettled

MOST_BYTES = 1_000_000


def read_returned(text: str) -> dict[str, Outcome]:
    """The outcomes by reference. CSV with the columns reference, outcome (paid or bounced; without it all bounced) and reason; or, without
    a heading, one reference a line with a comma and the reason after it. Raises NotSettled."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    try:
        told = _rows(lines)
    except csv.Error as trouble:
        raise NotSettled(f"The list cannot be read: {trouble}.", "Save it as CSV, with one payment a row.") from None
    without = [number for number, (reference, _, _) in enumerate(told, 1) if not reference]
    if without:
        raise NotSettled(f"Row {without[0]} of the list has no reference.", "Put the payment's reference in every row.")
    strange = [(reference, outcome) for reference, outcome, _ in told if outcome not in ("paid", "bounced")]
    if strange:
        raise NotSettled(f"{strange[0][0]} is {strange[0][1]!r}, neither paid nor bounced.", "Say `paid` or `bounced` for each reference.")
    return {reference: Outcome(outcome, reason.strip()) for reference, outcome, reason in told}


def _rows(lines: list[str]) -> list[tuple[str, str, str]]:
    """Reference, outcome and reason of every row."""
    if not lines:
        return []
    if "reference" in [cell.strip().lower() for cell in next(csv.reader(lines[:1]))]:
        rows = csv.DictReader(lines)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        return [((row.get("reference") or "").strip(), (row.get("outcome") or "bounced").strip(), row.get("reason") or "") for row in rows]
    return [((cells or [""])[0].strip(), "bounced", ", ".join(cells[1:]).strip()) for cells in csv.reader(lines)]
