"""Structured data of a page: JSON-LD and microdata, as nodes of canonical JSON.

JSON-LD on real pages is often broken in plain ways: a comma too many, comments or CDATA marks
around it, raw line breaks in strings, several objects one after the other. Those are repaired;
what stays broken is left out. Nothing is ever fetched: an `@context` is only a name here.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from onrecord.record import MarkupNode

__all__ = ["Parsed", "json_values", "markup"]

MAX_NODES = 1_000  # top-level nodes of one page
MAX_DEPTH = 100  # of nested JSON; real pages have up to 14
MAX_TEXT = 5_000  # code points of visible text in one microdata value
MAX_ALL_TEXT = 2_000_000  # the same, of all values of a page

_AROUND = re.compile(
    r"(?:\s|\ufeff|<!--|-->|(?:/\*\s*+|//\s*+)?<!\[CDATA\[(?:\s*+\*/)?|(?://\s*+|/\*\s*+)?\]\]>(?:\s*+\*/)?)++"
)
_AFTER = re.compile(r"(?:[\s;,]|-->|(?:/\*\s*+|//\s*+)?\]\]>(?:\s*+\*/)?|<!--|//(?=\s))++")
_STRING = r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+(?:\"|\Z)"
# A string as a whole, or one of the plain faults between strings.
_FAULT = re.compile(
    rf"(?P<string>{_STRING})"
    r"|(?P<comment>/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)|(?<![:\w])//[^\n]*+)"
    r"|(?P<commas>,(?:\s*+,)*+)(?=\s*+(?P<close>[}\]])?)"
    r"|(?P<constant>\b(?:NaN|undefined|None)\b|-?\bInfinity\b)"
    r"|'(?P<single>[^'\"\n\\]{0,1000}+)'(?=\s*+[,:}\]])"
    r"|(?P<word>\b(?:True|False)\b)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:(?P<good>[\"\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<bad>[^u])?)", re.DOTALL)
_BRACKETS = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_PREFIX = re.compile(r"[/#:]")


class Parsed(NamedTuple):
    """The values of a JSON text, and whether it had to be repaired to read them."""

    values: tuple[Any, ...]
    repaired: bool


def markup(root: Any) -> tuple[MarkupNode, ...]:  # noqa: ANN401 - lxml has no types
    """The structured-data nodes of a parsed page: JSON-LD first, then microdata, each in order.

    The members of a bare `@graph` and of a list are nodes of their own. At most 1,000 nodes.
    """
    nodes: list[MarkupNode] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for value in json_values(script.text or "").values:
            for node in _top_nodes(value):
                if len(nodes) == MAX_NODES:
                    return tuple(nodes)
                nodes.append(_node("json-ld", node))
    nodes.extend(_node("microdata", item) for item in _microdata(root)[: MAX_NODES - len(nodes)])
    return tuple(nodes)


def _top_nodes(value: object) -> Iterator[dict[str, Any]]:
    """The nodes of a value: itself, or the members of its lists and of a bare `@graph`."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(reversed(each))
        elif isinstance(each, dict):
            graph = each.get("@graph")
            if isinstance(graph, list | dict) and "@type" not in each:
                waiting.append(graph)
            else:
                yield each


