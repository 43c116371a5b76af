"""The figures of a report: what each counts, out of what, and what a record adds to them.

A *finding* (what a check of headline, sourcing, label or copy says) is told only after a person
judged a sample of it; a *count* (claims, speakers, words) is told before, and is said to be
unchecked until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from onrecord.errors import CodecError
from onrecord.terms import BadgeOutcome, HeadlineFinding, OriginKind, SpeakerKind, Voice

__all__ = ["FIGURES", "RULES", "Figure", "Mark", "Said", "marks", "words_at"]

MAX_WORDS = 300  # code points of one quoted stretch in a list
AROUND = 250  # code points before and after, for a person who judges
MAX_COUNT = 2_000_000  # words of a page; their squares add up without overflow
LEAD = 1_200  # code points of the body, where the whole is what is judged


@dataclass(frozen=True, slots=True)
class Said:
    """Exact words of the page that were counted; `note` is ours, `context` what stands around."""

    words: str
    note: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one page adds to a figure: `n` of `of`, and the words that were counted."""

    figure: str
    n: int
    of: int
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `key` in files and addresses, `unit` what is counted and `of` out of what.

    `of` is empty for a mean a page. `judged_by` is the kind whose judgement holds for it.
    """

    key: str
    section: str
    heading: str
    unit: str
    of: str = ""
    is_finding: bool = False
    judged_by: str = ""

    @property
    def kind(self) -> str:
        """The kind of the sample that is judged for this figure."""
        return self.judged_by or self.key

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean a page and no share."""
        return not self.of


SPEAKERS: Mapping[SpeakerKind, str] = MappingProxyType(
    {
        SpeakerKind.PERSON: "named people",
        SpeakerKind.ORGANISATION: "organisations",
        SpeakerKind.DOCUMENT: "documents",
        SpeakerKind.ROLE_ONLY: "people known by role only",
        SpeakerKind.ANONYMOUS: "sources not named, said to be so",
        SpeakerKind.VAGUE: "vague sources (“critics”, “reports”)",
    }
)
ORIGINS: Mapping[OriginKind, str] = MappingProxyType(
    {
        OriginKind.PUBLISHER: "the page itself: no source is given for it",
        OriginKind.ONE_ORIGIN: "one origin",
        OriginKind.SEVERAL_ORIGINS: "several origins",
        OriginKind.NONE_FOUND: "nothing that was found in the body",
    }
)
TITLES: Mapping[HeadlineFinding, str] = MappingProxyType(
    {
        HeadlineFinding.DROPS_ATTRIBUTION: "Titles that state as fact what the body only attributes",
        HeadlineFinding.OVERSTATES: "Titles that say more than any sentence of the body",
        HeadlineFinding.NOT_IN_BODY: "Titles that no sentence of the body carries",
    }
)
# What is so when a rule of the label audit fails (docs/background and the glossary have the rules).
RULES: Mapping[str, str] = MappingProxyType(
    {
        "B1": "a checked claim is named, and no ClaimReview on the page is about it",
        "B2": "the ClaimReview has an address on another host",
        "B3": "the page has more than one ClaimReview",
        "B4": "the ClaimReview names no origin of the claim outside the site",
        "B5": "the rating is out of its scale, at odds with its text, or inside the claim",
        "B6": "no source outside the site is cited",
        "B7": "a cited page does not contain the quoted words",
        "B8": "no reviewer is named beside the label, or the author is the reviewer",
        "B9": "no date stands beside the label, or one before the last change",
        "B10": "no corrections policy or method is linked",
        "B11": "the label links to a general page",
        "B12": "the markup contradicts the visible conclusion",
        "B13": "the same label block stands on every page of the site",
        "B14": "the ClaimReview is about another claim",
        "B15": "a reviewer is named without credentials or a link",
    }
)

