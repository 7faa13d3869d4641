"""The invented council's two periods: paid, lived through, and paid again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from almoner.core.explain import week_of
from almoner.core.money import exact_pounds, percent_text, pounds
from almoner.site.demo.facts import PERIODS, Happened
from almoner.site.demo.screen import bar, done, heading, say, table

if TYPE_CHECKING:
    from almoner.office.runs.holds import HoldShown

COUNCIL_FILE = """[council]
name = "Vale County Council"
enquiries = "provider.payments@vale.example, 01632 960100"

[payer]
name = "VALE COUNTY COUNCIL"
sort_code = "090128"
account_number = "10203040"
service_user_number = "654321"
"""
OCTOBER = datetime(2026, 10, 20, 8, 30, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
MONDAY = 1
CLERK, MANAGER = "priya.shah", "tom.brook"


def take_in(folder: Path, at: datetime) -> str:
    """Import a folder and say what became of it; returns that in words."""
    from almoner.office.exchange.imports import import_folder

    with bar("Importing") as told:
        imported = import_folder(folder, by=CLERK, at=at, progress=told)
    counts = {name: sum(getattr(t, name) for t in imported.tables) for name in ("read", "new", "updated", "unchanged", "rejected")}
    return ", ".join(f"{counts[name]:,} {name}" for name in counts if counts[name] or name == "read")


def pay(book: str, through: date, at: datetime, home: Path) -> tuple[str, dict[str, Any]]:
    """Draft, seal, approve by another and issue; returns the run's id and what to say of it."""
    from almoner.office.exchange.operations import issue_run, write_out
    from almoner.office.runs.operations import approve_run, draft_run, seal_run
    from almoner.site.council_file import council_here

    with bar(f"Paying: {book}") as told:
        told("drafting", 0, 4)
        drafted = draft_run(book=book, through=through, by=CLERK, at=at)
        told("sealing", 1, 4)
        sealed = seal_run(run=drafted.run, by=CLERK, at=at)
        told("approving", 2, 4)
        approve_run(run=drafted.run, by=MANAGER, at=at)
        told("making the files", 3, 4)
        issued = issue_run(run=drafted.run, by=MANAGER, at=at, council=council_here(), progress=told)
        written = write_out(run=drafted.run, folder=home / "issued" / drafted.run)
    return drafted.run, {"drafted": drafted, "sealed": sealed, "issued": issued, "files": len(written)}


def say_paid(run: str, paid: dict[str, Any], home: Path) -> None:
    """One run in four lines."""
    drafted, sealed = paid["drafted"], paid["sealed"]
    done(f"{run} drafted: {drafted.receipts:,} receipts, [bold]{pounds(drafted.receipts_pence)}[/]")
    say(f"  held until someone decides: {drafted.holds:,} holds, [yellow]{pounds(drafted.held_pence)}[/]")
    done(f"sealed by {CLERK}, approved by {MANAGER} (never the same person)")
    carried = f"; {sealed.carried} in debit, carried and not paid" if sealed.carried else ""
    done(f"{sealed.payments} payments, {pounds(sealed.payments_pence)}{carried}; {paid['files']} files in {home}/issued/{run}")


def october(folder: Path, home: Path) -> None:
    """Period 1."""
    heading("Tuesday 20 October 2026 · period 1, 21 September to 18 October")
    done(f"the council's folder of tables imported: {take_in(folder, OCTOBER)} rows")
    done(f"the same folder uploaded again by mistake: {take_in(folder, OCTOBER)} rows. Nothing is paid twice")
    run, paid = pay("payments", PERIODS[0], OCTOBER, home)
    say_paid(run, paid, home)
    say_frustrated(run)


def release_largest() -> HoldShown:
    """Release the largest hold over tolerance, with a reason."""
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import release_hold

    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    reason = "Longer visits agreed with the district nurse after a fall"
    return release_hold(hold=hold.hold, reason=reason, by=MANAGER, at=NOVEMBER)


