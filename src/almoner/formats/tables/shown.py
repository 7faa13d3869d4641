"""Values as a user would have typed them, and advice about numbers that are spelled wrongly."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import Kind
from almoner.formats.tables.spelling import spelled_number

EXAMPLES: dict[Kind, tuple[str, str]] = {
    Kind.MONEY: ("an amount of money", "1234.56"),
    Kind.RATE: ("a rate in pounds", "22.1350"),
    Kind.PERCENT: ("a percentage", "12.5"),
    Kind.QUANTITY: ("a quantity", "14.25"),
    Kind.COUNT: ("a whole number", "45"),
}


def number_advice(kind: Kind, value: str) -> dict[str, str]:
    """What the sentences about a wrong number say: what was `expected`, and `advice` about it."""
    expected, example = EXAMPLES[kind]
    if "%" in value:
        advice = f"Take the per cent sign away: write for example {example}."
    elif re.search("[£$€,\u2019']", value):
        advice = f"Write it with no pound sign and no thousands separator, for example {example}."
    elif re.search("[()\u2212\u2013]", value):
        advice = "Write a negative number with a plain minus sign in front, for example -12.50."
    elif re.fullmatch(r"[-+]?[\d.]+[eE][-+]?\d+", value):
        advice = f"Write all its digits and no exponent, for example {example}."
    else:
        advice = f"Write digits only, with a point before the decimals, for example {example}."
    return {"expected": expected, "advice": advice}


def shown(kind: Kind, values: pa.Array) -> pa.Array:
    """Internal values as CSV would spell them, one text a row. Only for the few that are shown: numbers one by one."""
    if pa.types.is_integer(values.type):
        spelt = [None if v is None else spelled_number(kind, v) for v in values.to_pylist()]
        return pa.array(spelt, pa.string())
    return pc.cast(values, pa.string())
