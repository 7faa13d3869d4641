"""A change from its proposal to the run that pays it; what it is said to do is what it does."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record
from tests.office.runs.test_effects import pay
from tests.office.runs.test_incremental import draft, result

from almoner.office.changes.kinds import Change, Slot

THROUGH = MONDAY + timedelta(days=13)
YESTERDAY = date(2026, 5, 31)
SECOND_WEEK = MONDAY + timedelta(days=7)
MIA, OLA = {"by": "mia@council.example", "by_name": "Mia"}, {"by": "ola@council.example", "by_name": "Ola"}
SLOTS = tuple(Slot(day, time(8), 60) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))


def propose(change, hours=3, reason="The review of 1 June."):
    from almoner.office.changes.operations import propose_change

    return propose_change(change=change, reason=reason, at=later(hours), **MIA)


def authorise(order, hours=4, who=OLA, shown=None):
    from almoner.office.changes.operations import authorise_change

    return authorise_change(number=order.number, shown=shown or dict(order.steps[0].effect), at=later(hours), **who)


CHANGES = {
    "end": (Change("L1", "end", SECOND_WEEK - timedelta(days=1)), -7 * 2400),
    "start": (Change("L1", "start", MONDAY + timedelta(days=2)), -2 * 2400),
    "rate": (Change("L1", "rate", SECOND_WEEK, rate_centipence=252_000, unit="hour"), 7 * 120),
    "hours": (Change("L4", "hours", SECOND_WEEK, quantity=450), 3 * 1800),
    "timetable": (Change("L5", "timetable", SECOND_WEEK, slots=(*SLOTS, Slot("monday", time(18), 30))), 3 * 600),
    # What was reported after the day is held on the old line; the new one is paid when it is reported.
    "provider": (Change("L1", "provider", SECOND_WEEK, contract_id="K4", element="care", new_line="L1-2"), -7 * 2400),
    "provider of a planned line": (
        Change("L5", "provider", SECOND_WEEK, contract_id="K6", element="care", new_line="L5-2"), 3 * (7 * 1500 - 7 * 1200),
    ),
    "share": (Change("L2", "share", SECOND_WEEK, share_order=1, basis_points=2_500), 0),
    "share ended": (Change("L2", "share", SECOND_WEEK, share_order=1), 0),
    "share begun": (Change("L1", "share", MONDAY, funder_id="ICB", amount_pence=1_000, settlement="direct"), -2 * 1000),
}  # fmt: skip
BOOKS = ("payments", "claims", "charges")


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_change_is_said_to_do(office, kind):
    found_council()
    planned_line()
    other_provider()
    change, difference = CHANGES[kind]
    order = propose(change)
    assert (order.state, order.reference, order.steps[0].effect.get("payments", 0)) == ("waiting", "CO-000001", difference)


def test_what_it_says_it_does_the_runs_of_the_three_books_then_post(office):
    found_council()
    planned_line()
    other_provider()
    pay_all(2)
    one_upon_another = ("share", "share begun", "rate", "hours", "timetable", "provider of a planned line", "share ended", "start", "end")
    they_post_what_was_said(CHANGES[kind][0] for kind in one_upon_another)
    assert posted(12) != {}


def test_another_provider_is_paid_from_the_day_on_and_the_one_before_no_more(office):
    found_council()
    other_provider()
    pay_all(2)
    they_post_what_was_said([CHANGES["provider"][0]])


def they_post_what_was_said(changes):
    """Each change is put in force after the one before; what runs post more or less is what was said of it."""
    before, hours = {}, 3.0
    for change in changes:
        order = propose(change, hours=hours)
        # All on one day: what a change does is told through the day before.
        told = {book: pence for book, pence in order.steps[0].effect.items() if book in BOOKS}
        assert authorise(order, hours=hours + 0.2).state == "in_force"
        after = posted(hours + 0.4)
        moved = {book: after.get(book, 0) - before.get(book, 0) for book in BOOKS if after.get(book, 0) != before.get(book, 0)}
        assert moved == told, change
        before, hours = after, hours + 0.8


def pay_all(hours):
    """Everything through the last day of May is paid, in the three books."""
    from almoner.office.runs.operations import draft_run, seal_run

    for book in BOOKS:
        drafted = draft_run(book=book, through=YESTERDAY, by="priya", at=later(hours))
        seal_run(run=drafted.run, by="priya", at=later(hours))


def posted(hours):
    """What runs of the three books then post through the same day, in pence; books in which nothing differs are left out."""
    receipts = {book: result(draft(book, YESTERDAY, hours + n / 10), "receipts") for n, book in enumerate(BOOKS)}
    return {book: sum(row["amount_pence"] for row in rows) for book, rows in receipts.items() if rows}


def other_provider():
    """K4 and K6: another provider's contracts, the second paid on plan."""
    terms = {"provider_id": "V2", "service_type": "home care", "cycle": "four_weekly"}
    record("contracts", {"contract_id": "K4", "basis": "actuals", **terms}, {"contract_id": "K6", "basis": "planned", **terms})
    price = {"element": "care", "unit": "hour", "valid_from": date(2026, 1, 5)}
    record("rates", {"contract_id": "K4", "rate": 300_000, **price}, {"contract_id": "K6", "rate": 150_000, **price})


