"""The sample of findings that a person judges before a report tells them.

Each finding gets a number from a hash of its page and words; the smallest of each kind are drawn.
So the draw is random, takes no memory for what is not drawn, and is the same at every reading.
"""

from __future__ import annotations

import csv
import hashlib
import heapq
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.archive_figures import FIGURES, Figure
from onrecord.archive_numbers import share
from onrecord.errors import InputError, StoreError

__all__ = [
    "LEAST_JUDGED",
    "NEEDED_PRECISION",
    "SAMPLE_FILE",
    "SAMPLE_SIZE",
    "Finding",
    "Judgement",
    "Judgements",
    "Sampler",
    "Status",
    "guarded",
    "judged",
    "kept",
    "status",
    "write_sample",
]

NEEDED_PRECISION = 0.95
LEAST_JUDGED = 20
SAMPLE_SIZE = 50
SAMPLE_FILE = "sample.csv"
MAX_CELL = 4_000
FIELDS = (
    "kind",
    "right",
    "words",
    "note",
    "context",
    "outlet",
    "published",
    "title",
    "url",
    "id",
    "archive",
)
# What a spreadsheet takes for the beginning of a formula, after OWASP's page on CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|")
# Kinds that are asked of a person: those of another kind's judgement, and totals, are not.
KINDS: Mapping[str, Figure] = {
    one.key: one for one in FIGURES if not one.judged_by and one.key != "speakers"
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one page as a person judges it; `note` is ours, `context` the page's."""

    kind: str
    outlet: str
    url: str
    title: str
    published: str
    words: str
    note: str
    context: str

    @property
    def id(self) -> str:
        """The same for the same finding; begins with a letter, or a spreadsheet takes it for a number."""
        parts = (
            self.kind,
            self.outlet,
            self.url,
            self.title,
            self.words,
            self.note,
            self.context,  # of a copy, the other page
        )
        return "f" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person found of a kind of finding in the sample."""

    n_right: int
    n_judged: int

    def is_enough(self, n_found: int) -> bool:
        """Whether the kind may be told: precision as needed over 20, or over all there are."""
        least = max(1, min(LEAST_JUDGED, n_found))
        return self.n_judged >= least and self.n_right / self.n_judged >= NEEDED_PRECISION


@dataclass(frozen=True, slots=True)
class Judgements:
    """The judgements of a sample by kind, and what of it could not be used.

    `others` are the digests of other archives whose rows are in the file, `n_others` those rows
    that were judged; `n_unclear` rows say neither yes nor no.
    """

    of_kind: Mapping[str, Judgement] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    n_others: int = 0
    n_unclear: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a figure is told, and in words why or why not."""

    is_told: bool
    reason: str
    n_found: int


@dataclass(slots=True)
class Sampler:
    """Draws up to `size` findings of each kind from all that it is offered."""

    size: int = SAMPLE_SIZE
    seed: int = 1
    _drawn: dict[str, list[tuple[int, int, Finding]]] = field(default_factory=dict)
    _n: int = 0

    def offer(self, finding: Finding, digest: str) -> None:
        """Takes a finding of the page with this digest into account."""
        if finding.kind not in KINDS:
            return
        self._n += 1
        name = f"{self.seed}:{finding.id}:{digest}"
        # The smallest stay, and the heap has its smallest first: so it holds them negative.
        key = -int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        heap = self._drawn.setdefault(finding.kind, [])
        if len(heap) < self.size:
            heapq.heappush(heap, (key, self._n, finding))
        elif key > heap[0][0]:
            heapq.heapreplace(heap, (key, self._n, finding))

    def drawn(self) -> tuple[Finding, ...]:
        """What was drawn: findings before counts, in the order of the report, then as drawn."""
        order = sorted(KINDS.values(), key=lambda one: not one.is_finding)
        found: dict[str, Finding] = {}
        for figure in order:
            for _, _, finding in sorted(self._drawn.get(figure.key, ()), reverse=True):
                found.setdefault(finding.id, finding)
        return tuple(found.values())


def status(figure: Figure, judgements: Judgements, *, n_found: int) -> Status:
    """Whether a figure may be told, for an archive where `n_found` of its kind were found."""
    one = judgements.of_kind.get(figure.kind)
    needed = f"{NEEDED_PRECISION:.0%} right of at least {LEAST_JUDGED} judged, or of all"
    said = _precision(one) if one else ""
    if figure.is_finding and not n_found:
        return Status(False, "none found", n_found)
    if one is not None and one.is_enough(n_found):
        return Status(True, said, n_found)
    if figure.is_finding:
        told = said or "nobody has judged a sample of it"
        return Status(False, f"{told}; needed are {needed}", n_found)
    if one is not None and one.n_judged >= LEAST_JUDGED:
        return Status(False, f"{said}; needed are {needed}", n_found)
    return Status(True, said or "not checked by hand on this archive", n_found)


def _precision(one: Judgement) -> str:
    found = share(one.n_right, one.n_judged)
    return (
        f"{one.n_right} of {one.n_judged} judged by hand were right "
        f"(95% interval {100 * found.low:.0f} to {100 * found.high:.0f}%)"
    )


def write_sample(path: Path, drawn: Iterable[Finding], *, archive: str) -> tuple[int, str]:
    """Writes a sample as CSV; the column `right` is for a person: yes or no.

    What was judged of this archive before is kept. A sample of another archive is moved aside
    first. Returns how many judgements were kept and the name of what was moved, if anything was.
    """
    rows = _rows(path)
    moved = ""
    if rows and any(row["archive"] != archive for row in rows):
        other = next(row["archive"] for row in rows if row["archive"] != archive)
        moved = _moved(path, other)
        rows = []
    right = {row["id"]: row["right"] for row in rows if row["right"].strip()}
    lines = [_row(one, right.pop(one.id, ""), archive) for one in drawn]
    lines += [[row[name] for name in FIELDS] for row in rows if row["id"] in right]
    n_kept = sum(bool(line[1].strip()) for line in lines)
    part = path.with_name(path.name + ".part")
    try:
        # The mark at the beginning tells spreadsheets that this is UTF-8.
        with part.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
            csv.writer(stream).writerows([FIELDS, *lines])
        part.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {str(path)!r}: {error.strerror}") from error
    return n_kept, moved


def judged(path: Path, archive: str) -> Judgements:
    """What a person wrote into a sample of this archive, each finding once.

    Rows of another archive do not count and are told apart. Raises `InputError` where the file is
    no sample.
    """
    right: dict[str, tuple[str, bool]] = {}
    others: Counter[str] = Counter()
    n_unclear = 0
    for row in _rows(path):
        said = row["right"].strip().casefold()
        if not said:
            continue
        if row["archive"] != archive:
            others[row["archive"][:40] or "not named"] += 1
        elif said in {"yes", "no"}:
            right[row["id"]] = row["kind"], said == "yes"
        else:
            n_unclear += 1
    total = Counter(kind for kind, _ in right.values())
    good = Counter(kind for kind, is_right in right.values() if is_right)
    of_kind = {kind: Judgement(good[kind], n) for kind, n in sorted(total.items())}
    return Judgements(of_kind, tuple(sorted(others)), sum(others.values()), n_unclear)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1")
    "'=1+1"
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def kept(text: str) -> str:
    """The text without characters that CSV readers stumble over, cut to 4,000 code points."""
    return "".join(
        c if c == "\n" or c.isprintable() else " " if c.isspace() else "" for c in text[:MAX_CELL]
    )


def _row(one: Finding, right: str, archive: str) -> list[str]:
    cells = (
        one.kind,
        right,
        one.words,
        one.note,
        one.context,
        one.outlet,
        one.published,
        one.title,
        one.url,
        one.id,
        archive,
    )
    return [guarded(kept(cell)) for cell in cells]


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a sample; none where there is no file. A comma, semicolon or tab may divide."""
    if not path.is_file():
        return []
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline()
            sign = max(",;\t", key=head.count)
            names = next(csv.reader([head], delimiter=sign), [])
            missing = {"kind", "right", "id", "archive"} - set(names)
            if missing:
                raise InputError(
                    f"found no column {', '.join(sorted(missing))} in {str(path)!r}; expected what "
                    "`onrecord report --sample` wrote; move the file away and draw again"
                )
            rows = csv.DictReader(stream, fieldnames=names, delimiter=sign)
            return [{name: str(row.get(name) or "") for name in FIELDS} for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {str(path)!r}: {error}; save it as CSV in UTF-8") from error


def _moved(path: Path, digest: str) -> str:
    """Moves a file aside under a name that is free, and returns the name."""
    plain = "".join(c for c in digest if c.isalnum())[-16:] or "other"
    for number in range(1, 1_000):
        tail = "" if number == 1 else f"-{number}"
        place = path.with_name(f"sample-{plain}{tail}.csv")
        if not place.exists():
            os.rename(path, place)  # noqa: PTH104 - the same
            return place.name
    raise StoreError(f"found a thousand samples beside {str(path)!r}; move them away")
