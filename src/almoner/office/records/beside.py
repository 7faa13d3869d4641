"""Questions asked of the database side by side, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from django.db import connection

Answer = TypeVar("Answer")
AT_A_TIME = 2
"""Besides the one who asks: more wait for one another, and each holds what it reads."""


class Ask(Protocol):
    """Begin to ask a question; the future has its answer."""

    def __call__(self, question: Callable[[], Answer], /) -> Future[Answer]:
        """Begin."""


@contextmanager
def side_by_side() -> Iterator[Ask]:
    """While this lasts, questions are asked beside the caller and one another: only such whose answers what is written meanwhile does
    not change. Inside a transaction they are asked at once and in turn, for another connection would not see what it has written."""
    if connection.in_atomic_block:
        yield _at_once
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield lambda question: pool.submit(_on_its_own_connection, question)


def _at_once(question: Callable[[], Answer]) -> Future[Answer]:
    future: Future[Answer] = Future()
    future.set_result(question())
    return future


def _on_its_own_connection(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    finally:
        connection.close()
