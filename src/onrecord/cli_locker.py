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

__all__ = ["locker_app"]

WITH_PROBLEMS = 3
WIDTH = 100
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
    """Read every copy again and say which cited page is not held, or not as it was."""
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
    print(f"{len(chosen)} checks, {n_good} copies as they were, {n_faults} problems")
    if n_faults:
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
            print(f"{one.state.replace('_', ' ')}  {line(one.url)}  (cited by {review.id})")
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
    review: Annotated[str, typer.Argument(help="Id of a published check.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write, .wacz.")],
    settings_file: SettingsFile = None,
) -> None:
    """Write the copies of a check as one WACZ file that web archive players open."""
    from onrecord.wacz import Archived, wacz

    settings, locker = _locker(settings_file)
    (chosen,) = _reviews(locker, [review])
    rows = [Archived(locker.load(copy.kept), copy.cited.title) for copy in locker.copies(chosen)]
    address = f"{settings.newsroom.url.rstrip('/')}/checks/{chosen.id}"
    made = wacz(
        rows,
        title=chosen.content.title or chosen.content.claim,
        description=f"What the check {address} cites.",
        created=max((row.capture.retrieved or "" for row in rows), default=chosen.published),
    )
    output.write_bytes(made)
    _, faults = locker.verify(chosen)
    print(f"written: {output}, {len(rows)} copies")
    for fault in faults:
        complain(f"not in it: {fault.url or fault.digest}: {fault.reason}")
    if faults:
        raise typer.Exit(WITH_PROBLEMS)


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
