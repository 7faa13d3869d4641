"""What the pages point at is there, decisions are numbered, and commands they show exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.tidy.sources import ROOT, name_of
from typer.main import get_command

from almoner.site.command import app

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^(?:    |\$ )(?:\.venv/bin/)?|`)almoner ([a-z]+(?: [a-z]+\b)?)(?![a-z.|])", re.M)


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere_in_the_project(page: Path) -> None:
    lost = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        where, _, anchor = link.partition("#")
        if where.startswith(("http://", "https://", "mailto:")):
            continue
        target = (page.parent / where).resolve() if where else page
        if not target.is_relative_to(ROOT) or not target.exists() or (anchor and anchor not in anchors_of(target)):
            lost.append(link)
    assert not lost


def test_decisions_are_numbered_and_titled() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert len(set(numbers)) == len(numbers) > 4
    assert all(page.read_text(encoding="utf-8").startswith(f"# {number}. ") for number, page in zip(numbers, decisions, strict=True))


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Every command of the program, as it is typed."""
    for name, command in group.commands.items():
        yield f"{before}{name}"
        yield from commands(command, f"{before}{name} ") if hasattr(command, "commands") else ()


def test_commands_shown_exist() -> None:
    shown = {words for page in PAGES for words in COMMAND.findall(page.read_text(encoding="utf-8"))}
    there = set(commands(get_command(app)))
    assert len(shown) > 12
    assert {words for words in shown if words not in there and words.split()[0] not in there - {"run"}} == set()
