"""A desk comes back from its backup as it was, on either database, and nothing erased with it."""

from __future__ import annotations

import io
import json
import tarfile
import threading

import pytest
import sqlalchemy as sa
import zstandard

from onrecord.errors import StoreError
from onrecord.newsroom.audit import broken
from onrecord.newsroom.review import Review, ReviewContent
from onrecord.record import Capture, FactCheck
from onrecord.store import accounts, captures, database, library, newsroom
from onrecord.store.backup import back_up, restore
from onrecord.store.database import DATABASE_NAME, open_database
from onrecord.store.newsroom import Act
from onrecord.store.tables import kept_values, replies, reply_contacts
from onrecord.terms import ReviewState, Role

NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "test", NOW)
CONTENT = ReviewContent("The bridge opened in 1961", reasoning='a\u2028b\\ "c" \n d')


def furnish(engine, folder):
    """A desk with a bit of everything."""
    person = accounts.add(
        engine, sign_in="ada", name="Ada Quill", role=Role.ADMIN, password="x", act=ACT
    )
    newsroom.save(engine, Review("r1", CONTENT, ReviewState.PUBLISHED), expected=None, act=ACT)
    for n in range(3):
        page = Capture(f"https://bell.example/{n}", NOW, "text/html", b"page %d" % n * 100)
        captures.keep(engine, folder, capture=page)
    list(library.add(engine, [FactCheck("f" * 16, "https://d.example", "c")], source="t", now=NOW))
    with engine.begin() as connection:
        value = {"name": "weights", "value": bytes(range(256)), "changed": NOW}
        connection.execute(kept_values.insert().values(value))
        connection.execute(kept_values.insert().values(value | {"name": "none", "value": b""}))
    (folder / "desk.key").write_bytes(b"k" * 32)
    (folder / "uploads").mkdir()
    (folder / "uploads" / "a.html").write_bytes(b"<p>x")
    (folder / "library").mkdir()
    (folder / "library" / "index").write_bytes(b"made again")
    return person


def rows(engine):
    """Every row of every table that a backup holds."""
    from onrecord.store.dump import table_names
    from onrecord.store.tables import metadata

    with engine.connect() as connection:
        return {
            name: connection.execute(
                sa.select(metadata.tables[name]).order_by(*metadata.tables[name].primary_key)
            ).all()
            for name in table_names()
        }


@pytest.fixture
def desk(engine, tmp_path):
    furnish(engine, tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request):
    """The setting `database` of the desk that is made from the backup."""
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("new_postgresql")()


def test_a_desk_comes_back_as_it_was_on_either_database(engine, desk, tmp_path, other):
    file = tmp_path / "backup.tar.zst"
    held = back_up(engine, desk, file, now=NOW)
    assert file.stat().st_mode & 0o077 == 0
    assert held.n_files == 3  # the archive of pages, the key, the upload
    assert restore(file, tmp_path / "new", database=other, now=NOW) == (held, "")
    made = open_database(tmp_path / "new", other)
    assert rows(made) == rows(engine)
    assert newsroom.load(made, "r1").review.content == CONTENT
    assert not (tmp_path / "new" / "library").exists()
    assert (tmp_path / "new" / "desk.key").read_bytes() == b"k" * 32
    [kept] = captures.earlier(made, "https://bell.example/2")
    assert captures.load(tmp_path / "new", kept).body == b"page 2" * 100
    # Row numbers and the log go on where they ended.
    captures.keep(
        made, tmp_path / "new", capture=Capture("https://bell.example/9", NOW, "text/html", b"9")
    )
    newsroom.log(made, ACT, target="desk")
    assert broken(newsroom.audit_log(made)) == ()
    made.dispose()


def test_what_is_written_meanwhile_is_whole_or_not_there(engine, desk, tmp_path, address):
    stop = threading.Event()

    def write():
        own = open_database(desk, address)
        number = 0
        while not stop.is_set():
            number += 1
            newsroom.save(own, Review(f"w{number}", CONTENT), expected=None, act=ACT)
        own.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            back_up(engine, desk, tmp_path / f"{n}.tar.zst", now=NOW)
    finally:
        stop.set()
        writer.join()
    restore(tmp_path / "2.tar.zst", tmp_path / "new", now=NOW)
    made = open_database(tmp_path / "new")
    entries = list(newsroom.audit_log(made))
    assert broken(entries) == ()
    reviews = {s.review.id for s in newsroom.with_states(made, list(ReviewState), limit=100_000)}
    assert {entry.target for entry in entries if "review" in entry.target} == {
        f"review/{name}" for name in reviews
    }
    made.dispose()


