"""Google's Fact Check Tools interface over the library and this desk's own checks.

`claims:search` with the fields, pages and error bodies of `v1alpha1` (its discovery document of
September 2024); images are not searched. Keys come in the address, because Google's clients send
them so, or as `X-Goog-Api-Key`; put a proxy's log to rest accordingly.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onrecord import library
from onrecord.record import FactCheck
from onrecord.settings import LIBRARY_FOLDER
from onrecord.store import accounts
from onrecord.store.library import every
from onrecord.web.office import Office, office_of
from onrecord.web.published import published
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES"]

MAX_PAGE, MAX_OFFSET = 100, 1_000
_MAX_INT = 2**31 - 1  # the interface's numbers are int32
_MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parameters of a search, read; `name` names the search in its page tokens."""

    query: str
    language: str
    site: str
    max_age: int
    page_size: int
    offset: int

    def __post_init__(self) -> None:
        if not self.query and not self.site:
            raise _Fault("query is required unless reviewPublisherSiteFilter is given")

    @property
    def name(self) -> str:
        """What stays the same from page to page."""
        return json.dumps([self.query, self.language, self.site, self.max_age, self.page_size])


class _Fault(Exception):  # noqa: N818 - it is an answer to the client, not a fault of ours
    """A parameter that is not as it should be, in words."""


def search_claims(  # noqa: PLR0913, PLR0917 - the parameters of the interface
    request: Request,
    query: Annotated[str, Query()] = "",
    language: Annotated[str, Query(alias="languageCode")] = "",
    site: Annotated[str, Query(alias="reviewPublisherSiteFilter")] = "",
    max_age: Annotated[str, Query(alias="maxAgeDays")] = "",
    page_size: Annotated[str, Query(alias="pageSize")] = "",
    page_token: Annotated[str, Query(alias="pageToken")] = "",
    offset: Annotated[str, Query()] = "",
) -> Response:
    """`GET /v1alpha1/claims:search`: fact-checks of the library and this desk's own.

    Numbers are read here and not by the framework, so that errors come as Google's do.
    """
    office = office_of(request)
    refused = _refused(request)
    if refused is not None:
        return refused
    try:
        asked = _Asked(
            _text("query", query),
            _text("languageCode", language),
            _text("reviewPublisherSiteFilter", site),
            _number("maxAgeDays", max_age, 0),
            _number("pageSize", page_size, 10) or 10,
            _number("offset", offset, 0),
        )
        start = _offset(page_token, asked.name) if page_token else asked.offset
    except _Fault as fault:
        return _google_fault(400, "INVALID_ARGUMENT", str(fault))
    size = min(asked.page_size, MAX_PAGE)
    end = min(start, MAX_OFFSET) + size
    keep = _fits(asked, office.clock())
    found = _found(office, asked, need=end + 1, keep=keep)
    answer: dict[str, object] = {}
    shown = found[end - size : end]
    if shown:
        answer["claims"] = [_claim(one) for one in shown]
    if len(found) > end and end < MAX_OFFSET + size:
        answer["nextPageToken"] = _page_token(end, asked.name)
    return JSONResponse(answer)


def search_images(request: Request) -> Response:
    """`GET /v1alpha1/claims:imageSearch`: images are not compared here."""
    refused = _refused(request)
    return refused or _google_fault(501, "UNIMPLEMENTED", "this desk does not search by image")


def _refused(request: Request) -> Response | None:
    """What is answered to a client without a key, or with one that is no token of this desk."""
    if request.state.account is not None:
        return None
    key = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
    if not key:
        return _google_fault(403, "PERMISSION_DENIED", "give an API token of this desk as key")
    if accounts.by_token(office_of(request).engine, key) is None:
        told = "API key not valid; give an API token of this desk as key"
        reason = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
        }
        return _google_fault(400, "INVALID_ARGUMENT", told, details=[reason])
    return None


def _text(name: str, given: str) -> str:
    if len(given) > _MAX_TEXT or "\0" in given:
        raise _Fault(f"{name} has more than {_MAX_TEXT} characters, or one that no text has")
    return given.strip()


