"""What a calculation came to: as `summary.json` and as words, tables and colours on the screen."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from almoner import __version__
from almoner.cli.calculate import Calculated, peak_memory_mebibytes
from almoner.cli.outputs import FINDINGS_FILE, HOLDS_FILE, RECEIPTS_FILE, SUMMARY_FILE, WORKINGS_FILE
from almoner.core.findings import Severity
from almoner.core.money import pounds
from almoner.core.tables import HOLD_CODES
from almoner.formats.pounds import pounds as plain_pounds

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
FINDINGS_SHOWN = 10
HOLD_WORDS = {
    "FUT": "dated later than submitted", "DUP": "double, or a carer in two places", "DTH": "after the death",
    "DAT": "outside the line's dates", "HOS": "person in hospital", "RAT": "no rate", "UNP": "no such line", "TOL": "over tolerance",
    "AUT": "not authorised", "AGR": "not agreed by the provider", "BNK": "bank account not verified", "CRD": "no creditor reference",
}  # fmt: skip


def summary(done: Calculated) -> dict[str, Any]:
    """Totals as text, counts, seconds and memory: what `summary.json` and `--json` say."""
    asked = done.asked
    books = _totals(done.receipts, "book")
    holds = _totals(done.holds, "code")
    return {
        "almoner": __version__,
        "through": asked.through.isoformat(),
        "as_of": asked.as_of.isoformat() if asked.as_of else None,
        "since": asked.since.isoformat() if asked.since else None,
        "parts": asked.parts,
        "stopped": done.stopped,
        "totals": {book: plain_pounds(books[book][1]) for book in asked.books},
        "receipts": {book: books[book][0] for book in asked.books},
        "holds": {code: {"count": holds[code][0], "amount": plain_pounds(holds[code][1])} for code in HOLD_CODES if code in holds},
        "findings": {str(severity): sum(f.severity is severity for f in done.findings) for severity in Severity},
        "findings_by_code": dict(sorted(Counter(finding.code for finding in done.findings).items())),
        "rows": {name: {"read": count.read, "used": count.used} for name, count in done.counts.items()},
        "seconds": {stage: round(seconds, 3) for stage, seconds in done.seconds.items()},
        "peak_memory_mebibytes": peak_memory_mebibytes(),
    }


def _totals(table: pa.Table, by: str) -> defaultdict[str, tuple[int, int]]:
    """Count and pence of each value of `by`."""
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in table.group_by(by).aggregate([("amount_pence", "sum"), ("amount_pence", "count")]).to_pylist():
        found[row[by]] = (row["amount_pence_count"], row["amount_pence_sum"])
    return found


def show(done: Calculated, console: Console) -> None:
    """The summary on the screen, with where the files are and what to type next."""
    _show_findings(done, console)
    if done.stopped:
        console.print("[red]Stopped:[/] with --strict an error stops everything. Only the findings were written.", highlight=False)
        console.print(f"They are in {done.asked.out / FINDINGS_FILE}. Mend the rows they name and calculate again.", highlight=False)
        return
    if done.receipts.num_rows:
        console.print(_books_table(done))
    else:
        console.print("Nothing is owed that has not been paid already.")
    if done.holds.num_rows:
        console.print(_holds_table(done))
    told = summary(done)
    rows = sum(count["used"] for count in told["rows"].values())
    times = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in done.seconds.items())
    console.print(f"[dim]{rows:,} rows · {times} · {told['peak_memory_mebibytes']:,} MiB at most[/]", highlight=False)
    out = done.asked.out
    console.print(
        f"Files in {out}: {RECEIPTS_FILE}, {HOLDS_FILE}, {FINDINGS_FILE}, {WORKINGS_FILE}, {SUMMARY_FILE}", highlight=False, soft_wrap=True
    )
    _show_next(done, console)


def _books_table(done: Calculated) -> Table:
    totals = _totals(done.receipts, "book")
    shown = Table(
        "book", title=f"Through {done.asked.through:%A} {done.asked.through.day} {done.asked.through:%B %Y}", title_justify="left"
    )
    shown.add_column("receipts", justify="right")
    shown.add_column("total", justify="right", style="bold")
    for book in done.asked.books:
        shown.add_row(book, f"{totals[book][0]:,}", pounds(totals[book][1]))
    return shown


def _holds_table(done: Calculated) -> Table:
    totals = _totals(done.holds, "code")
    shown = Table("held", "why", title="Held until someone decides", title_justify="left")
    shown.add_column("holds", justify="right")
    shown.add_column("amount", justify="right", style="yellow")
    for code in HOLD_CODES:
        if code in totals:
            shown.add_row(code, HOLD_WORDS[code], f"{totals[code][0]:,}", pounds(totals[code][1]))
    return shown


def _show_findings(done: Calculated, console: Console) -> None:
    if not done.findings:
        return
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    counts = Counter((ranks[f.severity], f.severity, f.table, f.code) for f in done.findings)
    shown = Table("finding", "table", "code", title="The facts are doubtful here", title_justify="left")
    shown.add_column("rows", justify="right")
    for (_, severity, table, code), count in sorted(counts.items(), key=lambda item: item[0][0::2] + item[0][3:]):
        shown.add_row(f"[{COLOURS[severity]}]{severity}[/]", table, code, f"{count:,}")
    console.print(shown)
    gravest = sorted(done.findings, key=lambda finding: (ranks[finding.severity], finding.table, finding.row))
    for finding in [f for f in gravest if f.severity is not Severity.NOTE][:FINDINGS_SHOWN]:
        where = ", ".join(part for part in (finding.table, f"row {finding.row}" if finding.row else "", finding.column) if part)
        console.print(f"[{COLOURS[finding.severity]}]{finding.severity}[/] ", end="")
        console.print(f"{where}: {finding.message} {finding.remedy}", markup=False, highlight=False, soft_wrap=True)
    if len(done.findings) > FINDINGS_SHOWN:
        console.print(f"… {len(done.findings):,} findings in all, in {done.asked.out / FINDINGS_FILE}", highlight=False, soft_wrap=True)


def _show_next(done: Calculated, console: Console) -> None:
    receipts = done.receipts
    position = receipts.column("book").index("payments").as_py() if receipts.num_rows else -1
    if position < 0:
        return
    first = receipts.slice(position, 1).to_pylist()[0]
    hint = f"almoner explain {done.asked.folder} --line {first['line_id']} --week {first['week'].isoformat()}"
    console.print(f"Next: {hint}", markup=False, highlight=False, soft_wrap=True)