def test_an_erased_reply_is_not_in_a_later_backup(engine, desk, tmp_path):
    from onrecord.store import replies as desk_replies

    row = {c.name: "" for c in replies.columns} | {"id": "p1", "review": "r1", "score": 0.0}
    row |= {"kind": "comment", "state": "shown", "name": "Gnarlwick", "at": NOW}
    row |= {"text": "Gnarlwick was there", "reasons": '{"reasons": [], "before": ""}'}
    contact = {"reply": "p1", "email": "Gnarlwick", "email_key": "g", "address": "", "at": NOW}
    with engine.begin() as connection:
        connection.execute(replies.insert().values(row))
        connection.execute(reply_contacts.insert().values(contact))
    before = tmp_path / "before.tar.zst"
    back_up(engine, desk, before, now=NOW)
    assert b"Gnarlwick" in unpacked(before)
    desk_replies.erase(engine, reply="p1", act=ACT)
    after = tmp_path / "after.tar.zst"
    back_up(engine, desk, after, now=NOW)
    assert b"Gnarlwick" not in unpacked(after)


def test_sign_ins_and_links_do_not_come_to_life_again(engine, desk, tmp_path):
    from datetime import datetime

    now = datetime.fromisoformat(NOW)
    person = accounts.every(engine)[0][0]
    cookie = accounts.open_session(engine, person.id, now=now, hours=1)
    link = accounts.new_link(engine, "password", person.id, now=now)
    back_up(engine, desk, tmp_path / "b.tar.zst", now=NOW, with_key=False)
    restore(tmp_path / "b.tar.zst", tmp_path / "new", now=NOW)
    made = open_database(tmp_path / "new")
    assert accounts.session(made, cookie, now=now) is None
    assert accounts.use_link(made, link, "password", now=now) is None
    assert accounts.by_sign_in(made, "ada") is not None
    assert not (tmp_path / "new" / "desk.key").exists()
    made.dispose()


def test_a_desk_that_is_there_is_replaced_by_force_alone_and_kept_aside(
    engine, desk, tmp_path, address
):
    file = tmp_path / "b.tar.zst"
    back_up(engine, desk, file, now=NOW)
    newsroom.save(engine, Review("later", CONTENT), expected=None, act=ACT)
    with pytest.raises(StoreError, match="--force"):
        restore(file, desk, database=address, now=NOW)
    if address:
        with pytest.raises(StoreError, match="database is not empty"):
            restore(file, tmp_path / "new", database=address, now=NOW)
    engine.dispose()
    _, aside = restore(file, desk, database=address, force=True, now=NOW)
    made = open_database(desk, address)
    assert newsroom.load(made, "later") is None
    assert newsroom.load(made, "r1") is not None
    made.dispose()
    if not address:
        old = open_database(tmp_path / aside.rsplit("/", 1)[1])
        assert newsroom.load(old, "later") is not None
        old.dispose()


def unpacked(file):
    return zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes())


