"""A page saved as plain text or Markdown: its lines become labelled regions.

The text itself is never changed, so that offsets can be compared with outside annotations. A line
leaves the body only on strong evidence of form (a label alone, a numbered comment under a comment
header, a name under the title); what is unsure stays body.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence

from onrecord.errors import EmptyPageError
from onrecord.read import lines as forms
from onrecord.read.language import language_of
from onrecord.read.markdown import images_in, links_in, matter_of
from onrecord.read.plain_head import read_head
from onrecord.read.plain_lines import FULL_STOPS, Found, Line, kind_anywhere, lines_of
from onrecord.read.plain_tail import comments_start, read_comments, read_related, read_tail
from onrecord.record import Capture, FoundValue, Metadata, Page, Region
from onrecord.span import Span, shrunk
from onrecord.terms import Genre, RegionKind

__all__ = ["plain"]

_LONGEST_TEXT = 10_000_000  # code points, as `guard` allows bytes for a page

_TIME_ENTRY = re.compile(
    r"\d{1,2}[:.]\d{2} ?(?:[ap]\.?m\.?)?(?: (?:GMT|BST|[ECMP][SD]?T))?[:.]?\Z", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:Q|QUESTION|Question)[.:] ?\S")
_ANSWER = re.compile(r"(?:A|ANSWER|Answer)[.:] ?\S")
_TURN = re.compile(r"[A-Z][A-Z .,'’()-]{2,60}+:")


def plain(text: str, *, capture: Capture, markdown: bool = False) -> Page:
    """The page of a saved text; `page.text` is the text with only its line ends normalised.

    Links and images are `None` for plain text, which cannot show them, and what is there for
    Markdown; `markup` is always `None`. `EmptyPageError` when there is nothing but white space.
    """
    text, truncated = _normalised(text)
    if not text.strip():
        raise EmptyPageError(
            f"no text in {capture.url or 'the input'}: {len(capture.body)} bytes of white space; "
            "expected an article; check that the file is the one you meant"
        )
    matter = matter_of(text) if markdown else None
    lines = lines_of(text, markdown=markdown, start=matter.span.end if matter else 0)
    found = Found()
    _read_lines(text, lines, found)
    regions = _regions(text, lines, found)
    if matter:
        regions.append(Region(RegionKind.BOILERPLATE, shrunk(text, matter.span)))
    regions = sorted((r for r in regions if r.span.n_chars), key=lambda r: r.span)
    body = " ".join(r.span.of(text) for r in regions if r.kind is RegionKind.BODY)
    language = language_of(body or text)
    return Page(
        url=capture.url,
        retrieved=capture.retrieved,
        digest=hashlib.sha256(capture.body).hexdigest(),
        media_type=capture.media_type or ("text/markdown" if markdown else "text/plain"),
        text=text,
        regions=tuple(regions),
        metadata=Metadata(
            title=found.title or (matter.title if matter else None),
            authors=tuple(found.authors) or (matter.authors if matter else ()),
            published=found.published or (matter.published if matter else None),
            modified=found.modified,
            language=FoundValue(language, "py3langid") if language else None,
        ),
        links=links_in(text, regions, base=capture.url) if markdown else None,
        images=images_in(text, regions, base=capture.url) if markdown else None,
        markup=None,
        genre=found.genre,
        truncated=truncated,
    )


def _normalised(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text without byte order mark, with "\\n" line ends and without lone surrogates."""
    truncated: tuple[str, ...] = ()
    if len(text) > _LONGEST_TEXT:
        truncated = (f"text after {_LONGEST_TEXT} code points",)
        text = text[:_LONGEST_TEXT]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text, truncated


def _read_lines(text: str, lines: list[Line], found: Found) -> None:
    """Give each line its kind; lines without one are body."""
    end = comments_start(lines)
    article, rest = lines[:end], lines[end:]
    for line in article:
        line.kind = kind_anywhere(line)
    for line, following in itertools.pairwise(article):
        if line.kind is RegionKind.CORRECTION and line.words.endswith(":"):
            following.kind = RegionKind.CORRECTION
    read_head(article, found)
    read_tail(article, found)
    read_related(article)
    if rest:
        read_comments(text, rest)
    _say_form(article, found)


