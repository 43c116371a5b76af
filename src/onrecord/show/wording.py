"""Every sentence that a person reads in a view, in one place.

A finding says what stands where; it never says what an outlet or a speaker is worth. One origin is
no fault, an unnamed source is no blame, and what cannot be told is said to be so, with what would
help. What a source denies is never put as the source's claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from onrecord.record import (
    Attribution,
    BadgeAudit,
    CentralClaim,
    Claim,
    Match,
    Record,
    Speaker,
    SpeakerShare,
)
from onrecord.show.lookup import Lookup
from onrecord.show.visible import clipped, line
from onrecord.terms import (
    AttributionKind,
    AttributionStance,
    BadgeOutcome,
    Genre,
    HeadlineFinding,
    Marks,
    MatchRelation,
    NotCheckable,
    OriginKind,
    SpeakerKind,
    Voice,
)

NOT_RUN = "not run"
NONE_FOUND = "none found"
PUBLISHER = "the page itself"
UNKNOWN_SOURCE = "no source given"

OPENING_MARKS = frozenset("“„«‘\"'")

LOOK = "Look here first"
NOTED = "Also noted"
CARRIES = "Who carries the body"
CLAIMS = "Check these"
STATEMENTS = "Statements"
BADGES = "Labels that say the page was checked"
SOURCES = "Sources"
CITED = "Cited on other sites"
MACHINE = (
    "A machine proposes what stands here; it is not a verdict. Each finding shows the words it "
    "rests on: read them before you rely on it."
)
PROVENANCE = "How this record was made"
NOTHING_TO_LOOK_AT = "Nothing here asks for a first look."

HEADLINE: Mapping[HeadlineFinding, str] = MappingProxyType(
    {
        HeadlineFinding.DROPS_ATTRIBUTION: "The headline states as fact what the body only attributes",
        HeadlineFinding.OVERSTATES: "The headline says more than any sentence of the body",
        HeadlineFinding.NOT_IN_BODY: "No sentence of the body carries the headline",
        HeadlineFinding.FAITHFUL: "The headline says what the body says",
        HeadlineFinding.QUESTION_OR_LABEL: "The headline asserts nothing: it asks, or names a topic",
        HeadlineFinding.CARRIED_BY_SOURCE: "The body gives the headline as a source's statement",
        HeadlineFinding.NOT_APPLICABLE: "The headline was not tested: the form of the page does not call for it",
    }
)
HEADLINE_FAULTS = (
    HeadlineFinding.NOT_IN_BODY,
    HeadlineFinding.DROPS_ATTRIBUTION,
    HeadlineFinding.OVERSTATES,
)
HEADLINE_CANNOT_TELL = "Whether the headline says what the body says: cannot tell; read both"
HEADLINE_NOT_RUN = "The headline was not compared with the body: not run"
NO_HEADLINE = "No headline was found on the page"

EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "carries": "body",
        "denies": "denied",
        "states": "stated",
        "doubt": "doubt",
        "weaker": "body has",
        "unsupported": "not in body",
    }
)

SPEAKER: Mapping[SpeakerKind, str] = MappingProxyType(
    {
        SpeakerKind.PERSON: "person",
        SpeakerKind.ORGANISATION: "organisation",
        SpeakerKind.DOCUMENT: "document",
        SpeakerKind.ROLE_ONLY: "role, no name",
        SpeakerKind.ANONYMOUS: "not named",
        SpeakerKind.VAGUE: "vague",
    }
)
_COUNTED: Mapping[SpeakerKind, tuple[str, str]] = MappingProxyType(
    {
        SpeakerKind.PERSON: ("named person", "named people"),
        SpeakerKind.ORGANISATION: ("organisation", "organisations"),
        SpeakerKind.DOCUMENT: ("document", "documents"),
        SpeakerKind.ROLE_ONLY: ("person known by role only", "people known by role only"),
        SpeakerKind.ANONYMOUS: ("source not named", "sources not named"),
        SpeakerKind.VAGUE: ("vague source", "vague sources"),
    }
)

# The past tense fits one source and several: "the mayor denied", "local reports denied".
VERB: Mapping[AttributionStance, str] = MappingProxyType(
    {
        AttributionStance.ASSERTS: "said",
        AttributionStance.DENIES: "denied",
        AttributionStance.QUESTIONS: "questioned",
        AttributionStance.UNRESOLVED: "left open",
    }
)
VOICE: Mapping[Voice, str] = MappingProxyType(
    {
        Voice.PUBLISHER: "the page states this in its own voice",
        Voice.ATTRIBUTED: "the page gives this as a source's words",
        Voice.MIXED: "partly the page's own voice, partly a source's",
    }
)
MARKS: Mapping[Marks, str] = MappingProxyType(
    {
        Marks.NONE: "",
        Marks.MISSING_OPENING: "opening quotation mark missing",
        Marks.MISSING_CLOSING: "closing quotation mark missing",
        Marks.MISSING_BOTH: "quotation marks missing",
        Marks.MISMATCHED: "quotation marks of two kinds",
    }
)
OUTCOME: Mapping[BadgeOutcome, str] = MappingProxyType(
    {
        BadgeOutcome.FAIL: "fails",
        BadgeOutcome.CANNOT_TELL: "cannot tell",
        BadgeOutcome.PASS: "passes",
        BadgeOutcome.DOES_NOT_APPLY: "does not apply",
    }
)
GENRE: Mapping[Genre, str] = MappingProxyType(
    {genre: genre.value.replace("_", " ") for genre in Genre}
)
NOT_CHECKABLE: Mapping[NotCheckable, str] = MappingProxyType(
    {reason: reason.value.replace("_", " ") for reason in NotCheckable}
)

# What a person would call the work of a field, in the order of work.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "sentences": "sentences",
        "attributions": "who says what",
        "speakers": "speakers",
        "sentence_voices": "voice of each sentence",
        "headline": "headline against body",
        "sourcing": "whom the article relies on",
        "counter_voices": "who disputes whom",
        "claims": "claims to check",
        "matches": "earlier fact-checks",
        "evidence": "evidence for the claims",
        "quantities": "numbers of the evidence",
        "verdicts": "proposals",
        "reuse": "earlier appearances",
        "badges": "labels that say the page was checked",
    }
)


def name(speaker: Speaker | None) -> str:
    """The name of a speaker, shortened when it is very long."""
    if speaker is None or is_unknown(speaker):
        return UNKNOWN_SOURCE
    return clipped(line(speaker.name), 80) or UNKNOWN_SOURCE


def is_unknown(speaker: Speaker) -> bool:
    """Whether the speaker only stands for words that the page gives to nobody."""
    return speaker.kind is SpeakerKind.VAGUE and not speaker.mentions


def quoted(words: str, width: int = 90) -> str:
    """Words of the page in quotation marks, shortened to `width` columns.

    Words that begin with a mark of their own get no second pair.
    """
    shown = clipped(line(words), width)
    return shown if opens_with_a_mark(shown) else f"“{shown}”"


def opens_with_a_mark(words: str) -> bool:
    """Whether the words begin with a quotation mark of the page."""
    return words.lstrip()[:1] in OPENING_MARKS


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`; long lists end in a number."""
    all_ = list(names)
    if len(all_) > 6:
        all_ = [*all_[:5], f"{len(all_) - 5} more"]
    if len(all_) < 2:
        return "".join(all_)
    return f"{', '.join(all_[:-1])} and {all_[-1]}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 rule`, `2 rules`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def percent(share: SpeakerShare) -> str:
    """The share of the body's words, in full percent; a dash without words of its own."""
    if not share.n_words:
        return "-"
    return "<1%" if share.share < 0.005 else f"{share.share:.0%}"


