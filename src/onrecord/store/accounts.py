"""Accounts, sign-ins, tokens and one-time links; secrets are kept as digests alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from onrecord.errors import StoreError
from onrecord.newsroom.review import Account
from onrecord.store.newsroom import Act, log_in
from onrecord.store.tables import accounts, links, sessions, sign_in_attempts, tokens
from onrecord.store.writing import writing
from onrecord.terms import Role

__all__ = [
    "Session",
    "account",
    "add",
    "attempts",
    "by_sign_in",
    "by_token",
    "change",
    "close_session",
    "close_sessions_of",
    "every",
    "keep_attempt",
    "new_link",
    "new_token",
    "open_session",
    "revoke_token",
    "session",
    "set_password",
    "signers",
    "tokens_of",
    "use_link",
]

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in: the account, and the secret that form tokens are made with."""

    account: Account
    csrf: str
    digest: str


def add(
    engine: sa.Engine, *, sign_in: str, name: str, role: Role, password: str, act: Act
) -> Account:
    """Adds an account; `password` is its argon2id hash.

    Raises `StoreError` when the sign-in name is blank or taken.
    """
    wanted = sign_in.strip().lower()
    if not wanted or not name.strip():
        raise StoreError("an account needs a sign-in name and a name that is printed")
    made = Account(secrets.token_hex(_ID_BYTES), name.strip(), role)
    row = {
        "id": made.id,
        "sign_in": wanted,
        "name": made.name,
        "role": role.value,
        "password": password,
        "is_active": True,
        "created": act.at,
    }
    try:
        with writing(engine) as connection:
            connection.execute(accounts.insert().values(row))
            log_in(connection, act, target=f"account/{made.id}")
    except sa.exc.IntegrityError as error:
        raise StoreError(f"the sign-in name {wanted!r} is taken; choose another") from error
    return made


def every(engine: sa.Engine) -> tuple[tuple[Account, str, bool], ...]:
    """Every account with its sign-in name and whether it is active, by name."""
    query = sa.select(accounts).order_by(accounts.c.name, accounts.c.id)
    with engine.connect() as connection:
        return tuple(
            (Account(row.id, row.name, Role(row.role)), row.sign_in, row.is_active)
            for row in connection.execute(query)
        )


def signers(engine: sa.Engine) -> int:
    """How many active accounts may sign: what the number of needed signatures follows from."""
    return sum(is_active and one.may(Role.EDITOR) for one, _, is_active in every(engine))


def account(engine: sa.Engine, account_id: str) -> Account | None:
    """An active account by its id."""
    found = (accounts.c.id == account_id) & accounts.c.is_active
    with engine.connect() as connection:
        row = connection.execute(sa.select(accounts).where(found)).first()
    return Account(row.id, row.name, Role(row.role)) if row else None


def by_sign_in(engine: sa.Engine, sign_in: str) -> tuple[Account, str] | None:
    """An active account and its password hash by its sign-in name."""
    found = (accounts.c.sign_in == sign_in.strip().lower()) & accounts.c.is_active
    with engine.connect() as connection:
        row = connection.execute(sa.select(accounts).where(found)).first()
    return (Account(row.id, row.name, Role(row.role)), row.password) if row else None


def change(engine: sa.Engine, account_id: str, *, role: Role, is_active: bool, act: Act) -> None:
    """Changes role and activity; a closed account's sign-ins and tokens end at once.

    Raises `StoreError` when no active admin would be left.
    """
    with writing(engine) as connection:
        here = accounts.c.id == account_id
        connection.execute(
            accounts.update().where(here).values(role=role.value, is_active=is_active)
        )
        admins = (accounts.c.role == Role.ADMIN.value) & accounts.c.is_active
        if connection.execute(sa.select(accounts.c.id).where(admins).limit(1)).first() is None:
            raise StoreError("the desk needs an active admin; make another one first")
        if not is_active:
            connection.execute(sessions.delete().where(sessions.c.account == account_id))
            connection.execute(
                tokens.update().where(tokens.c.account == account_id).values(revoked=act.at)
            )
        log_in(connection, act, target=f"account/{account_id}")


def set_password(engine: sa.Engine, account_id: str, password: str, *, act: Act) -> None:
    """Sets the password hash and ends every sign-in of the account."""
    with writing(engine) as connection:
        here = accounts.c.id == account_id
        connection.execute(accounts.update().where(here).values(password=password))
        connection.execute(sessions.delete().where(sessions.c.account == account_id))
        log_in(connection, act, target=f"account/{account_id}")


def open_session(engine: sa.Engine, account_id: str, *, now: datetime, hours: int) -> str:
    """A new sign-in; gives the token for the cookie, which is stored as its digest alone."""
    token = secrets.token_urlsafe(32)
    row = {
        "digest": _digest(token),
        "account": account_id,
        "csrf": secrets.token_hex(32),
        "created": now.isoformat(timespec="seconds"),
        "expires": (now + timedelta(hours=hours)).isoformat(timespec="seconds"),
    }
    with writing(engine) as connection:
        old = sessions.c.expires < row["created"]
        connection.execute(sessions.delete().where(old))
        connection.execute(sessions.insert().values(row))
    return token


