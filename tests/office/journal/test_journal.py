"""The journal: one line an act, in order, and no line changed, lost or forged unseen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest


@pytest.fixture
def three_acts(office: Path, at: datetime) -> None:
    from django.db import transaction

    from almoner.office.journal.operations import write

    for number, act in enumerate(("import", "draft", "seal"), 1):
        with transaction.atomic():
            assert write(act=act, by="clerk", at=at, subject=f"R-{number}", summary={"receipts": number, "books": ["payments"]}) == number


def test_lines_are_read_back_by_subject_and_by_act(three_acts: None, at: datetime) -> None:
    from almoner.office.journal.queries import entries, journal_head

    assert [(entry.number, entry.act, entry.by, entry.at) for entry in entries()] == [
        (1, "import", "clerk", at), (2, "draft", "clerk", at), (3, "seal", "clerk", at),
    ]  # fmt: skip
    assert [entry.number for entry in entries(subject="R-2")] == [2]
    assert [entry.summary for entry in entries(act="seal")] == [{"receipts": 3, "books": ["payments"]}]
    assert journal_head()[0] == 3


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE almoner_journal SET \"by\" = 'another' WHERE number = 2", "journal 2 differs"),
        ("UPDATE almoner_journal SET summary = '{}' WHERE number = 3", "journal 3 differs"),
        ("DELETE FROM almoner_journal WHERE number = 2", "journal 2 is missing"),
        ("UPDATE almoner_journal SET number = 9 WHERE number = 1", "journal 1 is missing"),
    ],
)
def test_what_is_changed_behind_the_back_shows(three_acts: None, statement: str, expected: str) -> None:
    from django.db import connection

    from almoner.office.journal.queries import troubles_in_journal
    from almoner.office.records.sealing import opening_statements

    assert list(troubles_in_journal()) == []
    with connection.cursor() as cursor:
        for opening in opening_statements("almoner_journal", connection.vendor):
            cursor.execute(opening)
        cursor.execute(statement)
    assert any(expected in f"{trouble.where} {trouble.message}" for trouble in troubles_in_journal())


def test_an_act_and_its_line_are_one_transaction(office: Path, at: datetime) -> None:
    from almoner.office.journal.operations import write

    with pytest.raises(AssertionError, match="one transaction"):
        write(act="seal", by="clerk", at=at, subject="R-1")


def test_an_answer_is_kept_once_for_its_key(office: Path, at: datetime) -> None:
    from django.db import IntegrityError, transaction

    from almoner.office.journal.operations import keep_answer
    from almoner.office.journal.queries import answer_to

    with transaction.atomic():
        keep_answer(key="k", body_sha256="abc", answer={"rows": 3}, by="api", at=at)
    kept = answer_to("k")
    assert kept is not None
    assert (kept.body_sha256, kept.answer, answer_to("other")) == ("abc", {"rows": 3}, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        keep_answer(key="k", body_sha256="def", answer={}, by="api", at=at)
