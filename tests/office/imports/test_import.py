"""A folder taken into the records: twice changes nothing, a changed row is a new version, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from tests.councils.rows import Tables, add, arrow
from tests.office.records.rows import MONDAY, line, plain, visit

from almoner.cli.sample.council import Sample, write_sample
from almoner.formats.tables import read_folder, write_folder

if TYPE_CHECKING:
    from almoner.office.exchange.imports import Imported
    from almoner.office.records.operations import TableRead

HOUR = timedelta(hours=1)


def small_council(*visits: dict[str, Any], **more: Sequence[dict[str, Any]]) -> dict[str, Sequence[dict[str, Any]]]:
    """A council of one line; `more` replaces tables."""
    return {
        "people": [{"person_id": "P1", "family_name": "Achebe"}],
        "providers": [{"provider_id": "V1", "name": "Oak Care", "creditor_reference": "1"}],
        "contracts": [{"contract_id": "C1", "provider_id": "V1", "service_type": "home care", "basis": "actuals"}],
        "lines": [line(authorised_on=MONDAY)],
        "actuals": visits or [visit()],
        **more,
    }


def folder(path: Path, tables: dict[str, Sequence[dict[str, Any]]]) -> Path:
    """The tables written as a folder."""
    rows: Tables = {name: [] for name in tables}
    for name, those in tables.items():
        for row in those:
            add(rows, name, **row)
    write_folder(arrow(rows), path, parquet=True)
    return path


def take_in(path: Path, at: datetime, **options: Any) -> Imported:
    from almoner.office.exchange.imports import import_folder

    return import_folder(path, by="clerk", at=at, **options)


def of(imported: Imported, name: str) -> TableRead:
    return next(table for table in imported.tables if table.table == name)


def known(name: str, as_of: datetime | None = None) -> pa.Table:
    from almoner.office.records.queries import table_known

    return table_known(name, as_of)


def rows_stored(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM almoner_{table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("parquet", [False, True])
def test_a_believable_council_comes_back_as_it_went_in_and_twice_changes_nothing(
    office: Path, tmp_path: Path, at: datetime, parquet: bool
) -> None:
    from almoner.office.records.queries import tables_known, troubles_in_facts

    write_sample(Sample(people=40, weeks=3, seed=7, parquet=parquet), tmp_path / "council")
    expected = read_folder(tmp_path / "council")
    first = take_in(tmp_path / "council", at)
    after_first = tables_known()
    for name, table in after_first.items():
        assert table.drop_columns(["row"]).equals(expected.tables[name].drop_columns(["row"])), name
    assert all(table.new == table.read == expected.counts[table.table].read for table in first.tables)
    stored = {name: rows_stored(name) for name in after_first}
    second = take_in(tmp_path / "council", at + HOUR)
    assert all(table.unchanged == table.read for table in second.tables)
    assert {name: rows_stored(name) for name in after_first} == stored
    assert all(table.equals(after_first[name]) for name, table in tables_known().items())
    assert list(troubles_in_facts()) == []


def test_a_changed_row_is_a_new_version_and_the_old_one_is_still_known_of_its_time(office: Path, tmp_path: Path, at: datetime) -> None:
    first = folder(tmp_path / "first", small_council(lines=[line(), line("L2")]))
    second = folder(tmp_path / "second", small_council(lines=[line(end_date=date(2026, 12, 1)), line("L2"), line("L3")]))
    take_in(first, at)
    told = of(take_in(second, at + HOUR), "lines")
    assert (told.read, told.new, told.updated, told.unchanged, told.rejected) == (3, 1, 1, 1, 0)
    assert plain(known("lines"), "line_id", "end_date") == [("L2", None), ("L1", date(2026, 12, 1)), ("L3", None)]
    assert plain(known("lines", at), "line_id", "end_date") == [("L1", None), ("L2", None)]
    assert rows_stored("lines") == 4


def test_going_back_to_what_was_is_a_third_version(office: Path, tmp_path: Path, at: datetime) -> None:
    first = folder(tmp_path / "first", small_council())
    second = folder(tmp_path / "second", small_council(lines=[line(cost_code="x")]))
    for number, path in enumerate((first, second, first)):
        take_in(path, at + number * HOUR)
    assert plain(known("lines"), "row", "cost_code") == [(3, None)]


def test_rows_absent_from_a_later_folder_stand_unless_the_table_is_complete(office: Path, tmp_path: Path, at: datetime) -> None:
    take_in(folder(tmp_path / "first", small_council(visit(), visit(day=date(2027, 1, 4)), lines=[line(), line("L2")])), at)
    later = folder(tmp_path / "later", small_council())
    assert of(take_in(later, at + HOUR), "lines").withdrawn == 0
    assert known("lines").num_rows == 2
    told = take_in(later, at + 2 * HOUR, complete=["lines", "actuals"])
    assert (of(told, "lines").withdrawn, of(told, "lines").unchanged, of(told, "actuals").withdrawn) == (1, 1, 1)
    assert plain(known("lines"), "line_id") == [("L1",)]
    assert plain(known("actuals"), "date") == [(MONDAY,)]
    assert known("lines", at + HOUR).num_rows == 2
    again = take_in(later, at + 3 * HOUR, complete=["lines", "actuals"])
    assert all((table.new, table.updated, table.withdrawn) == (0, 0, 0) for table in again.tables)


def test_a_withdrawn_row_that_comes_again_is_new(office: Path, tmp_path: Path, at: datetime) -> None:
    both, one = folder(tmp_path / "a", small_council(lines=[line(), line("L2")])), folder(tmp_path / "b", small_council())
    take_in(both, at)
    take_in(one, at, complete=["lines"])
    assert of(take_in(both, at), "lines").new == 1
    assert known("lines").num_rows == 2


def test_a_later_folder_may_hold_only_what_changed(office: Path, tmp_path: Path, at: datetime) -> None:
    """References lead to what is known; no required table is missing that is known already."""
    take_in(folder(tmp_path / "first", small_council()), at)
    late = folder(tmp_path / "late", {"actuals": [visit(day=date(2026, 10, 6))], "lines": [line("L2")]})
    told = take_in(late, at + HOUR)
    assert told.findings == ()
    assert [(table.table, table.new, table.rejected) for table in told.tables] == [("lines", 1, 0), ("actuals", 1, 0)]
    assert known("actuals").num_rows == 2


def test_a_reference_to_nobody_is_rejected_and_named(office: Path, tmp_path: Path, at: datetime) -> None:
    take_in(folder(tmp_path / "first", small_council()), at)
    told = take_in(folder(tmp_path / "late", {"lines": [line("L2", person_id="P9"), line("L3")]}), at)
    assert (of(told, "lines").new, of(told, "lines").rejected) == (1, 1)
    assert [(found.table, found.row, found.column, found.value) for found in told.findings] == [("lines", 2, "person_id", "P9")]


def test_resubmitted_actuals_in_whatever_order_and_again_change_nothing(office: Path, tmp_path: Path, at: datetime) -> None:
    early, late = datetime(2026, 10, 6, 9, 0), datetime(2026, 10, 7, 9, 0)
    second = folder(tmp_path / "second", small_council(visit(minutes=40, submitted=late), visit(minutes=20, submitted=early)))
    first = folder(tmp_path / "first", small_council(visit(minutes=20, submitted=early)))
    take_in(second, at)
    assert plain(known("actuals"), "delivered_minutes") == [(40,)]
    for path in (first, second, first):
        told = of(take_in(path, at), "actuals")
        assert (told.new, told.updated) == (0, 0)
    changed = folder(tmp_path / "third", small_council(visit(minutes=45, submitted=late)))
    assert of(take_in(changed, at), "actuals").updated == 1
    assert plain(known("actuals"), "delivered_minutes") == [(45,)]


def test_rows_that_repeat_a_key_in_one_file_come_to_rest_at_once(office: Path, tmp_path: Path, at: datetime) -> None:
    path = folder(tmp_path / "a", small_council(visit(minutes=20), visit(minutes=40)))
    take_in(path, at)
    assert plain(known("actuals"), "delivered_minutes") == [(40,)]
    told = of(take_in(path, at), "actuals")
    assert (told.read, told.new, told.updated, told.unchanged) == (2, 0, 0, 2)


def test_a_dry_run_says_the_same_and_keeps_nothing(office: Path, tmp_path: Path, at: datetime) -> None:
    path = folder(tmp_path / "a", small_council())
    dry = take_in(path, at, dry_run=True)
    assert dry.batch is None
    assert {name: rows_stored(name) for name in ("lines", "actuals", "import_batches", "journal", "recordings")} == dict.fromkeys(
        ("lines", "actuals", "import_batches", "journal", "recordings"), 0
    )
    assert take_in(path, at).tables == dry.tables


def test_bad_rows_are_rejected_named_and_kept_as_findings(office: Path, tmp_path: Path, at: datetime) -> None:
    from almoner.office.records.models import ImportFinding

    path = folder(tmp_path / "a", {name: rows for name, rows in small_council().items() if name != "actuals"})
    (path / "actuals.csv").write_text("line_id,date,start_time,delivered_minutes\nL1,2026-10-05,08:00,30\nL1,2026-02-30,08:00,30\n")
    told = take_in(path, at)
    assert (of(told, "actuals").new, of(told, "actuals").rejected, of(told, "actuals").read) == (1, 1, 2)
    kept = ImportFinding.objects.get(severity="error")
    assert (kept.batch_id, kept.table, kept.row, kept.column, kept.value) == (told.batch, "actuals", 3, "date", "2026-02-30")


def test_a_complete_table_must_be_whole(office: Path, tmp_path: Path, at: datetime) -> None:
    from almoner.office.exchange.imports import IncompleteTable

    take_in(folder(tmp_path / "first", small_council(lines=[line(), line("L2")])), at)
    broken = folder(tmp_path / "broken", small_council(lines=[line(), line("L2", person_id="P9")]))
    absent = folder(tmp_path / "absent", {"actuals": [visit()]})
    for path, name in ((broken, "lines"), (absent, "lines"), (broken, "prior_receipts"), (broken, "nothing")):
        with pytest.raises(IncompleteTable) as refusal:
            take_in(path, at, complete=[name])
        assert (refusal.value.code, name in refusal.value.message) == ("INCOMPLETE-TABLE", True)
    assert known("lines").num_rows == 2


def test_what_came_in_is_kept_by_its_hash_with_one_line_in_the_journal(office: Path, tmp_path: Path, at: datetime) -> None:
    from hashlib import sha256

    from almoner.office.journal.queries import entries, troubles_in_journal
    from almoner.office.records.models import ImportBatch, ImportedFile, ImportedTable

    path = folder(tmp_path / "a", small_council())
    told = take_in(path, at)
    batch = ImportBatch.objects.get()
    assert (batch.pk, batch.by, batch.source, batch.at) == (told.batch, "clerk", "a", at)
    hashes = {file.name: file.sha256 for file in ImportedFile.objects.all()}
    assert hashes == {file.name: sha256(file.read_bytes()).hexdigest() for file in path.iterdir()}
    assert ImportedTable.objects.get(table="lines").new == 1
    written = list(entries())
    assert [(entry.act, entry.by, entry.subject) for entry in written] == [("import", "clerk", f"import {batch.pk}")]
    assert "Achebe" not in str(written)
    assert written[0].summary["tables"]["lines"]["new"] == 1
    assert list(troubles_in_journal()) == []


def test_a_refused_import_leaves_no_trace(office: Path, tmp_path: Path, at: datetime) -> None:
    """The opening run is refused at the very end of an import: everything before it goes too."""
    from almoner.office.journal.refusals import Refusal

    receipt = {"book": "payments", "payee_id": "V1", "provider_id": "V1", "line_id": "L1", "person_id": "P1", "week": MONDAY, "amount": 100}
    take_in(folder(tmp_path / "a", small_council(prior_receipts=[receipt])), at)
    before = {name: rows_stored(name) for name in ("lines", "journal", "recordings", "import_batches", "receipts")}
    more = folder(tmp_path / "b", small_council(lines=[line("L7")], prior_receipts=[{**receipt, "amount": 200}]))
    with pytest.raises(Refusal, match="has a run already"):
        take_in(more, at + HOUR)
    assert {name: rows_stored(name) for name in before} == before


def test_receipts_paid_before_open_each_book_once(office: Path, tmp_path: Path, at: datetime) -> None:
    receipt = {"book": "payments", "payee_id": "V1", "provider_id": "V1", "line_id": "L1", "person_id": "P1", "week": MONDAY, "amount": 100}
    charge = {"book": "charges", "payee_id": "P1", "person_id": "P1", "week": MONDAY, "amount": 50}
    path = folder(tmp_path / "a", small_council(prior_receipts=[receipt, {**receipt, "amount": -30}, charge]))
    assert of(take_in(path, at), "prior_receipts").new == 3
    told = of(take_in(path, at + HOUR), "prior_receipts")
    assert (told.new, told.unchanged) == (0, 3)
    assert rows_stored("receipts") == 3


def test_every_order_of_imports_comes_to_the_same_facts(office: Path, tmp_path: Path, at: datetime) -> None:
    """Two providers' submissions and a change of line, in either order."""
    a = folder(tmp_path / "a", {"actuals": [visit(minutes=20, submitted=datetime(2026, 10, 6, 9, 0))]})
    b = folder(tmp_path / "b", {"actuals": [visit(minutes=40, submitted=datetime(2026, 10, 7, 9, 0)), visit(start_time=time(12, 0))]})
    take_in(folder(tmp_path / "first", small_council(lines=[line(), line("L2")])), at)
    for path in (b, a, b):
        take_in(path, at)
    assert sorted(plain(known("actuals"), "start_time", "delivered_minutes")) == [(time(8, 0), 40), (time(12, 0), 30)]


