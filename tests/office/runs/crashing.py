"""A process that does a job in a child and kills it with SIGKILL at a moment it is told.

Started as `python -m tests.office.runs.crashing`; takes one order a line on standard input (JSON), answers one line each. It forks, so that
a child starts in milliseconds with everything imported. The child says `w` before its first write to the database and `d` when it is done,
with the seconds between its first write there and its last.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


def main() -> None:
    import django

    django.setup()
    import almoner.office.exchange.operations
    import almoner.office.runs.operations
    import almoner.office.runs.verification  # noqa: F401

    print("ready", flush=True)
    for line in sys.stdin:
        orders = json.loads(line)
        print(json.dumps([_attend(child) for child in [_started(order) for order in orders]]), flush=True)


def _started(order):
    heard, says = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _be_the_child(order, says)
    os.close(says)
    return order, child, heard


def _attend(started):
    """Wait for the child, kill it when its time has come, and tell what was heard from it."""
    order, child, heard = started
    begun = {"": time.monotonic()}
    said = b""
    after, seconds = order.get("kill_after"), order.get("kill_seconds", 0)
    killed = False
    while True:
        left = None
        if after is not None and not killed and after in begun:
            left = max(0.0, begun[after] + seconds - time.monotonic())
        ready, _, _ = select.select([heard], [], [], left)
        if ready:
            more = os.read(heard, 4096)
            if not more:
                break
            said += more
            if said.startswith(b"w"):
                begun.setdefault("w", time.monotonic())
        else:
            os.kill(child, signal.SIGKILL)
            killed = True
    now = time.monotonic()
    os.waitpid(child, 0)
    os.close(heard)
    wrote = now - begun["w"] if "w" in begun else 0.0
    told = said.decode().removeprefix("w")
    done = told.startswith("d")
    stored = float(told.removeprefix("d")) if done else 0.0
    return {
        "wrote": "w" in begun, "done": done, "killed": killed, "said": "" if done else told,
        "writing_seconds": wrote, "storing_seconds": stored,
    }  # fmt: skip


def _be_the_child(order, says) -> None:
    from django.db import connection

    try:
        connection.settings_dict["NAME"] = order["database"]
        first = last = 0.0

        def listen(execute, sql, params, many, context):
            nonlocal first, last
            writes = sql.lstrip().upper().startswith(WRITES)
            if writes and not first:
                first = time.monotonic()
                os.write(says, b"w")
            answer = execute(sql, params, many, context)
            if writes:
                last = time.monotonic()
            return answer

        with connection.execute_wrapper(listen), _bereft(order.get("without")):
            JOBS[order["job"]](order)
        os.write(says, f"d{last - first}".encode())
    except BaseException as trouble:
        code = getattr(trouble, "code", None)
        os.write(says, f"refused {code}".encode() if code else traceback.format_exc().encode())
    os._exit(0)


@contextmanager
def _bereft(what):
    """The office without its transactions, or without writing files aside first: to show that the tests would notice."""
    from django.db import connection, transaction

    if what == "transactions":
        from almoner.office.exchange import operations as issuing
        from almoner.office.runs.operations import sealing

        class NoTransactions:
            @staticmethod
            @contextmanager
            def atomic():
                connection.ensure_connection()
                connection.in_atomic_block = True
                connection.features.has_select_for_update = False
                yield

        assert transaction is not NoTransactions
        sealing.transaction = issuing.transaction = NoTransactions
    if what == "renaming":
        from almoner.office.exchange import operations as issuing

        def plainly(path: Path, content: bytes) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb", buffering=0) as file:
                for start in range(0, len(content), 4096):
                    file.write(content[start : start + 4096])
                    os.fsync(file.fileno())

        issuing.write_whole = plainly
    yield


def _seal(order):
    from almoner.office.runs.operations import seal_run

    return seal_run(run=order["run"], by="ann", at=datetime.fromisoformat(order["at"])).receipts


def _issue(order):
    from almoner.formats.payments.payment import Payer
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run, write_out

    council = Council(name="A council", payer=Payer("A COUNCIL", "200000", "12345678", "123456"))
    issued = issue_run(
        run=order["run"], by="cat", at=datetime.fromisoformat(order["at"]), council=council, formats=["bacs", "pain001", "ledger"]
    )
    write_out(run=order["run"], folder=Path(order["out"]))
    return list(issued.files)


JOBS = {"seal": _seal, "issue": _issue}

if __name__ == "__main__":
    main()
