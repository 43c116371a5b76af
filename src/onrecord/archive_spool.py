"""What a report counts, on disk while it is made: memory stays flat however large the archive.

A database that SQLite keeps in a temporary file of its own; nothing is left of it afterwards.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from onrecord.archive_figures import MAX_WORDS, Mark, Said
from onrecord.archive_numbers import Sums
from onrecord.archive_pages import ArchivePage, packed
from onrecord.errors import StoreError

__all__ = ["ALL_PAGES", "MAX_SAID", "Entry", "Known", "Pair", "Spool"]

# Stretches of words that a list shows of one page; the record has them all.
MAX_SAID = 5
ALL_PAGES = "pages"  # the figure that every page is in
# Kilobytes of pages that SQLite may keep in memory.
CACHE = 16_000
_TABLES = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, digest BLOB, outlet INTEGER, month TEXT, url TEXT, title TEXT,
    published TEXT, body BLOB, UNIQUE (digest, outlet)
);
CREATE TABLE marks (
    figure TEXT, outlet INTEGER, month TEXT, page INTEGER, n INTEGER, of INTEGER, said TEXT
);
CREATE TABLE pairs (
    kind TEXT, first INTEGER, second INTEGER, first_page INTEGER, second_page INTEGER,
    direction TEXT, n_equal INTEGER, words TEXT, reason TEXT
);
"""
_INDEXES = """
CREATE INDEX by_figure ON marks (figure, outlet, month, page);
CREATE INDEX by_outlet ON pages (outlet, month);
CREATE INDEX by_page ON marks (page);
CREATE INDEX by_outlets ON pairs (kind, first, second);
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A page as it is named in a report; `outlet` is a number of the archive."""

    id: int
    outlet: int
    month: str
    url: str
    title: str
    published: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the list behind a figure: what it adds, and its first words that were counted."""

    page: Known
    n: int
    of: int
    said: tuple[Said, ...]
    n_more: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pages of two outlets with the same words; `direction` is `first`, `second` or empty.

    The direction names the page that had the words before the other; `words` are the beginning of
    the longest run that is equal in both.
    """

    kind: str
    first: Known
    second: Known
    direction: str
    n_equal: int
    words: str
    reason: str


