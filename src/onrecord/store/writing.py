"""Transactions that write: one at a time on both databases, and rows that replace older ones.

SQLite has one writer. On PostgreSQL a lock that ends with the transaction gives the same: what is
read in a writing transaction stays true until it ends, the audit log stays one chain, and no two
writers wait for each other. A newsroom writes a few times a second at most; what readers send in a
flood is slower on the disk than on this lock (docs/adr/0011-two-databases.md has the numbers).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

__all__ = ["POSTGRESQL", "TURN_OPTION", "queued", "take_turn", "upsert", "writing"]

POSTGRESQL = "postgresql"
# The option of an engine that holds the lock of its threads.
TURN_OPTION = "onrecord_turn"
# Any number that is ours; locks of this kind belong to one database of a server.
_TURN = 0x6F6E7265


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that no other one writes beside; it is undone when anything is raised."""
    with queued(engine), engine.begin() as connection:
        take_turn(connection)
        yield connection


def queued(engine: sa.Engine) -> contextlib.AbstractContextManager[object]:
    """Lets the threads of one process write one after the other.

    SQLite's own wait sleeps up to a tenth of a second between two looks at the lock: in a flood of
    replies with it 8 threads took 11 a second on a busy machine, and 13 without.
    """
    lock = engine.get_execution_options().get(TURN_OPTION)
    return lock if lock is not None else contextlib.nullcontext()


def take_turn(connection: sa.Connection) -> None:
    """Waits for the writer's turn, which ends with the transaction; taken twice it does nothing."""
    if connection.dialect.name == POSTGRESQL:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
        return
    driver = connection.connection.dbapi_connection
    # Python's driver begins a transaction at the first change alone, after what was read for it.
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def upsert(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, kept: str = ""
) -> None:
    """Inserts rows; one whose primary key is there replaces it, all but the column `kept`."""
    from sqlalchemy.dialects import postgresql, sqlite

    if not rows:
        return
    is_postgresql = connection.dialect.name == POSTGRESQL
    statement = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
    keys = [column.name for column in table.primary_key]
    update = {
        name: statement.excluded[name] for name in rows[0] if name not in keys and name != kept
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=update), [*map(dict, rows)]
    )
