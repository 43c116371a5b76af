"""How much a request may send: counted before anything reads it, whoever sends it.

FastAPI reads a form before the check of a route runs, so that without this anybody could fill the
disk and the memory of the desk. A plain ASGI middleware, since it must stand before the parser.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimits", "LimitBodies", "body_limits"]

MAX_BODY, MAX_PASTED = 256_000, 4_000_000  # bytes
# What a multipart form adds around its file.
AROUND_FILE = 1_000_000
# A slow reader of a page may send its form over a modem: 4 MB at 64 kB/s take a minute.
BODY_SECONDS = 120.0
# A body that says it is too large is still read and thrown away up to here: a browser that cannot
# send its form to the end shows a broken connection in place of our answer.
MAX_DRAINED = 64_000_000
_UPLOADS = ("/desk/add/file", "/api/v1/pages/file")
_PASTES = ("/desk/add/text", "/api/v1/pages", "/api/v1/claims:check")


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes that a body may have, by path; `other` for every path that is not named."""

    by_path: Mapping[str, int]
    other: int = MAX_BODY
    seconds: float = BODY_SECONDS

    def of(self, path: str) -> int:
        """The limit of a path, in bytes.

        >>> body_limits(10_000_000).of("/desk/add/file"), body_limits(10_000_000).of("/desk")
        (11000000, 256000)
        """
        return self.by_path.get(path, self.other)


def body_limits(max_file: int) -> BodyLimits:
    """The limits of a desk that reads files of up to `max_file` bytes."""
    return BodyLimits(
        MappingProxyType(
            dict.fromkeys(_UPLOADS, max_file + AROUND_FILE) | dict.fromkeys(_PASTES, MAX_PASTED)
        )
    )


class LimitBodies:
    """Answers 413 to a body that is or says it is too large, 408 to one that comes too slowly.

    `answer` makes the response to a body whose length is known beforehand. What is counted while it
    is read ends the reading, and the application answers as to any other `HTTPException`. How long
    an answer takes is not limited here: it runs in a thread, which nothing can stop.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: BodyLimits,
        answer: Callable[[Request, int, str], Response],
    ) -> None:
        self.app = app
        self.limits = limits
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limits.of(scope["path"])
        counted = _counted(receive, limit, self.limits.seconds)
        told = _told_length(scope)
        if told > limit:
            drained = _counted(receive, MAX_DRAINED, self.limits.seconds)
            if told <= MAX_DRAINED:
                await _drain(drained)
            response = self.answer(Request(scope), 413, _too_large(limit))
            response.headers["connection"] = "close"
            await response(scope, receive, send)
            return
        await self.app(scope, counted, send)


def _counted(receive: Receive, limit: int, seconds: float) -> Receive:
    """`receive`, counting the bytes of the body and the time until its end."""
    n_bytes = 0
    is_whole = False
    end = time.monotonic() + seconds

    async def counted() -> Message:
        nonlocal n_bytes, is_whole
        if is_whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise HTTPException(408, "the form came too slowly; send it once more") from None
        n_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if n_bytes > limit:
            raise HTTPException(413, _too_large(limit))
        return message

    return counted


async def _drain(receive: Receive) -> None:
    try:
        while (await receive()).get("more_body", False):
            pass
    except HTTPException:
        return


def _told_length(scope: Scope) -> int:
    """The body's length as the client says it; 0 where it says none or nonsense."""
    told = Headers(scope=scope).get("content-length", "")
    return int(told[:20]) if told.isascii() and told.isdigit() else 0


def _too_large(limit: int) -> str:
    return f"this is too large: at most {limit:,} bytes can be sent here"
