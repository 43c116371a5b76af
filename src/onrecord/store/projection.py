"""Makes the queue of claims anew from the records, which are the truth."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from onrecord.newsroom.edits import edited_record
from onrecord.store.newsroom import edits_of
from onrecord.store.records import every_record, project

__all__ = ["rebuild"]


def rebuild(
    engine: sa.Engine, *, now: str, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Projects the newest record of every page with its editors' edits; the number of claims.

    What editors decided about a claim is carried over. Rows of a record that this version cannot
    read stay as they are. Each record is a transaction of its own, so that a desk at work goes on.
    """
    n = 0
    for record in every_record(engine):
        page = record.page
        edits = edits_of(engine, record=page.digest, url=page.url or "")
        n += project(engine, edited_record(record, edits).record if edits else record, now=now)
        progress(n)
    return n
