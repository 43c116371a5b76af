"""Proper names in running text: where they stand, their titles, and what kind of name they are.

No trained model: a name is a run of capitalised words, cut where it cannot be one name. The kind
rests on titles, common given names, words that only bodies carry, and what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from onrecord.attribution.name_words import (
    BODIES,
    BODY_PAIRS,
    BODY_WORDS,
    BREAKERS,
    CALENDAR,
    COMPASS,
    CROWDS,
    GENERATIONS,
    OFFICES,
    OPENERS,
    PLACE_PAIRS,
    PLACES,
    QUALIFIERS,
    THINGS,
    TITLES,
)
from onrecord.attribution.roles import is_role, phrase, role_gender
from onrecord.given_names import ALSO_SURNAMES, Gender, given_gender, is_given
from onrecord.span import Span

__all__ = ["Name", "NameKind", "is_place", "known_names", "last_word", "names"]

NameKind = Literal["person", "body", "crowd", "place", "unknown"]

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĠİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ"
_ABBREVIATION = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Cmdr|Prof|Rev|Hon|St|Jr|Sr|"
    r"Atty|Sec|Pres|Supt|Det|Insp)\."
)
_PART = rf"(?:{_ABBREVIATION}|(?:[{_UP}]\.)+|(?:al-|el-|d['’])?[{_UP}](?:[\w-]|&(?=\w)|['’](?=\w)(?![sS]\b))*)"
_LINK = r"(?:of the|for the|on the|of|for|on|and|&|de la|de|del|della|da|di|dos|du|van der|van den|van|von|der|den|bin|ibn|la|le|y)"
_RUN = re.compile(rf"(?<![\w@#/]){_PART}(?:[ \u00a0](?:{_LINK}[ \u00a0])?{_PART})*")
_PIECE = re.compile(rf"{_PART}|[^\s]+")
_LINKS = frozenset(["of", "the", "for", "on", "and", "&"])
_BLANKS = " \"'“”‘’([\u00a0\t"
_CAMEL = re.compile(r"^(?!Mc|Mac|De|Di|Le|La|Van|Fitz|O['’])[A-Z][a-z]+[A-Z]")  # "PolitiFact"
_COMPLEMENTS = frozenset(
    ("Staff", "State", "Defense", "Defence", "Police", "Operations", "Education")
)
_OF_AND_TWO = 3  # words: "of Harrow Falls"
_HEADLINE_CHARS = 160
_STOPS = frozenset(".!?:\n…—")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text; `span` leaves titles and a possessive ending out.

    `titles` are the words before it that name an office or a form of address, as written. `opens`
    says that the name begins a sentence, `article` that "the" stands before it, `possessive` that
    "'s" follows.
    """

    span: Span
    words: tuple[str, ...]
    titles: tuple[str, ...]
    kind: NameKind
    gender: Gender
    opens: bool
    article: bool
    possessive: bool


def last_word(words: Sequence[str]) -> str:
    """The surname in a full name: its last word that is no "Jr." or number.

    >>> last_word(["Ann", "Low", "III"])
    'Low'
    """
    for word in reversed(words):
        if word.rstrip(".") not in GENERATIONS:
            return word
    return words[-1]


def is_place(words: Sequence[str]) -> bool:
    """Whether the words are a country, a state or a large city.

    >>> is_place(["New", "York"])
    True
    """
    return (len(words) == 1 and words[0] in PLACES) or " ".join(words) in PLACE_PAIRS


def names(text: str, scopes: Sequence[Span]) -> tuple[Name, ...]:
    """The names inside `scopes`, in order of position.

    `scopes` are disjoint spans in order, such as the paragraphs of the body. A capitalised word
    that opens a sentence and also stands in lower case on the page is no name.

    >>> [name.words for name in names("Ann Low met Mayor Bob Ray.", [Span(0, 26)])]
    [('Ann', 'Low'), ('Bob', 'Ray')]
    """
    common = frozenset(text.split())
    headlines = [scope for scope in scopes if _is_headline(text, scope)]
    found: list[Name] = []
    for scope in scopes:
        if scope in headlines:
            continue
        for match in _RUN.finditer(text, scope.start, scope.end):
            found.extend(_cut(text, match, scope, common=common))
    for scope in headlines:
        found.extend(known_names(text, scope, tuple(found)))
    return tuple(sorted(found, key=lambda name: name.span) if headlines else found)


def _is_headline(text: str, scope: Span) -> bool:
    """Whether a short paragraph is written in capitals throughout, so that they prove nothing."""
    if not 12 < scope.n_chars < _HEADLINE_CHARS:
        return False
    long = [word for word in scope.of(text).split() if len(word) > 3]
    return len(long) > 3 and not any(word[0].islower() for word in long)