# Without evidence there is nothing that these could have looked at.
_OF_EVIDENCE = frozenset({"quantities", "verdicts"})


def not_run(record: Record) -> tuple[str, ...]:
    """In words, what no stage has looked at."""
    return tuple(
        words
        for field, words in FIELDS.items()
        if getattr(record, field) is None
        and not (field in _OF_EVIDENCE and record.evidence is None)
    )


def about(record: Record) -> tuple[str, ...]:
    """Short notes on the page: author, date, form, language, what its source cannot show."""
    page, metadata = record.page, record.page.metadata
    authors = listed(clipped(line(one.value), 60) for one in metadata.authors)
    notes = [f"by {authors}" if authors else "no author found"]
    notes.append(f"dated {metadata.published.value}" if metadata.published else "no date found")
    if metadata.modified:
        notes.append(f"changed {metadata.modified.value}")
    if metadata.site:
        notes.append(metadata.site.value)
    if page.genre.genre is not Genre.NOT_STATED:
        notes.append(f"form: {GENRE[page.genre.genre]}")
    if metadata.language and metadata.language.value != "en":
        notes.append(f"language: {metadata.language.value}")
    if page.links is None and page.markup is None:
        notes.append("saved text: links and markup cannot be seen")
    return tuple(clipped(line(note), 160) for note in notes)


