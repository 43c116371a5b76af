"""The lines of a PDF, read in a process of its own that may run out of memory or time alone.

`main` reads a PDF from standard input and writes JSON to standard output: `lines`, a list of pages
of `[text, x, y, size]`, with `n_pages` and `about`; or `fault`, a pair of a kind and a message.
Positions and sizes are in points from the lower left corner of the page.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["main"]

_ABOUT = {"title": "/Title", "author": "/Author", "created": "/CreationDate", "changed": "/ModDate"}
_LINE_COST = 20  # code points that a line counts beside its own, for its place
_LONGEST_VALUE = 1_000  # code points of a value of the metadata


def main(arguments: list[str]) -> int:
    """Read the PDF; the arguments are the most pages, seconds, bytes of memory and characters."""
    max_pages, max_seconds, max_memory, max_chars = (int(each) for each in arguments)
    _limit(max_seconds, max_memory)
    logging.disable(logging.CRITICAL)  # what pypdf says of a damaged file is of no use here
    body = sys.stdin.buffer.read()
    try:
        found = _read(body, max_pages=max_pages, max_chars=max_chars)
    except MemoryError:
        found = {"fault": ["large", "needs more memory than a PDF is given"]}
    except RecursionError:
        found = {"fault": ["damaged", "its objects are nested too deep"]}
    except Exception as error:  # noqa: BLE001 - the outermost loop of this process
        reason = f"{type(error).__name__}: {error}"[:300]
        kind = "large" if type(error).__name__ == "LimitReachedError" else "damaged"
        found = {"fault": [kind, reason]}
    sys.stdout.buffer.write(json.dumps(found).encode())
    return 0


def _limit(seconds: int, memory: int) -> None:
    """Let the system end this process when it needs too much; nothing where it cannot."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit there
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # others count memory that is only reserved, or not at all
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _read(body: bytes, *, max_pages: int, max_chars: int) -> dict[str, Any]:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted:
        # Many are locked against printing only and open with an empty password.
        try:
            opened = reader.decrypt("")
        except DependencyError:
            opened = PasswordType.NOT_DECRYPTED
        if opened is PasswordType.NOT_DECRYPTED:
            return {"fault": ["encrypted", ""]}
    pages: list[list[tuple[str, float, float, float]]] = []
    n_chars = n_images = n_broken = 0
    n_pages = len(reader.pages)
    for at in range(min(n_pages, max_pages)):
        try:
            lines, has_image = _page(reader.pages[at])
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            if type(error).__name__ == "LimitReachedError":
                raise
            n_broken += 1
            lines, has_image = [], False
        n_images += has_image
        pages.append(lines)
        n_chars += sum(len(line[0]) + _LINE_COST for line in lines)
        if n_chars > max_chars:
            break
    return {
        "lines": pages,
        "n_pages": n_pages,
        "n_images": n_images,
        "n_broken": n_broken,
        "about": _about(reader),
    }


def _page(page: Any) -> tuple[list[tuple[str, float, float, float]], bool]:  # noqa: ANN401 - pypdf's
    """The lines of a page in the order in which it draws them, and whether it draws pictures."""
    pieces: list[tuple[str, float, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _: object, size: float) -> None:
        if text:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            scale = (abs(tm[3]) or abs(tm[1])) * (abs(cm[3]) or abs(cm[1]))
            pieces.append((text, x, y, size * scale))

    visitor: Callable[..., None] = visit
    page.extract_text(visitor_text=visitor)
    lines: list[tuple[str, float, float, float]] = []
    words: list[str] = []
    place = (0.0, 0.0, 0.0)
    for text, x, y, size in pieces:
        for i, part in enumerate(text.split("\n")):
            if i and words:
                lines.append(("".join(words), *place))
                words = []
            if part.strip() and not words:
                place = (round(x, 1), round(y, 1), round(size, 1))
            if part.strip() or words:
                words.append(part)
    if words:
        lines.append(("".join(words), *place))
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    return lines, bool(objects) or not lines


def _about(reader: Any) -> dict[str, str]:  # noqa: ANN401 - pypdf has its own types
    try:
        found = reader.metadata or {}
        values = {name: found.get(key) for name, key in _ABOUT.items()}
    except Exception:  # noqa: BLE001 - a damaged dictionary says nothing
        return {}
    return {
        name: str(value)[:_LONGEST_VALUE]
        for name, value in values.items()
        if isinstance(value, str)
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
