"""What a title makes of its article: a set of findings, each with the words it rests on.

The title is compared with the sentences of the body that repeat it: whose voice they are in, how
strongly they state its verb, and which of its words none of them has. What cannot be shown is
not given as a fault: a title in doubt is faithful.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.headline.article import read_article
from onrecord.headline.carriers import carriers
from onrecord.headline.drops import carried_by_source, dropped_attribution
from onrecord.headline.overstates import overstatements, weaker_effect
from onrecord.headline.support import scattered_title, unsupported_title
from onrecord.headline.titles import read_title
from onrecord.record import (
    Attribution,
    HeadlineCheck,
    HeadlineEvidence,
    Page,
    SentenceVoice,
)
from onrecord.span import Span
from onrecord.terms import Genre, HeadlineFinding, RegionKind

__all__ = ["headline"]

# Forms whose titles speak for a person or change by the hour; nothing is asked of them.
_NOT_ASKED = frozenset({Genre.OPINION, Genre.SATIRE, Genre.INTERVIEW, Genre.LIVE, Genre.TRANSCRIPT})


def headline(
    page: Page,
    sentences: Sequence[Span],
    attributions: Sequence[Attribution],
    sentence_voices: Sequence[SentenceVoice],
) -> HeadlineCheck:
    """The findings about the page's title, with the words they rest on in document order by role.

    Without a title or a body there is nothing to compare: no finding. Genre opinion, satire,
    interview, transcript and live give `not_applicable` alone, a question or a label
    `question_or_label` alone. Otherwise either faults or `faithful`, with which
    `carried_by_source` may stand as a neutral note.
    """
    span = next((r.span for r in page.regions if r.kind is RegionKind.TITLE), None)
    if span is None:
        return HeadlineCheck(frozenset(), None)
    if page.genre.genre in _NOT_ASKED:
        return HeadlineCheck(frozenset({HeadlineFinding.NOT_APPLICABLE}), span)
    article = read_article(page, sentences, attributions, sentence_voices)
    if not article.sentences:
        return HeadlineCheck(frozenset(), span)
    title = read_title(page.text, span, speaker_words=_speaker_words(page, attributions))
    if title.asserts_nothing:
        shown = (HeadlineEvidence("title", span),)
        return HeadlineCheck(frozenset({HeadlineFinding.QUESTION_OR_LABEL}), span, shown)
    found = carriers(title, article)
    # an event that the body has in a weaker form is told too strongly, not told of another thing
    if not any(weaker_effect(title, article, found)) and (
        missing := unsupported_title(title, article)
    ):
        return HeadlineCheck(frozenset({HeadlineFinding.NOT_IN_BODY}), span, missing)
    dropped = dropped_attribution(title, article, found)
    over = overstatements(title, article, found, first_paragraph_counts=not dropped)
    findings = set()
    if dropped:
        findings.add(HeadlineFinding.DROPS_ATTRIBUTION)
    if over:
        findings.add(HeadlineFinding.OVERSTATES)
    if findings:
        return HeadlineCheck(frozenset(findings), span, tuple(dict.fromkeys((*dropped, *over))))
    if missing := scattered_title(title, article, found):
        return HeadlineCheck(frozenset({HeadlineFinding.NOT_IN_BODY}), span, missing)
    findings.add(HeadlineFinding.FAITHFUL)
    carried = carried_by_source(title, article, found)
    if carried:
        findings.add(HeadlineFinding.CARRIED_BY_SOURCE)
    return HeadlineCheck(
        frozenset(findings), span, (HeadlineEvidence("title", span), *dict.fromkeys(carried))
    )


def _speaker_words(page: Page, attributions: Sequence[Attribution]) -> frozenset[str]:
    """The words of the article's sources, in lower case."""
    return frozenset(
        word.strip(".,;:()'’\"").casefold()
        for a in attributions
        if a.source is not None
        for word in a.source.of(page.text).split()
        if len(word) > 3
    )