def central(look: Lookup, claim: CentralClaim) -> str:
    """Who asserts and who denies the claim of the headline."""
    parts = []
    if claim.publisher_states_it:
        parts.append("stated by the page itself")
    if claim.asserted_by:
        parts.append(f"asserted by {_grouped(look, claim.asserted_by)}")
    if claim.denied_by:
        parts.append(f"denied by {_grouped(look, claim.denied_by)}")
    if not parts:
        parts.append("whose it is cannot be told")
    return f"The headline's claim: {'; '.join(parts)}"


def rests_on(look: Lookup, claim: CentralClaim) -> str:
    """What the claim of the headline rests on, in neutral words."""
    origins = [
        listed(name(look.speakers.get(id_)) for id_ in dict.fromkeys(group))
        for group in claim.origins
    ]
    if claim.rests_on is OriginKind.ONE_ORIGIN:
        return f"It rests on one origin: {listed(origins) or 'not named'}."
    if claim.rests_on is OriginKind.SEVERAL_ORIGINS:
        if len(origins) < 2:
            return f"It rests on several origins, {listed(origins) or 'not named'} among them."
        return f"It rests on {len(origins)} origins: {listed(origins)}."
    if claim.rests_on is OriginKind.PUBLISHER:
        return "It rests on the page itself; no source is given for it."
    return "No source for it was found on the page."


def _grouped(look: Lookup, ids: Iterable[str]) -> str:
    """`1 named person (Ada Quill, through local reports) and 1 document (a report)`."""
    groups: dict[SpeakerKind, list[str]] = {}
    for id_ in dict.fromkeys(ids):
        speaker = look.speakers.get(id_)
        kind = speaker.kind if speaker else SpeakerKind.VAGUE
        shown = name(speaker)
        through = listed(name(other) for other in look.carriers(speaker)) if speaker else ""
        groups.setdefault(kind, []).append(f"{shown}, through {through}" if through else shown)
    return listed(
        f"{counted(len(names), *_COUNTED[kind])} ({listed(names)})"
        for kind, names in groups.items()
    )


def asks(look: Lookup, speaker: Speaker | None) -> tuple[str, ...]:
    """What to ask for, about one speaker or (for `None`) the page; the most telling first."""
    if speaker is None:
        return ("what its statements rest on",)
    out = [
        f"the words themselves, here only through {name(other)}" for other in look.carriers(speaker)
    ]
    times: list[str] = []
    if look.record.page.metadata.published is None:
        times = [quoted(look.words(span), 24) for span in look.loose_times(speaker)]
        if times:
            out.append(f"where said, and {listed(times)} of which date")
    direct = any(one.kind is not AttributionKind.INDIRECT for one in look.said(speaker))
    match speaker.kind:
        case SpeakerKind.PERSON:
            where = "" if times else "where and when said; "
            out.append(where + ("a recording or transcript" if direct else "the exact words"))
        case SpeakerKind.ORGANISATION:
            out.append("the statement itself, its date, and who speaks for it")
        case SpeakerKind.DOCUMENT:
            out.append("title, author, date and page; a copy")
        case SpeakerKind.ROLE_ONLY:
            out.append("the name; where and when said")
        case SpeakerKind.ANONYMOUS:
            out.append("how the source knows; a second source or a document")
        case SpeakerKind.VAGUE:
            named = "which ones: at least one by name, with date"
            out.append("who said it, where and when" if is_unknown(speaker) else named)
    return tuple(dict.fromkeys(out))


def anonymous(look: Lookup, speaker: Speaker) -> str:
    """An unnamed source with the reason that the page gives."""
    if speaker.reason is None:
        return f"A source is not named: {name(speaker)}; the page gives no reason"
    reason = quoted(look.words(speaker.reason))
    return f"A source is not named: {name(speaker)}; the page gives this reason: {reason}"


