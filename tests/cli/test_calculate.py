"""`almoner calculate`: the files it leaves, its answers and its exits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from tests.cli.conftest import LAST_DAY, Answer, rows, write_rows

from almoner.cli.calculate import Asked, calculate_folder
from almoner.cli.summary import summary
from almoner.core.calculate import calculate
from almoner.core.parts import FEWEST_PEOPLE
from almoner.figures.bank_holidays import bank_holidays
from almoner.formats.tables import read_folder

RECEIPTS = ["book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week", "kind", "amount"]
HOLDS = ["code", "person_id", "provider_id", "line_id", "week", "amount", "message", "remedy"]
FINDINGS = ["severity", "table", "row", "column", "value", "code", "message", "remedy"]


def pence(text: str) -> int:
    assert re.fullmatch(r"-?\d+\.\d\d", text), text
    return int(text.replace(".", ""))


def paid(folder: Path, out: Path, **options: object) -> Path:
    calculate_folder(Asked(folder, date(2026, 11, 15), out, **options))
    return out


def test_receipts_are_what_the_calculation_posts_sorted_and_in_pounds(council: Path, tmp_path: Path) -> None:
    told = rows(paid(council, tmp_path / "out") / "receipts.csv")
    posted = calculate(read_folder(council).tables, {"bank_holidays": bank_holidays()}, through=date(2026, 11, 15)).receipts.to_pylist()
    assert list(told[0]) == RECEIPTS
    keys = [tuple(row[name] for name in RECEIPTS[:-1]) for row in told]
    assert keys == sorted(keys)
    expected = {(*(str(row[name]) for name in RECEIPTS[:-1]), row["amount_pence"]) for row in posted}
    assert {(*key, pence(row["amount"])) for key, row in zip(keys, told, strict=True)} == expected
    assert len(told) == len(posted) > 250
    assert {row["book"] for row in told} == {"payments", "claims", "charges"}


def test_every_file_is_there_with_its_columns(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    answer = almoner("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", "--json")
    assert answer.status == 0, answer.err
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {"receipts.csv", "holds.csv", "findings.csv", "workings.parquet", "summary.json"}
    assert list(rows(out / "holds.csv")[0]) == HOLDS
    assert (out / "findings.csv").read_text().splitlines()[0].split(",") == FINDINGS
    assert {"line_id", "date", "week", "exact_parts"} <= set(pq.read_schema(out / "workings.parquet").names)
    told = answer.json
    for book in ("payments", "claims", "charges"):
        mine = [pence(row["amount"]) for row in rows(out / "receipts.csv") if row["book"] == book]
        assert pence(told["totals"][book]) == sum(mine)
        assert told["receipts"][book] == len(mine)
    assert sum(code["count"] for code in told["holds"].values()) == len(rows(out / "holds.csv"))
    assert set(told["seconds"]) == {"read", "calculate", "write"}
    assert told["peak_memory_mebibytes"] > 50


def test_the_summary_says_what_to_type_next_and_that_works(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    answer = almoner("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out")
    assert answer.status == 0
    following = answer.out.rstrip().rpartition("Next: almoner ")[2].split()
    explained = almoner(*following)
    assert explained.status == 0, explained.err
    assert "£" in explained.out and "DIF-1" in explained.out


def test_in_parts_the_same_bytes(council: Path, tmp_path: Path) -> None:
    whole = paid(council, tmp_path / "whole")
    for parts in (2, 5):
        split = paid(council, tmp_path / f"in-{parts}", parts=parts)
        for name in ("receipts.csv", "holds.csv", "findings.csv"):
            assert (split / name).read_bytes() == (whole / name).read_bytes(), (parts, name)
        assert sorted(map(str, pq.read_table(split / "workings.parquet").to_pylist())) == sorted(
            map(str, pq.read_table(whole / "workings.parquet").to_pylist())
        )


def test_far_more_parts_than_people_are_as_few_as_are_of_use(council: Path, tmp_path: Path) -> None:
    whole, split = paid(council, tmp_path / "whole"), tmp_path / "split"
    done = calculate_folder(Asked(council, date(2026, 11, 15), split, parts=10_000))
    assert summary(done)["parts"] == 120 // FEWEST_PEOPLE
    assert (split / "receipts.csv").read_bytes() == (whole / "receipts.csv").read_bytes()


def test_in_parts_a_carer_in_two_places_is_still_found(copy: Path, tmp_path: Path) -> None:
    actuals = rows(copy / "actuals.csv")
    lines = {row["line_id"]: row["person_id"] for row in rows(copy / "lines.csv")}
    timed = [row for row in actuals if row["outcome"] == "delivered" and row["start_time"] and row["kind"] == "visit"]
    one = timed[0]
    other = next(row for row in reversed(timed) if row["date"] == one["date"] and lines[row["line_id"]] != lines[one["line_id"]])
    one["carer_id"] = other["carer_id"] = "K1"
    other["start_time"] = one["start_time"]
    write_rows(copy / "actuals.csv", actuals)
    whole, split = paid(copy, tmp_path / "whole"), paid(copy, tmp_path / "split", parts=7)
    assert (split / "holds.csv").read_bytes() == (whole / "holds.csv").read_bytes()
    assert any(row["code"] == "DUP" and row["line_id"] == other["line_id"] for row in rows(whole / "holds.csv"))


def test_what_is_sealed_is_not_paid_again(copy: Path, tmp_path: Path) -> None:
    receipts = rows(paid(copy, tmp_path / "first") / "receipts.csv")
    write_rows(copy / "prior_receipts.csv", [{name: value for name, value in row.items() if name != "kind"} for row in receipts])
    assert rows(paid(copy, tmp_path / "second", parts=3) / "receipts.csv") == []


def test_one_book_only(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    answer = almoner("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", "--book", "claims", "--json")
    assert answer.status == 0
    assert list(answer.json["totals"]) == ["claims"]
    assert {row["book"] for row in rows(tmp_path / "out" / "receipts.csv")} == {"claims"}


def test_as_of_leaves_out_what_was_submitted_later(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    def total(*options: str) -> int:
        answer = almoner("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "out", "--json", *options)
        return pence(answer.json["totals"]["payments"])

    assert 0 < total("--as-of", "2026-11-05T12:00:00") < total()


def test_a_bad_row_is_named_and_the_rest_is_computed(copy: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    actuals = rows(copy / "actuals.csv")
    actuals[7]["delivered_minutes"] = "-30"
    write_rows(copy / "actuals.csv", actuals)
    answer = almoner("calculate", copy, "--through", LAST_DAY, "--out", tmp_path / "out")
    assert answer.status == 1
    assert "Traceback" not in answer.out + answer.err
    found = rows(tmp_path / "out" / "findings.csv")
    assert [(row["severity"], row["table"], row["row"], row["column"], row["value"]) for row in found] == [
        ("error", "actuals", "9", "delivered_minutes", "-30")
    ]
    assert len(rows(tmp_path / "out" / "receipts.csv")) > 250


def test_strict_stops_at_an_error_and_writes_only_the_findings(copy: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    lines = rows(copy / "lines.csv")
    lines[3]["start_date"] = "2026-02-30"
    write_rows(copy / "lines.csv", lines)
    answer = almoner("calculate", copy, "--through", LAST_DAY, "--out", tmp_path / "out", "--strict")
    assert answer.status == 1
    assert "Stopped" in answer.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"findings.csv"}


def test_what_cannot_be_done_is_refused_in_a_sentence(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    (tmp_path / "file").write_text("x")
    out = ("--out", tmp_path / "out")
    refused = {
        ("calculate", council, "--through", "2026-02-30", *out): "is not a date",
        ("calculate", council, "--through", "2099-01-01", *out): "Bank holidays are known",
        ("calculate", council, "--through", LAST_DAY, "--as-of", "noon", *out): "is not an instant",
        ("calculate", council, "--through", LAST_DAY, "--book", "novels", *out): "is no book",
        ("calculate", council, "--through", LAST_DAY, "--engine", "spark", *out): "one machine",
        ("calculate", council, "--through", LAST_DAY, "--engine", "steam", *out): "is no engine",
        ("calculate", council, "--through", LAST_DAY, "--parts", "0", *out): "--parts",
        ("calculate", tmp_path / "nowhere", "--through", LAST_DAY, *out): "no folder",
        ("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "file"): "DISK",
        ("assess", tmp_path / "file"): "no means test yet",
    }
    for arguments, sentence in refused.items():
        answer = almoner(*arguments)
        assert answer.status == 2, (arguments, answer)
        assert sentence in " ".join(answer.err.split()), (arguments, answer.err)
        assert "Traceback" not in answer.err
    assert not (tmp_path / "out").exists()


def test_no_part_of_a_file_is_left_when_writing_fails(council: Path, tmp_path: Path, monkeypatch) -> None:
    import almoner.cli.calculate as module

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_holds", refuse)
    try:
        paid(council, tmp_path / "out")
    except OSError as trouble:
        assert trouble.errno == 28
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert not [name for name in names if name.endswith(".partial")]
    assert "holds.csv" not in names


def test_since_leaves_earlier_weeks_as_they_were_sealed(council: Path, tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    whole = rows(paid(council, tmp_path / "whole") / "receipts.csv")
    almoner("calculate", council, "--through", LAST_DAY, "--out", tmp_path / "late", "--since", "2026-11-09")
    late = rows(tmp_path / "late" / "receipts.csv")
    assert late == [row for row in whole if row["week"] >= "2026-11-09"]
    assert 0 < len(late) < len(whole)
