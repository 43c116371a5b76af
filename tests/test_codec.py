from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.codec import decode, encode, encode_with_words, schema, spans
from onrecord.codec_annotations import web_annotations
from onrecord.errors import AnchorError, CodecError
from onrecord.record import Problem, Record, Step
from onrecord.selectors import Selector, TextPositionSelector, TextQuoteSelector, anchor
from onrecord.span import Span
from tests.show.made import bridge
from tests.strategies import records, whole_records


@pytest.fixture(scope="module")
def validator():
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


@whole_records
@given(records())
def test_decoding_gives_back_the_record(record):
    data = encode(record)
    assert decode(data) == record
    assert encode(decode(data)) == data


@whole_records
@given(records())
def test_what_is_written_fits_the_schema(validator, record):
    validator.validate(json.loads(encode(record)))


def test_schema_refuses_what_the_reader_refuses(validator):
    made = json.loads(encode(bridge()))
    made["record"]["sentences"][0] = [0, 1, 2]
    assert not validator.is_valid(made)
    made = json.loads(encode(bridge()))
    made["record"]["claim"] = 1
    assert not validator.is_valid(made)


def test_the_form_is_stable_and_readable():
    data = encode(bridge())
    loaded = json.loads(data)
    assert list(loaded) == ["onrecord", "record"]
    assert loaded["onrecord"] == 1
    assert list(loaded["record"])[:3] == ["page", "sentences", "attributions"]
    assert loaded["record"]["sentences"][0] == list(bridge().sentences[0])
    assert loaded["record"]["headline"]["findings"] == sorted(
        loaded["record"]["headline"]["findings"]
    )
    assert data.endswith(b"}")


def test_not_run_and_none_found_stay_apart():
    record = replace(bridge(), badges=None, counter_voices=())
    loaded = json.loads(encode(record))["record"]
    assert loaded["badges"] is None
    assert loaded["counter_voices"] == []
    assert decode(encode(record)).badges is None


def test_words_stand_beside_spans_when_asked():
    loaded = json.loads(encode_with_words(bridge()))["record"]
    first = loaded["attributions"][0]["source"]
    assert bridge().page.text[first["start"] : first["end"]] == first["text"]
    with pytest.raises(CodecError):
        decode(encode_with_words(bridge()))


def test_lone_surrogates_become_replacement_characters_of_the_same_length():
    record = replace(bridge(), problems=(Problem("read", "X", "a\ud800b\udfffc"),))
    assert decode(encode(record)).problems[0].message == "a\ufffdb\ufffdc"


def changed(**keys):
    loaded = json.loads(encode(bridge()))
    loaded["record"].update(keys)
    return json.dumps(loaded).encode()


def at(path, value):
    loaded = json.loads(encode(bridge()))
    *parents, last = path
    place = loaded
    for part in parents:
        place = place[part]
    place[last] = value
    return json.dumps(loaded).encode()


