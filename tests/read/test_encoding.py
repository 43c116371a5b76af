"""Bytes become text as a browser would read them, and never an exception."""

import random

import pytest
import webencodings.labels
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.read.encoding import charset_of, decode, encoding_for_label, encoding_of

CASES = [
    ("utf-8 without a word about it", "né".encode(), "", "né"),
    ("windows-1252 as the last resort", b"n\xe9 \x93q\x94", "", "né “q”"),
    ("latin-1 means windows-1252", b"\x93q\x94\x81", "text/html; charset=iso-8859-1", "“q”\x81"),
    ("a mark wins over the header", b"\xef\xbb\xbfn\xc3\xa9", "text/html; charset=latin1", "né"),
    ("utf-16 by its mark", b"\xff\xfen\x00\xe9\x00", "text/html; charset=utf-8", "né"),
    (
        "the header wins over meta",
        b"<meta charset=utf-8>\xe9",
        'text/html; charset="windows-1252"',
        "<meta charset=utf-8>é",
    ),
    ("meta", b"<meta charset=koi8-r>\xc1", "", "<meta charset=koi8-r>а"),
    (
        "pragma",
        b"<meta http-equiv=content-type content='text/html;charset=windows-1251'>\xe0",
        "",
        "<meta http-equiv=content-type content='text/html;charset=windows-1251'>а",
    ),
    (
        "content without pragma says nothing",
        b"<meta content='text/html;charset=koi8-r'>\xe9",
        "",
        "<meta content='text/html;charset=koi8-r'>é",
    ),
    (
        "meta in a comment says nothing",
        b"<!-- <meta charset=koi8-r> -->\xe9",
        "",
        "<!-- <meta charset=koi8-r> -->é",
    ),
    ("utf-16 in meta means utf-8", "<meta charset=utf-16>é".encode(), "", "<meta charset=utf-16>é"),
    (
        "a late meta",
        b" " * 3000 + b"<meta charset=windows-1250>\xe8",
        "",
        " " * 3000 + "<meta charset=windows-1250>č",
    ),
    (
        "XML declaration",
        b'<?xml version="1.0" encoding="iso-8859-2"?>\xe8',
        "",
        '<?xml version="1.0" encoding="iso-8859-2"?>č',
    ),
    ("utf-7 is no encoding", b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
    ("an unknown label says nothing", "é".encode(), "text/html; charset=klingon", "é"),
    (
        "overlong and surrogate bytes",
        b"\xc0\xaf\xed\xa0\x80<meta charset=utf-8>",
        "text/html; charset=utf-8",
        "\ufffd" * 5 + "<meta charset=utf-8>",
    ),
    ("lone surrogate in utf-16", b"\xff\xfe\x00\xd8a\x00", "", "\ufffda"),
    ("replacement", b"abc", "text/html; charset=iso-2022-kr", "\ufffd"),
    ("shift_jis", b"\x93\xfa\x96{", "text/html; charset=shift_jis", "日本"),
    ("gb2312 means gb18030", b"\xd6\xd0", "text/html; charset=gb2312", "中"),
    ("empty", b"", "", ""),
]


@pytest.mark.parametrize(
    ("body", "media_type", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_bytes_become_text(body, media_type, expected):
    assert decode(body, media_type=media_type) == expected


def test_every_label_of_the_standard_is_known():
    for label, name in webencodings.labels.LABELS.items():
        expected = "replacement" if label in {"hz-gb-2312", "iso-2022-kr", "iso-2022-cn"} else name
        assert encoding_for_label(label) == expected, label


def test_quotes_around_the_charset_are_no_part_of_it():
    assert charset_of("text/html;charset='UTF-8'") == "utf-8"
    assert charset_of("text/html") is None


def encoding_cases(path):
    blocks = path.read_bytes().split(b"#data\n")[1:]
    for block in blocks:
        data, _, rest = block.partition(b"\n#encoding\n")
        yield data, rest.split(b"\n")[0].decode().strip().lower()


@pytest.mark.parametrize("name", ["tests1.dat", "tests2.dat", "test-yahoo-jp.dat"])
def test_html5lib_encoding_cases(shared, name):
    cases = list(encoding_cases(shared / "corpora/html5lib-tests/encoding" / name))
    wrong = []
    for data, label in cases:
        expected = encoding_for_label(label)
        found = encoding_of(data)
        if found != expected:
            wrong.append((data[:200], found, expected))
    assert not wrong, f"{len(wrong)} of {len(cases)}: {wrong[:3]}"


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(webencodings.labels.LABELS)))
def test_nothing_raises_and_no_surrogate_comes_out(body, label):
    decode(body, media_type=f"text/html; charset={label}").encode()
    decode(b"<meta charset=" + label.encode() + b">" + body).encode()


@pytest.mark.parametrize("seed", range(5))
def test_flipped_bytes_decode(seed):
    random_source = random.Random(seed)
    page = bytearray(
        '<!doctype html><meta charset="utf-8"><p>Zażółć gęślą jaźń “q”</p>'.encode() * 5
    )
    for _ in range(40):
        for _ in range(6):
            page[random_source.randrange(len(page))] = random_source.randrange(256)
        decode(bytes(page)).encode()
