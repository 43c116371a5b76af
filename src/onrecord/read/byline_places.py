"""Where a page shows names that can be the author's, and how strongly each place says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.read import dates, lines, marks
from onrecord.read.dom import Block, Outline, Place, key
from onrecord.read.first_names import starts_with_first_name
from onrecord.read.frame import Frame
from onrecord.read.names import has_prefix, names_in
from onrecord.span import Span

__all__ = ["LONGEST", "Seen", "visible_names"]

_BY_LINE = re.compile(
    r"[\s–—•|-]*+(?:(?:(?:Written|Posted|Published|Reported|Story|Article|Geschrieben|Verfasst|Veröffentlicht|"
    r"Ein Beitrag|Ein Artikel|Ein Gastbeitrag|Interview|Text|Publié|Escrito|Scritto)\s+)?"
    r"(?:[Bb][Yy]|(?:[Gg]espeichert\s+)?[Vv]on|VON|[Pp]or|POR|[Pp]ar|PAR|[Dd]i|DI|[Dd]oor)(?:\s*+:)?+\s++(?=[A-ZÀ-Þ\"„“@])"
    r"|(?:[Aa]uthor|AUTHOR|[Aa]utor(?:in|en)?|AUTOR(?:IN)?|[Aa]uteure?|[Aa]utore|[Vv]erfasser(?:in)?|"
    r"[Rr]eporter|Redaktion|Text|Texte|Texto|Testo|Words|TEXT)\s*+[:：]\s*+(?=\S)"
    r"|Autor(?:en|in)?\s+(?=[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ]))"
)
_STRICT = re.compile(
    r"(?:^|[\s_-])(?:fn|author-?name|authorname|rel-author|by-?author|p-author|post-?author|entry-?author|"
    r"article-?author|byline-?(?:name|author)|author__name|author-link|author-url)(?:$|[\s_-])|"
    r"(?:^|\s)(?:author|autor|auteur|autore|byline)(?:$|\s)|schema\.org/person"
)
_NOT_AUTHOR = re.compile(
    r"author-?(?:image|img|avatar|photo|pic|social|links?-?list|bio-?text|desc|follow|email|twitter|"
    r"articles|posts|archive|list$|count|title$|role|job|position)|avatar|copyright|photograph|"
    r"book-?author|quote-?author|cite|authority|co-?authority|tag-?author|comment|signup|"
    r"related|teaser|cookie|authori[sz]ed|authenticat"
)
_LABEL_LINE = re.compile(r"\b(by|von|autor(?:in)?|author|text)\s*:?\n", re.IGNORECASE)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autori?|profiles?|redakteure?|columnists?|journalists?|"
    r"journalisten|by|reporters?|contributors?|writers?|firmas?)/[\w.%-]+",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(
    r"\b(?:(?:von|by|par|por)|(?:redaktion|autor(?:in)?|text|author)\s?:)\s+(?P<name>\w)",
    re.IGNORECASE,
)
LONGEST = 120  # code points of a line that can be a byline


@dataclass(frozen=True, slots=True)
class Seen:
    """Names in one place: where, and how strongly the place presents them as authors."""

    names: tuple[str, ...]
    where: str
    span: Span | None
    strength: float
    block: int


def visible_names(out: Outline, frame: Frame) -> Iterable[Seen]:
    """Every name that stands where an author's name can stand, in no order of strength."""
    done: set[int] = set()
    for place in out.places:
        if not place.own & marks.BYLINE:
            if place.tag == "a" and (linked := _by_link(out, place, frame)) is not None:
                yield linked
            continue
        if _NOT_AUTHOR.search(place.name) and not _STRICT.search(place.name):
            continue
        index = out.block_at(place)
        if index >= len(out.blocks) or index in frame.apart:
            continue
        if frame.around(place) & (marks.COMMENT | marks.ADVERT):
            continue
        if _has_named_child(out, place):
            continue
        said = out.spaced(place)
        if not said or len(said) > LONGEST:
            continue
        names = names_in(said)
        if not names:
            continue
        strength = 2.0
        if _STRICT.search(place.name):
            strength += 1.0
        if has_prefix(said):
            strength += 0.5
        strength += _position(place, index, frame)
        if strength < 2.0:
            continue
        done.add(index)
        span = out.span(place)
        if span is not None:
            span = _name_span(span, span.of(out.text), names)
        yield Seen(names, "visible:byline", span, strength, index)
    for block in out.blocks:
        inside = frame.first <= block.index <= frame.last
        if block.index in done or block.index in frame.apart:
            continue
        if not inside and not frame.near(block.index):
            continue
        if len(block.text) > LONGEST and "\n" not in block.text[:LONGEST]:
            continue
        around = frame.around(block.place)
        if around & (marks.COMMENT | marks.ADVERT):
            continue
        if around & marks.RELATED and not frame.beside_title(block.index):
            continue
        yield from _in_lines(block, frame)
    yield from _author_boxes(out, frame)
    yield from _by_bio(out, frame)


def _by_link(out: Outline, place: Place, frame: Frame) -> Seen | None:
    """A name beside the title that links to the page of an author."""
    index = out.block_at(place)
    if not frame.above(index) or index in frame.apart:
        return None
    if not _AUTHOR_PAGE.search(place.element.get("href") or ""):
        return None
    said = out.spaced(place)
    names = names_in(said) if 0 < len(said) <= 60 else ()
    around = frame.around(place)
    if not names or around & (marks.RELATED | marks.COMMENT | marks.ADVERT):
        return None
    return Seen(names, "visible:author link", out.span(place), 4.5, index)


