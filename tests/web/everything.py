"""One of everything that has a page, at Sagegreen and at Thornfield: what fills in the addresses when every one of them is tried."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.claims.claiming import claim, partner
from tests.office.runs.little import record
from tests.web.paying import run_through
from tests.web.vale import DAY, ICB, NOW, SAGEGREEN, THORNFIELD, WEEK, delivered

Ids = dict[str, str]
OWN, OTHER = "own", "other"
HOUR = timedelta(hours=1)
EMAILS = {OWN: "provider_user@test.example", OTHER: "other_provider@test.example"}


def one_of_everything() -> dict[str, Ids]:
    """Ids by the name of their parameter, or by `address:parameter` where one name is several things: of Sagegreen, and of Thornfield.

    Where an id belongs to nobody in particular (a change order, a rule) both are the same.
    """
    found: dict[str, Ids] = {OWN: {}, OTHER: {}}
    found[OWN] |= {"line": "LN-204417", "person": "4000217735", "provider": SAGEGREEN, "portal-line-agree:line": "LN-204800"}
    found[OWN] |= {"portal-expected-week:week": "2026-05-18"}
    found[OTHER] |= {"line": "LN-300001", "person": "4000217739", "provider": THORNFIELD}
    for ids in found.values():
        ids |= {"week": "2026-06-01", "day": "2026-06-01", "month": "2026-06", "rule": "creditor", "cycle": "weekly", "kind": "csv"}
        ids |= {"row": "3"}
        ids |= {"key": "no-such-key", "pk": "1", "party": SAGEGREEN, "first_day": "2020-01-01", "organisation": ICB, "funder": ICB}
    _people(found)
    _invoice(found)
    _money(found)
    _dispute(found)
    _actuals(found)
    _queries(found)
    _work(found)
    return found


def _people(found: dict[str, Ids]) -> None:
    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token
    from almoner.office.accounts.queries import accesses_of

    for whose, organisation, email in ((OWN, SAGEGREEN, "limited@test.example"), (OTHER, THORNFIELD, EMAILS[OTHER])):
        access = next(access for access in accesses_of(organisation, side="provider") if access.email == email)
        token = make_token(organisation_id=organisation, name="rostering", key_sha256=fingerprint(organisation), by=email, at=NOW)
        found[whose] |= {"access_id": str(access.access_id), "token_id": str(token)}


def _money(found: dict[str, Ids]) -> None:
    """A run that is issued, one that is approved and pays Thornfield alone, one of claims that is sealed, and a draft."""
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run, seal_run

    record("actuals", *delivered("LN-204502", WEEK, (8, 0, 30)), at=NOW - DAY)
    issued = run_through(at=NOW - 5 * HOUR, upto="issued")
    record("actuals", *delivered("LN-300001", WEEK - 7 * DAY, (9, 0, 60)), at=NOW - 4 * HOUR)
    approved = run_through(at=NOW - 3 * HOUR, upto="approved")
    claims = draft_run(book="claims", through=WEEK + 6 * DAY, by="ann", at=NOW - 2 * HOUR).run
    seal_run(run=claims, by="ann", at=NOW - 2 * HOUR)
    record("actuals", *delivered("LN-204417", WEEK - 14 * DAY, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)), at=NOW - 2 * HOUR)
    much = {"line_id": "LN-300001", "date": WEEK, "delivered_minutes": 600, "planned_minutes": 30}
    record("actuals", much, at=NOW - 2 * HOUR)
    draft = draft_run(book="payments", through=WEEK + 6 * DAY, cycle="weekly", by="ann", at=NOW - HOUR).run
    holds = {hold.provider_id: hold.hold for hold in open_holds()}
    steps = {
        f"console-run-{step}:run": run for step, run in (("seal", draft), ("discard", draft), ("approve", claims), ("issue", approved))
    }
    for whose, run, organisation in ((OWN, issued, SAGEGREEN), (OTHER, approved, THORNFIELD)):
        found[whose] |= {"run": run, "hold": holds[organisation], "receipt": _receipt(run, found[whose]["provider"])}
        found[whose] |= {**steps, "partner-receipt:receipt": f"{claims}.1", "console-run-file:number": "1"}


def _invoice(found: dict[str, Ids]) -> None:
    """An invoice to the ICB, of a week in May."""
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.exchange.council import Council

    claim(date(2026, 5, 31), at=NOW - 7 * HOUR, weeks=(WEEK - 7 * DAY,))
    may, council = date(2026, 5, 1), Council("Vale County Council")
    made = make_invoice(funder_id=ICB, month=may, basis=ready_for(ICB, may).basis, council=council, by="fay", at=NOW - 6 * HOUR)
    for ids in found.values():
        ids |= {"invoice": made.reference, "partner-package:line": "LN-204502"}


def _dispute(found: dict[str, Ids]) -> None:
    """The week of June that is claimed, disputed with a letter."""
    from almoner.office.claims.models import ClaimFile
    from almoner.office.claims.operations import dispute_receipt
    from almoner.office.furniture.attachments import Sent

    receipt = found[OWN]["partner-receipt:receipt"]
    dispute_receipt(
        funder_id=ICB, receipt=receipt, reason="dates", disputed_pence=4305, text="It ended before.", who=partner(), at=NOW - HOUR,
        files=[Sent("letter.txt", b"not ours")],
    )  # fmt: skip
    file = str(ClaimFile.objects.get().pk)
    for ids in found.values():
        for page in ("partner-receipt-file", "console-claim-receipt", "console-claim-file"):
            ids |= {f"{page}:receipt": receipt, f"{page}:file": file}


def _receipt(run: str, provider: str) -> str:
    from almoner.office.runs.queries import receipts_of

    return next(f"{run}.{row['number']}" for row in receipts_of(run).to_pylist() if row["provider_id"] == provider)


def _actuals(found: dict[str, Ids]) -> None:
    """A submission, and an upload that waits and has a row that is left out."""
    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.runs.operations.uploading import submit_upload, take_upload

    for whose, ids in found.items():
        reader = readers_for(User.objects.get(email=EMAILS[whose]).pk)[0]
        files = [
            f"line_id,date,start_time,delivered_minutes\n{ids['line']},2026-06-0{day},08:00,45\nLN-999999,2026-06-01,08:00,45\n"
            for day in (1, 2)
        ]  # fmt: skip
        first, second = (take_upload(name="rota.csv", content=file.encode(), reader=reader, at=NOW).upload for file in files)
        ids |= {"reference": submit_upload(upload=first, reader=reader, at=NOW).reference, "upload": str(second)}


def _queries(found: dict[str, Ids]) -> None:
    from almoner.office.enquiries.models import QueryAttachment
    from almoner.office.enquiries.operations import About, Told, open_query
    from almoner.office.furniture.attachments import Sent

    for whose, ids in found.items():
        made = open_query(
            kind="rate", side="provider", organisation_id=ids["provider"], about=About(line_id=ids["line"]), told=Told(),
            text="The rate is last year's.", by=f"{whose}@test.example", by_name=whose, at=NOW,
            attachments=[Sent("rate.txt", b"as agreed")],
        )  # fmt: skip
        file = QueryAttachment.objects.get(entry__query__number=made.number)
        ids |= {"number": str(made.number), "file": str(file.pk)}
    asked = open_query(
        kind="invoice", side="partner", organisation_id=ICB, about=About(receipt_id="INV-000001"), told=Told(),
        text="Which weeks are on it?", by="partner_reconciler@test.example", by_name="Partner reconciler", at=NOW,
        attachments=[Sent("statement.txt", b"as paid")],
    )  # fmt: skip
    kept = QueryAttachment.objects.get(entry__query__number=asked.number)
    for ids in found.values():
        ids |= {"partner-query:number": str(asked.number)}
        ids |= {"partner-query-file:number": str(asked.number), "partner-query-file:file": str(kept.pk)}


def _work(found: dict[str, Ids]) -> None:
    """A change order, and long work that is done."""
    from almoner.office.changes.kinds import Change, Policy
    from almoner.office.changes.operations import propose_change
    from almoner.office.furniture.attachments import Sent
    from almoner.office.runs.operations.long_work import begin_work, wait_briefly

    change = Change(line_id="LN-204417", kind="end", on=date(2026, 6, 30))
    letter = [Sent("review.txt", b"moves on 30 June")]
    made = propose_change(change=change, reason="Moves into a home.", files=letter, by="mia", by_name="Mia", at=NOW)
    policy = Policy("frustrated", date(2026, 7, 1), "no reply", 50_00, service="home care")
    setting = propose_change(change=policy, reason="As agreed with providers.", files=letter, by="sue", by_name="Sue", at=NOW)
    files = {order.number: str(order.files[0].number) for order in (made, setting)}
    work = begin_work(kind="draft", subject="payments", by="ann", at=NOW, work=lambda told: found[OWN]["run"])
    wait_briefly(work)
    for ids in found.values():
        ids |= {"console-change:number": str(made.number), "console-work:number": str(work)}
        ids |= {"console-settings-change:number": str(setting.number)}
        ids |= {"console-change-file:number": str(made.number), "console-change-file:file": files[made.number]}
        ids |= {"console-settings-change-file:number": str(setting.number), "console-settings-change-file:file": files[setting.number]}
