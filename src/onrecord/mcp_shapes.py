"""What the tools of the MCP server answer: plain types, each with the exact words and their place.

Offsets count Unicode code points in the page's text, half-open. Everything in a field named
`words`, `text`, `title`, `name` or `url` stood on somebody's page: it is quoted, never said by us. Without slots: the SDK takes a slot
for the default of its field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.newsroom.corrections import Correction
from onrecord.newsroom.publication import Publication
from onrecord.record import BadgeAudit, Evidence, Match, Record, Region
from onrecord.show.lookup import Lookup, lookup
from onrecord.span import Span

__all__ = [
    "Badge",
    "BadgesAnswer",
    "Check",
    "CheckLine",
    "ChecksAnswer",
    "ClaimLine",
    "ClaimsAnswer",
    "CorrectionLine",
    "CorrectionsAnswer",
    "EarlierCheck",
    "EvidenceAnswer",
    "EvidenceLine",
    "FactChecksAnswer",
    "PageAnswer",
    "RegionLine",
    "Rule",
    "SourceLine",
    "SpeakerLine",
    "Statement",
    "StatementsAnswer",
    "Words",
    "badges_of",
    "check_line",
    "check_of",
    "claims_of",
    "correction_line",
    "earlier_check",
    "evidence_line",
    "page_of",
    "statements_of",
]


@dataclass(frozen=True)
class Words:
    """Exact words and where they stand: code points, end not included."""

    words: str
    start: int
    end: int


@dataclass(frozen=True)
class RegionLine:
    """A labelled stretch of the page: title, body, caption, comment and so on."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class PageAnswer:
    """A page as it was read; `record` names it in further calls.

    `text` is the stretch from `start`, at most as much as one call gives; `n_chars` is the length
    of all of it. Dates and names are what the page says of itself.
    """

    record: str
    url: str
    title: str
    authors: tuple[str, ...]
    published: str
    language: str
    genre: str
    start: int
    text: str
    n_chars: int
    regions: tuple[RegionLine, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class SpeakerLine:
    """Somebody the page quotes; `share` of the body's words is theirs, 0 to 1."""

    id: str
    name: str
    kind: str
    roles: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Statement:
    """Who says what: `speaker` is an id, empty where the page does not say who."""

    id: str
    speaker: str
    name: str
    kind: str
    stance: str
    source: Words | None
    cue: Words | None
    content: tuple[Words, ...]


@dataclass(frozen=True)
class StatementsAnswer:
    """Everything that the page attributes to somebody."""

    record: str
    speakers: tuple[SpeakerLine, ...]
    statements: tuple[Statement, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class ClaimLine:
    """A statement that could be true or false; `rank` 1 most deserves a check, 0 cannot be checked."""

    id: str
    words: str
    start: int
    end: int
    said_by: str
    checkable: bool
    why_not: str
    kind: str
    checkworthiness: float
    rank: int


@dataclass(frozen=True)
class ClaimsAnswer:
    """The claims of a page, best ranked first."""

    record: str
    claims: tuple[ClaimLine, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class EarlierCheck:
    """A published fact-check that may answer a claim.

    `relation` says whether it answers the same claim, a related one or its opposite; `score` is
    the probability that it does, 0 to 1. `rating` is its publisher's word. `claim_words` point
    into the claim that was asked, `fact_check_words` into `claim`.
    """

    url: str
    publisher: str
    claim: str
    claimant: str
    rating: str
    date: str
    relation: str
    score: float
    claim_words: tuple[Words, ...]
    fact_check_words: tuple[Words, ...]


@dataclass(frozen=True)
class FactChecksAnswer:
    """Earlier fact-checks of a claim; `has_library` false: there was nowhere to look."""

    claim: str
    has_library: bool
    fact_checks: tuple[EarlierCheck, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceLine:
    """A passage and what it says of the claim: `cited` are the words that the stance rests on.

    They point into `passage`. `is_later`: the document is younger than the claim.
    """

    stance: str
    score: float
    passage: str
    cited: tuple[Words, ...]
    title: str
    url: str
    publisher: str
    date: str
    is_later: bool


@dataclass(frozen=True)
class EvidenceAnswer:
    """Passages for and against a claim, and what a machine proposes of them.

    `proposal` is one of supported, refuted, not_enough_evidence, conflicting, or empty; nobody has
    signed it and it is no rating. `n_documents` is 0 where there was nowhere to look.
    """

    claim: str
    n_documents: int
    evidence: tuple[EvidenceLine, ...]
    proposal: str
    confidence: float
    missing: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule of the badge audit: pass, fail, cannot_tell or does_not_apply, and what shows it."""

    code: str
    outcome: str
    reason: str
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Badge:
    """A "Fact checked" label of the page, rule by rule."""

    label: str
    place: Words | None
    image: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class BadgesAnswer:
    """The labels of a page that say that it was checked; empty: it carries none."""

    record: str
    badges: tuple[Badge, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class SourceLine:
    """A source that a published check cites; `digest` is the SHA-256 of the kept copy."""

    title: str
    url: str
    quote: str
    side: str
    publisher: str
    date: str
    digest: str


@dataclass(frozen=True)
class CorrectionLine:
    """A correction of a published check: `before` and `after` of each changed field."""

    check: str
    number: int
    kind: str
    at: str
    reason: str
    by: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class CheckLine:
    """A published check in a list."""

    id: str
    url: str
    claim: str
    rating: str
    published: str
    is_retracted: bool


@dataclass(frozen=True)
class ChecksAnswer:
    """Published checks, the newest first."""

    checks: tuple[CheckLine, ...]


@dataclass(frozen=True)
class Check:
    """A check that people signed and published; `retracted` is the reason of a retraction."""

    id: str
    url: str
    claim: str
    claimant: str
    rating: str
    title: str
    summary: str
    reasoning: str
    published: str
    version: int
    signed_by: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    corrections: tuple[CorrectionLine, ...]
    retracted: str


@dataclass(frozen=True)
class CorrectionsAnswer:
    """Corrections and retractions of the desk's published checks, the newest first."""

    corrections: tuple[CorrectionLine, ...]


def page_of(record: Record, *, start: int, n_chars: int) -> PageAnswer:
    """The text of a page from an offset, with the regions that lie in it."""
    page = record.page
    end = min(start + n_chars, len(page.text))
    told = page.metadata
    return PageAnswer(
        record=page.digest,
        url=page.url or "",
        title=lookup(record).title(),
        authors=tuple(author.value for author in told.authors),
        published=told.published.value if told.published else "",
        language=told.language.value if told.language else "",
        genre=page.genre.genre.value,
        start=start,
        text=page.text[start:end],
        n_chars=len(page.text),
        regions=tuple(_regions(page.regions, start, end)),
        problems=(*_problems(record), *page.truncated),
    )


def _regions(regions: Iterable[Region], start: int, end: int) -> Iterable[RegionLine]:
    for region in regions:
        if region.span.start < end and region.span.end > start:
            yield RegionLine(region.kind.value, *region.span)


def statements_of(record: Record) -> StatementsAnswer:
    """Speakers in the order of their share of the body, statements in the order of the text."""
    look = lookup(record)
    shares = {one.speaker: one.share for one in look.shares()}
    speakers = sorted(record.speakers or (), key=lambda one: -shares.get(one.id, 0.0))
    return StatementsAnswer(
        record=record.page.digest,
        speakers=tuple(
            SpeakerLine(
                one.id, one.name, one.kind.value, one.roles, round(shares.get(one.id, 0.0), 3)
            )
            for one in speakers
        ),
        statements=tuple(
            Statement(
                id=one.id,
                speaker=speaker.id if (speaker := look.speaker_of.get(one.id)) else "",
                name=speaker.name if speaker else "",
                kind=one.kind.value,
                stance=one.stance.value,
                source=_maybe(record, one.source),
                cue=_maybe(record, one.cue),
                content=_words(record.page.text, one.content),
            )
            for one in record.attributions or ()
        ),
        problems=_problems(record),
    )


def claims_of(record: Record, *, only_checkable: bool) -> ClaimsAnswer:
    """The claims in the order of their rank, those that cannot be checked at the end."""
    look = lookup(record)
    wanted = [one for one in record.claims or () if one.checkable or not only_checkable]
    wanted.sort(key=lambda one: (one.rank == 0, one.rank, one.span.start))
    return ClaimsAnswer(
        record=record.page.digest,
        claims=tuple(
            ClaimLine(
                id=one.id,
                words=look.words(one.span),
                start=one.span.start,
                end=one.span.end,
                said_by=_said_by(look, one.attribution),
                checkable=one.checkable,
                why_not=one.why_not.value if one.why_not else "",
                kind=one.kind.value,
                checkworthiness=round(one.checkworthiness, 3),
                rank=one.rank,
            )
            for one in wanted
        ),
        problems=_problems(record),
    )


def _said_by(look: Lookup, attribution: str | None) -> str:
    """The speaker's name, `publisher` for the page's own voice, empty for nobody named."""
    if attribution is None:
        return "publisher"
    speaker = look.speaker_of.get(attribution)
    return speaker.name if speaker else ""


def earlier_check(claim: str, match: Match) -> EarlierCheck:
    """A match with the words that it rests on."""
    check = match.fact_check
    return EarlierCheck(
        url=check.url,
        publisher=check.publisher,
        claim=check.claim,
        claimant=check.claimant,
        rating=check.rating,
        date=check.review_date,
        relation=match.relation.value,
        score=round(match.score, 3),
        claim_words=_words(claim, match.words),
        fact_check_words=_words(check.claim, match.fact_check_words),
    )


def evidence_line(one: Evidence) -> EvidenceLine:
    """A passage with the words that its stance rests on."""
    passage = one.passage
    return EvidenceLine(
        stance=one.stance.value,
        score=round(one.score, 3),
        passage=passage.text,
        cited=_words(passage.text, one.cited),
        title=passage.title,
        url=passage.url,
        publisher=passage.publisher,
        date=passage.date,
        is_later=one.is_later,
    )


def badges_of(record: Record) -> BadgesAnswer:
    """Every label with its rules, what shows each outcome beside it."""
    return BadgesAnswer(
        record=record.page.digest,
        badges=tuple(_badge(record, one) for one in record.badges or ()),
        problems=_problems(record),
    )


def _badge(record: Record, audit: BadgeAudit) -> Badge:
    rules = tuple(
        Rule(one.code, one.outcome.value, one.reason, _words(record.page.text, one.spans))
        for one in audit.rules
    )
    return Badge(audit.label, _maybe(record, audit.region), audit.image or "", rules)


def check_line(check: Publication) -> CheckLine:
    """A published check in one line."""
    content = check.content
    return CheckLine(
        check.id, check.url, content.claim, content.rating, check.published, bool(check.tombstone)
    )


def check_of(check: Publication) -> Check:
    """A published check as the public sees it; of a retracted one what its tombstone shows."""
    content = check.content
    is_gone = bool(check.tombstone)
    return Check(
        id=check.id,
        url=check.url,
        claim=content.claim,
        claimant=content.claimant,
        rating="" if is_gone else content.rating,
        title=content.title,
        summary="" if is_gone else content.summary,
        reasoning="" if is_gone else content.reasoning,
        published=check.published,
        version=check.version,
        signed_by=tuple(one.name for one in check.signers),
        sources=()
        if is_gone
        else tuple(
            SourceLine(one.title, one.url, one.quote, one.side, one.publisher, one.date, one.digest)
            for one in content.sources
        ),
        corrections=tuple(correction_line(check.id, one) for one in check.corrections),
        retracted=check.tombstone,
    )


def correction_line(check_id: str, one: Correction) -> CorrectionLine:
    """An entry of the log of corrections."""
    changes = tuple((change.field, change.before, change.after) for change in one.changes)
    return CorrectionLine(check_id, one.number, one.kind.value, one.at, one.reason, one.by, changes)


def _words(text: str, spans: Iterable[Span]) -> tuple[Words, ...]:
    return tuple(Words(span.of(text), span.start, span.end) for span in spans)


def _maybe(record: Record, span: Span | None) -> Words | None:
    return Words(span.of(record.page.text), span.start, span.end) if span is not None else None


def _problems(record: Record) -> tuple[str, ...]:
    return tuple(f"{one.stage}: {one.message}" for one in record.problems)
