"""The portal under load, before a real server: `python -m bench.ours.web load USERS SECONDS` (`DATABASE_URL`, or SQLite in `ALMONER_HOME`).

Each user is somebody else's provider and does what is done on a Tuesday: home, the weeks to submit, one person's week, care packages,
payments and holds, again and again; every tenth round marks a week as planned, checks and submits it. Users and server share the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode

from bench.ours.staging import AT, open_database

PASSWORD = "only-for-the-bench"
CLOCK = AT + timedelta(days=2)
READ = ("/portal", "/portal/actuals", "/portal/lines", "/portal/payments", "/portal/holds")
WEEK = re.compile(r'href="(/portal/actuals/\d{4}-\d\d-\d\d/[^"/]+)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
DIGEST = re.compile(r'name="digest" value="([^"]+)"')
CHOICE = re.compile(r'name="week" value="([^"]+)"')
SUBMIT_EVERY = 10
SERVE = "from almoner.site.command import main; main()"


def load(users: str, seconds: str) -> None:
    """So many users at once for so long; prints how long reads and submissions took, and what went wrong."""
    open_database()
    emails = _providers_users(int(users))
    port = _free_port()
    environment = {
        **os.environ, "SECRET_KEY": "bench", "ALMONER_OVER_HTTP": "yes", "ALMONER_SECOND_FACTOR": "none",
        "ALMONER_CLOCK": CLOCK.isoformat(),
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", "2"], env=environment)
    try:
        _wait_for(port)
        people = [_User(port, email) for email in emails]
        for person in people:
            person.sign_in()
        until = time.monotonic() + int(seconds)
        threads = [threading.Thread(target=person.work, args=(until,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait()
    _tell(people)


class _User:
    """Somebody at a provider, with a browser that keeps its cookies."""

    def __init__(self, port: int, email: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.email, self.cookies = email, dict[str, str]()
        self.took: dict[str, list[float]] = {"read": [], "submit": []}
        self.wrong: Counter[str] = Counter()

    def sign_in(self) -> None:
        """By the form."""
        page = self.ask("GET", "/sign-in")
        self.ask("POST", "/sign-in", {"csrfmiddlewaretoken": _found(CSRF, page), "login": self.email, "password": PASSWORD})
        self.took = {"read": [], "submit": []}

    def work(self, until: float) -> None:
        """Round after round until then."""
        turn = 0
        while time.monotonic() < until:
            turn += 1
            pages = {path: self.ask("GET", path) for path in READ}
            weeks = WEEK.findall(pages["/portal/actuals"])
            if weeks:
                self.ask("GET", weeks[turn % len(weeks)])
            if turn % SUBMIT_EVERY == 0:
                self.submit(pages["/portal/actuals"])

    def submit(self, weeks_page: str) -> None:
        """One week as planned: marked, checked, submitted."""
        choices = CHOICE.findall(weeks_page)
        if not choices:
            return
        self.ask("POST", "/portal/actuals", {"csrfmiddlewaretoken": _found(CSRF, weeks_page), "week": choices[0]})
        check = self.ask("GET", "/portal/actuals/check")
        if DIGEST.search(check):
            told = {"csrfmiddlewaretoken": _found(CSRF, check), "digest": _found(DIGEST, check)}
            self.ask("POST", "/portal/actuals/check", told, kind="submit")

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, kind: str = "read") -> str:
        """One request; its time is kept by kind, and an answer of 400 or more is wrong."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(form).encode() if form else None
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.connection.port}/"}
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as trouble:
            self.wrong[f"{path}: {type(trouble).__name__}"] += 1
            self.connection.close()
            return ""
        self.took[kind].append(time.perf_counter() - began)
        if answer.status >= 400:
            self.wrong[f"{method} {path}: {answer.status}"] += 1
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return text


def _providers_users(count: int) -> list[str]:
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role
    from almoner.office.parties.queries import provider_names
    from almoner.office.records.queries import table_known

    lines = Counter(table_known("contracts", AT).column("provider_id").to_pylist())
    chosen = sorted(provider_names(AT), key=lambda provider: (-lines[provider], provider))[:count]
    emails = []
    for provider in chosen:
        emails.append(f"user-{provider.lower()}@bench.example")
        give_access(
            email=emails[-1], name="A user", role=Role.PROVIDER_USER, organisation_id=provider, by="bench", at=AT, password=PASSWORD
        )
    return emails


def _tell(people: list[_User]) -> None:
    took = {kind: sorted(seconds for person in people for seconds in person.took[kind]) for kind in ("read", "submit")}
    wrong = sum((person.wrong for person in people), Counter[str]())
    p95 = {kind: times[int(len(times) * 0.95)] if times else 0.0 for kind, times in took.items()}
    told = [f"{len(times):,} {kind}s p95 {p95[kind] * 1000:.0f} ms" for kind, times in took.items()]
    said = f"{', '.join(told)}, {sum(wrong.values())} wrong {dict(wrong.most_common(3)) or ''}"
    print(json.dumps({"seconds": p95["read"], "cpu_seconds": 0.0, "peak_mebibytes": 0, "said": said}))


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    return found[1] if found else ""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the server did not begin")


if __name__ == "__main__":
    {"load": load}[sys.argv[1]](*sys.argv[2:])
