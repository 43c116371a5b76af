"""The finding `drops_attribution`: a title states as fact what the body only lets a source say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.carriers import Carrier, Whose
from onrecord.headline.lexicon import (
    ACCUSATION,
    BLAMELESS,
    CUES,
    DENIAL,
    DOUBT_CUES,
    ESTABLISHED,
    TARGETS,
)
from onrecord.headline.modality import DECIDED
from onrecord.headline.titles import Title
from onrecord.record import HeadlineEvidence
from onrecord.terms import AttributionStance

__all__ = ["carried_by_source", "dropped_attribution", "subtitle_attributes"]

# Shares of the title's claim that a sentence must repeat. The publisher's own sentence counts as
# support from a lower share than a source's counts as carrying: a fault must be the surer finding.
_CARRIES = 0.5
_RESTATES = 0.6
_CARRIES_WITHOUT_VERB = 0.6
_TOLD_WITHOUT_VERB = 0.6
_SUPPORTS = 0.45
_SUPPORTS_WITHOUT_VERB = 0.7
_DENIES = 0.35
_DENIES_WITHOUT_VERB = 0.4

# "denied this", "rejected the allegations", "called the report false": the thing denied is what
# was said before. With "that" or "of" behind it the denial names its own content.
_DENIES_WHAT_WAS_SAID = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|dismiss(?:es|ed)?|rebut(?:s|ted)?|refut(?:es|ed)|"
    r"disput(?:es|ed)|contradict(?:s|ed)|challeng(?:es|ed)|call(?:s|ed)|describ(?:es|ed)|said|"
    r"(?:has|have) (?:denied|rejected|dismissed|disputed))\s+"
    r"(?:all |both |any |also |strongly |firmly |categorically |flatly )*"
    r"(?:(?:the|these|those|his|her|their|its|any|all|such|this|that)\s+)?(?:\w+ ){0,2}?"
    r"(?:it|this|that|them|everything|(?:allegation|accusation|claim|charge|report|suggestion|"
    r"rumou?r|account|story|figure|criticism|statement|version|assertion|complaint|finding|"
    r"number|calculation|estimate|idea|comparison|picture)s?)"
    r"(?=\s*(?:[.,;:\"”]|$|as\b|and\b|on\b|in\b|through\b|at\b|via\b|when\b|but\b|\"|“|was\b|were\b|"
    r"(?:\w+ ){0,2}(?:false|untrue|nonsense|baseless|unfounded|wrong|absurd|invented|lies|an? (?:\w+ )?lie)))",
    re.IGNORECASE,
)
_DENIAL_ALONE = re.compile(
    r"\b(?:baseless|unfounded|groundless|untrue|no truth|pack of lies|pure (?:invention|fiction)|works? of fiction|"
    r"(?:is|was|were|are) (?:fiction|invented|fabricated|staged|made up|nonsense|lies)|called (?:\w+ ){1,3}[\"“]staged|"
    r"without foundation|(?:denied|denies) (?:any )?wrongdoing|(?:had done|did) nothing wrong)\b",
    re.IGNORECASE,
)
_ANSWERED_WITHIN = 8  # paragraphs after the last that tells the claim
_DISAGREES = re.compile(
    r"\b(?:do|does|did) not share (?:that|this|the|his|her|their) (?:view|account|version|assessment)\b",
    re.IGNORECASE,
)
# "That is what two choirboys allege", "the allegation comes from ...": the first paragraph is theirs.
_POINTS_BACK = re.compile(
    r"\b(?:that|this|such|so)\b[^.]{0,30}\b(?:is|was|are|were)\b[^.]{0,24}\b(?:what|how|account|"
    r"version|view|story|claim|allegation|charge|accusation|contention)\b|"
    r"\b(?:allegation|accusation|claim|charge|report|story|account)s?\b[^.]{0,20}\b(?:comes?|came|"
    r"(?:is|was|are|were) (?:made|raised|levelled|leveled)|stems?|originates?) (?:[^.]{0,24} )??(?:from|by)\b|"
    r"^so (?:claims?|says?|alleges?)\b|"
    r"\b(?:made|makes?|levell?ed|brought|raised|laid out|set out|repeated) (?:the|this|that|these|those) "
    r"(?:\w+ )?(?:allegation|accusation|claim|charge)s?\b|"
    r"\bdescribed the (?:conduct|behaviou?r|events?|practices?|scenes?|incidents?) to\b",
    re.IGNORECASE,
)
_THAT_CLAIM = re.compile(
    r"(?:that|this|such|so)\b(?: \w+)? (?:allegation|accusation|claim|charge|account|contention|is|was|says?|claims?)",
    re.IGNORECASE,
)
_RESTATES_BEFORE_THAT = 0.4
_DOUBTS_BACK = re.compile(
    r"\b(?:alleg\w*|claim\w*|accus\w*|charges?|contend\w*|contention)\b", re.IGNORECASE
)
_POINTS_BACK_UNTIL = 3  # paragraphs: later ones point at something nearer
_WISHES = frozenset(
    [
        "call",
        "calls",
        "called",
        "calling",
        "urge",
        "urges",
        "urged",
        "urging",
        "demand",
        "demands",
        "demanded",
        "ask",
        "asks",
        "asked",
        "want",
        "wants",
        "wanted",
        "propose",
        "proposes",
        "proposed",
        "suggest",
        "suggests",
        "suggested",
        "recommend",
        "recommends",
        "recommended",
        "hope",
        "hopes",
        "hoped",
        "warn",
        "warns",
        "warned",
    ]
)
_SUBTITLE_SOURCE = re.compile(
    r"\b(?:" + "|".join(sorted(CUES - {"call", "calls", "called", "show", "shows", "find", "expect",
    "note", "notes", "adds", "fear", "fears", "think", "question", "questions", "cast"})) + r")\b",
    re.IGNORECASE,
)  # fmt: skip
_SETTLED_NEAR_TOP = 3
_TOPIC_OF = frozenset(
    ["about", "over", "on", "against", "of", "for", "into", "after", "from", "amid"]
)


def subtitle_attributes(article: Article) -> bool:
    """Whether the standfirst names or hints at a source."""
    return any(_SUBTITLE_SOURCE.search(span.of(article.text)) for span in article.subtitle)


def dropped_attribution(
    title: Title, article: Article, found: Sequence[Carrier]
) -> tuple[HeadlineEvidence, ...]:
    """The words that show a dropped attribution, or `()` where there is none.

    All of: the title states its claim without hedge and names no source, nor does the subtitle;
    after the first paragraph only attributed text carries the claim; and the claim is denied in
    the article, or is an accusation, or its cue is one of doubt. A title that reports an act of
    saying (resigns, sues, rules) states what it saw.
    """
    act_of_wrong = title.is_act and _states(replace(title, is_act=False))
    act_of_wrong = act_of_wrong and _accuses(title, article, beside_verb=True)
    if not (_states(title) or act_of_wrong):
        return ()
    if subtitle_attributes(article) or _published_support(title, found):
        return ()
    if _is_settled(article, found):
        return ()
    carrying = _source_carriers(title, article, found)
    back = _pointing_back(article, found)
    if not (carrying or back):
        carrying = _accusers(title, article, found)
    if not (carrying or back):
        return ()
    told_in = [s.paragraph for s in (*(c.sentence for c in carrying), *back)]
    denials = _denials(title, article, found, range(min(told_in), max(told_in) + _ANSWERED_WITHIN))
    doubts = [c for c in carrying if _doubt(article, c)]
    doubted = doubts or any(_DOUBTS_BACK.search(s.span.of(article.text)) for s in back)
    grounds = [bool(denials), bool(doubted), _accuses(title, article)]
    # Sentences that lack the title's verb may speak of something else: then one ground is too few.
    # A title without a verb is told by its other words: nearly all of them, then.
    told = title.verb is None and any(c.score >= _TOLD_WITHOUT_VERB for c in carrying)
    sure = back or told or any(c.verb for c in carrying)
    if sum(grounds) < (1 if sure and not act_of_wrong else 2) or not (sure or grounds[2]):
        return ()
    evidence = [HeadlineEvidence("title", title.span)]
    evidence += [
        HeadlineEvidence("states", c.sentence.span)
        for c in found
        if c.sentence.paragraph == 0 and c.whose is Whose.PUBLISHER and c.score >= _SUPPORTS
    ]
    evidence += [HeadlineEvidence("carries", sentence.span) for sentence in back]
    for c in carrying:
        span = c.attribution.content[0] if c.attribution else c.sentence.span
        evidence.append(
            HeadlineEvidence("carries", span, c.attribution.id if c.attribution else None)
        )
    for c in doubts:
        if c.attribution and c.attribution.cue:
            evidence.append(HeadlineEvidence("doubt", c.attribution.cue, c.attribution.id))
    for sentence in denials:
        denying = next(
            (a for a in sentence.attributions if a.stance is AttributionStance.DENIES), None
        )
        evidence.append(HeadlineEvidence("denies", sentence.span, denying.id if denying else None))
    return tuple(evidence)


def carried_by_source(
    title: Title, article: Article, found: Sequence[Carrier]
) -> tuple[HeadlineEvidence, ...]:
    """The attributed words that alone carry a title which names no source, or `()`."""
    if not _states(title):
        return ()
    if subtitle_attributes(article) or _published_support(title, found):
        return ()
    if _is_settled(article, found):
        return ()
    return tuple(
        HeadlineEvidence(
            "carries",
            c.attribution.content[0] if c.attribution else c.sentence.span,
            c.attribution.id if c.attribution else None,
        )
        for c in _source_carriers(title, article, found)
        if c.level is None or c.level >= DECIDED
    )


def _states(title: Title) -> bool:
    """Whether the title states something, unhedged, without naming a source."""
    return title.has_verb and not (
        title.source_shown or title.hedged or title.is_act or title.asserts_nothing
    )


# An accusation told in other words than the title's: what its first sentences must repeat at least,
# and what the publisher's own later ones must not.
_PARAPHRASES = 0.2
_SUPPORTS_SOMETHING = 0.35


def _accusers(title: Title, article: Article, found: Sequence[Carrier]) -> list[Carrier]:
    """Attributed first sentences that tell an accusation in words of their own, or none.

    Only where the title accuses, somebody denies "the claims", nothing is settled, and the
    publisher itself tells nothing of the kind later.
    """
    early = [
        c
        for c in found
        if c.sentence.paragraph <= 1
        and c.whose in {Whose.SOURCE, Whose.UNSURE}
        and (c.attribution or c.sentence.seems_attributed or c.sentence.attributions)
        and c.score >= _PARAPHRASES
    ]
    if not early or not _accuses(title, article):
        return []
    if any(
        c.whose is Whose.PUBLISHER and c.sentence.paragraph > 0 and c.score >= _SUPPORTS_SOMETHING
        for c in found
    ):
        return []
    texts = [s.span.of(article.text) for s in article.sentences]
    if any(ESTABLISHED.search(words) for words in texts):
        return []
    denied = any(_DENIES_WHAT_WAS_SAID.search(words) and DENIAL.search(words) for words in texts)
    return early if denied else []


def _pointing_back(article: Article, found: Sequence[Carrier]) -> list[BodySentence]:
    """Sentences that give the first paragraph, which restates the title, to a source."""
    restated = max((c.score for c in found if c.sentence.paragraph == 0), default=0.0)
    out = []
    for s in article.sentences:
        words = s.span.of(article.text)
        if not 0 < s.paragraph < _POINTS_BACK_UNTIL or not _POINTS_BACK.search(words):
            continue
        # "That accusation ..." behind the first paragraph can mean nothing but what it says
        plain = s.paragraph == 1 and _THAT_CLAIM.match(words)
        if restated >= (_RESTATES_BEFORE_THAT if plain else _RESTATES):
            out.append(s)
    return out


def _is_wish(article: Article, carrier: Carrier) -> bool:
    """Whether the source only asks for the content: "called for the charges to be dropped"."""
    cue = carrier.attribution.cue if carrier.attribution else None
    return cue is not None and bool(_WISHES & set(cue.of(article.text).casefold().split()))


def _source_carriers(title: Title, article: Article, found: Sequence[Carrier]) -> list[Carrier]:
    """Sentences in which a source asserts the title's claim.

    Without an attribution a cue in the sentence is enough, but not where it only weakens the verb:
    "is accused of" asserts nothing.
    """
    least = {True: _CARRIES, False: _CARRIES_WITHOUT_VERB}
    return [
        c
        for c in found
        if c.score >= least[title.verb is None or bool(c.verb)]
        and not _is_wish(article, c)
        and (
            c.whose is Whose.SOURCE
            or (
                c.whose is Whose.UNSURE
                and c.sentence.seems_attributed
                and (c.level is None or c.level >= DECIDED)
            )
        )
    ]


def _published_support(title: Title, found: Sequence[Carrier]) -> bool:
    """Whether the publisher itself carries the claim after the first paragraph."""
    least = {True: _SUPPORTS, False: _SUPPORTS_WITHOUT_VERB}
    return any(
        c.whose is Whose.PUBLISHER
        and c.sentence.paragraph > 0
        and c.score >= least[title.verb is None or bool(c.verb)]
        for c in found
    )


def _is_settled(article: Article, found: Sequence[Carrier]) -> bool:
    """Whether a court, or the accused, has settled the matter, as the publisher tells it."""
    for c in found:
        if (c.score >= _DENIES or c.sentence.paragraph < _SETTLED_NEAR_TOP) and ESTABLISHED.search(
            c.sentence.span.of(article.text)
        ):
            return True
        if c.attribution is not None and c.attribution.factive and c.score >= _CARRIES:
            return True
    return False


def _denials(
    title: Title, article: Article, found: Sequence[Carrier], near: range
) -> list[BodySentence]:
    """Sentences that deny the claim, in its own words or as "the accusation" said before.

    Of "the accusation" only those of the paragraphs `near`: before the claim is first given to a
    source, and long after it, other things are denied.
    """
    least = {True: _DENIES, False: _DENIES_WITHOUT_VERB}
    out = [
        c.sentence
        for c in found
        if c.whose is Whose.DENIAL
        and c.score >= least[title.verb is None or bool(c.verb)]
        and (
            c.attribution or c.score >= _CARRIES or DENIAL.search(c.sentence.span.of(article.text))
        )
    ]
    known = {id(sentence) for sentence in out}
    for sentence in article.sentences:
        words = sentence.span.of(article.text)
        if id(sentence) in known or sentence.paragraph not in near:
            continue
        if (
            _DISAGREES.search(words)
            or (_DENIES_WHAT_WAS_SAID.search(words) and DENIAL.search(words))
            or (
                _DENIAL_ALONE.search(words) and (sentence.attributions or sentence.seems_attributed)
            )
        ):
            out.append(sentence)
    return out


def _doubt(article: Article, carrier: Carrier) -> bool:
    if carrier.attribution is not None:
        cue = carrier.attribution.cue
        words = cue.of(article.text) if cue else ""
    else:
        # without an attribution the noun ("his claim") must not pass for the verb
        words = re.sub(r"(?i)\bclaim\b", "", carrier.sentence.span.of(article.text))
    return not DOUBT_CUES.isdisjoint(re.findall(r"[a-z]+", words.casefold()))


def _accuses(title: Title, article: Article, *, beside_verb: bool = False) -> bool:
    """Whether the title says of a named or recognisable body that it did wrong.

    With `beside_verb` the wrong must be another word than the verb: "demanded bribe".

    The wrong is in the verb or close to it: "firm dumped waste", not "firm talks about waste".
    """
    first = next((word for word in title.claim if word.is_content and word.number is None), None)
    if first is None or first.low in BLAMELESS:
        return False
    at = title.claim[title.verb].span if title.verb is not None else None
    line = title.span.of(article.text)
    for wrong in ACCUSATION.finditer(line):
        begin = title.span.start + wrong.start()
        before = [word for word in title.words if word.span.end <= begin]
        if before and before[-1].low in _TOPIC_OF:
            continue
        if beside_verb and at and at.start <= begin < at.end:
            continue
        n_between = sum(
            1
            for w in title.words
            if at and min(at.start, begin) < w.span.start < max(at.start, begin)
        )
        if at is None or n_between <= 2:
            break
    else:
        return False
    body_names = {word.low for word in article.words() if word.is_name}
    return any(
        word.low.removesuffix("'s") in TARGETS
        or word.low.removesuffix("s") in TARGETS
        or (word.is_content and word.low in body_names)
        for word in title.claim[: (title.verb or len(title.claim)) + 1]
    )
