"""Nothing of a draft is seen from outside, and nothing comes in by a field that is not there.

A5: every route that anybody may ask is asked with the ids of things that are not public, and the
answer is that of a thing that never was. A6: what only the desk sets is sent in every body.
"""

from __future__ import annotations

import re

import pytest

from onrecord.newsroom.corrections import PendingCorrection
from onrecord.newsroom.review import CitedSource, Review, ReviewContent, Signature, content_digest
from onrecord.record import Capture
from onrecord.store import captures, jobs, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import CorrectionKind, ReviewState, Role
from onrecord.web.app import ROUTES
from onrecord.web.routes import ANYBODY, changes
from tests.web.test_api import CONTENT, V, program, two  # noqa: F401 - fixtures

NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "test", NOW)
CANARY = "zugvogel"  # stands in every text that is not public
PUBLIC = {ReviewState.PUBLISHED, ReviewState.RETRACTED}
OPEN_GETS = [r for r in ROUTES if r.who == ANYBODY and r.method == "GET"]


def put(office, state, review_id, words):
    source = CitedSource(f"{words} source", f"https://{words}.example/", words, "for", words)
    content = ReviewContent(
        f"{words} claim", title=f"{words} title", claimant=words, rating="True", summary=words,
        reasoning=words, why=words, sources=(source,),
    )  # fmt: skip
    mark = Signature("1", "Ada", NOW, content_digest(content))
    published = NOW if state in PUBLIC else ""
    review = Review(review_id, content, state, (mark,), side=CANARY, published=published, version=1)
    return newsroom.save(office.engine, review, expected=None, act=ACT)


@pytest.fixture
def hidden(office):
    """Ids and ETags of what nobody outside may see, with a published check beside it."""
    drafts = [
        put(office, state, f"{number:016x}", f"{CANARY}{number}")
        for number, state in enumerate(ReviewState, 16)
        if state not in PUBLIC
    ]
    put(office, ReviewState.PUBLISHED, "public0000000000", "sparrow")
    capture = Capture(f"https://{CANARY}.example/", NOW, "text/html", CANARY.encode())
    kept = captures.keep(office.engine, office.folder, capture=capture)
    job = jobs.add(office.engine, "address", f"https://{CANARY}.example", account="1", now=NOW)
    content = ReviewContent(f"{CANARY} correction")
    kind = CorrectionKind.CORRECTION
    pending = PendingCorrection("public0000000000", kind, content, CANARY, "1", NOW)
    newsroom.save_pending(office.engine, "pending000000000", pending, act=ACT)
    ids = [one.review.id for one in drafts]
    return [*ids, job.id, kept.digest, "pending000000000"], [one.digest for one in drafts]


def filled(path, name):
    """The path with a name in every place of an id."""
    return re.sub(r"\{[\w:]+\}", name, path.replace("{form}", "md"))


def without_echo(text, path):
    """The answer without what it repeats of the question."""
    return text.replace(path, "")


def test_every_open_route_answers_for_a_draft_as_for_what_never_was(browser, hidden):
    ids, etags = hidden
    never = "f" * 16
    for route in OPEN_GETS:
        if "{" not in route.path:
            continue
        for one in ids:
            known, unknown = (filled(route.path, name) for name in (one, never))
            for etag in ("", *etags[:1]):
                headers = {"if-none-match": f'"{etag}"'} if etag else {}
                found, missing = (browser.get(path, headers=headers) for path in (known, unknown))
                assert found.status_code == missing.status_code or len(one) == 64, known
                assert CANARY not in found.text, known
                assert "etag" not in found.headers or found.status_code < 300, known
                if found.status_code == missing.status_code:
                    same = (without_echo(found.text, known), without_echo(missing.text, unknown))
                    assert _no_tokens(same[0]) == _no_tokens(same[1]), known


def test_lists_feeds_and_searches_hold_nothing_of_a_draft(browser, hidden):
    ids, etags = hidden
    for route in OPEN_GETS:
        if "{" in route.path:
            continue
        for query in ("", f"?words={CANARY}", f"?query={CANARY}", "?words=claim"):
            answer = browser.get(route.path + query)
            shown = answer.text.replace(f'value="{CANARY}"', "").replace(f"words={CANARY}", "")
            for secret in (CANARY, *ids, *etags):
                assert secret not in shown, (route.path, query, secret)


