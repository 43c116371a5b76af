"""The named persons, bodies and places of a page: which names are one, and what is said of them.

A full name comes first; surnames, first names and acronyms are joined to it afterwards, wherever
they stand. What two full names share is never enough to make them one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from onrecord.attribution.names import Name, last_word
from onrecord.attribution.roles import (
    head_word,
    is_body,
    is_role,
    phrase,
    role_gender,
    without_determiner,
)
from onrecord.given_names import Gender, is_given
from onrecord.span import Span
from onrecord.wordlists import words

__all__ = ["Entity", "EntityKind", "add_roles", "entities", "matching"]

EntityKind = Literal["person", "body", "crowd", "place", "unknown", "role", "document", "source"]

_ADDRESS = words(
    """
    Mr. Mr Mrs. Mrs Ms. Ms Miss Sir Madam
    """
)
_APPOSITION = re.compile(
    r",\s++(?P<words>(?:who\s+is\s++)?(?:[^,.;:“”\"()\n—–]|\b[A-Z]\.|\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|St)\.)"
    r"{3,110})(?=[,.;:\n—–]|\swho\b)"
)
_COPULA = re.compile(
    r"\s(?:is|was)\s(?P<words>(?:an?|the)\s[^,.;:“”\"()\n—–]{3,90})(?=[,.;:\n—–]|\s(?:who|and)\b)"
)
_ROLE_THEN_NAME = re.compile(
    r"(?<![\w])(?P<words>(?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er|[A-Z][\w.]*['’]s)\s[^,.;:“”\"()\n]{3,70}),\s$"
)
_AGE = re.compile(r",\s(?:\d{1,3},|age\s|aged\s)")
_GENDER_CUE = re.compile(r"\b(?:he|his|him|himself|she|her|herself)\b", re.IGNORECASE)
_ADDRESS_LAST = re.compile(r"\s(?:Mr|Mrs|Ms|Dr|Sir|Miss)\.?$")
_RELATIVE = re.compile(r"\s(?:which|who|whose|that)\s")
_ACRONYM = re.compile(r"\s\((?P<acronym>[A-Z][A-Za-z&.]{1,9})\)")
_NO_APPOSITION = words(
    """
    through by with in on at for from to after before and but or as like including while when
    """
)
_MODIFIERS = words(
    """
    former senior deputy chief top vice executive assistant associate acting interim presidential
    campaign foreign policy political communications press national security economic state local
    federal house senate white democratic republican billionaire longtime veteran retired managing
    fellow super legal personal private public general prime finance defense health party tax
    labor conservative liberal progressive real estate news radio television talk talk-show show
    business investigative staff district city county police army navy team project program
    research opposition
    """
)


@dataclass(slots=True, eq=False)
class Entity:
    """One person, body, document or crowd while a page is being read; ordered by first mention.

    `mentions` hold every joined span and the word that says why it was joined.
    """

    words: tuple[str, ...]
    kind: EntityKind
    gender: Gender = ""
    plural: bool = False
    name: str = ""
    named: bool = True
    mentions: list[tuple[Span, str, Span | None]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    role_heads: set[str] = field(default_factory=set)
    acronyms: set[str] = field(default_factory=set)
    with_article: int = 0
    doubtful: bool = False  # a role that may be somebody named on the page

    @property
    def first(self) -> Span:
        """The earliest mention; the span that joins point back to."""
        return min(mention[0] for mention in self.mentions)

    def add_role(self, role: str) -> None:
        """Keeps a role as written, without its determiner, once."""
        role = _ADDRESS_LAST.sub("", without_determiner(role.strip()))
        role = _RELATIVE.split(role, maxsplit=1)[0]
        if not role or role in self.roles:
            return
        self.roles.append(role)
        head = head_word(role)
        self.role_heads.add(head)
        self.gender = self.gender or role_gender(head)


def entities(text: str, found: Sequence[Name]) -> list[Entity | None]:
    """For each name in `found` the entity that it belongs to.

    A single word that opens a sentence and belongs to no longer name is left out (`None`): it may
    be any word.
    """
    owners: list[Entity | None] = [None] * len(found)
    index = _Index()
    order = sorted(range(len(found)), key=lambda at: -len(found[at].words))
    for at in order:
        name = found[at]
        if len(name.words) > 1:
            owners[at] = index.long_name(text, name)
    sure = frozenset(name.words[0] for name in found if len(name.words) == 1 and not name.opens)
    for at, name in enumerate(found):
        if len(name.words) == 1:
            owners[at] = index.single_name(text, name, sure=sure)
    for entity in index.made:
        entity.mentions.sort(key=lambda mention: mention[0])
    for name, owner in zip(found, owners, strict=True):
        if owner is not None:
            add_roles(text, name, owner)
    _settle(text, index.made)
    _gender_cues(text, found, owners)
    return owners


@dataclass(slots=True)
class _Index:
    """The entities made so far, by their whole name and by single words of it."""

    made: list[Entity] = field(default_factory=list)
    by_key: dict[tuple[str, ...], Entity] = field(default_factory=dict)
    by_word: dict[str, list[Entity]] = field(default_factory=dict)

    def long_name(self, text: str, name: Name) -> Entity:
        """The entity of a name of several words; a longer form of it was placed before."""
        key = _key(name)
        entity = self.by_key.get(key)
        if entity is None:
            entity = self._new(text, name, key)
            for word in {last_word(name.words), name.words[0]}:
                self.by_word.setdefault(_plain(word), []).append(entity)
            if name.kind == "person" and len(key) > 2:
                self.by_key.setdefault((key[0], key[-1]), entity)
                self.by_key.setdefault(key[1:], entity)
            if name.kind != "person":
                letters = "".join(part[0] for part in name.words if part[0].isupper())
                self.by_word.setdefault(letters, []).append(entity)
            acronym = _ACRONYM.match(text, name.span.end)
            if acronym:
                self.by_word.setdefault(_plain(acronym["acronym"]), []).append(entity)
                entity.acronyms.add(_plain(acronym["acronym"]))
        word = "name" if key[0] == _plain(entity.words[0]) else "surname"
        return _mentioned(entity, name, word)

    def single_name(self, text: str, name: Name, *, sure: frozenset[str]) -> Entity | None:
        """The entity of one word; `sure` are words that are names elsewhere on the page."""
        word = _plain(name.words[0])
        options = matching(word, self.by_word.get(word, ()), name)
        if options:
            entity = _chosen(options, name)
            if not name.titles:
                name = replace(name, gender="")
            return _mentioned(entity, name, _why(word, entity))
        known = self.by_key.get((word,))
        if known is None:
            common = name.opens and name.kind == "unknown" and not name.titles
            if common and (name.words[0] not in sure or phrase(name.words[0]).kind != "thing"):
                return None
            known = self._new(text, name, (word,))
            known.plural = name.kind == "crowd"
        if name.titles and known.kind == "unknown":
            known.kind = name.kind
        return _mentioned(known, name, "name")

    def _new(self, text: str, name: Name, key: tuple[str, ...]) -> Entity:
        entity = Entity(name.words, name.kind, name.gender, name=name.span.of(text))
        self.by_key[key] = entity
        self.made.append(entity)
        return entity


def _mentioned(entity: Entity, name: Name, word: str) -> Entity:
    entity.mentions.append((name.span, word, None))
    entity.with_article += name.article
    entity.gender = entity.gender or name.gender
    return entity


def _key(name: Name) -> tuple[str, ...]:
    """What makes two long names the same: middle initials and "Jr." do not count."""
    words = tuple(_plain(word) for word in name.words)
    if name.kind == "person" and len(words) > 2:
        kept = [
            word for word in words[1:] if len(word) > 1 and word not in ("Jr", "Sr", "II", "III")
        ]
        return (words[0], *kept) if kept else words
    return words


def _plain(word: str) -> str:
    return word.replace(".", "").replace("’", "'")


def matching(word: str, options: Sequence[Entity], name: Name) -> list[Entity]:
    """The longer names that a single word can stand for."""
    out = []
    for entity in options:
        person = entity.kind in ("person", "unknown")
        if name.kind in ("place", "crowd") and not name.titles:
            continue
        if name.article and entity.kind == "person":
            continue
        if name.titles and entity.kind == "body":
            continue
        if name.gender and entity.gender and name.gender != entity.gender:
            continue
        last = _plain(last_word(entity.words)) == word
        first = _plain(entity.words[0]) == word
        if (
            (person and (last or (first and not name.titles and entity.kind == "person")))
            or (
                entity.kind == "body"
                and (
                    word in entity.acronyms
                    or (word.isupper() and len(word) > 1 and not last)
                    or (last and name.article)
                    or (first and name.kind == "unknown" and not is_given(word) and not name.titles)
                )
            )
            or (entity.kind == "unknown" and word.isupper() and len(word) > 2)
        ):
            out.append(entity)
    return out


def _chosen(options: list[Entity], name: Name) -> Entity:
    """The entity that a short name most likely means: a person by surname, named before it."""
    word = _plain(name.words[0])

    def rank(entity: Entity) -> tuple[bool, bool, int]:
        surname = entity.kind in ("person", "unknown") and _plain(last_word(entity.words)) == word
        before = entity.mentions[0][0].start < name.span.start
        return (not surname, not before, entity.mentions[0][0].start)

    return min(options, key=rank)


def _why(word: str, entity: Entity) -> str:
    if word.isupper() and len(word) > 1 and word not in entity.words:
        return "acronym"
    if entity.kind == "body":
        return "acronym" if word.isupper() else "short_name"
    return "surname" if _plain(last_word(entity.words)) == word else "first_name"


def add_roles(text: str, name: Name, entity: Entity) -> None:
    """Adds to `entity` the roles that stand at one of its names: title, before it, in apposition."""
    title = " ".join(word for word in name.titles if word not in _ADDRESS)
    if title:
        entity.add_role(title)
    if entity.kind not in ("person", "unknown", "body"):
        return
    end = name.span.end
    following = text[end : end + 2]
    if following == ", ":
        match = _APPOSITION.match(text, end)
        if match:
            words = re.sub(r"^who(?:\s+is|['’]s)\s+", "", match["words"])
            _keep(words, entity)
        elif entity.kind == "unknown" and _AGE.match(text, end):
            entity.kind = "person"
    elif following in (" i", " w"):
        match = _COPULA.match(text, end)
        if match:
            _keep(match["words"], entity)
    if entity.kind != "body" and not name.titles:
        if text[name.span.start - 2 : name.span.start] == ", ":
            match = _ROLE_THEN_NAME.search(text, max(0, name.span.start - 90), name.span.start)
            if match and is_role(head_word(match["words"])):
                entity.kind = "person"
                entity.add_role(match["words"])
        before = text[max(0, name.span.start - 60) : name.span.start]
        if before.endswith((" ", " \u201c")):
            role = _role_before(before[before.rfind("\n") + 1 :].split())
            if role:
                entity.kind = "person"
                entity.add_role(role)


def _keep(words: str, entity: Entity) -> None:
    head = head_word(words)
    determined = without_determiner(words) != words
    first = words.split(" ", 1)[0]
    if first.endswith("ing") or first in _NO_APPOSITION:
        return
    if is_role(head) and (determined or words[:1].islower() or head_word(words) in words.lower()):
        if entity.kind == "body":
            return
        if entity.kind == "unknown" and not entity.with_article:
            entity.kind = "person"
        entity.add_role(words)
    elif is_body(head) and determined and entity.kind != "person":
        entity.kind = "body"
        entity.add_role(words)


def _role_before(words: list[str]) -> str:
    """The role that ends right before a name: "campaign manager" of "said campaign manager"."""
    last = words[-1].rstrip(",") if words else ""
    if not last or last != last.lower() or not is_role(last):
        return ""
    begin = len(words) - 1
    while begin > 0 and _modifies(words[begin - 1]):
        begin -= 1
    while begin < len(words) - 1 and words[begin] in (
        "The",
        "A",
        "An",
        "But",
        "And",
        "While",
        "As",
    ):
        begin += 1
    return " ".join(words[begin:]).rstrip(",")


def _modifies(word: str) -> bool:
    if word[-1] in ',;:.”"' and len(word) > 3:
        return False
    return word.lower() in _MODIFIERS or word[:1].isupper()


def _gender_cues(text: str, found: Sequence[Name], owners: Sequence[Entity | None]) -> None:
    """Gives a person whose name says nothing the gender of the pronouns that follow the name.

    Counts only pronouns with no other name between; two of one kind more than of the other decide.
    """
    votes: dict[int, int] = {}
    for at, (name, owner) in enumerate(zip(found, owners, strict=True)):
        if owner is None or owner.gender or owner.kind != "person":
            continue
        end = found[at + 1].span.start if at + 1 < len(found) else len(text)
        cue = _GENDER_CUE.search(text, name.span.end, min(end, name.span.end + 120))
        if cue:
            male = cue.group().lower() in ("he", "his", "him", "himself")
            votes[id(owner)] = votes.get(id(owner), 0) + (1 if male else -1)
    for owner in owners:
        if owner is not None and abs(votes.get(id(owner), 0)) > 1:
            owner.gender = owner.gender or ("m" if votes[id(owner)] > 0 else "f")


def _settle(text: str, made: list[Entity]) -> None:
    """Decides the unknown: a name later used by its last word alone is a person's."""
    for entity in made:
        if entity.kind != "unknown":
            continue
        if entity.with_article * 2 >= len(entity.mentions) or entity.acronyms:
            entity.kind = "body"
        elif len(entity.words) == 1 and not entity.gender and _is_adjective(text, entity):
            entity.kind = "place"
        elif len(entity.words) > 1 and any(why == "surname" for _, why, _ in entity.mentions):
            entity.kind = "person"


def _is_adjective(text: str, entity: Entity) -> bool:
    """Whether "a" or "an" stands before the name as often as not: "a Northlander farmer"."""
    n_after = sum(
        text[max(0, span.start - 3) : span.start].lower().endswith((" a ", "an "))
        or text[max(0, span.start - 2) : span.start] == "A "
        for span, _, _ in entity.mentions
    )
    return n_after * 2 >= len(entity.mentions)
