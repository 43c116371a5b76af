"""The genre that a page states: its own label, its structured data, or its form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.read import lines
from onrecord.read.head import Head, types_of
from onrecord.record import GenreMark, Region
from onrecord.span import Span
from onrecord.terms import Genre, RegionKind

__all__ = ["genre"]

_TYPES = {
    "OpinionNewsArticle": Genre.OPINION,
    "SatiricalArticle": Genre.SATIRE,
    "AdvertiserContentArticle": Genre.SPONSORED,
    "LiveBlogPosting": Genre.LIVE,
}
_TITLE_LABEL = re.compile(r"\s*+\[?(?P<label>[^:|\]]{3,30}?)\]?\s*+[:|]\s*+\S")
_QUESTION = re.compile(r"(?:Q|QUESTION|Question|Frage)[.:] ?\S|[^.]{10,300}\?\Z")
_TURN = re.compile(r"(?P<who>[A-ZÀ-Þ][A-ZÀ-Þ .,'’()-]{2,40}+):\s")
_FEWEST_TURNS = 6


def genre(text: str, head: Head, regions: Sequence[Region]) -> GenreMark:
    """What the page says of its own form; `not_stated` where it says nothing.

    A label beside the title comes first, then a label inside the title ("Opinion: ..."), then the
    structured type, then the form of an interview or transcript: turns with names before them.
    """
    for region in regions:
        if region.kind == RegionKind.LABEL:
            found = lines.label_genre(region.span.of(text))
            if found is not None and found != Genre.NOT_STATED:
                return GenreMark(found, "visible:label", region.span)
    for region in regions:
        if region.kind == RegionKind.TITLE:
            match = _TITLE_LABEL.match(region.span.of(text))
            found = lines.label_genre(match["label"]) if match else None
            if match and found is not None and found != Genre.NOT_STATED:
                start = region.span.start
                return GenreMark(
                    found,
                    "visible:title",
                    Span(start + match.start("label"), start + match.end("label")),
                )
    for node in head.articles:
        for name in types_of(node):
            if name in _TYPES:
                return GenreMark(_TYPES[name], f"json-ld:{name}")
    form = _form(text, [r for r in regions if r.kind == RegionKind.BODY])
    return form or GenreMark(Genre.NOT_STATED, "")


def _form(text: str, body: Sequence[Region]) -> GenreMark | None:
    questions = turns = 0
    speakers: set[str] = set()
    first: Span | None = None
    for region in body:
        words = region.span.of(text)
        turn = _TURN.match(words)
        if turn:
            turns += 1
            speakers.add(turn["who"])
            first = first or Span(region.span.start, region.span.start + turn.end("who"))
        elif _QUESTION.match(words) and words.startswith(
            ("Q:", "Q.", "QUESTION", "Question:", "Frage:")
        ):
            questions += 1
            first = first or region.span
    if questions >= 3:
        return GenreMark(Genre.INTERVIEW, "form:questions", first)
    if turns >= _FEWEST_TURNS and len(speakers) >= 2 and turns > 0.4 * len(body):
        where = Genre.INTERVIEW if len(speakers) == 2 else Genre.TRANSCRIPT
        return GenreMark(where, "form:turns", first)
    return None
