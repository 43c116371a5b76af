"""Hypothesis strategies for spans, pages and records, shared by the tests.

A drawn record is well formed (spans inside the text, regions disjoint, ids that exist), and its
strings are anything that UTF-8 can hold.
"""

from __future__ import annotations

import hashlib

from hypothesis import Phase, settings
from hypothesis import strategies as st

from onrecord.record import (
    Attribution,
    BadgeAudit,
    BadgeRule,
    CentralClaim,
    Claim,
    CollectionState,
    CounterVoice,
    Evidence,
    FactCheck,
    FoundValue,
    GenreMark,
    HeadlineCheck,
    HeadlineEvidence,
    Image,
    Link,
    MarkupNode,
    Match,
    Metadata,
    Page,
    Passage,
    Problem,
    QuantityCheck,
    Record,
    Region,
    Reuse,
    SentenceVoice,
    Sourcing,
    Speaker,
    SpeakerShare,
    Step,
    Verdict,
    WordChange,
)
from onrecord.span import Span
from onrecord.terms import (
    AttributionKind,
    AttributionStance,
    BadgeOutcome,
    ClaimKind,
    EvidenceStance,
    Genre,
    HeadlineFinding,
    Marks,
    MatchRelation,
    NotCheckable,
    OriginKind,
    QuantityFinding,
    QuotationChange,
    RegionKind,
    ReuseDirection,
    ReuseKind,
    SpeakerKind,
    VerdictLabel,
    Voice,
    WordChangeKind,
)

# Shrinking a whole record takes minutes and the failing record is printed anyway.
whole_records = settings(
    deadline=None, max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)

characters = st.characters(exclude_categories=["Cs"])
strings = st.one_of(
    st.text(characters, max_size=12),
    st.sampled_from(
        ["", "“no”", "e\u0301\u200d", "\x00\x1b[31m", "<b>&amp;", "\u202egnp", "[b]x[/]"]
    ),
)
texts = st.one_of(
    st.text(characters, max_size=80),
    st.text(st.sampled_from("ab “”\n.é\u0301𝟙"), max_size=80),
)
numbers = st.floats(0, 1, allow_nan=False)


def spans(text: str) -> st.SearchStrategy[Span]:
    """Any span inside the text, empty ones among them."""
    offset = st.integers(0, len(text))
    return st.tuples(offset, offset).map(lambda pair: Span(min(pair), max(pair)))


def several(strategy, n: int = 3):
    return st.lists(strategy, max_size=n).map(tuple)


def maybe(strategy):
    return st.none() | strategy


