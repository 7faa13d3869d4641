"""What the bytes of a file look like, when they are not what its name says."""

from __future__ import annotations

import codecs

from almoner.formats.tables.raw import UNDECODED

MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a workbook or another zip file", "Open it in the spreadsheet and save the sheet as “CSV UTF-8”, or name it .xlsx."),
    (b"PK\x05\x06", "an empty zip file", "Export the table again as “CSV UTF-8”."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Open it in the spreadsheet and save the sheet as “CSV UTF-8”."),
    (b"PAR1", "a Parquet file", "Name it .parquet."),
    (b"%PDF", "a PDF", "Export the table as “CSV UTF-8”; a PDF cannot be read as a table."),
    (b"\x1f\x8b", "a file compressed with gzip", "Unpack it first."),
    (b"SQLite format 3\x00", "a database file", "Export the table as “CSV UTF-8”."),
    (b"\x89PNG", "a picture", "Export the table as “CSV UTF-8”."),
    (b"\xff\xd8\xff", "a picture", "Export the table as “CSV UTF-8”."),
    (b"<!DOCTYPE", "a web page", "Export the table as “CSV UTF-8”; a page that asks to sign in is sometimes saved in its place."),
    (b"<html", "a web page", "Export the table as “CSV UTF-8”; a page that asks to sign in is sometimes saved in its place."),
)
SAMPLE = 4_096


def other_than_csv(data: bytes) -> tuple[str, str] | None:
    """What the file looks like and what to do, when its bytes are no CSV text in a one-byte-compatible encoding; else None."""
    for start, looks, advice in MAGIC:
        if data[: len(start)].lower() == start.lower():
            return looks, advice
    sample = data[:SAMPLE]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _zero_every_second(sample):
        return "text in UTF-16", "Save the file again as “CSV UTF-8”, or export it with the encoding UTF-8."
    if _odd_controls(sample) * 20 > len(sample) or b"\0" in sample.split(b"\n", 1)[0]:
        return "a binary file", "Export the table again as “CSV UTF-8”."
    return None


def looks_encoded(data: bytes) -> str:
    """Which encoding a text that is not UTF-8 seems to be in."""
    high = {byte for byte in data if byte >= 0x80} if len(data) < 1_000_000 else set(data) - set(range(0x80))
    if high & set(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}:
        return "Windows-1252, which a spreadsheet's plain “CSV” uses"
    return "Latin-1 or Windows-1252, which a spreadsheet's plain “CSV” uses"


def decoded(data: bytes) -> str:
    """The text; each byte that is not UTF-8 becomes `UNDECODED` and the letter Windows-1252 gives it."""
    return data.decode("utf-8", "almoner.undecoded")


def _show_byte(trouble: UnicodeError) -> tuple[str, int]:
    if not isinstance(trouble, UnicodeDecodeError):
        raise trouble
    bad = trouble.object[trouble.start : trouble.end]
    return "".join(UNDECODED + bytes([b]).decode("cp1252", "replace") for b in bad), trouble.end


codecs.register_error("almoner.undecoded", _show_byte)


def _zero_every_second(sample: bytes) -> bool:
    """Whether nearly every second byte is zero, as in UTF-16 without a mark."""
    half = len(sample) // 2
    return half >= 4 and max(sample[0::2].count(0), sample[1::2].count(0)) * 10 > half * 8


def _odd_controls(sample: bytes) -> int:
    """How many bytes are control characters that no text file has."""
    return len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 13})))
