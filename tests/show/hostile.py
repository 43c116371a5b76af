"""Records whose every string is a hostile one."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

from onrecord.record import (
    CollectionState,
    Evidence,
    FactCheck,
    Match,
    Page,
    Problem,
    QuantityCheck,
    Record,
)
from onrecord.span import Span
from onrecord.terms import MatchRelation
from tests.show.judged import judged

# Strings that name or count something else in the record, and so must stay as they are.
_REFERENCES = {"id", "attribution", "by", "answered", "claim", "speaker", "digest", "role"}
_REFERENCES |= {"attributions", "asserted_by", "denied_by", "origins", "anonymous", "evidence"}
_OF_A_FACT_CHECK = ("url", "claim", "rating", "publisher", "title")


def some_payloads(shared: Path, count: int | None) -> list[str]:
    """`count` script injection strings of the outside corpora, always the same; all for `None`."""
    files = [shared / "corpora" / "xss" / "Intruder" / "xss-payload-list.txt"]
    files += sorted((shared / "corpora" / "payloads").glob("XSS_*.txt"))
    lines = [
        line
        for file in files
        for line in file.read_text(encoding="utf-8", errors="replace").split("\n")
        if line.strip()
    ]
    every = list(dict.fromkeys(lines))
    return every if count is None else random.Random(7).sample(every, count)


@cache
def full() -> Record:
    """The judged record with an earlier check and a problem, so that all is shown."""
    record = judged()
    check = FactCheck("f1", "https://x.example/", "x", "x", "x", publisher="x", title="x")
    return replace(
        record,
        page=replace(record.page, truncated=("x",)),
        claims=tuple(replace(one, reasons=("x",)) for one in record.claims or ()),
        matches=(Match("cost", check, MatchRelation.SAME, 0.9, 1),),
        collection=replace(record.collection or CollectionState(1), sources=("collection", "x")),
        evidence=tuple(_sourced(one) for one in record.evidence or ()),
        verdicts=tuple(replace(one, missing="x") for one in record.verdicts or ()),
        problems=(Problem("x", "x", "x"),),
    )


def _sourced(piece: Evidence) -> Evidence:
    return replace(piece, passage=replace(piece.passage, source="x", retrieved="x"))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def poisoned(payload: str) -> Record:
    """The full record with the payload as every string that a page or a library could bring.

    In the text it stands at the front of the words of each region and between source and content.
    """
    record = full()
    text = record.page.text
    made, moved, at = "", [], 0
    starts = sorted(region.span.start for region in record.page.regions)
    for start in starts:
        made += text[at:start]
        moved.append((start, len(made)))
        made += payload + " "
        at = start
    made += text[at:]

    def shifted(offset: int, *, end: bool) -> int:
        count = sum(start < offset or (start == offset and not end) for start in starts)
        # A span that begins with a region takes the payload in.
        inside = sum(start == offset and not end for start in starts)
        return offset + (count - inside) * (len(payload) + 1)

    def changed(value: object, name: str) -> object:
        if isinstance(value, Span):
            return Span(shifted(value.start, end=False), shifted(value.end, end=True))
        if isinstance(value, str) and not isinstance(value, Enum):
            return value if name in _REFERENCES else payload
        if isinstance(value, tuple):
            return tuple(changed(one, name) for one in value)
        if isinstance(value, Evidence):
            return _evidence(value, payload)
        if isinstance(value, FactCheck):
            return replace(value, **dict.fromkeys(_OF_A_FACT_CHECK, payload))
        if not is_dataclass(value):
            return value
        kind = type(value)
        parts = {n: changed(getattr(value, n), n) for n in _names(kind)}
        if kind is Page:
            parts["text"] = made
        if kind is QuantityCheck:
            parts["passage_words"] = Span(0, 2)
        if kind is Match:
            parts |= {"words": (), "fact_check_words": ()}
        return kind(**parts)

    poison = changed(record, "record")
    assert isinstance(poison, Record)
    return poison


def _evidence(piece: Evidence, payload: str) -> Evidence:
    """A passage of the payload alone, with a cut inside it where cited words begin and end."""
    strings = ("title", "url", "date", "publisher", "licence", "source", "retrieved")
    passage = replace(
        piece.passage,
        text=payload,
        document_span=Span(5, 5 + len(payload)),
        **dict.fromkeys(strings, payload),
    )
    cited = (Span(len(payload) // 3, len(payload)),) if piece.cited else ()
    return replace(piece, passage=passage, cited=cited)
