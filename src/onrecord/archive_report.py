"""What an archive says: counts over the records of a bulk run, each with the pages behind it.

Outlets stand in alphabetical order with denominators and 95% intervals (Wilson, 1927): nothing is
ranked. A kind of finding is told only after a person has checked it on a sample of this very
archive, and at least 95 of 100 were right; `sample` draws the sample, `judged` reads what the
person wrote beside it.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from urllib.parse import urlsplit

from onrecord.bulk import lines
from onrecord.codec import decode
from onrecord.errors import CodecError, MissingFileError
from onrecord.record import Record
from onrecord.terms import BadgeOutcome, HeadlineFinding, SpeakerKind, Voice

__all__ = [
    "NEEDED_PRECISION",
    "Archive",
    "Finding",
    "Judgement",
    "Outlet",
    "Share",
    "gathered",
    "judged",
    "sample",
    "share",
    "write_sample",
]

NEEDED_PRECISION = 0.95
SAMPLE_SIZE = 50
SAMPLE_FILE = "sample.csv"
MAX_PAGES = 20  # addresses kept behind each figure
FIELDS = ("kind", "right", "outlet", "url", "words")
_FAULTS = (
    HeadlineFinding.DROPS_ATTRIBUTION,
    HeadlineFinding.OVERSTATES,
    HeadlineFinding.NOT_IN_BODY,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a denominator, with the 95% interval of the share."""

    n: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one page, as it is drawn for a sample."""

    kind: str
    outlet: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person found of a kind of finding in the sample."""

    n_right: int
    n_judged: int

    @property
    def is_enough(self) -> bool:
        """Whether the kind may be told: 20 judged at least, and precision as needed."""
        return self.n_judged >= 20 and self.n_right / self.n_judged >= NEEDED_PRECISION


@dataclass(slots=True)
class Outlet:
    """The counts of one outlet's pages."""

    name: str
    n_pages: int = 0
    words: Counter[str] = field(default_factory=Counter)  # by voice: publisher, attributed, mixed
    speakers: Counter[str] = field(default_factory=Counter)  # by kind
    months: Counter[str] = field(default_factory=Counter)
    n_claims: int = 0
    n_titles: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    pages: dict[str, list[str]] = field(default_factory=dict)  # by kind of finding


@dataclass(slots=True)
class Archive:
    """The counts of an archive: its outlets by name, and every finding for the sample."""

    outlets: dict[str, Outlet] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    n_records: int = 0
    n_unreadable: int = 0
    n_failures: int = 0

    def in_order(self) -> tuple[Outlet, ...]:
        """The outlets in alphabetical order."""
        return tuple(self.outlets[name] for name in sorted(self.outlets, key=str.casefold))


def gathered(folder: Path) -> Archive:
    """The counts over every shard in a folder, the same at every reading.

    Raises `MissingFileError` where there is no shard.
    """
    shards = sorted(folder.glob("*.jsonl"))
    if not any(not path.name.endswith(".failures.jsonl") for path in shards):
        raise MissingFileError(
            f"no shard of records in {str(folder)!r}; make some with `onrecord bulk`"
        )
    archive = Archive()
    for path in shards:
        if path.name.endswith(".failures.jsonl"):
            with path.open("rb") as stream:
                archive.n_failures += sum(1 for _ in stream)
            continue
        for _, body in lines(path):
            try:
                record = decode(body)
            except CodecError:
                archive.n_unreadable += 1
                continue
            _count(archive, record)
    return archive


def share(n: int, of: int) -> Share:
    """A share with its Wilson interval; nothing out of nothing is 0 to 1.

    >>> round(share(95, 100).low, 3)
    0.888
    """
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    z, p = 1.96, n / of
    middle = p + z * z / (2 * of)
    spread = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    bottom = 1 + z * z / of
    return Share(n, of, max(0.0, (middle - spread) / bottom), min(1.0, (middle + spread) / bottom))


