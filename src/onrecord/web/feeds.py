"""Feeds of published checks and of corrections: Atom, JSON Feed, ClaimReview DataFeed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from onrecord.newsroom.publication import Publication, data_feed
from onrecord.show.visible import visible
from onrecord.store import newsroom
from onrecord.web.office import Office, office_of
from onrecord.web.published import published
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "atom", "json_feed"]

_ATOM = "http://www.w3.org/2005/Atom"
MAX_ENTRIES = 50


def atom(office: Office, checks: Sequence[Publication]) -> bytes:
    """The checks as an Atom feed (RFC 4287); a retracted one says so in its title and summary."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    url = office.desk_name.url
    _add(feed, "title", f"{office.desk_name.name}: fact-checks")
    _add(feed, "id", f"{url}/feeds/checks.atom")
    _add(feed, "updated", max((check.changed for check in checks), default=office.now()))
    feed.append(_link("self", f"{url}/feeds/checks.atom"))
    feed.append(_link("alternate", f"{url}/"))
    for check in checks:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", _title(check))
        _add(entry, "id", check.url)
        _add(entry, "published", check.published)
        _add(entry, "updated", check.changed)
        entry.append(_link("alternate", check.url))
        for signer in check.signers:
            author = ET.SubElement(entry, f"{{{_ATOM}}}author")
            _add(author, "name", signer.name)
        _add(entry, "summary", _summary(check))
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(office: Office, checks: Sequence[Publication]) -> dict[str, object]:
    """The checks as a JSON Feed 1.1."""
    url = office.desk_name.url
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{office.desk_name.name}: fact-checks",
        "home_page_url": f"{url}/",
        "feed_url": f"{url}/feeds/checks.json",
        "language": "en",
        "items": [
            {
                "id": check.url,
                "url": check.url,
                "title": _title(check),
                "content_text": _summary(check),
                "date_published": check.published,
                "date_modified": check.changed,
                "authors": [{"name": signer.name} for signer in check.signers],
                "_onrecord": {
                    "claim": "" if check.tombstone else check.content.claim,
                    "rating": "" if check.tombstone else check.content.rating,
                    "retracted": bool(check.tombstone),
                    "version": check.version,
                },
            }
            for check in checks
        ],
    }


def show_atom(request: Request) -> Response:
    """The Atom feed."""
    office = office_of(request)
    body = atom(office, published(office, limit=MAX_ENTRIES))
    return _feed(body, "application/atom+xml; charset=utf-8")


def show_json_feed(request: Request) -> Response:
    """The JSON Feed."""
    office = office_of(request)
    return _feed(
        _json(json_feed(office, published(office, limit=MAX_ENTRIES))), "application/feed+json"
    )


def show_data_feed(request: Request) -> Response:
    """Every check as a DataFeed of ClaimReviews, retracted ones as tombstones."""
    office = office_of(request)
    checks = published(office, limit=10_000)
    modified = max((check.changed for check in checks), default=office.now())
    feed = data_feed(checks, desk=office.desk_name, modified=modified)
    return _feed(_json(feed), "application/json")


def show_corrections_feed(request: Request) -> Response:
    """The corrections of all checks as a JSON Feed."""
    office = office_of(request)
    url = office.desk_name.url
    recent = newsroom.recent_corrections(office.engine)
    public = {check.id: check for check in published(office, ids=[name for name, _ in recent])}
    items = []
    for review_id, one in recent:
        if review_id not in public:
            continue
        place = f"{url}/checks/{review_id}#correction-{one.number}"
        items.append(
            {
                "id": place,
                "url": place,
                "title": f"{one.kind.value.capitalize()}: {_title(public[review_id])}",
                "content_text": one.reason,
                "date_published": one.at,
                "_onrecord": {
                    "check": review_id,
                    "kind": one.kind.value,
                    "changes": [
                        {"field": change.field, "before": change.before, "after": change.after}
                        for change in one.changes
                    ],
                },
            }
        )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{office.desk_name.name}: corrections",
        "home_page_url": f"{url}/corrections",
        "feed_url": f"{url}/feeds/corrections.json",
        "language": "en",
        "items": items,
    }
    return _feed(_json(feed), "application/feed+json")


def _title(check: Publication) -> str:
    if check.tombstone:
        return f"Retracted: {check.content.title or check.content.claim}"
    return f"{check.content.title or check.content.claim} ({check.content.rating})"


def _summary(check: Publication) -> str:
    return f"Retracted: {check.tombstone}" if check.tombstone else check.content.summary


def _add(parent: ET.Element, name: str, text: str) -> None:
    # XML 1.0 cannot hold most control characters; `visible` shows them instead.
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = visible(text)


def _link(rel: str, url: str) -> ET.Element:
    return ET.Element(f"{{{_ATOM}}}link", {"rel": rel, "href": visible(url)})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _feed(body: bytes, media_type: str) -> Response:
    headers = {"content-type": media_type, "cache-control": "public, max-age=300"}
    return Response(body, headers=headers)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/feeds/checks.atom", "atom", ANYBODY, show_atom),
    Route("GET", "/feeds/checks.json", "json_feed", ANYBODY, show_json_feed),
    Route("GET", "/feeds/claimreview.json", "data_feed", ANYBODY, show_data_feed),
    Route("GET", "/feeds/corrections.json", "corrections_feed", ANYBODY, show_corrections_feed),
)
