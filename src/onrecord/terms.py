"""Every closed list of terms, each with its definition.

The values are what stands in the JSON of a record; they never change without a new version.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "AttributionKind",
    "AttributionStance",
    "BadgeOutcome",
    "ClaimKind",
    "CorrectionKind",
    "EditAct",
    "EvidenceStance",
    "GateOutcome",
    "Genre",
    "HeadlineFinding",
    "Marks",
    "MatchRelation",
    "NotCheckable",
    "OriginKind",
    "QuantityFinding",
    "QuotationChange",
    "RegionKind",
    "ReplyKind",
    "ReplyState",
    "ReuseDirection",
    "ReuseKind",
    "ReviewState",
    "Role",
    "SpeakerKind",
    "VerdictLabel",
    "Voice",
    "WordChangeKind",
]


class RegionKind(StrEnum):
    """What part of a page a region is. Regions of one page never overlap."""

    TITLE = "title"  # the headline of the article
    SUBTITLE = "subtitle"  # standfirst or deck below it
    BYLINE = "byline"  # the name of the author, as shown
    DATE = "date"  # the date of publication or change, as shown
    DATELINE = "dateline"  # "LONDON (Reuters) -" before the first sentence
    BADGE = "badge"  # a label that says this page was checked
    LABEL = "label"  # a label of form: "Opinion", "Sponsored", "Live"
    BODY = "body"  # a paragraph of the article
    CAPTION = "caption"  # words under a picture
    PULL_QUOTE = "pull_quote"  # words of the article repeated large
    BIO = "bio"  # who the author is
    COMMENT = "comment"  # one reader's comment
    CORRECTION = "correction"  # a note that the article was changed
    CREDIT = "credit"  # picture or agency credit
    EMBED = "embed"  # a post or document of another site, shown inside
    RELATED = "related"  # a teaser of another article
    ADVERT = "advert"  # advertising
    BOILERPLATE = "boilerplate"  # navigation, forms, legal notes, all the rest


class Genre(StrEnum):
    """The form of the page, only from its own label or form, never guessed from its words."""

    OPINION = "opinion"
    SATIRE = "satire"
    SPONSORED = "sponsored"
    PRESS_RELEASE = "press_release"
    LIVE = "live"
    INTERVIEW = "interview"
    TRANSCRIPT = "transcript"
    FACT_CHECK = "fact_check"
    AGENCY_COPY = "agency_copy"
    NOT_STATED = "not_stated"


class AttributionKind(StrEnum):
    """How the words are given."""

    DIRECT = "direct"  # word for word, in quotation marks or meant to be
    INDIRECT = "indirect"  # in the publisher's words
    MIXED = "mixed"  # in the publisher's words, part of them word for word


class Marks(StrEnum):
    """What is wrong with the quotation marks of an attribution."""

    NONE = "none"  # nothing: complete, or none needed
    MISSING_OPENING = "missing_opening"
    MISSING_CLOSING = "missing_closing"
    MISSING_BOTH = "missing_both"
    MISMATCHED = "mismatched"  # opened with one kind, closed with another


class AttributionStance(StrEnum):
    """What the source does with the content."""

    ASSERTS = "asserts"  # states it
    DENIES = "denies"  # says that it is not so: never listed as the source's claim
    QUESTIONS = "questions"  # asks or doubts it
    UNRESOLVED = "unresolved"  # neither: "declined to say whether", "did not deny", "if he says"


class SpeakerKind(StrEnum):
    """Who or what a speaker is."""

    PERSON = "person"  # named
    ORGANISATION = "organisation"  # named body, country, outlet
    DOCUMENT = "document"  # a report, a study, a court filing
    ROLE_ONLY = "role_only"  # "the mayor", never named on the page
    ANONYMOUS = "anonymous"  # "an official who asked not to be named"
    VAGUE = "vague"  # "critics", "regional reports", "some"


class Voice(StrEnum):
    """Whose assertion a sentence is."""

    PUBLISHER = "publisher"
    ATTRIBUTED = "attributed"
    MIXED = "mixed"


class HeadlineFinding(StrEnum):
    """What the title makes of the body."""

    FAITHFUL = "faithful"
    DROPS_ATTRIBUTION = "drops_attribution"  # states as fact what the body only attributes
    OVERSTATES = "overstates"  # stronger than any sentence of the body
    NOT_IN_BODY = "not_in_body"  # nothing in the body carries it
    QUESTION_OR_LABEL = "question_or_label"  # asserts nothing
    CARRIED_BY_SOURCE = "carried_by_source"  # neutral: the body gives it as a source's statement
    NOT_APPLICABLE = "not_applicable"  # opinion, satire, interview, live


class OriginKind(StrEnum):
    """What the article's sourcing rests on, in a neutral wording."""

    PUBLISHER = "publisher"
    ONE_ORIGIN = "one_origin"
    SEVERAL_ORIGINS = "several_origins"
    NONE_FOUND = "none_found"


