"""What reading gives: documents with ids of their own, and what had to be refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["Refused", "document_id"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that did not become a document, and why.

    `source` is the file, with the part of it after `#` where it has parts. `line` counts from 1,
    and is 0 where a line says nothing. `n_documents` is how many documents this stands for.
    `is_fault` is false for what was left out on purpose, such as the redirects of a wiki.
    """

    source: str
    line: int
    reason: str
    n_documents: int = 1
    is_fault: bool = True


def document_id(url_or_name: str, text: str) -> str:
    """The id of a document: 16 hexadecimal digits from its address, or file name, and its text.

    >>> document_id("https://example.org/a", "Rain fell.")
    'be216823da491136'
    """
    digest = hashlib.sha256(url_or_name.encode("utf-8", "replace"))
    digest.update(b"\0")
    digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    return digest.hexdigest()[:16]
