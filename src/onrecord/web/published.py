"""What of the desk is public: every published and retracted check in its public form."""

from __future__ import annotations

from onrecord.errors import MoveError
from onrecord.newsroom.gate import gate
from onrecord.newsroom.publication import Publication, publication
from onrecord.store import newsroom
from onrecord.store.newsroom import Stored
from onrecord.terms import ReviewState
from onrecord.web.access import Refused
from onrecord.web.office import Office

__all__ = ["PUBLIC", "published", "published_one"]

PUBLIC = (ReviewState.PUBLISHED, ReviewState.RETRACTED)


def published(office: Office, *, limit: int = 100) -> tuple[Publication, ...]:
    """The public checks, the last published first."""
    stored = newsroom.with_states(office.engine, PUBLIC, limit=limit)
    return tuple(made for one in stored if (made := _public(office, one)) is not None)


def published_one(office: Office, review_id: str) -> tuple[Publication, str]:
    """A public check and the digest it is stored under.

    A draft and a check that never was get the same answer: `Refused` 404.
    """
    stored = newsroom.load(office.engine, review_id)
    made = _public(office, stored) if stored is not None else None
    if stored is None or made is None:
        raise Refused(404, "there is no such page")
    return made, stored.digest


def _public(office: Office, stored: Stored) -> Publication | None:
    try:
        return publication(
            stored.review,
            gate=gate(stored.review, scale=office.scale, site=office.site()),
            corrections=newsroom.corrections_of(office.engine, stored.review.id),
            scale=office.scale,
            desk=office.desk_name,
        )
    except MoveError:
        return None
