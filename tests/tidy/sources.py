"""The project's own files, as the tidy tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "almoner"
RULES = SOURCE / "core" / "rules"


def name_of(path: Path) -> str:
    """The path as it is spoken of: relative to the project, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules(*, migrations: bool = False) -> tuple[Path, ...]:
    """Every Python file of the program; migrations are written by Django and left out unless asked for."""
    return tuple(path for path in sorted(SOURCE.rglob("*.py")) if migrations or "migrations" not in path.parts)


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the project, tests and benchmarks included."""
    kept = (ROOT / folder for folder in ("tests", "bench"))
    others = (path for folder in kept for path in sorted(folder.rglob("*.py")) if not {".venv", "data"} & set(path.relative_to(ROOT).parts))
    return (*modules(), *others)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """`a.b.c` out of an attribute or a name; other expressions give ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""
