"""One run on the console: its steps and totals, and what there is to see of it in tabs, each at an address of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from almoner.core.money import pounds
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.bars import Bar, bars
from almoner.office.furniture.listing import Heading, Listing, answer, download
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.typed import whole_typed
from almoner.office.journal.queries import entries
from almoner.office.runs.holds import KEY, hold_id
from almoner.office.runs.operations.checks import look_at_receipts, watch_line
from almoner.office.runs.queries import RunShown, run_shown
from almoner.office.runs.run_checks import RULES, against_last_time, flagged_receipts, risk_screen, watched_lines
from almoner.office.runs.run_papers import debts, file_issued, file_names, payments_due
from almoner.office.runs.run_register import figures_of, holds_found, numbered_receipts

Row = dict[str, Any]
MOST_BARS = 15
STEPS = ("draft", "sealed", "approved", "issued", "settled")
NEXT = {"draft": ("seal", "Seal"), "sealed": ("approve", "Approve"), "approved": ("issue", "Issue"), "issued": ("settle", "Settle")}
TABS = (
    ("console-run", "Against last time"), ("console-run-risk", "Risk screen"), ("console-run-receipts", "Receipts"),
    ("console-run-held", "Held"), ("console-run-debts", "Debts"), ("console-run-files", "Files"), ("console-run-journal", "Journal"),
)  # fmt: skip
COMPARED = (
    Heading("outlier", "Out of line", sortable=False),
    Heading("payee", "Provider"),
    Heading("service", "Service"),
    Heading("last", "Last run", "pounds", total=True),
    Heading("this", "This run", "pounds", total=True),
    Heading("difference", "Difference £", "pounds", total=True),
    Heading("percent", "Difference %"),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("adjustments", "Adjustments", "number", total=True),
    Heading("new_lines", "New lines", "number"),
    Heading("ended_lines", "Ended lines", "number"),
    Heading("because", "Because"),
)
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("console-receipt", args=[row["receipt"]]) if row["is_sealed"] else None),
    Heading("payee_id", "Payee", "id"),
    Heading("person_id", "Person", "id"),
    Heading("line_id", "Line", "id"),
    Heading("week", "Week", "date"),
    Heading("kind", "Kind"),
    Heading("amount_pence", "Amount", "pounds", total=True),
    Heading("cause", "Because"),
)


def find_run(run: str) -> RunShown:
    """The draft or run of that number; Http404 when there is none."""
    shown = run_shown(run)
    if shown is None:
        raise Http404
    return shown


def about_run(request: HttpRequest, shown: RunShown, tab: str = "") -> Row:
    """What stands at the head of every page of a run."""
    reader = reader_of(request)
    figures = figures_of(shown)
    steps = {event.event: event for event in shown.events}
    nxt = NEXT.get(shown.state) if shown.origin != "imported" else None
    name = f"console-run-{nxt[0]}" if nxt else ""
    return {
        "run": shown, "figures": figures, "due": payments_due(shown),
        "steps": [(step, step == shown.state, shown.drafted_by if step == "draft" else steps[step].by if step in steps else "",
                   shown.drafted_at if step == "draft" else steps[step].at if step in steps else None) for step in STEPS],
        "tabs": [{"text": words, "href": reverse(where, args=[shown.run]), "current": where == tab} for where, words in TABS],
        "next": _next(nxt, shown.run) if nxt and may(name, reader.role, "POST") else None,
        "may_discard": shown.state == "draft" and may("console-run-discard", reader.role, "POST"), "role": reader.role,
    }  # fmt: skip


def _next(step: tuple[str, str], run: str) -> Row:
    return {"href": reverse(f"console-run-{step[0]}", args=[run]), "words": f"{step[1]} {run}"}


def run_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """The run beside the one before it, by provider and service."""
    shown = find_run(run)
    rows = against_last_time(shown)
    picture, title = None, ""
    if any(row["last"] for row in rows):
        out = sum(row["is_outlier"] for row in rows)
        title = f"{out} outlier{'' if out == 1 else 's'} against last time" if out else "Nothing is out of line with last time"
        largest = sorted(rows, key=lambda row: -abs(row["difference"]))[:MOST_BARS]
        drawn = [row for row in largest if row["difference"]]
        picture = bars(title, [Bar(f"{row['payee']}, {row['service']}", row["difference"], pounds(row["difference"])) for row in drawn])
    listing = Listing(
        f"{run}-against-last-time", "Against last time", COMPARED, rows, "", "Nothing is posted in this run or the one before it.", "payee",
        "rows", order_words="outliers first (over 25% and £500.00), then the largest difference",
    )  # fmt: skip
    context = about_run(request, shown, "console-run") | {"picture": picture, "finding": title}
    return answer(request, "runs/console_run.html", listing, context)


def risk_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """The risk screen: eight rules, and the lines that are always looked at."""
    shown, reader = find_run(run), reader_of(request)
    if request.method == "POST":
        is_on = request.POST.get("act") != "stop"
        watch_line(
            line_id=request.POST.get("line", "").strip(), is_on=is_on, reason=request.POST.get("reason", ""), by=reader.by,
            at=request.at,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"Line {request.POST['line'].strip()} is {'always' if is_on else 'no longer'} looked at.")
        return redirect("console-run-risk", run)
    headings = (
        Heading("words", "Rule", link=lambda row: reverse("console-run-risk-rule", args=[run, row["rule"]]) if row["receipts"] else None),
        Heading("receipts", "Receipts", "number"),
        Heading("amount", "Pounds", "pounds"),
        Heading("looked", "Looked at", "number"),
        Heading("left", "Not looked at", "number"),
    )
    listing = Listing(
        f"{run}-risk", "Risk screen", headings, risk_screen(flagged_receipts(shown)), "", "", "words", "rules", order_words="rule"
    )
    context = about_run(request, shown, "console-run-risk") | {
        "watched": watched_lines(),
        "may_act": may("console-run-risk", reader.role, "POST"),
    }
    return answer(request, "runs/console_run_risk.html", listing, context)


def risk_rule_page(request: HttpRequest, run: str, rule: str) -> HttpResponseBase:
    """The receipts of a run that one rule shows, each to be marked as looked at."""
    shown, reader = find_run(run), reader_of(request)
    if rule not in RULES:
        raise Http404
    flagged = flagged_receipts(shown, rule)
    if request.method == "POST":
        ticked = {whole_typed(number) for number in request.POST.getlist("receipt")}
        chosen = {row["number"] for row in flagged if row["number"] in ticked}
        count = look_at_receipts(run=run, rule=rule, numbers=chosen, by=reader.by, at=request.at)  # type: ignore[attr-defined]
        messages.success(request, f"{count} marked as looked at.")
        return redirect(request.get_full_path())
    is_open = shown.state == "draft" and may("console-run-risk-rule", reader.role, "POST")
    rows = [
        _receipt_row(shown, row)
        | {"choice": row["number"] if is_open and not row["looked"] else "", "choice_words": f"receipt {run}.{row['number']}"}
        for row in flagged
    ]
    headings = (*RECEIPTS, Heading("looked", "Looked at by"))
    listing = Listing(
        f"{run}-{rule}",
        RULES[rule],
        headings,
        rows,
        "-amount_pence",
        "No receipt of this run is caught by this rule.",
        "receipt",
        "receipts",
    )
    return answer(request, "runs/console_run_rule.html", listing, about_run(request, shown) | {"rule": RULES[rule], "is_open": is_open})


def receipts_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Every receipt of the run."""
    shown = find_run(run)
    rows = [_receipt_row(shown, row) for row in numbered_receipts(shown).to_pylist()]
    listing = Listing(
        f"{run}-receipts", "Receipts", RECEIPTS, rows, "-amount_pence", "Nothing is posted in this run.", "receipt", "receipts"
    )
    return answer(request, "runs/console_run.html", listing, about_run(request, shown, "console-run-receipts"))


