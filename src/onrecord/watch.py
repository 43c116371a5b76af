"""Watches feeds: new pages become jobs of the desk, known ones are looked at again.

A feed is asked for what has changed (ETag, Last-Modified), hosts are asked one page at a time with
a pause, and what fails is left alone for longer each time. A page comes once: its address is looked
up among kept captures and jobs. A silent edit, and a page that was taken off, is told on the desk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.errors import NetworkError, OnrecordError, StoreError
from onrecord.fetch import Fetched, Validators, get_changed
from onrecord.keeping import Change, change_between
from onrecord.newsfeeds import Entry, feed
from onrecord.pauses import Pauses
from onrecord.read import read
from onrecord.sightings import remember_quietly, texts_of
from onrecord.store import captures, jobs, library, notices, records, watching
from onrecord.store.notices import Notice

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.compose import Desk
    from onrecord.store.captures import Kept

__all__ = ["Edited", "Fault", "New", "Rounds", "Seen", "Watcher"]

MAX_MAPS = 50  # site maps of an index, the newest first
MAX_TRIES = 4  # of a page whose job failed
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=24)  # after a failure
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class New:
    """A page that was not seen before; `is_again` marks one whose reading failed before."""

    url: str
    title: str
    changed: str
    feed: str
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A page whose article reads otherwise than when it was kept."""

    url: str
    change: Change


