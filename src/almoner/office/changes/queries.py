"""Change orders and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from almoner.office.changes.kinds import BULK_KINDS, KINDS, POLICIES, Order, change_from
from almoner.office.changes.models import ChangeFile, ChangeOrder, ChangeStep

STATE_AFTER = {"proposed": "waiting", "authorised": "in_force", "sent_back": "sent_back"}


@dataclass(frozen=True)
class Step:
    """Something done with an order, and what it did in pence by book then."""

    act: str
    by: str
    by_name: str
    at: datetime
    text: str
    effect: dict[str, int]


@dataclass(frozen=True)
class FileSent:
    """A file that shows why; its content is asked for by its number."""

    number: int
    name: str
    size_bytes: int


@dataclass(frozen=True)
class OrderShown:
    """One change order. `state`: waiting, in_force or sent_back."""

    number: int
    line_id: str
    person_id: str
    kind: str
    change: Order
    reason: str
    evidence: str
    state: str
    steps: tuple[Step, ...]
    files: tuple[FileSent, ...] = ()

    @property
    def reference(self) -> str:
        """`CO-000388`."""
        return f"CO-{self.number:06}"

    @property
    def words(self) -> str:
        """What it changes, in words."""
        return (KINDS | BULK_KINDS)[self.kind]

    @property
    def is_setting(self) -> bool:
        """Whether it is one of the council's settings, proposed and authorised by system administrators."""
        return self.kind in POLICIES

    @property
    def proposed_by(self) -> str:
        """Who proposed it."""
        return self.steps[0].by


def orders(*, line_id: str = "", person_id: str = "", kind: str = "") -> list[OrderShown]:
    """Every change order, or those of a line, a person or a kind, newest first."""
    wanted = {name: value for name, value in (("line_id", line_id), ("person_id", person_id), ("kind", kind)) if value}
    return _shown(ChangeOrder.objects.filter(**wanted))


def order(number: int) -> OrderShown | None:
    """One order; None when there is none of that number."""
    return next(iter(_shown(ChangeOrder.objects.filter(number=number))), None)


def file_of(number: int, file: int) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of a file of an order; None when it has none of that number."""
    found = ChangeFile.objects.filter(pk=file, order_id=number).first()
    return (found.name, found.media_type, bytes(found.content)) if found else None


def _shown(found: Iterable[ChangeOrder]) -> list[OrderShown]:
    there = {order.number: order for order in found}
    steps: dict[int, list[Step]] = {number: [] for number in there}
    for step in ChangeStep.objects.filter(order_id__in=there).order_by("order_id", "number"):
        steps[step.order_id].append(Step(step.act, step.by, step.by_name, step.at, step.text, step.effect))
    files: dict[int, list[FileSent]] = {}
    for owner, number, name, size in ChangeFile.objects.filter(order_id__in=there).values_list("order_id", "id", "name", "size_bytes"):
        files.setdefault(owner, []).append(FileSent(number, name, size))
    return [
        OrderShown(
            number, there[number].line_id, there[number].person_id, there[number].kind,
            change_from(there[number].line_id, there[number].kind, there[number].change), there[number].reason, there[number].evidence,
            STATE_AFTER[steps[number][-1].act], tuple(steps[number]), tuple(files.get(number, ())),
        )
        for number in sorted(there, reverse=True)
    ]  # fmt: skip
