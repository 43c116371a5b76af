"""Proposals in every view: what they say, and that nothing of them can be published."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.codec import annotations
from onrecord.record import CollectionState, Passage, Verdict
from onrecord.show.evidence import (
    ClaimEvidence,
    evidence_by_claim,
    evidence_lines,
    n_independent,
    proposal_sentence,
)
from onrecord.show.lookup import lookup
from onrecord.show.page import page
from onrecord.show.terminal import terminal
from onrecord.show.wording_evidence import LABEL, UNSIGNED, nothing_settles
from onrecord.show.worksheet import worksheet
from onrecord.span import Span
from onrecord.terms import EvidenceStance, QuantityFinding, VerdictLabel
from tests.show.judged import COLLECTION, LEDGER, evidence, judged, passage
from tests.show.test_page import elements, parsed
from tests.strategies import records, whole_records

RULING = [label for label in VerdictLabel if label is not VerdictLabel.NOT_ENOUGH_EVIDENCE]
# What a page or a sheet may not say unless it is a working copy.
OF_A_VERDICT = re.compile(
    r"supported|refuted|supports|refutes|conflicting|not.enough.evidence|contradicts"
    r"|proposal|proposed|confidence|settles|independent source|\.94|\.86|\.72|\.91|0\.937|0\.864"
    r"|8 million more|final invoice|cannot refute",
    re.IGNORECASE,
)


def found(claim_id, record=None):
    return evidence_by_claim(lookup(record or judged()))[claim_id]


def lines_of(claim_evidence, *, everything=False):
    return "\n".join(evidence_lines(claim_evidence, 100, everything=everything))


# --- wording


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CollectionState(12, "2026-05"), "this collection (12 documents, newest 2026-05)"),
        (CollectionState(1, "2026-05-01"), "this collection (1 document, newest 2026-05-01)"),
        (CollectionState(12), "this collection (12 documents)"),
        (CollectionState(1), "this collection (1 document)"),
        (CollectionState(0), "this collection (0 documents)"),
        (None, "this collection"),
    ],
)
def test_not_enough_evidence_is_said_of_the_collection(state, words):
    assert nothing_settles(state) == f"Nothing in {words} settles this"


def test_not_enough_evidence_is_printed_with_what_is_missing_and_nothing_else():
    assert lines_of(found("steel")).splitlines() == [
        "    Nothing in this collection (7 documents, newest 2026-09-30) settles this",
        "      missing  bills for steel",
    ]


@pytest.mark.parametrize("label", RULING)
@pytest.mark.parametrize(
    "change",
    [
        {"evidence": ()},  # cites nothing
        {"evidence": ("gone",)},  # cites what the record does not hold
        {"evidence": ("e-cost-3",)},  # cites a passage without words in it
        {"evidence": ("e-denied-1",)},  # cites the passage of another claim
    ],
)
def test_a_label_without_cited_words_is_withheld_everywhere(label, change):
    record = judged()
    verdict = replace(record.verdicts[0], label=label, **change)
    record = replace(record, verdicts=(verdict,))
    assert proposal_sentence(found("cost", record)).startswith("no proposal")
    for text in (
        terminal(record, everything=True, width=100),
        page(record, working_copy=True),
        worksheet(record, working_copy=True),
    ):
        assert "no proposal: the one made cites no words" in text
        assert "an editor decides" not in text


def test_words_that_a_source_denies_are_judged_as_words_and_not_as_a_denial():
    assert "proposal for the words denied: refuted" in lines_of(found("denied"))
    assert "    proposal: supported" in lines_of(found("cost"))


@pytest.mark.parametrize("claim_id", ["cost", "denied", "late"])
def test_a_proposal_shows_words_document_address_and_offsets(claim_id):
    text = lines_of(found(claim_id))
    for piece in found(claim_id).cited():
        span = piece.cited[0]
        assert f"“{span.of(piece.passage.text)}” [{span.start + 1000}–{span.end + 1000}]" in text
        for part in (piece.passage.title, piece.passage.publisher, piece.passage.url):
            assert part in text


def test_a_later_document_is_marked_and_told_not_to_refute():
    text = lines_of(found("late"))
    assert text.count("dated after the article: cannot refute what was true then") == 1
    sided = replace(found("late").evidence[0], is_later=True)
    assert lines_of(replace(found("late"), evidence=(sided,))).splitlines()[-2].strip() == (
        "dated after the article"
    )


def test_numbers_that_do_not_compare_are_shown_with_all_only():
    record = judged()
    check = replace(record.quantities[0], finding=QuantityFinding.NOT_COMPARABLE)
    record = replace(record, quantities=(check,))
    assert "numbers:" not in lines_of(found("cost", record))
    assert "numbers:" in lines_of(found("cost", record), everything=True)


def test_a_long_list_is_folded_and_all_shows_it():
    pieces = tuple(
        evidence("cost", i, EvidenceStance.SUPPORTS, passage(f"d{i}", LEDGER), "12 million euros")
        for i in range(1, 9)
    )
    verdict = Verdict("cost", VerdictLabel.SUPPORTED, 0.9, tuple(one.id for one in pieces))
    many = ClaimEvidence(pieces, (), verdict, COLLECTION)
    assert lines_of(many).count("“12 million euros”") == 2
    assert "6 more passages found: --all" in lines_of(many)
    assert lines_of(many, everything=True).count("“12 million euros”") == 8


def test_claims_that_are_not_shown_are_counted_by_what_is_proposed():
    record = judged()
    claims = tuple(replace(one, rank=7 - one.rank) for one in record.claims)
    text = terminal(replace(record, claims=claims), everything=False, width=100)
    assert "1 more claim; proposed: 1 supported: --all" in text
    assert "evidence was searched for 5 of 6 claims" in text


def test_other_sources_than_the_collection_are_named():
    record = replace(judged(), collection=replace(COLLECTION, sources=("collection", "a wiki")))
    assert "asked: collection, a wiki" in lines_of(found("steel", record))
    assert "asked:" not in lines_of(found("steel"))


@pytest.mark.parametrize(
    ("passages", "count"),
    [
        ([], 0),
        ([("a", "x", "", "")], 1),
        ([("a", "x", "", ""), ("b", "y", "", "")], 2),
        ([("a", "x", "", ""), ("a", "y", "", "")], 1),  # one document
        ([("a", "x  Y", "", ""), ("b", "x y", "", "")], 1),  # one text
        ([("a", "x", "The Post", ""), ("b", "y", "the  post", "")], 1),  # one publisher
        ([("a", "x", "", "https://a.example/1"), ("b", "y", "", "http://www.a.example/2")], 1),
        ([("a", "x", "", "https://a.example/1"), ("b", "y", "", "https://b.example/1")], 2),
        # The third joins what stood apart before.
        ([("a", "x", "P", ""), ("b", "y", "Q", ""), ("a", "z", "Q", "")], 1),
        ([("a", "x", "", "http://["), ("b", "y", "", "http://[")], 2),
    ],
)
def test_independent_sources_are_counted(passages, count):
    pieces = [
        replace(
            found("river").evidence[0],
            passage=Passage("p", document, Span(0, len(text)), text, "", url, "", publisher),
        )
        for document, text, publisher, url in passages
    ]
    assert n_independent(pieces) == count


# --- what may be published


def others(record):
    """The same record as other verdicts, stances, findings and scores would have it."""
    for label in VerdictLabel:
        for confidence in (0.0, 0.9371, 1.0):
            verdicts = tuple(
                replace(one, label=label, confidence=confidence, missing=label.value)
                for one in record.verdicts
            )
            yield replace(record, verdicts=verdicts)
    for stance in EvidenceStance:
        yield replace(
            record,
            evidence=tuple(replace(one, stance=stance, score=0.5) for one in record.evidence),
        )
    for finding in QuantityFinding:
        yield replace(
            record,
            quantities=tuple(
                replace(one, finding=finding, arithmetic=finding.value) for one in record.quantities
            ),
        )


@pytest.mark.parametrize("view", [page, worksheet, annotations])
def test_what_may_be_published_is_the_same_whatever_a_machine_proposes(view):
    told = view(judged())
    for record in others(judged()):
        assert view(record) == told


def test_the_page_says_nothing_of_a_verdict_in_text_or_attributes():
    tree = parsed(page(judged()))
    strings = [tree.text or ""]
    for one in elements(tree):
        if one.tag != "style":
            strings += [one.text or "", *one.attrib.values()]
        strings.append(one.tail or "")
    assert len(strings) > 500
    said = [one for one in strings if OF_A_VERDICT.search(one)]
    # The one place where the word stands says that there is none.
    assert all("it is not a verdict" in one for one in said), said
    assert not OF_A_VERDICT.search(worksheet(judged()))
    assert not OF_A_VERDICT.search(annotations(judged()).decode())


def test_the_check_for_words_of_a_verdict_can_fail():
    for text in (page(judged(), working_copy=True), worksheet(judged(), working_copy=True)):
        for word in (*(LABEL[label] for label in RULING), ".94", "8 million more", "cannot refute"):
            assert word in text
            assert OF_A_VERDICT.search(word)


@whole_records
@given(records(), st.sampled_from(VerdictLabel))
def test_no_record_lets_a_verdict_into_what_may_be_published(record, label):
    verdicts = tuple(replace(one, label=label, confidence=0.125) for one in record.verdicts or ())
    other = replace(record, verdicts=None if record.verdicts is None else verdicts)
    assert page(record) == page(other)
    assert worksheet(record) == worksheet(other)


def test_passages_are_listed_with_their_words_and_marked():
    text = page(judged())
    assert "3 passages found in this collection (7 documents, newest 2026-09-30)" in text
    assert "whether they bear on the claim is for the reader to judge" in text
    assert "Tern Bridge: <mark>paid in full, 12 million euros</mark>, of which" in text
    assert text.count("dated after the article</p>") == 1


# --- the working copy


def test_a_working_copy_says_at_both_ends_and_in_its_title_that_it_is_one():
    text = page(judged(), working_copy=True)
    tree = parsed(text)
    body = next(one for one in elements(tree) if one.tag == "body")
    own = [one for one in body if isinstance(one.tag, str)]
    assert own[0].text == own[-1].text == UNSIGNED
    assert own[0].attrib["class"] == own[-1].attrib["class"] == "unsigned"
    assert "working copy" in next(tree.iter("title")).text
    sheet = worksheet(judged(), working_copy=True).splitlines()
    assert sheet.count(f"**{UNSIGNED}**") == 2
    assert sheet[2] == sheet[-1]
    assert UNSIGNED not in page(judged()) + worksheet(judged())


def test_the_working_copy_has_every_proposal_with_its_words():
    text = page(judged(), working_copy=True)
    assert text.count("the machine proposes, an editor decides") == 3
    assert (
        text.count("Nothing in this collection (7 documents, newest 2026-09-30) settles this") == 2
    )
    assert "numbers: 20 million against 12 million: 8 million more (67%)" in text
    assert "missing: the final invoice" in text


# --- hostile input


def hostile(text):
    record = judged()
    pieces = tuple(
        replace(
            one,
            passage=replace(
                one.passage,
                text=text,
                document_span=Span(0, len(text)),
                title=text,
                url=text,
                publisher=text,
                date=text,
                licence=text,
                source=text,
                retrieved=text,
            ),
            cited=(Span(0, len(text) - 3),),
        )
        for one in record.evidence
    )
    numbers = tuple(
        replace(one, passage_words=Span(1, 2), arithmetic=text) for one in record.quantities
    )
    verdicts = tuple(replace(one, missing=text) for one in record.verdicts)
    state = CollectionState(7, text, text, (text,))
    return replace(record, evidence=pieces, quantities=numbers, verdicts=verdicts, collection=state)


@pytest.mark.timeout(60)
def test_a_megabyte_in_every_field_is_cut_and_shown_in_seconds():
    record = hostile("<b>\x1b[2J\u202ex</b> " * 60_000)
    assert len(page(record)) < 300_000
    assert len(page(record, working_copy=True)) < 300_000
    assert len(worksheet(record, working_copy=True)) < 100_000
    assert len(terminal(record, everything=False, width=80)) < 60_000
    assert len(terminal(record, everything=True, width=80)) < 200_000


def test_the_marked_words_of_a_long_passage_are_in_the_part_that_is_shown():
    record = judged()
    text = "a " * 5_000 + "the words" + " z" * 5_000
    long = replace(record.evidence[0].passage, text=text, document_span=Span(0, len(text)))
    piece = replace(record.evidence[0], passage=long, cited=(Span(10_000, 10_009),))
    told = page(replace(record, evidence=(piece,)))
    assert "<mark>the words</mark>" in told
    assert "[9400–11400]" in told


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//x.example", 'https://x.example/"y', "ftp://x"],
)
def test_only_a_web_address_of_a_document_becomes_a_link(url):
    record = judged()
    pieces = tuple(replace(one, passage=replace(one.passage, url=url)) for one in record.evidence)
    for working_copy in (False, True):
        text = page(replace(record, evidence=pieces), working_copy=working_copy)
        hrefs = {one.attrib["href"] for one in elements(parsed(text)) if "href" in one.attrib}
        own = ("#", "https://audit.example/", "https://ternby-post.example/")
        assert all(href.startswith(own) for href in hrefs), hrefs
        assert f"<{url}>" not in worksheet(replace(record, evidence=pieces), working_copy=True)
