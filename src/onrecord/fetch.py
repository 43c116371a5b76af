"""An address to what it serves, with every rule about addresses checked at each hop.

A host is looked up once, each of its addresses must be public, and the connection goes to an
address that was checked: a second look-up cannot lead elsewhere. Proxies of the environment are
not used, since a proxy would look the host up itself. Redirects are followed here, one by one,
each under the same rules; nothing is sent along that could identify a person.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from onrecord import addresses
from onrecord.addresses import Address, Network
from onrecord.decompress import unpacked
from onrecord.errors import NetworkError, RefusedError, TooLargeError
from onrecord.record import Capture
from onrecord.settings import FetchSettings

__all__ = ["Fetched", "Resolver", "Validators", "get", "get_changed", "look_up"]

# A host name and a port to the IP addresses of the host, in the order to try them.
Resolver = Callable[[str, int], Sequence[str]]

_READ_SECONDS = 10.0  # without a byte
_ROBOTS_BYTES = 512_000  # RFC 9309 asks for 500 KiB at least
_ROBOTS_NAME = "onrecord"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5"


def look_up(host: str, port: int) -> tuple[str, ...]:
    """The IP addresses of a host by the system's resolver; `NetworkError` when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NetworkError(
            f"no IP address found for {host!r}: {error}; check the spelling and the connection"
        ) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class _Visit:
    """One call of `get`: its rules, its deadline, and the robots.txt files read so far."""

    settings: FetchSettings
    allowed: tuple[Network, ...]
    resolver: Resolver
    tls: ssl.SSLContext | None
    deadline: float
    conditions: tuple[tuple[str, str], ...] = ()
    robots: dict[str, Any] = field(default_factory=dict)

    def left(self) -> float:
        """Seconds until the deadline; `NetworkError` when it has passed."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise self.late()
        return seconds

    def late(self) -> NetworkError:
        """The error of a passed deadline."""
        return NetworkError(
            f"not done after {self.settings.timeout_seconds:g} seconds; "
            "raise the setting fetch.timeout_seconds, or try again later"
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    reason: str
    location: str | None
    media_type: str
    body: bytes
    validators: Validators


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says so that it can be asked whether a file has changed; empty: nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A capture with the validators that its server gave."""

    capture: Capture
    validators: Validators


def get(
    url: str,
    *,
    settings: FetchSettings,
    now: datetime,
    resolver: Resolver = look_up,
    tls: ssl.SSLContext | None = None,
) -> Capture:
    """The page at an address, with the address that served it after redirects.

    `now` is the time that the capture is stamped with; `tls` replaces the usual trust in
    certificates. Raises `RefusedError` where a rule forbids the fetch, `NetworkError` where the
    connection or the answer fails, and `TooLargeError` above `settings.max_bytes`.
    """
    visit = _visit(settings, resolver=resolver, tls=tls)
    fetched = _fetched(url, visit, now=now)
    if fetched is None:  # only a conditional request gives that
        raise NetworkError(f"{url} answered that nothing has changed; expected a page")
    return fetched.capture


def get_changed(
    url: str,
    *,
    settings: FetchSettings,
    now: datetime,
    validators: Validators,
    resolver: Resolver = look_up,
) -> Fetched | None:
    """The file at an address, or `None` when its server says that it has not changed.

    `validators` are those of the last fetch (RFC 9110, section 13). Raises as `get` does.
    """
    conditions = [
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    ]
    visit = _visit(settings, resolver=resolver, tls=None)
    visit.conditions = tuple((name, value) for name, value in conditions if _is_plain(value))
    return _fetched(url, visit, now=now)


def _is_plain(value: str) -> bool:
    return value != "" and value.isascii() and value.isprintable()


def _visit(settings: FetchSettings, *, resolver: Resolver, tls: ssl.SSLContext | None) -> _Visit:
    return _Visit(
        settings=settings,
        allowed=addresses.networks(settings.allowed_addresses),
        resolver=resolver,
        tls=tls,
        deadline=time.monotonic() + settings.timeout_seconds,
    )


