"""What an archive says: counts over the records of a bulk run, each with the pages behind it.

Outlets stand in alphabetical order with denominators and 95% intervals: nothing is ranked. A kind
of finding is told only after a person has checked it on a sample of this very archive, and at least
95 of 100 were right. The modules beside this one: `archive_pages` reads the shards,
`archive_figures` says what is counted, `archive_numbers` has shares and intervals, `archive_spool`
keeps it on disk meanwhile, `archive_copies` compares the texts, `archive_sample` draws what a person
judges, and `archive_export` writes the figures for programs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.archive_copies import Compared, Copy, add_copies
from onrecord.archive_figures import FIGURES, Figure
from onrecord.archive_numbers import Sums
from onrecord.archive_pages import (
    NOT_STATED,
    ArchivePage,
    Failure,
    Unreadable,
    grouped,
    read_archive,
    settings_of_run,
)
from onrecord.archive_sample import Finding, Judgements, Sampler, Status, status
from onrecord.archive_spool import Spool

__all__ = ["Archive", "Methods", "Outlet", "gathered", "periods"]

MAX_REASONS = 200  # different ones that are told apart; those after them are "other reasons"
# Months that a table holds side by side; of more, the older ones stand together, or years do.
MOST_MONTHS = 24
NO_NAME = "no outlet stated"
# Share of the dated pages that the newest months must hold, or years stand for months.
RECENT = 0.8


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: `id` in the spool, and the name it goes by, which no other outlet of it has."""

    id: int
    name: str
    n_pages: int


@dataclass(slots=True)
class Methods:
    """What was read and how, for the part of the report that says so."""

    n_records: int = 0
    n_duplicates: int = 0
    n_pages: int = 0
    n_truncated: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    genres: Counter[str] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    published: tuple[str, str] = ("", "")
    retrieved: tuple[str, str] = ("", "")
    run: Mapping[str, str] = field(default_factory=dict)
    weight: int = 0

    @property
    def digest(self) -> str:
        """The name of what the archive holds: equal for equal records in whatever shards."""
        return f"archive-{self.weight % 2**256:064x}"[:24]


@dataclass(slots=True)
class Archive:
    """An archive that was counted: its outlets in alphabetical order, and its figures on disk."""

    outlets: tuple[Outlet, ...]
    months: Mapping[str, int]
    methods: Methods
    compared: Compared
    spool: Spool
    _totals: dict[str, Sums] = field(default_factory=dict)

    def totals(self, figure: str) -> Sums:
        """The sums of a figure over the whole archive."""
        if figure not in self._totals:
            self._totals[figure] = sum(self.spool.sums(figure).values(), Sums())
        return self._totals[figure]

    def by_outlet(self, figure: str) -> dict[int, dict[str, Sums]]:
        """The sums of a figure by month for each outlet that has any."""
        made: dict[int, dict[str, Sums]] = {}
        for (outlet, month), sums in self.spool.sums(figure).items():
            made.setdefault(outlet, {})[month] = sums
        return made

    def statuses(self, judgements: Judgements) -> dict[str, Status]:
        """Whether each figure is told, in the order of the figures."""
        found = {figure.key: self._n_found(figure) for figure in FIGURES}
        return {
            figure.key: status(
                figure,
                judgements,
                # A count of words rests on findings of another kind: voices, speakers.
                n_found=found[figure.kind],
            )
            for figure in FIGURES
        }

    def _n_found(self, figure: Figure) -> int:
        if figure.section == "copies":
            return sum(counts["pairs"] for _, _, counts in self.spool.outlet_pairs(figure.key))
        return self.totals(figure.key).n


@contextmanager
def gathered(folder: Path, *, sampler: Sampler | None = None) -> Iterator[Archive]:
    """The counts over every shard in a folder, the same at every reading.

    Memory is flat: pages are read one at a time, and what they add is kept in a temporary file
    until the block ends. A page that an outlet has twice, byte for byte, counts once. Raises
    `MissingFileError` where there is no shard.
    """
    methods = Methods(run=settings_of_run(folder))
    spool = Spool()
    try:
        ids: dict[tuple[str, str], int] = {}
        n_pages: Counter[int] = Counter()
        for one in read_archive(folder):
            if not isinstance(one, ArchivePage):
                _tally(methods, one)
                continue
            methods.n_records += 1
            outlet = ids.setdefault((one.site, one.host), len(ids))
            if spool.add(one, outlet) is None:
                methods.n_duplicates += 1
                continue
            n_pages[outlet] += 1
            _describe(methods, one)
            if sampler is not None:
                _offer(sampler, one, _name(one.site, one.host))
        outlets = _named(ids, n_pages)
        unknown = ids.get(("", ""))
        names = {one.id: one.name for one in outlets}
        compared = add_copies(
            spool,
            {number: name for number, name in names.items() if number != unknown},
            offer=lambda copy: _offer_copy(sampler, spool, copy, names),
        )
        spool.finish()
        yield Archive(outlets, spool.months(), methods, compared, spool)
    finally:
        spool.close()


