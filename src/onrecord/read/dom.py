"""HTML to an outline: the visible text in document order, cut into blocks, with marked places.

One walk over the parsed tree. A *place* is an element; a *block* is a run of inline text inside
one block-level element. Both hold ranges of *pieces*, the text nodes in document order, so every
later question ("what does this element say?") is a slice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from onrecord.read import marks
from onrecord.span import Span, shrunk

__all__ = ["Block", "Outline", "Place", "folded", "key", "outline", "parse"]

_NO_TEXT = frozenset(
    """
    script style template noscript svg math head object embed iframe audio video canvas
    select textarea datalist map area link meta title base rt rp
    """.split()  # noqa: SIM905 - a list of words reads better
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main
    menu nav ol p pre section summary table tbody td tfoot th thead tr ul button label
    legend optgroup
    """.split()  # noqa: SIM905 - a list of words reads better
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-reader-text|screenreader|hidden-text|"
    r"element-invisible|a11y-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\n\r\f\u00a0\u2000-\u200a\u202f\u3000\x85\u2028\u2029]+")
# White space to `str.split` and none to `_SPACES`, or a break: rare, and told apart the slow way.
_OTHER_SPACES = re.compile("[\x0b\x1c-\x1f\u1680\u205f]")
_DIGITS = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[\W_]+")
_NAMING = ("class", "id", "itemprop", "itemtype", "rel", "role", "data-testid")
_TELLING_ATTRIBUTES = (*_NAMING, "hidden", "style")
_SHAPE = 12  # attributes; of an element with more, the names are not kept for the next one like it
_AROUND_BREAK = re.compile(r"(?<![ \n]) *+\n[ \n]*+")
BREAK = "\x0b"  # stands for <br> until spaces are folded


@dataclass(slots=True, eq=False)
class Place:
    """An element: its own marks, the marks it inherits, and the pieces it holds."""

    parent: Place | None
    element: Any
    tag: str
    name: str  # class, id, itemprop, rel and role in lower case
    own: int
    zones: int
    first: int
    last: int = 0  # half-open range of pieces
    index: int = 0  # position in Outline.places
    end: int = 0  # the places inside are Outline.places[index + 1 : end]

    def ancestors(self) -> list[Place]:
        """The places above, nearest first."""
        out = []
        place = self.parent
        while place is not None:
            out.append(place)
            place = place.parent
        return out

    def within(self, other: Place) -> bool:
        """Whether `other` is this place or above it."""
        place: Place | None = self
        while place is not None:
            if place is other:
                return True
            place = place.parent
        return False


@dataclass(slots=True, eq=False)
class Block:
    """A run of inline text: the pieces `first` to `last` (half-open) inside `place`."""

    place: Place
    first: int
    last: int
    text: str
    start: int  # code points into the page's text
    tag: str  # of the nearest telling element: p, li, h2, blockquote, td, figcaption, div
    key: str  # `key(text)`
    index: int = 0

    @property
    def span(self) -> Span:
        """Where the block stands in the page's text."""
        return Span(self.start, self.start + len(self.text))


@dataclass(slots=True, eq=False)
class Outline:
    """What one walk saw; `holders[i]` is the nearest element of the i-th piece.

    `starts[i]` and `ends[i]` are where the piece stands in the page's text, -1 while no block
    holds it; `text` joins the blocks with an empty line between.
    """

    root: Any
    texts: list[str] = field(default_factory=list)
    holders: list[Place] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    images: list[tuple[Any, int]] = field(default_factory=list)  # element, number of pieces before
    text: str = ""

    def said(self, place: Place) -> str:
        """The visible text of a place, spaces folded."""
        return folded("".join(self.texts[place.first : place.last]))

    def block_at(self, place: Place) -> int:
        """The index of the block that holds the first piece of a place."""
        low, high = 0, len(self.blocks)
        while low < high:
            middle = (low + high) // 2
            if self.blocks[middle].last <= place.first:
                low = middle + 1
            else:
                high = middle
        return low

    def inside(self, place: Place) -> list[Place]:
        """The places inside a place, in document order."""
        return self.places[place.index + 1 : place.end]

    def spaced(self, place: Place) -> str:
        """The visible text of a place with a space between any two elements in it."""
        return folded(" ".join(self.texts[place.first : place.last]))

    def span(self, place: Place) -> Span | None:
        """Where a place stands in the page's text; `None` when it shows no text."""
        starts = [start for start in self.starts[place.first : place.last] if start >= 0]
        if not starts:
            return None
        span = shrunk(
            self.text, Span(starts[0], max(self.ends[place.first : place.last])), strip=" \n"
        )
        return span if span.n_chars else None


def folded(text: str) -> str:
    r"""The text with runs of white space as one space and line breaks kept.

    >>> folded("  a \n b\x0b c ")
    'a b\nc'
    """
    if BREAK in text:
        lines = (_SPACES.sub(" ", line).strip() for line in text.split(BREAK))
        return "\n".join(line for line in lines if line)
    if not text.isprintable() and _OTHER_SPACES.search(text):
        return _SPACES.sub(" ", text).strip()
    return " ".join(text.split())


