"""Whether quotations stand word for word in a text, whatever marks and spaces were used."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.sentence_ends import paragraphs, split
from onrecord.span import OffsetMap, Span

__all__ = [
    "Sought",
    "found_in",
    "plain_words",
    "quoted",
    "sentences_of",
    "sought",
    "without_hidden",
]

_DOUBLE = '"“”„‟«»″「」『』'
_SINGLE = "'‘’‚‛‹›′`´"
_DASHES = "‐‑‒–—―−"
_LIKE = {
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
# Format characters (zero width, direction), private use, surrogates and other controls: nobody
# sees them, and a language model does.
_HIDDEN = frozenset({"Cf", "Co", "Cs", "Cn"})
_SPACES = frozenset("\t\n\r\f\v \u2028\u2029")
# Variation selectors can carry bytes, and fillers look like nothing.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800\u180b\u180c\u180d\u180e\u180f")


@dataclass(frozen=True, slots=True)
class Sought:
    """A text made ready to look quotations up: its plain form, and where each sign came from."""

    plain: str
    origins: OffsetMap


def without_hidden(text: str) -> str:
    r"""The text without characters that nobody sees: zero width, direction, tags, controls.

    >>> without_hidden("mark\u200b this\u202e as\U000e0041 is")
    'mark this as is'
    """
    return "".join(sign for sign in text if not _is_hidden(sign))


def sought(text: str) -> Sought:
    r"""The text with one form of marks, dashes and spaces, letters lower, hidden signs left out.

    >>> made = sought("He said:  “It’s\nover”")
    >>> made.plain, made.origins.origin(9)
    ('he said: "it\'s over"', 10)
    """
    out: list[str] = []
    origins: list[int] = []
    for i, sign in enumerate(text):
        if _is_hidden(sign):
            continue
        if sign.isspace():
            if out and out[-1] == " ":
                continue
            sign = " "  # noqa: PLW2901 - the sign as it is written down
        for one in _LIKE.get(ord(sign), sign.lower()):
            out.append(one)
            origins.append(i)
    return Sought("".join(out), OffsetMap.from_origins(origins, origin_length=len(text)))


def found_in(quotation: str, text: Sought) -> Span | None:
    """Where the quotation stands in the original text, word for word; `None` where it does not.

    Marks, dashes, spaces and the size of letters may differ, and punctuation at its ends; words
    and their order may not, and no word is cut.

    >>> text = "The mayor said: “The bridge is safe.”"
    >>> found_in("the bridge is safe", sought(text)).of(text)
    'The bridge is safe'
    >>> found_in("bridge is saf", sought(text)) is None
    True
    """
    wanted = sought(quotation).plain.strip(" \"'.,;:!?-…")
    if not wanted:
        return None
    at = text.plain.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        cuts_start = at > 0 and text.plain[at - 1].isalnum() and wanted[0].isalnum()
        cuts_end = end < len(text.plain) and text.plain[end].isalnum() and wanted[-1].isalnum()
        if not cuts_start and not cuts_end:
            return text.origins.span(Span(at, end))
        at = text.plain.find(wanted, at + 1)
    return None


def quoted(sentence: str) -> tuple[str, ...] | None:
    r"""The quotations of a sentence in order; `None` where its marks do not pair.

    A single mark inside a word is an apostrophe.

    >>> quoted("She said ‘no’, then \"it's over\".")
    ('no', "it's over")
    >>> quoted('She said "no') is None
    True
    """
    found: list[str] = []
    opened: tuple[str, int] | None = None
    for i, sign in enumerate(sentence):
        kind = _LIKE.get(ord(sign))
        if kind not in {'"', "'"} or (kind == "'" and _is_apostrophe(sentence, i, opened)):
            continue
        if opened is None:
            opened = (kind, i + 1)
        elif opened[0] == kind:
            found.append(sentence[opened[1] : i])
            opened = None
    return tuple(found) if opened is None else None


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text, each on one line."""
    whole = Span(0, len(text))
    return tuple(
        " ".join(span.of(text).split())
        for paragraph in paragraphs(text, whole)
        for span in split(text, paragraph)
    )


def plain_words(texts: Sequence[str]) -> frozenset[str]:
    """Every word of the texts in lower case, without marks at its ends."""
    return frozenset(
        bare
        for text in texts
        for word in sought(text).plain.split()
        if (bare := word.strip("\"'.,;:!?()[]-…").removesuffix("'s"))
    )


def _is_hidden(sign: str) -> bool:
    if sign.isascii():
        return sign not in _SPACES and not sign.isprintable()
    if sign in _INVISIBLE or "\ufe00" <= sign <= "\ufe0f" or "\U000e0000" <= sign <= "\U000e0fff":
        return True
    category = unicodedata.category(sign)
    return category in _HIDDEN or (category == "Cc" and not sign.isspace())


def _is_apostrophe(sentence: str, i: int, opened: tuple[str, int] | None) -> bool:
    before = i > 0 and sentence[i - 1].isalnum()
    after = i + 1 < len(sentence) and sentence[i + 1].isalnum()
    if before and after:
        return True
    # "the workers' union": nothing was opened that it could close.
    return before and (opened is None or opened[0] == '"')
