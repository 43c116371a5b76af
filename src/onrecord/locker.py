"""The evidence locker: a kept copy of every page and source that a published check cites.

A copy is a WARC record whose bytes are named by their SHA-256. `fill` fetches what is missing,
`verify` reads every copy again, `look_again` says what the cited pages have become.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.exceptions import ArchiveLoadFailed

from onrecord.errors import InputError, NetworkError, OnrecordError, StoreError
from onrecord.fetch import get
from onrecord.intake import is_address
from onrecord.keeping import Change, change_between
from onrecord.newsroom.review import Review
from onrecord.read import read
from onrecord.record import Capture
from onrecord.store import captures, lockers, newsroom
from onrecord.store.lockers import Held
from onrecord.terms import ReviewState

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.settings import FetchSettings
    from onrecord.store.captures import Kept

__all__ = [
    "Cited",
    "Copy",
    "Fault",
    "Locker",
    "State",
    "cited",
    "public_reviews",
]

MAX_REVIEWS = 10_000
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cited:
    """A page that a check cites: its address and the digest of the copy that its editors saw.

    One of the two may be empty. `role` is `page` for where the claim was made, else `source`.
    """

    role: str
    url: str
    digest: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A kept copy of a cited page; `later` ones were kept because the page had changed."""

    cited: Cited
    kept: Kept


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a check cites and that is not held, or not as it was; why in words."""

    review: str
    url: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """What a cited page has become since it was kept.

    `state` is `same`, `changed`, `gone` or `not_reached`; `change` shows the words of an article.
    """

    review: str
    url: str
    state: str
    reason: str = ""
    change: Change | None = None


def cited(review: Review, *, page_url: str = "") -> tuple[Cited, ...]:
    """What a review cites, each once: where the claim was made, then its sources.

    `page_url` is the address of the page in `review.record`; another address in the review is a
    page of its own.
    """
    content = review.content
    said_at = content.said_at if is_address(content.said_at) else ""
    rows: list[Cited] = []
    if review.record and said_at in {"", page_url}:
        rows.append(Cited("page", said_at, review.record, content.said_in))
    else:
        if review.record:
            rows.append(Cited("page", "", review.record, content.said_in))
        if said_at:
            rows.append(Cited("page", said_at, "", content.said_in))
    for source in content.sources:
        url = source.url if is_address(source.url) else ""
        if url or source.digest:
            rows.append(Cited("source", url, source.digest, source.title))
    unique = {(row.url, row.digest): row for row in reversed(rows)}
    return tuple(reversed(unique.values()))


def public_reviews(engine: sa.Engine) -> tuple[Review, ...]:
    """The published checks; a retracted one cites nothing in public any more."""
    stored = newsroom.with_states(engine, [ReviewState.PUBLISHED], limit=MAX_REVIEWS)
    return tuple(one.review for one in stored)


@dataclass(frozen=True, slots=True)
class Locker:
    """The locker of a data folder."""

    engine: sa.Engine
    folder: Path

    def cited(self, review: Review) -> tuple[Cited, ...]:
        """What a review cites; see `cited`."""
        page = captures.by_digest(self.engine, review.record) if review.record else None
        return cited(review, page_url=page.url if page else "")

    def copies(self, review: Review) -> tuple[Copy, ...]:
        """Every kept copy of what a review cites, those of one page by time."""
        known = lockers.held(self.engine, review.id)
        return tuple(copy for one in self.cited(review) for copy in self._copies(one, known))

    def _copies(self, one: Cited, known: Sequence[Held]) -> Iterator[Copy]:
        digests = [one.digest, *(row.digest for row in known if one.url and row.url == one.url)]
        for digest in dict.fromkeys(filter(None, digests)):
            rows = captures.with_digest(self.engine, digest)
            # Other addresses may have served the same bytes: the cited one comes first.
            row = next((row for row in reversed(rows) if row.url == one.url), None)
            if row is not None or rows:
                yield Copy(one, row or rows[-1])

    def fill(self, review: Review, *, fetch: FetchSettings, now: datetime) -> tuple[Fault, ...]:
        """Fetches and keeps what a review cites by address and has no copy; what failed, and why."""
        faults: list[Fault] = []
        rows: list[Held] = []
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        known = lockers.held(self.engine, review.id)
        for one in self.cited(review):
            if any(True for _ in self._copies(one, known)):
                continue
            if not one.url:
                faults.append(Fault(review.id, "", one.digest, "no copy and no address to ask"))
                continue
            try:
                kept = self._keep(get(one.url, settings=fetch, now=now))
            except StoreError:
                raise
            except OnrecordError as error:
                rows.append(Held(one.url, "", at, str(error)[:500]))
                faults.append(Fault(review.id, one.url, one.digest, str(error)))
                continue
            rows.append(Held(one.url, kept.digest, at))
            if one.digest and one.digest != kept.digest:
                told = "fetched now, but its editors saw other bytes, of which no copy is kept"
                faults.append(Fault(review.id, one.url, one.digest, told))
        if rows:
            lockers.add_held(self.engine, review.id, rows, now=at)
        return tuple(faults)

    def fill_quietly(self, review_id: str, *, fetch: FetchSettings, now: datetime) -> None:
        """`fill` after a publication: what fails is logged, and never undoes the publication."""
        try:
            stored = newsroom.load(self.engine, review_id)
            faults = self.fill(stored.review, fetch=fetch, now=now) if stored else ()
        except OnrecordError as error:
            logger.warning("the locker of review %s was not filled: %s", review_id, error)
            return
        for fault in faults:
            logger.warning("review %s cites %s: %s", review_id, fault.url, fault.reason)

    def verify(self, review: Review) -> tuple[int, tuple[Fault, ...]]:
        """How many copies were read and are as they were, and what is missing or altered."""
        n_good = 0
        faults: list[Fault] = []
        known = lockers.held(self.engine, review.id)
        for one in self.cited(review):
            copies = [*self._copies(one, known)]
            reasons = []
            for copy in copies:
                try:
                    self.load(copy.kept)
                    n_good += 1
                except StoreError as error:
                    reasons.append((copy.kept.digest, str(error)))
            if one.digest and one.digest not in {copy.kept.digest for copy in copies}:
                reasons.append((one.digest, "the copy that its editors saw is not kept"))
            elif not copies:
                why = next((row.fault for row in known if row.url == one.url and row.fault), "")
                reasons.append(("", f"no copy is kept{': ' + why if why else ''}"))
            faults += [Fault(review.id, one.url, digest, reason) for digest, reason in reasons]
        return n_good, tuple(faults)

    def load(self, kept: Kept) -> Capture:
        """A kept copy; `StoreError` when its bytes are gone, damaged or altered."""
        try:
            return captures.load(self.folder, kept)
        except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
            raise StoreError(
                f"the kept capture of {kept.url!r} in {kept.archive!r} cannot be read: {error}; "
                "restore the file from a backup"
            ) from error

    def _keep(self, capture: Capture) -> Kept:
        # A server may call its type what it likes; a WARC header takes ASCII alone.
        plain = "".join(sign if " " <= sign <= "~" else "?" for sign in capture.media_type)
        fetched = replace(capture, media_type=plain)
        return captures.keep(self.engine, self.folder, capture=fetched)

    def look_again(self, review: Review, *, fetch: FetchSettings, now: datetime) -> Iterator[State]:
        """What each cited page has become; a changed one is kept beside the first copy."""
        known = lockers.held(self.engine, review.id)
        for one in self.cited(review):
            copies = [*self._copies(one, known)]
            if one.url and copies:
                yield self._state(review.id, one, copies[-1].kept, fetch=fetch, now=now)

    def _state(
        self, review_id: str, one: Cited, kept: Kept, *, fetch: FetchSettings, now: datetime
    ) -> State:
        try:
            fresh = get(one.url, settings=fetch, now=now)
        except NetworkError as error:
            gone = any(f"answered {code} " in str(error) for code in (404, 410))
            return State(review_id, one.url, "gone" if gone else "not_reached", str(error))
        except (OnrecordError, InputError) as error:
            return State(review_id, one.url, "not_reached", str(error))
        before = self.load(kept)
        if fresh.body == before.body:
            return State(review_id, one.url, "same")
        try:
            change = change_between(read(before), read(fresh), retrieved=kept.retrieved)
        except InputError:  # no page that can be read: its bytes are all there is to compare
            change = None
        if change is not None and not change.removed and not change.added:
            return State(review_id, one.url, "same")
        later = self._keep(fresh)
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        lockers.add_held(self.engine, review_id, [Held(one.url, later.digest, at)], now=at)
        return State(review_id, one.url, "changed", change=change)
