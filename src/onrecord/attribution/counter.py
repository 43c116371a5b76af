"""Counter-voices: one source denies or disputes what another source, or the page, asserts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.attribution.content_words import coverage, negated_stems, page_counts, stems
from onrecord.attribution.denials import (
    ANSWERING,
    ASKING,
    NEGATED,
    REPLYING,
    WRONGED,
    calls_false,
    denies,
)
from onrecord.attribution.denied_claims import DeniedClaim, denied_claim, is_of_sort, is_theirs
from onrecord.attribution.origins import origins
from onrecord.attribution.speakers import NO_SOURCE
from onrecord.record import Attribution, CounterVoice, Page, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionStance, RegionKind

__all__ = ["counter_voices", "sentences_of"]

_SENTENCE_END = re.compile(r"[.!?][\"”’]*(?=\s)")
_LEAST_SHARE = 0.5  # of the denied words that the answered statement must have
_LEAST_SHARED = 1.5  # weight of the words shared; one rare word alone proves nothing
_FLIP_SHARE = 0.74  # the same for a plain contradiction, which no denying word announces
_FLIP_SHARED = 1.5
_FLIP_FEWEST, _FLIP_MOST = 3, 8  # stems of the sentence that contradicts: longer ones rarely do
_NO_FLIP = re.compile(
    r",\snot\s(?:the|an?)\b|\b(?:problem|point|issue|question)\s(?:is|was)\b|n['’]t\scare\b|"
    r"\bwould(?:n['’]t|\snot)\s(?:have|vote)\b|\bnot\s(?:only|just|surpris\w+|sure|clear|certain|yet)\b",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of a content that may contradict or be contradicted."""

    words: frozenset[str]
    negated: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Statement:
    attribution: Attribution
    words: frozenset[str]
    negated: frozenset[str]
    speakers: frozenset[str]
    bearers: tuple[Speaker, ...]
    paragraph: int
    is_open: bool
    is_denial: bool
    is_answerable: bool
    parts: tuple[_Part, ...]


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
    statements = [_statement(text, attribution, owners, open_ids) for attribution in said]
    pairs: list[CounterVoice] = []
    title = [region.span for region in page.regions if region.kind == RegionKind.TITLE]
    for statement in statements:
        if any(_extent(statement.attribution).overlaps(span) for span in title):
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


def _statement(
    text: str,
    attribution: Attribution,
    owners: Mapping[str, Sequence[Speaker]],
    open_ids: frozenset[str],
) -> _Statement:
    start = attribution.content[0].start
    bearers = tuple(owners.get(attribution.id, ()))
    own = frozenset(speaker.id for speaker in bearers)
    is_open = bool(own & open_ids)
    spans = sentences_of(text, attribution.content)
    words_of = [stems(text, [span]) for span in spans]
    negated = [negated_stems(text, span) for span in spans]
    is_denial = denies(text, attribution)
    return _Statement(
        attribution,
        frozenset().union(*words_of),
        frozenset().union(*negated),
        own,
        bearers,
        text.count("\n", 0, start),
        is_open,
        is_denial,
        # "he said" of an open "he" may be the denier himself
        not is_denial
        and bool(own)
        and _is_assertion(text, attribution)
        and not (is_open and attribution.source),
        tuple(
            part
            for span, words, own_negated in zip(spans, words_of, negated, strict=True)
            if len(words) >= _FLIP_FEWEST
            and (part := _part(text, span, words, own_negated)) is not None
        ),
    )


def _part(text: str, span: Span, words: frozenset[str], negated: frozenset[str]) -> _Part | None:
    """The sentence as something that can contradict, `None` for questions and "not only"."""
    sentence = span.of(text)
    if "?" in sentence or (negated and _NO_FLIP.search(sentence)):
        return None
    return _Part(words, negated)


def _is_assertion(text: str, attribution: Attribution) -> bool:
    """Whether the source states the content, so that somebody can deny it."""
    if attribution.stance != AttributionStance.ASSERTS or calls_false(text, attribution):
        return False
    cue, end = attribution.cue, attribution.content[-1].end
    if cue is not None and (ASKING.search(cue.of(text)) or NEGATED.search(cue.of(text))):
        return False
    return "?" not in text[end - 2 : end]


