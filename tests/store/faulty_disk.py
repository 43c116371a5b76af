"""A disk that loses power or fails at a chosen call, under the store's own code.

`apsw` carries an SQLite of its own that asks a file system written in Python. This module is that
file system, and as much of a database driver as SQLAlchemy's dialect for SQLite needs. The database
is locked for one connection (`locking_mode=EXCLUSIVE`), since shared memory cannot be written in
Python; writes and syncs are those of the write-ahead log all the same.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import apsw
import sqlalchemy as sa

from onrecord.store import database

# What a driver must have; the errors are those of the standard library's.
paramstyle = "qmark"
sqlite_version_info = sqlite3.sqlite_version_info
PARSE_COLNAMES = PARSE_DECLTYPES = 0
Binary = bytes
Error, DatabaseError = sqlite3.Error, sqlite3.DatabaseError
OperationalError, IntegrityError = sqlite3.OperationalError, sqlite3.IntegrityError
InterfaceError, InternalError = sqlite3.InterfaceError, sqlite3.InternalError
DataError, ProgrammingError = sqlite3.DataError, sqlite3.ProgrammingError
NotSupportedError, Warning = sqlite3.NotSupportedError, sqlite3.Warning  # noqa: A001 - its name


class Disk:
    """Counts writes and syncs, fails at one of them, and remembers what was synced.

    `fails_at` is the number of the call that fails, from 1, and `call` which kind of call; `error`
    is what it raises. `durable` holds what each file would be after a loss of power now.
    """

    def __init__(self, *, call="", fails_at=0, error=apsw.FullError, stays=False):
        self.call, self.fails_at, self.error, self.stays = call, fails_at, error, stays
        self.n = 0
        self.files: dict[str, bytearray] = {}
        self.durable: dict[str, bytes] = {}
        self.on_sync = lambda: None

    def counts(self, call):
        """Counts a call and fails where it was told to; with `stays` every later one fails too."""
        if call == self.call:
            self.n += 1
            if self.n == self.fails_at or (self.stays and self.fails_at and self.n > self.fails_at):
                raise self.error("the disk failed")


class _Vfs(apsw.VFS):
    def __init__(self, name, disk):
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
        return _File(self.disk, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802
        if disk := getattr(self, "disk", None):  # gone when Python ends
            disk.files.pop(filename, None)
            disk.durable.pop(filename, None)
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk, name, flags):
        self.disk = disk
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else (name or "")
        super().__init__("", name, flags)
        if self.name:
            path = Path(self.name)
            body = path.read_bytes() if path.is_file() else b""
            disk.files.setdefault(self.name, bytearray(body))
            disk.durable.setdefault(self.name, body)

    def xWrite(self, data, offset):  # noqa: N802
        self.disk.counts("write")
        super().xWrite(data, offset)
        if self.name:
            body = self.disk.files[self.name]
            if len(body) < offset:
                body.extend(bytes(offset - len(body)))
            body[offset : offset + len(data)] = data

    def xTruncate(self, newsize):  # noqa: N802
        super().xTruncate(newsize)
        if self.name:
            del self.disk.files[self.name][newsize:]

    def xSync(self, flags):  # noqa: N802
        self.disk.counts("sync")
        super().xSync(flags)
        if self.name:
            self.disk.on_sync()
            self.disk.durable[self.name] = bytes(self.disk.files[self.name])


class _Connection:
    def __init__(self, path, vfs):
        self.real = apsw.Connection(path, vfs=vfs)
        self.real.set_busy_timeout(1_000)
        self.real.execute("PRAGMA locking_mode=EXCLUSIVE")
        self.isolation_level = ""

    @property
    def in_transaction(self):
        return self.real.in_transaction

    def cursor(self):
        return _Cursor(self.real)

    def commit(self):
        if self.real.in_transaction:
            _called(self.real.execute, "COMMIT")

    def rollback(self):
        if self.real.in_transaction:
            _called(self.real.execute, "ROLLBACK")

    def close(self):
        _called(self.real.close)

    def create_function(self, name, n, function, **_):
        self.real.create_scalar_function(name, function, n)


class _Cursor:
    arraysize = 1

    def __init__(self, real):
        self.real = real
        self.description = None
        self.rows: list[tuple] = []
        self.rowcount, self.lastrowid = -1, None

    def execute(self, statement, parameters=()):
        changes = statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
        if changes and not self.real.in_transaction:
            _called(self.real.execute, "BEGIN")
        cursor = self.real.cursor()
        found = []

        def trace(traced, _statement, _bindings):
            found.append(traced.get_description())
            return True

        cursor.exec_trace = trace
        before = self.real.total_changes()
        self.rows = _called(lambda: list(cursor.execute(statement, tuple(parameters))))
        described = found[-1] if found else ()
        self.description = [(name, *[None] * 6) for name, _ in described] or None
        self.rowcount = self.real.total_changes() - before if changes else -1
        self.lastrowid = self.real.last_insert_rowid()
        return self

    def executemany(self, statement, many):
        n = 0
        for parameters in many:
            self.execute(statement, parameters)
            n += self.rowcount
        self.rowcount = n

    def fetchone(self):
        return self.rows.pop(0) if self.rows else None

    def fetchmany(self, size=1):
        taken, self.rows = self.rows[:size], self.rows[size:]
        return taken

    def fetchall(self):
        taken, self.rows = self.rows, []
        return taken

    def close(self):
        self.rows = []


def _called(function, *arguments):
    try:
        return function(*arguments)
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error


def connect(path, *, vfs, **_):
    """A connection as SQLAlchemy asks for one."""
    try:
        return _Connection(path, vfs)
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error


def faulty_engine(folder, disk):
    """The store's engine over a disk, and the file system that must be kept while it is open."""
    import sys

    folder.mkdir(parents=True, exist_ok=True)
    vfs = _Vfs(f"faulty{id(disk):x}", disk)
    engine = sa.create_engine(
        f"sqlite:///{folder / database.DATABASE_NAME}",
        module=sys.modules[__name__],
        connect_args={"vfs": f"faulty{id(disk):x}"},
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=5,
    )
    sa.event.listen(engine, "connect", database._configure)
    sa.event.listen(engine, "handle_error", database._explain)
    return engine, vfs
