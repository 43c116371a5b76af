"""What the tools of the MCP server answer: plain types, each with the exact words and their place.

Offsets count Unicode code points in the page's text, half-open. Everything in a field named
`words`, `text`, `title`, `name` or `url` stood on somebody's page: it is quoted, never said by us. Without slots: the SDK takes a slot
for the default of its field.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Badge",
    "BadgesAnswer",
    "Check",
    "CheckLine",
    "ChecksAnswer",
    "ClaimLine",
    "ClaimsAnswer",
    "Copied",
    "CopiesAnswer",
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
class Copied:
    """Words of the page that stand in another text that the desk has seen.

    `earlier` are the words there, `seen` when the desk first saw that text. `direction` says who
    copied whom, `undetermined` unless dates or a credit show it; `changes` name what a quotation
    lost or gained.
    """

    kind: str
    page: Words
    earlier: str
    title: str
    url: str
    publisher: str
    seen: str
    similarity: float
    direction: str
    reason: str
    credit: Words | None
    changes: tuple[str, ...]


@dataclass(frozen=True)
class CopiesAnswer:
    """Where words of the page stood elsewhere; `has_history` false: there was nowhere to look."""

    record: str
    has_history: bool
    copies: tuple[Copied, ...]
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
