"""Pages written from the program itself: `docs/tables.md` and `docs/codes.md`. `REWRITE=1` writes them anew (see test_written.py)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.tidy.sources import RULES, SOURCE, modules, name_of, tree

from almoner.core.tables import DECIMALS, HOLD_CODES, SCALES, TABLES, Column, Kind, Table
from almoner.formats.tables.wording import CODES

SPELLED = {
    Kind.TEXT: "text",
    Kind.CHOICE: "one of",
    Kind.YES_NO: "`yes` or `no`",
    Kind.DATE: "date, `2026-04-06`",
    Kind.INSTANT: "date and time, `2026-04-06T09:30:00`",
    Kind.TIME: "time, `09:30`",
    Kind.MONEY: "pounds",
    Kind.RATE: "pounds, up to 4 decimals",
    Kind.PERCENT: "percent",
    Kind.QUANTITY: "number, up to 2 decimals",
    Kind.COUNT: "whole number",
}
INSIDE = {
    Kind.MONEY: "pence", Kind.RATE: "hundredths of a penny", Kind.PERCENT: "hundredths of a percent", Kind.QUANTITY: "hundredths",
    Kind.COUNT: "whole numbers", Kind.DATE: "dates", Kind.TIME: "times of day", Kind.INSTANT: "local date and time, without a zone",
}  # fmt: skip
WRITTEN = "<!-- Written from the program. To write it anew: REWRITE=1 .venv/bin/python -m pytest tests/docs/test_written.py -->"

TABLES_HEAD = """# The folder of tables

What `almoner calculate`, `almoner explain` and `almoner import` read: one file per table, in UTF-8 CSV with a header row
(`people.csv`), in Parquet (`people.parquet`, or a folder `people/` of Parquet files), or one XLSX workbook with a sheet per table.

- The first and the last date of anything are both included; a blank last date is open.
- A blank optional cell takes its default. An optional table may be absent or have a header only.
- Columns may stand in any order. A byte-order mark, CRLF and a blank last line are accepted. Unknown columns are reported and ignored.
- A bad row is left out, and named in a finding with its file, row, column, value and what to do ([codes](codes.md));
  all other rows are used.
- Of two rows with the same key only one is used; `actuals` say for themselves which replaces which.
- Columns marked * are required.
"""

CODES_HEAD = """# Codes

Three kinds of trouble are never mixed.

- A **finding** says that the data is doubtful: what, where, why it matters, what to do. A row with a finding of severity *error* is
  left out; *warning*: it is used, look at it; *note*: for information.
- A **hold** stops a payment until someone decides. Everything else goes on ([the rules of holds](rules/holds.md)).
- A **refusal** says that what was asked for may not be done. Commands print its code, its sentence and what to do instead on
  standard error.

