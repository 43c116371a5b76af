from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import EmptyPageError, InputError, MediaTypeError, TooLargeError
from onrecord.read import pdf as pdf_reader
from onrecord.read import read
from onrecord.read.pdf_paragraphs import Line, paragraphs
from onrecord.record import Capture
from onrecord.terms import RegionKind
from tests.documents.pdf_files import bomb, encrypted, made, page, pages, pictures_only


def capture(body: bytes, media_type: str = "application/pdf") -> Capture:
    return Capture(url=None, retrieved=None, media_type=media_type, body=body)


def body_of(found) -> list[str]:
    return [r.span.of(found.text) for r in found.regions if r.kind is RegionKind.BODY]


FIRST = [
    "The county council of Elmford voted on Tuesday to repair the old",
    "mill bridge, which has been closed to lorries since the spring of",
    "last year.",
]
SECOND = [
    "The works cost 2.4 million pounds and will take eleven weeks, the",
    "council said in a statement.",
]


@pytest.fixture(scope="module")
def report():
    lines = [(72.0, 740.0, 20.0, "Bridge to close"), *page(FIRST, SECOND, top=700)]
    about = {
        "Title": "Bridge to close",
        "Author": "Ann Moor; Ben Hill",
        "CreationDate": "D:20260512101500+01'00'",
    }
    return read(capture(made([lines], about=about)))


def test_a_pdf_is_read_as_a_title_and_paragraphs(report):
    assert body_of(report) == [" ".join(FIRST), " ".join(SECOND)]
    assert report.metadata.title.value == "Bridge to close"
    assert report.metadata.title.span.of(report.text) == "Bridge to close"


def test_authors_and_date_come_from_the_metadata(report):
    assert [author.value for author in report.metadata.authors] == ["Ann Moor", "Ben Hill"]
    assert report.metadata.published.value == "2026-05-12T10:15:00+01:00"
    assert report.metadata.published.where == "pdf:CreationDate"


def test_what_a_pdf_is_not_asked_for_is_none(report):
    assert (report.links, report.images, report.markup) == (None, None, None)
    assert report.truncated == ()


def test_a_pdf_is_told_by_its_first_bytes_whatever_is_declared():
    body = made([page(FIRST)])
    for media_type in ("", "text/html", "application/octet-stream"):
        assert "mill bridge" in read(capture(body, media_type)).text


@pytest.mark.parametrize(
    ("about", "title"),
    [
        ({"Title": "Microsoft Word - bridge.doc"}, "Elmford to repair its bridge"),
        ({"Title": "untitled"}, "Elmford to repair its bridge"),
        ({"Title": "final_v3.indd"}, "Elmford to repair its bridge"),
        ({"Title": "  "}, "Elmford to repair its bridge"),
        ({"Title": "Report 7 of the council"}, "Report 7 of the council"),
        (None, "Elmford to repair its bridge"),
    ],
)
def test_a_title_that_a_program_put_there_gives_way_to_the_first_line(about, title):
    body = made([page(["Elmford to repair its bridge"], FIRST, SECOND)], about=about)
    assert read(capture(body)).metadata.title.value == title


def test_a_word_cut_at_the_end_of_a_line_is_put_together():
    text = read(capture(made([page(["The govern-", "ment spoke to the co-", "operative."])]))).text
    assert text == "The government spoke to the cooperative."


def test_a_hyphen_that_the_document_writes_elsewhere_stays():
    lines = ["A well-known mill stood there. The well-", "known mill burned."]
    assert "The well-known mill" in read(capture(made([page(lines)]))).text


def test_a_paragraph_goes_on_over_a_page_and_running_heads_go():
    texts = ["The first half of", "the sentence ends here. The next", "goes on to its end."]
    sheets = [
        [
            (72.0, 760.0, 9.0, f"Elmford Council  Report  {i}"),
            (72.0, 700.0, 11.0, text),
            (300.0, 40.0, 9.0, str(i)),
        ]
        for i, text in enumerate(texts, start=1)
    ]
    assert read(capture(made(sheets))).text == " ".join(texts)


def test_columns_are_read_one_after_the_other():
    left = page(["The left column says that", "the bridge is closed and"], x=72)
    right = page(["the right column says that", "it opens again in May."], x=320)
    text = read(capture(made([left + right]))).text
    assert text.index("closed and") < text.index("the right column")
    assert "closed and the right column" in text


def test_a_page_drawn_in_disorder_is_read_from_the_top():
    lines = [(72.0, 700.0 - 13 * i, 11.0, f"word{i:02}") for i in range(30)]
    shuffled = lines[:]
    random.Random(7).shuffle(shuffled)
    assert read(capture(made([shuffled]))).text.split() == [f"word{i:02}" for i in range(30)]


def test_pages_over_the_cap_are_named(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_PAGES", 3)
    found = read(capture(made(pages(5))))
    assert found.truncated == ("pages after the first 3 of 5",)
    assert "3th" in found.text
    assert "4th" not in found.text


def test_a_damaged_page_costs_itself_and_is_named():
    body = made(pages(3)).replace(b"/Contents 7 0 R", b"/Contents 9 0 9")
    found = read(capture(body))
    assert "1th" in found.text
    assert "3th" in found.text


REFUSED = [
    ("encrypted", encrypted, MediaTypeError, "encrypted"),
    ("pictures only", pictures_only, EmptyPageError, "text recognition"),
    ("nothing but the name", lambda: b"%PDF-1.7", MediaTypeError, "damaged"),
    ("noise", lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(50_000), MediaTypeError, "damaged"),
    ("cut in the middle", lambda: made(pages(40))[:700], MediaTypeError, "damaged"),
    ("cut at its end", lambda: made(pages(3))[:-200], MediaTypeError, "damaged"),
    ("no pages", lambda: made([]), EmptyPageError, "0 pages"),
    ("a stream of a gibibyte of zeros", bomb, InputError, "unpacks to too much"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "error", "says"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_pdf_that_cannot_be_read_is_refused_by_name(make, error, says):
    with pytest.raises(error, match=says):
        read(capture(make()))


def test_a_slow_pdf_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_SECONDS", 2)
    command = b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (a) Tj ET\n" * 1_000_000
    with pytest.raises(TooLargeError, match="more than 2 seconds"):
        read(capture(made([[]], contents=[command], packed=False)))


def test_a_pdf_over_the_byte_cap_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_BYTES", 1_000)
    with pytest.raises(TooLargeError, match="expected at most 1000"):
        read(capture(made(pages(40))))


def test_modules_in_the_current_folder_are_not_run(tmp_path, monkeypatch):
    (tmp_path / "pypdf.py").write_text("raise SystemExit(7)")
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert "mill bridge" in read(capture(made([page(FIRST)]))).text


LINES = st.builds(
    Line,
    st.text(alphabet="ab-. \u00ad\ufb01AB1•“”\n", max_size=30),
    st.floats(0, 600),
    st.floats(0, 800),
    st.sampled_from([9.0, 11.0, 20.0]),
)


@given(st.lists(st.lists(LINES, max_size=12), max_size=5))
def test_any_lines_give_paragraphs_without_losing_more_than_heads(sheets):
    found = paragraphs(sheets)
    assert all(part.text == part.text.strip() or not part.text.strip() for part in found)
    given_letters = sum(line.text.count("a") for sheet in sheets for line in sheet)
    assert sum(part.text.count("a") for part in found) <= given_letters


def test_nothing_gives_no_paragraphs():
    assert paragraphs([]) == ()
    assert paragraphs([[], [Line("  ", 0, 0, 9)]]) == ()
