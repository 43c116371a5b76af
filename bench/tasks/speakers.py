"""Pronoun and role sources resolved to a speaker, on attributions given by hand.

Rows as for `attribution`, with `id`; the referents stand in `bench/data/speakers_polnear_dev.json`
(offsets and names only), and rows without an entry there are passed over. A source is `right` when
its speaker has another mention where the referent is named or described, `wrong` when the speaker
has other mentions but none there, `unresolved` otherwise. `invented` is the share of sources whose
referent the text does not give, and that were resolved all the same.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import DataError, rows
from bench.scores import Measured, interval, ratio, single
from bench.tasks.attribution import page_of
from onrecord.attribution.speakers import speakers
from onrecord.record import Attribution, Page, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionKind

NAMES = (
    "right",
    "wrong",
    "unresolved",
    "invented",
    "right_pronouns",
    "right_roles",
    "milliseconds_per_700_words",
)
ANNOTATIONS = Path(__file__).parent.parent / "data" / "speakers_polnear_dev.json"
N_PRONOUN_CHARS = 7  # "himself"; no role is as short and one word


def attributions_of(row: dict[str, Any]) -> tuple[Attribution, ...]:
    """The attributions of a row as the reader would give them, each part as one span."""

    def whole(spans: list[list[int]]) -> Span | None:
        if not spans:
            return None
        return Span(min(span[0] for span in spans), max(span[1] for span in spans))

    return tuple(
        Attribution(
            str(at),
            AttributionKind(given["type"]),
            whole(given["source"]),
            whole(given["cue"]),
            tuple(Span(*span) for span in sorted(given["content"])),
        )
        for at, given in enumerate(row["attributions"])
        if given["content"]
    )


def outcome(source: Span, mentions: list[Span], holders: list[Speaker]) -> str:
    """`right`, `wrong` or `unresolved` for one source."""
    others = [
        mention
        for holder in holders
        for mention in holder.mentions
        if mention != source and not source.contains(mention)
    ]
    if not others:
        return "unresolved"
    hit = any(mention.overlaps(other) for mention in mentions for other in others)
    return "right" if hit else "wrong"


def outcomes_of(
    page: Page, made: tuple[Attribution, ...], given: list[dict[str, Any]]
) -> list[tuple[Span, bool, str]]:
    """For each source given: the span, whether the text gives its referent, and the outcome."""
    found = speakers(page, made)
    out = []
    for entry in given:
        source = Span(*entry["source"])
        ids = {attribution.id for attribution in made if attribution.source == source}
        holders = [speaker for speaker in found if ids & set(speaker.attributions)]
        mentions = [Span(*mention) for mention in entry["mentions"]]
        out.append((source, bool(mentions), outcome(source, mentions, holders)))
    return out


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Measures the speakers of `data`; `stage` is not used, there is one."""
    del stage
    annotations = {
        article["id"]: article["sources"]
        for article in json.loads(ANNOTATIONS.read_text(encoding="utf-8"))["articles"]
    }
    table = []
    seconds, n_words = 0.0, 0
    for row in rows(data, needs=("id", "text", "attributions"), split=split):
        if row["id"] not in annotations:
            continue
        page, made = page_of(row["text"]), attributions_of(row)
        began = time.process_time()
        speakers(page, made)
        seconds += time.process_time() - began
        n_words += len(row["text"].split())
        counts = dict.fromkeys(("n", "right", "wrong", "null", "invented"), 0)
        short, long = [0, 0], [0, 0]
        for source, given, found in outcomes_of(page, made, annotations[row["id"]]):
            if not given:
                counts["null"] += 1
                counts["invented"] += found != "unresolved"
                continue
            counts["n"] += 1
            counts["right"] += found == "right"
            counts["wrong"] += found == "wrong"
            words = source.of(page.text)
            kind = short if len(words) <= N_PRONOUN_CHARS and " " not in words else long
            kind[0] += found == "right"
            kind[1] += 1
        table.append([*counts.values(), *short, *long])
    if not table:
        raise DataError(f"no row of {str(data)!r} has an entry in {ANNOTATIONS.name}")
    counted = np.array(table, dtype=float)
    return Measured(
        len(table),
        {
            "right": interval(counted, lambda c: ratio(c[1], c[0])),
            "wrong": interval(counted, lambda c: ratio(c[2], c[0])),
            "unresolved": interval(counted, lambda c: ratio(c[0] - c[1] - c[2], c[0])),
            "invented": interval(counted, lambda c: ratio(c[4], c[3])),
            "right_pronouns": interval(counted, lambda c: ratio(c[5], c[6])),
            "right_roles": interval(counted, lambda c: ratio(c[7], c[8])),
            "milliseconds_per_700_words": single(seconds * 700_000 / max(n_words, 1)),
        },
    )
