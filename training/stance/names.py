"""Consistent swaps of names, numbers and negation: the invariances and contrasts trained for.

The word lists are short and hand-written; they only need to cover what is swapped *for*. What is
swapped is found in the text itself: capitalised words that the corpus hardly ever writes small.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import random
import re

from onrecord.evidence.masks import FIXED, WORD

FIRST = """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Lisa Matthew Nancy Anthony Betty
Mark Sandra Donald Margaret Steven Ashley Paul Kimberly Andrew Emily Joshua Donna Kenneth Michelle
Kevin Carol Brian Amanda George Melissa Edward Deborah Ronald Stephanie Timothy Rebecca Jason Laura
Jeffrey Helen Ryan Sharon Jacob Cynthia Gary Kathleen Nicholas Amy Eric Angela Jonathan Shirley
Stephen Anna Larry Ruth Justin Brenda Scott Pamela Brandon Nicole Benjamin Katherine Samuel Emma
Frank Christine Gregory Catherine Raymond Debra Alexander Rachel Patrick Carolyn Jack Janet Dennis
Maria Jerry Heather Tyler Diane Aaron Olivia Jose Julie Henry Joyce Adam Victoria Peter Kelly Carlos
Ahmed Fatima Wei Mei Hiroshi Yuki Priya Arjun Ivan Olga Lars Ingrid Pierre Claire Giulia Marco Juan
Sofia Kwame Amina Chinedu Ngozi Mehmet Elif Tariq Leila Bill Hillary Barack Joe Kamala Bernie Mitt
Boris Theresa Angela Emmanuel Justin Vladimir Rahul Nigel Keir Tony Gordon Ted Marco Nancy Chuck
Mitch Al Jimmy Walter Dwight Harry Franklin Herbert Lyndon Gerald Dick Dan Lloyd Ross Sarah Tim Mike""".split()
LAST = """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez
Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez
Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green
Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Okafor Mensah Haddad Yilmaz Kowalski
Novak Horvat Jansen Lindqvist Moretti Rossi Dubois Lefevre Schneider Weber Ivanov Petrov Tanaka
Suzuki Chen Wang Singh Sharma Patel Khan Rahman Silva Santos Costa Almeida Obama Trump Clinton Biden
Bush Sanders Romney McCain Gore Reagan Nixon Kennedy Carter Ford Dole Perot Mondale Dukakis Kerry
Cheney Pence Kaine Ryan Harris Warren Cruz Rubio Kasich Johnson Blair Cameron Merkel Macron Putin
Modi Starmer Sunak Farage Corbyn Truss Trudeau Orban Bolsonaro Lula Netanyahu Erdogan Zelensky""".split()
COUNTRY = """Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Bangladesh Belgium
Bolivia Brazil Bulgaria Cambodia Cameroon Canada Chile China Colombia Croatia Cuba Denmark Ecuador
Egypt Estonia Ethiopia Finland France Germany Ghana Greece Guatemala Haiti Hungary Iceland India
Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kenya Kuwait Latvia Lebanon Libya
Malaysia Mexico Morocco Nepal Netherlands Nigeria Norway Pakistan Panama Peru Philippines Poland
Portugal Romania Russia Rwanda Senegal Serbia Singapore Slovakia Somalia Spain Sudan Sweden
Switzerland Syria Taiwan Tanzania Thailand Tunisia Turkey Uganda Ukraine Uruguay Venezuela Vietnam
Yemen Zambia Zimbabwe Britain England Scotland Wales America""".split()
DEMONYM = """American British French German Italian Spanish Russian Chinese Japanese Indian Canadian
Australian Mexican Brazilian Iranian Iraqi Israeli Palestinian Turkish Greek Polish Irish Scottish
Swedish Norwegian Danish Dutch Belgian Austrian Swiss Egyptian Nigerian Kenyan Korean Vietnamese
Ukrainian Syrian Pakistani Afghan Cuban Colombian Chilean Argentine Portuguese Hungarian""".split()
STATE = """Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia
Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan
Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee
Texas Utah Vermont Virginia Wisconsin Wyoming""".split()
PARTY = """Republican Democratic Conservative Labour Liberal Green Socialist Democrat""".split()
PARTIES = """Republicans Democrats Conservatives Liberals Socialists Greens""".split()
CITY = """London Paris Berlin Madrid Rome Vienna Moscow Tokyo Beijing Delhi Mumbai Cairo Lagos Nairobi
Sydney Toronto Chicago Boston Houston Dallas Seattle Denver Atlanta Miami Detroit Phoenix Dublin
Oslo Stockholm Helsinki Warsaw Prague Budapest Athens Lisbon Istanbul Tehran Baghdad Jakarta Manila
Bangkok Seoul Havana Bogota Lima Santiago Glasgow Manchester Liverpool Birmingham Leeds""".split()
OUTLET = """CNN BBC NBC CBS MSNBC Reuters Bloomberg Newsweek Guardian Telegraph Breitbart Politico""".split()
KINDS = (FIRST, LAST, COUNTRY, DEMONYM, STATE, PARTY, PARTIES, CITY, OUTLET)
NUMBER = re.compile(
    r"(?<![\w.,$£€-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,$£€-])\d+(?:\.\d+)?(?![\w,.-]*\w)"
)
BOUNDED = re.compile(
    r"\b(more|less|fewer|over|under|above|below|about|around|nearly|almost|than|least|most|up to|"
    r"approximately|roughly|between|before|after|since|until|till|by|exceed\w*|within|first|last)\b",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(is|was|are|were|has|had|have|can|will|could|would|did|does|do)\b(?! not\b|n't)"
)
NEGATED = re.compile(
    r"\b(not|no|never|none|nobody|nothing|neither|nor|without|cannot|only|all|every|each|any|few|some|"
    r"most|many|at least|just|exclusively)\b|n't\b",
    re.IGNORECASE,
)


def counterpart(word: str, generic: list[str], rng: random.Random) -> str:
    """Return another name of the kind of ``word``; one of ``generic`` where the kind is unknown."""
    for kind in KINDS:
        if word in kind:
            return rng.choice([other for other in kind if other != word])
    return rng.choice(generic)


def shared_names(claim: str, evidence: str, rarely_small: set[str]) -> list[str]:
    """Return the capitalised words of ``claim`` that are names and stand in ``evidence`` too."""
    there = set(WORD.findall(evidence))
    found = dict.fromkeys(WORD.findall(claim))
    return [w for w in found if w in there and w in rarely_small and w not in FIXED]


def other_number(text: str, rng: random.Random) -> str:
    """Return a number of the same form as ``text`` that differs clearly from it."""
    if "," in text:
        value = int(text.replace(",", ""))
        return f"{max(1000, int(value * rng.choice((0.3, 0.5, 0.7, 1.4, 1.9, 3)))):,}"
    if "." in text:
        places = len(text.split(".")[1])
        return f"{float(text) * rng.choice((0.4, 0.6, 1.5, 2.2)) + 0.1:.{places}f}"
    value = int(text)
    if 1500 < value < 2100 and len(text) == 4:  # a year
        return str(value + rng.choice((-30, -12, -7, -4, -3, -2, -1, 1, 2, 3, 4, 7, 12, 30)))
    if value < 10:
        return str(rng.choice([n for n in range(1, 12) if n != value]))
    return str(max(1, int(value * rng.choice((0.3, 0.5, 0.7, 1.3, 1.6, 2, 4)))))


def swap_number(claim: str, evidence: str, rng: random.Random) -> str | None:
    """Return ``claim`` with one number changed that ``evidence`` states exactly, or None.

    A number under "more than", "about" and the like is left alone: another may still be true.
    """
    found = []
    for m in NUMBER.finditer(claim):
        there = re.search(rf"(?<![\w.,]){re.escape(m.group())}(?![\w])", evidence)
        if there is None or BOUNDED.search(claim[max(0, m.start() - 24) : m.start()]):
            continue
        if not BOUNDED.search(evidence[max(0, there.start() - 24) : there.start()]):
            found.append(m)
    if not found:
        return None
    m = rng.choice(found)
    new = other_number(m.group(), rng)
    if new == m.group() or re.search(rf"(?<!\d){re.escape(new)}(?!\d)", evidence):
        return None
    return claim[: m.start()] + new + claim[m.end() :]


def negate(claim: str) -> str | None:
    """Return ``claim`` with its one auxiliary negated, or None where that is not safe."""
    if (
        NEGATED.search(claim)
        or len(VERB.findall(claim)) != 1
        or " and " in claim
        or " or " in claim
    ):
        return None
    m = VERB.search(claim)
    if m is None or m.start() == 0:
        return None
    if m.group() in {"has", "have", "had"} and not re.match(r" (been|\w+ed)\b", claim[m.end() :]):
        return None
    return f"{claim[: m.end()]} not{claim[m.end() :]}"
