"""pain.001.001.09: the golden file byte for byte, the schema, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree
from tests.formats.payments.payment_examples import ALPHA, BETA, COUNCIL, GOLDEN

from almoner.formats.payments import pain001
from almoner.formats.payments.pain001 import NAMESPACE, CreatedAtRefused, MessageIdRefused, NotValidForSchema, write_pain001
from almoner.formats.payments.payment import AmountNotPayable, NothingToPay


def written(payments=(ALPHA, BETA), **other):
    usual = {"message_id": "PR2026-08-0001", "created_at": datetime(2026, 11, 20, 9), "pay_on": date(2026, 11, 25)}
    return write_pain001(payments, COUNCIL, **usual | other)


def texts(content: bytes, name: str) -> list[str]:
    return [element.text for element in etree.fromstring(content).iter(f"{{{NAMESPACE}}}{name}")]


def test_the_golden_file_byte_for_byte():
    assert written() == (GOLDEN / "synthetic_uk_gbdsc_pain.001.001.09.xml").read_bytes()


def test_control_sums_and_counts_are_those_of_the_transfers():
    payments = [replace(ALPHA, reference=f"R{n}", amount_pence=n * 101 + 5) for n in range(1, 40)]
    content = written(payments)
    pence = [int(amount.replace(".", "")) for amount in texts(content, "InstdAmt")]
    assert pence == [payment.amount_pence for payment in payments]
    assert texts(content, "NbOfTxs") == ["39", "39"]
    assert {int(total.replace(".", "")) for total in texts(content, "CtrlSum")} == {sum(pence)}


def test_names_that_would_break_xml_or_a_bank_are_spelled_plainly():
    content = written([replace(ALPHA, account_name="Café <b> & “Söhne”\x00\x1b" + "x" * 200)])
    (name,) = [text for text in texts(content, "Nm") if text.startswith("CAFE")]
    assert name.startswith("CAFE B & SOHNE X")
    assert len(name) == 140


@pytest.mark.parametrize(
    ("refusal", "changed"),
    [
        (NothingToPay, {"payments": []}),
        (AmountNotPayable, {"payments": [replace(ALPHA, amount_pence=0)]}),
        (MessageIdRefused, {"message_id": ""}),
        (MessageIdRefused, {"message_id": "x" * 34}),
        (MessageIdRefused, {"message_id": "RUN 1"}),
        (CreatedAtRefused, {"created_at": datetime(2026, 11, 20, 9, tzinfo=UTC)}),
        (CreatedAtRefused, {"created_at": datetime(2026, 11, 20, 9, 0, 0, 1)}),
        (NotValidForSchema, {"service_level": "FASTER"}),
    ],
)
def test_what_is_refused(refusal, changed):
    with pytest.raises(refusal) as refused:
        written(**changed)
    assert refused.value.code and refused.value.message and refused.value.remedy


def test_the_schema_that_checks_is_the_one_of_this_message():
    assert pain001.SCHEMA in NAMESPACE.replace("urn:iso:std:iso:20022:tech:xsd:", "") + ".xsd"
    broken = written().replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>NOW</PmtMtd>")
    assert not pain001._schema().validate(etree.fromstring(broken))
