"""What a page says about itself outside its text: meta elements, links, and structured data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.read.dom import folded
from onrecord.record import MarkupNode

__all__ = ["PAGE_TYPES", "Head", "head", "strings", "types_of"]

_ARTICLE_TYPES = re.compile(
    r"(?:Article|BlogPosting|Posting|Report|Review|Recipe|LiveBlogPosting|CreativeWork|Webinar)\Z"
)
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage"))
_DEPTH = 6  # structured data nested deeper than this is not the page's own description


@dataclass(frozen=True, slots=True)
class Head:
    """`metas` maps the lower-cased name or property of each meta element to its contents.

    `articles` are the structured nodes that describe the page's own article, the most telling
    first; `nodes` are all of them; `language` is what the html element or a meta element says.
    """

    metas: Mapping[str, Sequence[str]]
    nodes: tuple[Mapping[str, Any], ...]
    articles: tuple[Mapping[str, Any], ...]
    title: str
    canonical: str
    language: str

    def meta(self, *names: str) -> tuple[str, str] | None:
        """The first non-empty content of the named meta elements, with its name."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return name, content
        return None


def head(root: Any, markup: Sequence[MarkupNode]) -> Head:  # noqa: ANN401 - lxml tree
    """The description of the page, from the parsed tree and its structured data."""
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        attrib = element.attrib
        content = attrib.get("content")
        if content is None:
            continue
        content = folded(content)
        for key in ("name", "property", "itemprop", "http-equiv"):
            name = attrib.get(key)
            if name:
                metas.setdefault(name.strip().lower(), []).append(content)
    canonical = ""
    for element in root.iter("link"):
        if (element.get("rel") or "").strip().lower() == "canonical":
            canonical = (element.get("href") or "").strip()
            break
    found = root.find(".//title")
    title = folded(found.text or "") if found is not None else ""
    language = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    ).strip()
    if not language:
        for name in ("content-language", "og:locale", "language", "dc.language", "inlanguage"):
            if metas.get(name):
                language = metas[name][0].strip()
                break
    nodes = tuple(_all_nodes(markup))
    own = (canonical, *metas.get("og:url", ()))
    titles = (title, *metas.get("og:title", ()))
    return Head(metas, nodes, _articles(nodes, own, titles), title, canonical, language)


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The type names of a structured node without prefix."""
    found = node.get("@type")
    values = found if isinstance(found, list) else [found]
    return tuple(re.split(r"[/#:]", value)[-1] for value in values if isinstance(value, str))


def _all_nodes(markup: Sequence[MarkupNode]) -> Iterator[Mapping[str, Any]]:
    for node in markup:
        try:
            value = json.loads(node.json)
        except (ValueError, RecursionError):
            continue
        yield from _flat(value, 0)


def _flat(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            yield from _flat(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf"):
            if key in value:
                yield from _flat(value[key], depth + 1)


def _articles(
    nodes: Sequence[Mapping[str, Any]], own: Sequence[str], titles: Sequence[str]
) -> tuple[Mapping[str, Any], ...]:
    articles = [n for n in nodes if any(_ARTICLE_TYPES.search(t) for t in types_of(n))]
    if len(articles) > 1:
        mine = [n for n in articles if _is_own(n, own, titles)]
        articles = mine or articles[:1]
    pages = [n for n in nodes if any(t in PAGE_TYPES for t in types_of(n))]
    return (*articles, *pages)


def _is_own(node: Mapping[str, Any], own: Sequence[str], titles: Sequence[str]) -> bool:
    addresses = [
        *strings(node.get("url")),
        *strings(node.get("@id")),
        *strings(node.get("mainEntityOfPage")),
    ]
    if any(
        a and b and a.split("#")[0].rstrip("/") == b.rstrip("/") for a in addresses for b in own
    ):
        return True
    headline = " ".join(strings(node.get("headline")) or strings(node.get("name")))
    return bool(headline) and any(headline[:40] in title for title in titles)


def strings(value: object) -> list[str]:
    """The strings of a structured value: itself, its name, its address, or those of its parts."""
    if isinstance(value, str):
        text = folded(value)
        return [text] if text else []
    if isinstance(value, list):
        return [text for each in value[:50] for text in strings(each)]
    if isinstance(value, dict):
        for key in ("name", "@value", "@id", "url"):
            if key in value:
                return strings(value[key]) if not isinstance(value[key], dict) else []
    return []
