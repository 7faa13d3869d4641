"""The portal under load, before a real server (`DATABASE_URL`, or SQLite in `ALMONER_HOME`):

    python -m bench.ours.web load USERS SECONDS reads|submissions     how long pages, or presses of a button, take
    python -m bench.ours.web upload VISITS                            from sending a file of so many visits to seeing what it would do

Each user is somebody else's provider and does what is done on a Tuesday: home, the weeks to submit, one person's week, care packages,
payments and holds, again and again; every fifth round marks a week as planned, looks at the check and submits it. Nobody presses the next
link the moment a page stands there: each reads for 1 to 5 seconds, another time every time, and they do not begin together. They have
signed in before and been through every page once, when the server knew nothing of their provider: those first looks are told apart. The
providers are those with the most contracts, the largest the council has. Users and server (two workers) share the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
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
READING = (1.0, 5.0)
"""Seconds that somebody looks at a page before the next."""
SUBMIT_EVERY = 5
BOUNDARY = "one-file-of-visits"
SERVE = "from almoner.site.command import main; main()"


def load(users: str, seconds: str, measured: str = "reads") -> None:
    """So many users at once for so long; prints how long reads and submissions took, and what went wrong. `measured`: which of the two is
    the figure."""
    open_database()
    emails = _providers_users(int(users))
    with _server() as port:
        people = [_User(port, email, random.Random(number)) for number, email in enumerate(emails)]
        for person in people:
            person.sign_in()
            person.look_first()
        began, cpu = time.monotonic(), os.times()
        threads = [threading.Thread(target=person.work, args=(began + int(seconds),)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        users_cpu = sum(os.times()[:2]) - sum(cpu[:2])
    _tell(people, measured, users_cpu)


def upload(visits: str) -> None:
    """A file of so many visits that differ from what was said before, of the largest provider: sent, and shown as it would be submitted."""
    open_database()
    email = _providers_users(1)[0]
    content = _file_of_visits(_largest_providers()[0], int(visits))
    with _server() as port:
        person = _User(port, email, random.Random(0))
        person.sign_in()
        form = person.ask("GET", "/portal/actuals/files")
        began = time.perf_counter()
        page = person.send_file("/portal/actuals/files", _found(CSRF, form), content)
        took = time.perf_counter() - began
    wrong = sum(person.wrong.values())
    said = f"{len(content.splitlines()) - 1:,} visits, a page of {len(page):,} letters; {wrong} wrong {dict(person.wrong) or ''}".rstrip()
    print(json.dumps({"seconds": took, "cpu_seconds": 0.0, "peak_mebibytes": 0, "said": said}))


@contextmanager
def _server() -> Iterator[int]:
    """A server with two workers; its port."""
    port = _free_port()
    environment = {
        **os.environ, "SECRET_KEY": "bench", "ALMONER_OVER_HTTP": "yes", "ALMONER_SECOND_FACTOR": "none",
        "ALMONER_CLOCK": CLOCK.isoformat(),
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", "2"], env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


class _User:
    """Somebody at a provider, with a browser that keeps its cookies."""

    def __init__(self, port: int, email: str, chance: random.Random) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.email, self.cookies, self.chance = email, dict[str, str](), chance
        self.took: dict[str, list[tuple[float, str]]] = {"reads": [], "submissions": []}
        self.first_looks: list[tuple[float, str]] = []
        self.wrong: Counter[str] = Counter()
        self.leads_to = ""

    def sign_in(self) -> None:
        """By the form."""
        page = self.ask("GET", "/sign-in")
        self.ask("POST", "/sign-in", {"csrfmiddlewaretoken": _found(CSRF, page), "login": self.email, "password": PASSWORD})
        self.took = {"reads": [], "submissions": []}

    def look_first(self) -> None:
        """Every page once."""
        pages = {path: self.ask("GET", path) for path in READ}
        for week in WEEK.findall(pages["/portal/actuals"])[:1]:
            self.ask("GET", week)
        self.first_looks, self.took = self.took["reads"], {"reads": [], "submissions": []}

    def work(self, until: float) -> None:
        """Round after round until then, not beginning with everybody else."""
        turn = self.chance.randrange(SUBMIT_EVERY)
        self.read(until, 0.0)
        while time.monotonic() < until:
            turn += 1
            weeks_page = ""
            for path in READ:
                page = self.ask("GET", path)
                self.read(until)
                if path == "/portal/actuals" and (weeks := WEEK.findall(weeks_page := page)):
                    self.ask("GET", weeks[turn % len(weeks)])
                    self.read(until)
                if time.monotonic() >= until:
                    return
            if turn % SUBMIT_EVERY == 0:
                self.submit(weeks_page, until)

    def read(self, until: float, least: float = READING[0]) -> None:
        """Look at a page."""
        time.sleep(max(0.0, min(self.chance.uniform(least, READING[1]), until - time.monotonic())))

    def submit(self, weeks_page: str, until: float) -> None:
        """One week as planned: marked, checked, submitted."""
        choices = CHOICE.findall(weeks_page)
        if not choices:
            return
        chosen = self.chance.choice(choices)
        self.ask("POST", "/portal/actuals", {"csrfmiddlewaretoken": _found(CSRF, weeks_page), "week": chosen})
        self.ask("GET", "/portal/actuals")
        self.read(until)
        check = self.ask("GET", "/portal/actuals/check")
        self.read(until)
        if DIGEST.search(check):
            told = {"csrfmiddlewaretoken": _found(CSRF, check), "digest": _found(DIGEST, check)}
            self.ask("POST", "/portal/actuals/check", told)
            self.read(until)

    def send_file(self, path: str, token: str, content: bytes) -> str:
        """Send a file by a form and look at the page that it leads to."""
        parts = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode(),
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="visits.csv"\r\n'.encode(),
            b"Content-Type: text/csv\r\n\r\n" + content + f"\r\n--{BOUNDARY}--\r\n".encode(),
        )
        self.ask("POST", path, body=b"".join(parts), kind=f"multipart/form-data; boundary={BOUNDARY}")
        return self.ask("GET", self.leads_to)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, *, body: bytes = b"", kind: str = "") -> str:
        """One request; its time is kept by what it is, and an answer of 400 or more is wrong."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            body = urlencode(form).encode() if form else body
            headers |= {"Content-Type": kind or "application/x-www-form-urlencoded"}
            headers |= {"Referer": f"http://127.0.0.1:{self.connection.port}/"}
        began = time.perf_counter()
        try:
            try:
                answer = self.answer(method, path, body, headers)
            except (http.client.RemoteDisconnected, ConnectionResetError):
                # A connection that nobody used for long is closed by the server; a browser opens another and asks again.
                self.connection.close()
                answer = self.answer(method, path, body, headers)
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as trouble:
            self.wrong[f"{path}: {type(trouble).__name__}"] += 1
            self.connection.close()
            return ""
        of = re.sub(r"/\d{4}-.*", "/week", path)
        self.took["reads" if method == "GET" else "submissions"].append((time.perf_counter() - began, of))
        if answer.status >= 400:
            self.wrong[f"{method} {of}: {answer.status}"] += 1
        self.leads_to = answer.headers.get("Location", "")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return text

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Ask on the connection there is."""
        self.connection.request(method, path, body or None, headers)
        return self.connection.getresponse()


def _providers_users(count: int) -> list[str]:
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    emails = []
    for provider in _largest_providers()[:count]:
        emails.append(f"user-{provider.lower()}@bench.example")
        give_access(
            email=emails[-1], name="A user", role=Role.PROVIDER_USER, organisation_id=provider, by="bench", at=AT, password=PASSWORD
        )
    return emails


def _largest_providers() -> list[str]:
    from almoner.office.parties.queries import provider_names
    from almoner.office.records.queries import table_known

    lines = Counter(table_known("contracts", AT).column("provider_id").to_pylist())
    return sorted(provider_names(AT), key=lambda provider: (-lines[provider], provider))


def _file_of_visits(provider: str, visits: int) -> bytes:
    """The provider's last visits with five minutes less each, in our columns."""
    from almoner.office.care.queries import lines_of_provider
    from almoner.office.records.queries import table_known

    lines = lines_of_provider(provider, AT).column("line_id")
    told = table_known("actuals", AT, lines=lines, from_date=CLOCK.date() - timedelta(weeks=26)).to_pylist()
    last = [row for row in reversed(told) if row["kind"] == "visit" and (row["delivered_minutes"] or 0) > 10][:visits]
    rows = [
        f"{row['line_id']},{row['date']},{row['start_time']:%H:%M},{row['delivered_minutes'] - 5},delivered,Left early\n" for row in last
    ]
    return "".join(["line_id,date,start_time,delivered_minutes,outcome,comment\n", *rows]).encode()


