"""What each distinct spelling means: text to the internal unit and type, by kind, with the code of what is wrong with it.

Each spelling is read once however many rows have it. Numbers are read as text and become integers; no float or decimal
stands between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import ARROW, DECIMALS, SCALES, Column, Kind
from almoner.formats.tables.engine import Engine

TRIMMED = " \t\r\n\v\f\u00a0\ufeff"
EARLIEST, LATEST = "1900-01-01", "2199-12-31"
SECONDS_OF_A_DAY = 86_400

_DATE = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_INSTANT = rf"{_DATE}[T ]{_CLOCK}:[0-5]\d"
_TIME = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"

DATES = f"""
    SELECT value, CASE
        WHEN text IS NULL THEN NULL
        WHEN NOT regexp_full_match(text, '{_DATE}') THEN 'wrong_date'
        WHEN value IS NULL THEN 'impossible_date'
        WHEN value NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}' THEN 'unlikely_date' END AS code
    FROM (SELECT place, text, CASE WHEN regexp_full_match(text, '{_DATE}') THEN try_cast(text AS DATE) END AS value FROM spellings)
    ORDER BY place"""

INSTANTS = f"""
    SELECT value, CASE
        WHEN text IS NULL THEN NULL
        WHEN NOT regexp_full_match(text, '{_DATE}[T ]\\d{{2}}:\\d{{2}}:\\d{{2}}') THEN 'wrong_instant'
        WHEN value IS NULL THEN 'impossible_instant'
        WHEN CAST(value AS DATE) NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}' THEN 'unlikely_date' END AS code
    FROM (
        SELECT place, text, CASE WHEN regexp_full_match(text, '{_INSTANT}') THEN try_cast(text AS TIMESTAMP_S) END AS value
        FROM spellings)
    ORDER BY place"""

TIMES = f"""
    SELECT value, CASE WHEN text IS NOT NULL AND value IS NULL THEN 'wrong_time' END AS code
    FROM (SELECT place, text, CASE WHEN regexp_full_match(text, '{_TIME}') THEN try_cast(text AS TIME) END AS value FROM spellings)
    ORDER BY place"""

# `whole` and `part` are the digits before and after the point, without idle zeros. A tail that begins with six nines, or is
# at most one millionth, is float noise: within a millionth of a whole step (for a rate, also of a whole penny).
NUMBERS = """
    WITH digits AS (
        SELECT *,
            regexp_full_match(text, '[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)') AS plain,
            regexp_full_match(text, '[-+]?[0-9]([.][0-9]+)?[eE]-(09|[1-9][0-9]|[1-9][0-9][0-9])') AS minute,
            starts_with(text, '-') AS negative,
            ltrim(regexp_extract(text, '^[-+]?([0-9]*)', 1), '0') AS whole,
            rtrim(regexp_extract(text, '[.]([0-9]*)$', 1), '0') AS part
        FROM spellings),
    steps AS (
        SELECT *, length(part) <= decimals AS exact,
            regexp_matches(part[decimals + 1:], '^(9{6}|0{6}|0{5}1$)') AS near_step,
            penny AND regexp_matches(part[3:], '^(9{6}|0{6}|0{5}1$)') AS near_penny,
            least(decimals, CASE WHEN near_penny AND NOT exact THEN 2 ELSE decimals END) AS kept
        FROM digits),
    sized AS (
        SELECT *,
            CAST('0' || CASE WHEN length(whole) <= 14 THEN whole ELSE '' END || rpad(part[:kept], kept, '0') AS BIGINT) AS head,
            CASE WHEN NOT exact AND part[kept + 1:] LIKE '9%' THEN 1 ELSE 0 END AS up
        FROM steps)
    SELECT CASE
            WHEN minute THEN 0
            WHEN plain AND length(whole) <= 14 AND (exact OR near_step OR near_penny)
            THEN (CASE WHEN negative THEN -1 ELSE 1 END) * (head + up) * (CASE kept WHEN decimals THEN 1 ELSE 100 END)
        END AS value,
        CASE
            WHEN text IS NULL THEN NULL
            WHEN minute THEN 'float_noise'
            WHEN NOT plain THEN 'wrong_number'
            WHEN length(whole) > 14 THEN CASE WHEN negative THEN 'below_least' ELSE 'above_most' END
            WHEN exact THEN NULL
            WHEN near_step OR near_penny THEN 'float_noise'
            ELSE 'too_many_decimals' END AS code
    FROM sized ORDER BY place"""


QUERIES: tuple[tuple[tuple[Kind, ...], str], ...] = (
    ((Kind.DATE,), DATES),
    ((Kind.INSTANT,), INSTANTS),
    ((Kind.TIME,), TIMES),
    (tuple(SCALES), NUMBERS),
)


@dataclass(frozen=True)
class Meant:
    """For each spelling its `values` in the internal type (null when blank or wrong) and the code of its doubt (null = none)."""

    values: pa.Array
    codes: pa.Array


def trimmed(texts: pa.Array) -> pa.Array:
    """The texts without surrounding blanks; those with nothing left are null."""
    bare = pc.utf8_trim(texts, TRIMMED)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def meanings(engine: Engine, asked: Sequence[tuple[Column, pa.Array]]) -> list[Meant]:
    """What each column's trimmed spellings mean, in the order asked. Bounds are not looked at here."""
    found = {place: meant for place, (column, texts) in enumerate(asked) if (meant := _plainly(column, texts))}
    for kinds, sql in QUERIES:
        members = [(at, column, texts) for at, (column, texts) in enumerate(asked) if column.kind in kinds and at not in found]
        if members:
            together = _converted(engine, sql, [(column, texts) for _, column, texts in members])
            start = 0
            for place, column, texts in members:
                values, codes = (part.slice(start, len(texts)) for part in (together.values, together.codes))
                found[place] = Meant(values.cast(ARROW[column.kind]), codes)
                start += len(texts)
    return [found[place] if place in found else _listed(column, texts) for place, (column, texts) in enumerate(asked)]


