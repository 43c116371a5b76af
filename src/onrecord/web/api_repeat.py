"""Requests that a program may send twice: `Idempotency-Key` on POST.

The first answer to a key is kept for 24 hours and given again to the same account for the same
request; the same key with another request is refused (422), and with one that is still being
answered, too (409). Only answers that went well are kept, so what was refused can be tried again.
An answer that shows a secret once (`no-store`) is not kept: its repetition is refused (409).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from onrecord.store import kept_answers
from onrecord.store.kept_answers import Kept
from onrecord.web.access import Refused, account_of
from onrecord.web.office import Office, office_of

__all__ = ["HEADER", "repeatable"]

HEADER = "idempotency-key"
MAX_KEY = 255
_KEPT_HEADERS = ("content-type", "location", "etag")
_Answer = Callable[[Request], Coroutine[Any, Any, Response]]


def repeatable(check: Callable[[Request], Awaitable[None]]) -> type[APIRoute]:
    """The kind of FastAPI route that keeps its answers by key; `check` is the route's guard."""

    class Repeatable(APIRoute):
        """A route whose POST may carry an `Idempotency-Key`."""

        def get_route_handler(self) -> _Answer:
            """The answer, from before where the key says so."""
            answer = super().get_route_handler()

            async def once(request: Request) -> Response:
                key = request.headers.get(HEADER)
                if key is None:
                    return await answer(request)
                if not key.strip() or len(key) > MAX_KEY:
                    raise Refused(422, f"an Idempotency-Key has 1 to {MAX_KEY} characters")
                await check(request)
                return await _once(request, key, answer)

            return once

    return Repeatable


async def _once(request: Request, key: str, answer: _Answer) -> Response:
    office = office_of(request)
    name = _digest(account_of(request).id, key)
    body = hashlib.sha256(await request.body()).hexdigest()
    asked = _digest(request.method, str(request.url.path), request.url.query, body)
    known = await run_in_threadpool(
        kept_answers.begin, office.engine, name, asked=asked, now=office.clock()
    )
    if known is not None:
        return _again(known, asked)
    try:
        response = await answer(request)
    except BaseException:
        await run_in_threadpool(kept_answers.forget, office.engine, name)
        raise
    await run_in_threadpool(_keep, office, name, response)
    return response


def _again(known: Kept, asked: str) -> Response:
    if known.asked != asked:
        raise Refused(422, "this Idempotency-Key was sent with another request")
    if not known.status:
        raise Refused(409, "the first request with this Idempotency-Key is being answered")
    if not known.is_whole:
        raise Refused(409, "this was done; its answer is shown only once")
    headers = dict(known.headers) | {"idempotency-replayed": "true"}
    return Response(known.body, known.status, headers=headers)


def _keep(office: Office, name: str, response: Response) -> None:
    if response.status_code >= 400:
        kept_answers.forget(office.engine, name)
        return
    is_secret = response.headers.get("cache-control") == "no-store"
    headers = tuple((h, response.headers[h]) for h in _KEPT_HEADERS if h in response.headers)
    body = b"" if is_secret else bytes(response.body)
    kept_answers.keep(
        office.engine,
        name,
        Kept("", response.status_code, headers, body, is_whole=not is_secret),
    )


def _digest(*parts: str) -> str:
    joined = "\x00".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