def periods(months: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """The columns of a table by month: name and months, in order of time, `not stated` last.

    Up to 24 months stand for themselves. Of more, the older ones stand together where the newest
    24 hold 80 of 100 dated pages; else years stand for months.

    >>> list(periods({"2026-01": 3, "2026-02": 1, "not stated": 2}))
    ['2026-01', '2026-02', 'not stated']
    """
    dated = sorted(month for month in months if month != NOT_STATED)
    recent, older = dated[-MOST_MONTHS:], dated[:-MOST_MONTHS]
    made: dict[str, tuple[str, ...]] = {}
    if older and sum(months[one] for one in recent) < RECENT * sum(months[one] for one in dated):
        for month in dated:
            made[month[:4]] = (*made.get(month[:4], ()), month)
    else:
        if older:
            made[f"before {recent[0]}"] = tuple(older)
        made |= {month: (month,) for month in recent}
    if NOT_STATED in months:
        made[NOT_STATED] = (NOT_STATED,)
    return made


def _tally(methods: Methods, one: Failure | Unreadable) -> None:
    _count(methods.failures if isinstance(one, Failure) else methods.unreadable, one.reason)


def _count(counter: Counter[str], name: str) -> None:
    counter[name if name in counter or len(counter) < MAX_REASONS else "other"] += 1


def _describe(methods: Methods, page: ArchivePage) -> None:
    methods.n_pages += 1
    methods.weight += page.weight
    methods.n_truncated += page.truncated
    _count(methods.languages, page.language)
    _count(methods.media_types, page.media_type or NOT_STATED)
    methods.genres[page.genre] += 1
    for step in page.steps:
        if step in methods.steps or len(methods.steps) < MAX_REASONS:
            methods.steps[step] += 1
    for stage, error, message in page.problems:
        # What only follows from the failure of an earlier stage says nothing of its own.
        reason = "skipped: an earlier stage failed" if error == "Skipped" else grouped(message)
        problem = (stage, f"{error}: {reason}" if error != "Skipped" else reason)
        if problem in methods.problems or len(methods.problems) < MAX_REASONS:
            methods.problems[problem] += 1
    methods.published = _range(methods.published, page.published)
    methods.retrieved = _range(methods.retrieved, page.retrieved)


def _range(known: tuple[str, str], day: str) -> tuple[str, str]:
    if not day:
        return known
    return min(known[0] or day, day), max(known[1], day)


def _name(site: str, host: str) -> str:
    return f"{site} ({host})" if site and host else site or host or NO_NAME


def _named(ids: Mapping[tuple[str, str], int], n_pages: Mapping[int, int]) -> tuple[Outlet, ...]:
    """The outlets by name, pages of none last; a name of two hosts stands with the host."""
    hosts = Counter(site for site, _ in ids)
    made = [
        Outlet(number, site if site and hosts[site] == 1 else _name(site, host), n_pages[number])
        for (site, host), number in ids.items()
    ]
    unknown = ids.get(("", ""))
    return tuple(
        sorted(made, key=lambda one: (one.id == unknown, _letters(one.name), one.name, one.id))
    )


def _letters(name: str) -> str:
    """The name as it is looked up: without accents, case and signs before the first letter."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"^\W+", "", kept)


def _offer(sampler: Sampler, page: ArchivePage, outlet: str) -> None:
    for mark in page.marks:
        for said in mark.said:
            finding = Finding(
                mark.figure,
                outlet,
                page.url,
                page.title,
                page.published,
                said.words,
                said.note,
                said.context,
            )
            sampler.offer(finding, page.digest)


def _offer_copy(
    sampler: Sampler | None, spool: Spool, copy: Copy, names: Mapping[int, str]
) -> None:
    if sampler is None:
        return
    first, second = (spool.known(number) for number in copy.pages)
    share = f"{copy.n_equal} words, {copy.share:.0%} of the shorter text"
    context = f"{names[copy.outlets[1]]}: {second.title}\n{second.url}"
    finding = Finding(
        copy.kind,
        names[copy.outlets[0]],
        first.url,
        first.title,
        first.published,
        copy.words,
        share,
        context,
    )
    sampler.offer(finding, first.digest)
