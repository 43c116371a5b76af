"""The pages behind the figures of a report: in the report itself, or beside it in plain HTML pages.

Short lists stand at the end of the report. Where they would make it too long to open, each outlet's
list of a figure is a page of its own, in parts of at most 500 entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from onrecord.archive_figures import FIGURES, MAX_WORDS, Said
from onrecord.archive_numbers import Sums
from onrecord.archive_report import Archive, periods
from onrecord.archive_sample import Status
from onrecord.archive_spool import ALL_PAGES, Entry, Known, Pair
from onrecord.show.markup import address, escaped, is_web
from onrecord.show.visible import brief

__all__ = ["COPIES", "INLINE", "Lists", "Row", "few", "heading", "rows_of"]

# Entries that stand in the report itself: about one megabyte.
INLINE = 2_000
PART = 500  # entries of one page beside it
# Outlets that a table shows one by one; of more, those with fewer pages stand in one row.
MOST_ROWS = 40
FEWEST_PAGES = 5
COPIES = ("same-article", "shared-passage")
UNITS: Mapping[str, str] = {one.key: one.unit for one in FIGURES}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the tables: an outlet, or those with few pages together. `id` is for addresses."""

    id: str
    name: str
    outlets: tuple[int, ...]
    n_pages: int


@dataclass(slots=True)
class Lists:
    """Where the list of each figure, row and period stands, and the lists themselves.

    `folder` is the name of the folder beside the report; empty where the lists stand in it.
    """

    archive: Archive
    statuses: Mapping[str, Status]
    rows: tuple[Row, ...]
    folder: str
    _names: dict[int, str] = field(default_factory=dict)
    _sums: dict[str, dict[int, dict[str, Sums]]] = field(default_factory=dict)

    def sums(self, key: str) -> dict[int, dict[str, Sums]]:
        """The sums of a figure by outlet and month; those of the last one asked for are kept."""
        if key not in self._sums:
            self._sums = {key: self.archive.by_outlet(key)}
        return self._sums[key]

    def keys(self) -> tuple[str, ...]:
        """The figures that have a list."""
        told = [one.key for one in FIGURES if self.statuses[one.key].is_told]
        return (ALL_PAGES, *(key for key in told if self.archive.totals(key).n_with))

    def link(self, n: int, figure: str, row: Row, *, period: int = -1, before: int = 0) -> str:
        """A number as a link to its pages; `before` entries of earlier periods stand first."""
        if not n:
            return "0"
        name = f"{figure}-{row.id}"
        at = f"-{period}" if period >= 0 else ""
        if not self.folder:
            return f'<a href="#{name}{at}">{_n(n)}</a>'
        part = before // PART + 1
        return f'<a href="{self.folder}/{_file(name, part)}#{name}{at}">{_n(n)}</a>'

    def whole_link(self, n: int, figure: str) -> str:
        """A number of the whole archive as a link to the lists of its outlets."""
        if not n:
            return "0"
        where = f"{self.folder}/{figure}-all.html" if self.folder else f"#{figure}-all"
        return f'<a href="{where}">{_n(n)}</a>'

    def pair_link(self, n: int, kind: str, first: int, second: int) -> str:
        """A number of pairs of pages as a link to them."""
        name = f"pairs-{kind}-{first}-{second}"
        base = f"{self.folder}/{_file(name, 1)}" if self.folder else ""
        return f'<a href="{base}#{name}">{_n(n)}</a>'

    def inline(self) -> Iterator[str]:
        """The lists as parts of the report."""
        for key in self.keys():
            yield f'<section class="list"><h3 id="{key}-all">{escaped(heading(key))}</h3>'
            for row in self.rows:
                parts = [
                    f'<details id="{key}-{row.id}-{at}"><summary>{escaped(name)}</summary>'
                    f"<ol>{''.join(items)}</ol></details>"
                    for at, name, items in self._periods(key, row)
                ]
                if parts:
                    yield f'<h4 id="{key}-{row.id}" dir="auto">{escaped(brief(row.name, 120))}</h4>'
                    yield from parts
            yield "</section>"
        for kind in COPIES:
            for name, title, pairs in self._pairs(kind):
                items = "".join(pairs)
                yield (
                    f'<section class="list"><details id="{name}"><summary dir="auto">'
                    f"{escaped(heading(kind))}: {escaped(title)}</summary><ol>{items}</ol>"
                    "</details></section>"
                )

    def files(self) -> Iterator[tuple[str, str, Iterator[str]]]:
        """Name, title and parts of each page of the folder."""
        for key in self.keys():
            yield f"{key}-all.html", heading(key), self._index(key)
            for row in self.rows:
                name = f"{key}-{row.id}"
                title = f"{heading(key)}: {row.name}"
                yield from _parted(name, title, self._entries(key, row))
        for kind in COPIES:
            for name, title, pairs in self._pairs(kind):
                marked = ((f'<h2 id="{name}">The pairs</h2>', one) for one in pairs)
                yield from _parted(name, f"{heading(kind)}: {title}", marked)

    def _index(self, key: str) -> Iterator[str]:
        """The outlets of a figure with how many pages stand in the list of each."""
        sums = self.sums(key)
        yield "<ul>"
        for row in self.rows:
            n = sum(one.n_with for id_ in row.outlets for one in sums.get(id_, {}).values())
            if n:
                name = escaped(brief(row.name, 120))
                pages = "page" if n == 1 else "pages"
                yield f'<li dir="auto"><a href="{key}-{row.id}.html">{name}</a>: {_n(n)} {pages}</li>'
        yield "</ul>"

    def _entries(self, key: str, row: Row) -> Iterator[tuple[str, str]]:
        """Each entry with the heading that it stands under."""
        for at, name, items in self._periods(key, row):
            anchor = f'<h2 id="{key}-{row.id}-{at}">{escaped(name)}</h2>'
            yield from ((anchor, one) for one in items)

    def _periods(self, key: str, row: Row) -> Iterator[tuple[int, str, Iterator[str]]]:
        by_outlet = self.sums(key)
        shows_outlet = len(row.outlets) > 1
        for at, (name, months) in enumerate(periods(self.archive.months).items()):
            n = sum(
                by_outlet[one][month].n_with
                for one in row.outlets
                if one in by_outlet
                for month in months
                if month in by_outlet[one]
            )
            if n:
                pages = "page" if n == 1 else "pages"
                entries = (
                    self._item(key, entry, shows_outlet=shows_outlet)
                    for one in row.outlets
                    if one in by_outlet
                    for entry in self.archive.spool.entries(key, one, months)
                )
                yield at, f"{name}: {_n(n)} {pages}", entries

    def _item(self, key: str, entry: Entry, *, shows_outlet: bool) -> str:
        outlet = f"{escaped(brief(self._name(entry.page.outlet), 80))}: " if shows_outlet else ""
        counted = ""
        if key != ALL_PAGES and not (entry.n == entry.of == 1):
            of = f" of {_n(entry.of)}" if entry.of > 1 or entry.n < entry.of else ""
            counted = f"<b>{_n(entry.n)}{of} {escaped(UNITS[key])}</b> "
        return f"<li>{outlet}{_page(entry.page)}{counted}{_words(entry.said, entry.n_more)}</li>\n"

    def _pairs(self, kind: str) -> Iterator[tuple[str, str, Iterator[str]]]:
        if not self.statuses[kind].is_told:
            return
        for first, second, _ in self.archive.spool.outlet_pairs(kind):
            title = f"{brief(self._name(first), 80)} and {brief(self._name(second), 80)}"
            pairs = (self._pair(one) for one in self.archive.spool.pairs(kind, first, second))
            yield f"pairs-{kind}-{first}-{second}", title, pairs

    def _pair(self, pair: Pair) -> str:
        known = {"first": pair.first, "second": pair.second}
        first = known.get(pair.direction)
        told = (
            f"stood first at {escaped(brief(self._name(first.outlet), 80))}"
            if first
            else "which was first is undetermined"
        )
        reason = f" ({escaped(brief(pair.reason, 200))})" if pair.reason else ""
        pages = "".join(
            f"<p>{escaped(brief(self._name(page.outlet), 80))}: {_page(page)}</p>"
            for page in known.values()
        )
        return (
            f"<li>{pages}<p><b>{_n(pair.n_equal)} equal words</b>; {told}{reason}. "
            f'<q dir="auto">{escaped(brief(pair.words, 600))}</q></p></li>\n'
        )

    def _name(self, outlet: int) -> str:
        if not self._names:
            self._names = {one.id: one.name for one in self.archive.outlets}
        return self._names[outlet]


