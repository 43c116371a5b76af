"""Structured data is read tolerantly, never fetched, and never raises."""

import json

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.read.markup import json_values, markup

GOOD = {"@type": "NewsArticle", "headline": "Bridge closes", "n": [1, 2.5, None, True]}
PLAIN = json.dumps(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("true]", "true,]"),
        PLAIN[:-1] + ",}",
        PLAIN.replace(', "n"', ',, "n"'),
        f"<!-- {PLAIN} -->",
        f"//<![CDATA[\n{PLAIN}\n//]]>",
        f"/*<![CDATA[*/ {PLAIN} /*]]>*/",
        f"<![CDATA[{PLAIN}]]>",
        f"\ufeff\n{PLAIN};",
        f"/* made by a plugin */ {PLAIN} // end",
        PLAIN.replace("true", "True"),
        PLAIN.replace('"', "'"),
        PLAIN.replace("null", "NaN"),
        PLAIN.replace("null", "undefined"),
        PLAIN.replace('"', "&quot;"),
    ],
)
def test_plain_faults_are_repaired(text):
    assert json_values(text) == ((GOOD,), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, ((GOOD,), False)),
        ('{"a": "x\ny\tz"}', (({"a": "x\ny\tz"},), True)),
        (r'{"a": "it\'s \u00e9 \q \\q"}', (({"a": "it's é q \\q"},), True)),
        (f"{PLAIN}\n{PLAIN}", ((GOOD, GOOD), True)),
        (f"{PLAIN},{PLAIN}", ((GOOD, GOOD), True)),
        ('{"a": 1, "a": 2}', (({"a": 2},), False)),
        ('{"a": 1e999, "b": ' + "9" * 5_000 + "}", (({"a": None, "b": None},), False)),
        ('{"url": "https://a.example/,]"}', (({"url": "https://a.example/,]"},), False)),
        ('{"a": "He said "no" twice"}', ((), False)),
        ('{"a": ', ((), False)),
        ("", ((), False)),
        ("[" * 100_000, ((), False)),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, ((), False)),
    ],
)
def test_json_is_read_or_left_out(text, expected):
    assert json_values(text) == expected


def nodes(page: str):
    return markup(lxml.html.document_fromstring(page))


def test_json_ld_of_a_page():
    page = (
        '<script type="application/ld+json">{"@context": "https://remote.example/context", "@graph": '
        '[{"@type": "http://schema.org/ClaimReview", "b": "\\ud800"}, {"@type": ["Person", "x:Author"]}]}</script>'
        '<script type="Application/LD+JSON; charset=utf-8">[{"z": 1, "a": 2}]</script>'
        '<script type="application/ld+json">broken</script><script>{"@type": "No"}</script><p>x'
    )
    found = nodes(page)
    assert [(n.syntax, n.types) for n in found] == [
        ("json-ld", ("ClaimReview",)),
        ("json-ld", ("Person", "Author")),
        ("json-ld", ()),
    ]
    assert found[2].json == '{"a":2,"z":1}'
    assert found[0].json == '{"@type":"http://schema.org/ClaimReview","b":"\ufffd"}'


def test_microdata_of_a_page():
    page = (
        '<article itemscope itemtype="https://schema.org/NewsArticle" itemref="foot">'
        '<h1 itemprop="headline name">Bridge <b>closes</b></h1>'
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ann Smith</span></div>'
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Bo Lee</span></div>'
        '<time itemprop="datePublished" datetime="2021-03-03">3 March</time>'
        '<a itemprop="url" href="/bridge">x</a><meta itemprop="inLanguage" content="en"></article>'
        '<p id="foot"><i itemprop="editor">Cora Vell</i></p>'
        '<div itemscope itemtype="https://schema.org/Organization" itemid="#org"></div>'
    )
    first, second = nodes(page)
    assert json.loads(first.json) == {
        "@type": "NewsArticle",
        "headline": "Bridge closes",
        "name": "Bridge closes",
        "author": [{"@type": "Person", "name": "Ann Smith"}, {"@type": "Person", "name": "Bo Lee"}],
        "datePublished": "2021-03-03",
        "url": "/bridge",
        "inLanguage": "en",
        "editor": "Cora Vell",
    }
    assert (second.syntax, second.types, json.loads(second.json)["@id"]) == (
        "microdata",
        ("Organization",),
        "#org",
    )


def test_microdata_that_refers_to_itself_ends():
    page = '<div id=a itemscope itemref="a b a"><p id=b itemprop=x>y</p></div>'
    assert len(nodes(page)) == 1


def test_deep_microdata_ends():
    page = "<div itemscope itemprop=a>" * 190 + "x"
    assert len(nodes(page)) >= 1
    json.loads(nodes(page)[0].json)


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\/*-<!>\n 1eaNtrue', max_size=60))
def test_nothing_raises(text):
    for value in json_values(text).values:
        json.dumps(value, allow_nan=False)


def test_json_test_suite(shared):
    """Valid JSON is accepted as it is; invalid JSON is refused, or read and said to be repaired."""
    files = sorted((shared / "corpora/JSONTestSuite/test_parsing").glob("*.json"))
    assert len(files) == 318
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace")
        parsed = json_values(text)
        if file.name.startswith("y_"):
            assert len(parsed.values) == 1, file.name
            assert not parsed.repaired, file.name
        elif file.name.startswith("n_"):
            assert not parsed.values or parsed.repaired or "\ufffd" in text, file.name