def _tell(people: list[_User], measured: str, users_cpu: float) -> None:
    took = {kind: sorted(one for person in people for one in person.took[kind]) for kind in ("reads", "submissions")}
    took["first looks"] = sorted(one for person in people for one in person.first_looks)
    wrong = sum((person.wrong for person in people), Counter[str]())
    told = []
    for kind, times in took.items():
        parts = ", ".join(f"p{part} {_part(times, part) * 1000:.0f}" for part in (50, 95, 99))
        told.append(f"{len(times):,} {kind} {parts} ms")
    said = f"{'; '.join(told)}; {sum(wrong.values())} wrong {dict(wrong.most_common(3)) or ''}".rstrip()
    print(json.dumps({"seconds": _part(took[measured], 95), "cpu_seconds": 0.0, "peak_mebibytes": 0, "said": said}))
    for kind, times in took.items():
        for of in sorted({of for _, of in times}):
            own = [one for one in times if one[1] == of]
            print(f"{kind} {of}: {len(own)}, p50 {_part(own, 50) * 1000:.0f}, p95 {_part(own, 95) * 1000:.0f} ms", file=sys.stderr)
    print(f"the users themselves took {users_cpu:.1f} s of processor", file=sys.stderr)


def _part(times: list[tuple[float, str]], part: int) -> float:
    """The time that so many of a hundred were within."""
    return times[-(-len(times) * part // 100) - 1][0] if times else 0.0


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
    {"load": load, "upload": upload}[sys.argv[1]](*sys.argv[2:])
