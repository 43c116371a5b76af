"""A record as W3C Web Annotations, so that other programs can show and find its spans.

One `AnnotationCollection` (Web Annotation Vocabulary, 2017) holds an annotation for every span.
Each names the words, what stands around them and the offsets in code points. Positions count in
the stored text, which `cached` names by its SHA-256 as an RFC 6920 address; the collection gives
the same digest in hexadecimal as `sha256`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

from onrecord.codec import spans
from onrecord.record import Attribution, Record, Region
from onrecord.selectors import describe, selectors_json
from onrecord.span import Span

__all__ = ["web_annotations"]

# The motivations of the vocabulary that fit; everything else is `identifying`.
_MOTIVATIONS = {
    "page/regions": "classifying",
    "page/links": "linking",
    "page/metadata": "describing",
    "sentence_voices": "classifying",
    "headline": "assessing",
    "sourcing": "assessing",
    "badges": "assessing",
}

_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def web_annotations(record: Record) -> bytes:
    """The annotation collection of every span of the record, as UTF-8 JSON-LD.

    `source` is the page's address where it is an http(s) one, else the digest of the captured
    bytes as an `ni:` address. Ids are the address of the stored text and the path of the span.
    Raises `AnchorError` for a span outside the text.
    """
    page = record.page
    stored = hashlib.sha256(_clean(page.text).encode()).hexdigest()
    address = _named(stored)
    source = page.url if page.url and _WEB.fullmatch(page.url) else _named(page.digest)
    state: dict[str, object] = {"type": "TimeState", "cached": address}
    if page.retrieved:
        state["sourceDate"] = page.retrieved
    items = [
        {
            "id": f"{address}#{path}",
            "type": "Annotation",
            "motivation": _motivation(path),
            "body": _bodies(record, path),
            "target": {
                "type": "SpecificResource",
                "source": source,
                "state": state,
                "selector": selectors_json(describe(page.text, span)),
            },
        }
        for path, span in spans(record)
    ]
    collection: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"sha256": "http://schema.org/sha256"}],
        "id": f"{address}#",
        "type": "AnnotationCollection",
        "label": page.metadata.title.value if page.metadata.title else source,
        "generator": {"type": "Software", "name": "onrecord"},
        "sha256": stored,
        "total": len(items),
    }
    if items:
        collection["first"] = {
            "id": f"{address}#page-1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        }
    return _clean(json.dumps(collection, ensure_ascii=False, indent=1)).encode()


def _clean(text: str) -> str:
    """The text with lone surrogates as U+FFFD, as `codec.encode` stores it."""
    return _SURROGATE.sub("\ufffd", text)


def _named(digest: str) -> str:
    """The RFC 6920 address of a SHA-256 digest in hexadecimal."""
    value = base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=")
    return f"ni:///sha-256;{value}"


def _motivation(path: str) -> str:
    return next(
        (value for prefix, value in _MOTIVATIONS.items() if path.startswith(prefix)),
        "identifying",
    )


def _bodies(record: Record, path: str) -> list[dict[str, str]]:
    """What the span is: its place in the record, then what the annotation says of it."""
    parts = path.split("/")
    role = " ".join(part for part in parts if not part.isdigit())
    bodies = [_body("classifying", role)]
    owner = _owner(record, parts)
    if isinstance(owner, Region):
        bodies.append(_body("classifying", owner.kind.value))
    if isinstance(owner, Attribution):
        bodies += [
            _body("identifying", owner.id),
            _body("classifying", f"{owner.kind.value} quotation"),
            # Denied words must never travel as a bare statement of their source.
            _body("classifying", f"the source {owner.stance.value} this"),
        ]
        bodies += [
            _body("describing", f"source: {speaker.name}")
            for speaker in record.speakers or ()
            if owner.id in speaker.attributions
        ]
    return bodies


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _owner(record: Record, parts: list[str]) -> object:
    """The innermost annotation of the record that the span belongs to."""
    value: object = record
    owner: object = record
    for part in parts:
        value = value[int(part)] if isinstance(value, tuple) else getattr(value, part)
        if not isinstance(value, tuple | Span):
            owner = value
    return owner
