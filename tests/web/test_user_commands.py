"""`almoner user …`: the first administrator of an empty office, and the way back in."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from typer.testing import CliRunner

FIRST = ("add", "max@vale.example", "--name", "Max Hill", "--role", "system_administrator", "--by", "root", "--at", "https://pay.example/")


@pytest.fixture
def user(pages):
    from almoner.site.command import app

    return lambda *arguments: CliRunner().invoke(app, ["user", *arguments])


def test_the_first_administrator_comes_in_by_the_link_that_is_printed(user):
    from almoner.office.accounts.models import Access

    Access.objects.all().delete()  # nobody is there yet
    told = user(*FIRST)
    assert told.exit_code == 0, told.output
    key = re.search(r"https://pay\.example/sign-in/first/([\w-]+)", told.output).group(1)
    client = Client()
    client.post(f"/sign-in/first/{key}", {"password1": "heron paint seven", "password2": "heron paint seven"})
    client.post("/sign-in", {"login": "max@vale.example", "password": "heron paint seven"})
    assert client.get("/console/users").status_code == 200


def test_a_second_administrator_waits_for_the_first_wherever_they_are_given(user):
    assert "another system administrator has confirmed it" in user(*FIRST).output
    own = user("confirm", "max@vale.example", "--by", "Root ")
    assert own.exit_code == 1 and "SAME-PERSON" in own.stderr
    assert user("confirm", "max@vale.example", "--by", "system_administrator@test.example").exit_code == 0
    assert json.loads(user("start-over", "max@vale.example", "--by", "root", "--json").output)["waits_for_confirmation"]


def test_given_twice_ended_and_ended_again(user):
    assert user(*FIRST).exit_code == 0
    again = user(*FIRST)
    assert again.exit_code == 1 and "ALREADY-THERE" in again.stderr
    assert user("end", "MAX@vale.example", "--by", "root").exit_code == 0
    gone = user("end", "max@vale.example", "--by", "root", "--json")
    assert gone.exit_code == 1 and json.loads(gone.stderr)["code"] == "NO-SUCH-ACCESS"


def test_the_list_says_who_waits(user):
    user("add", "tia@vale.example", "--name", "Tia", "--role", "payments_approver", "--by", "root")
    listed = json.loads(user("list", "--json").output)
    waiting = next(shown for shown in listed if shown["email"] == "tia@vale.example")
    assert waiting["waits_for_confirmation"] and "tia@vale.example  payments approver of the council, waits" in user("list").output


def test_start_over_gives_a_new_link_to_somebody_with_a_password(user, pages):
    told = user("start-over", pages["finance"], "--by", "root", "--json")
    link = json.loads(told.output)["link"]
    assert Client().get(link).status_code == 200
    wrong = Client().post("/sign-in", {"login": pages["finance"], "password": "a-password-for-tests"}).content.decode()
    assert "not right" in wrong


@pytest.mark.parametrize(
    ("role", "email", "words"), [("king", "a@b.example", "is no role"), ("finance", "nobody", "is no email address")]
)  # fmt: skip
def test_what_cannot_be_is_a_usage_error(user, role, email, words):
    told = user("add", email, "--name", "A", "--role", role, "--by", "root")
    assert told.exit_code == 2 and words in told.output
