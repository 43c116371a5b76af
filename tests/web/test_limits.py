"""How much a request may send before anything of ours reads it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from onrecord.terms import Role
from onrecord.web.app import HEADERS
from onrecord.web.limits import BodyLimits, LimitBodies, body_limits

LIMITS = BodyLimits({"/file": 1_000}, other=100, seconds=5.0)


def asked(path, chunks, *, headers=(), seconds=5.0, waits=0.0):
    """What the middleware sends for a body in chunks, and how many bytes the application read."""
    parts = list(chunks)
    read, sent = [], []

    async def receive():
        await asyncio.sleep(waits)
        body = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        try:
            while True:
                message = await receive()
                read.append(len(message["body"]))
                if not message["more_body"]:
                    break
        except HTTPException as error:
            await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)
            return
        await PlainTextResponse("taken")(scope, receive, send)

    limited = LimitBodies(
        app,
        limits=replace(LIMITS, seconds=seconds),
        answer=lambda request, status, message: PlainTextResponse(message, status),
    )
    scope = {"type": "http", "method": "POST", "path": path, "headers": list(headers)}
    asyncio.run(limited(scope, receive, send))
    return sent[0]["status"], sum(read), len(parts)


@pytest.mark.parametrize(
    ("path", "chunks", "length", "status"),
    [
        ("/", [b"x" * 100], "", 200),
        ("/", [b"x" * 50, b"x" * 51], "", 413),
        ("/", [b"x" * 101], "101", 413),
        ("/", [b"x" * 101], "5", 413),  # a length that lies
        ("/", [b"x" * 50], "-1", 200),
        ("/", [b"x" * 50], "\xb2", 200),  # a digit to Python, none to us
        ("/file", [b"x" * 1_000], "1000", 200),
        ("/file", [b"x" * 600, b"x" * 600], "", 413),
        ("/file/", [b"x" * 600], "", 413),
        ("/", [], "9" * 400, 413),
    ],
)
def test_a_body_is_counted_and_never_believed(path, chunks, length, status):
    headers = [(b"content-length", length.encode("latin-1"))] if length else []
    got, n_read, _ = asked(path, chunks, headers=headers)
    assert got == status
    assert n_read <= LIMITS.of(path)


def test_a_body_that_never_ends_is_cut_at_the_limit():
    status, n_read, n_left = asked("/", [b"x" * 30] * 1_000)
    assert (status, n_read) == (413, 90)
    assert n_left == 996


def test_a_body_that_comes_too_slowly_is_given_up():
    assert asked("/", [b"x"] * 20, seconds=0.2, waits=0.05)[0] == 408


def test_each_way_in_has_the_limit_that_its_form_needs():
    limits = body_limits(10_000_000)
    assert limits.of("/desk/add/file") == limits.of("/api/v1/pages/file") == 11_000_000
    assert limits.of("/desk/add/text") == 4_000_000
    assert limits.of("/checks/r1/replies") == 256_000


def test_nobody_who_is_not_signed_in_fills_the_disk(browser):
    answer = browser.client.post("/desk/sign-in", data={"name": "x" * 300_000})
    assert answer.status_code == 413
    assert "at most 256,000 bytes" in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS

    def endless():
        for _ in range(1_000):
            yield b"name=" + b"x" * 10_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    counted = browser.client.post("/desk/sign-in", content=endless(), headers=form)
    assert counted.status_code == 413
    json = browser.client.post("/api/v1/nowhere", content=b" " * 300_000)
    assert json.headers["content-type"] == "application/problem+json"


def test_a_long_transcript_can_be_pasted(sign_in):
    browser = sign_in(Role.CONTRIBUTOR)
    text = "The mayor said it would open in May. " * 40_000
    answer = browser.send("/desk/add/text", at="/desk/add", text=text)
    assert answer.status_code == 303
