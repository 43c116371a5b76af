"""The database opens on both, upgrades from every revision, and a kill leaves it whole (R4)."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.config import Config
from alembic.script import ScriptDirectory

from onrecord.errors import DatabaseError, SettingsError, StoreError
from onrecord.record import FactCheck
from onrecord.store import database, library
from onrecord.store.database import open_database, upgrade
from onrecord.store.tables import metadata

OPENED = (
    "import sys, pathlib; from onrecord.store.database import open_database as o;"
    " o(pathlib.Path(sys.argv[1]), sys.argv[2]).dispose()"
)
NOW = "2026-03-14T08:20:00+00:00"
# A row of each table that a revision made, as it was then.
ROWS = {
    "0001": {
        "captures": {
            "digest": "d" * 64,
            "url": "https://bell.example/a",
            "retrieved": NOW,
            "media_type": "text/html",
            "n_bytes": 4,
            "archive": "2026-03.warc.gz",
            "offset": 0,
        },
        "records": {"capture": 1, "made": NOW, "version": "0.1", "json": "{}"},
        "fact_checks": {
            "id": "f" * 16,
            "url": "https://desk.example/1",
            "claim": "The bridge opened in 1961",
            "claimant": "",
            "rating": "True",
            "rating_conflict": False,
            "claim_date": "",
            "review_date": "2026-03-14",
            "title": "",
            "publisher": "Example Desk",
            "language": "en",
            "source": "test",
            "changed": NOW,
        },
        "feeds": {"url": "https://f.example", "etag": "", "last_modified": "", "fetched": NOW},
    },
    "0002": {},
    "0003": {
        "documents": {
            "id": "e" * 16,
            "url": "https://county.example/r",
            "title": "Register",
            "date": "1961",
            "publisher": "County",
            "licence": "",
            "text": "The bridge opened in 1961.",
            "digest": "e" * 64,
            "source": "r.txt",
            "added": NOW,
        },
        "answers": {
            "source": "wiki",
            "query": "bridge",
            "url": "https://w.example",
            "retrieved": NOW,
            "media_type": "application/json",
            "digest": "a" * 64,
            "body": b"{}",
        },
    },
    "0004": {
        "kept_values": {"name": "weights", "value": b"\x00\x01", "changed": NOW},
        "reviews": {
            "id": "r1",
            "state": "published",
            "json": "{}",
            "digest": "",
            "record": "",
            "claim": "",
            "assigned": "",
            "created": NOW,
            "changed": NOW,
            "published": NOW,
        },
    },
}


def revisions():
    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    return [script.revision for script in scripts.walk_revisions()][::-1]


REVISIONS = revisions()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request):
    """The setting `database` of a database without tables."""
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("new_postgresql")()


def bare_engine(folder, address):
    folder.mkdir(exist_ok=True)
    return database._postgresql(address) if address else database._sqlite(folder)


def made_at(folder, address, revision):
    """A database as the version with this revision left it, with a row in every table."""
    engine = bare_engine(folder, address)
    upgrade(engine, to=revision)
    with engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        for rows in (ROWS[name] for name in REVISIONS if name <= revision and name in ROWS):
            for table, values in rows.items():
                connection.execute(tables.tables[table].insert().values(values))
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_each_earlier_revision_is_brought_up_with_its_rows(tmp_path, empty, revision):
    made_at(tmp_path / "desk", empty, revision)
    engine = open_database(tmp_path / "desk", empty)
    tables = sa.MetaData()
    tables.reflect(engine)
    assert set(metadata.tables) <= set(tables.tables)
    with engine.connect() as connection:
        for rows in (ROWS[name] for name in REVISIONS if name <= revision and name in ROWS):
            for table, values in rows.items():
                query = sa.select(*(tables.tables[table].c[name] for name in values))
                assert connection.execute(query).one()._asdict() == values
    assert [row.id for row in library.every(engine)] == ["f" * 16]
    engine.dispose()


def steps():
    """The calls of a migration, the first to the last, that a kill may come before."""
    return ("create_table", "create_index", "add_column")


@pytest.mark.parametrize("revision", ["", *REVISIONS[:-1]])
@pytest.mark.parametrize("n_done", [0, 1, 4])
def test_a_kill_in_the_middle_of_an_upgrade_leaves_what_was_there(
    tmp_path, empty, monkeypatch, revision, n_done
):
    folder = tmp_path / "desk"
    if revision:
        made_at(folder, empty, revision)
    engine = bare_engine(folder, empty)
    before = set(sa.inspect(engine).get_table_names())
    done = []

    def killed(real):
        def call(name, *arguments, **options):
            if len(done) == n_done:
                raise KeyboardInterrupt
            done.append(name)
            return real(name, *arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in steps():
            patched.setattr(op, name, killed(getattr(op, name)))
        try:
            upgrade(engine)
            was_killed = False
        except KeyboardInterrupt:
            was_killed = True
    if was_killed:
        assert set(sa.inspect(engine).get_table_names()) == before
    engine.dispose()
    opened = open_database(folder, empty)
    assert set(metadata.tables) <= set(sa.inspect(opened).get_table_names())
    opened.dispose()


def test_two_first_openings_at_once_both_succeed(tmp_path, empty):
    command = [sys.executable, "-c", OPENED, str(tmp_path / "desk"), empty]
    opening = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for one in opening:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said.decode()


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("mysql://a:secret@host/b", SettingsError, "begins with 'mysql'"),
        ("no address; secret", SettingsError, "no address of a database"),
        ("postgresql://a:secret@127.0.0.1:1/b", StoreError, "expected a running PostgreSQL"),
    ],
)
def test_an_address_that_cannot_be_opened_is_said_without_its_password(
    tmp_path, address, error, said
):
    with pytest.raises(error, match=said) as caught:
        open_database(tmp_path, address)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_told_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'onrecord\[postgresql\]'"):
        open_database(tmp_path, "postgresql://a@127.0.0.1:1/b")


def test_text_that_no_database_keeps_comes_back_with_marks_and_is_found_again(engine):
    odd = FactCheck(id="f" * 16, url="https://d.example", claim="a\x00b\ud800c", rating="x" * 5_000)
    odd = FactCheck(**{**{f: getattr(odd, f) for f in odd.__slots__}, "language": "e" * 200})
    for n_new in (1, 0):  # the same feed read twice changes nothing
        [(added, _)] = library.add(engine, [odd], source="nul\x00", now=NOW)
        assert (added.new, added.changed) == (n_new, 0)
    [row] = library.every(engine)
    assert row.claim == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert library.feed_state(engine, "\x00\ud800").etag == ""


def test_a_server_that_is_gone_is_told_in_our_words(tmp_path, new_postgresql):
    import psycopg

    address = new_postgresql()
    engine = open_database(tmp_path, address)
    name = sa.make_url(address).database
    with engine.connect() as connection:
        admin = psycopg.connect(address.replace(name, "postgres"), autocommit=True)
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        admin.close()
        with pytest.raises(DatabaseError, match="cannot be used now"):
            connection.execute(sa.text("SELECT 1"))
    with engine.connect() as connection:  # and the next one is a new connection
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    engine.dispose()
