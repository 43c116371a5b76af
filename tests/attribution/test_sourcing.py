from __future__ import annotations

import json

import pytest

from onrecord.attribution.sourcing import sourcing
from onrecord.attribution.speakers import speakers
from onrecord.record import (
    Attribution,
    GenreMark,
    HeadlineCheck,
    HeadlineEvidence,
    Metadata,
    Page,
    Region,
    Sourcing,
)
from onrecord.span import Span
from onrecord.terms import (
    AttributionKind,
    AttributionStance,
    Genre,
    HeadlineFinding,
    OriginKind,
    RegionKind,
)


def _page(text: str, *, genre: Genre = Genre.NOT_STATED) -> Page:
    """The first line is the title where the text has several, the others are the body."""
    regions, at = [], 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        kind = RegionKind.TITLE if number == 0 and len(lines) > 1 else RegionKind.BODY
        regions.append(Region(kind, Span(at, at + len(line))))
        at += len(line) + 1
    return Page(
        None, None, "0" * 64, "text/plain", text, tuple(regions), Metadata(), None, None, None,
        GenreMark(genre, ""),
    )  # fmt: skip


def _made(text: str, *rows: tuple[str, ...]) -> list[Attribution]:
    made = []
    body = text.index("\n") + 1 if "\n" in text else 0
    for number, (source, cue, content, *stance) in enumerate(rows):
        content_at = text.index(content, body)
        spans = []
        for words in (source, cue):
            near = [at for at in range(len(text)) if words and text.startswith(words, at)]
            start = min(near, key=lambda at: abs(at - content_at)) if near else None
            spans.append(None if start is None else Span(start, start + len(words)))
        made.append(
            Attribution(
                f"a{number}",
                AttributionKind.INDIRECT,
                spans[0],
                spans[1],
                (Span(content_at, content_at + len(content)),),
                stance=AttributionStance(*stance) if stance else AttributionStance.ASSERTS,
            )
        )
    return made


def _sourcing(
    text: str, *rows: tuple[str, ...], genre: Genre = Genre.NOT_STATED
) -> tuple[Sourcing, dict[str | None, str]]:
    page = _page(text, genre=genre)
    made = _made(text, *rows)
    who = speakers(page, made)
    names: dict[str | None, str] = {speaker.id: speaker.name for speaker in who}
    names[None] = "publisher"
    return sourcing(page, made, speakers=who, headline=None), names


def test_shares_add_up_and_count_each_word_once():
    text = "Ingrid Low said the dam leaked. It was built in 1962."
    found, names = _sourcing(text, ("Ingrid Low", "said", "the dam leaked"))
    assert [(names[share.speaker], share.n_words) for share in found.shares] == [
        ("publisher", 8),
        ("Ingrid Low", 3),
    ]
    assert sum(share.share for share in found.shares) == pytest.approx(1)


def test_innermost_attribution_carries_the_word():
    text = "Ingrid Low ruled out a leak, according to regional reports."
    found, names = _sourcing(
        text,
        ("Ingrid Low", "ruled out", "a leak", "denies"),
        ("regional reports", "according to", "Ingrid Low ruled out a leak"),
    )
    words = {names[share.speaker]: share.n_words for share in found.shares}
    assert words == {"Ingrid Low": 2, "regional reports": 4, "publisher": 4}


def test_no_body_gives_no_shares():
    assert sourcing(_page(""), [], speakers=(), headline=None).shares == ()


def test_anonymous_speakers_are_listed():
    text = "A source who asked not to be named said the dam leaked."
    found, names = _sourcing(text, ("A source who asked not to be named", "said", "the dam leaked"))
    assert [names[identity] for identity in found.anonymous] == [
        "A source who asked not to be named"
    ]


