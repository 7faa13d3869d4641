"""The form in which what is stored is spelled and hashed: a number kept with every link of every chain, and part of its hash.

A later version that spells or hashes anything otherwise (the canonical text, the columns of a table, the parts of an event, the values of
a stored table) gives its form the next number, keeps the code of the old one in the register beside it (`DIGESTS`, `FORMS`,
`TABLE_HASHES`, `SPELLINGS` …) and so still proves what an older one stored.
"""

from __future__ import annotations

FORM = 1
"""The form in which this version writes."""


def unknown_form(form: int) -> str:
    """What is said of something stored in a form that this version has no code for."""
    return (
        f"is kept in form {form}, which this version of Almoner does not know (it writes form {FORM}): verify it with a version that does"
    )
