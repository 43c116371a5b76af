"""X1 to X4, I2 to I4 of the threat list: hostile text in every field, file name and log line."""

from __future__ import annotations

import contextlib
import html
import io
import json
import logging
import re
import smtplib
import sys
from dataclasses import replace

import ada_url
import html5lib
import pytest

from onrecord.compose import open_desk
from onrecord.mail import MailError, send
from onrecord.newsroom.review import CitedSource, Contact, Review, ReviewContent, Signature
from onrecord.newsroom.review import content_digest as digest_of
from onrecord.settings import MailSettings
from onrecord.store import jobs, newsroom
from onrecord.store.newsroom import Act
from onrecord.store.reply_rows import written
from onrecord.store.tables import replies as reply_table
from onrecord.terms import ReviewState, Role
from onrecord.web.app import HEADERS, ROUTES, make_app
from onrecord.web.log_lines import MAX_LINE, OneLine
from onrecord.web.routes import ANYBODY
from onrecord.work import run_job
from tests.web.conftest import ADDRESS, Browser
from tests.web.payloads import TEMPLATES, naughty, paths, scripts, statements

NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "test", NOW)
N_FIELDS = 17  # of the public page, filled by `hostile_review`
RULES = {"attribute": "rules", "claims": "signs"}
PLAIN = "plain words"
# Elements and attributes of ours that only some pages have; the skeletons add what they show.
SCHEMES = {"http:", "https:", "mailto:"}
N_FAST = 340  # payloads in the fast suite: one of every ten shapes that we make, and some outside


