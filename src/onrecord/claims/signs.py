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
        r"has been|have been|made|took|gave|went|came|left(?!-)|began|became)\b"
    ),
    "absolute": r"\b(?:all|every|never|always|none|no one|nobody|nothing|everyone|any|entire|zero)\b",
    "quote": r"[\"“”«»]",
    "denial": r"\b(?:not|n['’]t|no|never|neither|nor)\b|n['’]t\b",
    "question": r"\?[\s\"”»’')]*$",
    "future": (
        r"\b(?:will|won['’]t|shall|going to|gonna|would|['’]ll|tomorrow|next (?:week|month|year)|"
        r"expected to|likely to|set to|plans? to|about to|by 20[3-9]\d)\b|['’]ll\b"
    ),
    "modal": (
        r"\b(?:could|(?-i:may)|might|possib(?:le|ly|ility)|perhaps|maybe|likely|poised|"
        r"on track to|in danger of|at risk of|a chance (?:to|of|that)|stands? to|tends? to|"
        r"threatens? to|expects?)\b"
    ),
    "promise": (
        r"\b(?:(?:i|we)(?:['’]ll| will| shall|['’]m going to|['’]re going to| promise| pledge|"
        r" want to| intend to| plan to)|should|must|ought to|need to|needs to|have to|has to|let['’]s|let us|"
        r"(?:we|you)['’]ve got to)\b"
    ),
    "intent": (
        r"\b(?:(?:hopes?|aims?|wants?|vows?|pledges|promises) to|hopes? (?:that|the)|"
        r"(?:goal|fight|aim|mission|hope) is (?:to|that))\b"
    ),
    "opinion": (
        r"\b(?:i (?:think|believe|feel|guess|hope|love|hate|like|suppose)|we (?:think|believe|feel|hope)|"
        r"in my (?:view|opinion)|terrible|wonderful|great|awful|beautiful|ugly|amazing|disgrace\w*|"
        r"shame\w*|horrible|fantastic|tremendous|ridiculous|stupid|brilliant|outrageous|disgusting|"
        r"embarrass\w*|incredible|perfect|best thing|worst thing|disaster|unfair|wrong|evil|sad|proud|"
        r"important|interesting|boring|delicious|charming|elegant|clumsy|fascinating|inspiring|"
        r"disappointing|dull|superb|remarkable|unacceptable|reckless|courageous|cowardly|foolish|wise|"
        r"unfortunate(?:ly)?|ironic(?:ally)?|troubling|absurd|shocking|appalling|alarming|hopeless|"
        r"pathetic|silly|naive|dishonest|hypocri\w+|racist|sexist|bigot\w*|cruel|kind-hearted|caring|"
        r"heartless|petty|weak|bad|good|nice|lovely|fun|funny|scary|crazy|insane|smart|dumb|honest|"
        r"genuine(?:ly)?|truly|clearly|obviously|frankly|surely|arguably|undoubtedly|simply|just fine|"
        r"devot(?:ed|ion)|hero(?:es|ic)?|coward|fool|bully|loser|winner|greatness|genius|magnificent|"
        r"masterpiece|memorable|breathtaking|mediocre|clever|gripping|tedious|lovable|adoring|terrific|deadly|toxic|"
        r"impressive|paltry|nebulous|fragile|curious(?:ly)?|surprising(?:ly)?|inevitabl[ey]|infamous|"
        r"deliberately|grim(?:mer)?|immoral|sincere(?:ly)?|insult|ruin|whim|vitriol|fear-?mongering|"
        r"betray\w*|radical|extreme(?:ly)?|dangerous(?:ly)?|controversial|irresponsible|powerful|"
        r"strong(?:er|est)?|beloved|iconic|legendary|popular|successful(?:ly)?|respected|feared|"
        r"poor(?:ly)?|rich|smug|arrogant|greedy|toothless|hollow|bold|brave|decent|shallow|lazy)\b"
    ),
    "motive": (
        r"\b(?:cares? (?:about|for|deeply)|does(?:n['’]t| not) care|understands? (?:that|what|how)|"
        r"in (?:his|her|its|their) heart|real(?:ly)? wants?|best interests?|does(?:n['’]t| not) know who|"
        r"do(?:n['’]t| not) know (?:who|what|why|how)|pretend(?:s|ing)?|eager|desperate(?:ly)?|"
        r"seen as|viewed as|the notion that|"
        r"sends? a (?:message|signal)|what (?:matters|this means)|that means|the (?:point|truth|fact) is|"
        r"of course|after all|as if|no wonder|bound to|in fact|actually|really|nothing (?:but|more|less)|"
        r"so-called|to be sure|supposed(?:ly)?|such an?|so much|kind of|sort of|the (?:real )?problem)\b"
    ),
    "judged": (
        r"^\W*(?:and |but |so |yes,? |no,? )?(?:it|this|that|these|those|there)(?:['’]s| is| are|['’]re| was)"
        r" (?:not |just |only |such |really |simply |a |an |the |some |my |our |her |his |their |too |so |very |"
        r"all |about |what |why |how |beyond |more |much )"
    ),
    "first_person": r"\b(?:i|me|my|mine|myself|i['’](?:m|ve|d))\b",
    "feeling": (
        r"\b(?:(?:i|we) (?:felt|feel|remember|could see|could feel|knew|wanted|dreamed|dream|cried|"
        r"thought|loved?|enjoy(?:ed)?|miss(?:ed)?|worr(?:y|ied)|feared|hoped|wondered|am (?:so |very )?"
        r"(?:happy|sad|proud|afraid|grateful|honou?red|excited|angry|tired|sorry))|"
        r"i['’]m (?:so |very |just )?(?:happy|sad|proud|afraid|grateful|honou?red|excited|angry|tired|sorry)|"
        r"my (?:heart|life|childhood|feelings?|dreams?)|(?:feels?|felt) like)\b"
    ),
    "talk": (
        r"\b(?:thank(?:s| you)|good (?:evening|morning|night)|welcome|please|excuse me|hello|sir|"
        r"ladies and gentlemen|senator|governor|mr\. president|let me|look|well|you know|okay)\b"
    ),
    "vague": r"\b(?:something|things?|stuff|somehow|somewhere|someone|somebody|sort of|kind of|whatever|etc)\b",
}
SIGN_NAMES = (
    *_PATTERNS, "names", "words", "short", "pronoun_start", "past", "ahead", "verb", "order"
)  # fmt: skip

