"""I1 of the threat list: hostile strings in every field that searches, filters, sorts or pages."""

from __future__ import annotations

import pytest

from onrecord.terms import Role
from tests.web.payloads import naughty, statements
from tests.web.test_hostile import chosen
from tests.web.test_site import put

FIELDS = (
    "/?words=", "/?page=", "/desk?words=", "/desk?site=", "/desk?kind=", "/desk?state=",
    "/desk?assigned=", "/desk?after=", "/desk/search?words=", "/desk/replies?state=",
    "/desk/replies?after=", "/desk/records?before=", "/desk/audit?after=", "/desk/add?url=",
    "/api/v1/claims?words=", "/api/v1/claims?site=", "/api/v1/claims?pageToken=",
    "/api/v1/checks?words=", "/api/v1/reviews?pageToken=", "/api/v1/records?pageToken=",
)  # fmt: skip
NUMBERS = ("0", "-1", "1e9", "9" * 30, "0x10", "nan:1", "inf:1", "0.5:" + "9" * 30, "-inf:-1", "0.5:-1",
           "1_000", "\u0661", "%00", "1 OR 1=1")  # fmt: skip


def asked(browser, field, text):
    path, _, name = field.partition("?")
    return browser.client.get(path, params={name.rstrip("="): text})


@pytest.mark.parametrize("n", [40, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_takes_any_text_as_text(sign_in, office, field, n):
    put(office, claim="The bridge opened in 1961", title="Open since 1961")
    browser = sign_in(Role.ADMIN)
    for text in (*NUMBERS, *chosen(statements(), n), *chosen(naughty(), n)):
        answer = asked(browser, field, text)
        assert answer.status_code in {200, 400, 404, 422}, text
        if field == "/?words=" and answer.status_code == 200 and text.strip():
            found = "/checks/r1" in answer.text
            words = text.casefold().split()[:8]
            stored = "the bridge opened in 1961 open since 1961 the register agrees.  true"
            assert found == all(word in stored for word in words), text


def test_a_quote_finds_what_has_the_quote_and_nothing_else(browser, office):
    put(office, claim="He said '; DROP TABLE reviews; -- twice", title="No")
    put(office, review_id="r2", claim="Nothing of the kind", title="No")
    page = browser.client.get("/", params={"words": "'; DROP TABLE reviews; --"}).text
    assert "/checks/r1" in page
    assert "/checks/r2" not in page
    for all_of_them in ("%", "_", "*", "' OR '1'='1", '" OR ""="'):
        assert "/checks/r2" not in browser.client.get("/", params={"words": all_of_them}).text
