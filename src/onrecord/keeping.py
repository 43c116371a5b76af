"""Keeps what an address served, and says what changed since the last time it was kept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from onrecord.codec import decode, encode
from onrecord.errors import CodecError, InputError
from onrecord.read import read
from onrecord.record import Capture, Page, Record
from onrecord.terms import RegionKind

__all__ = ["Change", "change_between", "keep"]

# What counts as a change of the article; comments and navigation change by themselves.
COMPARED = frozenset(
    {
        RegionKind.TITLE,
        RegionKind.SUBTITLE,
        RegionKind.BYLINE,
        RegionKind.DATE,
        RegionKind.BADGE,
        RegionKind.LABEL,
        RegionKind.BODY,
        RegionKind.CAPTION,
        RegionKind.CORRECTION,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since an earlier capture of the same address.

    `before` is its time (ISO 8601, UTC); `removed` and `added` are whole regions in order of
    place. `has_correction` says whether the new page carries a correction note that the old one
    did not.
    """

    before: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    has_correction: bool


def keep(
    folder: Path, capture: Capture, *, record: Record, now: str, database: str = ""
) -> Change | None:
    """Keeps a capture and its record; the change since the last capture, `None` for the first one.

    `database` is the setting of that name. An unchanged page gives a `Change` without removed and added parts. Raises `StoreError` when
    the data folder cannot be used.
    """
    from onrecord import __version__
    from onrecord.store import captures
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        earlier = captures.earlier(engine, capture.url or "")
        kept = captures.keep(engine, folder, capture=capture)
        captures.keep_record(
            engine, kept, json=encode(record).decode(), now=now, version=__version__
        )
        if not earlier:
            return None
        stored = captures.latest_record(engine, earlier[0])
        page = _earlier_page(stored) or _read_again(captures.load(folder, earlier[0]))
    finally:
        engine.dispose()
    return change_between(page, record.page, retrieved=earlier[0].retrieved) if page else None


def _earlier_page(stored: str | None) -> Page | None:
    """The page of a stored record; `None` when it is of another version of the form."""
    if stored is None:
        return None
    try:
        return decode(stored.encode()).page
    except CodecError:
        return None


def _read_again(capture: Capture) -> Page | None:
    try:
        return read(capture)
    except InputError:
        return None


def change_between(before: Page, after: Page, *, retrieved: str) -> Change:
    """What changed from one page to another; `retrieved` is the time of the first (ISO 8601)."""
    old, new = _parts(before), _parts(after)
    removed: list[str] = []
    added: list[str] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            removed.extend(old[old_start:old_end])
            added.extend(new[new_start:new_end])
    had, has = (_n_corrections(page) for page in (before, after))
    return Change(retrieved, tuple(removed), tuple(added), has > had)


def _parts(page: Page) -> list[str]:
    regions = [region for region in page.regions if region.kind in COMPARED]
    return [" ".join(region.span.of(page.text).split()) for region in regions]


def _n_corrections(page: Page) -> int:
    return sum(region.kind is RegionKind.CORRECTION for region in page.regions)
