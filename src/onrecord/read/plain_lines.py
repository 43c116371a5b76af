"""The lines of a saved text, and what they say about the page while they are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from onrecord.read import lines as forms
from onrecord.read.markdown import bare_span
from onrecord.record import FoundValue, GenreMark
from onrecord.span import Span, shrunk
from onrecord.terms import Genre, RegionKind

__all__ = ["FEWEST_PARAGRAPH_WORDS", "FULL_STOPS", "Found", "Line", "kind_anywhere", "lines_of"]

FEWEST_PARAGRAPH_WORDS = 12  # below this a line is no sure paragraph of an article
FULL_STOPS = (".", "!", "?", "…", ".”", '."', ".'", ".’", "!”", "?”", '!"', '?"', ".)", ":", ";")
_RULE_LINE = re.compile(r"[\s*_=~.•·#-]{1,120}+\Z")


@dataclass(slots=True)
class Line:
    """A line that is not blank: where it stands and what it was found to be."""

    span: Span  # without white space at the ends, and without Markdown signs
    words: str
    first_of_block: bool
    indent: int
    heading: int = 0
    kind: RegionKind | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    pieces: tuple[tuple[RegionKind, Span], ...] = ()


@dataclass(slots=True)
class Found:
    """What the lines said about the page, gathered while they are read."""

    title: FoundValue | None = None
    authors: list[FoundValue] = field(default_factory=list)
    published: FoundValue | None = None
    modified: FoundValue | None = None
    genre: GenreMark = field(default_factory=lambda: GenreMark(Genre.NOT_STATED, ""))

    def add_author(self, name: str, span: Span) -> None:
        """Keep a name once, in the order of the page."""
        name = " ".join(name.split())
        if name.lower() not in {author.value.lower() for author in self.authors}:
            self.authors.append(FoundValue(name, "visible:byline", span))

    def say_genre(self, genre: Genre, where: str, span: Span) -> None:
        """Keep the first genre that a label or form says."""
        if self.genre.genre is Genre.NOT_STATED and genre is not Genre.NOT_STATED:
            self.genre = GenreMark(genre, where, span)


def lines_of(text: str, *, markdown: bool, start: int) -> list[Line]:
    """The lines that are not blank, from `start` on."""
    found: list[Line] = []
    at = start
    after_blank = True
    for raw in text[start:].split("\n"):
        span = shrunk(text, Span(at, at + len(raw)))
        at += len(raw) + 1
        if not span.n_chars:
            after_blank = True
            continue
        indent = span.start - (at - len(raw) - 1)
        heading = 0
        if markdown:
            span, heading = bare_span(text, span)
            if not span.n_chars:
                if heading and found and not after_blank:
                    found[-1].heading = heading  # a line of = or - under a title
                after_blank = True
                continue
        found.append(Line(span, span.of(text), after_blank, indent, heading))
        after_blank = bool(heading)
    return found


def kind_anywhere(line: Line) -> RegionKind | None:
    """The kind of a line whose form alone is evidence enough, wherever it stands."""
    words = line.words
    if len(words) > 600:
        return None
    if forms.CORRECTION.match(words):
        return RegionKind.CORRECTION
    if len(words) > forms.LONGEST_LINE:
        return None
    if forms.ADVERT.match(words):
        return RegionKind.ADVERT
    if forms.BOILERPLATE.match(words):
        return RegionKind.BOILERPLATE
    if forms.CREDIT.match(words):
        return RegionKind.CREDIT
    if forms.CAPTION.match(words) or words.endswith(forms.CAPTION_END):
        return RegionKind.CAPTION
    if _RULE_LINE.match(words):
        return RegionKind.BOILERPLATE
    return None
