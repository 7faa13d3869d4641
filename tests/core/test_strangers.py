"""Receipts sealed for lines and people that are not among the facts are findings (DIF-1)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.core.asked import MONDAY, a_council, run
from tests.councils.rows import add

NO_RECEIPT = " that is not among the facts, so it makes no receipt."
COUNTS = " that is not among the facts; its line is known, so it counts as paid there all the same."


@pytest.mark.parametrize(
    ("cells", "column", "value", "message"),
    [
        ({"book": "payments", "line_id": "L9", "person_id": "P1"}, "line_id", "L9", "a line" + NO_RECEIPT),
        ({"book": "payments", "line_id": "L9", "person_id": "P9"}, "line_id", "L9", "a line" + NO_RECEIPT),
        ({"book": "payments", "line_id": "L1", "person_id": "P9"}, "person_id", "P9", "a person" + COUNTS),
        ({"book": "charges", "line_id": "L1", "person_id": "P9", "payee_id": "T1"}, "person_id", "P9", "a person" + COUNTS),
        ({"book": "charges", "person_id": "P9"}, "person_id", "P9", "a person" + NO_RECEIPT),
        ({"book": "charges", "payee_id": "P9"}, "person_id", "P9", "a person" + NO_RECEIPT),
    ],
)
def test_a_receipt_of_someone_unknown_is_a_finding(cells: dict[str, Any], column: str, value: str, message: str) -> None:
    tables = a_council(visits=[])
    add(tables, "prior_receipts", week=MONDAY, amount=100, **cells)
    (found,) = run(tables).findings
    assert (found.code, found.severity, found.column, found.value) == ("SEALED-UNKNOWN", "error", column, value)
    assert found.message == f"A sealed receipt of the week of 1 June 2026 names {message}"


@pytest.mark.parametrize(
    "cells",
    [
        {"book": "payments", "line_id": "L1", "person_id": "P1"},
        {"book": "payments", "line_id": "L1"},
        {"book": "claims", "line_id": "L1", "payee_id": "F1"},
        {"book": "charges", "person_id": "P1", "payee_id": "P1"},
        {"book": "charges", "payee_id": "P1"},
        {"book": "charges", "line_id": "L1", "payee_id": "T1"},
    ],
)
def test_a_receipt_of_someone_known_is_none(cells: dict[str, Any]) -> None:
    tables = a_council(visits=[])
    add(tables, "prior_receipts", week=MONDAY, amount=100, **cells)
    assert not run(tables).findings