A fourth never reaches a person's data: an **invariant broken** means that Almoner contradicts itself. It stops before anything is written.
"""

# Findings whose sentences are made where they are noticed: code -> what it says.
ELSEWHERE = {
    "SEALED-UNKNOWN": "a sealed receipt names an unknown line or person; it makes no receipt, but counts as paid on a known line (DIF-1)",
    "AMOUNT": "published spending: not an amount in pounds",
    "PART-PENNY": "published spending: an amount with a part of a penny",
    "FLOAT-NOISE": "published spending: within a millionth of a whole penny, and taken as that penny",
    "DATE": "published spending: not a date",
}
ENDINGS = {
    "DISK": "a file or folder cannot be read or written",
    "PATH": "a path holds a byte that is not UTF-8",
    "DATABASE": "the database cannot be used, or is not made yet",
    "LATER": "not in this version",
}
EXITS = """
Exit status: 0 done; 1 refused, or findings of severity error; 2 wrong usage or an unreadable folder; 3 an error nobody expected, with
a log.
"""


def tables_page() -> str:
    """`docs/tables.md`."""
    inside = "\n".join(f"| {kind.value} | {words} |" for kind, words in INSIDE.items())
    units = (
        "## Units inside\n\nIn Parquet, and in the program, numbers are integers in the unit inside.\n\n| kind | inside |\n|---|---|\n"
        + inside
    )
    names = ", ".join(f"[`{name}`](#{name})" for name in TABLES)
    return "\n".join([WRITTEN, "", TABLES_HEAD, f"Tables: {names}.\n", *map(_table, TABLES.values()), units, ""])


def _table(table: Table) -> str:
    key = ", ".join(f"`{column}`" for column in table.key) or "none: every row counts"
    required = " Required." if table.required else ""
    rows = "\n".join(f"| `{c.name}`{'*' if c.required else ''} | {_spelling(c)} | {_blank(c)} | {c.meaning} |" for c in table.columns)
    head = "| column | spelled | blank means | meaning |\n|---|---|---|---|"
    return f"## {table.name}\n\n{table.meaning}{required} Key: {key}.\n\n{head}\n{rows}\n"


def _spelling(column: Column) -> str:
    words = SPELLED[column.kind]
    if column.choices:
        words = ", ".join(f"`{choice}`" for choice in column.choices)
    if column.refers_to:
        words += f", in [`{column.refers_to}`](#{column.refers_to})"
    bounds = [f"{word} {_number(column, bound)}" for word, bound in (("at least", column.least), ("at most", column.most)) if bound]
    return ", ".join([words, *bounds])


def _number(column: Column, inside: int) -> str:
    whole, rest = divmod(abs(inside), SCALES[column.kind])
    decimals = f".{rest:0{DECIMALS[column.kind]}}" if rest else ""
    return f"{'−' if inside < 0 else ''}{whole:,}{decimals}"


def _blank(column: Column) -> str:
    if column.required:
        return "not allowed"
    return f"`{column.default}`" if column.default is not None else ""


def codes_page() -> str:
    """`docs/codes.md`."""
    parts = [WRITTEN, "", CODES_HEAD, "## Holds\n", "| code | what | what to do |", "|---|---|---|"]
    parts += [f"| `{code}` | {what} | {remedy} |" for code, what, remedy in hold_sentences()]
    parts += [
        "\n## Findings of a folder of tables\n",
        "‹…› stands for what was found.\n",
        "| code | severity | what | what to do |",
        "|---|---|---|---|",
    ]
    parts += [f"| `{code}` | {w.severity.value} | {_shown(w.message)} | {_shown(w.remedy)} |" for code, w in CODES.items()]
    parts += ["\n## Other findings\n", "| code | what |", "|---|---|", *(f"| `{code}` | {what} |" for code, what in ELSEWHERE.items())]
    parts += ["\n## Refusals\n", "| code | what | where |", "|---|---|---|"]
    parts += [f"| `{code}` | {what} | {where} |" for code, what, where in refusals()]
    parts += ["\n## Ends of a command\n", "| code | what |", "|---|---|", *(f"| `{code}` | {what} |" for code, what in ENDINGS.items())]
    return "\n".join([*parts, EXITS])


def _shown(template: str) -> str:
    return re.sub(r"\{(\w+)\}", r"‹\1›", template.replace("{hint}", "")).replace("|", "\\|")


def hold_sentences() -> list[tuple[str, str, str]]:
    """Code, message and remedy of every hold, out of the rule that says them; of `DUP`, for each of its reasons."""
    rule = (RULES / "hold_sentences.sql").read_text(encoding="utf-8")
    sentences: dict[str, list[str]] = {}
    for code, words in re.findall(r"WHEN '(\w+)' THEN '((?:[^']|'')*)'", rule):
        sentences.setdefault(code, []).append(words.replace("''", "'"))
    reasons = re.findall(r"WHEN because = '\w+' THEN '([^']*)'", rule)
    each, always = len(reasons) // 2, re.findall(r"\|\| '([^']*)' AS remedy", rule)[0]
    sentences["DUP"] = [" Or: ".join(reasons[:each]), " Or: ".join(reasons[each:]) + always]
    return [(code, *sentences[code]) for code in HOLD_CODES]


def refusals() -> Iterator[tuple[str, str, str]]:
    """Code, first sentence and place of every refusal: the classes of the program that have a `code` of their own."""
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and (code := _own_code(node)):
                where = name_of(path).removeprefix(f"{name_of(SOURCE)}/").removesuffix(".py")
                yield code, (ast.get_docstring(node) or "").split("\n")[0], f"`{where}`"


def _own_code(node: ast.ClassDef) -> str | None:
    for line in node.body:
        target = line.targets[0] if isinstance(line, ast.Assign) else line.target if isinstance(line, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "code" and isinstance(line.value, ast.Constant):
            return str(line.value.value)
    return None
