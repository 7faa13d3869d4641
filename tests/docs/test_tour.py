"""The tour in README.md is what a reader sees: every command is run, and prints what stands there."""

import os
import re
from pathlib import Path

from tests.docs.tour import README, REWRITES, lasting, rewritten, run_again, shown


def test_the_tour_is_what_a_reader_sees(tmp_path: Path) -> None:
    told = run_again(tmp_path)
    if os.environ.get("REWRITE"):
        README.write_text(rewritten(told), encoding="utf-8")
    assert len(told) >= 4
    assert [lasting(block) for block in shown()] == [lasting(block) for block in told], f"run: {REWRITES}"


def test_the_council_file_it_shows_is_one(office: Path) -> None:
    from almoner.formats.ledgers.mapping import shipped_mappings
    from almoner.office.exchange.council import read_council

    text = README.read_text(encoding="utf-8")
    (shown_file,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    council = read_council(shown_file.encode())
    assert council.payer is not None and len(council.calendar) == 1
    assert council.ledger_mapping in shipped_mappings()
    assert all(name in shown_file for name in shipped_mappings())
