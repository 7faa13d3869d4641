"""Every rule of the money has one file, says what it is and by which rules, and every rule is written down for people."""

import re
from pathlib import Path

from tests.tidy.sources import ROOT, RULES, name_of

from almoner.core.rulebook import RULES as IN_ORDER
from almoner.core.rulebook import SILENT_WITHOUT, steps
from almoner.core.tables import TABLES

FAMILIES = ("RND", "CAL", "PRC", "LIN", "HLD", "DIF", "RUN", "FND", "CHG")
RULE_ID = re.compile(rf"\b(?:{'|'.join(FAMILIES)})-\d+\b")
RULE_OR_FAMILY = re.compile(rf"\b(?:{'|'.join(FAMILIES)})\b")
READ_AT_THE_END = {"calculation_findings", "hold_sentences", "workings", "week_workings"}


def header(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[: next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))]


def written_rules() -> set[str]:
    """The rules that the pages of docs/rules state, each in a paragraph that begins with its id in bold."""
    return {
        found
        for page in (ROOT / "docs/rules").glob("*.md")
        for found in re.findall(r"^\*\*([A-Z]{3}-\d+)\b", page.read_text(encoding="utf-8"), re.M)
    }


def test_every_rule_file_says_what_it_is_and_by_which_rules() -> None:
    mute = []
    for path in sorted(RULES.glob("*.sql")):
        said = "\n".join(header(path))
        if not said.startswith(f"-- {path.stem}: ") or not RULE_OR_FAMILY.search(said):
            mute.append(name_of(path))
    assert not mute, "the header begins with the file's name and names the rules it computes"


def test_every_rule_file_is_run() -> None:
    assert {path.stem for path in RULES.glob("*.sql")} == {*IN_ORDER, *READ_AT_THE_END, "units"}


def test_a_rule_is_silent_without_what_it_reads() -> None:
    reads = {step.name: step.reads for step in steps({}, workings=True)}
    for name, needed in SILENT_WITHOUT.items():
        assert {condition.split(" ")[0] for condition in needed} <= {*reads[name], *TABLES}, name


def test_rules_named_anywhere_are_written_down() -> None:
    named = {
        found
        for suffix in ("*.py", "*.sql")
        for path in (ROOT / "src").rglob(suffix)
        for found in RULE_ID.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert named - written_rules() == set()


def test_rules_written_down_are_carried_out_somewhere() -> None:
    named = {found for folder in ("src", "tests") for suffix in ("*.py", "*.sql", "*.toml") for path in (ROOT / folder).rglob(suffix)
             for found in RULE_ID.findall(path.read_text(encoding="utf-8"))}  # fmt: skip
    assert written_rules() - named == set()
