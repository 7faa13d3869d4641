"""A council for the tests of pages: the examples the pages were designed with, and people who sign in.

Sagegreen (4001) gives home care to five people under contracts of its own; Thornfield (4002) is another organisation. Weeks run
Monday to Sunday; the week of 1 June 2026 is the last that has ended.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from tests.office.runs.little import record

NOW = datetime(2026, 6, 8, 9, 14, tzinfo=UTC)
"""The moment the pages are looked at."""
T0 = datetime(2026, 4, 1, 9, tzinfo=UTC)
WEEK = date(2026, 6, 1)
PASSWORD = "a-password-for-tests"
SAGEGREEN, THORNFIELD, ICB = "4001", "4002", "QXX"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STAFF = (
    "payments_officer", "payments_approver", "brokerage", "team_manager", "finance", "auditor", "system_administrator",
)  # fmt: skip


def found_vale() -> None:
    """Record the council: people, providers, contracts, lines with timetables, rates, and actuals of weeks before the last."""
    _parties()
    _terms()
    signed = {"authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1)}
    people = ("4000217735", "4000217736", "4000217737", "4000217738", "4000217739")
    names = (("Okafor", "Ada"), ("Price", "Ben"), ("Quinn", "Cora"), ("Rees", "Dai"), ("Shaw", "Ed"))
    record(
        "people",
        *(
            {"person_id": person, "family_name": family, "given_names": given, "team": "North"}
            for person, (family, given) in zip(people, names, strict=True)
        ),
        at=T0,
    )
    start = {"start_date": date(2026, 4, 6), **signed}
    record(
        "lines",
        {"line_id": "LN-204417", "person_id": people[0], "contract_id": "HC-EXACT", "element": "care", **start},
        {"line_id": "LN-204502", "person_id": people[1], "contract_id": "HC-BANDED", "element": "care", **start},
        {"line_id": "LN-204710", "person_id": people[2], "contract_id": "HC-EXACT", "element": "care", **start},
        {"line_id": "LN-204800", "person_id": people[3], "contract_id": "HC-AGREE", "element": "care", **start, "agreed_on": None},
        {"line_id": "LN-300001", "person_id": people[4], "contract_id": "TF-HC", "element": "care", **start},
        at=T0,
    )
    for line, visits in (
        ("LN-204417", ((8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30))),
        ("LN-204502", ((8, 0, 30),)),
        ("LN-204710", ((9, 0, 30), (18, 0, 30))),
        ("LN-204800", ((9, 0, 30),)),
        ("LN-300001", ((9, 0, 60),)),
    ):
        record(
            "schedule",
            *(
                {
                    "line_id": line, "weekday": weekday, "start_time": time(hour, minute), "minutes": minutes,
                    "valid_from": date(2026, 4, 6),
                }
                for weekday in WEEKDAYS
                for hour, minute, minutes in visits
            ),
            at=T0,
        )  # fmt: skip
    record("shares", {"line_id": "LN-204502", "share_order": 1, "funder_id": ICB, "percent": 5000, "valid_from": date(2026, 4, 6)}, at=T0)
    record("contributions", {"person_id": people[0], "amount_per_week": 6200, "valid_from": date(2026, 4, 6)}, at=T0)
    record("actuals", *delivered("LN-204417", date(2026, 5, 25), (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)), at=NOW - DAY)
    record("actuals", *delivered("LN-204710", WEEK, (9, 0, 30), (18, 0, 30)), *extra_calls(), at=NOW - DAY)


DAY = timedelta(days=1)


def delivered(line: str, week: date, *visits: tuple[int, int, int]) -> list[dict]:
    """A week delivered as planned: hour, minute and minutes of each day's visits."""
    return [
        {
            "line_id": line, "date": week + n * DAY, "start_time": time(hour, minute), "delivered_minutes": minutes,
            "submitted_at": datetime(2026, 6, 7, 9, 0),
        }
        for n in range(7)
        for hour, minute, minutes in visits
    ]  # fmt: skip


def extra_calls() -> list[dict]:
    """Two visits beyond the plan, so that LN-204710's week of 1 June is held over tolerance."""
    told = {"outcome": "extra", "delivered_minutes": 45, "comment": "extra calls after a fall", "submitted_at": datetime(2026, 6, 7, 9, 0)}
    return [{"line_id": "LN-204710", "date": WEEK + n * DAY, "start_time": time(14), **told} for n in (1, 3)]


def _parties() -> None:
    record(
        "providers",
        {"provider_id": SAGEGREEN, "name": "Sagegreen Homecare", "creditor_reference": "C4001", "email": "care@sagegreen.example"},
        {"provider_id": THORNFIELD, "name": "Thornfield Care", "creditor_reference": "C4002"},
        at=T0,
    )
    record("sites", {"site_id": "S-EAST", "provider_id": SAGEGREEN, "name": "Sagegreen East"}, at=T0)
    record("funders", {"funder_id": ICB, "name": "Northshire ICB", "kind": "icb"}, at=T0)
    record(
        "bank_accounts",
        *(
            {
                "party_id": party, "sort_code": "200000", "account_number": number, "account_name": party,
                "valid_from": date(2020, 1, 1), "entered_by": "ann", "verified_by": "bob",
            }
            for party, number in ((SAGEGREEN, "12345204"), (THORNFIELD, "12345678"))
        ),
        at=T0,
    )  # fmt: skip


def _terms() -> None:
    weekly = {"service_type": "home care", "basis": "actuals", "cycle": "weekly"}
    banded = {"rounding_minutes": 15, "cap_at_planned": True}
    record(
        "contracts",
        {"contract_id": "HC-EXACT", "provider_id": SAGEGREEN, **weekly},
        {"contract_id": "HC-BANDED", "provider_id": SAGEGREEN, "site_id": "S-EAST", **weekly, **banded},
        {"contract_id": "HC-AGREE", "provider_id": SAGEGREEN, **weekly, "needs_agreement": True},
        {"contract_id": "TF-HC", "provider_id": THORNFIELD, **weekly},
        at=T0,
    )
    record(
        "rates",
        *(
            {"contract_id": contract, "element": "care", "unit": "hour", "rate": 246000, "valid_from": date(2026, 4, 6)}
            for contract in ("HC-EXACT", "HC-BANDED", "HC-AGREE", "TF-HC")
        ),
        at=T0,
    )


def people_with_access() -> dict[str, str]:
    """One user per role, and a provider user at each organisation; role (or `other_provider`) to email."""
    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import GUARDED, Role

    wanted = [("provider_user", SAGEGREEN), ("provider_administrator", SAGEGREEN), ("partner_reader", ICB), ("partner_reconciler", ICB)]
    emails = {}
    for role, organisation in [*wanted, *((role, "") for role in STAFF)]:
        emails[role] = f"{role}@test.example"
        access = give_access(
            email=emails[role], name=Role(role).word, role=Role(role), organisation_id=organisation, by="tests", at=T0, password=PASSWORD
        )
        if role in GUARDED:
            confirm_access(access_id=access, by="a second administrator", at=T0)
    emails["other_provider"] = "other_provider@test.example"
    give_access(
        email=emails["other_provider"], name="Somebody else", role=Role.PROVIDER_ADMINISTRATOR, organisation_id=THORNFIELD, by="tests",
        at=T0, password=PASSWORD,
    )  # fmt: skip
    emails["limited"] = "limited@test.example"
    give_access(
        email=emails["limited"], name="East only", role=Role.PROVIDER_USER, organisation_id=SAGEGREEN, by="tests", at=T0,
        password=PASSWORD, places=[("site", "S-EAST")],
    )  # fmt: skip
    return emails