def _plainly(column: Column, texts: pa.Array) -> Meant | None:
    """What numbers and instants mean that are all spelled in the usual way; None when any is not, and the database must be asked."""
    decimals = DECIMALS.get(column.kind, 0)
    if column.kind is not Kind.INSTANT and column.kind not in SCALES:
        return None
    usual = _INSTANT if column.kind is Kind.INSTANT else r"-?\d{1,14}" + (rf"(\.\d{{1,{decimals}}})?" if decimals else "")
    try:
        if not pc.all(pc.match_substring_regex(texts, f"^{usual}$"), min_count=0).as_py():
            return None
        values = texts.cast(ARROW[Kind.INSTANT]) if column.kind is Kind.INSTANT else _in_units(texts, decimals)
    except pa.ArrowInvalid:  # not UTF-8, or no such day
        return None
    return Meant(values, pa.nulls(len(texts), pa.string()))


def _in_units(texts: pa.Array, decimals: int) -> pa.Array:
    """Numbers with at most so many decimals, without their point: 12.5 with two decimals is 1250."""
    digits = pc.replace_substring(texts, ".", "").cast(pa.int64())
    point = pc.find_substring(texts, ".")
    after = pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.binary_length(texts), point), 1))
    return pc.multiply(digits, pa.array([10 ** (decimals - given) for given in range(decimals + 1)], pa.int64()).take(after))


def _listed(column: Column, texts: pa.Array) -> Meant:
    """The meanings of texts, and of choices from a list (compared without regard to case)."""
    if column.kind is Kind.TEXT:
        codes = _code_where(pc.match_substring(texts, "\0"), "nul_character")
        if column.name in FORMS:
            wrong = pc.invert(FORMS[column.name](texts))
            codes = pc.coalesce(codes, _code_where(wrong, column.name))
        return Meant(texts, codes)
    allowed = column.choices if column.kind is Kind.CHOICE else ("yes", "no")
    places = pc.index_in(pc.utf8_lower(texts), pa.array([choice.lower() for choice in allowed], pa.string()))
    listed: Iterable[object] = allowed if column.kind is Kind.CHOICE else (True, False)
    code = "not_a_choice" if column.kind is Kind.CHOICE else "not_yes_no"
    wrong = pc.and_(pc.is_valid(texts), pc.is_null(places))
    return Meant(pa.array(listed, ARROW[column.kind]).take(places), _code_where(wrong, code))


def _has_digits(count: int) -> Callable[[pa.Array], pa.Array]:
    return lambda texts: pc.match_substring_regex(texts, f"^[0-9]{{{count}}}$")


def _is_nhs_number(texts: pa.Array) -> pa.Array:
    """Ten digits that, times 10, 9, … 1, add up to a multiple of 11."""
    ten = _has_digits(10)(texts)
    rest = pc.if_else(ten, texts, "0").cast(pa.int64())
    total = pa.repeat(0, len(texts))
    for weight in range(1, 11):
        higher = pc.divide(rest, 10)
        total = pc.add(total, pc.multiply(pc.subtract(rest, pc.multiply(higher, 10)), weight))
        rest = higher
    return pc.and_(ten, pc.equal(total, pc.multiply(pc.divide(total, 11), 11)))


FORMS: dict[str, Callable[[pa.Array], pa.Array]] = {
    "nhs_number": _is_nhs_number, "sort_code": _has_digits(6), "account_number": _has_digits(8),
}  # fmt: skip
"""Columns whose texts have a form of their own, with what tells whether they have it; the doubt's code is the column's name."""


def _code_where(wrong: pa.Array, code: str) -> pa.Array:
    if not pc.any(wrong).as_py():
        return pa.nulls(len(wrong), pa.string())
    return pc.if_else(pc.fill_null(wrong, False), pa.scalar(code, pa.string()), pa.scalar(None, pa.string()))


def _converted(engine: Engine, sql: str, asked: Sequence[tuple[Column, pa.Array]]) -> Meant:
    """The meanings of dates, instants, times or numbers, by SQL, one column's after the other's."""
    decimals = [pa.repeat(pa.scalar(DECIMALS.get(column.kind, 0), pa.int8()), len(texts)) for column, texts in asked]
    pennies = [pa.repeat(column.kind is Kind.RATE, len(texts)) for column, texts in asked]
    texts = pa.concat_arrays([texts for _, texts in asked])
    if texts.null_count == len(texts):
        return Meant(pa.nulls(len(texts)), pa.nulls(len(texts), pa.string()))
    columns = {"text": texts, "decimals": pa.concat_arrays(decimals), "penny": pa.concat_arrays(pennies)}
    engine.register("spellings", pa.table({"place": pa.arange(0, len(texts)), **columns}))
    answer = engine.rows(sql)
    values, codes = answer.columns
    return Meant(_one(values), _one(codes))


def _one(column: pa.ChunkedArray) -> pa.Array:
    """One array of the chunks."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def spelled_number(kind: Kind, value: int) -> str:
    """An internal integer as a CSV cell spells it: 1050 pence is 10.50. Rates keep two decimals at least."""
    scale, decimals = SCALES[kind], DECIMALS[kind]
    if not decimals:
        return str(value)
    whole, part = divmod(abs(value), scale)
    digits = f"{part:0{decimals}d}"
    while len(digits) > 2 and digits.endswith("0"):
        digits = digits[:-1]
    return f"{'-' if value < 0 else ''}{whole}.{digits}"
