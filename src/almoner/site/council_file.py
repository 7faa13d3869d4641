"""The council's own files beside its database: `council.toml` and a ledger mapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from almoner.formats.ledgers.mapping import Mapping, read_mapping, shipped_mapping, shipped_mappings
from almoner.formats.payments.modulus import ModulusTable, read_scsubtab, read_valacdos
from almoner.office.exchange.council import Council, CouncilRefused, read_council

COUNCIL_FILE = "council.toml"
WEIGHTS, SUBSTITUTES = "valacdos.txt", "scsubtab.txt"
"""Pay.UK's tables for the modulus check, which a council puts beside its council.toml; Almoner ships none."""


def council_here() -> Council:
    """What `council.toml` in ALMONER_HOME says; without one, a council that pays through its finance system alone."""
    path = _home() / COUNCIL_FILE
    council = read_council(path.read_bytes()) if path.is_file() else Council()
    return replace(council, modulus=modulus_here())


def modulus_here() -> ModulusTable | None:
    """Pay.UK's table of weights in ALMONER_HOME, with the substitutes if they are there too; None without it."""
    weights, substitutes = _home() / WEIGHTS, _home() / SUBSTITUTES
    if not weights.is_file():
        return None
    changed = substitutes.stat().st_mtime_ns if substitutes.is_file() else 0
    return _modulus(weights, weights.stat().st_mtime_ns, substitutes, changed)


@lru_cache(maxsize=2)
def _modulus(weights: Path, changed: int, substitutes: Path, substitutes_changed: int) -> ModulusTable:
    """Read once for as long as the files stay as they are."""
    instead = read_scsubtab(substitutes.read_bytes()) if substitutes_changed else {}
    since = datetime.fromtimestamp(changed / 1_000_000_000, UTC).date()
    return read_valacdos(weights.read_bytes(), version=weights.name, published_on=since, substitutes=instead)


def mapping_here(council: Council) -> Mapping:
    """The ledger mapping a council chose: one that Almoner ships, or a file beside council.toml."""
    if council.ledger_mapping in shipped_mappings():
        return shipped_mapping(council.ledger_mapping)
    path = _home() / council.ledger_mapping
    if not path.is_file():
        raise CouncilRefused(
            f"council.toml names the ledger mapping {council.ledger_mapping}, and there is no such file.",
            f"Put it beside council.toml, or use one of {', '.join(shipped_mappings())}.",
        )
    return read_mapping(path.read_bytes())


def _home() -> Path:
    return Path(settings.HOME)
