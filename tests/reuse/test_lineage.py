from __future__ import annotations

import dataclasses

import pytest

from onrecord.ports import Sighting
from onrecord.read import read
from onrecord.record import Capture, Document, FoundValue
from onrecord.reuse.lineage import direction
from onrecord.terms import ReuseDirection as D

POST = Document(
    "1", "The wall was damaged.", url="https://harbourpost.example/1", publisher="The Harbour Post"
)
TODAY = "2026-11-26T08:00:00+00:00"


def page(text: str, *, published: str = "", site: str = "", retrieved: str | None = None):
    made = read(Capture(None, retrieved, "text/plain", f"A title\n\n{text}\n".encode()))
    about = dataclasses.replace(
        made.metadata,
        published=FoundValue(published, "test") if published else None,
        site=FoundValue(site, "test") if site else None,
    )
    return dataclasses.replace(made, metadata=about)


DATES = [
    # published, retrieved, stated, first seen, expected
    ("a day earlier", "2026-11-05", None, "2026-11-04", TODAY, D.FROM_DOCUMENT),
    ("a day later", "2026-11-05", None, "2026-11-06", TODAY, D.FROM_PAGE),
    ("the same day", "2026-11-05", None, "2026-11-05", TODAY, D.UNDETERMINED),
    ("a month that may be earlier or later", "2026-11-05", None, "2026-11", TODAY, D.UNDETERMINED),
    ("the month before", "2026-11-05", None, "2026-10", TODAY, D.FROM_DOCUMENT),
    ("a year that holds the day", "2026-11-05", None, "2026", TODAY, D.UNDETERMINED),
    ("seen before the page was published", "2026-11-27", None, "", TODAY, D.FROM_DOCUMENT),
    # That the desk saw the document late says nothing of when it was published.
    ("seen after the page was published", "2026-11-05", None, "", TODAY, D.UNDETERMINED),
    ("no date on the page", "", None, "2026-11-04", TODAY, D.UNDETERMINED),
    ("page retrieved before the document's date", "", "2026-11-05T09:00:00Z", "2026-11-07", TODAY, D.FROM_PAGE),
    ("no dates", "", None, "", TODAY, D.UNDETERMINED),
    ("what is no date", "soon", None, "2026-11-04", TODAY, D.UNDETERMINED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "published", "retrieved", "stated", "seen", "expected"),
    DATES,
    ids=[r[0] for r in DATES],
)
def test_dates_decide_where_they_differ(case, published, retrieved, stated, seen, expected):
    document = dataclasses.replace(POST, date=stated, publisher="", url="")
    found = direction(
        page("A wall.", published=published, retrieved=retrieved), Sighting(document, seen)
    )
    assert found.direction is expected
    assert found.reason or expected is D.UNDETERMINED


CREDITS = [
    ("This story was first published in The Harbour Post.", True),
    ("First published by Harbour Post on Monday.", True),
    ("Republished with permission from the Harbour Post.", True),
    ("This article originally appeared on harbourpost.example.", True),
    ("OSTWICK (Harbour Post) - The wall was damaged.", True),
    ("The wall was damaged, the Harbour Post said.", False),
    ("The Harbour Post was first published in 1902.", False),
    ("First published in The Coast Gazette, a rival of some standing in the north. The Harbour Post says no.", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_credit"), CREDITS)
def test_explicit_credit_decides(text, is_credit):
    shown = page(text)
    found = direction(shown, Sighting(POST, TODAY))
    assert (found.direction is D.FROM_DOCUMENT) is is_credit
    if is_credit:
        words = found.credit.of(shown.text).lower()
        assert "post" in words


def test_credit_in_the_document_leads_the_other_way():
    document = dataclasses.replace(POST, text="Reprinted from The Coast Gazette. The wall.")
    found = direction(page("A wall.", site="Coast Gazette"), Sighting(document, TODAY))
    assert found.direction is D.FROM_PAGE


def test_credit_against_dates_decides_nothing():
    document = dataclasses.replace(POST, date="2026-11-09")
    text = "This story was first published in The Harbour Post."
    found = direction(page(text, published="2026-11-05"), Sighting(document, TODAY))
    assert found.direction is D.UNDETERMINED
    assert found.credit is not None


def test_an_agency_is_credited_by_its_short_name():
    document = dataclasses.replace(POST, publisher="Associated Press", url="")
    found = direction(page("OSTWICK (AP) - The wall was damaged."), Sighting(document, TODAY))
    assert found.direction is D.FROM_DOCUMENT
