"""ClaimReview nodes read out of a page's structured data, tolerant of how pages write them.

The terms are those of schema.org: a ClaimReview names the claim (`claimReviewed`), where the claim
comes from (`itemReviewed`), and what the reviewer makes of it (`reviewRating`). Real pages nest
them in `@graph`, in lists and in other nodes, write numbers as text and single values as lists;
all of that is read. Nothing is repaired: a missing value is `None` or `()`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onrecord.ratings import Rating
from onrecord.record import MarkupNode, Page

__all__ = [
    "ClaimReview",
    "Named",
    "claim_review",
    "claim_reviews",
    "markup_nodes",
    "named",
    "values",
]

# Deeper nesting than this says nothing more about a claim; the cap keeps hostile markup linear.
_MAX_NODES = 20_000

JsonMap = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Named:
    """A person, body or page in markup: its name, its addresses, and its schema.org type."""

    name: str | None
    urls: tuple[str, ...] = ()
    type: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimReview:
    """One ClaimReview node of a page.

    `claimants` and `appearances` come from `itemReviewed`; `authors` are who reviewed. `published`
    is as written. `citations` are the addresses of `citation` and `isBasedOn`, `cited_texts` those
    citations that give no address.
    """

    claim: str | None
    url: str | None
    claimants: tuple[Named, ...]
    appearances: tuple[str, ...]
    authors: tuple[Named, ...]
    rating: Rating | None
    published: str | None
    citations: tuple[str, ...]
    cited_texts: tuple[str, ...]
    syntax: str
    title: str | None = None
    claim_date: str | None = None
    language: str | None = None


def claim_reviews(page: Page) -> tuple[ClaimReview, ...] | None:
    """The ClaimReviews of the page in order, without exact repeats of the same review.

    `None` where the source cannot show markup. A review given twice, as JSON-LD and as microdata,
    is one: the same claim, rating text and address.
    """
    if page.markup is None:
        return None
    seen: set[tuple[object, ...]] = set()
    reviews: list[ClaimReview] = []
    for syntax, node in markup_nodes(page.markup):
        if "ClaimReview" not in _types(node):
            continue
        review = _claim_review(node, syntax)
        key = (
            (review.claim or "").casefold().strip(),
            (review.url or "").rstrip("/"),
            (review.rating.text or "").casefold() if review.rating else "",
        )
        if key not in seen:
            seen.add(key)
            reviews.append(review)
    return tuple(reviews)


def claim_review(node: JsonMap, syntax: str) -> ClaimReview | None:
    """The ClaimReview that a node is, or `None` for a node of another type.

    A node without a type that names a reviewed claim counts as one, as feeds leave the type out.
    """
    types = _types(node)
    if "ClaimReview" in types or (not types and "claimReviewed" in node):
        return _claim_review(_properties(node), syntax)
    return None


def markup_nodes(markup: tuple[MarkupNode, ...]) -> Iterator[tuple[str, JsonMap]]:
    """Every node with its syntax, those inside other nodes too, in document order.

    Nodes whose JSON cannot be read are left out, as are nodes beyond the 20,000th.
    """
    n_nodes = 0
    for item in markup:
        try:
            root = json.loads(item.json)
        except (ValueError, RecursionError):
            continue
        stack: list[object] = [root]
        while stack and n_nodes < _MAX_NODES:
            n_nodes += 1
            node = stack.pop()
            if isinstance(node, dict):
                yield item.syntax, _properties(node)
                stack.extend(reversed([v for v in node.values() if isinstance(v, dict | list)]))
            elif isinstance(node, list):
                stack.extend(reversed(node))


def values(node: JsonMap, *path: str) -> tuple[object, ...]:
    """What stands at a path of property names, lists opened, in order.

    >>> values({"author": [{"name": "Ann"}, {"name": ["Bo", "Cy"]}]}, "author", "name")
    ('Ann', 'Bo', 'Cy')
    """
    found: list[object] = [node]
    for name in path:
        step: list[object] = []
        for one in found:
            if isinstance(one, dict):
                value = _properties(one).get(name)
                step.extend(_opened(value))
        found = step
    return tuple(found)


def named(value: object) -> Named | None:
    """A person, body or page from a text, an address or a node; `None` if it names nothing."""
    if isinstance(value, dict):
        node = _properties(value)
        name = _first_text(node, "name", "headline", "alternateName")
        urls = _addresses(node)
        types = _types(node)
        if name is None and not urls:
            return None
        return Named(name, urls, types[0] if types else None)
    text = _text(value)
    if text is None:
        return None
    return Named(None, (text,)) if _is_address(text) else Named(text)


def _claim_review(node: JsonMap, syntax: str) -> ClaimReview:
    items = [n for n in values(node, "itemReviewed") if isinstance(n, dict)]
    claimants = [one for n in items for one in map(named, values(n, "author")) if one]
    appearances = [
        url
        for n in items
        for name in ("firstAppearance", "appearance")
        for value in values(n, name)
        for url in (_addresses(value) if isinstance(value, dict) else _text_address(value))
    ]
    # Old markup reviews a CreativeWork itself: its own address is where the claim appeared.
    for item in items:
        if "Claim" not in _types(item):
            appearances.extend(_addresses(_properties(item)))
    for item in items:
        appearances.extend(u for v in values(item, "sameAs") for u in _text_address(v))
    cited = [one for n in ("citation", "isBasedOn") for one in map(named, values(node, n)) if one]
    return ClaimReview(
        claim=_first_text(node, "claimReviewed"),
        url=next((t for t in map(_text, values(node, "url")) if t), None),
        claimants=tuple(claimants),
        appearances=tuple(dict.fromkeys(appearances)),
        authors=tuple(one for one in map(named, values(node, "author")) if one),
        rating=_rating(node),
        published=_first_text(node, "datePublished", "dateCreated"),
        citations=tuple(dict.fromkeys(url for one in cited for url in one.urls)),
        cited_texts=tuple(one.name for one in cited if one.name and not one.urls),
        syntax=syntax,
        title=_first_text(node, "headline", "name"),
        claim_date=next(
            (t for n in items for t in map(_text, values(n, "datePublished")) if t), None
        ),
        language=_first_text(node, "inLanguage"),
    )


def _rating(node: JsonMap) -> Rating | None:
    for value in values(node, "reviewRating"):
        if isinstance(value, dict):
            return Rating(
                text=_first_text(value, "alternateName", "name"),
                value=_number(value, "ratingValue"),
                best=_number(value, "bestRating"),
                worst=_number(value, "worstRating"),
            )
        if (text := _text(value)) is not None:
            return Rating(text, None, None, None)
    return None


def _properties(node: Mapping[str, object]) -> JsonMap:
    """The node's properties, where microdata keeps them one level down as well."""
    inner = node.get("properties")
    if isinstance(inner, dict):
        return {**{k: v for k, v in node.items() if k != "properties"}, **inner}
    return node


def _types(node: JsonMap) -> tuple[str, ...]:
    names = [t for v in (node.get("@type"), node.get("type")) for t in _opened(v)]
    return tuple(
        t.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in names if isinstance(t, str)
    )


def _opened(value: object) -> list[object]:
    if value is None:
        return []
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def _text(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, dict):
        return _first_text(value, "@value", "name", "text")
    return None


def _first_text(node: JsonMap, *names: str) -> str | None:
    for name in names:
        for value in values(node, name):
            if (text := _text(value)) is not None:
                return text
    return None


def _number(node: JsonMap, name: str) -> float | None:
    text = _first_text(node, name)
    if text is None:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://", "//"))


def _text_address(value: object) -> tuple[str, ...]:
    text = value if isinstance(value, str) else None
    return (text.strip(),) if text and _is_address(text.strip()) else ()


def _addresses(node: JsonMap) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("url", "@id", "sameAs"):
        for value in values(node, name):
            if isinstance(value, dict):
                found.extend(u for v in values(value, "@id") for u in _text_address(v))
            else:
                found.extend(_text_address(value))
    return tuple(dict.fromkeys(found))