FIGURES: tuple[Figure, ...] = (
    Figure("claims", "claims", "Claims that can be checked", "claims"),
    Figure("speakers", "speakers", "Speakers", "speakers"),
    *(
        Figure(f"speakers-{kind.value}", "speakers", f"Speakers: {words}", "speakers", "speakers")
        for kind, words in SPEAKERS.items()
    ),
    Figure(
        "own-voice", "voice", "The publisher's own voice", "words", "words whose voice is known"
    ),
    Figure(
        "carried-publisher",
        "sourcing",
        "Words carried by the publisher",
        "words",
        "words of the body",
        judged_by="own-voice",
    ),
    *(
        Figure(
            f"carried-{kind.value}",
            "sourcing",
            f"Words carried by {words}",
            "words",
            "words of the body",
            judged_by=f"speakers-{kind.value}",
        )
        for kind, words in SPEAKERS.items()
    ),
    *(
        Figure(
            f"rests-on-{kind.value}",
            "origins",
            f"The title's claim rests on {words}",
            "pages",
            "pages whose title makes a claim",
            is_finding=True,
        )
        for kind, words in ORIGINS.items()
    ),
    *(
        Figure(kind.value, "titles", words, "titles", "titles compared", is_finding=True)
        for kind, words in TITLES.items()
    ),
    Figure(
        "labels", "labels", "Pages with a label that says they were checked", "pages", "pages read"
    ),
    Figure(
        "label-count",
        "labels",
        "Labels that say the page was checked",
        "labels",
        judged_by="labels",
    ),
    *(
        Figure(
            f"label-fails-{code}",
            "labels",
            f"{code}: {words}",
            "labels",
            "labels that the rule applies to",
            is_finding=True,
        )
        for code, words in RULES.items()
    ),
    Figure(
        "same-article",
        "copies",
        "Pages with the article of another outlet",
        "pages",
        "pages with text",
        is_finding=True,
    ),
    Figure(
        "shared-passage",
        "copies",
        "Pages with a passage of another outlet",
        "pages",
        "pages with text",
        is_finding=True,
    ),
)

_Json = Any


def marks(record: Mapping[str, _Json]) -> tuple[Mark, ...]:
    """What a record, read as JSON, adds to each figure but those of copies.

    A stage that did not run adds nothing, and so its page is in no denominator of it. Raises
    `CodecError`, `KeyError` or `TypeError` where the record is none.
    """
    text = record["page"]["text"]
    kinds = {one["id"]: SpeakerKind(one["kind"]) for one in record["speakers"] or ()}
    names = {one["id"]: str(one["name"]) for one in record["speakers"] or ()}
    found: list[Mark] = []
    if record["claims"] is not None:
        found.append(_claims(text, record["claims"]))
    if record["speakers"] is not None:
        found += _speakers(text, record["speakers"])
    if record["sentence_voices"] is not None:
        found.append(_own_voice(text, record["sentence_voices"]))
    if record["sourcing"] is not None:
        found += _carried(record["sourcing"]["shares"], kinds, names)
        found += _origins(text, record, names)
    if record["headline"] is not None:
        found += _titles(text, record)
    if record["badges"] is not None:
        found += _labels(text, record["badges"])
    return tuple(mark for mark in found if mark.of)


def words_at(text: str, span: Sequence[int] | None) -> str:
    """The words at a span; empty for `None`. Raises `CodecError` for one outside the text."""
    if span is None:
        return ""
    start, end = span
    if not (type(start) is int and type(end) is int and 0 <= start <= end <= len(text)):
        raise CodecError(f"found the span {span!r}, expected one inside {len(text)} code points")
    return text[start:end]


def _said(text: str, span: Sequence[int], note: str = "") -> Said:
    words = words_at(text, span)
    around = text[max(0, span[0] - AROUND) : span[1] + AROUND]
    return Said(words, note, around)


def _claims(text: str, claims: _Json) -> Mark:
    checkable = [one for one in claims if one["checkable"]]
    return Mark("claims", len(checkable), 1, tuple(_said(text, one["span"]) for one in checkable))


def _speakers(text: str, speakers: _Json) -> Iterator[Mark]:
    by_kind: dict[SpeakerKind, list[Said]] = {kind: [] for kind in SpeakerKind}
    for one in speakers:
        kind = SpeakerKind(one["kind"])
        if one["mentions"]:
            said = _said(text, one["mentions"][0])
            by_kind[kind].append(Said(str(one["name"]), SPEAKERS[kind], said.context))
        else:
            by_kind[kind].append(Said("", "no source given"))
    everyone = tuple(said for group in by_kind.values() for said in group)
    yield Mark("speakers", len(speakers), 1, everyone)
    for kind, group in by_kind.items():
        yield Mark(f"speakers-{kind.value}", len(group), len(speakers), tuple(group))


