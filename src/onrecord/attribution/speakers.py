"""The speakers of a page: which sources are one person, body or document, and in which role.

The order of work: names and their titles, entities with their roles, then each source in order of
position. A pronoun or role that the text does not settle stays a speaker of its own, named as
written, with the join `unresolved`; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.attribution.coreference import Scene, sentence_starts
from onrecord.attribution.described_sources import DescribedSources
from onrecord.attribution.entities import Entity, entities
from onrecord.attribution.layers import layers
from onrecord.attribution.named_sources import Found, NamedSources
from onrecord.attribution.names import Name, known_names, names
from onrecord.attribution.roles import is_body, phrase
from onrecord.attribution.sources import Resolver
from onrecord.given_names import is_given
from onrecord.record import Attribution, Join, Page, Speaker, content_id
from onrecord.span import Span
from onrecord.terms import AttributionKind, RegionKind, SpeakerKind

__all__ = ["NO_SOURCE", "speakers"]

NO_SOURCE = "no source named"
"""Name of the vague speaker that holds the attributions for which the page names nobody."""

_NAMES = (RegionKind.SUBTITLE, RegionKind.BODY, RegionKind.CAPTION)
_ANONYMITY = re.compile(
    r"(?:(?:who\s)?(?:spoke|speaking|insisted|insisting|talked|talking)\s)?(?:on|under)\s(?:the\s)?condition\s"
    r"(?:of\sanonymity|that\s(?:he|she|they)\s(?:not\sbe|remain)\s\w+)(?:\s(?:because|since|as|to|so|in\sorder)\b[^,.;\n“”\"]*)?"
    r"|who\s(?:is|was|are|were)\snot\sauthori[sz]ed\sto\s[^,.;\n“”\"]*"
    r"|not\sauthori[sz]ed\sto\s(?:speak|comment|talk|discuss)[^,.;\n“”\"]*"
    r"|who\s(?:asked|requested|wished|wanted|preferred|declined|refused|did\snot\swant|didn['’]t\swant)\s"
    r"(?:not\s)?(?:to\s)?(?:be\s|remain\s|for\s)?(?:named|anonymous|anonymity|identified|quoted)[^,.;\n“”\"]*"
    r"|(?:asked|asking|requested|requesting|declined|declining)\s(?:not\s)?(?:to\sbe\s|for\s)?"
    r"(?:named|anonymity|identified)[^,.;\n“”\"]*",
)
_NEXT = re.compile(r"\s([a-z]+)\b")
_IN = frozenset((" in ", " at "))
_KINDS = {
    "person": SpeakerKind.PERSON,
    "body": SpeakerKind.ORGANISATION,
    "place": SpeakerKind.ORGANISATION,
    "crowd": SpeakerKind.VAGUE,
    "role": SpeakerKind.ROLE_ONLY,
    "document": SpeakerKind.DOCUMENT,
    "source": SpeakerKind.ANONYMOUS,
}


def speakers(page: Page, attributions: Sequence[Attribution]) -> tuple[Speaker, ...]:
    """The speakers behind `attributions`, ordered by their first mention.

    Every attribution belongs to at least one speaker, and to several where two names share one
    source ("Low and Ray said"). What names no source goes to the speaker `NO_SOURCE`, unless it
    continues the quotation right before it. No attributions give no speakers.
    """
    if not attributions:
        return ()
    text = page.text
    scopes = [region.span for region in page.regions if region.kind in _NAMES]
    found = names(text, scopes or [Span(0, len(text))])
    for region in page.regions:
        if region.kind == RegionKind.TITLE:
            found = tuple(sorted((*known_names(text, region.span, found), *found), key=_start))
    owners = entities(text, found)
    scene = _scene(page, attributions)
    scene.place_names(found, owners)
    named = NamedSources(text, found, owners)
    resolver = Resolver(text, scene, named, DescribedSources(text, scene), attributions)
    results = _resolved(resolver)
    return _speakers(page, attributions, results)


def _start(name: Name) -> int:
    return name.span.start


def _scene(page: Page, attributions: Sequence[Attribution]) -> Scene:
    direct = [a for a in attributions if a.kind == AttributionKind.DIRECT]
    # What nobody is said to say is told by the publisher: names in it are as near as others.
    carried = [a for a in attributions if a.kind != AttributionKind.DIRECT]
    carried = [a for a in carried if a.source is not None or a.kind == AttributionKind.MIXED]
    numbers = {attribution.id: at for at, attribution in enumerate(attributions)}
    starts = sentence_starts(page.text)
    paragraphs = [0, *(match.end() for match in re.finditer(r"\n+", page.text))]
    return Scene(page.text, starts, paragraphs, [], layers(direct), layers(carried), numbers)


def _resolved(resolver: Resolver) -> list[Found | None]:
    attributions = resolver.attributions
    results: list[Found | None] = [None] * len(attributions)
    order = [at for at, attribution in enumerate(attributions) if attribution.source is not None]
    events = [(attributions[at].source or Span(0, 0), at) for at in order]
    text = resolver.text
    events.extend(
        (Span(start, text.index(" ", start)), -1)
        for start in resolver.scene.sentences
        if text.startswith(("He ", "She "), start)
    )
    for span, at in sorted(events):
        if at < 0:
            resolver.opening(span)
        else:
            results[at] = resolver.source(at)
    for at in range(len(attributions)):
        if results[at] is None:
            results[at] = resolver.continued(at)
    return results


def _speakers(
    page: Page, attributions: Sequence[Attribution], results: Sequence[Found | None]
) -> tuple[Speaker, ...]:
    theirs: dict[int, tuple[Entity, list[int], list[Found]]] = {}
    sourceless: list[str] = []
    for at, result in enumerate(results):
        if result is None:
            sourceless.append(attributions[at].id)
            continue
        for entity in result.entities:
            row = theirs.setdefault(id(entity), (entity, [], []))
            row[1].append(at)
            row[2].append(result)
    out = [_speaker(page, attributions, *row) for row in theirs.values()]
    out.sort(key=lambda speaker: (speaker.mentions[0], speaker.name))
    if sourceless:
        first = next(a for a in attributions if a.id == sourceless[0])
        spans = (*first.content[:1], *([first.cue] if first.cue else []))
        out.append(
            Speaker(
                content_id(page, "speakers:none", *spans),
                NO_SOURCE,
                SpeakerKind.VAGUE,
                attributions=tuple(sourceless),
            )
        )
    return tuple(out)


def _speaker(
    page: Page,
    attributions: Sequence[Attribution],
    entity: Entity,
    ats: list[int],
    results: list[Found],
) -> Speaker:
    joins = {span: Join(span, word, to) for span, word, to in entity.mentions}
    for at, result in zip(ats, results, strict=True):
        source = attributions[at].source
        if source is not None:
            held = joins.get(source)
            if held is None or result.word == "unresolved":
                joins[source] = Join(source, result.word, result.to)
        else:
            for span in attributions[at].content[:1]:
                # A mention that stands on the same words stays: it names whom the rest continues.
                joins.setdefault(span, Join(span, "continued", result.to))
    ordered = sorted(joins.values(), key=lambda join: (join.mention, join.word))
    mentions = tuple(join.mention for join in ordered if join.word != "continued")
    kind, reason = _kind(page, entity, [attributions[at] for at in ats])
    roles = () if not entity.named else _distinct(entity.roles)
    return Speaker(
        content_id(page, "speakers", mentions[0]),
        entity.name,
        kind,
        roles,
        mentions,
        tuple(attributions[at].id for at in ats),
        reason,
        tuple(ordered),
    )


def _distinct(roles: Sequence[str]) -> tuple[str, ...]:
    """The roles without those that another only says in more words."""
    low = {role: role.lower() for role in roles}
    return tuple(
        role
        for role, own in low.items()
        if not any(
            other != own and (other.startswith(f"{own} ") or other.endswith(f" {own}"))
            for other in low.values()
        )
    )


def _kind(
    page: Page, entity: Entity, owned: Sequence[Attribution]
) -> tuple[SpeakerKind, Span | None]:
    """The kind of a speaker, and the page's reason where the speaker is anonymous."""
    if not entity.named:
        reason = _anonymity(page.text, owned)
        if reason is not None:
            return SpeakerKind.ANONYMOUS, reason
        if entity.kind == "role" and entity.plural:
            return SpeakerKind.VAGUE, None
        if entity.kind == "document":
            indefinite = phrase(entity.name).determiner == ""
            return (
                SpeakerKind.VAGUE if entity.plural and indefinite else SpeakerKind.DOCUMENT
            ), None
        if entity.kind == "unknown":
            return SpeakerKind.VAGUE, None
    elif entity.kind == "unknown":
        is_place = _names_a_place(page.text, entity)
        return SpeakerKind.ORGANISATION if is_place else SpeakerKind.PERSON, None
    return _KINDS.get(entity.kind, SpeakerKind.VAGUE), None


def _names_a_place(text: str, entity: Entity) -> bool:
    """Whether one word that nothing shows to be a person stands where a place or body stands."""
    if len(entity.words) > 1 or entity.gender or entity.roles or is_given(entity.words[0]):
        return False
    for span, _, _ in entity.mentions:
        following = _NEXT.match(text, span.end)
        if following and is_body(following.group(1)):
            return True
        if text[max(0, span.start - 4) : span.start] in _IN:
            return True
    return False


def _anonymity(text: str, owned: Sequence[Attribution]) -> Span | None:
    """Why a source is not named, where the sentence of one of its attributions says so."""
    for attribution in owned:
        if attribution.source is None:
            continue
        start = max(
            text.rfind("\n", 0, attribution.source.start) + 1, attribution.source.start - 20
        )
        stop = text.find("\n", attribution.source.start)
        end = min(attribution.source.end + 160, stop if stop >= 0 else len(text))
        match = _ANONYMITY.search(text, start, end)
        if match:
            return Span(match.start(), match.end())
    return None
