"""Whom a pronoun or a role mention means, or nobody: weighed by recency, subject and agreement.

The weights follow the idea of Lappin and Leass (Computational Linguistics 20, 1994, section 2):
every mention lends its bearer weight, subjects more, and the weight fades with each sentence. We
have no parser: a subject is a source of an attribution, or a name that opens its clause. Unlike
theirs, the method gives up where the best bearer is not clearly ahead.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.attribution.entities import Entity
from onrecord.attribution.layers import Layers
from onrecord.attribution.names import Name, is_place
from onrecord.attribution.roles import Phrase, is_body, is_role, same_role
from onrecord.given_names import Gender
from onrecord.span import Span
from onrecord.wordlists import words

__all__ = ["PRONOUNS", "Scene", "sentence_starts"]

# Number and gender of the pronouns that can be a source; relative ones are read separately.
PRONOUNS: dict[str, tuple[str, Gender]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("one", "m")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("one", "f")),
    **dict.fromkeys(("it", "its", "itself"), ("body", "")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), ("many", "")),
    **dict.fromkeys(("i", "me", "my", "myself", "mine"), ("first", "")),
    **dict.fromkeys(("we", "us", "our", "ourselves", "you", "your"), ("other", "")),
}

_BOUNDARY = re.compile(r"[.!?…][\"”’')\]]*[ \u00a0]+(?=[\"“‘'(\[]*[A-Z0-9])|(?<!\s)[^\S\n]*+\n\s*+")
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Prof|Rev|Hon|St|Jr|Sr|vs|No|"
    r"Jan|Feb|Aug|Sept|Oct|Nov|Dec|Inc|Corp|Co|Ltd)|\b[A-Z])\.$"
)
_SENTENCE_WINDOW = 6  # sentences looked back for a person; more gave no right join on train pages
_PARAGRAPH_WINDOW = 3
_FADE = 0.6
_PARAGRAPH_FADE = 0.65
_GROUP_WINDOW = 2  # sentences looked back for a body or crowd
_TOPIC = 1.5  # what the subject of this or the last sentence of the paragraph gains
_REPEATED = 0.3  # what a second mention adds to the best one; a sum kept old topics too long
_NEAREST = 2.0  # the same for a role that nothing on the page gives to anybody
_CLEAR = 1.45  # how many times the next bearer the best one must weigh


_OBJECT_AFTER = words(
    """
    of for to with by from in on at about against than over under like and or between among
    """
)
_NEXT_WORD = re.compile(r" ([a-z]+)")
_VERBAL = words(
    """
    is was has had sai say wil wou did doe tol ask
    """
)


def sentence_starts(text: str) -> list[int]:
    """Offsets at which sentences and paragraphs begin, roughly; 0 is always the first.

    >>> sentence_starts("Dr. Low left. He slept.")
    [0, 14]
    """
    starts = [0]
    for match in _BOUNDARY.finditer(text):
        if text[match.start()] == "." and _NO_END.search(
            text, max(0, match.start() - 6), match.start() + 1
        ):
            continue
        starts.append(match.end())
    return starts


@dataclass(slots=True)
class Scene:
    """All mentions of a page while its sources are resolved, in order of position.

    `mentions` hold `(start, end, weight, index)`, the index pointing into `everyone`. `direct` and
    `carried` are the contents of direct quotations and of the rest; `numbers` give for each id its
    index into the attributions.
    """

    text: str
    sentences: list[int]
    paragraphs: list[int]
    everyone: list[Entity]
    direct: Layers
    carried: Layers
    numbers: dict[str, int]
    mentions: list[tuple[int, int, float, int]] = field(default_factory=list)
    index: dict[int, int] = field(default_factory=dict)

    def add(self, entity: Entity) -> None:
        """Takes an entity without mentions in the scene yet."""
        if id(entity) not in self.index:
            self.index[id(entity)] = len(self.everyone)
            self.everyone.append(entity)

    def mention(self, span: Span, entity: Entity, *, weight: float) -> None:
        """Notes that `entity` stands at `span`."""
        self.add(entity)
        insort(self.mentions, (span.start, span.end, weight, self.index[id(entity)]))

    def place_names(self, found: Sequence[Name], owners: Sequence[Entity | None]) -> None:
        """Notes every name, subjects and those outside quotations with more weight."""
        rows: list[tuple[int, int, float, int]] = []
        last_end, last_weight = -1, 1.0
        for name, owner in zip(found, owners, strict=True):
            if owner is None:
                continue
            self.add(owner)
            weight = 1.0
            before = self.text[max(0, name.span.start - 12) : name.span.start].split(" ")
            following = _NEXT_WORD.match(self.text, name.span.end)
            after = following.group(1) if following else ""
            if name.kind == "unknown" and "-" in name.span.of(self.text):
                weight = 0.2
            elif after and (is_role(after) or is_body(after)):
                weight = 0.4  # "Low aide", "Low campaign": the name only modifies
            elif name.opens:
                weight = 2.0
            elif name.possessive:
                weight = 0.9
            elif len(before) > 1 and before[-2] in _OBJECT_AFTER:
                weight = 0.6
            elif after[:3] in _VERBAL or (len(after) > 3 and after.endswith(("s", "ed"))):
                weight = 1.5
            joint = name.span.start - last_end
            if joint < 30 and self.text[last_end : last_end + 5] == " and ":
                weight = last_weight
            last_end, last_weight = name.span.end, weight
            if self.quoted(name.span.start) is not None:
                weight *= 0.3
            elif self.carrier(name.span.start) is not None:
                weight *= 0.6
            rows.append((name.span.start, name.span.end, weight, self.index[id(owner)]))
        self.mentions = sorted(rows)

    def sentence(self, offset: int) -> int:
        """The number of the sentence around `offset`."""
        return bisect_right(self.sentences, offset) - 1

    def paragraph(self, offset: int) -> int:
        """The number of the paragraph around `offset`."""
        return bisect_right(self.paragraphs, offset) - 1

    def quoted(self, offset: int) -> int | None:
        """The attribution whose direct quotation holds `offset`, the innermost."""
        return self.numbers.get(self.direct.carrier(offset) or "")

    def carrier(self, offset: int) -> int | None:
        """The attribution whose indirect content holds `offset`, the innermost."""
        return self.numbers.get(self.carried.carrier(offset) or "")

    def person(
        self, at: int, *, gender: Gender, barred: Entity | None, going_on: Entity | None = None
    ) -> Entity | None:
        """The person whom a singular pronoun at offset `at` means, or `None` if not clear.

        `going_on` is who spoke last where the cue says that somebody goes on ("added").
        """
        weights = self._weights(at, gender=gender, barred=barred)
        if going_on is not None and (index := self.index.get(id(going_on))) in weights:
            weights[index] *= 2
        best = _ahead(weights, by=_CLEAR)
        if best is None or self.everyone[best].doubtful:
            return None
        return self.everyone[best]

    def anybody(self, at: int, *, gender: Gender) -> bool:
        """Whether a named person who agrees was spoken of shortly before `at`."""
        weights = self._weights(at, gender=gender, barred=None)
        return any(self.everyone[index].named for index in weights)

    def _weights(self, at: int, *, gender: Gender, barred: Entity | None) -> dict[int, float]:
        here, paragraph = self.sentence(at), self.paragraph(at)
        values: dict[int, list[float]] = {}
        for start, _, weight, index in reversed(self.mentions[: bisect_left(self.mentions, (at,))]):
            distance = here - self.sentence(start)
            gap = paragraph - self.paragraph(start)
            if distance > _SENTENCE_WINDOW or gap > _PARAGRAPH_WINDOW:
                break
            entity = self.everyone[index]
            if entity is barred or not _agrees(entity, gender):
                continue
            sure = 1.0
            if entity.kind == "unknown":
                sure = 0.5
            elif gender and not entity.gender:
                sure = 0.8
            if weight >= 2 and gap == 0 and distance <= 1:
                sure *= _TOPIC
            value = weight * sure * _FADE**distance * _PARAGRAPH_FADE**gap
            values.setdefault(index, []).append(value)
        return {
            index: max(own) + _REPEATED * (sum(own) - max(own)) for index, own in values.items()
        }

    def active(self, at: int, *, gender: Gender) -> Entity | None:
        """The only person on the stage before `at`: no other in the paragraphs looked back."""
        weights = self._weights(at, gender=gender, barred=None)
        persons = [index for index in weights if self.everyone[index].kind in ("person", "unknown")]
        if len(persons) != 1 or self.everyone[persons[0]].kind != "person":
            return None
        return self.everyone[persons[0]]

    def latest(self, entity: Entity, before: int) -> Span | None:
        """The last mention of `entity` that begins before the offset."""
        spans = [mention[0] for mention in entity.mentions if mention[0].start < before]
        return max(spans) if spans else None

    def group(self, at: int, *, plural: bool) -> Entity | None:
        """The body or crowd that "it" or "they" at `at` means: the nearest subject that agrees."""
        here = self.sentence(at)
        kinds = ("crowd", "body") if plural else ("body", "place", "document")
        values: dict[int, float] = {}
        for start, end, weight, index in reversed(
            self.mentions[: bisect_left(self.mentions, (at,))]
        ):
            distance = here - self.sentence(start)
            gap = self.paragraph(at) - self.paragraph(start)
            if distance > _GROUP_WINDOW or gap > 1:
                break
            entity = self.everyone[index]
            if entity.kind not in kinds or (not plural and entity.plural):
                continue
            if plural and entity.kind == "body" and weight < 2:
                continue
            if weight >= 2 or self._is_subject(start, end):
                value = weight * _FADE**distance * _PARAGRAPH_FADE**gap
                values[index] = max(values.get(index, 0.0), value)
        best = _ahead(values, by=_CLEAR)
        return None if best is None else self.everyone[best]

    def _is_subject(self, start: int, end: int) -> bool:
        """Whether the words after a name look like its verb."""
        return bool(
            re.compile(
                r"\s(?:is|are|was|were|has|have|had|will|would|[a-z]{3,}(?:s|ed)|said|say)\b"
            ).match(self.text, end)
        ) and not re.compile(r"\b(?:in|of|for|to|by|with|from|on|at)\s(?:the\s)?$").search(
            self.text, max(0, start - 10), start
        )

    def bearer(self, role: Phrase, at: int) -> Entity | None:
        """The entity whose role the phrase repeats: the only one, else the one clearly ahead."""
        fits = {
            index
            for index, entity in enumerate(self.everyone)
            if self._bears(entity, role)
            and any(start < at for start, _, _, other in self.mentions if other == index)
        }
        weights = self._weights(at, gender=role.gender, barred=None)
        if len(fits) > 1:
            best = _ahead({at: weights[at] for at in fits if at in weights}, by=_CLEAR)
            return None if best is None else self.everyone[best]
        if not fits:
            return None
        only = fits.pop()
        others = [weight for index, weight in weights.items() if index != only]
        if role.head in _CONTESTED and others and max(others) > _FAR * weights.get(only, 0.0):
            return None  # somebody else is spoken of, and may well hold such a role too
        return self.everyone[only]

    def _bears(self, entity: Entity, role: Phrase) -> bool:
        if not any(same_role(role.head, head) for head in entity.role_heads):
            return False
        if role.gender and entity.gender and role.gender != entity.gender:
            return False
        if entity.plural != role.plural:
            return False
        known = {_PARTIES.get(word, word) for held in entity.roles for word in held.lower().split()}
        own = {_PARTIES.get(word, word) for word in role.words}
        if {"republican", "democratic"} & own - known and {
            "republican",
            "democratic",
        } & known - own:
            return False
        ours = {word for word in own if is_place([word.title()])}
        theirs = {word for word in known if is_place([word.title()])}
        if ours and theirs and not ours & theirs:
            return False  # "the Texas senator" is not "Florida Sen. Low"
        extra = own - _LOOSE - ours
        return not extra or bool(extra & known) or (entity.kind == "person" and not known - extra)

    def nearest(self, at: int, *, gender: Gender) -> Entity | None:
        """The person clearly ahead before `at` and spoken of in this or the last sentence."""
        weights = self._weights(at, gender=gender, barred=None)
        best = _ahead(weights, by=_NEAREST)
        if best is None:
            return None
        entity = self.everyone[best]
        last = max(start for start, _, _, other in self.mentions if other == best and start < at)
        if entity.kind != "person" or self.sentence(at) - self.sentence(last) > 1:
            return None
        return entity


_PARTIES = {"gop": "republican", "democrat": "democratic", "republicans": "republican"}
# Roles that several persons of one article can hold while only one of them is given it.
_CONTESTED = words(
    """
    candidate nominee contender hopeful front-runner frontrunner senator congressman
    congresswoman representative lawmaker legislator businessman billionaire mogul analyst expert
    lawyer attorney author writer reporter journalist leader rival opponent professor doctor
    """
)
_FAR = 1.0  # how many times the bearer's weight another may have before it is doubtful
_LOOSE = words(
    """
    former then late ex longtime veteran embattled own same very outgoing new
    """
)


def _ahead(weights: dict[int, float], *, by: float) -> int | None:
    """The heaviest index if it weighs at least `by` times the next one."""
    order = sorted(weights, key=lambda index: -weights[index])
    if not order or (len(order) > 1 and weights[order[0]] < by * weights[order[1]]):
        return None
    return order[0]


def _agrees(entity: Entity, gender: Gender) -> bool:
    if entity.plural:
        return False
    if entity.kind == "person" or (
        entity.kind == "unknown" and entity.named and len(entity.mentions) > 1
    ):
        return not gender or not entity.gender or entity.gender == gender
    if entity.kind in ("role", "source"):
        return not gender or not entity.gender or entity.gender == gender
    return False
