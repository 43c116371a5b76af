"""The passages of a claim as HTML; in a working copy also the proposal that rests on them.

What may be published lists the passages by rank, with the words that a reader
should look at marked, and nothing of what a machine makes of them: no label, no confidence, no
stance, no finding on numbers, not what is missing. Only a working copy has these.
"""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.record import CollectionState, Evidence, QuantityCheck
from onrecord.show import wording_evidence as wording
from onrecord.show.evidence import ClaimEvidence, n_independent, proposal_sentence
from onrecord.show.markup import address, escaped
from onrecord.show.visible import brief
from onrecord.show.wording import counted
from onrecord.span import Span, merged

__all__ = ["passages", "proposed", "searched"]

MAX_PASSAGE = 2_000  # code points of a passage; those of a collection have some 600
BEFORE_WORDS = 600  # of these, at most so many before the first marked words
MAX_NOTE = 600


def passages(found: ClaimEvidence) -> str:
    """What a search found on a claim, folded, without what any of it says of the claim."""
    total = wording.passages_found(len(found.evidence), found.collection)
    if asked := wording.searched(found.collection):
        total = f"{total}; {asked}"
    if not found.evidence:
        return f'<p class="quiet">{escaped(total)}</p>'
    rows = "".join(f"<li>{_passage(found, one)}</li>\n" for one in found.evidence)
    return (
        f"<details><summary>{escaped(total)}</summary>"
        f'<p class="quiet">{escaped(wording.PASSAGES_FOUND)}</p>'
        f'<ul class="passages">{rows}</ul></details>'
    )


def proposed(found: ClaimEvidence) -> str:
    """The proposal with the passages it rests on, then the others folded: working copies only."""
    cited = found.cited() if found.settles() else ()
    rest = [one for one in found.evidence if one not in cited]
    css = "proposal ruling" if cited else "proposal"
    out = f'<p class="{css}">{escaped(proposal_sentence(found))}</p>'
    if asked := wording.searched(found.collection):
        out += f'<p class="quiet">{escaped(asked)}</p>'
    if cited:
        total = wording.rests_on(cited, n_independent(cited))
        out += f'{_judged(found, cited)}<p class="quiet">{escaped(total)}</p>'
    missing = brief(found.verdict.missing, MAX_NOTE) if found.verdict else ""
    if missing:
        out += f'<p class="quiet">{wording.MISSING}: {escaped(missing)}</p>'
    if rest:
        what = counted(len(rest), "more passage" if cited else "passage")
        out += f"<details><summary>{what} found</summary>{_judged(found, rest)}</details>"
    return f'<div class="proposed">{out}</div>'


def searched(state: CollectionState) -> str:
    """What was searched for evidence, with the digest of its state."""
    parts = [escaped(wording.collection(state))]
    if asked := wording.searched(state):
        parts.append(escaped(asked))
    if state.digest:
        parts.append(f"<code>{escaped(brief(state.digest, 80))}</code>")
    return " · ".join(parts)


def _judged(found: ClaimEvidence, evidence: Iterable[Evidence]) -> str:
    rows = "".join(_piece(found, one) for one in evidence)
    return f'<ul class="passages">{rows}</ul>'


def _piece(found: ClaimEvidence, piece: Evidence) -> str:
    stance = f"{wording.STANCE[piece.stance]} ({wording.confidence(piece.score)})"
    notes = [
        f"{wording.NUMBERS}: {brief(one.arithmetic, MAX_NOTE)}" for one in _checks(found, piece)
    ]
    notes += [later] if (later := wording.later(piece)) else []
    lines = "".join(f'<p class="quiet">{escaped(note)}</p>' for note in notes)
    tag = f'<span class="tag">{escaped(stance)}</span> '
    return f"<li>{tag}{_passage(found, piece, is_dated=False)}{lines}</li>\n"


def _checks(found: ClaimEvidence, piece: Evidence) -> list[QuantityCheck]:
    return [one for one in found.quantities if one.evidence == piece.id]


def _passage(found: ClaimEvidence, piece: Evidence, *, is_dated: bool = True) -> str:
    """The words with the cited ones and the compared numbers marked, and where they come from."""
    passage = piece.passage
    numbers = [one.passage_words for one in _checks(found, piece)]
    marked = merged([*piece.cited, *numbers])
    shown = _window(len(passage.text), piece.cited or numbers)
    notes = [escaped(wording.document(passage))]
    if passage.url:
        notes.append(address(passage.url))
    notes.append(escaped(wording.offsets(passage, shown)))
    for note in (brief(passage.licence, 60), wording.origin(passage)):
        notes += [escaped(note)] if note else []
    if is_dated and piece.is_later:
        notes.append(escaped(wording.LATER))
    words = _marked(passage.text, shown, marked)
    return f'<blockquote dir="auto">{words}</blockquote><p class="note">{" · ".join(notes)}</p>'


def _window(length: int, marked: Iterable[Span]) -> Span:
    """The part of a passage that is shown: all of it unless it is very long."""
    if length <= MAX_PASSAGE:
        return Span(0, length)
    first = min((span.start for span in marked), default=0)
    start = max(0, min(first - BEFORE_WORDS, length - MAX_PASSAGE))
    return Span(start, start + MAX_PASSAGE)


def _marked(text: str, shown: Span, marked: Iterable[Span]) -> str:
    out = "… " if shown.start else ""
    at = shown.start
    for span in marked:
        start, end = max(span.start, at), min(span.end, shown.end)
        if start < end:
            out += f"{escaped(text[at:start])}<mark>{escaped(text[start:end])}</mark>"
            at = end
    return f"{out}{escaped(text[at : shown.end])}{' …' if shown.end < len(text) else ''}"
