"""Uplifts and settings on the console: outliers first, a second reason above the limit, a second person, nobody's care for SA."""

from __future__ import annotations

from datetime import time

from tests.web.test_changes import pay
from tests.web.vale import NOW

UPLIFT = {
    "scope": "service", "service": "home care", "percent": "3.1", "step": "100", "on_day": "18", "on_month": "5", "on_year": "2026",
}  # fmt: skip
EFFECT = "/console/changes/uplift/effect"
WHY = {"reason": "The year's uplift.", "evidence": "Cabinet, 3 March"}


def entered(client, **more):
    """The effect page of an uplift."""
    sent = client.post("/console/changes/uplift", UPLIFT | more)
    assert (sent.status_code, sent.headers["Location"]) == (302, EFFECT), sent.content.decode()
    return shown(client, EFFECT)


def shown(client, address):
    """A page, asked for until what it tells is worked out."""
    for _ in range(60):
        page = client.get(address).content.decode()
        if "We are working out" not in page:
            return page
    raise AssertionError("still being worked out")


def test_an_uplift_from_its_percentage_to_the_second_person(signed_in):
    from almoner.office.changes.queries import orders

    pay()
    broker = signed_in("brokerage")
    page = entered(broker)
    # £24.60 + 3.1% = £25.3626, rounded £25.36: 945 minutes of the paid week are £11.97 more.
    for said in ("£24.60 an hour", "£25.36 an hour", "£11.97", "£24.60 becomes £25.36", "Before and after, line by line", "LN-300001"):
        assert said in page, said
    assert "Outlier" not in page and orders() == []
    file = broker.get(f"{EFFECT}?download=csv").content.decode("utf-8-sig")
    assert file.startswith("Line,Person,Provider,Rate before") and "LN-204417" in file
    assert "Check this change" in broker.post(EFFECT, {**WHY, "act": "check"}).content.decode() and orders() == []
    sent = broker.post(EFFECT, {**WHY, "act": "send"})
    assert sent.headers["Location"] == broker.post(EFFECT, {**WHY, "act": "send"}).headers["Location"] == "/console/changes/1"
    assert "someone else authorises it" in shown(broker, "/console/changes/1")
    manager = signed_in("team_manager")
    page = shown(manager, "/console/changes/1")
    told = page.split('name="shown" value="')[1].split('"')[0].replace("&#34;", '"')
    done = manager.post("/console/changes/1", {"act": "authorise", "shown": told})
    assert done.status_code == 302 and orders()[0].state == "in_force"


def test_thirty_percent_for_three_is_marked_and_not_sent_without_a_second_reason(signed_in):
    from almoner.office.changes.queries import orders

    broker = signed_in("payments_officer")
    page = entered(broker, percent="31")
    assert "Above the limit" in page and "All 5 lines change by more than 10%" in page and page.count("▲ Outlier: more than 10% more") == 5
    refused = broker.post(EFFECT, {**WHY, "act": "send"})
    assert "Enter why the limit does not hold here" in refused.content.decode() and orders() == []
    sent = broker.post(EFFECT, {**WHY, "act": "send", "second_reason": "Ten years without an uplift."})
    assert sent.status_code == 302
    assert "Ten years without an uplift." in shown(signed_in("team_manager"), "/console/changes/1")


def test_what_was_typed_wrong_about_an_uplift_is_said_and_kept(signed_in):
    broker = signed_in("brokerage")
    for wrong, said in (
        ({"percent": "abc"}, "abc is not a percentage"), ({"service": ""}, "Choose the service"),
        ({"scope": "lines", "lines": "LN-204417 25.33\nwhat?"}, "Row 2, what?, is not a line and its rate"),
        ({"scope": "lines", "lines": "LN-204417\nLN-204417"}, "for the second time"), ({"on_day": "32"}, "32 5 2026 is not a day"),
        ({"scope": "lines", "lines": "LN-204417", "percent": ""}, "Enter by how much rates rise"),
    ):  # fmt: skip
        page = broker.post("/console/changes/uplift", UPLIFT | wrong)
        assert page.status_code == 400 and said in page.content.decode(), said
    broker.post("/console/changes/uplift", UPLIFT | {"scope": "lines", "lines": "LN-999 25.33"})
    refused = broker.get(EFFECT)
    assert (
        refused.status_code == 409 and "There is no line LN-999." in refused.content.decode() and "LN-999 25.33" in refused.content.decode()
    )
    assert signed_in("brokerage").get(EFFECT).headers["Location"] == "/console/changes/uplift"


