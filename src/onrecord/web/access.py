"""Who may ask what: sign-in by cookie or token, the role of each route, and form tokens.

A route is let through only when its `who` is met; what changes something must also carry a form
token that belongs to the same browser, and must not come from another site. API calls with a token
in their `Authorization` header carry no cookie that another site could use, and need no form token.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from onrecord.newsroom.review import Account
from onrecord.store import accounts
from onrecord.terms import Role
from onrecord.web.office import Office
from onrecord.web.routes import ANYBODY, Route, changes

if TYPE_CHECKING:
    from onrecord.store.accounts import Session

__all__ = [
    "FORM_COOKIE",
    "FORM_FIELD",
    "FORM_HEADER",
    "MAX_FIELD",
    "SESSION_COOKIE",
    "Refused",
    "account_of",
    "form_token",
    "guard",
    "is_loopback",
    "sender_address",
    "set_cookie",
]

SESSION_COOKIE, FORM_COOKIE = "onrecord_session", "onrecord_form"
FORM_FIELD, FORM_HEADER = "form_token", "x-form-token"
# Of one text field, in bytes; `limits.py` counts the whole body before.
MAX_FIELD = 4_000_000
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class Refused(Exception):  # noqa: N818 - it is an answer to the browser, not a fault of ours
    """A request that is not let through: the status, and what is said."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def guard(route: Route, office: Office) -> Callable[[Request], Awaitable[None]]:
    """The check that runs before a route: raises `Refused`, or leaves who asks in `request.state`.

    401 where nobody is signed in, 403 for too low a role, a missing form token or another site.
    """

    async def check(request: Request) -> None:
        if "authorization" in request.headers or SESSION_COOKIE in request.cookies:
            await run_in_threadpool(_identify, request, office)
        else:
            request.state.account = request.state.session = None
            request.state.has_token = False
        who = request.state.account
        if isinstance(route.who, Role):
            if who is None:
                raise Refused(401, "sign in first")
            if not who.may(route.who):
                raise Refused(403, f"this needs the role {route.who.value!r}")
        elif route.who != ANYBODY:
            raise Refused(403, "this route names nobody who may ask it")
        if changes(route) and not request.state.has_token and not route.is_kept_apart:
            await _check_form(request, office)

    return check


def account_of(request: Request) -> Account:
    """The account that asks; only behind a route with a role."""
    account: Account | None = request.state.account
    if account is None:
        raise Refused(401, "sign in first")
    return account


def form_token(request: Request, office: Office) -> str:
    """The token that forms on this browser's pages carry, made from a cookie and the desk's key."""
    return _token(office.key, _browser(request))


def set_cookie(
    response: Response, request: Request, office: Office, *, name: str, value: str
) -> None:
    """Sets a cookie of ours: for this site alone, unseen by scripts, over TLS unless on loopback."""
    secure = office.settings.serve.secure_cookies and not is_loopback(request.url.hostname or "")
    response.set_cookie(
        name,
        value,
        max_age=office.settings.serve.session_hours * 3_600 if name == SESSION_COOKIE else None,
        httponly=True,
        samesite="strict" if name == SESSION_COOKIE else "lax",
        secure=secure,
        path="/",
    )


def sender_address(request: Request, office: Office) -> str:
    """The address that asks; a proxy's `X-Forwarded-For` counts from a trusted proxy alone."""
    peer = request.client.host if request.client else ""
    trusted = office.settings.serve.trusted_proxies
    if peer not in trusted:
        return peer
    told = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    for one in reversed(told):
        if one and one not in trusted:
            return one if _is_address(one) else peer
    return peer


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def _identify(request: Request, office: Office) -> None:
    request.state.account = None
    request.state.session = None
    request.state.has_token = False
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        account = accounts.by_token(office.engine, token.strip())
        if account is None:
            raise Refused(401, "this token is unknown or was revoked")
        request.state.account = account
        request.state.has_token = True
        return
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie:
        found: Session | None = accounts.session(office.engine, cookie, now=office.clock())
        if found is not None:
            request.state.account = found.account
            request.state.session = found


async def _check_form(request: Request, office: Office) -> None:
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(origin, request, office):
        raise Refused(403, "this form came from another site")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(403, "this form came from another site")
    given = request.headers.get(FORM_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(_FORM_TYPES):
        form = await request.form(max_part_size=MAX_FIELD)
        field = form.get(FORM_FIELD, "")
        given = field if isinstance(field, str) else ""
    expected = _token(office.key, _browser(request))
    if not _browser(request) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refused(403, "the form has expired; load the page again and send it once more")


def _is_own(origin: str, request: Request, office: Office) -> bool:
    own = {urlsplit(office.desk_name.url).netloc, request.headers.get("host", "")}
    return urlsplit(origin).netloc in own - {""}


def _browser(request: Request) -> str:
    """What ties a form to a browser: its sign-in, or a random cookie where nobody is signed in."""
    session: Session | None = getattr(request.state, "session", None)
    if session is not None:
        return session.csrf
    return request.cookies.get(FORM_COOKIE, "") or str(getattr(request.state, "browser", ""))


def new_browser(request: Request) -> str:
    """A fresh cookie value for a browser that has none, remembered for this request."""
    request.state.browser = secrets.token_urlsafe(16)
    return str(request.state.browser)


def _token(key: bytes, browser: str) -> str:
    return hmac.new(key, b"form:" + browser.encode("utf-8", "replace"), "sha256").hexdigest()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
