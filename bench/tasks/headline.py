"""What the title makes of the body, against findings given by hand.

Rows: `{id, title, subtitle?, text, findings: [...]}`; `text` is the whole article with its title
as first line, or the body alone. Each article is read as a saved text and goes through the real
stages. Precision and recall are given for each fault, and for `faithful`; `exact_set` is the share
of articles whose findings are all as given, the neutral note `carried_by_source` left out, and
`exact_set_with_note` with it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import rows
from bench.scores import Measured, Score, interval, ratio
from onrecord.attribution.rules import attributions
from onrecord.attribution.speakers import speakers
from onrecord.attribution.voices import sentence_voices
from onrecord.headline import headline
from onrecord.read import read
from onrecord.read.sentences import sentences
from onrecord.record import Capture, HeadlineCheck, Page, Region
from onrecord.terms import RegionKind

FINDINGS = (
    "faithful",
    "drops_attribution",
    "overstates",
    "not_in_body",
    "question_or_label",
    "carried_by_source",
    "not_applicable",
)
NAMES = (
    *(f"{name}_{score}" for name in FINDINGS for score in ("precision", "recall")),
    "exact_set",
    "exact_set_with_note",
)


def page_of(row: dict[str, Any]) -> Page:
    """The row read as a saved text, its title and subtitle marked where the text shows them."""
    text, title, subtitle = row["text"], row.get("title", ""), row.get("subtitle")
    if title and title not in text:
        text = "\n\n".join(part for part in (title, subtitle, text) if part)
    page = read(Capture(None, None, "text/plain; charset=utf-8", text.encode()))
    wanted = {title: RegionKind.TITLE, subtitle: RegionKind.SUBTITLE}
    regions = tuple(
        Region(wanted.get(r.span.of(page.text), r.kind), r.span, r.attributes) for r in page.regions
    )
    return replace(page, regions=regions)


def check_of(row: dict[str, Any]) -> tuple[Page, HeadlineCheck]:
    """The page of a row and the check of its title."""
    page = page_of(row)
    spans = sentences(page)
    found = attributions(page, spans)
    voices = sentence_voices(
        page=page, sentences=spans, attributions=found, speakers=speakers(page, found)
    )
    return page, headline(page, spans, found, voices)


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Measures the titles of `data`; `stage` is not used, there is one."""
    del stage
    table = []
    for row in rows(data, needs=("text", "findings"), split=split):
        gold = set(row["findings"])
        given = {str(finding) for finding in check_of(row)[1].findings}
        counts = [c for f in FINDINGS for c in (f in gold and f in given, f in given, f in gold)]
        note = {"carried_by_source"}
        table.append([*counts, gold - note == given - note, gold == given, 1])
    counted = np.array(table, dtype=float)
    scores: dict[str, Score] = {}
    for i, name in enumerate(FINDINGS):
        at = 3 * i
        scores[f"{name}_precision"] = interval(counted, lambda c, at=at: ratio(c[at], c[at + 1]))  # type: ignore[misc]
        scores[f"{name}_recall"] = interval(counted, lambda c, at=at: ratio(c[at], c[at + 2]))  # type: ignore[misc]
    scores["exact_set"] = interval(counted, lambda c: ratio(c[-3], c[-1]))
    scores["exact_set_with_note"] = interval(counted, lambda c: ratio(c[-2], c[-1]))
    return Measured(len(table), scores)
