"""Replies are taken in, moderated, exported, erased and let go; addresses stay where they belong."""

from __future__ import annotations

import ast
import base64
import hashlib
import itertools
import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import onrecord
from onrecord.errors import NewsroomError, StaleError, StoreError
from onrecord.newsroom import spam
from onrecord.newsroom.audit import broken
from onrecord.newsroom.replies import Incoming, RemoteAnswer, cut_address
from onrecord.newsroom.review import Review, ReviewContent
from onrecord.newsroom.spam_proof import new_proof
from onrecord.settings import ReplySettings
from onrecord.store import newsroom, replies, reply_contacts, reply_intake
from onrecord.store.database import DATABASE_NAME, open_database
from onrecord.store.newsroom import Act
from onrecord.store.replies import Filtering, LetGo
from onrecord.store.reply_rows import writing
from onrecord.terms import ReplyKind, ReplyState, ReviewState

NOW = datetime(2026, 3, 14, 8, 20, tzinfo=UTC)
KEY = b"k" * 32
ACT = Act("1", "moderate", NOW.isoformat(timespec="seconds"))
FILTERING = Filtering(weights=spam.rule_weights())
S = ReplyState
PLACES = ("Merrow", "Eastfield", "Alder Quay", "Nordby")


@pytest.fixture
def engine(tmp_path, address):
    made = open_database(tmp_path / "desk", address)
    for name in ("r1", "r2"):
        review = Review(name, ReviewContent("The bridge opened in 1961"), ReviewState.PUBLISHED)
        newsroom.save(made, review, expected=None, act=ACT)
    newsroom.save(made, Review("draft", ReviewContent("x")), expected=None, act=ACT)
    yield made
    made.dispose()


_NETS = itertools.count(1)


def incoming(text="I was there when the bridge opened.", *, now=NOW, **given):
    """A reply from a fresh form and a network of its own."""
    n = next(_NETS)
    review = given.pop("review", "r1")
    plain = {
        "kind": ReplyKind.COMMENT,
        "name": "Ada Quill",
        "sender": cut_address(f"11.{n // 250 % 250}.{n % 250}.9"),
        "proof": new_proof(KEY, review, now=now - timedelta(minutes=2)),
    }
    return Incoming(review, text=text, **(plain | given))


def take(engine, one, *, now=NOW, filtering=FILTERING):
    return replies.take(engine, KEY, one, now=now, filtering=filtering)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{DATABASE_NAME}*")))


def test_a_good_reply_is_shown_and_comes_back_as_it_went_in(engine):
    taken = take(engine, incoming(email="ada@mail.example"))
    assert taken.reply.state is S.SHOWN
    assert replies.shown(engine, "r1") == (taken.reply,)
    assert replies.shown(engine, "r2") == ()
    assert replies.load(engine, taken.reply.id).reasons == taken.decision.reasons
    assert replies.load(engine, "none") is None


def test_a_claimants_answer_is_held_and_the_remote_filter_never_sees_it(engine):
    def ask(_):
        raise AssertionError("the filter was asked about a claimant's answer")

    spammy = "Earn $500 a day, join my channel https://x.example https://y.example casino"
    one = incoming(spammy, kind=ReplyKind.CLAIMANT_ANSWER, hidden="x", proof="")
    taken = take(engine, one, filtering=replace(FILTERING, remote=ask))
    assert taken.reply.state is S.HELD
    assert taken.decision.score == 0
    assert replies.counts(engine)[ReplyKind.CLAIMANT_ANSWER, S.HELD] == 1


PLACE_FAULTS = [
    ("a draft", {"review": "draft"}, "review"),
    ("no such check", {"review": "nothing"}, "review"),
    ("no such parent", {"parent": "00"}, "parent"),
    ("an empty text", {"text": ""}, "text"),
]


@pytest.mark.parametrize(("_", "given", "field"), PLACE_FAULTS, ids=[r[0] for r in PLACE_FAULTS])
def test_with_a_fault_nothing_is_kept_and_the_form_can_be_sent_again(engine, _, given, field):
    one = incoming(**given)
    assert [fault.field for fault in take(engine, one).faults] == [field]
    assert replies.counts(engine) == {}
    mended = replace(one, review="r1", parent="", text="The bridge opened in 1962, I was there.")
    assert take(engine, mended).reply is not None


