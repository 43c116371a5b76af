"""The evidence collection on a terminal: what was added, what was found, and what there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onrecord.ports import PassageCandidate
from onrecord.show.visible import line, visible, wrapped

if TYPE_CHECKING:
    from onrecord.collection import Report
    from onrecord.store.collection import CollectionStats

__all__ = ["added", "counts", "found"]

BAR = 30
N_ROWS = 12
WIDTH = 92


def added(report: Report) -> str:
    """What came of adding documents, in one line; two where something was left out."""
    out = (
        f"new {report.new}, changed {report.changed}, as before {report.same}, "
        f"copies of others {report.copies}, refused {report.n_refused}; "
        f"{report.n_passages} passages indexed\n"
    )
    if report.n_left_out:
        out += f"left out on purpose: {report.n_left_out}\n"
    return out


def found(candidates: Sequence[PassageCandidate]) -> str:
    """Passages with title, publisher, date and address, best first, each as it stands there."""
    if not candidates:
        return "none found; the collection may be empty: onrecord evidence add PATH\n"
    lines: list[str] = []
    for number, candidate in enumerate(candidates, 1):
        passage = candidate.passage
        stated = [passage.title or "no title", passage.publisher, passage.date or "no date"]
        lines.append(f"{number:>3}  {line(' · '.join(part for part in stated if part))}")
        where = f"{passage.document_span.start}-{passage.document_span.end}"
        lines.append(f"     {line(passage.url) or 'no address'}, characters {where}")
        lines += [f"     {row}" for row in wrapped(line(passage.text), WIDTH - 5)]
        lines.append("")
    return "\n".join(lines)


def counts(stats: CollectionStats) -> str:
    """Bars by publisher, year and licence; the bar of the largest count is 30 signs wide."""
    if not stats.n:
        return "0 documents; onrecord evidence add PATH puts some in\n"
    noun = "document" if stats.n == 1 else "documents"
    newest = f"newest {stats.newest}" if stats.newest else "none with a date"
    lines = [f"{stats.n} {noun}, {stats.n_chars} characters, {newest}"]
    for title, rows in (
        ("By publisher", stats.publishers),
        ("By year", stats.years),
        ("By licence", stats.licences),
    ):
        lines += ["", title]
        most = max((count for _, count in rows), default=1)
        for name, count in rows[:N_ROWS]:
            bar = "█" * max(1, round(BAR * count / most))
            lines.append(f"  {visible(name)[:28]:<28} {count:>7}  {bar}")
        if len(rows) > N_ROWS:
            rest = sum(count for _, count in rows[N_ROWS:])
            lines.append(f"  {len(rows) - N_ROWS} more{'':<21} {rest:>7}")
    return "\n".join(lines) + "\n"
