"""The library on a terminal and as one HTML page: what was found, and what there is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from onrecord.ports import Candidate
from onrecord.show.visible import visible

if TYPE_CHECKING:
    from onrecord.store.library import LibraryStats

__all__ = ["counts", "counts_page", "found"]

BAR = 30
N_ROWS = 12


def found(candidates: Sequence[Candidate]) -> str:
    """Fact-checks with rating, publisher, date and address, best first."""
    if not candidates:
        return "none found; the library may be empty: onrecord library add FEED\n"
    lines = []
    for number, candidate in enumerate(candidates, 1):
        row = candidate.fact_check
        who = f" ({row.claimant})" if row.claimant else ""
        lines.append(f"{number:>3}  {visible(row.claim)}{visible(who)}")
        parts = [row.rating or "no rating in words", row.publisher, row.review_date or "no date"]
        lines.append("     " + visible(" · ".join(part for part in parts if part)))
        if row.rating_conflict:
            lines.append("     the rating's words and number disagree, or its scale is broken")
        lines.append(f"     {visible(row.url) or 'no address given'}")
    return "\n".join(lines) + "\n"


def counts(stats: LibraryStats) -> str:
    """Bars by publisher, year and rating; the bar of the largest count is 30 signs wide."""
    lines = [f"{stats.n} fact-checks, {stats.n_conflicts} with a rating that disagrees with itself"]
    for title, rows in _groups(stats):
        lines += ["", title]
        most = max((count for _, count in rows), default=1)
        for name, count in rows[:N_ROWS]:
            bar = "█" * max(1, round(BAR * count / most))
            lines.append(f"  {visible(name)[:28]:<28} {count:>7}  {bar}")
        if len(rows) > N_ROWS:
            rest = sum(count for _, count in rows[N_ROWS:])
            lines.append(f"  {len(rows) - N_ROWS} more{'':<21} {rest:>7}")
    return "\n".join(lines) + "\n"


def counts_page(stats: LibraryStats) -> str:
    """The same as one self-contained HTML page with bars as inline SVG, without script."""
    parts = [_HEAD, f"<h1>{stats.n} fact-checks</h1>"]
    for title, rows in _groups(stats):
        most = max((count for _, count in rows), default=1)
        parts.append(f"<h2>{escape(title)}</h2><table>")
        parts.extend(_bar_row(name, count, most) for name, count in rows)
        parts.append("</table>")
    parts.append("</main></body></html>\n")
    return "".join(parts)


def _groups(stats: LibraryStats) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    return (
        ("By publisher", stats.publishers),
        ("By year of review", stats.years),
        ("By rating, as written", stats.ratings),
    )


def _bar_row(name: str, count: int, most: int) -> str:
    width = max(1, round(300 * count / most))
    return (
        f'<tr><th scope="row">{escape(visible(name))}</th><td>{count}</td><td>'
        f'<svg width="300" height="12" role="img" aria-label="{count}">'
        f'<rect width="{width}" height="12" rx="2"></rect></svg></td></tr>'
    )


_HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Library</title><style>'
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem}"
    "th{font-weight:400;text-align:left;padding-right:1rem}td{text-align:right;padding-right:1rem}"
    "rect{fill:#2f6f8f}</style></head><body><main>"
)
