"""All tables as lines of JSON, the same from both databases and into both.

One line a row, an array in the order of the header line. Bytes are base64. The rows of one dump are
those of one moment: they are read in one transaction while the desk goes on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from onrecord.errors import StoreError
from onrecord.store.database import revision_of, upgrade_in
from onrecord.store.tables import metadata
from onrecord.store.writing import POSTGRESQL, take_turn

__all__ = ["LEFT_OUT", "fill", "is_empty", "lines_of", "moment", "table_names"]

# What must not come to life again: sign-ins that were ended, links that were used, requests that
# were answered. Failed sign-ins are of the day alone.
LEFT_OUT = frozenset({"sessions", "links", "sign_in_attempts", "kept_answers"})
BATCH = 500


def table_names() -> tuple[str, ...]:
    """The tables of a dump; one that refers to another comes after it."""
    return tuple(table.name for table in metadata.sorted_tables if table.name not in LEFT_OUT)


def moment(engine: sa.Engine) -> sa.Connection:
    """A connection on which every read sees this moment; close it when done."""
    if engine.dialect.name == POSTGRESQL:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return engine.connect().execution_options(**options)
    connection = engine.connect()
    connection.exec_driver_sql("BEGIN")  # Python's driver begins none for reads
    return connection


def lines_of(connection: sa.Connection, name: str) -> Iterator[str]:
    """The lines of a table: the names of its columns, then its rows in order of their keys."""
    table = metadata.tables[name]
    yield json.dumps([column.name for column in table.columns]) + "\n"
    query = sa.select(table).order_by(*table.primary_key)
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n"


def is_empty(engine: sa.Engine) -> bool:
    """Whether no table of a dump has a row; a database without tables is empty."""
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
        return not any(
            connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
            for name in table_names()
            if name in there
        )


def fill(engine: sa.Engine, tables: Iterable[tuple[str, Iterable[str]]], *, revision: str) -> None:
    """Puts the tables of a dump into a database in one transaction, in place of all that is there.

    The tables are made as the dump's revision had them and brought up to ours afterwards. Raises
    `StoreError` for a revision that this version does not know or lines that are no rows.
    """
    with engine.begin() as connection:
        take_turn(connection)
        _drop_all(connection)
        upgrade_in(connection, to=revision)
        if revision_of(connection) != revision:
            raise StoreError(f"the backup is of revision {revision!r}, which cannot be made here")
        there = sa.MetaData()
        there.reflect(connection)
        for name, lines in tables:
            if name not in there.tables:
                raise StoreError(
                    f"the backup holds a table {name!r} that revision {revision} has not"
                )
            _fill_table(connection, there.tables[name], lines)
        upgrade_in(connection)


def _drop_all(connection: sa.Connection) -> None:
    old = sa.MetaData()
    old.reflect(connection)
    old.drop_all(connection)


def _fill_table(connection: sa.Connection, table: sa.Table, lines: Iterable[str]) -> None:
    rows = iter(lines)
    try:
        columns = [table.c[name] for name in json.loads(next(rows))]
        is_bytes = [isinstance(column.type, sa.LargeBinary) for column in columns]
        batch: list[dict[str, Any]] = []
        for line in rows:
            values = json.loads(line)
            batch.append(
                {
                    column.name: base64.b64decode(value) if binary and value is not None else value
                    for column, value, binary in zip(columns, values, is_bytes, strict=True)
                }
            )
            if len(batch) == BATCH:
                connection.execute(table.insert(), batch)
                batch = []
        if batch:
            connection.execute(table.insert(), batch)
    except (StopIteration, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the backup's table {table.name!r} cannot be read: {error}") from error
    _count_on(connection, table)


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Tells PostgreSQL from which number its own row numbers go on."""
    if connection.dialect.name != POSTGRESQL:
        return
    for column in table.primary_key:
        place = sa.func.pg_get_serial_sequence(table.name, column.name)
        if connection.execute(sa.select(place)).scalar():
            last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(place, last, False)))


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a column holds
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value
