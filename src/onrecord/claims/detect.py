"""The claims of an article: spans, whether they can be checked, and their order."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.claims.checkable import kind_of, why_not_checkable
from onrecord.claims.rank import ClaimWeights, Scorer, position_share, rank_reasons, sign_score
from onrecord.claims.signs import signs
from onrecord.claims.spans import Candidate, candidates
from onrecord.record import Attribution, Claim, Page, SentenceVoice, content_id
from onrecord.span import Span

__all__ = ["claims", "score_by_signs"]


def score_by_signs(texts: Sequence[str]) -> tuple[float, ...]:
    """The rule twin's scorer: check-worthiness of each text, 0 to 1."""
    return tuple(sign_score(signs(text)) for text in texts)


def claims(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution] | None,
    sentence_voices: Sequence[SentenceVoice] | None,
    scorer: Scorer = score_by_signs,
    weights: ClaimWeights | None = None,
) -> tuple[Claim, ...]:
    """The claims of the article in order of place, ranked from 1 among those that can be checked.

    "X said" and what X said are two claims. A claim that cannot be checked has rank 0 and says
    why. Ties are broken by place.
    """
    weights = weights or ClaimWeights()
    found = candidates(page, sentences, attributions=attributions, sentence_voices=sentence_voices)
    texts = [candidate.span.of(page.text) for candidate in found]
    worths = _worths(found, texts, scorer)
    order = {sentence: i for i, sentence in enumerate(dict.fromkeys(c.sentence for c in found))}
    judged = []
    for candidate, text, worth in zip(found, texts, worths, strict=True):
        marks = signs(text)
        why_not = None if candidate.said else why_not_checkable(marks)
        central = position_share(order[candidate.sentence], len(order))
        total, reasons = rank_reasons(
            text, signs=marks, worth=worth, central=central, said=candidate.said, weights=weights
        )
        judged.append((candidate, marks, worth, why_not, total, reasons))
    by_total = sorted(
        (i for i, row in enumerate(judged) if row[3] is None),
        key=lambda i: (-judged[i][4], judged[i][0].span),
    )
    ranks = {i: rank for rank, i in enumerate(by_total, 1)}
    return tuple(
        Claim(
            id=content_id(page, "said" if candidate.said else "claims", candidate.span),
            span=candidate.span,
            attribution=candidate.attribution,
            checkable=why_not is None,
            why_not=why_not,
            checkworthiness=round(worth, 4),
            kind=kind_of(marks, said=candidate.said),
            rank=ranks.get(i, 0),
            reasons=reasons,
        )
        for i, (candidate, marks, worth, why_not, _, reasons) in enumerate(judged)
    )


def _worths(found: Sequence[Candidate], texts: Sequence[str], scorer: Scorer) -> tuple[float, ...]:
    """The check-worthiness of each candidate, all read by the scorer at once.

    That something was said is worth as much as the best of what was said: reading "X said Y" next
    to Y took half as long again and told the scorer nothing new.
    """
    contents: dict[tuple[str | None, Span], list[int]] = {}
    for i, candidate in enumerate(found):
        if not candidate.said:
            contents.setdefault((candidate.attribution, candidate.sentence), []).append(i)
    same = [contents.get((c.attribution, c.sentence), []) if c.said else [] for c in found]
    read = [i for i, others in enumerate(same) if not others]
    scores = dict(zip(read, scorer([texts[i] for i in read]), strict=True))
    return tuple(
        max(scores[k] for k in others) if others else scores[i] for i, others in enumerate(same)
    )
