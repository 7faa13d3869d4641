"""Pages that are written from the program say what the program says; REWRITE=1 writes them anew."""

import ast
import os
import re
from collections.abc import Callable

import pytest
from tests.docs.written import ELSEWHERE, ENDINGS, codes_page, hold_sentences, tables_page
from tests.tidy.sources import ROOT, RULES, dotted, modules, name_of, tree

from almoner.core.tables import HOLD_CODES

PAGES = {"docs/tables.md": tables_page, "docs/codes.md": codes_page}
TELLS_A_CODE = {"_finding": 3, "Finding": 5, "_stop": 0}


@pytest.mark.parametrize("name", PAGES)
def test_a_written_page_is_up_to_date(name: str) -> None:
    write: Callable[[], str] = PAGES[name]
    if os.environ.get("REWRITE"):
        (ROOT / name).write_text(write(), encoding="utf-8")
    assert (ROOT / name).read_text(encoding="utf-8") == write(), "run: REWRITE=1 .venv/bin/python -m pytest tests/docs/test_written.py"


def codes_told() -> dict[str, str]:
    """Every code that a call or a rule tells, with where."""
    told = dict.fromkeys(re.findall(r"'([A-Z]+-[A-Z-]+)'", (RULES / "calculation_findings.sql").read_text(encoding="utf-8")), "core/rules")
    for path in modules():
        for node in ast.walk(tree(path)):
            place = TELLS_A_CODE.get(dotted(node.func).split(".")[-1]) if isinstance(node, ast.Call) else None
            code = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                told[code.value] = name_of(path)
    return told


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs/codes.md").read_text(encoding="utf-8")
    assert len(codes_told()) >= 6
    assert not {code: where for code, where in codes_told().items() if f"`{code}`" not in page}


def test_no_code_is_documented_that_is_not_told() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in modules())
    assert not [code for code in (*ELSEWHERE, *ENDINGS) if code not in codes_told() and f"{code}: " not in text]


def test_every_hold_has_its_sentences_and_its_rule() -> None:
    rules = (ROOT / "docs/rules/holds.md").read_text(encoding="utf-8")
    assert all(message and remedy for _, message, remedy in hold_sentences())
    assert re.findall(r"^\| `([A-Z]{3})` \|", rules, re.M) == list(HOLD_CODES)
