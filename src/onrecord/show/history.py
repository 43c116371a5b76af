"""The history of texts on a terminal: what was added, what there is, where a page's words stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from onrecord.record import Record
from onrecord.show.reuse import HEADING, reuse_lines
from onrecord.show.visible import brief, line
from onrecord.show.wording import counted

if TYPE_CHECKING:
    from onrecord.history import HistoryReport
    from onrecord.ports import Sighting
    from onrecord.store.history import HistoryStats

__all__ = ["added", "appearances", "counts"]

BAR = 30
N_ROWS = 12


def added(report: HistoryReport) -> str:
    """What came of adding texts, in one line; two where something was left out."""
    out = f"new {report.new}, as before {report.same}, refused {report.n_refused}\n"
    if report.changed:
        out += f"another text at a known address: {report.changed} (the older one stays, with its date)\n"
    if report.n_left_out:
        out += f"left out on purpose: {report.n_left_out}\n"
    return out


def counts(stats: HistoryStats) -> str:
    """How much there is: texts, characters, the days they span, publishers and years."""
    if not stats.n:
        return "the history is empty; add texts with: onrecord history add PATH\n"
    out = f"{counted(stats.n, 'text')}, {stats.n_texts} of them different, {stats.n_chars} characters\n"
    out += f"dates: {stats.oldest} to {stats.newest}\n"
    for heading, rows in (("publisher", stats.publishers), ("year", stats.years)):
        most = max(n for _, n in rows)
        out += f"\nby {heading}\n"
        for name, n in rows[:N_ROWS]:
            bar = "█" * max(1, round(BAR * n / most))
            out += f"  {brief(name, 32):<32} {n:>9}  {bar}\n"
        if len(rows) > N_ROWS:
            out += f"  and {len(rows) - N_ROWS} more\n"
    return out


def listing(rows: Sequence[Sighting], *, width: int) -> str:
    """Texts, one a line: id, first sighting, stated date, publisher, title or address."""
    lines = []
    for row in rows:
        document = row.document
        name = brief(document.title or document.url or document.source, 400)
        publisher = brief(document.publisher or "not stated", 24)
        lines.append(
            f"{document.id}  {row.first_seen[:10]}  {document.date or '-':<10}  "
            f"{publisher:<24}  {name}"[:width]
        )
    return "".join(f"{one.rstrip()}\n" for one in lines)


def listing_json(rows: Sequence[Sighting]) -> str:
    """The same as JSON lines, with address and source."""
    names = ("id", "url", "title", "date", "publisher", "source")
    return "".join(
        json.dumps(
            {name: getattr(row.document, name) for name in names} | {"first_seen": row.first_seen},
            ensure_ascii=False,
        )
        + "\n"
        for row in rows
    )


def appearances(record: Record, *, width: int, everything: bool) -> str:
    """Where the words of a page stand elsewhere, below its title; or why it was not looked for."""
    found = record.page.metadata.title
    title = brief(found.value if found else record.page.text, width) or "(no words found)"
    lines = [title, f"{HEADING.upper()}"]
    lines += reuse_lines(record, max(60, width), everything=everything)
    lines += [f"  {problem.stage}: {line(problem.message)}" for problem in record.problems]
    return "\n".join(one.rstrip() for one in lines) + "\n\n"
