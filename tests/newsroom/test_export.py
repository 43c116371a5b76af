"""A check in other forms says what the page says, and nothing in it becomes markup or a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.newsroom.corrections import Correction, TextChange
from onrecord.newsroom.docx import as_docx
from onrecord.newsroom.export import DRAFT, as_csv, as_html, as_markdown
from onrecord.newsroom.publication import DeskName, Publication, Signer
from onrecord.newsroom.review import CitedSource, Contact, GatePoint, ReviewContent
from onrecord.terms import CorrectionKind, GateOutcome

NOW = "2026-03-14T08:20:00+00:00"
CONTENT = ReviewContent(
    "The bridge cost us twelve million", claimant="Cora Lane", said_in="Council debate",
    said_at="https://news.example/a1", said_on="2026-03-01", title="What the bridge cost",
    rating="False", summary="The audited accounts give 21.4 million.",
    reasoning="The audit adds every bill.\n\nThe first plan named twelve million.",
    why="It was said in the council.",
    sources=(
        CitedSource("Audit", "https://audit.example/2026.pdf", "21.4 million", "against",
                    "The county", "2026-02-01", "ab" * 32, is_primary=True),
        CitedSource("A plan", "", "", "for", "The Bell", interest="none known"),
    ),
    contacts=(Contact("Cora Lane", "telephone", "2026-03-02", "A question nobody prints",
                      "No comment", "2026-03-03", is_claimant=True),),
)  # fmt: skip
CHECK = Publication(
    "42", "https://desk.example/checks/42", CONTENT, 1, NOW, NOW, 2,
    (Signer("Ada Quill", NOW), Signer("Ben Moor", NOW)), is_single_signed=False,
    gate=(GatePoint("P1", "Fairness", "page", "the conclusion is explained", GateOutcome.PASS, ""),
          GatePoint("P3", "Fairness", "page", "a primary source is there", GateOutcome.WAIVED, "none is left")),
    corrections=(Correction(1, CorrectionKind.CORRECTION, NOW, "Wrong page.", ("Ada Quill",),
                            (TextChange("reasoning", "page 41", "page 14"),), "a", "b"),),
    desk=DeskName("Example Desk", "https://desk.example"),
)  # fmt: skip
NASTY = ["<script>alert(1)</script>", "](javascript:alert(1))", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)",
         "\t=1+1", "\r\n=1", " =1", "＝1", "# no heading", "1. no list", "a\x00b\x1b[31m", "\ud800",
         "\u202egnp.exe", "&lt;b&gt;", "`code` *bold* _it_", '" onmouseover="x', "]]>", "| a | b |",
         "\n\n---\n\n```", "javascript:alert(1)", "https://a.example/ b", "https://a.example/)<b>"]  # fmt: skip


def everywhere(text):
    """A check with a text in every field that it fits in."""
    source = CitedSource(text, text, text, "for", text, text, interest=text)
    contact = Contact(text, text, text, text, text, text)
    content = ReviewContent(
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        (source,),
        (contact,),
        "en",
    )
    signer = Signer(text, text)
    return replace(CHECK, content=content, signers=(signer,), corrections=(), is_single_signed=True)


def docx_text(check, **options):
    with zipfile.ZipFile(io.BytesIO(as_docx(check, **options))) as archive:
        assert archive.testzip() is None
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = [
        "".join(t.text or "" for t in p.iter(f"{w}t"))
        for p in parts["word/document.xml"].iter(f"{w}p")
    ]
    return "\n".join(lines), parts


SAID = ["What the bridge cost", "Our rating: False", "21.4 million", "twelve million", "Cora Lane",
        "Council debate", "every bill", "first plan", "primary source", "ab" * 32, "none known",
        "Ada Quill", "Ben Moor", "Wrong page.", "page 14", "waived (none is left)", "No comment"]  # fmt: skip


def html_text(check, **options):
    tree = html5lib.parseFragment(as_html(check, **options), namespaceHTMLElements=False)
    return "\n".join(tree.itertext())


def markdown_text(check, **options):
    return re.sub(r"\\(.)", r"\1", as_markdown(check, **options))


@pytest.mark.parametrize("form", [markdown_text, html_text, lambda c, **o: docx_text(c, **o)[0]])
def test_a_form_says_what_the_page_says(form):
    text = form(CHECK)
    assert [words for words in SAID if words not in text] == []
    assert "A question nobody prints" not in text
    assert DRAFT not in text
    assert form(CHECK, is_draft=True).lstrip().startswith(DRAFT)


@pytest.mark.parametrize(
    "form", [markdown_text, html_text, lambda c, **o: docx_text(c, **o)[0], as_csv]
)
def test_a_retracted_check_is_its_tombstone(form):
    text = form(replace(CHECK, tombstone="The audit was forged."))
    assert "retracted" in text
    assert "every bill" not in text
    assert "twelve million" not in text


def test_markdown_is_read_as_it_is_meant():
    text = as_markdown(CHECK)
    assert text.startswith("# What the bridge cost\n\nOur rating: False\n")
    assert "[Audit](https://audit.example/2026.pdf), The county" in text
    assert "\n> The bridge cost us twelve million\n" in text


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_is_no_markdown(nasty):
    text = as_markdown(everywhere(nasty))
    bare = re.sub(r"\\.", "", text)
    assert not re.search(r"[<>`*_|~]", re.sub(r"^> ", "", bare, flags=re.MULTILINE))
    targets = re.findall(r"\]\(([^)]*)\)", bare)
    assert all(target.startswith(("https://", "http://")) for target in targets)
    assert not re.search(r"^(#{3,}|---|```|\d+[.)] )", bare, re.MULTILINE)


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_is_no_html(nasty):
    text = as_html(everywhere(nasty))
    tree = html5lib.parseFragment(text, namespaceHTMLElements=False)
    tags = {e.tag for e in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    assert tags <= {"article", "h1", "h2", "p", "blockquote", "ul", "li", "a"}
    for element in tree.iter():
        assert set(element.attrib) <= {"href", "class", "lang"}
        assert element.attrib.get("href", "https://").startswith(("https://", "http://"))


@pytest.mark.parametrize("nasty", NASTY)
def test_no_cell_is_a_formula(nasty):
    rows = list(csv.reader(io.StringIO(as_csv(everywhere(nasty)))))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1])
    for cell in rows[1]:
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_leaves_the_docx_well_formed(nasty):
    _, parts = docx_text(everywhere(nasty))
    for relation in parts["word/_rels/document.xml.rels"]:
        if relation.attrib.get("TargetMode") == "External":
            assert relation.attrib["Target"].startswith(("https://", "http://"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_exported(text):
    check = everywhere(text)
    docx_text(check)
    for form in (as_markdown, as_html, as_csv):
        form(check).encode("utf-8")


def test_csv_has_a_row_for_each_source():
    rows = list(csv.DictReader(io.StringIO(as_csv(CHECK))))
    assert [row["source"] for row in rows] == ["Audit", "A plan"]
    assert rows[0]["kept_copy_sha256"] == "ab" * 32
    assert {row["rating"] for row in rows} == {"False"}
    assert rows[0]["signed_by"] == "Ada Quill; Ben Moor"
    [row] = csv.DictReader(
        io.StringIO(as_csv(replace(CHECK, content=ReviewContent("x")), is_draft=True))
    )
    assert (row["state"], row["source"], row["side"]) == ("draft", "", "")


def test_the_same_check_gives_the_same_docx():
    assert as_docx(CHECK) == as_docx(CHECK)


def test_markup_stands_in_the_html_only_when_it_is_asked_for():
    assert "<script" not in as_html(CHECK)
    assert as_html(CHECK, markup="{}").count('<script type="application/ld+json">{}</script>') == 1
    assert "<script" not in as_html(CHECK, markup="{}", is_draft=True)
    assert "<script" not in as_html(replace(CHECK, tombstone="x"), markup="{}")