def chosen(payloads, n):
    """`n` payloads spread evenly over the list."""
    return payloads[:: max(1, len(payloads) // n)]


def hostile_review(number, words, *, state=ReviewState.PUBLISHED):
    """A review with the words in its fields, one after another; `N_FIELDS` of them."""
    w = [words[i % len(words)] for i in range(N_FIELDS)]
    source = CitedSource(w[9], w[10], w[11], "for", w[12], w[13], interest=w[14])
    contact = Contact(w[15], w[16], "2026-03-14", w[15], w[16])
    content = ReviewContent(
        w[0], title=w[1], rating=w[2], summary=w[3], reasoning=w[4], claimant=w[5], said_in=w[6],
        said_at=w[7], why=w[8], short_claim=w[0], said_on=w[8], language="en", sources=(source,),
        contacts=(contact,),
    )  # fmt: skip
    marks = (Signature("1", w[2], NOW, digest_of(content)),)
    return Review(
        f"{number:016x}", content, state, marks, created=NOW, changed=NOW, published=NOW, version=1
    )


def put_replies(office, review_id, words):
    """Shown replies with the words as names and texts."""
    rows = [
        {
            "id": f"{review_id[-4:]}{number:012x}", "review": review_id, "parent": "", "kind": "comment",
            "state": "shown", "name": word, "text": word, "at": NOW, "score": 0.0,
            "reasons": written((), ""), "shape": "", "decided_by": "", "decided": NOW,
        }
        for number, word in enumerate(words)
    ]  # fmt: skip
    with office.engine.begin() as connection:
        connection.execute(reply_table.insert(), rows)


def skeleton(page):
    """Every element of a page with the names of its attributes, and every address in it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    shapes, addresses = set(), []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        shapes |= {(element.tag, str(name)) for name in ("", *element.attrib)}
        addresses += [element.attrib[n] for n in ("href", "src", "action") if n in element.attrib]
    return shapes, addresses


def runs(address):
    """Whether an address does anything but lead to a page, as browsers read it."""
    try:
        return ada_url.URL(address, ADDRESS).protocol not in SCHEMES
    except ValueError:
        return False


def judge(page, allowed, *, at=""):
    shapes, addresses = skeleton(page)
    assert shapes <= allowed, (at, shapes - allowed)
    assert not [one for one in addresses if runs(one)], at


@pytest.fixture
def allowed(office, sign_in):
    """What our templates write: the shapes of the same pages with harmless words."""
    browser = sign_in(Role.ADMIN, "Olga")
    shapes = set()
    for number, word in enumerate((PLAIN, "https://bell.example/a"), start=9_000):
        review = hostile_review(number, [word])
        newsroom.save(office.engine, review, expected=None, act=ACT)
        if word == PLAIN:
            put_replies(office, review.id, [word])
        shapes |= shapes_of_pages(browser, review.id)
    return shapes


def pages_of(review_id):
    return (
        f"/checks/{review_id}", f"/checks/{review_id}/replies", f"/desk/reviews/{review_id}",
        f"/desk/reviews/{review_id}/preview", "/", "/corrections", "/desk/reviews",
        "/desk/replies?state=shown",
    )  # fmt: skip


def shapes_of_pages(browser, review_id):
    found = set()
    for path in pages_of(review_id):
        found |= skeleton(browser.get(path).text)[0]
    return found


def test_stored_payloads_add_no_element_attribute_or_address(office, sign_in, allowed):
    browser = Browser(make_app(office))
    assert browser.send("/desk/sign-in", name="olga", password="a long enough secret").is_redirect
    words = chosen(scripts(), N_FAST)
    for number in range(len(words) // N_FIELDS):
        review = hostile_review(number, words[number * N_FIELDS :][:N_FIELDS])
        newsroom.save(office.engine, review, expected=None, act=ACT)
        if number == 0:
            put_replies(office, review.id, words[:100])
        for path in pages_of(review.id)[: None if number == 0 else 4]:
            page = browser.get(path)
            assert page.status_code == 200
            judge(page.text, allowed, at=path)
    for path in ("/", "/?words=alert", "/desk/reviews"):
        judge(browser.get(path).text, allowed, at=path)


@pytest.mark.parametrize("n", [60, pytest.param(20_000, marks=pytest.mark.soak)])
def test_every_payload_in_every_field_stays_text(office, allowed, n):
    from onrecord.newsroom.publication import publication
    from onrecord.web.site import check_page

    # A claim without a word is in no markup, and one of the lists has it.
    hostile = [word for word in (*scripts(), *TEMPLATES, *statements(), *paths()[:2_500]) if word]
    for number, word in enumerate(chosen(hostile, n)):
        review = hostile_review(number, [word])
        check = publication(
            review, gate=(), corrections=(), scale=office.scale, desk=office.desk_name
        )
        page = check_page(office, check, digest="").body.decode()
        judge(page, allowed, at=word)
        [script] = scripts_of(page)
        assert json.loads(script)["claimReviewed"] == review.content.claim


def scripts_of(page):
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [one.text for one in tree.iter("script")]


def test_the_markup_is_one_script_that_says_what_was_stored(office, browser):
    for number, word in enumerate(chosen(scripts(), 150)):
        review = hostile_review(number, [word])
        newsroom.save(office.engine, review, expected=None, act=ACT)
        [script] = scripts_of(browser.get(f"/checks/{review.id}").text)
        node = json.loads(script)
        assert node["claimReviewed"] == review.content.claim


@pytest.fixture
def read(office):
    """Reads pasted text as the worker would; the path of its record."""

    def check(browser, text, *, form=".txt"):
        browser.send("/desk/add/text", at="/desk/add", text=text, form=form)
        stages = tuple((s, RULES.get(s, name)) for s, name in office.settings.stages)
        desk = open_desk(replace(office.settings, stages=stages))
        job = jobs.take(office.engine, now=office.now())
        run_job(job.id, desk=desk, folder=office.folder, engine=office.engine)
        done = jobs.load(office.engine, job.id)
        assert done.record, done.message
        return f"/desk/records/{done.record}"

    return check


def article_of(words):
    """A page of HTML that says each of the words as title, byline, body, quotation and speaker."""
    said = "".join(
        f"<p>“We have 14 boats and {html.escape(w)}”, said Cora {html.escape(w)} of the ferry.</p>"
        f"<p>{html.escape(w)} costs 12 million euros in 2019.</p>"
        for w in words
    )
    first = html.escape(words[0])
    return (
        f"<html><head><title>{first}</title></head><body><article><h1>{first}</h1>"
        f"<p class=byline>By {first}</p>{said}</article></body></html>"
    )


def test_a_hostile_page_is_shown_as_its_text(sign_in, read):
    browser = sign_in(Role.EDITOR)
    own = set()
    for words in ([PLAIN] * 3, ["https://bell.example/a"] * 2):
        own |= skeleton(
            browser.get(read(browser, article_of(words), form=".html") + "?all=1").text
        )[0]
    own |= {("span", name) for name in ("title", "class", "id", "lang", "dir")}
    own |= {("a", name) for name in ("title", "class", "id", "href")}
    own |= {("ins", ""), ("del", "")}  # of quotations that differ; the plain pages have none
    for at in range(0, 120, 40):
        words = chosen(scripts(), 120)[at : at + 40]
        path = read(browser, article_of(words), form=".html")
        judge(browser.get(f"{path}?all=1").text, own, at=path)
        judge(browser.get("/desk?state=all").text, own | skeleton(browser.get("/desk").text)[0])


# X3


def filled(path):
    """A route's path with something in its gaps."""
    return re.sub(r"{\w+(?::\w+)?}", "0" * 16, path)


def test_every_answer_of_every_route_carries_the_headers(sign_in, browser):
    admin = sign_in(Role.ADMIN)
    for route in ROUTES:
        for one in (browser, admin):
            answer = one.client.request(route.method, filled(route.path))
            given = {name: answer.headers.get(name) for name in HEADERS}
            assert given == HEADERS, route.path
            assert answer.status_code < 500 or answer.status_code == 501, route.path
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_fault_of_ours_says_nothing_and_carries_the_headers(office, monkeypatch):
    from starlette.testclient import TestClient

    from onrecord.web import site

    def broken(*_, **__):
        raise RuntimeError("a secret path")

    monkeypatch.setattr(site, "published", broken)
    client = TestClient(make_app(office), base_url=ADDRESS, raise_server_exceptions=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_an_uploaded_page_is_never_served_as_a_page(sign_in, read, office):
    body = "<script>alert('upload')</script><p>The bridge opened in 1961, Cora Lane said.</p>" * 3
    admin = sign_in(Role.ADMIN)
    path = read(admin, body, form=".html")
    digest = path.rsplit("/", 1)[1]
    kept = next((office.folder / "uploads").iterdir()).name
    for name in (digest, kept, kept.removesuffix(".html")):
        for route in ROUTES:
            if route.method != "GET":
                continue
            answer = admin.get(re.sub(r"{\w+(?::\w+)?}", name, route.path))
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert "<script>alert('upload')" not in answer.text, route.path
    for place in (f"/static/{kept}", f"/static/../uploads/{kept}", f"/uploads/{kept}"):
        assert admin.get(place).status_code == 404


# X4


def test_feeds_stay_well_formed_whatever_is_stored(office, browser):
    from xml.etree import ElementTree as ET

    words = [*chosen(scripts(), 100), *chosen(naughty(), 100)]
    for number in range(12):
        # Where the outside lists are absent there are fewer words than fields.
        some = words[number * N_FIELDS :][:N_FIELDS] or words
        review = hostile_review(number, some)
        newsroom.save(office.engine, review, expected=None, act=ACT)
    ET.fromstring(browser.get("/feeds/checks.atom").content)
    for name in ("checks", "claimreview", "corrections"):
        assert json.loads(browser.get(f"/feeds/{name}.json").content)


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "=cmd|' /C calc'!A0",
            'x",=1', "x\r\n=1,2", "\x00=1")  # fmt: skip


@pytest.mark.parametrize("n", [60, pytest.param(20_000, marks=pytest.mark.soak)])
def test_no_cell_of_a_table_is_a_formula(office, n):
    import csv

    from onrecord.newsroom.export import as_csv, as_html
    from onrecord.web.published import published_one

    for number, word in enumerate((*FORMULAS, *chosen(scripts(), n))):
        review = hostile_review(number, [word])
        newsroom.save(office.engine, review, expected=None, act=ACT)
        check, _ = published_one(office, review.id)
        written = as_csv(check)
        rows = list(csv.reader(io.StringIO(written, newline="")))
        assert len({len(row) for row in rows}) == 1
        cells = [cell for row in rows[1:] for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))], word
        shapes, addresses = skeleton(as_html(check))
        assert not {tag for tag, _ in shapes} & {"script", "img", "svg", "iframe", "style", "input"}
        assert not [one for _, one in shapes if one.startswith("on")]
        assert not [one for one in addresses if runs(one)]


