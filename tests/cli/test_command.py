"""The program's entry point: what it loads, what it says when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import LAST_DAY, Answer

from almoner import __version__


def test_the_version(almoner: Callable[..., Answer]) -> None:
    answer = almoner("--version")
    assert (answer.status, answer.out) == (0, f"almoner {__version__}\n")


def test_help_names_every_command(almoner: Callable[..., Answer]) -> None:
    answer = almoner("--help")
    for command in ("calculate", "explain", "sample", "init", "import", "run", "holds", "release", "receipts", "verify", "due", "demo"):
        assert f" {command} " in answer.out


def test_commands_on_a_folder_never_load_django(council: Path, tmp_path: Path, apart: Callable[..., Answer]) -> None:
    code = """
import sys
from almoner.site.command import main
try:
    main()
finally:
    loaded = [name for name in sys.modules if name.split(".")[0] in ("django", "psycopg", "typst")]
    print("LOADED", loaded, file=sys.stderr)
"""
    answer = apart("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", code=code)
    assert answer.status == 0
    assert "LOADED []" in answer.err
    answer = apart("holds", code=code)
    assert "'django'" in answer.err, "the check above sees what is loaded"


def test_an_unexpected_error_is_a_sentence_and_the_log_holds_no_data(council: Path, tmp_path: Path, apart: Callable[..., Answer]) -> None:
    code = """
import almoner.cli.calculate as module
def fail(*_, **__):
    raise RuntimeError("Mrs Jones of 7 High Street")
module.read_facts = fail
from almoner.site.command import main
main()
"""
    answer = apart("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", code=code)
    assert answer.status == 3
    assert "Traceback" not in answer.err and "Jones" not in answer.err
    log = tmp_path / "almoner.log"
    assert str(log) in answer.err
    assert "RuntimeError" in log.read_text() and "in calculate_folder" in log.read_text()
    assert "Jones" not in log.read_text()


def test_when_we_contradict_ourselves_nothing_is_written(council: Path, tmp_path: Path, apart: Callable[..., Answer]) -> None:
    code = """
import almoner.core.calculate as core
from almoner.core.invariants import InvariantBroken
def broken(_):
    raise InvariantBroken("Not true.")
core.prove = broken
from almoner.site.command import main
main()
"""
    answer = apart("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", code=code)
    assert answer.status == 3
    assert "a fault of ours" in answer.err
    assert list((tmp_path / "out").iterdir()) == []


def test_the_demo_leaves_a_folder_alone_that_it_did_not_make(tmp_path: Path, apart: Callable[..., Answer]) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("dear to me")
    answer = apart("demo")
    assert answer.status == 1
    assert (tmp_path / "demo" / "mine.txt").read_text() == "dear to me"
