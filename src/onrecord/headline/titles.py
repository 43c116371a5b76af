"""What a title does: who it names as source, what it hedges, and which word carries its claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.headline.groups import IRREGULAR
from onrecord.headline.lexicon import (
    ACTS,
    CUES,
    HEDGES,
    SPEAKER_NOUNS,
    words_of,
)
from onrecord.headline.stems import stem
from onrecord.headline.verbs import VERBS, VERBS_OR_NOUNS
from onrecord.headline.words import Word, words_in
from onrecord.span import Span

__all__ = ["Title", "is_verb_form", "read_title"]

# A longer title is no title, and the patterns below are not linear in its length.
_LONGEST = 400
_QUOTED = re.compile(
    r"[“„«‟][^”“»]{2,}[”“»]|\"[^\"]{2,}\"|(?<!\w)[‘'][^‘’']{2,}(?:[’']\w[^‘’']*)*[’'](?!\w)"
)
_LABEL = re.compile(
    # a kicker that stands before a colon or alone: "Video games cause ..." is no label
    r"(?:photos?|pictures|gallery|video|watch|listen|live|explainer|explained|timeline|factbox|"
    r"fact box|profile|q\s?&\s?a|quiz|podcast|recap|obituary|newsletter|map|analysis|background|letters?|our letters|your letters|"
    r"readers[’'] letters|preview|diary|notebook|corrections?|recipe|horoscope|tv guide|long read|sketch)"
    r"\s*(?:[:|–—]|-\s|$)|"
    r"(?:in pictures|in photos|live updates|at a glance|in numbers|the week in \w+|what (?:we|you|is|to|"
    r"are) (?:know|need|known|do)|key (?:points|facts)|your (?:questions|guide)|everything (?:we|you)|"
    r"a guide to|inside the)\b",
    re.IGNORECASE,
)
_LABEL_AFTER = re.compile(
    r"(?:[:–—|]|(?<=\s)-)\s*(?:in pictures|photos|a timeline|timeline|an? explainer|explained|what (?:we|you) "
    r"(?:know|need)|what (?:to|it|this|they)|how|why|who|key (?:points|facts)|in numbers|a guide|"
    r"live(?: updates)?|at a glance|the \w+ so far|as it happened|\w+ (?:things|questions|facts|"
    r"reasons|takeaways)(?: .*)?)\b",
    re.IGNORECASE,
)
_NAMED_THING = re.compile(r"(?:the|a|an) \w+ (?:that|who|which|where|behind) ", re.IGNORECASE)
_LIST_LABEL = re.compile(
    r"(?:the )?(?:\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|top \d{1,4}) (?:\w+ )?"
    r"(?:things|ways|reasons|questions|facts|takeaways|tips|charts|numbers|lessons|moments|signs)\b",
    re.IGNORECASE,
)
_WH = re.compile(r"(?:[Hh]ow|[Ww]hy|[Ww]hat|[Ww]ho|[Ww]here|[Ww]hen|[Ww]hich|[Ww]hose)\b(?!\s*:)")
_TRAILING = re.compile(
    r",\s+(?:(?:[\w'’.-]+\s+){0,5}(?:says?|said|rules?|ruled|hears?|heard|told|finds?|found|shows?|"
    r"suggests?|warns?|claims?|alleges?|reports?|argues?|insists?|admits?|reveals?|confirms?|"
    r"concludes?|believes?|decides?)|(?:says?|warns?|claims?|alleges?|insists?|admits?|according to)"
    r"\s[^,]{2,60})[.;!]*$",
    re.IGNORECASE,
)
# The title talks to its reader, or of someone whom it does not name: a feature, whose words are
# not those of its article.
_FEATURE = re.compile(
    r"\b(?:you|your|you[’']re|we|our|i|my|here[’']s|it[’']s|he|he[’']s|she|she[’']s|they|they[’']re|"
    r"this|these|that[’']s|just|won[’']t believe)\b|…|\.\.\.|^(?:watch|breaking)\b",
    re.IGNORECASE,
)
# Said in the title, these are what somebody does by speaking.
_SPEAKING = re.compile(
    r"\b(?:s(?:ounds?|ounded) off|sp(?:eaks?|oke) (?:out|up)|h(?:its?|itting) (?:back|out)|"
    r"lash(?:es|ed)? out|weigh(?:s|ed)? in|fir(?:es|ed) back|clap(?:s|ped)? back|"
    r"calls? (?:for|on)|takes? aim|rounds? on|opens? up)\b",
    re.IGNORECASE,
)
_DETERMINERS = words_of("a an the this that its their his her our your my no")
_BEFORE_NOUN = _DETERMINERS | words_of(
    "of in for over after at on by with from into under against about amid before during despite "
    "without per as new first last next more most less old big"
)
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being"])
_INFINITIVE = words_of("to will would may might could can should must won't can't cannot")
_PAST_ENDINGS = ("ed", "en")
_IRREGULAR_PAST = words_of(
    "got stole took sold hid drove fell rose won lost beat broke brought built bought caught chose "
    "came cut did drew fed fought found fled flew forgot gave went grew held hit kept knew laid "
    "led left lent let lit made met paid put ran sang sank sat saw sent set shook shot shut slept "
    "slid spent spoke stood struck swept swore taught tore told thought threw understood withdrew "
    "woke wore wrote became began hurt quit led said"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title read for its claim.

    `claim` are the words that state it, without a named source and its cue; `verb` is the index in
    `claim` of the word that carries it, or `None`. `source_shown` says that the title itself, by a
    cue, a colon or quotation marks, gives the claim to somebody; `quoted` are its words inside marks.
    """

    span: Span
    words: tuple[Word, ...]
    claim: tuple[Word, ...]
    verb: int | None
    source_shown: bool
    quoted: frozenset[Span]
    hedged: bool
    is_act: bool
    has_verb: bool
    asserts_nothing: bool
    is_feature: bool


