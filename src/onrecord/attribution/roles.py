"""Nouns that name a role, a body, a document or a crowd, and the head noun of a phrase.

The lists are closed and small on purpose: a noun that stands in none of them is `thing`, and a
thing is joined to nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from onrecord.given_names import Gender
from onrecord.wordlists import words

__all__ = [
    "Phrase",
    "PhraseKind",
    "head_word",
    "is_body",
    "is_role",
    "phrase",
    "role_gender",
    "same_role",
    "without_determiner",
]

PhraseKind = Literal["role", "body", "document", "crowd", "source", "thing"]

_FEMALE_ROLES = words(
    """
    spokeswoman congresswoman businesswoman chairwoman councilwoman actress heiress hostess queen
    princess duchess mother wife daughter sister aunt grandmother widow woman girl niece
    stepmother girlfriend fiancee fiancée alderwoman policewoman saleswoman noblewoman
    assemblywoman mom ex-wife
    """
)
_MALE_ROLES = words(
    """
    spokesman congressman businessman chairman councilman actor king prince duke father husband
    son brother uncle grandfather widower man boy nephew stepfather boyfriend fiancé alderman
    policeman salesman nobleman assemblyman frontman fisherman fireman gunman dad ex-husband
    """
)
_ROLES = (
    _FEMALE_ROLES
    | _MALE_ROLES
    | words(
        """
    eyewitness passenger abbess nun bystander onlooker undersheriff fighter militant motorist tourist
    accountant activist actor adjutant administrator admiral adviser advisor advocate agent aide
    ally ambassador analyst anchor anchorman anthropologist apprentice archbishop architect artist
    assistant astronaut athlete attorney author ayatollah banker baron barrister billionaire
    biographer biologist bishop blogger boss broadcaster broker builder campaigner candidate
    captain cardinal carpenter celebrity ceo cfo challenger chancellor chaplain charge chemist
    chief clergyman cleric clerk climatologist coach coauthor co-author co-founder co-host
    cofounder colonel columnist comedian commander commentator commissioner composer comptroller
    congressmember conservative constable consul consultant contender contributor controller
    convict coordinator coroner correspondent councillor councilor counsel counselor counsellor
    creator critic curator dean defendant delegate deputy designer detective developer dictator
    diplomat director dissident doctor donor driver ecologist economist editor educator emir
    emperor employee engineer entrepreneur envoy epidemiologist executive expert farmer filmmaker
    financier firefighter footballer founder front-runner frontrunner gangster general geologist
    governor guard guest head headteacher historian holder host hopeful hygienist incumbent
    infectiologist informant inspector instructor interviewer inventor investigator investor
    journalist judge justice laureate lawmaker lawyer leader lecturer legend legislator lender
    liberal librarian lieutenant lobbyist magistrate magnate major manager marshal mayor
    meteorologist midwife millionaire minister moderator mogul monarch musician negotiator
    neighbor neighbour neuroscientist nominee novelist nurse officer official ombudsman operative
    operator opponent organiser organizer owner painter parent partner pastor patient patriarch
    pediatrician philanthropist philosopher photographer physician physicist pilot planner player
    playwright poet politician pollster pope premier preacher president priest principal producer
    professor programmer prosecutor protester psychiatrist psychologist publicist publisher rabbi
    rapper rector referee registrar regulator reporter representative republican researcher
    resident rival sailor scholar scientist screenwriter secretary senator sergeant sheik sheikh
    sheriff singer skipper socialist sociologist soldier solicitor spokesperson spy staffer star
    statesman statistician strategist student superintendent supervisor surgeon surrogate survivor
    suspect teacher teenager theologian therapist trader trainer treasurer trustee tutor tycoon
    undersecretary veteran vet victim viceroy volunteer warden whistleblower winner witness worker
    writer youngster zoologist democrat veep vp speaker lady whip minister-president newsman
    newswoman nationalist libertarian heir son-in-law son_in_law vice-president
    """
    )
)
_BODIES = words(
    """
    academy administration agency airline alliance army assembly association authority bank board
    broadcaster bureau business cabinet campaign cartel center centre chain chamber charity church
    city clinic club coalition college commission committee company conglomerate congress
    consortium corporation council county court daily department embassy employer factory
    federation firm force foundation fund government group hospital household industry institute
    institution jury kingdom laboratory lab league legislature magazine maker manufacturer
    military ministry mission municipality museum nation navy network newspaper nonprofit ngo
    office operator organisation organization outlet outfit owner pac panel paper parliament party
    police producer publication publisher regime regulator republic retailer school senate service
    site squad state station supplier supermarket taskforce team think-tank tank treasury tribunal
    trust union university utility watchdog website country white-house leadership newsroom
    """
)
_DOCUMENTS = words(
    """
    register registry disclaimer photo photograph picture image clip diary minutes transcription
    affidavit agreement analysis announcement article audit audio ballot bill biography blog book
    brief briefing broadcast brochure bulletin caption census chapter charter column commentary
    communique communiqué complaint contract cover data declaration decree deposition directive
    document documentary dossier draft editorial email e-mail essay evidence excerpt figures file
    filing findings footage form guidance guideline headline indictment interview invoice journal
    law lawsuit leaflet ledger letter log manifesto manual memo memoir memorandum message motion
    newsletter note notice op-ed opinion order page paper passage petition piece plan platform
    poll post posting poster prospectus publication readout record records recording release
    report reports research resolution review ruling script settlement speech statement statistics
    statute story study subpoena suit summary survey tape testimony text transcript treaty tweet
    verdict video warrant website will writ ad advert advertisement numbers documents emails polls
    studies surveys
    """
)
_CROWDS = words(
    """
    academics activists advisers advisors advocates aides allies analysts argument attendees
    attorneys audience authorities backers bloggers campaigners candidates citizens colleagues
    columnists commentators conservatives consumers crowd critics customers delegates
    demonstrators detractors diplomats doctors donors economists editors employees everyone
    everybody executives experts families fans folks foes friends historians immigrants
    investigators investors journalists lawmakers lawyers leaders legislators liberals lobbyists
    locals many media members men millennials mothers neighbors neighbours observers officers
    officials operatives opponents organizers organisers others outsiders parents participants
    people physicians pollsters politicians press professors proponents prosecutors protesters public pundits
    readers relatives reporters representatives republicans democrats researchers residents
    respondents rivals rumors rumours scientists senators skeptics sceptics some staff staffers
    strategists students supporters surrogates survivors taxpayers teachers users veterans victims
    reps execs villagers viewers voters witnesses women workers youth establishment electorate base left
    right world nobody none someone somebody anyone one ones those both several few most half
    majority
    """
)
_SOURCES = words(
    """
    source sources insider insiders informant informants whistleblower
    """
)

# Titles of one office; a role mention joins a name that carries any word of the same set.
_SAME = tuple(
    frozenset(group.split())
    for group in (
        "senator sen lawmaker legislator",
        "representative rep congressman congresswoman lawmaker legislator",
        "governor gov",
        "general gen commander",
        "spokesman spokeswoman spokesperson",
        "candidate nominee contender hopeful front-runner frontrunner",
        "attorney lawyer counsel barrister solicitor",
        "adviser advisor aide strategist consultant operative",
        "reporter journalist correspondent",
        "journalist columnist anchor host editor writer",
        "professor prof scholar academic historian economist",
        "doctor dr physician surgeon",
        "judge justice magistrate",
        "businessman businesswoman billionaire mogul tycoon magnate developer entrepreneur",
        "analyst expert",
        "diplomat ambassador envoy",
        "officer detective sergeant lieutenant captain policeman sheriff",
        "ceo chief executive boss head",
        "pontiff pope",
        "president commander-in-chief",
        "chairman chairwoman chair chairperson",
        "author writer novelist",
        "minister premier",
        "star actor actress singer rapper comedian",
        "researcher scientist",
        "secretary diplomat",
        "priest reverend rev pastor minister",
    )
)

_ROLE_ENDINGS = (
    "alist",
    "ologist",
    "ianist",
    "mentalist",
    "onist",
    "arian",
    "-in-chief",
    "-elect",
    "keeper",
)
_DETERMINER = re.compile(
    r"(?:(?P<definite>the|this|that|these|those)|(?P<indefinite>an?|one|another|some|several|many|few|"
    r"other|two|three|four|five|six|more|most|any|no)|(?P<possessive>his|her|its|their|my|our|your))\s+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[,;:()“”\"—–]|\s-\s|\s(?:of|for|at|in|from|with|on|by|to|about|near|inside|who|whom|whose|that|"
    r"which|speaking|familiar|close|involved|working|named|called|as|and|or|is|was|under|behind|like|"
    r"briefed|directly|against|over|within|outside|between|into|representing|covering|leading|"
    r"elected|appointed|named|based|running|seeking|backed|charged|accused|through|after|before|during|since|until|without)\b|"
    r"\s(?:earlier|later|last|this)\s(?:in\s|on\s)?(?:this\s|the\s)?(?:week|month|year|day|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)
_PUBLIC = frozenset(("public", "political", "senior", "leading", "prominent", "top", "opposition"))
_YEARS_OLD = re.compile(r"^\d+-year-old$")
_POSSESSOR = re.compile(r"[^,;:“”\"]{2,60}(?:\w['’]s|s['’])\s")
_WORD = re.compile(r"[^\W_][\w'’.\-]*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that names a speaker without a name: its head noun and how it is determined.

    `determiner` is `definite`, `indefinite`, `possessive` or the empty string; `words` are the
    words from the determiner to the head, in lower case, without either.
    """

    head: str
    kind: PhraseKind
    determiner: str
    plural: bool
    gender: Gender
    words: tuple[str, ...]


