"""What a language model wrote beside a record, for the terminal: marked, and never a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.show.visible import brief, line, wrapped

if TYPE_CHECKING:
    from onrecord.record import Generated, Record

__all__ = ["advice"]

INDENT = 4


def advice(record: Record, *, width: int) -> str:
    """Summary, phrasings and searches below the model's name; empty where there are none."""
    written = [one for one in _every(record) if one is not None]
    if not written:
        return ""
    name = line(written[0].model)
    lines = ["", f"WRITTEN BY A LANGUAGE MODEL ({name}); no finding, nobody has checked it"]
    if record.summary is not None:
        lines += [f"    {part}" for part in wrapped(line(record.summary.text), width - INDENT)]
    for claim in record.claims or ():
        if claim.phrasing is None and not claim.queries:
            continue
        lines.append(f"  claim: {brief(claim.span.of(record.page.text), width - 10)}")
        if claim.phrasing is not None:
            lines += _item("alone: ", claim.phrasing, width)
        for query in claim.queries:
            lines += _item("search: ", query, width)
    return "\n".join(lines) + "\n"


def _every(record: Record) -> list[Generated | None]:
    found: list[Generated | None] = [record.summary]
    for claim in record.claims or ():
        found += [claim.phrasing, *claim.queries]
    return found


def _item(label: str, words: Generated, width: int) -> list[str]:
    first, *rest = wrapped(label + line(words.text), width - INDENT)
    return [f"    {first}", *(f"      {more}" for more in rest)]
