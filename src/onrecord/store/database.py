"""Opens the database of a data folder, making or upgrading it on first use."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from onrecord.errors import StoreError

__all__ = ["DATABASE_NAME", "open_database"]

DATABASE_NAME = "onrecord.sqlite3"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30


def open_database(folder: Path) -> sa.Engine:
    """The engine of the folder's SQLite database: write-ahead log, foreign keys, synced commits.

    Raises `StoreError` when the folder cannot be made or written, or when the database was made by
    a later version.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot make the data folder {str(folder)!r}: {error.strerror}; name another with "
            "the setting 'folder' or ONRECORD_FOLDER"
        ) from error
    engine = sa.create_engine(
        f"sqlite:///{folder / DATABASE_NAME}", connect_args={"timeout": _BUSY_SECONDS}
    )
    sa.event.listen(engine, "connect", _configure)
    try:
        _upgrade(engine)
    except (sa.exc.DatabaseError, StoreError) as error:
        engine.dispose()
        if isinstance(error, StoreError):
            raise
        raise StoreError(
            f"cannot open the database in {str(folder)!r}: {error.orig}; expected a folder that "
            "can be written and a database made by onrecord"
        ) from error
    return engine


def _configure(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _upgrade(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
            raise StoreError(
                f"the database has revision {current!r}, which this version of onrecord does not "
                "know; install the version that made it, or a later one"
            )
        # Python's driver begins no transaction before a CREATE TABLE. Without one a kill leaves half
        # of the tables and no revision, and two first openings at once get in each other's way.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
