"""Every address × every role × one's own and another organisation, held against docs/permissions.md and the program's own table.

The addresses come from the URL table: a page that nobody thought of is shut, and found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.tidy.sources import ROOT
from tests.web.addresses import Address, addresses
from tests.web.everything import OTHER, OWN, one_of_everything

SHORT = {
    "PU": "provider_user", "PA": "provider_administrator", "PR": "partner_reader", "PC": "partner_reconciler", "PO": "payments_officer",
    "PP": "payments_approver", "BR": "brokerage", "TM": "team_manager", "FI": "finance", "AU": "auditor", "SA": "system_administrator",
}  # fmt: skip
STAFF = {"payments_officer", "payments_approver", "brokerage", "team_manager", "finance", "auditor"}
GROUPS = {"staff": STAFF, "council": STAFF | {"system_administrator"}, "–": set()}
PROVIDERS = ("provider_user", "provider_administrator")
ROW = re.compile(r"^\| `(/[^`]*)` \| ([^|]+) \|(?: ([^|]+) \|)?$", re.MULTILINE)
NOT_OF_A_PROVIDER = {"portal-organisation", "portal-calendar"}


def documented() -> dict[str, tuple[set[str] | None, set[str] | None]]:
    """Address to the roles that see and that act; None where everyone may."""
    page = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    return {path: (_roles(sees), _roles(acts)) if acts else (None, None) for path, sees, acts in ROW.findall(page)}


def _roles(told: str) -> set[str]:
    return set().union(*(GROUPS[word] if word in GROUPS else {SHORT[word]} for word in told.split()))


@pytest.fixture
def world(pages):
    return one_of_everything()


def filled(address: Address, ids: dict[str, str]) -> str:
    """The address with ids of one organisation. A parameter that is not known here: add it to tests/web/everything.py."""
    return address.filled({name: ids.get(f"{address.name}:{name}") or ids[name] for name in address.parameters})


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside never was."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def acts_done() -> list[str]:
    """What stands in the journal besides refusals."""
    from almoner.office.journal.queries import entries

    return [line.act for line in entries() if line.act != "refuse"]


def guarded() -> list[Address]:
    """The addresses that open to some roles only, and ask for a session."""
    from almoner.office.accounts.permissions import PERMISSIONS

    return [address for address in addresses() if address.name in PERMISSIONS and not address.path.startswith("/api/")]


def test_every_address_is_in_the_document_and_nothing_else_is(office):
    written, found = set(documented()), {address.path for address in addresses()}
    assert found - written == set(), "write down in docs/permissions.md who may see and do it"
    assert written - found == set(), "in the document, and answers nobody"


def test_every_address_is_in_the_programs_table_as_the_document_has_it(office):
    from almoner.office.accounts.permissions import FOR_EVERYONE, FOR_ONESELF, PERMISSIONS

    told, differs = documented(), {}
    for address in addresses():
        permission = PERMISSIONS.get(address.name)
        if address.name in FOR_EVERYONE | FOR_ONESELF:
            ours = (None, None)
        else:
            ours = ({str(role) for role in permission.see}, {str(role) for role in permission.act}) if permission else ("shut", "shut")
        if told.get(address.path) != ours:
            differs[address.path] = (told.get(address.path), ours)
    assert not differs
    assert set(PERMISSIONS) | FOR_EVERYONE | FOR_ONESELF == {address.name for address in addresses()}, (
        "in the program's table, and answers nobody"
    )


def test_without_signing_in_everything_guarded_leads_to_the_sign_in(world):
    from almoner.office.accounts.permissions import FOR_ONESELF

    stranger = Client()
    closed = [*guarded(), *(address for address in addresses() if address.name in FOR_ONESELF)]
    for address in closed:
        for answer in (stranger.get(filled(address, world[OWN])), stranger.post(filled(address, world[OWN]))):
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next="), address
    assert len(closed) > 40


class LetIn:
    """Django middleware behind the door: whoever gets so far is let in without the page itself, so that the whole matrix is quick."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, request):
        return self.answer(request)

    def process_view(self, request, view, arguments, named):
        return HttpResponse("let in", status=299)


@pytest.fixture
def doors(world, monkeypatch):
    """The real door, real sessions, and no pages behind."""
    from django.conf import settings

    at = settings.MIDDLEWARE.index("almoner.office.accounts.door.Door") + 1
    monkeypatch.setattr(settings, "MIDDLEWARE", [*settings.MIDDLEWARE[:at], f"{__name__}.LetIn", *settings.MIDDLEWARE[at:]])
    return world


def test_each_role_gets_where_the_document_lets_it_and_nowhere_else(doors, signed_in):
    told, wrong, tried = documented(), [], 0
    before = acts_done()
    for role in SHORT.values():
        client = signed_in(role)
        for address in guarded():
            sees, acts = told[address.path]
            path = filled(address, doors[OWN])
            expected = (299 if role in sees else 404, 299 if role in acts else 403 if role in sees else 404)
            answered = (client.get(path).status_code, client.post(path).status_code)
            wrong += [(role, path, answered)] * (answered != expected)
            tried += 1
    assert not wrong
    assert tried > 11 * 30, "the matrix has shrunk"
    assert acts_done() == before and refusals() > tried, "every refusal stands in the journal"


def refusals() -> int:
    from almoner.office.journal.queries import entries

    return sum(1 for line in entries(act="refuse"))


def test_every_page_answers_those_who_may_see_it_and_those_who_may_act(world, signed_in):
    told, wrong = documented(), []
    clients = {role: signed_in(role) for role in SHORT.values()}
    for address in guarded():
        sees, acts = told[address.path]
        path = filled(address, world[OWN])
        with undone():
            before = acts_done()
            # The page may differ between those who act and those who only look.
            for role in {min(roles) for roles in (sees - acts, sees & acts) if roles}:
                if (status := clients[role].get(path).status_code) not in (200, 302):
                    wrong.append((role, "GET", path, status))
            wrong += [("GET wrote", path)] * (acts_done() != before)
            if acts and (status := clients[min(acts)].post(path).status_code) not in (200, 204, 302, 400, 409, 410, 422):
                wrong.append((min(acts), "POST", path, status))
    assert not wrong


@pytest.mark.parametrize("role", PROVIDERS)
def test_another_organisations_things_do_not_exist(world, signed_in, role):
    told, client, wrong = documented(), signed_in(role), []
    scoped = [address for address in guarded() if address.path.startswith("/portal") and address.parameters]
    for address in scoped:
        sees, acts = told[address.path]
        path = filled(address, world[OTHER])
        with undone():
            before = acts_done()
            statuses = [client.get(path).status_code] if role in sees else []
            statuses += [client.post(path).status_code] if role in acts else []
            wrong += [(path, status) for status in statuses if status != 404]
            wrong += [(path, "wrote")] * (acts_done() != before)
    assert not wrong
    assert scoped


def test_a_session_without_the_second_factor_sees_nothing(world, signed_in, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    client = signed_in("payments_approver")
    for address in guarded():
        assert client.get(filled(address, world[OWN])).headers["Location"] == "/account/second-factor/app", address