REFUSED = [
    ("nothing", b"", "no readable JSON"),
    ("not_utf8", b'{"onrecord": 1, "record": "\xff"}', "no readable JSON"),
    ("utf16", '{"onrecord": 1}'.encode("utf-16"), "no readable JSON"),
    ("list", b"[]", "without the key"),
    ("no_version", b'{"record": {}}', "without the key"),
    ("version", at(["onrecord"], 2), "version 2, expected 1"),
    ("version_true", at(["onrecord"], True), "version True"),
    ("version_float", at(["onrecord"], 1.0), "version 1.0"),
    ("no_record", b'{"onrecord": 1}', "do not fit"),
    ("unknown", changed(claimz=[]), "record.claimz"),
    (
        "unknown_deep",
        at(["record", "page", "regions", 0, "kinds"], 1),
        "record.page.regions.0.kinds",
    ),
    ("twice", b'{"onrecord": 1, "onrecord": 1, "record": {}}', "a key twice"),
    ("nan", b'{"onrecord": NaN}', "expected a finite one"),
    ("infinite", b'{"onrecord": 1e999}', "expected a finite one"),
    ("deep", b"[" * 100_000, "no readable JSON"),
    ("huge", b'{"onrecord": ' + b"9" * 10_000 + b"}", "no readable JSON"),
    ("outside", changed(sentences=[[0, 10_000_000]]), "outside|inside a text"),
    ("negative", changed(sentences=[[-2, 1]]), "inside a text"),
    ("backwards", changed(sentences=[[5, 1]]), "inside a text"),
    ("three", changed(sentences=[[0, 1, 2]]), "do not fit"),
    ("as_text", changed(sentences=[["0", "1"]]), "do not fit"),
    ("as_true", changed(sentences=[[False, True]]), "do not fit"),
    ("as_float", changed(sentences=[[0.0, 1.0]]), "do not fit"),
    ("term", at(["record", "attributions", 0, "stance"], "claims"), "do not fit"),
    ("digest", at(["record", "page", "digest"], "abc"), "64 hexadecimal"),
]


@pytest.mark.parametrize(("data", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_anything_else_is_refused_with_its_reason(data, message):
    with pytest.raises(CodecError, match=message):
        decode(data)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_refused_without_another_error(data):
    with pytest.raises(CodecError):
        decode(data)


@given(st.data())
@settings(deadline=None)
def test_a_flipped_byte_gives_a_record_or_a_codec_error(data):
    written = bytearray(encode(bridge()))
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CodecError):
        assert isinstance(decode(bytes(written)), Record)


def test_json_of_the_outside_corpus_is_refused_without_another_error(shared):
    files = sorted((shared / "corpora" / "JSONTestSuite").rglob("*.json"))
    assert files
    for file in files:
        with pytest.raises(CodecError):
            decode(file.read_bytes())


@pytest.mark.parametrize(
    "record",
    [
        replace(bridge(), sentences=(Span(3, 10_000),)),
        replace(bridge(), steps=(Step("segment", "1", None, float("nan")),)),
    ],
)
def test_a_broken_record_is_not_written(record):
    with pytest.raises(CodecError):
        encode(record)


@whole_records
@given(records())
def test_every_span_is_annotated_and_anchors_where_it_was(record):
    text = record.page.text
    made = json.loads(web_annotations(record))
    items = made.get("first", {"items": []})["items"]
    assert made["total"] == len(items) == len(list(spans(record)))
    assert len({item["id"] for item in items}) == len(items)
    for item, (_, span) in zip(items, spans(record), strict=True):
        quote, position = item["target"]["selector"]
        selector = Selector(
            TextQuoteSelector(quote["exact"], quote["prefix"], quote["suffix"]),
            TextPositionSelector(position["start"], position["end"]),
        )
        assert quote["exact"] == span.of(text)
        assert anchor(selector, text) == span


def test_annotations_name_page_text_and_stance():
    record = bridge()
    made = json.loads(web_annotations(record))
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert made["type"] == "AnnotationCollection"
    items = made["first"]["items"]
    assert {item["target"]["source"] for item in items} == {record.page.url}
    assert all(item["target"]["state"]["cached"].startswith("ni:///sha-256;") for item in items)
    denied = [
        item
        for item in items
        if "/content/" in item["id"] and "the source denies this" in str(item["body"])
    ]
    assert [item["target"]["selector"][0]["exact"] for item in denied] == [
        "the bridge cost twenty million"
    ]


def test_a_page_without_an_address_is_named_by_its_digest():
    record = replace(bridge(), page=replace(bridge().page, url="javascript:alert(1)"))
    made = json.loads(web_annotations(record))
    assert made["first"]["items"][0]["target"]["source"].startswith("ni:///sha-256;")


def test_a_span_outside_the_text_cannot_be_annotated():
    with pytest.raises(AnchorError):
        web_annotations(replace(bridge(), sentences=(Span(3, 10_000),)))
