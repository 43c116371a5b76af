from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from onrecord.store import accounts
from onrecord.terms import Role
from onrecord.web.app import HEADERS, ROUTES, make_app
from onrecord.web.routes import ANYBODY, Route, changes
from tests.web.conftest import ADDRESS, PASSWORD


def test_every_route_names_who_may_ask_it():
    assert all(isinstance(route.who, Role) or route.who == ANYBODY for route in ROUTES)
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def test_the_first_account_is_an_admin_and_only_the_first(browser, office):
    page = browser.get("/desk/sign-in")
    assert page.headers["location"] == "/desk/first"
    fields = {"sign_in": "Ada", "name": "Ada Quill", "password": PASSWORD}
    assert browser.send("/desk/first", **fields).headers["location"] == "/desk"
    [(account, sign_in, is_active)] = accounts.every(office.engine)
    assert (account.role, sign_in, is_active) == (Role.ADMIN, "ada", True)
    again = browser.get("/desk/first")
    assert again.headers["location"] == "/desk/sign-in"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"sign_in": "ada", "name": "Ada Quill", "password": "short"}, "at least 12"),
        ({"sign_in": "ada", "name": "Ada Quill", "password": "a" * 20}, "over and over"),
        ({"sign_in": " ", "name": "Ada Quill", "password": PASSWORD}, "needs a sign-in name"),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(browser, fields, fault):
    answer = browser.send("/desk/first", **fields)
    assert answer.status_code == 422
    assert fault in answer.text
    assert 'value="Ada Quill"' in answer.text
    assert PASSWORD not in answer.text


def test_signing_out_ends_the_sign_in(sign_in, office):
    browser = sign_in(Role.READER)
    cookie = browser.client.cookies["onrecord_session"]
    assert browser.client.post("/desk/sign-out", data={"form_token": "x"}).status_code == 403
    session = accounts.session(office.engine, cookie, now=office.clock())
    assert session is not None
    accounts.close_session(office.engine, cookie)
    assert accounts.session(office.engine, cookie, now=office.clock()) is None


def test_a_sign_in_gets_a_new_cookie_and_ends_in_time(sign_in, office):
    browser = sign_in(Role.READER)
    cookie = browser.client.cookies["onrecord_session"]
    later = office.clock() + timedelta(hours=office.settings.serve.session_hours, minutes=1)
    assert accounts.session(office.engine, cookie, now=later) is None


def test_wrong_name_and_wrong_password_get_the_same_answer(browser, add_account):
    add_account("Ada", Role.EDITOR)
    answers = [
        browser.send("/desk/sign-in", name=name, password="wrong" * 4).text
        for name in ("ada", "bob")
    ]
    assert answers[0].replace('value="ada"', "") == answers[1].replace('value="bob"', "")


def test_after_ten_failures_even_the_right_password_waits(browser, add_account, office):
    add_account("Ada", Role.EDITOR)
    for _ in range(10):
        accounts.keep_attempt(office.engine, "name ada", now=office.clock(), key=office.key)
    assert browser.send("/desk/sign-in", name="ada", password=PASSWORD).status_code == 401


def test_a_new_password_ends_every_sign_in_and_the_link_works_once(sign_in, browser, office):
    old = sign_in(Role.EDITOR)
    [(account, _, _)] = accounts.every(office.engine)
    link = accounts.new_link(office.engine, "password", account.id, now=office.clock())
    path = f"/desk/password/{link}"
    assert browser.send(path, password="another good secret").status_code == 303
    assert (
        accounts.session(office.engine, old.client.cookies["onrecord_session"], now=office.clock())
        is None
    )
    assert browser.send(path, password="yet another secret").status_code == 410


GUARDED = [r for r in ROUTES if changes(r) and not r.is_kept_apart]


@pytest.mark.parametrize("route", GUARDED, ids=lambda r: r.name)
def test_nothing_changes_without_a_form_token_or_from_another_site(route: Route, sign_in):
    browser = sign_in(Role.ADMIN)
    path = route.path.replace("{token}", "x")
    token = browser.token("/desk/password/x")
    assert browser.client.request(route.method, path).status_code == 403
    answer = browser.client.request(route.method, path, data={"form_token": "0" * 64})
    assert answer.status_code == 403
    foreign = {"origin": "https://evil.example"}
    answer = browser.client.request(route.method, path, data={"form_token": token}, headers=foreign)
    assert answer.status_code == 403


def test_every_answer_carries_the_headers(browser):
    for path in ("/desk/sign-in", "/nowhere", "/static/style.css"):
        answer = browser.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_cookies_are_secure_away_from_loopback(office, add_account):
    add_account("Ada", Role.READER)
    client = TestClient(make_app(office), base_url="https://desk.example", follow_redirects=False)
    cookie = client.get("/desk/sign-in").headers["set-cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_the_last_admin_cannot_be_closed(add_account, office):
    from onrecord.errors import StoreError
    from onrecord.store.newsroom import Act

    admin = add_account("Ada", Role.ADMIN)
    with pytest.raises(StoreError, match="active admin"):
        accounts.change(
            office.engine,
            admin.id,
            role=Role.READER,
            is_active=True,
            act=Act("", "x", office.now()),
        )


def test_a_proxy_is_believed_only_when_it_is_trusted(office):
    from dataclasses import replace

    from starlette.requests import Request

    from onrecord.web.access import sender_address

    scope = {
        "type": "http",
        "client": ("10.0.0.1", 1),
        "headers": [(b"x-forwarded-for", b"203.0.113.9, 10.0.0.2")],
    }
    assert sender_address(Request(scope), office) == "10.0.0.1"
    serve = replace(office.settings.serve, trusted_proxies=("10.0.0.1", "10.0.0.2"))
    behind = replace(office, settings=replace(office.settings, serve=serve))
    assert sender_address(Request(scope), behind) == "203.0.113.9"


def test_addresses_are_the_desks_own(office):
    assert office.desk_name.url == ADDRESS