def test_only_a_shown_reply_of_the_same_check_can_be_answered(engine):
    parent = take(engine, incoming()).reply
    assert take(engine, incoming("So was I, on the north bank.", parent=parent.id)).reply
    assert take(engine, incoming("So was I there.", parent=parent.id, review="r2")).faults
    replies.decide(engine, parent.id, S.REJECTED, expected=S.SHOWN, act=ACT)
    assert take(engine, incoming("And me too, by boat.", parent=parent.id)).faults


def test_the_same_form_sent_twice_is_one_reply(engine):
    one = incoming()
    first, second = take(engine, one), take(engine, one)
    assert second.reply == first.reply
    assert not second.is_new
    assert len(replies.shown(engine, "r1")) == 1


def test_another_text_on_a_used_form_is_held(engine):
    one = incoming()
    take(engine, one)
    again = take(engine, replace(one, text="The council paid for all of it, you know."))
    assert again.reply.state is S.HELD
    assert "proof" in {reason.code for reason in again.decision.reasons}


def test_one_form_sent_by_many_threads_at_once_is_one_reply(engine, tmp_path, address):
    one = incoming()

    def send():
        own = open_database(tmp_path / "desk", address)
        take(own, one)
        own.dispose()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(replies.counts(engine).values()) == 1


def at_once(engine, given):
    """Takes replies that all wait while somebody else writes; what became of each, and commits."""
    commits, taken = [], [None] * len(given)
    sa.event.listen(engine, "commit", lambda _: commits.append(1))

    def send(number, one):
        try:
            taken[number] = take(engine, one)
        except ZeroDivisionError as error:
            taken[number] = error

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(given)]
    with writing(engine):
        for thread in threads:
            thread.start()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            waiting = reply_intake._INTAKES.get(engine)
            if waiting and len(waiting.waiting) >= len(given) - 1:
                break
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    return taken, len(commits)


def test_replies_that_wait_are_kept_by_one_transaction(engine):
    given = [incoming(f"On day {i} the ferry was late at {PLACES[i % 4]}.") for i in range(30)]
    taken, n_commits = at_once(engine, given)
    assert [one.reply.text for one in taken] == [one.text for one in given]
    assert {one.decision.state for one in taken} == {S.SHOWN}
    assert len(replies.shown(engine, "r1")) == 30
    # That of whoever wrote before, the first reply's, and one for all others.
    assert n_commits <= 3


def test_replies_that_come_together_see_each_other(engine):
    net = cut_address("198.51.100.7")
    near = [incoming(f"In 19{i} the ferry cost {i} pence.", sender=net) for i in range(10, 30)]
    same = [incoming("Cheap watches for all of you, look at this shop now") for _ in range(4)]
    form = [
        replace(one, text="Twice the same form and no other words.") for one in [incoming()] * 3
    ]
    taken, _ = at_once(engine, [*near, *same, *form])
    states = [one.reply.state if one.reply else None for one in taken]
    assert sorted(map(str, states[:20])) == sorted(
        map(str, [S.SHOWN] * 6 + [S.HELD] * 6 + [None] * 8)
    )
    counted = [{r.code for r in one.decision.reasons} for one in taken[20:24]]
    assert sum("same_words" in codes for codes in counted) == 3
    assert len({one.reply.id for one in taken[24:]}) == 1
    assert sum(one.is_new for one in taken[24:]) == 1


def test_a_reply_that_breaks_its_transaction_costs_no_other(engine, monkeypatch):
    given = [incoming(f"On day {i} the ferry was late.") for i in range(6)]
    bad = given[3].text
    judge = reply_intake.decided

    def broken_judge(one, signs):
        return 1 / 0 if one.text == bad else judge(one, signs)

    monkeypatch.setattr(reply_intake, "decided", broken_judge)
    taken, _ = at_once(engine, given)
    assert isinstance(taken[3], ZeroDivisionError)
    assert all(taken[i].reply for i in range(6) if i != 3)
    assert len(replies.shown(engine, "r1")) == 5
    # Its form is as good as before.
    monkeypatch.undo()
    assert take(engine, given[3]).reply is not None


def test_a_network_that_was_told_to_wait_costs_no_look_at_the_store(engine):
    net = cut_address("198.51.100.7")
    for i in range(13):
        last = take(engine, incoming(f"In 19{i} it cost {i} pence.", sender=net))
    assert last.faults
    asked = []
    sa.event.listen(engine, "before_cursor_execute", lambda *_: asked.append(1))
    assert take(engine, incoming("And once more.", sender=net)).faults == last.faults
    assert asked == []
    answer = incoming("I stand by it.", kind=ReplyKind.CLAIMANT_ANSWER, sender=net)
    assert take(engine, answer).reply is not None
    later = NOW + timedelta(minutes=2)
    assert take(engine, incoming("Again.", sender=net, now=later), now=later).faults
    assert asked