def test_shares_that_pass_a_hundred_per_cent_with_those_known_are_refused(office: Path, tmp_path: Path, at: datetime) -> None:
    """FND-1, where each file by itself would pass."""
    share = {"line_id": "L1", "share_order": 1, "funder_id": "F1", "percent": 60_00, "valid_from": MONDAY}
    funders = [{"funder_id": "F1", "name": "ICB"}]
    take_in(folder(tmp_path / "a", small_council(lines=[line(), line("L2")], funders=funders, shares=[share])), at)
    later = {**share, "share_order": 2, "percent": 40_01, "valid_from": date(2026, 11, 2)}
    told = take_in(folder(tmp_path / "b", {"shares": [later, {**later, "line_id": "L2"}]}), at)
    assert (of(told, "shares").new, of(told, "shares").rejected, of(told, "shares").unchanged) == (1, 1, 0)
    assert [(found.row, found.value, found.code) for found in told.findings] == [(2, "40.01", "shares_over_hundred")]
    assert "100.01 %" in told.findings[0].message
    fits = take_in(folder(tmp_path / "c", {"shares": [{**later, "percent": 40_00}]}), at)
    assert (of(fits, "shares").new, fits.findings) == (1, ())
    ended = {**share, "valid_to": date(2026, 11, 1)}
    replaced = take_in(folder(tmp_path / "d", {"shares": [ended, {**later, "percent": 90_00}]}), at)
    assert (of(replaced, "shares").updated, replaced.findings) == (2, ())


