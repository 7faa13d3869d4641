"""The commands that pay: what they print, as words and as JSON, and how they exit."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, visit
from typer.testing import CliRunner

THROUGH = (MONDAY + timedelta(days=13)).isoformat()


@pytest.fixture
def almoner(office, monkeypatch):
    """Runs a command an hour after the one before; gives its exit code, its standard output and its standard error."""
    from django.conf import settings

    from almoner.site import run_commands

    found_council()
    hours = iter(range(1, 1000))
    monkeypatch.setattr(run_commands, "now", lambda: later(next(hours)))
    monkeypatch.setattr(settings, "HOME", office)

    def run(*arguments):
        result = CliRunner().invoke(run_commands.commands, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def told(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_run_from_draft_to_settled_by_the_ids_that_are_printed(almoner, office):
    (office / "council.toml").write_text(
        '[council]\nname = "Little"\n[payer]\nsort_code = "200000"\naccount_number = "12345678"\nservice_user_number = "123456"\n'
    )
    drafted = told(almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann", "--json"))
    run = drafted["run"]
    assert (drafted["receipts"], drafted["through"]) == (8, THROUGH)
    sealed = told(almoner("run", "seal", run, "--by", "ann", "--json"))
    assert sealed["run"] == run and len(sealed["hash"]) == 64
    assert told(almoner("run", "approve", run, "--by", "bob", "--json"))["state"] == "approved"
    out = office / "out"
    issued = told(almoner("run", "issue", run, "--out", str(out), "--format", "bacs", "--format", "ledger", "--by", "bob", "--json"))
    assert sorted(path.name for path in out.iterdir()) == ["BX-0001.bacs.txt", "BX-0001.ledger.csv", "BX-0001.manifest.json"]
    assert sorted(issued["written"]) == sorted(str(path) for path in out.iterdir())
    settled = told(almoner("run", "settle", run, "--by", "bob", "--bounced", "BX-0001-00001=closed", "--json"))
    assert (settled["paid"], settled["bounced_pence"]) == (1, 744_00)
    shown = told(almoner("run", "show", run, "--json"))
    assert (shown["state"], shown["amount"], len(shown["events"])) == ("settled", "2144.00", 4)
    verified = told(almoner("verify", "--head", sealed["hash"], "--json"))
    assert verified["sound"] and verified["recalculated"] == 1


def test_words_say_what_to_type_next(almoner):
    assert "Next: almoner run seal R-0001" in almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann").stdout
    assert "Next: almoner run approve R-0001" in almoner("run", "seal", "R-0001", "--by", "ann").stdout
    assert "Next: almoner run issue R-0001" in almoner("run", "approve", "R-0001", "--by", "bob").stdout
    assert "R-0001" in almoner("run", "show").stdout
    assert "approved" in almoner("run", "show", "R-0001").stdout
    assert "Next: almoner explain R-0001.1" in almoner("receipts", "--run", "R-0001").stdout
    assert "Everything stored is what was sealed" in almoner("verify", "--quick").stdout


def test_a_refusal_is_a_code_and_a_sentence_on_standard_error_and_exit_1(almoner):
    almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann")
    almoner("run", "seal", "R-0001", "--by", "ann")
    refused = almoner("run", "approve", "R-0001", "--by", "ann")
    assert refused.exit_code == 1 and refused.stderr.startswith("SAME-PERSON: ") and refused.stdout == ""
    refused = almoner("run", "approve", "R-0009", "--by", "bob", "--json")
    assert refused.exit_code == 1 and json.loads(refused.stderr)["code"] == "NO-SUCH-RUN"
    for arguments in (("run", "discard", "R-0001"), ("run", "seal", "R-0001"), ("release", "H-1", "--reason", "x")):
        assert almoner(*arguments, "--by", "bob").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "draft", "sweets", "--through", THROUGH, "--by", "ann"),
        ("run", "draft", "payments", "--through", "yesterday", "--by", "ann"),
        ("run", "draft", "payments", "--through", THROUGH, "--cycle", "daily", "--by", "ann"),
        ("run", "draft", "payments", "--through", THROUGH),
        ("run", "seal"),
        ("due", "--by", "cron", "--today", "2026-02-30"),
    ],
)
def test_usage_is_exit_2(almoner, monkeypatch, arguments):
    monkeypatch.delenv("ALMONER_USER", raising=False)
    assert almoner(*arguments).exit_code == 2


def test_holds_are_listed_released_and_paid(almoner):
    record("actuals", *({**visit("L1", MONDAY + timedelta(days=d), 120), "planned_minutes": 60} for d in range(7)), at=later(0))
    almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann")
    (hold,) = told(almoner("holds", "--json"))
    assert (hold["code"], hold["amount"]) == ("TOL", "372.00")
    assert hold["hold"] in almoner("holds").stdout
    assert told(almoner("release", hold["hold"], "--reason", "agreed", "--by", "bob", "--json"))["decision"] == "released"
    assert told(almoner("holds", "--json")) == [] and len(told(almoner("holds", "--all", "--json"))) == 1
    assert "Recorded since" in almoner("run", "show", "R-0001").stdout
    almoner("run", "discard", "R-0001", "--by", "ann")
    assert told(almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann", "--json"))["holds"] == 0


def test_receipts_as_csv_have_the_columns_of_the_folders_receipts(almoner):
    almoner("run", "draft", "payments", "--through", THROUGH, "--by", "ann")
    almoner("run", "seal", "R-0001", "--by", "ann")
    rows = list(csv.DictReader(io.StringIO(almoner("receipts", "--line", "L3", "--csv").stdout)))
    assert [row["amount"] for row in rows] == ["700.00", "700.00"]
    assert list(rows[0])[:9] == ["book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week", "kind", "amount"]


def test_a_receipt_of_every_book_is_explained(almoner, capsys):
    from almoner.site.run_commands import explain

    for book in ("payments", "claims", "charges"):
        run = told(almoner("run", "draft", book, "--through", THROUGH, "--by", "ann", "--json"))["run"]
        almoner("run", "seal", run, "--by", "ann")
        explain(f"{run}.1", as_json=True)
        explained = json.loads(capsys.readouterr().out)
        assert explained["book"] == book and len(explained["sentences"]) >= 3
        assert all(sentence["rules"] for sentence in explained["sentences"])


def test_an_unknown_receipt_is_refused(almoner, capsys):
    import typer

    from almoner.site.run_commands import explain

    with pytest.raises(typer.Exit) as stopped:
        explain("R-0001.99")
    assert stopped.value.exit_code == 1 and "NO-SUCH-RECEIPT" in capsys.readouterr().err


def test_due_drafts_and_sends_the_reminders(almoner, office):
    import email

    record("providers", {"provider_id": "V1", "name": "Alder Care", "creditor_reference": "C1", "email": "care@alder.example"}, at=later(0))
    done = told(almoner("due", "--by", "cron", "--today", "2026-06-01", "--json"))
    assert [reminder["provider_id"] for reminder in done["reminders"]] == ["V1"]
    (kept,) = (office / "outbox").glob("*.eml")
    letter = email.message_from_bytes(kept.read_bytes())
    assert letter["To"] == "care@alder.example" and "4 weeks of actuals due by" in letter["Subject"]
    done = told(almoner("due", "--by", "cron", "--today", "2026-06-02", "--json"))
    assert {(drafted["book"], drafted["through"]) for drafted in done["drafted"]} >= {("payments", "2026-05-31"), ("claims", "2026-05-31")}
    assert "Nothing is due" in almoner("due", "--by", "cron", "--today", "2026-06-02").stdout
    assert len(list((office / "outbox").glob("*.eml"))) == 1
