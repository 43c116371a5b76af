"""Attributions by rule: one row for each form that news text takes, and hostile text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.attribution.rules import attributions
from onrecord.read.sentences import sentences
from onrecord.record import Attribution, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import AttributionKind, AttributionStance, Genre, Marks, RegionKind

TITLE = "A title\n\n"


def page_of(text: str, kind: RegionKind = RegionKind.BODY) -> Page:
    """A page with a title and one region for each stretch between blank lines."""
    spans = [Span(*match.span()) for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)]
    regions = [Region(RegionKind.TITLE if i == 0 else kind, s) for i, s in enumerate(spans)]
    return Page(
        None, None, "0" * 64, "text/plain", text, tuple(regions), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip


def found_in(body: str) -> list[Attribution]:
    page = page_of(TITLE + body)
    return list(attributions(page, sentences(page)))


def words(body: str, found: Attribution) -> tuple[str | None, str | None, list[str]]:
    text = TITLE + body
    source = found.source.of(text) if found.source else None
    cue = found.cue.of(text) if found.cue else None
    return source, cue, [span.of(text) for span in found.content]


# (id, text, [(source, cue, content, kind)]) with i = indirect, d = direct, m = mixed
CASES = [
    ("zero that", "Ann Ekdal said the bridge was closed.",
     [("Ann Ekdal", "said", ["the bridge was closed"], "i")]),
    ("that clause after an apposition", "Ann Ekdal, the mayor of Norby, said that it was closed.",
     [("Ann Ekdal, the mayor of Norby", "said", ["that it was closed"], "i")]),
    ("fronted content", "The bridge was closed, the mayor said.",
     [("the mayor", "said", ["The bridge was closed"], "i")]),
    ("cue inside content", "The bridge, she said, will stay closed until May.",
     [("she", "said", ["The bridge", "will stay closed until May"], "i")]),
    ("fronted and inverted", "The bridge is safe, insists Lind.",
     [("Lind", "insists", ["The bridge is safe"], "i")]),
    ("direct, inverted", "“The bridge is closed,” said Ann Ekdal, the mayor of Norby.",
     [("Ann Ekdal, the mayor of Norby", "said", ["The bridge is closed"], "d")]),
    ("title before the name", "“It is closed,” Ms. Ekdal said.",
     [("Ms. Ekdal", "said", ["It is closed"], "d")]),
    ("quotation goes on after the cue", "“It is closed,” Ekdal said. “It will stay closed.”",
     [("Ekdal", "said", ["It is closed", "It will stay closed."], "d")]),
    ("split quotation", "“The bridge over there,” she said, “is closed.”",
     [("she", "said", ["The bridge over there", "is closed."], "d")]),
    ("question", "“Is the bridge closed?” Bo Lind asked.",
     [("Bo Lind", "asked", ["Is the bridge closed?"], "d")]),
    ("short cry", "“Stop!” he shouted.", [("he", "shouted", ["Stop!"], "d")]),
    ("colon", "Ekdal wrote: “The bridge is closed.”",
     [("Ekdal", "wrote", ["The bridge is closed."], "d")]),
    ("colon without a verb of saying", "A letter from Bo Lind: “The bridge is closed.”",
     [("A letter from Bo Lind", ":", ["The bridge is closed."], "d")]),
    ("mixed", "The mayor called the plan “a disaster for the town.”",
     [("The mayor", "called", ["the plan “a disaster for the town.”"], "m")]),
    ("single marks", "‘It is closed,’ said Ekdal. ‘Go home now.’",
     [("Ekdal", "said", ["It is closed", "Go home now."], "d")]),
    ("according to, first", "According to the police, the driver fled on foot.",
     [("the police", "According to", ["the driver fled on foot"], "i")]),
    ("according to, last", "The driver fled on foot, according to the police.",
     [("the police", "according to", ["The driver fled on foot"], "i")]),
    ("according to, inside", "The driver, according to police, fled on foot.",
     [("police", "according to", ["The driver", "fled on foot"], "i")]),
    ("according to, no comma", "According to a council report more than 400 houses were flooded.",
     [("a council report", "According to", ["more than 400 houses were flooded"], "i")]),
    ("listener", "Ekdal told reporters on Friday that the bridge was closed.",
     [("Ekdal", "told", ["that the bridge was closed"], "i")]),
    ("listener, zero that", "Ekdal told the Norby Times the bridge was closed.",
     [("Ekdal", "told", ["the bridge was closed"], "i")]),
    ("occasion before that", "The mayor said in a statement that the bridge was closed.",
     [("The mayor", "said", ["that the bridge was closed"], "i")]),
    ("accusation", "Norland accused Sudmark of moving troops.",
     [("Norland", "accused", ["Sudmark of moving troops"], "i")]),
    ("infinitive", "The minister promised to rebuild the school.",
     [("The minister", "promised", ["to rebuild the school"], "i")]),
    ("request", "Ekdal urged residents to stay at home.",
     [("Ekdal", "urged", ["to stay at home"], "i")]),
    ("noun with a possessor", "Their belief that the vote was stolen is widespread.",
     [("Their", "belief", ["that the vote was stolen"], "i")]),
    ("noun with a name", "Lind's claim that the bridge is safe was met with doubt.",
     [("Lind's", "claim", ["that the bridge is safe"], "i")]),
    ("noun without a source", "There were claims that the bridge is unsafe.",
     [(None, "claims", ["that the bridge is unsafe"], "i")]),
    ("participle", "Ekdal said the bridge was closed, adding that repairs would take a year.",
     [("Ekdal", "said", ["the bridge was closed"], "i"),
      ("Ekdal", "adding", ["that repairs would take a year"], "i")]),
    ("second verb", "He said the plan was dead and called for a vote.",
     [("He", "said", ["the plan was dead"], "i"), ("He", "called for", ["a vote"], "i")]),
    ("second sentence part", "Experts warn that the river may rise, while locals say it will not.",
     [("Experts", "warn", ["that the river may rise"], "i"),
      ("locals", "say", ["it will not"], "i")]),
    ("relative clause in the subject", "“It is unsafe,” Ekdal, who has studied bridges, said.",
     [("Ekdal, who has studied bridges", "said", ["It is unsafe"], "d")]),
    ("the report carries the denial", "Lind ruled out the second vote, according to local media.",
     [("Lind", "ruled out", ["the second vote"], "i"),
      ("local media", "according to", ["Lind ruled out the second vote"], "i")]),
    ("passive with its source", "Lind was criticized by the mayor for the delay.",
     [("the mayor", "was criticized", ["Lind", "for the delay"], "i")]),
    ("participle in an introduction", "Calling it a lie, Ekdal left the room.",
     [("Ekdal", "Calling", ["it a lie"], "i")]),
    ("participle of a thing", "Lind sent a letter urging a vote in May.",
     [("a letter", "urging", ["a vote in May"], "i")]),
    ("particle", "Lind pointed out that the bridge was old.",
     [("Lind", "pointed out", ["that the bridge was old"], "i")]),
    ("adjective particle", "Lind made clear that the bridge would stay closed.",
     [("Lind", "made clear", ["that the bridge would stay closed"], "i")]),
    ("passive of expectation", "The minister is expected to announce that the tax will end.",
     [("The minister", "is expected to announce", ["that the tax will end"], "i")]),
    ("post", "“The bridge must close now.” — Ann Ekdal (@ekdal)",
     [("Ann Ekdal (@ekdal)", None, ["The bridge must close now."], "d")]),
    ("post without marks", "The bridge must close now. — Ann Ekdal (@ekdal) May 4, 2024",
     [("Ann Ekdal (@ekdal)", None, ["The bridge must close now."], "d")]),
    ("post signed below", "“The bridge must close.”\n\n— Ann Ekdal",
     [("Ann Ekdal", None, ["The bridge must close."], "d")]),
    ("transcript", "ANNA: Is the bridge safe?\n\nBO: It is not.",
     [("ANNA", None, ["Is the bridge safe?"], "d"), ("BO", None, ["It is not."], "d")]),
    ("next paragraph after a colon", "Ekdal had this to say:\n\n“The bridge is closed. It is old.”",
     [("Ekdal", ":", ["The bridge is closed. It is old."], "d")]),
    ("several paragraphs, cue last", "“It is closed.\n\n“It is old.\n\n“It will fall,” Ekdal said.",
     [("Ekdal", "said", ["It is closed.", "It is old.", "It will fall"], "d")]),
    ("several paragraphs, cue first", "“It is closed,” Ekdal said.\n\n“It is old and unsafe.”",
     [("Ekdal", "said", ["It is closed", "It is old and unsafe."], "d")]),
    ("quoted paragraph after an indirect one", "Ekdal said it was closed.\n\n“It is old and bad.”",
     [("Ekdal", "said", ["it was closed"], "i"), (None, None, ["It is old and bad."], "d")]),
    # What is none
    ("scare quotes", "The so-called “experts” left the room.", []),
    ("title of a work", "She starred in “The Long Way Home” last year.", []),
    ("noun, not verb", "His claims about the bridge were false.", []),
    ("plans are things here", "The plans for the bridge were old.", []),
    ("our own voice", "We know the bridge is old.", []),
    ("a name given, nothing said", "They met in a forum called “Norby Talk” on Monday.", []),
    ("part of a name", "The Norby Voices Fund paid for it.", []),
    ("a list under a heading", "Opening hours:\n\nMonday to Friday, nine to five", []),
    ("no verb of saying", "The bridge fell on Monday. Nobody was hurt.", []),
]  # fmt: skip
KINDS = {
    "i": AttributionKind.INDIRECT,
    "d": AttributionKind.DIRECT,
    "m": AttributionKind.MIXED,
}


@pytest.mark.parametrize(("body", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_reads_the_form(body, expected):
    found = found_in(body)
    by_place = sorted(found, key=lambda a: (a.cue or a.content[0]).start)
    assert [(*words(body, a), a.kind) for a in by_place] == [
        (source, cue, content, KINDS[kind]) for source, cue, content, kind in expected
    ]


S = AttributionStance
# (id, text, stance of the first attribution, factive, not yet said)
STANCES = [
    ("asserts", "Lind said the bridge was safe.", S.ASSERTS, False, False),
    ("denies", "Lind denied that the bridge was unsafe.", S.DENIES, False, False),
    ("rejects", "She rejected the idea that the bank had failed.", S.DENIES, False, False),
    ("rules out", "Lind ruled out a second vote.", S.DENIES, False, False),
    ("dismisses", "The party dismissed claims that it had cheated.", S.DENIES, False, False),
    ("does not believe", "She does not believe the figures are right.", S.DENIES, False, False),
    ("did not deny", "The firm did not deny that it had sold it.", S.UNRESOLVED, False, False),
    ("declined to say", "He declined to say whether it was safe.", S.UNRESOLVED, False, False),
    ("did not say", "She did not say that it was safe.", S.UNRESOLVED, False, False),
    ("never said", "He never said the bridge was safe.", S.UNRESOLVED, False, False),
    ("if he says", "If he says the vote was rigged, he will lose.", S.UNRESOLVED, False, False),
    ("asked whether", "He asked whether the bridge was safe.", S.QUESTIONS, False, False),
    ("questioned", "She questioned whether the figures held.", S.QUESTIONS, False, False),
    ("asked to", "He asked the council to close the bridge.", S.ASSERTS, False, False),
    ("will say", "The mayor will say on Monday that it must close.", S.ASSERTS, False, True),
    ("found", "The audit found that money was missing.", S.ASSERTS, True, False),
    ("admitted", "He admitted he had lied to the court.", S.ASSERTS, True, False),
]


@pytest.mark.parametrize(
    ("body", "stance", "factive", "later"), [c[1:] for c in STANCES], ids=[c[0] for c in STANCES]
)
def test_tells_what_the_source_does_with_the_content(body, stance, factive, later):
    found = found_in(body)[0]
    assert (found.stance, found.factive, found.not_yet_said) == (stance, factive, later)


BROKEN = [
    ("no opening mark", "The bridge is closed,” Ekdal said.", Marks.MISSING_OPENING),
    ("no closing mark", "“The bridge is closed, Ekdal said.", Marks.MISSING_CLOSING),
    ("no mark, comma glued", "The bridge is closed,Ekdal said on Friday.", Marks.MISSING_BOTH),
    ("no mark, first person", "I think it is closed, Ekdal said.", Marks.MISSING_BOTH),
    ("closed by a single mark", "“The bridge is closed,' Ekdal said.", Marks.MISMATCHED),
]


@pytest.mark.parametrize(("body", "marks"), [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_broken_quotation_is_read_and_says_what_is_wrong(body, marks):
    (found,) = found_in(body)
    source, cue, content = words(body, found)
    assert (source, cue, found.marks) == ("Ekdal", "said", marks)
    assert found.kind is AttributionKind.DIRECT
    assert content[0].endswith("is closed")


@pytest.mark.parametrize(
    "kind", [RegionKind.BIO, RegionKind.CAPTION, RegionKind.COMMENT, RegionKind.RELATED]
)
def test_words_around_the_article_give_no_attribution(kind):
    page = page_of(TITLE + "Ekdal said the bridge was closed.", kind)
    assert attributions(page, sentences(page)) == ()


def test_a_title_with_a_colon_names_its_source():
    text = "Ann Ekdal: The Bridge Must Close Now\n\nText."
    page = page_of(text)
    (found,) = attributions(page, sentences(page))
    assert found.source is not None
    assert found.source.of(text) == "Ann Ekdal"


def test_ids_are_stable_and_unlike():
    body = "Ekdal said it was closed. Lind said it was open. Ekdal said it was closed."
    first, second = found_in(body), found_in(body)
    assert [a.id for a in first] == [a.id for a in second]
    assert len({a.id for a in first}) == len(first) == 3


ALPHABET = st.sampled_from(
    [
        *"\"“”‘’'«»,.:;—()\n ",
        "\n\n",
        " said ",
        " says",
        "Ekdal ",
        " he ",
        "the mayor ",
        "according to ",
        " that ",
        " and ",
        "who ",
        "ANNA: ",
        " told ",
        "claims ",
        "their belief ",
        " to ",
        "not ",
        "the bridge is closed",
        "— Ann Ek (@ek)",
        "İ",
        "𝒜",
        "adding ",
    ]
)


@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_any_text_is_read_and_spans_stay_in_bounds(text):
    page = page_of(text)
    for found in attributions(page, sentences(page)):
        assert found.content
        for span in (*found.content, found.source, found.cue):
            if span is not None:
                assert 0 <= span.start < span.end <= len(text)
        assert list(found.content) == sorted(found.content)


HOSTILE = [
    '"', "'", "“a b c d,” X ", '"x," said A. ', ", he said, ", "said ", 'A: "x" ', "A: b\n\n",
    "according to X, ", "X, who said, ", "Mr. ", "in in ", "on Monday ", "not ", "( ", "—X ",
    "X said that ", "told the the ", ", he said, I ", "their belief that ", "is expected to say ",
    "— A B (@a)\n\n", "“a.\n\n", "if he says ", "A of ", "saying, ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_linearly(piece):
    page = page_of(TITLE + piece * (30_000 // len(piece)))
    began = time.process_time()
    attributions(page, sentences(page))
    assert time.process_time() - began < 8