def _own_voice(text: str, voices: _Json) -> Mark:
    own, total, said = 0, 0, []
    for one in voices:
        n_words = len(words_at(text, one["sentence"]).split())
        total += n_words
        if Voice(one["voice"]) is Voice.PUBLISHER:
            own += n_words
            said.append(_said(text, one["sentence"]))
    return Mark("own-voice", own, total, tuple(said))


def _carried(
    shares: _Json, kinds: Mapping[str, SpeakerKind], names: Mapping[str, str]
) -> Iterator[Mark]:
    total = sum(_count(one["n_words"]) for one in shares)
    own = sum(one["n_words"] for one in shares if one["speaker"] is None)
    yield Mark("carried-publisher", own, total)
    for kind in SpeakerKind:
        held = [
            one
            for one in shares
            if one["speaker"] is not None
            and one["n_words"]
            and kinds.get(one["speaker"], SpeakerKind.VAGUE) is kind
        ]
        said = tuple(Said(names.get(one["speaker"], ""), f"{one['n_words']} words") for one in held)
        yield Mark(f"carried-{kind.value}", sum(one["n_words"] for one in held), total, said)


def _origins(text: str, record: Mapping[str, _Json], names: Mapping[str, str]) -> Iterator[Mark]:
    central = record["sourcing"]["central"]
    if central is None:
        return
    rests_on = OriginKind(central["rests_on"])
    who = "; ".join(
        " and ".join(names.get(one, "?") for one in group) for group in central["origins"]
    )
    said = Said(words_at(text, central["span"]), who, _lead(text, record))
    for kind in OriginKind:
        is_it = kind is rests_on
        yield Mark(f"rests-on-{kind.value}", int(is_it), 1, (said,) if is_it else ())


def _titles(text: str, record: Mapping[str, _Json]) -> Iterator[Mark]:
    headline = record["headline"]
    findings = {HeadlineFinding(one) for one in headline["findings"]}
    if headline["title"] is None or HeadlineFinding.NOT_APPLICABLE in findings:
        return
    rests_on = "; ".join(
        f"{one['role']}: “{words_at(text, one['span'])}”"
        for one in headline["evidence"]
        if one["role"] != "title"
    )
    said = Said(words_at(text, headline["title"]), rests_on, _lead(text, record))
    for kind in TITLES:
        is_it = kind in findings
        yield Mark(kind.value, int(is_it), 1, (said,) if is_it else ())


def _labels(text: str, audits: _Json) -> Iterator[Mark]:
    applies = dict.fromkeys(RULES, 0)
    failed: dict[str, list[Said]] = {code: [] for code in RULES}
    said = []
    for audit in audits:
        region = audit["region"]
        around = _said(text, region).context if region is not None else ""
        said.append(Said(str(audit["label"]), "", around))
        for rule in audit["rules"]:
            outcome, code = BadgeOutcome(rule["outcome"]), rule["code"]
            if code not in RULES or outcome is BadgeOutcome.DOES_NOT_APPLY:
                continue
            applies[code] += 1
            if outcome is BadgeOutcome.FAIL:
                failed[code].append(Said(str(audit["label"]), str(rule["reason"]), around))
    yield Mark("labels", int(bool(said)), 1, tuple(said))
    yield Mark("label-count", len(said), 1, tuple(said))
    for code in RULES:
        yield Mark(f"label-fails-{code}", len(failed[code]), applies[code], tuple(failed[code]))


def _lead(text: str, record: Mapping[str, _Json]) -> str:
    """The beginning of the body: what a title is judged against."""
    parts: list[str] = []
    size = 0
    for region in record["page"]["regions"]:
        if region["kind"] in {"subtitle", "body"}:
            words = words_at(text, region["span"])
            parts.append(words)
            size += len(words)
            if size > LEAD:
                break
    return "\n".join(parts)[:LEAD]


def _count(value: _Json) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise CodecError(f"found {value!r}, expected a count of at most {MAX_COUNT}")
    return value
