"""Sources without a name at their head: "the mayor", "his campaign", "a UN report", "critics"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from onrecord.attribution.coreference import Scene
from onrecord.attribution.entities import Entity, EntityKind
from onrecord.attribution.named_sources import Found
from onrecord.attribution.roles import Phrase, phrase, same_role, without_determiner
from onrecord.attribution.wordlists import words
from onrecord.span import Span

__all__ = ["DescribedSources"]

_MEDIA = re.compile(r"\b(?:News|Times|Post|Journal|Tribune|Herald|Gazette|Globe|Chronicle|Telegraph|Guardian|"
                    r"Daily|Weekly|Observer|Mirror|Register|Reporter|Politico|Reuters|Bloomberg|Magazine|Press)\b")  # fmt: skip
_MEDIA_HEADS = words(
    """
    newspaper paper outlet magazine publication daily weekly website
    """
)
_KINDS: dict[str, EntityKind] = {
    "role": "role",
    "body": "body",
    "document": "document",
    "crowd": "crowd",
    "source": "source",
    "thing": "unknown",
}


@dataclass(slots=True)
class DescribedSources:
    """Descriptions resolved against the scene; each wording that names nobody is kept once."""

    text: str
    scene: Scene
    made: dict[str, Entity] = field(default_factory=dict)

    def read(self, span: Span) -> Found:
        """Whom the description at `span` means: somebody spoken of before, or itself."""
        own_words = span.of(self.text)
        found = phrase(own_words)
        if found.kind == "role" and not found.plural:
            if found.determiner in ("definite", ""):
                joined = self._role(found, span)
                if joined is not None:
                    return joined
            elif found.determiner == "possessive":
                joined = self._possessed(found, span)
                if joined is not None:
                    return joined
        elif found.kind in ("body", "document") and found.determiner == "definite":
            entity = self._same_head(found, span)
            if entity is not None:
                return Found((entity,), "role", self.scene.latest(entity, span.start))
        own = self._own(own_words, found)
        if found.kind == "role" and found.determiner != "indefinite":
            own.doubtful = self.scene.anybody(span.start, gender=found.gender)
        return Found((own,), "name")

    def _role(self, found: Phrase, span: Span) -> Found | None:
        entity = self.scene.bearer(found, span.start)
        if entity is not None:
            if found.words:
                self._learn(entity, span)
            return Found((entity,), "role", self.scene.latest(entity, span.start))
        if found.determiner != "definite" or _office_of(found) or found.head in _NO_VARIATION:
            return None
        if " who " in span.of(self.text):
            return None
        word = "only_person"
        person = self.scene.active(span.start, gender=found.gender)
        if person is None:
            word = "nearest_person"
            person = self.scene.nearest(span.start, gender=found.gender)
        if person is None or not _can_bear(person, found):
            return None
        self._learn(person, span)
        return Found((person,), word, self.scene.latest(person, span.start))

    def _learn(self, entity: Entity, span: Span) -> None:
        if entity.named and span.n_chars < 80:
            entity.add_role(span.of(self.text))

    def _possessed(self, found: Phrase, span: Span) -> Found | None:
        """The one spokeswoman named shortly before, for "his spokeswoman"."""
        holders = [
            (start, self.scene.everyone[index])
            for start, _, _, index in self.scene.mentions
            if start < span.start
            and self.scene.paragraph(span.start) - self.scene.paragraph(start) <= 2
            and any(same_role(found.head, head) for head in self.scene.everyone[index].role_heads)
        ]
        unique = {id(entity): entity for _, entity in holders}
        if len(unique) != 1:
            return None
        entity = next(iter(unique.values()))
        if found.gender and entity.gender and found.gender != entity.gender:
            return None
        return Found((entity,), "role", self.scene.latest(entity, span.start))

    def _same_head(self, found: Phrase, span: Span) -> Entity | None:
        """The latest body or document before that carries the head noun in its name or role."""
        for start, _, _, index in reversed(
            self.scene.mentions[: bisect_left(self.scene.mentions, (span.start,))]
        ):
            entity = self.scene.everyone[index]
            if entity.kind not in ("body", "document", "unknown"):
                continue
            carried = {word.lower() for word in entity.words} | entity.role_heads
            fits = found.head in carried or (
                found.head in _MEDIA_HEADS
                and entity.kind == "body"
                and bool(_MEDIA.search(" ".join(entity.words)))
            )
            if fits and (
                not found.words
                or all(w in carried or w in " ".join(entity.roles).lower() for w in found.words)
            ):
                return entity
            gap = self.scene.sentence(span.start) - self.scene.sentence(start)
            if found.kind == "body" and gap <= 1 and entity.named and len(entity.words) > 1:
                return None  # a nearer body may be meant, and nothing says which
        return None

    def _own(self, wording: str, found: Phrase) -> Entity:
        """The entity of a phrase that names nobody: one for each wording on the page."""
        key = re.sub(r"['’]s?\b", "", without_determiner(wording)).lower()
        indefinite = found.determiner == "indefinite" and found.kind in ("role", "source")
        if indefinite:  # "one official" and "another official" are two
            key = f"{key}@{wording}"
        if key not in self.made:
            bare = without_determiner(wording)
            entity = Entity(
                tuple(bare.split()),
                _KINDS[found.kind],
                found.gender,
                name=wording,
                named=False,
                plural=found.plural,
            )
            if found.kind in ("role", "body"):
                entity.add_role(bare)
            self.made[key] = entity
        return self.made[key]


def _can_bear(person: Entity, found: Phrase) -> bool:
    """Whether nothing known of the person speaks against the role: another state or party."""
    known = " ".join(person.roles)
    own = " ".join(found.words)
    for group in _EXCLUSIVE:
        here = {word for word in group if word in own}
        there = {word for word in group if word in known.lower()}
        if here and there and not here & there:
            return False
    return True


_EXCLUSIVE = (("republican", "democratic", "democrat"), ("spokes", "senator", "governor", "judge"))


# Roles that bring in somebody new more often than they call a named person by another word.
_NO_VARIATION = words(
    """
    employee worker man woman boy girl official spokesman spokeswoman spokesperson aide adviser
    advisor reporter moderator host guest caller judge officer driver victim suspect witness
    source student teacher owner resident designer interviewer speaker client customer patient
    player editor publisher father mother son daughter brother sister wife husband neighbor
    neighbour researcher author lead assistant member staffer writer informant survivor holder
    manager agent attorney lawyer prosecutor secretary chief director head partner operator
    follower commenter user voter
    """
)


def _office_of(found: Phrase) -> bool:
    """Whether the head is an office that is held by somebody even where no name is given."""
    return "former" not in found.words and found.head in (
        "president",
        "pope",
        "king",
        "queen",
        "judge",
        "court",
        "police",
        "speaker",
    )
