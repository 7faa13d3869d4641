"""Every address × every role × one's own and another organisation, held against docs/permissions.md and the program's own table.

The addresses come from the URL table: a page that nobody thought of is shut, and found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
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


def test_no_role_gets_where_the_document_does_not_let_it(world, signed_in):
    told, wrong, tried = documented(), [], 0
    for role in SHORT.values():
        client = signed_in(role)
        for address in guarded():
            sees, acts = told[address.path]
            path = filled(address, world[OWN])
            with undone():
                if role not in sees:
                    tried += 1
                    wrong += [(role, "GET", path)] * (client.get(path).status_code != 404)
                before = acts_done()
                if role not in acts:
                    tried += 1
                    wrong += [(role, "POST", path)] * (client.post(path).status_code not in ((403,) if role in sees else (404,)))
                    wrong += [(role, "wrote", path)] * (acts_done() != before)
    assert not wrong
    assert tried > 300, "the matrix has shrunk"


def test_every_role_gets_where_the_document_lets_it(world, signed_in):
    told, wrong = documented(), []
    for role in SHORT.values():
        client = signed_in(role)
        for address in guarded():
            sees, acts = told[address.path]
            path = filled(address, world[OWN])
            with undone():
                before = acts_done()
                if role in sees and (status := client.get(path).status_code) not in (200, 302):
                    wrong.append((role, "GET", path, status))
                if acts_done() != before:
                    wrong.append((role, "GET wrote", path, acts_done()[len(before) :]))
                if role in acts and (status := client.post(path).status_code) not in (200, 204, 302, 400, 409, 410, 422):
                    wrong.append((role, "POST", path, status))
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
