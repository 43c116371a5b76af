"""Who may ask what: every route with the lowest role that may, and each role asks each route.

`MATRIX` is written down a second time here on purpose: a route that is not in it fails, and so
does one whose role was changed without changing this table.
"""

from __future__ import annotations

import re

import pytest

from onrecord.newsroom.review import Review, ReviewContent, Signature, content_digest
from onrecord.store import accounts, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState, Role
from onrecord.web.app import ROUTES, make_app
from onrecord.web.routes import changes
from tests.web.conftest import Browser

NOW = "2026-03-14T08:20:00+00:00"
# K: an interface of another service, which takes one of our tokens where the service has its key.
K = "anybody by key"
A, R, C, E, D = "anybody", "reader", "contributor", "editor", "admin"
MATRIX = {
    "index": A,
    "check": A,
    "corrections": A,
    "method": A,
    "organisation": A,
    "archived": A,
    "memento": A,
    "memento_head": A,
    "timegate": A,
    "timegate_head": A,
    "timemap": A,
    "timemap_head": A,
    "atom": A,
    "json_feed": A,
    "data_feed": A,
    "corrections_feed": A,
    "sign_in": A,
    "enter": A,
    "leave": R,
    "first": A,
    "make_first": A,
    "show_reset": A,
    "reset": A,
    "queue": R,
    "take": C,
    "leave_claim": C,
    "show_add": C,
    "add_address": C,
    "add_text": C,
    "add_file": C,
    "job": R,
    "records": R,
    "record": R,
    "record_json": R,
    "make_edit": C,
    "reviews": R,
    "new_review": C,
    "review": R,
    "preview": R,
    "save_review": C,
    "sign": E,
    "move": C,
    "waive": E,
    "propose_correction": C,
    "sign_pending": E,
    "make_correction": E,
    "drop_correction": E,
    "black_out": D,
    "search": R,
    "dashboard": R,
    "notices": R,
    "notice_seen": C,
    "export_locker": R,
    "accounts": R,
    "add_account": D,
    "change_account": D,
    "password_link": D,
    "new_token": R,
    "end_token": R,
    "audit": D,
    "replies": A,
    "send_reply": A,
    "moderation": C,
    "decide_reply": E,
    "undo_reply": E,
    "privacy": A,
    "ask_privacy": A,
    "privacy_link": A,
    "use_privacy_link": A,
    "make_privacy_link": D,
    "processing": A,
    "google_search": K,
    "google_images": K,
    "claimbuster_sentences": K,
    "claimbuster_text": K,
    "claimbuster_post_sentences": K,
    "claimbuster_post": K,
    "claimbuster_paragraphs": K,
    "claimbuster_post_paragraphs": K,
    "akismet_verify": K,
    "akismet_check": K,
    "akismet_spam": K,
    "akismet_ham": K,
    "settings": D,
    "export_check": A,
    "export_review": R,
    "openapi": A,
    "api_openapi": A,
    "api_checks": A,
    "api_check": A,
    "api_add_page": C,
    "api_add_file": C,
    "api_jobs": R,
    "api_job": R,
    "api_records": R,
    "api_record": R,
    "api_edits": R,
    "api_make_edit": C,
    "api_claims": R,
    "api_check_text": R,
    "api_claim": R,
    "api_take": C,
    "api_leave": C,
    "api_reviews": R,
    "api_new_review": C,
    "api_review": R,
    "api_edit_review": C,
    "api_preview": R,
    "api_sign": E,
    "api_move": C,
    "api_waive": E,
    "api_corrections": R,
    "api_propose_correction": C,
    "api_sign_correction": E,
    "api_publish_correction": E,
    "api_drop_correction": E,
    "api_black_out": D,
    "api_library": R,
    "api_collection": R,
    "api_counts": R,
    "api_notices": R,
    "api_notice_seen": C,
    "api_privacy_link": D,
    "api_myself": R,
    "api_accounts": D,
    "api_add_account": D,
    "api_change_account": D,
    "api_password_link": D,
    "api_tokens": R,
    "api_new_token": R,
    "api_end_token": R,
    "api_audit": D,
    "api_replies": C,
    "api_reply": C,
    "api_decide_reply": E,
    "api_undo_reply": E,
}
ASKERS = (None, *Role)
RANK = {None: 0, **{role.value: number for number, role in enumerate(Role, 1)}, A: 0}


@pytest.fixture
def askers(office, add_account):
    """A client and the token of each role; a draft and a published check are there."""
    made = {None: ""}
    for role in Role:
        account = add_account(role.value, role)
        act = Act(account.id, "test", NOW)
        made[role] = accounts.new_token(office.engine, account.id, name="test", act=act)
    content = ReviewContent("The bridge opened in 1961", rating="True")
    mark = Signature("1", "Ada", NOW, content_digest(content))
    for review_id, state in (("draft", ReviewState.DRAFT), ("public", ReviewState.PUBLISHED)):
        review = Review(review_id, content, state, (mark,), published=NOW, version=1)
        newsroom.save(office.engine, review, expected=None, act=Act("1", "test", NOW))
    return Browser(make_app(office)), made


def ask(browser, route, token, *, review_id):
    """Asks a route as it wants to be asked, with ids of things that are or are not there."""
    path = re.sub(r"\{review_id\}", review_id, route.path)
    path = re.sub(r"\{digest\}", "0" * 64, path).replace("{form}", "md")
    path = re.sub(r"\{\w+\}", "nothing", path)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if not token and changes(route):
        headers["x-form-token"] = browser.token()
    options = {"json": {}} if route.is_api and changes(route) else {}
    return browser.client.request(route.method, path, headers=headers, **options)


def test_every_route_is_in_the_matrix_with_its_role():
    found = {route.name: str(getattr(route.who, "value", route.who)) for route in ROUTES}
    assert found == {name: "anybody" if who == K else who for name, who in MATRIX.items()}


def test_names_and_paths_of_routes_are_told_apart():
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("review_id", ["draft", "public"])
@pytest.mark.parametrize("role", ASKERS, ids=lambda role: role.value if role else "anonymous")
def test_each_role_is_let_through_exactly_where_the_matrix_says(askers, role, review_id):
    browser, tokens = askers
    wrong = []
    for route in ROUTES:
        # Asking these would make the first account or wait for a refused password.
        if route.name in {"enter", "make_first"} or route.name not in MATRIX:
            continue
        answer = ask(browser, route, tokens[role], review_id=review_id)
        if MATRIX[route.name] == K:
            if (
                role is None
                and answer.status_code not in {401, 403, 501}
                and answer.text != "invalid"
            ):
                wrong.append((route.name, answer.status_code))
            continue
        refused = {401, 403} & {answer.status_code}
        may = RANK[role.value if role else None] >= RANK[MATRIX[route.name]]
        expected = set() if may else ({401} if role is None else {403})
        if refused != expected or answer.status_code >= 500:
            wrong.append((route.name, answer.status_code))
        browser.client.cookies.clear()
    assert not wrong
