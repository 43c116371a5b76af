"""What of the desk is public: every published and retracted check in its public form."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from onrecord.errors import MoveError
from onrecord.newsroom.corrections import Correction
from onrecord.newsroom.gate import SiteFacts, gate
from onrecord.newsroom.publication import DeskName, Publication, publication
from onrecord.newsroom.ratings import RatingScale
from onrecord.newsroom.review import Review
from onrecord.store import newsroom
from onrecord.store.newsroom import Stored
from onrecord.terms import ReviewState
from onrecord.web.access import Refused
from onrecord.web.office import Office

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["PUBLIC", "published", "published_lately", "published_one"]

PUBLIC = (ReviewState.PUBLISHED, ReviewState.RETRACTED)
# Public forms that are remembered: making one takes .6 ms, and feeds show thousands.
N_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class _Made:
    """What the public form of a check is made from; the digest and the number stand for the rest.

    Whoever corrects or retracts a check changes its digest, and a blacked-out correction its log.
    """

    digest: str
    site: SiteFacts
    scale: RatingScale
    desk: DeskName
    corrections: tuple[Correction, ...]
    review: Review = field(compare=False)


def published(
    office: Office,
    *,
    words: Sequence[str] = (),
    ids: Sequence[str] | None = None,
    limit: int = 100,
) -> tuple[Publication, ...]:
    """The public checks, the last published first; `words` and `ids` as in `with_states`."""
    stored = newsroom.with_states(office.engine, PUBLIC, words=words, ids=ids, limit=limit)
    logs = newsroom.corrections_of_all(office.engine, [one.review.id for one in stored])
    site = office.site()
    found = (_public(office, one, logs.get(one.review.id, ()), site) for one in stored)
    return tuple(one for one in found if one is not None)


def published_one(office: Office, review_id: str) -> tuple[Publication, str]:
    """A public check and the digest it is stored under.

    A draft and a check that never was get the same answer: `Refused` 404.
    """
    stored = newsroom.load(office.engine, review_id)
    made = None
    if stored is not None and stored.review.state in PUBLIC:
        log = newsroom.corrections_of(office.engine, review_id)
        made = _public(office, stored, log, office.site())
    if stored is None or made is None:
        raise Refused(404, "there is no such page")
    return made, stored.digest


def published_lately(office: Office, review_id: str) -> Publication:
    """`published_one` as it was at most two seconds ago, for what looks again before it counts.

    A reply is kept only where the check is published at that moment (`store.reply_intake`), so that
    a flood under one check need not have its public form looked up for every sender.
    """
    now = time.monotonic()
    known = _LATELY.setdefault(office.engine, {})
    before, made = known.get(review_id, (0.0, None))
    if made is None or now - before >= LATELY_SECONDS:
        made, _ = published_one(office, review_id)
        if len(known) >= N_REMEMBERED:
            known.clear()
        known[review_id] = (now, made)
    return made


LATELY_SECONDS = 2.0
_LATELY: WeakKeyDictionary[sa.Engine, dict[str, tuple[float, Publication | None]]] = (
    WeakKeyDictionary()
)


def _public(
    office: Office, stored: Stored, corrections: tuple[Correction, ...], site: SiteFacts
) -> Publication | None:
    desk = office.desk_name
    return _publication(_Made(stored.digest, site, office.scale, desk, corrections, stored.review))


@lru_cache(maxsize=N_REMEMBERED)
def _publication(made: _Made) -> Publication | None:
    try:
        return publication(
            made.review,
            gate=gate(made.review, scale=made.scale, site=made.site),
            corrections=made.corrections,
            scale=made.scale,
            desk=made.desk,
        )
    except MoveError:
        return None
