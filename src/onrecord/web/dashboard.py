"""The dashboard: a few plots that people read, drawn as SVG with their numbers beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from onrecord.store import jobs, newsroom, notices, records
from onrecord.store.dashboard import claims_by_age, matches_by_publisher, replies_by_state
from onrecord.terms import ReviewState, Role
from onrecord.web.office import office_of
from onrecord.web.pages import page
from onrecord.web.routes import Route

__all__ = ["ROUTES", "Bar", "Plot", "bars"]

WIDTH = 300  # of the longest bar, in SVG units
N_BARS = 12
MAX_REVIEWS = 5_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its count, and its length from 0 to `WIDTH`."""

    name: str
    n: int
    length: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot with a heading that says what is counted; `note` says what it does not say."""

    heading: str
    note: str
    bars: tuple[Bar, ...]


def bars(counted: Iterable[tuple[str, int]], *, limit: int = N_BARS) -> tuple[Bar, ...]:
    """Bars in the given order, those past the limit as one.

    >>> [(bar.name, bar.n, bar.length) for bar in bars([("a", 2), ("b", 1)])]
    [('a', 2, 300.0), ('b', 1, 150.0)]
    """
    rows = list(counted)
    if len(rows) > limit:
        rest = sum(n for _, n in rows[limit - 1 :])
        rows = [*rows[: limit - 1], (f"{len(rows) - limit + 1} others", rest)]
    most = max((n for _, n in rows), default=0)
    return tuple(Bar(name, n, WIDTH * n / most if most else 0.0) for name, n in rows)


def show_dashboard(request: Request) -> Response:
    """The page of plots."""
    office = office_of(request)
    now = office.now()
    stored = newsroom.with_states(office.engine, list(ReviewState), limit=MAX_REVIEWS)
    reviews = [one.review for one in stored]
    published = [one for one in reviews if one.published]
    sides = Counter(one.side or "not tagged" for one in published)
    days = Counter(_days(one.created, one.published) for one in published)
    order = ("same day", "1 to 2 days", "3 to 7 days", "8 to 30 days", "longer")
    plots = (
        Plot(
            "Claims in the queue, by state",
            "Claims that a machine named; most are never taken.",
            bars(records.counts(office.engine).items()),
        ),
        Plot(
            "New claims, by age",
            "Days since the page was read.",
            bars(claims_by_age(office.engine, now=now)),
        ),
        Plot(
            "Claims that were checked before, by publisher",
            "The publisher of the earlier check that answers the claim.",
            bars(matches_by_publisher(office.engine)),
        ),
        Plot("Replies, by state", "Held and quarantined ones wait for a person.",
             bars(replies_by_state(office.engine))),
        Plot(
            "From the beginning of a review to its publication",
            "Published checks alone.",
            bars((name, days[name]) for name in order),
        ),
        Plot(
            "Published checks, by side of the debate",
            "As the desk tags them; what is not tagged is counted as such.",
            bars(sides.most_common()),
        ),
    )  # fmt: skip
    return page(
        request,
        office,
        "dashboard.html",
        plots=plots,
        waiting=jobs.waiting(office.engine),
        notices=notices.n_open(office.engine),
    )


def _days(begun: str, ended: str) -> str:
    try:
        days = (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).days
    except ValueError:
        return "longer"
    limits = ((0, "same day"), (2, "1 to 2 days"), (7, "3 to 7 days"), (30, "8 to 30 days"))
    return next((name for limit, name in limits if days <= limit), "longer")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk/dashboard", "dashboard", Role.READER, show_dashboard),
)
