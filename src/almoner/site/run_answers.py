"""How a command answers: JSON or words on standard output, a refusal with its code on standard error, and the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

import typer

REFUSED = 1


@contextmanager
def answering(as_json: bool) -> Iterator[None]:
    """Turn a refusal into its sentence, code and remedy on standard error, and exit 1."""
    from almoner.formats.refusals import FormatRefusal
    from almoner.office.journal.refusals import Refusal

    try:
        yield
    except (Refusal, FormatRefusal) as refusal:
        told = {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}
        print(json.dumps(told, ensure_ascii=False) if as_json else f"{refusal.code}: {refusal.message} {refusal.remedy}", file=sys.stderr)
        raise typer.Exit(REFUSED) from None
    except ValueError as refusal:
        # Refusals of figures stand outside Django's reach and carry their code alike.
        code, message, remedy = (str(getattr(refusal, name, "")) for name in ("code", "message", "remedy"))
        if not code:
            raise
        told = {"code": code, "message": message, "remedy": remedy}
        print(json.dumps(told, ensure_ascii=False) if as_json else f"{code}: {message} {remedy}", file=sys.stderr)
        raise typer.Exit(REFUSED) from None


def say(answer: Any, words: str | Callable[[Any], None], as_json: bool, **more: Any) -> None:
    """Print an answer: as JSON, or in the words given, or as `words` shows it."""
    if as_json:
        plain = asdict(answer) if is_dataclass(answer) and not isinstance(answer, type) else answer
        whole = {**plain, **more} if more else plain
        print(json.dumps(whole, ensure_ascii=False, default=_spelled))
    elif isinstance(words, str):
        print(words)
    else:
        words(answer)


def day_of(text: str, option: str) -> date:
    """A date out of an option; usage error for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-05-31.", param_hint=option) from None


def _spelled(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
