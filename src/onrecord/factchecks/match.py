"""Which claims were fact-checked before: candidates, a calibrated score, and the words behind it.

Under the threshold (`score.py`) nothing is claimed: a page that repeats no claim of the library gets `()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from onrecord.factchecks.overlap import FUNCTION_STEMS
from onrecord.factchecks.relation import relation
from onrecord.factchecks.rerank import AnswerReader
from onrecord.factchecks.score import Scored, asked_text, claimed, known_stems, reread, scored
from onrecord.ports import Candidate, FactCheckIndex
from onrecord.record import Claim, FactCheck, Match, Page
from onrecord.span import Span, merged
from onrecord.terms import ClaimKind

__all__ = ["LIMIT", "match_text", "matches", "ranked"]

# Candidates asked of each first stage.
LIMIT = 60
# On a page a reader reads the candidates of a claim only where the first of them reaches this
# probability without it. No claim of either matching set that is claimed after reading lies below
# .57 before it, and of posts whose answer is not in the library .15 reach it (debates: .30).
GATE = 0.4
# Earlier checks shown for one claim.
MAX_MATCHES = 3
_WORD = re.compile(r"[^\W_]+")
_Stems = Callable[[str], Sequence[str]]


def matches(
    page: Page,
    claims: Sequence[Claim],
    *,
    index: FactCheckIndex,
    reader: AnswerReader | None = None,
) -> tuple[Match, ...]:
    """Earlier fact-checks of the page's checkable claims, by place of the claim, best first.

    That somebody said something is not looked up, only what was said. At most three a claim. Cost:
    one embedding and two searches a claim; with a `reader`, 1 to 12 pairs for each that comes near.
    """
    asked = [c for c in claims if c.checkable and c.kind is not ClaimKind.QUOTATION]
    if not asked or not len(index):
        return ()
    stems = known_stems()
    texts = [asked_text(claim.span.of(page.text)) for claim in asked]
    found: list[Match] = []
    # A title that stands again in the body is looked up once.
    known: dict[str, tuple[Scored, ...]] = {}
    for claim, text, candidates in zip(
        asked, texts, index.candidates_of_each(texts, limit=LIMIT), strict=True
    ):
        if text not in known:
            best = scored(text, candidates, index=index, stems=stems)
            if reader is not None:
                near = bool(best) and best[0].probability >= GATE
                best = claimed(text, best, reader=reader) if near else ()
            known[text] = best
        found += _matches(claim.span, page.text, known[text], claim=claim.id)
    return tuple(found)


def match_text(
    text: str, *, index: FactCheckIndex, reader: AnswerReader | None = None
) -> tuple[Match, ...]:
    """Earlier fact-checks of one typed claim, best first; `Match.words` point into `text`."""
    if not text.strip() or not len(index):
        return ()
    return _matches(Span(0, len(text)), text, ranked(text, index=index, reader=reader), claim="")


def ranked(
    text: str, *, index: FactCheckIndex, reader: AnswerReader | None = None
) -> tuple[Scored, ...]:
    """The best candidates for a text with their scores, best first, whether they answer it or not."""
    asked = asked_text(text)
    candidates = index.candidates(asked, limit=LIMIT)
    best = scored(asked, candidates, index=index, stems=known_stems())
    return best if reader is None else reread(asked, best, reader=reader)


def _matches(span: Span, text: str, best: Sequence[Scored], *, claim: str) -> tuple[Match, ...]:
    stems = known_stems()
    found: list[Match] = []
    for one in best[:MAX_MATCHES]:
        if not one.is_claimed:
            continue
        check = one.candidate.fact_check
        shared = max(one.overlap.of_claim, one.overlap.of_checked)
        found.append(
            Match(
                claim=claim,
                fact_check=check,
                relation=relation(
                    span.of(text),
                    check.claim,
                    claimant=check.claimant,
                    shared=shared,
                    covered=one.overlap.of_checked,
                ),
                score=round(one.probability, 4),
                rank=len(found) + 1,
                words=_shared(text, span, _known(one.candidate), stems),
                fact_check_words=_shared(
                    check.claim, Span(0, len(check.claim)), span.of(text), stems
                ),
            )
        )
    return tuple(found)


def _known(candidate: Candidate) -> str:
    check: FactCheck = candidate.fact_check
    return f"{check.claim} {check.title}"


def _shared(text: str, span: Span, other: str, stems: _Stems) -> tuple[Span, ...]:
    """The words of `text` within `span` whose stems `other` has too; runs of them as one span."""
    theirs = frozenset(stems(other)) - FUNCTION_STEMS
    found: list[Span] = []
    last: Span | None = None
    for match in _WORD.finditer(text, span.start, span.end):
        word = Span(match.start(), match.end())
        stemmed = stems(match[0])
        if stemmed and theirs.issuperset(stemmed):
            touching = last is not None and text[last.end : word.start].isspace()
            found.append(Span(last.end, word.end) if last is not None and touching else word)
            last = word
        else:
            last = None
    return merged(found)
