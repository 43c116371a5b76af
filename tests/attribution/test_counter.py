from __future__ import annotations

import json

import pytest

from onrecord.attribution.counter import counter_voices
from onrecord.attribution.speakers import speakers
from onrecord.record import Attribution, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import AttributionKind, AttributionStance, Genre, RegionKind


def _page(text: str, *regions: Region) -> Page:
    return Page(
        None, None, "0" * 64, "text/plain", text,
        regions or (Region(RegionKind.BODY, Span(0, len(text))),), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip


def _pairs(text: str, *rows: tuple[str, ...]) -> list[tuple[str, str]]:
    """The pairs as words: content that denies, what it answers. A row may end with a stance."""
    made, at = [], 0
    for number, (source, cue, content, *rest) in enumerate(rows):
        spans = []
        for words in (source, cue, content):
            start = text.index(words, at) if words else -1
            spans.append(Span(start, start + len(words)) if words else None)
        at = min(span.start for span in spans if span)
        stance = AttributionStance(rest[0]) if rest else AttributionStance.ASSERTS
        made.append(
            Attribution(
                f"a{number}",
                AttributionKind.INDIRECT,
                spans[0],
                spans[1],
                (spans[2],),
                stance=stance,
            )
        )
    page = _page(text)
    sentences, start = [], 0
    for part in text.split(". "):
        sentences.append(Span(start, min(start + len(part) + 1, len(text))))
        start += len(part) + 2
    found = counter_voices(page, sentences, attributions=made, speakers=speakers(page, made))
    by_id = {attribution.id: attribution for attribution in made}
    return [
        (
            by_id[pair.by].content[0].of(text),
            by_id[pair.answered].content[0].of(text) if pair.answered else pair.sentence.of(text),
        )
        for pair in found
    ]


CASES = [
    (
        "denied in the same words",
        "Ingrid Halvorsen said the northern dam leaked oil. Peter Stroud denied that the dam leaked oil.",
        [
            ("Ingrid Halvorsen", "said", "the northern dam leaked oil"),
            ("Peter Stroud", "denied", "the dam leaked oil"),
        ],
        [("the dam leaked oil", "the northern dam leaked oil")],
    ),
    (
        "the accusation points back",
        "Ingrid Halvorsen accused the board of bribery. Peter Stroud rejected the accusation.",
        [
            ("Ingrid Halvorsen", "accused", "the board of bribery"),
            ("Peter Stroud", "rejected", "the accusation"),
        ],
        [("the accusation", "the board of bribery")],
    ),
    (
        "called false",
        "Ingrid Halvorsen said the dam leaked oil. Peter Stroud called that claim baseless.",
        [
            ("Ingrid Halvorsen", "said", "the dam leaked oil"),
            ("Peter Stroud", "called", "that claim baseless"),
        ],
        [("that claim baseless", "the dam leaked oil")],
    ),
    (
        "a plain contradiction",
        (
            "Ingrid Halvorsen said the firm pays overtime bonuses. Two drivers said the firm never pays overtime"
            " bonuses."
        ),
        [
            ("Ingrid Halvorsen", "said", "the firm pays overtime bonuses"),
            ("Two drivers", "said", "the firm never pays overtime bonuses"),
        ],
        [("the firm never pays overtime bonuses", "the firm pays overtime bonuses")],
    ),
    (
        "the publisher's own sentence is answered",
        (
            "The mill dumped chemical waste in the river. Peter Stroud denied dumping chemical waste in the"
            " river."
        ),
        [("Peter Stroud", "denied", "dumping chemical waste in the river")],
        [
            (
                "dumping chemical waste in the river",
                "The mill dumped chemical waste in the river.",
            )
        ],
    ),
    (
        "nobody answers himself",
        "Peter Stroud said the dam leaked oil. Stroud later denied that the dam leaked oil.",
        [
            ("Peter Stroud", "said", "the dam leaked oil"),
            ("Stroud", "denied", "the dam leaked oil"),
        ],
        [],
    ),
    (
        "an offer that is rejected is no statement",
        (
            "Ingrid Halvorsen said the board made an offer of ten million crowns. Peter Stroud rejected the offer"
            " of ten million crowns."
        ),
        [
            ("Ingrid Halvorsen", "said", "the board made an offer of ten million crowns"),
            ("Peter Stroud", "rejected", "the offer of ten million crowns"),
        ],
        [],
    ),
    (
        "did not deny is no denial",
        "Ingrid Halvorsen said the dam leaked oil. Peter Stroud did not deny that the dam leaked oil.",
        [
            ("Ingrid Halvorsen", "said", "the dam leaked oil"),
            ("Peter Stroud", "did not deny", "the dam leaked oil", "unresolved"),
        ],
        [],
    ),
    (
        "an open pronoun may be the same person",
        (
            "Ingrid Halvorsen met Peter Stroud and Mark Ellery. Stroud said the dam leaked oil. It is said that"
            " they denied that the dam leaked oil."
        ),
        [
            ("Stroud", "said", "the dam leaked oil"),
            ("they", "denied", "the dam leaked oil"),
        ],
        [],
    ),
    (
        "different matters",
        "Ingrid Halvorsen said the dam leaked oil. Peter Stroud denied that the school was sold.",
        [
            ("Ingrid Halvorsen", "said", "the dam leaked oil"),
            ("Peter Stroud", "denied", "the school was sold"),
        ],
        [],
    ),
    (
        "the claim of whom the denial names, wherever it stands",
        (
            "Peter Stroud denied Halvorsen's claim that the dam leaked oil. Mark Ellery said rain fell. Ingrid"
            " Halvorsen said oil ran from the northern dam."
        ),
        [
            ("Peter Stroud", "denied", "Halvorsen's claim that the dam leaked oil"),
            ("Mark Ellery", "said", "rain fell"),
            ("Ingrid Halvorsen", "said", "oil ran from the northern dam"),
        ],
        [("Halvorsen's claim that the dam leaked oil", "oil ran from the northern dam")],
    ),
    (
        "a claim made by somebody named",
        (
            "Ingrid Halvorsen said oil ran from the dam. Mark Ellery said rain fell. Peter Stroud rejected a claim"
            " made by Halvorsen."
        ),
        [
            ("Ingrid Halvorsen", "said", "oil ran from the dam"),
            ("Mark Ellery", "said", "rain fell"),
            ("Peter Stroud", "rejected", "a claim made by Halvorsen"),
        ],
        [("a claim made by Halvorsen", "oil ran from the dam")],
    ),
    (
        "the sentence that says what is denied, not the nearest words",
        (
            "The council has hidden cracks in the pier. Tomas Ridley said he would not park there. Agnes Holm"
            " rejected the accusation that anything had been hidden."
        ),
        [
            ("Tomas Ridley", "said", "he would not park there"),
            ("Agnes Holm", "rejected", "the accusation that anything had been hidden"),
        ],
        [
            (
                "the accusation that anything had been hidden",
                "The council has hidden cracks in the pier.",
            )
        ],
    ),
    (
        "an accusation before a statement of another sort",
        (
            "Ingrid Halvorsen accused the board of bribery. Mark Ellery said rain fell. Peter Stroud rejected the"
            " accusation."
        ),
        [
            ("Ingrid Halvorsen", "accused", "the board of bribery"),
            ("Mark Ellery", "said", "rain fell"),
            ("Peter Stroud", "rejected", "the accusation"),
        ],
        [("the accusation", "the board of bribery")],
    ),
    (
        "but somebody denied, in the same sentence",
        (
            "Ingrid Halvorsen said the raid began in the port at dawn, although the council denied any part in a"
            " raid."
        ),
        [
            ("Ingrid Halvorsen", "said", "the raid began in the port at dawn"),
            ("the council", "denied", "any part in a raid"),
        ],
        [("any part in a raid", "the raid began in the port at dawn")],
    ),
    (
        "a spokesman does not answer his body",
        (
            "The Leyburn Water Board said the dam leaked oil. Peter Stroud, a spokesman for the Leyburn Water Board,"
            " denied that the dam leaked oil."
        ),
        [
            ("The Leyburn Water Board", "said", "the dam leaked oil"),
            (
                "Peter Stroud, a spokesman for the Leyburn Water Board,",
                "denied",
                "the dam leaked oil",
            ),
        ],
        [],
    ),
    (
        "two denials do not answer each other",
        "Ingrid Halvorsen said the oil reports were false. Peter Stroud denied the reports.",
        [
            ("Ingrid Halvorsen", "said", "the oil reports were false"),
            ("Peter Stroud", "denied", "the reports"),
        ],
        [],
    ),
    (
        "not wanting is no denial",
        "Ingrid Halvorsen said the dam leaked oil. Peter Stroud did not want the dam to leak oil.",
        [
            ("Ingrid Halvorsen", "said", "the dam leaked oil"),
            ("Peter Stroud", "did not want", "the dam to leak oil", "denies"),
        ],
        [],
    ),
    (
        "no in a reply",
        "Ingrid Halvorsen said the dam leaked oil. Peter Stroud replied: No, the dam is dry.",
        [
            ("Ingrid Halvorsen", "said", "the dam leaked oil"),
            ("Peter Stroud", "replied", "No, the dam is dry"),
        ],
        [("No, the dam is dry", "the dam leaked oil")],
    ),
]


@pytest.mark.parametrize(
    ("text", "rows", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_counter_voices(text, rows, expected):
    assert _pairs(text, *rows) == expected


def test_no_attributions_give_no_pairs():
    assert counter_voices(_page("x"), [], attributions=[], speakers=[]) == ()


def test_counter_voice_of_the_shared_case(shared):
    text = (shared / "cases" / "news_page_with_badge.txt").read_text(encoding="utf-8")
    expected = json.loads((shared / "cases" / "news_page_with_badge.expected.json").read_text())
    regions = sorted(
        (Region(RegionKind(row["kind"]), Span(*row["span"])) for row in expected["regions"]),
        key=lambda region: region.span,
    )
    made = [
        Attribution(
            f"a{at}",
            AttributionKind(row["kind"]),
            Span(*row["source"]) if row["source"] else None,
            Span(*row["cue"]) if row["cue"] else None,
            tuple(Span(*span) for span in row["content"]),
            stance=AttributionStance(row["stance"]),
        )
        for at, row in enumerate(expected["attributions"])
    ]
    page = _page(text, *regions)
    who = speakers(page, made)
    found = counter_voices(page, [], attributions=made, speakers=who)
    by_id = {attribution.id: attribution for attribution in made}
    names = {identity: speaker.name for speaker in who for identity in speaker.attributions}
    wanted = expected["counter_voices"][0]
    assert any(
        names[pair.by] == wanted["by"]
        and pair.answered
        and by_id[pair.answered].content[0].of(text).startswith(wanted["answered"])
        for pair in found
    )
    assert {names[pair.by] for pair in found} == {wanted["by"]}
