"""A review from an empty form to a corrected, retracted check, by two people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.newsroom.audit import broken
from onrecord.settings import NewsroomSettings
from onrecord.store import newsroom
from onrecord.terms import ReviewState, Role
from onrecord.web.app import make_app
from tests.web.conftest import ADDRESS, PASSWORD, Browser

FULL = {
    "claim": "The bridge opened in 1961",
    "claimant": "Tomas Brill",
    "title": "The bridge did open in 1961",
    "rating": "True",
    "summary": "The register agrees.",
    "reasoning": "The register of 1961 names the day, on page 41.",
    "why": "It was said in the council.",
    "language": "en",
    "source-0-title": "Bridge register",
    "source-0-url": "https://county.example/register",
    "source-0-publisher": "The county",
    "source-0-side": "for",
    "source-0-is_primary": "on",
    "source-1-title": "A letter",
    "source-1-url": "https://bell.example/letter",
    "source-1-publisher": "The Bell",
    "source-1-side": "against",
    "source-1-interest": "none known",
    "contact-0-whom": "Tomas Brill",
    "contact-0-how": "telephone",
    "contact-0-asked": "2026-03-14",
    "contact-0-question": "What do you rest this on?",
    "contact-0-is_claimant": "on",
}


@pytest.fixture
def office(office, tmp_path):
    """A desk whose site has every page that the gate asks for."""
    page = tmp_path / "page.md"
    page.write_text("# How we work\n", encoding="utf-8")
    file = str(page)
    told = NewsroomSettings(
        name="Example Desk", url=ADDRESS, complaints_url="https://ifcn.example/complaints",
        method_file=file, organisation_file=file, corrections_file=file, keep_cited=False,
    )  # fmt: skip
    return replace(office, settings=replace(office.settings, newsroom=told))


@pytest.fixture
def two(office, add_account):
    """Two editors in two browsers."""
    browsers = []
    for name in ("Ada", "Ben"):
        add_account(name, Role.ADMIN if name == "Ada" else Role.EDITOR)
        one = Browser(make_app(office))
        one.send("/desk/sign-in", name=name, password=PASSWORD)
        browsers.append(one)
    return browsers


class Work:
    """The review of a test, with the acts of its people."""

    def __init__(self, browser, office):
        self.office = office
        self.at = browser.send("/desk/reviews", at="/desk/reviews").headers["location"]
        self.id = self.at.rsplit("/", 1)[1]

    @property
    def stored(self):
        return newsroom.load(self.office.engine, self.id)

    @property
    def state(self):
        return self.stored.review.state

    def save(self, browser, **fields):
        return browser.send(self.at, **fields)

    def move(self, browser, name, **fields):
        return browser.send(f"{self.at}/move", at=self.at, move=name, **fields)

    def sign(self, browser):
        import re

        page = browser.get(self.at).text
        content = re.search(r'name="content" value="(\w+)"', page).group(1)
        return browser.send(f"{self.at}/sign", at=self.at, content=content)

    def publish(self, *browsers):
        self.save(browsers[0], **FULL)
        self.move(browsers[0], "hand_in")
        for browser in browsers:
            self.sign(browser)
        self.move(browsers[0], "close_signing")
        return self.move(browsers[0], "publish")


def test_two_people_sign_and_it_is_published(two, office):
    work = Work(two[0], office)
    assert work.publish(*two).status_code == 303
    assert work.state is ReviewState.PUBLISHED
    content = work.stored.review.content
    assert [s.is_primary for s in content.sources] == [True, False]
    assert content.contacts[0].is_claimant
    assert broken(newsroom.audit_log(office.engine)) == ()


def test_one_signature_of_two_publishes_nothing(two, office):
    work = Work(two[0], office)
    answer = work.publish(two[0])
    assert answer.status_code == 409
    assert work.state is ReviewState.IN_REVIEW
    refused = work.move(two[0], "close_signing")
    assert "found 1 signature(s) under this text, expected 2" in refused.text


def test_the_gate_stops_what_is_missing_until_it_is_waived(two, office):
    work = Work(two[0], office)
    lacking = {k: v for k, v in FULL.items() if not k.startswith("contact")}
    work.save(two[0], **lacking)
    work.move(two[0], "hand_in")
    for browser in two:
        work.sign(browser)
    work.move(two[0], "close_signing")
    refused = work.move(two[0], "publish")
    assert refused.status_code == 409
    assert "P8" in refused.text
    waive = f"{work.at}/waive"
    assert two[0].send(waive, at=work.at, point="P1", reason="x").status_code == 409
    assert two[0].send(waive, at=work.at, point="P8", reason="he died").status_code == 303
    assert work.move(two[0], "publish").status_code == 303


def test_a_form_that_is_refused_keeps_what_was_typed(two, office):
    work = Work(two[0], office)
    work.save(two[0], **FULL)
    stale = work.save(two[0], claim="The bridge opened in 1962", expected="0" * 64)
    assert stale.status_code == 409
    assert "changed by somebody else" in stale.text
    assert "The bridge opened in 1962" in stale.text


def test_a_signature_needs_the_text_that_was_read(two, office):
    work = Work(two[0], office)
    work.save(two[0], **FULL)
    work.move(two[0], "hand_in")
    answer = two[1].send(f"{work.at}/sign", at=work.at, content="0" * 64)
    assert "has changed since you read it" in answer.text
    assert not work.stored.review.signatures


def test_a_correction_waits_for_two_and_is_kept_with_its_diff(two, office):
    work = Work(two[0], office)
    work.publish(*two)
    better = FULL | {"reasoning": FULL["reasoning"].replace("41", "14"), "reason": "Wrong page."}
    corrections = f"{work.at}/corrections"
    assert two[0].send(corrections, at=work.at, **better).status_code == 303
    [(pending_id, _)] = newsroom.pending_of(office.engine, work.id)
    early = two[0].send(f"{corrections}/{pending_id}/publish", at=work.at)
    assert early.status_code == 409
    assert "page 41" in work.stored.review.content.reasoning
    two[1].send(f"{corrections}/{pending_id}/sign", at=work.at)
    assert two[1].send(f"{corrections}/{pending_id}/publish", at=work.at).status_code == 303
    [entry] = newsroom.corrections_of(office.engine, work.id)
    assert (entry.reason, entry.by) == ("Wrong page.", ("Ada", "Ben"))
    assert "page 14" in work.stored.review.content.reasoning
    assert work.stored.review.version == 2


@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"reason": ""}, "needs a reason"), ({"reason": "x"}, "changes nothing")],
)
def test_a_correction_without_reason_or_change_is_refused(two, office, changes, fault):
    work = Work(two[0], office)
    work.publish(*two)
    answer = two[0].send(f"{work.at}/corrections", at=work.at, **FULL, **changes)
    assert answer.status_code == 422
    assert fault in answer.text


def test_a_retraction_needs_a_reason_and_leaves_an_entry(two, office):
    work = Work(two[0], office)
    work.publish(*two)
    assert work.move(two[0], "retract").status_code == 409
    assert work.move(two[0], "retract", reason="The register was forged.").status_code == 303
    assert work.state is ReviewState.RETRACTED
    [entry] = newsroom.corrections_of(office.engine, work.id)
    assert entry.kind.value == "retraction"


def test_only_an_admin_blacks_out(two, office):
    work = Work(two[0], office)
    work.publish(*two)
    fields = {"words": "The register of 1961", "ground": "court order"}
    assert two[1].send(f"{work.at}/black-out", at=work.at, **fields).status_code == 403
    assert two[0].send(f"{work.at}/black-out", at=work.at, **fields).status_code == 303
    assert "register of 1961" not in work.stored.review.content.reasoning


def test_one_account_publishes_on_one_signature(sign_in, office):
    one = sign_in(Role.ADMIN)
    work = Work(one, office)
    assert work.publish(one).status_code == 303
    assert work.state is ReviewState.PUBLISHED


def test_an_embargo_keeps_it_back(two, office):
    work = Work(two[0], office)
    work.save(two[0], **FULL)
    work.move(two[0], "hand_in")
    for browser in two:
        work.sign(browser)
    work.move(two[0], "close_signing")
    assert work.move(two[0], "embargo", until="2020-01-01T00:00").status_code == 409
    assert work.move(two[0], "embargo", until="2999-01-01T00:00").status_code == 303
    assert work.move(two[0], "publish").status_code == 409
