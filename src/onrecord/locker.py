"""The evidence locker: a kept copy of every page and source that a published check cites.

A copy is a WARC record whose bytes are named by their SHA-256. `fill` fetches what is missing,
`verify` reads every copy again, `look_again` says what the cited pages have become and leaves a
notice on the desk about each that is not as it was. Hosts are asked with a pause, servers whether a
page has changed since the last time.
"""

from __future__ import annotations

import contextlib
import logging
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.exceptions import ArchiveLoadFailed

from onrecord.errors import InputError, NetworkError, OnrecordError, StoreError, TooLargeError
from onrecord.fetch import Validators, get_changed
from onrecord.intake import is_address
from onrecord.keeping import Change, change_between
from onrecord.newsroom.review import Review
from onrecord.pauses import Pauses
from onrecord.read import read
from onrecord.record import Capture, Page
from onrecord.store import captures, lockers, newsroom, notices
from onrecord.store.lockers import Asked, Held
from onrecord.store.notices import Notice
from onrecord.terms import ReviewState
from onrecord.verbatim import found_in, sought

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.settings import FetchSettings
    from onrecord.store.captures import Kept

__all__ = [
    "Cited",
    "Copy",
    "Exported",
    "Fault",
    "Locker",
    "State",
    "cited",
    "public_reviews",
]

