"""What a number counts, and the content words of a text: stems, groups of like words, contrasts."""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from onrecord.evidence.number_words import Token

__all__ = ["CONTRASTS", "GRAMMAR", "counted_noun", "is_plural", "stem"]

GRAMMAR = frozenset(
    """the a an and or but nor of in on at to from by for with as is are was were be been being has
    have had having do does did will would can could may might must should shall it its he his him
    she her hers they their them this that these those who whom whose which what where when there
    here than then so such into onto over under about after before during between among within
    without through per since until till while also both each every either neither any some all not
    no nor only just even still yet already again very too quite rather more most less least other
    another own same we our us i you your my me if because although though however therefore up out
    off down s t re ve ll d around across against along alone according amid upon via like one ones
    nearly almost roughly approximately total overall number numbers amount figure figures rate
    above below exceeding fewer higher lower greater minimum maximum limit
    said say says saying told reported report reports according found estimated least""".split()
)
_LIKE = """person people resident inhabitant individual citizen human population populace villager
die dead fatal death kill killed killing fatality deadly perish claim-life life
cost budget price
earn generate collect gross grossing earnings revenue takings make take box
employ employee staff worker job work payroll book workforce
win victory won
critic review reviewer
case infection positive infected confirmed patient
begin start launch began begun open opened opening
fall drop decline decrease lower shrink halve sink
rise grow increase climb gain raise jump surge
flee fled escape leave
injure hurt wound injury injured injuries
child kid
house home household
show series
film movie picture
song single track
team side club
match game
release publish issue
sell sale sold
build built construct erect date
rating score rated mark
viewer audience watch view
last take lasted took spend spent serve served
reach peak hit chart
member strong
hold have contain store consist
car vehicle
attend crowd draw visitor attendance
marry marriage wed
fine penalty
pupil schoolchild
country nation state
position place number rank finish come
subscriber follower
weight weigh
height tall high
length long
seat sit
percent share
flood flooding
coronavirus covid sars
test testing
copy unit
recover cure cured recovery
worldwide globally global world
abroad overseas foreign international outside territory
marry wedding"""
_IRREGULAR = """men man;women woman;children child;people person;feet foot;lives life;wives wife;
died die;dying die;killed kill;rose rise;risen rise;fell fall;fallen fall;grew grow;grown grow;won
win;came come;sold sell;sale sell;bought buy;made make;took take;taken take;built build;wrote write;written
write;came come;went go;gone go;led lead;left leave;lost lose;paid pay;said say;began begin;begun
begin;held hold;met meet;ran run;sat sit;spent spend;stood stand;saw see;seen see;gave give;given
give;got get;had have;cut cut;hit hit;drew draw;sank sink;sunk sink;signed sign;striking strike;
struck strike;born birth;votes vote;voters vote;voted vote;voter vote;voting vote;titles title;
movies movie;cities city;series series;dead dead;police police;dying die;lay lie;hurt hurt;viewership
viewer;viewers viewer;burned burn;burnt burn;passed pass;long long;opening open;opened open;held
hold;confirmed confirmed;grossing gross;grossed gross;released release;selling sell;seats seat"""


def _irregular() -> dict[str, str]:
    return {pair.split()[0]: pair.split()[1] for pair in _IRREGULAR.replace("\n", " ").split(";")}


_FORMS: Mapping[str, str] = MappingProxyType(_irregular())


def _plain_stem(low: str) -> str:
    if low in _FORMS:
        return _FORMS[low]
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    for ending in ("sses", "shes", "ches", "xes"):
        if low.endswith(ending):
            return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        low = low[:-1]
    if len(low) > 5 and low.endswith("ing"):
        low = low[:-3]
    elif len(low) > 4 and low.endswith("ed"):
        low = low[:-2]
    else:
        return low[:-1] if len(low) > 4 and low.endswith("e") else low
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "sl":
        low = low[:-1]
    return low[:-1] if len(low) > 4 and low.endswith("e") else low


