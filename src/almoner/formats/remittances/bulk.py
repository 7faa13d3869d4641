"""All remittances of a run, on all cores."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from os import cpu_count

from almoner.formats.remittances.pdf import write_remittance_pdf
from almoner.formats.remittances.remittance import Remittance
from almoner.formats.remittances.tables import write_remittance_csv, write_remittance_xlsx

FEW = 40
"""Up to so many, starting other processes takes longer than it saves."""
CHUNK = 16
"""How many a process takes at a time."""


@dataclass(frozen=True)
class RemittanceFiles:
    """One provider's three files."""

    provider_id: str
    reference: str
    pdf: bytes
    csv: bytes
    xlsx: bytes


def write_remittance(remittance: Remittance) -> RemittanceFiles:
    """The three files of one remittance."""
    return RemittanceFiles(
        remittance.provider_id,
        remittance.reference,
        write_remittance_pdf(remittance),
        write_remittance_csv(remittance),
        write_remittance_xlsx(remittance),
    )


def write_remittances(
    remittances: Sequence[Remittance], *, processes: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Iterator[RemittanceFiles]:
    """Every remittance's files, in the order given, as they are done; `progress(done, all)` after each.

    `processes`: how many at once (default: one a core; 1 stays in this process). The bytes do not depend on it.
    """
    at_once = processes or cpu_count() or 1
    for done, files in enumerate(_written(remittances, 1 if len(remittances) <= FEW and processes is None else at_once), start=1):
        if progress:
            progress(done, len(remittances))
        yield files


def _written(remittances: Sequence[Remittance], at_once: int) -> Iterator[RemittanceFiles]:
    if at_once == 1:
        yield from map(write_remittance, remittances)
        return
    # Fresh processes: a fork would carry the caller's database connections into them.
    pool = ProcessPoolExecutor(at_once, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_ctrl_c_to_the_caller)
    try:
        yield from pool.map(write_remittance, remittances, chunksize=CHUNK)
    finally:
        # Interrupted or refused: what has not begun is let go, what has begun is awaited, a second or two. A process killed while it hands
        # over its files would leave us waiting for the rest of them for ever.
        pool.shutdown(cancel_futures=True)


def _leave_ctrl_c_to_the_caller() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