def test_the_public_check_does_not_say_what_waits_for_it(browser, hidden):
    for path in ("/checks/public0000000000", V + "/checks/public0000000000"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text


def test_every_closed_route_tells_anybody_nothing(browser, hidden):
    ids, _ = hidden
    for route in ROUTES:
        if route.who == ANYBODY:
            continue
        for one in (ids[0], "f" * 16):
            path = filled(route.path, one)
            answer = browser.client.request(route.method, path, json={} if route.is_api else None)
            assert answer.status_code == 401, path
            assert CANARY not in answer.text


EXTRA = [
    {"state": "published"},
    {"role": "admin"},
    {"signatures": [{"account": "1", "name": "Ada", "at": NOW, "content": "x"}]},
    {"verdict_signed_by": "Ada"},
    {"published_at": NOW},
    {"published": NOW},
    {"version": 7},
    {"id": "mine"},
    {"assigned": "1"},
    {"__proto__": {"role": "admin"}},
]
BODIES = {
    "api_add_page": {"text": "a page"},
    "api_make_edit": {"field": "claims", "act": "reject", "target": "x"},
    "api_take": {"account": "me"},
    "api_check_text": {"text": "a claim"},
    "api_new_review": {"content": CONTENT},
    "api_edit_review": {"content": CONTENT},
    "api_sign": {"content": "0" * 64},
    "api_move": {"move": "hand_in"},
    "api_waive": {"point": "P8", "reason": "x"},
    "api_propose_correction": {"content": CONTENT, "reason": "x"},
    "api_sign_correction": {"content": "0" * 64},
    "api_black_out": {"words": "x", "ground": "y"},
    "api_add_account": {"sign_in": "x", "name": "X", "role": "reader", "password": "a" * 11 + "bcdef"},
    "api_change_account": {"role": "reader", "is_active": True},
    "api_new_token": {"name": "x"},
    "api_privacy_link": {"purpose": "erase", "email": "somebody@reader.example"},
    "api_decide_reply": {"state": "shown", "expected": "held"},
}  # fmt: skip
# These take no body, or a file.
BODILESS = {"api_add_file", "api_leave", "api_password_link", "api_end_token", "api_undo_reply", "api_notice_seen",
            "api_publish_correction", "api_drop_correction"}  # fmt: skip


def test_every_route_that_takes_a_body_is_tried():
    named = {route.name for route in ROUTES if route.is_api and changes(route)}
    assert named == BODIES.keys() | BODILESS


@pytest.mark.parametrize("name", BODIES)
def test_a_field_that_is_not_named_is_refused(two, office, name):  # noqa: F811
    route = next(route for route in ROUTES if route.name == name)
    draft = put(office, ReviewState.DRAFT, "d" * 16, "sparrow")
    path = route.path.removeprefix(V).replace("{review_id}", draft.review.id)
    path = re.sub(r"\{\w+\}", "0" * 64, path)
    before = _state(office)
    for extra in EXTRA:
        own = set(extra) & set(BODIES[name])
        if own:
            continue
        answer = two[0](route.method, path, BODIES[name] | extra, if_match=f'"{draft.digest}"')
        assert answer.status_code == 422, (extra, answer.text)
        if "content" in BODIES[name] and isinstance(BODIES[name]["content"], dict):
            inside = BODIES[name] | {"content": CONTENT | extra}
            answer = two[0](route.method, path, inside, if_match=f'"{draft.digest}"')
            assert answer.status_code == 422, (extra, answer.text)
    assert _state(office) == before


def test_a_form_with_fields_of_the_desk_sets_none_of_them(sign_in, office):
    browser = sign_in(Role.CONTRIBUTOR)
    at = browser.send("/desk/reviews", at="/desk/reviews").headers["location"]
    extra = {
        "state": "published", "published": NOW, "version": "9", "id": "mine", "role": "admin",
        "signatures": "Ada", "signatures-0-name": "Ada", "waivers-0-point": "P8", "created": NOW,
    }  # fmt: skip
    assert browser.send(at, claim="The bridge opened", **extra).status_code == 303
    review = newsroom.load(office.engine, at.rsplit("/", 1)[1]).review
    assert review.content.claim == "The bridge opened"
    assert (review.state, review.published, review.version) == (ReviewState.DRAFT, "", 0)
    assert (review.signatures, review.waivers) == ((), ())


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.EDITOR, Role.ADMIN])
def test_a_role_makes_the_moves_of_the_table_and_no_other(program, office, role):  # noqa: F811
    from onrecord.newsroom.review import MOVES

    one = program(role, "Cleo")
    for state in ReviewState:
        put(office, state, f"{state.value:x<16}", "sparrow")
        path = f"/reviews/{state.value:x<16}"
        told = one.get(path).json()["moves"]
        assert told == [
            m.name for m in MOVES.values() if state in m.origins and one.account.may(m.role)
        ]
        for name in MOVES.keys() - set(told):
            etag = one.get(path).headers["etag"]
            answer = one("POST", path + "/move", {"move": name, "reason": "x"}, if_match=etag)
            assert answer.status_code in {403, 409}, (state, name)
            assert one.get(path).headers["etag"] == etag


def _no_tokens(text):
    """Without form tokens and times, which differ from answer to answer."""
    return re.sub(r"[0-9a-f]{64}|[0-9a-f]{16}|\d{4}-\d\d-\d\dT[\d:+]+", "", text)


def _state(office):
    tables = ("reviews", "accounts", "audit", "jobs", "pending_corrections", "edits")
    with office.engine.connect() as connection:
        return [connection.exec_driver_sql(f"SELECT * FROM {t}").all() for t in tables]
