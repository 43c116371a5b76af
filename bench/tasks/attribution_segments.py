"""Exact spans of source, cue and content on tokenised segments, as CofeNet (COLING 2022) scores.

Each segment is printed as normal text and read on its own; what is found is given back in its
tokens. F1 counts spans of which both ends agree. The tagger answers with the tags of its first
pass, since segments cut many attributions apart; the rules answer with their attributions.
Rows: `{tokens, labels (BIO), spans?: {label: lists of [first, last) or [first, last, ...]}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bench.rows import DataError, rows
from bench.scores import Measured, Score, f1, interval
from bench.tasks.attribution import page_of
from onrecord.read.sentences import sentences
from onrecord.record import Page
from onrecord.settings import Settings
from onrecord.span import Span
from onrecord.stages import ATTRIBUTION_READERS, attribution_reader

LABELS = ("source", "cue", "content")
NAMES = ("source_f1", "cue_f1", "content_f1")

Ranges = dict[str, set[tuple[int, int]]]

_NO_SPACE_BEFORE = frozenset([*",.;:?!)]}%", "''", "...", "n't"])
_NO_SPACE_AFTER = frozenset([*"([{$#`", "``"])
_SHOWN = {"``": "“", "''": "”", "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}


def printed(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a tokenised segment as it would be printed, and each token's place in it."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    glue = True
    for word in words:
        shown = _SHOWN.get(word, word)
        suffix = word.startswith(("'", "’")) and 1 < len(word) <= 3
        close = word in _NO_SPACE_BEFORE or shown in ")]" or suffix
        if pieces and not glue and not close:
            pieces.append(" ")
            at += 1
        pieces.append(shown)
        places.append((at, at + len(shown)))
        at += len(shown)
        glue = word in _NO_SPACE_AFTER or shown in "(["
    return "".join(pieces), places


def labelled(labels: Sequence[str]) -> Ranges:
    """The token ranges of each label of a BIO row."""
    found: Ranges = {label: set() for label in LABELS}
    begun: tuple[str, int] | None = None
    for n, label in enumerate([*labels, "O"]):
        name = label[2:]
        if begun and (not label.startswith("I-") or name != begun[0]):
            found.setdefault(begun[0], set()).add((begun[1], n))
            begun = None
        if label.startswith("B-") or (label.startswith("I-") and begun is None):
            begun = (name, n)
    return found


def in_tokens(span: Span, places: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The tokens that a span touches."""
    inside = [n for n, (start, end) in enumerate(places) if start < span.end and end > span.start]
    return (inside[0], inside[-1] + 1) if inside else None


def roles_by_attribution(name: str, pages: Sequence[Page]) -> list[dict[str, list[Span]]]:
    """The sources, cues and contents that a reader of attributions finds on each page."""
    reader = attribution_reader(name)
    found = []
    for page in pages:
        read = reader(page, sentences(page))
        found.append(
            {
                "source": [a.source for a in read if a.source is not None],
                "cue": [a.cue for a in read if a.cue is not None],
                "content": [span for a in read for span in a.content],
            }
        )
    return found


def roles_by_tag(pages: Sequence[Page]) -> list[dict[str, list[Span]]]:
    """The same from the tagger's first pass."""
    from onrecord.attribution.tagger import packaged_tagger, role_spans

    return role_spans([(page, sentences(page)) for page in pages], tagger=packaged_tagger())


def counts_of(gold: Ranges, predicted: Ranges) -> list[float]:
    """Shared, gold and predicted spans of each label in turn."""
    row: list[float] = []
    for label in LABELS:
        both = gold[label] & predicted[label]
        row += [len(both), len(gold[label]), len(predicted[label])]
    return row


def _ranges(spans: Iterable[Span], places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    return {r for span in spans if (r := in_tokens(span, places)) is not None}


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    segments = list(rows(data, needs=("tokens", "labels"), split=split))
    texts = [printed(row["tokens"]) for row in segments]
    pages = [page_of(text) for text, _ in texts]
    for page, (text, _) in zip(pages, texts, strict=True):
        if page.text != text:
            raise DataError(f"a segment changes when it is read: {text[:60]!r}")
    default = dict(Settings().stages)["attribute"]
    scores: dict[str, Score] = {}
    for name in [stage] if stage else sorted(ATTRIBUTION_READERS, key=lambda n: n != default):
        prefix = "" if name == default else f"{name}."
        found = roles_by_tag(pages) if name == "tagger" else roles_by_attribution(name, pages)
        table = np.array(
            [
                counts_of(
                    labelled(row["labels"]),
                    {label: _ranges(roles[label], places) for label in LABELS},
                )
                for row, roles, (_, places) in zip(segments, found, texts, strict=True)
            ]
        )
        for k, label in enumerate(LABELS):
            scores[f"{prefix}{label}_f1"] = interval(
                table, lambda c, k=k: f1(c[3 * k], c[3 * k + 1], c[3 * k + 2])
            )
    return Measured(len(segments), scores)
