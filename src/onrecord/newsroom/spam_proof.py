"""The proof that a reply comes from a form of ours: a signed time and a token that is used once.

One string, `time.token.signature`, goes out with each form and comes back with the reply. Nothing
is kept of forms that nobody sends; a sent token is kept as a digest until it would be too old.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["MAX_SECONDS", "MIN_SECONDS", "Proof", "ProofState", "new_proof", "read_proof"]

# Nobody reads a form, types a reply and sends it in less; the fastest of WordPress' plug-ins for
# this ask for 3 to 5 seconds.
MIN_SECONDS = 3
# A tab left open overnight is common, one of three days is not.
MAX_SECONDS = 3 * 24 * 3_600


class ProofState(StrEnum):
    """How the proof of a form stands."""

    GOOD = "good"
    MISSING = "missing"  # none came, as from a script
    FORGED = "forged"  # not signed by this desk, or for another check
    FAST = "fast"  # sent sooner than a person types
    OLD = "old"  # older than a form is good for
    USED = "used"  # came once before


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was read; `digest` names its token in the store, empty where there is none."""

    state: ProofState
    digest: str = ""


def new_proof(key: bytes, review: str, *, now: datetime) -> str:
    """A fresh proof for a form under a check."""
    stamp, token = format(int(now.timestamp()), "x"), secrets.token_hex(12)
    return f"{stamp}.{token}.{_signature(key, review, stamp, token)}"


def read_proof(key: bytes, proof: str, *, review: str, now: datetime) -> Proof:
    """How a proof stands at `now`; whether its token was used is for the store to say."""
    if not proof:
        return Proof(ProofState.MISSING)
    stamp, _, rest = proof[:200].partition(".")
    token, _, signature = rest.partition(".")
    expected = _signature(key, review, stamp, token)
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
        return Proof(ProofState.FORGED)
    digest = hashlib.sha256(token.encode()).hexdigest()
    age = now.timestamp() - int(stamp, 16)
    if age < MIN_SECONDS:
        return Proof(ProofState.FAST, digest)
    return Proof(ProofState.OLD if age > MAX_SECONDS else ProofState.GOOD, digest)


def _signature(key: bytes, review: str, stamp: str, token: str) -> str:
    about = f"reply form\x00{review}\x00{stamp}\x00{token}"
    return hmac.new(key, about.encode("utf-8", "replace"), "sha256").hexdigest()