BROKEN_LINES = (
    "\r\nBcc: all@bell.example",
    "\nX-A: b",
    "\r\n\r\nA body",
    "\r",
    "\x00\n",
    "\u2028\nx",
)


@pytest.mark.parametrize("ending", BROKEN_LINES)
@pytest.mark.parametrize("field", ["to", "subject", "sender"])
def test_no_letter_leaves_with_a_line_end_in_its_head(monkeypatch, ending, field):
    sent = []

    class Server:
        def has_extn(self, _):
            return False

        def ehlo_or_helo_if_needed(self):
            return None

        def send_message(self, letter):
            sent.append(letter)

    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: contextlib.nullcontext(Server()))
    settings = MailSettings(host="mail.example", sender="desk@desk.example")
    given = {"to": "dora@mailbox.example", "subject": "Your replies"}
    if field == "sender":
        settings = replace(settings, sender=settings.sender + ending)
    else:
        given[field] += ending
    with pytest.raises(MailError) as told:
        send(settings, **given, text="x")
    assert sent == []
    assert "mailbox" not in str(told.value)


# I2


class Opened:
    """Every file that is opened to be written while it watches."""

    def __init__(self):
        self.names, self.is_on = [], False
        sys.addaudithook(self.note)

    def note(self, event, given):
        if self.is_on and event in {"open", "os.rename", "os.link", "os.symlink", "os.mkdir"}:
            flags = given[2] if event == "open" and len(given) > 2 else 1
            if flags and flags & 0o103 and not isinstance(given[0], int):
                self.names.append(str(given[0]))


