"""Counter-voices: one source denies or disputes what another source, or the page, asserts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from onrecord.attribution.content_words import coverage, page_counts, stems
from onrecord.attribution.denials import (
    ANSWERING,
    REPLYING,
    WRONGED,
)
from onrecord.attribution.denied_claims import DeniedClaim, denied_claim, is_of_sort, is_theirs
from onrecord.attribution.origins import origins
from onrecord.attribution.speakers import NO_SOURCE
from onrecord.attribution.statements import (
    FEWEST_STEMS,
    Part,
    Statement,
    are_apart,
    begin_of_run,
    extent_of,
    statement_of,
)
from onrecord.record import Attribution, CounterVoice, Page, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionStance, RegionKind

__all__ = ["counter_voices"]

_SENTENCE_END = re.compile(r"[.!?][\"”’]*(?=\s)")
_LEAST_SHARE = 0.5  # of the denied words that the answered statement must have
_LEAST_SHARED = 1.5  # weight of the words shared; one rare word alone proves nothing
_FLIP_SHARE = 0.74  # the same for a plain contradiction, which no denying word announces
_FLIP_SHARED = 1.5
_FLIP_MOST = 8  # stems of the sentence that contradicts: longer ones rarely do
_MAY_WRONG = re.compile(r"xaggerat|lied|lying|misle|misstat|misrep|istort")  # a quick look
_WRONGED_SHARE = 0.25
_ANSWERED_SHARED = 1.0
_PUBLISHER_SHARE = 0.6
_PUBLISHER_SHARED = 2.0
_CLAUSE_SHARED = 0.9  # one word, where it is all that "the claim that ..." says
_POINTED_SHARED = 0.5  # weight shared where something else already ties the two together
_POINTED_SHARE = 0.2
_NEAR_PARAGRAPHS = 8  # line breaks between "Low's claim" and what Low said
_FEW_PARAGRAPHS = 2
_LEAD_PARAGRAPHS = 2  # a denial that opens the article answers what is only told below it
_SORT_LINES, _SORT_ENDS = 4, 3  # line breaks and ends of sentences between "the report" and it
_NEAR_LINES = 2  # the same where nothing but nearness says what "that claim" is
_LOOKED_BACK = 4  # assertions
_CONTRAST = re.compile(r"\b(?:[Bb]ut|[Aa]lthough|[Tt]hough|[Ww]hile|[Hh]owever)\b[^.!?\n]*$")
_FEWEST_SHARED = 2
_AT_MOST = 3  # pairs of one denial
_CLOSE_TO_BEST = 0.6


def counter_voices(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution],
    speakers: Sequence[Speaker],
) -> tuple[CounterVoice, ...]:
    """The pairs of a denial and what it answers, in the order of the denials.

    A denial is an attribution that denies by stance or cue ("rejected"), calls something false, or
    negates nearly the same words as another speaker asserts. It must share words with what it
    answers, or point back to it ("the accusation") from the same or the next paragraph. Denier and
    answered are two resolved speakers; a sentence of the publisher is answered only where no
    attribution is. Without a pair: `()`.
    """
    text = page.text
    owners: dict[str, list[Speaker]] = {}
    open_ids = frozenset(speaker.id for speaker in speakers if _is_open(speaker))
    for speaker in speakers:
        for identity in speaker.attributions:
            owners.setdefault(identity, []).append(speaker)
    counts = page_counts(text)
    said = [attribution for attribution in attributions if attribution.content]
    statements = [statement_of(text, attribution, owners, open_ids) for attribution in said]
    pairs: list[CounterVoice] = []
    title = [region.span for region in page.regions if region.kind == RegionKind.TITLE]
    for statement in statements:
        if any(extent_of(statement.attribution).overlaps(span) for span in title):
            continue  # the body says it again, with its context
        if not statement.speakers or statement.is_open:
            continue
        pairs.extend(_answers(page, sentences, statement, statements, counts))
    return tuple(
        pair
        for pair in dict.fromkeys(pairs)
        if not _of_one_origin(page, attributions, pair, owners)
    )


def _of_one_origin(
    page: Page,
    attributions: Sequence[Attribution],
    pair: CounterVoice,
    owners: Mapping[str, Sequence[Speaker]],
) -> bool:
    """Whether one speaks for the other, as a spokesman for the body: no voice against it."""
    if pair.answered is None:
        return False
    both = tuple(dict.fromkeys((*owners[pair.by], *owners[pair.answered])))
    return len(origins(page, attributions, both, compare_words=False)) == 1


def _is_open(speaker: Speaker) -> bool:
    """Whether nobody can say that this speaker is another than those named."""
    return speaker.name == NO_SOURCE or any(join.word == "unresolved" for join in speaker.joins)


def _answers(
    page: Page,
    sentences: Sequence[Span],
    statement: Statement,
    statements: Sequence[Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    text, by = page.text, statement.attribution
    others = [other for other in statements if other.is_answerable]
    if statement.is_denial:
        return _denied(page, sentences, statement, others, counts, statements=statements)
    if by.stance != AttributionStance.ASSERTS:
        return []
    wronged = _wronged(text, statement, others, counts)
    if wronged is not None:
        return [CounterVoice(by.id, wronged.attribution.id)]
    if _replies(text, by):
        near = _pointed_at(text, statement, others, least=_ANSWERED_SHARED, counts=counts)
        if near:
            return near
    if by.cue is not None and by.cue.of(text).startswith("to "):
        return []  # "to allow": what somebody is to do is no contradiction
    return _contradicted(statement, others, counts)


def _denied(
    page: Page,
    sentences: Sequence[Span],
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
    *,
    statements: Sequence[Statement],
) -> list[CounterVoice]:
    """What a denial answers: the claim of whom it names, else what shares its words, else "it"."""
    text, by = page.text, statement.attribution
    claim = denied_claim(text, by)
    theirs = _of_claimant(claim, statement, others, counts)
    if theirs is not None:
        return [CounterVoice(by.id, theirs.attribution.id)]
    scored = _scored(
        claim.words, statement, others, counts, share=_LEAST_SHARE, shared=_LEAST_SHARED
    )
    if scored:
        best = scored[0][0]
        close = [other for value, other in scored if value >= _CLOSE_TO_BEST * best]
        return [CounterVoice(by.id, other.attribution.id) for other in close[:_AT_MOST]]
    contrasted = _contrasted(text, claim, statement, others, counts)
    if contrasted is not None:
        return [CounterVoice(by.id, contrasted.attribution.id)]
    if claim.points_back and not claim.claimant:
        least = _POINTED_SHARED if claim.words else 0.0
        near = _pointed_at(text, statement, others, least=least, counts=counts, claim=claim)
        if near:
            return near
    published = _published(page, sentences, claim, statements, counts)
    if published is not None and not published.overlaps(extent_of(by)):
        return [CounterVoice(by.id, None, published)]
    return []


def _of_claimant(
    claim: DeniedClaim,
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
) -> Statement | None:
    """The assertion of the one whom the denial names: of his words, else the last before it."""
    if not claim.claimant:
        return None
    theirs = [
        other
        for other in others
        if are_apart(statement, other)
        and any(is_theirs(claim.claimant, speaker) for speaker in other.bearers)
    ]
    start = statement.attribution.content[0].start
    if claim.words:
        weighed = [(coverage(claim.words, other.words, counts)[1], other) for other in theirs]
        weighed = [row for row in weighed if row[0] >= _POINTED_SHARED]
        return max(weighed, key=lambda row: row[0])[1] if weighed else None
    before = [o for o in theirs if 0 <= statement.paragraph - o.paragraph <= _NEAR_PARAGRAPHS]
    before = [other for other in before if other.attribution.content[0].start < start]
    return before[-1] if before else None


def _contrasted(
    text: str,
    claim: DeniedClaim,
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
) -> Statement | None:
    """The assertion right before "but Low denied ...", which shares a word with what is denied."""
    start = extent_of(statement.attribution).start
    if not _CONTRAST.search(text, max(0, start - 60), start):
        return None
    before = [
        o for o in others if are_apart(statement, o) and extent_of(o.attribution).start < start
    ]
    if not before:
        return None
    last = max(before, key=lambda other: extent_of(other.attribution).start)
    between = text[extent_of(last.attribution).end : start]
    if "\n" in between.strip() or len(_SENTENCE_END.findall(between)) > 1:
        return None
    shared = coverage(claim.words, last.words, counts)[1]
    return last if shared >= _POINTED_SHARED else None


def _replies(text: str, attribution: Attribution) -> bool:
    """Whether cue and first words reject what was said before: "replied: No, ..."."""
    if attribution.cue is None:
        return False
    cue = attribution.cue.of(text)
    if ANSWERING.search(cue):
        return True
    return bool(REPLYING.match(attribution.content[0].of(text)))


def _wronged(
    text: str,
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
) -> Statement | None:
    """The assertion of which a speaker says that its source exaggerates or lies."""
    for span in statement.attribution.content:
        match = WRONGED.search(span.of(text)) if _MAY_WRONG.search(text, *span) else None
        if match is None:
            continue
        theirs = [
            other
            for other in others
            if other.attribution.source is not None
            and match["name"] in other.attribution.source.of(text)
        ]
        scored = _scored(
            statement.words, statement, theirs, counts, share=_WRONGED_SHARE, shared=_LEAST_SHARED
        )
        if scored:
            return scored[0][1]
    return None


def _contradicted(
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    """The earlier assertion that a short sentence of the content repeats with the opposite sign."""
    by = statement.attribution
    for own in statement.parts:
        if not FEWEST_STEMS <= len(own.words) <= _FLIP_MOST:
            continue
        for other in others:
            if other.attribution.content[0].start > by.content[0].start:
                continue
            contradicted = any(_contradicts(own, theirs, counts) for theirs in other.parts)
            if contradicted and are_apart(statement, other):
                return [CounterVoice(by.id, other.attribution.id)]
    return []


def _contradicts(own: Part, theirs: Part, counts: Mapping[str, int]) -> bool:
    both = own.words & theirs.words
    if len(both) < FEWEST_STEMS or bool(own.negated & both) == bool(theirs.negated & both):
        return False
    part, shared = coverage(own.words, theirs.words, counts)
    return part >= _FLIP_SHARE and shared >= _FLIP_SHARED


def _scored(
    asked: frozenset[str],
    statement: Statement,
    others: Sequence[Statement],
    counts: Mapping[str, int],
    *,
    share: float,
    shared: float,
) -> list[tuple[float, Statement]]:
    """What shares enough words with the statement, the best first, the earlier before the later."""
    rows = []
    start = statement.attribution.content[0].start
    for other in others:
        if len(asked & other.words) < _FEWEST_SHARED or not are_apart(statement, other):
            continue
        part, weight = coverage(asked, other.words, counts)
        if asked & other.negated and not asked & statement.negated:
            continue  # says that it is not so either
        before = other.attribution.content[0].start < start
        if part < share or weight < shared:
            continue
        far = abs(other.paragraph - statement.paragraph) > _FEW_PARAGRAPHS
        if not before and far and statement.paragraph > _LEAD_PARAGRAPHS:
            continue
        rows.append((part * (1.0 if before else 0.8), other))
    return sorted(rows, key=lambda row: (-row[0], row[1].attribution.content[0].start))


def _pointed_at(
    text: str,
    statement: Statement,
    others: Sequence[Statement],
    *,
    least: float,
    counts: Mapping[str, int],
    claim: DeniedClaim | None = None,
) -> list[CounterVoice]:
    """The one assertion that "the accusation" can mean: the last before it of that sort, close by.

    It shares words of at least the weight `least` with the denial.
    """
    start = begin_of_run(statement, others)
    before = [
        other
        for other in others
        if extent_of(other.attribution).start < start and are_apart(statement, other)
    ]
    before.sort(key=lambda other: extent_of(other.attribution).start)
    words = claim.words if claim is not None else statement.words
    sort = claim.sort if claim is not None else ""
    for n_nearer, other in enumerate(reversed(before[-_LOOKED_BACK:])):
        between = text[extent_of(other.attribution).end : start]
        of_sort = is_of_sort(text, other.attribution, sort, speakers=other.bearers)
        n_lines, n_ends = (_SORT_LINES, _SORT_ENDS) if sort and of_sort else (_NEAR_LINES, 1)
        if between.count("\n") > n_lines or len(_SENTENCE_END.findall(between)) > n_ends:
            break
        share, shared = coverage(words, other.words, counts)
        if (
            of_sort
            and shared >= least
            and (claim is None or not claim.is_clause or share >= _POINTED_SHARE)
        ):
            return [CounterVoice(statement.attribution.id, other.attribution.id)]
        if n_nearer == 0 and not sort and not words:
            break  # "denied it": the last thing said or nothing
    return []


def _published(
    page: Page,
    sentences: Sequence[Span],
    claim: DeniedClaim,
    statements: Sequence[Statement],
    counts: Mapping[str, int],
) -> Span | None:
    """The sentence of the publisher's own that the denied words repeat, if one is clear."""
    body = [region.span for region in page.regions if region.kind == RegionKind.BODY]
    carried = [span for other in statements for span in other.attribution.content]
    denied = claim.words
    best: tuple[float, Span] | None = None
    for sentence in sentences:
        if not any(region.contains(sentence) for region in body):
            continue
        if any(span.overlaps(sentence) for span in carried):
            continue
        part, weight = coverage(denied, stems(page.text, [sentence]), counts)
        whole = claim.is_clause and part == 1.0 and weight >= _CLAUSE_SHARED
        if (
            (whole or (part >= _PUBLISHER_SHARE and weight >= _PUBLISHER_SHARED))
            and "?" not in sentence.of(page.text)
            and (best is None or part > best[0])
        ):
            best = (part, sentence)
    return best[1] if best else None
