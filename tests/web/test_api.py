"""The API: what its own document says of it, tokens, one organisation each, one answer a key, and no error of ours whatever is sent."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from tests.web.everything import OTHER, OWN, one_of_everything
from tests.web.vale import NOW, SAGEGREEN, THORNFIELD, WEEK

TOKENS = {OWN: "almoner_own", OTHER: "almoner_other", "limited": "almoner_limited"}
EXAMPLES = 8


@pytest.fixture
def tokens(pages):
    """A token of Sagegreen, one of Thornfield, and one of Sagegreen that reaches its eastern site only."""
    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token

    given_to = ((OWN, SAGEGREEN, ()), (OTHER, THORNFIELD, ()), ("limited", SAGEGREEN, [("site", "S-EAST")]))
    for whose, organisation, places in given_to:
        make_token(
            organisation_id=organisation, name=whose, key_sha256=fingerprint(TOKENS[whose]), places=places, by="tests", at=NOW
        )  # fmt: skip
    return TOKENS


def ask(whose, path, body=None, key="a-key-of-its-own", **more):
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {TOKENS[whose]}", **more})
    if body is None:
        return client.get(path)
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, text, content_type="application/json", headers={"Idempotency-Key": key})


def visit(line="LN-204417", day=WEEK, start="08:00", **more):
    return {"line_id": line, "date": day.isoformat(), "start_time": start, "delivered_minutes": 45, **more}


def submissions():
    from almoner.office.journal.queries import entries

    return [line for line in entries() if line.act == "submit_actuals"]


def test_without_a_token_that_works_nothing_answers_not_even_to_a_session(tokens, signed_in):
    from almoner.office.accounts.models import Token
    from almoner.office.accounts.operations import withdraw_token

    session = signed_in("provider_administrator")
    asked = [session.get("/api/lines"), Client().get("/api/lines"), Client(headers={"Authorization": "Bearer wrong"}).get("/api/lines")]
    assert [answer.status_code for answer in asked] == [401, 401, 401]
    assert asked[0].headers["WWW-Authenticate"] == "Bearer" and asked[0].json()["code"] == "TOKEN"
    assert ask(OWN, "/api/lines").status_code == 200
    token = Token.objects.get(name=OWN)
    assert token.last_used_at == NOW
    withdraw_token(token_id=token.pk, organisation_id=SAGEGREEN, by="tests", at=NOW)
    assert ask(OWN, "/api/lines").status_code == 401


def test_a_token_ends_after_a_year(tokens, monkeypatch):
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + timedelta(days=365)).isoformat())
    assert ask(OWN, "/api/lines").status_code == 401


def test_guessing_tokens_is_slowed_down(tokens):
    answers = [Client(headers={"Authorization": f"Bearer {number}"}).get("/api/lines").status_code for number in range(32)]
    assert answers[:30] == [401] * 30 and answers[30:] == [429, 429]


def test_lines_are_those_of_the_token_in_the_words_of_the_pages(tokens):
    told = {whose: [line["line_id"] for line in ask(whose, "/api/lines").json()["lines"]] for whose in TOKENS}
    assert told == {OWN: ["LN-204417", "LN-204502", "LN-204710", "LN-204800"], OTHER: ["LN-300001"], "limited": ["LN-204502"]}
    assert ask(OWN, "/api/lines/LN-204800").json()["state"] == "To agree"
    assert ask("limited", "/api/lines/LN-204417").status_code == 404


def test_weeks_say_what_they_would_pay(tokens):
    weeks = ask(OWN, "/api/weeks?line_id=LN-204417").json()["weeks"]
    by_week = {week["week"]: (week["state"], week["pays_pence"]) for week in weeks}
    # 945 minutes at £24.60 an hour are £387.45.
    assert by_week["2026-05-25"] == ("Submitted", 38745) and by_week["2026-06-01"] == ("Awaiting actuals", None)


def test_a_preview_writes_nothing_and_submitting_does_once(tokens):
    day = ((8, 45), (12, 30), (17, 30), (21, 30))
    starts = {8: "08:00", 12: "12:30", 17: "17:00", 21: "21:00"}
    week = [visit(day=WEEK + timedelta(days=n), start=starts[hour], delivered_minutes=minutes) for n in range(7) for hour, minutes in day]
    body = {"visits": week}
    seen = ask(OWN, "/api/actuals", body | {"preview": True}).json()
    # 945 minutes at £24.60 an hour are £387.45.
    assert (seen["submission"], seen["new"], seen["would_pay_pence"]) == (None, 28, 38745) and not submissions()
    first, again = ask(OWN, "/api/actuals", body), ask(OWN, "/api/actuals", body)
    assert first.status_code == 200 and first.content == again.content and first.json()["submission"] == "S-000001"
    assert len(submissions()) == 1
    assert ask(OWN, "/api/submissions").json()["submissions"][0]["would_pay_pence"] == 38745
    unchanged = ask(OWN, "/api/actuals", body, key="another-key").json()
    assert (unchanged["submission"], unchanged["unchanged"]) == (None, 28) and len(submissions()) == 1
    part = {"visits": [visit(delivered_minutes=1)], "preview": True}
    assert ask(OWN, "/api/actuals", part).json()["updated"] == 1


def test_the_same_key_with_another_body_is_refused_and_keys_are_each_organisations_own(tokens):
    assert ask(OWN, "/api/actuals", {"visits": [visit()]}).status_code == 200
    other = ask(OWN, "/api/actuals", {"visits": [visit(delivered_minutes=50)]})
    assert other.status_code == 422 and other.json()["code"] == "KEY-USED" and len(submissions()) == 1
    assert ask(OTHER, "/api/actuals", {"visits": [visit("LN-300001", start="09:00")]}).status_code == 200
    assert ask(OWN, "/api/actuals", {"visits": [visit()]}, key="").status_code == 422


def test_a_bad_visit_is_named_and_its_neighbours_count(tokens):
    bad = [visit("LN-300001"), visit(day=WEEK.replace(year=2027)), visit(start="17:00"), visit(start="17:00", delivered_minutes=30)]
    told = ask(OWN, "/api/actuals", {"visits": [visit(), *bad]}).json()
    assert [(row["index"], row["code"]) for row in told["rejected"]] == [(1, "UNPLANNED"), (2, "TO-COME"), (3, "REPLACED")]
    assert told["new"] == 2 and told["submission"]
    none = ask(OWN, "/api/actuals", {"visits": bad[:1]}, key="another-key")
    assert none.status_code == 422 and none.json()["code"] == "NOTHING-REPORTED" and "UNPLANNED" in none.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"visits": []}, "visits"),
        ({"visits": [visit(delivered_minutes=-1)]}, "delivered_minutes"),
        ({"visits": [visit(comment="a\x00b")]}, "comment"),
        ({"visits": [visit(minutes=5)]}, "minutes"),
        ({}, "visits"),
    ],
)
def test_what_does_not_fit_the_document_is_said_with_its_place(tokens, body, where):
    answer = ask(OWN, "/api/actuals", body)
    assert answer.status_code == 422 and where in answer.json()["errors"][0]["where"]


def test_what_is_no_json_is_refused(tokens):
    assert ask(OWN, "/api/actuals", "{").status_code == 400
    assert ask(OWN, "/api/actuals", '{"visits": [{"line_id": "\\ud800", "date": "2026-06-01"}]}').status_code == 422


def test_payments_receipts_and_holds_are_the_ones_of_the_pages_and_nobody_elses(tokens):
    world = one_of_everything()
    run = world[OWN]["run"]
    paid = ask(OWN, f"/api/payments/{run}").json()
    assert paid["amount_pence"] == sum(receipt["amount_pence"] for receipt in paid["receipts"])
    assert ask(OTHER, f"/api/payments/{run}").status_code == 404
    others = ask(OTHER, f"/api/payments/{world[OTHER]['run']}").json()
    assert {receipt["line_id"] for receipt in others["receipts"]} == {"LN-300001"}
    receipt = paid["receipts"][0]["receipt_id"]
    why = ask(OWN, f"/api/receipts/{receipt}").json()
    assert why["amount_pence"] == paid["receipts"][0]["amount_pence"] and "£24.60" in " ".join(told["text"] for told in why["why"])
    assert ask(OTHER, f"/api/receipts/{receipt}").status_code == 404
    held = {hold["hold_id"] for hold in ask(OWN, "/api/holds").json()["holds"]}
    assert world[OWN]["hold"] in held and world[OTHER]["hold"] not in held
    assert ask(OWN, f"/api/holds/{world[OWN]['hold']}").json()["state"] == "Open"
    assert ask(OWN, f"/api/holds/{world[OTHER]['hold']}").status_code == 404
    assert ask("limited", "/api/payments").json()["payments"][0]["lines_pence"] != paid["lines_pence"]


def test_only_what_is_listed_answers_and_by_its_method(tokens):
    assert ask(OWN, "/api/nothing").status_code == 404
    wrong = ask(OWN, "/api/lines", {})
    assert wrong.status_code == 405 and wrong.headers["Allow"] == "GET"
    assert ask(OWN, "/api/actuals").status_code == 405
    assert Client().get("/api/openapi.json").json()["info"]["title"] == "Almoner"


def ids_for(path, ids):
    """Ids of things that are there, for the parameters of a path."""
    named = {"line_id": ids["line"], "run_id": ids["run"], "receipt_id": ids["receipt"], "hold_id": ids["hold"], "week": ids["week"]}
    named |= {"cycle": "weekly", "kind": "csv", "number": ids["file"] if "/queries/" in path else ids["upload"]}
    named["reference"] = f"Q-{int(ids['number']):06}" if "/queries/" in path else ids["reference"]
    return {name: value for name, value in named.items() if f"{{{name}}}" in path}


def test_whatever_is_sent_the_answer_is_in_the_document_and_no_error_of_ours(tokens, served):
    """Every operation of the document is fuzzed from the document itself."""
    world = one_of_everything()
    schema = schemathesis.openapi.from_url(f"{served}/api/openapi.json")
    checks = [not_a_server_error, response_schema_conformance, status_code_conformance]
    headers = {"Authorization": f"Bearer {TOKENS[OWN]}"}
    tried, turns = set(), count()
    for operation in schema.get_all_operations():

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.ok().as_strategy())
        def fuzzed(case):
            if next(turns) % 2:  # every other one reaches something that is there
                case.path_parameters = {**(case.path_parameters or {}), **ids_for(case.path, world[OWN])}
            case.call_and_validate(headers=headers, checks=checks)

        fuzzed()
        tried.add(operation.ok().label)
    assert len(tried) == 35 and "POST /api/actuals" in tried
    assert world and ask(OWN, "/api/lines").status_code == 200
