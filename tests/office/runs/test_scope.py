"""How far each kind of change reaches: never less than it may move, and not everything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

EARLIER, THROUGH = date(2026, 5, 31), date(2026, 6, 28)
NEW = EARLIER - timedelta(days=6)
EVER = date(1900, 1, 1)
DAY = date(2026, 3, 4)
PACKAGES = (
    ("L1", "P1", "V1", "K1", "monday"),
    ("L2", "P2", "V1", "K1", "monday"),
    ("L3", "P3", "V2", "K2", "monday"),
    ("L4", "P4", "V2", "K3", "saturday"),
)


def scope(*changes, held=(), pending=()):
    """By person the first day looked at; everything goes on to the end."""
    import pyarrow as pa

    from almoner.office.records.changes import CHANGES
    from almoner.office.runs import scope as module

    names = module.PACKAGES.names
    since = module.Since(
        earlier_through=EARLIER,
        changes=pa.Table.from_pylist(list(changes), schema=CHANGES),
        packages=pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in PACKAGES], schema=module.PACKAGES),
        held=pa.Table.from_pylist([{"person_id": person, "week": week} for person, week in held], schema=module.HELD),
        pending=pa.Table.from_pylist([{"person_id": person} for person in pending], schema=module.PENDING),
        unplaced=pa.chunked_array([], pa.string()),
    )
    rows = module.scope_since(since, through=THROUGH).to_pylist()
    assert all(row["until_date"] == THROUGH + timedelta(days=1) for row in rows)
    return {row["person_id"]: row["from_date"] for row in rows}


NOTHING_NEW = {"P1": NEW, "P2": NEW, "P3": NEW, "P4": NEW - timedelta(days=21)}


def test_without_changes_only_new_weeks_and_the_one_that_was_cut_are_looked_at(office):
    assert scope() == NOTHING_NEW


@pytest.mark.parametrize(
    ("change", "reached"),
    [
        ({"table_name": "actuals", "line_id": "L1", "first_day": DAY, "last_day": DAY}, {"P1": DAY - timedelta(days=6)}),
        ({"table_name": "actuals", "line_id": "L4", "first_day": DAY, "last_day": DAY}, {"P4": DAY - timedelta(days=27)}),
        ({"table_name": "rates", "contract_id": "K1", "first_day": DAY}, {"P1": DAY - timedelta(days=6), "P2": DAY - timedelta(days=6)}),
        ({"table_name": "contract_terms", "contract_id": "K2", "first_day": DAY}, {"P3": DAY - timedelta(days=6)}),
        ({"table_name": "contracts", "contract_id": "K2", "provider_id": "V2"}, {"P3": EVER}),
        ({"table_name": "lines", "line_id": "L2", "person_id": "P2", "contract_id": "K1", "first_day": DAY}, {"P2": EVER}),
        ({"table_name": "lines", "line_id": "L9", "person_id": "P1", "first_day": DAY}, {"P1": EVER}),
        ({"table_name": "line_terms", "line_id": "L2", "first_day": DAY}, {"P2": DAY - timedelta(days=6)}),
        ({"table_name": "line_rates", "line_id": "L2", "first_day": DAY, "last_day": DAY}, {"P2": DAY - timedelta(days=6)}),
        ({"table_name": "schedule", "line_id": "L2", "first_day": DAY}, {"P2": EVER}),
        ({"table_name": "absences", "person_id": "P3", "first_day": DAY, "last_day": DAY}, {"P3": DAY - timedelta(days=6)}),
        ({"table_name": "absence_policy", "contract_id": "K2", "first_day": DAY}, {"P3": DAY - timedelta(days=6)}),
        ({"table_name": "frustration_policy", "contract_id": "K2", "first_day": DAY}, {"P3": EVER}),
        ({"table_name": "shares", "line_id": "L1", "first_day": DAY}, {"P1": DAY - timedelta(days=6)}),
        ({"table_name": "contributions", "person_id": "P1", "first_day": DAY}, {"P1": DAY - timedelta(days=6)}),
        ({"table_name": "top_ups", "person_id": "P1", "line_id": "L1", "first_day": DAY}, {"P1": DAY - timedelta(days=6)}),
        ({"table_name": "people", "person_id": "P2", "first_day": DAY}, {"P2": DAY - timedelta(days=6)}),
        ({"table_name": "people", "person_id": "P2"}, {"P2": EVER}),
        ({"table_name": "releases", "person_id": "P1", "first_day": DAY, "last_day": DAY}, {"P1": DAY - timedelta(days=6)}),
        ({"table_name": "releases", "provider_id": "V1"}, {"P1": EVER, "P2": EVER}),
        ({"table_name": "releases"}, {"P1": EVER, "P2": EVER, "P3": EVER, "P4": EVER}),
        ({"table_name": "providers", "provider_id": "V1"}, {}),
        ({"table_name": "bank_accounts", "provider_id": "V1", "first_day": DAY}, {}),
        ({"table_name": "funders"}, {}),
        ({"table_name": "sites", "provider_id": "V1"}, {}),
    ],
)
def test_a_change_reaches_those_it_may_move_and_nobody_else(office, change, reached):
    assert scope(change) == {**NOTHING_NEW, **reached}


def test_what_was_held_and_what_takes_effect_by_its_date_is_looked_at_again(office):
    assert scope(held=[("P1", DAY)])["P1"] == DAY - timedelta(days=6)
    assert scope(pending=["P1"])["P1"] == EVER


def test_of_a_person_only_the_day_of_death_moves_money(office):
    from tests.office.runs.little import later, record

    from almoner.office.runs.recent import changes_since

    record("people", {"person_id": "P1", "postcode": "EX1 1AA"}, {"person_id": "P2"}, at=later(0))
    record("people", {"person_id": "P1", "postcode": "EX2 2BB"}, at=later(2))
    assert changes_since(later(1), later(3)).num_rows == 0
    record("people", {"person_id": "P1", "postcode": "EX2 2BB", "date_of_death": DAY}, at=later(4), by="registrar")
    (row,) = changes_since(later(3), later(5)).to_pylist()
    assert (row["person_id"], row["first_day"], row["recorded_by"]) == ("P1", DAY, "registrar")
    earlier = DAY - timedelta(days=9)
    record("people", {"person_id": "P1", "date_of_death": earlier}, at=later(6))
    record("people", {"person_id": "P1", "date_of_death": None}, at=later(8))
    assert [row["first_day"] for row in changes_since(later(5), later(9)).to_pylist()] == [earlier, earlier]
    record("people", {"person_id": "P7"}, at=later(10))
    assert [row["first_day"] for row in changes_since(later(9), later(11)).to_pylist()] == [None]


def test_other_rules_or_figures_make_a_run_work_out_everything(office, monkeypatch):
    from tests.office.runs.little import found_council, later

    from almoner.office.runs import grounds
    from almoner.office.runs.operations import draft_run, seal_run
    from almoner.office.runs.queries import run_shown

    found_council()

    def drafted(hours, **more):
        return draft_run(book="payments", through=EARLIER, by="ann", at=later(hours), **more).run

    seal_run(run=drafted(1), by="ann", at=later(2))
    assert not run_shown(drafted(3)).is_full
    for name in ("code_version", "figures_version"):
        with monkeypatch.context() as patched:
            patched.setattr(grounds, name, lambda: "another")
            shown = run_shown(drafted(4))
        assert shown.is_full and "changed since R-0001" in shown.reason_for_scope
    assert run_shown(drafted(5, full=True)).is_full
