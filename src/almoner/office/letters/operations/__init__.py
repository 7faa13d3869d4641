"""The only writer of letters, and who sends them."""

from almoner.office.letters.operations.sending import Posted, post_soon, send_letters
from almoner.office.letters.operations.writing import MOST_APIECE, Written, write_letters

__all__ = ["MOST_APIECE", "Posted", "Written", "post_soon", "send_letters", "write_letters"]
