"""Drafts pay nothing, what is submitted is written once and only where it changed, and none of it changes afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pyarrow as pa
import pytest
from tests.office.runs.little import MONDAY, T0, found_council, later, rows

WEEK = MONDAY + timedelta(days=14)


def answer(day: int = 0, minutes: int = 60, **more):
    from almoner.office.actuals.answers import Answer

    told = Answer("P1", "L1", WEEK, WEEK + timedelta(days=day), time(8), "delivered", planned_minutes=60, delivered_minutes=minutes)
    return replace(told, **more)


def nothing():
    from almoner.office.actuals.operations import Expected

    return Expected((), 0, 0)


def submit(table: pa.Table, content: str = "a", **more):
    from almoner.office.actuals import operations

    given = {"provider_id": "V1", "way": "screen", "expected": nothing(), "by": "pam", "at": later(1)}
    return operations.submit(rows=table, sha256=content, **{**given, **more})


def standing() -> list[dict]:
    from almoner.office.records.queries import table_known

    return table_known("actuals", lines=["L1"], from_date=WEEK).to_pylist()


def test_a_draft_is_kept_once_a_visit_and_writes_no_actuals(office):
    from almoner.office.actuals.operations import save_draft
    from almoner.office.actuals.queries import drafts_of

    found_council()
    save_draft(provider_id="V1", answers=[answer(), answer(1)], standing=[], by="pam", at=T0)
    save_draft(provider_id="V1", answers=[answer(minutes=45), answer(1, outcome="")], standing=[], by="pip", at=later(1))
    kept = drafts_of(["L1"], WEEK)
    assert [(one.answer.delivered_minutes, one.by) for one in kept] == [(45, "pip")]
    assert standing() == []


def test_an_answer_that_says_what_stands_is_no_draft(office):
    from almoner.office.actuals.operations import save_draft
    from almoner.office.actuals.queries import drafts_of

    found_council()
    assert save_draft(provider_id="V1", answers=[answer(planned_minutes=None)], standing=[answer()], by="pam", at=T0) == 0
    assert drafts_of(["L1"]) == []


def test_what_is_submitted_is_written_with_its_moment_and_only_where_it_changed(office):
    from almoner.office.actuals.answers import as_actuals

    found_council()
    first = submit(as_actuals([answer(day) for day in range(3)]))
    second = submit(as_actuals([answer(0), answer(1, minutes=30), answer(3)]), "b", at=later(2))
    assert (first.reference, first.new, second.reference, second.new, second.updated, second.unchanged) == (
        "S-000001",
        3,
        "S-000002",
        1,
        1,
        1,
    )
    told = {row["date"]: (row["delivered_minutes"], row["submitted_at"].hour) for row in standing()}
    assert [told[WEEK + timedelta(days=n)] for n in range(4)] == [(60, 11), (30, 12), (60, 11), (60, 12)]


def test_the_same_content_twice_is_one_submission(office):
    from almoner.office.actuals.answers import as_actuals
    from almoner.office.actuals.queries import rows_submitted
    from almoner.office.journal.queries import entries

    found_council()
    once, again = submit(as_actuals([answer()])), submit(as_actuals([answer(minutes=30)]), at=later(3))
    assert once == again and len(standing()) == 1 and rows_submitted(once.number).num_rows == 1
    assert [entry.act for entry in entries() if entry.act == "submit_actuals"] == ["submit_actuals"]


def test_nothing_new_is_refused(office):
    from almoner.office.actuals.answers import as_actuals
    from almoner.office.actuals.refusals import NothingToSubmit

    found_council()
    submit(as_actuals([answer()]))
    with pytest.raises(NothingToSubmit):
        submit(as_actuals([answer()]), "b")


def test_submitting_takes_the_answers_out_of_the_draft(office):
    from almoner.office.actuals.answers import as_actuals
    from almoner.office.actuals.operations import save_draft
    from almoner.office.actuals.queries import drafts_of

    found_council()
    save_draft(provider_id="V1", answers=[answer(), answer(1)], standing=[], by="pam", at=T0)
    submit(as_actuals([answer()]))
    assert [one.answer.date for one in drafts_of(["L1"])] == [WEEK + timedelta(days=1)]


def uploaded(**more) -> int:
    from almoner.office.actuals.comparison import compare, standing_actuals
    from almoner.office.actuals.operations import FileTold, keep_upload

    table = rows("actuals", {"line_id": "L1", "date": WEEK, "start_time": time(8), "delivered_minutes": 60})
    file = FileTold("week.csv", b"line_id,date", "columns", table, [], 2, 1)
    compared = compare(table, standing_actuals(table, None))
    return keep_upload(**{"provider_id": "V1", "file": file, "compared": compared, "expected": nothing(), "by": "pam", "at": T0, **more})


def test_an_upload_counts_for_nothing_until_it_is_submitted_and_ends_once(office):
    from almoner.office.actuals.operations import discard_upload
    from almoner.office.actuals.queries import rows_uploaded
    from almoner.office.actuals.refusals import UploadEnded

    found_council()
    number = uploaded()
    table, _ = rows_uploaded(number)
    assert standing() == [] and table.num_rows == 1
    shown = submit(table, "content", upload=number, way="file")
    assert submit(table, "content", upload=number, way="file") == shown and len(standing()) == 1
    with pytest.raises(UploadEnded):
        discard_upload(provider_id="V1", upload=number, by="pam", at=later(2))


def test_a_discarded_upload_stays_discarded_and_belongs_to_its_organisation(office):
    from almoner.office.actuals.operations import discard_upload
    from almoner.office.actuals.queries import rows_uploaded
    from almoner.office.actuals.refusals import NoSuchUpload, UploadEnded

    found_council()
    number = uploaded()
    with pytest.raises(NoSuchUpload):
        discard_upload(provider_id="V2", upload=number, by="eve", at=later(1))
    discard_upload(provider_id="V1", upload=number, by="pam", at=later(1))
    discard_upload(provider_id="V1", upload=number, by="pam", at=later(2))
    with pytest.raises(UploadEnded):
        submit(rows_uploaded(number)[0], "content", upload=number)
    assert standing() == []


@pytest.mark.parametrize("table", ["actuals_uploads", "submissions", "submitted_weeks", "actuals_upload_ends"])
def test_what_was_uploaded_and_submitted_is_sealed(office, table):
    from django.db import connection

    from almoner.office.records.sealing import sealed_tables

    assert f"almoner_{table}" in sealed_tables(connection)


def test_a_week_total_without_a_time_is_one_key(office):
    from almoner.office.actuals.answers import as_actuals
    from almoner.office.actuals.operations import save_draft
    from almoner.office.actuals.queries import drafts_of

    found_council()
    total = answer(kind="week", start_time=None, minutes=600)
    for minutes in (600, 540):
        save_draft(provider_id="V1", answers=[replace(total, delivered_minutes=minutes)], standing=[], by="pam", at=T0)
    assert [one.answer.delivered_minutes for one in drafts_of(["L1"])] == [540]
    submit(as_actuals([total]))
    assert submit(as_actuals([replace(total, comment="night calls")]), "b").updated == 1


def test_the_same_draft_saved_again_is_another_content(office):
    from almoner.office.actuals.answers import Drafted, draft_digest

    one, two = (draft_digest([Drafted(answer(), "pam", later(hours))]) for hours in (1, 2))
    assert one != two