MAX_REVIEWS = 10_000
# After a failure an address is left alone, twice as long each time.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=7)
# Failures in a row, an hour and more apart, after which the desk is told.
FAILURES_TOLD = 3
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
class Exported:
    """A WACZ file with the number of copies in it, and what is not in it and why."""

    body: bytes
    n_copies: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a cited page has become since it was kept.

    `state` is `same`, `changed`, `gone` or `not_reached`; `change` shows the words of an article.
    `first_seen` is when the desk first saw it so (ISO 8601, UTC), empty where it is as it was.
    """

    review: str
    url: str
    state: str
    reason: str = ""
    change: Change | None = None
    first_seen: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an address answered.

    `state` is `fetched` with a capture, `unchanged` where it is as the kept capture `digest`, or
    `gone` or `not_reached` with a reason.
    """

    state: str
    reason: str = ""
    capture: Capture | None = None
    validators: Validators = field(default_factory=Validators)
    digest: str = ""


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
    """The locker of a data folder; `pauses` lie between two requests to one host."""

    engine: sa.Engine
    folder: Path
    pauses: Pauses = field(default_factory=Pauses)

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
        # A page that was set back to older words has them as its newest copy.
        for digest in reversed(dict.fromkeys(filter(None, reversed(digests)))):
            rows = captures.with_digest(self.engine, digest)
            # Other addresses may have served the same bytes: the cited one comes first.
            row = next((row for row in reversed(rows) if row.url == one.url), None)
            if row is not None or rows:
                yield Copy(one, row or rows[-1])

    def fill(self, review: Review, *, fetch: FetchSettings, now: datetime) -> tuple[Fault, ...]:
        """Fetches and keeps what a review cites by address and has no copy; what failed, and why."""
        faults: list[Fault] = []
        known = lockers.held(self.engine, review.id)
        for one in self.cited(review):
            if any(True for _ in self._copies(one, known)):
                continue
            if not one.url:
                faults.append(Fault(review.id, "", one.digest, "no copy and no address to ask"))
                continue
            answer = self._ask(lockers.asked(self.engine, one.url), fetch=fetch, now=now)
            self._hold(review, one.url, answer, now=now)
            if answer.reason:
                faults.append(Fault(review.id, one.url, one.digest, answer.reason))
            elif one.digest and captures.by_digest(self.engine, one.digest) is None:
                told = "fetched now, but its editors saw other bytes, of which no copy is kept"
                faults.append(Fault(review.id, one.url, one.digest, told))
        return tuple(faults)

    def fill_quietly(self, review_id: str, *, fetch: FetchSettings, now: datetime) -> None:
        """`fill` after a publication or a correction: what fails is logged and undoes neither."""
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

    def exported(self, reviews: Sequence[Review], *, site: str, max_bytes: int) -> Exported:
        """The copies of checks as one WACZ file, each copy once; `site` is the desk's own address.

        Copies that cannot be read are left out and named. Raises `InputError` above `max_bytes`.
        """
        from onrecord.wacz import Archived, wacz

        rows: dict[tuple[str, str], Archived] = {}
        faults: list[Fault] = []
        n_bytes = 0
        for review in reviews:
            faults += self.verify(review)[1]
            for copy in self.copies(review):
                key = copy.kept.url, copy.kept.digest
                if key in rows:
                    continue
                with contextlib.suppress(StoreError):  # named by `verify`
                    rows[key] = Archived(self.load(copy.kept), copy.cited.title)
                    n_bytes += len(rows[key].capture.body)
                if n_bytes > max_bytes:
                    raise TooLargeError(
                        f"the copies have more than {max_bytes} bytes; export checks one by one "
                        "with 'onrecord locker export'"
                    )
        only = reviews[0] if len(reviews) == 1 else None
        addresses = [f"{site.rstrip('/')}/checks/{review.id}" for review in reviews]
        title = only.content.title or only.content.claim if only else "Evidence locker"
        cites = f"the check {addresses[0]} cites" if only else f"{len(reviews)} checks cite"
        times = [row.capture.retrieved or "" for row in rows.values()]
        created = max([*times, *(review.published for review in reviews)], default="")
        body = wacz([*rows.values()], title=title, description=f"What {cites}.", created=created)
        return Exported(body, len(rows), tuple(faults))

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
        """What each cited page has become; a changed one is kept beside the first copy.

        Each is told on the desk once, and taken off when a page that was gone is there again.
        """
        known = lockers.held(self.engine, review.id)
        for one in self.cited(review):
            copies = [*self._copies(one, known)]
            if one.url and copies:
                answer = self._ask(lockers.asked(self.engine, one.url), fetch=fetch, now=now)
                yield self._state(review, copies[-1], answer, now=now)

    def look_at(
        self, url: str, reviews: Sequence[Review], *, fetch: FetchSettings, now: datetime
    ) -> tuple[State, ...]:
        """What one address has become for each of the reviews that cite it; asked once.

        A check that has no copy of it gets what it answers now.
        """
        answer = self._ask(lockers.asked(self.engine, url), fetch=fetch, now=now)
        found = []
        for review in reviews:
            known = lockers.held(self.engine, review.id)
            for one in self.cited(review):
                if one.url != url:
                    continue
                copies = [*self._copies(one, known)]
                if copies:
                    found.append(self._state(review, copies[-1], answer, now=now))
                else:
                    self._hold(review, url, answer, now=now)
        return tuple(found)

    def _hold(self, review: Review, url: str, answer: _Answer, *, now: datetime) -> None:
        """Keeps what an address answered as the first copy for a check, or why there is none."""
        digest = answer.digest
        if answer.capture is not None:
            digest = self._keep(answer.capture).digest
            self._has_answered(url, answer, digest, now=now)
        row = Held(url, digest, _at(now), "" if digest else answer.reason[:500])
        lockers.add_held(self.engine, review.id, [row], now=_at(now))

    def _ask(self, last: Asked, *, fetch: FetchSettings, now: datetime) -> _Answer:
        """Asks an address for what has changed since the last time; failures are counted."""
        self.pauses.wait(last.url)
        # Without the copy that they belong to, validators say nothing.
        is_kept = bool(last.digest) and captures.by_digest(self.engine, last.digest) is not None
        validators = Validators(last.etag, last.last_modified) if is_kept else Validators()
        try:
            got = get_changed(last.url, settings=fetch, now=now, validators=validators)
        except StoreError:
            raise
        except OnrecordError as error:
            codes = (404, 410) if isinstance(error, NetworkError) else ()
            gone = any(f"answered {code} " in f"{error} " for code in codes)
            n = last.n_failed + 1
            pause = min(FIRST_PAUSE * 2 ** min(n - 1, 10), LONGEST_PAUSE)
            failed = replace(last, at=_at(now), n_failed=n, not_before=_at(now + pause))
            lockers.keep_asked(self.engine, failed)
            return _Answer("gone" if gone else "not_reached", str(error))
        if got is None:
            self._has_answered(last.url, _Answer("", validators=validators), last.digest, now=now)
            return _Answer("unchanged", digest=last.digest)
        return _Answer("fetched", capture=got.capture, validators=got.validators)

    def _has_answered(self, url: str, answer: _Answer, digest: str, *, now: datetime) -> None:
        """Remembers that the page reads as a kept capture does, with its server's validators."""
        said = answer.validators
        row = Asked(url, _at(now), said.etag[:500], said.last_modified[:100], digest)
        lockers.keep_asked(self.engine, row)

    def _state(self, review: Review, copy: Copy, answer: _Answer, *, now: datetime) -> State:
        """What an answer means for one check, told on the desk where it is news."""
        url, kept, at = copy.cited.url, copy.kept, _at(now)
        if answer.state in {"gone", "not_reached"}:
            state = State(review.id, url, answer.state, answer.reason)
            is_told = (
                answer.state == "gone" or lockers.asked(self.engine, url).n_failed >= FAILURES_TOLD
            )
            return self._told(state, kept, version=kept.digest, at=at) if is_told else state
        notices.end(self.engine, url, review=review.id, now=at)
        if answer.digest == kept.digest:
            return State(review.id, url, "same")
        fresh = answer.capture or self._kept(answer.digest)
        change, reason = self._compared(review, copy, fresh)
        if change is not None and not change.removed and not change.added:
            if answer.capture:
                self._has_answered(url, answer, kept.digest, now=now)
            return State(review.id, url, "same")
        later = self._keep(fresh) if answer.capture else kept
        digest = later.digest if answer.capture else answer.digest
        if answer.capture:
            self._has_answered(url, answer, digest, now=now)
        lockers.add_held(self.engine, review.id, [Held(url, digest, at)], now=at)
        state = State(review.id, url, "changed", reason, change)
        return self._told(state, kept, version=digest, at=at)

    def _compared(self, review: Review, copy: Copy, fresh: Capture) -> tuple[Change | None, str]:
        """The change of the article, and whether quoted words are lost; no change: the same bytes.

        `None` where one of the two is no page that can be read: its bytes are all there is.
        """
        before = self.load(copy.kept)
        if fresh.body == before.body:
            return Change(copy.kept.retrieved, (), (), has_correction=False), ""
        try:
            old, new = read(before), read(fresh)
        except InputError:
            return None, "its bytes are others now"
        lost = _lost_words(review, copy.cited.url, old, new)
        reason = f"words that the check quotes stand there no more: “{lost}”" if lost else ""
        return change_between(old, new, retrieved=copy.kept.retrieved), reason

    def _told(self, state: State, kept: Kept, *, version: str, at: str) -> State:
        """The state with the time at which it was first seen, after the desk was told of it."""
        change = state.change
        notice = Notice(
            state.state,
            state.url,
            state.review,
            version,
            at,
            at,
            before=kept.retrieved,
            removed=change.removed if change else (),
            added=change.added if change else (),
            has_correction=bool(change and change.has_correction),
            reason=state.reason.partition("; ")[0][:500],
        )
        notices.tell(self.engine, [notice])
        known = notices.load(self.engine, notice.id)
        return replace(state, first_seen=known.first_seen if known else at)

    def _kept(self, digest: str) -> Capture:
        kept = captures.by_digest(self.engine, digest)
        if kept is None:
            raise StoreError(f"no kept capture has the SHA-256 {digest}; restore a backup")
        return self.load(kept)


def _lost_words(review: Review, url: str, old: Page, new: Page) -> str:
    """Words that the check quotes from an address and that only its earlier page has."""
    before, after = sought(old.text), sought(new.text)
    for source in review.content.sources:
        quote = source.quote.strip()
        is_lost = bool(quote) and source.url == url and found_in(quote, before) is not None
        if is_lost and found_in(quote, after) is None:
            return quote[:200]
    return ""


def _at(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")