def _answers(
    page: Page,
    sentences: Sequence[Span],
    statement: _Statement,
    statements: Sequence[_Statement],
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
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
    *,
    statements: Sequence[_Statement],
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
    if published is not None and not published.overlaps(_extent(by)):
        return [CounterVoice(by.id, None, published)]
    return []


def _of_claimant(
    claim: DeniedClaim,
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> _Statement | None:
    """The assertion of the one whom the denial names: of his words, else the last before it."""
    if not claim.claimant:
        return None
    theirs = [
        other
        for other in others
        if _apart(statement, other)
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
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> _Statement | None:
    """The assertion right before "but Low denied ...", which shares a word with what is denied."""
    start = _extent(statement.attribution).start
    if not _CONTRAST.search(text, max(0, start - 60), start):
        return None
    before = [o for o in others if _apart(statement, o) and _extent(o.attribution).start < start]
    if not before:
        return None
    last = max(before, key=lambda other: _extent(other.attribution).start)
    between = text[_extent(last.attribution).end : start]
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
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> _Statement | None:
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
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    """The earlier assertion that a short sentence of the content repeats with the opposite sign."""
    by = statement.attribution
    for own in statement.parts:
        if not _FLIP_FEWEST <= len(own.words) <= _FLIP_MOST:
            continue
        for other in others:
            if other.attribution.content[0].start > by.content[0].start:
                continue
            contradicted = any(_contradicts(own, theirs, counts) for theirs in other.parts)
            if contradicted and _apart(statement, other):
                return [CounterVoice(by.id, other.attribution.id)]
    return []


def _contradicts(own: _Part, theirs: _Part, counts: Mapping[str, int]) -> bool:
    both = own.words & theirs.words
    if len(both) < _FLIP_FEWEST or bool(own.negated & both) == bool(theirs.negated & both):
        return False
    part, shared = coverage(own.words, theirs.words, counts)
    return part >= _FLIP_SHARE and shared >= _FLIP_SHARED


def sentences_of(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences and clauses up to a semicolon inside content spans, in order."""
    out = []
    for span in spans:
        start = span.start
        for match in re.finditer(r"[.!?;][\"”’]*\s", span.of(text)):
            out.append(Span(start, span.start + match.end()))
            start = span.start + match.end()
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def _apart(statement: _Statement, other: _Statement) -> bool:
    """Whether the two are of different speakers and of different words."""
    if other is statement or other.speakers & statement.speakers:
        return False
    mine = statement.attribution.content
    return not any(span.overlaps(own) for span in other.attribution.content for own in mine)


def _scored(
    asked: frozenset[str],
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
    *,
    share: float,
    shared: float,
) -> list[tuple[float, _Statement]]:
    """What shares enough words with the statement, the best first, the earlier before the later."""
    rows = []
    start = statement.attribution.content[0].start
    for other in others:
        if len(asked & other.words) < _FEWEST_SHARED or not _apart(statement, other):
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
    statement: _Statement,
    others: Sequence[_Statement],
    *,
    least: float,
    counts: Mapping[str, int],
    claim: DeniedClaim | None = None,
) -> list[CounterVoice]:
    """The one assertion that "the accusation" can mean: the last before it of that sort, close by.

    It shares words of at least the weight `least` with the denial.
    """
    start = _begin_of_run(statement, others)
    before = [
        other
        for other in others
        if _extent(other.attribution).start < start and _apart(statement, other)
    ]
    before.sort(key=lambda other: _extent(other.attribution).start)
    words = claim.words if claim is not None else statement.words
    sort = claim.sort if claim is not None else ""
    for n_nearer, other in enumerate(reversed(before[-_LOOKED_BACK:])):
        between = text[_extent(other.attribution).end : start]
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


def _begin_of_run(statement: _Statement, others: Sequence[_Statement]) -> int:
    """Where the run of the speaker's own statements begins that this one ends."""
    start = _extent(statement.attribution).start
    before = sorted(
        ((_extent(o.attribution).start, o) for o in others if _extent(o.attribution).start < start),
        key=lambda row: -row[0],
    )
    for begin, other in before:
        if not other.speakers & statement.speakers:
            break
        start = begin
    return start


def _extent(attribution: Attribution) -> Span:
    spans = [*attribution.content]
    spans += [span for span in (attribution.source, attribution.cue) if span is not None]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _published(
    page: Page,
    sentences: Sequence[Span],
    claim: DeniedClaim,
    statements: Sequence[_Statement],
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