def key(text: str) -> str:
    """Letters and digits only, in lower case.

    >>> key("Don't - stop_2")
    'dontstop2'
    """
    if text.isascii():
        return text.translate(_ASCII_KEY)
    try:
        western = text.encode("cp1252")
    except UnicodeEncodeError:
        return _NOT_WORD.sub("", text).lower()
    return western.translate(_LOWER, _NO_LETTER).decode("cp1252")


# What `key` keeps of ASCII, and of each byte of windows-1252: several times as fast as a regular
# expression, and nine blocks in ten are in one or the other.
_ASCII_KEY = {at: chr(at).lower() if chr(at).isalnum() else None for at in range(128)}
_WESTERN = [bytes([at]).decode("cp1252", "replace") for at in range(256)]
_NO_LETTER = bytes(at for at, sign in enumerate(_WESTERN) if not sign.isalnum())
_LOWER = bytes(
    at if at in _NO_LETTER else sign.lower().encode("cp1252")[0] for at, sign in enumerate(_WESTERN)
)


def parse(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """The parsed tree of a decoded page, or `None` when nothing is in it."""
    from lxml import etree, html

    parser = etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8", collect_ids=False
    )
    # lxml.html asks a Python function for the class of each element it meets, which takes a tenth
    # of the time of a page; nobody here needs its classes of forms and inputs.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    body = text.encode("utf-8", "replace")
    if not body.strip():
        return None
    try:
        return html.document_fromstring(body, parser=parser)
    except (ValueError, etree.ParserError):
        return None


def outline(root: Any, *, with_hidden: bool = False) -> Outline:  # noqa: ANN401 - lxml tree
    """The visible text of the tree in document order, in one pass, linear in its size.

    `with_hidden` also takes what a style or attribute hides, for pages that show their article
    only when a script has run.
    """
    return _Walk(root, with_hidden=with_hidden).run()


class _Kind(NamedTuple):
    """What tag and attributes say of an element: its own marks, its names, and if it is hidden."""

    own: int
    name: str
    is_hidden: bool


