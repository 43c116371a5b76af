"""A page saved as plain text or Markdown: its lines become labelled regions.

The text itself is never changed, so that offsets can be compared with outside annotations. A line
leaves the body only on strong evidence of form (a label alone, a numbered comment under a comment
header, a name under the title); what is unsure stays body.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.errors import EmptyPageError
from onrecord.read import lines as forms
from onrecord.read.language import language_of
from onrecord.read.markdown import bare_span, images_in, links_in, matter_of
from onrecord.record import Capture, FoundValue, GenreMark, Metadata, Page, Region
from onrecord.span import Span, shrunk
from onrecord.terms import Genre, RegionKind

__all__ = ["plain"]

_LONGEST_TITLE = 200  # code points
_LONGEST_SUBTITLE = 300
_FEWEST_PARAGRAPH_WORDS = 12  # below this a line is no sure paragraph of an article
_HEAD_LINES = 25  # a badge or label this far down still stands "near the top"
_LONGEST_TEXT = 10_000_000  # code points, as `guard` allows bytes for a page

_ENTRY_NUMBER = re.compile(r"[ \t]*+(?:#?\d{1,5}[.)]|#\d{1,5})[ \t]++(?=\S)")
_COMMENT_BY = re.compile(
    r"(?P<name>\S.{0,60}?) (?:says|said|wrote|writes|commented)(?: (?:on|at) .{0,60})?:?\Z"
    r"|(?P<name2>[^•·|]{2,40}+)[•·|] ?(?:\d+|an?|one) (?:second|minute|hour|day|week|month|year)s? ago"
)
_TIME_ENTRY = re.compile(
    r"\d{1,2}[:.]\d{2} ?(?:[ap]\.?m\.?)?(?: (?:GMT|BST|[ECMP][SD]?T))?[:.]?\Z", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:Q|QUESTION|Question)[.:] ?\S")
_ANSWER = re.compile(r"(?:A|ANSWER|Answer)[.:] ?\S")
_TURN = re.compile(r"[A-Z][A-Z .,'’()-]{2,60}+:")
_FULL_STOP = (".", "!", "?", "…", ".”", '."', ".'", ".’", "!”", "?”", '!"', '?"', ".)", ":", ";")
_TWO_SENTENCES = re.compile(r"[a-z]{3}[.!?][\"'”’]? [A-Z]")
_RULE_LINE = re.compile(r"[\s*_=~.•·#-]{1,120}+\Z")


@dataclass(slots=True)
class _Line:
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
class _Found:
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
    lines = _lines(text, markdown=markdown, start=matter.span.end if matter else 0)
    found = _Found()
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


def _lines(text: str, *, markdown: bool, start: int) -> list[_Line]:
    """The lines that are not blank, from `start` on."""
    found: list[_Line] = []
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
        found.append(_Line(span, span.of(text), after_blank, indent, heading))
        after_blank = bool(heading)
    return found


def _read_lines(text: str, lines: list[_Line], found: _Found) -> None:
    """Give each line its kind; lines without one are body."""
    end = _comments_start(lines)
    article, rest = lines[:end], lines[end:]
    for line in article:
        line.kind = _kind_anywhere(line)
    for line, following in itertools.pairwise(article):
        if line.kind is RegionKind.CORRECTION and line.words.endswith(":"):
            following.kind = RegionKind.CORRECTION
    _read_head(article, found)
    _read_tail(article, found)
    _read_related(article)
    if rest:
        _read_comments(text, rest)
    _say_form(article, found)


def _kind_anywhere(line: _Line) -> RegionKind | None:
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


def _comments_start(lines: Sequence[_Line]) -> int:
    """The index of the header above the reader comments; the number of lines without any.

    A header counts only below two paragraphs of article, since pages show "3 Comments" as a link
    under the title too, and only when no sure paragraph without the form of a comment follows
    it directly, or it carries a number.
    """
    n_paragraphs = 0
    for i, line in enumerate(lines):
        if len(line.words.split()) >= _FEWEST_PARAGRAPH_WORDS:
            n_paragraphs += 1
        if not forms.COMMENT_HEADER.match(line.words) or len(line.words) > 250 or not n_paragraphs:
            continue
        after = lines[i + 1 : i + 8]
        entries = sum(_is_entry(other) for other in after)
        closing = any(forms.BOILERPLATE.match(other.words[:300]) for other in after)
        if entries or (closing and n_paragraphs > 1):
            return i
        if n_paragraphs > 2 and (not after or any(map(str.isdigit, line.words))):
            return i
    return len(lines)


def _is_entry(line: _Line) -> bool:
    return bool(_ENTRY_NUMBER.match(line.words) or _COMMENT_BY.match(line.words[:200]))


def _read_head(lines: list[_Line], found: _Found) -> None:
    """Title, subtitle, label, badge, byline and date lines, up to the first line of the body."""
    title_at = _title_at(lines)
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if line.kind is not None:
            continue
        if i == title_at:
            _read_title(line, found)
            continue
        if _read_head_line(lines, i, found, after_title=title_at is not None and i > title_at):
            continue
        if title_at is not None and i < title_at:
            line.kind = RegionKind.BOILERPLATE
            continue
        if title_at is not None and _is_subtitle(lines, i, title_at):
            line.kind = RegionKind.SUBTITLE
            continue
        break
    for line in lines[:_HEAD_LINES]:
        if line.kind is None and len(line.words) < 160 and forms.BADGE.match(line.words):
            line.kind = RegionKind.BADGE


def _title_at(lines: Sequence[_Line]) -> int | None:
    """The index of the line that is the title; `None` when the first lines are no title."""
    for i, line in enumerate(lines[:12]):
        if line.heading == 1:
            return i
    for i, line in enumerate(lines[:12]):
        if line.kind is not None or forms.label_genre(line.words) is not None:
            continue
        if forms.BADGE.match(line.words[:200]) or forms.date_of(line.words):
            continue
        if i and forms.byline_names(line.words, alone=False):
            continue
        return i if _is_title(lines, i) else None
    return None


def _is_title(lines: Sequence[_Line], i: int) -> bool:
    line = lines[i]
    words = line.words
    if line.heading:
        return True
    if len(words) > _LONGEST_TITLE or not line.first_of_block or len(lines) == i + 1:
        return False
    n_words = len(words.split())
    sentence = words.endswith((".", ".”", '."', ".’"))
    alone = lines[i + 1].first_of_block
    capitals = sum(w[0].isupper() for w in words.split()) >= 0.6 * n_words
    if sentence and not capitals:
        # Some archives close titles with a full stop; a report in the past tense is a paragraph.
        past = re.search(r"\b(?:said|told|added|announced|was|were|had|on \w{3,6}day)\b", words)
        return alone and n_words <= 22 and not past and not _TWO_SENTENCES.search(words)
    return (alone or n_words <= 20) and n_words <= 32


def _read_title(line: _Line, found: _Found) -> None:
    """The title, with a label before it ("Opinion: ...") as a region of its own."""
    line.kind = RegionKind.TITLE
    span = line.span
    head, colon, _ = line.words[:40].partition(":")
    if not colon:
        head, colon, _ = line.words[:40].partition(" |")
    genre = forms.label_genre(head) if colon else None
    if genre is not None and len(line.words) > len(head) + 8:
        label = Span(span.start, span.start + len(head))
        start = label.end + len(colon)
        while line.words[start - span.start] == " ":
            start += 1
        span = Span(start, span.end)
        line.pieces = ((RegionKind.LABEL, label), (RegionKind.TITLE, span))
        found.say_genre(genre, "visible:label", label)
    found.title = FoundValue(line.words[span.start - line.span.start :], "visible:title", span)


def _read_head_line(lines: Sequence[_Line], i: int, found: _Found, *, after_title: bool) -> bool:
    """Whether the line is a label, badge, byline or date of the head; it is marked then."""
    line = lines[i]
    genre = forms.label_genre(line.words)
    if genre is not None:
        line.kind = RegionKind.LABEL
        found.say_genre(genre, "visible:label", line.span)
        return True
    if len(line.words) < 160 and forms.BADGE.match(line.words):
        line.kind = RegionKind.BADGE
        return True
    if len(line.words) < 250 and forms.COMMENT_HEADER.match(line.words):
        line.kind = RegionKind.BOILERPLATE
        return True
    alone = after_title and _name_may_stand_alone(lines, i)
    return _read_byline(line, found, alone=alone) or _read_date(line, found)


def _name_may_stand_alone(lines: Sequence[_Line], i: int) -> bool:
    """Whether a bare name here is a byline: something below it is a paragraph, a date or a badge."""
    following = lines[i + 1] if i + 1 < len(lines) else None
    return following is not None and (
        len(following.words.split()) >= _FEWEST_PARAGRAPH_WORDS
        or forms.date_of(following.words) is not None
        or forms.BADGE.match(following.words[:200]) is not None
        or following.words == lines[i].words
        or following.kind is RegionKind.BOILERPLATE
        or forms.COMMENT_HEADER.match(following.words[:250]) is not None
        or forms.byline_names(following.words, alone=True) is not None
    )


def _read_byline(line: _Line, found: _Found, *, alone: bool) -> bool:
    words = line.words
    dated = None
    # "By Ann Smith | March 3, 2020" and "March 3, 2020 by Ann Smith" hold both.
    date = forms.date_of(words)
    if date is not None:
        rest = words[date[0].end :]
        offset = date[0].end + len(rest) - len(rest.lstrip(" |•·–—-,"))
        dated, words = (date[0], offset), words[offset:]
    else:
        for mark in re.finditer(
            r"\s*+[|•·–—,]\s*+|\s++(?=(?:published|updated|posted|on)\b)", words, re.IGNORECASE
        ):
            date = forms.date_of(words[mark.end() :].removeprefix("on "))
            if date is not None:
                at = mark.end() + (3 if words[mark.end() :].startswith("on ") else 0)
                dated = (date[0].moved(at), 0)
                words = words[: mark.start()]
                break
    names = forms.byline_names(words, alone=alone)
    if names is None:
        return False
    offset = line.span.start + (dated[1] if dated else 0)
    for name in names:
        found.add_author(name.of(words), name.moved(offset))
    line.kind = RegionKind.BYLINE
    if dated and date:
        byline = Span(offset, offset + len(words))
        span = dated[0].moved(line.span.start)
        line.pieces = tuple(
            sorted(((RegionKind.BYLINE, byline), (RegionKind.DATE, span)), key=lambda p: p[1])
        )
        _keep_date(found, date, span)
    return True


def _read_date(line: _Line, found: _Found) -> bool:
    date = forms.date_of(line.words)
    if date is None:
        return False
    rest = line.words[date[0].end :].strip(" |•·–—-,.()")
    second = forms.date_of(rest)  # "Published 3 May 2020 | Updated 4 May 2020"
    if rest and second is None and len(rest.split()) > 4:
        return False
    if rest and rest[0].islower() and second is None:
        return False
    line.kind = RegionKind.DATE
    _keep_date(found, date, date[0].moved(line.span.start))
    if second is not None:
        _keep_date(found, second, second[0].moved(line.span.end - len(rest)))
    return True


def _keep_date(found: _Found, date: tuple[Span, str | None, bool], span: Span) -> None:
    _, day, modified = date
    if day is None:
        return
    if modified:
        found.modified = found.modified or FoundValue(day, "visible:date", span)
    else:
        found.published = found.published or FoundValue(day, "visible:date", span)


def _is_subtitle(lines: Sequence[_Line], i: int, title_at: int) -> bool:
    """Whether the line is a deck: it stands between title and byline, or goes on from the title."""
    line = lines[i]
    if i != title_at + 1 or len(line.words) > _LONGEST_SUBTITLE or i + 1 >= len(lines):
        return False
    following = lines[i + 1].words
    if (
        forms.byline_names(following, alone=False)
        or forms.date_of(following)
        or forms.BADGE.match(following[:200])
    ):
        return True
    if lines[i + 1].first_of_block and forms.is_name(following):
        return True
    if not line.first_of_block:
        return lines[i + 1].first_of_block and (
            lines[title_at].words.endswith((";", ":")) or not line.words.endswith(_FULL_STOP)
        )
    return False


def _read_tail(lines: list[_Line], found: _Found) -> None:
    """Names, the author's bio and date lines after the last paragraph of the article."""
    known = {author.value.lower() for author in found.authors}
    repeated = {
        name.lower()
        for name, n in Counter(line.words for line in lines if line.kind is None).items()
        if n > 1 and forms.is_name(name)
    }
    bare = {line.words.lower() for line in lines if forms.is_name(line.words)}
    n_left = 8  # lines from the end that may belong to the tail
    bio_at: list[int] = []
    tail: list[int] = []
    for i in range(len(lines) - 1, 0, -1):
        line = lines[i]
        if line.kind is not None:
            continue
        if not n_left:
            break
        n_left -= 1
        if _is_bio(line.words, known | repeated | bare):
            bio_at.append(i)
        elif (
            forms.is_name(line.words)
            or forms.byline_names(line.words, alone=False)
            or (forms.date_of(line.words) and len(line.words) < 60)
        ):
            tail.append(i)
        else:
            break
    for i in bio_at:
        lines[i].kind = RegionKind.BIO
    bios = [lines[i].words.lower() for i in bio_at]
    for i in sorted(tail):
        line = lines[i]
        name = line.words.lower()
        signed = name in repeated or name in known or any(bio.startswith(name) for bio in bios)
        if forms.is_name(line.words) and not signed:
            continue
        if not _read_byline(line, found, alone=signed):
            _read_date(line, found)
    for line in lines:  # the same name again, further up beside the bio
        if line.kind is None and line.words.lower() in repeated and (bio_at or known):
            _read_byline(line, found, alone=True)


