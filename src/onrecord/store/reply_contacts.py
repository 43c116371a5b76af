"""How the writer of a reply can be reached: sealed, found by keyed digests, read by one function.

The e-mail is sealed with a key made from the data folder's secret; a copy of the database without
that file tells nobody an address. A writer is found again by a keyed digest of the e-mail, or of
name and network where no e-mail was given.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import sqlalchemy as sa

from onrecord.errors import StoreError
from onrecord.newsroom.replies import Incoming
from onrecord.store.tables import reply_contacts

__all__ = ["Contact", "contact_of", "contact_row", "receipt", "reply_of_receipt", "writer"]


@dataclass(frozen=True, slots=True)
class Contact:
    """What is kept of how to reach a writer; empty where nothing was given or its days are over."""

    email: str = ""
    address: str = ""  # cut to /24 or /48


def contact_of(engine: sa.Engine, key: bytes, *, reply: str) -> Contact:
    """The contact of a reply's writer: the only function that reads one.

    Raises `StoreError` when the e-mail was sealed with another key.
    """
    query = sa.select(reply_contacts.c.email, reply_contacts.c.address)
    with engine.connect() as connection:
        row = connection.execute(query.where(reply_contacts.c.reply == reply)).first()
    if row is None:
        return Contact()
    return Contact(_opened(key, row.email, reply=reply) if row.email else "", row.address)


def contact_row(key: bytes, incoming: Incoming, *, reply: str, at: str) -> dict[str, str] | None:
    """The row of a new reply's contact, its e-mail sealed; nothing to keep, no row."""
    if not incoming.email and not incoming.sender:
        return None
    return {
        "reply": reply,
        "email": _sealed(key, incoming.email, reply=reply) if incoming.email else "",
        "email_key": writer_of(key, incoming),
        "address": incoming.sender,
        "at": at,
    }


def writer(key: bytes, email: str) -> str:
    """The keyed digest that finds all replies sent with an e-mail; never shown to anybody.

    Spaces around it and capitals do not count.
    """
    return _keyed(key, "email", email.strip().casefold())


def writer_of(key: bytes, incoming: Incoming) -> str:
    """The keyed digest of a reply's writer: by e-mail, else by name and network, else empty."""
    if incoming.email:
        return writer(key, incoming.email)
    if incoming.sender:
        return _keyed(key, "name", f"{incoming.name.casefold()}\x00{incoming.sender}")
    return ""


def receipt(key: bytes, reply: str) -> str:
    """What a writer without e-mail keeps to have this one reply exported or erased later.

    Shown once, after sending; whoever has it may act for the writer of that reply.
    """
    return f"{reply}-{_keyed(key, 'receipt', reply)[:32]}"


def reply_of_receipt(key: bytes, given: str) -> str | None:
    """The id of the reply that a receipt is for; `None` when it is not one of ours."""
    reply, _, _ = given.strip()[:200].partition("-")
    expected = receipt(key, reply).encode("utf-8", "replace")
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), expected)
    return reply if same else None


def _keyed(key: bytes, purpose: str, about: str) -> str:
    return hmac.new(
        key, f"reply {purpose}:{about}".encode("utf-8", "replace"), "sha256"
    ).hexdigest()


def _seal(key: bytes) -> bytes:
    """The sealing key: another one than what signs forms, from the same secret."""
    return hmac.new(key, b"reply contact sealing", hashlib.sha256).digest()


def _sealed(key: bytes, email: str, *, reply: str) -> str:
    """AES-256-GCM, bound to the reply, so that a sealed address cannot be moved to another row."""
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    box = nonce + AESGCM(_seal(key)).encrypt(nonce, email.encode(), reply.encode())
    return base64.b64encode(box).decode()


def _opened(key: bytes, box: str, *, reply: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        plain = base64.b64decode(box, validate=True)
        return AESGCM(_seal(key)).decrypt(plain[:12], plain[12:], reply.encode()).decode()
    except (InvalidTag, ValueError):
        raise StoreError(
            f"the address of reply {reply!r} does not open with this data folder's key; restore "
            "'desk.key' from the backup that the database came from"
        ) from None
