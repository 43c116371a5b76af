"""A check taken away by its address: public ones by anybody, drafts by the desk alone."""

from __future__ import annotations

import pytest

from onrecord.newsroom.export import DRAFT
from onrecord.terms import ReviewState, Role
from tests.web.test_site import put

FORMS = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_published_check_is_a_file_in_each_form(browser, office, form):
    put(office)
    answer = browser.get(f"/checks/r1/export.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMS[form]
    assert answer.headers["content-disposition"] == f'attachment; filename="check-r1.{form}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_is_a_file_for_the_desk_alone_and_says_so(sign_in, browser, office, form):
    put(office, ReviewState.DRAFT, title="A secret draft")
    missing = browser.get(f"/checks/r2/export.{form}")
    public = browser.get(f"/checks/r1/export.{form}")
    assert (public.status_code, public.text) == (404, missing.text)
    path = f"/desk/reviews/r1/export.{form}"
    assert browser.get(path).status_code == 401
    answer = sign_in(Role.READER).get(path)
    assert 'filename="draft-r1' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    if form in {"md", "html"}:
        assert DRAFT in answer.text


def test_a_published_review_is_no_draft_on_the_desk(sign_in, office):
    put(office)
    answer = sign_in(Role.READER).get("/desk/reviews/r1/export.md")
    assert DRAFT not in answer.text
    assert 'filename="check-r1.md"' in answer.headers["content-disposition"]


def test_a_retracted_check_is_its_tombstone(browser, office):
    put(office, ReviewState.RETRACTED)
    answer = browser.get("/checks/r1/export.md")
    assert answer.status_code == 410
    assert "retracted" in answer.text


def test_markup_is_in_the_html_when_asked_for(browser, office):
    put(office, claim="</script><script>alert(1)</script>")
    assert "<script" not in browser.get("/checks/r1/export.html").text
    text = browser.get("/checks/r1/export.html?markup=yes").text
    assert text.count("<script") == text.count("</script>") == 1


def test_another_form_is_refused(browser, office):
    put(office)
    assert browser.get("/checks/r1/export.exe").status_code == 422
