"""What the lint of ClaimReview markup found, for the terminal: failures first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onrecord.show.visible import line
from onrecord.terms import BadgeOutcome

if TYPE_CHECKING:
    from onrecord.claimreview_lint import LintFinding

__all__ = ["findings"]

_WORDS = {
    BadgeOutcome.FAIL: "FAIL",
    BadgeOutcome.CANNOT_TELL: "cannot tell",
    BadgeOutcome.PASS: "pass",
    BadgeOutcome.DOES_NOT_APPLY: "does not apply",
}
_USUAL = (BadgeOutcome.FAIL, BadgeOutcome.CANNOT_TELL)


def findings(name: str, found: Sequence[LintFinding], *, everything: bool = False) -> str:
    """A heading with counts, then a rule each: outcome, what it asks, what was found, what to do.

    Without `everything`, what passes and what does not apply is counted and left out.
    """
    counts = {outcome: sum(f.outcome is outcome for f in found) for outcome in _WORDS}
    told = ", ".join(f"{n} {_WORDS[o].lower()}" for o, n in counts.items() if n)
    lines = [f"{line(name)}: {told}"]
    if len({(one.outcome, one.found) for one in found}) == 1:  # all for one and the same reason
        return f"{lines[0]}: {line(found[0].found)}; {line(found[0].advice)}\n"
    for outcome, words in _WORDS.items():
        if outcome not in _USUAL and not everything:
            continue
        for one in found:
            if one.outcome is outcome:
                lines.append(f"{words}: {one.rule.name} ({one.rule.level}): {one.rule.asks}")
                lines.append(f"  found: {line(one.found)}")
                if one.advice:
                    lines.append(f"  to do: {line(one.advice)}")
    return "\n".join(lines) + "\n"
