"""The record of a page: one immutable text, and annotations that point into it.

A bare `Span` always points into `Page.text`, in code points. `None` in a field of `Record` means
that the stage did not run or failed; `()` means that it ran and found nothing. Everything here is
a frozen dataclass without behaviour; `codec.py` turns it into JSON and back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

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

__all__ = [
    "Attribution",
    "BadgeAudit",
    "BadgeRule",
    "Capture",
    "CentralClaim",
    "Claim",
    "CollectionState",
    "CounterVoice",
    "Document",
    "Evidence",
    "FactCheck",
    "FoundValue",
    "Generated",
    "GenreMark",
    "HeadlineCheck",
    "HeadlineEvidence",
    "HistoryState",
    "Image",
    "Join",
    "Link",
    "MarkupNode",
    "Match",
    "Metadata",
    "Page",
    "Passage",
    "Problem",
    "QuantityCheck",
    "Record",
    "Region",
    "Reuse",
    "SentenceVoice",
    "Sourcing",
    "Speaker",
    "SpeakerShare",
    "Step",
    "Verdict",
    "WordChange",
    "content_id",
]


@dataclass(frozen=True, slots=True)
class Capture:
    """What came over the wire or out of a file, untouched.

    `url` is the address, or `None` for a file or standard input; `retrieved` an ISO 8601 time in
    UTC or `None`; `media_type` as declared, such as `text/html; charset=utf-8`, or empty.
    """

    url: str | None
    retrieved: str | None
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value and where it was found.

    `where` names the place, such as `json-ld:author.name`, `meta:article:published_time`,
    `visible:byline`, `trafilatura:author`; `span` is the place in the text when it is visible.
    Dates are ISO 8601: `2026-11-20`, or with time and zone where the page gives them.
    """

    value: str
    where: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says about itself; `None` or `()` where it says nothing."""

    title: FoundValue | None = None
    authors: tuple[FoundValue, ...] = ()
    published: FoundValue | None = None
    modified: FoundValue | None = None
    language: FoundValue | None = None
    site: FoundValue | None = None
    canonical: FoundValue | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled stretch of the text; regions never overlap and stand in document order.

    `attributes` are name-value pairs that the reader knew, such as `("author", "Ann")` of a
    comment or `("heading", "2")` of a body paragraph that is a heading.
    """

    kind: RegionKind
    span: Span
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A cited address: absolute where the page's own address is known.

    `own_site` is `None` where the page's own address is not known.
    """

    url: str
    text: str
    span: Span | None
    own_site: bool | None


@dataclass(frozen=True, slots=True)
class Image:
    """An image: address, alternative text, and the region's span that it stands next to."""

    url: str
    alt: str
    near: Span | None


@dataclass(frozen=True, slots=True)
class MarkupNode:
    """One top-level structured-data node.

    `syntax` is `json-ld` or `microdata`; `types` are the schema.org type names without prefix;
    `json` is the node as canonical JSON text, so that the record stays hashable.
    """

    syntax: str
    types: tuple[str, ...]
    json: str


@dataclass(frozen=True, slots=True)
class GenreMark:
    """The genre and the label or form that shows it; `span` is `None` when only markup says so."""

    genre: Genre
    where: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page with its regions, and what the source could show beside it.

    `digest` is the SHA-256 of the captured bytes in hexadecimal. `links`, `images` and `markup`
    are `None` where the source cannot show any, as a saved text cannot. `truncated` says in words
    what was cut by a cap; empty means that nothing was.
    """

    url: str | None
    retrieved: str | None
    digest: str
    media_type: str
    text: str
    regions: tuple[Region, ...]
    metadata: Metadata
    links: tuple[Link, ...] | None
    images: tuple[Image, ...] | None
    markup: tuple[MarkupNode, ...] | None
    genre: GenreMark
    truncated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who (source) says (cue) what (content).

    `content` holds one span, or several where it is discontinuous. `source` or `cue` is `None`
    where the text has none, as in a quoted paragraph that goes on from the one before.
    `factive` cues presuppose the content ("found", "admitted"); `not_yet_said` marks "will say".
    `via` names the rule or model that found it.
    """

    id: str
    kind: AttributionKind
    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    marks: Marks = Marks.NONE
    stance: AttributionStance = AttributionStance.ASSERTS
    factive: bool = False
    not_yet_said: bool = False
    via: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Why a mention was joined to a speaker.

    `word` is one of `name`, `surname`, `first_name`, `short_name`, `acronym`, `apposition`, `role`,
    `only_person`, `nearest_person`, `pronoun`, `relative`, `first_person`, `continued`, or
    `unresolved` where the text does not say who is meant. `to` is the mention that it leans on, if any.
    """

    mention: Span
    word: str
    to: Span | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """The person, body or document behind one or more sources.

    `name` is the fullest form on the page; `roles` as written; `mentions` point at every mention
    that was joined; `attributions` are ids. `reason` is what the page says about anonymity;
    `joins` say for each mention why it was joined.
    """

    id: str
    name: str
    kind: SpeakerKind
    roles: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    attributions: tuple[str, ...] = ()
    reason: Span | None = None
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceVoice:
    """Whose assertion a sentence of title, subtitle or body is.

    `speaker` is a speaker id when the voice is attributed to one speaker; `attributions` are the
    ids that touch the sentence; `hedge` is the word that hedges it ("reportedly"), if any.
    """

    sentence: Span
    voice: Voice
    hedged: bool = False
    speaker: str | None = None
    attributions: tuple[str, ...] = ()
    hedge: Span | None = None


@dataclass(frozen=True, slots=True)
class HeadlineEvidence:
    """Words that a headline finding rests on.

    `role` is one of `title`, `carries`, `denies`, `states`, `doubt`, `weaker`, `unsupported`.
    """

    role: str
    span: Span
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class HeadlineCheck:
    """What the title makes of the body: a set of findings, and the words that show them."""

    findings: frozenset[HeadlineFinding]
    title: Span | None
    evidence: tuple[HeadlineEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerShare:
    """How many of the body's words a speaker carries; `speaker` is `None` for the publisher."""

    speaker: str | None
    n_words: int
    share: float


