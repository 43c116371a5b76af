"""The HTTP API: what the desk does, done by programs with a token."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from onrecord.compose import open_desk
from onrecord.newsroom.audit import broken
from onrecord.store import accounts, jobs, kept_answers, newsroom
from onrecord.store.newsroom import Act
from onrecord.store.tables import replies
from onrecord.terms import Role
from onrecord.web.app import ROUTES, make_app
from onrecord.work import keep_upload, run_job
from tests.web.conftest import Browser
from tests.web.test_queue import PAGE, RULES

V = "/api/v1"
CONTENT = {
    "claim": "The bridge opened in 1961",
    "claimant": "Tomas Brill",
    "title": "The bridge did open in 1961",
    "rating": "True",
    "summary": "The register agrees.",
    "reasoning": "The register of 1961 names the day, on page 41.",
    "why": "It was said in the council.",
    "sources": [
        {"title": "Bridge register", "url": "https://county.example/register", "side": "for",
         "publisher": "The county", "is_primary": True},
        {"title": "A letter", "url": "https://bell.example/letter", "side": "against",
         "publisher": "The Bell", "interest": "none known"},
    ],
    "contacts": [{"whom": "Tomas Brill", "how": "telephone", "asked": "2026-03-14",
                  "question": "What do you rest this on?", "is_claimant": True}],
}  # fmt: skip


class Program:
    """A program with a token of an account."""

    def __init__(self, client, token):
        self.client = client
        self.headers = {"authorization": f"Bearer {token}"}

    def __call__(self, method, path, body=None, **headers):
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, V + path, json=body, headers=sent)

    def get(self, path):
        return self("GET", path)


def a_record(office):
    """Reads a page by rules and gives its digest."""
    stages = tuple((s, RULES.get(s, name)) for s, name in office.settings.stages)
    name = keep_upload(office.folder, PAGE.encode(), suffix=".txt")
    job = jobs.add(office.engine, "paste", name, account="1", now=office.now())
    desk = open_desk(replace(office.settings, stages=stages))
    run_job(job.id, desk=desk, folder=office.folder, engine=office.engine)
    return jobs.load(office.engine, job.id).record


@pytest.fixture
def program(office, add_account):
    """Makes programs of accounts with a role."""
    client = Browser(make_app(office)).client

    def make(role: Role, name: str = "Ada"):
        account = add_account(name, role)
        act = Act(account.id, "test", office.now())
        one = Program(client, accounts.new_token(office.engine, account.id, name="test", act=act))
        one.account = account
        return one

    return make


@pytest.fixture
def two(program):
    return program(Role.ADMIN, "Ada"), program(Role.EDITOR, "Ben")


class Review:
    """A review that programs work on, remembering the last ETag."""

    def __init__(self, program):
        answer = program("POST", "/reviews", {"content": CONTENT})
        assert answer.status_code == 201, answer.text
        self.keep(answer)
        self.path = f"/reviews/{self.body['id']}"

    def keep(self, answer):
        self.body, self.etag = answer.json(), answer.headers["etag"]

    def act(self, program, act, body, *, good=True):
        answer = program("POST", f"{self.path}/{act}", body, if_match=self.etag)
        if good:
            assert answer.status_code == 200, answer.text
            self.keep(answer)
        return answer

    def publish(self, *programs):
        for point in ("S1", "S2", "S3", "S5"):
            self.act(programs[0], "waive", {"point": point, "reason": "a test"})
        self.act(programs[0], "move", {"move": "hand_in"})
        for program in programs:
            self.act(program, "sign", {"content": self.body["content_digest"]})
        self.act(programs[0], "move", {"move": "close_signing"})
        self.act(programs[0], "move", {"move": "publish"})


def test_two_programs_sign_and_it_is_published(two, office):
    review = Review(two[0])
    review.publish(*two)
    assert review.body["state"] == "published"
    check = two[0].client.get(V + "/checks/" + review.body["id"]).json()
    assert check["signers"][0]["name"] == "Ada"
    assert check["markup"]["claimReviewed"] == CONTENT["claim"]
    assert check["contacts"] == ["Tomas Brill, asked on 2026-03-14 by telephone: no answer so far"]
    assert check["content"]["contacts"] == []
    assert broken(newsroom.audit_log(office.engine)) == ()


def test_a_change_without_an_etag_is_refused_and_with_an_old_one_too(two):
    review = Review(two[0])
    body = {"content": CONTENT | {"title": "Another"}}
    missing = two[0]("PUT", review.path, body)
    assert missing.status_code == 428
    assert missing.headers["content-type"] == "application/problem+json"
    done = two[0]("PUT", review.path, body, if_match=review.etag)
    assert done.status_code == 200
    assert done.json()["content"]["title"] == "Another"
    assert two[1]("PUT", review.path, body, if_match=review.etag).status_code == 412
    assert two[1]("PUT", review.path, body, if_match="*").status_code == 428


def test_a_signature_needs_the_digest_of_what_was_read(two):
    review = Review(two[0])
    review.act(two[0], "move", {"move": "hand_in"})
    wrong = two[1]("POST", review.path + "/sign", {"content": "0" * 64})
    assert wrong.status_code == 409
    assert "read it again" in wrong.json()["detail"]
    assert two[1]("POST", review.path + "/sign", {}).status_code == 422
    good = two[1]("POST", review.path + "/sign", {"content": review.body["content_digest"]})
    assert good.json()["signatures"][0]["name"] == "Ben"


def test_a_correction_waits_for_two_signatures(two):
    review = Review(two[0])
    review.publish(*two)
    better = CONTENT | {"reasoning": "Page 14 of the register names the day."}
    path = review.path + "/corrections"
    same = two[0]("POST", path, {"content": CONTENT, "reason": "Wrong page."})
    assert (same.status_code, same.json()["detail"]) == (409, "the correction changes nothing")
    waiting = two[0]("POST", path, {"content": better, "reason": "Wrong page."}).json()
    one = f"{path}/{waiting['id']}"
    assert two[0]("POST", one + "/publish").status_code == 409
    assert two[1]("POST", one + "/sign", {"content": "0" * 64}).status_code == 409
    signed = two[1]("POST", one + "/sign", {"content": waiting["content_digest"]})
    assert len(signed.json()["signatures"]) == 2
    assert two[1]("POST", one + "/publish").status_code == 200
    listed = two[0].get(path).json()
    assert [c["reason"] for c in listed["made"]] == ["Wrong page."]
    assert listed["waiting"] == []


def test_a_waiting_correction_can_be_given_up(two):
    review = Review(two[0])
    review.publish(*two)
    path = review.path + "/corrections"
    body = {"content": CONTENT | {"title": "x"}, "reason": "y"}
    waiting = two[0]("POST", path, body).json()["id"]
    assert two[0]("DELETE", f"{path}/{waiting}").status_code == 204
    assert two[0]("DELETE", f"{path}/{waiting}").status_code == 404


def test_a_retraction_leaves_a_tombstone_and_a_black_out_a_gap(two):
    review = Review(two[0])
    review.publish(*two)
    words = {"words": "on page 41", "ground": "court order"}
    assert two[1]("POST", review.path + "/black-out", words).status_code == 403
    review.act(two[0], "black-out", words)
    assert "page 41" not in review.body["content"]["reasoning"]
    assert review.act(two[0], "move", {"move": "retract"}, good=False).status_code == 409
    review.act(two[0], "move", {"move": "retract", "reason": "The register was forged."})
    check = two[0].client.get(V + "/checks/" + review.body["id"]).json()
    assert check["tombstone"] == "The register was forged."
    assert check["content"] is None
    assert check["markup"] is None


def test_a_preview_shows_the_gate_of_a_draft_to_the_desk_alone(two):
    review = Review(two[0])
    preview = two[0].get(review.path + "/preview").json()
    assert preview["gate"]
    assert two[0].client.get(V + review.path + "/preview").status_code == 401


def test_a_page_is_queued_and_its_job_is_found(program, office):
    one = program(Role.CONTRIBUTOR)
    answer = one("POST", "/pages", {"text": "The bridge opened in 1961.", "form": "txt"})
    assert answer.status_code == 202
    assert (
        one.client.get(answer.headers["location"], headers=one.headers).json()["state"] == "waiting"
    )
    assert one("POST", "/pages", {"url": "https://news.example/a1"}).json()["kind"] == "address"
    assert len(one.get("/jobs").json()["jobs"]) == 2
    job = jobs.recent(office.engine)[0]
    assert job.account == one.account.id


@pytest.mark.parametrize(
    "body",
    [{}, {"url": "https://a.example", "text": "b"}, {"url": "file:///etc/passwd"}, {"url": "x"},
     {"text": " "}, {"text": "a", "form": "exe"}, {"text": "a\x00"}],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_a_reason(program, body):
    answer = program(Role.CONTRIBUTOR)("POST", "/pages", body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("a.html", b"<p>The bridge opened.</p>", 202), ("a.exe", b"MZ", 422), ("a.txt", b" ", 422)],
)
def test_a_file_is_taken_by_its_ending(program, name, content, status):
    one = program(Role.CONTRIBUTOR)
    answer = one.client.post(
        V + "/pages/file", files={"file": (name, content)}, headers=one.headers
    )
    assert answer.status_code == status


def test_a_record_is_given_and_edited(program, office):
    digest = a_record(office)
    one = program(Role.CONTRIBUTOR)
    assert one.get("/records").json()["records"][0]["digest"] == digest
    record = one.get(f"/records/{digest}").json()["record"]
    text = record["page"]["text"]
    words = text.split(".")[0].split("\n")[-1].strip()
    edit = {"field": "claims", "act": "add", "words": words, "reason": "by hand"}
    made = one("POST", f"/records/{digest}/edits", edit)
    assert made.status_code == 201, made.text
    assert [e["reason"] for e in one.get(f"/records/{digest}/edits").json()["edits"]] == ["by hand"]
    bad = one("POST", f"/records/{digest}/edits", edit | {"words": "words that are not there"})
    assert bad.status_code == 422
    assert one.get("/records/" + "0" * 64).status_code == 404


def test_claims_are_listed_page_by_page_taken_and_left(program, office):
    a_record(office)
    one = program(Role.CONTRIBUTOR)
    seen, token = [], ""
    for _ in range(20):
        page = one.get(f"/claims?pageSize=1&pageToken={token}").json()
        seen += [claim["id"] for claim in page["claims"]]
        token = page["nextPageToken"]
        if not token:
            break
    everything = one.get("/claims").json()["claims"]
    assert seen == [claim["id"] for claim in everything]
    assert len(seen) == len(set(seen)) > 0
    taken = one("POST", f"/claims/{seen[0]}/take", {}).json()
    assert (taken["state"], taken["assigned"]) == ("taken", one.account.id)
    assert one.get("/claims?state=taken&assigned=me").json()["claims"][0]["id"] == seen[0]
    assert one("POST", f"/claims/{seen[0]}/take", {"account": ""}).json()["assigned"] == ""
    assert one("POST", f"/claims/{seen[0]}/leave").json()["state"] == "left"
    assert one("POST", "/claims/nothing/leave").status_code == 404
    assert one.get("/claims?pageToken=-e:1").status_code == 422


def test_a_review_begins_from_a_claim_of_a_record(program, office):
    digest = a_record(office)
    one = program(Role.CONTRIBUTOR)
    claim = one.get("/claims").json()["claims"][0]
    body = {"record": digest, "claim_id": claim["id"]}
    made = one("POST", "/reviews", body).json()
    assert made["content"]["claim"]
    assert one.get(f"/claims/{claim['id']}").json()["review"] == made["id"]
    assert one("POST", "/reviews", {"record": digest}).status_code == 422
    assert one("POST", "/reviews", body | {"claim_id": "none"}).status_code == 404


def test_reviews_are_listed_page_by_page(two):
    made = {Review(two[0]).body["id"] for _ in range(3)}
    first = two[0].get("/reviews?pageSize=2").json()
    second = two[0].get(f"/reviews?pageSize=2&pageToken={first['nextPageToken']}").json()
    assert {one["id"] for page in (first, second) for one in page["reviews"]} == made
    assert second["nextPageToken"] == ""
    assert two[0].get("/reviews?state=published").json()["reviews"] == []


def test_an_admin_keeps_accounts_and_everybody_their_own_tokens(two):
    ada, ben = two
    new = {"sign_in": "cleo", "name": "Cleo", "role": "reader", "password": "a long enough secret"}
    made = ada("POST", "/accounts", new)
    assert (made.status_code, made.json()["role"]) == (201, "reader")
    assert ada("POST", "/accounts", new).status_code == 409
    path = f"/accounts/{made.json()['id']}"
    assert ada("PUT", path, {"role": "editor", "is_active": False}).json()["is_active"] is False
    assert ada("PUT", "/accounts/nobody", {"role": "editor", "is_active": True}).status_code == 404
    assert "/desk/password/" in ada("POST", path + "/password-link").json()["link"]
    assert ben("POST", "/accounts", new).status_code == 403
    token = ben("POST", "/tokens", {"name": "mine"}).json()["token"]
    ids = {one["name"]: one["id"] for one in ben.get("/tokens").json()["tokens"]}
    fresh = Program(ben.client, token)
    assert fresh.get("/me").json()["name"] == "Ben"
    assert ada("DELETE", f"/tokens/{ids['mine']}").status_code == 404
    assert ben("DELETE", f"/tokens/{ids['mine']}").status_code == 204
    assert fresh.get("/me").status_code == 401
    log = ada.get("/audit?pageSize=3").json()
    assert [entry["number"] for entry in log["entries"]] == [1, 2, 3]
    assert ada.get(f"/audit?pageToken={log['nextPageToken']}").json()["entries"][0]["number"] == 4


def test_the_last_admin_stays(two):
    ada, _ = two
    answer = ada("PUT", f"/accounts/{ada.account.id}", {"role": "editor", "is_active": True})
    assert answer.status_code == 400
    assert "active admin" in answer.json()["detail"]


def test_a_program_in_a_signed_in_browser_sends_the_form_token(sign_in):
    browser = sign_in(Role.EDITOR)
    body = {"content": CONTENT}
    assert browser.client.post(V + "/reviews", json=body).status_code == 403
    token = browser.get(V + "/me").json()["form_token"]
    sent = {"x-form-token": token}
    assert browser.client.post(V + "/reviews", json=body, headers=sent).status_code == 201
    foreign = sent | {"origin": "https://evil.example"}
    assert browser.client.post(V + "/reviews", json=body, headers=foreign).status_code == 403


def test_a_repeated_request_is_done_once(two):
    ada, ben = two
    first = ada("POST", "/reviews", {"content": CONTENT}, idempotency_key="k1")
    again = ada("POST", "/reviews", {"content": CONTENT}, idempotency_key="k1")
    assert first.json() == again.json()
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    other = ada("POST", "/reviews", {}, idempotency_key="k1")
    assert other.status_code == 422
    assert (
        ben("POST", "/reviews", {"content": CONTENT}, idempotency_key="k1").json() != first.json()
    )
    assert len(ada.get("/reviews").json()["reviews"]) == 2


def test_a_key_keeps_neither_a_refusal_nor_a_secret_nor_longer_than_a_day(two, office):
    ada, ben = two
    assert ben("POST", "/accounts", {}, idempotency_key="k").status_code == 403
    assert ada("POST", "/pages", {"url": "x"}, idempotency_key="k").status_code == 422
    assert ada("POST", "/pages", {"text": "x"}, idempotency_key="k").status_code == 202
    assert ada("POST", "/tokens", {"name": "t"}, idempotency_key="s").status_code == 201
    assert ada("POST", "/tokens", {"name": "t"}, idempotency_key="s").status_code == 409
    with office.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM kept_answers").scalars().all()
    assert not [body for body in kept if b"onrecord_" in body]
    later = office.clock() + timedelta(hours=25)
    assert kept_answers.begin(office.engine, "another", asked="a", now=later) is None
    with office.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept_answers").scalar() == 1


def test_a_typed_claim_is_looked_up(program, monkeypatch):
    from onrecord.claims.typed import typed_claim
    from onrecord.compose import ClaimAnswer

    class Desk:
        def claim(self, text):
            return ClaimAnswer(typed_claim(text))

    monkeypatch.setattr("onrecord.compose.open_desk", lambda _: Desk())
    answer = program(Role.READER)("POST", "/claims:check", {"text": "The bridge cost 12 million."})
    assert answer.json()["kind"] == "quantity"
    assert answer.json()["matches"] is None


def test_search_says_when_there_is_nothing_to_search(program):
    one = program(Role.READER)
    for name in ("library", "collection"):
        answer = one.get(f"/{name}:search?words=bridge")
        assert answer.status_code == 409
        assert "has no" in answer.json()["detail"]


def test_counts_tell_what_waits(program, office):
    a_record(office)
    one = program(Role.CONTRIBUTOR)
    Review(one)
    told = one.get("/counts").json()
    assert told["claims_by_state"]["new"] > 0
    assert told["reviews_by_state"]["draft"] == 1


def test_replies_are_moderated_by_state(program, office):
    one = program(Role.EDITOR)
    Review(one)
    review = one.get("/reviews").json()["reviews"][0]["id"]
    row = {
        "id": "a" * 16, "review": review, "parent": "", "kind": "comment", "state": "held",
        "name": "Reader", "text": "It opened in 1962.", "at": office.now(), "score": 0.4,
        "reasons": '{"reasons": [], "before": ""}', "shape": "", "decided_by": "", "decided": office.now(),
    }  # fmt: skip
    with office.engine.begin() as connection:
        connection.execute(replies.insert().values(row))
    [held] = one.get("/replies").json()["replies"]
    assert held["text"] == "It opened in 1962."
    path = f"/replies/{held['id']}"
    body = {"state": "rejected", "expected": "held"}
    assert one("POST", path + "/undo").status_code == 409
    assert one("POST", path + "/decide", body).json()["state"] == "rejected"
    assert one("POST", path + "/decide", body).status_code == 409
    assert one("POST", path + "/undo").json()["state"] == "held"
    assert one("POST", "/replies/nothing/decide", body).status_code == 404


def test_an_admin_makes_a_link_to_a_writers_own_data(two):
    ada, ben = two
    body = {"purpose": "export", "email": "somebody@reader.example"}
    answer = ada("POST", "/privacy-links", body, idempotency_key="p")
    assert "/privacy/export/" in answer.json()["link"]
    assert ada("POST", "/privacy-links", body, idempotency_key="p").status_code == 409
    assert ben("POST", "/privacy-links", body).status_code == 403
    bad = ada("POST", "/privacy-links", {"purpose": "export", "email": "somebody"})
    assert bad.status_code == 422
    assert "somebody" not in bad.text


def test_every_error_is_a_problem_document(browser):
    for method, path, status in [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/reviews", 401),
        ("PATCH", "/api/v1/reviews", 405),
        ("POST", "/api/v1/reviews", 401),
        ("GET", "/api/v1/checks/x", 404),
        ("GET", "/api/v1/checks?pageSize=0", 422),
    ]:
        answer = browser.client.request(method, path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert (body["status"], body["instance"]) == (status, path.partition("?")[0])
    assert browser.client.get("/api/v1/reviews").headers["www-authenticate"] == "Bearer"
    assert "GET" in browser.client.patch("/api/v1/reviews").headers["allow"]


def test_a_refused_body_is_never_repeated(two):
    body = {"sign_in": "x", "name": "y", "role": "king", "password": "my secret pass"}
    answer = two[0]("POST", "/accounts", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "body.role"
    assert "secret" not in answer.text


def test_the_document_names_every_route_of_the_api_and_no_other(browser):
    document = browser.get("/openapi.json").json()
    assert document == browser.get(V + "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    named = {(m.upper(), p) for p, ops in document["paths"].items() for m in ops}
    assert named == {(r.method, r.path) for r in ROUTES if r.is_api}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert "Problem" in json.dumps(operation["responses"]["422"])
    bodies = [
        s for n, s in document["components"]["schemas"].items() if n.startswith(("New", "Content"))
    ]
    assert bodies
    assert all(schema["additionalProperties"] is False for schema in bodies)


def test_a_published_check_is_found_by_words(two):
    review = Review(two[0])
    review.publish(*two)
    client = two[0].client
    assert client.get(V + "/checks?words=bridge").json()["checks"][0]["id"] == review.body["id"]
    assert client.get(V + "/checks?words=lake").json()["checks"] == []
    assert client.get(V + "/checks?pageSize=1").json()["nextPageToken"] == ""