def test_what_overlaps_something_known_is_named_whichever_came_first(office: Path, tmp_path: Path, at: datetime) -> None:
    """Rates and contributions, each file by itself without fault. A key that comes again is replaced, and an end with it mends it."""
    rate = {"contract_id": "C1", "element": "care", "unit": "hour", "rate": 200_000, "valid_from": date(2026, 10, 5)}
    paid = {"person_id": "P1", "amount_per_week": 50_00, "valid_from": date(2026, 10, 5), "valid_to": date(2026, 12, 31)}
    take_in(folder(tmp_path / "a", small_council(rates=[rate], contributions=[paid])), at)
    raised, other = (
        {**rate, "rate": 210_000, "valid_from": date(2026, 11, 2)},
        {**rate, "element": "night", "valid_from": date(2026, 11, 2)},
    )
    assessed = {**paid, "valid_from": date(2026, 9, 7), "valid_to": date(2026, 10, 5)}
    changed = folder(tmp_path / "b", {"rates": [other, raised], "contributions": [assessed]})
    told = take_in(changed, at + HOUR)
    assert [(f.table, f.row, f.column, f.value) for f in told.findings] == [
        ("rates", 3, "valid_from", "2026-11-02"), ("contributions", 2, "valid_from", "2026-09-07"),
    ]  # fmt: skip
    assert {(f.severity, f.code) for f in told.findings} == {("warning", "overlap")}
    assert "C1, care, hour, any" in told.findings[0].message and "begins on 2026-10-05 and is open" in told.findings[0].message
    assert "From 2026-10-05 the row overlaps" in told.findings[1].message and "holds until 2026-12-31" in told.findings[1].message
    assert all("with its end" in finding.remedy for finding in told.findings)
    assert (of(told, "rates").new, of(told, "contributions").new, of(told, "rates").rejected) == (2, 1, 0)
    # What is known already, in both files or one, was said when it came.
    assert take_in(changed, at + 2 * HOUR).findings == ()
    mended = {"rates": [{**rate, "valid_to": date(2026, 11, 1)}, {**raised, "rate": 220_000}]}
    assert take_in(folder(tmp_path / "c", mended), at + 3 * HOUR).findings == ()
    assert plain(known("rates"), "element", "rate", "valid_to") == [
        ("night", 200_000, None), ("care", 200_000, date(2026, 11, 1)), ("care", 220_000, None),
    ]  # fmt: skip


