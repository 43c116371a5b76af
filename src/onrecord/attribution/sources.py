"""Each attribution's source resolved to entities of the page, with the word that says why."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.attribution.coreference import PRONOUNS, Scene
from onrecord.attribution.described_sources import DescribedSources
from onrecord.attribution.entities import Entity
from onrecord.attribution.named_sources import Found, NamedSources
from onrecord.attribution.roles import is_role, phrase
from onrecord.given_names import Gender
from onrecord.record import Attribution
from onrecord.span import Span
from onrecord.terms import AttributionKind
from onrecord.wordlists import words

__all__ = ["Resolver"]

_RELATIVE = frozenset(("who", "which", "that", "whom", "whose"))
_CLAUSE = re.compile(
    r"(?:,(?!\d)|[;:“”\"()—–\n])|\b(?:has|have|had|been|and|but|or|that|because|if|while|when|said|says|saying|by|from|to|with|of|"
    r"for|in|on|at|is|are|was|were|as|than|like|among|about|against)\b\s*"
)
_OPENING_WORDS = words(
    """
    In During At After Before On While As When For With From Throughout Despite
    """
)
_DETERMINED = re.compile(
    r"\b(?:the|an?|his|her|its|their|another|one|some|many|those)\s", re.IGNORECASE
)
_BOTH = re.compile(
    r"(?:both(?:\s(?:men|women|candidates|leaders))?|the\s(?:two|pair|duo|couple|men|women|senators|candidates|"
    r"lawmakers|developers|governors|authors|researchers|brothers|sisters|leaders))$",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"\b(?:repl|answer|respond)", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:ask|question|inquir|quer)", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|but|or)\s+$")
_OF_PLACE = re.compile(r"(?:\s(?:of|from)\s|,\s)(?:the\s)?$")
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|be|been|will|would|can|could|said|says)\b")
_GOES_ON = re.compile(
    r"\b(?:add|continu|conclud|went on|goes on|repeat|explain|elaborat|further)", re.IGNORECASE
)
_SUBJECT_WEIGHT = 3.0  # a source of an earlier attribution against 1.0 for a bare mention


@dataclass(slots=True)
class Resolver:
    """Resolves sources in order of position; every resolved source becomes a mention."""

    text: str
    scene: Scene
    named: NamedSources
    described: DescribedSources
    attributions: Sequence[Attribution]
    done: dict[Span, Found] = field(default_factory=dict)
    pending: set[int] = field(default_factory=set)

    def source(self, at: int) -> Found | None:
        """What the source of attribution number `at` was resolved to; `None` without a source."""
        span = self.attributions[at].source
        if span is None or at in self.pending:
            return None
        if span in self.done:
            return self.done[span]
        self.pending.add(at)
        found = self._resolved(span, at)
        self.pending.discard(at)
        self.done[span] = found
        for entity in found.entities:
            if not any(mention[0] == span for mention in entity.mentions):
                entity.mentions.append((span, found.word, found.to))
            weight = _SUBJECT_WEIGHT
            if self.scene.quoted(span.start) is not None:
                weight *= 0.3
            elif self.scene.carrier(span.start) is not None:
                weight *= 0.5
            self.scene.mention(span, entity, weight=weight)
        return found

    def _resolved(self, span: Span, at: int) -> Found:
        words = span.of(self.text)
        low = words.lower().strip()
        if low in PRONOUNS:
            return self._pronoun(low, span, at)
        if low in _RELATIVE:
            return self._relative(span)
        named = self.named.read(span)
        if named is not None:
            return named
        if _BOTH.match(words):
            joint = self._joint(span)
            if joint is not None:
                return Found(joint.entities, "role", joint.to)
        return self.described.read(span, beside_cue=self._beside_cue(span, at))

    def _beside_cue(self, span: Span, at: int) -> bool:
        """Whether the cue stands right beside the source, which is then its subject."""
        cue = self.attributions[at].cue
        if cue is None:
            return False
        return 0 <= cue.start - span.end <= 2 or 0 <= span.start - cue.end <= 2

    def opening(self, span: Span) -> None:
        """Notes whom a "He" or "She" means that opens a sentence and is no source itself."""
        if span in self.done or self.scene.quoted(span.start) is not None:
            return
        _, gender = PRONOUNS[span.of(self.text).lower()]
        entity = self.scene.person(span.start, gender=gender, barred=None)
        if entity is not None:
            self.scene.mention(span, entity, weight=2.0)

    # -- pronouns ------------------------------------------------------------------------------

    def _pronoun(self, low: str, span: Span, at: int) -> Found:
        number, gender = PRONOUNS[low]
        quoting = self.scene.quoted(span.start)
        if number == "first":
            if quoting is not None and quoting != at:
                speaker = self._speaker_of(quoting)
                if speaker is not None:
                    return Found((speaker,), "first_person", self.attributions[quoting].source)
            return self._unresolved(span)
        if number == "other":
            return self._unresolved(span)
        if number == "one":
            return self._he_or_she(span, at, gender=gender, quoting=quoting)
        if number == "many":
            joint = self._joint(span)
            if joint is not None:
                return joint
            self._open_crowd(span)
        entity = self._subject_group(span, at, plural=number == "many")
        if entity is None:
            return self._unresolved(span)
        return Found((entity,), "pronoun", self.scene.latest(entity, span.start))

    def _he_or_she(self, span: Span, at: int, *, gender: Gender, quoting: int | None) -> Found:
        barred = None
        if quoting is not None and quoting != at:
            barred = self._speaker_of(quoting)
        else:
            outer = self.scene.carrier(span.start)
            if outer is not None and outer != at:
                speaker = self._speaker_of(outer)
                if speaker is not None and _fits(speaker, gender) and self._near(outer, span):
                    return Found((speaker,), "pronoun", self.attributions[outer].source)
        if barred is None and self._answers_a_question(at):
            barred = self._last_speaker(span)
        ahead = self._ahead_name(span)
        if ahead is not None and _fits(ahead, gender) and ahead.kind == "person":
            return Found((ahead,), "pronoun", None)
        self._open_role(span)
        going_on = self._last_speaker(span) if self._goes_on(at) else None
        place = self._before_content(span, at)
        entity = self.scene.person(place, gender=gender, barred=barred, going_on=going_on)
        if entity is None:
            return self._unresolved(span)
        entity.gender = entity.gender or gender
        return Found((entity,), "pronoun", self.scene.latest(entity, span.start))

    def _before_content(self, span: Span, at: int) -> int:
        """Where to look back from: the content that "he said" follows holds no candidate."""
        if at < 0 or not self.attributions[at].content:
            return span.start
        start = self.attributions[at].content[0].start
        here = self.scene.paragraph(span.start) == self.scene.paragraph(start)
        return start if start < span.start and here else span.start

    def _ahead_name(self, span: Span) -> Entity | None:
        """The subject after an opening phrase: "In her speech, Low said"."""
        start = self.scene.sentences[self.scene.sentence(span.start)]
        before = self.text[start : span.start].split()
        if not before or len(before) > 3 or before[0] not in _OPENING_WORDS:
            return None
        comma = self.text.find(", ", span.end, span.end + 90)
        if comma < 0 or self.scene.sentence(comma) != self.scene.sentence(span.start):
            return None
        for at in self.named.inside(Span(comma, min(comma + 60, len(self.text)))):
            name, owner = self.named.found[at], self.named.owners[at]
            begin = name.span.start - sum(len(word) + 1 for word in name.titles)
            if begin <= comma + 2:
                return owner
        return None

    def _answers_a_question(self, at: int) -> bool:
        """Whether the cue is "replied" and the attribution before asks: two persons then."""
        cue = self.attributions[at].cue if at > 0 else None
        if cue is None or not _REPLIES.search(cue.of(self.text)):
            return False
        asked = self.attributions[at - 1].cue
        return asked is not None and bool(_ASKS.search(asked.of(self.text)))

    def _goes_on(self, at: int) -> bool:
        cue = self.attributions[at].cue if at >= 0 else None
        return cue is not None and bool(_GOES_ON.search(cue.of(self.text)))

    def _last_speaker(self, span: Span) -> Entity | None:
        """The only bearer of the latest source before `span`, within a paragraph."""
        best = max((other for other in self.done if other.end <= span.start), default=None)
        if best is None or self.scene.paragraph(span.start) - self.scene.paragraph(best.start) > 1:
            return None
        found = self.done[best]
        return found.entities[0] if len(found.entities) == 1 else None

    def _near(self, outer: int, span: Span) -> bool:
        """Whether no other person stands between the outer source and the pronoun."""
        source = self.attributions[outer].source
        if source is None or source.end > span.start:
            return source is not None
        between = self.scene.mentions[
            bisect_left(self.scene.mentions, (source.end,)) : bisect_left(
                self.scene.mentions, (span.start,)
            )
        ]
        owner = self.done.get(source)
        own = owner.entities if owner else ()
        return not any(
            self.scene.everyone[index].kind in ("person", "role")
            and self.scene.everyone[index] not in own
            for _, _, _, index in between
        )

    def _open_role(self, span: Span) -> None:
        """Notes a role that opens this or the last sentence, so that it can be meant."""
        here = self.scene.sentence(span.start)
        for number in (here - 1, here):
            if number < 0:
                continue
            start = self.scene.sentences[number]
            end = min(start + 60, span.start)
            match = _OPENING_ROLE.match(self.text, start, max(start, end))
            if not match:
                continue
            words = match.group().split()
            until = next((at for at, word in enumerate(words) if is_role(word.lower())), -1)
            if until <= 0:
                continue
            length = len(re.match(r"(?:\S+\s+){%d}\S+" % until, match.group()).group())  # type: ignore[union-attr]  # noqa: UP031
            place = Span(start, start + length)
            if place in self.done or any(
                mention[0] < place.end and place.start < mention[1]
                for mention in self.scene.mentions[
                    bisect_left(self.scene.mentions, (start,)) : bisect_left(
                        self.scene.mentions, (place.end + 2,)
                    )
                ]
            ):
                continue
            self._noted(place, self.described.read(place))

    def _noted(self, place: Span, found: Found) -> None:
        """Keeps a mention that is no source itself but can be meant by a pronoun."""
        self.done[place] = found
        for entity in found.entities:
            entity.mentions.append((place, found.word, found.to))
            self.scene.mention(place, entity, weight=2.0)

    def _open_crowd(self, span: Span) -> None:
        """Notes a crowd that opens this or the last sentence: "Critics of the dam say ..."."""
        here = self.scene.sentence(span.start)
        for number in (here - 1, here):
            start = self.scene.sentences[max(0, number)]
            match = _OPENING_CROWD.match(self.text, start, max(start, min(start + 60, span.start)))
            if number < 0 or not match:
                continue
            place = Span(start, match.end())
            while place.start < place.end:
                described = phrase(place.of(self.text))
                if described.kind == "crowd" and described.head not in _NO_CROWD:
                    break
                cut = self.text.rfind(" ", place.start, place.end)
                place = Span(start, max(cut, start))
            taken = any(source.overlaps(place) for source in self.done)
            if place.start < place.end and not taken and self.named.read(place) is None:
                self._noted(place, self.described.read(place))

    def _joint(self, span: Span) -> Found | None:
        """Both bearers of the latest source where it names two: "Low and Ray said ... they"."""
        best = max((other for other in self.done if other.end <= span.start), default=None)
        if best is None or self.scene.sentence(span.start) - self.scene.sentence(best.start) > 2:
            return None
        found = self.done[best]
        gap = self.scene.paragraph(span.start) - self.scene.paragraph(best.start)
        if len(found.entities) < 2 or gap > 1:
            return None
        return Found(found.entities, "pronoun", best)

    def _speaker_of(self, at: int) -> Entity | None:
        found = self.source(at)
        if found is None or len(found.entities) != 1 or found.word == "unresolved":
            return None
        return found.entities[0]

    def _subject_group(self, span: Span, at: int, *, plural: bool) -> Entity | None:
        outer = self.scene.carrier(span.start)
        if outer is not None and outer != at:
            speaker = self._speaker_of(outer)
            kinds = ("crowd", "body") if plural else ("body", "place", "document")
            if speaker is not None and speaker.kind in kinds and self._near(outer, span):
                return speaker
        return self.scene.group(self._before_content(span, at), plural=plural)

    def _relative(self, span: Span) -> Found:
        """The words right before "who" or "which"."""
        text = self.text
        begin = self.scene.sentences[self.scene.sentence(span.start)]
        end = self._first_relative(span, begin)
        while end > begin and text[end - 1] in " ,\u00a0":
            end -= 1
        comma = "," in text[end : end + 2]
        name = self.named.ending(end)
        if name is None and comma:
            # "Ann Low, the mayor of Leeds, who said": the name before the apposition.
            previous = text.rfind(", ", begin, end)
            if previous > 0 and (
                phrase(text[previous + 2 : end]).kind in ("role", "body", "crowd")
                and phrase(text[previous + 2 : end]).determiner
            ):
                name = self.named.ending(previous)
        if name is not None and span.of(text).lower() in ("who", "whom"):
            name = self._person_before(name)
        if name is not None:
            entity = self.named.entity(name)
            return Found((entity,), "relative", self.named.found[name].span)
        clause = self._antecedent(begin, end)
        place = Span(clause, end)
        while place.start < place.end and text[place.start].isspace():
            place = Span(place.start + 1, place.end)
        if place.start >= place.end:
            return self._unresolved(span)
        named = self.named.read(place)
        if named is not None and len(named.entities) == 1:
            return Found(named.entities, "relative", place)
        described = phrase(place.of(text))
        if described.kind == "thing":
            return self._unresolved(span)
        who = span.of(text).lower() in ("who", "whom")
        if who and described.kind in ("body", "document"):
            return self._unresolved(span)
        inner = self.described.read(place, subject=False)
        for entity in inner.entities:
            if not any(mention[0] == place for mention in entity.mentions):
                entity.mentions.append((place, inner.word, inner.to))
        return Found(inner.entities, "relative", place)

    def _first_relative(self, span: Span, begin: int) -> int:
        """Where the first of two joined relative clauses begins: "who knew it, and who asked"."""
        before = self.text[begin : span.start]
        if not _JOINED.search(before):
            return span.start
        word = re.escape(span.of(self.text).lower())
        earlier = [match.start() for match in re.finditer(rf"\b{word}\b", before)]
        return begin + earlier[-1] if earlier else span.start

    def _person_before(self, number: int) -> int | None:
        """The name itself if "who" can mean it, else the person in "Ann Low of Leeds, who"."""
        name = self.named.found[number]
        if name.kind not in ("place", "body"):
            return number
        link = _OF_PLACE.search(self.text, max(0, name.span.start - 8), name.span.start)
        before = self.named.ending(link.start()) if link else None
        if before is None or self.named.found[before].kind not in ("person", "unknown"):
            return None
        return before

    def _antecedent(self, begin: int, end: int) -> int:
        """Where the phrase that ends at `end` begins: its determiner, else the clause."""
        text = self.text
        floor = max(begin, end - 80)
        for match in reversed(list(_DETERMINED.finditer(text, floor, end))):
            rest = text[match.start() : end]
            if any(mark in rest for mark in ',;:“”"—'):
                break
            if phrase(rest).kind in ("role", "crowd", "source", "body", "document"):
                return match.start()
        return max((match.end() for match in _CLAUSE.finditer(text, begin, end)), default=begin)

    def _unresolved(self, span: Span) -> Found:
        entity = Entity((), "unknown", name=span.of(self.text), named=False)
        return Found((entity,), "unresolved")

    # -- no source -----------------------------------------------------------------------------

    def continued(self, at: int) -> Found | None:
        """Who goes on speaking in a quotation that names no source: the one right before it."""
        own = self.attributions[at]
        if own.kind == AttributionKind.INDIRECT or not own.content or own.cue is not None:
            return None
        start = own.content[0].start
        paragraph = self.scene.paragraph(start)
        best: tuple[int, int] | None = None
        for other, attribution in enumerate(self.attributions):
            if other == at or attribution.source is None or not attribution.content:
                continue
            place = max(attribution.source.end, attribution.content[-1].end)
            begin = min(attribution.source.start, attribution.content[0].start)
            if begin < start and 0 <= paragraph - self.scene.paragraph(place - 1) <= 1:
                if self.scene.quoted(attribution.source.start) is not None:
                    continue
                if best is None or place > best[0]:
                    best = (place, other)
        if best is None:
            return None
        speaker = self._speaker_of(best[1])
        if speaker is None or speaker.kind in ("document", "place"):
            return None
        return Found((speaker,), "continued", self.attributions[best[1]].source)


_OPENING_CROWD = re.compile(r"(?:[A-Z][\w'’\-]*)(?:\s[\w'’\-]+){0,5}")
# Too general to be the one crowd that "they" takes up.
_NO_CROWD = frozenset(("some", "many", "one", "others", "several", "few", "most", "both", "those"))
_OPENING_ROLE = re.compile(r"(?:The|A|An|His|Her)\s(?:[\w'’\-]+\s){1,5}")


def _fits(entity: Entity, gender: Gender) -> bool:
    if entity.plural or entity.kind not in ("person", "role", "source", "unknown"):
        return False
    return not entity.gender or entity.gender == gender