def sample(archive: Archive, *, seed: int = 1, size: int = SAMPLE_SIZE) -> tuple[Finding, ...]:
    """Up to `size` findings of each kind, drawn without looking at outlets; stable for a seed."""
    drawn: list[Finding] = []
    kinds = sorted({one.kind for one in archive.findings})
    for kind in kinds:
        of_kind = [one for one in archive.findings if one.kind == kind]
        order = random.Random(f"{seed}:{kind}")  # noqa: S311 - a sample, not a secret
        drawn += order.sample(of_kind, min(size, len(of_kind)))
    return tuple(drawn)


def write_sample(path: Path, drawn: tuple[Finding, ...]) -> None:
    """Writes a sample as CSV; the column `right` is for a person: yes or no."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(FIELDS)
        for one in drawn:
            cells = (one.kind, "", one.outlet, one.url, one.words)
            writer.writerow(["'" + c if c[:1] in ("=", "+", "-", "@") else c for c in cells])


def judged(path: Path) -> Mapping[str, Judgement]:
    """What a person wrote into a sample, by kind; rows without yes or no are not judged."""
    if not path.is_file():
        return {}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            said = (row.get("right") or "").strip().lower()
            if said in {"yes", "no"}:
                total[row["kind"]] += 1
                right[row["kind"]] += said == "yes"
    return {kind: Judgement(right[kind], total[kind]) for kind in total}


def _count(archive: Archive, record: Record) -> None:
    archive.n_records += 1
    page = record.page
    name = _outlet_of(record)
    outlet = archive.outlets.setdefault(name, Outlet(name))
    outlet.n_pages += 1
    published = page.metadata.published
    outlet.months[published.value[:7] if published else "not stated"] += 1
    for voice in record.sentence_voices or ():
        outlet.words[voice.voice.value] += len(voice.sentence.of(page.text).split())
    for speaker in record.speakers or ():
        outlet.speakers[speaker.kind.value] += 1
    outlet.n_claims += sum(claim.checkable for claim in record.claims or ())
    if (
        record.headline is not None
        and HeadlineFinding.NOT_APPLICABLE not in record.headline.findings
    ):
        outlet.n_titles += 1
    for kind, words in _findings(record):
        outlet.findings[kind] += 1
        pages = outlet.pages.setdefault(kind, [])
        url = page.url or page.digest
        if len(pages) < MAX_PAGES:
            pages.append(url)
        archive.findings.append(Finding(kind, name, url, words))


def _findings(record: Record) -> Iterator[tuple[str, str]]:
    text = record.page.text
    if record.headline is not None:
        title = record.headline.title
        for fault in _FAULTS:
            if fault in record.headline.findings:
                yield fault.value, title.of(text) if title else ""
    for audit in record.badges or ():
        failed = [rule.code for rule in audit.rules if rule.outcome is BadgeOutcome.FAIL]
        if failed:
            yield "label_fails", f"{audit.label}: {', '.join(failed)}"


def _outlet_of(record: Record) -> str:
    site = record.page.metadata.site
    if site and site.value.strip():
        return " ".join(site.value.split())
    return (urlsplit(record.page.url or "").hostname or "not stated").removeprefix("www.")


def as_json(archive: Archive, judgements: Mapping[str, Judgement]) -> str:
    """The figures of the report for programs, in a stable order."""
    told = {kind for kind, one in judgements.items() if one.is_enough}
    outlets = [
        {
            "outlet": one.name,
            "pages": one.n_pages,
            "words": {voice.value: one.words[voice.value] for voice in Voice},
            "speakers": {kind.value: one.speakers[kind.value] for kind in SpeakerKind},
            "claims": one.n_claims,
            "months": dict(sorted(one.months.items())),
            "titles": one.n_titles,
            "findings": {kind: n for kind, n in sorted(one.findings.items()) if kind in told},
        }
        for one in archive.in_order()
    ]
    return json.dumps(
        {"records": archive.n_records, "outlets": outlets}, ensure_ascii=False, indent=1
    )
