"""Whether a text may hold a quotation at all, told before its words are read with their places.

One key of three words brings in texts by chance, and to read and compare a text costs more than all
else: here only the presence of each word of the quotation is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from onrecord.reuse.compare import most_changes
from onrecord.reuse.quotations import Quotation

__all__ = ["may_quote"]

_ASCII_WORD = re.compile("[a-z0-9]+")
_HIDDEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff'’‘ʼ＇]")


def may_quote(said: Sequence[Quotation], text: str) -> bool:
    """Whether a text has as many words of one of the quotations as a changed one must have.

    Order and place do not count, and a word that is not of ASCII letters is taken to be there.

    >>> from onrecord.reuse.quotations import quotations
    >>> said = quotations("“We will never build a bridge over the river”")
    >>> may_quote(said, "They say we will build a tunnel, or a bridge, over the river.")
    True
    >>> may_quote(said, "They say we build a tunnel under the road.")
    False
    """
    there = set(_ASCII_WORD.findall(_plain(text)))
    return any(
        sum(form.isascii() and form not in there for form in one.words.forms)
        <= most_changes(len(one.words))
        for one in said
    )


def _plain(text: str) -> str:
    """The text as the forms of its words are made."""
    if text.isascii():
        return text.lower().replace("'", "")
    return _HIDDEN.sub("", unicodedata.normalize("NFKD", text.casefold()))
