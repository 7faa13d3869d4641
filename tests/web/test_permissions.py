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
OF_NOBODY = {"portal-expected"}
"""Addresses of the portal whose parameter is no organisation's thing."""
QUERY = {"portal-actuals-workbook": "?first=2026-06-01"}
"""What an address must be asked to answer at all."""
OF_CARE = {"line", "person", "receipt", "hold", "reference", "upload"}
"""Parameters of the portal by which an access that is limited to a site reaches only what is there."""


def documented() -> dict[str, tuple[set[str] | None, set[str] | None]]:
    """Address to the roles that see and that act; None where everyone may."""
    page = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    paths = [path for path, _, _ in ROW.findall(page)]
    assert len(paths) == len(set(paths)), f"twice in the document: {sorted(path for path in set(paths) if paths.count(path) > 1)}"
    return {path: (_roles(sees), _roles(acts)) if acts else (None, None) for path, sees, acts in ROW.findall(page)}


def _roles(told: str) -> set[str]:
    return set().union(*(GROUPS[word] if word in GROUPS else {SHORT[word]} for word in told.split()))


def filled(address: Address, ids: dict[str, str]) -> str:
    """The address with ids of one organisation. A parameter that is not known here: add it to tests/web/everything.py."""
    return address.filled({name: ids.get(f"{address.name}:{name}") or ids[name] for name in address.parameters}) + QUERY.get(
        address.name, ""
    )


def somewhere(address: Address) -> str:
    """The address with ids that may be of nothing: enough for the door, which comes before any page."""
    return address.filled({name: "2026-06-01" if name in ("week", "day", "month") else "1" for name in address.parameters})


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


def test_without_signing_in_or_without_the_second_factor_nothing_opens(pages, signed_in, monkeypatch):
    from django.conf import settings

    from almoner.office.accounts.permissions import FOR_ONESELF

    stranger = Client()
    closed = [*guarded(), *(address for address in addresses() if address.name in FOR_ONESELF)]
    for address in closed:
        for answer in (stranger.get(somewhere(address)), stranger.post(somewhere(address))):
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next="), address
    assert len(closed) > 80
    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    client = signed_in("payments_approver")
    for address in guarded():
        assert client.get(somewhere(address)).headers["Location"] == "/account/second-factor/app", address


class LetIn:
    """Django middleware behind the door: whoever gets so far is let in without the page itself, so that the whole matrix is quick."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, request):
        return self.answer(request)

    def process_view(self, request, view, arguments, named):
        return HttpResponse("let in", status=299)


@pytest.fixture
def doors(pages, monkeypatch):
    """The real door, real sessions, and no pages behind."""
    from django.conf import settings

    at = settings.MIDDLEWARE.index("almoner.office.accounts.door.Door") + 1
    monkeypatch.setattr(settings, "MIDDLEWARE", [*settings.MIDDLEWARE[:at], f"{__name__}.LetIn", *settings.MIDDLEWARE[at:]])


def test_each_role_gets_where_the_document_lets_it_and_nowhere_else(doors, signed_in):
    told, wrong, refused = documented(), [], 0
    clients = {role: signed_in(role) for role in SHORT.values()}
    with undone():
        before = acts_done()
        for role, client in clients.items():
            for address in guarded():
                sees, acts = told[address.path]
                expected = (299 if role in sees else 404, 299 if role in acts else 403 if role in sees else 404)
                answered = (client.get(somewhere(address)).status_code, client.post(somewhere(address)).status_code)
                wrong += [(role, address.path, answered)] * (answered != expected)
                refused += sum(status != 299 for status in answered)
        assert acts_done() == before and refusals() == refused, "every refusal stands in the journal, and nothing else"
    assert not wrong
    assert refused > 11 * 80, "the matrix has shrunk"


def refusals() -> int:
    from almoner.office.journal.queries import entries

    return sum(1 for line in entries(act="refuse"))


def test_every_page_answers_those_it_is_for_and_nobody_of_another_organisation_or_site(pages, signed_in):
    world = one_of_everything()
    clients = {role: signed_in(role) for role in (*SHORT.values(), "limited")}
    wrong = [found for address in guarded() for found in _for_those_it_is_for(address, world[OWN], clients)]
    ours = [address for address in guarded() if address.path.startswith("/portal") and address.parameters and address.name not in OF_NOBODY]
    wrong += [found for address in ours for role in PROVIDERS for found in _shut(address, world[OTHER], clients[role], role)]
    at_a_site = [address for address in ours if OF_CARE & set(address.parameters)]
    wrong += [found for address in at_a_site for found in _shut(address, world[OWN], clients["limited"], PROVIDERS[0])]
    assert not wrong, "\n".join(map(str, wrong))
    assert len(ours) > 20 and len(at_a_site) > 10


def _for_those_it_is_for(address: Address, ids: dict[str, str], clients: dict[str, Client]) -> Iterator[tuple]:
    """What is wrong with a page: it does not answer, or looking at it does something."""
    sees, acts = documented()[address.path]
    path = filled(address, ids)
    with undone():
        before = acts_done()
        # The page may differ between those who act and those who only look.
        for role in {min(roles) for roles in (sees - acts, sees & acts) if roles}:
            if (status := clients[role].get(path).status_code) not in (200, 302):
                yield role, "GET", path, status
        if acts_done() != before:
            yield "GET wrote", path
        if acts and (status := clients[min(acts)].post(path).status_code) not in (200, 204, 302, 400, 409, 410, 422):
            yield min(acts), "POST", path, status


def _shut(address: Address, ids: dict[str, str], client: Client, role: str) -> Iterator[tuple]:
    """What is wrong with a page of something that is not this client's: it is there."""
    sees, acts = documented()[address.path]
    path = filled(address, ids)
    with undone():
        before = acts_done()
        asked = [ask for ask, roles in ((client.get, sees), (client.post, acts)) if role in roles]
        yield from ((role, path, status) for ask in asked if (status := ask(path).status_code) != 404)
        if acts_done() != before:
            yield role, "wrote", path