def _say_form(lines: Sequence[Line], found: Found) -> None:
    """A genre by form: times as headings, questions and answers, or turns of named speakers."""
    body = [line for line in lines if line.kind is None]
    times = [line for line in body if len(line.words) < 20 and _TIME_ENTRY.match(line.words)]
    if len(times) >= 3:
        found.say_genre(Genre.LIVE, "form:times", times[0].span)
    questions = [line for line in body if _QUESTION.match(line.words)]
    answers = [line for line in body if _ANSWER.match(line.words)]
    if len(questions) >= 3 and len(answers) >= 3:
        found.say_genre(Genre.INTERVIEW, "form:questions", questions[0].span)
    turns = [line for line in body if _TURN.match(line.words)]
    if len(turns) >= 6 and 2 * len(turns) >= len(body):
        found.say_genre(Genre.TRANSCRIPT, "form:turns", turns[0].span)


def _regions(text: str, lines: Sequence[Line], found: Found) -> list[Region]:
    """Lines to regions: the lines of one paragraph or one comment become one."""
    wrapped = _is_wrapped(lines)
    regions: list[Region] = []
    previous: Line | None = None
    for line in lines:
        kind = line.kind or RegionKind.BODY
        if line.pieces:
            regions.extend(Region(piece, span) for piece, span in line.pieces)
        elif previous is not None and regions and _goes_on(previous, line, wrapped=wrapped):
            last = regions[-1]
            regions[-1] = Region(last.kind, Span(last.span.start, line.span.end), last.attributes)
        else:
            attributes = tuple(pair for pair in line.attributes if pair[0] != "starts")
            if line.heading and kind is RegionKind.BODY:
                attributes = (("heading", str(line.heading)),)
            regions.append(Region(kind, line.span, attributes))
        previous = line
    return _with_dateline(text, regions, found)


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the file breaks its lines at a fixed width, so that a line is no paragraph."""
    inner = [a for a, b in itertools.pairwise(lines) if not b.first_of_block]
    if len(inner) < 4:
        return False
    lengths = [len(line.words) for line in inner]
    widest = max(lengths)
    close = sum(length >= 0.75 * widest for length in lengths)
    open_ended = sum(not line.words.endswith(FULL_STOPS) for line in inner)
    return 40 <= widest <= 120 and close >= 0.6 * len(inner) and open_ended >= 0.6 * len(inner)


def _goes_on(previous: Line, line: Line, *, wrapped: bool) -> bool:
    """Whether the line continues the region of the line before."""
    if line.kind is RegionKind.COMMENT and previous.kind is RegionKind.COMMENT:
        return ("starts", "no") in line.attributes
    if line.first_of_block or line.kind is not previous.kind or previous.pieces:
        return False
    if line.heading or previous.heading:
        return False
    if line.kind is None:
        cut = not previous.words.endswith(FULL_STOPS) and line.words[0].islower()
        return wrapped or cut
    return False


def _with_dateline(text: str, regions: list[Region], found: Found) -> list[Region]:
    """The dateline of the first body paragraph as a region of its own."""
    for i, region in enumerate(regions):
        if region.kind is not RegionKind.BODY:
            continue
        end, agency = forms.dateline_end(region.span.of(text)[:200])
        if not end or end >= region.span.n_chars:
            return regions
        start = region.span.start
        line = shrunk(text, Span(start, start + end))
        regions[i : i + 1] = [
            Region(RegionKind.DATELINE, line),
            Region(RegionKind.BODY, Span(start + end, region.span.end), region.attributes),
        ]
        if agency:
            found.say_genre(Genre.AGENCY_COPY, "form:dateline", line)
        return regions
    return regions
