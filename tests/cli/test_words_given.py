"""Names and reasons typed on the command line are kept for ever: what cannot be shown as it is never comes in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Answer

SPOILT = {
    "a line break": ["ann\nbob", "ann\r", "ann\u2028"],
    "a control character (U+001B)": ["\x1b[31mann"],
    "a control character (U+0007)": ["ann\a"],
    "a control character (U+202E)": ["\u202enna"],
    "a control character (U+DCFF)": ["ann\udcff"],
}
NAMES = [(name, why) for why, names in SPOILT.items() for name in names]


@pytest.mark.parametrize(
    "command",
    [
        ("import", "FACTS"), ("run", "draft", "payments", "--through", "2026-05-31"), ("run", "seal", "R-0001"),
        ("run", "approve", "R-0001"), ("run", "issue", "R-0001", "--out", "out"), ("run", "settle", "R-0001"), ("run", "discard", "R-0001"),
        ("release", "H1", "--reason", "seen"), ("due",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_who_acts_is_a_name_on_one_line(command: tuple[str, ...], almoner: Callable[..., Answer]) -> None:
    answer = almoner(*command, "--by", "ann\nbob")
    assert answer.status == 2 and "a name cannot hold a line break; type it again." in answer.err
    blank = almoner(*command, "--by", " ")
    assert blank.status == 2 and "say who it is." in blank.err


@pytest.mark.parametrize(("name", "why"), NAMES)
def test_a_character_that_cannot_be_shown_is_named(
    name: str, why: str, almoner: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"a name cannot hold {why};" in almoner("run", "seal", "R-0001", "--by", name).err
    monkeypatch.setenv("ALMONER_USER", name)
    assert f"a name cannot hold {why};" in almoner("run", "seal", "R-0001").err


@pytest.mark.parametrize(
    "command",
    [("release", "H1", "--by", "ann", "--reason"), ("run", "approve", "R-0001", "--by", "ann", "--reason"),
     ("run", "settle", "R-0001", "--by", "ann", "--bounced")],
    ids=lambda command: command[-1] + command[0],
)  # fmt: skip
@pytest.mark.parametrize("reason", ["seen\tthrice", "\x1b]0;seen", "seen\r\n"])
def test_a_reason_holds_no_control_character(command: tuple[str, ...], reason: str, almoner: Callable[..., Answer]) -> None:
    answer = almoner(*command, reason)
    assert answer.status == 2 and "a reason cannot hold a " in answer.err


def test_a_name_of_many_letters_and_a_reason_of_two_lines_are_kept(copy: Path, tmp_path: Path, apart: Callable[..., Answer]) -> None:
    name = "Zoë Ó Súilleabháin-王"
    assert apart("init").status == 0
    assert apart("import", copy, "--by", name).status == 0
    with closing(sqlite3.connect(tmp_path / "almoner.sqlite3")) as database:
        assert {by for (by,) in database.execute("SELECT by FROM almoner_journal")} == {name}
    answer = apart("release", "H-1", "--by", "ann", "--reason", "seen\nand heard")
    assert answer.err.startswith("NO-SUCH-HOLD: ")
