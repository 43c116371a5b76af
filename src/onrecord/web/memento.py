"""Kept copies of what published checks cite, as Mementos (RFC 7089): never as live pages.

`/memento/{time}/{url}` is a copy, `/timegate/{url}` leads to the one nearest to `Accept-Datetime`,
`/timemap/link/{url}` lists them. Only copies that a published check cites are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from onrecord.locker import Locker, public_reviews
from onrecord.store import newsroom
from onrecord.terms import ReviewState
from onrecord.web.access import Refused
from onrecord.web.office import Office, office_of
from onrecord.web.routes import ANYBODY, Route

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.store.captures import Kept

__all__ = ["ROUTES"]

_STAMP = re.compile(r"\d{14}\Z")
# A proxy may make one slash of two.
_SCHEME = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)
_HEADERS = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
# Shown as text by a browser; everything else is saved.
_TEXTS = ("text/", "application/xhtml", "application/xml", "application/json")


@dataclass(frozen=True, slots=True)
class _Memento:
    """A copy with its time (UTC, whole seconds)."""

    kept: Kept
    at: datetime

    @property
    def stamp(self) -> str:
        """The time as 14 digits, as archives write it in addresses."""
        return self.at.strftime("%Y%m%d%H%M%S")


def show_memento(request: Request, stamp: str) -> Response:
    """A kept copy as it was served, as text or as a file to save."""
    office = office_of(request)
    url = _asked(request, f"/memento/{stamp}/")
    found = _mementos(office, url)
    chosen = next((one for one in found if one.stamp == stamp), None)
    if not _STAMP.match(stamp) or chosen is None:
        raise Refused(404, "there is no such page")
    capture = Locker(office.engine, office.folder).load(chosen.kept)
    kind = capture.media_type.split(";")[0].strip().lower()
    is_text = kind.startswith(_TEXTS)
    charset = re.search(r"charset=[\"']?([\w.:-]{1,40})", capture.media_type, re.IGNORECASE)
    suffix = "txt" if is_text else "bin"
    headers = {
        **_HEADERS,
        "memento-datetime": _date(chosen.at),
        "link": _links(office, url, found, chosen),
        "content-disposition": f'attachment; filename="{chosen.kept.digest[:12]}.{suffix}"',
        "x-archive-orig-content-type": _plain(capture.media_type),
        "digest": f"sha-256={_base64(chosen.kept.digest)}",
    }
    media_type = "application/octet-stream"
    if is_text:
        # The response adds a charset of its own unless one is there.
        media_type = f"text/plain; charset={charset.group(1) if charset else 'utf-8'}"
    return Response(capture.body, headers={**headers, "content-type": media_type})


def show_timegate(request: Request) -> Response:
    """Leads to the copy nearest to `Accept-Datetime`, without one to the newest."""
    office = office_of(request)
    url = _asked(request, "/timegate/")
    found = _mementos(office, url)
    if not found:
        raise Refused(404, "there is no such page")
    told = request.headers.get("accept-datetime", "")
    chosen = found[-1]
    if told:
        try:
            wanted = parsedate_to_datetime(told)
        except (ValueError, TypeError, OverflowError):
            raise Refused(
                400, "Accept-Datetime is no date such as Thu, 31 May 2007 20:35:00 GMT"
            ) from None
        wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
        chosen = min(found, key=lambda one: (abs(one.at - wanted), one.at))
    headers = {
        **_HEADERS,
        "location": _place(office, url, chosen),
        "vary": "accept-datetime",
        "link": _links(office, url, found, None),
    }
    return Response(status_code=302, headers=headers)


def show_timemap(request: Request) -> Response:
    """Every copy of a page, in the form of RFC 6690."""
    office = office_of(request)
    url = _asked(request, "/timemap/link/")
    found = _mementos(office, url)
    if not found:
        raise Refused(404, "there is no such page")
    base = office.desk_name.url
    first, last = _date(found[0].at), _date(found[-1].at)
    span = f'from="{first}"; until="{last}"'
    lines = [
        f'<{_quoted(url)}>; rel="original"',
        f'<{base}/timegate/{_quoted(url)}>; rel="timegate"',
        f'<{base}/timemap/link/{_quoted(url)}>; rel="self"; type="application/link-format"; {span}',
        *(_memento_link(office, url, found, one) for one in found),
    ]
    return Response(
        ",\n".join(lines) + "\n", media_type="application/link-format", headers=_HEADERS
    )


def _asked(request: Request, before: str) -> str:
    """The address in the path, with its query, as it was sent."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.split(b"?", 1)[0].decode("latin-1")
    start = path.find(before)
    url = path[start + len(before) :] if start >= 0 else ""
    query = request.scope.get("query_string", b"").decode("latin-1")
    url = _SCHEME.sub(lambda found: found[1].lower() + "://", url, count=1)
    return url + ("?" + query if query else "")


