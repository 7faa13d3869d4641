"""The only writers of change orders, limits and bank details: one person proposes, another puts it in force."""

from almoner.office.changes.operations.bank_details import enter_account, send_account_back, verify_account
from almoner.office.changes.operations.limits import set_limit
from almoner.office.changes.operations.orders import authorise_change, propose_change, send_back_change

__all__ = [
    "authorise_change", "enter_account", "propose_change", "send_account_back", "send_back_change", "set_limit", "verify_account",
]  # fmt: skip