@pytest.fixture(scope="module")
def opened():
    return Opened()


@pytest.mark.parametrize(
    "n", [120, pytest.param(30_000, marks=[pytest.mark.soak, pytest.mark.timeout(5_000)])]
)
def test_a_name_with_a_path_leaves_nothing_outside_the_data_folder(sign_in, office, opened, n):
    browser = sign_in(Role.CONTRIBUTOR)
    token = browser.token("/desk/add")
    opened.names.clear()
    opened.is_on = True
    try:
        for number, name in enumerate(chosen(paths(), n)):
            for ending in ("", ".html"):
                file = (name.replace("\x00", "%00") + ending, f"page {number}".encode())
                answer = browser.client.post(
                    "/desk/add/file", data={"form_token": token}, files={"file": file}
                )
                assert answer.status_code in {303, 400, 422}
    finally:
        opened.is_on = False
    away = [
        one for one in opened.names if not one.startswith((str(office.folder), "/dev/", "/tmp/"))
    ]
    assert away == []
    kept = [path.name for path in (office.folder / "uploads").iterdir()]
    assert kept
    assert all(re.fullmatch(r"[0-9a-f]{64}\.[a-z.]+", name) for name in kept)


GAPS = (
    "/desk/records/{}", "/desk/records/{}/json", "/archive/{}", "/desk/jobs/{}", "/checks/{}",
    "/static/{}", "/checks/{}/replies", "/desk/reviews/{}", "/desk/password/{}",
)  # fmt: skip


