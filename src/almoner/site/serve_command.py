"""`almoner serve`: the portal and the console in a browser."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Annotated

import typer

from almoner.site.office_commands import open_office

REFUSED = 1
KEPT_OPEN = 300_000
"""Milliseconds that a browser's connection stays open between two pages, and with it the worker that knows its provider."""
LONGEST_STOP = 10
"""Seconds a worker may take to end what it is at when the server stops; one that is only beginning hears nothing."""

commands = typer.Typer()


@commands.command("serve")
def serve(
    address: Annotated[str, typer.Option("--address", help="Address to listen at.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="How many processes answer.")] = 2,
    demo: Annotated[
        Path | None, typer.Option("--demo", help="Open the demonstration in this folder, with one user per role.", metavar="DIR")
    ] = None,
) -> None:
    """Open the portal for providers and the console for the council."""
    os.environ.setdefault("ALMONER_ADDRESS", f"http://{address}:{port}")
    if demo is not None:
        _prepare_demo(demo)
    elif not os.environ.get("SECRET_KEY"):
        print(
            "SECRET-KEY: set SECRET_KEY in the environment to a long random text and keep it: it signs people's sessions.", file=sys.stderr
        )
        raise typer.Exit(REFUSED)
    elif os.environ.get("PROXIES", "0") == "0" and os.environ.get("ALMONER_OVER_HTTP") != "yes":
        print("PROXIES: set it to 1 where a web server speaks TLS before this one. Without it no page opens but by TLS.", file=sys.stderr)
    _refuse_taken(address, port)
    open_office()
    if demo is not None:
        _bring_up_to_date()
        _say_users(f"http://{address}:{port}/")
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    Server(
        "almoner.site.serving:application", address=address, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=4,
        log_enabled=False, http1_settings=HTTP1Settings(header_read_timeout=KEPT_OPEN),
        respawn_failed_workers=True,  # one that crashes must not leave the council with half a server, or none
        workers_kill_timeout=LONGEST_STOP,
    ).serve()  # fmt: skip


def _prepare_demo(folder: Path) -> None:
    from almoner.site.demo.command import MARK

    if not (folder / MARK).is_file():
        print(f"DEMO: there is no demonstration in {folder}. `almoner demo` makes one.", file=sys.stderr)
        raise typer.Exit(REFUSED)
    os.environ |= {
        "ALMONER_HOME": str(folder.resolve()),
        "ALMONER_OVER_HTTP": "yes",
        "ALMONER_SECOND_FACTOR": "none",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50),
    }
    os.environ.pop("DATABASE_URL", None)


def _refuse_taken(address: str, port: int) -> None:
    """The server would share a port with another one, and each would answer half of what is asked."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except OSError as trouble:
            print(
                f"PORT: {address}:{port} cannot be listened at: {trouble.strerror}. Stop what listens there, or use --port.",
                file=sys.stderr,
            )
            raise typer.Exit(REFUSED) from None


def _bring_up_to_date() -> None:
    """A demonstration made by an earlier version opens too."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _say_users(where: str) -> None:
    from almoner.site.demo.screen import console, say, table
    from almoner.site.demo.users import PASSWORD, clock_begins, make_users

    users = make_users()
    begins = clock_begins()
    os.environ["ALMONER_CLOCK_AHEAD"] = str(ceil((begins - datetime.now(UTC)).total_seconds()))
    table("Sign in as", ("role", "works for", "email"), [(user.role, user.organisation, user.email) for user in users])
    say(f"password for all of them: [bold]{PASSWORD}[/]; no second factor is asked in the demonstration")
    say(f"the demonstration's clock begins on {begins.day} {begins:%B %Y}")
    console.print(f"\n  Open [bold]{where}[/] in a browser. Ctrl-C stops it.\n")
