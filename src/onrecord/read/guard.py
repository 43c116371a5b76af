"""Caps on the size and shape of HTML, in one linear pass before any parser sees it.

Every HTML parser has a corner in which it takes quadratic time, and lxml silently loses the text
below 256 nested elements and in nodes of more than 10 MB. So the markup is cut down here first,
and each cut is named in `Guarded.truncated`. Text is cut only where the whole page, one text node
or the number of elements is over its cap; deeper nesting and surplus attributes lose their tags
and keep their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.read.encoding import decode

__all__ = ["MAX_BYTES", "Guarded", "html", "text"]

MAX_BYTES = 10_000_000  # of a page; the longest of 487 saved news pages has 1.6 MB
# lxml counts html and body too and loses text from 256 on; its recovery can add a level or two
# that this pass does not see. The deepest of 487 saved news pages has 46.
MAX_DEPTH = 200
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 256  # of one tag
MAX_VALUE = 1_000_000  # code points in one attribute value
MAX_NODE = 2_000_000  # code points between two tags

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "bgsound",
        "frame",
        "keygen",
    ]
)
# Elements that a following one of the same group closes, as a browser and libxml2 do.
_CLOSES = {
    "p": frozenset({"p"}),
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "option": frozenset({"option"}),
    "tr": frozenset({"tr", "td", "th", "p"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "thead": frozenset({"tr", "td", "th", "tbody", "thead"}),
    "tbody": frozenset({"tr", "td", "th", "tbody", "thead"}),
    **dict.fromkeys(
        [
            "div",
            "ul",
            "ol",
            "dl",
            "table",
            "section",
            "article",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "pre",
            "form",
            "hr",
        ],
        frozenset({"p"}),
    ),
}
_NONE: frozenset[str] = frozenset()
# libxml2 ignores an end tag below an element of higher rank: `<span><div></span>` stays open.
_RANK = {
    "p": 10,
    "div": 150,
    "td": 160,
    "th": 160,
    "tr": 170,
    "thead": 180,
    "tbody": 180,
    "tfoot": 180,
    "table": 190,
    "head": 200,
    "body": 200,
    "html": 220,
}
_OTHER_RANK = 100

_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+)?+)?+"
# A comment to its end or the end of the page; a declaration; an element whose content is no
# markup, with that content; a tag (name and attributes). Possessive throughout: linear.
_TOKEN = re.compile(
    r"<(?:!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
    r"|[!?][^>]*+>?"
    rf"|(?P<raw>(?i:script|style))(?=[\s/>])(?:[\s/]++|{_ATTRIBUTE})*+>"
    r"[^<]*+(?:<(?!/(?:(?i:script|style))[\s/>])[^<]*+)*+"
    rf"|(?P<name>/?[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)>?"
    r")",
    re.ASCII,
)
_ATTRIBUTES = re.compile(rf"[\s/]*+{_ATTRIBUTE}", re.ASCII)
_BETWEEN = " \t\n\r\f\v/"  # trailing ones would be tried again from each position
_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]++)")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Markup that is safe to parse, and in words what was cut; empty when nothing was."""

    text: str
    truncated: tuple[str, ...] = ()


def html(body: bytes | str, *, media_type: str = "") -> Guarded:
    """The markup with every cap applied; bytes are decoded as a browser does.

    `media_type` is the declared one and may name a charset. Linear in the length; under 3 ms for
    a news page of 100 kB.

    >>> html("<p>a<b>b")
    Guarded(text='<p>a<b>b', truncated=())
    """
    notes: list[str] = []
    if len(body) > MAX_BYTES:
        unit = "bytes" if isinstance(body, bytes) else "characters"
        notes.append(f"page after {MAX_BYTES} {unit}")
        body = body[:MAX_BYTES]
    markup = decode(body, media_type=media_type) if isinstance(body, bytes) else _valid(body)
    if "\0" in markup:
        markup = markup.replace("\0", "\ufffd")
    if not _is_within_caps(markup):
        markup, cuts = _cut(markup)
        notes += cuts
    return Guarded(markup, tuple(notes))


def text(words: str) -> Guarded:
    """Plain text with the cap on a page's length, and without lone surrogates."""
    if len(words) > MAX_BYTES:
        return Guarded(_valid(words[:MAX_BYTES]), (f"text after {MAX_BYTES} characters",))
    return Guarded(_valid(words))