def test_a_network_that_sends_much_is_held_and_then_told_to_wait(engine):
    net = cut_address("198.51.100.7")
    texts = [f"In 19{i}0 the ferry at {PLACES[i % 4]} cost {i} pence." for i in range(10, 30)]
    states = []
    for text in texts:
        taken = take(engine, incoming(text, sender=net))
        states.append(taken.reply.state if taken.reply else None)
    assert states[:6] == [S.SHOWN] * 6
    assert states[6:12] == [S.HELD] * 6
    assert set(states[12:]) == {None}
    elsewhere = take(engine, incoming("My aunt sold the tickets for years."))
    assert elsewhere.reply.state is S.SHOWN
    later = NOW + timedelta(hours=2)
    again = incoming("It is quiet on the quay today.", sender=net, now=later)
    assert take(engine, again, now=later).reply.state is S.SHOWN


def test_a_neighbours_flood_does_not_shut_a_claimant_out(engine):
    net = cut_address("198.51.100.7")
    for i in range(20):
        take(engine, incoming(f"The ferry of {i} cost {i} pence then.", sender=net))
    answer = incoming("I stand by it.", kind=ReplyKind.CLAIMANT_ANSWER, sender=net)
    assert take(engine, answer).reply.state is S.HELD


def test_the_same_words_from_others_in_other_threads_are_held(engine):
    text = "The moon stone of Alder Quay has healed my aunt and it will heal all of you as well"
    assert take(engine, incoming(text)).reply.state is S.SHOWN
    copy = take(engine, incoming(f"{text} https://x.example/1", review="r2", name="Tomas Brill"))
    assert copy.reply.state is not S.SHOWN
    assert "same_words" in {reason.code for reason in copy.decision.reasons}


def test_a_writer_let_through_by_a_person_is_known_by_e_mail(engine):
    link = (
        "It is in the register https://county.example/r and in the minutes http://county.example/m"
    )
    first = take(engine, incoming(link, email="Ada@Mail.example"))
    assert first.reply.state is S.HELD
    replies.decide(engine, first.reply.id, S.SHOWN, expected=S.HELD, act=ACT)
    other = "Two more pages say so: https://county.example/a and https://county.example/b"
    assert take(engine, incoming(other, email="ada@mail.example")).reply.state is S.SHOWN
    third = "Three more pages say so too: https://county.example/c and https://county.example/d"
    assert take(engine, incoming(third, email="bea@mail.example")).reply.state is not S.SHOWN


def test_a_writer_shown_by_the_filter_is_known_after_a_week(engine):
    net = cut_address("198.51.100.7")
    take(engine, incoming(sender=net))
    link = "Look at https://county.example/a and https://county.example/b for the years"
    for days, state in ((2, S.HELD), (8, S.SHOWN)):
        when = NOW + timedelta(days=days)
        text = f"{link} and the {days} pages behind"
        one = take(engine, incoming(text, sender=net, now=when), now=when)
        assert ("known_writer" in {r.code for r in one.decision.reasons}) is (state is S.SHOWN)


@pytest.mark.parametrize("answer", [RemoteAnswer(has_failed=True), RemoteAnswer(is_spam=True)])
def test_a_remote_filter_alone_holds_and_never_loses(engine, answer):
    taken = take(engine, incoming(), filtering=replace(FILTERING, remote=lambda _: answer))
    assert taken.reply.state is S.HELD
    assert replies.load(engine, taken.reply.id) is not None


def test_moderation_lists_a_state_page_by_page(engine):
    made = [
        take(engine, incoming(f"Tip number {i} for the desk, look at the minutes.", kind=ReplyKind.TIP)).reply.id
        for i in range(7)
    ]  # fmt: skip
    seen: list[str] = []
    while page := replies.moderation(engine, S.HELD, after=seen[-1] if seen else "", limit=3):
        seen += [one.reply.id for one in page]
    assert sorted(seen) == sorted(made)
    assert replies.moderation(engine, S.HELD, kind=ReplyKind.COMMENT) == ()
    assert replies.moderation(engine, S.HELD, after="gone") == ()