@pytest.mark.parametrize("n", [25, pytest.param(3_000, marks=pytest.mark.soak)])
def test_an_id_with_a_path_finds_nothing(sign_in, office, n):
    from urllib.parse import quote

    browser = sign_in(Role.ADMIN)
    key = office.key
    for name in chosen(paths(), n):
        for gap in GAPS:
            for quoted in (quote(name, safe=""), quote(name, safe="/.%")):
                answer = browser.get(gap.format(quoted[:6_000]))
                assert answer.status_code < 500
                assert answer.status_code != 200 or "password" in gap or answer.url.path in _REAL
                assert key not in answer.content
                assert b"root:x:" not in answer.content


_REAL = {"/", "/desk/records", "/desk/reviews", "/desk", "/desk/sign-in"}


# I3


@pytest.mark.parametrize("payload", TEMPLATES)
def test_template_code_is_printed_as_it_stands(office, browser, tmp_path, payload):
    own = tmp_path / "own.md"
    own.write_text(payload, encoding="utf-8")
    told = replace(
        office.settings.newsroom, name=payload, method_file=str(own), organisation_file=str(own),
        corrections_file=str(own), complaints_url=payload, scale=(payload, "True=5"),
    )  # fmt: skip
    other = replace(
        office,
        settings=replace(office.settings, newsroom=told),
        desk_name=replace(office.desk_name, name=payload),
    )
    review = hostile_review(1, [payload])
    newsroom.save(office.engine, review, expected=None, act=ACT)
    put_replies(office, review.id, [payload])
    browser = Browser(make_app(other))
    pages = (f"/checks/{review.id}", f"/checks/{review.id}/replies", "/", "/method", "/privacy",
             "/organisation", "/corrections", "/feeds/checks.atom", "/feeds/checks.json")  # fmt: skip
    for path in pages:
        text = browser.get(path).text
        said = json.loads(text)["title"] if path.endswith(".json") else html.unescape(text)
        assert payload in said, path
        assert "49" not in re.sub(
            r"[0-9a-f]{16,}|\d\d:\d\d|: 49;|echo 49", "", text.replace(html.escape(payload), "")
        ), path


# I4


@pytest.fixture
def logged():
    """Gives the lines that one event leaves in the log."""
    stream = io.StringIO()
    target = logging.StreamHandler(stream)
    target.setFormatter(OneLine())
    logger = logging.getLogger("onrecord.test_hostile")
    logger.propagate = False
    logger.addHandler(target)

    def lines(message, *given, error=None):
        logger.warning(message, *given, exc_info=error)
        return stream.getvalue()

    yield lines
    logger.removeHandler(target)


EVENTS = (*chosen(naughty(), 60), "x" * 1_000_000, 'a\n{"level": "info"}', "\u20ac" * 5_000)


@pytest.mark.parametrize("text", EVENTS, ids=range(len(EVENTS)))
def test_one_event_is_one_line_of_printable_text(logged, text):
    line = logged("job %s failed: %s", "1", text)
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    assert len(line.encode()) <= MAX_LINE + 1
    assert line[:-1].isprintable()


def test_an_error_with_its_stack_is_one_line_too(logged):
    line = logged("it broke", error=OSError("no\nway \x1b[31m"))
    assert line.count("\n") == 1
    assert "OSError" in line


def test_the_server_logs_through_that_form():
    from onrecord.web.log_lines import log_settings

    settings = log_settings()
    assert all(one["formatter"] == "line" for one in settings["handlers"].values())
    assert settings["loggers"]["uvicorn.error"]["handlers"] == ["stderr"]


def test_public_routes_are_those_we_know():
    """A route that is opened to everybody needs a look at this file."""
    public = {route.path for route in ROUTES if route.who == ANYBODY and route.method == "GET"}
    known = ("/", "/checks/", "/corrections", "/method", "/organisation", "/archive/", "/feeds/",
             "/desk/sign-in", "/desk/first", "/desk/password/", "/privacy", "/.well-known/", "/api/")  # fmt: skip
    assert not [path for path in public if not path.startswith(known)]