CENTRAL = [
    (
        "one named source",
        "Northern dam leaked oil\nIngrid Low said the northern dam leaked oil.",
        [("Ingrid Low", "said", "the northern dam leaked oil")],
        OriginKind.ONE_ORIGIN,
        [["Ingrid Low"]],
    ),
    (
        "two sources",
        (
            "Northern dam leaked oil\nIngrid Low said the northern dam leaked oil. Peter Ray said the"
            " northern dam had leaked oil for years."
        ),
        [
            ("Ingrid Low", "said", "the northern dam leaked oil"),
            ("Peter Ray", "said", "the northern dam had leaked oil for years"),
        ],
        OriginKind.SEVERAL_ORIGINS,
        [["Ingrid Low"], ["Peter Ray"]],
    ),
    (
        "a body and its spokesman are one",
        (
            "Northern dam leaked oil\nThe Leyburn Water Board said the northern dam leaked oil. Peter Ray, a"
            " spokesman for the Leyburn Water Board, said the dam in the northern valley leaked oil."
        ),
        [
            ("The Leyburn Water Board", "said", "the northern dam leaked oil"),
            (
                "Peter Ray, a spokesman for the Leyburn Water Board,",
                "said",
                "the dam in the northern valley leaked oil",
            ),
        ],
        OriginKind.ONE_ORIGIN,
        [["Leyburn Water Board", "Peter Ray"]],
    ),
    (
        "the page states it itself",
        "Northern dam leaked oil\nThe northern dam leaked oil on Monday.",
        [],
        OriginKind.PUBLISHER,
        [],
    ),
    (
        "nothing carries it",
        "Northern dam leaked oil\nThe council met.",
        [],
        OriginKind.NONE_FOUND,
        [],
    ),
    (
        "a denier is no source",
        "Northern dam leaked oil\nPeter Ray denied that the northern dam leaked oil.",
        [("Peter Ray", "denied", "the northern dam leaked oil", "denies")],
        OriginKind.NONE_FOUND,
        [],
    ),
    (
        "who says that it is not so does not carry it",
        (
            "Northern dam leaked oil\nIngrid Low said the northern dam leaked oil. Peter Ray said there is no"
            " oil leak in the northern dam today."
        ),
        [
            ("Ingrid Low", "said", "the northern dam leaked oil"),
            ("Peter Ray", "said", "there is no oil leak in the northern dam today"),
        ],
        OriginKind.ONE_ORIGIN,
        [["Ingrid Low"]],
    ),
    (
        "a pronoun that nobody is known to mean is no origin",
        "Northern dam leaked oil\nIt was late. They said the northern dam leaked oil.",
        [("They", "said", "the northern dam leaked oil")],
        OriginKind.NONE_FOUND,
        [],
    ),
    (
        "copies of one text are one",
        (
            "Northern dam leaked oil\nIngrid Low said the northern dam leaked oil into the river for three"
            " weeks. Peter Ray said the northern dam leaked oil into the river for three weeks already."
        ),
        [
            ("Ingrid Low", "said", "the northern dam leaked oil into the river for three weeks"),
            (
                "Peter Ray",
                "said",
                "the northern dam leaked oil into the river for three weeks already",
            ),
        ],
        OriginKind.ONE_ORIGIN,
        [["Ingrid Low", "Peter Ray"]],
    ),
]


@pytest.mark.parametrize(
    ("text", "rows", "rests_on", "groups"), [c[1:] for c in CENTRAL], ids=[c[0] for c in CENTRAL]
)
def test_what_the_central_claim_rests_on(text, rows, rests_on, groups):
    found, names = _sourcing(text, *rows)
    assert found.central is not None
    assert found.central.rests_on == rests_on
    assert [[names[one] for one in group] for group in found.central.origins] == groups


@pytest.mark.parametrize("genre", [Genre.INTERVIEW, Genre.TRANSCRIPT, Genre.PRESS_RELEASE])
def test_no_central_claim_where_one_side_speaks(genre):
    found, _ = _sourcing("Northern dam leaked oil\nIt leaked.", genre=genre)
    assert found.central is None


def test_no_central_claim_without_a_title():
    assert _sourcing("The dam leaked.")[0].central is None


def test_question_has_no_central_claim():
    page = _page("Did the dam leak?\nThe dam leaked.")
    check = HeadlineCheck(frozenset({HeadlineFinding.QUESTION_OR_LABEL}), Span(0, 17))
    assert sourcing(page, [], speakers=(), headline=check).central is None


def test_central_claim_of_the_shared_case(shared):
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
    page = Page(
        None, None, "0" * 64, "text/plain", text, tuple(regions), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip
    who = speakers(page, made)
    names = {speaker.id: speaker.name for speaker in who}
    first = text.index("America is secretly")
    check = HeadlineCheck(
        frozenset({HeadlineFinding.DROPS_ATTRIBUTION}),
        Span(0, 58),
        (HeadlineEvidence("states", Span(first, text.index("\n", first))),),
    )
    for headline in (check, None):
        central = sourcing(page, made, speakers=who, headline=headline).central
        assert central is not None
        wanted = expected["sourcing"]["central_claim"]
        assert [names[one] for one in central.asserted_by] == wanted["asserted_by"]
        assert [names[one] for one in central.denied_by] == wanted["denied_by"]
        assert central.publisher_states_it == wanted["publisher_states_it"]
        assert central.rests_on == OriginKind.ONE_ORIGIN
