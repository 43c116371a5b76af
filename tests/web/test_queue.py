"""From a pasted page to its record on the desk, and what an editor changes there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from onrecord.compose import open_desk
from onrecord.store import jobs, newsroom, records
from onrecord.store.records import QueueFilter
from onrecord.terms import Role
from onrecord.work import run_job

PAGE = (
    "Bridge opens\n\nThe bridge opened in 1961 and cost 12 million euros, Mayor Cora Lane said.\n\n"
    "About 14,000 cars cross it every day.\n"
)
RULES = {"attribute": "rules", "claims": "signs"}


@pytest.fixture
def read_page(office):
    """Runs the waiting job as the worker would, and gives the digest of the page."""

    def read():
        settings = replace(
            office.settings,
            stages=tuple((s, RULES.get(s, name)) for s, name in office.settings.stages),
        )
        job = jobs.take(office.engine, now=office.now())
        run_job(job.id, desk=open_desk(settings), folder=office.folder, engine=office.engine)
        return jobs.load(office.engine, job.id)

    return read


def test_a_pasted_page_shows_progress_then_its_record_then_its_claims(sign_in, read_page):
    browser = sign_in(Role.CONTRIBUTOR)
    job_page = browser.send("/desk/add/text", at="/desk/add", text=PAGE).headers["location"]
    assert "waiting" in browser.get(job_page).text
    assert "hx-get" in browser.get(job_page, headers={"hx-request": "true"}).text
    done = read_page()
    shown = browser.get(job_page).text
    assert f"/desk/records/{done.record}" in shown
    record = browser.get(f"/desk/records/{done.record}").text
    assert "12 million euros" in record
    assert "found by machine" in record
    queue = browser.get("/desk?words=1961").text
    assert "The bridge opened in 1961" in queue


@pytest.mark.parametrize(
    ("path", "fields", "fault"),
    [
        ("/desk/add/address", {"url": "ftp://bell.example/x"}, "begins with http"),
        ("/desk/add/address", {"url": "javascript:alert(1)"}, "begins with http"),
        ("/desk/add/text", {"text": "  "}, "no text"),
    ],
)
def test_what_is_no_page_is_refused_beside_its_field(sign_in, path, fields, fault):
    answer = sign_in(Role.CONTRIBUTOR).send(path, at="/desk/add", **fields)
    assert answer.status_code == 422
    assert fault in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("a.exe", b"MZ", "a page is a file such as"),
        ("a.html", b"  ", "empty"),
        ("../../a.txt", b"x y", ""),
    ],
)
def test_an_upload_is_named_by_us_and_refused_when_it_is_no_page(
    sign_in, office, name, body, fault
):
    browser = sign_in(Role.CONTRIBUTOR)
    answer = browser.client.post(
        "/desk/add/file",
        data={"form_token": browser.token("/desk/add")},
        files={"file": (name, body)},
    )
    assert answer.status_code == (422 if fault else 303)
    assert fault in answer.text
    kept = {path.name for path in office.folder.rglob("*") if path.is_file()}
    assert not {n for n in kept if "exe" in n or ".." in n}


def test_a_reader_sees_the_queue_and_changes_nothing(sign_in):
    browser = sign_in(Role.READER)
    assert browser.get("/desk").status_code == 200
    assert browser.get("/desk/add").status_code == 403


def test_an_editor_corrects_rejects_and_adds_claims(sign_in, read_page, office):
    browser = sign_in(Role.EDITOR, "Ada")
    browser.send("/desk/add/text", at="/desk/add", text=PAGE)
    digest = read_page().record
    at = f"/desk/records/{digest}"
    first = records.queue(office.engine, QueueFilter(record=digest))[0]
    edits = f"{at}/edits"
    fields = {"field": "claims", "target": first.id}
    words = "cost 12 million euros"
    assert browser.send(edits, at=at, act="correct", words=words, **fields).status_code == 303
    assert records.claim_of(office.engine, first.id).words == words
    assert "corrected by Ada" in browser.get(at).text
    assert browser.send(edits, at=at, act="reject", **fields).status_code == 303
    assert records.claim_of(office.engine, first.id) is None
    added = browser.send(edits, at=at, act="add", field="claims", words="14,000 cars cross it")
    assert added.status_code == 303
    assert records.queue(office.engine, QueueFilter(words="14,000 cars cross it"))
    acts = [entry.act for entry in newsroom.audit_log(office.engine)]
    assert acts[-3:] == ["correct claims", "reject claims", "add claims"]


@pytest.mark.parametrize(
    "fields",
    [
        {"field": "claims", "act": "add", "words": "words that are not there"},
        {"field": "steps", "act": "reject"},
        {"field": "claims", "act": "burn"},
        {"field": "claims", "act": "add", "changes": "{"},
        {"field": "claims", "act": "add", "changes": "[1]"},
        {"field": "regions", "act": "correct", "target": "x"},
    ],
)
def test_an_edit_that_cannot_be_made_says_so_and_changes_nothing(
    sign_in, read_page, office, fields
):
    browser = sign_in(Role.EDITOR)
    browser.send("/desk/add/text", at="/desk/add", text=PAGE)
    digest = read_page().record
    before = records.queue(office.engine, QueueFilter())
    answer = browser.send(f"/desk/records/{digest}/edits", at=f"/desk/records/{digest}", **fields)
    assert answer.status_code == 422
    assert records.queue(office.engine, QueueFilter()) == before


def test_taking_and_leaving_claims(sign_in, read_page, office):
    browser = sign_in(Role.CONTRIBUTOR)
    browser.send("/desk/add/text", at="/desk/add", text=PAGE)
    read_page()
    first, *_ = records.queue(office.engine, QueueFilter())
    assert browser.send(f"/desk/claims/{first.id}/take", at="/desk").status_code == 303
    assert records.claim_of(office.engine, first.id).state == "taken"
    assert re.search("Ada", browser.get("/desk?state=taken").text)
    assert browser.send(f"/desk/claims/{first.id}/leave", at="/desk").status_code == 303
    assert records.claim_of(office.engine, first.id).state == "left"
    assert browser.send("/desk/claims/nowhere/take", at="/desk").status_code == 404
    assert browser.get("/desk/records/" + "0" * 64).status_code == 404
