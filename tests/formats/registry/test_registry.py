"""The registry: what is there, what may be added, and that formats do not know one another."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from almoner.formats import registry
from almoner.formats.registry import (
    BUILT_IN,
    Format,
    FormatKind,
    FormatNameTaken,
    FormatNotLoadable,
    UnknownFormat,
    format_named,
    formats,
    formats_of,
)

FORMATS = Path(registry.__file__).parent
OURS = Format("ours", FormatKind.LEDGER, "A council's own", ".csv", "text/csv", "json:dumps")
TWIN = Format("bacs", FormatKind.PAYMENT_FILE, "A second Bacs", ".txt", "text/plain", "json:dumps")


@pytest.fixture
def installed(monkeypatch):
    """Pretend that packages with these entry points are installed."""

    def install(*values: str) -> None:
        points = [EntryPoint(value.rsplit(":", 1)[-1].lower(), value, registry.GROUP) for value in values]
        monkeypatch.setattr(registry, "entry_points", lambda group: points if group == registry.GROUP else [])
        formats.cache_clear()

    yield install
    formats.cache_clear()


def test_every_built_in_format_loads_and_has_its_own_name():
    assert len({format_.name for format_ in BUILT_IN}) == len(BUILT_IN)
    for format_ in BUILT_IN:
        assert callable(format_.write)
        assert format_.suffix.startswith(".") and "/" in format_.media_type and format_.about
    assert [format_.name for format_ in BUILT_IN if format_.reader] == ["spending"]
    assert callable(format_named("spending").read)


def test_formats_by_kind():
    assert [format_.name for format_ in formats_of(FormatKind.PAYMENT_FILE)] == ["bacs", "pain001"]
    assert [format_.name for format_ in formats_of(FormatKind.REMITTANCE)] == ["remittance-pdf", "remittance-csv", "remittance-xlsx"]


def test_a_format_that_is_only_written_cannot_be_read():
    with pytest.raises(FormatNotLoadable, match="only written"):
        _ = format_named("bacs").read


def test_an_unknown_format_names_those_there_are():
    with pytest.raises(UnknownFormat, match="bacs, pain001, ledger") as refused:
        format_named("csv")
    assert refused.value.code == "UNKNOWN-FORMAT"


def test_an_installed_format_joins_the_others(installed):
    installed(f"{__name__}:OURS")
    assert [format_.name for format_ in formats_of(FormatKind.LEDGER)] == ["ledger", "ours"]
    assert format_named("ours").write([]) == "[]"


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (f"{__name__}:TWIN", FormatNameTaken),
        ("no_such_package:FORMAT", FormatNotLoadable),
        (f"{__name__}:NO_SUCH_NAME", FormatNotLoadable),
        ("json:dumps", FormatNotLoadable),
    ],
)
def test_an_installed_format_that_cannot_be_used_is_refused(installed, value, refusal):
    installed(value)
    with pytest.raises(refusal) as refused:
        formats()
    assert refused.value.remedy


def test_listing_the_formats_loads_none_of_them():
    program = (
        "import sys; from almoner.formats.registry import formats; formats();"
        "print([name for name in ('typst', 'lxml', 'xlsxwriter', 'pyarrow') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def imported(module: Path) -> set[str]:
    """Every module name that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_formats_do_not_know_one_another():
    packages = {folder.name for folder in FORMATS.iterdir() if (folder / "__init__.py").exists()}
    assert {"payments", "ledgers", "remittances", "publications"} <= packages
    for package in packages:
        others = tuple(f"almoner.formats.{other}" for other in (packages | {"registry"}) - {package})
        for module in (FORMATS / package).rglob("*.py"):
            known = {name for name in imported(module) if name.startswith(others)}
            assert not known, f"{module} imports {known}"