def _fetched(url: str, visit: _Visit, *, now: datetime) -> Fetched | None:
    settings = visit.settings
    start = addresses.address(url, ports=settings.ports)
    address, answer = _follow(start, visit, cap=settings.max_bytes, robots=settings.obey_robots)
    if answer.status == http.client.NOT_MODIFIED and visit.conditions:
        return None
    if not 200 <= answer.status < 300:
        raise NetworkError(
            f"{address.url} answered {answer.status} {answer.reason[:80]}; expected a page; "
            "check the address, or save the page from a browser and give the file"
        )
    capture = Capture(
        url=address.url,
        retrieved=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        media_type=answer.media_type,
        body=answer.body,
    )
    return Fetched(capture, answer.validators)


def _follow(start: Address, visit: _Visit, *, cap: int, robots: bool) -> tuple[Address, _Answer]:
    """The first answer that is no redirect, and the address that gave it."""
    address = start
    for _ in range(visit.settings.max_redirects + 1):
        if robots:
            _ask_robots(address, visit)
        answer = _one(address, visit, cap=cap)
        if answer.status not in _REDIRECTS or answer.location is None:
            return address, answer
        address = _next(address, answer.location, visit)
    raise RefusedError(
        f"{start.url} redirects more than {visit.settings.max_redirects} times; "
        "raise the setting fetch.max_redirects, or give the last address"
    )


def _next(address: Address, location: str, visit: _Visit) -> Address:
    """Where a redirect leads, under the rules of a first address."""
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in location):
        raise RefusedError(
            f"{address.url} redirects to an address with control characters; this is not followed"
        )
    following = addresses.address(location, base=address.url, ports=visit.settings.ports)
    downgrade = address.scheme == "https" and following.scheme == "http"
    if downgrade and not visit.settings.allow_downgrade:
        raise RefusedError(
            f"{address.url} redirects from https to {following.url}; "
            "set fetch.allow_downgrade = true to follow it"
        )
    return following


def _checked(address: Address, visit: _Visit) -> tuple[str, ...]:
    """The IP addresses of the host; `RefusedError` unless every one of them may be asked."""
    found = _resolved(address, visit)
    for ip in found:
        if not addresses.is_public(ip, allowed=visit.allowed):
            raise RefusedError(
                f"{address.host!r} leads to {ip}, which is not on the public internet; name it in "
                "fetch.allowed_addresses if it is yours"
            )
    return found


def _resolved(address: Address, visit: _Visit) -> tuple[str, ...]:
    if address.host.replace(".", "").isdigit() or ":" in address.host:
        return (address.host,)
    found: list[tuple[str, ...]] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.append(tuple(visit.resolver(address.host, address.port)))
        except NetworkError as error:
            failed.append(error)

    # The system's resolver knows no time-out, so it gets a thread that may be left behind.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(visit.left())
    if failed:
        raise failed[0]
    if not found:
        raise visit.late()
    if not found[0]:
        raise NetworkError(f"no IP address found for {address.host!r}; check the spelling")
    return found[0]


def _ask_robots(address: Address, visit: _Visit) -> None:
    """Raise `RefusedError` when the site's robots.txt forbids the page."""
    from protego import Protego

    if address.origin not in visit.robots:
        file = addresses.address(address.origin + "/robots.txt", ports=visit.settings.ports)
        try:
            _, answer = _follow(file, visit, cap=_ROBOTS_BYTES, robots=False)
        except TooLargeError:
            raise RefusedError(
                f"robots.txt of {address.host!r} is larger than {_ROBOTS_BYTES} bytes; "
                "set fetch.obey_robots = false to fetch without it"
            ) from None
        if answer.status >= 500:
            raise RefusedError(
                f"robots.txt of {address.host!r} answered {answer.status}, which forbids all; "
                "try again later, or set fetch.obey_robots = false"
            )
        rules = answer.body.decode("utf-8", "replace") if 200 <= answer.status < 300 else ""
        visit.robots[address.origin] = Protego.parse(rules)
    if not visit.robots[address.origin].can_fetch(address.url, _ROBOTS_NAME):
        raise RefusedError(
            f"robots.txt of {address.host!r} forbids {address.url}; "
            "save the page from a browser and give the file, or set fetch.obey_robots = false"
        )


