"""Accounts, one's own tokens and the audit log over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import StringConstraints
from starlette.requests import Request

from onrecord.newsroom.review import Account
from onrecord.store import accounts, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of, form_token
from onrecord.web.api_shapes import NO_NUL, Id, Name, PageSize, Shape, shape_of
from onrecord.web.office import office_of
from onrecord.web.routes import Route
from onrecord.web.sign_in import hashed, password_fault

__all__ = ["ROUTES"]


class AccountShape(Shape):
    """An account."""

    id: str
    name: str
    role: Role


class Myself(AccountShape):
    """Who asks; `form_token` goes into the header `x-form-token` of a browser's requests."""

    form_token: str


class ListedAccount(AccountShape):
    """An account as an admin sees it."""

    sign_in: str
    is_active: bool


class Accounts(Shape):
    """Every account."""

    accounts: tuple[ListedAccount, ...]


class NewAccount(Shape):
    """An account to add, with a first password."""

    sign_in: Name
    name: Name
    role: Role
    password: Annotated[str, StringConstraints(min_length=12, max_length=1_000, pattern=NO_NUL)]


class AccountChange(Shape):
    """Role and activity of an account."""

    role: Role
    is_active: bool


class LinkShape(Shape):
    """A one-time link, shown this once."""

    link: str


class NewToken(Shape):
    """A name for a token."""

    name: Name


class MadeToken(Shape):
    """A token, shown this once."""

    token: str


class TokenShape(Shape):
    """One of one's own tokens."""

    id: str
    name: str
    created: str


class Tokens(Shape):
    """One's own tokens that hold."""

    tokens: tuple[TokenShape, ...]


class AuditShape(Shape):
    """An entry of the audit log."""

    number: int
    at: str
    account: str
    act: str
    target: str
    content: str
    previous: str
    digest: str


class AuditPage(Shape):
    """Entries of the audit log, in order."""

    entries: tuple[AuditShape, ...]
    nextPageToken: str = ""  # noqa: N815


def get_myself(request: Request) -> Myself:
    """Who asks. A program in a signed-in browser sends the form token with what it changes."""
    account = account_of(request)
    by_cookie = not request.state.has_token
    return Myself(
        id=account.id,
        name=account.name,
        role=account.role,
        form_token=form_token(request, office_of(request)) if by_cookie else "",
    )


def list_accounts(request: Request) -> Accounts:
    """Every account, by name."""
    found = accounts.every(office_of(request).engine)
    return Accounts(accounts=tuple(_listed(*row) for row in found))


def add_account(request: Request, body: NewAccount) -> AccountShape:
    """Adds an account."""
    office = office_of(request)
    fault = password_fault(body.password)
    if fault:
        raise Refused(422, fault)
    taken = {sign_in for _, sign_in, _ in accounts.every(office.engine)}
    if body.sign_in.strip().lower() in taken:
        raise Refused(409, "this sign-in name is taken; choose another")
    made = accounts.add(
        office.engine,
        sign_in=body.sign_in,
        name=body.name,
        role=body.role,
        password=hashed(body.password),
        act=_act(request, "add account"),
    )
    return shape_of(AccountShape, made)


def change_account(request: Request, account_id: Id, body: AccountChange) -> ListedAccount:
    """Changes role and activity; a closed account's sign-ins and tokens end at once."""
    office = office_of(request)
    _found(request, account_id)
    act = _act(request, "change account")
    accounts.change(office.engine, account_id, role=body.role, is_active=body.is_active, act=act)
    return _found(request, account_id)


def new_password_link(request: Request, response: Response, account_id: Id) -> LinkShape:
    """A one-time link for a new password, to hand over to the account's owner."""
    office = office_of(request)
    _found(request, account_id)
    token = accounts.new_link(office.engine, "password", account_id, now=office.clock())
    newsroom.log(office.engine, _act(request, "password link"), target=f"account/{account_id}")
    response.headers["cache-control"] = "no-store"
    return LinkShape(link=f"{office.desk_name.url}/desk/password/{token}")


def list_tokens(request: Request) -> Tokens:
    """One's own tokens that hold; the tokens themselves are not kept."""
    found = accounts.tokens_of(office_of(request).engine, account_of(request).id)
    rows = tuple(TokenShape(id=row[0], name=row[1], created=row[2]) for row in found)
    return Tokens(tokens=rows)


def new_token(request: Request, response: Response, body: NewToken) -> MadeToken:
    """A token for oneself, shown this once; it may do what its account may."""
    office = office_of(request)
    act = _act(request, "new token")
    made = accounts.new_token(office.engine, account_of(request).id, name=body.name, act=act)
    response.headers["cache-control"] = "no-store"
    return MadeToken(token=made)


def end_token(request: Request, token_id: Id) -> None:
    """Ends one of one's own tokens."""
    office = office_of(request)
    own = account_of(request).id
    act = _act(request, "end token")
    if not accounts.revoke_token(office.engine, token_id, account_id=own, act=act):
        raise Refused(404, "you have no such token")


def list_audit(
    request: Request,
    page_size: PageSize = 100,
    page_token: Annotated[str, Query(alias="pageToken", pattern=r"^[0-9]{0,18}$")] = "",
) -> AuditPage:
    """The log of every act, in order; `onrecord audit verify` checks its chain."""
    entries = newsroom.audit_log(office_of(request).engine, after=int(page_token or 0))
    shown = [entry for entry, _ in zip(entries, range(page_size), strict=False)]
    return AuditPage(
        entries=tuple(shape_of(AuditShape, one) for one in shown),
        nextPageToken=str(shown[-1].number) if len(shown) == page_size else "",
    )


def _found(request: Request, account_id: str) -> ListedAccount:
    for row in accounts.every(office_of(request).engine):
        if row[0].id == account_id:
            return _listed(*row)
    raise Refused(404, "there is no such account")


def _listed(account: Account, sign_in: str, is_active: bool) -> ListedAccount:  # noqa: FBT001 - a row
    return ListedAccount(
        id=account.id, name=account.name, role=account.role, sign_in=sign_in, is_active=is_active
    )


def _act(request: Request, act: str) -> Act:
    return Act(account_of(request).id, act, office_of(request).now())


_V = "/api/v1"
ROUTES: tuple[Route, ...] = (
    Route("GET", _V + "/me", "api_myself", Role.READER, get_myself, is_api=True),
    Route("GET", _V + "/accounts", "api_accounts", Role.ADMIN, list_accounts, is_api=True),
    Route("POST", _V + "/accounts", "api_add_account", Role.ADMIN, add_account, is_api=True, status=201),
    Route("PUT", _V + "/accounts/{account_id}", "api_change_account", Role.ADMIN, change_account, is_api=True),
    Route("POST", _V + "/accounts/{account_id}/password-link", "api_password_link", Role.ADMIN, new_password_link, is_api=True, status=201),
    Route("GET", _V + "/tokens", "api_tokens", Role.READER, list_tokens, is_api=True),
    Route("POST", _V + "/tokens", "api_new_token", Role.READER, new_token, is_api=True, status=201),
    Route("DELETE", _V + "/tokens/{token_id}", "api_end_token", Role.READER, end_token, is_api=True, status=204),
    Route("GET", _V + "/audit", "api_audit", Role.ADMIN, list_audit, is_api=True),
)  # fmt: skip