def packed(members):
    """An archive of these members as a backup would be packed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, body in members.items():
            entry = tarfile.TarInfo(name)
            if isinstance(body, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, body
                archive.addfile(entry)
            else:
                entry.size = len(body)
                archive.addfile(entry, io.BytesIO(body))
    return zstandard.ZstdCompressor().compress(out.getvalue())


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda body: b"", "is no backup"),
        (lambda body: b"not packed at all", "is no backup"),
        (lambda body: body[: len(body) // 2], "is no backup"),
        (lambda body: body[:-40], "no backup"),
        (lambda body: packed({"other": b""}), "no file of ours"),
        (lambda body: packed({"files/../../x": b""}), "no file of ours"),
        (lambda body: packed({"/etc/x": b""}), "no file of ours"),
        (lambda body: packed({"files/x": "/etc/passwd"}), "no file of ours"),
        (lambda body: packed({"files/x": b"1", "files/./x": b"2"}), "is no backup"),
        (lambda body: packed({"manifest.json": b"[1"}), "is no backup"),
        (lambda body: packed({"manifest.json": b"{}"}), "is no backup"),
        (
            lambda body: packed({"manifest.json": b'{"format": "onrecord backup"}'}),
            "has the form None",
        ),
    ],
)
def test_a_file_that_is_no_whole_backup_changes_nothing(tmp_path, made, said):
    engine = open_database(tmp_path / "desk")
    furnish(engine, tmp_path / "desk")
    good = tmp_path / "good.tar.zst"
    back_up(engine, tmp_path / "desk", good, now=NOW)
    engine.dispose()
    bad = tmp_path / "bad.tar.zst"
    bad.write_bytes(made(good.read_bytes()))
    with pytest.raises(StoreError, match=said):
        restore(bad, tmp_path / "new" / "desk", now=NOW)
    assert list((tmp_path / "new").iterdir()) == []


def test_an_altered_member_is_named(tmp_path):
    engine = open_database(tmp_path / "desk")
    furnish(engine, tmp_path / "desk")
    good = tmp_path / "good.tar.zst"
    back_up(engine, tmp_path / "desk", good, now=NOW)
    engine.dispose()
    members = {}
    with tarfile.open(fileobj=io.BytesIO(unpacked(good))) as archive:
        for entry in archive:
            members[entry.name] = archive.extractfile(entry).read()
    members["tables/reviews.jsonl"] = members["tables/reviews.jsonl"].replace(b"1961", b"1962")
    bad = tmp_path / "bad.tar.zst"
    bad.write_bytes(packed(members))
    with pytest.raises(StoreError, match=r"tables/reviews.jsonl.*not what was saved"):
        restore(bad, tmp_path / "new", now=NOW)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_an_earlier_revision_is_brought_up(tmp_path):
    engine = open_database(tmp_path / "desk")
    furnish(engine, tmp_path / "desk")
    file = tmp_path / "b.tar.zst"
    back_up(engine, tmp_path / "desk", file, now=NOW)
    members = {}
    with tarfile.open(fileobj=io.BytesIO(unpacked(file))) as archive:
        for entry in archive:
            members[entry.name] = archive.extractfile(entry).read()
    plain = json.loads(members.pop("manifest.json"))
    plain["revision"] = "0004"
    older = database._sqlite(tmp_path)
    database.upgrade(older, to="0004")
    then = set(sa.inspect(older).get_table_names())
    older.dispose()
    for name in plain["rows"].keys() - then:
        del plain["rows"][name]
        del plain["members"][f"tables/{name}.jsonl"]
        del members[f"tables/{name}.jsonl"]
    old = tmp_path / "old.tar.zst"
    old.write_bytes(packed(members | {"manifest.json": json.dumps(plain).encode()}))
    restore(old, tmp_path / "new", now=NOW)
    made = open_database(tmp_path / "new")
    assert rows(made) == rows(engine)
    made.dispose()
    plain["revision"] = "9999"
    old.write_bytes(packed(members | {"manifest.json": json.dumps(plain).encode()}))
    with pytest.raises(StoreError, match="9999"):
        restore(old, tmp_path / "other", now=NOW)
    engine.dispose()


def test_a_backup_never_replaces_a_file_and_a_broken_one_leaves_none(tmp_path, monkeypatch):
    engine = open_database(tmp_path / "desk")
    furnish(engine, tmp_path / "desk")
    file = tmp_path / "b.tar.zst"
    file.write_bytes(b"older")
    with pytest.raises(StoreError, match="is there already"):
        back_up(engine, tmp_path / "desk", file, now=NOW)
    with pytest.raises(StoreError, match="cannot write"):
        back_up(engine, tmp_path / "desk", tmp_path / "no" / "b.tar.zst", now=NOW)
    engine.dispose()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.zst", "desk"]


def test_the_database_files_themselves_are_not_in_it(tmp_path):
    engine = open_database(tmp_path / "desk")
    furnish(engine, tmp_path / "desk")
    held = back_up(engine, tmp_path / "desk", tmp_path / "b.tar.zst", now=NOW)
    assert not any(DATABASE_NAME in name for name in held.members)
    engine.dispose()