_NAME = re.compile(r"(?<![.!?\"“] )(?<!^)\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,6}")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PRONOUN_START = re.compile(
    r"^\W*(?:and |but |so )?(?:it|this|that|they|these|those|he|she|there)\b", re.IGNORECASE
)
# Words that end like a past tense and are none.
_NOT_PAST = r"(?!(?:need|indeed|speed|feed|seed|weed|breed|bleed|exceed|proceed|succeed|hundred|kindred|sacred|naked|wicked|beloved|united|limited|so-called)\b)"
_PAST = re.compile(
    rf"\b{_NOT_PAST}\w{{2,}}ed\b|\b(?:was|were|had|did|said|told|went|came|took|gave|won|lost|fell|rose|"
    r"began|became|made|held|led|met|ran|wrote|spoke|found|sent|sold|bought|built|left(?!-)|knew|saw|"
    r"paid|kept|brought|taught|caught|fought|sought|drew|drove|grew|flew|threw|broke|chose|shot|stood|"
    r"understood|laid|spent|meant|heard|struck|swore|withdrew)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"{_PATTERNS['future']}|{_PATTERNS['modal']}", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|can|could|may|might|must|"
    r"should|[a-z]{2,}(?:ed|es|ing|[^s\W]s)|said|says|went|came|took|gave|won|lost|fell|rose|"
    r"began|became|made|held|led|met|ran|wrote|spoke|found|sent|sold|bought|built|left(?!-)|hit|cut|put|"
    r"set|quit|shut)\b|['’](?:s|re|m|ve|ll|d)\b|(?<=\w )[A-Z][a-z]+[^\s\Ws]s(?= \w)"
)
_ORDER = re.compile(
    r"^\W*(?:please |just |now |so |and )?(?:come|go|vote|read|see|click|follow|watch|listen|look|tell|"
    r"ask|let|don['’]t|do not|stop|stay|keep|get|give|take|make|join|sign|subscribe|share|remember|"
    r"imagine|think|consider|forget|call|e-?mail|contact|send|visit|check|try|wait|thank|help|save|"
    r"be|never|raise|stand)\s(?!\w+(?:s|ed)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """How often each sign stands in a text; `SIGN_NAMES` gives the order of `counts`.

    `words` counts tens of words up to 4, `short` is 1 under 5 words, `ahead` is 1 where a future or
    a mere possibility stands before any past tense, `verb` and `order` are 1 or 0; the others count
    up to 3.
    """

    counts: tuple[float, ...]

    def __getitem__(self, name: str) -> float:
        return self.counts[SIGN_NAMES.index(name)]


# "May" and "may" differ, so that this one reads the text as it is.
_CASED = "modal"


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """The forms in the order of `_PATTERNS`, and whether each reads the text in lower case.

    That takes half the time of ignoring case, and the forms are most of the time of `signs`.
    """
    return tuple(
        (re.compile(form, re.IGNORECASE if name == _CASED else re.NOFLAG), name != _CASED)
        for name, form in _PATTERNS.items()
    )


def signs(text: str) -> Signs:
    """The signs of one sentence or clause; linear in its length.

    >>> signs("The bridge cost 12 million euros")["money"]
    1.0
    """
    lower = text.lower()
    counts = [
        float(min(3, sum(1 for _ in form.finditer(lower if lowers else text))))
        for form, lowers in _compiled()
    ]
    n_words = len(_WORD.findall(text))
    counts += [
        float(min(3, sum(1 for _ in _NAME.finditer(text)))),
        min(4.0, n_words / 10),
        float(n_words < 5),
        float(_PRONOUN_START.search(text) is not None),
        float(min(3, sum(1 for _ in _PAST.finditer(text)))),
        float(_ahead(text)),
        float(_VERB.search(text) is not None),
        float(_ORDER.search(text) is not None),
    ]
    return Signs(tuple(counts))


def _ahead(text: str) -> bool:
    """Whether the first word of time looks ahead: the main verb stands before those inside."""
    ahead = _AHEAD.search(text)
    past = _PAST.search(text)
    return ahead is not None and (past is None or ahead.start() < past.start())
