"""Words and signs of a reply as the text layer reads them: obfuscation undone, and counted."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain_words"]

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without links, marks and figures of speech of layout."""
    folded = unicodedata.normalize("NFKC", _LINK.sub(" ", text)).casefold()
    return re.findall(r"\w+", folded)
