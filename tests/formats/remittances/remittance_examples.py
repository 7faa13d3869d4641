"""A provider's remittance in which everything happens: two people, an old adjustment, a new one, a balance."""

from __future__ import annotations

from datetime import date

from almoner.formats.remittances.remittance import Remittance, RemittanceLine

FIRST, SECOND, BEFORE = date(2026, 4, 6), date(2026, 4, 13), date(2026, 3, 9)
MISSED = "The visit on 11 March at 08:00 is now reported as missed."


def line(person="1000000018", name="Bernard Okonkwo", line_id="L2", week=FIRST, kind="regular", pence=14_753, why=""):
    return RemittanceLine(person, name, line_id, "Home care", week, kind, pence, "6 h 40 min", "£22.13 an hour", why)


LINES = (
    line(week=SECOND),
    line(kind="adjustment", pence=532, why="The rate rose to £22.93 an hour from 6 April 2026."),
    line(week=BEFORE, kind="adjustment", pence=-2_213, why=MISSED),
    line(),
    line(person="1000000026", name="Ada Ábbott", line_id="L1", pence=1_000),
)
REMITTANCE = Remittance(
    provider_id="V00042",
    provider_name="Alpha Home Care & Support Ltd",
    reference="CARE0000000042",
    pay_date=date(2026, 5, 20),
    period="6 April 2026 to 3 May 2026",
    lines=LINES,
    paid_pence=28_825 - 5_000,
    carried_in_pence=-5_000,
    provider_address=("The Old Chapel", "Exmouth EX8 1AA"),
    payer_name="Example County Council",
    enquiries="payments@example.gov.uk",
)
