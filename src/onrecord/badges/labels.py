"""The labels of a page that say it was checked, and what stands beside each of them.

A label is a region of kind badge, the alternative text of an image, or a mark in structured data.
The same words in prose, comments, teasers, embeds and disclaimers are no label of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.claimreview import claim_reviews, markup_nodes, named, values
from onrecord.dates import DayRange, dates_in
from onrecord.record import Page, Region
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["Label", "Reviewer", "labels"]

# The first words of an image's alternative text that make it a label and no description.
_IMAGE_LABEL = re.compile(
    r"(?:100%\s+)?(?:(?:this (?:article|page|story) (?:has been|was|is)\s+)?"
    r"(?:independently |thoroughly )?fact[- ]?checked|fact[- ]check|verified|"
    r"(?:medically|clinically|scientifically|expert|legally|independently)[- ]"
    r"(?:reviewed|verified|checked|approved)|reviewed by\s+.{2,60}|checked by\s+.{2,60})"
    r"(?:\s+(?:by|on)\s.{2,80})?"
    r"(?:\s+(?:badge|stamp|seal|label|icon|mark|sticker|content|article|claim))*"
    r"\s*(?:[:,.|·–—-]\s*.{0,80})?",
    re.IGNORECASE,
)
_NO_LABEL_AROUND = frozenset({
    RegionKind.COMMENT, RegionKind.RELATED, RegionKind.EMBED, RegionKind.ADVERT,
    RegionKind.BOILERPLATE, RegionKind.BIO,
})  # fmt: skip
# Regions that may say who and when next to a label.
_SPEAKS_BESIDE = frozenset({
    RegionKind.BYLINE, RegionKind.DATE, RegionKind.LABEL, RegionKind.CREDIT, RegionKind.BIO,
    RegionKind.BOILERPLATE, RegionKind.CAPTION, RegionKind.SUBTITLE,
})  # fmt: skip
_REVIEW_WORD = re.compile(
    r"\b(?:medical|clinical|scientific|expert|legal|editorial|peer)(?:ly)?[- ]"
    r"(?:review|verif|check|approv)|\breviewed\b|\breviewer\b",
    re.IGNORECASE,
)
_RATING_WORD = (
    r"(?:mostly |partly |half[- ]|largely )?(?:true|false|correct|incorrect|accurate|inaccurate)|"
    r"misleading|unproven|unsupported|missing context|fake|satire|debunked|pants on fire"
)
_NAMES_CLAIM = re.compile(
    rf"\bclaim\s*:\s*\S|\b(?:rating|verdict|conclusion)\s*:\s*\S|"
    rf"\bfact[- ]?check(?:ed)?\s*[:–—-]\s*(?:{_RATING_WORD}|(?!by\b)(?:\w+[\s’'-]+){{3,}}\w+)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:(?:fact[- ]?)?check(?:ed)?|reviewed|verified|vetted|approved|validated)"
    r"(?:\s+(?:and|&)\s+\w+)?(?:\s+(?:for accuracy|independently))?\s*+by\b\s*+(?::\s*+)?(?P<one>\S.*)"
    r"|\b(?:(?:fact[- ]?)check(?:er)?|(?:medical |expert |scientific )?reviewer|checker)s?\s*+:\s*+"
    r"(?P<two>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_A_NAME = frozenset({
    "editorial", "team", "staff", "editor", "editors", "expert", "experts", "newsroom", "desk",
    "medical", "board", "review", "fact", "checker", "checkers", "fact-checker", "fact-checkers",
    "factcheckers", "panel", "our", "the", "a", "an", "us", "science", "research", "professional",
    "professionals", "doctor", "doctors", "journalists", "department", "advisory", "committee",
    "independent", "true", "false", "and", "of",
})  # fmt: skip
_PARTICLES = frozenset({
    "de", "da", "di", "du", "del", "della", "van", "von", "der", "den", "ten", "ter", "la", "le",
    "bin", "ibn", "al", "el", "y", "e", "zu", "dos", "das", "of", "for", "the", "&", "and",
})  # fmt: skip
_MONTHS = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who is named beside a label: the name, the words after it, and where both stand.

    `span` and `rest_span` are `None` when only structured data or an image's text name them.
    """

    name: str
    rest: str
    span: Span | None = None
    rest_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a page.

    `form` is `text`, `image` or `markup`. `beside` are the stretches that count as next to it,
    its own first. `is_internal_review` marks "Medically reviewed by ..." and its like, which say
    nothing of an outside claim; `names_claim` a label that gives the claim or its rating.
    """

    text: str
    form: str
    region: Span | None
    image: str | None
    beside: tuple[Span, ...]
    reviewer: Reviewer | None
    dates: tuple[DayRange, ...]
    is_internal_review: bool
    names_claim: bool


def labels(page: Page) -> tuple[Label, ...]:
    """The labels of the page in document order: regions, then images, then structured data.

    Structured data counts as a label of its own only where nothing visible is one.
    """
    found = [*_region_labels(page), *_image_labels(page)]
    if not found:
        found.extend(_markup_labels(page))
    return tuple(found)


def _region_labels(page: Page) -> Iterator[Label]:
    found = [
        (Span(page.regions[first].span.start, page.regions[last].span.end), first, last)
        for first, last in _badge_runs(page)
    ]
    runs = [span for span, _, _ in found]
    taken = [stretch for span, first, last in found for stretch in _neighbours(page, first, last)]
    found += [
        (span, i, i)
        for span, i in _line_labels(page)
        if not any(span.overlaps(stretch) for stretch in (*runs, *taken))
    ]
    for span, first, last in sorted(found):
        yield _visible_label(page, span, (span, *_neighbours(page, first, last)))


def _line_labels(page: Page) -> Iterator[tuple[Span, int]]:
    """Lines that are nothing but "Medically reviewed by ...", whatever region holds them.

    In the byline and its neighbours the label may follow the author's name; a paragraph of the
    body must be it from end to end, and stand first or last.
    """
    body = [i for i, r in enumerate(page.regions) if r.kind is RegionKind.BODY]
    edge = {*body[:2], *body[-2:]}
    for i, region in enumerate(page.regions):
        words = region.span.of(page.text)
        if len(words) > _LONGEST_LINE:
            continue
        if region.kind in _HEAD_KINDS and (match := _LINE_LABEL.search(words)):
            yield Span(region.span.start + match.start(), region.span.end), i
        elif i in edge and _LINE_LABEL.match(words) and not _TWO_SENTENCES.search(words):
            yield region.span, i


_LONGEST_LINE = 160
_HEAD_KINDS = frozenset(
    {RegionKind.BYLINE, RegionKind.LABEL, RegionKind.CREDIT, RegionKind.DATE, RegionKind.SUBTITLE}
)
# "Fact checked by" needs a name: without "by" a line of text is only a line of text.
_LINE_LABEL = re.compile(
    r"(?:[✓✔☑✅]\ufe0f?\s*+)?+\b(?:(?:medically|clinically|scientifically|legally|expert|fact)[ -]?"
    r"(?:checked|reviewed|verified|approved)|fact[ -]?check|reviewed|(?:medical|expert) reviewer)"
    r"(?:\s+(?:and|&)\s+(?:reviewed|verified|edited))?\s*+(?:by\b|:)\s*+(?:(?-i:[A-Z])|the (?-i:[A-Z])|our )",
    re.IGNORECASE,
)
_TWO_SENTENCES = re.compile(
    r"[a-z]{3}[.!?][\"'”’]?\s+[A-Z]|\b(?:said|says|was|were|has been|have)\b"
)


def _badge_runs(page: Page) -> Iterator[tuple[int, int]]:
    """First and last index of each run of badge regions with nothing but space between them."""
    i = 0
    regions = page.regions
    while i < len(regions):
        if regions[i].kind is not RegionKind.BADGE:
            i += 1
            continue
        first = i
        while (
            i + 1 < len(regions)
            and regions[i + 1].kind is RegionKind.BADGE
            and not page.text[regions[i].span.end : regions[i + 1].span.start].strip()
        ):
            i += 1
        yield first, i
        i += 1


def _neighbours(page: Page, first: int, last: int) -> Iterator[Span]:
    """Regions directly before and after a label that belong to it by their own words or line."""
    if first > 0:
        before = page.regions[first - 1]
        if _belongs(page, before, page.text[before.span.end : page.regions[first].span.start]):
            yield before.span
    label_text = page.regions[last].span.of(page.text)
    previous = page.regions[last]
    for after in page.regions[last + 1 : last + 4]:
        gap = page.text[previous.span.end : after.span.start]
        words = after.span.of(page.text)
        goes_on = words.startswith("by ") and after.kind is RegionKind.BYLINE
        goes_on = goes_on or (
            label_text.rstrip().lower().endswith(" by") and after.kind in _SPEAKS_BESIDE
        )
        if not (_belongs(page, after, gap) or (goes_on and not gap.strip())):
            return
        yield after.span
        previous = after


def _belongs(page: Page, region: Region, gap: str) -> bool:
    """Whether a neighbouring region speaks of the label rather than of the article."""
    if region.kind not in _SPEAKS_BESIDE or gap.strip(" \t\r\n\u00a0|·•,–—-"):
        return False
    words = region.span.of(page.text)
    if len(words) > 240:
        return False
    if _BY.search(words) or re.match(
        r"\s*(?:fact[- ]?checked|reviewed|checked) on\b", words, re.IGNORECASE
    ):
        return True
    if region.kind is not RegionKind.DATE:
        return False
    if "\n" not in gap:
        return True
    # On a line of its own a date is the label's only if the page does not use it for itself.
    own = (page.metadata.published, page.metadata.modified)
    taken = [f.span for f in own if f is not None and f.span is not None]
    says_so = re.match(
        r"\s*(?:published|posted|updated|last|modified|first)\b", words, re.IGNORECASE
    )
    return not says_so and not any(region.span.overlaps(span) for span in taken)


def _visible_label(page: Page, span: Span, beside: tuple[Span, ...]) -> Label:
    text = " ".join(span.of(page.text).split())
    days = tuple(
        DayRange(d.first, d.last, d.span.moved(stretch.start))
        for stretch in beside
        for d in dates_in(stretch.of(page.text))
    )
    return Label(
        text=text,
        form="text",
        region=span,
        image=None,
        beside=beside,
        reviewer=_reviewer_beside(page, beside),
        dates=days,
        is_internal_review=bool(_REVIEW_WORD.search(text)),
        names_claim=bool(_NAMES_CLAIM.search(text)),
    )


def _reviewer_beside(page: Page, beside: tuple[Span, ...]) -> Reviewer | None:
    own = beside[0]
    for stretch in beside:
        words = stretch.of(page.text)
        # "Fact checked" and, in the next region, "by Ann Lee": one label broken over two lines.
        if stretch != own and re.match(r"\s*by\s", words):
            words, lead = "checked " + words, len("checked ")
        elif stretch != own and own.of(page.text).rstrip().lower().endswith(" by"):
            words, lead = "checked by " + words, len("checked by ")
        else:
            lead = 0
        if (found := _reviewer(words)) and found.span and found.rest_span:
            move = stretch.start - lead
            return Reviewer(
                found.name, found.rest, found.span.moved(move), found.rest_span.moved(move)
            )
    return None


def _reviewer(words: str) -> Reviewer | None:
    """The person or body that "reviewed by" names; `None` for "our editors" and the like."""
    match = _BY.search(words)
    if match is None:
        return None
    start = match.start("one") if match["one"] else match.start("two")
    name: list[re.Match[str]] = []
    for token in re.finditer(r"\S+", words[start:]):
        word = token[0]
        bare = word.strip(".,;:|·()[]–—-")
        if not bare or not (bare[0].isupper() or (bare.lower() in _PARTICLES)):
            break
        if (_MONTHS.fullmatch(bare) and name) or "\n" in words[
            start + (name[-1].end() if name else 0) : start + token.start()
        ]:
            break
        name.append(token)
        if word[-1] in ",;:|·)" or (word[-1] == "." and len(bare) > 3 and bare != "Prof"):
            break
    while name and name[-1][0].lower() in _PARTICLES:
        name.pop()
    while name and name[0][0].lower() in {"the", "our", "a"}:
        name.pop(0)
    words_of_name = [t[0].strip(".,;:|·()[]") for t in name]
    if not any(w.lower() not in _NOT_A_NAME for w in words_of_name):
        return None
    begin, end = start + name[0].start(), start + name[-1].end()
    # "Ann Lee12 May": a date glued to the name by markup without spaces is no part of it
    end -= len(words[begin:end]) - len(words[begin:end].rstrip(".,;:|·()[]0123456789"))
    rest_end = len(words)
    if days := [d for d in dates_in(words) if d.span.start >= end]:
        rest_end = min(rest_end, days[0].span.start)
    return Reviewer(
        words[begin:end], words[end:rest_end].strip(), Span(begin, end), Span(end, rest_end)
    )


def _image_labels(page: Page) -> Iterator[Label]:
    for image in page.images or ():
        alt = " ".join(image.alt[:300].split())
        if not alt or len(alt.split()) > 16 or not _IMAGE_LABEL.fullmatch(alt):
            continue
        near = image.near
        around = [r for r in page.regions if near is not None and r.span.overlaps(near)]
        if any(r.kind in _NO_LABEL_AROUND for r in around):
            continue
        reviewer = _reviewer(alt)
        yield Label(
            text=alt,
            form="image",
            region=None,
            image=image.url,
            beside=(),
            reviewer=Reviewer(reviewer.name, reviewer.rest) if reviewer else None,
            dates=dates_in(alt),
            is_internal_review=bool(_REVIEW_WORD.search(alt)),
            names_claim=bool(_NAMES_CLAIM.search(alt)),
        )


def _markup_labels(page: Page) -> Iterator[Label]:
    reviews = claim_reviews(page)
    if reviews:
        person = next((a.name for r in reviews for a in r.authors if a.name), None)
        yield Label(
            text="ClaimReview",
            form="markup",
            region=None,
            image=None,
            beside=(),
            reviewer=Reviewer(person, "") if person else None,
            dates=(),
            is_internal_review=False,
            names_claim=True,
        )
        return
    for _, node in markup_nodes(page.markup or ()):
        for value in values(node, "reviewedBy"):
            who = named(value)
            if who is None or who.name is None:
                continue
            roles = (
                [r for r in values(value, "jobTitle") if isinstance(r, str)]
                if isinstance(value, dict)
                else []
            )
            yield Label(
                text=f"reviewedBy: {who.name}",
                form="markup",
                region=None,
                image=None,
                beside=(),
                reviewer=Reviewer(who.name, ", ".join([*roles, *who.urls])),
                dates=(),
                is_internal_review=True,
                names_claim=False,
            )
            return
