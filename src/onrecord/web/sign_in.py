"""Signing in and out, the first account, and a new password by a one-time link."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import StoreError
from onrecord.store import accounts
from onrecord.store.newsroom import Act, log
from onrecord.terms import Role
from onrecord.web.access import (
    SESSION_COOKIE,
    account_of,
    sender_address,
    set_cookie,
)
from onrecord.web.office import office_of
from onrecord.web.pages import page, see_other
from onrecord.web.routes import ANYBODY, Route

__all__ = ["MIN_PASSWORD", "ROUTES", "hashed", "password_fault"]

MIN_PASSWORD = 12
# Failed sign-ins about one name, and from one address, before the next must wait.
MAX_FAILED, MAX_FAILED_ADDRESS, WINDOW = 10, 40, timedelta(minutes=15)
# OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked where no such account is, so that both answers take as long.
_NOBODY = _HASHER.hash("nobody has this password")
WRONG = "name or password is wrong, or there were too many tries; wait a quarter of an hour"


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its salt and cost."""
    return _HASHER.hash(password)


def password_fault(password: str) -> str:
    """Why a password is refused, or `""`."""
    if len(password) < MIN_PASSWORD:
        return f"a password has at least {MIN_PASSWORD} characters"
    if len(set(password)) < 5:
        return "this password is one character over and over"
    return ""


def show_sign_in(request: Request) -> Response:
    office = office_of(request)
    if not accounts.every(office.engine):
        return see_other("/desk/first")
    return page(request, office, "sign_in.html", fault="", name="")


def enter(
    request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    office = office_of(request)
    began = time.monotonic()
    now = office.clock()
    sender = sender_address(request, office)
    since = now - WINDOW
    failed = accounts.attempts(office.engine, f"name {name}", since=since, key=office.key)
    from_there = accounts.attempts(office.engine, f"from {sender}", since=since, key=office.key)
    found = accounts.by_sign_in(office.engine, name)
    right = _fits(found[1] if found else _NOBODY, password)
    is_blocked = failed >= MAX_FAILED or from_there >= MAX_FAILED_ADDRESS
    if found is None or not right or is_blocked:
        for about in (f"name {name}", f"from {sender}"):
            accounts.keep_attempt(office.engine, about, now=now, key=office.key)
        _level(began)
        return page(request, office, "sign_in.html", status=401, fault=WRONG, name=name)
    account = found[0]
    hours = office.settings.serve.session_hours
    token = accounts.open_session(office.engine, account.id, now=now, hours=hours)
    log(office.engine, Act(account.id, "sign in", office.now()), target="desk")
    response = see_other("/desk")
    set_cookie(response, request, office, name=SESSION_COOKIE, value=token)
    return response


def leave(request: Request) -> Response:
    office = office_of(request)
    cookie = request.cookies.get(SESSION_COOKIE, "")
    accounts.close_session(office.engine, cookie)
    account = account_of(request)
    log(office.engine, Act(account.id, "sign out", office.now()), target="desk")
    response = see_other("/desk/sign-in")
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def show_first(request: Request) -> Response:
    office = office_of(request)
    if accounts.every(office.engine):
        return see_other("/desk/sign-in")
    return page(request, office, "first.html", fault="", name="", sign_in="")


def make_first(
    request: Request,
    sign_in: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    office = office_of(request)
    if accounts.every(office.engine):
        return see_other("/desk/sign-in")
    fault = password_fault(password)
    if not fault:
        try:
            account = accounts.add(
                office.engine,
                sign_in=sign_in,
                name=name,
                role=Role.ADMIN,
                password=hashed(password),
                act=Act("", "first account", office.now()),
            )
        except StoreError as error:
            fault = str(error)
    if fault:
        return page(
            request, office, "first.html", status=422, fault=fault, name=name, sign_in=sign_in
        )
    hours = office.settings.serve.session_hours
    token = accounts.open_session(office.engine, account.id, now=office.clock(), hours=hours)
    response = see_other("/desk")
    set_cookie(response, request, office, name=SESSION_COOKIE, value=token)
    return response


def show_reset(request: Request, token: str) -> Response:
    office = office_of(request)
    return page(request, office, "password.html", fault="", link=token)


def reset(request: Request, token: str, password: Annotated[str, Form()] = "") -> Response:
    office = office_of(request)
    fault = password_fault(password)
    if fault:
        return page(request, office, "password.html", status=422, fault=fault, link=token)
    subject = accounts.use_link(office.engine, token, "password", now=office.clock())
    if subject is None:
        fault = "this link was used or has expired; ask an admin for another"
        return page(request, office, "password.html", status=410, fault=fault, link=token)
    act = Act(subject, "set password", office.now())
    accounts.set_password(office.engine, subject, hashed(password), act=act)
    return see_other("/desk/sign-in")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk/sign-in", "sign_in", ANYBODY, show_sign_in),
    Route("POST", "/desk/sign-in", "enter", ANYBODY, enter),
    Route("POST", "/desk/sign-out", "leave", Role.READER, leave),
    Route("GET", "/desk/first", "first", ANYBODY, show_first),
    Route("POST", "/desk/first", "make_first", ANYBODY, make_first),
    Route("GET", "/desk/password/{token}", "show_reset", ANYBODY, show_reset),
    Route("POST", "/desk/password/{token}", "reset", ANYBODY, reset),
)

# Every refused sign-in takes at least so long, whatever it was refused for.
_LEAST_SECONDS = 0.25


def _level(began: float) -> None:
    time.sleep(max(0.0, _LEAST_SECONDS - (time.monotonic() - began)))


def _fits(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
