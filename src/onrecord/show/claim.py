"""One typed claim with its earlier fact-checks and its evidence, for the terminal and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from onrecord.claims.typed import TypedClaim
from onrecord.record import Match
from onrecord.show import wording
from onrecord.show.evidence import ClaimEvidence, evidence_lines
from onrecord.show.visible import line, visible, wrapped

if TYPE_CHECKING:
    from onrecord.compose import ClaimAnswer

__all__ = ["claim", "claim_json"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def claim(answer: ClaimAnswer, *, width: int, everything: bool = False) -> str:
    """Whether it can be checked, what was checked before, and what a collection says of it."""
    judged = answer.judged
    lines = wrapped(line(judged.text), width)
    if judged.why_not is not None:
        lines.append(f"  not checkable as it stands: {judged.why_not.value.replace('_', ' ')}")
    else:
        kind = judged.kind.value.replace("_", " ")
        lines.append(f"  checkable: {kind}; check-worthiness {judged.checkworthiness:.2f} of 1")
    lines += ["", *_earlier(judged, answer.matches, width), ""]
    if answer.evidence is None:
        lines.append("Evidence: no collection. Add documents: onrecord evidence add PATH")
    else:
        found = ClaimEvidence(
            answer.evidence, answer.quantities or (), answer.verdict, answer.collection
        )
        lines += ["Evidence:", *evidence_lines(found, width, everything=everything)]
    return "\n".join(lines) + "\n"


def claim_json(answer: ClaimAnswer) -> str:
    """The same as JSON, with the fields of a record; `null` where there was nothing to ask.

    The words of a match and of a number point into `text`, those of evidence into its passage.
    """
    whole = asdict(answer)
    whole = {**whole.pop("judged"), **whole}
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)
    return _SURROGATE.sub("\ufffd", text) + "\n"


def _earlier(judged: TypedClaim, matches: Sequence[Match] | None, width: int) -> list[str]:
    if matches is None:
        return ["Earlier fact-checks: no library. Add one: onrecord library add FEED"]
    if not matches:
        nearest = "The nearest ones, whether or not they answer it: onrecord library search TEXT"
        return ["Earlier fact-checks: none found that answers it.", nearest]
    lines = []
    for match in matches:
        lines += wrapped(visible(wording.match(match)), width)
        words = ", ".join(f"“{span.of(judged.text)}”" for span in match.words)
        lines += [f"    {part}" for part in wrapped(f"rests on {line(words)}", width - 4)]
        lines.append(f"    {visible(match.fact_check.url) or 'no address given'}")
    return lines
