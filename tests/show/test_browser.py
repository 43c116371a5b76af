"""The page in a real browser: nothing runs, nothing is fetched. Needs Chromium; soak only."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import shutil
import subprocess

import pytest

from onrecord.show.page import page
from onrecord.show.wording_evidence import UNSIGNED
from tests.show.hostile import poisoned, some_payloads
from tests.show.judged import judged

N_PAGES = 300


class Browser:
    """Chromium without a window, spoken to over two pipes (DevTools protocol, NUL-ended JSON)."""

    def __init__(self, program, folder):
        to_read, self._to = os.pipe()
        self._from, from_write = os.pipe()
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        command = (
            f"exec {program} --headless=new --no-sandbox --disable-gpu --remote-debugging-pipe "
            f"--user-data-dir={folder} about:blank 3<&{to_read} 4>&{from_write}"
        )
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", command],
            pass_fds=(to_read, from_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        self._rest = b""
        self._number = 0
        self._session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def _message(self):
        while b"\0" not in self._rest:
            part = os.read(self._from, 1 << 16)
            if not part:
                raise EOFError("the browser ended")
            self._rest += part
        one, _, self._rest = self._rest.partition(b"\0")
        return json.loads(one)

    def call(self, method, **params):
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def _note(self, message):
        self.events.append(message)
        if message.get("method") == "Page.javascriptDialogOpening":
            self.call("Page.handleJavaScriptDialog", accept=True)

    def open(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not any(one.get("method") == "Page.loadEventFired" for one in self.events):
            self._note(self._message())

    def named(self, method):
        return [one["params"] for one in self.events if one.get("method") == method]

    def close(self):
        os.close(self._to)
        self._process.terminate()
        self._process.wait(20)
        os.close(self._from)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine")
    one = Browser(program, tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


def visit(browser, file):
    """The dialogs and the addresses asked for while the page is loaded, scrolled and focused."""
    browser.open(file.as_uri())
    walk = (
        "document.querySelectorAll('*').forEach(e => { e.focus && e.focus();"
        " e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); }); scrollTo(0, 1e6)"
    )
    browser.call("Runtime.evaluate", expression=walk)
    dialogs = browser.named("Page.javascriptDialogOpening")
    asked = [one["request"]["url"] for one in browser.named("Network.requestWillBeSent")]
    return dialogs, [url for url in asked if url != file.as_uri()]


@pytest.mark.soak
def test_the_browser_check_sees_what_runs(browser, tmp_path):
    file = tmp_path / "runs.html"
    file.write_text("<img src=x onerror=alert(1)><script>alert(2)</script>")
    dialogs, asked = visit(browser, file)
    assert dialogs
    assert asked


@pytest.mark.soak
def test_hostile_strings_run_nothing_and_fetch_nothing_in_a_browser(browser, shared, tmp_path):
    file = tmp_path / "page.html"
    for payload in random.Random(3).sample(some_payloads(shared, None), N_PAGES):
        text = page(poisoned(payload), comments=True, working_copy=True)
        file.write_text(text, encoding="utf-8")
        assert visit(browser, file) == ([], []), payload


@pytest.mark.soak
def test_every_sheet_of_a_printed_working_copy_says_that_it_is_unsigned(browser, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    file = tmp_path / "page.html"
    file.write_text(page(judged(), working_copy=True), encoding="utf-8")
    browser.open(file.as_uri())
    printed = browser.call("Page.printToPDF", displayHeaderFooter=False)["data"]
    sheets = pypdf.PdfReader(io.BytesIO(base64.b64decode(printed))).pages
    assert len(sheets) > 3
    for sheet in sheets:
        assert sheet.extract_text().count(UNSIGNED) == 2
