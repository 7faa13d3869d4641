"""What users typed comes back in findings.csv, and never as a formula."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import rows

from almoner.cli.outputs import write_findings
from almoner.core.findings import Finding, Severity


@pytest.mark.parametrize(
    ("typed", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), (" =x", "' =x"), ("+cmd|'/c calc'!A1", "'+cmd|'/c calc'!A1"), ("-12.50", "-12.50"), ("+5", "+5"),
     ("-1+1", "'-1+1"), ("plain", "plain"), ("a\nb", "a\nb")],
)  # fmt: skip
def test_a_value_is_no_formula(tmp_path: Path, typed: str, written: str) -> None:
    write_findings([Finding(Severity.ERROR, "lines", 2, "rate", typed, "wrong_number", "m", "r")], tmp_path)
    assert rows(tmp_path / "findings.csv")[0]["value"] == written


def test_nor_is_the_name_of_a_file_or_column(tmp_path: Path) -> None:
    write_findings([Finding(Severity.WARNING, "=a", 0, "=b", "", "unknown_file", "=a.csv is not the name of any table.", "r")], tmp_path)
    found = rows(tmp_path / "findings.csv")[0]
    assert (found["table"], found["column"], found["message"]) == ("'=a", "'=b", "'=a.csv is not the name of any table.")