def known_names(text: str, scope: Span, known: Sequence[Name]) -> tuple[Name, ...]:
    """The names of `known` that stand in `scope`, where capitals prove nothing, as in a title.

    Full names first, then surnames; each stretch of the scope belongs to one name.
    """
    forms: dict[str, Name] = {}
    for name in known:
        forms.setdefault(" ".join(name.words), name)
        if name.kind == "person":
            forms.setdefault(last_word(name.words), name)
    part = scope.of(text)
    out: list[Name] = []
    taken: list[Span] = []
    for form in sorted((form for form in forms if form in part), key=lambda form: -len(form)):
        name = forms[form]
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", part):
            span = Span(match.start(), match.end()).moved(scope.start)
            if any(span.overlaps(other) for other in taken):
                continue
            taken.append(span)
            opens = span.start == scope.start
            words = tuple(form.split(" "))
            tail = text[span.end : span.end + 2]
            out.append(
                Name(span, words, (), name.kind, name.gender, opens, False, tail in ("'s", "’s"))
            )
    return tuple(sorted(out, key=lambda name: name.span))


def _cut(text: str, match: re.Match[str], scope: Span, *, common: frozenset[str]) -> list[Name]:
    """The names in one run of capitalised words."""
    start, whole = match.start(), match.group()
    if " " not in whole and (whole in OPENERS or whole in CALENDAR):
        return []
    opens = _opens(text, start, scope)
    if " " not in whole and "\u00a0" not in whole:
        if (
            (opens and whole.lower() in common and not _keeps([(whole, start, match.end())]))
            or whole in TITLES
            or whole in QUALIFIERS
        ):
            return []
        article = text[start - 4 : start].lower() == "the "
        name = _name(text, [(whole, start, match.end())], opens=opens, article=article)
        return [name] if name is not None else []
    pieces = [
        (piece.group(), start + piece.start(), start + piece.end())
        for piece in _PIECE.finditer(whole)
    ]
    while pieces and (
        pieces[0][0] in _LINKS
        or (pieces[0][0] in OPENERS and (opens or pieces[0][0] in ("The", "I", "A")))
        or (opens and pieces[0][0].lower() in common and not _keeps(pieces[:2]))
    ):
        pieces = pieces[1:]
    article = text[max(0, start - 4) : start].lower() == "the " or (
        bool(pieces) and pieces[0][1] != start and whole.startswith("The ")
    )
    out: list[Name] = []
    for part in _parts(pieces):
        name = _name(text, part, opens=opens and part[0][1] == start, article=article)
        if name is not None:
            out.append(name)
        article = False
    return out


def _opens(text: str, start: int, scope: Span) -> bool:
    """Whether a sentence or a quotation begins at `start`."""
    if text[start - 1 : start] in ("“", "‘", '"') or text[max(0, start - 2) : start] == "''":
        return True
    at = start - 1
    while at >= scope.start and text[at] in _BLANKS:
        at -= 1
    return at < scope.start or text[at] in _STOPS or text[at - 1 : at + 1] == "--"


def _keeps(pieces: list[tuple[str, int, int]]) -> bool:
    """Whether a word that opens a sentence belongs to the name although it is a common word."""
    first = pieces[0][0]
    if first in COMPASS:
        return len(pieces) > 1
    return first in TITLES or is_given(first) or first in QUALIFIERS or first in BODY_WORDS


def _parts(pieces: list[tuple[str, int, int]]) -> list[list[tuple[str, int, int]]]:
    """The pieces cut at links that join two names instead of holding one together."""
    parts: list[list[tuple[str, int, int]]] = [[]]
    has_of = False
    for at, piece in enumerate(pieces):
        word = piece[0]
        if word in CALENDAR or (at and word in BREAKERS):
            parts.append([])
            has_of = False
            continue
        if word in _LINKS:
            left = [other[0] for other in parts[-1]]
            right = [other[0] for other in pieces[at + 1 : at + 3]]
            office = any(other in BODY_WORDS for other in left) or left[-1:] in OFFICES
            joins = word in ("of", "for", "on", "the", "&") and office
            if word == "and":
                joins = (
                    has_of
                    and bool(left)
                    and left[0] in BODY_WORDS
                    and not (right and (is_given(right[0]) or right[0] in TITLES))
                )
            if not joins:
                parts.append([])
                has_of = False
                continue
            has_of = has_of or word in ("of", "for")
        parts[-1].append(piece)
    out = []
    for part in parts:
        while part and part[-1][0] in _LINKS:
            part.pop()
        if part:
            out.append(part)
    return out