def _in_lines(block: Block, frame: Frame) -> Iterable[Seen]:
    """Names in the lines of a block: after "By", beside a date, or after a date and "by"."""
    at = block.start
    position = _position(block.place, block.index, frame)
    text = _LABEL_LINE.sub(r"\1 ", block.text)  # the name in the line after "By"
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if not line or len(line) > LONGEST:
            continue
        names: tuple[str, ...] = ()
        strength = 3.0
        if _BY_LINE.match(line):
            names = names_in(line)
            if not _looks_like_names(names) or sum(map(len, names)) < 0.25 * len(line):
                continue
        elif frame.near(block.index):
            names = _after_date(line)
            strength = 2.0
            if not names and _is_between(block, frame):
                names = _bare_name(line)
                strength = 3.0
        if not names:
            continue
        span = _name_span(Span(start, start + len(line)), line, names)
        yield Seen(names, "visible:by line", span, strength + max(position, 0.0), block.index)


def _after_date(line: str) -> tuple[str, ...]:
    """The name in a line such as "3 March 2021 by NAME"."""
    found = dates.date_in(line)
    if found is None:
        return ()
    after = _AFTER_DATE.search(line, found[1])
    return names_in(line[after.start("name") :]) if after else ()


def _by_bio(out: Outline, frame: Frame) -> Iterable[Seen]:
    """A name alone in a line at the article's end, with "NAME is a writer ..." beside it."""
    ending = out.blocks[max(frame.last - 5, 0) : frame.last + 6]
    for block in ending:
        match = lines.BIO.match(block.text) if block.index not in frame.apart else None
        if match is None or not lines.BIO_ROLES.search(block.text, 0, 300):
            continue
        wanted = key(match["name"])
        alone = next((b for b in ending if key(b.text) == wanted), None)
        if alone is not None and lines.is_name(match["name"]):
            yield Seen((match["name"],), "visible:by line", alone.span, 4.0, alone.index)
            return


def _is_between(block: Block, frame: Frame) -> bool:
    """Whether a block stands below the title and above the text, or right below the article."""
    if frame.around(block.place) & (marks.RELATED | marks.CHROME | marks.CAPTION | marks.CREDIT):
        return False
    title = frame.title if frame.title is not None else frame.first
    return title - 2 <= block.index <= frame.first or frame.last < block.index <= frame.last + 2


def _bare_name(line: str) -> tuple[str, ...]:
    """A person's name that is a whole line, or all of it but a date."""
    if len(line) > 80:
        return ()
    parts = [line]
    found = dates.date_in(line)
    if found is not None:
        parts = re.split(r"[|•·]|\s[-–—]\s", f"{line[: found[0]]}|{line[found[1] :]}")
    named = [
        part
        for part in (p.strip(" ,.;:-–—•·/") for p in parts)
        if lines.is_name(part) and starts_with_first_name(part)
    ]
    return (named[0],) if len(named) == 1 else ()


def _author_boxes(out: Outline, frame: Frame) -> Iterable[Seen]:
    """The name that heads a box about the author below the article."""
    for place in out.places:
        if not place.own & marks.BIO or place.last == place.first:
            continue
        index = out.block_at(place)
        if index >= len(out.blocks) or index in frame.apart or index < frame.first:
            continue
        if frame.around(place) & (marks.COMMENT | marks.RELATED | marks.ADVERT):
            continue
        for block in out.blocks[index : index + 3]:
            if block.last > place.last:
                break
            names = names_in(block.text) if len(block.text) <= 60 else ()
            if len(names) == 1 and (
                lines.is_name(names[0]) or block.tag in ("h2", "h3", "h4", "h5")
            ):
                yield Seen(names, "visible:author box", block.span, 3.0, block.index)
                break


def _name_span(whole: Span, line: str, names: Sequence[str]) -> Span:
    """Where the names stand in a line that covers `whole` of the text."""
    start = line.find(names[0])
    end = line.find(names[-1], max(start, 0)) + len(names[-1])
    return Span(whole.start + start, whole.start + end) if 0 <= start < end else whole


def _looks_like_names(names: Sequence[str]) -> bool:
    """Whether all have the form of a name: capitalised words, or one short word alone."""
    if len(names) == 1 and " " not in names[0]:
        return len(names[0]) <= 25
    return bool(names) and all(lines.is_name(name) or lines.is_agency(name) for name in names)


def _position(place: Place, index: int, frame: Frame) -> float:
    score = 0.0
    around = frame.around(place)
    if around & marks.RELATED and not frame.beside_title(index):
        score -= 2.5
    if around & marks.ASIDE:
        score -= 0.5
    if frame.above(index):
        return score + 2.0
    if frame.below(index):
        return score + 1.0
    if index in (frame.last - 1, frame.last):
        return score + 1.0
    if frame.first <= index <= frame.last:
        return score - 0.5
    return score - 2.0


def _has_named_child(out: Outline, place: Place) -> bool:
    """Whether a narrower place inside is named after authors and holds names."""
    return any(
        child.own & marks.BYLINE
        and child.last > child.first
        and not _NOT_AUTHOR.search(child.name)
        and names_in(out.spaced(child))
        for child in out.inside(place)
    )
