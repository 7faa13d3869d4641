"""What the pages point at is there, decisions are numbered, and commands they show exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tidy.sources import ROOT, name_of

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:    |\$ )\$? ?(?:\.venv/bin/)?almoner ([a-z]+(?: [a-z]+)?)", re.M)


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


def test_commands_shown_exist() -> None:
    shown = {found for page in PAGES for found in COMMAND.findall(page.read_text(encoding="utf-8"))}
    assert len(shown) > 8
    for words in sorted({tuple(command.split()) if command.startswith("run ") else (command.split()[0],) for command in shown}):
        told = subprocess.run([sys.executable, "-c", RUN, *words, "--help"], capture_output=True, text=True, check=False, cwd=ROOT)
        assert told.returncode == 0, f"almoner {' '.join(words)}: {told.stderr}"


RUN = "from almoner.site.command import main; main()"
