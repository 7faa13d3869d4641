"""How whole pence are spelled in pounds, and read back: integers and text only, no float and no Decimal."""

from __future__ import annotations


def pounds(pence: int) -> str:
    """`-123456` is `-1234.56`: no thousands separator, always two decimals."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}{whole}.{rest:02}"


def pounds_with_commas(pence: int) -> str:
    """`-123456` is `-1,234.56`: for people to read."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}{whole:,}.{rest:02}"


def pounds_to_read(pence: int) -> str:
    """`-123456` is `−£1,234.56`: as pages and documents have it."""
    return f"£{pounds_with_commas(pence)}".replace("£-", "−£")


def pounds_shortest(pence: int) -> str:
    """`360560` is `3605.6` and `289800` is `2898`: no zeros that say nothing, as spreadsheets and open data spell it."""
    return pounds(pence).rstrip("0").removesuffix(".")
