"""The files of a folder, in an order that does not change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord.documents.made import Refused, named

__all__ = ["files"]


def files(path: Path) -> Iterator[Path | Refused]:
    """The path itself, or the files in a folder and its folders, sorted by name at each depth.

    A link to a folder is not followed, so that none is read twice or for ever, and is named; so is
    a folder that cannot be opened. Hidden files are left out and counted.
    """
    if not path.is_dir():
        yield path
        return
    waiting = [path]
    n_hidden = 0
    while waiting:
        here = waiting.pop()
        if here.is_dir() and (here == path or not here.is_symlink()):
            try:
                inside = sorted(here.iterdir(), key=lambda each: each.name)
            except OSError as error:
                yield Refused(named(here), 0, f"cannot be opened: {error.strerror or error}")
                continue
            shown = [each for each in inside if not each.name.startswith(".")]
            n_hidden += len(inside) - len(shown)
            waiting.extend(reversed(shown))
        elif here.is_dir():
            reason = "a link to a folder; not followed, name the folder itself"
            yield Refused(named(here), 0, reason, is_fault=False)
        else:
            yield here
    if n_hidden:
        reason = "hidden files and folders; left out"
        yield Refused(named(path), 0, reason, n_documents=n_hidden, is_fault=False)
