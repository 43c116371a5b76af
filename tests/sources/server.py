"""A server on loopback that plays a wiki, a search, a check API, a page or a language model."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Said:
    """One request as it came."""

    def __init__(self, method, target, headers, body):
        parts = urlsplit(target)
        self.method = method
        self.path = parts.path
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.target = target
        self.headers = headers
        self.body = body


@contextmanager
def serving(answer):
    """Yields `(port, requests)`; `answer(said)` gives `(status, media_type, body[, headers])`.

    `body` is bytes, text, an iterator of bytes, or anything that JSON can say.
    """
    requests = []

    class Played(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            self._answer()

        def do_GET(self):
            self._answer()

        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            said = Said(self.command, self.path, self.headers, self.rfile.read(length))
            if said.path == "/robots.txt":
                status, kind, body, *more = played_robots(answer, said)
            else:
                requests.append(said)
                status, kind, body, *more = answer(said)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in more[0] if more else ():
                    self.send_header(name, value)
                if isinstance(body, (dict, list)):
                    body = json.dumps(body)
                if isinstance(body, str):
                    body = body.encode()
                if isinstance(body, bytes):
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                else:
                    self.end_headers()
                    for piece in body:
                        self.wfile.write(piece)
                        self.wfile.flush()
            except OSError:
                pass  # the other side had enough

    server = ThreadingHTTPServer(("127.0.0.1", 0), Played)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1], requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def played_robots(answer, said):
    return getattr(answer, "robots", lambda _: (404, "text/plain", b""))(said)