@dataclass(frozen=True, slots=True)
class CentralClaim:
    """The claim of the headline: who asserts it and who denies it, as speaker ids.

    `origins` are groups of speaker ids that are one origin (a body, its director, its release).
    """

    span: Span | None
    publisher_states_it: bool
    asserted_by: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    origins: tuple[tuple[str, ...], ...] = ()
    rests_on: OriginKind = OriginKind.NONE_FOUND


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Whom the article relies on.

    `shares` are ordered by words, the publisher's own voice included, and add up to 1 over the
    words of the body. `central` is `None` where the genre has none to ask for.
    """

    shares: tuple[SpeakerShare, ...]
    central: CentralClaim | None
    anonymous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterVoice:
    """One source denies or disputes what another, or the article itself, asserts.

    `answered` is an attribution id, or `None` when `sentence` of the publisher is answered.
    """

    by: str
    answered: str | None
    sentence: Span | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """Words that a language model wrote, and its name: advice, never a finding.

    No quotation in `text` is left that its sources do not hold word for word.
    """

    text: str
    model: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the article that could be true or false.

    `span` is a clause, or the content of an attribution without its "X said"; `attribution` is
    the id of the attribution that carries it, `None` for the publisher's own. `why_not` is given
    when `checkable` is false. `checkworthiness` lies between 0 and 1; `rank` is 1 for the claim
    that most deserves a check and 0 for what cannot be checked. `reasons` say in words what moved
    the rank. `phrasing` says the claim so that it stands alone, and `queries` are searches that a
    person may try; both only where a language model was asked.
    """

    id: str
    span: Span
    attribution: str | None
    checkable: bool
    why_not: NotCheckable | None
    checkworthiness: float
    kind: ClaimKind
    rank: int = 0
    reasons: tuple[str, ...] = ()
    phrasing: Generated | None = None
    queries: tuple[Generated, ...] = ()


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A published check of a claim, as its publisher gave it.

    `rating` is the text as published; the numbers stand apart and may disagree with it, which
    `rating_conflict` says. Dates are ISO 8601 or empty. `body` is the text of the article, known
    to the library alone: a `Match` comes without it.
    """

    id: str
    url: str
    claim: str
    claimant: str = ""
    rating: str = ""
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    rating_conflict: bool = False
    claim_date: str = ""
    review_date: str = ""
    title: str = ""
    publisher: str = ""
    language: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier fact-check that answers, or nearly answers, a claim of the page.

    `score` is a calibrated probability between 0 and 1; `rank` is 1 for the best of the claim.
    `words` point into the page, `fact_check_words` into `FactCheck.claim`: what the match rests on.
    """

    claim: str
    fact_check: FactCheck
    relation: MatchRelation
    score: float
    rank: int
    words: tuple[Span, ...] = ()
    fact_check_words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text that evidence may come from, as a collection keeps it.

    `id` comes from address (or file name) and text. `date` is ISO 8601 (a day, a month or a year)
    or empty; `licence` as stated or empty. `source` is the collection's file or address that gave
    it, or the name of a live source.
    """

    id: str
    text: str
    title: str = ""
    url: str = ""
    date: str = ""
    publisher: str = ""
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document: `text` is the document's text at `document_span`.

    Offsets count code points in the text of `document`, an id. `source` is `collection` or the
    name of the live source that gave the document, `retrieved` when it gave it (ISO 8601, UTC) and
    `digest` the SHA-256 of its stored answer; both are empty for the collection.
    """

    id: str
    document: str
    document_span: Span
    text: str
    title: str = ""
    url: str = ""
    date: str = ""
    publisher: str = ""
    licence: str = ""
    source: str = "collection"
    retrieved: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class CollectionState:
    """The state of what was searched for evidence: how much, how new, and a digest of it.

    `newest` is the latest date of a document, empty where none states one. `sources` names what
    was asked: `collection`, then live sources. `digest` is equal for equal documents.
    """

    n_documents: int
    newest: str = ""
    digest: str = ""
    sources: tuple[str, ...] = ("collection",)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage and what it says of a claim.

    `claim` is a claim id. `score` is the calibrated probability of `stance`, 0 to 1; `rank` is 1
    for the best passage of the claim. `cited` points into `passage.text`: the words that the
    stance rests on, empty only where it is neutral. `is_later`: the document is dated after the
    claim, and cannot refute what was true then.
    """

    id: str
    claim: str
    passage: Passage
    stance: EvidenceStance
    score: float
    rank: int
    cited: tuple[Span, ...] = ()
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class QuantityCheck:
    """A number of a claim beside a number of a passage.

    `claim_words` points into the page, `passage_words` into the text of the passage of
    `evidence`, an id. `arithmetic` explains the finding in one line.
    """

    claim: str
    evidence: str
    finding: QuantityFinding
    claim_words: Span
    passage_words: Span
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The machine's proposal for a claim; a person signs, or does not.

    `confidence` is a calibrated probability that `label` is right, 0 to 1. `evidence` are the ids
    that it rests on: never empty unless the label is `not_enough_evidence`. `missing` says what
    evidence would settle the claim.
    """

    claim: str
    label: VerdictLabel
    confidence: float
    evidence: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words of the page beside words of the passage; one is empty where they were added or left out.

    `page_words` points into the page, `passage_words` into `Reuse.passage.text`.
    """

    kind: WordChangeKind
    page_words: Span
    passage_words: Span


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The state of the history in which copies were looked for: how much, since when, a digest.

    `first_seen` and `last_seen` are the earliest and latest day on which a text of it was first
    seen. `digest` is equal for equal texts; all are empty where there is none.
    """

    n_texts: int
    first_seen: str = ""
    last_seen: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Reuse:
    """Words of the page that stand in another text of the history.

    `passage` is where they stand there; `passage.retrieved` is when the desk first saw that text.
    `similarity` lies between 0 and 1: of an article the share of the shorter text's words that
    stand in the other, of a passage the share of its words that are the same, of a quotation one
    less the changed words over its words. `reason` says what shows the direction, and `credit` is
    where the page names its source. `diff` holds, of article and passage, the equal runs, and of a
    quotation every step; `changes` sum it up.
    """

    id: str
    kind: ReuseKind
    span: Span
    passage: Passage
    similarity: float
    direction: ReuseDirection = ReuseDirection.UNDETERMINED
    reason: str = ""
    credit: Span | None = None
    diff: tuple[WordChange, ...] = ()
    changes: tuple[QuotationChange, ...] = ()