def without_determiner(text: str) -> str:
    """The phrase without its first determiner.

    >>> without_determiner("a former envoy")
    'former envoy'
    """
    match = _DETERMINER.match(text)
    return text[match.end() :] if match else text


def head_word(text: str) -> str:
    """The head noun of a noun phrase in lower case, empty if it has no word.

    The head is the last word before the first comma, preposition or relative word.

    >>> head_word("the deputy mayor of Port Ellis")
    'mayor'
    """
    words = _head_words(text)
    return words[-1] if words else ""


def _head_words(text: str) -> list[str]:
    bare = without_determiner(text)
    cut = _CUT.search(bare)
    words = _WORD.findall(bare[: cut.start()] if cut else bare)
    return [_plain(word) for word in words]


def _plain(word: str) -> str:
    word = word.lower().rstrip(".")
    return word[:-2] if word.endswith(("'s", "’s")) else word


def is_role(word: str) -> bool:
    """Whether the lower-case noun names a role that one person can hold."""
    if word in _ROLES or word in _SOURCES:
        return True
    return word.endswith(_ROLE_ENDINGS) and len(word) > 6


def is_body(word: str) -> bool:
    """Whether the lower-case noun names a body of people, such as a firm or a committee."""
    return word in _BODIES


def role_gender(word: str) -> Gender:
    """`f` or `m` where the role noun itself shows it ("spokeswoman"), else the empty string."""
    if word in _FEMALE_ROLES or (word.endswith("woman") and len(word) > 5):
        return "f"
    if word in _MALE_ROLES or word.endswith("sman"):
        return "m"
    return ""


