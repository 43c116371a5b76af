"""What a denial says of the statement that it denies: whose it is, what it says, of which sort."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.attribution.content_words import stems
from onrecord.record import Attribution, Speaker
from onrecord.span import Span
from onrecord.terms import SpeakerKind

__all__ = ["DeniedClaim", "Sort", "denied_claim", "is_of_sort", "is_theirs"]

_NOUN = (
    r"(?:accusations?|allegations?|claims?|charges?|reports?|reporting|assertions?|suggestions?|"
    r"ideas?|statements?|criticisms?|rumou?rs?|notions?|stor(?:y|ies)|arguments?|complaints?|"
    r"insinuations?|theor(?:y|ies)|speculation|hints?|testimony|account|wrongdoing|involvement|"
    r"knowledge|role)"
)
_SORTS = {
    "accusation": re.compile(
        r"\b(?:accusation|allegation|charge|criticism|complaint|insinuation|wrongdoing|involvement|role|knowledge)",
        re.IGNORECASE,
    ),
    "report": re.compile(r"\b(?:report|stor(?:y|ies)|rumou?r|speculation)", re.IGNORECASE),
}
_OF_SORT = {
    "accusation": re.compile(
        r"\b(?:accus|alleg|claim|charg|complain|blam|su(?:e|es|ed|ing)\b|lawsuit|indict|suspect|critici)",
        re.IGNORECASE,
    ),
    "report": re.compile(
        r"\b(?:report|claim|alleg|rumou?r|stor(?:y|ies)\b|publish|according|wrote|tweet|post|speculat)",
        re.IGNORECASE,
    ),
}
_POINTING = re.compile(
    r"\b(?:the|this|that|these|those|such|his|her|its|their|any|all|an?)\s(?:\w+['’]s\s)?(?:\w+\s){0,2}?"
    rf"{_NOUN}\b|^(?:claims|reports|rumou?rs|allegations|accusations)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:it|that|this|them|those|so|doing\sso|doing\sit)\b(?!\s+\w+\s\w+)", re.IGNORECASE
)
_NAME_ENDS = re.compile(r"(?:[A-Z][\w.&\-]{0,30}\s(?:(?:of|the)\s)?){0,4}[A-Z][\w.&\-]{0,30}$")
_OWNED = re.compile(rf"['’]s?\s(?:[\w\-]{{1,20}}\s){{0,3}}?{_NOUN}\b")
_LONGEST_NAME = 60  # code points
_MADE_BY = re.compile(
    rf"\b{_NOUN}\s(?:(?:made|brought|put|levell?ed|raised|published|carried|brought\sforth|put\sforward)\s"
    r"(?:\w+\s)?)?(?:by|from|in|of)\s(?P<who>(?:the\s|an?\s)?[\w.'’&\-]+(?:\s[\w.'’&\-]+){0,5})"
)
_CLAUSE = re.compile(
    rf"\b{_NOUN}\b[^,;“”\"]{{0,60}}?\s(?:that|of\shaving|about|over)\s(?P<clause>.+)", re.DOTALL
)
_END_OF_NAME = re.compile(r"\s(?:that|which|who|about|over|as|and\sthat|saying|alleging)\b")
_EMPTY = frozenset(
    (
        "anyth", "someth", "everyth", "anyone", "someon", "everyon", "truth", "tru", "whatsoev", "categorical",
        "den", "absolut", "unequivocal", "complet", "total", "entir", "fals", "simp", "similar", "recent", "earli",
        "earlier", "accus", "alleg", "claim", "charg", "report", "assert", "suggest", "idea", "statement", "critic",
        "rumour", "rumor", "not", "notion", "stor", "argu", "complaint", "theor", "specul", "wrongd", "involv", "involvem",
        "knowledg", "knowled", "rol", "such", "media", "made", "brought", "forth",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeniedClaim:
    """What the denying words say of the statement that they deny.

    `claimant` is whose it is as written ("the Nigerian government"), empty where they name nobody;
    `words` are the stems of what it says; `sort` is `accusation`, `report` or empty; `points_back`
    says that the words only point ("the claim", "it"), `is_clause` that they repeat what it says
    behind a noun ("the claim that ...").
    """

    claimant: str
    words: frozenset[str]
    sort: str
    points_back: bool
    is_clause: bool


Sort = str


def denied_claim(text: str, attribution: Attribution) -> DeniedClaim:
    """What the content of a denial says of the statement denied.

    >>> from onrecord.terms import AttributionKind
    >>> said = "Ray denied Low's claim that the dam leaked"
    >>> row = Attribution("a", AttributionKind.INDIRECT, None, None, (Span(11, 42),))
    >>> found = denied_claim(said, row)
    >>> found.claimant, sorted(found.words)
    ('Low', ['dam', 'leak'])
    """
    first = attribution.content[0]
    content = first.of(text)
    claimant = _claimant(content)
    clause = _CLAUSE.search(content)
    if clause:
        at = first.start + clause.start("clause")
        own = stems(text, [Span(at, first.start + clause.end("clause")), *attribution.content[1:]])
    else:
        own = stems(text, attribution.content)
        if claimant:
            own -= stems(claimant, [Span(0, len(claimant))])
    pointing = _POINTING.search(content)
    named = pointing.group() if pointing else content[:40]
    sort = next((name for name, noun in _SORTS.items() if noun.search(named)), "")
    return DeniedClaim(
        claimant,
        own - _EMPTY,
        sort,
        bool(pointing or _BARE.search(content)),
        clause is not None,
    )


def _claimant(content: str) -> str:
    """Whose claim it is, as written, or the empty string."""
    owned = _OWNED.search(content)
    if owned:
        name = _NAME_ENDS.search(content[max(0, owned.start() - _LONGEST_NAME) : owned.start()])
        if name:
            return name.group()
    made = _MADE_BY.search(content)
    return _END_OF_NAME.split(made["who"], maxsplit=1)[0] if made else ""


def is_of_sort(
    text: str, attribution: Attribution, sort: Sort, *, speakers: Sequence[Speaker]
) -> bool:
    """Whether an assertion can be called an accusation, or a report, by its cue or its speaker."""
    wanted = _OF_SORT.get(sort)
    if wanted is None:
        return True
    cue = attribution.cue
    if cue is not None and wanted.search(cue.of(text)):
        return True
    if sort == "report":
        return any(speaker.kind == SpeakerKind.ORGANISATION for speaker in speakers)
    return bool(wanted.search(attribution.content[0].of(text)[:60]))


def is_theirs(claimant: str, speaker: Speaker) -> bool:
    """Whether a claimant as written ("Nigeria's government") is the speaker.

    Persons are told by their last name, all others by every word of their name that carries sense.
    """
    wanted = _parts(claimant)
    if not wanted:
        return False
    if speaker.kind == SpeakerKind.PERSON:
        return speaker.name.split()[-1].lower().strip(".")[:_PREFIX] in wanted
    own = _parts(speaker.name)
    return bool(own) and (own <= wanted or (wanted <= own and len(wanted) > 1))


_PREFIX = 6  # letters that "Nigeria" and "Nigerian" share
_LITTLE = frozenset(("the", "of", "a", "an", "and", "by", "for", "in", "s", "new", "state"))


def _parts(name: str) -> frozenset[str]:
    words = re.findall(r"[\w&]+", name.lower().replace("’", "'").replace("'s", ""))
    return frozenset(word[:_PREFIX] for word in words if word not in _LITTLE)
