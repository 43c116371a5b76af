"""Bytes of a page to text, as the WHATWG Encoding and HTML standards say.

A byte order mark wins over the declared charset, the declared charset over `meta` in the first
1,024 bytes and an XML declaration. Bytes that nothing declares are UTF-8 if they can be, else what
a later `meta` says, else windows-1252 (the standard leaves this step to the locale). What cannot
be decoded becomes U+FFFD; nothing here raises, and no lone surrogate comes out.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["charset_of", "decode", "encoding_for_label", "encoding_of", "prescan"]

_PRESCAN = 1_024  # bytes, as the standard says
_LATE_META = 65_536  # a browser also obeys a `meta` that it meets while parsing the head

# The standard's name, Python's codec for it, and every label.
_LABELS = """
utf-8 utf_8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
ibm866 cp866 866 cp866 csibm866 ibm866
iso-8859-2 iso8859_2 csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso-8859-3 iso8859_3 csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso-8859-4 iso8859_4 csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso-8859-5 iso8859_5 csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso-8859-6 iso8859_6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
iso-8859-7 iso8859_7 csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek
iso-8859-8 iso8859_8 csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual
iso-8859-8-i iso8859_8 csiso88598i iso-8859-8-i logical
iso-8859-10 iso8859_10 csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859_13 iso-8859-13 iso8859-13 iso885913
iso-8859-14 iso8859_14 iso-8859-14 iso8859-14 iso885914
iso-8859-15 iso8859_15 csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
iso-8859-16 iso8859_16 iso-8859-16
koi8-r koi8_r cskoi8r koi koi8 koi8-r koi8_r
koi8-u koi8_u koi8-ru koi8-u
macintosh mac_roman csmacintosh mac macintosh x-mac-roman
windows-874 cp874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
windows-1250 cp1250 cp1250 windows-1250 x-cp1250
windows-1251 cp1251 cp1251 windows-1251 x-cp1251
windows-1252 cp1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252
windows-1253 cp1253 cp1253 windows-1253 x-cp1253
windows-1254 cp1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254
windows-1255 cp1255 cp1255 windows-1255 x-cp1255
windows-1256 cp1256 cp1256 windows-1256 x-cp1256
windows-1257 cp1257 cp1257 windows-1257 x-cp1257
windows-1258 cp1258 cp1258 windows-1258 x-cp1258
x-mac-cyrillic mac_cyrillic x-mac-cyrillic x-mac-ukrainian
gbk gb18030 chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk
gb18030 gb18030 gb18030
big5 big5hkscs big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp euc_jp cseucpkdfmtjapanese euc-jp x-euc-jp
iso-2022-jp iso2022_jp csiso2022jp iso-2022-jp
shift_jis cp932 csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
euc-kr cp949 cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
replacement replacement csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement
utf-16be utf_16_be unicodefffe utf-16be
utf-16le utf_16_le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
x-user-defined x-user-defined x-user-defined
"""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_SINGLE_BYTE = re.compile(r"(?:iso8859|cp125|koi8|mac_)\w++\Z|cp866\Z|cp874\Z")
_CHARSET = re.compile(
    r";\s*+charset\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s;,]++))", re.IGNORECASE
)
_XML_ENCODING = re.compile(
    rb"<\?xml[^>]*?\bencoding[\x00-\x20]*+=[\x00-\x20]*+(?:\"([^\">]*+)\"|'([^'>]*+)')"
)
_SPACE = b"\t\n\f\r /"
_CONTENT_CHARSET = re.compile(
    rb"charset[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\t\n\f\r ;\"']++))",
    re.IGNORECASE,
)


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Every label with the standard's name and Python's codec."""
    return {
        label: (name, codec)
        for name, codec, *labels in map(str.split, _LABELS.strip().splitlines())
        for label in labels
    }


def encoding_for_label(label: str) -> str | None:
    """The standard's name, in lower case, of the encoding that a label means; `None` if unknown.

    >>> encoding_for_label(" Latin1 "), encoding_for_label("utf-7")
    ('windows-1252', None)
    """
    found = _names().get(label.strip("\t\n\f\r ").lower())
    return found[0] if found else None


def charset_of(media_type: str) -> str | None:
    """The encoding that a media type declares: `text/html; charset=utf-8`."""
    match = _CHARSET.search(media_type[:1_000])
    return encoding_for_label(match[1] or match[2] or match[3] or "") if match else None


