"""Captures as one WACZ file (version 1.1.1): WARC, CDXJ index, list of pages, SHA-256 of each.

The same captures give the same bytes: names and times inside come from the captures.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord.record import Capture

__all__ = ["Archived", "cdx_key", "wacz"]

VERSION = "1.1.1"
_WARC, _INDEX, _PAGES = "archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a zip file


@dataclass(frozen=True, slots=True)
class Archived:
    """A capture with the title that the list of pages gives it."""

    capture: Capture
    title: str


def wacz(rows: Sequence[Archived], *, title: str, description: str, created: str) -> bytes:
    """The WACZ file; `created` is ISO 8601, UTC, and stands in the file as its time."""
    warc, index = _warc(rows)
    files = {_WARC: warc, _INDEX: index, _PAGES: _pages(rows)}
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "description": description,
        "software": "onrecord",
        "created": created,
        "resources": [
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": "sha256:" + hashlib.sha256(body).hexdigest(),
                "bytes": len(body),
            }
            for name, body in files.items()
        ],
    }
    files["datapackage.json"] = _json(package, indent=1)
    files["datapackage-digest.json"] = _json(
        {
            "path": "datapackage.json",
            "hash": "sha256:" + hashlib.sha256(files["datapackage.json"]).hexdigest(),
        }
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            # Players read ranges of the WARC and of the index, which must not be packed again.
            packs = name.startswith(("archive/", "indexes/"))
            entry.compress_type = zipfile.ZIP_STORED if packs else zipfile.ZIP_DEFLATED
            packed.writestr(entry, body)
    return out.getvalue()


def _warc(rows: Sequence[Archived]) -> tuple[bytes, bytes]:
    """The WARC and its index, sorted by key and time."""
    out = io.BytesIO()
    lines: list[str] = []
    for row in rows:
        capture = row.capture
        start = out.tell()
        writer = WARCWriter(out, gzip=True)
        digest = hashlib.sha256(capture.body).hexdigest()
        url, at = capture.url or f"urn:sha256:{digest}", capture.retrieved or ""
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {at} {digest}")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            http_headers=StatusAndHeaders(
                "200 OK", [("Content-Type", capture.media_type)], protocol="HTTP/1.1"
            ),
            warc_headers_dict={
                "WARC-Date": _warc_time(at),
                "WARC-Record-ID": f"<urn:uuid:{identity}>",
                "WARC-Payload-Digest": f"sha256:{digest}",
            },
        )
        writer.write_record(record)
        about = {
            "url": url,
            "mime": capture.media_type.split(";")[0].strip().lower() or "unk",
            "status": "200",
            "digest": f"sha256:{digest}",
            "length": str(out.tell() - start),
            "offset": str(start),
            "filename": _WARC.rpartition("/")[2],
        }
        stamp = "".join(sign for sign in _warc_time(at) if sign.isdigit())
        lines.append(f"{cdx_key(url)} {stamp} {json.dumps(about, ensure_ascii=False)}\n")
    return out.getvalue(), "".join(sorted(lines)).encode()


def _pages(rows: Sequence[Archived]) -> bytes:
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}]
    for row in rows:
        capture = row.capture
        digest = hashlib.sha256(capture.body).hexdigest()
        url = capture.url or f"urn:sha256:{digest}"
        ts = _warc_time(capture.retrieved or "")
        lines.append({"id": digest[:16], "url": url, "ts": ts, "title": row.title})
    return b"".join(_json(line) + b"\n" for line in lines)


def cdx_key(url: str) -> str:
    """The sort-friendly form of an address in an index: host turned round, then path and query.

    >>> cdx_key("https://www.News.example:443/A?b=2&a=1#c")
    'example,news)/a?a=1&b=2'
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return url.lower()
    host = parts.hostname.removeprefix("www.")
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in {None, usual} else ""
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path or "/"
    return (",".join(reversed(host.split("."))) + port + ")" + path + ("?" + query if query else "")).lower()  # fmt: skip


def _warc_time(at: str) -> str:
    return at.split(".", maxsplit=1)[0].split("+", maxsplit=1)[0].removesuffix("Z") + "Z"


def _json(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
