"""What came of repeating a record, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.show.visible import line

if TYPE_CHECKING:
    from onrecord.verify import Verification

__all__ = ["verification"]

_WORDS = {
    "differs": "DIFFERS",
    "cannot_tell": "CANNOT BE REPEATED",
    "left_out": "not repeated",
}


def verification(done: Verification) -> str:
    """One line for all that is the same, then a line with the reason for each other field."""
    same = [check.field for check in done.fields if check.outcome == "same"]
    made_by = f", made by onrecord {done.made_by}" if done.made_by else ""
    lines = [f"record of page {done.digest[:12]}{made_by}, repeated by onrecord {done.version}"]
    if same:
        lines.append(f"same: {', '.join(same)}")
    for check in done.fields:
        if check.outcome != "same":
            lines.append(f"{_WORDS[check.outcome]}: {check.field}: {line(check.reason)}")
            if check.ids:
                lines.append(f"  ids: {', '.join(line(one) for one in check.ids)}")
    lines.append(
        "The same comes out." if done.is_same else "It is not shown that the same comes out."
    )
    return "\n".join(lines) + "\n"
