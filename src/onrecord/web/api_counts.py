"""The numbers of the dashboard over the API."""

from __future__ import annotations

from starlette.requests import Request

from onrecord.store import jobs, records
from onrecord.store.dashboard import (
    claims_by_age,
    matches_by_publisher,
    replies_by_state,
    reviews_by_state,
)
from onrecord.terms import Role
from onrecord.web.api_shapes import Shape
from onrecord.web.office import office_of
from onrecord.web.routes import Route

__all__ = ["ROUTES"]


class Counts(Shape):
    """How much there is of everything; publishers are those of earlier checks, most first."""

    jobs_waiting: int
    claims_by_state: dict[str, int]
    new_claims_by_age: dict[str, int]
    matches_by_publisher: dict[str, int]
    reviews_by_state: dict[str, int]
    replies_by_state: dict[str, int]


def get_counts(request: Request) -> Counts:
    """How much there is of everything that the dashboard counts."""
    office = office_of(request)
    engine = office.engine
    return Counts(
        jobs_waiting=jobs.waiting(engine),
        claims_by_state=records.counts(engine),
        new_claims_by_age=dict(claims_by_age(engine, now=office.now())),
        matches_by_publisher=dict(matches_by_publisher(engine)),
        reviews_by_state=dict(reviews_by_state(engine)),
        replies_by_state=dict(replies_by_state(engine)),
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/api/v1/counts", "api_counts", Role.READER, get_counts, is_api=True),
)
