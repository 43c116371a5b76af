"""Search over the API: earlier fact-checks and the collection of documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from onrecord import collection, library
from onrecord.record import Passage
from onrecord.settings import COLLECTION_FOLDER, LIBRARY_FOLDER
from onrecord.terms import Role
from onrecord.web.access import Refused
from onrecord.web.api_shapes import NO_NUL, Shape, shape_of
from onrecord.web.office import office_of
from onrecord.web.routes import Route

__all__ = ["ROUTES"]

Words = Annotated[str, Query(min_length=1, max_length=500, pattern=NO_NUL)]
Limit = Annotated[int, Query(ge=1, le=100)]


class FactCheckShape(Shape):
    """An earlier fact-check; see `record.FactCheck`."""

    id: str
    url: str
    claim: str
    claimant: str
    rating: str
    rating_value: float | None
    best_rating: float | None
    worst_rating: float | None
    rating_conflict: bool
    claim_date: str
    review_date: str
    title: str
    publisher: str
    language: str


class FactChecks(Shape):
    """Fact-checks nearest to some words, best first, whether or not they answer them."""

    fact_checks: tuple[FactCheckShape, ...]


class Passages(Shape):
    """Passages nearest to some words, best first, whether or not they settle anything."""

    passages: tuple[Passage, ...]


def search_library(request: Request, words: Words, limit: Limit = 10) -> FactChecks:
    """Earlier fact-checks; 409 where the desk has no library."""
    folder = office_of(request).folder
    if not (folder / LIBRARY_FOLDER).is_dir():
        raise Refused(409, "this desk has no library; add one with 'onrecord library add'")
    found = library.search(folder, words, limit=limit)
    return FactChecks(fact_checks=tuple(shape_of(FactCheckShape, one.fact_check) for one in found))


def search_collection(request: Request, words: Words, limit: Limit = 10) -> Passages:
    """Passages of the evidence collection; 409 where the desk has none."""
    folder = office_of(request).folder
    if not (folder / COLLECTION_FOLDER).is_dir():
        raise Refused(409, "this desk has no collection; add one with 'onrecord evidence add'")
    found = collection.search(folder, words, limit=limit)
    return Passages(passages=tuple(one.passage for one in found))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/api/v1/library:search", "api_library", Role.READER, search_library, is_api=True),
    Route("GET", "/api/v1/collection:search", "api_collection", Role.READER, search_collection, is_api=True),
)  # fmt: skip
