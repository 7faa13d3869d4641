"""Every file Almoner writes or reads, by name: those that come with it, then those installed beside it (entry points `almoner.formats`).

A format is loaded when it is first used, so that listing them costs nothing. What a writer takes depends on its kind:

- payment file: `(payments, payer, submission) -> bytes` · ledger: `(rows, mapping) -> bytes` · remittance: `(remittance) -> bytes`
- publication: `(lines) -> bytes`; its reader `(bytes) -> (table, findings)`

An entry point of the group `almoner.formats` names a `Format`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from almoner.formats.refusals import FormatRefusal

GROUP = "almoner.formats"


class FormatKind(StrEnum):
    """What a file is for; it decides what its writer takes."""

    PAYMENT_FILE = "payment file"
    LEDGER = "ledger"
    REMITTANCE = "remittance"
    PUBLICATION = "publication"


class UnknownFormat(FormatRefusal):
    """A format that is neither part of Almoner nor installed."""

    code = "UNKNOWN-FORMAT"


class FormatNotLoadable(FormatRefusal):
    """An installed format that does not load, or that is no format."""

    code = "FORMAT-NOT-LOADABLE"


class FormatNameTaken(FormatRefusal):
    """An installed format that has the name of another."""

    code = "FORMAT-NAME-TAKEN"


@dataclass(frozen=True)
class Format:
    """One kind of file. `writer` and `reader` are spelled `module:function`; `suffix` and `media_type` are those of the file."""

    name: str
    kind: FormatKind
    about: str
    suffix: str
    media_type: str
    writer: str
    reader: str | None = None

    @property
    def write(self) -> Callable[..., bytes]:
        """The writer, loaded; FormatNotLoadable when it is not there."""
        writer: Callable[..., bytes] = _loaded(self.name, self.writer)
        return writer

    @property
    def read(self) -> Callable[[bytes], Any]:
        """The reader, loaded; FormatNotLoadable when the format cannot be read."""
        if self.reader is None:
            raise FormatNotLoadable(f"The format {self.name} is only written.", "Read another file.")
        reader: Callable[[bytes], Any] = _loaded(self.name, self.reader)
        return reader


BUILT_IN = (
    Format(
        "bacs", FormatKind.PAYMENT_FILE, "Bacs Standard 18, one processing day", ".txt", "text/plain",
        "almoner.formats.payments.submission:write_bacs_submission",
    ),
    Format(
        "pain001", FormatKind.PAYMENT_FILE, "ISO 20022 pain.001.001.09 as UK banks take it", ".xml", "application/xml",
        "almoner.formats.payments.submission:write_pain001_submission",
    ),
    Format(
        "ledger", FormatKind.LEDGER, "General ledger, in the columns of a mapping file", ".csv", "text/csv",
        "almoner.formats.ledgers.ledger:write_ledger",
    ),
    Format(
        "remittance-pdf", FormatKind.REMITTANCE, "Remittance advice to read and keep", ".pdf", "application/pdf",
        "almoner.formats.remittances.pdf:write_remittance_pdf",
    ),
    Format(
        "remittance-csv", FormatKind.REMITTANCE, "Remittance advice for a computer", ".csv", "text/csv",
        "almoner.formats.remittances.tables:write_remittance_csv",
    ),
    Format(
        "remittance-xlsx", FormatKind.REMITTANCE, "Remittance advice as a workbook", ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "almoner.formats.remittances.tables:write_remittance_xlsx",
    ),
    Format(
        "spending", FormatKind.PUBLICATION, "Spending over £500, to publish", ".csv", "text/csv",
        "almoner.formats.publications.spending:write_spending", "almoner.formats.publications.spending:read_spending",
    ),
)  # fmt: skip


@cache
def formats() -> dict[str, Format]:
    """Every format by name: the built-in ones in order, then the installed ones by name. FormatNotLoadable, FormatNameTaken."""
    known = {format_.name: format_ for format_ in BUILT_IN}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        installed = _installed(point)
        if installed.name in known:
            raise FormatNameTaken(
                f"Two formats are called {installed.name}.", f"Uninstall the package that brings {point.value}, or have it renamed."
            )
        known[installed.name] = installed
    return known


def formats_of(kind: FormatKind) -> tuple[Format, ...]:
    """The formats of one kind, in order."""
    return tuple(format_ for format_ in formats().values() if format_.kind is kind)


def format_named(name: str) -> Format:
    """The format of that name; UnknownFormat names those there are."""
    if name not in formats():
        raise UnknownFormat(f"There is no format called '{name}'.", f"Choose one of {', '.join(formats())}.")
    return formats()[name]


def _installed(point: EntryPoint) -> Format:
    installed = _loaded(point.name, point.value)
    if not isinstance(installed, Format):
        raise FormatNotLoadable(f"The installed format {point.name} ({point.value}) is not a Format.", "Uninstall it, or ask its maker.")
    return installed


def _loaded(name: str, value: str) -> Any:
    try:
        return EntryPoint(name, value, GROUP).load()
    except (ImportError, AttributeError) as trouble:
        raise FormatNotLoadable(f"The format {name} cannot be loaded: {trouble}.", "Install the package it comes from again.") from trouble