@dataclass(frozen=True, slots=True)
class Fault:
    """A feed or page that could not be had or read, and why; `is_gone` for a page that was taken off."""

    url: str
    reason: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The end of a round, in counts.

    `n_resting` feeds and pages failed before and were not asked; `n_refused` entries had no address that may
    be fetched; `n_again` known pages were looked at again.
    """

    n_feeds: int
    n_unchanged: int
    n_resting: int
    n_known: int
    n_refused: int
    n_again: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """How to watch.

    `most_new`: pages taken from one feed in one round, the rest in the next. `again_days`: pages
    first kept in the last so many days are looked at again; 0: none. `pause_seconds` between two
    requests to one host. `is_queued` false: new pages are only told.
    """

    most_new: int = 200
    again_days: float = 0.0
    pause_seconds: float = 2.0
    is_queued: bool = True


@dataclass(slots=True)
class Watcher:
    """Watches feeds for a desk: `round` looks at each once."""

    desk: Desk
    folder: Path
    engine: sa.Engine
    rounds: Rounds
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    _told: set[str] = field(default_factory=set)
    _pauses: Pauses = field(init=False)

    def __post_init__(self) -> None:
        self._pauses = Pauses(self.rounds.pause_seconds, self.sleep)

    def round(self, feeds: Sequence[str]) -> Iterator[New | Edited | Fault | Seen]:
        """Looks at each feed once, then at known pages; the last given is a `Seen`."""
        n_unchanged = n_resting = n_known = n_refused = n_again = 0
        for url in dict.fromkeys(feeds):
            if watching.failures(self.engine, url).not_before > self._now():
                n_resting += 1
                continue
            try:
                for found in self._of_feed(url, depth=0):
                    if isinstance(found, New | Fault):
                        yield found
                    else:
                        n_unchanged += found[0]
                        n_known += found[1]
                        n_refused += found[2]
            except StoreError:
                raise
            except OnrecordError as error:
                self._has_failed(url)
                yield Fault(url, str(error))
                continue
            watching.keep_failures(self.engine, url, watching.Failures(), now=self._now())
        if self.rounds.is_queued:
            yield from self._tried_again()
        for page in self._recent() if self.rounds.again_days else ():
            if watching.failures(self.engine, page.url).not_before > self._now():
                n_resting += 1
                continue
            n_again += 1
            seen = self._look_again(page)
            if seen is not None:
                yield seen
        yield Seen(len(feeds), n_unchanged, n_resting, n_known, n_refused, n_again)

    def _of_feed(self, url: str, *, depth: int) -> Iterator[New | Fault | tuple[int, int, int]]:
        """The new pages of a feed, and counts: unchanged feeds, known pages, refused entries."""
        fetched = self._fetched(url)
        if fetched is None:
            yield 1, 0, 0
            return
        listed = feed(fetched.capture, ports=self.desk.settings.fetch.ports)
        there = watching.known(self.engine, (entry.url for entry in listed.entries)) | self._told
        new = [entry for entry in listed.entries if entry.url not in there]
        yield 0, len(listed.entries) - len(new), listed.n_refused
        for entry in new[: self.rounds.most_new]:
            yield self._take(entry, url)
        is_whole = len(new) <= self.rounds.most_new
        if depth == 0:
            newest = sorted(listed.maps, key=lambda one: one.changed, reverse=True)
            for one in newest[:MAX_MAPS]:
                try:
                    yield from self._of_feed(one.url, depth=1)
                except StoreError:
                    raise
                except OnrecordError as error:
                    is_whole = False
                    yield Fault(one.url, str(error))
        # Only when all was taken: what is left must not hide behind "not changed". An index says
        # nothing of its maps, which are asked each time under their own validators.
        if is_whole and not listed.maps and self.rounds.is_queued:
            self._keep_validators(url, fetched)

    def _take(self, entry: Entry, of: str) -> New:
        self._told.add(entry.url)
        if self.rounds.is_queued:
            jobs.add(self.engine, "address", entry.url, account=watching.WATCHER, now=self._now())
        return New(entry.url, entry.title, entry.changed, of)

    def _tried_again(self) -> Iterator[New]:
        """Pages whose reading failed, queued once more after a pause that doubles."""
        for url, n, last in watching.failed_pages(self.engine):
            if n < MAX_TRIES and _later(last, FIRST_PAUSE * 4**n) <= self._now():
                jobs.add(self.engine, "address", url, account=watching.WATCHER, now=self._now())
                yield New(url, "", "", "", is_again=True)

    def _recent(self) -> tuple[Kept, ...]:
        since = self.clock() - timedelta(days=self.rounds.again_days)
        return watching.recent(self.engine, since=since.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _look_again(self, kept: Kept) -> Edited | Fault | None:
        """What became of a page since it was kept; `None` where its article reads the same.

        The new version is kept only where the article differs: a page's frame changes every hour.
        """
        try:
            fetched = self._fetched(kept.url)
            found = self._edited(kept, fetched) if fetched is not None else None
        except StoreError:
            raise
        except OnrecordError as error:
            self._has_failed(kept.url)
            told = str(error)
            is_gone = isinstance(error, NetworkError) and any(
                f"answered {code}" in told for code in (404, 410)
            )
            # A page that was taken off is told once, until it is there again.
            is_news = not is_gone or self._tell(
                Notice(
                    "gone",
                    kept.url,
                    "",
                    kept.digest,
                    "",
                    "",
                    kept.retrieved,
                    reason=told.partition(";")[0],
                )
            )
            return Fault(kept.url, told, is_gone=is_gone) if is_news else None
        if watching.failures(self.engine, kept.url).n:
            watching.keep_failures(self.engine, kept.url, watching.Failures(), now=self._now())
            notices.end(self.engine, kept.url, review="", now=self._now())
        # Last, so that after a kill the server is asked for the whole page again.
        if fetched is not None:
            self._keep_validators(kept.url, fetched)
        return found

    def _edited(self, kept: Kept, fetched: Fetched) -> Edited | None:
        """The edit of a page that answered, kept and told on the desk."""
        # A redirect must not make two pages of one: it is kept under the address that is known.
        capture = replace(fetched.capture, url=kept.url)
        before = captures.load(self.folder, kept)
        if capture.body == before.body:
            return None
        change = change_between(read(before), read(capture), retrieved=kept.retrieved)
        if not change.removed and not change.added:
            return None
        record = self.desk.check(capture)
        # Told before the new words are kept: after a kill they would be no edit any more.
        digest = record.page.digest
        edit = Notice("edited", kept.url, "", digest, "", "", kept.retrieved, record=digest)
        self._tell(
            replace(
                edit,
                removed=change.removed,
                added=change.added,
                has_correction=change.has_correction,
            )
        )
        self.desk.keep(capture, record)
        records.project(self.engine, record, now=self._now())
        remember_quietly(self.engine, self.folder, texts_of(capture), seen=self._now())
        return Edited(kept.url, change)

    def _tell(self, notice: Notice) -> bool:
        """Leaves a notice on the desk; whether it is news."""
        at = self._now()
        return bool(notices.tell(self.engine, [replace(notice, first_seen=at, last_seen=at)]))

    def _fetched(self, url: str) -> Fetched | None:
        self._pauses.wait(url)
        state = library.feed_state(self.engine, url)
        return get_changed(
            url,
            settings=self.desk.settings.fetch,
            now=self.clock(),
            validators=Validators(state.etag, state.last_modified),
        )

    def _keep_validators(self, url: str, fetched: Fetched) -> None:
        said = fetched.validators
        state = library.FeedState(said.etag, said.last_modified)
        library.keep_feed_state(self.engine, url, state=state, now=self._now())

    def _has_failed(self, url: str) -> None:
        n = watching.failures(self.engine, url).n + 1
        pause = min(FIRST_PAUSE * 2 ** min(n - 1, 10), LONGEST_PAUSE)
        failed = watching.Failures(n, _later(self._now(), pause))
        watching.keep_failures(self.engine, url, failed, now=self._now())
        logger.info("feed %s failed %d times in a row", url, n)

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")


def _later(at: str, by: timedelta) -> str:
    return (datetime.fromisoformat(at) + by).isoformat(timespec="seconds")
