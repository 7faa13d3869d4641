"""What nobody means is answered, never an error of ours: days of no century, numbers of no size, characters of no text."""

from __future__ import annotations

import json

import pytest
from tests.web.vale import SAGEGREEN, T0

LONG = "9" * 5_000
HUGE = "9" * 25
PAGES = {
    "a week in year 1": ("provider_user", "/portal/actuals/0001-01-01/4000217735"),
    "a workbook from the last day": ("provider_user", "/portal/actuals/files/workbook?first=9999-12-31"),
    "a workbook from the first": ("provider_user", "/portal/actuals/files/workbook?first=0001-01-01"),
    "an expected week in year 1": ("provider_user", "/portal/expected/LN-204417/0001-01-01"),
    "a month in year 1": ("partner_reader", "/partner/months/0001-01"),
    "what was known in year 1": ("auditor", "/console/people/4000217735?on=0001-01-01"),
    "an upload of a huge number": ("provider_user", f"/portal/actuals/files/{HUGE}"),
    "a query of a huge number": ("provider_user", f"/portal/queries/{HUGE}"),
    "a user of a huge number": ("system_administrator", f"/console/users/{HUGE}"),
    "a change of a very long number": ("auditor", f"/console/changes/{LONG}"),
    "a page of a huge number": ("auditor", f"/console/holds?page={HUGE}"),
    "a page of a very long number": ("auditor", f"/console/queries?page={LONG}"),
    "weeks from the last day": ("provider_user", "/portal/actuals?from=9999-12-31&to=0001-01-01"),
    "a query about a week in the last year": ("provider_user", "/portal/queries/new?line_id=LN-204417&week=9999-12-31"),
    "a journal since year 1": ("auditor", "/console/journal?since=0001-01-01&days=99999999999999999999"),
    "a search with a NUL": ("auditor", "/console/search?q=%00"),
    "a submission of a very long number": ("provider_user", f"/portal/submissions/S-{LONG}"),
    "a first day of details in year 1": ("auditor", f"/console/bank-details/{SAGEGREEN}/0001-01-01"),
}


@pytest.mark.parametrize("what", PAGES)
def test_an_odd_address_is_answered(signed_in, what):
    role, address = PAGES[what]
    assert signed_in(role).get(address).status_code in (200, 302, 400, 404), what


def test_odd_things_typed_are_answered(signed_in):
    client = signed_in("provider_user")
    week = "/portal/actuals/2026-06-01/4000217735"
    assert client.post(week, {"seen": "2026-06-08T09:00:00", "what": "save"}).status_code in (200, 302, 400)
    assert client.post(week, {"LN-204417.total.hours": LONG, "LN-204417.total.minutes": LONG}).status_code in (200, 302, 400)
    assert client.post("/portal/lines/LN-204800/agree", {"version": LONG, "answer": "yes"}).status_code in (200, 302, 400, 409)
    nul = client.post("/portal/queries/new", {"kind": "payment", "text": "What\x00is this?"})
    assert nul.status_code == 400 and nul.content == b"A character was sent that no text has. Go back and type it again."
    for week in ("0001-01-01", "9999-12-31"):
        told = {"kind": "actuals", "line_id": "LN-204417", "person_id": "4000217735", "week": week, "text": f"What of {week}?"}
        answered = client.post("/portal/queries/new", told, follow=True)
        assert answered.status_code in (200, 400, 404, 409), week
    assert client.get("/portal/queries").status_code == 200
    officer = signed_in("payments_officer")
    assert officer.post("/console/holds/decide", {"what": "release", "hold": f"H-1:{LONG}:open"}).status_code in (200, 302, 400)


def test_days_and_times_that_the_api_cannot_keep_are_refused(pages):
    from django.test import Client

    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token

    make_token(organisation_id=SAGEGREEN, name="a", key_sha256=fingerprint("a"), by="tests", at=T0)
    visit = {"line_id": "LN-204417", "date": "2026-06-01", "start_time": "08:00", "delivered_minutes": 45}
    for odd in ({"date": "0001-01-01"}, {"date": "9999-12-31"}, {"start_time": "08:00+01:00"}, {"start_time": "08:00:00.5"}):
        answer = Client().post(
            "/api/actuals", json.dumps({"visits": [visit | odd], "preview": True}), content_type="application/json",
            HTTP_AUTHORIZATION="Bearer a", HTTP_IDEMPOTENCY_KEY="12345678",
        )  # fmt: skip
        assert answer.status_code == 422, odd