def _mementos(office: Office, url: str) -> tuple[_Memento, ...]:
    """The copies of an address that published checks cite, by time."""
    locker = Locker(office.engine, office.folder)
    found: dict[str, _Memento] = {}
    for review_id in _citing(office).get(url, ()):
        stored = newsroom.load(office.engine, review_id)
        is_public = stored is not None and stored.review.state is ReviewState.PUBLISHED
        for copy in locker.copies(stored.review) if stored is not None and is_public else ():
            if copy.cited.url == url:
                at = datetime.fromisoformat(copy.kept.retrieved).astimezone(UTC)
                one = _Memento(copy.kept, at.replace(microsecond=0))
                found.setdefault(one.stamp, one)
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _citing(office: Office) -> Mapping[str, Sequence[str]]:
    """The published checks that cite each address; read anew after any act on the desk.

    Anybody may ask for any address: reading every check each time takes half a second of 2,000.
    """
    last = newsroom.last_entry(office.engine)
    number = last.number if last else 0
    known = _CITING.get(office.engine)
    if known is None or known[0] != number:
        made: dict[str, list[str]] = {}
        for review in public_reviews(office.engine):
            content = review.content
            for url in {content.said_at, *(source.url for source in content.sources)} - {""}:
                made.setdefault(url, []).append(review.id)
        known = _CITING[office.engine] = (number, made)
    return known[1]


_CITING: WeakKeyDictionary[sa.Engine, tuple[int, Mapping[str, Sequence[str]]]] = WeakKeyDictionary()


def _links(office: Office, url: str, found: tuple[_Memento, ...], chosen: _Memento | None) -> str:
    """The `Link` header: original, timegate, timemap, and the first, last and next copies."""
    base = office.desk_name.url
    parts = [
        f'<{_quoted(url)}>; rel="original"',
        f'<{base}/timegate/{_quoted(url)}>; rel="timegate"',
        f'<{base}/timemap/link/{_quoted(url)}>; rel="timemap"; type="application/link-format"',
    ]
    near = {found[0].stamp: found[0], found[-1].stamp: found[-1]}
    if chosen is not None:
        place = found.index(chosen)
        near |= {one.stamp: one for one in found[max(0, place - 1) : place + 2]}
    parts += [_memento_link(office, url, found, near[stamp]) for stamp in sorted(near)]
    return ", ".join(parts)


def _memento_link(office: Office, url: str, found: tuple[_Memento, ...], one: _Memento) -> str:
    rel = " ".join(["first"] * (one == found[0]) + ["last"] * (one == found[-1]) + ["memento"])
    return f'<{_place(office, url, one)}>; rel="{rel}"; datetime="{_date(one.at)}"'


def _place(office: Office, url: str, one: _Memento) -> str:
    return f"{office.desk_name.url}/memento/{one.stamp}/{_quoted(url)}"


def _quoted(url: str) -> str:
    """The address without what would end a link or a header."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def _plain(text: str) -> str:
    return "".join(sign if " " <= sign <= "~" else "?" for sign in text)


def _date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


def _base64(digest: str) -> str:
    import base64

    return base64.b64encode(bytes.fromhex(digest)).decode()


# Clients of archives look with HEAD before they fetch.
ROUTES: tuple[Route, ...] = (
    Route("GET", "/memento/{stamp}/{url:path}", "memento", ANYBODY, show_memento),
    Route("HEAD", "/memento/{stamp}/{url:path}", "memento_head", ANYBODY, show_memento),
    Route("GET", "/timegate/{url:path}", "timegate", ANYBODY, show_timegate),
    Route("HEAD", "/timegate/{url:path}", "timegate_head", ANYBODY, show_timegate),
    Route("GET", "/timemap/link/{url:path}", "timemap", ANYBODY, show_timemap),
    Route("HEAD", "/timemap/link/{url:path}", "timemap_head", ANYBODY, show_timemap),
)
