"""The console's addresses of holds, runs and weeks not submitted."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.runs.console import actuals, holds, receipts, run_steps, run_tabs, runs

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/holds", holds.holds_page, name="console-holds"),
    path("console/holds/decide", holds.decide_page, name="console-holds-decide"),
    path("console/holds/<str:hold>", holds.hold_page, name="console-hold"),
    path("console/receipts/<str:receipt>", receipts.receipt_page, name="console-receipt"),
    path("console/actuals", actuals.actuals_page, name="console-actuals"),
    path("console/actuals/remind", actuals.remind_page, name="console-actuals-remind"),
    path("console/runs", runs.runs_page, name="console-runs"),
    path("console/runs/start", runs.start_page, name="console-run-start"),
    path("console/work/<int:number>", runs.work_page, name="console-work"),
    path("console/runs/<str:run>", run_tabs.run_page, name="console-run"),
    path("console/runs/<str:run>/risk", run_tabs.risk_page, name="console-run-risk"),
    path("console/runs/<str:run>/risk/<str:rule>", run_tabs.risk_rule_page, name="console-run-risk-rule"),
    path("console/runs/<str:run>/receipts", run_tabs.receipts_page, name="console-run-receipts"),
    path("console/runs/<str:run>/held", run_tabs.held_page, name="console-run-held"),
    path("console/runs/<str:run>/debts", run_tabs.debts_page, name="console-run-debts"),
    path("console/runs/<str:run>/files", run_tabs.files_page, name="console-run-files"),
    path("console/runs/<str:run>/files/<int:number>", run_tabs.file_page, name="console-run-file"),
    path("console/runs/<str:run>/journal", run_tabs.journal_page, name="console-run-journal"),
    path("console/runs/<str:run>/seal", run_steps.seal_page, name="console-run-seal"),
    path("console/runs/<str:run>/approve", run_steps.approve_page, name="console-run-approve"),
    path("console/runs/<str:run>/settle", run_steps.settle_page, name="console-run-settle"),
    path("console/runs/<str:run>/discard", run_steps.discard_page, name="console-run-discard"),
]
