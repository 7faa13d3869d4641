"""Names say what a thing is in care's own words, and everything public says what it is."""

import ast
import re

from tests.tidy.sources import modules, name_of, python_files, tree

SAYS_NOTHING = re.compile(r"(Manager|Helper|Util|Utils|Service|Base|Data|Info)$")
FILES_THAT_SAY_NOTHING = re.compile(r"^(managers?|helpers?|utils?|services?|base|data|info|common|misc)$")


def test_no_class_is_named_after_nothing() -> None:
    classes = [(path, node) for path in python_files() for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    assert len(classes) > 100
    named = [f"{name_of(path)}:{node.lineno} {node.name}" for path, node in classes if SAYS_NOTHING.search(node.name)]
    assert not named


def test_no_module_is_named_after_nothing() -> None:
    assert not [name_of(path) for path in python_files() if FILES_THAT_SAY_NOTHING.match(path.stem)]


def test_every_module_says_what_it_is() -> None:
    assert not [name_of(path) for path in modules() if not ast.get_docstring(tree(path))]


def test_everything_public_says_what_it_is() -> None:
    mute = []
    for path in modules():
        for node in _public(tree(path)):
            if not ast.get_docstring(node):
                mute.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not mute


def _public(within: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public classes, functions and methods; what stands inside a function is its own affair, and `Meta` is Django's."""
    found = []
    for node in within.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_") or node.name == "Meta":
            continue
        found.append(node)
        if isinstance(node, ast.ClassDef):
            found += _public(node)
    return found
