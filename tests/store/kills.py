"""Four writers, a publisher and a sender of replies, killed at random moments; what they acknowledged is counted (R1).

A process of its own: it loads everything once and forks the writers, so that a kill costs half a
second and not five starts of Python. Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from onrecord.newsroom.audit import broken
from onrecord.newsroom.replies import Incoming
from onrecord.newsroom.review import Review, ReviewContent, Signature, content_digest
from onrecord.newsroom.spam_proof import new_proof
from onrecord.record import Capture
from onrecord.settings import ReplySettings
from onrecord.store import captures, newsroom, replies
from onrecord.store.database import open_database
from onrecord.store.newsroom import Act
from onrecord.store.replies import Filtering
from onrecord.terms import ReplyKind, ReviewState

NOW = "2026-03-14T08:20:00+00:00"
WHEN = datetime.fromisoformat(NOW)
KEY = b"k" * 32
N_WRITERS = 4
MAX_SECONDS = 0.25  # from the first acknowledged reply to the kill


def write(folder, address, pipe, seed):
    """Drafts and signs reviews, and keeps a page for each, until it is killed."""
    engine = open_database(folder, address)
    number = 0
    while True:
        number += 1
        name = f"{seed:x}-{number}"
        content = ReviewContent(f"The bridge {name} opened in 1961", reasoning="x" * 2_000)
        draft = Review(name, content, created=NOW)
        stored = newsroom.save(engine, draft, expected=None, act=Act("1", "draft", NOW))
        signed = replace(
            draft,
            state=ReviewState.SIGNED,
            signatures=(Signature("1", "Ada Quill", NOW, content_digest(content)),),
        )
        newsroom.save(engine, signed, expected=stored.digest, act=Act("1", "sign", NOW))
        os.write(pipe, f"signed {name}\n".encode())
        if number % 3 == 0:
            body = name.encode() * 500
            capture = Capture(f"https://bell.example/{name}", NOW, "text/html", body)
            captures.keep(engine, folder, capture=capture)
            os.write(pipe, f"kept {name}\n".encode())


def publish(folder, address, pipe):
    """Publishes what is signed until it is killed."""
    engine = open_database(folder, address)
    while True:
        for stored in newsroom.with_states(engine, [ReviewState.SIGNED], limit=5):
            done = replace(stored.review, state=ReviewState.PUBLISHED, published=NOW)
            newsroom.save(engine, done, expected=stored.digest, act=Act("2", "publish", NOW))
            os.write(pipe, f"published {done.id}\n".encode())
        time.sleep(0.001)


def reply(folder, address, pipe, seed):
    """Sends replies by four threads, so that several are kept by one transaction, until it is killed."""
    engine = open_database(folder, address)

    def send(part):
        number = 0
        while True:
            number += 1
            name = f"{seed:x}-{part}-{number}"
            words = f"On day {name} the ferry over the Harrow was late again."
            one = Incoming(
                "r0",
                ReplyKind.COMMENT,
                f"Reader {name}",
                words,
                proof=new_proof(KEY, "r0", now=WHEN - timedelta(minutes=2)),
                sender=f"10.{seed % 250}.{number % 250}.0/24",
            )
            filtering = Filtering(ReplySettings(per_hour=0))
            taken = replies.take(engine, KEY, one, now=WHEN, filtering=filtering)
            if taken.reply is not None:
                os.write(pipe, f"replied {taken.reply.id}\n".encode())

    threads = [threading.Thread(target=send, args=(part,), daemon=True) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def one_kill(folder, address, random_, acknowledged):
    """Starts all six, kills all at a random moment, and takes in what they acknowledged."""
    reading, writing = os.pipe()
    children = []
    for number in range(N_WRITERS + 2):
        seed = random_.getrandbits(48)
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                if number < N_WRITERS:
                    write(folder, address, writing, seed)
                elif number == N_WRITERS:
                    publish(folder, address, writing)
                else:
                    reply(folder, address, writing, seed)
            finally:
                os._exit(1)
        children.append(child)
    os.close(writing)
    said = b""
    # All are at work once the one that is slowest to begin has acknowledged something.
    while b"replied" not in said and select.select([reading], [], [], 60)[0]:
        said += os.read(reading, 65_536)
    until = time.monotonic() + random_.random() * MAX_SECONDS
    while (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 65_536)
            if not part:
                break
            said += part
    for child in children:
        os.kill(child, signal.SIGKILL)
    n_killed = 0
    for child in children:
        _, status = os.waitpid(child, 0)
        n_killed += os.WIFSIGNALED(status)
    while part := os.read(reading, 65_536):
        said += part
    os.close(reading)
    acknowledged += said.decode().split("\n")[:-1]
    return n_killed == N_WRITERS + 2


def found(folder, address, acknowledged):
    """What is wrong with what is stored, in words."""
    engine = open_database(folder, address)
    faults = []
    with engine.connect() as connection:
        if not address:
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if whole != "ok":
                faults.append(f"integrity_check says {whole}")
        n_pages = connection.exec_driver_sql("SELECT count(*) FROM captures").scalar()
        whole_replies = connection.exec_driver_sql(
            "SELECT r.id FROM replies r JOIN reply_contacts c ON c.reply = r.id"
        )
        kept_replies = {row[0] for row in whole_replies}
        n_rows = connection.exec_driver_sql("SELECT count(*) FROM replies").scalar()
        n_tokens = connection.exec_driver_sql("SELECT count(*) FROM reply_tokens").scalar()
    if not len(kept_replies) == n_rows == n_tokens:
        faults.append(f"{n_rows} replies, {len(kept_replies)} contacts, {n_tokens} form tokens")
    entries = list(newsroom.audit_log(engine))
    faults += [f"audit entry {one.number}: {one.found}" for one in broken(entries)]
    acts = {}
    for entry in entries:
        acts[entry.act, entry.target] = acts.get((entry.act, entry.target), 0) + 1
    for line in acknowledged:
        what, name = line.split()
        if what == "replied":
            if name not in kept_replies:
                faults.append(f"reply {name} is lost")
            continue
        if what == "kept":
            kept = captures.earlier(engine, f"https://bell.example/{name}")
            if len(kept) != 1 or captures.load(folder, kept[0]).body != name.encode() * 500:
                faults.append(f"page {name} is there {len(kept)} times")
            continue
        stored = newsroom.load(engine, name)
        wanted = {"signed": "sign", "published": "publish"}[what]
        if acts.get((wanted, f"review/{name}")) != 1:
            faults.append(f"{line}: logged {acts.get((wanted, f'review/{name}'))} times")
        if stored is None or len(stored.review.signatures) != 1:
            faults.append(f"{line}: lost")
        elif what == "published" and stored.review.state is not ReviewState.PUBLISHED:
            faults.append(f"{line}: {stored.review.state}")
    # Nothing half written: a signature in the log is a signature in the review.
    for (act, target), n in acts.items():
        stored = newsroom.load(engine, target.removeprefix("review/"))
        if stored is None or n != 1 or (act == "sign" and not stored.review.signatures):
            faults.append(f"{target}: logged as {act}, not so stored")
    engine.dispose()
    return faults, len(entries), n_pages


def main():
    """Kills as often as asked."""
    folder, address, n_kills, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    random_ = random.Random(seed)
    engine = open_database(folder, address)
    check = Review("r0", ReviewContent("The ferry is late"), ReviewState.PUBLISHED, published=NOW)
    newsroom.save(engine, check, expected=None, act=Act("1", "begin", NOW))
    engine.dispose()
    acknowledged, faults, n_killed = [], [], 0
    for _ in range(n_kills):
        n_killed += one_kill(folder, address, random_, acknowledged)
    faults, n_entries, n_pages = found(folder, address, acknowledged)
    said = {
        "kills": n_killed,
        "signed": sum(line.startswith("signed") for line in acknowledged),
        "published": sum(line.startswith("published") for line in acknowledged),
        "replies": sum(line.startswith("replied") for line in acknowledged),
        "pages": n_pages,
        "entries": n_entries,
        "faults": faults[:20],
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
