r"""Text as both databases take it.

SQLite keeps a NUL character and PostgreSQL refuses it; neither takes half of a surrogate pair. Both
become U+FFFD, as the HTML standard does with NUL, when a value is bound, in a search as in a row: so
no text of a page or a form can make a statement fail, and both databases give back the same.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)

__all__ = ["Text", "storable", "storable_row"]

_REFUSED = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    r"""The text with U+FFFD for what a database cannot keep.

    >>> storable("a\x00b\ud800")
    'a\ufffdb\ufffd'
    """
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text) if _REFUSED.search(text) else text


def storable_row(row: Row) -> Row:
    """A dataclass with its texts as they will come back: what is read again is found unchanged."""
    names = (field.name for field in dataclasses.fields(row))
    cleaned = {
        name: storable(text)
        for name in names
        if isinstance(text := getattr(row, name), str) and _REFUSED.search(text)
    }
    return dataclasses.replace(row, **cleaned) if cleaned else row


class Text(sa.types.TypeDecorator[str]):
    """Text that is stored as `storable` leaves it.

    `length` says how long values are meant to be. SQLite enforces none, and PostgreSQL, which
    would, gets plain text: a foreign feed's odd value is refused by rules of ours, not by a crash.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """On PostgreSQL text that is compared by code point, as SQLite does; length as stated."""
        if dialect.name == "postgresql":
            return sa.Text(collation="C")
        return sa.String(self.length) if self.length else sa.Text()

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Cleans what is bound, in a row as in a condition."""
        del dialect
        return None if value is None else storable(value)
