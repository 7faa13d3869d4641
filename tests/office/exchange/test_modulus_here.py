"""Pay.UK's table beside council.toml: accounts that cannot exist are refused when they come in, and named when a run is issued."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.office.runs.little import found_council, later

# One range, weights that add the last two digits, modulus 10: numbers that end in 19, 28, 37 … can exist, others cannot.
WEIGHTS = "200000 209999 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 1 1\n"
ACCOUNTS = (
    "party_id,sort_code,account_number,account_name,valid_from,entered_by,verified_by\n"
    "V1,200000,12345619,Alder,2026-01-01,ann,bob\n"
    "V2,200000,12345618,Beech,2026-01-01,ann,bob\n"
    "V3,309999,12345618,Elsewhere,2026-01-01,ann,bob\n"
)


@pytest.fixture
def table(office: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", office)
    (office / "valacdos.txt").write_text(WEIGHTS)
    return office


def came_in(office: Path, tmp_path: Path):
    from almoner.office.exchange.imports import import_folder
    from almoner.site.council_file import modulus_here

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bank_accounts.csv").write_text(ACCOUNTS)
    return import_folder(tmp_path / "in", by="ann", at=later(1), modulus=modulus_here())


def test_an_account_that_cannot_exist_is_rejected_by_row_without_its_digits(table: Path, tmp_path: Path) -> None:
    imported = came_in(table, tmp_path)
    (count,) = imported.tables
    assert (count.read, count.new, count.rejected) == (3, 2, 1)
    (finding,) = (found for found in imported.findings if found.code == "account_not_possible")
    assert (finding.row, finding.column) == (3, "account_number")
    assert "12345618" not in json.dumps([finding.message, finding.value, finding.remedy])


def test_without_the_table_every_account_in_shape_comes_in(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", office)
    (count,) = came_in(office, tmp_path).tables
    assert (count.new, count.rejected) == (3, 0)


def test_a_run_names_the_payees_whose_account_cannot_exist(table: Path) -> None:
    from datetime import date

    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run, draft_run, seal_run
    from almoner.site.council_file import council_here

    found_council()
    drafted = draft_run(book="payments", through=date(2026, 5, 17), by="ann", at=later(2))
    seal_run(run=drafted.run, by="ann", at=later(2))
    approve_run(run=drafted.run, by="bob", at=later(3))
    issued = issue_run(run=drafted.run, by="bob", at=later(4), council=council_here())
    # V1's number ends in 70, V2's in 71: neither adds up to a multiple of ten.
    assert issued.not_possible == ("V1", "V2") and issued.files


def test_a_table_that_is_none_is_refused_in_a_sentence(table: Path) -> None:
    from almoner.formats.payments.modulus import ModulusTableUnreadable
    from almoner.site.council_file import council_here

    (table / "valacdos.txt").write_text("not a table\n")
    with pytest.raises(ModulusTableUnreadable, match=r"Line 1 of valacdos\.txt"):
        council_here()
