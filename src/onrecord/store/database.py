"""Opens the database of a data folder, making or upgrading it on first use.

SQLite in the folder by default; PostgreSQL where the setting `database` names one. Files (captures,
uploads, indexes, the key) are in the folder with both.
"""

from __future__ import annotations

import threading
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from onrecord.errors import DatabaseError, SettingsError, StoreError
from onrecord.store.writing import POSTGRESQL, TURN_OPTION, take_turn

__all__ = ["DATABASE_NAME", "open_database", "revision_of", "upgrade", "upgrade_in"]

DATABASE_NAME = "onrecord.sqlite3"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30
# The web server's threads are 40; each holds a connection for one query or one transaction.
_N_CONNECTIONS, _N_MORE_CONNECTIONS = 10, 40
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def open_database(folder: Path, address: str = "") -> sa.Engine:
    """The engine of the folder's SQLite database, or of the PostgreSQL database at an address.

    SQLite: write-ahead log, foreign keys, synced commits. Raises `StoreError` when the folder cannot
    be made or written, when the database was made by a later version or the driver is missing, and
    `SettingsError` for an address that is not PostgreSQL's. Statements on the engine raise
    `DatabaseError` when the disk is full or the server is gone.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot make the data folder {str(folder)!r}: {error.strerror}; name another with "
            "the setting 'folder' or ONRECORD_FOLDER"
        ) from error
    engine = _postgresql(address) if address else _sqlite(folder)
    name = engine.url.render_as_string(hide_password=True) if address else f"in {str(folder)!r}"
    try:
        upgrade(engine)
    except (sa.exc.DatabaseError, DatabaseError) as error:
        engine.dispose()
        raise StoreError(
            f"cannot open the database {name}: {_reason(error)}; expected "
            + (
                "a running PostgreSQL whose user may make tables"
                if address
                else "a folder that can be written and a database made by onrecord"
            )
        ) from error
    except StoreError:
        engine.dispose()
        raise
    # Only now, so that what is wrong with a file is said as above.
    sa.event.listen(engine, "handle_error", _explain)
    return engine


def upgrade(engine: sa.Engine, *, to: str = "head") -> None:
    """Makes the tables, or brings older ones up to a revision, in one transaction.

    A kill leaves the tables as they were. Raises `StoreError` for a revision that this version does
    not know.
    """
    with engine.connect() as connection:
        if revision_of(connection) == _scripts(_config()).get_current_head():
            return
    with engine.begin() as connection:
        # Python's driver begins no transaction before a CREATE TABLE. Without one a kill leaves half
        # of the tables and no revision, and two first openings at once get in each other's way.
        take_turn(connection)
        upgrade_in(connection, to=to)


def upgrade_in(connection: sa.Connection, *, to: str = "head") -> None:
    """Does the work of `upgrade` within a writing transaction of the caller."""
    config = _config()
    scripts = _scripts(config)
    if revision_of(connection) == scripts.get_current_head():
        return
    if to != "head" and to not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"revision {to!r} of the database is not known; known: up to "
            f"{scripts.get_current_head()!r}; install the version of onrecord that made it"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == POSTGRESQL:
        _compare_by_code_point(connection)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of a database's tables, `None` where there are none.

    Raises `StoreError` for one that this version does not know.
    """
    current: str | None = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _scripts(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"the database has revision {current!r}, which this version of onrecord does not "
            "know; install the version that made it, or a later one"
        )
    return current


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _compare_by_code_point(connection: sa.Connection) -> None:
    """Gives every text column the order that SQLite has, and no length of its own.

    A server's own order depends on its machine: pages of a list would follow each other otherwise
    than here, and a search for the beginning of a text could use no index.
    """
    query = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name <> 'alembic_version'"
        " AND data_type IN ('text', 'character varying')"
        " AND (collation_name IS DISTINCT FROM 'C' OR data_type <> 'text')"
        " ORDER BY table_name, column_name"
    )
    found = connection.execute(query).all()
    for table, rows in groupby(found, key=lambda row: row.table_name):
        changes = ", ".join(
            f'ALTER COLUMN "{row.column_name}" TYPE text COLLATE "C"' for row in rows
        )
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {changes}')


def _sqlite(folder: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{folder / DATABASE_NAME}",
        connect_args={"timeout": _BUSY_SECONDS},
        pool_size=_N_CONNECTIONS,
        max_overflow=_N_MORE_CONNECTIONS,
    )
    engine.update_execution_options(**{TURN_OPTION: threading.RLock()})
    sa.event.listen(engine, "connect", _configure)
    return engine


def _configure(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _postgresql(address: str) -> sa.Engine:
    expected = "expected postgresql://user:password@host/name, or nothing for SQLite"
    try:
        url = sa.make_url(address)
    except sa.exc.ArgumentError:  # its text holds the password
        raise SettingsError(f"'database' is no address of a database; {expected}") from None
    if url.drivername not in _SCHEMES:
        raise SettingsError(f"'database' begins with {url.drivername!r}; {expected}")
    try:
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=_N_CONNECTIONS,
            max_overflow=_N_MORE_CONNECTIONS,
            pool_pre_ping=True,  # a server that was restarted costs no error page
            connect_args={"connect_timeout": 10},
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "the driver for PostgreSQL is not installed; run: pip install 'onrecord[postgresql]'"
        ) from error


def _explain(context: sa.engine.ExceptionContext) -> None:
    """Says in our words that the database cannot work now; what is wrong with a value stays."""
    error = context.sqlalchemy_exception
    if isinstance(error, sa.exc.OperationalError | sa.exc.InternalError):
        name = POSTGRESQL if context.dialect.name == POSTGRESQL else "data folder"
        wanted = (
            "a running server with room on its disk"
            if name == POSTGRESQL
            else "a disk that is not full and can be written"
        )
        raise DatabaseError(
            f"the database cannot be used now: {_reason(error)}; nothing of this step was stored, "
            f"what was there before is unharmed; expected {wanted}"
        ) from error


def _reason(error: Exception) -> str:
    """The first line of what the driver says."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
