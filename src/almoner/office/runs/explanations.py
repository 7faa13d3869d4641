"""Why a sealed receipt is what it is, out of the workings its run keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.explain import Sentence, explain_week
from almoner.core.money import pounds
from almoner.office.runs.models import Run
from almoner.office.runs.queries import receipt_numbered, stored_part, stored_table
from almoner.office.runs.refusals import NoSuchReceipt


@dataclass(frozen=True)
class Explained:
    """A receipt and the sentences that explain it, in order."""

    receipt: str
    row: dict[str, Any]
    sentences: tuple[Sentence, ...]


def explain_receipt(receipt: str, *, names: bool = True) -> Explained:
    """Explain the receipt with an id like `R-0001.17`; NoSuchReceipt when there is none. Without `names`, as a provider reads it: who of
    the council's staff did something is not said."""
    run, _, number = receipt.strip().partition(".")
    rows = receipt_numbered(run, int(number)).to_pylist() if number.isdecimal() and len(number) < 12 else []
    if not rows:
        raise NoSuchReceipt(f"There is no receipt {receipt}.", "See `almoner receipts` for the receipts there are.")
    row = rows[0]
    return Explained(receipt, row, tuple(_sentences(row, names)))


def _sentences(row: dict[str, Any], names: bool) -> list[Sentence]:
    if Run.objects.filter(id=row["run_id"], origin="imported").exists():
        return [Sentence(f"{pounds(row['amount_pence'])} was paid before Almoner and brought in from the earlier system.", ("DIF-1",))]
    changes = [] if row["kind"] == "regular" else [row["cause"] if names else without_names(row["cause"])]
    if row["book"] == "payments":
        days, weeks = workings_of(row, "days"), workings_of(row, "weeks")
        if weeks:
            return to_others(explain_week(days, weeks[0], changes)) if names else explain_week(days, nameless(weeks[0]), changes)
    if row["book"] == "claims":
        return [*_claim(row, names), *(Sentence(change, ("DIF-2",)) for change in changes)]
    return [*_charge(row), *(Sentence(change, ("DIF-2",)) for change in changes)]


def explain_claim(row: dict[str, Any]) -> tuple[Sentence, ...]:
    """Explain a claim receipt (`claimed.CLAIMED`) as its funder reads it, without names: how the week's cost came to be, and its own share.

    What the provider collects, and what others fund, is not the funder's business.
    """
    days, weeks = workings_of(row, "days"), workings_of(row, "weeks")
    told = [
        sentence
        for sentence in (to_others(explain_week(days, nameless(weeks[0]))[:-1]) if weeks else ())
        if not NOT_THE_FUNDERS & set(sentence.rules)
    ]
    if row["kind"] == "adjustment":
        told.append(Sentence(without_names(row["cause"]), ("DIF-2",)))
    own = [share for week in weeks for share in week["shares"] or () if share["funder_id"] == row["funder_id"]]
    shares = " and ".join(pounds(share["amount_pence"]) for share in own)
    told.append(Sentence(f"Your share of it is {shares}." if own else "You bear no share of it any more.", ("FND-1",)))
    more = "more" if row["amount_pence"] >= 0 else "less"
    told.append(Sentence(f"That is {pounds(abs(row['amount_pence']))} {more} than was claimed of you for this week before.", ("DIF-1",)))
    return tuple(told)


def to_others(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Sentences of a week, which are written for its provider, as the council's staff and funders read them."""
    return [Sentence(reduce(lambda text, words: text.replace(*words), TO_OTHERS, one.text), one.rules) for one in sentences]


NOT_THE_FUNDERS = {"CHG-4", "CHG-6", "FND-1", "FND-3"}
TO_OTHERS = (
    ("you told us", "the provider told us"), ("You told us", "The provider told us"), ("Your contract", "The contract"),
    ("You collect", "The provider collects"), ("which we collect for you", "which the council collects"),
    ("pays you ", "pays the provider "), ("your payment", "the provider's payment"),
)  # fmt: skip
"""Words to the provider, and what they are to somebody else."""


def without_names(cause: str) -> str:
    """A cause as a provider reads it: which facts changed and when they were recorded, not by whom of the council."""
    return re.sub(r"\((?:[^()]*), (\d{1,2} [A-Z][a-z]+ \d{4})\)", r"(recorded on \1)", cause)


def nameless(week: dict[str, Any]) -> dict[str, Any]:
    """A week's workings as a provider reads them: a hold is released by the payments team."""
    return {**week, "releases": [{**release, "by": None} for release in week["releases"] or ()]}


def _claim(row: dict[str, Any], names: bool) -> list[Sentence]:
    days, weeks = workings_of(row, "days"), workings_of(row, "weeks")
    found = explain_week(days, weeks[0] if names else nameless(weeks[0]))[:-1] if weeks else []
    found = to_others(found) if names else found
    return [
        *found,
        Sentence(f"{row['funder_id']} owes {pounds(row['amount_pence'])} more of this week than was claimed before.", ("FND-1", "DIF-1")),
    ]


def _charge(row: dict[str, Any]) -> list[Sentence]:
    if row["line_id"]:
        return [Sentence(f"{row['payee_id']} pays a top-up of {pounds(row['amount_pence'])} for this line and week.", ("CHG-6",))]
    charges = stored_table(row["run_id"], "working", "charges")
    assert charges is not None, "a run of charges keeps its workings"
    found = charges.filter(pc.and_(pc.equal(charges.column("person_id"), row["person_id"]), _on(charges, row))).to_pylist()
    if not found:
        return [Sentence(f"No charge stands for this week any more, so {pounds(row['amount_pence'])} is taken back.", ("CHG-1", "DIF-1"))]
    week = found[0]
    return [
        Sentence(f"The assessed contribution for the days in service is {pounds(week['contribution_pence'])}.", ("CHG-1",)),
        Sentence(f"The care delivered that may be charged cost the council {pounds(week['cost_pence'])}.", ("CHG-2",)),
        Sentence(f"The charge is the lower of the two: {pounds(week['amount_pence'])}.", ("CHG-1",)),
        Sentence(f"The council collects {pounds(week['council_pence'])} and the provider {pounds(week['provider_pence'])}.", ("CHG-4",)),
        Sentence(f"This receipt is the difference from what was charged before: {pounds(row['amount_pence'])}.", ("DIF-1",)),
    ]


def workings_of(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a run's workings (`days` or `weeks`) that are of a receipt's line and week."""
    table = stored_part(row["run_id"], "working", name, line_id=row["line_id"], week=row["week"])
    assert table is not None, "a run keeps its workings"
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _on(table: pa.Table, row: dict[str, Any]) -> pa.ChunkedArray:
    return pc.equal(table.column("week"), pa.scalar(row["week"], pa.date32()))
