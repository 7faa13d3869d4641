"""`almoner init` and `almoner import`, as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from almoner.cli.sample.council import Sample, write_sample


def almoner(*arguments: str) -> Result:
    from almoner.site.office_commands import commands

    return CliRunner().invoke(commands, list(arguments))


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "council"
    write_sample(Sample(people=20, weeks=2, seed=3), path)
    return path


def test_import_then_again(office: Path, council: Path) -> None:
    made = almoner("init", "--json")
    assert (made.exit_code, json.loads(made.stdout)["database"] in ("sqlite", "postgresql")) == (0, True)
    first = almoner("import", str(council), "--by", "clerk", "--json")
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert (told["batch"], told["findings"], told["tables"]["people"]["new"]) == (1, [], 20)
    second = almoner("import", str(council), "--by", "clerk")
    assert second.exit_code == 0, second.output
    assert "Nothing in it was new." in second.stdout
    assert "unchanged" in second.stdout


def test_init_makes_the_database_where_there_is_none(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"ALMONER_HOME": str(tmp_path / "new")}
    command = "from almoner.site.office_commands import commands; commands()"
    done = subprocess.run([sys.executable, "-c", command, "init"], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "almoner.sqlite3").exists()
    assert str(tmp_path / "new") in done.stdout.replace("\n", "")


def test_what_is_refused_says_why_and_keeps_nothing(office: Path, council: Path, tmp_path: Path) -> None:
    nowhere = almoner("import", str(tmp_path / "nowhere"), "--by", "clerk")
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert "no folder" in nowhere.stderr
    refused = almoner("import", str(council), "--by", "clerk", "--complete", "prior_receipts", "--json")
    assert (refused.exit_code, json.loads(refused.stderr)["code"]) == (1, "INCOMPLETE-TABLE")
    assert almoner("import", str(council)).exit_code == 2, "who imports must be said"
    dry = almoner("import", str(council), "--by", "clerk", "--dry-run")
    assert (dry.exit_code, "Nothing was kept" in dry.stdout) == (0, True)
    assert json.loads(almoner("import", str(council), "--by", "clerk", "--json").stdout)["batch"] == 1
