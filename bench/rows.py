"""Rows of data sets: JSON lines in a file or a folder, gzipped or plain."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DEFAULT_SPLIT = "dev"


class DataError(Exception):
    """The data are not there, or not of the form that the task needs."""


def files(data: Path, *, suffixes: tuple[str, ...] = (".jsonl", ".jsonl.gz")) -> list[Path]:
    """The data files at `data`, in order of name; a folder's training files are left out."""
    if data.is_file():
        return [data]
    if not data.is_dir():
        raise DataError(f"no file or folder {str(data)!r}")
    found = sorted(p for p in data.iterdir() if p.name.endswith(suffixes))
    return [p for p in found if "train" not in p.name]


def all_rows(data: Path, *, needs: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every row that carries the keys of `needs`, whatever its split."""
    for path in files(data):
        opener = gzip.open if path.name.endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    row = json.loads(line)
                    if all(key in row for key in needs):
                        yield row


def rows(
    data: Path, *, needs: tuple[str, ...], split: str | None = None
) -> Iterator[dict[str, Any]]:
    """The rows that carry the keys of `needs`.

    Where rows carry `split`, only those of `split` (by default `dev`) are given; `train` rows are
    never scored. A file without such rows is passed over when `data` is a folder.
    """
    wanted = split or DEFAULT_SPLIT
    if wanted == "train":
        raise DataError("rows of the split 'train' are never scored; name another split")
    n = 0
    for row in all_rows(data, needs=needs):
        if row.get("split", wanted) == wanted:
            n += 1
            yield row
    if n == 0:
        raise DataError(f"no row with {', '.join(needs)} and split {wanted!r} in {str(data)!r}")
