"""Killed with SIGKILL at twenty random moments of sealing and of issuing: no receipt is lost, doubled or half-written, no file cut short.

At least half of the kills fall between the first write and the commit or the last rename, counted. Two processes seal at once.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from tests.office.runs.little import later, record

PEOPLE, PROVIDERS, WEEKS = 100, 10, 40
START = date(2025, 6, 2)
RECEIPTS = PEOPLE * WEEKS
KILLS = 20
SERVER = os.environ.get("DATABASE_URL", "")


class Zygote:
    """The process that forks, does the job and kills."""

    def __init__(self) -> None:
        root = Path(__file__).parents[3]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.office.runs.crashing"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
        )
        assert self.process.stdout.readline() == "ready\n"

    def order(self, *orders):
        self.process.stdin.write(json.dumps(orders) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


@pytest.fixture
def zygote(office):
    own = Zygote()
    yield own
    own.end()


@pytest.fixture
def big(office):
    """A council whose sealing takes long enough to be killed in the midst of it."""
    record("people", *({"person_id": f"P{n}"} for n in range(PEOPLE)))
    record("providers", *({"provider_id": f"V{n}", "name": f"Home {n}", "creditor_reference": "C"} for n in range(PROVIDERS)))
    account = {"sort_code": "200000", "account_name": "HOME", "valid_from": START, "entered_by": "ann", "verified_by": "bob"}
    record("bank_accounts", *({"party_id": f"V{n}", "account_number": f"{10000000 + n}", **account} for n in range(PROVIDERS)))
    record(
        "contracts",
        *({"contract_id": f"K{n}", "provider_id": f"V{n}", "service_type": "home", "basis": "placement"} for n in range(PROVIDERS)),
    )
    price = {"element": "bed", "unit": "week", "rate": 7_000_000, "valid_from": START}
    record("rates", *({"contract_id": f"K{n}", **price} for n in range(PROVIDERS)))
    signed = {"element": "bed", "start_date": START, "authorised_on": START, "agreed_on": START}
    record("lines", *({"line_id": f"L{n}", "person_id": f"P{n}", "contract_id": f"K{n % PROVIDERS}", **signed} for n in range(PEOPLE)))
    return office


def drafted():
    from almoner.office.runs.operations import draft_run

    return draft_run(book="payments", through=START + timedelta(days=7 * WEEKS - 1), by="ann", at=later(1)).run


@contextmanager
def copied(name):
    """A copy of this test's database under another name, for one attempt; the connection is pointed at it meanwhile."""
    from django.db import connection

    original = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.close()
        copy = f"{original}.{name}"
        for ending in ("", "-wal"):
            if Path(original + ending).exists():
                shutil.copy(original + ending, copy + ending)
    else:
        copy = f"{original}_{name}"
        _on_server(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    connection.settings_dict["NAME"] = copy
    try:
        yield copy
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        if connection.vendor == "sqlite":
            for ending in ("", "-wal", "-shm"):
                Path(copy + ending).unlink(missing_ok=True)
        else:
            _on_server(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _on_server(*statements):
    import psycopg
    from django.db import connection

    connection.close()
    with psycopg.connect(SERVER, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def connections_ended():
    """PostgreSQL may take a moment to notice that its client was killed."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def state_of(run):
    """The state of the run, once everything that belongs to it is seen to be whole: all of a step, or nothing of it."""
    from almoner.office.runs.queries import receipts_of, run_shown
    from almoner.office.runs.verification import troubles_in_chain, troubles_in_files, troubles_in_runs, troubles_in_strays

    shown = run_shown(run)
    found = [*troubles_in_chain(), *troubles_in_runs(), *troubles_in_strays(), *troubles_in_files()]
    assert found == []
    assert receipts_of(run).num_rows == (0 if shown.state == "draft" else RECEIPTS)
    return shown.state


def kills(rng, zygote, order, attempt, wanted=KILLS, during="writing_seconds"):
    """Kill the job at random moments until enough have counted; `attempt` looks at what is left and says whether the kill fell inside.

    `during`: the stretch the moments are taken from, of writing anything or of writing to the database (`storing_seconds`).
    """
    inside = counted = 0
    with copied("whole") as name:
        (whole,) = zygote.order({**order, "database": name})
        assert whole["done"], whole["said"]
        usual = whole[during]
    for n in range(8 * wanted):
        moment = {"kill_after": "w", "kill_seconds": rng.uniform(0, usual)}
        if n % 5 == 4:
            moment = {"kill_after": "", "kill_seconds": rng.uniform(0, 2 * usual + 0.1)}
        with copied(f"n{n}") as name:
            (answer,) = zygote.order({**order, **moment, "database": name})
            connections_ended()
            inside += attempt(answer)
            counted += answer["killed"]
        if counted >= wanted and inside >= wanted / 2:
            return inside, counted
    raise AssertionError(f"of {counted} kills only {inside} fell inside")


def test_sealing_killed_at_any_moment_is_whole_or_not_at_all(big, zygote):
    from almoner.office.runs.operations import seal_run

    run = drafted()
    attempts = iter(range(1000))

    def attempt(answer):
        state = state_of(run)
        if state == "draft" and next(attempts) % 3 == 0:
            assert seal_run(run=run, by="ann", at=later(3)).receipts == RECEIPTS
            assert state_of(run) == "sealed"
        return answer["killed"] and answer["wrote"] and state == "draft"

    inside, counted = kills(Random("seal"), zygote, {"job": "seal", "run": run, "at": later(2).isoformat()}, attempt)
    assert counted >= KILLS and inside >= KILLS / 2


def bare(zygote, run, order):
    """Kill the job, robbed of its transactions, until what it leaves behind has been found wanting twice."""

    def attempt(answer):
        try:
            state_of(run)
        except AssertionError:
            return True
        return False

    inside, _ = kills(Random("bare"), zygote, {**order, "without": "transactions"}, attempt, wanted=4, during="storing_seconds")
    return inside


def test_without_transactions_kills_of_sealing_are_noticed(big, zygote):
    run = drafted()
    assert bare(zygote, run, {"job": "seal", "run": run, "at": later(2).isoformat()}) >= 2


@pytest.fixture
def approved(big):
    from almoner.office.runs.operations import approve_run, seal_run

    run = drafted()
    seal_run(run=run, by="ann", at=later(2))
    approve_run(run=run, by="bob", at=later(3))
    return run


def cut_short(folder, reference):
    """Files under their own name that are not what was issued."""
    return [name for name, content in reference.items() if (folder / name).exists() and (folder / name).read_bytes() != content]


def reference_files(zygote, order, tmp_path):
    from almoner.office.runs.queries import files_issued

    with copied("reference") as name:
        (answer,) = zygote.order({**order, "database": name, "out": str(tmp_path / "reference")})
        assert answer["done"], answer["said"]
        files = {file.name: bytes(file.content) for file in files_issued(order["run"])}
    assert {path.relative_to(tmp_path / "reference").as_posix(): path.read_bytes() for path in (tmp_path / "reference").iterdir()} == files
    return files


def test_issuing_killed_at_any_moment_leaves_whole_files_and_gives_the_same_bytes_again(approved, zygote, tmp_path):
    order = {"job": "issue", "run": approved, "at": later(4).isoformat()}
    files = reference_files(zygote, order, tmp_path)
    out = tmp_path / "out"

    def attempt(answer):
        assert state_of(approved) in ("approved", "issued")
        assert cut_short(out, files) == []
        unfinished = not answer["done"] and any(not (out / name).exists() for name in files)
        if unfinished:
            from django.db import connection

            (again,) = zygote.order({**order, "database": connection.settings_dict["NAME"], "out": str(out)})
            assert again["done"], again["said"]
            assert state_of(approved) == "issued"
        assert {name: (out / name).read_bytes() for name in files} == files
        shutil.rmtree(out)
        return answer["killed"] and answer["wrote"] and unfinished

    inside, counted = kills(Random("issue"), zygote, {**order, "out": str(out)}, attempt)
    assert counted >= KILLS and inside >= KILLS / 2


def test_without_transactions_kills_of_issuing_are_noticed(approved, zygote, tmp_path):
    order = {"job": "issue", "run": approved, "at": later(4).isoformat(), "out": str(tmp_path / "out")}
    assert bare(zygote, approved, order) >= 2


def test_without_writing_aside_kills_of_issuing_are_noticed(approved, zygote, tmp_path):
    order = {"job": "issue", "run": approved, "at": later(4).isoformat()}
    files = reference_files(zygote, order, tmp_path)
    out = tmp_path / "out"

    def attempt(answer):
        short = cut_short(out, files)
        shutil.rmtree(out, ignore_errors=True)
        return bool(short)

    inside, _ = kills(Random("plain"), zygote, {**order, "out": str(out), "without": "renaming"}, attempt, wanted=4)
    assert inside >= 2


def test_two_processes_sealing_two_drafts_over_the_same_keys_at_once(big, zygote):
    from django.db import connection

    from almoner.office.runs.queries import receipts_of

    first, second = drafted(), drafted()
    name = connection.settings_dict["NAME"]
    connection.close()
    answers = zygote.order(*({"job": "seal", "run": run, "at": later(2).isoformat(), "database": name} for run in (first, second)))
    assert sorted("refused OVERLAP" if not answer["done"] else "sealed" for answer in answers) == ["refused OVERLAP", "sealed"]
    assert {answer["said"] for answer in answers if not answer["done"]} == {"refused OVERLAP"}
    assert sorted(receipts_of(run).num_rows for run in (first, second)) == [0, RECEIPTS]


def test_two_processes_sealing_one_draft_at_once(big, zygote):
    from django.db import connection

    run = drafted()
    name = connection.settings_dict["NAME"]
    connection.close()
    order = {"job": "seal", "run": run, "at": later(2).isoformat(), "database": name}
    answers = zygote.order(order, order)
    assert sorted(answer["done"] for answer in answers) == [False, True], answers
    assert {answer["said"] for answer in answers if not answer["done"]} == {"refused STATE"}
    assert state_of(run) == "sealed"
