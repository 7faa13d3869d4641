"""The only writers of runs: each takes `by` and `at`, is one transaction, and writes one line in the journal."""

from almoner.office.runs.operations.balances import agree_repayment, bring_balances
from almoner.office.runs.operations.drafting import Drafted, discard_run, draft_run
from almoner.office.runs.operations.due import Due, Reminder, do_what_is_due, extend_calendar, plan_period
from almoner.office.runs.operations.hold_answers import answer_hold
from almoner.office.runs.operations.holds import Decided, Decider, Shown, ask_provider, decide_holds, release_hold, take_holds, uphold_hold
from almoner.office.runs.operations.sealing import Sealed, import_prior_receipts, seal_run
from almoner.office.runs.operations.steps import FileToIssue, Outcome, Settled, approve_run, record_issue, settle_run

__all__ = [
    "Decided",
    "Decider",
    "Drafted",
    "Due",
    "FileToIssue",
    "Outcome",
    "Reminder",
    "Sealed",
    "Settled",
    "Shown",
    "agree_repayment",
    "answer_hold",
    "approve_run",
    "ask_provider",
    "bring_balances",
    "decide_holds",
    "discard_run",
    "do_what_is_due",
    "draft_run",
    "extend_calendar",
    "import_prior_receipts",
    "plan_period",
    "record_issue",
    "release_hold",
    "seal_run",
    "settle_run",
    "take_holds",
    "uphold_hold",
]