@dataclass(frozen=True, slots=True)
class BadgeRule:
    """One rule of the badge audit: its code (`B1` to `B15`), outcome, and what shows it."""

    code: str
    outcome: BadgeOutcome
    reason: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class BadgeAudit:
    """What stands behind one label; `region` or `image` says where it is."""

    label: str
    region: Span | None
    image: str | None
    rules: tuple[BadgeRule, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that ran: its version, the digest of its model if any, and its time in seconds."""

    stage: str
    version: str
    model_digest: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A stage that could not do its work, and why."""

    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Record:
    """A page and what each stage found in it.

    `summary` is no stage's: a language model may write it when the stages are done.
    """

    page: Page
    sentences: tuple[Span, ...] | None = None
    attributions: tuple[Attribution, ...] | None = None
    speakers: tuple[Speaker, ...] | None = None
    sentence_voices: tuple[SentenceVoice, ...] | None = None
    headline: HeadlineCheck | None = None
    sourcing: Sourcing | None = None
    counter_voices: tuple[CounterVoice, ...] | None = None
    claims: tuple[Claim, ...] | None = None
    matches: tuple[Match, ...] | None = None
    collection: CollectionState | None = None
    evidence: tuple[Evidence, ...] | None = None
    quantities: tuple[QuantityCheck, ...] | None = None
    verdicts: tuple[Verdict, ...] | None = None
    history: HistoryState | None = None
    reuse: tuple[Reuse, ...] | None = None
    badges: tuple[BadgeAudit, ...] | None = None
    summary: Generated | None = None
    steps: tuple[Step, ...] = field(default=())
    problems: tuple[Problem, ...] = field(default=())


def content_id(page: Page, field_name: str, *spans: Span) -> str:
    """An id made from the page's digest, a field of the record, and spans: stable over runs.

    Two annotations of one field with the same spans share an id, so give every span that tells
    them apart. 16 hexadecimal digits, 64 bits.
    """
    name = ":".join([page.digest, field_name, *(f"{span.start}-{span.end}" for span in spans)])
    return hashlib.sha256(name.encode()).hexdigest()[:16]
