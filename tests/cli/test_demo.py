"""`almoner demo`, the whole of it: the first thing a newcomer sees."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Answer, rows

from almoner.formats.publications.spending import read_spending

PUBLISHED = Path(__file__).parents[2] / "data" / "devon_adult_care_payments_2024_q4.csv"


def test_the_demo_pays_twice_and_carries_devon_to_the_penny(tmp_path: Path, apart: Callable[..., Answer]) -> None:
    answer = apart("demo")
    assert answer.status == 0, answer.err
    for words in (
        "R-0001 drafted", "R-0002 drafted", "Nothing is paid twice", "£78,043,893.79", "£10,004,844.75", "£50,693,483.13", "£17,345,565.91",
        "101 negative lines", "820 payees", "remittances/BX-0002-","owes £10,628.57", "14,666 of 14,666 lines equal theirs",
    ):  # fmt: skip
        assert words in answer.out, words
    home = tmp_path / "demo"
    for run in ("R-0001", "R-0002"):
        issued = home / "issued" / run
        manifest = json.loads(next(issued.glob("*.manifest.json")).read_text())
        assert {path.suffix for path in issued.iterdir() if path.is_file()} >= {".txt", ".xml", ".csv", ".json"} or len(
            manifest["files"]
        ) > 3
        assert manifest["payments"] > 40
    _remittances_can_be_followed(home / "issued" / "R-0002" / "remittances", 53)
    _remittances_can_be_followed(home / "devon" / "issued" / "remittances", 820)
    _equal_to_the_published(home / "devon")
    _every_event_moved_money(answer.out)


def _remittances_can_be_followed(folder: Path, how_many: int) -> None:
    """One of each kind for each payee; what is paid for the first time says how much of what at which rate."""
    for suffix in ("pdf", "csv", "xlsx"):
        assert len(list(folder.glob(f"*.{suffix}"))) == how_many, suffix
    told = [row for path in folder.glob("*.csv") for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]
    first_paid = [row for row in told if row["kind"] == "regular" and "held" not in row["why"]]
    assert len(first_paid) > 1_000
    assert [row for row in first_paid if not (row["quantity"] and row["rate"])] == []


def _equal_to_the_published(home: Path) -> None:
    ours, _ = read_spending((home / "spending-over-500.csv").read_bytes())
    theirs, noise = read_spending(PUBLISHED.read_bytes())
    assert ours.drop_columns("row").equals(theirs.drop_columns("row"))
    assert len(noise) == 248
    assert len(rows(home / "facts" / "lines.csv")) == 14_666


def _every_event_moved_money(out: str) -> None:
    """Each row of the table of what happened ends in an amount that is not nothing."""
    table = out[out.index("What period 2 posted") : out.index("R-0003")]
    amounts = [line.rpartition("│")[2].strip() for line in table.splitlines() if "│" in line]
    posted = [amount for amount in amounts if amount]
    assert len(posted) == 6
    assert "£0.00" not in posted
