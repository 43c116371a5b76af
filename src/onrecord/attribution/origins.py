"""Which speakers are one origin: a body, its director or spokesman, and its release."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.attribution.content_words import stems
from onrecord.record import Attribution, Page, Speaker
from onrecord.terms import SpeakerKind
from onrecord.wordlists import words

__all__ = ["origins"]

# Heads of roles that speak for the body that they name.
_VOICES = re.compile(
    r"\b(?:spokes(?:man|woman|person)|director|ceo|chief(?:\sexecutive)?|head|president|chair(?:man|woman|person)?|"
    r"secretary[\s-]general|press\ssecretary|commissioner|manager|lawyer|attorney|representative|official|"
    r"minister|founder|co-founder|publicist|surrogate|adviser|advisor|aide|spokespeople|officials)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(r"^(?:the\s)?(?:former|ex|late|retired|then)\b", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w.&'’-]*)(?:\s(?:of\s|for\s|the\s)*[A-ZÀ-ÖØ-Þ][\w.&'’-]*)*")
_NO_BODY = words(
    """
    The A An Republican Democratic Democrat Sen Sen. Rep Rep. Gov Gov. Mr Mr. Mrs Mrs. Ms Ms. Dr Dr.
    President Senator Governor Mayor Secretary Minister Director Chief Chairman Spokesman Spokeswoman
    Executive Press General Attorney Campaign Vice Deputy State National Federal Former US U.S. American
    British His Her Its Their He She They
    """
)
_SAME_TEXT = 0.9  # shared stems of two contents that are copies of one text
_FEWEST_STEMS = 6


def origins(
    page: Page,
    attributions: Sequence[Attribution],
    speakers: Sequence[Speaker],
    *,
    compare_words: bool = True,
) -> tuple[tuple[str, ...], ...]:
    """The ids of `speakers` grouped by origin, in their order.

    Two speakers are one origin when one speaks for the other's body, when both speak for one body,
    when a document is that body's, or, unless `compare_words` denies it, when both are given the
    same words. A former office joins
    nobody, nor does a party or a house of parliament to which many belong.
    """
    parent = list(range(len(speakers)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    names = [_own_names(page, speaker) for speaker in speakers]
    bodies = [_spoken_for(speaker) for speaker in speakers]
    copies: list[tuple[frozenset[str], ...]] = [()] * len(speakers)
    if compare_words:
        copies = [_said(page, attributions, speaker) for speaker in speakers]
    for at in range(len(speakers)):
        for other in range(at):
            if (
                bodies[at] & names[other]
                or bodies[other] & names[at]
                or bodies[at] & bodies[other]
                or _copied(copies[at], copies[other])
            ):
                parent[root(at)] = root(other)
    groups: dict[int, list[str]] = {}
    for at, speaker in enumerate(speakers):
        groups.setdefault(root(at), []).append(speaker.id)
    return tuple(tuple(group) for group in groups.values())


def _own_names(page: Page, speaker: Speaker) -> frozenset[str]:
    """The names that stand for the speaker itself: whole, and the last word of a person's."""
    out = set()
    if speaker.kind in (SpeakerKind.PERSON, SpeakerKind.ORGANISATION):
        out.add(_plain(speaker.name))
    if speaker.kind == SpeakerKind.PERSON:
        out.add(_plain(speaker.name.split()[-1]))
    for join in speaker.joins:
        if join.word in ("acronym", "short_name") and speaker.kind == SpeakerKind.ORGANISATION:
            out.add(_plain(join.mention.of(page.text)))
    return frozenset(name for name in out if name)


def _spoken_for(speaker: Speaker) -> frozenset[str]:
    """The bodies or persons that the speaker's role, or a document's name, says it speaks for."""
    if speaker.kind == SpeakerKind.PERSON:
        described = [role for role in speaker.roles if _VOICES.search(role)]
    elif speaker.kind in (SpeakerKind.ROLE_ONLY, SpeakerKind.ANONYMOUS):
        described = [speaker.name] if _VOICES.search(speaker.name) else []
    elif speaker.kind in (SpeakerKind.DOCUMENT, SpeakerKind.ORGANISATION):
        described = [speaker.name]
    else:
        described = []
    out = set()
    for words_of in described:
        if _FORMER.match(words_of):
            continue
        for match in _NAME.finditer(words_of):
            kept = [word for word in match.group().split() if word not in _NO_BODY]
            name = _plain(" ".join(kept))
            if name:
                out.add(name)
    if speaker.kind == SpeakerKind.ORGANISATION:
        out.discard(_plain(speaker.name))
    return frozenset(out)


def _plain(name: str) -> str:
    low = re.sub(r"['’]s?$", "", name.strip()).lower().replace(".", "")
    return re.sub(r"^the\s", "", low)


def _said(
    page: Page, attributions: Sequence[Attribution], speaker: Speaker
) -> tuple[frozenset[str], ...]:
    own = set(speaker.attributions)
    return tuple(
        found
        for attribution in attributions
        if attribution.id in own
        and len(found := stems(page.text, attribution.content)) >= _FEWEST_STEMS
    )


def _copied(mine: tuple[frozenset[str], ...], theirs: tuple[frozenset[str], ...]) -> bool:
    return any(
        len(one & other) >= _SAME_TEXT * max(len(one), len(other))
        for one in mine
        for other in theirs
    )
