from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord import __version__
from onrecord.codec import encode
from onrecord.newsroom.edits import edit
from onrecord.read import read
from onrecord.record import Capture, Claim, FactCheck, Match, Record, Speaker, content_id
from onrecord.span import Span
from onrecord.store import captures, newsroom, records
from onrecord.store.projection import rebuild
from onrecord.store.records import Cursor, QueueFilter
from onrecord.store.tables import claims
from onrecord.store.writing import writing
from onrecord.terms import ClaimKind, EditAct, MatchRelation, SpeakerKind

NOW = "2026-03-14T08:20:00+00:00"
TEXT = b"Bridge\n\nThe bridge opened in 1961. It carries 14,000 cars. It is lovely.\n"


def record_of(text=TEXT, url="https://bell.example/a", worth=(0.9, 0.5)):
    page = read(Capture(url, NOW, "text/plain", text))
    made = []
    for words, score in zip(
        ("The bridge opened in 1961", "It carries 14,000 cars"), worth, strict=True
    ):
        start = page.text.index(words)
        span = Span(start, start + len(words))
        claim_id = content_id(page, "claims", span)
        made.append(Claim(claim_id, span, "a1", True, None, score, ClaimKind.EVENT, len(made) + 1))
    start = page.text.index("It is lovely")
    opinion = Claim("o", Span(start, start + 12), None, False, None, 0.0, ClaimKind.EVENT)
    speaker = Speaker("s", "Cora Lane", SpeakerKind.PERSON, attributions=("a1",))
    return Record(page, claims=(*made, opinion), speakers=(speaker,))


def keep(engine, folder, record, text=TEXT):
    capture = Capture(record.page.url, NOW, "text/plain", text)
    kept = captures.keep(engine, folder, capture=capture)
    json = encode(record).decode()
    captures.keep_record(engine, kept, json=json, now=NOW, version=__version__)


def test_a_record_is_found_by_the_digest_of_its_page(engine, tmp_path):
    record = record_of()
    keep(engine, tmp_path, record)
    assert records.load(engine, record.page.digest) == record
    assert records.load(engine, "0" * 64) is None
    [(_, listed)] = records.listed(engine)
    assert (listed.digest, listed.url) == (record.page.digest, "https://bell.example/a")
    assert list(records.every_record(engine)) == [record]


def test_the_queue_holds_what_can_be_checked_most_worthy_first(engine):
    record = record_of()
    assert records.project(engine, record, now=NOW) == 2
    found = records.queue(engine, QueueFilter())
    assert [claim.words for claim in found] == [
        "The bridge opened in 1961",
        "It carries 14,000 cars",
    ]
    assert {claim.speaker for claim in found} == {"Cora Lane"}


def test_pages_of_the_queue_follow_each_other_without_gap(engine):
    for n in range(20):
        text = TEXT + f"Line {n}.\n".encode()
        records.project(engine, record_of(text, worth=(0.5, 0.5)), now=NOW)
    seen, after = [], None
    while page := records.queue(engine, QueueFilter(), after=after, limit=7):
        seen += [claim.number for claim in page]
        after = Cursor(page[-1].checkworthiness, page[-1].number)
    assert len(seen) == len(set(seen)) == 40


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        (QueueFilter(words="bridge 1961"), 1),
        (QueueFilter(words="BRIDGE"), 1),
        (QueueFilter(words="100%"), 0),
        (QueueFilter(words="_"), 0),
        (QueueFilter(words="' OR 1=1 --"), 0),
        (QueueFilter(kind="quantity"), 0),
        (QueueFilter(state="checked"), 0),
        (QueueFilter(state=""), 2),
    ],
)
def test_the_queue_is_narrowed_by_literal_words(engine, asked, n):
    records.project(engine, record_of(), now=NOW)
    assert len(records.queue(engine, asked)) == n


def test_what_editors_decided_survives_a_new_run(engine):
    record = record_of()
    records.project(engine, record, now=NOW)
    first = record.claims[0].id
    assert records.assign(engine, first, "acc1")
    assert records.set_state(engine, record.claims[1].id, "left")
    records.project(engine, replace(record, claims=record.claims[:1]), now="later")
    claim = records.claim_of(engine, first)
    assert (claim.assigned, claim.state, claim.made) == ("acc1", "taken", NOW)
    assert records.claim_of(engine, record.claims[1].id) is None
    assert records.counts(engine) == {"new": 0, "taken": 1, "checked": 0, "left": 0}


def test_an_earlier_check_of_the_same_claim_is_named_in_the_queue(engine):
    record = record_of()
    check = FactCheck("f", "https://desk.example/1", "x", publisher="Example Desk")
    same = Match(record.claims[0].id, check, MatchRelation.SAME, 0.9, 1)
    related = Match(record.claims[1].id, check, MatchRelation.RELATED, 0.9, 1)
    records.project(engine, replace(record, matches=(same, related)), now=NOW)
    assert [c.matched for c in records.queue(engine, QueueFilter())] == ["Example Desk", ""]


def test_the_queue_is_made_anew_with_edits_and_what_editors_decided(engine, tmp_path):
    record = record_of()
    keep(engine, tmp_path, record)
    records.project(engine, record, now=NOW)
    first, second = (claim.id for claim in records.queue(engine, QueueFilter()))
    records.assign(engine, first, "1")
    who = {"account": "1", "by": "Ada Quill", "at": NOW}
    gone = edit(record, "claims", EditAct.REJECT, target=second, changes={}, **who)
    newsroom.keep_edit(engine, gone, url="", act=newsroom.Act("1", "reject", NOW))
    with writing(engine) as connection:  # rows that are wrong or lost
        connection.execute(claims.update().where(claims.c.id == first).values(words="other"))
    assert rebuild(engine, now=NOW) == 1
    [left] = records.queue(engine, QueueFilter(state=""))
    assert (left.id, left.words) == (first, "The bridge opened in 1961")
    assert (left.state, left.assigned) == ("taken", "1")
    with writing(engine) as connection:
        connection.execute(claims.delete())
    assert rebuild(engine, now=NOW) == 1
