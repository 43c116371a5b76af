"""Records as JSON and back: versioned, in a stable order, checked on the way in.

    {"onrecord": 1, "record": {"page": {...}, "sentences": [[0, 58], ...], ...}}

A span is `[start, end]` in code points into `record.page.text`. `null` means that the stage did
not run or failed, `[]` that it found nothing. Four fields count elsewhere (`ELSEWHERE`): in the
claim of the fact-check beside them, in the text of a passage, or in the document it comes from. A field added later gets a default and keeps the
version; a changed meaning gets a new one.

Writing is a walk over the dataclasses; pydantic, which takes a third of a second to load and to
build, is only loaded for reading and for the schema.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from onrecord.errors import CodecError
from onrecord.record import Record
from onrecord.span import Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["VERSION", "annotations", "decode", "encode", "encode_with_words", "schema", "spans"]

VERSION = 1

_SURROGATE = re.compile("[\ud800-\udfff]")
# The fields whose spans do not point into the page.
ELSEWHERE = frozenset({"fact_check_words", "document_span", "cited", "passage_words"})
_DIGEST = re.compile("[0-9a-f]{64}")
# Types whose values JSON has itself and that hold no span; most values of a record.
_PLAIN = frozenset({str, int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class _Envelope:
    """A record of a news page as onrecord writes it."""

    onrecord: Literal[1]
    record: Record


def encode(record: Record) -> bytes:
    """The record as UTF-8 JSON; equal records give equal bytes.

    A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD, one code point for one, so that
    offsets stay right. Raises `CodecError` for a span outside the text or a number that is not
    finite, which only a broken stage produces.
    """
    _check(record)
    return _written(_plain(record, words=None))


def encode_with_words(record: Record) -> bytes:
    """The record as `encode` writes it, but each span as `{"start", "end", "text"}`.

    For people and for programs whose strings do not count code points. `decode` refuses it: the
    words are derived, and a copy that can disagree with the text is no record.
    """
    _check(record)
    return _written(_plain(record, words=record.page.text))


def decode(data: bytes) -> Record:
    """The record that `encode` wrote: `decode(encode(x)) == x`.

    Raises `CodecError` for anything else: no JSON, a repeated or unknown key, another version, a
    value of the wrong type, a span outside the text.
    """
    from pydantic import ValidationError

    loaded = _loaded(data)
    if not isinstance(loaded, dict) or "onrecord" not in loaded:
        raise CodecError(
            'found JSON without the key "onrecord", expected a record; '
            "give what `onrecord check --json` wrote"
        )
    if type(loaded["onrecord"]) is not int or loaded["onrecord"] != VERSION:
        raise CodecError(
            f"found a record of version {loaded['onrecord']!r}, expected {VERSION}; "
            "read it with the version of onrecord that wrote it"
        )
    try:
        envelope = _adapter().validate_json(json.dumps(loaded), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CodecError(
            f"{error.error_count()} value(s) of the record do not fit; first at {place!r}: "
            f"{first['msg'].lower()}; compare with `onrecord schema`"
        ) from error
    record = envelope.record
    unknown = _unknown(loaded["record"], _plain(record, words=None), "record")
    if unknown:
        raise CodecError(
            f"found {unknown!r}, which a record of version {VERSION} does not have; "
            "compare with `onrecord schema`"
        )
    _check(record)
    return record


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `encode` writes."""
    made = _adapter().json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = f"onrecord record, version {VERSION}"
    for part in (made, *made["$defs"].values()):
        if part.get("type") == "object":
            part["additionalProperties"] = False
        if "description" in part:
            part["description"] = " ".join(part["description"].split())
        for name, property_ in part.get("properties", {}).items():
            if property_.get("title", "").replace(" ", "_").lower() == name:
                del property_["title"]  # made from the name; says nothing
    made["$defs"]["Page"]["properties"]["digest"]["pattern"] = f"^{_DIGEST.pattern}$"
    offset = {"type": "integer", "minimum": 0}
    made["$defs"]["Span"] = {
        "title": "Span",
        "description": "Half-open [start, end) in Unicode code points into record.page.text.",
        "type": "array",
        "prefixItems": [offset, offset],
        "items": False,
        "minItems": 2,
    }
    return made


def annotations(record: Record) -> bytes:
    """Every span of the record as W3C Web Annotations; see `codec_annotations`."""
    from onrecord.codec_annotations import web_annotations

    return web_annotations(record)


def spans(record: Record) -> Iterator[tuple[str, Span]]:
    """Every span into the page's text with its path, such as `attributions/0/content/1`."""
    return _spans(record, "")


def _spans(value: Any, path: str) -> Iterator[tuple[str, Span]]:  # noqa: ANN401 - any part of a record
    kind: type = type(value)
    if isinstance(value, Span):
        yield path, value
    elif isinstance(value, tuple):
        for i, one_value in enumerate(value):
            yield from _spans(one_value, f"{path}/{i}")
    elif (of_page := _page_fields(kind)) is not None:
        for name, one_value in zip(of_page.names, of_page.read(value), strict=True):
            yield from _spans(one_value, f"{path}/{name}" if path else name)


class _Fields(NamedTuple):
    """Names of fields of a dataclass, and what reads all of them from a value at once."""

    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]


@cache
def _fields(kind: type) -> _Fields | None:
    """The fields of a dataclass; `None` for any other type."""
    return _reader([one.name for one in fields(kind)]) if is_dataclass(kind) else None


