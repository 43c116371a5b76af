"""A reader's reply from the form to the moderator, and that no address of a reader gets out."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from onrecord.store import replies
from onrecord.terms import ReplyState, Role
from onrecord.web.app import ROUTES, make_app
from onrecord.web.routes import ANYBODY
from tests.web.conftest import Browser
from tests.web.test_site import put

EMAIL = "canary.reader@mailbox.example"
TEXT = "The register has another page, 42, which gives the cost of the bridge. Please read it too."


class Clock:
    """A clock that a test moves ahead."""

    def __init__(self, real):
        self.real = real
        self.ahead = timedelta(0)

    def __call__(self):
        return self.real() + self.ahead


@pytest.fixture
def office(office):
    """A desk with a published check and a clock that can be moved."""
    ticking = replace(office, clock=Clock(office.clock))
    put(ticking)
    return ticking


def proof(browser, review="r1"):
    page = browser.get(f"/checks/{review}/replies").text
    return re.search(r'name="proof" value="([^"]+)"', page).group(1)


def reply(browser, office, **fields):
    given = {"kind": "comment", "name": "Dora Finch", "text": TEXT, "proof": proof(browser)}
    office.clock.ahead += timedelta(seconds=30)
    return browser.client.post("/checks/r1/replies", data=given | fields)


def test_a_good_reply_is_shown_at_once_with_a_receipt(browser, office):
    page = reply(browser, office)
    assert page.status_code == 200
    assert "stands under the check" in page.text
    assert TEXT in page.text
    assert "Keep this receipt" in page.text
    shown = browser.get("/checks/r1/replies").text
    assert "Dora Finch" in shown
    assert TEXT in shown


def test_a_claimants_answer_waits_for_a_person(browser, office):
    page = reply(browser, office, kind="claimant_answer", text="http://a.example buy now cheap")
    assert "A person reads your reply" in page.text
    [one] = replies.moderation(office.engine, ReplyState.HELD)
    assert one.reasons[0].code == "claimant"


def test_the_hidden_field_and_a_missing_form_are_not_shown(browser, office):
    reply(browser, office, website="http://pills.example")
    browser.client.post(
        "/checks/r1/replies", data={"kind": "comment", "name": "X", "text": TEXT + "!"}
    )
    assert replies.shown(office.engine, "r1") == ()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": ""}, "give the name"),
        ({"text": " "}, "write your reply"),
        ({"email": "nobody"}, "no e-mail address"),
        ({"name": EMAIL}, "shown to everybody"),
        ({"kind": "sermon"}, "choose what your reply is"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(browser, office, fields, fault):
    answer = reply(browser, office, **fields)
    assert answer.status_code == 422
    assert fault in answer.text
    if "text" not in fields:
        assert TEXT in answer.text


def test_there_are_no_replies_to_a_draft_or_a_retracted_check(browser, office):
    from onrecord.terms import ReviewState

    put(office, ReviewState.DRAFT, review_id="r2")
    put(office, ReviewState.RETRACTED, review_id="r3")
    assert browser.get("/checks/r2/replies").status_code == 404
    assert "Replies are closed" in browser.get("/checks/r3/replies").text
    assert browser.client.post("/checks/r3/replies", data={"kind": "comment"}).status_code == 403


def test_a_moderator_shows_rejects_and_undoes(browser, sign_in, office):
    reply(browser, office, kind="claimant_answer", text="I stand by what I said.")
    editor = sign_in(Role.EDITOR)
    [one] = replies.moderation(office.engine, ReplyState.HELD)
    path = f"/desk/replies/{one.reply.id}"
    assert "I stand by what I said." in editor.get("/desk/replies").text
    assert editor.send(path, at="/desk/accounts", state="shown", expected="held").status_code == 303
    assert "I stand by" in browser.get("/checks/r1/replies").text
    stale = editor.send(path, at="/desk/accounts", state="rejected", expected="held")
    assert stale.status_code == 409
    assert editor.send(f"{path}/undo", at="/desk/accounts").status_code == 303
    assert replies.shown(office.engine, "r1") == ()


def test_no_public_page_or_log_gives_an_address_away(browser, sign_in, office, caplog):
    for kind in ("comment", "claimant_answer"):
        reply(browser, office, email=EMAIL, kind=kind, text=f"{TEXT} {kind}")
    digests = {EMAIL, EMAIL.upper()}
    for name in ("md5", "sha1", "sha256"):
        digests.add(hashlib.new(name, EMAIL.encode()).hexdigest())
    import base64

    digests.add(base64.b64encode(EMAIL.encode()).decode())
    admin = sign_in(Role.ADMIN)
    for route in ROUTES:
        if route.method != "GET":
            continue
        path = route.path.replace("{review_id}", "r1").replace("{digest}", "0" * 64)
        path = re.sub(r"{\w+}", "x", path)
        for one in (browser, admin) if route.who == ANYBODY else (admin,):
            answer = one.get(path)
            body = answer.text + json.dumps(dict(answer.headers))
            assert not [d for d in digests if d.lower() in body.lower()], path
    assert EMAIL not in caplog.text
    log = " ".join(f"{e.act} {e.target} {e.content}" for e in newsroom_log(office))
    assert EMAIL not in log
    for file in office.folder.rglob("*"):
        if file.is_file():
            assert EMAIL.encode() not in file.read_bytes(), file


def newsroom_log(office):
    from onrecord.store import newsroom

    return newsroom.audit_log(office.engine)


def test_a_writer_exports_and_erases_with_a_link_that_works_once(browser, sign_in, office):
    reply(browser, office, email=EMAIL)
    admin = sign_in(Role.ADMIN)
    for purpose in ("export", "erase"):
        page = admin.send("/desk/privacy", at="/privacy", purpose=purpose, email=EMAIL).text
        path = re.search(rf"/privacy/{purpose}/[\w-]+", page).group(0)
        used = browser.send(path)
        assert used.status_code == 200
        if purpose == "export":
            [own] = used.json()
            assert (own["text"], own["email"]) == (TEXT, EMAIL)
        assert browser.send(path).status_code == 410
    assert TEXT not in browser.get("/checks/r1/replies").text


def test_a_receipt_erases_one_reply_without_an_address(browser, office):
    page = reply(browser, office).text
    receipt = re.search(r"<code>([\w-]+)</code>", page).group(1)
    answer = browser.send("/privacy", purpose="erase", receipt=receipt).text
    path = re.search(r"/privacy/erase/[\w-]+", answer).group(0)
    assert "Erased from 1 reply" in browser.send(path).text
    assert "no receipt" in browser.send("/privacy", purpose="erase", receipt="x-y").text


def test_asking_for_a_stranger_and_for_a_writer_get_the_same_answer(browser, office):
    reply(browser, office, email=EMAIL)
    pages = [
        re.sub(r'value="\w{64}"', "", browser.send("/privacy", purpose="export", email=who).text)
        for who in (EMAIL, "stranger@mailbox.example")
    ]
    told = [re.search(r'role="status">([^<]+)', page).group(1) for page in pages]
    assert told[0].split(";")[0].rstrip(".") == told[1].split(";")[0].rstrip(".")


def test_the_statement_says_what_the_settings_say(browser, office):
    told = browser.get("/.well-known/onrecord-processing.json").json()
    days = {one["id"]: one["retention_days"] for one in told["purposes"]}
    assert days["abuse"] == office.settings.replies.address_days
    assert told["recipients"] == []
    filtered = replace(
        office.settings.replies, remote_filter="https://filter.example", email_days=9
    )
    other = replace(office, settings=replace(office.settings, replies=filtered))
    told = Browser(make_app(other)).get("/.well-known/onrecord-processing.json").json()
    assert told["recipients"] == ["https://filter.example"]
    assert "9 days" in Browser(make_app(other)).get("/privacy").text