def planned_line():
    """L5: a line paid on plan, with a timetable."""
    record("contracts", {"contract_id": "K5", "provider_id": "V1", "service_type": "home care", "basis": "planned", "cycle": "four_weekly"})
    record("rates", {"contract_id": "K5", "element": "care", "unit": "hour", "rate": 120_000, "valid_from": date(2026, 1, 5)})
    signed = {"authorised_on": date(2026, 1, 1), "agreed_on": date(2026, 1, 1), "start_date": MONDAY}
    record("lines", {"line_id": "L5", "person_id": "P2", "contract_id": "K5", "element": "care", **signed})
    visits = ({"line_id": "L5", "weekday": s.weekday, "start_time": s.start, "minutes": 60, "valid_from": MONDAY} for s in SLOTS)
    record("schedule", *visits)


def test_authorising_needs_another_person_and_the_figures_of_now(office):
    from almoner.office.changes.refusals import EffectMoved, NotWaiting, OwnChange

    found_council()
    pay(2)
    order = propose(CHANGES["end"][0])
    with pytest.raises(OwnChange):
        authorise(order, who=MIA)
    with pytest.raises(EffectMoved):
        authorise(order, shown={"payments": -1})
    authorise(order)
    with pytest.raises(NotWaiting):
        authorise(order, hours=6)


def test_the_same_change_proposed_twice_is_one_order(office):
    found_council()
    pay(2)
    assert propose(CHANGES["end"][0]).number == propose(CHANGES["end"][0], hours=3.2).number == 1


def test_a_change_sent_back_changes_nothing(office):
    from almoner.office.changes.operations import send_back_change
    from almoner.office.records.queries import facts_head

    found_council()
    pay(2)
    order = propose(CHANGES["rate"][0])
    before = facts_head()
    sent = send_back_change(number=order.number, text="The rate card says £24.", at=later(4), **OLA)
    assert (sent.state, sent.steps[-1].text, facts_head()) == ("sent_back", "The rate card says £24.", before)


def test_a_rate_between_two_others_ends_the_one_before_and_gives_way_to_the_one_after(office):
    from almoner.office.records.queries import table_known

    found_council()
    later_on = MONDAY + timedelta(days=21)
    record(
        "line_rates",
        {"line_id": "L1", "rate": 230_000, "unit": "hour", "valid_from": MONDAY, "valid_to": later_on - timedelta(days=1)},
        {"line_id": "L1", "rate": 260_000, "unit": "hour", "valid_from": later_on},
    )
    authorise(propose(CHANGES["rate"][0]))
    rates = table_known("line_rates", later(5)).sort_by("valid_from").select(["rate", "valid_from", "valid_to"]).to_pylist()
    assert rates == [
        {"rate": 230_000, "valid_from": MONDAY, "valid_to": SECOND_WEEK - timedelta(days=1)},
        {"rate": 252_000, "valid_from": SECOND_WEEK, "valid_to": later_on - timedelta(days=1)},
        {"rate": 260_000, "valid_from": later_on, "valid_to": None},
    ]


def test_new_terms_wait_until_the_provider_has_agreed_the_line_again(office):
    from almoner.office.records.queries import table_known

    found_council()
    terms = {"contract_id": "K1", "provider_id": "V1", "service_type": "home care", "basis": "actuals", "cycle": "four_weekly"}
    record("contracts", {**terms, "needs_agreement": True}, at=later(1))
    pay_all(2)
    order = propose(CHANGES["rate"][0])
    assert "payments" not in order.steps[0].effect, "what is more waits"
    authorise(order)
    draft_now = draft("payments", YESTERDAY, 5)
    assert result(draft_now, "receipts") == []
    assert [(hold["code"], hold["amount_pence"]) for hold in result(draft_now, "holds")] == [("AGR", 7 * 120)]
    line = next(row for row in table_known("lines", later(6)).to_pylist() if row["line_id"] == "L1")
    assert line.pop("row") and line["agreed_on"] is None
    record("lines", {**line, "agreed_on": date(2026, 5, 30)}, at=later(6))
    assert posted(7) == {"payments": 7 * 120}


def test_weeks_before_new_terms_wait_too_while_they_are_not_paid(office):
    found_council()
    terms = {"contract_id": "K1", "provider_id": "V1", "service_type": "home care", "basis": "actuals", "cycle": "four_weekly"}
    record("contracts", {**terms, "needs_agreement": True}, at=later(1))
    before = posted(2)["payments"]
    order = propose(CHANGES["rate"][0])
    assert order.steps[0].effect["payments"] == -14 * 2400
    authorise(order)
    assert posted(5)["payments"] == before - 14 * 2400