def november(folder: Path, home: Path, happened: Happened) -> None:
    """What really happened since, and period 2."""
    heading("What really happened in the four weeks after")
    before = _weeks_told(NOVEMBER)
    done(f"by 17 November: {take_in(folder, NOVEMBER)} rows")
    held = release_largest()
    done(f"{pounds(held.amount_pence)} held over tolerance for person {held.person_id} released by {MANAGER}, with a reason")
    heading("Tuesday 17 November 2026 · period 2, 19 October to 15 November")
    run, paid = pay("payments", PERIODS[1], NOVEMBER, home)
    say_paid(run, paid, home)
    _say_adjustments(run, happened, held, before)
    for book in ("claims", "charges"):
        other, told = pay(book, PERIODS[1], NOVEMBER, home)
        drafted = told["drafted"]
        done(f"{other} {book}: {drafted.receipts:,} receipts, [bold]{pounds(drafted.receipts_pence)}[/], issued to the ledger")


def _weeks_told(at: datetime) -> set[tuple[str, date]]:
    """Lines and Monday weeks of which some actual is known."""
    from almoner.office.records.queries import table_known

    actuals = table_known("actuals", at).select(["line_id", "date"]).to_pylist()
    return {(row["line_id"], week_of(row["date"], MONDAY)) for row in actuals}


def _say_adjustments(run: str, happened: Happened, held: HoldShown, known: set[tuple[str, date]]) -> None:
    """What period 2 did about period 1, by what had happened."""
    from almoner.office.runs.queries import payments_of, receipts_of

    rows = [row for row in receipts_of(run).to_pylist() if row["week"] <= PERIODS[0]]

    def total(chosen: list[dict[str, Any]]) -> str:
        return pounds(sum(row["amount_pence"] for row in chosen))

    def of(**ids: object) -> list[dict[str, Any]]:
        return [row for row in rows if all(row[name] == value for name, value in ids.items())]

    released = of(person_id=held.person_id, provider_id=held.provider_id, week=held.week)
    late = [row for row in of(kind="regular") if (row["line_id"], week_of(row["week"], MONDAY)) not in known and row not in released]
    debtor = next(row for row in payments_of(run).to_pylist() if row["payee_id"] == happened.debtor)
    risen = [row for row in of(provider_id=happened.risen_provider_id) if row["kind"] == "adjustment" and "a rate" in row["cause"]]
    dead, stayed = of(line_id=happened.dead_line), of(line_id=happened.stay_line)
    name, resident = happened.debtor_name, "only resident died in September"
    table(
        "What period 2 posted for period 1",
        ("what happened", "what Almoner did", "amount"),
        [
            (f"{len(late)} weeks of actuals came after 20 October", "paid now, in full", total(late)),
            ("over tolerance, released with a reason", f"person {held.person_id} paid", total(released)),
            (f"{happened.risen_provider}: 4% more from 5 October", "visits since repriced, the difference posted", total(risen)),
            (f"{happened.dead_name} died on 9 October, learnt now", "the days after taken back", total(dead)),
            (f"{happened.stay_name} in hospital 5 to 11 October", "planned visits there taken back and held", total(stayed)),
            (f"{name}: {resident}", "in debit: carried, not paid", pounds(debtor["carried_out_pence"])),
        ],
    )


def say_frustrated(run: str) -> None:
    """One frustrated visit of the run, and what the policy pays for it."""
    from almoner.office.runs.queries import stored_table

    days = stored_table(run, "working", "days")
    assert days is not None, "a run keeps its workings"
    paid = [row for row in days.to_pylist() if row["outcome"] == "frustrated" and 0 < row["basis_points"] < 10_000 and not row["held"]]
    visit = paid[0]
    worth = exact_pounds(int(visit["exact_parts"]), visit["split"])
    done(
        f"a frustrated visit, {visit['date'].day} {visit['date']:%B}, {visit['reason']}: the contract's policy pays"
        f" {percent_text(visit['basis_points'])}, {worth} (line {visit['line_id']})"
    )