def _is_bio(words: str, names: set[str]) -> bool:
    """Whether a paragraph at the end says who its author is."""
    if len(words) > 1_000:
        return False
    match = forms.BIO.match(words)
    if match is None:
        return False
    name = match["name"]
    is_author = name.lower() in names
    if (
        not is_author
        and not forms.is_name(name)
        and name.lower() not in {"the author", "the writer"}
    ):
        return False
    sentence = words[match.end() : match.end() + 200]
    role = forms.BIO_ROLES.match(sentence)
    if is_author:
        return True
    # A person of the story may be "a writer" too: without a byline the outlet must be ours to name.
    return bool(role and re.search(r"\b(?:for|at|with|of|covering|based)\b", sentence))


def _read_related(lines: list[_Line]) -> None:
    """Teasers: "Related: ..." alone, or the short lines under such a heading."""
    under_heading = False
    seen_body = False
    for line in lines:
        if line.kind is not None:
            under_heading = under_heading and line.kind is not RegionKind.TITLE
            continue
        match = forms.RELATED.match(line.words)
        if match and seen_body:
            rest = (match["rest"] or "").strip()
            if match["colon"] and rest:
                line.kind = RegionKind.RELATED
                continue
            if not rest:
                line.kind = RegionKind.RELATED
                under_heading = True
                continue
        teaser = len(line.words) <= 160 and not line.words.endswith((".", ".”", '."'))
        if under_heading and teaser and not line.words.endswith(":"):
            line.kind = RegionKind.RELATED
            continue
        under_heading = False
        seen_body = True


