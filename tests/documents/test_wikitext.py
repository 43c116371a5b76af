from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.documents.wikitext import plain_text

CASES = [
    ("nothing", "", ""),
    ("plain words stay", "Elmford is a town.", "Elmford is a town."),
    ("bold and italic", "'''Elmford''' is ''old''.", "Elmford is old."),
    ("links", "In [[Foo County]], a [[market town|town]] of [[bridge]]s.", "In Foo County, a town of bridges."),
    ("a link to outside", "See [https://a.example the plan] and [https://b.example].", "See the plan and ."),
    ("pictures go with their captions", "A [[File:x.jpg|thumb|The [[mill]] in 1961]]town.", "A town."),
    ("categories", "Town.\n[[Category:Towns]]\n[[de:Elmfurt]]", "Town."),
    ("a shown link to a category", "See [[:Category:Towns]].", "See ."),
    ("notes", 'Old.<ref name="a">{{cite web|title=x}}</ref><ref name="b" /> New.', "Old. New."),
    ("a note never closed ends with its paragraph", "Old.<ref>x\n\nNew.", "Old.\n\nNew."),
    ("comments", "Old<!-- not this -->er.", "Older."),
    ("a comment never closed", "Old.<!-- not this", "Old."),
    ("other templates go", "{{Short description|Town}}Elmford{{citation needed}} is old.", "Elmford is old."),
    ("infoboxes go", "{{Infobox town\n| name = {{lang|fr|Elm}}\n| people = 9\n}}\nElmford is old.", "Elmford is old."),
    ("a measure stays", "It is {{convert|12|km|mi|abbr=on}} long.", "It is 12 km long."),
    ("a range of measures", "{{convert|10|to|12|km|mi}} away", "10 to 12 km away"),
    ("a negative measure", "{{cvt|-3|C|F}}", "-3 C"),
    ("numbers of templates", "{{frac|1|2}} {{frac|3|1|4}} {{val|5.4}} {{formatnum:12345}}", "1/2 3 1/4 5.4 12345"),
    ("money", "{{US$|12 million}} and {{GBP|3}}", "US$12 million and £3"),
    ("a date", "Opened {{start date|1961|5|3}}.", "Opened 1961-05-03."),
    ("foreign words", "called {{lang|fr|Pont}}", "called Pont"),
    ("dashes of templates", "1961{{ndash}}1970{{snd}}long", "1961–1970 – long"),
    ("nested templates", "{{nowrap|{{convert|3|mi|km}}}} off", "3 mi off"),
    ("headings stand alone", "Old.\n== History ==\nFounded 1201.", "Old.\n\nHistory\n\nFounded 1201."),
    ("lists", "* one\n* two [[x]]\n# three\n: four", "one\ntwo x\nthree\nfour"),
    ("references and links sections go", "Old.\n== References ==\n* x\n=== More ===\ny\n== Later ==\nz", "Old.\n\nLater\n\nz"),
    ("entities", "5&nbsp;km &amp; more &ndash; &lt;b&gt;", "5 km & more – <b>"),
    ("tags", "a<br/>b <small>c</small> <div style='x'>d</div>", "a\nb c d"),
    ("formulas", "x <math>a^2 \\over {{b}}</math> y", "x y"),
    ("magic words", "__NOTOC__Town __TOC__", "Town"),
    ("brackets left empty", "Elmford ({{lang-x|y}}) is old", "Elmford is old"),
    (
        "a table says each row with its columns",
        '{| class="wikitable"\n|+ People\n! Year !! Number\n|-\n| 1900 || 3,000\n|-\n| style="x" | 2000\n| 11,000\n|}',
        "People\n\nYear: 1900; Number: 3,000\n\nYear: 2000; Number: 11,000",
    ),
    ("a table without headings", "{|\n| a || b\n|-\n| c\n|}", "a; b\n\nc"),
    ("a link never closed", "The [[mill bridge is old.", "The mill bridge is old."),
    ("a template never closed ends with its paragraph", "{{box\n| a\n\nElmford is old.", "Elmford is old."),
    ("closed and never opened", "a }} b ]] c\n|} d", "a b c\nd"),
    ("crossed brackets", "[[a {{b ]] c }} d", "a b c d"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_wikitext_becomes_its_words(text, expected):
    assert plain_text(text) == expected


PARTS = st.sampled_from(
    ["{{", "}}", "[[", "]]", "\n{|", "\n|}", "|", "\n|-", "\n!", "||", "=", "\n==", "==\n", "''", "<ref>",
     "</ref>", "<ref/>", "<!--", "-->", "a", " b ", "\n", "convert", "File:", "&amp;", "<", "1", "[//x y]"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=80).map("".join))
def test_any_markup_gives_text_without_blank_ends(text):
    found = plain_text(text)
    assert found == found.strip()
    assert "\n\n\n" not in found


@pytest.mark.parametrize(
    "part",
    ["{{", "}}", "[[", "[[a|", "{{a|", "\n{|\n|", "<ref>", "<!--", "[//a ", "==a", "\n==a==", "= ",
     "'", "(", " (", "|-\n", "||", "a=|", "{{convert|", "}} ", "<math>", "\n*", "&", "{{a}}", "\n|a=b|"],
)  # fmt: skip
def test_cost_is_linear_in_the_text(part):
    started = time.process_time()
    plain_text(part * (400_000 // len(part)))
    assert time.process_time() - started < 10
