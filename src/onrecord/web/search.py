"""Search on the desk: earlier fact-checks and the collection of documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from onrecord import collection, library
from onrecord.settings import COLLECTION_FOLDER, LIBRARY_FOLDER
from onrecord.terms import Role
from onrecord.web.office import office_of
from onrecord.web.pages import page
from onrecord.web.routes import Route

__all__ = ["ROUTES"]

N_FOUND = 10


def show_search(request: Request, words: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Fact-checks and passages nearest to some words, whether or not they settle anything."""
    office = office_of(request)
    wanted = words.strip()
    has_library = (office.folder / LIBRARY_FOLDER).is_dir()
    has_collection = (office.folder / COLLECTION_FOLDER).is_dir()
    checks = library.search(office.folder, wanted, limit=N_FOUND) if wanted and has_library else ()
    passages = (
        collection.search(office.folder, wanted, limit=N_FOUND) if wanted and has_collection else ()
    )
    return page(
        request,
        office,
        "search.html",
        words=words,
        checks=checks,
        passages=passages,
        has_library=has_library,
        has_collection=has_collection,
    )


ROUTES: tuple[Route, ...] = (Route("GET", "/desk/search", "search", Role.READER, show_search),)