def read_title(text: str, span: Span, *, speaker_words: frozenset[str]) -> Title:
    """The title at `span`; `speaker_words` are lower-case words of the article's own sources."""
    span = Span(span.start, min(span.end, span.start + _LONGEST))
    words = words_in(text, span)
    line = span.of(text)
    marks = [Span(*m.span()).moved(span.start) for m in _QUOTED.finditer(line)]
    quoted = frozenset(w.span for w in words if any(mark.contains(w.span) for mark in marks))
    colon = _colon_source(text, span, words, speaker_words)
    cue = _cue(words)
    claim = _claim_words(words, colon, cue)
    verb = _verb(claim)
    act = verb is not None and claim[verb].key in _ACT_KEYS
    return Title(
        span=span,
        words=words,
        claim=claim,
        verb=verb,
        source_shown=colon is not None or cue is not None or bool(quoted),
        quoted=quoted,
        hedged=any(_is_hedge(claim, i, verb) for i in range(len(claim))),
        is_act=act or bool(_SPEAKING.search(line)),
        has_verb=verb is not None
        or any(w.low in _BE or w.key in _LIGHT_KEYS or w.low in {"has", "had"} for w in claim)
        or _has_predicate(claim),
        asserts_nothing=_asserts_nothing(
            line, words, verb, shown=colon is not None or bool(quoted)
        ),
        is_feature=bool(_FEATURE.search(line)),
    )


_ACT_KEYS = frozenset(stem(word) for word in ACTS)


def _is_hedge(claim: Sequence[Word], i: int, verb: int | None) -> bool:
    """Whether a word of the claim weakens it.

    A hedging word that is itself the verb ("plans", "seeks") hedges nothing else; "set" hedges
    only as "set to" and "set for", "nears" and "nearing" only where no other verb is.
    """
    low = claim[i].low
    if low not in HEDGES or i == verb:
        return False
    if low == "set":
        return i + 1 < len(claim) and claim[i + 1].low in {"to", "for"}
    return low != "nears" or verb is None


def _colon_source(
    text: str, span: Span, words: Sequence[Word], speaker_words: frozenset[str]
) -> range | None:
    """The word numbers of "Mayor:", "- police" and the like, if the title has such a part."""
    line = span.of(text)
    colon = re.search(r":\s", line)
    if colon is not None:
        at = span.start + colon.start()
        left = [i for i, w in enumerate(words) if w.span.end <= at]
        right = [i for i, w in enumerate(words) if w.span.start >= at]
        for part in (left, right):
            if part and len(part) <= 6 and _names_speaker(words, part, speaker_words):
                return range(part[0], part[-1] + 1)
    trailing = _TRAILING.search(line)
    if trailing is not None:
        at = span.start + trailing.start()
        right = [i for i, w in enumerate(words) if w.span.start >= at]
        if right and right[0] >= 2:
            return range(right[0], right[-1] + 1)
    dash = re.search(r"\s[–—-]+\s(?=[^–—]*$)", line)
    if dash is not None:
        at = span.start + dash.start()
        right = [i for i, w in enumerate(words) if w.span.start >= at]
        if right and len(right) <= 5 and _names_speaker(words, right, speaker_words):
            return range(right[0], right[-1] + 1)
    return None


def _names_speaker(
    words: Sequence[Word], part: Sequence[int], speaker_words: frozenset[str]
) -> bool:
    lows = [words[i].low.removesuffix("'s") for i in part]
    return any(low in SPEAKER_NOUNS for low in (lows[0], lows[-1])) or any(
        words[i].is_content and low in speaker_words for i, low in zip(part, lows, strict=True)
    )


