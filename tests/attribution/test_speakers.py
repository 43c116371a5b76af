from __future__ import annotations

import json

import pytest

from onrecord.attribution.speakers import NO_SOURCE, speakers
from onrecord.record import Attribution, GenreMark, Metadata, Page, Region, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionKind, Genre, RegionKind, SpeakerKind


def _page(text: str) -> Page:
    regions = []
    at = 0
    for line in text.split("\n"):
        if line:
            regions.append(Region(RegionKind.BODY, Span(at, at + len(line))))
        at += len(line) + 1
    return Page(
        None, None, "0" * 64, "text/plain", text, tuple(regions), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip


def _attribution(text: str, row: tuple[str, ...]) -> Attribution:
    """An attribution from (source, cue, content, kind); each found after the last, `@` skips."""
    source, cue, content, *rest = row
    kind = AttributionKind(rest[0]) if rest else AttributionKind.INDIRECT

    def place(words: str, near: int) -> Span | None:
        if not words:
            return None
        at = text.index(words, near)
        return Span(at, at + len(words))

    content_span = place(content, 0)
    assert content_span is not None
    cue_span = None
    source_span = None
    if cue:
        starts = [at for at in range(len(text)) if text.startswith(cue, at)]
        at = min(starts, key=lambda start: _gap(start, len(cue), content_span))
        cue_span = Span(at, at + len(cue))
    if source:
        starts = [at for at in range(len(text)) if text.startswith(source, at)]
        anchor = cue_span or content_span
        at = min(starts, key=lambda start: _gap(start, len(source), anchor))
        source_span = Span(at, at + len(source))
    return Attribution(f"a{content_span.start}", kind, source_span, cue_span, (content_span,))


def _gap(start: int, length: int, other: Span) -> int:
    if start + length <= other.start:
        return other.start - start - length
    return start - other.end if start >= other.end else 10_000


def _who(text: str, *rows: tuple[str, ...]) -> list[str]:
    """The speaker's name of each attribution; `?` before a name that stays unresolved."""
    made = [_attribution(text, row) for row in rows]
    found = speakers(_page(text), made)
    names = []
    for attribution in made:
        holders = [speaker for speaker in found if attribution.id in speaker.attributions]
        names.append(" & ".join(_marked(speaker, attribution) for speaker in holders))
    return names


def _marked(speaker: Speaker, attribution: Attribution) -> str:
    words = {join.word for join in speaker.joins if join.mention == attribution.source}
    return ("?" if "unresolved" in words else "") + speaker.name


CASES = [
    (
        "surname after the full name",
        "Ingrid Halvorsen said the dam was safe. Halvorsen added that it leaked.",
        [("Ingrid Halvorsen", "said", "the dam was safe"), ("Halvorsen", "added", "it leaked")],
        ["Ingrid Halvorsen", "Ingrid Halvorsen"],
    ),
    (
        "pronouns agree in gender",
        "Ingrid Halvorsen met Peter Stroud. She said the dam was safe. He said it leaked.",
        [("She", "said", "the dam was safe"), ("He", "said", "it leaked")],
        ["Ingrid Halvorsen", "Peter Stroud"],
    ),
    (
        "the same surname, told apart by the form of address",
        "Ingrid Stroud and Peter Stroud own the mill. Mrs. Stroud said it was sold.",
        [("Mrs. Stroud", "said", "it was sold")],
        ["Ingrid Stroud"],
    ),
    (
        "two men alike: not guessed",
        "Peter Stroud and Mark Ellery walked in together. He said the mill was sold.",
        [("He", "said", "the mill was sold")],
        ["?He"],
    ),
    (
        "no candidate at all",
        "The mill has stood for years. She said it was sold.",
        [("She", "said", "it was sold")],
        ["?She"],
    ),
    (
        "a title becomes a role that is repeated",
        "Mayor Peter Stroud opened the mill. Ingrid Halvorsen watched. The mayor said it was sold.",
        [("The mayor", "said", "it was sold")],
        ["Peter Stroud"],
    ),
    (
        "apposition, then the role alone",
        "Peter Stroud, a spokesman for the Leyburn Board, said it leaked. The spokesman said it ran.",
        [
            ("Peter Stroud, a spokesman for the Leyburn Board,", "said", "it leaked"),
            ("The spokesman", "said", "it ran"),
        ],
        ["Peter Stroud", "Peter Stroud"],
    ),
    (
        "the role first, the name in apposition",
        "The council's engineer, Peter Stroud, said it leaked.",
        [("The council's engineer, Peter Stroud,", "said", "it leaked")],
        ["Peter Stroud"],
    ),
    (
        "another word for the only person on stage",
        "Peter Stroud, a former envoy, said it leaked. The retired diplomat said it was sold.",
        [
            ("Peter Stroud, a former envoy,", "said", "it leaked"),
            ("The retired diplomat", "said", "it was sold"),
        ],
        ["Peter Stroud", "Peter Stroud"],
    ),
    (
        "a role that nobody on the page holds stays a role",
        "Peter Stroud and Mark Ellery walked in. The judge said the mill was sold.",
        [("The judge", "said", "the mill was sold")],
        ["The judge"],
    ),
    (
        "an acronym",
        "The Leyburn Water Board (LWB) met on Monday. LWB said the dam was safe.",
        [("LWB", "said", "the dam was safe")],
        ["Leyburn Water Board"],
    ),
    (
        "it is the body in the same sentence",
        "The Leyburn Water Board closed the dam that it says leaked.",
        [("it", "says", "leaked")],
        ["Leyburn Water Board"],
    ),
    (
        "a relative pronoun takes the name before it",
        "Peter Stroud, who said the mill was sold, left with Mark Ellery.",
        [("who", "said", "the mill was sold")],
        ["Peter Stroud"],
    ),
    (
        "I inside a quotation is its speaker",
        "“I believe the dam leaked,” Peter Stroud said.",
        [
            ("Peter Stroud", "said", "I believe the dam leaked", "direct"),
            ("I", "believe", "the dam leaked"),
        ],
        ["Peter Stroud", "Peter Stroud"],
    ),
    (
        "he inside a quotation is not its speaker",
        "Peter Stroud met Mark Ellery. “He thinks it leaked,” Stroud said.",
        [
            ("Stroud", "said", "He thinks it leaked", "direct"),
            ("He", "thinks", "it leaked"),
        ],
        ["Peter Stroud", "Mark Ellery"],
    ),
    (
        "nested: told him that she said",
        "Peter Stroud told Mark Ellery that Ingrid Halvorsen said it leaked.",
        [
            ("Peter Stroud", "told", "Ingrid Halvorsen said it leaked"),
            ("Ingrid Halvorsen", "said", "it leaked"),
        ],
        ["Peter Stroud", "Ingrid Halvorsen"],
    ),
    (
        "a quoted paragraph goes on",
        "Peter Stroud said the dam leaked.\n\n“We all saw it.”",
        [("Peter Stroud", "said", "the dam leaked"), ("", "", "We all saw it.", "direct")],
        ["Peter Stroud", "Peter Stroud"],
    ),
    (
        "no source and nothing before it",
        "It was claimed that the dam leaked.",
        [("", "was claimed", "the dam leaked")],
        [NO_SOURCE],
    ),
    (
        "two names share one source",
        "Peter Stroud and Ingrid Halvorsen said it leaked.",
        [("Peter Stroud and Ingrid Halvorsen", "said", "it leaked")],
        ["Peter Stroud & Ingrid Halvorsen"],
    ),
    (
        "an opening phrase points ahead",
        "Mark Ellery left early. In his reply, Peter Stroud said it leaked.",
        [("his", "reply", "it leaked")],
        ["Peter Stroud"],
    ),
    (
        "two joined relative clauses have one antecedent",
        "An engineer who mended the dam, and who asked to stay out of it, said it leaked.",
        [
            ("An engineer", "said", "it leaked"),
            ("who", "asked", "to stay out of it"),
        ],
        ["An engineer", "An engineer"],
    ),
    (
        "the source is the one spoken of before",
        "A harbour source said it leaked. The rain fell. The source said the pumps failed.",
        [("A harbour source", "said", "it leaked"), ("The source", "said", "the pumps failed")],
        ["A harbour source", "A harbour source"],
    ),
    (
        "the source of two that are near is neither",
        (
            "A harbour source said it leaked. A rail source said it was dry. The source said the pumps failed."
        ),
        [
            ("A harbour source", "said", "it leaked"),
            ("A rail source", "said", "it was dry"),
            ("The source", "said", "the pumps failed"),
        ],
        ["A harbour source", "A rail source", "The source"],
    ),
    (
        "a role in full before the name that bears it",
        (
            "A Leyburn harbour inspector said it leaked. Ingrid Halvorsen, the Leyburn harbour inspector, said the"
            " pumps failed."
        ),
        [
            ("A Leyburn harbour inspector", "said", "it leaked"),
            ("Ingrid Halvorsen", "said", "the pumps failed"),
        ],
        ["Ingrid Halvorsen", "Ingrid Halvorsen"],
    ),
    (
        "a nationality is no person",
        "A Norlander man left. Another Norlander slept. He said it leaked.",
        [("He", "said", "it leaked")],
        ["?He"],
    ),
    (
        "the name of a role stops at its relative clause",
        "A tram driver, who was on the bridge, said it shook.",
        [("A tram driver, who was on the bridge,", "said", "it shook")],
        ["A tram driver"],
    ),
    (
        "who replies is not who asked",
        "Ingrid Halvorsen came in. A reporter asked who knew. She replied: the board knew.",
        [("A reporter", "asked", "who knew"), ("She", "replied", "the board knew")],
        ["A reporter", "Ingrid Halvorsen"],
    ),
    (
        "a report by its month",
        "A council report earlier this month which stated that it leaked was lost.",
        [("which", "stated", "it leaked")],
        ["A council report earlier this month"],
    ),
]


@pytest.mark.parametrize(
    ("text", "rows", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_sources_are_resolved(text, rows, expected):
    assert _who(text, *rows) == expected


KINDS = [
    ("Ingrid Halvorsen", SpeakerKind.PERSON),
    ("The Leyburn Water Board", SpeakerKind.ORGANISATION),
    ("Norway", SpeakerKind.ORGANISATION),
    ("a council report", SpeakerKind.DOCUMENT),
    ("the study", SpeakerKind.DOCUMENT),
    ("regional reports", SpeakerKind.VAGUE),
    ("critics", SpeakerKind.VAGUE),
    ("many residents", SpeakerKind.VAGUE),
    ("the mayor", SpeakerKind.ROLE_ONLY),
    ("a source", SpeakerKind.ANONYMOUS),
    ("the county's bridge register", SpeakerKind.DOCUMENT),
    ("an eyewitness", SpeakerKind.ROLE_ONLY),
    ("the Leyburn and Harbour Protection (LHP)", SpeakerKind.ORGANISATION),
    ("prominent public figures", SpeakerKind.VAGUE),
    ("leyburn-harbour.example.com", SpeakerKind.ORGANISATION),
    ("an official, who was not authorised to speak publicly,", SpeakerKind.ANONYMOUS),
    ("a Board member who asked not to be named", SpeakerKind.ANONYMOUS),
]


@pytest.mark.parametrize(("source", "kind"), KINDS, ids=[row[0] for row in KINDS])
def test_kind_of_a_speaker(source, kind):
    text = f"On Monday {source} said the dam leaked."
    (speaker,) = speakers(_page(text), [_attribution(text, (source, "said", "the dam leaked"))])
    assert speaker.kind == kind


def test_a_word_that_stands_where_a_place_stands_is_no_person():
    text = "Rain fell in Lydworth. Late on Monday Lydworth said the dam leaked."
    made = [_attribution(text, ("Lydworth", "said", "the dam leaked"))]
    assert [speaker.kind for speaker in speakers(_page(text), made)] == [SpeakerKind.ORGANISATION]


def test_a_role_said_in_more_words_is_kept_once():
    text = "Dam inspector Peter Stroud, a chief dam inspector, said it leaked."
    made = [_attribution(text, ("Peter Stroud", "said", "it leaked"))]
    (speaker,) = speakers(_page(text), made)
    assert len(speaker.roles) == 1


def test_anonymity_keeps_the_reason_given():
    text = "An official, who was not authorised to speak publicly, said the dam leaked."
    row = ("An official, who was not authorised to speak publicly,", "said", "the dam leaked")
    (speaker,) = speakers(_page(text), [_attribution(text, row)])
    assert speaker.reason is not None
    assert speaker.reason.of(text) == "who was not authorised to speak publicly"


def test_every_join_says_why():
    text = "Mayor Peter Stroud said it leaked. Stroud left. He added that it was sold."
    made = [
        _attribution(text, ("Mayor Peter Stroud", "said", "it leaked")),
        _attribution(text, ("He", "added", "it was sold")),
    ]
    (speaker,) = speakers(_page(text), made)
    words = {join.mention.of(text): join.word for join in speaker.joins}
    assert words["Peter Stroud"] == "name"
    assert words["Stroud"] == "surname"
    assert words["He"] == "pronoun"
    assert speaker.roles == ("Mayor",)


def test_no_attributions_give_no_speakers():
    assert speakers(_page("Peter Stroud left."), []) == ()


def test_empty_text_is_no_crash():
    assert speakers(_page(""), []) == ()


def test_running_twice_gives_the_same_ids():
    text = "Peter Stroud said it leaked."
    made = [_attribution(text, ("Peter Stroud", "said", "it leaked"))]
    assert speakers(_page(text), made) == speakers(_page(text), made)


def test_speakers_of_the_shared_case(shared):
    text = (shared / "cases" / "news_page_with_badge.txt").read_text(encoding="utf-8")
    expected = json.loads((shared / "cases" / "news_page_with_badge.expected.json").read_text())
    regions = sorted(
        (Region(RegionKind(row["kind"]), Span(*row["span"])) for row in expected["regions"]),
        key=lambda region: region.span,
    )
    page = Page(
        None, None, "0" * 64, "text/plain", text, tuple(regions), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip
    made = [
        Attribution(
            f"a{at}",
            AttributionKind(row["kind"]),
            Span(*row["source"]) if row["source"] else None,
            Span(*row["cue"]) if row["cue"] else None,
            tuple(Span(*span) for span in row["content"]),
        )
        for at, row in enumerate(expected["attributions"])
    ]
    found = speakers(page, made)
    for at, row in enumerate(expected["attributions"]):
        holders = [speaker.name for speaker in found if f"a{at}" in speaker.attributions]
        assert holders == [row["speaker"]], row["source_text"]
    by_name = {speaker.name: speaker for speaker in found}
    for row in expected["speakers"]:
        assert by_name[row["name"]].kind == row["kind"]
        if "roles" in row:
            assert list(by_name[row["name"]].roles) == row["roles"]
