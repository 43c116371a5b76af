"""Numbers of a claim against numbers of a passage: agree, contradict, round or not comparable.

Rows of the first form: `{claim, passage or evidence, finding}`, `finding` being agrees,
contradicts, rounds or not_comparable; with `claim_words: [start, end]` the finding of the number
that stands there is scored, with `passage_words` it must also point at these words (a shared code
point is enough), and no other number of the claim may be contradicted unless the row itself is a
contradiction. Without `claim_words` the pair as a whole is scored: contradicts where any number
is, else rounds, else agrees, else not_comparable. `part: held_out` rows are also scored apart.

Rows of the second form: `{claim, evidence, label}`, label supported, refuted or nei. A pair that
*differs in a number* is a refuted row whose claim holds, in digits or small number words, a number
that its passage does not hold, while the same claim has a supported row elsewhere in the data (its
twin) whose passage is not the same, and the two passages differ in a number:
`finding_contradictions` is the share of these for which some number is found contradicted.
`differing_alone` is the same for the pairs whose two passages are equal but for numbers.
`false_contradictions` is the share of all supported rows with a contradiction.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.rows import DataError, all_rows
from bench.scores import Measured, Score, interval, ratio, single
from onrecord.evidence.quantities import Comparison, compared

NAMES = (
    "accuracy",
    "accuracy_open",
    "accuracy_held_out",
    "recall_of_contradicts",
    "invented_contradictions",
    "finding_contradictions",
    "differing_alone",
    "false_contradictions",
    "milliseconds",
)
FINDINGS = ("contradicts", "rounds", "agrees", "not_comparable")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
_WORD = re.compile(r"\b(?:" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


def finding_said(row: dict[str, Any], said: Sequence[Comparison]) -> str:
    """The finding that counts for a row of the first form, or `wrong_words`."""
    found = [each.finding.value for each in said]
    if "claim_words" not in row:
        return next((name for name in FINDINGS if name in found), "not_comparable")
    start, end = row["claim_words"]
    finding = "not_comparable"
    for each in said:
        is_here = each.claim_words.start < end and start < each.claim_words.end
        if is_here and finding == "not_comparable":
            finding = each.finding.value
            if finding != "not_comparable" and "passage_words" in row:
                first, last = row["passage_words"]
                if not (each.passage_words.start < last and first < each.passage_words.end):
                    return "wrong_words"
        elif each.finding.value == "contradicts" and row["finding"] != "contradicts":
            return "contradicts"
    return finding


def numbers_of(text: str) -> frozenset[str]:
    """The numbers of a text in digits, small number words turned into digits."""
    words = {str(_WORDS.index(word.lower()) + 1) for word in _WORD.findall(text)}
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(text)) | words


def _frame(text: str) -> str:
    return " ".join(_WORD.sub("#", _NUMBER.sub("#", text)).split())


def differing(kept: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], bool]]:
    """The refuted rows that differ from their supported twin in a number.

    Each comes with whether the two passages are equal but for numbers.
    """
    supported = defaultdict(list)
    for row in kept:
        if row["label"] == "supported":
            supported[row["claim"]].append(row["evidence"])
    out = []
    for row in kept:
        if row["label"] != "refuted":
            continue
        mine = numbers_of(row["evidence"])
        twins = [each for each in supported[row["claim"]] if numbers_of(each) != mine]
        if mine and twins and numbers_of(row["claim"]) - mine:
            out.append((row, any(_frame(each) == _frame(row["evidence"]) for each in twins)))
    return out


def _contradicts(claim: str, passage: str) -> bool:
    return any(each.finding.value == "contradicts" for each in compared(claim, passage))


def _share(hits: Sequence[bool]) -> Score:
    return interval([(hit, 1) for hit in hits], lambda c: ratio(c[0], c[1]))


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    del stage  # one comparison
    kept = [
        row
        for row in all_rows(data, needs=("claim",))
        if split is None or row.get("part", row.get("split", split)) == split
    ]
    tables = [row for row in kept if "finding" in row]
    pairs = [row for row in kept if "finding" not in row and {"label", "evidence"} <= set(row)]
    if not tables and not pairs:
        raise DataError(f"no row with claim and finding, or claim, evidence and label in {data}")
    out: dict[str, Score] = {}
    began = time.process_time()
    if tables:
        out.update(_of_tables(tables))
    if pairs:
        found = [
            (_contradicts(row["claim"], row["evidence"]), alone) for row, alone in differing(pairs)
        ]
        if found:
            out["finding_contradictions"] = _share([hit for hit, _ in found])
            if any(alone for _, alone in found):
                out["differing_alone"] = _share([hit for hit, alone in found if alone])
        supported = [row for row in pairs if row["label"] == "supported"]
        if supported:
            said = [_contradicts(row["claim"], row["evidence"]) for row in supported]
            out["false_contradictions"] = _share(said)
        n = len(found) + len(supported)
    else:
        n = len(tables)
    out["milliseconds"] = single(1000 * (time.process_time() - began) / max(n, 1))
    return Measured(n, out)


def _of_tables(tables: Sequence[dict[str, Any]]) -> dict[str, Score]:
    right, invented, recalled = [], [], []
    for row in tables:
        said = finding_said(
            row, compared(row["claim"], row.get("passage", row.get("evidence", "")))
        )
        right.append(said == row["finding"])
        if row["finding"] == "contradicts":
            recalled.append(said == "contradicts")
        else:
            invented.append(said == "contradicts")
    out = {"accuracy": _share(right)}
    for part in ("open", "held_out"):
        hits = [hit for hit, row in zip(right, tables, strict=True) if row.get("part") == part]
        if hits:
            out[f"accuracy_{part}"] = _share(hits)
    if recalled:
        out["recall_of_contradicts"] = _share(recalled)
    if invented:
        out["invented_contradictions"] = _share(invented)
    return out
