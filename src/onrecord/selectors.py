"""Spans as Web Annotation selectors, and selectors back to spans in a text that may have changed.

A selector keeps the exact words, what stands around them, and the offsets (W3C Web Annotation Data
Model, 2017, sections 4.2.4 and 4.2.5; all in code points). `anchor` finds them again: at the same
offsets first, then as the only place with these words, then by what stands around them, then by
words that are nearly the same. It never guesses between two places: that is an `AnchorError`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from onrecord.errors import AnchorError
from onrecord.span import OffsetMap, Span

__all__ = [
    "Selector",
    "TextPositionSelector",
    "TextQuoteSelector",
    "anchor",
    "describe",
    "selectors_json",
]

N_CONTEXT = 32  # code points kept on either side, as other annotation programs do

# The fewest code points, of quote and context together, that must agree before a place other than
# the original offsets is believed. A short quote such as "he said" proves nothing by itself.
N_EVIDENCE = 24

SIMILAR = 0.8  # least similarity (difflib ratio) of words that changed a little
MARGIN = 0.1  # by how much the best such place must beat the next
N_FUZZY = 600  # longest quote, in code points, that is searched inexactly: difflib is quadratic
N_PLACES = 8  # most places that are compared inexactly

_SAME = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    }
)


@dataclass(frozen=True, slots=True)
class TextQuoteSelector:
    """The exact words and up to `N_CONTEXT` code points before and after them."""

    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class TextPositionSelector:
    """Half-open offsets in code points into the stored text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Selector:
    """Two ways to the same words; `position` is `None` where only the words are known."""

    quote: TextQuoteSelector
    position: TextPositionSelector | None = None


def describe(text: str, span: Span) -> Selector:
    """The selector of a span of `text`; `AnchorError` when it does not lie inside.

    Prefix and suffix are shortened where they would begin or end inside a combined character.

    >>> describe("The mayor said no.", Span(4, 9)).quote
    TextQuoteSelector(exact='mayor', prefix='The ', suffix=' said no.')
    """
    if not 0 <= span.start <= span.end <= len(text):
        raise AnchorError(
            f"span {span.start}-{span.end} outside a text of {len(text)} code points; "
            "give the text that the span was made for"
        )
    first = max(0, span.start - N_CONTEXT)
    while 0 < first < span.start and _joins(text[first]):
        first += 1
    last = min(len(text), span.end + N_CONTEXT)
    while span.end < last < len(text) and _joins(text[last]):
        last -= 1
    quote = TextQuoteSelector(span.of(text), text[first : span.start], text[span.end : last])
    return Selector(quote, TextPositionSelector(span.start, span.end))


def selectors_json(selector: Selector) -> list[dict[str, object]]:
    """The selector as Web Annotation JSON: the quote, then the position when it is known."""
    quote = selector.quote
    out: list[dict[str, object]] = [
        {
            "type": "TextQuoteSelector",
            "exact": quote.exact,
            "prefix": quote.prefix,
            "suffix": quote.suffix,
        }
    ]
    if selector.position is not None:
        position = selector.position
        out.append({"type": "TextPositionSelector", "start": position.start, "end": position.end})
    return out


def anchor(selector: Selector, text: str) -> Span:
    """The span of `text` that the selector means.

    Tried in order: the same offsets with the same words and surroundings; the one place, or the
    one place with the best surroundings, that has these words; the same with case, quotation
    marks, dashes and white space set aside; words that are at least `SIMILAR`. A place other than
    the first is believed only when `N_EVIDENCE` code points agree, or all that the selector has.
    Raises `AnchorError` when no place, or more than one, fits. Linear in the text, except for the
    last step, which compares at most `N_PLACES` places of at most `N_FUZZY` code points.

    >>> anchor(describe("The mayor said no.", Span(4, 9)), "Today: The mayor said no.")
    Span(start=11, end=16)
    """
    quote, position = selector.quote, selector.position
    if position is not None:
        span = Span(position.start, position.end)
        inside = 0 <= span.start <= span.end <= len(text)
        if inside and span.of(text) == quote.exact and _surrounded(quote, text, span):
            return span
    found = _by_quote(quote, text)
    if found is None:
        plain, offsets = _normalised(text)
        same = TextQuoteSelector(*(_normalised(s)[0] for s in _parts(quote)))
        place = _by_quote(same, plain) if same.exact else None
        found = None if place is None else offsets.span(place)
    if found is None:
        found = _by_likeness(quote, text)
    if found is None:
        raise AnchorError(
            f"no place in the text fits {_short(quote.exact)}; it was changed or removed: "
            "compare with the stored text"
        )
    return found


def _parts(quote: TextQuoteSelector) -> tuple[str, str, str]:
    return quote.exact, quote.prefix, quote.suffix