def _receipt_row(shown: RunShown, row: Row) -> Row:
    return row | {"receipt": f"{shown.run}.{row['number']}", "kind": row["kind"].capitalize(), "is_sealed": shown.state != "draft"}


def held_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """What was held when the run was worked out."""
    shown = find_run(run)
    rows = [
        {**row, "hold": hold_id(*(row[name] for name in KEY)), "reason": HOLD_WORDS[row["code"]].capitalize()}
        for row in holds_found(shown).to_pylist()
    ]
    headings = (
        Heading("hold", "Hold", "id", link=lambda row: reverse("console-hold", args=[row["hold"]])),
        Heading("reason", "Reason"),
        Heading("provider_id", "Provider", "id"),
        Heading("person_id", "Person", "id"),
        Heading("line_id", "Line", "id"),
        Heading("week", "Week", "date"),
        Heading("amount_pence", "Amount held", "pounds", total=True),
        Heading("message", "What is wrong"),
    )
    listing = Listing(f"{run}-held", "Held", headings, rows, "-amount_pence", "Nothing was held.", "hold", "holds")
    return answer(request, "runs/console_run.html", listing, about_run(request, shown, "console-run-held"))


def debts_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Who owes the council after this run, and what is carried on."""
    shown = find_run(run)
    headings = (
        Heading("payee", "Provider"),
        Heading("receipts_pence", "Receipts", "pounds"),
        Heading("carried_in_pence", "Brought forward", "pounds"),
        Heading("amount_pence", "Paid", "pounds"),
        Heading("carried_out_pence", "Carried to the next run", "pounds", total=True),
    )
    empty = "Nobody is in debit in this run." if shown.book == "payments" else "Only payments carry debts."
    listing = Listing(f"{run}-debts", "Debts", headings, debts(shown, request.at), "carried_out_pence", empty, "payee", "providers")  # type: ignore[attr-defined]
    return answer(request, "runs/console_run.html", listing, about_run(request, shown, "console-run-debts"))


def files_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """The files of an issued run, byte for byte as they were issued."""
    shown = find_run(run)
    headings = (
        Heading("name", "File", "id", link=lambda row: reverse("console-run-file", args=[run, row["number"]])),
        Heading("format", "Format"),
        Heading("reference", "Reference", "id"),
        Heading("size_bytes", "Bytes", "number"),
    )
    listing = Listing(
        f"{run}-files", "Files", headings, file_names(run), "", "There are no files until the run is issued.", "name", "files",
        order_words="the order in which they were made",
    )  # fmt: skip
    return answer(request, "runs/console_run.html", listing, about_run(request, shown, "console-run-files"))


def file_page(request: HttpRequest, run: str, number: int) -> HttpResponseBase:
    """One issued file."""
    found = file_issued(run, number)
    if found is None:
        raise Http404
    name, media_type, content = found
    return download(content, name.rpartition("/")[2], media_type)


def journal_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Who did what with the run."""
    shown = find_run(run)
    rows = [
        {"at": one.at, "by": one.by, "act": one.act.replace("_", " ").capitalize(), "summary": _told(one.summary)}
        for one in entries(subject=run)
    ]
    headings = (Heading("at", "At", "moment"), Heading("by", "Who"), Heading("act", "Did"), Heading("summary", "With"))
    listing = Listing(f"{run}-journal", "Journal", headings, rows, "-at", "Nothing stands in the journal.", "", "lines")
    return answer(request, "runs/console_run.html", listing, about_run(request, shown, "console-run-journal"))


def _told(summary: Row) -> str:
    told = ((name, value) for name, value in sorted(summary.items()) if name not in ("kept", "rows"))
    return ", ".join(f"{name.replace('_', ' ')} {str(value)[:16]}" for name, value in told)
