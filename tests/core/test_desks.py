"""What a calculation stands on is let go when nobody keeps it."""

import gc
import weakref
from datetime import date

from almoner.core.calculate import calculate
from almoner.core.desks import connect


def test_a_connection_nobody_keeps_is_let_go_with_all_that_stands_on_it() -> None:
    connection = connect()
    kept = weakref.ref(connection)
    calculate({}, {}, through=date(2026, 11, 15), connection=connection)
    assert kept() is connection
    del connection
    gc.collect()
    assert kept() is None
