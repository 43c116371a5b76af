"""Turns of a transcript or interview ("NAME: ..."), and posts signed with a dash.

Both are forms of a whole paragraph, so they are looked for before its sentences are read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.attribution.marks import Quotation
from onrecord.attribution.verbs import words_of
from onrecord.span import Span, shrunk
from onrecord.terms import Marks

__all__ = ["Turns", "post_of", "signature_of", "turns_of"]

_LABEL = re.compile(r"(?P<who>[A-Z][^\s:]{0,24}(?: [A-Z(&][^\s:]{0,24}){0,4}):[ \t\u00a0]+(?=\S)")
_NO_SPEAKER = words_of(
    """
    note update updated correction source sources photo photos image video watch read related more
    editor's editor’s editors’ warning exclusive breaking advertisement date time where when what who
    how why tags topics category summary abstract contact tel phone email address http https ps p.s
    here next previous example step tip fact claim verdict rating answer result conclusion background
    """
)
_DASHES = "—–―"
_SIGNED = re.compile(
    r"[—–―-][ \t\u00a0]?(?P<who>[A-Z][\w.'’-]{0,24}(?: (?:[A-Z][\w.'’-]{0,24}|de|van|von|of|the|al)){0,6}"
    r"(?P<age>, [^.!?\n]{1,60})?(?P<handle> ?\(@\w{1,30}\))?)"
    r"(?:[ ,·|-]{0,3}[\w ,:]{0,40}\d{4})?[ \t.]*\Z"
)
_TAIL_CHARS = 170  # a signature is a name, a role or age, a handle and a date
_MIN_TURNS = 2
_MIN_MIXED_CASE_TURNS = 3
_TRANSCRIPT_SHARE = 0.5  # of the paragraphs: then one without a label goes on with the speaker


@dataclass(frozen=True, slots=True)
class Turns:
    """Labels by paragraph index, and whether the page is a transcript as a whole."""

    labels: dict[int, Span]
    is_transcript: bool


def turns_of(text: str, paragraphs: Sequence[Span]) -> Turns:
    r"""The labelled turns among the paragraphs; a lone label in mixed case is none.

    >>> sorted(turns_of("ANN: Yes.\nBO: No.", [Span(0, 9), Span(10, 17)]).labels)
    [0, 1]
    """
    found: dict[int, Span] = {}
    for i, paragraph in enumerate(paragraphs):
        match = _LABEL.match(text, paragraph.start, paragraph.end)
        if match is None:
            continue
        who = match["who"]
        if who.split()[0].lower() in _NO_SPEAKER or who.lower() in _NO_SPEAKER:
            continue
        found[i] = Span(*match.span("who"))
    counts = Counter(span.of(text) for span in found.values())
    upper = sum(n for who, n in counts.items() if who.isupper())
    mixed = sum(n for who, n in counts.items() if not who.isupper() and n > 1)
    labels = {
        i: span
        for i, span in found.items()
        if (span.of(text).isupper() and upper >= _MIN_TURNS)
        or (counts[span.of(text)] > 1 and mixed >= _MIN_MIXED_CASE_TURNS)
        or (upper >= _MIN_TURNS and counts[span.of(text)] > 1)
    }
    share = len(labels) / len(paragraphs) if paragraphs else 0.0
    return Turns(labels, share >= _TRANSCRIPT_SHARE)


def signature_of(text: str, paragraph: Span) -> Span | None:
    """Who signs a paragraph that ends in `— Name, role (@handle) date`, or `None`."""
    low = max(paragraph.start, paragraph.end - _TAIL_CHARS)
    at = max(text.rfind(dash, low, paragraph.end) for dash in (*_DASHES, " -", "\n-"))
    if at < 0:
        at = paragraph.start if text.startswith("-", paragraph.start) else -1
    if at < 0:
        return None
    at += text[at] in " \n"
    match = _SIGNED.match(text, at, paragraph.end)
    return Span(*match.span("who")) if match else None


def post_of(
    text: str, paragraph: Span, quoted: Sequence[Quotation]
) -> tuple[Span, tuple[Span, ...]] | None:
    """Signer and words of a signed post or quotation that fills its paragraph, or `None`.

    Quoted words need only the signature; words without marks need a handle as well, since a dash
    and a name end many ordinary sentences.
    """
    signer = signature_of(text, paragraph)
    if signer is None:
        return None
    dash = max(text.rfind(sign, paragraph.start, signer.start) for sign in (*_DASHES, "-"))
    body = shrunk(text, Span(paragraph.start, dash))
    if body.start >= body.end:
        return signer, ()
    if quoted and quoted[-1].span.end >= body.end - 1:
        if quoted[0].span.start == body.start:
            return signer, tuple(quotation.inner for quotation in quoted)
        if quoted[-1].marks is Marks.MISSING_OPENING:
            return signer, (Span(body.start, quoted[-1].inner.end),)
    if "(@" in signer.of(text):
        return signer, (body,)
    return None