def _read_comments(text: str, lines: list[_Line]) -> None:
    """The header, each reader's comment, and the form below them."""
    lines[0].kind = RegionKind.BOILERPLATE
    numbered = any(_ENTRY_NUMBER.match(line.words) for line in lines)
    author: tuple[tuple[str, str], ...] = ()
    fresh = True
    for line in lines[1:]:
        short = line.words[:200]
        number = _ENTRY_NUMBER.match(line.words)
        by = None if number else _COMMENT_BY.match(short)
        if forms.COMMENT_HEADER.match(line.words[:300]) or _kind_anywhere(line) in {
            RegionKind.BOILERPLATE,
            RegionKind.ADVERT,
        }:
            line.kind = RegionKind.BOILERPLATE
            fresh = True
        elif by and len(line.words) < 100:
            line.kind = RegionKind.BOILERPLATE
            author = (("author", (by["name"] or by["name2"]).strip()),)
            fresh = True
        elif (date := forms.date_of(line.words)) and len(line.words) - date[0].end < 20:
            line.kind = RegionKind.BOILERPLATE
        else:
            line.kind = RegionKind.COMMENT
            if number:
                line.span = Span(line.span.start + number.end(), line.span.end)
                line.words = line.span.of(text)
                author = ()
            starts = bool(number) or fresh or (line.first_of_block and not numbered and not author)
            line.attributes = (*author, ("starts", "yes" if starts else "no"))
            fresh = False


