"""Whether the council pays on time: pounds that came within 30 days of their submission, and the interest on the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.web.paying import run_through, text_of
from tests.web.vale import DAY, NOW


def settled(pay_date: date):
    from almoner.formats.payments.payment import Payer
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run, settle_run

    run = run_through()
    approve_run(run=run, by="bob", at=NOW)
    council = Council("Vale", "", Payer("VALE", "090128", "10203040", "654321"))
    issue_run(run=run, by="bob", at=NOW, council=council, formats=["remittances"], pay_date=pay_date)
    settle_run(run=run, by="fin", at=NOW + DAY, outcomes={})
    return run


def test_what_comes_in_time_is_all_of_it(pages):
    from almoner.office.runs.promptness import prompt_months

    settled(date(2026, 6, 16))
    (month,) = prompt_months(date(2026, 6, 30))
    assert (month.month, month.paid_pence, month.prompt_pence, month.interest_pence) == (date(2026, 6, 1), 38745, 38745, 0)
    assert month.basis_points == 10_000 and prompt_months(date(2026, 6, 15)) == []


def test_what_comes_late_bears_interest_for_its_days(pages):
    from almoner.office.runs.promptness import prompt_months

    settled(date(2026, 7, 20))
    (month,) = prompt_months(date(2026, 7, 31))
    # Submitted on 7 June, late from 8 July: 13 days at 8% above the Bank's 3.75%: 38,745 × 13 × 11.75% ÷ 365 = 162.1
    assert (month.paid_pence, month.prompt_pence, month.interest_pence, month.basis_points) == (38745, 0, 162, 0)


def test_runs_settled_before_it_was_measured_are_measured_once_when_something_is_due(pages):
    from almoner.office.journal.queries import entries
    from almoner.office.runs import operations
    from almoner.office.runs.operations import steps
    from almoner.office.runs.operations.promptness import keep_promptness, measure_promptness
    from almoner.office.runs.promptness import prompt_months

    steps.keep_promptness = lambda *_: False
    try:
        settled(date(2026, 6, 16))
    finally:
        steps.keep_promptness = keep_promptness
    assert prompt_months(date(2026, 6, 30)) == []
    assert [measure_promptness(by="cron", at=NOW + DAY) for _ in range(2)] == [1, 0]
    assert prompt_months(date(2026, 6, 30))[0].paid_pence == 38745
    assert len(list(entries(act="measure_promptness"))) == 1 and operations


def test_the_page_says_it_and_draws_from_three_months_on(signed_in, monkeypatch):
    from almoner.office.runs.desk_models import RunPromptness

    client = signed_in("finance")
    settled(date(2026, 6, 16))
    monkeypatch.setenv("ALMONER_CLOCK", datetime(2026, 6, 20, 9, tzinfo=UTC).isoformat())
    page = client.get("/console/runs")
    assert "100.0% of the pounds paid in June 2026 came within 30 days; the target of 95% was met in every month" in text_of(page)
    assert '<svg class="almoner-bars almoner-curve' not in page.content.decode()
    for month, prompt in ((4, 9_000), (5, 9_999)):
        RunPromptness.objects.create(
            run_id=f"R-x{month}", pay_date=date(2026, month, 5), paid_pence=10_000, prompt_pence=prompt, interest_pence=5, at=NOW
        )
    page = client.get("/console/runs")
    assert '<svg class="almoner-bars almoner-curve' in page.content.decode()
    told = text_of(page)
    assert "was met in all but 1 of 3 months" in told and "99.9%" in told, "what is not all is never shown as all"
    assert "May 2026 £100.00 £99.99 99.9% £0.05" in told
