from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.codec import decode, encode
from onrecord.fingerprint import words
from onrecord.ports import Sighting
from onrecord.read import read
from onrecord.record import Capture, Document, Record
from onrecord.reuse.find import reuse
from onrecord.reuse.index import FingerprintIndex
from onrecord.terms import QuotationChange, ReuseKind, WordChangeKind

SEEN = "2026-11-26T08:00:00+00:00"
WALL = """The wall of the old harbour in Ostwick will be rebuilt before the winter storms, the town's mayor said on Friday after a meeting of the council.

“We will not pay for the whole wall out of the town's own money, and nobody should expect us to,” Mayor Ada Brook said.

The wall was damaged in the storm of 9 September, when waves of four metres broke over the quay and forty boats were torn from their moorings.

Engineers of the county found cracks in eleven of its sixty sections."""
NEW = """Readers will recall our report from the spring, when the swimming pool had to be closed for a month because of a broken pump.

Plans are afoot at the coast this autumn, and not only for those who want their boats back before Christmas comes."""
STORM, SAID = WALL.split("\n\n")[2], WALL.split("\n\n")[1]


@dataclass
class Texts:
    """A history of some texts in memory."""

    rows: dict[str, Document] = field(default_factory=dict)
    index: FingerprintIndex = field(default_factory=FingerprintIndex)

    @classmethod
    def of(cls, *texts, **stated):
        made = cls()
        for number, text in enumerate(texts, 1):
            row = Document(f"{number:016x}", text, **stated)
            made.rows[row.id] = row
        made.index.add((row.id, row.text) for row in made.rows.values())
        return made

    def near(self, text, within):
        return tuple(Sighting(self.rows[one], SEEN) for one in self.index.near(text, within))

    def __len__(self):
        return len(self.rows)


def page(text: str, url: str | None = None):
    return read(Capture(url, None, "text/plain", text.encode("utf-8", "replace")))


def found(text: str, history: Texts):
    shown = page(text)
    made = reuse(shown, history=history)
    check(shown, made)
    return made


def check(shown, made):
    """What holds for every finding, whatever was found."""
    record = Record(shown, reuse=made)
    assert decode(encode(record)) == record
    assert len({one.id for one in made}) == len(made)
    for one in made:
        assert 0 < one.similarity <= 1
        for change in one.diff:
            ours = words(change.page_words.of(shown.text)).forms
            theirs = words(change.passage_words.of(one.passage.text)).forms
            assert (ours == theirs) is (change.kind is WordChangeKind.SAME)


def test_an_article_is_found_with_half_of_its_sentences_gone():
    (one,) = found(f"A title\n\n{STORM}\n\n{SAID}\n", Texts.of(WALL, NEW))
    assert one.kind is ReuseKind.ARTICLE
    assert one.similarity == 1.0


def test_a_passage_is_found_in_a_longer_new_text():
    (one,) = found(f"A title\n\n{NEW}\n\n{STORM}\n\n{NEW.upper()} And so on.\n", Texts.of(WALL))
    assert one.kind is ReuseKind.PASSAGE
    assert one.passage.text == STORM.rstrip(".")


def test_a_changed_quotation_is_found_alone():
    said = SAID.replace(" not", "").replace("nobody", "everybody")
    made = found(f"A title\n\n{NEW}\n\n{said}\n", Texts.of(WALL))
    one = made[-1]
    assert one.kind is ReuseKind.QUOTATION
    assert one.changes == (
        QuotationChange.WORDS_LEFT_OUT,
        QuotationChange.WORDS_REPLACED,
        QuotationChange.NEGATION_LOST,
    )
    steps = [
        (
            step.kind.value,
            step.page_words.of(page(f"A title\n\n{NEW}\n\n{said}\n").text),
            step.passage_words.of(one.passage.text),
        )
        for step in one.diff
        if step.kind is not WordChangeKind.SAME
    ]
    assert steps == [("left_out", "", "not"), ("replaced", "everybody", "nobody")]


def test_a_changed_quotation_of_a_speech_without_marks_is_found():
    speech = WALL.replace("“", "").replace("”", "")
    said = "“We will not pay for the whole bridge out of the town's own money, and nobody should expect us to”"
    made = [
        one
        for one in found(f"A title\n\n{NEW}\n\n{said} was heard.\n", Texts.of(speech))
        if one.kind is ReuseKind.QUOTATION
    ]
    assert [one.changes for one in made] == [(QuotationChange.WORDS_REPLACED,)]
    assert made[0].passage.text.startswith("We will not pay for the whole wall")


def test_a_quotation_that_stands_there_word_for_word_is_told_once():
    made = found(f"A title\n\n{WALL}\n", Texts.of(WALL))
    assert [one.kind for one in made] == [ReuseKind.ARTICLE]


def test_a_page_is_no_copy_of_itself():
    history = Texts.of(WALL, url="https://www.a.example/wall/")
    shown = page(f"A title\n\n{WALL}\n", url="http://a.example/wall#top")
    assert reuse(shown, history=history) == ()


def test_nothing_is_found_where_nothing_is_shared():
    assert found(f"A title\n\n{NEW}\n", Texts.of(WALL)) == ()


def test_readers_comments_are_nobodys_copy():
    html = (
        "<html><body><article><h1>A title</h1>"
        + "".join(f"<p>{part}</p>" for part in NEW.split("\n\n"))
        + f"</article><div id='comments' class='comments'><div class='comment'><p>{STORM}</p></div></div></body></html>"
    )
    shown = read(Capture(None, None, "text/html", html.encode()))
    assert reuse(shown, history=Texts.of(WALL)) == ()


HOSTILE = [
    ("one word", "spam " * 50_000),
    ("a megabyte of one sentence", f"{STORM} " * 7_000),
    ("nothing but marks", "“" * 5_000 + "x"),
    ("no words", "… — …"),
    ("right to left", "\u202eהקיר נפגע בסערה\u202c " * 500),
    ("signs without spaces", "城壁は嵐で損傷した。" * 2_000),
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("case", "text"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_hostile_texts_are_compared_in_time(case, text):
    history = Texts.of(text, WALL)
    shown = page(f"A title here\n\n{text}\n")
    check(shown, reuse(shown, history=history))


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_give_a_record_that_can_be_written(first, second):
    shown = page(f"A title\n\n{NEW} {first}\n\n{SAID}\n")
    check(shown, reuse(shown, history=Texts.of(f"{second} {NEW} {SAID[:90]}")))
