"""`almoner user …`: the first administrators, and the way back in when nobody can sign in. Django is loaded when one of them runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from almoner.site.office_commands import now, open_office
from almoner.site.run_answers import answering, say
from almoner.site.words_given import a_name

if TYPE_CHECKING:
    from almoner.office.accounts.queries import AccessShown

commands = typer.Typer()
user_commands = typer.Typer(help="Give, list and end people's access.", no_args_is_help=True)
commands.add_typer(user_commands, name="user")

By = Annotated[str, typer.Option("--by", envvar="ALMONER_USER", help="Who does it.", metavar="USER", callback=a_name)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Email = Annotated[str, typer.Argument(help="Their email address.", metavar="EMAIL")]
Organisation = Annotated[str, typer.Option("--organisation", help="A provider's or funder's number; none for the council.", metavar="ID")]
Site = Annotated[str, typer.Option("--at", help="Where people sign in, like https://pay.council.example.", metavar="ADDRESS")]


@user_commands.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="Their name.", callback=a_name)],
    role: Annotated[str, typer.Option("--role", help="What they do, like system_administrator.", metavar="ROLE")],
    by: By,
    organisation: Organisation = "",
    address: Site = "",
    as_json: AsJson = False,
) -> None:
    """Give somebody access, and print the link by which they set a password."""
    open_office()
    with answering(as_json):
        from almoner.office.accounts.operations import give_access
        from almoner.office.accounts.queries import access_shown
        from almoner.office.accounts.roles import Desk, Role

        _check_address(email)
        if role not in list(Role):
            raise typer.BadParameter(f"{role!r} is no role; it is one of {', '.join(Role)}.")
        access_id = give_access(email=email, name=name, role=Role(role), organisation_id=organisation, by=by, at=now(), desk=Desk.MACHINE)
        shown = access_shown(access_id)
        assert shown is not None, "it was given a moment ago"
        link = "" if shown.has_password else _link(access_id, by, address, anew=False)
        say(_as_json(shown) | {"link": link}, _show_added, as_json)


@user_commands.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Everybody who has access."""
    open_office()
    with answering(as_json):
        from almoner.office.accounts.queries import accesses_in_force

        say([_as_json(shown) for shown in accesses_in_force()], _show_all, as_json)


@user_commands.command("confirm")
def confirm(email: Email, by: By, as_json: AsJson = False) -> None:
    """Confirm, as a second person, a role at the council that waits: where no other administrator can."""
    open_office()
    with answering(as_json):
        from almoner.office.accounts.operations import confirm_access
        from almoner.office.accounts.queries import access_shown

        waiting = _found(email, "")
        confirm_access(access_id=waiting.access_id, by=by, at=now())
        shown = access_shown(waiting.access_id)
        assert shown is not None, "it was confirmed a moment ago"
        say(_as_json(shown), lambda told: print(f"{told['email']} works as {told['role'].replace('_', ' ')}."), as_json)


@user_commands.command("end")
def end(email: Email, by: By, organisation: Organisation = "", as_json: AsJson = False) -> None:
    """Take somebody's access away, at once."""
    open_office()
    with answering(as_json):
        from almoner.office.accounts.operations import end_access

        shown = _found(email, organisation)
        end_access(access_id=shown.access_id, by=by, at=now())
        say(_as_json(shown), lambda ended: print(f"{ended['email']} has no access any more."), as_json)


@user_commands.command("start-over")
def start_over(email: Email, by: By, organisation: Organisation = "", address: Site = "", as_json: AsJson = False) -> None:
    """A new link for somebody who cannot get in: their password and second factor end."""
    open_office()
    with answering(as_json):
        shown = _found(email, organisation)
        link = _link(shown.access_id, by, address, anew=shown.has_password)
        say(_as_json(_found(email, organisation)) | {"link": link}, _show_added, as_json)


def _check_address(email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email.strip())
    except ValidationError:
        raise typer.BadParameter(f"{email!r} is no email address.") from None


def _link(access_id: int, by: str, address: str, *, anew: bool) -> str:
    from django.urls import reverse

    from almoner.office.accounts import operations
    from almoner.office.accounts.keys import fingerprint, new_key
    from almoner.office.accounts.roles import Desk

    key = new_key()
    make = operations.start_over if anew else operations.make_link
    make(access_id=access_id, key_sha256=fingerprint(key), by=by, at=now(), desk=Desk.MACHINE)
    return address.rstrip("/") + reverse("first-sign-in", args=[key])


def _found(email: str, organisation: str) -> AccessShown:
    from almoner.office.accounts.queries import accesses_in_force
    from almoner.office.accounts.refusals import NoSuchAccess

    for shown in accesses_in_force():
        if (shown.email, shown.organisation_id) == (email.strip().lower(), organisation):
            return shown
    raise NoSuchAccess(f"{email} has no access to {organisation or 'the council'}.", "almoner user list shows who has.")


def _as_json(shown: AccessShown) -> dict[str, Any]:
    return {
        "email": shown.email, "name": shown.name, "role": shown.role.value, "organisation": shown.organisation_id,
        "waits_for_confirmation": shown.waits_for_confirmation, "second_factor": shown.second_factor,
        "last_used_at": shown.last_used_at.isoformat() if shown.last_used_at else None,
    }  # fmt: skip


def _show_added(added: dict[str, Any]) -> None:
    print(f"{added['email']} has access as {added['role'].replace('_', ' ')}.")
    if added["waits_for_confirmation"]:
        print("It counts once another system administrator has confirmed it, on the page of users or by almoner user confirm.")
    if added["link"]:
        print(f"Their link to set a password, which works once and for 7 days: {added['link']}")


def _show_all(found: list[dict[str, Any]]) -> None:
    for shown in found:
        whom = shown["organisation"] or "the council"
        waits = ", waits for confirmation" if shown["waits_for_confirmation"] else ""
        print(f"{shown['email']}  {shown['role'].replace('_', ' ')} of {whom}{waits}")
    if not found:
        print("Nobody has access. Next: almoner user add EMAIL --name NAME --role system_administrator --by USER")