def _one(address: Address, visit: _Visit, *, cap: int) -> _Answer:
    """The answer of one address, asked at an IP address that was checked."""
    checked = _checked(address, visit)
    failures: list[str] = []
    for ip in checked[:4]:
        connection = _connection(address, ip, visit)
        expired = threading.Event()
        try:
            connection.connect()
            peer = connection.sock.getpeername()[0]
            if peer != ip:
                raise RefusedError(f"{address.host!r} was reached at {peer}, not at {ip}")
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            visit.left()
            failures.append(f"{ip}: {_reason(error)}")
            continue
        timer = threading.Timer(visit.left(), _cut_off, (connection.sock, expired))
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(connection, address, visit, cap=cap)
            if expired.is_set():  # a body without a length would look complete
                raise visit.late()
        except (OSError, http.client.HTTPException) as error:
            if expired.is_set():
                raise visit.late() from error
            raise NetworkError(
                f"{address.host!r} broke off: {_reason(error)}; try again later"
            ) from error
        except NetworkError as error:
            if expired.is_set():
                raise visit.late() from error
            raise
        finally:
            timer.cancel()
            connection.close()
        return answer
    raise NetworkError(
        f"no connection to {address.host!r} on port {address.port} ({'; '.join(failures)}); "
        "check the address and the connection"
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return f"no answer within {_READ_SECONDS:g} seconds"
    return str(error)[:200] or type(error).__name__


def _cut_off(sock: socket.socket, expired: threading.Event) -> None:
    """End a connection at the deadline: each read may be quick and their sum still endless."""
    expired.set()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class _Plain(http.client.HTTPConnection):
    """A connection to one IP address; the host is only named in the request."""

    def __init__(self, address: Address, ip: str, seconds: float) -> None:
        super().__init__(address.host, address.port, timeout=seconds)
        self._ip = ip

    def connect(self) -> None:
        """Connect to the checked IP address."""
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)


class _Secure(_Plain):
    """The same with TLS, for a certificate of the named host."""

    def __init__(self, address: Address, ip: str, seconds: float, *, tls: ssl.SSLContext) -> None:
        super().__init__(address, ip, seconds)
        self._tls = tls
        self._name = address.host

    def connect(self) -> None:
        """Connect and check the certificate."""
        super().connect()
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._name)


def _connection(address: Address, ip: str, visit: _Visit) -> _Plain:
    seconds = min(_READ_SECONDS, visit.left())
    if address.scheme == "http":
        return _Plain(address, ip, seconds)
    return _Secure(address, ip, seconds, tls=visit.tls or ssl.create_default_context())


def _exchange(connection: _Plain, address: Address, visit: _Visit, *, cap: int) -> _Answer:
    connection.putrequest("GET", address.target, skip_host=True, skip_accept_encoding=True)
    for name, value in (
        ("Host", address.authority),
        ("User-Agent", visit.settings.user_agent),
        ("Accept", _ACCEPT),
        ("Accept-Encoding", "gzip, br, zstd"),
        ("Connection", "close"),
        *(visit.conditions if address.target != "/robots.txt" else ()),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    location = response.headers.get("Location")
    if location is not None:
        location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    media_type = (response.headers.get("Content-Type") or "")[:200]
    body = b""
    if response.status not in _REDIRECTS or location is None:
        declared = response.length
        if declared is not None and declared > cap:
            raise TooLargeError(
                f"{address.url} has {declared} bytes; expected at most {cap}; "
                "raise the setting fetch.max_bytes if it is a page all the same"
            )
        encodings = (response.headers.get("Content-Encoding") or "").lower().split(",")
        body = unpacked(
            _Body(response, declared), [e.strip() for e in encodings], cap=cap, name=address.url
        )
    validators = Validators(
        (response.headers.get("ETag") or "")[:500],
        (response.headers.get("Last-Modified") or "")[:100],
    )
    return _Answer(response.status, response.reason, location, media_type, body, validators)


class _Body:
    """The body of an answer, piece by piece as it comes."""

    def __init__(self, response: http.client.HTTPResponse, declared: int | None) -> None:
        self._response = response
        self._left = declared

    def read(self, amount: int, /) -> bytes:
        """At most `amount` bytes; an error when the answer ends before its declared length."""
        piece = self._response.read1(amount)
        if self._left is not None:
            self._left -= len(piece)
            if not piece and self._left > 0:
                raise http.client.IncompleteRead(piece, self._left)
        return piece
