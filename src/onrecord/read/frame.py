"""Where the article stands among the blocks: title, first and last paragraph, what is kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.read import marks
from onrecord.read.dom import Block, Outline, Place, key
from onrecord.read.head import Head, strings
from onrecord.span import Span, shrunk

__all__ = ["Frame", "Title", "find_title", "frame_of"]

_SITE = re.compile(r"(?<!\s)\s++(?:[|–—·•»«:]|::|-)\s++")
_ABOVE, _BELOW = 12, 8  # blocks above the title or below the article that still belong to it
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Frame:
    """Block indices: the title (or `None`), the article's blocks, and those of reader comments.

    `article` is in order. `shared` are the places (by index) that hold both the title and the start of the article.
    """

    title: int | None
    article: tuple[int, ...]
    apart: frozenset[int]
    shared: frozenset[int]
    first: int
    last: int

    def around(self, place: Place) -> int:
        """The marks of a place and of those above it that do not hold the title as well.

        A wrapper called "widget" or "teaser" around title and article says nothing about a part.
        """
        found = 0
        at: Place | None = place
        while at is not None and at.index not in self.shared:
            found |= at.own
            at = at.parent
        return found

    def above(self, index: int) -> bool:
        """Whether a block stands between a little above the title and the first paragraphs."""
        top = self.title
        if top is None or top == self.first:
            return self.first - _ABOVE <= index <= self.first + 2
        if top < self.first:
            return top - _ABOVE <= index <= self.first + 2
        return self.first - _ABOVE <= index <= top + 2

    def under_title(self, index: int) -> bool:
        """Whether a block stands right above the title, or between it and the text's start."""
        return (
            self.title is not None
            and self.title - 1 <= index <= max(self.first, self.title + 1) + 1
        )

    def beside_title(self, index: int) -> bool:
        """Whether a block stands directly above or below the title."""
        return self.title is not None and abs(index - self.title) <= 2

    def below(self, index: int) -> bool:
        """Whether a block stands shortly below the article."""
        return self.last < index <= self.last + _BELOW

    def near(self, index: int) -> bool:
        """Whether a block stands beside title or article, and in no reader comment."""
        return index not in self.apart and (self.above(index) or self.below(index))


def frame_of(
    out: Outline, title: Block | None, article: tuple[int, ...], apart: frozenset[int]
) -> Frame:
    """The frame, with the places that title and article share."""
    anchors = [title] if title is not None else []
    anchors += [out.blocks[i] for i in article[:1]] if title is None else []
    shared: set[int] = set()
    for block in anchors:
        at: Place | None = block.place
        if at is not None and at.tag in _HEADINGS:
            at = at.parent
        while at is not None:
            shared.add(at.index)
            at = at.parent
    title_at = title.index if title is not None else None
    below = next((i for i in article if title_at is None or i > title_at), None)
    first = below if below is not None else article[0] if article else title_at or 0
    last = article[-1] if article else first
    return Frame(title_at, article, apart, frozenset(shared), first, last)


def title_names(head: Head) -> list[tuple[str, str]]:
    """What the page says its title is, as (where, title), the most telling first."""
    found = [
        (f"json-ld:{name}", text)
        for node in head.articles[:1]
        for name in ("headline", "name")
        for text in strings(node.get(name))[:1]
    ]
    metas = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "title")
    found.extend(
        (f"meta:{name}", meta[1]) for name in metas if (meta := head.meta(name)) is not None
    )
    if head.title:
        found.append(("html:title", head.title))
    return found


def without_site(title: str, site: str) -> str:
    """A title without the name of the site before or after it.

    >>> without_site("Rain ends | Anytown News", ""), without_site("Anytown: Rain", "Anytown")
    ('Rain ends', 'Anytown: Rain')
    """
    parts = _SITE.split(title)
    if len(parts) == 1:
        return title
    if site:
        kept = [part for part in parts if key(part) != key(site)]
        if kept and len(kept) < len(parts):
            parts = kept
            if len(parts) == 1:
                return parts[0]
    longest = max(parts, key=len)
    first_end = title.find(parts[-1])
    if len(parts[-1]) <= 40 and len(parts[-1].split()) <= 5 and first_end > len(title) / 2:
        return title[:first_end].rstrip(" |–—·•»«:-")
    return longest if len(longest) > 0.6 * len(title) else title


@dataclass(frozen=True, slots=True)
class Title:
    """The title, where it was found, and its block and span when it is visible."""

    text: str
    where: str
    block: Block | None = None
    span: Span | None = None


def find_title(out: Outline, head: Head, *, site: str) -> Title:
    """The title of the article.

    A visible heading that agrees with what the markup says wins; a lone `h1` wins without markup.
    """
    names = title_names(head)
    claims = [key(without_site(text, site)) for _, text in names] + [key(text) for _, text in names]
    best: tuple[float, Block] | None = None
    headings = [b for b in out.blocks if b.tag in _HEADINGS or b.place.own & marks.TITLE]
    n_h1 = sum(b.tag == "h1" for b in headings)
    for block in headings:
        k = block.key
        if not k or len(block.text) > 400:
            continue
        score = max((_agreement(k, claim) for claim in claims), default=0.0)
        if block.tag == "h1":
            score += 0.35 if n_h1 == 1 else 0.2
        elif block.tag == "h2":
            score += 0.05
        if block.place.zones & (marks.RELATED | marks.COMMENT | marks.ADVERT):
            score -= 0.5
        elif block.place.zones & marks.CHROME:
            score -= 0.2
        if len(k) < 4 or k == key(site):
            score -= 0.5
        if best is None or score > best[0] + 1e-9:
            best = (score, block)
    if best is not None and best[0] >= (0.3 if n_h1 == 1 else 0.5):
        span = _without_kicker(out, best[1], frozenset(filter(None, claims)))
        return Title(span.of(out.text).replace("\n", " "), "visible:title", best[1], span)
    for where, text in names:
        wanted = key(without_site(text, site))
        for block in out.blocks[:200]:
            if wanted and block.key == wanted:
                return Title(block.text.replace("\n", " "), "visible:title", block, block.span)
        return Title(without_site(text, site), where)
    return Title("", "")


def _without_kicker(out: Outline, block: Block, claims: frozenset[str]) -> Span:
    """The part of a heading that the markup calls the title, where an element sets it apart."""
    whole = block.span
    if block.key in claims:
        return whole
    for i in range(block.first, block.last):
        if out.starts[i] < 0:
            continue
        for part in (Span(out.starts[i], whole.end), Span(whole.start, out.ends[i])):
            part = shrunk(out.text, part, strip=" \n:|–—-•/")  # noqa: PLW2901
            if 4 * part.n_chars >= whole.n_chars and key(part.of(out.text)) in claims:
                return part
    return whole


def _agreement(seen: str, said: str) -> float:
    """1 for the same letters; the share of the longer where one holds the other; else 0."""
    if not seen or not said:
        return 0.0
    if seen == said:
        return 1.0
    if seen in said or said in seen:
        return min(len(seen), len(said)) / max(len(seen), len(said))
    shared = 0
    for a, b in zip(seen, said, strict=False):
        if a != b:
            break
        shared += 1
    return 0.9 * shared / max(len(seen), len(said)) if shared >= 15 else 0.0