def test_reablement_goes_on_with_another_provider_for_what_is_left_of_its_weeks(office):
    from almoner.office.records.queries import table_known

    found_council()
    other_provider()
    signed = {"start_date": MONDAY, "authorised_on": MONDAY, "agreed_on": MONDAY}
    record("lines", {"line_id": "L8", "person_id": "P2", "contract_id": "K1", "element": "care", "exempt_reason": "reablement", **signed})
    authorise(propose(Change("L8", "provider", SECOND_WEEK, contract_id="K4", element="care", new_line="L8-2")))
    line = next(row for row in table_known("lines", later(5)).to_pylist() if row["line_id"] == "L8-2")
    assert (line["exempt_reason"], line["authorised_on"], line["agreed_on"], line["start_date"]) == (None, SECOND_WEEK, None, SECOND_WEEK)
    terms = [row for row in table_known("line_terms", later(5)).to_pylist() if row["line_id"] == "L8-2"]
    assert [(row["valid_from"], row["valid_to"], row["exempt_reason"]) for row in terms] == [
        (SECOND_WEEK, MONDAY + timedelta(days=41), "reablement")
    ]


def test_authorising_a_line_pays_what_waited(office):
    found_council()
    signed = {"start_date": MONDAY, "agreed_on": date(2026, 1, 1)}
    record("lines", {"line_id": "L2", "person_id": "P2", "contract_id": "K1", "element": "care", **signed}, at=later(1))
    pay(2)
    order = propose(Change("L2", "authorise", MONDAY))
    told = {book: order.steps[0].effect.get(book) for book in BOOKS}
    assert told == {"payments": 14 * 2400, "claims": 14 * 1200, "charges": None}, "a funder owes half of it"
    authorise(order)
    assert sum(row["amount_pence"] for row in result(draft("payments", THROUGH, 5), "receipts")) == 14 * 2400


REFUSED = {
    "no such line": ("NoSuchLine", Change("L9", "end", MONDAY)),
    "ends long before it starts": ("ChangeRefused", Change("L1", "end", MONDAY - timedelta(days=2))),
    "starts after it ends": ("ChangeRefused", Change("L6", "start", MONDAY + timedelta(days=9))),
    "has no end already": ("NothingChanges", Change("L1", "end", None)),
    "starts then already": ("NothingChanges", Change("L1", "start", MONDAY)),
    "a rate without its day": ("ChangeRefused", Change("L1", "rate", None, rate_centipence=1, unit="hour")),
    "a rate without a rate": ("ChangeRefused", Change("L1", "rate", MONDAY)),
    "authorised already": ("NothingChanges", Change("L1", "authorise", MONDAY)),
    "the timetable it has": ("NothingChanges", Change("L5", "timetable", SECOND_WEEK, slots=SLOTS)),
    "the quantity it has": ("NothingChanges", Change("L4", "hours", SECOND_WEEK, quantity=300)),
    "the provider it has": ("NothingChanges", Change("L1", "provider", MONDAY, contract_id="K1", element="care", new_line="L7")),
    "a provider of another sort of care": (
        "ChangeRefused", Change("L1", "provider", MONDAY, contract_id="K2", element="bed", new_line="L7"),
    ),
    "a line that there is": ("ChangeRefused", Change("L1", "provider", MONDAY, contract_id="K4", element="care", new_line="L2")),
    "a line without a number": ("ChangeRefused", Change("L1", "provider", MONDAY, contract_id="K4", element="care", new_line="a b")),
    "a provider before the line starts": (
        "ChangeRefused", Change("L1", "provider", MONDAY - timedelta(days=1), contract_id="K4", element="care", new_line="L7"),
    ),
    "the share it is": ("NothingChanges", Change("L2", "share", SECOND_WEEK, share_order=1, basis_points=5_000)),
    "a share of nobody": ("ChangeRefused", Change("L2", "share", SECOND_WEEK, share_order=4, basis_points=5_000)),
    "shares over a hundred percent": ("ChangeRefused", Change("L2", "share", SECOND_WEEK, funder_id="ICB", basis_points=5_001)),
    "a timetable before the next one": ("ChangeRefused", Change("L5", "timetable", MONDAY - timedelta(days=7), slots=SLOTS[:3])),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_change_is_refused_in_a_sentence(office, what):
    from almoner.office.changes import refusals
    from almoner.office.changes.queries import orders

    found_council()
    planned_line()
    other_provider()
    ended = {"start_date": MONDAY, "end_date": MONDAY + timedelta(days=3), "authorised_on": MONDAY, "agreed_on": MONDAY}
    record("lines", {"line_id": "L6", "person_id": "P2", "contract_id": "K1", "element": "care", **ended})
    name, change = REFUSED[what]
    with pytest.raises(getattr(refusals, name)) as refused:
        propose(change)
    assert refused.value.remedy.endswith(".") and orders() == []