class Spool:
    """Pages and what they add to the figures; written once, then read in order."""

    def __init__(self) -> None:
        try:
            self._database = sqlite3.connect("", isolation_level=None)
            self._database.execute(f"PRAGMA cache_size = -{CACHE}")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.executescript(_TABLES)
            self._database.execute("BEGIN")
        except sqlite3.Error as error:
            raise StoreError(f"cannot write a temporary file: {error}; free some space") from error

    def close(self) -> None:
        """Gives the disk back."""
        self._database.close()

    def add(self, page: ArchivePage, outlet: int) -> int | None:
        """Adds a page and what it adds to the figures; `None` where its outlet has it already."""
        row = (
            bytes.fromhex(page.digest),
            outlet,
            page.month,
            page.url,
            page.title[:MAX_WORDS],
            page.published,
            packed(page.page),
        )
        done = self._database.execute(
            "INSERT OR IGNORE INTO pages (digest, outlet, month, url, title, published, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        if not done.rowcount:
            return None
        number = int(done.lastrowid or 0)
        self.mark(number, outlet, page.month, marks=page.marks)
        return number

    def mark(self, page: int, outlet: int, month: str, *, marks: Iterable[Mark]) -> None:
        """Adds to the figures what a page adds."""
        self._database.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(one.figure, outlet, month, page, one.n, one.of, _written(one.said)) for one in marks],
        )

    def pair(self, pair: tuple[str, int, int, int, int, str, int, str, str]) -> None:
        """Adds two pages with the same words: a row of the table."""
        self._database.execute("INSERT INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", pair)

    def finish(self) -> None:
        """Makes what was added quick to read; nothing is added afterwards."""
        self._database.execute("COMMIT")
        self._database.executescript(_INDEXES)

    def months(self) -> dict[str, int]:
        """How many pages each month has, in order of time."""
        rows = self._database.execute(
            "SELECT month, COUNT(*) FROM pages GROUP BY month ORDER BY month"
        )
        return dict(rows.fetchall())

    def n_same_address(self) -> int:
        """How many pages have an address that an earlier page has, with other bytes."""
        row = self._database.execute(
            "SELECT COALESCE(SUM(n - 1), 0) FROM"
            " (SELECT COUNT(*) AS n FROM pages WHERE url != '' GROUP BY outlet, url)"
        ).fetchone()
        return int(row[0])

    def sums(self, figure: str) -> dict[tuple[int, str], Sums]:
        """The sums of a figure by outlet and month; `pages` counts pages."""
        if figure == ALL_PAGES:
            rows = self._database.execute(
                "SELECT outlet, month, COUNT(*) FROM pages GROUP BY outlet, month"
            )
            return {(outlet, month): Sums(n, n, n, n, n, n, n) for outlet, month, n in rows}
        rows = self._database.execute(
            "SELECT outlet, month, COUNT(*), SUM(n > 0), SUM(n), SUM(of), SUM(n * n), SUM(n * of),"
            " SUM(of * of) FROM marks WHERE figure = ? GROUP BY outlet, month",
            (figure,),
        )
        return {(outlet, month): Sums(*rest) for outlet, month, *rest in rows}

    def entries(self, figure: str, outlet: int, months: Iterable[str]) -> Iterator[Entry]:
        """The pages behind a figure in some months, by date of publication, then as they came."""
        wanted = json.dumps(list(months))
        if figure == ALL_PAGES:
            every = self._database.execute(
                f"SELECT {_KNOWN} FROM pages p WHERE p.outlet = ?"  # noqa: S608 - no value of a page in it
                " AND p.month IN (SELECT value FROM json_each(?)) ORDER BY p.published, p.id",
                (outlet, wanted),
            )
            yield from (Entry(_known(row), 1, 1, (), 0) for row in every)
            return
        rows = self._database.execute(
            f"SELECT m.n, m.of, m.said, {_KNOWN} FROM marks m JOIN pages p ON p.id = m.page"  # noqa: S608 - no value of a page in it
            " WHERE m.figure = ? AND m.outlet = ? AND m.n > 0"
            " AND m.month IN (SELECT value FROM json_each(?)) ORDER BY p.published, p.id",
            (figure, outlet, wanted),
        )
        for n, of, written, *known in rows:
            said, more = _read(written)
            yield Entry(_known(known), n, of, said, more)

    def every_page(self) -> Iterator[tuple[Known, dict[str, Entry]]]:
        """Every page in order with what it adds to each figure."""
        rows = self._database.execute(f"SELECT {_KNOWN} FROM pages p ORDER BY p.id")  # noqa: S608 - as above
        for row in rows:
            known = _known(row)
            found = self._database.execute(
                "SELECT figure, n, of, said FROM marks WHERE page = ? AND n > 0", (known.id,)
            )
            marked = {}
            for figure, n, of, written in found:
                said, more = _read(written)
                marked[figure] = Entry(known, n, of, said, more)
            yield known, marked

    def every_body(self) -> Iterator[tuple[int, int, str, bytes]]:
        """Number, outlet, month and packed text of every page, in order."""
        yield from self._database.execute("SELECT id, outlet, month, body FROM pages ORDER BY id")

    def body(self, page: int) -> bytes:
        """The packed text of a page."""
        row = self._database.execute("SELECT body FROM pages WHERE id = ?", (page,)).fetchone()
        return bytes(row[0])

    def known(self, page: int) -> Known:
        """A page by its number."""
        row = self._database.execute(
            f"SELECT {_KNOWN} FROM pages p WHERE p.id = ?",  # noqa: S608 - as above
            (page,),
        ).fetchone()
        return _known(row)

    def shared(self, kind: str) -> Iterator[tuple[int, int, str]]:
        """Each page of a pair with the other's outlet and the words, in order of the pages."""
        yield from self._database.execute(
            "SELECT first_page, second, words FROM pairs WHERE kind = ?1 UNION ALL"
            " SELECT second_page, first, words FROM pairs WHERE kind = ?1 ORDER BY 1, 2, 3",
            (kind,),
        )

    def outlet_pairs(self, kind: str) -> list[tuple[int, int, dict[str, int]]]:
        """Pairs of outlets with counts: `pairs`, `first_pages`, `second_pages`, `first`, `second`."""
        rows = self._database.execute(
            "SELECT first, second, COUNT(*), COUNT(DISTINCT first_page),"
            " COUNT(DISTINCT second_page), SUM(direction = 'first'), SUM(direction = 'second')"
            " FROM pairs WHERE kind = ? GROUP BY first, second",
            (kind,),
        )
        names = ("pairs", "first_pages", "second_pages", "first", "second")
        return [(a, b, dict(zip(names, rest, strict=True))) for a, b, *rest in rows]

    def pairs(self, kind: str, first: int, second: int) -> Iterator[Pair]:
        """The pairs of pages of two outlets, in order of the pages."""
        rows = self._database.execute(
            "SELECT first_page, second_page, direction, n_equal, words, reason FROM pairs"
            " WHERE kind = ? AND first = ? AND second = ? ORDER BY first_page, second_page",
            (kind, first, second),
        )
        for one, two, direction, n_equal, words, reason in rows:
            yield Pair(kind, self.known(one), self.known(two), direction, n_equal, words, reason)


_KNOWN = "p.id, p.outlet, p.month, p.url, p.title, p.published, p.digest"


def _known(row: Iterable[Any]) -> Known:
    number, outlet, month, url, title, published, digest = row
    return Known(number, outlet, month, url, title, published, digest.hex())


def _written(said: tuple[Said, ...]) -> str:
    if not said:
        return ""
    shown = [[_cut(one.words), _cut(one.note)] for one in said[:MAX_SAID]]
    return json.dumps([shown, max(0, len(said) - MAX_SAID)], ensure_ascii=False)


def _read(written: str) -> tuple[tuple[Said, ...], int]:
    if not written:
        return (), 0
    shown, more = json.loads(written)
    return tuple(Said(words, note) for words, note in shown), more


def _cut(words: str) -> str:
    """The words on one line; longer ones are cut and say so."""
    line = " ".join(words[: 2 * MAX_WORDS].split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 2] + " …"