def test_every_act_is_in_the_audit_log_without_words(engine):
    one = take(engine, incoming()).reply
    before = newsroom.last_entry(engine).number
    replies.decide(
        engine, one.id, S.QUARANTINED, expected=S.SHOWN, act=ACT, weights=FILTERING.weights
    )
    replies.undo(engine, one.id, act=ACT)
    replies.erase(engine, reply=one.id, act=ACT)
    entries = list(newsroom.audit_log(engine, after=before))
    assert [entry.target for entry in entries] == [f"reply/{one.id}"] * 3
    assert {entry.content for entry in entries} == {""}
    assert broken(newsroom.audit_log(engine)) == ()


def test_the_second_of_two_moderators_is_told_and_leaves_no_entry(engine):
    one = take(engine, incoming()).reply
    replies.decide(engine, one.id, S.REJECTED, expected=S.SHOWN, act=ACT)
    n = newsroom.last_entry(engine).number
    with pytest.raises(StaleError):
        replies.decide(engine, one.id, S.QUARANTINED, expected=S.SHOWN, act=ACT)
    with pytest.raises(NewsroomError):
        replies.decide(engine, "none", S.SHOWN, expected=S.HELD, act=ACT)
    with pytest.raises(NewsroomError):
        replies.decide(engine, one.id, S.ERASED, expected=S.REJECTED, act=ACT)
    assert newsroom.last_entry(engine).number == n


def test_a_decision_can_be_undone_and_quarantine_brought_back(engine):
    one = take(engine, incoming()).reply
    with pytest.raises(NewsroomError):
        replies.undo(engine, one.id, act=ACT)
    replies.decide(engine, one.id, S.REJECTED, expected=S.SHOWN, act=ACT)
    assert replies.undo(engine, one.id, act=ACT).reply.state is S.SHOWN
    spammy = "Join my channel https://a.example https://b.example https://c.example casino bonus"
    lost = take(engine, incoming(spammy))
    assert lost.reply.state is S.QUARANTINED
    assert replies.undo(engine, lost.reply.id, act=ACT).reply.state is S.HELD


def test_the_filter_learns_from_decisions_and_not_from_rejections(engine):
    text = "The moon stone of Alder Quay heals you, ask for number {}"
    weights = FILTERING.weights
    one = take(engine, incoming(text.format(17))).reply
    replies.decide(engine, one.id, S.REJECTED, expected=one.state, act=ACT, weights=weights)
    assert replies.learned_weights(engine, weights) is weights
    for i in range(16):
        one = take(engine, incoming(text.format(i * 19))).reply
        replies.decide(engine, one.id, S.QUARANTINED, expected=one.state, act=ACT, weights=weights)
        good = take(engine, incoming(f"I was at {PLACES[i % 4]} in 19{i + 10}, it rained.")).reply
        replies.decide(engine, good.id, S.SHOWN, expected=good.state, act=ACT, weights=weights)
    taught = replies.learned_weights(engine, weights)
    words = "The moon stone of Nordby heals you"
    assert spam.logit(taught, words) > 0 > spam.logit(weights, words)


def test_a_claimants_answer_teaches_nothing(engine):
    answer = take(engine, incoming("I stand by it.", kind=ReplyKind.CLAIMANT_ANSWER)).reply
    weights = FILTERING.weights
    replies.decide(engine, answer.id, S.SHOWN, expected=S.HELD, act=ACT, weights=weights)
    assert replies.learned_weights(engine, weights) is weights


