"""Checkable claims and their order on news sentences that were labelled twice.

`--data` is the file with the articles, `{id, text}` a row; the labels in `bench/data` name them by
id and hold offsets only. The articles were never trained on, so the file's own division into
training and development does not matter here: the articles are divided into a half for development
and a half held out, `--split development` gives the first, the default is the second.

A sentence counts as checkable when one of its claims is, the bare claim that something was said
left aside. Sentences on which the two labellings differ are left out of `checkable_f1`; the names
with `first` and `second` take all sentences by one labelling. `ndcg_at_5` is the mean over articles
(Järvelin & Kekäläinen 2002), the gain of a sentence the mean of its two grades of worth, 0 to 3. The names with `over` are what
the ranking gains article by article, so that their interval is that of the difference.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import DataError, all_rows
from bench.scores import Measured, Score, f1, interval
from bench.tasks.attribution import page_of
from onrecord.attribution.rules import attributions
from onrecord.attribution.speakers import speakers
from onrecord.attribution.voices import sentence_voices
from onrecord.claims.detect import claims
from onrecord.record import Claim
from onrecord.settings import Settings
from onrecord.span import Span
from onrecord.stages import CLAIM_SCORERS, claim_scorer
from onrecord.terms import ClaimKind

LABELS = Path(__file__).parent.parent / "data" / "news_claims.json"
NAMES = (
    "checkable_f1",
    "checkable_precision",
    "checkable_recall",
    "checkable_f1_first",
    "checkable_f1_second",
    "checkable_f1_of_yes_to_all",
    "reason_accuracy",
    "ndcg_at_5",
    "ndcg_at_5_of_article_order",
    "ndcg_at_5_of_length",
    "ndcg_at_5_over_article_order",
    "ndcg_at_5_over_length",
)
AT = 5


def ndcg(gains: Sequence[float], scores: Sequence[float]) -> float:
    """NDCG at 5 of one article, ties in order of place; 1.0 when nothing has a gain."""
    discount = 1 / np.log2(np.arange(2, AT + 2))
    grades = np.asarray(gains, dtype=float)
    got = grades[np.argsort(-np.asarray(scores), kind="stable")][:AT]
    best = np.sort(grades)[::-1][:AT]
    most = float((best * discount[: len(best)]).sum())
    return float((got * discount[: len(got)]).sum()) / most if most else 1.0


def articles(data: Path, half: str) -> list[tuple[dict[str, Any], str]]:
    """The labelled articles of a half (or `all`) with their texts."""
    labelled = json.loads(LABELS.read_text(encoding="utf-8"))["articles"]
    chosen = [a for a in labelled if half in (a["half"], "all")]
    if not chosen:
        raise DataError(f"no half {half!r}; expected 'development', 'held out' or 'all'")
    wanted = {a["id"] for a in chosen}
    texts = {r["id"]: r["text"] for r in all_rows(data, needs=("id", "text")) if r["id"] in wanted}
    missing = sorted(wanted - texts.keys())
    if missing:
        raise DataError(f"{str(data)!r} lacks {len(missing)} labelled articles, {missing[0]!r} one")
    return [(a, texts[a["id"]]) for a in chosen]


def claims_of(text: str, spans: Sequence[Span], *, scorer: str) -> list[list[Claim]]:
    """The claims of each labelled sentence, as the pipeline finds them with the rules' sources."""
    page = page_of(text)
    if page.text != text:
        raise DataError("the reader changed the text, and the offsets of the labels no longer fit")
    said = attributions(page, spans)
    voices = sentence_voices(page, spans, attributions=said, speakers=speakers(page, said))
    found = claims(
        page, spans, attributions=said, sentence_voices=voices, scorer=claim_scorer(scorer).score
    )
    return [[c for c in found if span.contains(c.span)] for span in spans]


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    chosen = articles(data, split or "held out")
    default = dict(Settings().stages)["claims"]
    scores: dict[str, Score] = {}
    n = 0
    for name in [stage] if stage else sorted(CLAIM_SCORERS, key=lambda s: s != default):
        prefix = "" if name == default else f"{name}."
        tables, orders = [], []
        for article, text in chosen:
            spans = [Span(row[0], row[1]) for row in article["sentences"]]
            found = claims_of(text, spans, scorer=name)
            tables.append(_counts(article["sentences"], found))
            orders.append(_orders(article["sentences"], found))
        n = sum(len(a["sentences"]) for a, _ in chosen)
        scores |= {prefix + key: value for key, value in _scores(tables, orders).items()}
    return Measured(n, scores)


def _own(found: Sequence[Claim]) -> list[Claim]:
    own = [c for c in found if c.kind is not ClaimKind.QUOTATION]
    return own or list(found)


def _counts(rows: Sequence[Sequence[Any]], found: Sequence[Sequence[Claim]]) -> list[float]:
    """Hits, gold and found for: agreed labels, the first, the second, yes to all; then reasons."""
    counts = np.zeros(14)
    for (_, _, first, second), here in zip(rows, found, strict=True):
        own = _own(here)
        says = any(c.checkable for c in own)
        agreed = first[0] == second[0]
        for k, (gold, counted, answer) in enumerate(
            (
                (first[0], agreed, says),
                (first[0], True, says),
                (second[0], True, says),
                (first[0], agreed, True),
            )
        ):
            if counted:
                counts[3 * k : 3 * k + 3] += (gold and answer, gold, answer)
        if agreed and not first[0] and not says:
            reasons = {str(c.why_not) for c in own} or {"too_vague"}
            counts[12:] += (bool(reasons & {first[1], second[1]}), 1)
    return counts.tolist()


def _orders(rows: Sequence[Sequence[Any]], found: Sequence[Sequence[Claim]]) -> list[float]:
    """NDCG of the ranking, of the order of the article and of the length of sentences; then 1."""
    gains = [(first[2] + second[2]) / 2 for _, _, first, second in rows]
    ranking = [_standing(here) for here in found]
    place = [-row[0] for row in rows]
    length = [row[1] - row[0] for row in rows]
    return [ndcg(gains, ranking), ndcg(gains, place), ndcg(gains, length), 1]


def _standing(found: Sequence[Claim]) -> float:
    """Above 0 by best rank; at most 0, by check-worthiness, where nothing can be checked."""
    ranks = [c.rank for c in found if c.rank]
    if ranks:
        return 1 / min(ranks)
    return max((c.checkworthiness for c in found), default=0.0) - 1


def _scores(tables: list[list[float]], orders: list[list[float]]) -> dict[str, Score]:
    out = {
        "checkable_f1": interval(tables, lambda c: f1(c[0], c[1], c[2])),
        "checkable_precision": interval(tables, lambda c: c[0] / c[2] if c[2] else 0.0),
        "checkable_recall": interval(tables, lambda c: c[0] / c[1] if c[1] else 0.0),
        "checkable_f1_first": interval(tables, lambda c: f1(c[3], c[4], c[5])),
        "checkable_f1_second": interval(tables, lambda c: f1(c[6], c[7], c[8])),
        "checkable_f1_of_yes_to_all": interval(tables, lambda c: f1(c[9], c[10], c[11])),
        "reason_accuracy": interval(tables, lambda c: c[12] / c[13] if c[13] else 0.0),
    }
    for k, key in enumerate(NAMES[7:10]):
        out[key] = interval(orders, lambda c, k=k: c[k] / c[3])  # type: ignore[misc]
    for k, key in enumerate(NAMES[10:], 1):
        out[key] = interval(orders, lambda c, k=k: (c[0] - c[k]) / c[3])  # type: ignore[misc]
    return out