def _name(
    text: str, pieces: list[tuple[str, int, int]], *, opens: bool, article: bool
) -> Name | None:
    """The name in one part without its titles, or `None` where only a title or opener is left."""
    words = [piece[0] for piece in pieces]
    begin = _begin(words)
    titles, own = tuple(words[:begin]), words[begin:]
    if not own or (
        len(own) == 1
        and (own[0] in OPENERS or own[0] in QUALIFIERS or own[0] in COMPASS or len(own[0]) < 2)
    ):
        return None
    span = Span(pieces[begin][1], pieces[-1][2])
    kind = _kind(tuple(own), titles, article=article and begin == 0)
    gender: Gender = ""
    if kind in ("person", "unknown"):
        gender = _gender(own, titles)
    return Name(
        span,
        tuple(own),
        titles,
        kind,
        gender,
        opens,
        article and begin == 0,
        text[span.end : span.end + 2] in ("'s", "’s")
        or text[span.end : span.end + 1] in ("'", "’"),
    )


def _begin(words: list[str]) -> int:
    """The index of the first word of the name itself, behind titles and qualifiers."""
    if words[-1] in BODY_WORDS or words[-1] in BODIES:
        return 0
    last_title = -1
    for at, word in enumerate(words[:-1]):
        if word in TITLES:
            last_title = at
    if last_title >= 0:
        begin = last_title + 1
        if words[begin] in ("of", "for"):  # "Secretary of State Ann Low", "Mayor of Leeds"
            given = next((at for at in range(begin, len(words) - 1) if is_given(words[at])), 0)
            if given or len(words) - begin < 3 or _body(words[-1:]):
                return given or len(words)
            if words[begin + 1] in _COMPLEMENTS:
                return begin + 2
            # "Mayor of Harrow Falls": a place of two words is as likely as a place and a surname
            return len(words) - 2 if len(words) - begin > _OF_AND_TWO else len(words)
        while begin < len(words) - 1 and words[begin] in QUALIFIERS:  # "Attorney General Ann Low"
            begin += 1
        return begin
    for at in range(1, len(words) - 1):  # "Texas Republican Ann Low"
        if is_given(words[at]) and not is_given(words[at - 1]) and not _initial(words[at - 1]):
            before = words[:at]
            if all(word in QUALIFIERS or word in PLACES or word in BODIES for word in before):
                return at
            if any(word in BODY_WORDS or word in QUALIFIERS for word in before):
                return at
            if before[-1] in CROWDS or phrase(before[-1]).kind in ("role", "crowd"):
                return at
    begin = 0
    if len(words) > 2 and is_role(words[0].lower()):
        begin = 1
    single = phrase(words[-1]).kind in ("document", "body")  # "National Report" is one name
    while (
        begin < len(words) - (2 if single else 1)
        and words[begin] in QUALIFIERS
        and not _body(words)
    ):
        begin += 1
    return begin if begin < len(words) and len(words) - begin >= 1 else 0


def _initial(word: str) -> bool:
    return len(word) <= 2 and word.endswith(".")


def _body(words: Sequence[str]) -> bool:
    return any(word in BODY_WORDS or word in BODIES for word in words) or is_place(words)


@cache
def _kind(words: tuple[str, ...], titles: tuple[str, ...], *, article: bool) -> NameKind:
    """The kind of a name from its own words."""
    if " ".join(words) in BODY_PAIRS:
        return "body"
    if is_place(words) and not titles:
        return "place"
    if words[-1] in CROWDS:
        return "crowd"
    last = words[-1]
    if last in THINGS:
        return "place"
    if len(words) > 1 and is_given(words[0]) and last not in BODY_WORDS and "of" not in words:
        return "person"
    if any(word in BODY_WORDS for word in words) or last in BODIES:
        return "body"
    if titles and any(title in TITLES for title in titles) and not article:
        return "person"
    if "of" in words or "for" in words or "&" in "".join(words):
        return "body"
    if last.isupper() and 2 <= len(last.replace(".", "")) <= 6:
        return "body"
    if is_given(words[0]) and not article:
        return "person"
    if _CAMEL.search(last):
        return "body"
    first = words[0].replace(".", "")
    if len(words) > 1 and len(first) > 1 and first.isupper():
        return "body"
    return "unknown"


def _gender(words: list[str], titles: tuple[str, ...]) -> Gender:
    for title in titles:
        gender = TITLES.get(title, "") or role_gender(title.lower())
        if gender:
            return gender
    if len(words) == 1:
        return "" if titles or words[0] in ALSO_SURNAMES else given_gender(words[0])
    return given_gender(words[0]) or (given_gender(words[1]) if _initial(words[0]) else "")
