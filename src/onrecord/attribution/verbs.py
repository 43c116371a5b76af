"""Words that attribute: verbs in all their forms, what they take, and closed classes of English.

Chosen by reading news articles; the counts behind the choice are in docs/adr (rules). A verb's
frame says what may follow it and where its content may stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

__all__ = [
    "ADVERBS",
    "AUXILIARIES",
    "BE",
    "DETERMINERS",
    "NEGATIONS",
    "PREPOSITIONS",
    "PRONOUNS",
    "TIME_WORDS",
    "Form",
    "Frame",
    "Verb",
    "verb_forms",
    "words_of",
]


def words_of(words: str) -> frozenset[str]:
    """The words of a table, parted by white space."""
    return frozenset(words.split())


class Frame(IntFlag):
    """What a verb takes as content."""

    SAY = 1  # anything: clause, quotation, noun phrase, and content may stand before it
    TELL = 2  # a listener stands between verb and content
    OBJECT = 4  # a noun phrase, gerund or clause to the right
    CLAUSE = 8  # only "that", a question word, a colon or a quotation
    TO = 16  # an infinitive with "to", or a clause
    NOUN = 32  # base form and "-s" form are nouns as well
    QUOTE = 64  # only together with a quotation: "he laughed"
    PHRASAL = 128  # only with one of its particles
    WEAK = 256  # attitude, not speech


class Form(IntFlag):
    """The form of a verb."""

    BASE = 1
    S = 2
    PAST = 4
    PARTICIPLE = 8
    ING = 16


class Verb(NamedTuple):
    """One word form: its verb, its forms, its frame and the particles it may or must take."""

    lemma: str
    form: int
    frame: int
    particles: tuple[str, ...]


_SAY = """
say add note argue tweet explain declare respond reply claim conclude insist state suggest announce
write predict recall acknowledge admit concede assert boast joke lament remark stress emphasize
emphasise reiterate complain quip opine contend allege confirm disclose reveal comment caution
counter confess confide exclaim shout yell chant whisper mutter scream elaborate forecast
hint imply indicate interject intone muse proclaim profess protest recount retort signal speculate
surmise testify theorize warn wonder fume gush rant attest affirm reaffirm swear relay
agree concur posit reckon blog gripe grouse grumble crow vent email report
maintain reason object caution snap scoff marvel enthuse deadpan bellow thunder opine demur
vow promise pledge mock post
conjecture disagree
"""
_TELL = """
tell ask remind inform assure urge notify implore beg persuade convince """
_OBJECT = """
accuse criticize criticise call describe endorse praise blame defend denounce condemn dismiss reject
deny question mock ridicule slam blast bash assail lambaste lambast decry deride deplore
chastise castigate rebuke scold berate skewer excoriate tout hail laud applaud commend welcome thank
congratulate cite mention reference invoke discuss highlight underscore underline label dub
deem consider portray depict characterize characterise liken attribute ascribe express voice
echo propose recommend demand request advocate oppose support dispute rebut refute
downplay fear doubt anticipate predict admire resent regret suspect presume blame foresee envision retweet post detail outline list urge summarize
disavow repudiate debunk apologise disparage vilify insult lampoon trash pan savage
bemoan malign belittle rap roast admonish upbraid denigrate credit compliment salute
challenge order encourage estimate view favor favour prefer threaten press
showcase hammer contrast want reassure trumpet preach extol espouse discount
"""
_CLAUSE = """
add hope wish expect vow promise pledge maintain observe repeat charge respond reply counter signal hint reason object protest
conclude confess jest report insist joke complain marvel lament
think believe know find show learn see feel discover realize realise understand recognize recognise
remember decide determine rule demonstrate prove read figure imagine guess continue dream calculate judge caution point answer publish sing
"""
_TO = """
want hope plan vow promise pledge seek refuse decline threaten intend agree offer wish aspire
resolve consent aim opt expect
"""
_QUOTE = """
begin laugh smile nod sigh chuckle finish interrupt grin shrug implore
"""
_WEAK = words_of(
    """
    want hope plan seek intend wish aspire aim fear doubt think believe know feel see understand
    support oppose favor favour prefer consider regard view expect admire resent suspect presume
    assume imagine dream back press embrace remember recognize recognise decide opt offer attack
    anticipate foresee envision realize realise
    """
)
_NOUN = words_of(
    """
    claim report plan hope support state note comment remark request demand question promise
    pledge offer fear doubt view estimate project charge attack challenge order list post email
    tweet signal protest back favor thank blame voice label brand detail outline project joke
    attack hint boast rule aim wish object credit salute press call answer guess show read open
    close start finish laugh smile nod reference highlight address estimate forecast caution
    counter reason crow snap pan savage trash rap roast feel hold point chant blast slam praise
    vow brief insult vent mean decline echo welcome embrace rant gripe dispute charge relay
    regret dream stress figure scream whisper contact need discount
    """
)
# Verbs that count only with a particle: the longest match is taken.
_PHRASAL = {
    "point": ("out", "to"),
    "refer": ("to",),
    "talk": ("about", "of", "up"),
    "speak": ("about", "of", "out against", "out in favor of", "out"),
    "rail": ("against", "at"),
    "rule": ("out", "in favor of", "against", "for", "on"),
    "allude": ("to",),
    "lash": ("out at", "out"),
    "hit": ("back at", "back", "out at"),
    "shoot": ("back", "down"),
    "fire": ("back at", "back"),
    "push": ("back against", "back on", "back", "for"),
    "side": ("with",),
    "vote": ("for", "against"),
    "lay": ("out",),
    "spell": ("out",),
    "call": ("for", "on", "out", "upon"),
    "brag": ("about", "of", "that"),
    "weigh": ("in on", "in"),
    "warn": ("of", "against", "about"),
    "complain": ("about", "of"),
    "speculate": ("about", "on"),
    "comment": ("on", "about"),
    "apologize": ("for",),
    "worry": ("about", "that", "over"),
    "agree": ("with", "on"),
    "disagree": ("with", "on"),
    "boast": ("of", "about"),
    "write": ("about", "of"),
    "go": ("on to say", "on to add", "on to tell", "after", "on"),
    "focus": ("on",),
    "insist": ("on",),
    "argue": ("for", "against"),
    "respond": ("to",),
    "reply": ("to",),
    "joke": ("about",),
    "vouch": ("for",),
    "hint": ("at",),
    "elaborate": ("on",),
    "expound": ("on",),
    "dwell": ("on",),
    "claim": ("responsibility for", "credit for"),
    "make": ("clear", "it clear", "known", "the case", "the point", "the argument", "the claim",
             "plain", "reference to", "fun of", "no mention of", "mention of"),
    "take": ("issue with", "a shot at", "a swipe at", "aim at", "to twitter", "credit for"),
    "give": ("credit to",),
    "issue": ("a statement", "a warning", "a call"),
    "release": ("a statement",),
    "swipe": ("at",),
    "object": ("to",),
    "gloss": ("over",),
    "double": ("down on",),
    "reflect": ("on",),
    "heap": ("praise on", "scorn on"),
    "distance": ("himself from", "herself from", "themselves from", "itself from"),
    "come": ("out against", "out in favor of", "out in support of", "out for", "to the defense of"),
    "put": ("it", "forward", "forth"),
    "plead": ("guilty to", "guilty", "not guilty", "with", "for"),
    "look": ("forward to",),
    "approve": ("of",),
    "disapprove": ("of",),
    "play": ("down",),
    "swear": ("to",),
    "testify": ("about", "against"),
    "attribute": (),
    "inquire": ("about",),
    "raise": ("questions about", "concerns about", "doubts about", "the question of",
              "the possibility of", "the specter of"),
    "sound": ("the alarm",),
    "turn": ("attacks on",),
}  # fmt: skip
_PARTICLE_REQUIRED = words_of(
    """
    point refer talk speak rail allude lash hit shoot fire push side vote lay spell brag weigh apologize worry go focus vouch expound dwell make take give issue
    release swipe distance come put plead look gloss double reflect heap approve disapprove play inquire raise sound turn
    rule
    """
)
_IRREGULAR = {
    "say": ("said", "said"), "tell": ("told", "told"), "write": ("wrote", "written"),
    "think": ("thought", "thought"), "know": ("knew", "known"), "find": ("found", "found"),
    "show": ("showed", "shown"), "see": ("saw", "seen"), "feel": ("felt", "felt"),
    "understand": ("understood", "understood"), "hear": ("heard", "heard"),
    "read": ("read", "read"), "mean": ("meant", "meant"), "hold": ("held", "held"),
    "teach": ("taught", "taught"), "begin": ("began", "begun"), "sing": ("sang", "sung"),
    "swear": ("swore", "sworn"), "forecast": ("forecast", "forecast"), "speak": ("spoke", "spoken"),
    "hit": ("hit", "hit"), "shoot": ("shot", "shot"), "lay": ("laid", "laid"),
    "go": ("went", "gone"), "set": ("set", "set"), "make": ("made", "made"),
    "take": ("took", "taken"), "give": ("gave", "given"), "come": ("came", "come"),
    "put": ("put", "put"), "seek": ("sought", "sought"), "foresee": ("foresaw", "foreseen"),
    "learn": ("learned", "learned"), "prove": ("proved", "proven"), "beg": ("begged", "begged"),
    "rebut": ("rebutted", "rebutted"), "quip": ("quipped", "quipped"), "plan": ("planned", "planned"),
    "dub": ("dubbed", "dubbed"), "snap": ("snapped", "snapped"), "pan": ("panned", "panned"),
    "rap": ("rapped", "rapped"), "admit": ("admitted", "admitted"), "refer": ("referred", "referred"),
    "slam": ("slammed", "slammed"), "nod": ("nodded", "nodded"), "grin": ("grinned", "grinned"),
    "shrug": ("shrugged", "shrugged"), "brag": ("bragged", "bragged"), "opt": ("opted", "opted"),
    "demur": ("demurred", "demurred"), "blog": ("blogged", "blogged"), "repeat": ("repeated", "repeated"),
    "dream": ("dreamed", "dreamed"), "confer": ("conferred", "conferred"),
    "label": ("labeled", "labelled"), "signal": ("signaled", "signalled"),
    "quit": ("quit", "quit"), "cast": ("cast", "cast"), "plead": ("pleaded", "pled"),
    "extol": ("extolled", "extolled"), "spell": ("spelled", "spelt"),
    "crow": ("crowed", "crowed"), "regret": ("regretted", "regretted"), "roast": ("roasted", "roasted"),
}  # fmt: skip

DETERMINERS = words_of(
    """
    the a an this that these those his her its their our my your some any no every each both all
    several many most few another other one two three four five six seven eight nine ten
    """
)
PRONOUNS = words_of(
    """
    i he she it they we you who some many others most all several few everyone everybody someone
    somebody anyone nobody both one those which that
    """
)
BE = words_of(
    """
    is are was were be been being am isn't aren't wasn't weren't get gets got
    """
)
AUXILIARIES = BE | words_of(
    """
    has have had having do does did will would could should can may might must shall 've 'd 'll
    cannot
    """
)
NEGATIONS = words_of(
    """
    not never n't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't hasn't
    haven't hadn't isn't aren't wasn't weren't neither nor hardly no
    """
)
ADVERBS = words_of(
    """
    also later then now once always often even still already just only first further again ever
    soon long twice thus therefore instead too simply merely almost yet meanwhile however not
    never recently
    """
)
PREPOSITIONS = words_of(
    """
    in on at during after before from to of about via through by with for as since until despite
    under over against between among into upon within without outside inside near around
    following amid across toward towards regarding like
    """
)
TIME_WORDS = words_of(
    """
    monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight
    earlier later afterward afterwards recently morning evening night afternoon week month year
    last this ago late early mid-week repeatedly
    """
)


@cache
def verb_forms() -> Mapping[str, Verb]:
    """Every form of every verb that can be a cue, in lower case with straight apostrophes."""
    frames: dict[str, int] = {}
    for words, frame in (
        (_SAY, Frame.SAY),
        (_TELL, Frame.TELL),
        (_OBJECT, Frame.OBJECT),
        (_CLAUSE, Frame.CLAUSE),
        (_TO, Frame.TO),
        (_QUOTE, Frame.QUOTE),
    ):
        for lemma in words.split():
            frames[lemma] = frames.get(lemma, 0) | int(frame)
    for lemma in _PHRASAL:
        frames.setdefault(lemma, 0)
    out: dict[str, Verb] = {}
    for lemma, frame_bits in frames.items():
        bits = frame_bits
        if lemma in _NOUN:
            bits |= Frame.NOUN
        if lemma in _WEAK:
            bits |= Frame.WEAK
        if lemma in _PARTICLE_REQUIRED:
            bits |= Frame.PHRASAL
        particles = tuple(sorted(_PHRASAL.get(lemma, ()), key=len, reverse=True))
        for word, form in _inflected(lemma):
            known = out.get(word)
            both = int(form) | (known.form if known and known.lemma == lemma else 0)
            out[word] = Verb(lemma, both, int(bits), particles)
    return MappingProxyType(out)


def _inflected(lemma: str) -> list[tuple[str, Form]]:
    if lemma in _IRREGULAR:
        past, participle = _IRREGULAR[lemma]
    elif lemma.endswith("e"):
        past = participle = lemma + "d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = participle = lemma[:-1] + "ied"
    else:
        past = participle = lemma + "ed"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        third = lemma[:-1] + "ies"
    elif lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = lemma + "es"
    else:
        third = lemma + "s"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe")):
        ing = lemma[:-1] + "ing"
    elif past.endswith(lemma[-1] * 2 + "ed") and not lemma.endswith(("ll", "ss")):
        ing = past[:-2] + "ing"
    elif lemma in {"put", "set", "hit", "quit"}:
        ing = lemma + "ting"
    elif lemma == "begin":
        ing = "beginning"
    else:
        ing = lemma + "ing"
    return [
        (lemma, Form.BASE),
        (third, Form.S),
        (past, Form.PAST),
        (participle, Form.PARTICIPLE),
        (ing, Form.ING),
    ]