def same_role(word: str, other: str) -> bool:
    """Whether two role nouns in lower case can name one office."""
    return word == other or any(word in group and other in group for group in _SAME)


def phrase(text: str) -> Phrase:
    """What a phrase without a name at its head stands for.

    >>> found = phrase("the former envoy")
    >>> found.head, found.kind, found.determiner
    ('envoy', 'role', 'definite')
    """
    match = _DETERMINER.match(text)
    determiner = match.lastgroup or "" if match else ""
    words = _head_words(text)
    if not words:  # "some", "many", "one of the"
        words = [_plain(word) for word in _WORD.findall(text)[:1]]
    head = words[-1] if words else ""
    kind, plural = _kind(head)
    if head == "figures" and _PUBLIC & set(words):
        kind, plural = "crowd", True
    if kind == "thing" and _YEARS_OLD.search(head):
        kind = "role"
    if _POSSESSOR.match(text) and determiner in ("", "definite"):
        determiner = "possessive"
    if re.match(
        r"(?:one|two|some|several|many|most|both|none|few|all)\s+of\b", text, re.IGNORECASE
    ):
        kind, plural = "crowd", True
    if (
        determiner == "indefinite"
        and match
        and not re.match(r"(?:an?|one|another)\b", text, re.IGNORECASE)
    ):
        plural = True
    return Phrase(head, kind, determiner, plural, role_gender(head), tuple(words[:-1]))


def _kind(head: str) -> tuple[PhraseKind, bool]:
    """The kind of a head noun, and whether it is plural."""
    if head in _SOURCES:
        return "source", head.endswith("s")
    if head in _CROWDS:
        return "crowd", True
    if is_role(head):
        return "role", False
    if head in _BODIES:
        return "body", False
    if head in _DOCUMENTS:
        return "document", head.endswith("s") and not head.endswith("ss")
    if head.endswith("s"):
        single = head[:-3] + "y" if head.endswith("ies") else head[:-1]
        if is_role(single) or head.endswith("men"):
            return "crowd", True
        if single in _BODIES:
            return "crowd", True
        if single in _DOCUMENTS:
            return "document", True
    return "thing", head.endswith("s")