def _valid(words: str) -> str:
    """The words with U+FFFD for each lone surrogate, so that they can be written as UTF-8."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words


class _Depth:
    """The open elements as libxml2 will see them, near enough to keep below its limit."""

    __slots__ = ("counts", "ignored", "stack")

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.counts: Counter[str] = Counter()
        self.ignored: set[str] = set()  # end tags without effect until the next start tag

    def open(self, name: str) -> None:
        """Open an element, after closing those that it ends."""
        closes = _CLOSES.get(name)
        if closes is not None:
            while self.stack and self.stack[-1] in closes:
                self.counts[self.stack.pop()] -= 1
        self.stack.append(name)
        self.counts[name] += 1
        self.ignored.clear()

    def close(self, name: str) -> None:
        """Close the nearest open element of that name, unless one of higher rank is between."""
        if not self.counts[name] or name in self.ignored:
            return
        rank = _RANK.get(name, _OTHER_RANK)
        stack = self.stack
        at = len(stack) - 1
        while stack[at] != name:
            if _RANK.get(stack[at], _OTHER_RANK) > rank:
                self.ignored.add(name)
                return
            at -= 1
        for closed in stack[at:]:
            self.counts[closed] -= 1
        del stack[at:]
        self.ignored.clear()


def _is_within_caps(markup: str) -> bool:
    """Whether nothing needs a cut: the quick look that nearly every page passes."""
    n_elements = 0
    depth = _Depth()
    stack, counts, ignored = depth.stack, depth.counts, depth.ignored
    longest_quiet = MAX_ATTRIBUTES * 2  # a tag of fewer code points cannot hold more attributes
    if len(markup) > MAX_NODE and _has_long_node(markup):
        return False
    # By what is written of a tag: its name, and what it closes, `None` for an end tag.
    names: dict[str, tuple[str, frozenset[str] | None]] = {}
    for _, tag, attributes in _TOKEN.findall(markup):
        if not tag:
            continue
        if len(attributes) > longest_quiet:
            if len(attributes) > MAX_VALUE and _has_long_value(attributes):
                return False
            if len(_ATTRIBUTES.findall(attributes.rstrip(_BETWEEN))) > MAX_ATTRIBUTES:
                return False
        known = names.get(tag)
        if known is None:
            name = tag.lower()
            is_end = name[0] == "/"
            known = names[tag] = (name[1:], None) if is_end else (name, _CLOSES.get(name, _NONE))
        name, closes = known
        if closes is None:
            if stack and stack[-1] == name:  # as `depth.close` does, for tags in good order
                stack.pop()
                counts[name] -= 1
                if ignored:
                    ignored.clear()
            else:
                depth.close(name)
            continue
        n_elements += 1
        if n_elements > MAX_ELEMENTS:
            return False
        if name in _VOID or attributes[-1:] == "/":
            continue
        while stack and stack[-1] in closes:  # as `depth.open` does
            counts[stack.pop()] -= 1
        stack.append(name)
        counts[name] += 1
        if ignored:
            ignored.clear()
        if len(stack) > MAX_DEPTH:
            return False
    return True


def _has_long_node(markup: str) -> bool:
    at = 0
    for match in _TOKEN.finditer(markup):
        if match.start() - at > MAX_NODE or match.end() - match.start() > MAX_NODE:
            return True
        at = match.end()
    return len(markup) - at > MAX_NODE


def _has_long_value(attributes: str) -> bool:
    return any(m.end() - m.start() > MAX_VALUE for m in _VALUE.finditer(attributes))


def _cut(markup: str) -> tuple[str, list[str]]:
    """The markup with each cap applied, and what that cut."""
    notes: dict[str, None] = {}  # an ordered set
    return "".join(_pieces(markup, notes)), list(notes)


def _pieces(markup: str, notes: dict[str, None]) -> Iterator[str]:
    depth = _Depth()
    dropped: Counter[str] = Counter()  # open elements whose start tag was left out
    n_elements = 0
    at = 0
    for match in _TOKEN.finditer(markup):
        yield _node(markup[at : match.start()], notes)
        at = match.end()
        name = (match["name"] or "").lower()
        if not name:
            if match.end() - match.start() <= MAX_NODE:
                yield match[0]
            else:
                notes[f"a script, style or comment of more than {MAX_NODE} characters"] = None
            continue
        if name[0] == "/":
            name = name[1:]
            if dropped[name]:
                dropped[name] -= 1
                continue
            depth.close(name)
            yield match[0]
            continue
        is_empty = name in _VOID or match["attributes"].endswith("/")
        if not is_empty:
            if len(depth.stack) >= MAX_DEPTH:
                depth.open(name)  # it may close others first
                if len(depth.stack) > MAX_DEPTH:
                    depth.counts[depth.stack.pop()] -= 1
                    dropped[name] += 1
                    notes[f"tags nested deeper than {MAX_DEPTH} levels (their words are kept)"] = (
                        None
                    )
                    yield " "
                    continue
            else:
                depth.open(name)
        n_elements += 1  # tags that were left out cost a parser nothing
        if n_elements > MAX_ELEMENTS:
            notes[f"page after {MAX_ELEMENTS} elements"] = None
            return
        yield _tag(match, notes)
    yield _node(markup[at:], notes)


def _node(words: str, notes: dict[str, None]) -> str:
    if len(words) <= MAX_NODE:
        return words
    notes[f"a stretch of text after {MAX_NODE} characters"] = None
    return words[:MAX_NODE]


def _tag(match: re.Match[str], notes: dict[str, None]) -> str:
    """The start tag without surplus attributes and over-long values."""
    attributes = match["attributes"]
    if len(attributes) <= 2 * MAX_ATTRIBUTES:
        return match[0]
    kept: list[str] = []
    for attribute in _ATTRIBUTES.finditer(attributes.rstrip(_BETWEEN)):
        if len(kept) >= MAX_ATTRIBUTES:
            notes[f"attributes after the first {MAX_ATTRIBUTES} of a tag"] = None
            break
        if attribute.end() - attribute.start() > MAX_VALUE:
            notes[f"an attribute of more than {MAX_VALUE} characters"] = None
            continue
        kept.append(attribute[0])
    slash = "/" if attributes.endswith("/") else ""
    return f"<{match['name']}{''.join(kept)}{slash}>"
