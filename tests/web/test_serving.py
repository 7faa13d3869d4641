"""`almoner serve`: the real server in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SERVE = "from almoner.site.command import main; main()"
LONGEST_START = 60
REFUSED = 1


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def serve(port: int, **environment: str) -> subprocess.Popen[str]:
    told = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | environment
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", "2"],
        env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[str]]:
    server = serve(port, SECRET_KEY="only-for-this-test", ALMONER_OVER_HTTP="yes")
    try:
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=30)


def answers(port: int, path: str) -> int:
    """The status of an answer, waited for; 0 when none comes."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        with (
            suppress(ConnectionError, urllib.error.URLError, TimeoutError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer,
        ):
            return int(answer.status)
        time.sleep(0.2)
    return 0


def workers_of(server: subprocess.Popen[str]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def test_workers_that_crash_are_replaced(office):
    port = free_port()
    with running(port) as server:
        assert answers(port, "/health") == 200
        crashed = workers_of(server)
        assert len(crashed) == 2
        for worker in crashed:
            os.kill(worker, signal.SIGKILL)
        assert answers(port, "/sign-in") == 200
        assert not set(crashed) & set(workers_of(server))


def test_a_port_that_is_taken_is_refused(office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = serve(taken.getsockname()[1], SECRET_KEY="only-for-this-test")
        said = server.communicate(timeout=LONGEST_START)[1]
    assert server.returncode == REFUSED and "cannot be listened at" in said and "--port" in said


def test_without_its_secret_it_does_not_open(office):
    server = serve(free_port())
    said = server.communicate(timeout=LONGEST_START)[1]
    assert server.returncode == REFUSED and "SECRET_KEY" in said


def test_the_demonstration_s_clock_begins_after_all_that_was_done_in_it(office):
    from datetime import timedelta

    from almoner.office.accounts.operations import note_search
    from almoner.site.demo.users import AFTER_THE_STORY, clock_begins

    assert clock_begins() == AFTER_THE_STORY
    note_search(found=1, by="priya", at=AFTER_THE_STORY + timedelta(hours=3))
    assert AFTER_THE_STORY + timedelta(hours=3) < clock_begins() < AFTER_THE_STORY + timedelta(hours=4)


def test_the_demonstration_s_people_stay_where_they_work_when_it_is_opened_again(pages, signed_in):
    from django.test import Client
    from tests.web.vale import NOW, THORNFIELD

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role
    from almoner.site.demo.users import make_users

    (first,) = (user for user in make_users() if user.role == "Provider user")
    assert (first.email, first.organisation) == ("jo@provider.example", "Sagegreen Homecare")
    give_access(email=first.email, name="Jo", role=Role.PROVIDER_USER, organisation_id=THORNFIELD, by="tests", at=NOW)
    assert first in make_users()
    jo = Client()
    jo.force_login(User.objects.get(email=first.email), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = jo.get("/account/organisation").content.decode()
    assert "Sagegreen Homecare, provider user" in page and "Thornfield Care, provider user" in page
