"""The commands `onrecord locker ...`: parse, call, print."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.locker import Locker
    from onrecord.newsroom.review import Review
    from onrecord.settings import Settings
    from onrecord.store.notices import Notice

__all__ = ["locker_app"]

WITH_PROBLEMS = 3
WIDTH = 100
MAX_EXPORT = 2_000_000_000  # bytes of copies; a file is made in memory
ReviewNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="REVIEW...", help="Ids of published checks; none: all of them."),
]
locker_app = typer.Typer(
    help="The evidence locker: kept copies of what published checks cite.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@locker_app.command("fetch")
def locker_fetch(reviews: ReviewNames = None, settings_file: SettingsFile = None) -> None:
    """Fetch and keep what checks cite and of which there is no copy yet."""
    settings, locker = _locker(settings_file)
    n_faults = 0
    for review in _reviews(locker, reviews):
        faults = locker.fill(review, fetch=settings.fetch, now=datetime.now(UTC))
        print(f"{review.id}: {len(locker.copies(review))} copies held")
        n_faults += len(faults)
        for fault in faults:
            complain(f"{review.id}: {fault.url or fault.digest}: {fault.reason}")
    if n_faults:
        raise typer.Exit(WITH_PROBLEMS)


@locker_app.command("verify")
def locker_verify(reviews: ReviewNames = None, settings_file: SettingsFile = None) -> None:
    """Read every copy again and say which cited page is not held, or not as it was.

    Asks nobody: pages that had changed or gone when the desk last looked are named too, until an
    editor marks the notice as seen.
    """
    from onrecord.show.wording import counted
    from onrecord.store.notices import notices

    _, locker = _locker(settings_file)
    n_good = n_faults = 0
    chosen = _reviews(locker, reviews)
    for review in chosen:
        n, faults = locker.verify(review)
        n_good += n
        n_faults += len(faults)
        for fault in faults:
            digest = f" (SHA-256 {fault.digest})" if fault.digest else ""
            complain(f"{review.id}: {fault.url}{digest}: {fault.reason}")
    n_told = sum(
        _tell(one) for review in chosen for one in notices(locker.engine, review=review.id)
    )
    told = f", {counted(n_told, 'notice')} that nobody has marked as seen" if n_told else ""
    print(f"{len(chosen)} checks, {n_good} copies as they were, {n_faults} problems{told}")
    if n_faults or n_told:
        raise typer.Exit(WITH_PROBLEMS)


@locker_app.command("check")
def locker_check(reviews: ReviewNames = None, settings_file: SettingsFile = None) -> None:
    """Ask every cited address again and say which pages have changed or are gone."""
    from onrecord.show.changes import changes
    from onrecord.show.visible import line

    settings, locker = _locker(settings_file)
    counts: dict[str, int] = {}
    for review in _reviews(locker, reviews):
        for one in locker.look_again(review, fetch=settings.fetch, now=datetime.now(UTC)):
            counts[one.state] = counts.get(one.state, 0) + 1
            if one.state == "same":
                continue
            seen = f", first seen {one.first_seen}" if one.first_seen else ""
            kind = one.state.replace("_", " ")
            print(f"{kind}  {line(one.url)}  (cited by {review.id}){seen}")
            if one.change is not None:
                sys.stdout.write(changes(one.change, width=WIDTH).lstrip("\n"))
            if one.reason:
                complain(one.reason)
    told = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in sorted(counts.items()))
    print(told or "no cited page is held")
    if counts.keys() - {"same"}:
        raise typer.Exit(WITH_PROBLEMS)


@locker_app.command("export")
def locker_export(
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write, .wacz.")],
    reviews: ReviewNames = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write the copies of checks as one WACZ file that web archive players open."""
    settings, locker = _locker(settings_file)
    chosen = _reviews(locker, reviews)
    if not chosen:
        complain("no check is published; nothing was written")
        raise typer.Exit(WITH_PROBLEMS)
    made = locker.exported(chosen, site=settings.newsroom.url, max_bytes=MAX_EXPORT)
    output.write_bytes(made.body)
    print(f"written: {output}, {made.n_copies} copies")
    for fault in made.faults:
        complain(f"not in it: {fault.url or fault.digest}: {fault.reason}")
    if made.faults:
        raise typer.Exit(WITH_PROBLEMS)


def _tell(one: Notice) -> int:
    """Prints an open notice; 1, to be counted."""
    from onrecord.keeping import Change
    from onrecord.show.changes import changes
    from onrecord.show.visible import line

    kind = one.kind.replace("_", " ")
    print(f"{kind}  {line(one.url)}  (cited by {one.review}), first seen {one.first_seen}")
    if one.removed or one.added:
        change = Change(one.before, one.removed, one.added, one.has_correction)
        sys.stdout.write(changes(change, width=WIDTH).lstrip("\n"))
    if one.reason:
        print(f"  {line(one.reason)}")
    return 1


def _locker(settings_file: Path | None) -> tuple[Settings, Locker]:
    from onrecord.locker import Locker
    from onrecord.settings import data_folder, settings_of
    from onrecord.store.database import open_database

    settings = settings_of(settings_file)
    folder = data_folder(settings.folder, environment=os.environ)
    return settings, Locker(open_database(folder, settings.database), folder)


def _reviews(locker: Locker, names: Sequence[str] | None) -> tuple[Review, ...]:
    """The published checks with these ids, or all."""
    from onrecord.errors import MissingFileError
    from onrecord.locker import public_reviews

    found = public_reviews(locker.engine)
    if not names:
        return found
    by_id = {review.id: review for review in found}
    for name in names:
        if name not in by_id:
            raise MissingFileError(
                f"no published check {name!r}; its id is the end of its address, /checks/ID"
            )
    return tuple(by_id[name] for name in names)