@st.composite
def disjoint(draw, text: str) -> tuple[Span, ...]:
    """Spans in order that do not overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    return tuple(Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def pages(draw) -> Page:
    text = draw(texts)
    span = spans(text)
    found = st.builds(FoundValue, strings, strings, maybe(span))
    attributes = several(st.tuples(strings, strings), 2)
    regions = tuple(
        Region(draw(st.sampled_from(RegionKind)), part, draw(attributes))
        for part in draw(disjoint(text))
    )
    return Page(
        url=draw(maybe(strings)),
        retrieved=draw(maybe(strings)),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        media_type=draw(strings),
        text=text,
        regions=regions,
        metadata=draw(
            st.builds(
                Metadata,
                title=maybe(found),
                authors=several(found, 2),
                published=maybe(found),
                language=maybe(found),
            )
        ),
        links=draw(
            maybe(several(st.builds(Link, strings, strings, maybe(span), maybe(st.booleans()))))
        ),
        images=draw(maybe(several(st.builds(Image, strings, strings, maybe(span))))),
        markup=draw(maybe(several(st.builds(MarkupNode, strings, several(strings), strings), 2))),
        genre=draw(st.builds(GenreMark, st.sampled_from(Genre), strings, maybe(span))),
        truncated=draw(several(strings, 2)),
    )


@st.composite
def matches(draw, claim_ids, text: str) -> Match:
    check = draw(
        st.builds(
            FactCheck,
            id=strings,
            url=strings,
            claim=strings,
            claimant=strings,
            rating=strings,
            rating_value=maybe(numbers),
            review_date=strings,
            publisher=strings,
        )
    )
    return Match(
        claim=draw(claim_ids),
        fact_check=check,
        relation=draw(st.sampled_from(MatchRelation)),
        score=draw(numbers),
        rank=draw(st.integers(1, 9)),
        words=draw(several(spans(text), 2)),
        fact_check_words=draw(several(spans(check.claim), 2)),
    )


@st.composite
def passages(draw) -> Passage:
    text = draw(texts)
    start = draw(st.integers(0, 99))
    return Passage(
        id=draw(strings),
        document=draw(strings),
        document_span=Span(start, start + len(text)),
        text=text,
        title=draw(strings),
        url=draw(strings),
        date=draw(strings),
        publisher=draw(strings),
        licence=draw(strings),
        source=draw(strings),
        retrieved=draw(strings),
    )


@st.composite
def reuses(draw, text: str) -> Reuse:
    passage = draw(passages())
    change = st.builds(
        WordChange, st.sampled_from(WordChangeKind), spans(text), spans(passage.text)
    )
    return Reuse(
        id=draw(strings),
        kind=draw(st.sampled_from(ReuseKind)),
        span=draw(spans(text)),
        passage=passage,
        similarity=draw(numbers),
        direction=draw(st.sampled_from(ReuseDirection)),
        reason=draw(strings),
        credit=draw(maybe(spans(text))),
        diff=draw(several(change, 3)),
        changes=draw(several(st.sampled_from(QuotationChange), 2)),
    )


@st.composite
def found_evidence(draw, claim_ids) -> Evidence:
    passage = draw(passages())
    return Evidence(
        id=draw(strings),
        claim=draw(claim_ids),
        passage=passage,
        stance=draw(st.sampled_from(EvidenceStance)),
        score=draw(numbers),
        rank=draw(st.integers(1, 9)),
        cited=draw(several(spans(passage.text), 2)),
        is_later=draw(st.booleans()),
    )


@st.composite
def quantity_checks(draw, claim_ids, evidence, text: str) -> QuantityCheck:
    # Two evidences may share a drawn id; the spans then fit the shorter text.
    one = draw(st.sampled_from(evidence))
    shortest = min((e.passage.text for e in evidence if e.id == one.id), key=len)
    return QuantityCheck(
        claim=draw(claim_ids),
        evidence=one.id,
        finding=draw(st.sampled_from(QuantityFinding)),
        claim_words=draw(spans(text)),
        passage_words=draw(spans(shortest)),
        arithmetic=draw(strings),
    )


@st.composite
def records(draw) -> Record:
    page = draw(pages())
    span = spans(page.text)
    attributions = draw(
        maybe(
            several(
                st.builds(
                    Attribution,
                    id=strings,
                    kind=st.sampled_from(AttributionKind),
                    source=maybe(span),
                    cue=maybe(span),
                    content=several(span),
                    marks=st.sampled_from(Marks),
                    stance=st.sampled_from(AttributionStance),
                    factive=st.booleans(),
                    not_yet_said=st.booleans(),
                    via=strings,
                )
            )
        )
    )
    said = st.sampled_from([one.id for one in attributions or ()] or ["none"])
    speakers = draw(
        maybe(
            several(
                st.builds(
                    Speaker,
                    id=strings,
                    name=strings,
                    kind=st.sampled_from(SpeakerKind),
                    roles=several(strings, 2),
                    mentions=several(span),
                    attributions=several(said, 2),
                    reason=maybe(span),
                )
            )
        )
    )
    who = st.sampled_from([one.id for one in speakers or ()] or ["nobody"])
    voice = st.builds(
        SentenceVoice,
        sentence=span,
        voice=st.sampled_from(Voice),
        hedged=st.booleans(),
        speaker=maybe(who),
        attributions=several(said, 2),
        hedge=maybe(span),
    )
    evidence = st.builds(
        HeadlineEvidence,
        st.sampled_from(["title", "carries", "denies", "states", "doubt", "weaker", "unsupported"]),
        span,
        maybe(said),
    )
    central = st.builds(
        CentralClaim,
        span=maybe(span),
        publisher_states_it=st.booleans(),
        asserted_by=several(who, 2),
        denied_by=several(who, 2),
        origins=several(several(who, 2), 2),
        rests_on=st.sampled_from(OriginKind),
    )
    rule = st.builds(BadgeRule, strings, st.sampled_from(BadgeOutcome), strings, several(span, 2))
    claims = draw(
        maybe(
            several(
                st.builds(
                    Claim,
                    id=strings,
                    span=span,
                    attribution=maybe(said),
                    checkable=st.booleans(),
                    why_not=maybe(st.sampled_from(NotCheckable)),
                    checkworthiness=numbers,
                    kind=st.sampled_from(ClaimKind),
                    rank=st.integers(0, 9),
                    reasons=several(strings, 2),
                )
            )
        )
    )
    claim_ids = st.sampled_from([one.id for one in claims or ()] or ["none"])
    evidence_found = draw(maybe(several(found_evidence(claim_ids), 2)))
    checks = st.just(())
    if evidence_found:
        checks = several(quantity_checks(claim_ids, evidence_found, page.text), 2)
    verdict = st.builds(
        Verdict,
        claim=claim_ids,
        label=st.sampled_from(VerdictLabel),
        confidence=numbers,
        evidence=several(strings, 2),
        missing=strings,
    )
    state = st.builds(CollectionState, st.integers(0, 9), strings, strings, several(strings, 2))
    return Record(
        page=page,
        sentences=draw(maybe(disjoint(page.text))),
        attributions=attributions,
        speakers=speakers,
        sentence_voices=draw(maybe(several(voice))),
        headline=draw(
            maybe(
                st.builds(
                    HeadlineCheck,
                    st.frozensets(st.sampled_from(HeadlineFinding), max_size=3),
                    maybe(span),
                    several(evidence),
                )
            )
        ),
        sourcing=draw(
            maybe(
                st.builds(
                    Sourcing,
                    several(st.builds(SpeakerShare, maybe(who), st.integers(0, 10_000), numbers)),
                    maybe(central),
                    several(who, 2),
                )
            )
        ),
        counter_voices=draw(
            maybe(several(st.builds(CounterVoice, said, maybe(said), maybe(span))))
        ),
        claims=claims,
        matches=draw(maybe(several(matches(claim_ids, page.text), 2))),
        collection=draw(maybe(state)),
        evidence=evidence_found,
        quantities=draw(maybe(checks)),
        verdicts=draw(maybe(several(verdict, 2))),
        reuse=draw(maybe(several(reuses(page.text), 2))),
        badges=draw(
            maybe(
                several(
                    st.builds(BadgeAudit, strings, maybe(span), maybe(strings), several(rule)), 2
                )
            )
        ),
        steps=draw(several(st.builds(Step, strings, strings, maybe(strings), numbers), 2)),
        problems=draw(several(st.builds(Problem, strings, strings, strings), 2)),
    )