def rows_of(archive: Archive) -> tuple[Row, ...]:
    """The outlets in alphabetical order; those with few pages in one last row where there are many."""
    rows = [
        Row(str(at), one.name, (one.id,), one.n_pages) for at, one in enumerate(archive.outlets, 1)
    ]
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    large = [row for row in rows if row.n_pages >= FEWEST_PAGES]
    small = [row for row in rows if row.n_pages < FEWEST_PAGES]
    if small:
        name = f"{len(small)} outlets with fewer than {FEWEST_PAGES} pages each"
        outlets = tuple(one for row in small for one in row.outlets)
        large.append(Row("few", name, outlets, sum(row.n_pages for row in small)))
    return tuple(large)


def few(archive: Archive) -> tuple[str, ...]:
    """The names of the outlets that share one row."""
    rows = rows_of(archive)
    if not rows or rows[-1].id != "few":
        return ()
    shared = set(rows[-1].outlets)
    return tuple(one.name for one in archive.outlets if one.id in shared)


def heading(key: str) -> str:
    """The name of a list."""
    if key == ALL_PAGES:
        return "Pages"
    return next(one.heading for one in FIGURES if one.key == key)


def _page(page: Known) -> str:
    date = f'<span class="date">{escaped(page.published)}</span> ' if page.published else ""
    title = f'<cite dir="auto">{escaped(brief(page.title, 160))}</cite> ' if page.title else ""
    if is_web(page.url):
        where = address(page.url)
    elif page.url:
        where = escaped(brief(page.url, 120))
    else:
        where = f"no address known; SHA-256 {page.digest[:16]}…"
    return f'{date}{title}<span class="where">{where}</span> '


