"""Which of two texts had shared words first: only from dates or from explicit credit.

Similar words show that something was copied and never by whom: both may come from a third text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.fingerprint import words
from onrecord.ports import Sighting
from onrecord.record import Page
from onrecord.span import Span
from onrecord.terms import RegionKind, ReuseDirection

__all__ = ["Lineage", "credit_in", "direction"]

# Ways in which a text says where it, or what it tells, stood first. "According to" credits a
# source with a statement and not a text with its words.
_CUE = re.compile(
    r"\b(?:(?:this|the) (?:article|story|report|piece) (?:was |is )?)?"
    r"(?:(?:first|originally|previously) (?:published|appeared|reported|printed|run|ran)"
    r"|re-?published|reprinted|reproduced|syndicated)"
    r"(?:[^.\n]{0,40}?)\b(?:in|on|by|at|from|with)\b",
    re.IGNORECASE,
)
# "LONDON (Reuters) -", "(AP)", "— AFP": an agency beside a dateline, a byline or a credit.
_AGENCY_PLACES = frozenset({RegionKind.DATELINE, RegionKind.BYLINE, RegionKind.CREDIT})
_DATELINE = re.compile(r"^[^\n.]{0,60}?\(([^)\n]{2,30})\)\s*[-–—]")
_AFTER_CUE = 60  # code points after a cue in which the name stands
# Agencies by the short names that credits use; the keys are plain words.
_AGENCIES = {
    "ap": "associated press",
    "afp": "agence france presse",
    "pa": "press association",
    "dpa": "deutsche presse agentur",
    "upi": "united press international",
    "efe": "agencia efe",
    "ansa": "agenzia nazionale stampa associata",
}
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Lineage:
    """A direction, one line on what shows it, and the words of the page that credit the other."""

    direction: ReuseDirection
    reason: str = ""
    credit: Span | None = None


def direction(page: Page, sighting: Sighting) -> Lineage:
    """Which text had the words first, or that it cannot be told.

    Credit goes before dates; where the two disagree, nothing is decided. A date is a day at most,
    and one text must be a day earlier than the other can be.
    """
    document = sighting.document
    credit = _credit_on_page(page, _names(document.publisher, document.url))
    their_credit = credit_in(document.text, _names(_value(page.metadata.site), page.url or ""))
    dated = _by_dates(page, sighting)
    if credit is not None and their_credit is not None:
        return Lineage(ReuseDirection.UNDETERMINED, "each text credits the other", credit)
    if credit is not None:
        if dated.direction is ReuseDirection.FROM_PAGE:
            reason = f"the page credits the document, but {dated.reason}"
            return Lineage(ReuseDirection.UNDETERMINED, reason, credit)
        return Lineage(ReuseDirection.FROM_DOCUMENT, "the page credits the document", credit)
    if their_credit is not None:
        said = document.text[their_credit.start : their_credit.end]
        if dated.direction is ReuseDirection.FROM_DOCUMENT:
            reason = f"the document credits the page (“{said}”), but {dated.reason}"
            return Lineage(ReuseDirection.UNDETERMINED, reason)
        reason = f"the document credits the page: “{said}”"
        return Lineage(ReuseDirection.FROM_PAGE, reason)
    return dated


def credit_in(text: str, names: frozenset[tuple[str, ...]]) -> Span | None:
    """Where a text says that it stood first with one of these names; `None` where it does not.

    >>> text = "This story was first published in The Harbour Post."
    >>> credit_in(text, frozenset({("harbour", "post")})).of(text)
    'This story was first published in The Harbour Post'
    """
    if not names:
        return None
    for found in _CUE.finditer(text):
        stop = min(len(text), found.end() + _AFTER_CUE)
        at = _named(text, Span(found.end(), stop), names)
        if at is not None:
            return Span(found.start(), at.end)
    dateline = _DATELINE.match(text)
    if dateline is not None:
        return _named(text, Span(*dateline.span(1)), names)
    return None


def _credit_on_page(page: Page, names: frozenset[tuple[str, ...]]) -> Span | None:
    if not names:
        return None
    for region in page.regions:
        if region.kind in _AGENCY_PLACES:
            at = _named(page.text, region.span, names)
            if at is not None:
                return at
        if region.kind in {RegionKind.BODY, RegionKind.CORRECTION, RegionKind.BIO}:
            at = credit_in(region.span.of(page.text), names)
            if at is not None:
                return at.moved(region.span.start)
    return None


def _named(text: str, within: Span, names: frozenset[tuple[str, ...]]) -> Span | None:
    """Where one of the names stands, as whole words."""
    said = words(text, within=[within])
    for name in sorted(names):
        for at in range(len(said) - len(name) + 1):
            if said.forms[at : at + len(name)] == name:
                return said.span(at, at + len(name))
    return None


def _names(publisher: str, url: str) -> frozenset[tuple[str, ...]]:
    """The words by which a publisher may be credited: its name and its address."""
    name = words(publisher).forms
    if name[:1] == ("the",) and len(name) > 1:
        name = name[1:]
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    made = {name, words(host).forms}
    whole = " ".join(name)
    for short, full in _AGENCIES.items():
        if whole in {short, full}:
            made |= {(short,), tuple(full.split())}
    return frozenset(one for one in made if one)


def _by_dates(page: Page, sighting: Sighting) -> Lineage:
    stated = _day(sighting.document.date)
    seen = _day(sighting.first_seen)
    published = _day(_value(page.metadata.published))
    retrieved = _day(page.retrieved or "")
    # When each stood there at the latest, and, where a date is stated, at the earliest.
    theirs = min((_last(day) for day in (stated, seen) if day), default="")
    ours = min((_last(day) for day in (published, retrieved) if day), default="")
    if published and theirs and theirs < _first(published):
        # The date that is the earlier is the one that shows it.
        which = "dated" if stated and _last(stated) == theirs else "first seen"
        day = stated if which == "dated" else seen
        reason = f"{which} {day}, the page {published}"
        return Lineage(ReuseDirection.FROM_DOCUMENT, reason)
    if stated and ours and ours < _first(stated):
        which = "dated" if published and _last(published) == ours else "retrieved"
        day = published if which == "dated" else retrieved
        return Lineage(ReuseDirection.FROM_PAGE, f"dated {stated}, the page {which} {day}")
    return Lineage(ReuseDirection.UNDETERMINED, _why_not(stated, published))


def _why_not(stated: str, published: str) -> str:
    if not published:
        return "the page states no date"
    if not stated:
        return "the document states no date"
    return f"dated {stated}, the page {published}"


def _value(found: object) -> str:
    return getattr(found, "value", "") if found is not None else ""


def _day(written: str) -> str:
    """The date at the start of an ISO 8601 time: a day, a month or a year; else nothing."""
    found = _DAY.match(written)
    return found.group() if found else ""


def _first(day: str) -> str:
    return f"{day}-01-01"[:10] if len(day) == 4 else f"{day}-01"[:10]


def _last(day: str) -> str:
    return f"{day}-12-31" if len(day) == 4 else f"{day}-31"[:10]
