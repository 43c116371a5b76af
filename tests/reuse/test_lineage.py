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
    ("seen the day before the page's own date", "2026-11-05", None, "", "2026-11-04T23:00:00+00:00", D.FROM_DOCUMENT),
    ("seen the day before, whatever it states", "2026-11-05", None, "2026-11-03", "2026-11-04", D.FROM_DOCUMENT),
    ("seen on the day of the page", "2026-11-05", None, "", "2026-11-05", D.UNDETERMINED),
    ("seen in the month before", "2026-11", None, "", "2026-10-31", D.FROM_DOCUMENT),
    ("seen in a month that the page may be of", "2026-11", None, "", "2026-11-30", D.UNDETERMINED),
    ("seen in the year that the page states", "2026", None, "", "2026-01-02", D.UNDETERMINED),
    ("page seen the day before the document's own date", "", "2026-11-05T09:00:00Z", "2026-11-06", TODAY, D.FROM_PAGE),
    ("page seen on the day of the document", "", "2026-11-05T09:00:00Z", "2026-11-05", TODAY, D.UNDETERMINED),
    # What a text states of itself is no sighting: it can be set back.
    ("stated a day earlier", "2026-11-05", None, "2026-11-04", TODAY, D.UNDETERMINED),
    ("stated years earlier", "2026-11-05", "2026-11-26T08:00:00Z", "1999-01-01", TODAY, D.UNDETERMINED),
    ("the page states years earlier", "1999-01-01", "2026-11-26T08:00:00Z", "2026-11-04", TODAY, D.UNDETERMINED),
    ("the page sets itself back before a sighting", "1999-01-01", "2026-11-05", "", "2026-11-04", D.UNDETERMINED),
    # That one was seen late says nothing of when it was published.
    ("both seen, neither dated", "", "2026-11-05", "", "2026-11-04", D.UNDETERMINED),
    ("seen after the page was published", "2026-11-05", None, "", TODAY, D.UNDETERMINED),
    # A date after the text was seen is wrong and says nothing.
    ("the page states a day to come", "2031-01-01", "2026-11-26T08:00:00Z", "", TODAY, D.UNDETERMINED),
    ("the document states a day to come", "", "2026-11-26T08:00:00Z", "2031-01-01", TODAY, D.UNDETERMINED),
    ("no dates", "", None, "", TODAY, D.UNDETERMINED),
    ("what is no date", "soon", None, "2026-11-04", TODAY, D.UNDETERMINED),
    ("no sighting that can be read", "2026-11-05", None, "", "long ago", D.UNDETERMINED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "published", "retrieved", "stated", "seen", "expected"),
    DATES,
    ids=[r[0] for r in DATES],
)
def test_only_a_sighting_before_the_other_text_s_own_date_decides(
    case, published, retrieved, stated, seen, expected
):
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
    ("By Harbour Post Staff, reprinted from the Harbour Post Monday", True),
    ("REPUBLISHED FROM THE HARBOUR POST WITH PERMISSION", True),
    ("This story originally appeared on www.harbourpost.example.", True),
    ("First published by Ada Brook in The Harbour Post.", True),
    # Somebody is quoted with it.
    ("“This story was first published in The Harbour Post,” the mayor said.", False),
    ('She wrote: "Reprinted from the Harbour Post."', False),
    # It is denied.
    ("This story was not first published in The Harbour Post.", False),
    ("It was never originally published in the Harbour Post.", False),
    # A third party is credited.
    ("First published in The Coast Gazette, and later in the Harbour Post.", False),
    ("Reprinted from The Coast Gazette, the rival of The Harbour Post.", False),
    ("Republished with permission from the Harbour Post Office.", False),
    ("First published in the Old Harbour Post.", False),
    ("This article originally appeared on harbourpost.example.evil.example.", False),
    ("This article originally appeared on not-harbourpost.example.", False),
    ("The mayor, who reported from the harbour post, said no.", False),
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


def test_a_quoted_credit_in_the_document_decides_nothing():
    text = "“Reprinted from The Coast Gazette,” says the label that the shop sells."
    found = direction(
        page("A wall.", site="Coast Gazette"), Sighting(dataclasses.replace(POST, text=text), TODAY)
    )
    assert found.direction is D.UNDETERMINED


def test_texts_that_credit_each_other_decide_nothing():
    document = dataclasses.replace(POST, text="Reprinted from The Coast Gazette. The wall.")
    shown = page("Reprinted from The Harbour Post. A wall.", site="Coast Gazette")
    assert direction(shown, Sighting(document, "2026-11-04")).direction is D.UNDETERMINED


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text", ["reprinted in " * 20_000, "Harbour Post " * 20_000, "not " * 50_000]
)
def test_a_text_of_credits_costs_no_square(text):
    direction(page(text), Sighting(POST, TODAY))


def test_an_agency_is_credited_by_its_short_name():
    document = dataclasses.replace(POST, publisher="Associated Press", url="")
    found = direction(page("OSTWICK (AP) - The wall was damaged."), Sighting(document, TODAY))
    assert found.direction is D.FROM_DOCUMENT
