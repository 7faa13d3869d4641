"""Runs of the council that pages are tested with: sealed, approved, issued and settled."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.web.vale import NOW, WEEK


def run_through(through: date = WEEK + timedelta(days=6), at: datetime = NOW, *, upto: str = "sealed") -> str:
    """A weekly run of payments through a day, as far as `upto`; returns its id."""
    from almoner.formats.payments.payment import Payer
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    run = draft_run(book="payments", through=through, cycle="weekly", by="ann", at=at).run
    seal_run(run=run, by="ann", at=at)
    if upto == "sealed":
        return run
    approve_run(run=run, by="bob", at=at)
    if upto == "issued":
        council = Council("Vale County Council", "payments@vale.example", Payer("VALE", "090128", "10203040", "654321"))
        issue_run(run=run, by="bob", at=at, council=council, formats=["remittances"], pay_date=through + timedelta(days=9))
    return run


def text_of(answer) -> str:
    """A page's words, tags and runs of spaces taken out."""
    import html
    import re

    body = answer.content.decode()
    body = body[body.index("<main") :] if "<main" in body else body
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