def _cue(words: Sequence[Word]) -> int | None:
    """The number of the word that attributes: "says", "claim", "study", "accused"."""
    for i, word in enumerate(words):
        if word.low not in CUES:
            continue
        before = words[i - 1].low if i else ""
        if word.low in _CUES_AFTER_SPEAKER and not (
            before in SPEAKER_NOUNS or before in {"it", "they", "he", "she"} or i == len(words) - 1
        ):
            continue
        # "Study of batteries faked", "the survey ship": a noun that only names a thing.
        if word.low in {"study", "survey", "poll", "report", "letter", "memo", "source", "sources",
                        "suit", "expert", "experts", "prosecution", "question", "questions", "calls",
                        "call", "notes", "note"} and (
            before in _BEFORE_NOUN and before != "by"
        ):  # fmt: skip
            continue
        if word.low in {"study", "survey", "poll", "report", "letter", "memo", "suit"} and (
            i == len(words) - 1 and (i == 0 or words[i - 1].low not in {"new", "says", "by"})
        ):
            continue
        if word.low in {"study", "survey", "poll", "report"} and (
            i > 0 and words[i - 1].is_content and i + 1 < len(words)
        ):
            follows = words[i + 1].low
            if follows not in CUES and follows not in {"links", "ties"}:
                continue
        return i
    return None


# "Study finds", "police confirm"; but "shipwreck found off coast", "house call".
_CUES_AFTER_SPEAKER = words_of(
    "find finds found show shows reveal reveals note notes call calls called expect expects "
    "expected report confirm confirms confirmed blame blames blamed hail hails praise praises "
    "describes adds think thinks thought question questions doubt doubts cast"
)


def _claim_words(words: Sequence[Word], colon: range | None, cue: int | None) -> tuple[Word, ...]:
    left_out: set[int] = set(colon or ())
    if cue is not None:
        left_out.add(cue)
        after = len(words) - 1 - cue
        if cue > 0 and after <= 4 and words[cue].low in {
            "say", "says", "said", "claim", "claims", "allege", "alleges", "finds", "find", "shows",
            "suggests", "suggest", "according", "warn", "warns", "believe", "report",
        } and cue >= 4:  # fmt: skip
            # "..., prosecutors say" and "..., says mayor": the source stands beside its cue.
            left_out.update(range(cue + 1, len(words)))
            if after == 0:
                left_out.update({cue - 1})
    return tuple(word for i, word in enumerate(words) if i not in left_out)


def _verb(claim: Sequence[Word]) -> int | None:
    """The index of the claim's verb: the surest form first, then the leftmost."""
    best: tuple[int, int] | None = None
    light: int | None = None
    for i, word in enumerate(claim):
        rank = _verb_rank(claim, i)
        if rank is None:
            continue
        if word.key in _LIGHT_KEYS:
            # "leaves homes without power", "made girls faint": another word carries the claim
            light = i if light is None and rank <= 2 and not word.low.endswith("ing") else light
        elif best is None or rank < best[0]:
            best = (rank, i)
    if best is None:
        return None
    # "took cash to fix the final", "got permit without paying": the rest hangs on the light verb
    hangs = best[0] >= 4 or claim[best[1]].low.endswith("ing")
    return light if hangs and light is not None and light < best[1] else best[1]


_LIGHT_KEYS = frozenset(
    stem(word)
    for word in [
        "leave",
        "make",
        "take",
        "give",
        "get",
        "put",
        "set",
        "have",
        "see",
        "face",
        "go",
        "come",
        "keep",
        "bring",
        "hold",
        "find",
        "show",
        "be",
        "do",
        "let",
        "become",
        "remain",
        "stay",
        "need",
        "mean",
        "look",
    ]
)


