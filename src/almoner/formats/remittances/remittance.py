"""One provider's remittance: its lines in the order they are read, and totals that must add up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from almoner.formats.refusals import FormatRefusal

REGULAR, ADJUSTMENT = "regular", "adjustment"


class RemittanceDoesNotAddUp(FormatRefusal):
    """A remittance whose lines and balances are not what is paid."""

    code = "REMITTANCE-DOES-NOT-ADD-UP"


@dataclass(frozen=True)
class RemittanceLine:
    """One receipt. `kind` is regular or adjustment, `week` its first day, `quantity` and `rate` as words, `why` the cause in a sentence."""

    person_id: str
    person_name: str
    line_id: str
    service: str
    week: date
    kind: str
    amount_pence: int
    quantity: str = ""
    rate: str = ""
    why: str = ""


@dataclass(frozen=True)
class Remittance:
    """What one provider is told. Balances are signed from the provider's side: below nothing is a debt to the council.

    `paid_pence` = `carried_in_pence` + the lines − `carried_out_pence`, and is never below nothing. `run` it came of and the
    beginning of its `seal`: for whoever checks one day that this advice is the council's.
    """

    provider_id: str
    provider_name: str
    reference: str
    pay_date: date
    period: str
    lines: tuple[RemittanceLine, ...]
    paid_pence: int
    carried_in_pence: int = 0
    carried_out_pence: int = 0
    provider_address: tuple[str, ...] = ()
    payer_name: str = ""
    enquiries: str = ""
    run: str = ""
    seal: str = ""

    @property
    def origin(self) -> str:
        """The sentence at the foot of the page that says by what to check it; '' without a seal."""
        return f"To prove that this advice is ours: payment run {self.run}, seal {self.seal}." if self.seal else ""

    @property
    def regular_pence(self) -> int:
        """What the weeks paid for the first time come to."""
        return sum(line.amount_pence for line in self.lines if line.kind == REGULAR)

    @property
    def adjustments_pence(self) -> int:
        """What the changes to weeks paid before come to."""
        return sum(line.amount_pence for line in self.lines if line.kind != REGULAR)

    def ordered(self) -> list[RemittanceLine]:
        """The lines by person's name, person, line and week, a week's adjustments after its first payment."""
        return sorted(self.lines, key=lambda x: (alphabetical(x.person_name), x.person_id, x.line_id, x.week, x.kind != REGULAR))

    def by_person(self) -> Iterator[tuple[str, str, list[RemittanceLine]]]:
        """Each person's name, id and lines, in order."""
        for (_, person_id), lines in groupby(self.ordered(), key=lambda x: (alphabetical(x.person_name), x.person_id)):
            theirs = list(lines)
            yield theirs[0].person_name, person_id, theirs


def alphabetical(name: str) -> str:
    """What a name is sorted by: small letters without accents, so that Ábbott stands with Abbott."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))


def check_remittance(remittance: Remittance) -> None:
    """Refuse to send what does not add up: the provider would find it, not we."""
    due = remittance.carried_in_pence + sum(line.amount_pence for line in remittance.lines) - remittance.carried_out_pence
    if due != remittance.paid_pence or remittance.paid_pence < 0:
        raise RemittanceDoesNotAddUp(
            f"The lines and balances of remittance {remittance.reference} come to {due} pence and {remittance.paid_pence} are paid.",
            "Stop the issue and verify the run.",
        )