def test_a_withdrawn_row_overlaps_nothing(office: Path, tmp_path: Path, at: datetime) -> None:
    rate = {"contract_id": "C1", "element": "care", "unit": "hour", "rate": 200_000, "valid_from": date(2026, 10, 5)}
    later = {**rate, "valid_from": date(2026, 11, 2)}
    take_in(folder(tmp_path / "a", small_council(rates=[rate])), at)
    assert take_in(folder(tmp_path / "b", {"rates": [later]}), at + HOUR, complete=["rates"]).findings == ()
    assert take_in(folder(tmp_path / "c", {"rates": [{**later, "rate": 1}]}), at + 2 * HOUR).findings == ()


def test_a_flood_of_overlaps_is_counted(office: Path, tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from almoner.office.exchange import imports

    monkeypatch.setattr(imports, "MOST_NAMED", 2)
    rates = [{"contract_id": "C1", "element": f"e{n}", "unit": "hour", "rate": 1, "valid_from": MONDAY} for n in range(5)]
    take_in(folder(tmp_path / "a", small_council(rates=rates)), at)
    told = take_in(folder(tmp_path / "b", {"rates": [{**rate, "valid_from": date(2026, 11, 2)} for rate in rates]}), at + HOUR)
    assert [finding.row for finding in told.findings] == [2, 3, 0]
    assert "3 more rows of rates overlap" in told.findings[2].message


def test_lines_that_come_in_and_wait_for_agreement_are_told_once(office, tmp_path, at):
    from almoner.office.letters.models import Letter

    asked = small_council(
        providers=[{"provider_id": "V1", "name": "Oak Care", "creditor_reference": "1", "email": "notices@oak.example"}],
        contracts=[{"contract_id": "C1", "provider_id": "V1", "service_type": "home care", "basis": "actuals", "needs_agreement": True}],
    )
    take_in(folder(tmp_path / "in", asked), at)
    take_in(folder(tmp_path / "in", asked), at + HOUR)
    (letter,) = Letter.objects.all()
    assert (letter.kind, letter.address, letter.told["line"], letter.told["new"]) == ("agree", "notices@oak.example", "L1", True)