class _Walk:
    """The state of one walk; `written` are the parts of the page's text so far.

    `kinds` and `shapes` keep what was said of elements like one seen before: by the tag and the
    telling attributes with their values, and which of a set of attributes are telling.
    """

    def __init__(self, root: Any, *, with_hidden: bool) -> None:  # noqa: ANN401
        self.out = Outline(root)
        self.with_hidden = with_hidden
        self.written: list[str] = []
        self.length = 0
        self.kinds: dict[tuple[Any, ...], _Kind] = {}
        self.shapes: dict[tuple[str, ...], tuple[tuple[str, ...], list[int]]] = {}

    def run(self) -> Outline:
        from lxml import etree

        out = self.out
        texts, holders, starts = out.texts, out.holders, out.starts
        stack: list[Place | None] = []
        open_blocks: list[Place] = []
        current: Place | None = None
        walk = etree.iterwalk(out.root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                tag = element.tag
                kind = self.kind(element, tag) if tag not in _NO_TEXT else None
                if kind is None or (kind.is_hidden and not self.with_hidden):
                    if tag == "noscript":
                        out.images.extend((image, len(texts)) for image in element.iter("img"))
                    stack.append(None)
                    walk.skip_subtree()
                    continue
                is_block = tag in _BLOCKS or not open_blocks
                if is_block and len(starts) < len(texts):
                    self.flush(open_blocks[-1])
                current = self.place(element, tag, kind, current)
                stack.append(current)
                if is_block:
                    open_blocks.append(current)
                if tag == "br":
                    texts.append(BREAK)
                    holders.append(current)
                elif tag in ("img", "amp-img"):
                    out.images.append((element, len(texts)))
                text = element.text
            else:
                done = stack.pop()
                if done is not None:
                    if open_blocks[-1] is done:
                        if len(starts) < len(texts):
                            self.flush(done)
                        open_blocks.pop()
                    done.last = len(texts)
                    done.end = len(out.places)
                    current = done.parent
                text = element.tail
            # white space between blocks is indentation
            if text and current is not None and (len(starts) < len(texts) or not text.isspace()):
                self.add(text, current)
        out.text = "".join(self.written)
        return out

    def place(self, element: Any, tag: str, kind: _Kind, parent: Place | None) -> Place:  # noqa: ANN401
        out = self.out
        own = kind.own
        zones = own | parent.zones if parent is not None else own
        at = len(out.texts)
        here = Place(parent, element, tag, kind.name, own, zones, at, 0, len(out.places))
        out.places.append(here)
        return here

    def kind(self, element: Any, tag: object) -> _Kind | None:  # noqa: ANN401
        """What the tag and the attributes of an element say; `None` for what is no element."""
        if not isinstance(tag, str):
            return None
        shape = tuple(element.keys())
        if not shape:
            like: tuple[Any, ...] = (tag,)
            telling: tuple[str, ...] = ()
        else:
            found = self.shapes.get(shape)
            if found is None:
                telling = tuple([one for one in _TELLING_ATTRIBUTES if one in shape])
                found = telling, [shape.index(one) for one in telling]
                if len(shape) <= _SHAPE:
                    self.shapes[shape] = found
            telling, places = found
            values = element.values() if telling else ()
            like = (tag, telling, *[values[at] for at in places])
        kind = self.kinds.get(like)
        if kind is None:
            attrib = dict(zip(telling, like[2:], strict=True))
            name = " ".join([attrib[one] for one in _NAMING if one in attrib])
            # numbered names ("comment-1203") are one name
            own = marks.of(tag, _DIGITS.sub("0", name))
            is_hidden = (tag == "input" and bool(shape)) or _is_hidden(tag, attrib)
            kind = self.kinds[like] = _Kind(own, name.lower(), is_hidden)
        return kind

    def add(self, text: str, place: Place) -> None:
        if place.tag == "pre" or (place.parent is not None and place.parent.tag == "pre"):
            text = text.replace("\n", BREAK)
        elif BREAK in text:
            text = text.replace(BREAK, " ")
        if not text.isprintable() and not text.replace("\n", "").isprintable():
            text = _INVISIBLE.sub("", text)
        self.out.texts.append(text)
        self.out.holders.append(place)

    def flush(self, place: Place) -> None:
        """Write the pieces since the last block as a block of `place`, with their offsets."""
        out = self.out
        first, last = len(out.starts), len(out.texts)
        if first == last:
            return
        begin = at = self.length + 2 if self.written else 0
        end_char = "\n"  # a block begins like a line: its leading spaces fall away
        parts: list[str] = []
        for piece in out.texts[first:last]:
            if BREAK in piece:
                lines = [_SPACES.sub(" ", line) for line in piece.split(BREAK)]
                shown = _AROUND_BREAK.sub("\n", "\n".join(lines))
            else:
                shown = _folded_piece(piece)
            if end_char == "\n":
                shown = shown.lstrip(" \n")
            elif end_char == " ":
                shown = shown.lstrip(" ")
                if shown.startswith("\n"):
                    # the space before a break belongs to the piece before: it becomes the break
                    shown = shown[1:].lstrip(" \n")
                    parts[-1] = parts[-1][:-1] + "\n"
                    end_char = "\n"
            if not shown:
                out.starts.append(-1)
                out.ends.append(-1)
                continue
            out.starts.append(at)
            at += len(shown)
            out.ends.append(at)
            parts.append(shown)
            end_char = shown[-1]
        text = "".join(parts).rstrip(" \n")
        if not text:
            out.starts[first:] = [-1] * (last - first)
            out.ends[first:] = [-1] * (last - first)
            return
        if self.written:
            self.written.append("\n\n")
        self.written.append(text)
        self.length = begin + len(text)
        for i in range(last - 1, first - 1, -1):  # trailing spaces fell away
            if out.ends[i] > self.length:
                out.ends[i] = self.length
                if out.starts[i] >= self.length:
                    out.starts[i] = out.ends[i] = -1
        block = Block(place, first, last, text, begin, _telling_tag(place), key(text))
        block.index = len(out.blocks)
        out.blocks.append(block)


def _is_hidden(tag: str, attrib: dict[str, str]) -> bool:
    """Whether an attribute, the style or the class of an element hides it."""
    if tag in ("html", "body"):
        return False  # pages that hide everything until a script runs
    if "hidden" in attrib and attrib["hidden"].lower() != "until-found":
        return True
    style = attrib.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    name = attrib.get("class")
    return bool(name and _HIDDEN_CLASS.search(name))


def _folded_piece(piece: str) -> str:
    """The piece with each run of white space as one space, those at its ends too."""
    if not piece.isascii() and _OTHER_SPACES.search(piece):  # `add` took those of ASCII away
        return _SPACES.sub(" ", piece)
    inner = " ".join(piece.split())
    if len(inner) == len(piece):
        return inner
    if not inner:
        return " " if piece else ""
    return f"{' ' if piece[0].isspace() else ''}{inner}{' ' if piece[-1].isspace() else ''}"


_TELLING = frozenset(
    """
    p li h1 h2 h3 h4 h5 h6 blockquote td th figcaption caption dd dt pre button label
    """.split()  # noqa: SIM905 - a list of words reads better
)


def _telling_tag(place: Place) -> str:
    """The nearest element that says what a block is, at most three levels up."""
    at: Place | None = place
    for _ in range(3):
        if at is None:
            break
        if at.tag in _TELLING:
            return at.tag
        at = at.parent
    return place.tag
