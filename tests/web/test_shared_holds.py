"""A hold of a person's whole week, seen by somebody who reaches some of the person's lines: their part, and nothing of the rest."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, T0, WEEK, delivered

PERSON = "4000217737"


@pytest.fixture
def shared(pages):
    """Cora Quinn has a second line, at Sagegreen East, given as planned; with the extra calls of the other the whole week is held."""
    from almoner.office.runs.operations import draft_run, seal_run

    signed = {"authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1)}
    line = {"line_id": "LN-204711", "person_id": PERSON, "contract_id": "HC-BANDED", "element": "care", "start_date": date(2026, 4, 6)}
    record("lines", {**line, **signed}, at=T0)
    visit = {"line_id": "LN-204711", "weekday": "monday", "start_time": time(9), "minutes": 30, "valid_from": date(2026, 4, 6)}
    record("schedule", visit, at=T0)
    record("actuals", *delivered("LN-204711", WEEK, (9, 0, 30))[:1], at=NOW - DAY)
    run = draft_run(book="payments", through=WEEK + timedelta(days=6), cycle="weekly", by="ann", at=NOW - timedelta(hours=2)).run
    seal_run(run=run, by="ann", at=NOW - timedelta(hours=2))
    return run


def text(answer):
    return answer.content.decode()


def test_the_page_tells_their_part_and_no_figure_of_the_rest(shared, signed_in):
    whole = text(signed_in("provider_user").get("/portal/holds"))
    assert "£221.40" in whole, "£209.10 and half an hour at £24.60"
    limited = signed_in("limited")
    page = text(limited.get("/portal/holds"))
    assert "£12.30" in page and "£221.40" not in page and "£209.10" not in page
    hold = page.split('href="/portal/holds/')[1].split('"')[0]
    one = text(limited.get(f"/portal/holds/{hold}"))
    assert "£12.30" in one and "counted with services that you do not see" in one
    assert not any(figure in one for figure in ("£221.40", "£209.10", "£36.90", "LN-204710"))
    week = f"/portal/actuals/2026-06-01/{PERSON}"
    for address in ("/portal", "/portal/payments", "/portal/payments/next/weekly", "/portal/actuals", "/portal/actuals?state=all", week):
        seen = text(limited.get(address))
        assert not any(figure in seen for figure in ("£221.40", "£209.10", "£36.90", "£184.50", "20.0%")), address
    assert "£221.40" in text(signed_in("provider_user").get(week)) and "services that you do not see" in text(limited.get(week))


def test_what_was_paid_of_a_shared_week_is_explained_without_the_rest(shared, signed_in):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run, release_hold, seal_run
    from almoner.office.runs.queries import receipts_of

    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    release_hold(hold=hold.hold, reason="Agreed", by="bob", at=NOW - timedelta(hours=1))
    run = draft_run(book="payments", through=WEEK + timedelta(days=6), cycle="weekly", by="ann", at=NOW - timedelta(minutes=30)).run
    seal_run(run=run, by="ann", at=NOW - timedelta(minutes=30))
    number = next(row["number"] for row in receipts_of(run).to_pylist() if row["line_id"] == "LN-204711")
    address = f"/portal/receipts/{run}.{number}"
    assert "£36.90" in text(signed_in("provider_user").get(address))
    seen = text(signed_in("limited").get(address))
    assert "£12.30" in seen and not any(figure in seen for figure in ("£36.90", "£184.50", "£221.40"))


def test_a_limited_token_reads_its_part_of_holds_and_payments(shared, pages):
    from django.test import Client

    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token

    whole = {"organisation_id": "4001", "name": "whole", "key_sha256": fingerprint("whole"), "by": "tests", "at": T0}
    make_token(**whole)
    make_token(**whole | {"name": "east", "key_sha256": fingerprint("east")}, places=[("site", "S-EAST")])

    def read(token, address):
        return Client().get(address, HTTP_AUTHORIZATION=f"Bearer {token}").json()

    assert [hold["amount_pence"] for hold in read("whole", "/api/holds")["holds"]] == [22_140]
    assert [hold["amount_pence"] for hold in read("east", "/api/holds")["holds"]] == [1_230]
    assert all(payment["amount_pence"] is not None for payment in read("whole", "/api/payments")["payments"])
    assert all(payment["amount_pence"] is None for payment in read("east", "/api/payments")["payments"])


def test_what_was_sent_under_a_wider_access_is_not_seen_under_a_narrower_one(pages, signed_in):
    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import change_access
    from almoner.office.accounts.queries import accesses_of, readers_for
    from almoner.office.accounts.roles import Role
    from almoner.office.runs.operations.uploading import submit_upload, take_upload

    reader = readers_for(User.objects.get(email=pages["provider_user"]).pk)[0]
    sent = [
        take_upload(
            name="rota.csv", content=f"line_id,date,start_time,delivered_minutes\nLN-204417,2026-06-0{n},08:00,45\n".encode(),
            reader=reader, at=NOW - DAY,
        ).upload
        for n in (1, 2)
    ]  # fmt: skip
    reference = submit_upload(upload=sent[0], reader=reader, at=NOW - DAY).reference
    client = signed_in("provider_user")
    assert client.get(f"/portal/submissions/{reference}").status_code == 200
    access = next(one for one in accesses_of("4001", side="provider") if one.email == pages["provider_user"])
    change_access(access_id=access.access_id, role=Role.PROVIDER_USER, places=[("site", "S-EAST")], by="tests", at=NOW)
    for address in (f"/portal/submissions/{reference}", f"/portal/submissions/{reference}/file", f"/portal/actuals/files/{sent[1]}"):
        assert client.get(address).status_code == 404, address
    assert reference not in text(client.get("/portal/submissions"))