def session(engine: sa.Engine, token: str, *, now: datetime) -> Session | None:
    """The sign-in of a cookie's token, `None` when it ended or never was."""
    digest = _digest(token)
    query = (
        sa.select(sessions, accounts.c.name, accounts.c.role)
        .join(accounts, accounts.c.id == sessions.c.account)
        .where(sessions.c.digest == digest, accounts.c.is_active)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None or row.expires < now.isoformat(timespec="seconds"):
        return None
    return Session(Account(row.account, row.name, Role(row.role)), row.csrf, digest)


def close_session(engine: sa.Engine, token: str) -> None:
    """Ends a sign-in."""
    with writing(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.digest == _digest(token)))


def close_sessions_of(engine: sa.Engine, account_id: str) -> None:
    """Ends every sign-in of an account."""
    with writing(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.account == account_id))


def keep_attempt(engine: sa.Engine, about: str, *, now: datetime, key: bytes) -> None:
    """Remembers a failed sign-in about a name or an address, as a keyed digest."""
    row = {"about": _keyed(about, key), "at": now.isoformat(timespec="seconds")}
    old = (now - timedelta(days=1)).isoformat(timespec="seconds")
    with writing(engine) as connection:
        connection.execute(sign_in_attempts.delete().where(sign_in_attempts.c.at < old))
        connection.execute(sign_in_attempts.insert().values(row))


def attempts(engine: sa.Engine, about: str, *, since: datetime, key: bytes) -> int:
    """How many sign-ins about a name or an address failed since a time."""
    found = (sign_in_attempts.c.about == _keyed(about, key)) & (
        sign_in_attempts.c.at >= since.isoformat(timespec="seconds")
    )
    query = sa.select(sa.func.count()).select_from(sign_in_attempts).where(found)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def new_token(engine: sa.Engine, account_id: str, *, name: str, act: Act) -> str:
    """A token for the API, shown once; it may do what its account may."""
    token = "onrecord_" + secrets.token_urlsafe(32)
    row = {
        "id": secrets.token_hex(_ID_BYTES),
        "account": account_id,
        "digest": _digest(token),
        "name": name.strip()[:80],
        "created": act.at,
        "revoked": "",
    }
    with writing(engine) as connection:
        connection.execute(tokens.insert().values(row))
        log_in(connection, act, target=f"token/{row['id']}")
    return token


def by_token(engine: sa.Engine, token: str) -> Account | None:
    """The account of an API token."""
    query = (
        sa.select(accounts)
        .join(tokens, tokens.c.account == accounts.c.id)
        .where(tokens.c.digest == _digest(token), tokens.c.revoked == "", accounts.c.is_active)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return Account(row.id, row.name, Role(row.role)) if row else None


def tokens_of(engine: sa.Engine, account_id: str) -> tuple[tuple[str, str, str], ...]:
    """The tokens of an account that hold: id, name, when it was made."""
    here = (tokens.c.account == account_id) & (tokens.c.revoked == "")
    query = sa.select(tokens.c.id, tokens.c.name, tokens.c.created).where(here)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(tokens.c.created, tokens.c.id))
        return tuple((row.id, row.name, row.created) for row in rows)


def revoke_token(engine: sa.Engine, token_id: str, *, account_id: str, act: Act) -> bool:
    """Ends a token of the account; `False` where the account has no such token."""
    here = (tokens.c.id == token_id) & (tokens.c.account == account_id) & (tokens.c.revoked == "")
    with writing(engine) as connection:
        done = connection.execute(tokens.update().where(here).values(revoked=act.at)).rowcount
        if done:
            log_in(connection, act, target=f"token/{token_id}")
    return bool(done)


def new_link(
    engine: sa.Engine, purpose: str, subject: str, *, now: datetime, hours: int = 24
) -> str:
    """A one-time link's token for a purpose (`password`, `export`, `erase`) and a subject."""
    token = secrets.token_urlsafe(32)
    row = {
        "digest": _digest(token),
        "purpose": purpose,
        "subject": subject,
        "expires": (now + timedelta(hours=hours)).isoformat(timespec="seconds"),
        "used": "",
    }
    with writing(engine) as connection:
        connection.execute(links.insert().values(row))
    return token


def use_link(engine: sa.Engine, token: str, purpose: str, *, now: datetime) -> str | None:
    """The subject of a link, which is used up by this; `None` when it does not hold."""
    at = now.isoformat(timespec="seconds")
    here = (
        (links.c.digest == _digest(token))
        & (links.c.purpose == purpose)
        & (links.c.used == "")
        & (links.c.expires >= at)
    )
    with writing(engine) as connection:
        if connection.execute(links.update().where(here).values(used=at)).rowcount != 1:
            return None
        query = sa.select(links.c.subject).where(links.c.digest == _digest(token))
        return str(connection.execute(query).scalar_one())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _keyed(about: str, key: bytes) -> str:
    return hmac.new(key, about.strip().lower().encode("utf-8", "replace"), "sha256").hexdigest()
