"""The desk's rating scale: words first, numbers only where they mean something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.errors import SettingsError

__all__ = ["RatingScale", "rating_scale"]

BEST, WORST = 5, 1


@dataclass(frozen=True, slots=True)
class RatingScale:
    """The ratings of a desk in order, each with its number from 1 to 5 or `None`."""

    ratings: tuple[tuple[str, int | None], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The words, in the desk's order."""
        return tuple(name for name, _ in self.ratings)

    def value(self, name: str) -> int | None:
        """The number of a rating, `None` where it has none or is not on the scale."""
        return dict(self.ratings).get(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names


def rating_scale(entries: Sequence[str]) -> RatingScale:
    """A scale from entries such as `False=1` and `Misleading`.

    Raises `SettingsError` for a number outside 1 to 5, a word twice, or an empty scale.

    >>> rating_scale(["True=5", "Misleading"]).value("True")
    5
    """
    ratings: list[tuple[str, int | None]] = []
    for entry in entries:
        name, equals, number = (part.strip() for part in entry.partition("="))
        if not name or name in dict(ratings):
            raise SettingsError(
                f"'newsroom.scale' holds {entry!r}; expected each rating once, such as 'False=1'"
            )
        if equals and not (number.isascii() and number.isdigit() and WORST <= int(number) <= BEST):
            raise SettingsError(
                f"'newsroom.scale' holds {entry!r}; expected a number from {WORST} to {BEST}"
            )
        ratings.append((name, int(number) if equals else None))
    if not ratings:
        raise SettingsError("'newsroom.scale' is empty; expected ratings such as 'False=1'")
    return RatingScale(tuple(ratings))
