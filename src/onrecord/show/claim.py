"""One typed claim with its earlier fact-checks and its evidence, for the terminal and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from onrecord.claims.typed import TypedClaim
from onrecord.record import Match
from onrecord.show import wording
from onrecord.show.evidence import ClaimEvidence, evidence_lines
from onrecord.show.visible import line, visible, wrapped

__all__ = ["claim", "claim_json"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def claim(
    judged: TypedClaim,
    matches: Sequence[Match] | None,
    found: ClaimEvidence | None = None,
    *,
    width: int,
    everything: bool = False,
) -> str:
    """Whether it can be checked, what was checked before, and what a collection says of it.

    `matches` is `None` where there is no library, `found` where there is no collection.
    """
    lines = wrapped(line(judged.text), width)
    if judged.why_not is not None:
        lines.append(f"  not checkable as it stands: {judged.why_not.value.replace('_', ' ')}")
    else:
        kind = judged.kind.value.replace("_", " ")
        lines.append(f"  checkable: {kind}; check-worthiness {judged.checkworthiness:.2f} of 1")
    lines += ["", *_earlier(judged, matches, width), ""]
    if found is None:
        lines.append("Evidence: no collection. Add documents: onrecord evidence add PATH")
    else:
        lines += ["Evidence:", *evidence_lines(found, width, everything=everything)]
    return "\n".join(lines) + "\n"


def claim_json(
    judged: TypedClaim, matches: Sequence[Match] | None, found: ClaimEvidence | None = None
) -> str:
    """The same as JSON, with the fields of a record; `null` where there was nothing to ask.

    The words of a match and of a number point into `text`, those of evidence into its passage.
    """
    fields = ("collection", "evidence", "quantities", "verdict")
    told = asdict(found) if found is not None else {}
    whole = {
        **asdict(judged),
        "matches": None if matches is None else [asdict(one) for one in matches],
        **{name: told.get(name) for name in fields},
    }
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
