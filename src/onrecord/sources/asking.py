"""How a live source is asked: a bounded number of times, each answer kept or taken from the store.

The network and the store are passed in, so that a source can be repeated from what was kept.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from onrecord.dates import dates_in
from onrecord.errors import NetworkError, OnrecordError, SettingsError
from onrecord.ports import Answer, Answers
from onrecord.record import Capture, Problem

__all__ = [
    "MAX_REQUESTS",
    "Asker",
    "Fetch",
    "Kept",
    "Live",
    "Reply",
    "day",
    "named_host",
    "number",
    "objects",
    "text",
    "with_query",
]

# Of one source for one page: ten claims with a search and two articles each, and a few to spare.
MAX_REQUESTS = 40
# Of one source for one page, seconds after which nothing further is asked: a desk waits no longer.
MAX_SECONDS = 60.0
# Of the JSON of an answer; the longest article of the English Wikipedia has some 0.5 MB of text.
MAX_ANSWER_BYTES = 4_000_000
# Code points of a name, a title or a date in an answer.
MAX_FIELD = 1_000


# Fetches an address under the rules of `fetch.py`; raises as `fetch.get` does.
Fetch = Callable[[str], Capture]


class Reply(Protocol):
    """Gives the answer of a source to a query, from the network or from the store."""

    def __call__(self, source: str, query: str, url: str, *, secret: str = "") -> Answer:
        """The answer; `url` is what is asked, `secret` a part of it that is kept nowhere."""
        ...


@dataclass(frozen=True, slots=True)
class Live:
    """Asks the network and keeps each answer; implements `Reply`."""

    fetch: Fetch
    answers: Answers | None

    def __call__(self, source: str, query: str, url: str, *, secret: str = "") -> Answer:
        """The answer of the network; raises as `Fetch` does, without the secret in the message."""
        try:
            capture = self.fetch(url)
        except OnrecordError as error:
            # `from None`: the first error may carry the secret.
            raise type(error)(_without(str(error), secret)) from None
        body = _bytes_without(capture.body, secret)
        answer = Answer(
            source=source,
            query=query,
            url=_without(capture.url or url, secret),
            retrieved=capture.retrieved or "",
            media_type=capture.media_type,
            digest=hashlib.sha256(body).hexdigest(),
            body=body,
        )
        if self.answers is not None:
            self.answers.keep(answer)
        return answer


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers from the store alone; implements `Reply`.

    Of several answers to one query the one that the record cites (`digests`) is taken, then the
    one nearest in time to `near` (ISO 8601, UTC), then the newest.
    """

    answers: Answers
    digests: frozenset[str] = frozenset()
    near: str = ""

    def __call__(self, source: str, query: str, url: str, *, secret: str = "") -> Answer:
        """The kept answer; `NetworkError` where none was kept. `url` and `secret` go unused."""
        del url, secret
        found = self.answers.of(source, query)
        if not found:
            raise NetworkError(
                f"no answer of {source} to {query[:80]!r} is kept in the data folder; "
                "give the folder that the record was made with"
            )
        cited = [answer for answer in found if answer.digest in self.digests]
        return min(cited or found, key=lambda answer: _apart(answer.retrieved, self.near))


