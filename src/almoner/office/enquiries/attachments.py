"""Files sent with queries: kept as all files sent with words are."""

from almoner.office.furniture.attachments import MOST_ATTACHMENTS, MOST_BYTES, Sent, brings_nothing_new, checked_files

__all__ = ["MOST_ATTACHMENTS", "MOST_BYTES", "Sent", "brings_nothing_new", "checked_files"]