@cache
def _page_fields(kind: type) -> _Fields | None:
    """Those fields of a dataclass whose spans point into the page."""
    if not is_dataclass(kind):
        return None
    return _reader([one.name for one in fields(kind) if one.name not in ELSEWHERE])


def _reader(names: Sequence[str]) -> _Fields:
    if len(names) > 1:
        return _Fields(tuple(names), attrgetter(*names))
    return _Fields(tuple(names), lambda value: tuple(getattr(value, name) for name in names))


def _is_inside(value: Any, length: int) -> bool:  # noqa: ANN401 - the same
    """Whether every span in a value that points into the page lies in a text of that length."""
    kind: type = type(value)
    if kind is Span:
        return bool(0 <= value.start <= value.end <= length)
    if kind is not tuple:
        of_page = _page_fields(kind)
        if of_page is None:
            return True
        value = of_page.read(value)
    return all(type(one) in _PLAIN or _is_inside(one, length) for one in value)


@cache
def _adapter() -> "TypeAdapter[_Envelope]":
    from pydantic import TypeAdapter

    return TypeAdapter(_Envelope)


def _check(record: Record) -> None:
    """Raises `CodecError` unless the digest is one and every span lies inside the text."""
    if not _DIGEST.fullmatch(record.page.digest):
        raise CodecError(
            f"found the digest {record.page.digest[:80]!r}, expected 64 hexadecimal digits; "
            "it is the SHA-256 of the captured bytes"
        )
    if not _is_inside(record, len(record.page.text)):
        for path, span in spans(record):
            _check_inside(span, len(record.page.text), path)
    for i, match in enumerate(record.matches or ()):
        for span in match.fact_check_words:
            _check_inside(span, len(match.fact_check.claim), f"matches/{i}/fact_check_words")
    passages = {}
    for i, one in enumerate(record.evidence or ()):
        passages[one.id] = one.passage.text
        span = one.passage.document_span
        if span.start < 0 or span.end - span.start != len(one.passage.text):
            raise CodecError(
                f"found the span {span.start}-{span.end} of a passage of {len(one.passage.text)} "
                f"code points at 'evidence/{i}'; the stage that wrote it is broken"
            )
        for span in one.cited:
            _check_inside(span, len(one.passage.text), f"evidence/{i}/cited")
    for i, reuse in enumerate(record.reuse or ()):
        span = reuse.passage.document_span
        if span.start < 0 or span.end - span.start != len(reuse.passage.text):
            raise CodecError(
                f"found the span {span.start}-{span.end} of a passage of "
                f"{len(reuse.passage.text)} code points at 'reuse/{i}'; the stage that wrote it is "
                "broken"
            )
        for change in reuse.diff:
            _check_inside(change.passage_words, len(reuse.passage.text), f"reuse/{i}/passage_words")
    for i, check in enumerate(record.quantities or ()):
        length = len(passages.get(check.evidence, ""))
        _check_inside(check.passage_words, length, f"quantities/{i}/passage_words")


def _check_inside(span: Span, length: int, path: str) -> None:
    if not 0 <= span.start <= span.end <= length:
        raise CodecError(
            f"found the span {span.start}-{span.end} at {path!r}, expected one inside a text "
            f"of {length} code points; the stage that wrote it is broken"
        )


def _plain(value: Any, *, words: str | None) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """The value as JSON types; spans with their words when a text is given."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if kind is Span:
        if words is None:
            return [value.start, value.end]
        return {"start": value.start, "end": value.end, "text": value.of(words)}
    of_kind = _fields(kind)
    if of_kind is not None:
        return {
            name: one if type(one) in _PLAIN else _plain(one, words=words)
            for name, one in zip(of_kind.names, of_kind.read(value), strict=True)
        }
    if isinstance(value, tuple):
        return [_plain(one, words=words) for one in value]
    if isinstance(value, frozenset):
        return sorted(_plain(one, words=words) for one in value)
    return value.value if isinstance(value, Enum) else value


def _written(record: object) -> bytes:
    try:
        text = json.dumps(
            {"onrecord": VERSION, "record": record}, ensure_ascii=False, allow_nan=False
        )
    except ValueError as error:
        raise CodecError("found a number that is not finite; the stage is broken") from error
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def _loaded(data: bytes) -> Any:  # noqa: ANN401 - JSON has no narrower type
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) != len(pairs):
            raise CodecError("found a key twice in one JSON object; a record has each once")
        return keys

    def finite(number: str) -> float:
        value = float(number)
        if not math.isfinite(value):
            raise CodecError(f"found the number {number}, expected a finite one")
        return value

    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=unique,
            parse_float=finite,
            parse_constant=finite,
        )
    except (ValueError, RecursionError) as error:
        raise CodecError(
            f"found no readable JSON ({error}); give what `onrecord check --json` wrote"
        ) from error


def _unknown(given: object, understood: object, path: str) -> str | None:
    """The path of the first key that was given and not understood."""
    if isinstance(given, dict) and isinstance(understood, dict):
        for key, value in given.items():
            if key not in understood:
                return f"{path}.{key}"
            below = _unknown(value, understood[key], f"{path}.{key}")
            if below:
                return below
    elif isinstance(given, list) and isinstance(understood, list):
        for i, pair in enumerate(zip(given, understood, strict=False)):
            below = _unknown(*pair, f"{path}.{i}")
            if below:
                return below
    return None
