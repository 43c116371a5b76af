from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NewsroomError
from onrecord.newsroom.edits import edit, edited_record, key
from onrecord.read import read
from onrecord.record import Attribution, Capture, Claim, Record, content_id
from onrecord.span import Span
from onrecord.terms import AttributionKind, ClaimKind, EditAct
from tests.strategies import records, whole_records

AT = "2026-03-14T08:20:00+00:00"
WHO = {"account": "1", "by": "Ada Quill", "at": AT}
TEXT = """Bridge is safe, mayor says

The bridge is safe, Mayor Cora Lane said on Monday. It opened in 1961 and carries 14,000 cars.

A second engineer disagreed with her on Tuesday, and asked for another inspection.
"""


def page_of(text):
    return read(Capture(None, None, "text/plain", text.encode()))


def record_of(text):
    page = page_of(text)

    def at(words):
        start = page.text.index(words)
        return Span(start, start + len(words))

    said = Attribution(
        content_id(page, "attributions", at("The bridge is safe")),
        AttributionKind.INDIRECT, at("Mayor Cora Lane"), at("said"), (at("The bridge is safe"),),
    )  # fmt: skip
    opened = at("It opened in 1961")
    claim = Claim(
        content_id(page, "claims", opened), opened, None, True, None, 0.5, ClaimKind.EVENT, 1
    )  # fmt: skip
    return Record(page, attributions=(said,), claims=(claim,))


RECORD = record_of(TEXT)
CLAIM, SAID = RECORD.claims[0], RECORD.attributions[0]
CHANGED_PAGE = record_of("Correction: the day was wrong.\n\n" + TEXT.replace("Monday", "Sunday"))


def span_of(record, words):
    start = record.page.text.index(words)
    return [start, start + len(words)]


def test_a_corrected_claim_is_marked_with_its_author_and_the_rest_is_the_machines():
    change = {"span": span_of(RECORD, "carries 14,000 cars"), "kind": "quantity"}
    one = edit(RECORD, "claims", EditAct.CORRECT, target=CLAIM.id, changes=change, **WHO)
    done = edited_record(RECORD, (one,))
    [claim] = done.record.claims
    assert claim.span.of(done.record.page.text) == "carries 14,000 cars"
    assert claim.id == CLAIM.id
    [mark] = done.marks
    assert (mark.field, mark.key, mark.by) == ("claims", CLAIM.id, "Ada Quill")
    assert done.record.attributions == RECORD.attributions


def test_a_rejected_finding_leaves_and_stays_listed():
    one = edit(RECORD, "attributions", EditAct.REJECT, target=SAID.id, reason="no speech", **WHO)
    done = edited_record(RECORD, (one,))
    assert done.record.attributions == ()
    assert (done.marks[0].act, done.marks[0].reason) == (EditAct.REJECT, "no speech")


def test_an_added_finding_gets_an_id_of_its_own():
    finding = {
        "id": "", "span": span_of(RECORD, "carries 14,000 cars"), "attribution": None,
        "checkable": True, "why_not": None, "checkworthiness": 0.9, "kind": "quantity",
    }  # fmt: skip
    one = edit(RECORD, "claims", EditAct.ADD, changes=finding, **WHO)
    done = edited_record(RECORD, (one,))
    assert len(done.record.claims) == 2
    assert done.record.claims[1].id == one.id == done.marks[0].key


def test_edits_survive_a_run_on_the_changed_page():
    change = {"span": span_of(RECORD, "carries 14,000 cars")}
    edits = (
        edit(RECORD, "claims", EditAct.CORRECT, target=CLAIM.id, changes=change, **WHO),
        edit(RECORD, "attributions", EditAct.REJECT, target=SAID.id, **WHO),
    )
    done = edited_record(CHANGED_PAGE, edits)
    assert not done.lost
    assert done.record.claims[0].span.of(done.record.page.text) == "carries 14,000 cars"
    assert done.record.attributions == ()


def test_an_edit_whose_words_are_gone_is_lost_and_said():
    one = edit(RECORD, "claims", EditAct.REJECT, target=CLAIM.id, **WHO)
    other = record_of(TEXT.replace("A second", "It opened in 1961. A second"))
    gone = replace(other, claims=())
    done = edited_record(gone, (one,))
    assert done.record == gone
    assert done.lost[0].edit == one


def test_a_later_edit_of_the_same_finding_takes_over_its_mark():
    first = edit(RECORD, "claims", EditAct.CORRECT, target=CLAIM.id, changes={"rank": 2}, **WHO)
    later = WHO | {"by": "Ben Ostler"}
    second = edit(RECORD, "claims", EditAct.CORRECT, target=CLAIM.id, changes={"rank": 3}, **later)
    done = edited_record(RECORD, (first, second))
    assert [mark.by for mark in done.marks] == ["Ben Ostler"]
    assert done.record.claims[0].rank == 3


@pytest.mark.parametrize(
    ("field", "act", "target", "changes", "why"),
    [
        ("steps", EditAct.REJECT, "", None, "editable"),
        ("claims", EditAct.REJECT, "nowhere", None, "no finding 'nowhere'"),
        ("claims", EditAct.CORRECT, CLAIM.id, None, "needs what it changes"),
        ("claims", EditAct.CORRECT, CLAIM.id, {"truth": 1}, "no field 'truth'"),
        ("claims", EditAct.CORRECT, CLAIM.id, {"span": [0, 99_999]}, "outside"),
        ("claims", EditAct.CORRECT, CLAIM.id, {"kind": "rumour"}, "kind"),
        ("claims", EditAct.ADD, "", {"span": [0, 4]}, "claims"),
        ("headline", EditAct.CORRECT, "headline", {"title": None}, "no finding|no headline"),
    ],
)
def test_an_edit_that_makes_no_record_says_why(field, act, target, changes, why):
    with pytest.raises(NewsroomError, match=why):
        edit(RECORD, field, act, target=target, changes=changes, **WHO)


@whole_records
@given(record=records(), data=st.data())
def test_rejecting_any_finding_gives_a_record_without_it(record, data):
    field = data.draw(st.sampled_from(["attributions", "speakers", "claims"]))
    findings = getattr(record, field) or ()
    ids = [one.id for one in findings]
    if not ids or len(set(ids)) != len(ids):
        return
    target = data.draw(st.sampled_from(ids))
    one = edit(record, field, EditAct.REJECT, target=target, **WHO)
    done = edited_record(record, (one,))
    assert [f.id for f in getattr(done.record, field)] == [i for i in ids if i != target]


def test_matches_are_named_by_claim_and_check():
    assert key("matches", {"claim": "c", "fact_check": {"id": "f"}}) == "c:f"
