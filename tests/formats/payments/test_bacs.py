"""Bacs Standard 18: the golden file byte for byte, the shape of every file, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.payments.payment_examples import ALPHA, BETA, COUNCIL, GOLDEN

from almoner.formats.payments.bacs import (
    MOST_PENCE,
    ExpiryRefused,
    ProcessingDayRefused,
    SubmissionNumberRefused,
    TotalTooLarge,
    write_bacs,
)
from almoner.formats.payments.payment import (
    AccountMisspelled,
    AmountNotPayable,
    NameMissing,
    NothingToPay,
    Payment,
    ReferenceTooLong,
    ReferenceUsedTwice,
)

TUESDAY, FRIDAY_BEFORE = date(2026, 11, 24), date(2026, 11, 20)


def written(payments=(ALPHA, BETA), payer=COUNCIL, **other):
    return write_bacs(payments, payer, **{"processing_on": TUESDAY, "created_on": FRIDAY_BEFORE, "serial": "000001"} | other)


def lines_of(content: bytes) -> list[str]:
    return content.decode("ascii").split("\r\n")[:-1]


def test_the_golden_file_byte_for_byte():
    assert written() == (GOLDEN / "synthetic_standard18_single_day.txt").read_bytes()


def test_another_process_in_another_time_zone_writes_the_same_bytes():
    program = """
import sys
from datetime import date
from tests.formats.payments.payment_examples import ALPHA, BETA, COUNCIL
from almoner.formats.payments.bacs import write_bacs
days = {"processing_on": date(2026, 11, 24), "created_on": date(2026, 11, 20)}
sys.stdout.buffer.write(write_bacs([ALPHA, BETA], COUNCIL, serial="000001", **days))
"""
    root = str(GOLDEN.parents[3])
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "PYTHONPATH": f"{root}:{root}/src"}
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert elsewhere.stdout == written()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Payment,
            reference=st.integers(1, 10**14 - 1).map(lambda n: f"CARE{n:014}"),
            payee_id=st.just("P"),
            account_name=st.text(min_size=1, max_size=30).map(lambda text: f"Home {text}"),
            sort_code=st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii),
            account_number=st.from_regex(r"[0-9]{8}", fullmatch=True).filter(str.isascii),
            amount_pence=st.integers(1, 10**9),
        ),
        min_size=1,
        max_size=20,
        unique_by=lambda payment: payment.reference,
    )
)
def test_every_file_has_its_lengths_letters_and_totals(payments):
    lines = lines_of(written(payments))
    labels, records = [*lines[:4], *lines[-3:]], lines[4:-3]
    assert all(len(label) == 80 for label in labels)
    assert all(len(record) == 100 for record in records)
    assert set("".join(lines)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- ")
    credits = [int(record[35:46]) for record in records if record[15:17] == "99"]
    contras = [int(record[35:46]) for record in records if record[15:17] == "17"]
    assert credits == [payment.amount_pence for payment in payments]
    assert contras == [sum(credits)]
    totals = lines[-1]
    assert (int(totals[4:17]), int(totals[17:30]), int(totals[30:37]), int(totals[37:44])) == (sum(credits), sum(credits), 1, len(payments))
    assert [record[:14] for record in records[:-1]] == [payment.sort_code + payment.account_number for payment in payments]
    assert records[-1][:14] == records[-1][17:31] == "08999966374958"


def test_names_are_spelled_in_the_letters_of_bacs():
    record = lines_of(written([replace(ALPHA, account_name="Łódź Café (Señor) & Søn’s Home", reference="care_2026/8")]))[4]
    assert record[64:82] == "CARE 2026/8       "
    assert record[82:100] == "LODZ CAFE SENOR & "
    assert len(record) == 100


def test_the_file_expires_a_week_after_it_is_processed_unless_said():
    assert lines_of(written())[1][47:53] == " 26335"
    assert lines_of(written(expires_on=date(2027, 1, 2)))[1][47:53] == " 27002"


@pytest.mark.parametrize(
    ("refusal", "changed"),
    [
        (NothingToPay, {"payments": []}),
        (AmountNotPayable, {"payments": [ALPHA, replace(BETA, amount_pence=0)]}),
        (AmountNotPayable, {"payments": [replace(BETA, amount_pence=-1)]}),
        (AccountMisspelled, {"payments": [replace(BETA, sort_code="20-29-59")]}),
        (AccountMisspelled, {"payments": [replace(BETA, sort_code="20295")]}),
        (AccountMisspelled, {"payments": [replace(BETA, sort_code="٢٠٢٩٥٩")]}),
        (AccountMisspelled, {"payments": [replace(BETA, account_number="6374847")]}),
        (AccountMisspelled, {"payments": [replace(BETA, account_number="63748472\n")]}),
        (AccountMisspelled, {"payer": replace(COUNCIL, sort_code="")}),
        (NameMissing, {"payments": [replace(BETA, account_name="中文")]}),
        (NameMissing, {"payments": [replace(BETA, reference="  ")]}),
        (NameMissing, {"payer": replace(COUNCIL, name="?")}),
        (ReferenceTooLong, {"payments": [replace(BETA, reference="R" * 19)]}),
        (ReferenceUsedTwice, {"payments": [ALPHA, replace(BETA, reference="care0000000001")]}),
        (SubmissionNumberRefused, {"payer": replace(COUNCIL, service_user_number="12345")}),
        (SubmissionNumberRefused, {"serial": "000000"}),
        (SubmissionNumberRefused, {"serial": "1"}),
        (SubmissionNumberRefused, {"file_number": 0}),
        (SubmissionNumberRefused, {"file_number": 1000}),
        (ProcessingDayRefused, {"processing_on": date(2026, 11, 22)}),
        (ProcessingDayRefused, {"processing_on": date(2026, 12, 25), "created_on": date(2026, 12, 20)}),
        (ProcessingDayRefused, {"processing_on": date(2026, 11, 19)}),
        (ProcessingDayRefused, {"processing_on": date(2026, 12, 22)}),
        (ExpiryRefused, {"expires_on": TUESDAY}),
        (TotalTooLarge, {"payments": [replace(ALPHA, amount_pence=MOST_PENCE), replace(BETA, amount_pence=1)]}),
        (TotalTooLarge, {"payments": [replace(ALPHA, amount_pence=MOST_PENCE + 1)]}),
    ],
)
def test_what_is_refused(refusal, changed):
    with pytest.raises(refusal) as refused:
        written(**changed)
    assert refused.value.code
    assert refused.value.message.endswith((".", "'"))
    assert refused.value.remedy.endswith(".")


def test_the_edges_that_are_allowed():
    assert lines_of(written([replace(ALPHA, amount_pence=MOST_PENCE)]))[5][35:46] == "99999999999"
    assert lines_of(written(processing_on=date(2026, 12, 21)))[3][4:10] == " 26355"  # 31 days ahead
    assert lines_of(written(processing_on=FRIDAY_BEFORE))[3][4:10] == " 26324"
    assert lines_of(written(expires_on=date(2026, 11, 25)))[1][47:53] == " 26329"
    assert lines_of(written(file_number=999))[3][37:40] == "999"


def test_the_processing_day_refusal_names_a_day_that_works():
    with pytest.raises(ProcessingDayRefused, match="Process on Friday 20 November 2026"):
        written(processing_on=date(2026, 11, 22))
