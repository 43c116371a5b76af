"""Reviews and the audit log come back as they went in, and two writers never overwrite."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from onrecord.errors import StaleError
from onrecord.newsroom.audit import broken
from onrecord.newsroom.corrections import Correction, PendingCorrection, TextChange
from onrecord.newsroom.edits import edit, edited_record
from onrecord.newsroom.review import (
    CitedSource,
    Contact,
    Review,
    ReviewContent,
    Signature,
    Waiver,
    content_digest,
)
from onrecord.read import read
from onrecord.record import Capture, Claim, Record
from onrecord.span import Span
from onrecord.store import newsroom
from onrecord.store.database import open_database
from onrecord.store.newsroom import Act
from onrecord.terms import ClaimKind, CorrectionKind, EditAct, ReviewState

NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "edit", NOW)
CONTENT = ReviewContent(
    "The bridge opened in 1961",
    sources=(CitedSource("Register", "https://county.example/r", is_primary=True),),
    contacts=(Contact("Tomas Brill", "telephone", NOW, "Why?", is_claimant=True),),
)
REVIEW = Review(
    "r1",
    CONTENT,
    ReviewState.PUBLISHED,
    (Signature("1", "Ada Quill", NOW, content_digest(CONTENT)),),
    (Waiver("P8", "he died", "1", NOW),),
    created=NOW,
    published=NOW,
    version=1,
)


def test_a_review_comes_back_as_it_went_in(engine):
    stored = newsroom.save(engine, REVIEW, expected=None, act=ACT)
    assert newsroom.load(engine, "r1") == stored
    assert stored.review == REVIEW
    assert newsroom.load(engine, "r2") is None


def test_the_second_of_two_editors_is_refused_not_merged(engine):
    first = newsroom.save(engine, REVIEW, expected=None, act=ACT)
    newsroom.save(engine, replace(REVIEW, side="a"), expected=first.digest, act=ACT)
    with pytest.raises(StaleError):
        newsroom.save(engine, replace(REVIEW, side="b"), expected=first.digest, act=ACT)
    with pytest.raises(StaleError):
        newsroom.save(engine, REVIEW, expected=None, act=ACT)
    assert newsroom.load(engine, "r1").review.side == "a"


def test_a_refused_write_leaves_no_entry_in_the_audit_log(engine):
    newsroom.save(engine, REVIEW, expected=None, act=ACT)
    with pytest.raises(StaleError):
        newsroom.save(engine, REVIEW, expected="other", act=ACT)
    assert [entry.number for entry in newsroom.audit_log(engine)] == [1]


def test_corrections_come_back_in_order_and_a_number_is_used_once(engine):
    stored = newsroom.save(engine, REVIEW, expected=None, act=ACT)
    change = (TextChange("claim", "1961", "1962"),)
    one = Correction(1, CorrectionKind.CORRECTION, NOW, "wrong year", ("Ada",), change, "a", "b")
    after = newsroom.new_correction(
        engine, replace(REVIEW, version=2), one, expected=stored.digest, act=ACT
    )
    assert newsroom.corrections_of(engine, "r1") == (one,)
    assert newsroom.recent_corrections(engine) == (("r1", one),)
    with pytest.raises(StaleError):
        newsroom.new_correction(engine, REVIEW, one, expected=after.digest, act=ACT)
    assert newsroom.load(engine, "r1").review.version == 2


def test_a_waiting_correction_is_replaced_and_dropped(engine):
    newsroom.save(engine, REVIEW, expected=None, act=ACT)
    pending = PendingCorrection("r1", CorrectionKind.UPDATE, CONTENT, "new", "1", NOW)
    newsroom.save_pending(engine, "p1", pending, act=ACT)
    signed = replace(pending, signatures=REVIEW.signatures)
    newsroom.save_pending(engine, "p1", signed, act=ACT)
    assert newsroom.pending_of(engine, "r1") == (("p1", signed),)
    newsroom.drop_pending(engine, "p1", act=ACT)
    assert newsroom.pending_of(engine, "r1") == ()


def test_edits_are_found_by_record_and_by_address(engine):
    page = read(Capture(None, None, "text/plain", b"The bridge opened in 1961, she said."))
    claim = Claim("c", Span(0, 10), None, True, None, 0.5, ClaimKind.EVENT)
    record = Record(page, claims=(claim,))
    who = {"account": "1", "by": "Ada Quill", "at": NOW}
    one = edit(record, "claims", EditAct.CORRECT, target="c", changes={"span": [4, 10]}, **who)
    newsroom.keep_edit(engine, one, url="https://bell.example/a", act=ACT)
    newsroom.keep_edit(engine, one, url="https://bell.example/a", act=ACT)
    assert newsroom.edits_of(engine, record=page.digest) == (one,)
    assert newsroom.edits_of(engine, record="other", url="https://bell.example/a") == (one,)
    assert newsroom.edits_of(engine, record="other") == ()
    assert edited_record(record, newsroom.edits_of(engine, record=page.digest)).marks


def test_the_log_of_several_writers_is_one_unbroken_chain(tmp_path, address):
    folder = tmp_path / "desk"
    open_database(folder, address).dispose()

    def write(number):
        own = open_database(folder, address)
        for i in range(20):
            newsroom.log(own, Act(str(number), f"act {i}", NOW), target="desk")
        own.dispose()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    engine = open_database(folder, address)
    entries = list(newsroom.audit_log(engine))
    assert len(entries) == 80
    assert broken(entries) == ()
    engine.dispose()


def test_states_are_listed_with_the_last_published_first(engine):
    newsroom.save(engine, REVIEW, expected=None, act=ACT)
    later = replace(REVIEW, id="r2", published="2026-03-15T00:00:00+00:00")
    newsroom.save(engine, later, expected=None, act=ACT)
    newsroom.save(engine, replace(REVIEW, id="r3", state=ReviewState.DRAFT), expected=None, act=ACT)
    found = newsroom.with_states(engine, [ReviewState.PUBLISHED])
    assert [stored.review.id for stored in found] == ["r2", "r1"]
