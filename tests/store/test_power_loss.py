"""R2 and R3: power is lost at every sync, the disk is full or fails at every write and sync."""

from __future__ import annotations

import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.errors import DatabaseError
from onrecord.newsroom.audit import broken
from onrecord.newsroom.review import Review, ReviewContent, Signature, content_digest
from onrecord.store import jobs, newsroom
from onrecord.store.database import DATABASE_NAME, open_database, upgrade
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState

apsw = pytest.importorskip(
    "apsw", reason="apsw, the SQLite that a faulty disk is put under, is absent"
)
sys.path.insert(0, str(Path(__file__).parent))
from faulty_disk import Disk, faulty_engine  # noqa: E402 - a neighbour, not a package

NOW = "2026-03-14T08:20:00+00:00"
CONTENT = ReviewContent("The bridge opened in 1961", reasoning="x" * 3_000)
SIGNATURE = Signature("1", "Ada Quill", NOW, content_digest(CONTENT))


def script(engine, n, acknowledged, *, prefix="r"):
    """Drafts, signs and publishes reviews with jobs in between; `n` acts, each taken in when done."""
    random_ = random.Random(n)
    stored = {}
    for number in range(n):
        kind = random_.choice(["draft", "draft", "sign", "publish", "job"])
        drafts = [one for one in stored.values() if one.review.state is ReviewState.DRAFT]
        signed = [one for one in stored.values() if one.review.state is ReviewState.SIGNED]
        if kind == "job":
            name = jobs.add(engine, "paste", f"{prefix}{number}", account="1", now=NOW).id
        elif kind == "sign" and drafts:
            review = replace(drafts[0].review, state=ReviewState.SIGNED, signatures=(SIGNATURE,))
            act = Act("1", "sign", NOW)
            name, expected = review.id, drafts[0].digest
            stored[name] = newsroom.save(engine, review, expected=expected, act=act)
        elif kind == "publish" and signed:
            review = replace(signed[0].review, state=ReviewState.PUBLISHED, published=NOW)
            act = Act("2", "publish", NOW)
            name, expected = review.id, signed[0].digest
            stored[name] = newsroom.save(engine, review, expected=expected, act=act)
        else:
            kind, name = "draft", f"{prefix}{number}"
            act = Act("1", "draft", NOW)
            stored[name] = newsroom.save(engine, Review(name, CONTENT), expected=None, act=act)
        acknowledged.append((kind, name))


def check(folder, acknowledged, *, may_hold=None):
    """The folder's database is whole and holds what was acknowledged, all of each act or nothing."""
    engine = open_database(folder)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    entries = list(newsroom.audit_log(engine))
    assert broken(entries) == ()
    acts = [(entry.act, entry.target.removeprefix("review/")) for entry in entries]
    assert len(acts) == len(set(acts))
    for kind, name in acknowledged:
        if kind == "job":
            assert jobs.load(engine, name) is not None
        else:
            assert (kind, name) in acts
    for kind, name in acts:
        state = newsroom.load(engine, name).review
        assert kind != "sign" or state.signatures == (SIGNATURE,)
        assert kind != "publish" or state.state is ReviewState.PUBLISHED
    assert len(acts) <= sum(kind != "job" for kind, _ in acknowledged) + 1
    engine.dispose()


@pytest.mark.parametrize("n_acts", [40, pytest.param(200, marks=pytest.mark.soak)])
def test_r2_power_lost_at_any_sync_keeps_what_was_acknowledged(tmp_path, n_acts):
    disk, acknowledged, moments = Disk(), [], []
    last = []

    def on_sync():  # what would be on the disk until this sync, and what was said to be done by now
        state = dict(disk.durable)
        if last and last[-1] == state:
            moments[-1] = (state, len(acknowledged), moments[-1][2])
            return
        torn = {name: bytes(body) for name, body in disk.files.items()}
        last[:] = [state]
        moments.append((state, len(acknowledged), torn))

    open_database(tmp_path / "desk").dispose()
    engine, _vfs = faulty_engine(tmp_path / "desk", disk)
    disk.on_sync = on_sync
    script(engine, n_acts, acknowledged)
    on_sync()
    engine.dispose()
    assert len(acknowledged) == n_acts
    assert len(moments) > n_acts
    random_ = random.Random(2)
    for number, (durable, n_said, torn) in enumerate(moments):
        # Nothing of what was written since is there; then any part of it, cut anywhere.
        for name, files in (("lost", durable), ("torn", mixed(durable, torn, random_))):
            folder = tmp_path / "after"
            folder.mkdir()
            for path, body in files.items():
                if body:
                    (folder / Path(path).name).write_bytes(body)
            if name == "lost" or number % 4 == 0:
                check(folder, acknowledged[:n_said])
            shutil.rmtree(folder)


def mixed(durable, written, random_):
    """The files as synced, with some sectors of what was written since."""
    files = {}
    for name, body in written.items():
        old = durable.get(name, b"")
        made = bytearray(old.ljust(len(body), b"\x00")[: max(len(body), len(old))])
        for start in range(0, len(body), 512):
            part = body[start : start + 512]
            if part != made[start : start + len(part)] and random_.random() < 0.5:
                made[start : start + len(part)] = part
        files[name] = bytes(made)
    return files


@pytest.mark.parametrize("n_acts", [2, pytest.param(8, marks=pytest.mark.soak)])
@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(
    ("call", "error"), [("write", "FullError"), ("write", "IOError"), ("sync", "IOError")]
)
def test_r3_a_disk_that_fails_at_any_call_gives_a_clean_error(tmp_path, call, error, stays, n_acts):
    first = []
    engine = open_database(tmp_path / "first")
    script(engine, 6, first, prefix="a")
    engine.dispose()
    n = 0
    while True:
        n += 1
        folder = tmp_path / str(n)
        shutil.copytree(tmp_path / "first", folder)
        disk = Disk(call=call, fails_at=n, error=getattr(apsw, error), stays=stays)
        engine, _vfs = faulty_engine(folder, disk)
        acknowledged = list(first)
        failed = ""
        try:
            script(engine, n_acts, acknowledged, prefix="b")
        except DatabaseError as caught:
            failed = str(caught)
        assert not failed or "what was there before is unharmed" in failed
        if failed and not stays:  # the same desk goes on once there is room
            newsroom.save(
                engine, Review("later", CONTENT), expected=None, act=Act("1", "draft", NOW)
            )
            acknowledged.append(("draft", "later"))
        elif failed:  # what was there can be read while the disk is full
            drafted = next(name for kind, name in first if kind == "draft")
            assert newsroom.load(engine, drafted) is not None
        disk.fails_at = 0
        engine.dispose()
        check(folder, acknowledged)
        shutil.rmtree(folder)
        if not failed:
            break
    assert n > n_acts


def test_r3_an_upgrade_on_a_full_disk_leaves_the_older_tables(tmp_path):
    n = 0
    while True:
        n += 1
        folder = tmp_path / str(n)
        disk = Disk(call="write", fails_at=n, error=apsw.FullError, stays=True)
        engine, _vfs = faulty_engine(folder, disk)
        failed = False
        try:
            upgrade(engine)
        except DatabaseError:
            failed = True
        disk.fails_at = 0
        engine.dispose()
        if not failed or n % 10 == 1:
            open_database(folder).dispose()
            assert (folder / DATABASE_NAME).is_file()
        shutil.rmtree(folder)
        if not failed:
            break
        n += 9  # of 200 writes every tenth
    assert n > 20
