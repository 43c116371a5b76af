"""A desk full of invented rows, for measuring how fast its pages are.

SYNTHETIC: every page is the record of `examples/bridge.html` under another digest, every claim,
check and reply a row of numbered sentences. Nothing of it says anything about quality.

    python -m bench.desk_load FOLDER [--database postgresql://...] [--records 20000]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.rows import DataError
from onrecord.codec import decode, encode
from onrecord.newsroom.review import CitedSource, Review, ReviewContent, Signature, content_digest
from onrecord.record import Problem
from onrecord.settings import Settings
from onrecord.store import accounts, newsroom, tables
from onrecord.store.database import open_database
from onrecord.store.newsroom import Act
from onrecord.store.writing import writing
from onrecord.terms import ClaimKind, ReviewState, Role

BATCH = 500
CLAIMS_A_RECORD = 10
RECORDS_A_CHECK = 10  # one page in ten was checked and published
WORDS = [
    "bridge",
    "river",
    "council",
    "cost",
    "opened",
    "tonnes",
    "cars",
    "year",
    "survey",
    "mayor",
    "report",
    "water",
    "rate",
    "school",
    "bus",
    "line",
    "budget",
    "vote",
    "tax",
    "park",
    "roof",
    "station",
    "hospital",
    "budget",
    "road",
    "noise",
    "harbour",
    "ferry",
    "price",
]
SITES = [f"paper{n}.example" for n in range(40)]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made: the cookie of an editor, digests of records, ids of published checks."""

    cookie: str
    records: tuple[str, ...]
    checks: tuple[str, ...]


