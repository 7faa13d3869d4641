"""The only writer of users, accesses, links and tokens."""

from almoner.office.accounts.operations.accesses import change_access, confirm_access, end_access, give_access
from almoner.office.accounts.operations.choices import choose_columns, choose_display, choose_emails
from almoner.office.accounts.operations.links import LINK_LASTS, make_link, start_over, use_link
from almoner.office.accounts.operations.notes import note_refusal, note_search, note_sign_in, note_token_use, note_use
from almoner.office.accounts.operations.tokens import MOST_TOKENS, TOKEN_LASTS, make_token, withdraw_token

__all__ = [
    "LINK_LASTS", "MOST_TOKENS", "TOKEN_LASTS", "change_access", "choose_columns", "choose_display", "choose_emails", "confirm_access",
    "end_access", "give_access", "make_link", "make_token",
    "note_refusal", "note_search", "note_sign_in", "note_token_use", "note_use", "start_over", "use_link", "withdraw_token",
]  # fmt: skip
