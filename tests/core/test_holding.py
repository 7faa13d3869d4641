"""What waits with a person's whole week, of some of its lines."""

from __future__ import annotations

from almoner.core.holding import held_with_the_week


def test_a_line_without_an_amount_in_a_held_week_has_nothing_that_waits():
    week = {"held_code": "TOL", "hi_pence": 209_10, "cleared_pence": 0}
    assert held_with_the_week([week, {**week, "hi_pence": None, "cleared_pence": None}]) == 209_10
    assert held_with_the_week([week, {**week, "held_code": "AUT"}, {**week, "cleared_pence": 100_00}]) == 209_10 + 109_10