def _words(said: Sequence[Said], n_more: int) -> str:
    parts = []
    for one in said:
        words = f'<q dir="auto">{escaped(one.words)}</q>' if one.words else ""
        note = f" <small>{escaped(brief(one.note, MAX_WORDS))}</small>" if one.note else ""
        parts.append(f"{words}{note}")
    if n_more:
        parts.append(f"<small>and {_n(n_more)} more in the record</small>")
    return " · ".join(parts)


def _parted(
    name: str, title: str, entries: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, str, Iterator[str]]]:
    """The entries as pages of at most 500, each with the headings of its own."""
    batch: list[tuple[str, str]] = []
    part = 0
    for entry in entries:
        if len(batch) == PART:
            part += 1
            yield _file(name, part), title, _body(name, batch, part, is_last=False)
            batch = []
        batch.append(entry)
    if batch:
        yield _file(name, part + 1), title, _body(name, batch, part + 1, is_last=True)


def _body(
    name: str, batch: Sequence[tuple[str, str]], part: int, *, is_last: bool
) -> Iterator[str]:
    under = ""
    yield f'<div id="{name}">'
    for anchor, item in batch:
        if anchor != under:
            yield f"{'</ol>' if under else ''}{anchor}<ol>"
            under = anchor
        yield item
    yield "</ol></div>"
    links = []
    if part > 1:
        links.append(f'<a href="{_file(name, part - 1)}">part before</a>')
    if not is_last:
        links.append(f'<a href="{_file(name, part + 1)}">next part</a>')
    if links:
        yield f"<p>Part {part}: {' · '.join(links)}</p>"


def _file(name: str, part: int) -> str:
    return f"{name}.html" if part == 1 else f"{name}-part{part}.html"


def _n(n: int) -> str:
    return f"{n:,}"
