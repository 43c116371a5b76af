"""Looks at what published checks cite, one address at a time, while the desk has nothing else to do.

Each address once a day; one that fails is left alone for longer each time. Missing copies are
fetched, changed pages kept and told on the desk.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from onrecord.errors import OnrecordError
from onrecord.locker import Locker, public_reviews
from onrecord.store import lockers, newsroom
from onrecord.terms import ReviewState

if TYPE_CHECKING:
    from onrecord.newsroom.review import Review
    from onrecord.settings import FetchSettings

__all__ = ["Lookout"]

EVERY = timedelta(days=1)  # an address is asked
PLANS_EVERY = timedelta(minutes=10)  # reading all checks of a large desk takes half a second
# Addresses of one plan, those that were not asked for longest: a bound for what one desk asks.
MAX_PLANNED = 500
# An address of which no copy could be had in so many tries is given up; `onrecord locker fetch`
# tries again.
MAX_FAILED = 8
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Lookout:
    """A lookout over a locker; `step` asks at most one address."""

    locker: Locker
    fetch: FetchSettings
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    _due: deque[tuple[str, tuple[Review, ...]]] = field(default_factory=deque)
    _planned: datetime | None = None

    def step(self) -> bool:
        """Asks the next address that is due and may be asked now; whether one was.

        Never raises what a page or its server did.
        """
        now = self.clock()
        if not self._due and (self._planned is None or now - self._planned >= PLANS_EVERY):
            self._planned = now
            self._due.extend(self._plan(now))
        for _ in range(len(self._due)):
            url, reviews = self._due.popleft()
            if self.locker.pauses.left(url) > 0:
                self._due.append((url, reviews))
                continue
            self._look(url, reviews, now)
            return True
        return False

    def _plan(self, now: datetime) -> list[tuple[str, tuple[Review, ...]]]:
        """What is due, those first that were never asked or not for longest."""
        citing: dict[str, list[Review]] = {}
        for review in public_reviews(self.locker.engine):
            for one in self.locker.cited(review):
                if one.url:
                    citing.setdefault(one.url, []).append(review)
        known = lockers.every_asked(self.locker.engine)
        at = now.isoformat(timespec="seconds")
        before = (now - EVERY).isoformat(timespec="seconds")
        due: list[tuple[str, str]] = []
        for url in citing:
            last = known.get(url, lockers.Asked(url))
            is_given_up = last.n_failed >= MAX_FAILED and not last.digest
            if last.at <= before and last.not_before <= at and not is_given_up:
                due.append((last.at, url))
        return [(url, tuple(citing[url])) for _, url in sorted(due)[:MAX_PLANNED]]

    def _look(self, url: str, reviews: tuple[Review, ...], now: datetime) -> None:
        # A check may have been corrected or retracted since the plan was made.
        stored = [newsroom.load(self.locker.engine, one.id) for one in reviews]
        public = [one.review for one in stored if one and one.review.state is ReviewState.PUBLISHED]
        try:
            states = self.locker.look_at(url, public, fetch=self.fetch, now=now) if public else ()
        except OnrecordError as error:
            logger.warning("%s, which a check cites, was not looked at: %s", url, error)
            return
        for one in states:
            if one.state != "same":
                logger.info("%s, cited by %s: %s", url, one.review, one.state)