def _number(name: str, given: str, otherwise: int) -> int:
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit()) or len(given) > 10 or int(given) > _MAX_INT:
        raise _Fault(f"Invalid value at '{name}' (TYPE_INT32), {given[:40]!r}; 0 or more")
    return int(given)


Keep = Mapping[str, object]


def _fits(asked: _Asked, now: datetime) -> Keep:
    # Older than the calendar is as old as it goes.
    days = min(asked.max_age, (now.date() - date.min).days)
    since = (now.date() - timedelta(days=days)).isoformat() if days else ""
    host = urlsplit(asked.site).hostname if "//" in asked.site else asked.site
    language = asked.language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return {
        "language": language,
        "site": (host or "").lower().removeprefix("www."),
        "since": since,
    }


def _is_kept(check: FactCheck, keep: Keep) -> bool:
    language = check.language.split("-")[0].lower()
    if keep["language"] and language and language != keep["language"]:
        return False
    if keep["site"] and _site(check.url) != keep["site"]:
        return False
    newest = max(check.claim_date, check.review_date)
    return not keep["since"] or newest >= str(keep["since"])


def _found(office: Office, asked: _Asked, *, need: int, keep: Keep) -> list[FactCheck]:
    """The fact-checks that fit, the desk's own first where they hold the words."""
    query = asked.query
    own = [one for one in _own(office) if _holds(one, query) and _is_kept(one, keep)]
    if query:
        has_library = (office.folder / LIBRARY_FOLDER).is_dir()
        # A filter thins the nearest rows out, so more of them are asked for.
        limit = min(2_000, need * (10 if any(keep.values()) else 2) + 20)
        near = library.search(office.folder, query, limit=limit) if has_library else ()
        return own + [one.fact_check for one in near if _is_kept(one.fact_check, keep)]
    rows = (one for one in every(office.engine) if _is_kept(one, keep))
    return own + sorted(rows, key=lambda one: one.review_date, reverse=True)


def _own(office: Office) -> Iterator[FactCheck]:
    for check in published(office, limit=1_000):
        if not check.tombstone:
            content = check.content
            yield FactCheck(
                check.id,
                check.url,
                content.short_claim or content.claim,
                content.claimant,
                content.rating,
                claim_date=content.said_on,
                review_date=check.published[:10],
                title=content.title,
                publisher=check.desk.name,
                language=content.language,
            )


def _holds(check: FactCheck, query: str) -> bool:
    text = f"{check.claim} {check.title}".casefold()
    words = [word for word in query.casefold().split() if len(word) > 3] or query.casefold().split()
    return sum(word in text for word in words) * 2 >= len(words)


def _claim(check: FactCheck) -> dict[str, object]:
    review = {
        "publisher": _filled({"name": check.publisher, "site": _site(check.url)}),
        "url": check.url,
        "title": check.title,
        "reviewDate": _google_time(check.review_date),
        "textualRating": check.rating,
        "languageCode": check.language,
    }
    claim = {
        "text": check.claim,
        "claimant": check.claimant,
        "claimDate": _google_time(check.claim_date),
        "claimReview": [_filled(review)],
    }
    return _filled(claim)


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _google_time(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        return ""
    return f"{day}T00:00:00Z"


def _google_fault(
    code: int, status: str, message: str, *, details: list[dict[str, str]] | None = None
) -> Response:
    error: dict[str, object] = {"code": code, "message": message, "status": status}
    return JSONResponse({"error": error | ({"details": details} if details else {})}, code)


def _page_token(offset: int, asked: str) -> str:
    check = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
    return base64.urlsafe_b64encode(f"{offset}:{check}".encode()).decode()


def _offset(token: str, asked: str) -> int:
    """The offset of a token that was made for this search."""
    check = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
    try:
        told, _, of = base64.urlsafe_b64decode(token[:200].encode()).decode().partition(":")
        if of == check and 0 <= int(told) <= _MAX_INT:
            return int(told)
    except ValueError:
        pass
    raise _Fault("pageToken is not of this search; send the other parameters unchanged")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1alpha1/claims:search", "google_search", ANYBODY, search_claims),
    Route("GET", "/v1alpha1/claims:imageSearch", "google_images", ANYBODY, search_images),
)