def _forms(verb: str) -> frozenset[str]:
    """Every regular form of a verb, last letter doubled or not: an unused one does no harm."""
    root = verb.removesuffix("e")
    twice = verb + verb[-1]
    ends_y = verb.endswith("y") and verb[-2:-1] not in set("aeiou")
    return frozenset(
        {verb, verb + "s", verb + "es", root + "ed", root + "ing", twice + "ed", twice + "ing"}
        | ({verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"} if ends_y else set())
        | ({verb + "ing"} if verb.endswith("ee") else set())
    )


_VERB_FORMS = frozenset(form for verb in VERBS for form in _forms(verb)) | frozenset(
    form
    for form, verb in IRREGULAR.items()
    if verb in VERBS and not form.endswith(("ure", "ion", "al"))
)
_BOTH_KEYS = frozenset(stem(word) for word in VERBS_OR_NOUNS)


def is_verb_form(low: str) -> bool:
    """Whether a lower-case word can be a form of a verb that headlines use."""
    return low in _VERB_FORMS


def _verb_rank(claim: Sequence[Word], i: int) -> int | None:
    """How surely a word is the verb: 0 surest, 5 least sure, `None` for no verb."""
    word = claim[i]
    low = word.low
    before = claim[i - 1].low if i else ""
    last = i == len(claim) - 1
    if word.number is not None or low in _BE or not word.is_content:
        return None
    if low not in _VERB_FORMS:
        # "residents ostracised by club": a past form that the table does not know
        unknown = low.endswith("ed") and len(low) > 5 and i and before not in _BEFORE_NOUN
        return 3 if unknown and not word.is_name else None
    sure = 1 if word.key not in _BOTH_KEYS else 2
    if before in _INFINITIVE:
        return 4 if before == "to" else 1
    if before in _BE:
        return None if low in {"back", "open", "clear", "close", "present", "last", "clean"} else 0
    # "MPs back assisted dying": a verb just before makes it the participle of a noun
    if (
        low.endswith("ed")
        and i > 1
        and not before.endswith("s")
        and (_verb_rank(claim, i - 1) or 9) <= _RANK_BOTH
    ):
        return 5
    if low.endswith(_PAST_ENDINGS) or low in _IRREGULAR_PAST:
        # "the stolen paintings": a participle before its noun
        return 5 if before in _BEFORE_NOUN or (last and i < 2) else 1
    if i == 0:
        return 5 if low.endswith("ing") or word.key not in _BOTH_KEYS else None
    if before in _BEFORE_NOUN or before.endswith("'s"):
        return None
    if low.endswith("ing"):
        if before.endswith("ed"):
            return 5
        return 2  # "US moving fighters": headlines leave out the "is"
    if low.endswith("s") and not low.endswith("ss"):
        if last and word.key in _BOTH_KEYS:
            # "Minister quits", but "the battle of the billionaire lists"
            near = {w.low for w in claim[max(0, i - 3) : i]}
            return None if near & _BEFORE_NOUN else 5
        return sure
    # a base form after a plural subject: "nurses reject", "wolf numbers double"
    if before.endswith("s") or before in _PLURALS:
        return sure
    return 5 if word.key not in _BOTH_KEYS else None


def _has_predicate(claim: Sequence[Word]) -> bool:
    """Whether an adjective stands for a sentence: "driver drunk at wheel", "bridge unsafe"."""
    return any(
        word.low in _PREDICATES
        and i > 0
        and claim[i - 1].is_content
        and (i + 1 == len(claim) or not claim[i + 1].is_content)
        for i, word in enumerate(claim)
    )


_PREDICATES = words_of(
    "drunk guilty dead ill unfit unsafe corrupt innocent toxic dangerous fake false illegal racist "
    "sexist bankrupt insolvent pregnant alive asleep drugged negligent contaminated infected rigged"
)
_RANK_BOTH = 2
_PLURALS = frozenset(["police", "people", "men", "women", "children", "and", "who", "fans"])


def _asserts_nothing(line: str, words: Sequence[Word], verb: int | None, *, shown: bool) -> bool:
    bare = line.strip().strip("\"'“”‘’ ")
    if bare.endswith("?"):
        return True
    if _LABEL.match(bare) or _LABEL_AFTER.search(bare) or _LIST_LABEL.match(bare):
        return True
    if (_WH.match(bare) or _NAMED_THING.match(bare)) and not shown:
        return True
    content = [word for word in words if word.is_content]
    if shown or verb is not None or len(words) > 9:
        return False
    if (
        words
        and words[0].low in {"the", "a", "an"}
        and not any(
            word.low in _BE or word.low in _INFINITIVE or word.low in {"has", "have"}
            for word in words
        )
    ):
        return True  # "The vanishing art of the hedge layer": a noun with its article
    if words and words[0].low in VERBS_OR_NOUNS:
        return False  # "Probe into blaze", "Row over levy": a thing that goes on
    lows = {word.low for word in words}
    states = {"is", "are", "was", "were", "has", "have", "to", "not", "no", "dead", "hurt", "missing",
              "under", "over", "still", "off", "out", "up", "down", "behind", "against", "ahead",
              "free", "guilty", "safe", "ill", "back", "set", "due", "ready", "will"}  # fmt: skip
    if lows & states or any(word.number is not None for word in words):
        return False
    # "Leader took cash": a past form of a light verb is no noun
    if lows & _IRREGULAR_PAST:
        return False
    return bool(content) and not any(
        word.low.endswith(("ed", "ing", "s")) and not word.low.endswith(("ss", "'s"))
        for word in content
    )