def test_one_token_does_not_read_another_s_answer_by_its_key(pages):
    from django.test import Client

    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token

    whole = {"organisation_id": SAGEGREEN, "by": "tests", "at": T0}
    make_token(**whole, name="whole", key_sha256=fingerprint("whole"))
    make_token(**whole, name="east", key_sha256=fingerprint("east"), places=[("site", "S-EAST")])
    visit = {"line_id": "LN-204417", "date": "2026-06-01", "start_time": "08:00", "delivered_minutes": 45}

    def send(token):
        return Client().post(
            "/api/actuals", json.dumps({"visits": [visit]}), content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}",
            HTTP_IDEMPOTENCY_KEY="the-same-key",
        )  # fmt: skip

    first = send("whole")
    assert first.status_code == 200 and first.json()["submission"]
    assert send("whole").json() == first.json()
    other = send("east")
    assert other.status_code == 422 and first.json()["submission"] not in other.content.decode()


def test_a_file_with_a_day_in_year_1_is_read_and_the_row_left_out(signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = b"line_id,date,start_time,delivered_minutes\nLN-204417,0001-01-01,08:00,45\nLN-204417,2026-06-01,08:00,45\n"
    answer = signed_in("provider_user").post("/portal/actuals/files", {"file": SimpleUploadedFile("rota.csv", content)}, follow=True)
    assert answer.status_code == 200 and "Rejected (1)" in answer.content.decode()


def test_what_is_said_of_tls_is_believed_of_our_own_proxy_only():
    from django.conf import settings

    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0 and settings.SECURE_PROXY_SSL_HEADER is None


def test_a_number_of_rows_that_no_machine_counts_is_the_usual_one(signed_in):
    assert signed_in("provider_user").post("/account", {"rows": LONG}).status_code == 302


def test_a_cookie_with_a_nul_and_a_body_beyond_all_measure_are_refused_before_they_are_read(pages):
    from django.test import Client

    client = Client()
    client.cookies["sessionid"] = "a" * 31 + "\x00"
    assert client.get("/portal").status_code == 400
    assert Client().post("/sign-in", {"login": "a"}, headers={"Content-Length": str(10**10)}).status_code == 413


def test_names_of_columns_are_kept_and_nothing_longer(signed_in, pages):
    from almoner.office.accounts.models import User

    signed_in("auditor").post("/account/columns", {"table": "console-holds", "column": ["week", "x" * 1_000_000], "next": "/console/holds"})
    assert User.objects.get(email=pages["auditor"]).columns == {"console-holds": ["week"]}


def test_a_question_about_a_day_of_no_century_is_refused_and_breaks_no_page_of_the_council(pages, signed_in):
    from django.test import Client

    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token

    make_token(organisation_id=SAGEGREEN, name="a", key_sha256=fingerprint("a"), by="tests", at=T0)
    asked = {"kind": "absence", "person_id": "4000217735", "from_date": "2026-06-01", "text": "In hospital."}
    odd_days = (
        {"from_date": "0001-01-01"},
        {"until_date": "9999-12-31"},
        {"week": "9999-12-31"},
        {"kind": "death", "from_date": "0001-01-01"},
    )
    for number, odd in enumerate(odd_days):
        answer = Client().post(
            "/api/queries", json.dumps(asked | odd), content_type="application/json", HTTP_AUTHORIZATION="Bearer a",
            HTTP_IDEMPOTENCY_KEY=f"odd-day-{number}",
        )  # fmt: skip
        assert answer.status_code == 422, odd
    assert Client().get("/api/lines/LN-204417/weeks/9999-12-31/why", headers={"Authorization": "Bearer a"}).status_code == 422
    assert "Q-000001" not in signed_in("brokerage").get("/console/queries").content.decode()


def test_no_cell_of_a_download_is_a_formula_and_no_name_of_a_sheet_stops_one():
    from almoner.office.furniture.listing import Heading, Listing, as_csv, as_xlsx

    odd = ("=1+1", "+1", " =1+1", "＝1+1", "\t=1")
    rows = [{"id": cell, "words": cell} for cell in odd]
    table = Listing("claims-NHS/QXX: 1 [a]", "Claims", (Heading("id", "Number", "id"), Heading("words", "Words")), rows, "", "None.")
    lines = as_csv(table, rows).decode("utf-8-sig").splitlines()[1:]
    assert lines == [f"'{cell},'{cell}" for cell in odd]
    assert as_xlsx(table, rows).startswith(b"PK")


def test_what_somebody_typed_beside_a_visit_is_no_formula_in_what_was_sent(signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    heading = b"line_id,date,start_time,delivered_minutes,outcome,comment\n"
    content = heading + b"LN-204417,2026-06-01,08:00,60,delivered,=1+1\nLN-1,2026-06-01,08:00,60,delivered, @SUM(A1)\n"
    client = signed_in("provider_user")
    upload = client.post("/portal/actuals/files", {"file": SimpleUploadedFile("rota.csv", content)}).headers["Location"]
    rejected = client.get(f"{upload}/rejected").content.decode("utf-8-sig")
    assert "' @SUM(A1)" in rejected
