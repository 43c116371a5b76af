"""Who wrote the article: names in structured data, meta elements and visible bylines.

A name is taken only where the page presents it as the author's: markup alone is not believed, nor
is an account such as "admin", or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.read import lines
from onrecord.read.byline_places import LONGEST, Seen, visible_names
from onrecord.read.dom import Outline, key
from onrecord.read.frame import Frame
from onrecord.read.head import Head, types_of
from onrecord.read.names import Site, names_in
from onrecord.record import FoundValue
from onrecord.span import Span

__all__ = ["Bylines", "find_bylines"]

_SURE = 5.0  # strength at which even the site's own name is taken for its byline
_ENOUGH = 3.0  # strength below which a visible name is not taken for the author's


@dataclass(frozen=True, slots=True)
class Bylines:
    """The authors, and where names stand as bylines in the text."""

    authors: tuple[FoundValue, ...]
    shown: tuple[Span, ...]


def find_bylines(out: Outline, head: Head, frame: Frame, *, site: Site) -> Bylines:
    """The authors of the article; nobody where the page shows nobody.

    Of 30 dev pages whose markup names somebody that the page does not show, not one has that
    author; so a name in markup counts only where it can be read as well.
    """
    seen = sorted(visible_names(out, frame), key=lambda c: -c.strength)
    shown = {key(name) for candidate in seen for name in candidate.names}
    short = _short_lines(out, frame)
    said = [
        Seen(names, candidate.where, None, candidate.strength, -1)
        for candidate in _structured(head)
        if (names := _believable(candidate, shown, short, site=site))
    ]
    known = {key(name) for candidate in said for name in candidate.names}
    best: Seen | None = None
    top = 0.0
    for candidate in seen:
        strength = candidate.strength + 2.0 * any(key(name) in known for name in candidate.names)
        if site.is_named(candidate.names[0]) and not (
            len(candidate.names[0].split()) > 1 and key(candidate.names[0]) in known
        ):
            continue
        if strength > top:
            best, top = candidate, strength
    together = _together(best, seen) if best is not None and top >= _ENOUGH else ()
    if said:
        names = said[0].names
        wider = {key(name) for name, _ in together}
        mine = {key(name) for name in names}
        is_better = mine < wider or (
            bool(wider)
            and not mine & wider
            and not any(lines.is_name(name) for name in names)
            and all(lines.is_name(name) for name, _ in together)
        )
        if not is_better:
            names = _people_first(names, site=site)
            return Bylines(
                tuple(FoundValue(name, said[0].where, _span_of(out, name, seen)) for name in names),
                _shown(seen, names),
            )
    if not together or best is None:
        own = next((c for c in seen if c.strength >= _SURE), None)
        if own is None:
            return Bylines((), ())
        best, together = own, _together(own, seen)
    names = _people_first([name for name, _ in together], site=site)
    spans = dict(together)
    return Bylines(
        tuple(FoundValue(name, best.where, _exact(out, name, spans[name])) for name in names),
        _shown(seen, names),
    )


def _believable(
    candidate: Seen, shown: set[str], short: Sequence[tuple[str, bool]], *, site: Site
) -> tuple[str, ...]:
    """The names of a markup candidate that the page shows where an author can stand."""
    kept: list[str] = []
    if (
        len(candidate.names) > 1
        and candidate.where[:4] == "meta"
        and site.is_named(candidate.names[0])
    ):
        return ()  # "outlet, city, country"
    for name in candidate.names:
        k = key(name)
        many = len(name.split()) > 1
        if site.is_named(name) or candidate.strength == 2:
            if k in shown and many:
                kept.append(name)
        elif (
            k in shown
            or any(k in line for line, is_near in short if is_near)
            or (
                many
                and candidate.where.startswith("json-ld")
                and any(k in line for line, _ in short)
            )
        ):
            kept.append(name)
    return tuple(kept)


def _short_lines(out: Outline, frame: Frame) -> list[tuple[str, bool]]:
    """The keys of the short blocks outside comments, and whether each is near the article."""
    return [
        (block.key, frame.near(block.index))
        for block in out.blocks
        if len(block.text) < LONGEST and block.index not in frame.apart
    ]


def _together(best: Seen, seen: Sequence[Seen]) -> tuple[tuple[str, Span | None], ...]:
    """The names of the best candidate and of those that stand beside it in the same way."""
    beside = [
        c
        for c in seen
        if c.where == best.where
        and c.strength >= best.strength - 1.01
        and abs(c.block - best.block) <= 1
    ]
    beside.sort(key=lambda c: (c.span or Span(0, 0)).start)
    found: dict[str, tuple[str, Span | None]] = {}
    for candidate in beside if len(beside) > 1 else [best]:
        for name in candidate.names:
            found.setdefault(key(name), (name, candidate.span))
    return tuple(found.values())


def _people_first(names: Sequence[str], *, site: Site) -> tuple[str, ...]:
    """The names without bodies, roles and agencies where somebody is named; no agency alone."""
    people = [name for name in names if not lines.is_agency(name) and not site.is_named(name)]
    named = [name for name in people if lines.is_name(name) and "redaktion" not in name.lower()]
    return tuple(named or people or [name for name in names if not lines.is_agency(name)])


def _exact(out: Outline, name: str, span: Span | None) -> Span | None:
    """The name itself inside the span of its byline."""
    at = out.text.find(name, *span) if span is not None else -1
    return Span(at, at + len(name)) if at >= 0 else span


def _span_of(out: Outline, name: str, seen: Sequence[Seen]) -> Span | None:
    wanted = key(name)
    for candidate in seen:
        if any(key(n) == wanted for n in candidate.names):
            return _exact(out, name, candidate.span)
    return None


def _shown(seen: Sequence[Seen], names: Iterable[str]) -> tuple[Span, ...]:
    wanted = {key(name) for name in names}
    return tuple(
        sorted({c.span for c in seen if c.span and any(key(n) in wanted for n in c.names)})
    )


def _structured(head: Head) -> Iterable[Seen]:
    for node in head.articles:
        author = node.get("author") or node.get("creator")
        names = tuple(dict.fromkeys(_people(author)))
        if names:
            is_body = isinstance(author, dict) and "Organization" in types_of(author)
            yield Seen(names, "json-ld:author", None, 2 if is_body else 3, -1)
    for name in (
        "author", "article:author", "dc.creator", "dcterms.creator", "dc.creator.personalname",
        "parsely-author", "sailthru.author", "citation_author", "article.author", "byl", "creator",
        "mediator_author", "cxenseparse:author", "article:author_name", "twitter:data1",
    ):  # fmt: skip
        contents = head.metas.get(name, ())
        if name == "twitter:data1":
            label = " ".join(head.metas.get("twitter:label1", ())).lower()
            if not re.search(
                r"writ|verfass|geschrieben|écrit|escrito|autor|author|scritto|por\b|von\b|by\b",
                label,
            ):
                continue
        names = tuple(dict.fromkeys(n for content in contents for n in names_in(content)))
        if names:
            yield Seen(names, f"meta:{name}", None, 2.5, -1)


def _people(value: object) -> list[str]:
    if isinstance(value, dict):
        return _people(value.get("name"))
    if isinstance(value, list):
        return [name for each in value[:12] for name in _people(each)]
    if isinstance(value, str):
        return list(names_in(value))
    return []
