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
    if not lines:
        return {}
    if "reference" in [cell.strip().lower() for cell in next(csv.reader(lines[:1]))]:
        rows = csv.DictReader(lines)
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        told = [((row.get("reference") or "").strip(), (row.get("outcome") or "bounced").strip(), row.get("reason") or "") for row in rows]
    else:
        told = [((cells or [""])[0].strip(), "bounced", ", ".join(cells[1:]).strip()) for cells in csv.reader(lines)]
    without = [number for number, (reference, _, _) in enumerate(told, 1) if not reference]
    if without:
        raise NotSettled(f"Row {without[0]} of the list has no reference.", "Put the payment's reference in every row.")
    return {reference: Outcome(outcome, reason.strip()) for reference, outcome, reason in told}