def load(
    folder: Path, *, database: str = "", records: int = 20_000, replies: int = 50_000
) -> Loaded:
    """Fills an empty desk and gives what a measurement asks for."""
    engine = open_database(folder, database)
    random_ = random.Random(7)
    now = datetime.now(UTC)
    person = accounts.add(
        engine,
        sign_in="editor",
        name="Ada Quill",
        role=Role.ADMIN,
        password="none",  # noqa: S106 - nobody signs in with it
        act=Act("", "add account", _time(now)),
    )
    digests = [hashlib.sha256(f"record {n}".encode()).hexdigest() for n in range(records)]
    template = _template()
    _fill(engine, tables.captures, _captures(digests, now))
    _fill(engine, tables.records, _records(template, digests, now))
    _fill(engine, tables.claims, _claims(digests, random_, now))
    checks = [f"{n:016x}" for n in range(records // RECORDS_A_CHECK)]
    _checks(engine, checks, now)
    _fill(engine, tables.replies, _replies(checks, replies, random_, now))
    _fill(engine, tables.reply_contacts, _contacts(replies, now))
    cookie = accounts.open_session(engine, person.id, now=now, hours=12)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return Loaded(cookie, tuple(digests), tuple(checks))


def _template() -> tuple[str, str, tuple[str, ...]]:
    """The JSON of the example page's record, the page's digest and the ids of its claims."""
    from onrecord.compose import open_desk

    desk = open_desk(Settings(folder="/nonexistent/onrecord-bench"))
    capture = next(iter(desk.captures("examples/bridge.html")))
    if isinstance(capture, Problem):
        raise DataError(capture.message)
    record = desk.check(capture)
    text = encode(record).decode()
    decode(text.encode())
    return text, record.page.digest, tuple(claim.id for claim in record.claims or ())


def _fill(engine: sa.Engine, table: sa.Table, rows: Iterator[dict[str, object]]) -> None:
    batch: list[dict[str, object]] = []
    with writing(engine) as connection:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                connection.execute(table.insert(), batch)
                batch = []
        if batch:
            connection.execute(table.insert(), batch)


def _captures(digests: list[str], now: datetime) -> Iterator[dict[str, object]]:
    for n, digest in enumerate(digests):
        yield {
            "digest": digest,
            "url": f"https://{SITES[n % len(SITES)]}/news/{n}",
            "retrieved": _time(now - timedelta(minutes=n)),
            "media_type": "text/html",
            "n_bytes": 10_000,
            "archive": "none.warc.gz",
            "offset": 0,
        }


def _records(
    template: tuple[str, str, tuple[str, ...]], digests: list[str], now: datetime
) -> Iterator[dict[str, object]]:
    text, digest, claim_ids = template
    for n, own in enumerate(digests):
        made = text.replace(digest, own)
        for i, claim_id in enumerate(claim_ids):
            made = made.replace(claim_id, _claim_id(n, i))
        at = _time(now - timedelta(minutes=n))
        yield {"capture": n + 1, "made": at, "version": "0.1", "json": made}


def _claims(
    digests: list[str], random_: random.Random, now: datetime
) -> Iterator[dict[str, object]]:
    kinds = [kind.value for kind in ClaimKind]
    for n, digest in enumerate(digests):
        for i in range(CLAIMS_A_RECORD):
            yield {
                "id": _claim_id(n, i),
                "record": digest,
                "url": f"https://{SITES[n % len(SITES)]}/news/{n}",
                "title": f"Page {n}",
                "site": SITES[n % len(SITES)],
                "words": _sentence(random_, n),
                "speaker": "",
                "kind": random_.choice(kinds),
                "checkworthiness": round(random_.random(), 4),
                "rank": i + 1,
                "matched": "Example Desk" if random_.random() < 0.05 else "",
                "state": random_.choices(["new", "taken", "checked", "left"], [80, 5, 10, 5])[0],
                "assigned": "",
                "review": "",
                "made": _time(now - timedelta(minutes=n)),
            }


def _checks(engine: sa.Engine, checks: list[str], now: datetime) -> None:
    """Published checks through the store, each with its entry of the audit log."""
    for number, name in enumerate(checks):
        at = _time(now - timedelta(hours=number))
        content = ReviewContent(
            claim=f"The bridge cost {number} million",
            claimant="Cora Lane",
            title=f"What bridge {number} cost",
            summary="The register says otherwise. " * 5,
            reasoning="The county keeps a register of what each bridge cost.\n\n" * 20,
            rating="False",
            sources=tuple(
                CitedSource(
                    f"Register {i}", f"https://county.example/{number}/{i}", is_primary=i == 0
                )
                for i in range(4)
            ),
        )
        signature = Signature("1", "Ada Quill", at, content_digest(content))
        review = Review(
            name,
            content,
            ReviewState.PUBLISHED,
            (signature,),
            created=at,
            changed=at,
            published=at,
            version=1,
        )
        newsroom.save(engine, review, expected=None, act=Act("1", "publish", at))


def _replies(
    checks: list[str], n_replies: int, random_: random.Random, now: datetime
) -> Iterator[dict[str, object]]:
    for n in range(n_replies):
        at = _time(now - timedelta(minutes=10 * n))
        yield {
            "id": f"{n:016x}",
            "review": random_.choice(checks),
            "parent": "",
            "kind": "comment",
            "state": random_.choices(["shown", "held", "quarantined"], [70, 10, 20])[0],
            "name": f"Reader {n}",
            "text": " ".join(_sentence(random_, n) for _ in range(3)),
            "at": at,
            "score": 0.1,
            "reasons": '{"reasons": [], "before": ""}',
            "shape": f"{random_.getrandbits(64):016x}.l{random_.getrandbits(64):016x}",
            "decided_by": "",
            "decided": at,
        }


def _contacts(n_replies: int, now: datetime) -> Iterator[dict[str, object]]:
    for n in range(n_replies):
        yield {
            "reply": f"{n:016x}",
            "email": "",
            "email_key": f"{n % 9_000:064x}",
            "address": f"10.{n % 250}.{n % 200}.0/24",
            "at": _time(now - timedelta(minutes=10 * n)),
        }


def _sentence(random_: random.Random, n: int) -> str:
    return f"The {' '.join(random_.choices(WORDS, k=14))} of {n}."


def _claim_id(n: int, i: int) -> str:
    return f"{n:012x}{i:04x}"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def main() -> None:
    """Fills a desk and prints how much is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--replies", type=int, default=50_000)
    given = parser.parse_args()
    made = load(given.folder, database=given.database, records=given.records, replies=given.replies)
    (given.folder / "loaded.json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    print(f"{len(made.records)} records, {len(made.checks)} checks, {given.replies} replies")


if __name__ == "__main__":
    main()
