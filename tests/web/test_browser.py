"""The whole way through a real browser and a real server: from an empty desk to a reader's reply.

Needs Chromium and Playwright for Python; axe-core comes from npm. What is absent is said and
skipped. `PICTURES=folder pytest tests/web/test_browser.py` keeps a picture of each page.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.web.payloads import scripts

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright for Python is absent: pip install playwright"
)

# Alone on two cores it takes a minute; beside other work a good deal more.
pytestmark = pytest.mark.timeout(900)

AXE = "axe-core@4.14.1"
PASSWORD = "a long enough secret"
START_SECONDS, JOB_MILLISECONDS = 60, 90_000
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}
MAX_PAGE_BYTES, MAX_CSS_BYTES = 200_000, 12_000
PAGE = """Bridge opens to cars

The bridge opened in 1961 and cost 12 million euros, Mayor Cora Lane said on Monday.

About 14,000 cars cross it every day, according to a count by the county.

“We will not close it before 2030,” said Tomas Brill, who runs the ferry.
"""
CHECK = {
    "The claim, as it was said": "The bridge opened in 1961",
    "Title of the check": "The bridge did open in 1961",
    "Conclusion in one or two sentences": "The register agrees.",
    "The reasoning": "The register of 1961 names the day, on page 41.",
    "Why this claim was chosen": "It was said in the council.",
    "Who said it": "Cora Lane",
}
SOURCES = (
    ("Bridge register", "https://county.example/register", "The county", "for"),
    ("A letter", "https://bell.example/letter", "The Bell", "against"),
)
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass
class Seen:
    """What went wrong on the pages that were looked at, by page."""

    axe: str
    dialogs: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    wide: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)


@dataclass
class Desk:
    """A served desk: its address, its folder, and the browser that looks at it."""

    url: str
    folder: Path
    browser: object
    seen: Seen

    def person(self, **options):
        """A page in a browser profile of its own."""
        context = self.browser.new_context(base_url=self.url, viewport=WIDE, **options)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("dialog", lambda one: (self.seen.dialogs.append(one.message), one.dismiss()))
        page.on("console", self._keep_refusal)
        page.on("pageerror", lambda error: self.seen.refused.append(str(error)))
        return page

    def _keep_refusal(self, message):
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            self.seen.refused.append(message.text)

    def look(self, page, name):
        """Looks at the page as it stands: accessible, in both colours, on a phone, not too big."""
        self.seen.sizes[name] = len(page.content().encode())
        self.seen.faults[name] = self._axe(page)
        self._keep_picture(page, f"{name}-light-1280")
        page.emulate_media(color_scheme="dark")
        self.seen.faults[f"{name} (dark)"] = self._axe(page, "color-contrast")
        self._keep_picture(page, f"{name}-dark-1280")
        page.set_viewport_size(NARROW)
        self._keep_picture(page, f"{name}-dark-400")
        page.emulate_media(color_scheme="light")
        self._keep_picture(page, f"{name}-light-400")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.seen.wide.append(name)
        page.set_viewport_size(WIDE)

    def _axe(self, page, *rules):
        if not self.seen.axe:
            return []
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.seen.axe)
        options = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]

    @staticmethod
    def _keep_picture(page, name):
        if os.environ.get("PICTURES"):
            folder = Path(os.environ["PICTURES"])
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def axe(request):
    """The source of axe-core, fetched by npm once; empty where that cannot be."""
    folder = request.config.cache.mkdir("axe-core")
    if not any(folder.glob("axe-core-*.tgz")):
        npm = shutil.which("npm")
        if npm is None:
            return ""
        command = [npm, "pack", AXE, "--silent", "--fetch-retries=1", "--fetch-timeout=20000"]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=90, check=True)
        except (subprocess.SubprocessError, OSError):
            return ""
    with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as packed:
        return packed.extractfile("package/axe.min.js").read().decode()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a screen."""
    found = next((path for name in _CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with playwright_api.sync_playwright() as playwright:
        # A sandbox needs user namespaces, which containers and root do not have.
        made = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def desk(browser, axe, tmp_path_factory):
    """A desk behind `onrecord serve` with its own worker, fast stages, and no network."""
    folder = tmp_path_factory.mktemp("desk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    own = folder / "own.md"
    own.write_text("We read the record and ask whom it concerns.\n", encoding="utf-8")
    settings = folder / "onrecord.toml"
    settings.write_text(
        f'folder = "{folder / "data"}"\n'
        '[stages]\nattribute = "rules"\nclaims = "signs"\n'
        f'[serve]\nport = {port}\n[newsroom]\nname = "Example Desk"\nurl = "{url}"\n'
        f'method_file = "{own}"\norganisation_file = "{own}"\ncorrections_file = "{own}"\n'
        'complaints_url = "https://ifcn.example/complaints"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "onrecord", "serve", "--settings", str(settings)]
    log = folder / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    try:
        _wait_for(port, server, log)
        yield Desk(url, folder / "data", browser, Seen(axe))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def walked(desk):
    """The desk after the whole way; `seen.facts` says what came of it."""
    ada = desk.person()
    first_account(desk, ada)
    record = add_a_page(desk, ada)
    correct_a_finding(desk, ada)
    review = write_a_review(desk, ada)
    ben = sign_with_the_keyboard(desk, desk.person(), review)
    publish(desk, ada, review)
    correct_with_two(desk, ada, ben, review)
    reply_and_moderate(desk, ada, review)
    look_around(desk, ada, record, review)
    desk.seen.facts["review"] = review.rsplit("/", 1)[1]
    return desk


def first_account(desk, page):
    page.goto("/desk/sign-in")
    desk.look(page, "first")
    page.get_by_label("Name to sign in with").fill("ada")
    page.get_by_label("Your name, as it is printed").fill("Ada Quill")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="Claims to check").wait_for()
    desk.look(page, "queue-empty")
    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("Name to sign in with").fill("ben")
    page.get_by_label("Name that is printed").fill("Ben Ostler")
    page.get_by_label("Role", exact=True).select_option("editor")
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("cell", name="Ben Ostler", exact=True).wait_for()
    desk.look(page, "accounts")


def add_a_page(desk, page):
    page.get_by_role("link", name="Add a page").click()
    desk.look(page, "add")
    page.get_by_label("Text", exact=True).fill(PAGE)
    page.get_by_role("button", name="Read it", exact=True).click()
    page.evaluate("window.wasHere = true")
    desk.look(page, "job")
    link = page.get_by_role("link", name="See its record")
    link.wait_for(timeout=JOB_MILLISECONDS)
    desk.seen.facts["polled"] = page.evaluate("window.wasHere === true")
    link.click()
    desk.seen.facts["record"] = page.get_by_label("The article").inner_text()
    desk.look(page, "record")
    return page.url


def correct_a_finding(desk, page):
    panel = page.locator("article.panel", has_text="1961").first
    panel.get_by_text("Correct or reject this finding").click()
    panel.get_by_label("The exact words of the page").fill("The bridge opened in 1961")
    panel.get_by_label("Why").fill("The cost is another claim.")
    panel.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_text("corrected by Ada Quill").first.wait_for()
    desk.look(page, "record-edited")


def write_a_review(desk, page):
    panel = page.locator("article.panel", has_text="corrected by Ada Quill")
    panel.get_by_role("button", name="Review this claim: The bridge opened in 1961").click()
    desk.look(page, "review-new")
    _open_all(page)
    for label, words in CHECK.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Rating", exact=True).select_option("True")
    for number, (title, url, publisher, side) in enumerate(SOURCES):
        for name, value in (("title", title), ("url", url), ("publisher", publisher)):
            page.locator(f"[name=source-{number}-{name}]").fill(value)
        page.locator(f"[name=source-{number}-side]").select_option(side)
        page.locator(f"[name=source-{number}-interest]").fill("none known")
    page.locator("[name=source-0-is_primary]").check()
    page.locator("[name=contact-0-whom]").fill("Cora Lane")
    page.locator("[name=contact-0-is_claimant]").check()
    page.locator("[name=contact-0-how]").fill("telephone")
    page.locator("[name=contact-0-asked]").fill("2026-03-14")
    page.locator("[name=contact-0-question]").fill("What do you rest this on?")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Sign this text as Ada Quill").click()
    page.get_by_text("1 of 2 signatures").wait_for()
    desk.look(page, "review-signed-once")
    page.get_by_role("link", name="Preview").click()
    desk.look(page, "preview")
    page.go_back()
    return page.url


def sign_with_the_keyboard(desk, page, review):
    """Ben signs in, reads and signs without a mouse."""
    page.goto("/desk/sign-in")
    desk.look(page, "sign-in")
    _tab_to(page, "name")
    page.keyboard.type("ben")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Claims to check").wait_for()
    _tab_to(page, "Reviews")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reviews").wait_for()
    _tab_to(page, CHECK["Title of the check"])
    page.keyboard.press("Enter")
    page.wait_for_url(review)
    _tab_to(page, "Sign this text as Ben Ostler")
    page.keyboard.press("Enter")
    page.get_by_text("2 of 2 signatures").wait_for()
    return page


def publish(desk, page, review):
    page.goto(review)
    page.get_by_role("button", name="Close signing").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("State: published").wait_for()
    desk.look(page, "review-published")
    page.get_by_role("link", name="Public page").click()
    page.get_by_role("heading", name=CHECK["Title of the check"]).wait_for()


def correct_with_two(desk, ada, ben, review):
    ada.goto(review)
    ada.get_by_text("Correct this check").click()
    _open_all(ada)
    ada.get_by_label("The reason, which is printed").fill("The page was another.")
    ada.get_by_label("The reasoning", exact=True).fill(
        CHECK["The reasoning"].replace("page 41", "page 14")
    )
    ada.get_by_role("button", name="Propose the correction").click()
    ada.get_by_text("1 of 2 signatures").last.wait_for()
    ben.goto(review)
    ben.get_by_role("button", name="Sign it").click()
    desk.look(ben, "review-correction")
    ben.get_by_role("button", name="Publish it").click()
    ben.get_by_text("Correction 1").wait_for()


def reply_and_moderate(desk, editor, review):
    reader = desk.person(color_scheme="dark")
    reader.goto("/")
    desk.look(reader, "index")
    reader.get_by_role("link", name=CHECK["Title of the check"]).click()
    desk.seen.facts["check"] = reader.get_by_role("main").inner_text()
    script = reader.locator("script[type='application/ld+json']")
    desk.seen.facts["markup"] = json.loads(script.inner_text())
    desk.look(reader, "check")
    reader.get_by_role("link", name="Replies").click()
    reader.get_by_label("It is", exact=True).select_option("claimant_answer")
    reader.get_by_label("Name, shown").fill("Cora Lane")
    reader.get_by_label("Your reply, as plain text").fill("I stand by the year that I gave.")
    reader.get_by_role("button", name="Send").click()
    reader.get_by_text("A person reads your reply").wait_for()
    desk.look(reader, "reply-sent")
    editor.get_by_role("link", name="Replies", exact=True).click()
    desk.look(editor, "moderation")
    editor.get_by_role("button", name="Show it: Cora Lane").click()
    editor.get_by_role("link", name="shown", exact=True).click()
    editor.get_by_text("I stand by the year").wait_for()
    reader.reload()
    reader.goto(f"/checks/{review.rsplit('/', 1)[1]}/replies")
    reader.get_by_text("I stand by the year").wait_for()
    desk.look(reader, "replies")
    for name in ("corrections", "method", "organisation", "privacy", "nowhere"):
        reader.goto(f"/{name}")
        desk.look(reader, name)
    answers = {
        path: reader.request.get(f"/feeds/{path}").text()
        for path in ("checks.atom", "checks.json", "claimreview.json", "corrections.json")
    }
    desk.seen.facts["feeds"] = answers


def look_around(desk, page, record, review):
    for name, path in (
        ("queue", "/desk"),
        ("records", "/desk/records"),
        ("reviews", "/desk/reviews"),
        ("search", "/desk/search?words=bridge"),
        ("dashboard", "/desk/dashboard"),
        ("audit", "/desk/audit"),
        ("settings", "/desk/settings"),
        ("record-all", f"{record}?all=1"),
        ("review-corrected", review),
    ):
        page.goto(path)
        desk.look(page, name)
    sent = page.locator("form", has=page.get_by_role("button", name="Sign out"))
    sent.get_by_role("button").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_page_becomes_a_signed_and_corrected_check_with_an_answer(walked):
    facts = walked.seen.facts
    assert facts["polled"], "the page of the job was loaded again instead of asking by itself"
    assert "12 million euros" in facts["record"]
    for words in ("True", "page 14", "Ada Quill", "Ben Ostler", "The page was another."):
        assert words in facts["check"]
    assert "One person alone" not in facts["check"]
    assert facts["markup"]["reviewRating"]["alternateName"] == "True"


def test_the_check_and_its_correction_are_in_the_feeds(walked):
    feeds, review = walked.seen.facts["feeds"], walked.seen.facts["review"]
    entries = ET.fromstring(feeds["checks.atom"]).findall("{http://www.w3.org/2005/Atom}entry")
    assert [entry.find("{http://www.w3.org/2005/Atom}id").text for entry in entries] == [
        f"{walked.url}/checks/{review}"
    ]
    assert json.loads(feeds["checks.json"])["items"][0]["_onrecord"]["version"] == 2
    assert json.loads(feeds["claimreview.json"])["dataFeedElement"][0]["item"]
    assert json.loads(feeds["corrections.json"])["items"][0]["content_text"] == (
        "The page was another."
    )


def test_no_page_has_a_serious_accessibility_fault(walked):
    if not walked.seen.axe:
        pytest.skip(f"axe-core is absent: npm pack {AXE} did not work")
    assert {name: found for name, found in walked.seen.faults.items() if found} == {}
    assert len(walked.seen.faults) > 40


def test_no_page_breaks_its_own_content_security_policy(walked):
    assert walked.seen.refused == []


def test_every_page_fits_a_phone(walked):
    assert walked.seen.wide == []


def test_pages_and_styles_are_small(walked):
    assert max(walked.seen.sizes.values()) < MAX_PAGE_BYTES
    page = walked.person()
    size = sum(
        len(page.request.get(f"/static/{name}").body()) for name in ("style.css", "article.css")
    )
    assert size < MAX_CSS_BYTES


def test_three_hundred_payloads_raise_no_dialog(walked):
    chosen = random.Random(6).sample(scripts(), 300)
    made = _fill(walked, chosen)
    page = walked.person()
    page.goto("/desk/sign-in")
    page.get_by_label("Name", exact=True).fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Claims to check").wait_for()
    paths = [path for one in made for path in (f"/checks/{one}", f"/desk/reviews/{one}")]
    paths += [f"/checks/{made[0]}/replies", "/", "/corrections", "/desk/reviews", "/desk/replies"]
    before = len(walked.seen.dialogs)
    for path in paths:
        page.goto(path, wait_until="domcontentloaded")
        page.evaluate(_TOUCH)
        assert page.evaluate(_HOSTILE) == [], path
    assert walked.seen.dialogs[before:] == []
    assert walked.seen.refused == []


# Events that wake what a payload may have planted.
_TOUCH = """() => { for (const one of document.querySelectorAll('main *'))
  for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle', 'animationstart'])
    one.dispatchEvent(new Event(kind)); }"""
# Elements that no template of ours writes, and attributes that run.
_HOSTILE = """() => [...document.querySelectorAll('body *')].filter(one =>
  ['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'SCRIPT', 'STYLE', 'SVG', 'MATH'].includes(one.nodeName)
  || [...one.attributes].some(a => a.name.startsWith('on') || a.name === 'style'
     || a.name === 'srcdoc')).map(one => one.outerHTML.slice(0, 200))"""


def _fill(desk, payloads):
    """Published checks and shown replies with the payloads in their fields; the checks' ids."""
    from onrecord.newsroom.review import CitedSource, Review, ReviewContent, Signature
    from onrecord.newsroom.review import content_digest as digest_of
    from onrecord.store import newsroom
    from onrecord.store.database import open_database
    from onrecord.store.newsroom import Act
    from onrecord.terms import ReviewState

    engine = open_database(desk.folder)
    now, act, made = "2026-03-14T08:20:00+00:00", Act("1", "test", "2026-03-14T08:20:00+00:00"), []
    for at in range(0, len(payloads), 15):
        p = payloads[at : at + 15]
        source = CitedSource(p[9], p[10], p[11], "for", p[12], p[13], interest=p[14])
        content = ReviewContent(
            p[0], title=p[1], rating=p[2], summary=p[3], reasoning=p[4], claimant=p[5],
            said_in=p[6], said_at=p[7], why=p[8], sources=(source,),
        )  # fmt: skip
        marks = (Signature("1", p[0], now, digest_of(content)),)
        name = f"{at:016x}"
        review = Review(
            name, content, ReviewState.PUBLISHED, marks, created=now, changed=now, published=now,
            version=1,
        )  # fmt: skip
        newsroom.save(engine, review, expected=None, act=act)
        made.append(name)
    engine.dispose()
    return made


def _tab_to(page, name):
    """Presses Tab until the element with a name, an id or such words has the focus."""
    js = "e => [document.activeElement.id, document.activeElement.innerText || '']"
    for _ in range(150):
        page.keyboard.press("Tab")
        id_, words = page.evaluate(js)
        if name in {id_, words.strip()}:
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", f"the focus on {name!r} cannot be seen"
            return
    pytest.fail(f"no Tab reaches {name!r}")


def _open_all(page):
    """Opens every part of a form that is folded."""
    page.evaluate("document.querySelectorAll('form details').forEach(one => { one.open = true })")


def _wait_for(port, server, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
