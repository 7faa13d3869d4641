"""What a calculation stands on is let go when nobody keeps it."""

import gc
import weakref
from datetime import date, timedelta

from tests.core.asked import MONDAY, a_council, run, told
from tests.councils.rows import arrow

from almoner.core.calculate import begin_ahead, calculate
from almoner.core.desks import _READY, connect


def test_a_connection_nobody_keeps_is_let_go_with_all_that_stands_on_it() -> None:
    connection = connect()
    kept = weakref.ref(connection)
    calculate({}, {}, through=date(2026, 11, 15), connection=connection)
    assert kept() is connection
    del connection
    gc.collect()
    assert kept() is None


def test_a_connection_made_ready_is_taken_once_and_says_what_a_fresh_one_says() -> None:
    tables = a_council(visits=[("09:00", 30)])
    for day in range(7):
        told(tables, day, "09:00", 30)
    fresh = run(tables)
    begin_ahead()
    begin_ahead()
    ready = _READY[0].result()
    first, second = connect(), connect()
    assert first is ready and second is not ready and not _READY
    for connection in (first, second):
        found = calculate(arrow(tables), {}, through=MONDAY + timedelta(days=6), connection=connection)
        assert found == fresh and found.receipts.num_rows == 1
        connection.close()


def test_a_connection_of_its_own_kind_is_never_the_one_made_ready() -> None:
    begin_ahead()
    for other in (connect(1), connect(small=True), connect(most_mebibytes=500)):
        other.close()
    assert len(_READY) == 1
    connect().close()