def _groups() -> dict[str, str]:
    out: dict[str, str] = {}
    for line in _LIKE.splitlines():
        names = [_plain_stem(name) for name in line.split()]
        for name in names:
            out.setdefault(name, names[0])
    return out


_GROUPS: Mapping[str, str] = MappingProxyType(_groups())


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """A word's stem, alike for words that say the same of a number ("killed", "deaths").

    >>> stem("deaths") == stem("killed"), stem("inhabitants") == stem("people")
    (True, True)
    """
    plain = _plain_stem(low)
    return _GROUPS.get(plain, plain)


# In each line a number of the one is no number of the other.
_CONTRASTS = """north northern | south southern | east eastern | west western
man male boy men | woman female girl women | child children
adult | child children
first | second | third | fourth | final | semi
july | august | june | may | march | april | january | february | september | october | november | december
monday | tuesday | wednesday | thursday | friday | saturday | sunday
born | died | death | married
build founded written opened | repaired sold restored closed | demolished
birth | die | marry
found | sell | clos
written write | release | record
start begin | end ended finish
rise | fall
long | wide | deep | tall | heavy | old
high | wide | deep
length | depth | width | height | weight
export | import
home domestic | abroad overseas foreign international
before | after
average mean | oldest youngest highest lowest maximum minimum
minimum | maximum
richest rich | poorest poor
buy paid bought pay | sell
plan planned plans expects expect order ordered | built hired hire build deliver delivered has
for favour | against
win | lose
day daily | year yearly annual annually | month monthly | week weekly
old | new
mother | daughter | father | son | brother | sister
red | blue | green | white | black
wheat | barley | oat | rye
goal | assist
die | injure | recover | arrest
recovered | hospital | died
pass passed | take effect
summer | winter | spring | autumn
morning | evening | afternoon | night
public | private
urban | rural
young | elderly
this | last | next
owns | lends
magnitude | depth"""


def _contrasts() -> dict[str, frozenset[str]]:
    """For each stem the stems that it stands against."""
    out: dict[str, set[str]] = {}
    for line in _CONTRASTS.splitlines():
        sides = [{stem(name) for name in side.split()} for side in line.split("|")]
        for side in sides:
            for name in side:
                others = set().union(*(other for other in sides if other is not side))
                out.setdefault(name, set()).update(others - side)
    return {name: frozenset(others) for name, others in out.items()}


CONTRASTS: Mapping[str, frozenset[str]] = MappingProxyType(_contrasts())

_PASSED = frozenset(
    """of the its their his her these those other new more additional further different such
    confirmed full whole extra estimated""".split()
)
_PLURALS = frozenset("people men women children police feet lives dead cattle sheep staff".split())
_NO_NOUNS = frozenset("years days km metres was is has does this as times".split())
_NO_FIRST = frozenset(
    "long wide deep high tall old heavy away north south east west time times".split()
)
_MOST_WORDS = 4


def counted_noun(read: Sequence[Token], i: int) -> str:
    """The stem of the noun that a number ending before token `i` counts; "" where none follows."""
    first = ""
    seen = 0
    if i < len(read) and read[i].text == "-" and i + 1 < len(read) and read[i + 1].is_word:
        return stem(read[i + 1].low)
    for at in range(i, min(len(read), i + _MOST_WORDS + 4)):
        token = read[at]
        if not token.is_word:
            if first and (token.text == "-" or (token.is_digits and read[at - 1].text == "-")):
                continue  # 780 COVID-19 cases
            break
        low = token.low
        if not first and (low in _PASSED or (at > i and token.text[0].isupper())):
            continue  # 10% of the Greenwich population
        if low in GRAMMAR:
            break
        if is_plural(low):
            return stem(low)
        first = first or low
        seen += 1
        if seen > _MOST_WORDS:
            break
    is_noun = first and first not in _NO_FIRST and not first.endswith(("ed", "ly"))
    return stem(first) if is_noun else ""


def is_plural(low: str) -> bool:
    """Whether a word looks like what a number counts: "ships", "people"."""
    return low in _PLURALS or (_looks_plural(low) and low not in _NO_NOUNS)


def _looks_plural(low: str) -> bool:
    return len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is"))
