"""A remote spam filter with Akismet's interface: off by default, asked where the settings name one.

It is told the words, the name and the cut network of a reply, never an e-mail and never a whole
address. It has two seconds; no answer, a late one or a wrong one means that a person looks, so
that nothing is lost when it is down. Redirects are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import logging
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from onrecord.errors import NetworkError, SettingsError
from onrecord.newsroom.replies import Incoming, RemoteAnswer, RemoteFilter
from onrecord.terms import ReplyKind

__all__ = ["MAX_SECONDS", "remote_filter"]

# A reader waits for this at most; the interface's own clients give it one second.
MAX_SECONDS = 2.0
MAX_ANSWER_BYTES = 1_000
_PATH = "/1.1/comment-check"
_TYPES = {ReplyKind.COMMENT: "comment", ReplyKind.TIP: "contact-form"}
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    is_tls: bool
    host: str
    port: int
    path: str


def remote_filter(url: str, key: str, *, blog: str, seconds: float = MAX_SECONDS) -> RemoteFilter:
    """Asks the filter at an address, such as `https://rest.akismet.com`, about replies.

    `blog` is the desk's public address. What is returned never raises. Raises `SettingsError` for
    an address that is not https, but on this machine or network, and for a missing key.
    """
    place = _place(url)
    if not key:
        raise SettingsError(
            "'replies.remote_filter' needs a key; set ONRECORD_REPLIES_REMOTE_FILTER_KEY"
        )

    def ask(incoming: Incoming) -> RemoteAnswer:
        form = urlencode(_fields(incoming, key=key, blog=blog))
        try:
            status, body, headers = _posted(place, form.encode(), seconds=seconds)
        except (NetworkError, OSError, http.client.HTTPException) as error:
            # The error's words may hold what was sent; its kind says enough.
            _LOGGER.warning("the remote filter gave no answer: %s", type(error).__name__)
            return RemoteAnswer(has_failed=True)
        return _read(status, body, headers)

    return ask


def _fields(incoming: Incoming, *, key: str, blog: str) -> dict[str, str]:
    return {
        "api_key": key,
        "blog": blog,
        "user_ip": incoming.sender.partition("/")[0] or "0.0.0.0",  # noqa: S104 - no address known
        "comment_type": _TYPES.get(incoming.kind, "reply"),
        "comment_author": incoming.name,
        "comment_content": incoming.text,
        "blog_charset": "UTF-8",
        "honeypot_field_name": "hidden",
        "hidden": incoming.hidden[:200],
    }


def _read(status: int, body: str, headers: http.client.HTTPMessage) -> RemoteAnswer:
    """The answer's meaning; `false` that the filter wants to look at again counts as none."""
    if status != http.client.OK or body not in {"true", "false"}:
        _LOGGER.warning("the remote filter answered %d and neither true nor false", status)
        return RemoteAnswer(has_failed=True)
    if body == "true":
        tip = headers.get("X-akismet-pro-tip") or ""
        return RemoteAnswer(is_spam=True, is_blatant=tip.strip().lower() == "discard")
    return RemoteAnswer(has_failed=headers.get("X-akismet-recheck-after") is not None)


def _posted(
    place: _Place, form: bytes, *, seconds: float
) -> tuple[int, str, http.client.HTTPMessage]:
    """Status, body and headers within the time; raises on any failure, lateness among them."""
    until = time.monotonic() + seconds
    if place.is_tls:
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            place.host, place.port, timeout=seconds, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(place.host, place.port, timeout=seconds)
    # A time-out of a socket is for each piece: the timer ends an answer that drips.
    timer = threading.Timer(seconds, _cut, [connection])
    timer.daemon = True
    timer.start()
    with contextlib.closing(connection), contextlib.ExitStack() as stack:
        stack.callback(timer.cancel)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "onrecord/0.1 | replies/0.1",
            "Connection": "close",
        }
        connection.request("POST", place.path, body=form, headers=headers)
        answer = connection.getresponse()
        body = b""
        while len(body) <= MAX_ANSWER_BYTES:
            if time.monotonic() > until:
                raise NetworkError(f"no whole answer after {seconds:g} seconds")
            piece = answer.read1(MAX_ANSWER_BYTES)
            if not piece:
                break
            body += piece
        return (
            answer.status,
            body[:MAX_ANSWER_BYTES].decode("utf-8", "replace").strip(),
            answer.headers,
        )


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _place(url: str) -> _Place:
    fault = SettingsError(
        f"'replies.remote_filter' names {url[:200]!r}; expected an address such as "
        "https://rest.akismet.com (http only on this machine or network)"
    )
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise fault from None
    is_tls = parts.scheme == "https"
    named = parts.username is not None or parts.query or parts.fragment
    if not host or named or not (is_tls or (parts.scheme == "http" and _is_near(host))):
        raise fault
    return _Place(is_tls, host, port or (443 if is_tls else 80), parts.path.rstrip("/") + _PATH)


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return False
    return parsed.is_loopback or parsed.is_private
