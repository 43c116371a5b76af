"""Sources without a name at their head: "the mayor", "his campaign", "a UN report", "critics"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from onrecord.attribution.coreference import Scene
from onrecord.attribution.entities import Entity, EntityKind
from onrecord.attribution.named_sources import Found
from onrecord.attribution.names import last_word
from onrecord.attribution.roles import Phrase, phrase, same_role, without_determiner
from onrecord.span import Span
from onrecord.wordlists import words

__all__ = ["DescribedSources"]

# Words in a name that show what the body is, for the nouns that take such a name up.
_CLASSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("newspaper", "paper", "outlet", "magazine", "publication", "daily", "weekly"),
        words(
            """
            News Times Post Journal Tribune Herald Gazette Globe Chronicle Telegraph Guardian Daily
            Weekly Observer Mirror Register Reporter Politico Magazine Press Examiner Dispatch
            """
        ),
    ),
    **dict.fromkeys(
        ("company", "firm", "corporation", "retailer", "automaker", "manufacturer"),
        words(
            "Inc Inc. Corp Corp. Corporation Company Co. Co Ltd Ltd. LLC Motors Airlines Energy Bank"
        ),
    ),
    **dict.fromkeys(
        ("agency", "bureau", "regulator"),
        words(
            """
            Agency Administration Service Services Bureau Enforcement Commission Department FBI CIA NSA
            Investigations Authority F.B.I. C.I.A. Board
            """
        ),
    ),
    **dict.fromkeys(
        ("group", "organization", "organisation", "nonprofit", "charity", "union"),
        words(
            """
            Association Foundation Coalition Alliance Union Action PAC Fund Society League Workers
            Advocates Citizens Federation
            """
        ),
    ),
    **dict.fromkeys(
        ("network", "broadcaster", "channel"), words("CNN NBC CBS ABC MSNBC Fox BBC NPR")
    ),
}
_INTRODUCTION = re.compile(
    r"\b(?:(?:[Aa]n?|[Oo]ne|[Aa]nother)\s(?:[\w'’.&\-]+\s){0,4}|[Tt]he\s(?:[\w'’.&\-]+\s){1,2})$"
)  # what may stand before a noun that is brought in
_COMPLEMENT = re.compile(r"\s(?:of|in|for|at|from)\s(?:the\s)?(?:(?![A-Z])\w++\s){0,12}+[A-Z]")
_NAME_END = re.compile(r",\s(?:and\s)?(?:who|which|whose)\s|[ \t]?\n")
_WEB = re.compile(r"[\w\-]+(?:\.[\w\-]+)*\.(?:com|org|net|info|co\.uk|gov|edu|tv|io)")
_TELLING_ROLE = 3  # words of a role that hardly anybody else on the page has
_SOURCE_NEAR = 4  # paragraphs between two mentions of an unnamed source
_INTRODUCED_WITHIN = 10_000  # code points, about 1,700 words
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

    def read(self, span: Span, *, subject: bool = True, beside_cue: bool = False) -> Found:
        """Whom the description at `span` means: somebody spoken of before, or itself.

        Only a subject can be another word for the person spoken of ("the retired envoy said"):
        a source beside its cue, or what opens a clause, unless `subject` denies it.
        """
        own_words = span.of(self.text)
        found = phrase(own_words)
        if _COMPLEMENT.search(own_words):  # "the government in Oslo" says itself which one it is
            return self._itself(found, span)
        if found.kind == "role" and not found.plural:
            if found.determiner in ("definite", ""):
                free = subject and (beside_cue or self._is_subject(span))
                joined = self._role(found, span, subject=free)
                if joined is not None:
                    return joined
            elif found.determiner == "possessive":
                joined = self._owned(found, span)
                if joined is None and own_words.lower().startswith(
                    ("his ", "her ", "their ", "its ")
                ):
                    joined = self._possessed(found, span)
                if joined is not None:
                    return joined
        elif found.kind == "body" and found.determiner == "possessive":
            owned = self._owners(found, span)
            if owned is not None:
                return Found((owned,), "role", self.scene.latest(owned, span.start))
        elif found.kind in ("body", "document") and found.determiner == "definite":
            entity = self._same_head(found, span)
            if entity is not None:
                return Found((entity,), "role", self.scene.latest(entity, span.start))
        elif found.kind == "source" and found.determiner == "definite" and not found.plural:
            entity = self._same_source(found, span)
            if entity is not None:
                return Found((entity,), "role", self.scene.latest(entity, span.start))
        introduced = self._introduced(found, span)
        if introduced is not None:
            return introduced
        return self._itself(found, span)

    def _itself(self, found: Phrase, span: Span) -> Found:
        own_words = span.of(self.text)
        if found.kind == "role" and found.determiner == "indefinite":
            named = self._bearer_of(own_words)
            if named is not None:
                return Found((named,), "role", named.first)
        own = self._own(own_words, found)
        if found.kind == "role" and found.determiner != "indefinite":
            own.doubtful = self.scene.anybody(span.start, gender=found.gender)
        return Found((own,), "name")

    def _role(self, found: Phrase, span: Span, *, subject: bool) -> Found | None:
        entity = self.scene.bearer(found, span.start)
        if entity is not None:
            if found.words:
                self._learn(entity, span)
            return Found((entity,), "role", self.scene.latest(entity, span.start))
        aged = any("-year-old" in word for word in (*found.words, found.head))
        if (
            not (subject and self._is_subject(span))
            or found.determiner != "definite"
            or _office_of(found)
        ):
            return None
        if found.head in _NO_VARIATION and not aged:
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
        if word == "nearest_person" and found.head in _OFFICES and not _holds_office(person):
            return None
        self._learn(person, span)
        return Found((person,), word, self.scene.latest(person, span.start))

    def _is_subject(self, span: Span) -> bool:
        """Whether the words before the span leave it the subject of its clause."""
        start = self.scene.sentences[self.scene.sentence(span.start)]
        before = self.text[max(start, span.start - 40) : span.start].rstrip()
        return not before or bool(_BEFORE_SUBJECT.search(before))

    def _learn(self, entity: Entity, span: Span) -> None:
        if entity.named and span.n_chars < 80:
            entity.add_role(span.of(self.text))

    def _owned(self, found: Phrase, span: Span) -> Found | None:
        """The one whose role names the same owner: "Low's lawyer" for "an attorney for Low"."""
        match = re.match(
            r"(?:the\s)?(?P<owner>[A-Z][\w.]+)(?:\s[A-Z][\w.]+)*['’]s?\s", span.of(self.text)
        )
        if match is None:
            return None
        words_of = [word.strip("'’s") for word in re.findall(r"[A-Z][\w.]+", match.group())]
        holders = [
            entity
            for entity in self.scene.everyone
            if entity.named
            and any(same_role(found.head, head) for head in entity.role_heads)
            and any(word in role for role in entity.roles for word in words_of)
        ]
        if len(holders) != 1:
            return None
        return Found((holders[0],), "role", self.scene.latest(holders[0], span.start))

    def _owner(self, span: Span) -> str:
        """The last name of the person whom the "his" or "her" that opens the span means, or ``."""
        pronoun = span.of(self.text).split(" ", 1)[0].lower()
        if pronoun not in ("his", "her"):
            return ""
        owner = self.scene.person(span.start, gender="m" if pronoun == "his" else "f", barred=None)
        return last_word(owner.words) if owner is not None and owner.words else ""

    def _owners(self, found: Phrase, span: Span) -> Entity | None:
        """The body named with its owner before: "Low's company" for "her company"."""
        last = self._owner(span)
        fits = {
            id(entity): entity
            for entity in self.made.values()
            if last and found.head in entity.role_heads and last in entity.name
        }
        return next(iter(fits.values())) if len(fits) == 1 else None

    def _possessed(self, found: Phrase, span: Span) -> Found | None:
        """The holder of "his spokeswoman": whose role names the owner, else the one just named."""
        holders = [
            entity
            for entity in self.scene.everyone
            if any(same_role(found.head, head) for head in entity.role_heads)
            and not (found.gender and entity.gender and found.gender != entity.gender)
        ]
        last = self._owner(span)
        theirs = [e for e in holders if last and any(last in role for role in e.roles)]
        if not theirs:
            near = {
                self.scene.everyone[index]
                for start, _, _, index in self.scene.mentions
                if start < span.start
                and self.scene.paragraph(span.start) - self.scene.paragraph(start) <= 2
            }
            theirs = [e for e in holders if e in near and not _names_an_owner(e, found.head)]
        if len(theirs) != 1:
            return None
        return Found((theirs[0],), "role", self.scene.latest(theirs[0], span.start))

    def _same_head(self, found: Phrase, span: Span) -> Entity | None:
        """The latest body or document before that carries the head noun in its name or role."""
        for start, _, _, index in reversed(
            self.scene.mentions[: bisect_left(self.scene.mentions, (span.start,))]
        ):
            entity = self.scene.everyone[index]
            if entity.kind not in ("body", "document", "unknown"):
                continue
            if not entity.named and without_determiner(entity.name) == entity.name:
                continue  # a headline's "Popular Website" may be any
            ends = {entity.words[0].lower(), entity.words[-1].lower()} if entity.words else set()
            carried = ends | entity.role_heads
            fits = found.head in carried or (
                entity.kind == "body" and _of_class(entity, found.head)
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

    def _introduced(self, found: Phrase, span: Span) -> Found | None:
        """The same noun brought in before with "a": "a council report ... the report"."""
        if found.determiner != "definite" or found.kind not in ("document", "body", "role"):
            return None
        end = span.start
        floor = max(0, span.start - _INTRODUCED_WITHIN)
        while (at := self.text.rfind(found.head, floor, end)) > 0:
            end = at
            after = self.text[at + len(found.head) : at + len(found.head) + 1]
            before = _INTRODUCTION.search(self.text, max(floor, at - 60), at)
            if after.isalnum() or before is None:
                continue
            place = Span(before.start(), at + len(found.head))
            wording = place.of(self.text)
            known = wording.lower().split()
            if any(word not in known for word in found.words) or _PREPOSITIONS & set(known):
                continue
            entity = self._own(wording, phrase(wording))
            if not any(mention[0] == place for mention in entity.mentions):
                entity.mentions.append((place, "name", None))
                self.scene.mention(place, entity, weight=1.0)
            return Found((entity,), "role", place)
        return None

    def _bearer_of(self, wording: str) -> Entity | None:
        """The one who is given the whole of an indefinite role elsewhere on the page.

        "A Northland health inspector" of the first sentence is "Northland health inspector Ann Low"
        of the second.
        """
        role = without_determiner(wording).lower()
        if len(role.split()) < _TELLING_ROLE:
            return None
        fits = [
            entity
            for entity in self.scene.everyone
            if entity.named and any(held.lower() == role for held in entity.roles)
        ]
        return fits[0] if len(fits) == 1 else None

    def _same_source(self, found: Phrase, span: Span) -> Entity | None:
        """The unnamed source spoken of before: "an official source ... the source"."""
        here = self.scene.paragraph(span.start)
        near: list[Entity] = []
        for start, _, _, index in self.scene.mentions:
            if start >= span.start:
                break
            entity = self.scene.everyone[index]
            if entity.kind != "source" or entity.plural or entity in near:
                continue
            own = phrase(entity.name)
            last = self.scene.latest(entity, span.start)
            gap = here - self.scene.paragraph(last.start if last else start)
            if (
                own.head == found.head
                and set(found.words) <= set(own.words)
                and (found.words or gap <= _SOURCE_NEAR)
            ):
                near.append(entity)
        return near[0] if len(near) == 1 else None

    def _own(self, wording: str, found: Phrase) -> Entity:
        """The entity of a phrase that names nobody: one for each wording on the page."""
        wording = _NAME_END.split(wording, maxsplit=1)[0].rstrip(" ,;:")
        key = re.sub(r"['’]s?\b", "", without_determiner(wording)).lower()
        indefinite = found.determiner == "indefinite" and found.kind in ("role", "source")
        if indefinite:  # "one official" and "another official" are two
            key = f"{key}@{wording}"
        web = _WEB.fullmatch(wording)
        if key not in self.made:
            bare = without_determiner(wording)
            entity = Entity(
                tuple(bare.split()),
                "body" if web else _KINDS[found.kind],
                found.gender,
                name=wording,
                named=web is not None,
                plural=found.plural,
            )
            if found.kind in ("role", "body"):
                entity.add_role(bare)
            self.made[key] = entity
        return self.made[key]


def _holds_office(person: Entity) -> bool:
    """Whether the page gives the person an office, or no role at all."""
    return (
        not person.roles
        or bool(person.role_heads & _OFFICES)
        or any(role.rstrip(".") in ("Sen", "Rep", "Gov") for role in person.roles)
    )


_PREPOSITIONS = words("of for in at by from with to on about and or")
_OFFICES = words(
    """
    nominee candidate senator governor mayor congressman congresswoman representative lawmaker
    legislator front-runner frontrunner contender hopeful president minister chancellor premier
    """
)
_BEFORE_SUBJECT = re.compile(
    r"(?:[,;:“”\"—–’'.?!(]|\b(?:and|but|or|as|when|while|that|because|before|after|though|although|if|since|"
    r"which|where|how|why|what|said|says|added|adds|wrote|writes|asked|told|continued|noted|tweeted|"
    r"declared|insisted|argued|explained|replied|concluded|recalled|claimed))$",
    re.IGNORECASE,
)


def _names_an_owner(entity: Entity, head: str) -> bool:
    """Whether the role with that head names somebody: "Low's spokesman" is no one else's."""
    return any(
        any(word[:1].isupper() for word in role.split()[1 if role[:1].isupper() else 0 :])
        or "'s" in role
        or "’s" in role
        for role in entity.roles
        if head in role.lower()
    )


def _of_class(entity: Entity, head: str) -> bool:
    return any(word in _CLASSES.get(head, ()) for word in entity.words)


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
    eyewitness passenger abbess nun bystander onlooker undersheriff fighter militant motorist tourist
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
