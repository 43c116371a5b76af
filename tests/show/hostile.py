"""Records whose every string is a hostile one."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path

from onrecord.record import Claim, FactCheck, Match, Problem, Record
from onrecord.span import Span
from onrecord.terms import ClaimKind, MatchRelation
from tests.show.made import bridge, found

# Strings that name or count something else in the record, and so must stay as they are.
_REFERENCES = {"id", "attribution", "by", "answered", "claim", "speaker", "digest", "role"}


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


def full() -> Record:
    """The bridge record with claims, an earlier check and a problem, so that all is shown."""
    record = bridge()
    claim = Claim(
        "c1",
        found(record.page, "The river has flooded four times since March."),
        None,
        True,
        None,
        0.5,
        ClaimKind.QUANTITY,
        1,
        ("x",),
    )
    check = FactCheck("f1", "https://x.example/", "x", "x", "x", publisher="x", title="x")
    return replace(
        record,
        page=replace(record.page, truncated=("x",)),
        claims=(claim,),
        matches=(Match("c1", check, MatchRelation.SAME, 0.9, 1),),
        problems=(Problem("x", "x", "x"),),
    )


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
        if isinstance(value, Enum | frozenset | None | bool | int | float):
            return value
        if isinstance(value, str):
            return value if name in _REFERENCES else payload
        if isinstance(value, tuple):
            return tuple(changed(one, name) for one in value)
        if is_dataclass(value):
            names = {one.name for one in fields(value)}
            if isinstance(value, FactCheck):
                return replace(
                    value,
                    **dict.fromkeys(("url", "claim", "rating", "publisher", "title"), payload),
                )
            return replace(
                value,
                **{
                    n: made if n == "text" and "regions" in names else changed(getattr(value, n), n)
                    for n in names
                },
            )
        return value

    poison = changed(record, "record")
    assert isinstance(poison, Record)
    # Ids of attributions stand as plain strings in tuples; they are references too.
    by_place = zip(poison.speakers or (), record.speakers or (), strict=True)
    speakers = tuple(replace(new, attributions=old.attributions) for new, old in by_place)
    by_place = zip(poison.sentence_voices or (), record.sentence_voices or (), strict=True)
    voices = tuple(replace(new, attributions=old.attributions) for new, old in by_place)
    sourcing = record.sourcing
    assert sourcing is not None
    assert poison.sourcing is not None
    central = poison.sourcing.central
    assert central is not None
    assert sourcing.central is not None
    return replace(
        poison,
        speakers=speakers,
        sentence_voices=voices,
        sourcing=replace(
            poison.sourcing,
            anonymous=sourcing.anonymous,
            central=replace(
                central,
                asserted_by=sourcing.central.asserted_by,
                denied_by=sourcing.central.denied_by,
                origins=sourcing.central.origins,
            ),
        ),
        matches=tuple(replace(one, words=(), fact_check_words=()) for one in poison.matches or ()),
        page=replace(poison.page, digest=record.page.digest),
    )