@dataclass(slots=True)
class Asker:
    """One source while one page is worked on: what is left to ask, and whether it has failed.

    A source that cannot be reached is not asked again for the page, so that a slow one costs one
    time-out.
    """

    source: str
    reply: Reply
    problems: list[Problem]
    left: int = MAX_REQUESTS
    has_failed: bool = False
    began: float = field(default_factory=time.monotonic)
    _known: dict[str, Answer] = field(default_factory=dict)

    def json(self, query: str, url: str, *, secret: str = "") -> tuple[Answer, Any] | None:
        """The answer and its JSON; `None`, with a problem kept, where there is none."""
        answer = self._asked(query, url, secret=secret)
        if answer is None:
            return None
        try:
            return answer, _parsed(answer)
        except NetworkError as error:
            self.fail(error)
            return None

    def page(self, url: str) -> Answer | None:
        """What an address serves; `None` where it cannot be had, which is no problem."""
        if self._exhausted():
            return None
        if url not in self._known:
            self.left -= 1
            try:
                self._known[url] = self.reply(self.source, url, url)
            except OnrecordError:
                return None
        return self._known[url]

    def fail(self, error: OnrecordError) -> None:
        """Keeps the problem; the source is not asked again for this page."""
        self.has_failed = True
        self.problems.append(Problem(self.source, type(error).__name__, str(error)[:MAX_FIELD]))

    def _exhausted(self) -> bool:
        return self.left <= 0 or time.monotonic() - self.began > MAX_SECONDS

    def _asked(self, query: str, url: str, *, secret: str) -> Answer | None:
        if query in self._known:
            return self._known[query]
        if self.has_failed:
            return None
        if self._exhausted():
            self.fail(
                NetworkError(
                    f"asked {MAX_REQUESTS - self.left} times in "
                    f"{time.monotonic() - self.began:.0f} seconds for this page; at most "
                    f"{MAX_REQUESTS} times and {MAX_SECONDS:g} seconds are spent, the rest is left"
                )
            )
            return None
        self.left -= 1
        try:
            answer = self.reply(self.source, query, url, secret=secret)
        except OnrecordError as error:
            self.fail(error)
            return None
        self._known[query] = answer
        return answer


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """The address with these parameters behind those that it has.

    >>> with_query("https://wiki.example/api.php", {"q": "a b"})
    'https://wiki.example/api.php?q=a+b'
    """
    before, _, _ = url.partition("#")
    sign = "&" if "?" in before else "?"
    return f"{before}{sign}{urlencode(parameters)}"


def named_host(kind: str, url: str) -> str:
    """The name of a live source: its kind and the host that is asked.

    Raises `SettingsError` where the address names none.

    >>> named_host("mediawiki", "https://en.wiki.example/w/api.php")
    'mediawiki:en.wiki.example'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingsError(
            f"'sources.{kind}' names {url[:200]!r}; expected an address such as "
            "https://wiki.example/w/api.php"
        )
    return f"{kind}:{host}" + (f":{port}" if port else "")


def objects(value: object, *path: str, limit: int) -> tuple[Mapping[str, Any], ...]:
    """The JSON objects in the list at a path, at most `limit`; `()` where there is no such list."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, list):
        return ()
    return tuple(one for one in value[:limit] if isinstance(one, dict))


def text(value: object, *, most: int = MAX_FIELD) -> str:
    """A JSON string on one line, without control characters; empty for anything else."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * most]).split())[
        :most
    ]


def day(written: str) -> str:
    """The day that a date of an answer names, ISO 8601; empty where it leaves one open."""
    days = dates_in(written[:100])
    return days[0].first.isoformat() if days and days[0].first == days[0].last else ""


def number(value: object) -> int | None:
    """A JSON whole number of 0 or more; `None` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _parsed(answer: Answer) -> Any:  # noqa: ANN401 - JSON has no narrower type
    what = f"{answer.source} answered"
    if len(answer.body) > MAX_ANSWER_BYTES:
        raise NetworkError(f"{what} {len(answer.body)} bytes; expected at most {MAX_ANSWER_BYTES}")
    try:
        return json.loads(answer.body.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        kind = answer.media_type.split(";")[0].strip()[:60] or "no media type"
        raise NetworkError(
            f"{what} {len(answer.body)} bytes of {kind!r} that are no JSON; check the address in "
            "the settings, and that the server gives JSON"
        ) from None


def _without(message: str, secret: str) -> str:
    """The message without the secret, as it is and as it stands in an address."""
    for form in _forms(secret):
        message = message.replace(form, "...")
    return message


def _bytes_without(body: bytes, secret: str) -> bytes:
    for form in _forms(secret):
        body = body.replace(form.encode(), b"...")
    return body


def _forms(secret: str) -> tuple[str, ...]:
    return tuple({secret, urlencode({"": secret})[1:]}) if secret else ()


def _apart(first: str, second: str) -> float:
    """Seconds between two times; 0 where one is not known, so that the order of the list counts."""
    try:
        return abs((datetime.fromisoformat(first) - datetime.fromisoformat(second)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
