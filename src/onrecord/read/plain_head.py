"""The head of a saved text: title, subtitle, label, badge, byline and date lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.read import lines as forms
from onrecord.read.plain_lines import FEWEST_PARAGRAPH_WORDS, FULL_STOPS, Found, Line
from onrecord.record import FoundValue
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["read_byline", "read_date", "read_head"]

_LONGEST_TITLE = 200  # code points
_LONGEST_SUBTITLE = 300
_HEAD_LINES = 25  # a badge or label this far down still stands "near the top"
_TWO_SENTENCES = re.compile(r"[a-z]{3}[.!?][\"'”’]? [A-Z]")


def read_head(lines: list[Line], found: Found) -> None:
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


def _title_at(lines: Sequence[Line]) -> int | None:
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


def _is_title(lines: Sequence[Line], i: int) -> bool:
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


def _read_title(line: Line, found: Found) -> None:
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


def _read_head_line(lines: Sequence[Line], i: int, found: Found, *, after_title: bool) -> bool:
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
    return read_byline(line, found, alone=alone) or read_date(line, found)


def _name_may_stand_alone(lines: Sequence[Line], i: int) -> bool:
    """Whether a bare name here is a byline: something below it is a paragraph, a date or a badge."""
    following = lines[i + 1] if i + 1 < len(lines) else None
    return following is not None and (
        len(following.words.split()) >= FEWEST_PARAGRAPH_WORDS
        or forms.date_of(following.words) is not None
        or forms.BADGE.match(following.words[:200]) is not None
        or following.words == lines[i].words
        or following.kind is RegionKind.BOILERPLATE
        or forms.COMMENT_HEADER.match(following.words[:250]) is not None
        or forms.byline_names(following.words, alone=True) is not None
    )


def read_byline(line: Line, found: Found, *, alone: bool) -> bool:
    """Whether the line is a byline, which is marked then; `alone` also takes a bare name."""
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
            r"(?<!\s)(?:\s*+[|•·–—,]\s*+|\s++(?=(?:published|updated|posted|on)\b))",
            words,
            re.IGNORECASE,
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


def read_date(line: Line, found: Found) -> bool:
    """Whether the line is a date and little else; it is marked then, and the date kept."""
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


def _keep_date(found: Found, date: tuple[Span, str | None, bool], span: Span) -> None:
    _, day, modified = date
    if day is None:
        return
    if modified:
        found.modified = found.modified or FoundValue(day, "visible:date", span)
    else:
        found.published = found.published or FoundValue(day, "visible:date", span)


def _is_subtitle(lines: Sequence[Line], i: int, title_at: int) -> bool:
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
            lines[title_at].words.endswith((";", ":")) or not line.words.endswith(FULL_STOPS)
        )
    return False
