from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.factchecks.feeds import Refused, fact_checks
from onrecord.factchecks.jsonstream import elements
from onrecord.record import FactCheck

REVIEW = {
    "@type": "ClaimReview",
    "url": "https://desk.example/checks/1",
    "claimReviewed": "The Harrow bridge cost 12 million euros",
    "datePublished": "20 November 2026",
    "author": {"@type": "Organization", "name": "Example Desk"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"name": "The mayor"},
        "datePublished": "2026-11-01",
    },
    "reviewRating": {
        "ratingValue": "1",
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}


def read(text: str | bytes, source: str = "feed.json"):
    body = text.encode() if isinstance(text, str) else text
    rows = list(fact_checks(io.BytesIO(body), source=source))
    good = [row for row in rows if isinstance(row, FactCheck)]
    return good, [row for row in rows if isinstance(row, Refused)]


def feed(*items):
    return json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": i} for i in items]})


FORMS = [
    ("one review", json.dumps(REVIEW)),
    ("a list", json.dumps([REVIEW])),
    (
        "a graph",
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]}),
    ),
    ("a feed", feed([REVIEW])),
    ("a feed, indented", json.dumps(json.loads(feed([REVIEW])), indent=2)),
    ("a feed whose item is no list", feed(REVIEW)),
    ("nulls in and around", feed(None, [None, REVIEW], [])),
    ("a byte order mark", "\ufeff" + json.dumps([REVIEW])),
    ("a type as address", json.dumps([{**REVIEW, "@type": "http://schema.org/ClaimReview"}])),
    ("types in a list", json.dumps([{**REVIEW, "@type": ["ClaimReview", "Review"]}])),
    ("keys before the list", '{"a": {"dataFeedElement": 1}, "b": "[{", ' + feed([REVIEW])[1:]),
]


@pytest.mark.parametrize(("case", "text"), FORMS, ids=[row[0] for row in FORMS])
def test_every_form_of_feed_gives_the_review(case, text):
    good, _ = read(text)
    assert [row.claim for row in good] == [REVIEW["claimReviewed"]]
    row = good[0]
    assert (row.rating, row.rating_value, row.best_rating) == ("False", 1.0, 5.0)
    assert (row.review_date, row.claim_date) == ("2026-11-20", "2026-11-01")
    assert (row.publisher, row.claimant) == ("Example Desk", "The mayor")
    assert not row.rating_conflict


def test_words_and_number_are_kept_apart_and_their_disagreement_is_said():
    rating = {"ratingValue": 1, "bestRating": 6, "worstRating": 1, "alternateName": "True"}
    good, _ = read(json.dumps([{**REVIEW, "reviewRating": rating}]))
    assert (good[0].rating, good[0].rating_value, good[0].rating_conflict) == ("True", 1.0, True)


BROKEN = [
    ("no address and no publisher", {**REVIEW, "url": None, "author": None}, "neither"),
    ("a script as address", {**REVIEW, "url": "javascript:alert(1)"}, "no address"),
    ("no claim", {**REVIEW, "claimReviewed": ""}, "no claim"),
    ("another type", {"@type": "NewsArticle"}, "not a ClaimReview"),
]


@pytest.mark.parametrize(("case", "row", "reason"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_row_that_cannot_be_used_is_refused_with_a_reason(case, row, reason):
    good, refused = read(feed([row], [REVIEW]))
    assert len(good) == 1
    assert reason in refused[0].reason


def lines(n, *, broken=()):
    rows = []
    for i in range(n):
        row = json.dumps({"item": [{**REVIEW, "url": f"https://desk.example/checks/{i}"}]})
        rows.append(row.replace('"item"', '"item', 1) if i in broken else row)
    return rows


def test_one_broken_element_costs_itself():
    rows = lines(200, broken={7, 50})
    good, refused = read('{"dataFeedElement": [\n' + ",\n".join(rows) + "\n]}")
    assert len(good) == 198
    assert [row.line for row in refused] == [9, 52]


def test_an_element_that_lost_its_bracket_costs_itself():
    rows = lines(30)
    rows[3] = rows[3][:-2]
    good, refused = read("[\n" + ",\n".join(rows) + "\n]")
    assert len(good) >= 28
    assert refused


def test_half_a_file_gives_its_whole_rows():
    text = "[" + ",\n".join(lines(100)) + "]"
    good, refused = read(text[: len(text) // 2])
    assert 48 <= len(good) <= 50
    assert len(refused) == 1


def test_json_lines_with_named_columns_and_broken_lines():
    text = (
        '{"claim": "A", "url": "https://a.example/1", "verdict": "True"}\n{oops\n\n{"claim": "B"}\n'
    )
    good, refused = read(text, "rows.jsonl")
    assert [(row.claim, row.rating, row.publisher) for row in good] == [("A", "True", "a.example")]
    assert [row.line for row in refused] == [2, 4]


def test_a_table_with_named_columns():
    text = 'Claim,URL,Rating,Date\n"It ""fell"", he said",https://a.example/1,False,2026-11-03\n,,,\nx,,,\n'
    good, refused = read(text, "rows.csv")
    assert [(row.claim, row.review_date) for row in good] == [('It "fell", he said', "2026-11-03")]
    assert len(refused) == 1


def test_a_table_without_the_columns_says_which_it_needs():
    _, refused = read("a,b\n1,2\n", "rows.csv")
    assert "claim" in refused[0].reason


def test_a_review_without_address_counts_when_its_publisher_is_named():
    good, _ = read(json.dumps([{**REVIEW, "url": None}]))
    assert (good[0].url, good[0].publisher) == ("", "Example Desk")


def test_a_date_that_could_be_two_days_is_left_empty():
    good, _ = read(json.dumps([{**REVIEW, "datePublished": "03/04/2026"}]))
    assert good[0].review_date == ""


def test_the_same_review_of_the_same_claim_has_one_id():
    other = {
        **REVIEW,
        "url": "http://www.desk.example/checks/1/",
        "claimReviewed": "the Harrow Bridge cost 12 million euros",
    }
    good, _ = read(json.dumps([REVIEW, other]))
    assert good[0].id == good[1].id


def test_what_is_no_json_is_refused_and_said():
    _, refused = read("this is no feed")
    assert "expected a DataFeed" in refused[0].reason


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception(body):
    for name in ("a.json", "a.jsonl", "a.csv"):
        read(body, name)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=5), st.text(max_size=8) | st.none() | st.lists(st.integers())
        ),
        max_size=6,
    )
)
def test_elements_are_cut_where_a_json_parser_cuts(rows):
    cut = [json.loads(e.text) for e in elements(io.BytesIO(json.dumps(rows).encode()))]
    assert cut == rows


def test_deep_nesting_is_no_recursion_error():
    good, refused = read("[" + "[" * 100_000 + "]" * 100_000 + "]")
    assert not good
    assert len(refused) <= 2