def counter(answering: Speaker | None, answered: Iterable[str]) -> str:
    """Who disputes what whom asserts."""
    whom = listed(answered) or UNKNOWN_SOURCE
    return f"{_capital(name(answering))} disputed what {whom} said"


def badge(audit: BadgeAudit) -> str:
    """What stands behind a label: failures in words, or that there are none."""
    failed = [rule.reason for rule in audit.rules if rule.outcome is BadgeOutcome.FAIL]
    label = quoted(audit.label, 60)
    if not failed:
        return f"Label {label}: no rule fails"
    return f"Label {label}: {'; '.join(clipped(line(reason), 120) for reason in failed)}"


def badge_rest(record: Record, audit: BadgeAudit) -> str:
    """The rules that do not fail, by number, and what would help with those that cannot tell."""
    n = {outcome: sum(rule.outcome is outcome for rule in audit.rules) for outcome in BadgeOutcome}
    parts = [
        f"{counted(n[outcome], 'rule')} {words}"
        for outcome, words in (
            (BadgeOutcome.PASS, "passed"),
            (BadgeOutcome.CANNOT_TELL, "cannot tell"),
        )
        if n[outcome]
    ]
    if not parts:
        return ""
    help_ = f" {badge_help(record)}" if n[BadgeOutcome.CANNOT_TELL] else ""
    return f"{'; '.join(parts)}.{help_}"


def badge_help(record: Record) -> str:
    """What to give so that more rules can tell."""
    if record.page.links is None or record.page.markup is None:
        return "Give the page's address instead of the saved text to look further."
    return "They need other pages of the site or the cited pages: look there by hand."


def match(found: Match) -> str:
    """An earlier fact-check, with its own rating, never as a verdict on this page."""
    check = found.fact_check
    who = clipped(line(check.publisher), 60) or "a publisher not named"
    when = f" ({check.review_date[:10]})" if check.review_date else ""
    rating = f"; its rating: {quoted(check.rating, 60)}" if check.rating else "; it gives no rating"
    if check.rating_conflict:
        rating += ", which its own number contradicts"
    lead = {
        MatchRelation.SAME: "This was checked before",
        MatchRelation.NEGATED: "The opposite of this was checked before",
        MatchRelation.RELATED: "A related claim was checked before",
    }[found.relation]
    return f"{lead} by {who}{when}: {quoted(check.claim, 140)}{rating}"


def said_as(attribution: Attribution, speaker: Speaker | None) -> str:
    """The words between speaker and statement; `no source given for` when there is no speaker."""
    if attribution.stance is AttributionStance.ASSERTS:
        if speaker is None or is_unknown(speaker):
            return "for"
        if attribution.not_yet_said:
            return "will say"
    return VERB[attribution.stance]


def claimed_by(look: Lookup, claim: Claim) -> str:
    """Whose the claim is and what they do with it: `the page itself`, `Ada Quill denied`."""
    if claim.attribution is None:
        return PUBLISHER
    speaker = look.speaker_of.get(claim.attribution)
    attribution = look.attributions.get(claim.attribution)
    return f"{name(speaker)} {said_as(attribution, speaker)}" if attribution else name(speaker)


def problem(stages: Iterable[str], message: str) -> str:
    """The stages that could not do their work, for one reason."""
    return f"Not done: {_stages(stages)}: {clipped(line(message), 300)}"


def skipped(stages: Iterable[str]) -> str:
    """The stages that had nothing to work on because an earlier one failed."""
    return f"Skipped, for want of what was not done: {_stages(stages)}"


def _stages(stages: Iterable[str]) -> str:
    return ", ".join(clipped(line(one), 40) for one in stages)


def truncated(what: str) -> str:
    """Something that a cap cut from the page."""
    return f"The page was cut while it was read: {clipped(line(what), 200)}"


def comments_kept_out(n: int) -> str:
    """How many reader comments are no part of the article."""
    return f"{counted(n, 'reader comment')} kept out of the article"


def repaired(n: int) -> str:
    """How many quotations had broken marks."""
    return f"{counted(n, 'broken quotation')} repaired"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