def test_a_contracts_prices_are_raised_one_by_one(signed_in):
    from almoner.office.changes.queries import orders

    broker = signed_in("brokerage")
    assert "No contract HC-NONE has rates" in broker.get("/console/changes/uplift?scope=contract&contract=HC-NONE").content.decode()
    page = broker.get("/console/changes/uplift?scope=contract&contract=HC-EXACT").content.decode()
    assert "Care: Any day" in page and "£24.60 an hour now" in page
    typed = {"scope": "contract", "contract": "HC-EXACT", "percent": "", "price_0": "x"}
    wrong = broker.post("/console/changes/uplift", UPLIFT | typed)
    assert "x is not a rate in pounds" in wrong.content.decode()
    page = entered(broker, **typed | {"price_0": "25.605"})
    assert "£25.605 an hour" in page and "4.08%" in page and "LN-204502" not in page and "as entered for each price" in page
    assert broker.post(EFFECT, {**WHY, "act": "send"}).status_code == 302
    assert orders()[0].change.prices == (("care|hour|any|", 256_050),)


def test_settings_are_dated_rows_with_where_each_is_set(signed_in):
    from tests.office.runs.little import record

    record(
        "frustration_policy",
        {"contract_id": "HC-EXACT", "reason": "no reply", "percent": 10_000, "max_days": 2, "valid_from": NOW.date()},
        at=NOW,
    )
    administrator, auditor = signed_in("system_administrator"), signed_in("auditor")
    for tab, said in (
        ("calendars", "Almoner, where council.toml says nothing"), ("calendars", "known until"), ("frustrated", "From 8 June 2026"),
        ("frustrated", "at most 2 days"), ("terms", "Tolerance"), ("limits", "holds today"), ("absences", "Nothing is set"),
    ):  # fmt: skip
        page = auditor.get(f"/console/settings?tab={tab}").content.decode()
        assert said in page, (tab, said)
        assert "Set a limit" not in page and "Change what they pay" not in page
    assert "Set a limit" in administrator.get("/console/settings?tab=limits").content.decode()
    assert signed_in("team_manager").get("/console/settings").status_code == 404


def test_what_frustrated_visits_pay_takes_two_administrators_who_see_nobodys_care(signed_in, pages):
    from tests.office.runs.little import record
    from tests.web.vale import T0, WEEK

    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import Role
    from almoner.office.changes.queries import orders

    told = {"line_id": "LN-204417", "date": WEEK, "outcome": "frustrated", "reason": "no reply", "planned_minutes": 45}
    record("actuals", {**told, "start_time": time(8)}, at=NOW)
    asked = "/console/settings/frustrated?reason=no+reply&service=home+care&contract=&percent=50&days=&on_day=1&on_month=6&on_year=2026"
    administrator = signed_in("system_administrator")
    page = shown(administrator, asked)
    # 45 minutes at £24.60 are £18.45; half of it is £9.23, rounded up.
    assert "£9.22" in page or "£9.23" in page
    assert "LN-204417" not in page and "4000217735" not in page and "Okafor" not in page
    assert "Choose a service, or enter one contract" in administrator.get(asked.replace("home+care", "")).content.decode()
    sent = administrator.post(asked, {**WHY, "act": "send"})
    assert sent.headers["Location"] == "/console/settings/changes/1"
    assert "another system administrator" in shown(administrator, "/console/settings/changes/1")
    pages["second"] = "second@test.example"
    access = give_access(
        email=pages["second"], name="Second", role=Role.SYSTEM_ADMINISTRATOR, organisation_id="", by="tests", at=T0, password="x" * 20
    )
    confirm_access(access_id=access, by="another administrator", at=T0)
    second = signed_in("second")
    page = shown(second, "/console/settings/changes/1")
    assert "LN-204417" not in page and "4000217735" not in page
    shown_before = page.split('name="shown" value="')[1].split('"')[0].replace("&#34;", '"')
    assert signed_in("team_manager").post("/console/changes/1", {"act": "authorise", "shown": shown_before}).status_code != 302
    assert orders()[0].state == "waiting"
    second.post("/console/settings/changes/1", {"act": "authorise", "shown": shown_before})
    assert orders()[0].state == "in_force"


def test_a_limit_is_set_and_shown_with_its_day(signed_in):
    administrator = signed_in("system_administrator")
    typed = {"name": "uplift", "value": "5", "reason": "A quiet year.", "on_day": "8", "on_month": "6", "on_year": "2026"}
    assert "Enter the limit" in administrator.post("/console/settings/limits", typed | {"value": ""}).content.decode()
    assert administrator.post("/console/settings/limits", typed).status_code == 302
    page = administrator.get("/console/settings?tab=limits").content.decode()
    assert "A quiet year." in page and "From 8 June 2026" in page and "5%" in page
    assert "more than 5%" in entered(signed_in("brokerage"), percent="6")
    refused = administrator.post("/console/settings/limits", typed | {"on_year": "2025"})
    assert refused.status_code == 409 and "The first day is past." in refused.content.decode()
