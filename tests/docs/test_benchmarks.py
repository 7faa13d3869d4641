"""The page of benchmarks is what its generator writes of the figures kept beside it."""

import shutil
from pathlib import Path

from bench.publish import WIDTH, evenly, write_page
from tests.tidy.sources import ROOT

PAGE, FIGURES = ROOT / "docs/benchmarks.md", ROOT / "docs/benchmarks.json"


def test_the_page_holds_the_figures_kept(tmp_path: Path) -> None:
    again = Path(shutil.copy(PAGE, tmp_path / "page.md"))
    write_page(FIGURES, again)
    assert again.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "run: python -m bench.publish docs/benchmarks.{json,md}"


def test_paragraphs_are_wrapped_evenly_and_nothing_else_is_touched() -> None:
    word = "seven77 "
    text = f"# Head\n\n{word * 3}\n{word * 40}\n- {word * 30}\n- x\n\n    make   bench\n| a  |  b |\n<!-- a\n"
    done = evenly(text)
    assert done.split() == text.split() and evenly(done) == done
    lines = done.split("\n")
    assert all(len(line) <= WIDTH for line in lines) and lines[-4:] == ["    make   bench", "| a  |  b |", "<!-- a", ""]
    assert [len(line) > WIDTH - len(word) for line in lines[2:5]] == [True, True, False]
    assert [line[:2] for line in lines[5:8]] == ["- ", "  ", "- "]
