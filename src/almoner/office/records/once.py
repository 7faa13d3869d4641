"""What a request that only reads asks the database once, however many parts of the page want to know it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_ASKED: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """While this lasts, in this thread, `once` asks each question once. Only for what writes nothing: it would not see it."""
    token = _ASKED.set({})
    try:
        yield
    finally:
        _ASKED.reset(token)


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to a question, asked now unless it was asked before within `asking_once`."""
    asked = _ASKED.get()
    if asked is None:
        return ask()
    if question not in asked:
        asked[question] = ask()
    answer: Answer = asked[question]
    return answer
