"""Money is whole pence, worked out in one place; what stands elsewhere adds up what was worked out there, and is listed with its reason."""

import ast
import re
from pathlib import Path

from tests.tidy.sources import ROOT, RULES, SOURCE, modules, name_of, tree

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Div, ast.Mod, ast.Pow)
ADDS = {"sum", "divmod", "round"}
OUTSIDE_CORE = {
    "src/almoner/formats/pounds.py": "pounds and pence as files spell them",
    "src/almoner/formats/invoices/invoice.py": "the subtotals printed on an invoice, and one that does not add up is refused",
    "src/almoner/formats/publications/spending.py": "a published amount read to the penny it is nearest",
    "src/almoner/formats/payments/payment.py": "the control total of a payment file",
    "src/almoner/formats/remittances/pdf.py": "the subtotals printed on an advice",
    "src/almoner/formats/remittances/remittance.py": "an advice that does not add up is refused",
    "src/almoner/office/exchange/files_out.py": "the control total of the list of files",
    "src/almoner/office/runs/models.py": "the database itself refuses an entry that does not add up",
    "src/almoner/office/runs/operations/balances.py": "what a run paid in all, for the journal",
    "src/almoner/office/runs/operations/steps.py": "what was paid and what came back, for the journal",
    "src/almoner/site/demo/devon.py": "totals of published lines beside ours, for the demonstration's account",
    "src/almoner/site/demo/story.py": "subtotals of receipts, for the demonstration's account",
    "src/almoner/office/runs/verification.py": "balances added up again, to be compared",
}


def _pence(node: ast.AST) -> bool:
    """Whether the expression names an amount of pence."""
    names = (
        inner.attr if isinstance(inner, ast.Attribute) else inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute | ast.Name)
    )
    keys = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str))
    return any(name == "pence" or name.endswith("_pence") for name in (*names, *(key for key in keys if key.isidentifier())))


def _reckons(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC):
        return not isinstance(node.left, ast.JoinedStr) and (_pence(node.left) or _pence(node.right))
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ARITHMETIC):
        return _pence(node.target) or _pence(node.value)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ADDS and any(map(_pence, node.args))


def _outside_core() -> list[Path]:
    return [path for path in modules() if path.relative_to(SOURCE).parts[0] != "core"]


def test_pence_are_reckoned_in_core() -> None:
    found = {name_of(path) for path in _outside_core() for node in ast.walk(tree(path)) if _reckons(node)}
    assert found - set(OUTSIDE_CORE) == set(), "work it out in core, or list it here with the reason"


def test_the_list_of_exceptions_is_not_longer_than_it_need_be() -> None:
    names = {name for name in OUTSIDE_CORE if not any(map(_reckons, ast.walk(tree(ROOT / name))))}
    assert not names, f"no longer reckons with pence; take it off the list: {names}"


def test_no_money_is_a_float_or_a_decimal() -> None:
    found = []
    for path in modules(migrations=True):
        if path.relative_to(SOURCE).parts[0] in ("core", "figures", "formats", "office"):
            for node in ast.walk(tree(path)):
                name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
                if called or name in ("Decimal", "DecimalField", "FloatField", "decimal128", "decimal256"):
                    found.append(f"{name_of(path)}:{node.lineno}")
    assert not found


def _sql(path: Path) -> str:
    """A rule without its comments and texts."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")))


def test_no_rule_divides_into_fractions() -> None:
    rules = sorted(RULES.glob("*.sql"))
    assert len(rules) > 40
    assert not [name_of(path) for path in rules if re.search(r"(?<!/)/(?!/)", _sql(path))], "`/` gives a double; divide with `//`"


def test_no_rule_has_a_column_of_fractions() -> None:
    spelled = re.compile(r"\b(float|double|real|decimal|numeric|avg|round)\b", re.IGNORECASE)
    assert not [name_of(path) for path in sorted(RULES.glob("*.sql")) if spelled.search(_sql(path))]
