"""Text of a stranger made safe to look at, and its width on a terminal.

Everything from a page passes through `visible` before a person sees it: control characters would
steer the terminal, and characters that turn the direction of writing would show other words than
the record holds.
"""

from __future__ import annotations

import unicodedata

__all__ = ["cells", "clipped", "line", "visible", "wrapped"]

_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def visible(text: str) -> str:
    r"""The text with every character that does something shown instead; line ends are kept.

    Control characters become their pictures or U+FFFD, changes of direction their code.

    >>> visible("a\x1b[31mb\u202ec")
    'a␛[31mb⟨U+202E⟩c'
    """
    return "".join(_shown(character) for character in text)


def line(text: str) -> str:
    """The text as `visible` shows it, on one line, with single spaces."""
    return " ".join(visible(text).split())


def cells(text: str) -> int:
    """The number of terminal columns the text takes."""
    return sum(_cells(character) for character in text)


def clipped(text: str, width: int) -> str:
    """The text cut to `width` columns at a space where one is near, with an ellipsis if cut.

    >>> clipped("twelve million for a bridge", 17)
    'twelve million …'
    """
    if cells(text) <= width:
        return text
    kept, used = 0, 0
    for character in text:
        if used + _cells(character) > width - 2:
            break
        used += _cells(character)
        kept += 1
    space = text.rfind(" ", 0, kept + 1)
    return f"{text[: space if space >= kept * 2 // 3 and space > 0 else kept].rstrip()} …"


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; words that are longer are broken."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        rest = word
        if current and cells(current) + 1 + cells(rest) <= width:
            current = f"{current} {rest}"
            continue
        if current:
            lines.append(current)
        while cells(rest) > width:
            kept = _fitting(rest, width)
            lines.append(rest[:kept])
            rest = rest[kept:]
        current = rest
    return [*lines, current] if current or not lines else lines


def _fitting(text: str, width: int) -> int:
    used = 0
    for i, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return max(1, i)
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
