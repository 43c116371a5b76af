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
from onrecord.reuse.quotations import marked
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
# "was not", "never", "wasn't" just before a cue.
_DENIED = re.compile(r"\b(?:not|never|\w+n['’]t)(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
# A pause or another party between the cue and the name: "in the Gazette, and later in the Post".
_ANOTHER = re.compile(
    r"[.;:!?\n]|,|\b(?:and|or|before|after|then|later|not|unlike|than)\b", re.IGNORECASE
)
# A name of which this one is a part: letters, points and hyphens of an address, capitals beside it.
_SCHEME = re.compile(r"(?:https?://)?(?:www\.)?$")
_GOES_ON = re.compile(r"[-.]?\w")
_BEGAN = re.compile(r"(?<!\bwww)[-.]$|\w$")
_AFTER = re.compile(r"[ \u00a0](\w+)")
_BEFORE = re.compile(r"(?<!\w)(\w+)[ \u00a0]$")
_PART_OF_NO_NAME = frozenset(
    [
        "the",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "staff",
        "reporter",
        "reporters",
        "correspondent",
        "writer",
        "writers",
        "editors",
        "newsroom",
    ]
)
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

    Credit goes before dates; where the two disagree, nothing is decided. Of dates only a sighting
    decides: a text that was seen before the day that the other states as its own.
    """
    document = sighting.document
    credit = _credit_on_page(page, _names(document.publisher, document.url))
    their_credit = credit_in(document.text, _names(_value(page.metadata.site), page.url or ""))
    if credit is None and their_credit is None:
        return _by_dates(page, sighting)
    if credit is not None and their_credit is not None:
        return Lineage(ReuseDirection.UNDETERMINED, "each text credits the other", credit)
    stated = _day(document.date), _day(_value(page.metadata.published))
    if credit is not None:
        if _earlier(page, sighting) is ReuseDirection.FROM_PAGE:
            reason = f"the page credits the document, but is dated {stated[1]}, it {stated[0]}"
            return Lineage(ReuseDirection.UNDETERMINED, reason, credit)
        return Lineage(ReuseDirection.FROM_DOCUMENT, "the page credits the document", credit)
    said = their_credit.of(document.text) if their_credit else ""
    if _earlier(page, sighting) is ReuseDirection.FROM_DOCUMENT:
        reason = (
            f"the document credits the page (“{said}”), but is dated {stated[0]}, it {stated[1]}"
        )
        return Lineage(ReuseDirection.UNDETERMINED, reason)
    return Lineage(ReuseDirection.FROM_PAGE, f"the document credits the page: “{said}”")


def credit_in(text: str, names: frozenset[tuple[str, ...]]) -> Span | None:
    """Where a text says that it stood first with one of these names; `None` where it does not.

    What somebody is quoted with, what is denied, and a credit to another name are none.

    >>> text = "This story was first published in The Harbour Post."
    >>> credit_in(text, frozenset({("harbour", "post")})).of(text)
    'This story was first published in The Harbour Post'
    """
    if not names:
        return None
    said = marked(text)
    for found in _CUE.finditer(text):
        if _DENIED.search(text, max(0, found.start() - 40), found.start()) or any(
            one.contains(Span(*found.span())) for one in said
        ):
            continue
        stop = min(len(text), found.end() + _AFTER_CUE)
        at = _named(text, Span(found.end(), stop), names)
        if at is not None and _leads_to(text[found.end() : at.start]):
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
    """Where one of the names stands, as whole words that are not part of a longer name."""
    said = words(text, within=[within])
    for name in sorted(names):
        for at in range(len(said) - len(name) + 1):
            if said.forms[at : at + len(name)] == name:
                span = said.span(at, at + len(name))
                if _is_whole(text, span):
                    return span
    return None


def _is_whole(text: str, span: Span) -> bool:
    """Whether a name ends where it ends: "Harbour Post Office" is another, as is "old.post.example"."""
    if _GOES_ON.match(text, span.end) or _BEGAN.search(text, max(0, span.start - 40), span.start):
        return False
    if span.of(text).isupper():
        return True
    beside = (
        _AFTER.match(text, span.end),
        _BEFORE.search(text, max(0, span.start - 40), span.start),
    )
    return all(
        one is None or one[1][0].islower() or one[1].lower() in _PART_OF_NO_NAME for one in beside
    )


def _leads_to(between: str) -> bool:
    """Whether what stands between a cue and a name leads to it and to no other name before."""
    return not _ANOTHER.search(_SCHEME.sub("", between))


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
    """One text was seen before the day on which the other says it was published.

    What a text states shows that it is no older, and never that it is as old: dates are set back.
    """
    seen, retrieved = _day(sighting.first_seen), _day(page.retrieved or "")
    stated = _possible(_day(sighting.document.date), seen)
    published = _possible(_day(_value(page.metadata.published)), retrieved)
    if seen and published and _last(seen) < _first(published):
        reason = f"first seen {seen}, the page dated {published}"
        return Lineage(ReuseDirection.FROM_DOCUMENT, reason)
    if retrieved and stated and _last(retrieved) < _first(stated):
        reason = f"dated {stated}, the page seen {retrieved}"
        return Lineage(ReuseDirection.FROM_PAGE, reason)
    return Lineage(ReuseDirection.UNDETERMINED, _why_not(stated, published))


def _possible(stated: str, seen: str) -> str:
    """A stated date, or nothing where the text was seen before it: such a date is wrong."""
    return "" if stated and seen and _last(seen) < _first(stated) else stated


def _earlier(page: Page, sighting: Sighting) -> ReuseDirection:
    """Which text states the earlier date: enough to doubt a credit, not to decide without one."""
    stated = _day(sighting.document.date)
    published = _day(_value(page.metadata.published))
    if stated and published and _last(stated) < _first(published):
        return ReuseDirection.FROM_DOCUMENT
    if stated and published and _last(published) < _first(stated):
        return ReuseDirection.FROM_PAGE
    return ReuseDirection.UNDETERMINED


def _why_not(stated: str, published: str) -> str:
    if not published:
        return "the page states no date that could be compared"
    if not stated:
        return "the document states no date that could be compared"
    return f"dated {stated}, the page {published}: what texts state of themselves decides nothing"


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
