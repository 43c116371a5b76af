"""The elements of a large JSON list one by one, in constant memory, past broken ones.

A streaming parser such as ijson stops for good at the first syntax error; feeds of fact-checks
have hundreds of thousands of elements by many hands, and one broken element must cost only itself.
So elements are cut out by their brackets first and parsed one at a time.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

__all__ = ["Element", "elements"]

CHUNK = 1 << 18
# No fact-check is larger; what is, has lost a bracket.
MAX_ELEMENT = 1 << 20
# How much of a broken element is kept for the message.
SHOWN = 200
LIST_KEYS = ("dataFeedElement", "@graph")
_PAIRS = {"{": "}", "[": "]"}
_STRUCTURE = re.compile(r'\\.|["\[\]{}\n]', re.DOTALL)
_START = re.compile(r'\{\s*"([^"\\]{1,60})"\s*:\s*("[^"\\]{0,60}")?')


@dataclass(frozen=True, slots=True)
class Element:
    """The text of one element, and the line on which it begins, counted from 1."""

    text: str
    line: int


@dataclass(slots=True)
class _Cutter:
    """Where the scan stands. `base` is the depth of the list's elements, -1 before it is found."""

    text: str = ""
    at: int = 0
    line: int = 1
    open: list[str] = field(default_factory=list)
    base: int = -1
    in_string: bool = False
    string_start: int = 0
    last_string: str = ""
    start: int = -1
    start_line: int = 1
    unclosed: bool = False
    heads: set[tuple[str | None, ...]] = field(default_factory=set)
    out: list[Element] = field(default_factory=list)

    def feed(self, more: str) -> None:
        self.text += more
        end = len(self.text)
        if self.text.endswith("\\"):
            end -= 1
        for match in _STRUCTURE.finditer(self.text, self.at, end):
            self.at = match.end()
            self._event(match.group(), match.start())
            if self.unclosed:
                self._give_up()
                return
        self.at = max(self.at, end)
        if self.start >= 0 and end - self.start > MAX_ELEMENT:
            self._give_up()
        self._drop()

    def _event(self, mark: str, place: int) -> None:
        if mark == "\n":
            self.line += 1
            self.in_string = False  # JSON text has no raw line break inside a string
        elif mark == '"':
            if not self.in_string:
                self.string_start = place + 1
            elif self.base < 0 and len(self.open) == 1:
                self.last_string = self.text[self.string_start : place]
            self.in_string = not self.in_string
        elif self.in_string or mark[0] == "\\":
            return
        elif mark in "{[":
            self._open(mark, place)
        else:
            self._close(mark, place)

    def _open(self, mark: str, place: int) -> None:
        self.open.append(mark)
        depth = len(self.open)
        if self.base < 0 and mark == "[":
            top_list = depth == 1
            named = depth == 2 and self.last_string in LIST_KEYS
            if top_list or named:
                self.base = depth
                self.start = -1
                return
        if self.start < 0 and (self.base < 0 or depth == self.base + 1):
            self.start, self.start_line = place, self.line

    def _close(self, mark: str, place: int) -> None:
        if self.start < 0 and self.base >= 0 and mark == "}":
            return  # left over from a broken element
        if not self.open:
            return
        if _PAIRS[self.open.pop()] != mark and self.start >= 0:
            self.unclosed = True
        elif self.start >= 0 and len(self.open) == max(self.base, 0):
            if head := _START.match(self.text, self.start):
                self.heads.add(head.groups())
            self.out.append(Element(self.text[self.start : place + 1], self.start_line))
            self.start = -1
        elif len(self.open) < self.base:
            self.base = -1  # the list is over; another may follow

    def _give_up(self) -> None:
        """Refuses an element that does not close, and goes on at the next that looks like one."""
        own = _START.match(self.text, self.start)
        heads = self.heads | ({own.groups()} if own else set())
        starts = _START.finditer(self.text, self.start + 1)
        again = next((m.start() for m in starts if m.groups() in heads), -1)
        cut = again if again > 0 else len(self.text)
        self.out.append(Element(self.text[self.start : cut][:SHOWN], self.start_line))
        self.line = self.start_line + self.text.count("\n", self.start, cut)
        del self.open[max(self.base, 0) :]
        self.in_string, self.start = False, -1
        self.unclosed = False
        self.text = self.text[cut:]
        self.at = 0
        if again > 0:
            self.feed("")

    def _drop(self) -> None:
        """Forgets the text that is not needed any more."""
        keep = self.start if self.start >= 0 else self.at
        if self.in_string and self.start < 0:
            keep = min(keep, self.string_start)
        self.text = self.text[keep:]
        self.at -= keep
        self.string_start -= keep
        self.start = min(0, self.start)


def elements(stream: BinaryIO) -> Iterator[Element]:
    """The elements of the list in a JSON text: of a top-level list, `dataFeedElement` or `@graph`.

    A JSON text without such a list is one element. Elements are not parsed: broken ones come out
    too, an unclosed one cut to its first 200 characters. Memory stays at a few megabytes.
    """
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    cutter = _Cutter()
    while chunk := stream.read(CHUNK):
        cutter.feed(decode(chunk))
        yield from cutter.out
        cutter.out.clear()
    while cutter.start >= 0:
        cutter._give_up()  # noqa: SLF001 - one class of this module
        yield from cutter.out
        cutter.out.clear()
