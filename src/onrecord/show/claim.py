"""One typed claim with its earlier fact-checks, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.claims.typed import TypedClaim
from onrecord.record import Match
from onrecord.show import wording
from onrecord.show.visible import line, visible, wrapped

__all__ = ["claim"]


def claim(judged: TypedClaim, matches: Sequence[Match] | None, *, width: int) -> str:
    """Whether it can be checked, and what was checked before; `None`: there is no library."""
    lines = wrapped(line(judged.text), width)
    if judged.why_not is not None:
        lines.append(f"  not checkable as it stands: {judged.why_not.value.replace('_', ' ')}")
    else:
        kind = judged.kind.value.replace("_", " ")
        lines.append(f"  checkable: {kind}; check-worthiness {judged.checkworthiness:.2f} of 1")
    lines.append("")
    if matches is None:
        lines.append("Earlier fact-checks: no library. Add one: onrecord library add FEED")
    elif not matches:
        lines.append("Earlier fact-checks: none found that answers it.")
        lines.append(
            "The nearest ones, whether or not they answer it: onrecord library search TEXT"
        )
    for match in matches or ():
        lines += wrapped(visible(wording.match(match)), width)
        words = ", ".join(f"“{span.of(judged.text)}”" for span in match.words)
        lines += [f"    {part}" for part in wrapped(f"rests on {line(words)}", width - 4)]
        lines.append(f"    {visible(match.fact_check.url) or 'no address given'}")
    return "\n".join(lines) + "\n"
