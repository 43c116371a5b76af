"""The kind of each block: what is the article, and what stands around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.read import dates, lines, marks
from onrecord.read.bylines import Bylines
from onrecord.read.comments import Comment, Comments
from onrecord.read.dom import Block, Outline, Place, key
from onrecord.read.frame import Frame
from onrecord.read.publication import Dates
from onrecord.record import Region
from onrecord.span import Span, shrunk
from onrecord.terms import RegionKind

__all__ = ["Found", "regions"]

_HEADING = re.compile(r"h[1-6]\Z")
_POST = re.compile(
    r"twitter-|instagram-|fb-post|tiktok-|reddit-|bluesky-|mastodon-|threads-|imgur-|telegram-"
)
_LEVELS = 4  # an element this far above a block still names it
_STANDFIRST = re.compile(
    r"sub-?(?:title|head|line)|standfirst|(?:^|[\s_-])(?:deck|dek|subdeck|vorspann|untertitel|unterzeile|"
    r"chapeau|chapo|bajada|entradilla|sommario|ingress|standfirst)(?:$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the readers of metadata and comments found, for the labelling of blocks."""

    frame: Frame
    title: Span | None
    bylines: Bylines
    dates: Dates
    comments: Comments


def regions(out: Outline, found: Found) -> tuple[Region, ...]:
    """Every block of the outline as one or more disjoint regions, in document order."""
    labelled = _Labels(out, found)
    result: list[Region] = []
    for block in out.blocks:
        result.extend(labelled.of(block))
    return tuple(_joined_comments(out, result, found.comments))


