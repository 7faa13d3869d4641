"""The only writers of claims: answers of funders, answers and settlements of the council, invoices."""

from almoner.office.claims.operations.answering import agree_receipts, answer_dispute, dispute_receipt, reply_to_dispute, settle_dispute
from almoner.office.claims.operations.invoicing import make_invoice
from almoner.office.claims.operations.paying import record_payment, take_back_payment
from almoner.office.claims.operations.references import name_line

__all__ = [
    "agree_receipts", "answer_dispute", "dispute_receipt", "make_invoice", "name_line", "record_payment", "reply_to_dispute",
    "settle_dispute", "take_back_payment",
]  # fmt: skip
