"""Who may import whom: the contracts in pyproject.toml hold (docs/decisions/0010-layers.md)."""

import tomllib

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from tests.tidy.sources import ROOT, modules, name_of


def test_every_contract_is_kept() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == EXIT_STATUS_SUCCESS


def test_no_contract_has_exceptions() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert contracts and not [
        contract["name"] for contract in contracts if "ignore_imports" in contract or "unmatched_ignore_imports_alerting" in contract
    ]


def test_every_capability_keeps_its_tables_to_itself() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    kept = {module for contract in contracts for module in contract.get("protected_modules", [])}
    tables = {f"almoner.office.{models.parent.name}.models" for models in (ROOT / "src/almoner/office").glob("*/models.py")}
    assert tables - kept == set(), "add a contract 'The tables of … are its own' to pyproject.toml"


def test_one_door_leads_to_the_database_engine_in_memory() -> None:
    opened = {name_of(path) for path in modules() if "duckdb.connect" in path.read_text(encoding="utf-8")}
    assert opened == {"src/almoner/core/memory.py"}, "open it with core.memory.in_memory"
