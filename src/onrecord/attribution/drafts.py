"""An attribution and a unit of text while they are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.attribution.tokens import Tokens
from onrecord.span import Span
from onrecord.terms import Marks

__all__ = ["Draft", "Unit"]


@dataclass(slots=True)
class Draft:
    """An attribution while its paragraph is read."""

    source: Span | None
    cue: Span | None
    content: list[Span]
    via: str
    marks: Marks = Marks.NONE
    direct: bool = False  # its content is or holds a quotation that stands alone
    verbatim: bool = False  # meant word for word though no marks enclose it
    sentence: Span | None = None


@dataclass(slots=True)
class Unit:
    """One unit of text while it is read; `low` is where unclaimed words begin."""

    text: str
    tokens: Tokens
    span: Span
    low: int = 0
    is_title: bool = False
    subject: Span | None = None
    before: Span | None = None  # the subject of the unit before, for "Adding: ..."
    opened: Draft | None = None  # ends in a colon: the next paragraph gives the content
    drafts: list[Draft] = field(default_factory=list)
