"""Strings of a page as Markdown that shows them as they stand."""

from __future__ import annotations

import re

from onrecord.show.markup import is_web
from onrecord.show.visible import clipped, line

__all__ = ["markdown", "web_address"]

# What Markdown, its GitHub form and HTML inside it could read as more than text. Characters that
# mean something only at the start of a line are left alone: a stranger's words never start one.
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~!$^@]|(?<=:)/(?=/)|(?<=[wW]{3})\.)")


def markdown(text: str) -> str:
    r"""The text as Markdown that shows it as it stands, on one line.

    >>> print(markdown("a *b* # c <i>"))
    a \*b\* # c \<i\>
    """
    return _SPECIAL.sub(r"\\\1", line(text))


def web_address(url: str) -> str:
    """An http(s) address as a link that shows it whole; any other as text."""
    return f"<{url}>" if is_web(url) else markdown(clipped(url, 300))
