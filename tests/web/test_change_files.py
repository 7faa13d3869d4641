"""Files that show why something changes: sent with the order, read by who authorises, sealed, and nobody's else."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

ASKED = "/console/changes/new?line=LN-204417&kind=end&on_day=30&on_month=6&on_year=2026"
WHY = {"reason": "Moves into a home.", "evidence": "The review of 3 June"}


def sent(client, *files):
    return client.post(ASKED, {**WHY, "act": "send", "attachments": list(files)})


def test_a_file_goes_with_the_order_to_who_authorises_it(signed_in):
    broker, manager = signed_in("brokerage"), signed_in("team_manager")
    assert "Files that show it" in broker.post(ASKED, {**WHY, "act": "check"}).content.decode()
    assert sent(broker, SimpleUploadedFile("review.pdf", b"%PDF moved")).headers["Location"] == "/console/changes/1"
    page = manager.get("/console/changes/1").content.decode()
    assert "review.pdf" in page and "/console/changes/1/files/1" in page
    file = manager.get("/console/changes/1/files/1")
    assert file.content == b"%PDF moved" and "attachment" in file.headers["Content-Disposition"]
    assert manager.get("/console/changes/2/files/1").status_code == 404
    assert signed_in("system_administrator").get("/console/changes/1/files/1").status_code == 404
    assert signed_in("auditor").get("/console/settings/changes/1/files/1").status_code == 404, "no file of a care order as a setting's"
    sent(broker, SimpleUploadedFile("review.pdf", b"%PDF moved"))
    assert manager.get("/console/changes/2").status_code == 404, "the same change that waits is that order"


def test_a_file_that_is_not_kept_is_said_at_its_field_and_nothing_is_sent(signed_in):
    from almoner.office.changes.queries import orders

    page = sent(signed_in("brokerage"), SimpleUploadedFile("virus.exe", b"MZ")).content.decode()
    assert "virus.exe is of a kind that is not kept." in page and "Check this change" in page
    assert 'name="reason" value="Moves into a home."' in page, "the words stay"
    assert orders() == []
