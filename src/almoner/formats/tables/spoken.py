"""The distinct values of a table's columns and where they stand: enough to know quickly that no key is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

MOST = 1 << 62


@dataclass(frozen=True)
class Spoken:
    """A column as it was read: `values` in the internal type, by spelling; `places` says which of them each row has (null = `blank`)."""

    values: pa.Array
    places: pa.Array
    blank: pa.Scalar

    def codes(self) -> tuple[pa.Array, int]:
        """A number for each row, equal where the values are equal, and how many numbers there can be."""
        encoded = self.values.dictionary_encode(null_encoding="encode")
        # Where the values are all different, the places themselves will do.
        codes = self.places if len(encoded.dictionary) == len(self.values) else encoded.indices.take(self.places)
        if codes.null_count:
            blank = pc.index_in(pa.array([self.blank.as_py()], self.values.type), encoded.dictionary)[0].as_py()
            codes = pc.fill_null(codes, len(self.values) if blank is None else blank)
        return codes, len(self.values) + 1

    def never_again(self) -> bool:
        """Whether each row has a spelling of its own, and each spelling a value of its own."""
        alone = len(self.values) == len(self.places) and not self.places.null_count
        return alone and bool(pc.count_distinct(self.values, mode="all").as_py() == len(self.values))

    def among(self, known: pa.Array) -> bool:
        """Whether every value (blanks aside) is one of the known."""
        there = pc.is_in(self.values, known)
        return _all(pc.or_(there, pc.is_null(self.values)))

    def any_among(self, known: pa.Array) -> bool:
        """Whether any value is one of the known."""
        return bool(pc.any(pc.is_in(self.values, known)).as_py())


@dataclass(frozen=True)
class Numbered:
    """A column of days, times or whole numbers, a value for each row."""

    values: pa.Array

    def codes(self) -> tuple[pa.Array, int]:
        """A number for each row, equal where the values are equal, and how many numbers there can be."""
        values = self.values
        if pa.types.is_date32(values.type) or pa.types.is_time32(values.type):
            values = values.cast(pa.int32())
        numbers = values.cast(pa.int64())
        span = pc.min_max(numbers)
        least, most = span["min"].as_py() or 0, span["max"].as_py() or 0
        if most - least > MOST:
            return numbers, 2 * MOST
        coded = pc.subtract(numbers, least)
        return (pc.fill_null(coded, most - least + 1) if coded.null_count else coded), most - least + 2

    def among(self, known: pa.Array) -> bool:
        """Numbers refer to nothing."""
        return False

    def any_among(self, known: pa.Array) -> bool:
        """Numbers refer to nothing."""
        return False


Columns = Mapping[str, Spoken | Numbered]


def all_different(spoken: Columns, key: Sequence[str], rows: int) -> bool:
    """Whether no two rows agree in all the columns of the key. False where it would take longer to know; columns not read agree."""
    if len(key) == 1 and isinstance(only := spoken.get(key[0]), Spoken) and only.never_again():
        return True
    if not any(name in spoken for name in key):
        return rows < 2
    packed = _packed(spoken, key)
    if packed is None or packed[1] < rows or len(packed[0]) != rows:
        return False
    numbers = packed[0]
    # Most tables come in the order of their key; and sorting is several times faster here than counting distinct values by hashing.
    return _all(pc.greater(numbers[1:], numbers[:-1])) or _all(pc.greater((ordered := numbers.sort())[1:], ordered[:-1]))


def never_overlap(spoken: Columns, series: Sequence[str], rows: int) -> bool:
    """Whether rows that agree in the series' columns hold on different days. False where it would take longer to know."""
    first, last = spoken.get("valid_from"), spoken.get("valid_to", Numbered(pa.nulls(rows, pa.date32())))
    packed = _packed(spoken, [*series, "valid_from"])
    if packed is None or len(packed[0]) != rows or not isinstance(first, Numbered) or not isinstance(last, Numbered):
        return False
    order = pc.array_sort_indices(packed[0])
    begins = first.values.take(order)
    ends = pc.fill_null(last.values, pa.scalar(2**31 - 1, pa.int32()).cast(pa.date32())).take(order)
    again = pa.repeat(True, max(rows - 1, 0))
    for name in series:
        if name in spoken:
            codes = spoken[name].codes()[0].take(order)
            again = pc.and_(again, pc.equal(codes[1:], codes[:-1]))
    return _all(pc.less_equal(begins, ends)) and not pc.any(pc.and_(again, pc.less_equal(begins[1:], ends[:-1]))).as_py()


def _packed(spoken: Columns, key: Sequence[str]) -> tuple[pa.Array, int] | None:
    """One number for each row, equal where all the columns of the key that were read are, and how many there can be; None if too many."""
    packed, most = None, 1
    for name in key:
        if (column := spoken.get(name)) is None:
            continue
        codes, count = column.codes()
        most *= count
        if most > MOST:
            return None
        packed = codes.cast(pa.int64()) if packed is None else pc.add(pc.multiply(packed, count), codes.cast(pa.int64()))
    return None if packed is None else (packed, most)


def _all(mask: pa.Array) -> bool:
    return bool(pc.all(mask, min_count=0).as_py())
