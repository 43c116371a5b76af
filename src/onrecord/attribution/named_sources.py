"""Sources with a name at their head: which name it is, and the role that stands beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.attribution.entities import Entity
from onrecord.attribution.names import Name
from onrecord.attribution.roles import is_role, phrase
from onrecord.span import Span

__all__ = ["Found", "NamedSources"]

_HEAD_END = re.compile(
    r"[,;:()“”\"—–]|\s(?:of|for|at|in|from|with|on|by|to|about|near|who|whom|that|which|speaking|as)\b"
)
_AND = re.compile(r"^(?:,?\s(?:and|or|&)\s|,\s)$")
_PARTY_ROLE = re.compile(
    r"^[Tt]he\s(?:[\w.]+\s){0,3}(?:Republican|Democrat|Libertarian|Independent|native|senator|governor|"
    r"congressman|congresswoman|candidate|nominee|front-?runner|businessman|lawmaker|mayor|mogul)$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a source was resolved to: entities (several for "Low and Ray"), and why."""

    entities: tuple[Entity, ...]
    word: str
    to: Span | None = None


@dataclass(slots=True)
class NamedSources:
    """The names of a page as sources ask for them; `found` and `owners` run in parallel."""

    text: str
    found: Sequence[Name]
    owners: Sequence[Entity | None]
    made: dict[str, Entity] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def inside(self, span: Span) -> list[int]:
        """The numbers of the names that stand in `span`, in order."""
        if not self.starts:
            self.starts = [name.span.start for name in self.found]
        first = bisect_left(self.starts, span.start)
        out = []
        for at in range(first, len(self.found)):
            if self.found[at].span.start >= span.end:
                break
            if self.found[at].span.end <= span.end + 2:
                out.append(at)
        return out

    def entity(self, at: int) -> Entity:
        """The entity of name number `at`, made where an opening word had none yet."""
        owner = self.owners[at]
        if owner is not None:
            return owner
        name = self.found[at]
        key = "name:" + " ".join(name.words)
        if key not in self.made:
            self.made[key] = Entity(
                name.words, name.kind, name.gender, name=name.span.of(self.text)
            )
        entity = self.made[key]
        if not any(mention[0] == name.span for mention in entity.mentions):
            entity.mentions.append((name.span, "name", None))
        return entity

    def read(self, span: Span) -> Found | None:
        """The bearers where a name is the head of the source, with roles that stand in it."""
        inside = self.inside(span)
        if not inside or _PARTY_ROLE.search(span.of(self.text)):
            return None
        if self._opens_only(inside[0], span):
            return None
        text = self.text
        head_end = self._head_end(span, self.found[inside[0]])
        heads = [
            at
            for at in inside
            if self.found[at].span.start < head_end <= self.found[at].span.end + 2
        ]
        if not heads:
            return self._apposed(span, inside, head_end)
        bearers = [self.entity(heads[0])]
        previous = self.found[heads[0]].span.end
        for at in inside:
            start = self.found[at].span.start - sum(len(w) + 1 for w in self.found[at].titles)
            if start > previous and _AND.match(text[previous:start]):
                following = text[self.found[at].span.end : span.end].strip(" ,")
                if "," in text[previous:start] and not re.search(
                    r"\band\b", text[previous : span.end]
                ):
                    break
                if (
                    following
                    and not following.startswith(("and", "or", "who"))
                    and " and " not in following
                ):
                    break
                bearers.append(self.entity(at))
                previous = self.found[at].span.end
        before = text[span.start : self.found[heads[0]].span.start].strip(" ,")
        entity = bearers[0]
        if before and entity.kind in ("person", "unknown"):
            role = phrase(before)
            if is_role(role.head) and "," not in before:
                entity.add_role(before)
                entity.kind = "person"
        if len(bearers) > 1:
            return Found(tuple(dict.fromkeys(bearers)), "name")
        return Found((entity,), self._why(heads[0], entity))

    def _opens_only(self, at: int, span: Span) -> bool:
        """Whether the head is one word that has its capital from the sentence: "Aides said"."""
        name = self.found[at]
        if self.owners[at] is not None or not name.opens or name.span.start != span.start:
            return False
        if phrase(name.words[0]).kind != "thing" and len(name.words) == 1:
            return True
        return name.span == span and name.words[0].endswith("s")

    def _why(self, at: int, entity: Entity) -> str:
        for mention, word, _ in entity.mentions:
            if mention == self.found[at].span:
                return word
        return "name"

    def _head_end(self, span: Span, first: Name) -> int:
        begin = span.start
        if first.span.start - span.start <= 5 or first.span.start == span.start:
            begin = min(first.span.end, span.end)
            if first.possessive and begin + 2 < span.end:
                begin += 2
        before = sum(len(word) + 1 for word in first.titles)
        if (
            before and first.span.start - before <= span.start + 12
        ):  # "former Secretary of State Low"
            begin = max(begin, min(first.span.end, span.end))
        cut = _HEAD_END.search(self.text, begin, span.end)
        end = cut.start() if cut else span.end
        conjunction = re.compile(r",?\s(?:and|or)\s").search(self.text, begin, end)
        return conjunction.start() if conjunction else end

    def _apposed(self, span: Span, inside: list[int], head_end: int) -> Found | None:
        """A name that follows a role in apposition: "the campaign manager, Ann Low"."""
        text = self.text
        role = phrase(text[span.start : head_end])
        if role.kind != "role":
            return None
        for at in inside:
            name = self.found[at]
            if name.span.start <= head_end or name.kind not in ("person", "unknown"):
                continue
            gap = text[name.span.start - 2 : name.span.start]
            if gap == ", " and text[name.span.end : span.end].strip(" ,.") == "":
                entity = self.entity(at)
                entity.add_role(text[span.start : name.span.start - 2])
                entity.kind = "person"
                return Found((entity,), "apposition", Span(span.start, name.span.start - 2))
        return None

    def ending(self, end: int) -> int | None:
        """The number of the name that ends exactly at `end`."""
        for at in self.inside(Span(max(0, end - 60), end)):
            if self.found[at].span.end == end:
                return at
        return None