def _joins(character: str) -> bool:
    """Whether the character belongs to the one before it."""
    return (
        unicodedata.category(character).startswith("M")
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _surrounded(quote: TextQuoteSelector, text: str, span: Span) -> bool:
    return text.endswith(quote.prefix, 0, span.start) and text.startswith(quote.suffix, span.end)


def _short(words: str) -> str:
    return repr(words if len(words) <= 60 else f"{words[:59]}…")


def _agreement(quote: TextQuoteSelector, text: str, span: Span) -> int:
    """The number of code points around `span` that agree with the quote's surroundings."""
    before = 0
    while (
        before < len(quote.prefix)
        and before < span.start
        and quote.prefix[-1 - before] == text[span.start - 1 - before]
    ):
        before += 1
    after = 0
    while (
        after < len(quote.suffix)
        and span.end + after < len(text)
        and quote.suffix[after] == text[span.end + after]
    ):
        after += 1
    return before + after


def _by_quote(quote: TextQuoteSelector, text: str) -> Span | None:
    """The one place with exactly these words and the best surroundings; `None` when absent.

    Raises `AnchorError` when several places fit equally well.
    """
    if not quote.exact:
        return _between(quote, text)
    needed = min(N_EVIDENCE, sum(len(part) for part in _parts(quote)))
    best: list[tuple[int, Span]] = []
    start = text.find(quote.exact)
    while start != -1:
        span = Span(start, start + len(quote.exact))
        score = _agreement(quote, text, span)
        if not best or score > best[0][0]:
            best = [(score, span)]
        elif score == best[0][0]:
            best.append((score, span))
        start = text.find(quote.exact, start + 1)
    if not best or len(quote.exact) + best[0][0] < needed:
        return None
    if len(best) > 1:
        raise AnchorError(
            f"{len(best)} places fit {_short(quote.exact)} equally well; "
            "give more of the words around it"
        )
    return best[0][1]


def _between(quote: TextQuoteSelector, text: str) -> Span | None:
    """The place of an empty span, where prefix and suffix meet once; `None` otherwise."""
    whole = quote.prefix + quote.suffix
    if not whole:
        return Span(0, 0) if not text else None
    at = text.find(whole)
    if at == -1 or text.find(whole, at + 1) != -1:
        return None
    return Span(at + len(quote.prefix), at + len(quote.prefix))


def _normalised(text: str) -> tuple[str, OffsetMap]:
    """Case, quotation marks, dashes and runs of white space made alike, with the way back."""
    characters: list[str] = []
    origins: list[int] = []
    for i, character in enumerate(text.translate(_SAME)):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            characters.append(" ")
            origins.append(i)
            continue
        for folded in character.casefold():
            characters.append(folded)
            origins.append(i)
    return "".join(characters), OffsetMap.from_origins(origins, origin_length=len(text))


def _by_likeness(quote: TextQuoteSelector, text: str) -> Span | None:
    """The one place whose words are nearly the same; `None` when there is none.

    Three pieces of the quote are looked for; where one stands, the words around it are compared.
    Raises `AnchorError` when two places are about equally like.
    """
    exact = quote.exact
    if not N_EVIDENCE <= len(exact) <= N_FUZZY:
        return None
    scored = sorted((-ratio, span) for ratio, span in _likenesses(exact, text) if ratio >= SIMILAR)
    if not scored:
        return None
    (worse, best), rest = scored[0], scored[1:]
    for other, span in rest:
        if not span.overlaps(best) and other - worse < MARGIN:
            raise AnchorError(
                f"two places are about equally like {_short(exact)}; compare with the stored text"
            )
    return best


def _likenesses(exact: str, text: str) -> Iterable[tuple[float, Span]]:
    third = len(exact) // 3
    slack = len(exact) // 4
    seen: set[int] = set()
    for begin in (0, third, 2 * third):
        piece = exact[begin : begin + third]
        at = text.find(piece)
        while at != -1 and len(seen) < N_PLACES:
            start = max(0, at - begin - slack)
            # Places within the slack of one another are one place.
            if all(abs(start - other) > slack for other in seen):
                seen.add(start)
                yield _aligned(exact, text, Span(start, start + len(exact) + 2 * slack))
            at = text.find(piece, at + 1)


def _aligned(exact: str, text: str, window: Span) -> tuple[float, Span]:
    """How alike the quote and the best part of the window are, 0 to 1, and that part."""
    words = window.of(text)
    blocks = SequenceMatcher(None, exact, words, autojunk=False).get_matching_blocks()[:-1]
    # Stray letters at the edges of the window match too; they do not mark where the words begin.
    solid = [block for block in blocks if block.size >= 4]
    if not solid:
        return 0.0, Span(window.start, window.start)
    first, last = solid[0], solid[-1]
    start = max(0, first.b - first.a)
    end = min(len(words), last.b + last.size + len(exact) - last.a - last.size)
    if end <= start:
        return 0.0, Span(window.start, window.start)
    ratio = SequenceMatcher(None, exact, words[start:end], autojunk=False).ratio()
    return ratio, Span(window.start + start, window.start + end)
