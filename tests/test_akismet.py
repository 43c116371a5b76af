"""The remote filter with Akismet's interface, against a server of our own on loopback."""

from __future__ import annotations

import logging
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from onrecord.akismet import remote_filter
from onrecord.errors import SettingsError
from onrecord.newsroom.replies import Incoming, RemoteAnswer
from onrecord.terms import ReplyKind

REPLY = Incoming(
    "r1",
    ReplyKind.COMMENT,
    "Ada Quill",
    "Überall Wasser & mehr",
    email="canary@mail.example",
    sender="198.51.100.0/24",
)
KEY = "secret-key-of-the-desk"


class Server:
    """Answers each question with what the test says, and keeps what was asked."""

    def __init__(self):
        self.answer = (200, b"false", {})
        self.drip = 0.0
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, parse_qs(body.decode(), keep_blank_values=True)))
                status, text, headers = outer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for i in range(len(text)):
                    if outer.drip:
                        time.sleep(outer.drip)
                    try:
                        self.wfile.write(text[i : i + 1] if outer.drip else text)
                    except OSError:
                        return
                    if not outer.drip:
                        return

            def log_message(self, *arguments):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


def ask(url, **given):
    return remote_filter(url, KEY, blog="https://desk.example", **given)(REPLY)


FAILED = RemoteAnswer(has_failed=True)
ANSWERS = [
    ("good", 200, b"false", {}, RemoteAnswer()),
    ("spam", 200, b"true", {}, RemoteAnswer(is_spam=True)),
    ("blatant", 200, b"true\n", {"X-akismet-pro-tip": "discard"}, RemoteAnswer(True, True)),
    ("looks again later", 200, b"false", {"X-akismet-recheck-after": "60"}, FAILED),
    ("wrong key", 200, b"invalid", {"X-akismet-debug-help": "no"}, FAILED),
    ("nothing", 200, b"", {}, FAILED),
    ("a page", 200, b"<html>" * 100_000, {}, FAILED),
    ("broken", 500, b"true", {}, FAILED),
    ("redirects are not followed", 302, b"true", {"Location": "http://127.0.0.1:1/"}, FAILED),
]


@pytest.mark.parametrize(
    ("_", "status", "body", "headers", "expected"), ANSWERS, ids=[row[0] for row in ANSWERS]
)
def test_an_answer_means_what_the_interface_says(server, _, status, body, headers, expected):
    server.answer = (status, body, headers)
    assert ask(server.url) == expected
    assert len(server.asked) == 1


def test_what_is_sent_holds_no_e_mail_and_no_whole_address(server):
    ask(server.url + "/")
    path, form = server.asked[0]
    assert path == "/1.1/comment-check"
    assert form["user_ip"] == ["198.51.100.0"]
    assert form["comment_content"] == ["Überall Wasser & mehr"]
    assert form["blog"] == ["https://desk.example"]
    assert form["comment_type"] == ["comment"]
    assert "canary" not in str(form)


def test_a_slow_answer_counts_as_none_in_time(server):
    server.answer, server.drip = (200, b"false", {}), 0.2
    began = time.monotonic()
    assert ask(server.url, seconds=0.3) == FAILED
    assert time.monotonic() - began < 10  # a busy machine is slow, a hang has no end


def test_nobody_there_counts_as_no_answer(caplog):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with caplog.at_level(logging.WARNING):
        assert ask(f"http://127.0.0.1:{port}", seconds=0.5) == FAILED
    assert "ConnectionRefusedError" in caplog.text
    assert KEY not in caplog.text


def test_silence_after_the_connection_counts_as_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        assert ask(f"http://127.0.0.1:{port}", seconds=0.3) == FAILED
        assert time.monotonic() - began < 10  # a busy machine is slow, a hang has no end


WRONG = [
    "",
    "rest.akismet.com",
    "http://rest.akismet.com",
    "ftp://127.0.0.1",
    "https://user:pw@filter.example",
    "https://filter.example/?a=b",
    "http://[::1",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_is_not_https_is_refused(url):
    with pytest.raises(SettingsError, match="remote_filter"):
        remote_filter(url, KEY, blog="https://desk.example")


def test_a_filter_without_a_key_is_refused():
    with pytest.raises(SettingsError, match="REMOTE_FILTER_KEY"):
        remote_filter("https://filter.example", "", blog="https://desk.example")
