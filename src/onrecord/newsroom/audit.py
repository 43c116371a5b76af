"""The log of every act on the desk, chained by digests.

Each entry holds the digest of the one before it and of what it is about, never the text itself:
a text can be erased or blacked out, and the chain still proves that no entry was changed, taken
out or put in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["GENESIS", "AuditEntry", "Broken", "audited", "broken"]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: who did what to what, when; `content` is the digest of what resulted or empty.

    `digest` is the SHA-256 over all other fields, `previous` that of the entry before.
    """

    number: int
    at: str
    account: str
    act: str
    target: str
    content: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the entry's number, and what was found and expected."""

    number: int
    found: str


def audited(
    last: AuditEntry | None, *, at: str, account: str, act: str, target: str, content: str = ""
) -> AuditEntry:
    """The entry that follows `last`, or the first one."""
    number = last.number + 1 if last else 1
    previous = last.digest if last else GENESIS
    digest = _digest(number, at, account, act, target, content, previous)
    return AuditEntry(number, at, account, act, target, content, previous, digest)


def broken(entries: Iterable[AuditEntry]) -> tuple[Broken, ...]:
    """Every place where the chain does not hold, in order; nothing when it does.

    Entries come by number. A cut end is not seen from inside: keep the last digest elsewhere.
    """
    found: list[Broken] = []
    number, previous = 1, GENESIS
    for entry in entries:
        if entry.number != number:
            found.append(Broken(entry.number, f"expected entry {number}"))
        if entry.previous != previous:
            found.append(Broken(entry.number, "it does not follow the entry before it"))
        fields = (entry.number, entry.at, entry.account, entry.act, entry.target, entry.content)
        if entry.digest != _digest(*fields, entry.previous):
            found.append(Broken(entry.number, "its digest is not that of its fields"))
        number, previous = entry.number + 1, entry.digest
    return tuple(found)


def _digest(*fields: object) -> str:
    return hashlib.sha256(
        json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ).hexdigest()
