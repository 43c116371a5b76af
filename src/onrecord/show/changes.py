"""What changed since the last time an address was checked, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.show.visible import line, wrapped

if TYPE_CHECKING:
    from onrecord.keeping import Change

__all__ = ["changes"]

N_SHOWN = 20
INDENT = 4


def changes(change: Change, *, width: int) -> str:
    """The removed and added parts, `-` and `+` before them; one line when nothing changed."""
    if not change.removed and not change.added:
        return f"\nSINCE {change.before}  the article is unchanged\n"
    note = " (the page now carries a correction note)" if change.has_correction else ""
    if change.removed and not change.has_correction:
        note = " (no correction note on the page says so)"
    lines = ["", f"SINCE {change.before}  the article has changed{note}"]
    for sign, parts in (("-", change.removed), ("+", change.added)):
        for part in parts[:N_SHOWN]:
            first, *rest = wrapped(line(part), width - INDENT)
            lines.append(f"  {sign} {first}")
            lines.extend(f"    {more}" for more in rest)
        if len(parts) > N_SHOWN:
            lines.append(f"  {sign} and {len(parts) - N_SHOWN} more")
    return "\n".join(lines) + "\n"
