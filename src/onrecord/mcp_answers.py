"""What the tools of the MCP server answer, made from records and published checks."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.mcp_shapes import (
    Badge,
    BadgesAnswer,
    Check,
    CheckLine,
    ClaimLine,
    ClaimsAnswer,
    Copied,
    CopiesAnswer,
    CorrectionLine,
    EarlierCheck,
    EvidenceLine,
    PageAnswer,
    RegionLine,
    Rule,
    SourceLine,
    SpeakerLine,
    Statement,
    StatementsAnswer,
    Words,
)
from onrecord.newsroom.corrections import Correction
from onrecord.newsroom.publication import Publication
from onrecord.record import BadgeAudit, Evidence, Match, Record, Region, Reuse
from onrecord.show.lookup import Lookup, lookup
from onrecord.span import Span

__all__ = [
    "badges_of",
    "check_line",
    "check_of",
    "claims_of",
    "copies_of",
    "correction_line",
    "earlier_check",
    "evidence_line",
    "page_of",
    "statements_of",
]


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


def copies_of(record: Record) -> CopiesAnswer:
    """The copies in the order of the page."""
    return CopiesAnswer(
        record=record.page.digest,
        has_history=record.reuse is not None,
        copies=tuple(_copied(record, one) for one in record.reuse or ()),
        problems=_problems(record),
    )


def _copied(record: Record, one: Reuse) -> Copied:
    passage, words = one.passage, one.span.of(record.page.text)
    return Copied(
        kind=one.kind.value,
        page=Words(words, one.span.start, one.span.end),
        earlier=passage.text,
        title=passage.title,
        url=passage.url,
        publisher=passage.publisher,
        seen=passage.retrieved,
        similarity=round(one.similarity, 3),
        direction=one.direction.value,
        reason=one.reason,
        credit=_maybe(record, one.credit),
        changes=tuple(change.value for change in one.changes),
    )


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