def test_one_function_reads_an_address():
    """A4: the columns with e-mail and network are selected in `contact_of` alone."""
    source = Path(onrecord.__file__).parent
    readers = set()
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py")]
    for text in (text for text in texts if "reply_contacts" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                for call in ast.walk(node):
                    is_select = isinstance(call, ast.Call) and ast.unparse(call.func) == "sa.select"
                    if is_select and "reply_contacts" in ast.unparse(call):
                        chosen = [ast.unparse(argument) for argument in call.args]
                        if "reply_contacts.c.email" in chosen or "reply_contacts" in chosen:
                            readers.add(node.name)
    assert readers == {"contact_of"}


def test_the_e_mail_is_sealed_and_opens_with_the_right_key_alone(engine, tmp_path):
    one = take(engine, incoming(email="ada.quill@mail.example")).reply
    found = reply_contacts.contact_of(engine, KEY, reply=one.id)
    assert found.email == "ada.quill@mail.example"
    with pytest.raises(StoreError, match=r"desk.key"):
        reply_contacts.contact_of(engine, b"o" * 32, reply=one.id)
    assert reply_contacts.contact_of(engine, KEY, reply="none") == reply_contacts.Contact()
    other = take(engine, incoming("On the north bank.", email="bea@mail.example")).reply
    with engine.begin() as connection:  # a sealed address moved to another row does not open
        table = reply_contacts.reply_contacts
        box = sa.select(table.c.email).where(table.c.reply == one.id)
        sealed = connection.execute(box).scalar_one()
        connection.execute(table.update().where(table.c.reply == other.id).values(email=sealed))
    with pytest.raises(StoreError):
        reply_contacts.contact_of(engine, KEY, reply=other.id)


# Files on the disk are looked at: SQLite alone.
@pytest.mark.parametrize("address", [""])
def test_p1_no_form_of_the_e_mail_is_on_the_disk(engine, tmp_path):
    email = "Canary.Bird@Mail.Example"
    take(engine, incoming(email=email))
    stored = on_disk(tmp_path / "desk").lower()
    for one in (email, email.lower()):
        raw = one.encode()
        forms = [raw.lower(), base64.b64encode(raw).lower()]
        forms += [hashlib.new(name, raw).hexdigest().encode() for name in ("md5", "sha1", "sha256")]
        assert not [form for form in forms if form in stored]


def test_a_receipt_stands_for_one_reply(engine):
    one = take(engine, incoming()).reply
    paper = reply_contacts.receipt(KEY, one.id)
    assert reply_contacts.reply_of_receipt(KEY, paper) == one.id
    for other in ("", paper[:-1], paper + "x", "\ud800", reply_contacts.receipt(b"o" * 32, one.id)):
        assert reply_contacts.reply_of_receipt(KEY, other) is None


def test_an_export_holds_a_writers_own_replies_and_no_others(engine):
    own = [
        take(engine, incoming(f"I rowed there in 19{i}1 with Tomas.", email="ada@mail.example"))
        for i in range(3)
    ]
    take(engine, incoming("Somebody else's words.", email="bea@mail.example"))
    writer = reply_contacts.writer(KEY, "ADA@mail.example ")
    found = replies.export_of(engine, KEY, writer=writer)
    assert sorted(one["id"] for one in found) == sorted(taken.reply.id for taken in own)
    assert {one["email"] for one in found} == {"ada@mail.example"}
    assert "bea" not in str(found)
    assert replies.export_of(engine, KEY, writer="", reply="") == ()
    assert [one["id"] for one in replies.export_of(engine, KEY, reply=own[0].reply.id)] == [
        own[0].reply.id
    ]


# Files on the disk are looked at: SQLite alone.
@pytest.mark.parametrize("address", [""])
def test_p2_an_erased_writer_is_nowhere_in_the_files(engine, tmp_path):
    """P2: 100 writers, every second one erased; database, log and a later copy hold nothing."""
    folder = tmp_path / "desk"
    signed = [newsroom.load(engine, name) for name in ("r1", "r2")]
    made = {}
    for i in range(100):
        name, email = f"Zorblatt{i:03d} Quill", f"zorblatt{i:03d}@mail.example"
        text = f"Gnarlwick{i:03d} was there when the bridge opened, {'and so on ' * (i % 40)}"
        now = NOW + timedelta(minutes=i)
        one = take(engine, incoming(text, name=name, email=email, now=now), now=now).reply
        made[i] = one
        if i % 3 == 0:
            replies.decide(engine, one.id, S.REJECTED, expected=one.state, act=ACT)
    gone = range(0, 100, 2)
    for i in gone:
        writer = reply_contacts.writer(KEY, f"zorblatt{i:03d}@mail.example")
        assert replies.erase(engine, writer=writer, act=ACT) == 1
        assert replies.erase(engine, writer=writer, act=ACT) == 0
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(folder / DATABASE_NAME) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    for stored in (on_disk(folder), copy.read_bytes()):
        for i in gone:
            for word in (f"Zorblatt{i:03d}", f"zorblatt{i:03d}", f"Gnarlwick{i:03d}"):
                assert word.encode() not in stored, word
        for i in set(made) - set(gone):
            assert f"Gnarlwick{i:03d}".encode() in stored
    assert [newsroom.load(engine, name) for name in ("r1", "r2")] == signed


def test_an_erased_reply_keeps_its_place_where_others_answer_it(engine):
    parent = take(engine, incoming()).reply
    later = NOW + timedelta(minutes=5)
    answer = incoming("So was I, on the north bank.", parent=parent.id, now=later)
    child = take(engine, answer, now=later).reply
    alone = take(engine, incoming("My aunt sold the tickets.", name="Bea Sand")).reply
    for one in (parent, alone):
        assert replies.erase(engine, reply=one.id, act=ACT) == 1
    found = replies.shown(engine, "r1")
    assert [one.id for one in found] == [parent.id, child.id]
    assert (found[0].name, found[0].text, found[0].state) == ("", "", S.ERASED)
    with pytest.raises(NewsroomError):
        replies.undo(engine, parent.id, act=ACT)
    with pytest.raises(NewsroomError):
        replies.decide(engine, parent.id, S.SHOWN, expected=S.ERASED, act=ACT)


def test_the_words_stay_under_no_name_where_the_writer_says_so(engine):
    one = take(engine, incoming(email="ada@mail.example")).reply
    writer = reply_contacts.writer(KEY, "ada@mail.example")
    assert replies.erase(engine, writer=writer, keeps_text=True, act=ACT) == 1
    assert replies.shown(engine, "r1") == (replace(one, name=""),)
    assert reply_contacts.contact_of(engine, KEY, reply=one.id) == reply_contacts.Contact()


def test_p3_what_is_kept_goes_when_its_days_are_over(engine):
    """P3: daily for 400 simulated days, on each of which the rows hold what the settings allow."""
    kept = ReplySettings()
    table = reply_contacts.reply_contacts
    for day in range(401):
        now = NOW + timedelta(days=day)
        if day % 10 == 0 and day <= 60:
            for i in range(3):
                text = f"On day {day} the ferry at {PLACES[i]} cost {day + i} pence."
                email = f"w{day}x{i}@mail.example" if i else ""
                one = take(engine, incoming(text, email=email, now=now, name=f"W {i}"), now=now)
                state = (S.SHOWN, S.REJECTED, S.QUARANTINED)[i]
                act = Act("1", "decide", now.isoformat(timespec="seconds"))
                replies.decide(engine, one.reply.id, state, expected=one.reply.state, act=act)
        replies.retention(engine, now=now, settings=kept)

        def before(days, now=now):
            return (now - timedelta(days=days)).isoformat(timespec="seconds")

        with engine.connect() as connection:
            rows = connection.execute(sa.select(table)).all()
            old = [row for row in rows if row.address and row.at < before(kept.address_days)]
            late = [row for row in rows if row.email and row.at < before(kept.email_days)]
            assert not old
            assert not late
            assert all(row.email or row.address for row in rows)
            # A key made from name and network goes with the network.
            assert not [row for row in rows if not row.address and not row.email and row.email_key]
        for state in (S.REJECTED, S.QUARANTINED):
            for one in replies.moderation(engine, state, limit=500):
                assert one.decided >= before(kept.hold_days)
    assert len(replies.shown(engine, "r1")) == 7
    assert replies.moderation(engine, S.REJECTED) == ()
    assert replies.retention(engine, now=now, settings=kept) == LetGo()
    assert broken(newsroom.audit_log(engine)) == ()


def test_held_replies_never_go_by_themselves(engine):
    tip = take(engine, incoming(kind=ReplyKind.TIP)).reply
    replies.retention(engine, now=NOW + timedelta(days=4_000), settings=ReplySettings())
    assert replies.load(engine, tip.id).reply.state is S.HELD


def test_f1_a_flood_is_capped_and_others_are_still_heard(engine):
    """F1 in small: 8 networks send 30 each; what is kept is capped, a neighbour is let in."""
    kept = 0
    for i in range(30):
        for net in range(8):
            text = f"Buy {i} pills at https://shop{net}.example/{i} now, cheap offer {net * i}"
            one = incoming(text, sender=cut_address(f"51.1.{net}.9"))
            kept += take(engine, one).reply is not None
    assert kept == 8 * 12
    assert take(engine, incoming("My aunt sold the tickets for years.")).reply.state is S.SHOWN


# Files on the disk are looked at: SQLite alone.
@pytest.mark.parametrize("address", [""])
def test_what_was_learned_survives_a_copy_of_the_folder(engine, tmp_path):
    one = take(engine, incoming()).reply
    weights = FILTERING.weights
    replies.decide(engine, one.id, S.QUARANTINED, expected=one.state, act=ACT, weights=weights)
    engine.dispose()
    shutil.copytree(tmp_path / "desk", tmp_path / "moved")
    moved = open_database(tmp_path / "moved")
    assert replies.learned_weights(moved, weights) is not weights
    moved.dispose()
