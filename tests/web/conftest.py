"""A council to look at, clients signed in as each role, and a real browser before a real server."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.web.vale import NOW, PASSWORD, found_vale, people_with_access

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


@pytest.fixture
def pages(office: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The council of `vale`, the clock stopped at its `NOW`; returns emails by role."""
    from django.conf import settings
    from django.contrib.auth.hashers import get_hashers

    monkeypatch.setenv("ALMONER_CLOCK", NOW.isoformat())
    for name, value in {"SECOND_FACTOR_REQUIRED": False, "SECURE_SSL_REDIRECT": False, "HOME": office}.items():
        monkeypatch.setattr(settings, name, value)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        monkeypatch.setattr(settings, name, False)
    # Hashing passwords slowly is for the world outside; here it would be most of the time.
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    get_hashers.cache_clear()
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver", "127.0.0.1"])
    found_vale()
    return people_with_access()


@pytest.fixture
def signed_in(pages: dict[str, str]) -> Callable[[str], object]:
    """A Django test client signed in as a role (`provider_user`, `other_provider`, `limited`, …)."""
    from django.test import Client

    from almoner.office.accounts.models import User

    def client(role: str) -> Client:
        made = Client()
        made.force_login(User.objects.get(email=pages[role]), backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


@pytest.fixture
def served(pages: dict[str, str]) -> Iterator[str]:
    """The address of a real server that answers from this test's database."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from almoner.site.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real browser, the system's; installed when missing and permitted."""
    from playwright.sync_api import sync_playwright

    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None) or _installed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        # Playwright's loop runs in this thread; Django must not take it for its own asynchronous world.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: object, served: str, pages: dict[str, str]) -> Iterator[Callable[..., object]]:
    """`browse(role, width=1280, scripts=True)`: a page of the browser, signed in by the form, at the address of the server."""
    contexts = []

    def open_page(role: str, *, width: int = 1280, scripts: bool = True) -> object:
        context = chromium.new_context(base_url=served, viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/sign-in")
        page.fill("#login", pages[role])
        page.fill("#password", PASSWORD)
        page.click("button:has-text('Continue')")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _installed() -> str:
    """Install it, once: tests that go side by side wait for one another here."""
    with (Path(tempfile.gettempdir()) / "almoner-tests-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "update", "-qq"], check=False)
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
                check=False,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    found = shutil.which("chromium")
    assert found, "these tests look at pages in a browser: install Chromium (Debian: apt-get install chromium fonts-liberation)"
    return found
