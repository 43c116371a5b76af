"""The public site: the index, a page for each check, corrections, and how the desk works."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated

from fastapi import Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from onrecord.newsroom.publication import Publication, claim_review, spoken
from onrecord.store import captures, newsroom
from onrecord.terms import GateOutcome
from onrecord.web.access import Refused
from onrecord.web.office import Office, office_of
from onrecord.web.pages import public_page
from onrecord.web.published import published, published_one
from onrecord.web.routes import ANYBODY, Route

__all__ = ["MAX_SEARCHED", "ROUTES", "check_page", "script_json", "with_words"]

PAGE_SIZE = 30
MAX_SEARCHED = 5_000


def show_index(
    request: Request,
    words: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """The newest checks, or those that hold all the words."""
    office = office_of(request)
    if words.strip():
        wanted = words.split()[:8]
        checks = with_words(published(office, words=wanted, limit=MAX_SEARCHED), words)
    else:
        checks = published(office, limit=page * PAGE_SIZE + 1)
    shown = checks[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    more = page + 1 if len(checks) > page * PAGE_SIZE else 0
    return public_page(
        office,
        "site_index.html",
        checks=shown,
        words=words,
        more=more,
        newsroom=office.settings.newsroom,
    )


def show_check(request: Request, review_id: str) -> Response:
    """A published check; a retracted one is its tombstone."""
    office = office_of(request)
    check, digest = published_one(office, review_id)
    if request.headers.get("if-none-match", "").strip('W/"') == digest:
        return Response(status_code=304, headers={"etag": f'"{digest}"'})
    return check_page(office, check, digest=digest)


def check_page(
    office: Office, check: Publication, *, digest: str, is_preview: bool = False
) -> Response:
    """The page of a check, as the public sees it or as a preview."""
    node = claim_review(check)
    return public_page(
        office,
        "site_check.html",
        etag="" if is_preview else digest,
        status=410 if check.tombstone else 200,
        check=check,
        content=check.content,
        contacts=spoken(check.content.contacts),
        waived=[point for point in check.gate if point.outcome is GateOutcome.WAIVED],
        markup=Markup(script_json(node)) if node and not is_preview else "",  # noqa: S704 - escaped there
        is_preview=is_preview,
        takes_replies=office.settings.replies.is_open and not is_preview,
    )


def script_json(value: object) -> str:
    r"""JSON that may stand in a script element: what could end or open one is escaped.

    >>> print(script_json({"a": "</script>"}))
    {"a": "\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace").decode()


def show_corrections(request: Request) -> Response:
    """Every correction, the newest first, with the desk's policy."""
    office = office_of(request)
    recent = newsroom.recent_corrections(office.engine)
    public = {check.id: check for check in published(office, ids=[name for name, _ in recent])}
    entries = [(public[review_id], one) for review_id, one in recent if review_id in public]
    policy = _text_of(office.settings.newsroom.corrections_file)
    return public_page(office, "site_corrections.html", entries=entries, policy=policy)


def show_method(request: Request) -> Response:
    """How claims are chosen, checked and rated: the desk's text, and what the settings say."""
    office = office_of(request)
    text = _text_of(office.settings.newsroom.method_file)
    return public_page(
        office,
        "site_method.html",
        text=text,
        ratings=office.scale.ratings,
        newsroom=office.settings.newsroom,
    )


def show_organisation(request: Request) -> Response:
    """Who runs and funds the desk."""
    office = office_of(request)
    text = _text_of(office.settings.newsroom.organisation_file)
    return public_page(
        office, "site_text.html", heading="Who we are", text=text, newsroom=office.settings.newsroom
    )


def show_archived(request: Request, digest: str) -> Response:
    """The kept copy of a cited source as plain text: stored HTML is never served as HTML."""
    office = office_of(request)
    cited = {
        source.digest
        for check in published(office, words=[digest], limit=10_000)
        if not check.tombstone
        for source in check.content.sources
    }
    if len(digest) != 64 or digest not in cited:
        raise Refused(404, "there is no such page")
    kept = captures.by_digest(office.engine, digest)
    if kept is None:
        raise Refused(404, "there is no such page")
    capture = captures.load(office.folder, kept)
    headers = {
        "content-disposition": f'attachment; filename="{digest[:12]}.txt"',
        "x-content-type-options": "nosniff",
        "x-archived-from": kept.url.encode("ascii", "replace").decode(),
        "memento-datetime": _http_date(kept.retrieved),
    }
    return Response(capture.body, media_type="text/plain", headers=headers)


def with_words(checks: tuple[Publication, ...], words: str) -> tuple[Publication, ...]:
    """The checks that hold every word, retracted ones left out."""
    wanted = words.casefold().split()[:8]

    def text(check: Publication) -> str:
        content = check.content
        parts = (content.claim, content.title, content.summary, content.claimant, content.rating)
        return " ".join(parts).casefold()

    return tuple(
        check
        for check in checks
        if not check.tombstone and all(word in text(check) for word in wanted)
    )


def _http_date(at: str) -> str:
    """An ISO 8601 time as HTTP writes it (RFC 9110, section 5.6.7)."""
    return format_datetime(datetime.fromisoformat(at).astimezone(UTC), usegmt=True)


def _text_of(file: str) -> str:
    """The text of one of the desk's own pages; empty where none is set or it cannot be read."""
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


ROUTES: tuple[Route, ...] = (
    Route("GET", "/", "index", ANYBODY, show_index),
    Route("GET", "/checks/{review_id}", "check", ANYBODY, show_check),
    Route("GET", "/corrections", "corrections", ANYBODY, show_corrections),
    Route("GET", "/method", "method", ANYBODY, show_method),
    Route("GET", "/organisation", "organisation", ANYBODY, show_organisation),
    Route("GET", "/archive/{digest}", "archived", ANYBODY, show_archived),
)
