"""Accounts on the desk: added, changed, closed; one's own API tokens; the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import StoreError
from onrecord.newsroom.audit import broken
from onrecord.store import accounts, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import office_of
from onrecord.web.pages import page, see_other
from onrecord.web.routes import MAX_NUMBER, Route
from onrecord.web.sign_in import hashed, password_fault

__all__ = ["ROUTES"]

AUDIT_PAGE = 200


def show_accounts(request: Request) -> Response:
    """The accounts for an admin, one's own tokens for everybody."""
    return _page(request)


def add_account(request: Request, form: Posted) -> Response:
    """Adds an account with a password that its owner changes by a link."""
    office = office_of(request)
    password = field_text(form, "password")
    fault = password_fault(password)
    typed = {name: field_text(form, name) for name in ("sign_in", "name", "role")}
    if not fault and typed["role"] not in list(Role):
        fault = f"a role is one of {', '.join(Role)}"
    if not fault:
        try:
            accounts.add(
                office.engine,
                sign_in=typed["sign_in"],
                name=typed["name"],
                role=Role(typed["role"]),
                password=hashed(password),
                act=_act(request, "add account"),
            )
        except StoreError as error:
            fault = str(error)
    if fault:
        return _page(request, fault=fault, typed=typed, status=422)
    return see_other("/desk/accounts")


def change_account(request: Request, account_id: str, form: Posted) -> Response:
    """Changes role or closes an account."""
    office = office_of(request)
    role = field_text(form, "role")
    if role not in list(Role):
        raise Refused(422, f"a role is one of {', '.join(Role)}")
    is_active = field_text(form, "is_active") == "yes"
    act = _act(request, "change account")
    try:
        accounts.change(office.engine, account_id, role=Role(role), is_active=is_active, act=act)
    except StoreError as error:
        return _page(request, fault=str(error), status=422)
    return see_other("/desk/accounts")


def new_password_link(request: Request, account_id: str) -> Response:
    """A one-time link for a new password, to hand over to the account's owner."""
    office = office_of(request)
    token = accounts.new_link(office.engine, "password", account_id, now=office.clock())
    newsroom.log(office.engine, _act(request, "password link"), target=f"account/{account_id}")
    return _page(request, link=f"{office.desk_name.url}/desk/password/{token}")


def new_token(request: Request, form: Posted) -> Response:
    """A token for the API; it is shown this once."""
    office = office_of(request)
    account = account_of(request)
    name = field_text(form, "name") or "a token"
    made = accounts.new_token(office.engine, account.id, name=name, act=_act(request, "new token"))
    return _page(request, token_made=made)


def end_token(request: Request, token_id: str) -> Response:
    """Ends one of one's own tokens."""
    office = office_of(request)
    account = account_of(request)
    act = _act(request, "end token")
    if not accounts.revoke_token(office.engine, token_id, account_id=account.id, act=act):
        raise Refused(404, "you have no such token")
    return see_other("/desk/accounts")


def show_audit(request: Request, after: Annotated[int, Query(ge=0, le=MAX_NUMBER)] = 0) -> Response:
    """The log of every act, and whether its chain holds."""
    office = office_of(request)
    entries = []
    for entry in newsroom.audit_log(office.engine, after=after):
        entries.append(entry)
        if len(entries) == AUDIT_PAGE:
            break
    faults = broken(newsroom.audit_log(office.engine)) if not after else ()
    names = {one.id: one.name for one, _, _ in accounts.every(office.engine)}
    more = f"/desk/audit?after={entries[-1].number}" if len(entries) == AUDIT_PAGE else ""
    return page(
        request, office, "audit.html", entries=entries, names=names, faults=faults[:20], more=more
    )


def _page(
    request: Request,
    *,
    fault: str = "",
    typed: dict[str, str] | None = None,
    link: str = "",
    token_made: str = "",
    status: int = 200,
) -> Response:
    office = office_of(request)
    account = account_of(request)
    is_admin = account.may(Role.ADMIN)
    return page(
        request,
        office,
        "accounts.html",
        status=status,
        listed=accounts.every(office.engine) if is_admin else (),
        is_admin=is_admin,
        roles=list(Role),
        fault=fault,
        typed=typed or {"sign_in": "", "name": "", "role": "editor"},
        link=link,
        token_made=token_made,
        tokens=accounts.tokens_of(office.engine, account.id),
        signers=accounts.signers(office.engine),
    )


def _act(request: Request, act: str) -> Act:
    return Act(account_of(request).id, act, office_of(request).now())


_A = "/desk/accounts"
ROUTES: tuple[Route, ...] = (
    Route("GET", _A, "accounts", Role.READER, show_accounts),
    Route("POST", _A, "add_account", Role.ADMIN, add_account),
    Route("POST", _A + "/{account_id}", "change_account", Role.ADMIN, change_account),
    Route("POST", _A + "/{account_id}/link", "password_link", Role.ADMIN, new_password_link),
    Route("POST", "/desk/tokens", "new_token", Role.READER, new_token),
    Route("POST", "/desk/tokens/{token_id}/end", "end_token", Role.READER, end_token),
    Route("GET", "/desk/audit", "audit", Role.ADMIN, show_audit),
)