def encoding_of(body: bytes, *, media_type: str = "") -> str:
    """The standard's name, in lower case, of the encoding that the bytes are read in."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    name_declared = charset_of(media_type) or prescan(body[:_PRESCAN])
    if name_declared is not None:
        return name_declared
    if not body.isascii():
        try:
            body.decode("utf_8")
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
    return prescan(body[:_LATE_META]) or "windows-1252"


def decode(body: bytes, *, media_type: str = "") -> str:
    """The text of the bytes, without a byte order mark; U+FFFD for what cannot be decoded."""
    name = encoding_of(body, media_type=media_type)
    mark = next((mark for mark, of in _MARKS if of == name and body.startswith(mark)), b"")
    return _decoded(body[len(mark) :], name)


def _decoded(body: bytes, name: str) -> str:
    codec = _names()[name][1]
    if codec == "replacement":
        return "\ufffd" if body else ""
    if codec == "x-user-defined":
        return body.decode("latin_1").translate({byte: 0xF700 + byte for byte in range(128, 256)})
    if _SINGLE_BYTE.match(codec):
        return body.decode("latin_1").translate(_table(codec))
    return body.decode(codec, "replace")


@cache
def _table(codec: str) -> dict[int, str]:
    """What each byte above ASCII means: a byte that Python leaves out is a control or U+FFFD."""
    table: dict[int, str] = {}
    for byte in range(128, 256):
        char = bytes([byte]).decode(codec, "replace")
        if char == "\ufffd" and byte < 0xA0 and codec.startswith("cp125"):
            char = chr(byte)
        table[byte] = char
    if codec == "koi8_u":
        table[0xAE], table[0xBE] = "ў", "Ў"
    return table


def prescan(head: bytes) -> str | None:
    """The encoding that `meta` or an XML declaration in the first bytes of a page names.

    "Prescan a byte stream to determine its encoding" of the HTML standard, section 13.2.3.2.
    """
    if head.startswith(b"<\x00?\x00x\x00"):
        return "utf-16le"
    if head.startswith(b"\x00<\x00?\x00x"):
        return "utf-16be"
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 2)
            if end < 0:
                break
            at = end + 3
        elif head[at + 1 : at + 5].lower() == b"meta" and head[at + 5 : at + 6] in _spaces():
            found, at = _meta(head, at + 5)
            if found is not None:
                return found
        elif head[at + 1 : at + 2].isalpha() or (
            head[at + 1 : at + 2] == b"/" and head[at + 2 : at + 3].isalpha()
        ):
            at += 1
            while at < len(head) and head[at] not in b"\t\n\f\r >":
                at += 1
            while True:
                attribute, at = _attribute(head, at)
                if attribute is None:
                    break
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", at)
            if end < 0:
                break
            at = end + 1
        else:
            at += 1
    declared = _XML_ENCODING.match(head)
    name = (
        encoding_for_label((declared[1] or declared[2] or b"").decode("latin_1"))
        if declared
        else None
    )
    return "utf-8" if name in {"utf-16le", "utf-16be"} else name


def _spaces() -> tuple[bytes, ...]:
    return (b"\t", b"\n", b"\f", b"\r", b" ", b"/")


def _meta(head: bytes, at: int) -> tuple[str | None, int]:
    """The encoding that the attributes of one `meta` name, and where they end."""
    seen: set[bytes] = set()
    pragma = False
    needs_pragma = False
    name: str | None = None
    while True:
        attribute, at = _attribute(head, at)
        if attribute is None:
            break
        key, value = attribute
        if key in seen:
            continue
        seen.add(key)
        if key == b"http-equiv":
            pragma = value.lower() == b"content-type"
        elif key == b"content" and name is None:
            match = _CONTENT_CHARSET.search(value)
            label = (match[1] or match[2] or match[3] or b"") if match else b""
            found = encoding_for_label(label.decode("latin_1"))
            if found:
                name, needs_pragma = found, True
        elif key == b"charset":
            name, needs_pragma = encoding_for_label(value.decode("latin_1")), False
    if at >= len(head) or name is None or (needs_pragma and not pragma):
        return None, at
    if name in {"utf-16le", "utf-16be"}:
        return "utf-8", at
    return ("windows-1252" if name == "x-user-defined" else name), at


def _attribute(head: bytes, at: int) -> tuple[tuple[bytes, bytes] | None, int]:
    """The next attribute of a tag in lower case and where it ends; `None` at the tag's end."""
    n = len(head)
    while at < n and head[at] in _SPACE:
        at += 1
    if at >= n or head[at] == 0x3E:
        return None, at
    start = at
    while at < n and head[at] not in b"\t\n\f\r />" and not (head[at] == 0x3D and at > start):
        at += 1
    key = head[start:at].lower()
    while at < n and head[at] in b"\t\n\f\r ":
        at += 1
    if at >= n or head[at] != 0x3D:
        return (key, b""), at
    at += 1
    while at < n and head[at] in b"\t\n\f\r ":
        at += 1
    if at < n and head[at] in b"\"'":
        end = head.find(head[at : at + 1], at + 1)
        if end < 0:
            return None, n
        return (key, head[at + 1 : end].lower()), end + 1
    start = at
    while at < n and head[at] not in b"\t\n\f\r >":
        at += 1
    return (key, head[start:at].lower()), at
