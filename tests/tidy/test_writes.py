"""What we remember is changed by operations alone, so that every act has its person, its moment and its line in the journal."""

import ast
from pathlib import Path

from tests.tidy.sources import SOURCE, dotted, modules, name_of, tree

ALWAYS_A_WRITE = {
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "acreate",
    "asave",
    "adelete",
    "aupdate",
}
A_WRITE_OF_ROWS = {"create", "update"}
BULK = {
    "src/almoner/office/records/bulk.py": "many rows at once on Django's own connection; called by operations alone",
    "src/almoner/office/records/sealing.py": "the triggers that refuse to change sealed rows",
}
WRITES_IN_SQL = ("insert into", "update ", "delete from", "truncate ", "drop table", "copy (", 'copy "')


def _may_write(path: Path) -> bool:
    return path.name == "operations.py" or "operations" in path.parts


def _calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def _writes(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    rows = ".objects" in ast.unparse(call.func.value)
    return call.func.attr in ALWAYS_A_WRITE or (call.func.attr in A_WRITE_OF_ROWS and rows)


def test_rows_are_written_only_by_operations() -> None:
    places = {f"{name_of(path)}:{call.lineno}": _may_write(path) for path in modules() for call in _calls(path) if _writes(call)}
    assert sum(places.values()) > 10, "the test no longer sees the writes there are"
    assert not [place for place, allowed in places.items() if not allowed]


def test_rows_are_appended_in_bulk_only_by_operations() -> None:
    callers = {path for path in modules() for call in _calls(path) if dotted(call.func).split(".")[-1] == "append_rows"}
    assert callers
    assert not [name_of(path) for path in callers if not _may_write(path)]


def test_the_database_is_written_in_sql_only_by_operations_and_bulk() -> None:
    found = set()
    for path in modules():
        if path.relative_to(SOURCE).parts[0] != "office" or _may_write(path):
            continue
        docstrings = {id(node.body[0].value) for node in ast.walk(tree(path)) if hasattr(node, "body") and _opens_with_text(node)}
        for node in ast.walk(tree(path)):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings else ""
            if text.lstrip().lower().startswith(WRITES_IN_SQL):
                found.add(name_of(path))
    assert found <= set(BULK), f"writes in SQL: {found - set(BULK)}"


def _opens_with_text(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