def _node(syntax: str, node: dict[str, Any]) -> MarkupNode:
    text = json.dumps(node, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return MarkupNode(syntax, _types(node), _without_surrogates(text))


def _types(node: dict[str, Any]) -> tuple[str, ...]:
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return tuple(_PREFIX.split(name.rstrip("/"))[-1] for name in names if isinstance(name, str))


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def json_values(text: str) -> Parsed:
    """The values in a JSON text, one or several; none where it cannot be read even when repaired.

    Strict JSON first. NaN, infinities and numbers out of range become null and count as a repair,
    as does anything but one value. Of a key given twice the last value stands, as in JavaScript.
    Text nested deeper than 100 levels gives nothing, and no error.

    >>> json_values('{"a": [1, 2,]} // end')
    Parsed(values=({'a': [1, 2]},), repaired=True)
    """
    if _depth(text) > MAX_DEPTH:
        return Parsed((), repaired=False)
    try:
        return Parsed((_STRICT.decode(text),), repaired=False)
    except (ValueError, RecursionError):
        pass
    bare = _bare(text)
    for attempt in (bare, _repaired(bare), _repaired(_bare(html.unescape(bare)))):
        values = _several(attempt)
        if values:
            return Parsed(values, repaired=True)
    return Parsed((), repaired=False)


def _refuse(constant: str) -> Any:  # noqa: ANN401 - a hook of the decoder
    raise ValueError(constant)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 400 else None


def _real(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


_STRICT = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer, parse_float=_real)
_LENIENT = json.JSONDecoder(
    parse_constant=lambda _: None, parse_int=_integer, parse_float=_real, strict=False
)


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings."""
    deepest = depth = 0
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _bare(text: str) -> str:
    """The text without comment and CDATA marks around it."""
    start = _AROUND.match(text)
    return text[start.end() :] if start else text


def _repaired(text: str) -> str:
    return _FAULT.sub(_repair, text)


def _repair(match: re.Match[str]) -> str:
    if match["string"] is not None:
        string = match["string"]
        if "\\" in string:
            return _ESCAPE.sub(lambda sign: sign[0] if sign["good"] else sign["bad"] or "", string)
        return string
    if match["comment"] is not None:
        return " "
    if match["commas"] is not None:
        return "" if match["close"] else ","
    if match["constant"] is not None:
        return "null"
    if match["single"] is not None:
        return json.dumps(match["single"])
    return match["word"].lower()


def _several(text: str) -> tuple[Any, ...]:
    """The values that stand one after the other in a text; none when one of them is broken."""
    values: list[Any] = []
    at = 0
    text = text.strip()
    while at < len(text):
        if text[at] not in "[{":
            return ()
        try:
            value, at = _LENIENT.raw_decode(text, at)
        except (ValueError, RecursionError):
            return ()
        values.append(value)
        rest = _AFTER.match(text, at)
        at = rest.end() if rest else at
    return tuple(values)


# The attribute that carries the value of a microdata property, by element.
_CARRIES = {
    "meta": "content",
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "source": "src",
    "track": "src",
    "video": "src",
    "a": "href",
    "area": "href",
    "link": "href",
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
}


def _microdata(root: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - lxml has no types
    """The top-level items of the page's microdata, in document order."""
    if not root.xpath("boolean(descendant-or-self::*[@itemscope])"):
        return []
    items: list[dict[str, Any]] = []
    budget = [MAX_ALL_TEXT]
    referring: list[tuple[dict[str, Any], str]] = []
    _gather(root, None, items, referring, budget)
    for item, references in referring[:100]:
        for name in references.split()[:20]:
            for element in root.xpath("//*[@id=$name][1]", name=name):
                _gather(element, item, [], [], budget)
    return items


def _gather(
    root: Any,  # noqa: ANN401 - lxml has no types
    inside: dict[str, Any] | None,
    items: list[dict[str, Any]],
    referring: list[tuple[dict[str, Any], str]],
    budget: list[int],
) -> None:
    """Gather the items at and below an element; properties go to the item they are inside of."""
    open_items: list[tuple[Any, dict[str, Any], int]] = []  # element, its item, and its depth
    for element in root.xpath("descendant-or-self::*[@itemscope or @itemprop]"):
        above = _above(element, open_items)
        item, depth = above[1:] if above is not None else (inside, 0)
        names = (element.get("itemprop") or "").split()[:20]
        if element.get("itemscope") is not None:
            within = _item(element)
            if element.get("itemref"):
                referring.append((within, element.get("itemref")))
            if names and item is not None and depth < MAX_DEPTH // 2:
                _add(item, names, within)
            else:
                items.append(within)
            open_items.append((element, within, depth + 1))
        elif names and item is not None:
            _add(item, names, _value(element, budget))


def _above(
    element: Any,  # noqa: ANN401 - lxml has no types
    open_items: list[tuple[Any, dict[str, Any], int]],
) -> tuple[Any, dict[str, Any], int] | None:
    """The innermost open item that an element stands in; those that ended before it are closed."""
    if not open_items:
        return None
    ancestors = set(element.iterancestors())
    while open_items:
        if open_items[-1][0] in ancestors:
            return open_items[-1]
        open_items.pop()
    return None


def _item(element: Any) -> dict[str, Any]:  # noqa: ANN401 - lxml has no types
    types = [
        _PREFIX.split(name.rstrip("/"))[-1] for name in (element.get("itemtype") or "").split()
    ]
    item: dict[str, Any] = {}
    if types:
        item["@type"] = types[0] if len(types) == 1 else types
    if element.get("itemid"):
        item["@id"] = element.get("itemid").strip()
    return item


def _add(item: dict[str, Any], names: list[str], value: object) -> None:
    for name in (_PREFIX.split(n)[-1] if "://" in n else n for n in names):
        if name not in item:
            item[name] = value
        elif isinstance(item[name], list):
            item[name].append(value)
        else:
            item[name] = [item[name], value]


def _value(element: Any, budget: list[int]) -> str:  # noqa: ANN401 - lxml has no types
    carried = element.get(_CARRIES.get(element.tag, "content"))
    if carried is not None:
        return str(carried).strip()
    parts: list[str] = []
    left = min(MAX_TEXT, budget[0])
    for part in element.itertext():
        if left <= 0:
            break
        parts.append(part[:left])
        left -= len(part)
    words = " ".join("".join(parts).split())
    budget[0] -= len(words)
    return words
