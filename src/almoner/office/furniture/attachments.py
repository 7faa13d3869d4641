"""Files sent with words: how many, how large and of which kinds are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from almoner.office.journal.refusals import Refusal

MOST_ATTACHMENTS, MOST_BYTES = 5, 10 * 1024 * 1024
KEPT = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain", "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "eml": "message/rfc822",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
"""Kinds of files that are kept, by the end of their name. They are handed out as downloads and never opened."""


class AttachmentRefused(Refusal):
    """A file that is not kept: too big, of another kind than pictures, PDF, text and tables, or too many."""

    code = "ATTACHMENT"


@dataclass(frozen=True)
class Sent:
    """A file sent with a message."""

    name: str
    content: bytes


def checked_files(files: Sequence[Sent]) -> list[dict[str, Any]]:
    """The cells of each file's row: name, media_type, size_bytes, sha256, content. Raises AttachmentRefused."""
    if len(files) > MOST_ATTACHMENTS:
        raise AttachmentRefused(f"You sent {len(files)} files.", f"Send {MOST_ATTACHMENTS} or fewer with one message.")
    return [_checked(sent) for sent in files]


def brings_nothing_new(files: Sequence[Mapping[str, Any]], kept: Collection[str]) -> bool:
    """Whether every file (`checked_files`) is kept already, by its SHA-256: the same words with another file are not the same press."""
    return all(file["sha256"] in kept for file in files)


def _checked(sent: Sent) -> dict[str, Any]:
    end = sent.name.rpartition(".")[2].lower()
    if end not in KEPT:
        raise AttachmentRefused(f"{sent.name} is of a kind that is not kept.", f"Send one of: {', '.join(sorted(KEPT))}.")
    if len(sent.content) > MOST_BYTES:
        raise AttachmentRefused(f"{sent.name} is {len(sent.content) // 1024 // 1024} MB.", "The most is 10 MB.")
    digest = hashlib.sha256(sent.content).hexdigest()
    return {"name": sent.name, "media_type": KEPT[end], "size_bytes": len(sent.content), "sha256": digest, "content": sent.content}
