"""The tour in README.md is what a reader sees: every command is run, and prints what stands there."""

import os
from pathlib import Path

from tests.docs.tour import README, REWRITES, lasting, rewritten, run_again, shown


def test_the_tour_is_what_a_reader_sees(tmp_path: Path) -> None:
    told = run_again(tmp_path)
    if os.environ.get("REWRITE"):
        README.write_text(rewritten(told), encoding="utf-8")
    assert len(told) >= 4
    assert [lasting(block) for block in shown()] == [lasting(block) for block in told], f"run: {REWRITES}"
