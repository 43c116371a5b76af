"""Text of a stranger made safe to look at, and its width on a terminal.

Everything from a page passes through `visible` before a person sees it: control characters would
steer the terminal, and characters that turn the direction of writing would show other words than
the record holds.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["brief", "cells", "clipped", "indented", "line", "visible", "wrapped"]

_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}

# Every character that `_shown` changes, so that the others cost nothing: a page is mostly these.
_ACTIVE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)

# Characters of one column: what nearly every text consists of, told apart without a loop.
_ONE_COLUMN = re.compile("[\x00-\u02ff\u2010-\u2027\u2030-\u205e]*")

_READ = 20  # characters for each column that is shown: the rest is seldom blanks


def visible(text: str) -> str:
    r"""The text with every character that does something shown instead; line ends are kept.

    Control characters become their pictures or U+FFFD, changes of direction their code.

    >>> visible("a\x1b[31mb\u202ec")
    'a␛[31mb⟨U+202E⟩c'
    """
    if text.isascii() and text.isprintable():
        return text
    return _ACTIVE.sub(lambda found: _shown(found[0]), text)


def line(text: str) -> str:
    """The text as `visible` shows it, on one line, with single spaces."""
    return " ".join(visible(text).split())


def cells(text: str) -> int:
    """The number of terminal columns the text takes."""
    return len(text) if _ONE_COLUMN.fullmatch(text) else sum(map(_cells, text))


def clipped(text: str, width: int) -> str:
    """The text cut to `width` columns at a space where one is near, with an ellipsis if cut.

    >>> clipped("twelve million for a bridge", 17)
    'twelve million …'
    """
    kept = _n_fitting(text, width)
    if kept == len(text):
        return text
    kept = _n_fitting(text, width - 2)
    space = text.rfind(" ", 0, kept + 1)
    return f"{text[: space if space >= kept * 2 // 3 and space > 0 else kept].rstrip()} …"


def brief(text: str, width: int) -> str:
    """The text on one line, cut to `width` columns; of a very long one only the beginning is read.

    >>> brief("twelve million " * 1_000_000, 17)
    'twelve million …'
    """
    start = text[: _READ * width]
    return clipped(line(start) if start == text else f"{line(start)} …", width)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; words that are longer are broken."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        if current and cells(current) + 1 + cells(word) <= width:
            current = f"{current} {word}"
            continue
        if current:
            lines.append(current)
        *whole, current = _broken(word, width)
        lines += whole
    return [*lines, current] if current or not lines else lines


def indented(text: str, width: int, *, first: str, rest: str, most: int | None = None) -> list[str]:
    """The text in lines of `width` columns after `first`, then `rest`; no more than `most` of them."""
    parts = wrapped(text, max(10, width - max(cells(first), cells(rest))))
    if most is not None and len(parts) > most:
        space = width - cells(rest)
        kept = " ".join(parts[most - 1 : most + 1])
        parts = [*parts[: most - 1], clipped(f"{kept} …", max(10, space))]
    return [f"{first if i == 0 else rest}{part}" for i, part in enumerate(parts)]


def _broken(word: str, width: int) -> list[str]:
    """The word in pieces of at most `width` columns and at least one character."""
    pieces: list[str] = []
    start, used = 0, 0
    for i, character in enumerate(word):
        used += _cells(character)
        if used > width and i > start:
            pieces.append(word[start:i])
            start, used = i, _cells(character)
    return [*pieces, word[start:]]


def _n_fitting(text: str, width: int) -> int:
    """How many characters from the beginning take at most `width` columns."""
    plain = _ONE_COLUMN.match(text, 0, max(0, width))
    used = n_plain = plain.end() if plain else 0
    for i in range(n_plain, len(text)):
        used += _cells(text[i])
        if used > width:
            return i
    return len(text)


def _cells(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _shown(character: str) -> str:
    code = ord(character)
    if 0x20 <= code < 0x7F or character == "\n":
        return character
    if character in "\t\r\u2028\u2029":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code in _DIRECTION:
        return f"⟨U+{code:04X}⟩"
    # C1 controls, surrogates, noncharacters: nothing that could be shown.
    if code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0:
        return "\ufffd"
    return character