class _Labels:
    """The lookups that labelling needs, made once a page."""

    def __init__(self, out: Outline, found: Found) -> None:
        self.out = out
        self.frame = found.frame
        self.title = found.title
        self.article = frozenset(found.frame.article)
        self.commented: dict[int, Comment] = {
            index: comment for comment in found.comments.found for index in comment.blocks
        }
        self.zone = found.comments.zone
        self.names = {key(author.value) for author in found.bylines.authors}
        spans = [(span, RegionKind.BYLINE) for span in found.bylines.shown]
        spans += [(span, RegionKind.DATE) for span in found.dates.shown]
        self.shown = sorted(spans)
        self.shown_at = [span.start for span, _ in self.shown]
        self.body_keys: set[str] = set()

    def of(self, block: Block) -> Iterable[Region]:
        index = block.index
        comment = self.commented.get(index)
        if comment is not None:
            pairs = (("author", comment.author), ("date", comment.date))
            return [Region(RegionKind.COMMENT, block.span, tuple(p for p in pairs if p[1]))]
        if index in self.zone:
            return [Region(RegionKind.BOILERPLATE, block.span)]
        if index == self.frame.title:
            return self.titled(block)
        if self.is_name(block):
            return [Region(RegionKind.BYLINE, block.span)]
        kind = self.kind(block)
        if kind == RegionKind.BODY:
            return self.body(block)
        if kind in (
            RegionKind.BOILERPLATE,
            RegionKind.CREDIT,
            RegionKind.RELATED,
            RegionKind.LABEL,
        ):
            return self.cut(block, kind)
        return [Region(kind, block.span)]

    def is_name(self, block: Block) -> bool:
        """Whether a block beside the article is an author's name and nothing else."""
        return (
            len(block.text) <= 60
            and block.key in self.names
            and (self.frame.near(block.index) or self.frame.first < block.index <= self.frame.last)
        )

    def titled(self, block: Block) -> Iterable[Region]:
        """The title, with what stands in its heading before and after it apart."""
        title = self.title or block.span
        yield from self.rest(Span(block.start, title.start), RegionKind.LABEL)
        yield Region(RegionKind.TITLE, title)
        yield from self.rest(Span(title.end, block.span.end), RegionKind.BOILERPLATE)

    def cut(self, block: Block, rest: RegionKind) -> Iterable[Region]:
        """A block around bylines and dates: those, and what is left as `rest`."""
        inside = self.shown_in(block.span)
        if not inside:
            return [Region(rest, block.span)]
        result: list[Region] = []
        at = block.start
        for span, kind in inside:
            if span.start < at:
                continue
            result.extend(self.rest(Span(at, span.start), rest))
            result.append(Region(kind, span))
            at = span.end
        result.extend(self.rest(Span(at, block.span.end), rest))
        return result

    def shown_in(self, span: Span) -> list[tuple[Span, RegionKind]]:
        """The bylines and dates that stand inside a span."""
        first, last = bisect_left(self.shown_at, span.start), bisect_left(self.shown_at, span.end)
        return [pair for pair in self.shown[first:last] if span.contains(pair[0])]

    def rest(self, span: Span, kind: RegionKind) -> Iterable[Region]:
        left = shrunk(self.out.text, span, strip=" \n")
        if any(c.isalnum() for c in left.of(self.out.text)):
            yield Region(kind, left)

    def body(self, block: Block) -> Iterable[Region]:
        attributes: tuple[tuple[str, str], ...] = ()
        if _HEADING.match(block.tag):
            attributes = (("heading", block.tag[1]),)
        elif block.tag in ("li", "dd", "dt", "td", "th", "blockquote", "pre"):
            attributes = (
                (
                    "form",
                    {"li": "list_entry", "td": "cell", "th": "cell"}.get(block.tag, block.tag),
                ),
            )
        elif block.place.zones & marks.QUOTE:
            attributes = (("form", "blockquote"),)
        if block.index <= self.frame.first + 1 and not attributes:
            end, _ = lines.dateline_end(block.text)
            if end:
                place = shrunk(self.out.text, Span(block.start, block.start + end), strip=" \n")
                rest = shrunk(self.out.text, Span(block.start + end, block.span.end), strip=" \n")
                if rest.n_chars:
                    return [Region(RegionKind.DATELINE, place), Region(RegionKind.BODY, rest)]
        return [Region(RegionKind.BODY, block.span, attributes)]

    def kind(self, block: Block) -> RegionKind:
        """The kind of a block that is no title and no comment."""
        text = block.text
        in_article = block.index in self.article
        near = self.frame.near(block.index)
        between = self.frame.first <= block.index <= self.frame.last
        own = _own_marks(block.place)
        zones = block.place.zones
        if lines.ADVERT.match(text):
            return RegionKind.ADVERT
        if len(text) < 1200 and (near or in_article or between) and lines.CORRECTION.match(text):
            return RegionKind.CORRECTION
        if near and len(text) <= 120 and not zones & (marks.RELATED | marks.COMMENT):
            if lines.BADGE.match(text) and not in_article | (block.tag == "li"):
                return RegionKind.BADGE
            if lines.BADGE.match(text) and len(text) <= 60 and block.index <= self.frame.first + 1:
                return RegionKind.BADGE
            is_entry = bool(zones & marks.CHROME) and block.tag == "li"
            if self.frame.above(block.index) and not is_entry and lines.label_genre(text):
                return RegionKind.LABEL
        if self.is_caption(block, in_article=in_article):
            return self.caption(text, own)
        if own & marks.CREDIT and len(text) < 200 and (in_article or between or near):
            return RegionKind.CREDIT
        if in_article:
            return self.in_article(block)
        if self.is_subtitle(block):
            return RegionKind.SUBTITLE
        if self.is_bio(block):
            return RegionKind.BIO
        if zones & marks.EMBED and between:
            return RegionKind.EMBED
        if zones & marks.PULL_QUOTE and between:
            return RegionKind.PULL_QUOTE
        if zones & marks.ADVERT:
            return RegionKind.ADVERT
        if zones & marks.RELATED or (len(text) < 400 and lines.RELATED.match(text)):
            return RegionKind.RELATED
        return RegionKind.BOILERPLATE

    def is_caption(self, block: Block, *, in_article: bool) -> bool:
        zones = block.place.zones
        if not zones & marks.CAPTION or _HEADING.match(block.tag):
            return False
        if block.tag == "figcaption" or zones & marks.FIGURE:
            return len(block.text) < 1000
        if not in_article:
            return True
        # "image-text" is also the name of whole sections: only the block's own place counts then
        near = block.place.own | (block.place.parent.own if block.place.parent else 0)
        return bool(near & marks.CAPTION) and len(block.text) < 300

    def caption(self, text: str, own: int) -> RegionKind:
        if lines.CREDIT.match(text) or (own & marks.CREDIT and len(text) < 120):
            return RegionKind.CREDIT
        return RegionKind.CAPTION

    def in_article(self, block: Block) -> RegionKind:
        """What a block that trafilatura takes for the article is."""
        text = block.text
        zones = block.place.zones
        before = block.index <= self.frame.first + 3
        if any(span.n_chars * 2 > len(text) for span, _ in self.shown_in(block.span)):
            return RegionKind.BOILERPLATE  # a line of name and date; `cut` finds them
        if len(text) < 160 and lines.CREDIT.match(text):
            return RegionKind.CREDIT
        if before and self.is_subtitle(block):
            return RegionKind.SUBTITLE
        if self.is_bio(block):
            return RegionKind.BIO
        if zones & marks.PULL_QUOTE:
            return RegionKind.PULL_QUOTE
        if _is_post(block.place):
            return RegionKind.EMBED
        if len(text) < 200:
            if lines.BOILERPLATE.match(text) or lines.COMMENT_HEADER.match(text):
                return RegionKind.BOILERPLATE
            linked = self.linked(block)
            if linked > 0.5 and lines.RELATED.match(text):
                return RegionKind.RELATED
        return RegionKind.BODY

    def linked(self, block: Block) -> float:
        """The share of a block's letters that stand in links."""
        total = inside = 0
        out = self.out
        for i in range(block.first, block.last):
            n = len(out.texts[i].strip())
            total += n
            if out.holders[i].zones & marks.LINK:
                inside += n
        return inside / total if total else 0.0

    def is_subtitle(self, block: Block) -> bool:
        title = self.frame.title
        if title is None or not title < block.index <= title + 4 or len(block.text) > 500:
            return False
        if block.index > self.frame.first + 1 or len(block.text.split()) < 3:
            return False
        if dates.is_only_date(block.text) or self.linked(block) > 0.7:
            return False
        if self.shown_in(block.span):
            return False
        at: Place | None = block.place
        for _ in range(2):
            if at is not None and _STANDFIRST.search(at.name):
                return True
            at = at.parent if at is not None else None
        return block.tag == "h2" and block.index == title + 1 and block.index <= self.frame.first

    def is_bio(self, block: Block) -> bool:
        text = block.text
        if len(text.split()) < 6 or len(text) > 1500:
            return False
        if block.index <= self.frame.first and not block.place.zones & marks.BIO:
            return False
        if block.place.zones & marks.BIO and (
            block.index >= self.frame.last or block.index not in self.article
        ):
            return True
        if not (block.index >= self.frame.last - 2):
            return False
        match = lines.BIO.match(text)
        if match is None or not lines.BIO_ROLES.search(text, 0, 300):
            return False
        return key(match["name"]) in self.names


def _is_post(place: Place) -> bool:
    """Whether a block stands in a post of another site that was embedded as a quotation."""
    at: Place | None = place
    while at is not None:
        if at.tag == "blockquote":
            return bool(_POST.search(at.name))
        at = at.parent
    return False


def _own_marks(place: Place) -> int:
    """The marks of a place and of the few above it."""
    found = 0
    at: Place | None = place
    for _ in range(_LEVELS):
        if at is None:
            break
        found |= at.own
        at = at.parent
    return found


def _joined_comments(out: Outline, found: Sequence[Region], comments: Comments) -> Iterable[Region]:
    """One region for each unbroken run of blocks of one comment."""
    owner = {
        out.blocks[index].start: number
        for number, comment in enumerate(comments.found)
        for index in comment.blocks
    }
    last: Region | None = None
    number = -1
    for region in found:
        if region.kind == RegionKind.COMMENT:
            mine = owner.get(region.span.start, -2)
            if last is not None and mine == number:
                last = Region(last.kind, Span(last.span.start, region.span.end), last.attributes)
                continue
            if last is not None:
                yield last
            last, number = region, mine
            continue
        if last is not None:
            yield last
            last, number = None, -1
        yield region
    if last is not None:
        yield last
