"""Text as tokens: parallel lists, with a whole quotation as one token where it is speech.

Positions elsewhere in the grammar are indices into these lists; only `Tokens.span` gives offsets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.attribution.marks import Quotation
from onrecord.attribution.verbs import ADVERBS, words_of
from onrecord.span import Span

__all__ = ["QUOTED", "Tokens", "is_adverb", "tokens_of"]

QUOTED = "<q>"  # stands for a whole quotation that is speech of its own
_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’&.\-][^\W_]+)*|[^\w\s\"“”„‟«»‘’‚‹›'`″.\-]|-+|\.+"
    r"|\d+(?:[.,:]\d+)*(?:[^\W_]|[-%'’])*|\w+"
)
# A full stop belongs to a title or an abbreviation; else it stands alone.
_ABBREVIATIONS = words_of(
    """
    mr mrs ms mx dr drs prof sen sens rep reps gov govs gen lt col maj capt sgt rev hon pres supt
    insp st jr sr atty amb adm cmdr det inc corp co ltd no vs jan feb aug sept oct nov dec calif fla
    mass va pa ill conn wis mich minn ariz colo ga
    """
)
_NOT_ADVERBS = words_of(
    """
    family july italy ally reply rally supply assembly only
    """
) | {
    "daily", "weekly", "monthly", "early", "emily", "kelly", "sally", "billy", "holly", "polly",
    "reilly", "o'reilly", "beverly", "anomaly", "monopoly", "bully", "belly", "jelly",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists over the tokens of one unit of text; `quote` is -1 outside quotations."""

    low: list[str]
    spans: list[tuple[int, int]]
    cap: list[bool]
    quote: list[int]

    def span(self, first: int, last: int) -> Span:
        """The stretch of text from token `first` to token `last`, both included."""
        return Span(self.spans[first][0], self.spans[last][1])


def tokens_of(
    text: str, unit: Span, *, quotations: Sequence[Quotation], blocks: frozenset[int]
) -> Tokens:
    """The tokens of a unit; quotations whose index is in `blocks` become one token each.

    `quotations` are those that overlap the unit, in order. Marks themselves give no token.
    """
    if not quotations:
        return _tokens(text, _spans(text, unit.start, unit.end), [], frozenset())
    spans: list[tuple[int, int]] = []
    quotes: list[int] = []
    at = unit.start
    for i, quotation in enumerate(quotations):
        begin, end = max(quotation.span.start, unit.start), min(quotation.span.end, unit.end)
        if begin < at:
            continue
        spans += _spans(text, at, begin)
        quotes += [-1] * (len(spans) - len(quotes))
        if i in blocks:
            inner = max(begin, quotation.inner.start), min(end, quotation.inner.end)
            spans.append(inner)
        else:
            spans += _spans(text, begin, end)
        quotes += [i] * (len(spans) - len(quotes))
        at = end
    spans += _spans(text, at, unit.end)
    quotes += [-1] * (len(spans) - len(quotes))
    return _tokens(text, spans, quotes, blocks)


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _TOKEN.finditer(text, start, end)]


def _tokens(
    text: str, spans: list[tuple[int, int]], quotes: list[int], blocks: frozenset[int]
) -> Tokens:
    if blocks:
        words = [
            QUOTED if quote in blocks else text[start:end]
            for (start, end), quote in zip(spans, quotes, strict=True)
        ]
    else:
        words = [text[start:end] for start, end in spans]
    low = [word.lower() for word in words]
    cap = [word[0].isupper() for word in words]
    if spans and "’" in text[spans[0][0] : spans[-1][1]]:
        low = [word.replace("’", "'") for word in low]
    tokens = Tokens(low, spans, cap, quotes or [-1] * len(spans))
    return _with_abbreviations(tokens) if "." in low[:-1] else tokens


def _with_abbreviations(tokens: Tokens) -> Tokens:
    """The tokens with `Mr` and its full stop as one."""
    kept = Tokens([], [], [], [])
    for word, span, cap, quote in zip(
        tokens.low, tokens.spans, tokens.cap, tokens.quote, strict=True
    ):
        if word == "." and kept.low and kept.spans[-1][1] == span[0]:
            last = kept.low[-1]
            if last in _ABBREVIATIONS or (len(last) == 1 and kept.cap[-1]) or last[1:2] == ".":
                kept.low[-1] = last + "."
                kept.spans[-1] = kept.spans[-1][0], span[1]
                continue
        kept.low.append(word)
        kept.spans.append(span)
        kept.cap.append(cap)
        kept.quote.append(quote)
    return kept


def is_adverb(word: str) -> bool:
    """Whether a word in lower case may stand between a subject and its verb."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 3 and word not in _NOT_ADVERBS)
