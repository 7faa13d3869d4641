"""What a newcomer's slips come to: nothing lost, nothing littered, and a sentence that says what to do."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import LAST_DAY, Answer


def test_looking_into_an_office_that_is_not_there_leaves_nothing_behind(tmp_path: Path, apart: Callable[..., Answer]) -> None:
    answer = apart("holds")
    assert answer.status == 1
    assert "almoner init" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_ids_are_taken_as_they_are_typed_and_each_step_says_the_next(tmp_path: Path, council: Path, apart: Callable[..., Answer]) -> None:
    code = """
import sys
from almoner.site.command import main
for arguments in sys.argv[1].split(";"):
    sys.argv = ["almoner", *arguments.split()]
    try:
        main()
    except SystemExit as ended:
        print("EXIT", ended.code or 0)
"""
    steps = (
        "init", f"import {council} --by priya", f"run draft payments --through {LAST_DAY} --by priya", "run seal r-0001 --by priya",
        "run approve r-0001 --by tom", "run show r-0001", "explain r-0001.1", "run approve r-0001 --by tom", "verify --quick",
    )  # fmt: skip
    answer = apart(";".join(steps), code=code)
    statuses = [line.removeprefix("EXIT ") for line in answer.out.splitlines() if line.startswith("EXIT")]
    assert statuses == ["0"] * 7 + ["1", "0"], answer.err
    assert answer.err.startswith("STATE: Run R-0001 is approved"), "no empty line goes before a refusal"
    assert "Next: almoner import FOLDER" in answer.out
    assert "Next: almoner run issue R-0001" in answer.out
    assert "Everything stored is what was sealed. 2 events, 1 run, 0 worked out again." in answer.out


def test_results_are_not_put_among_the_facts(copy: Path, almoner: Callable[..., Answer]) -> None:
    before = sorted(copy.iterdir())
    answer = almoner("calculate", copy, "--through", LAST_DAY, "--out", copy)
    assert answer.status == 2
    assert "holds the facts" in answer.err
    assert sorted(copy.iterdir()) == before


def test_a_sample_is_never_written_over_what_it_did_not_make(tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "people.csv").write_text("person_id\n1\n")
    answer = almoner("sample", "--people", 2, "--weeks", 1, "--out", mine)
    assert answer.status == 2
    assert answer.err.startswith("FOLDER: "), answer.err
    assert (mine / "people.csv").read_text() == "person_id\n1\n"
    for _ in range(2):
        assert almoner("sample", "--people", 2, "--weeks", 1, "--out", tmp_path / "made").status == 0
    assert (
        almoner("calculate", tmp_path / "made", "--through", LAST_DAY, "--out", tmp_path / "paid", "--json").json["findings"]["warning"]
        == 0
    )


def test_explain_of_neither_a_folder_nor_a_receipt(almoner: Callable[..., Answer]) -> None:
    answer = almoner("explain", "nowhere")
    assert answer.status == 2
    assert "no folder nowhere" in " ".join(answer.err.split())


def test_a_misspelt_command_is_guessed(almoner: Callable[..., Answer]) -> None:
    answer = almoner("calcualte")
    assert answer.status == 2
    assert "Did you mean 'calculate'" in answer.err


def test_help_shows_no_value_where_none_is_given(almoner: Callable[..., Answer]) -> None:
    for command in (("calculate",), ("run", "draft"), ("verify",)):
        told = almoner(*command, "--help").out
        assert "--json" in told
        assert "bool" not in told


def test_more_findings_than_are_shown_are_said_to_be_in_the_file(copy: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    (copy / "lines.csv").write_text((copy / "lines.csv").read_text().replace("2026-", "2026-02-3", 20))
    answer = almoner("calculate", copy, "--through", LAST_DAY, "--out", tmp_path / "out")
    assert answer.status == 1
    assert f"findings in all, in {tmp_path / 'out' / 'findings.csv'}" in answer.out


def test_ctrl_c_is_answered(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from almoner.site.command import main; main()"]
    arguments = ["sample", "--people", "500000", "--weeks", "4", "--parquet", "--out", str(tmp_path / "big")]
    with subprocess.Popen([*program, *arguments], stderr=subprocess.PIPE, text=True, cwd=tmp_path) as running:
        while not (tmp_path / "big").exists():
            assert running.poll() is None, "it works for longer than this"
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (130, "Stopped.\n")