def _say_form(lines: Sequence[_Line], found: _Found) -> None:
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


def _regions(text: str, lines: Sequence[_Line], found: _Found) -> list[Region]:
    """Lines to regions: the lines of one paragraph or one comment become one."""
    wrapped = _is_wrapped(lines)
    regions: list[Region] = []
    previous: _Line | None = None
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


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Whether the file breaks its lines at a fixed width, so that a line is no paragraph."""
    inner = [a for a, b in itertools.pairwise(lines) if not b.first_of_block]
    if len(inner) < 4:
        return False
    lengths = [len(line.words) for line in inner]
    widest = max(lengths)
    close = sum(length >= 0.75 * widest for length in lengths)
    open_ended = sum(not line.words.endswith(_FULL_STOP) for line in inner)
    return 40 <= widest <= 120 and close >= 0.6 * len(inner) and open_ended >= 0.6 * len(inner)


def _goes_on(previous: _Line, line: _Line, *, wrapped: bool) -> bool:
    """Whether the line continues the region of the line before."""
    if line.kind is RegionKind.COMMENT and previous.kind is RegionKind.COMMENT:
        return ("starts", "no") in line.attributes
    if line.first_of_block or line.kind is not previous.kind or previous.pieces:
        return False
    if line.heading or previous.heading:
        return False
    if line.kind is None:
        cut = not previous.words.endswith(_FULL_STOP) and line.words[0].islower()
        return wrapped or cut
    return False


def _with_dateline(text: str, regions: list[Region], found: _Found) -> list[Region]:
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
