"""What the server writes to its log: one event is one line of printable text.

A page's words get into messages of errors; a line end or an escape sequence among them must not
look like another event, nor steer the terminal of whoever reads the log.
"""

from __future__ import annotations

import logging
from typing import Any

from onrecord.show.visible import visible

__all__ = ["MAX_LINE", "OneLine", "log_settings"]

MAX_LINE = 4_000  # bytes of a line
# Of a long one, what is kept at its beginning; the end of a stack says where it broke.
_HEAD = 1_000
_CUT = " [cut] "
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class OneLine(logging.Formatter):
    """Writes an event, its stack included, as one line of at most `MAX_LINE` bytes."""

    def __init__(self) -> None:
        super().__init__(_FORM)

    def format(self, record: logging.LogRecord) -> str:
        r"""The line; a line end in it is written as \n, other control characters as pictures."""
        text = super().format(record)
        if len(text) > MAX_LINE:
            text = text[:_HEAD] + _CUT + text[-(MAX_LINE - _HEAD) :]
        shown = visible(text.replace("\r", "\\r").replace("\n", "\\n"))
        return _cut("".join(one if one.isprintable() else _code(one) for one in shown))


def log_settings() -> dict[str, Any]:
    """The settings of `logging` for `onrecord serve` and `work`: to standard error, as `OneLine`."""
    to_error = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": OneLine}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"uvicorn": to_error, "uvicorn.error": to_error},
    }


def _cut(text: str) -> str:
    written = text.encode()
    if len(written) <= MAX_LINE:
        return text
    tail = MAX_LINE - _HEAD - len(_CUT)
    head, end = written[:_HEAD], written[-tail:]
    return head.decode(errors="ignore") + _CUT + end.decode(errors="ignore")


def _code(character: str) -> str:
    return f"<U+{ord(character):04X}>"
