"""One of everything that has a page, at Sagegreen and at Thornfield: what fills in the addresses when every one of them is tried."""

from __future__ import annotations

from datetime import date, timedelta

from tests.web.vale import DAY, NOW, SAGEGREEN, THORNFIELD, WEEK, delivered

Ids = dict[str, str]
OWN, OTHER = "own", "other"


def one_of_everything() -> dict[str, Ids]:
    """Ids by the name of their parameter, or by `address:parameter` where one name is several things: of Sagegreen, and of Thornfield.

    Where an id belongs to nobody in particular (a hold, a change order) both are the same.
    """
    found: dict[str, Ids] = {OWN: {}, OTHER: {}}
    _people(found)
    _money(found)
    _queries(found)
    _changes(found)
    return found


def _people(found: dict[str, Ids]) -> None:
    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.operations import make_token
    from almoner.office.accounts.queries import accesses_of

    for whose, organisation, email in ((OWN, SAGEGREEN, "limited@test.example"), (OTHER, THORNFIELD, "other_provider@test.example")):
        access = next(access for access in accesses_of(organisation, side="provider") if access.email == email)
        token = make_token(organisation_id=organisation, name="rostering", key_sha256=fingerprint(organisation), by=email, at=NOW)
        found[whose] |= {"access_id": str(access.access_id), "token_id": str(token), "key": "no-such-key", "pk": "1"}


def _money(found: dict[str, Ids]) -> None:
    from tests.office.runs.little import record

    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), at=NOW - DAY)
    record("actuals", {"line_id": "LN-300001", "date": WEEK - DAY, "delivered_minutes": 600, "planned_minutes": 30}, at=NOW - DAY)
    run = draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=3)).run
    seal_run(run=run, by="ann", at=NOW - timedelta(hours=2))
    approve_run(run=run, by="bob", at=NOW - timedelta(hours=1))
    holds = {hold.provider_id: hold.hold for hold in open_holds()}
    found[OWN] |= {"run": run, "hold": holds[SAGEGREEN], "line_id": "LN-204417", "person_id": "4000217735", "week": "2026-06-01"}
    found[OTHER] |= {"run": run, "hold": holds[THORNFIELD], "line_id": "LN-300001", "person_id": "4000217739", "week": "2026-06-01"}


def _queries(found: dict[str, Ids]) -> None:
    from almoner.office.enquiries.models import QueryAttachment
    from almoner.office.enquiries.operations import About, Sent, Told, open_query

    for whose, organisation in ((OWN, SAGEGREEN), (OTHER, THORNFIELD)):
        made = open_query(
            kind="rate", side="provider", organisation_id=organisation, about=About(line_id=found[whose]["line_id"]), told=Told(),
            text="The rate is last year's.", by=f"{whose}@test.example", by_name=whose, at=NOW,
            attachments=[Sent("rate.txt", b"as agreed")],
        )  # fmt: skip
        file = QueryAttachment.objects.get(entry__query__number=made.number)
        found[whose] |= {"number": str(made.number), "file": str(file.pk)}


def _changes(found: dict[str, Ids]) -> None:
    from almoner.office.changes.kinds import Change
    from almoner.office.changes.operations import propose_change

    change = Change(line_id="LN-204417", kind="end", on=date(2026, 6, 30))
    made = propose_change(change=change, reason="Moves into a home.", by="mia", by_name="Mia", at=NOW)
    for whose in (OWN, OTHER):
        found[whose]["console-change:number"] = str(made.number)
