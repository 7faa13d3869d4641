"""ISO 20022 pain.001.001.09 as UK banks take it: sort codes under GBDSC, account numbers as BBAN, one debit for the batch.

Every file is checked against the schema that sepaxml ships before it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from lxml import etree

from almoner.formats.payments.letters import plain
from almoner.formats.payments.payment import Payer, Payment, check_payments, total_pence
from almoner.formats.pounds import pounds
from almoner.formats.refusals import FormatRefusal

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
SCHEMA = "pain.001.001.09.xsd"
MESSAGE_ID = re.compile(r"[A-Za-z0-9./\-]{1,33}")


class MessageIdRefused(FormatRefusal):
    """A message number the bank could not send back to us."""

    code = "MESSAGE-ID"


class CreatedAtRefused(FormatRefusal):
    """An instant of making that would be spelled differently elsewhere."""

    code = "CREATED-AT"


class NotValidForSchema(FormatRefusal):
    """A file that the schema of pain.001.001.09 refuses."""

    code = "NOT-VALID-PAIN001"


def write_pain001(
    payments: Sequence[Payment],
    payer: Payer,
    *,
    message_id: str,
    created_at: datetime,
    pay_on: date,
    service_level: str = "NURG",
) -> bytes:
    """The file as UTF-8 bytes: one batch with one transfer for each payment, in the order given.

    `message_id` up to 33 letters, digits, `.`, `/` or `-`; `created_at` local time without zone or fraction; `pay_on` the requested day;
    `service_level` the bank's code for the scheme (`NURG` for Bacs). The same arguments give the same bytes.
    Raises the refusals of `check_payments`, and MessageIdRefused, CreatedAtRefused or NotValidForSchema.
    """
    check_payments(payments, payer)
    if not MESSAGE_ID.fullmatch(message_id):
        raise MessageIdRefused(
            f"The message number '{message_id}' is not 1 to 33 letters, digits, '.', '/' or '-'.", "Use the run's reference."
        )
    if created_at.tzinfo is not None or created_at.microsecond:
        raise CreatedAtRefused(
            "The instant of making has a time zone or parts of a second.", "Give the council's local time in whole seconds."
        )
    document = _document()
    initiation = _add(document, "CstmrCdtTrfInitn")
    _group_header(initiation, payments, payer, message_id, created_at)
    batch = _batch(initiation, payments, payer, message_id, pay_on, service_level)
    for number, payment in enumerate(payments, start=1):
        _transfer(batch, number, payment)
    content = _bytes(document)
    _check_schema(content)
    return content


def _document() -> etree._Element:
    return etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})


def _group_header(parent: etree._Element, payments: Sequence[Payment], payer: Payer, message_id: str, created_at: datetime) -> None:
    header = _add(parent, "GrpHdr")
    _add(header, "MsgId", message_id)
    _add(header, "CreDtTm", created_at.isoformat())
    _totals(header, payments)
    _add(header, "InitgPty/Nm", plain(payer.name))


def _batch(
    parent: etree._Element, payments: Sequence[Payment], payer: Payer, message_id: str, pay_on: date, service_level: str
) -> etree._Element:
    batch = _add(parent, "PmtInf")
    _add(batch, "PmtInfId", f"{message_id}-1")
    _add(batch, "PmtMtd", "TRF")
    _add(batch, "BtchBookg", "true")
    _totals(batch, payments)
    _add(batch, "PmtTpInf/SvcLvl/Cd", service_level)
    _add(batch, "ReqdExctnDt/Dt", pay_on.isoformat())
    _add(batch, "Dbtr/Nm", plain(payer.name))
    account = _account(batch, "DbtrAcct", payer.account_number)
    _add(account, "Ccy", "GBP")
    _agent(batch, "DbtrAgt", payer.sort_code)
    _add(batch, "ChrgBr", "SHAR")
    return batch


def _transfer(batch: etree._Element, number: int, payment: Payment) -> None:
    transfer = _add(batch, "CdtTrfTxInf")
    reference = plain(payment.reference)
    ids = _add(transfer, "PmtId")
    _add(ids, "InstrId", str(number))
    _add(ids, "EndToEndId", reference)
    _add(transfer, "Amt/InstdAmt", pounds(payment.amount_pence)).set("Ccy", "GBP")
    _agent(transfer, "CdtrAgt", payment.sort_code)
    _add(transfer, "Cdtr/Nm", plain(payment.account_name)[:140])
    _account(transfer, "CdtrAcct", payment.account_number)
    _add(transfer, "RmtInf/Ustrd", reference)


def _totals(parent: etree._Element, payments: Sequence[Payment]) -> None:
    _add(parent, "NbOfTxs", str(len(payments)))
    _add(parent, "CtrlSum", pounds(total_pence(payments)))


def _account(parent: etree._Element, name: str, account_number: str) -> etree._Element:
    account = _add(parent, name)
    other = _add(account, "Id/Othr")
    _add(other, "Id", account_number)
    _add(other, "SchmeNm/Cd", "BBAN")
    return account


def _agent(parent: etree._Element, name: str, sort_code: str) -> None:
    member = _add(parent, f"{name}/FinInstnId/ClrSysMmbId")
    _add(member, "ClrSysId/Cd", "GBDSC")
    _add(member, "MmbId", sort_code)


def _add(parent: etree._Element, path: str, text: str | None = None) -> etree._Element:
    """A new element at `path` below `parent`, holding `text`; every step of the path is new."""
    element = parent
    for name in path.split("/"):
        element = etree.SubElement(element, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _bytes(document: etree._Element) -> bytes:
    content: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / SCHEMA).read_bytes()))


def _check_schema(content: bytes) -> None:
    """Validate what is about to leave, read back from its bytes. NotValidForSchema with the first complaint."""
    schema = _schema()
    if not schema.validate(etree.fromstring(content)):
        complaint = schema.error_log[0]
        raise NotValidForSchema(
            f"Line {complaint.line} of the file is not valid pain.001.001.09: {complaint.message}",
            "Correct the name or reference on that line; if it looks right, report it as a fault.",
        )