class BadgeOutcome(StrEnum):
    """The outcome of one rule of the badge audit."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    CANNOT_TELL = "cannot_tell"
    DOES_NOT_APPLY = "does_not_apply"


class ClaimKind(StrEnum):
    """What a claim is about, which decides where one would look."""

    QUANTITY = "quantity"  # a number, share, amount of money, count
    COMPARISON = "comparison"  # more, less, first, biggest
    CAUSE = "cause"  # one thing brings about another
    LAW_OR_RECORD = "law_or_record"  # a law, a vote, a ruling, an office held
    QUOTATION = "quotation"  # that somebody said or wrote certain words
    EVENT = "event"  # that something happened or is so


class NotCheckable(StrEnum):
    """Why a sentence cannot be checked."""

    OPINION = "opinion"  # a judgement of taste or worth
    PREDICTION = "prediction"  # about what will be
    PROMISE = "promise"  # what the speaker intends or demands
    QUESTION = "question"
    TOO_VAGUE = "too_vague"  # nobody, nothing or no time that could be looked up
    PERSONAL_EXPERIENCE = "personal_experience"  # what only the speaker can know


class MatchRelation(StrEnum):
    """How an earlier fact-check's claim stands to a claim of the page."""

    SAME = "same"  # the earlier check answers this claim
    RELATED = "related"  # it answers another claim about the same matter
    NEGATED = "negated"  # it answers the opposite of this claim


class EvidenceStance(StrEnum):
    """What a passage says of a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"  # neither: another matter, or too little to tell


class QuantityFinding(StrEnum):
    """What a number of a claim is against a number of a passage."""

    AGREES = "agrees"  # the same value, or inside what the claim allows ("more than 40")
    CONTRADICTS = "contradicts"  # the same quantity with another value
    ROUNDS = "rounds"  # the claim's value is the passage's, rounded
    NOT_COMPARABLE = "not_comparable"  # another unit, matter or time, or too little to tell


class VerdictLabel(StrEnum):
    """The machine's label of a claim (AVeriTeC, 2023, section 3); never a rating."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONFLICTING = "conflicting"  # independent passages on both sides
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"  # the normal answer


class Role(StrEnum):
    """What an account may do on the desk; each role may do what those before it may."""

    READER = "reader"  # sees the desk's queue and records, changes nothing
    CONTRIBUTOR = "contributor"  # adds pages, corrects drafts, writes reviews
    EDITOR = "editor"  # signs, publishes, corrects, moderates
    ADMIN = "admin"  # accounts, settings, black-outs on legal grounds


class ReviewState(StrEnum):
    """Where a review stands; `newsroom.review.MOVES` says what may follow what."""

    DRAFT = "draft"  # being written
    IN_REVIEW = "in_review"  # handed in; collects signatures
    LEGAL_READ = "legal_read"  # with a lawyer
    SIGNED = "signed"  # enough signatures under this very text
    EMBARGOED = "embargoed"  # signed, waits for its time
    PUBLISHED = "published"
    RETRACTED = "retracted"  # taken back; a tombstone stays
    DROPPED = "dropped"  # given up before publication


class GateOutcome(StrEnum):
    """What the publish gate says of one point."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    WAIVED = "waived"  # by an editor, with a reason that is printed


class CorrectionKind(StrEnum):
    """What was done to a published check."""

    CORRECTION = "correction"  # something was wrong
    UPDATE = "update"  # something was added that is new
    RETRACTION = "retraction"  # the check is taken back
    BLACKOUT = "blackout"  # words taken out on legal grounds; the gap stays visible


class ReplyKind(StrEnum):
    """What a reader sends."""

    COMMENT = "comment"
    CORRECTION_REQUEST = "correction_request"
    TIP = "tip"
    CLAIMANT_ANSWER = "claimant_answer"  # never meets the spam filter; held for a person


class ReplyState(StrEnum):
    """Where a reply stands; nothing is deleted unseen."""

    SHOWN = "shown"
    HELD = "held"  # waits for a person
    QUARANTINED = "quarantined"  # taken for spam; kept 30 days, can be brought back
    REJECTED = "rejected"  # by a person
    ERASED = "erased"  # at the wish of its writer


class EditAct(StrEnum):
    """What an editor does to a machine's finding."""

    CORRECT = "correct"
    ADD = "add"
    REJECT = "reject"


class ReuseKind(StrEnum):
    """How much of a page stood elsewhere."""

    ARTICLE = "article"  # at least half of the words of one of the two texts
    PASSAGE = "passage"
    QUOTATION = "quotation"  # a quotation alone, whole, cropped or changed


class ReuseDirection(StrEnum):
    """Which of two texts had the words first; dates and explicit credit alone decide."""

    FROM_DOCUMENT = "from_document"  # they stood in the document before they stood on the page
    FROM_PAGE = "from_page"  # they stood on the page before
    UNDETERMINED = "undetermined"


class QuotationChange(StrEnum):
    """How a quotation differs from how it stood elsewhere."""

    CROPPED = "cropped"  # it begins or ends in the middle of a sentence of the other
    WORDS_LEFT_OUT = "words_left_out"
    WORDS_ADDED = "words_added"
    WORDS_REPLACED = "words_replaced"
    WORDS_MOVED = "words_moved"  # the same words in another order
    NEGATION_LOST = "negation_lost"  # a "not" or the like is missing
    NEGATION_ADDED = "negation_added"
    NUMBER_CHANGED = "number_changed"
    MARKED = "marked"  # the page shows the change itself, by dots or square brackets


class WordChangeKind(StrEnum):
    """One step of a comparison by words: what the page did to the words of the document."""

    SAME = "same"
    LEFT_OUT = "left_out"
    ADDED = "added"
    REPLACED = "replaced"
