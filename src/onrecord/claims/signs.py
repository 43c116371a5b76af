"""Signs in a sentence that it states something that can be looked up, or that it does not.

Each sign is a pattern over the words; `signs` counts them. The same signs decide whether a claim
can be checked, what kind it is, and how much the rule twin thinks it deserves a check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["SIGN_NAMES", "Signs", "signs"]

_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|"
    "seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|"
    "quarter|third|double[ds]?|triple[ds]?|twice"
)
_PATTERNS = {
    "number": rf"\d|\b(?:{_NUMBER_WORDS})\b",
    "money": r"[$€£¥]\s?\d|\b(?:dollars?|euros?|pounds?|cents?|budget|deficit|debt)\b",
    "share": r"%|\b(?:percent(?:age)?|per cent|rate|share|majority|average|median)\b",
    "year": r"\b(?:1[6-9]|20)\d\d\b|\b(?:years?|months?|decades?|century|centuries)\b",
    "comparison": (
        r"\b(?:more|less|fewer|higher|lower|larger|bigger|smaller|greater|faster|slower|worse|"
        r"better|than|most|least|highest|lowest|largest|biggest|smallest|fastest|first|last|"
        r"only|record)\b"
    ),
    "change": (
        r"\b(?:rose|risen|rises?|fell|fallen|falls?|grew|grown|grows?|dropped|drops?|increase[ds]?|"
        r"decrease[ds]?|decline[ds]?|doubled|tripled|halved|cut|raised|lost|gained|created|"
        r"added|shrank|soared|plunged|went (?:up|down))\b"
    ),
    "cause": (
        r"\b(?:because|caused?|causes|led to|leads? to|due to|result(?:ed|s)? (?:in|of)|thanks to|"
        r"responsible for|contributed to|as a result|blamed?)\b"
    ),
    "law": (
        r"\b(?:laws?|bills?|acts?|voted?|votes|passed|signed|vetoed|ruled|ruling|court|treaty|"
        r"constitution|legislation|regulations?|amendment|elected|appointed|served|convicted|"
        r"sentenced|banned|legal|illegal|tax(?:es)?|policy|supported|opposed|sponsored|co-sponsored)\b"
    ),
    "event": (
        r"\b(?:killed|died|attacked|invaded|built|opened|closed|founded|won|arrested|fired|hired|"
        r"launched|bombed|sold|bought|sent|found|discovered|happened|occurred|was|were|had|did|"
        r"has been|have been|made|took|gave|went|came|left|began|became)\b"
    ),
    "absolute": r"\b(?:all|every|never|always|none|no one|nobody|nothing|everyone|any|entire|zero)\b",
    "quote": r"[\"“”«»]",
    "denial": r"\b(?:not|n['’]t|no|never|neither|nor)\b|n['’]t\b",
    "question": r"\?\s*[\"”»)]*\s*$",
    "future": (
        r"\b(?:will|won['’]t|shall|going to|gonna|would|['’]ll|tomorrow|next (?:week|month|year)|"
        r"expected to|likely to|set to|plans? to|about to|by 20[3-9]\d)\b|['’]ll\b"
    ),
    "promise": (
        r"\b(?:(?:i|we)(?:['’]ll| will| shall|['’]m going to|['’]re going to| promise| pledge|"
        r" want to| intend to| plan to)|should|must|ought to|need to|needs to|have to|has to|let['’]s|let us)\b"
    ),
    "opinion": (
        r"\b(?:i (?:think|believe|feel|guess|hope|love|hate|like|suppose)|we (?:think|believe|feel|hope)|"
        r"in my (?:view|opinion)|terrible|wonderful|great|awful|beautiful|ugly|amazing|disgrace\w*|"
        r"shame\w*|horrible|fantastic|tremendous|ridiculous|stupid|brilliant|outrageous|disgusting|"
        r"embarrass\w*|incredible|perfect|best thing|worst thing|disaster|unfair|wrong|evil|sad|proud|"
        r"important|interesting|boring|delicious|charming|elegant|clumsy|fascinating|inspiring|"
        r"disappointing|dull|superb|remarkable|unacceptable|reckless|courageous|cowardly|foolish|wise)\b"
    ),
    "first_person": r"\b(?:i|me|my|mine|myself|i['’](?:m|ve|d))\b",
    "feeling": (
        r"\b(?:(?:i|we) (?:felt|feel|saw|remember|was|were|am|had|have been|could see|knew|"
        r"wanted|dreamed|cried|woke|grew up|met|thought)|my (?:mother|father|wife|husband|son|daughter|"
        r"family|heart|life|friend|childhood))\b"
    ),
    "talk": (
        r"\b(?:thank(?:s| you)|good (?:evening|morning|night)|welcome|please|excuse me|hello|sir|"
        r"ladies and gentlemen|senator|governor|mr\. president|let me|look|well|you know|okay)\b"
    ),
    "vague": r"\b(?:something|things?|stuff|somehow|somewhere|someone|somebody|sort of|kind of|whatever|etc)\b",
}
SIGN_NAMES = (*_PATTERNS, "names", "words", "short", "pronoun_start", "past")

_NAME = re.compile(r"(?<![.!?\"“] )(?<!^)\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,6}")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PRONOUN_START = re.compile(
    r"^\W*(?:and |but |so )?(?:it|this|that|they|these|those|he|she|there)\b", re.IGNORECASE
)
_PAST = re.compile(r"\b\w{2,}ed\b|\b(?:was|were|had|did)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """How often each sign stands in a text; `SIGN_NAMES` gives the order of `counts`.

    `words` counts tens of words up to 4, `short` is 1 under 5 words; the others count up to 3.
    """

    counts: tuple[float, ...]

    def __getitem__(self, name: str) -> float:
        return self.counts[SIGN_NAMES.index(name)]


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS.values())


def signs(text: str) -> Signs:
    """The signs of one sentence or clause; linear in its length.

    >>> signs("The bridge cost 12 million euros")["money"]
    1.0
    """
    counts = [float(min(3, sum(1 for _ in form.finditer(text)))) for form in _compiled()]
    n_words = len(_WORD.findall(text))
    counts += [
        float(min(3, sum(1 for _ in _NAME.finditer(text)))),
        min(4.0, n_words / 10),
        float(n_words < 5),
        float(_PRONOUN_START.search(text) is not None),
        float(min(3, sum(1 for _ in _PAST.finditer(text)))),
    ]
    return Signs(tuple(counts))
