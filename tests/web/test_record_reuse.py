"""The record page shows where a page's words stood before; the public site shows none of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from onrecord.compose import open_desk
from onrecord.newsroom.review import Review, ReviewContent, Signature, content_digest
from onrecord.store import jobs, newsroom, records
from onrecord.store.history import every
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState, Role
from onrecord.work import run_job

NOW = "2026-03-14T08:20:00+00:00"
PAGE = """<html><head><title>{title}</title><link rel="canonical" href="{url}"></head><body><article>
<h1>{title}</h1>
<p>The ferry over the Harrow will not run on Sundays from May, the council of Mallow decided on Monday.</p>
<p>“{said}”, said Tilda Rook, who speaks for the harbour.</p>
<p>{rest}</p></article></body></html>"""
SAID = "We will not raise the fare for anybody who lives on the island this year"
ALTERED = "We will raise the fare for anybody who lives on the island next year"
FIRST = PAGE.format(
    title="Ferry rests", url="https://a.example/ferry", said=SAID, rest="Ships pass."
)
SECOND = PAGE.format(
    title="Fare goes <b>up</b>", url="https://b.example/fare", said=ALTERED, rest="A secret memo."
).replace("decided on Monday", "said")


@pytest.fixture
def read(office):
    """Reads pasted HTML as the worker does and gives the digest of its page."""
    rules = {"attribute": "rules", "claims": "signs"}
    stages = tuple((name, rules.get(name, chosen)) for name, chosen in office.settings.stages)
    settings = replace(office.settings, stages=stages)

    def one(html):
        from onrecord.work import keep_upload

        name = keep_upload(office.folder, html.encode(), suffix=".html")
        job = jobs.add(office.engine, "paste", name, account="1", now=office.now())
        run_job(job.id, desk=open_desk(settings), folder=office.folder, engine=office.engine)
        done = jobs.load(office.engine, job.id)
        assert done.state == "done", done.message
        return done.record

    return one


def test_a_page_is_asked_about_first_and_then_joins_the_history(office, read):
    first = read(FIRST)
    assert records.load(office.engine, first).reuse is None  # there was no history to ask
    (kept,) = every(office.engine)
    assert SAID in kept.document.text
    assert kept.first_seen[:4] == office.now()[:4]
    second = records.load(office.engine, read(SECOND))
    assert {one.passage.document for one in second.reuse} == {kept.document.id}
    assert len([*every(office.engine)]) == 2
    # The same page once more: it is not its own earlier appearance, and is not kept twice.
    again = records.load(office.engine, read(SECOND))
    assert {one.passage.document for one in again.reuse} == {kept.document.id}
    assert len([*every(office.engine)]) == 2


def test_a_pasted_text_does_not_find_itself(office, read):
    text = (
        "<html><body><article><p>" + SAID + ". " * 3 + "Ferries rest.</p></article></body></html>"
    )
    read(text)
    assert records.load(office.engine, read(text)).reuse == ()


def test_the_record_page_shows_the_altered_quotation_and_the_tree(sign_in, read):
    browser = sign_in(Role.READER)
    assert "stand elsewhere" not in browser.get(f"/desk/records/{read(FIRST)}").text
    shown = browser.get(f"/desk/records/{read(SECOND)}").text
    part = shown[shown.index('id="reuse"') :]
    assert "<svg" in part
    assert "a negation is missing here" in part
    assert "<del>not</del>" in part
    assert "<ins>next</ins>" in part
    assert "<del>this</del>" in part
    assert "undetermined" in part or "stood there first" in part
    assert "Ferry rests" in part
    # The words lead to their place in the article.
    places = re.findall(r'class="offset" href="#(o\d+)"', part)
    assert places
    assert all(f'id="{place}"' in shown for place in places)


def test_links_from_claims_lead_into_the_article(sign_in, read):
    shown = sign_in(Role.READER).get(f"/desk/records/{read(FIRST)}").text
    places = re.findall(r'href="#([^"]+)">in the article', shown)
    assert places
    assert all(f'id="{place}"' in shown for place in places)


def test_hostile_titles_of_other_texts_stay_text(sign_in, read):
    read(FIRST.replace("Ferry rests", "&lt;script&gt;alert(1)&lt;/script&gt;"))
    shown = sign_in(Role.READER).get(f"/desk/records/{read(SECOND)}").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_the_public_site_shows_nothing_of_other_texts(office, browser, read):
    read(FIRST)
    digest = read(SECOND)
    content = ReviewContent("The fare goes up", title="It does not", rating="False", summary="No.")
    mark = Signature("1", "Ada Quill", NOW, content_digest(content))
    state = ReviewState.PUBLISHED
    made = Review("r1", content, state, (mark,), record=digest, published=NOW, version=1)
    newsroom.save(office.engine, made, expected=None, act=Act("1", "test", NOW))
    for path in ("/checks/r1", "/", "/feeds/checks.atom", "/feeds/claimreview.json"):
        shown = browser.get(path).text
        assert SAID not in shown
        assert "Ferry rests" not in shown
    assert browser.get(f"/desk/records/{digest}").status_code == 401
