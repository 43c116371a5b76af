"""Archives for bulk tests: invented pages of several forms, and WARC files that hold them."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from onrecord.bulk import lines, shard_name

NAMES = ("Ann Lee", "Omar Haddad", "Vera Novak", "Tom Ashby", "Mei Tanaka", "Luis Ortega")
ROLES = ("mayor", "harbour master", "engineer", "head teacher", "spokeswoman for the water board")
PLACES = ("Ostwick", "Harrowmere", "Bellport", "Kestrel Bay", "Lowfield", "Saint Orla")
THINGS = ("the bridge", "the new school", "the harbour wall", "the water tower", "the tram line")
DOES = (
    "is safe",
    "will open in May",
    "cost 40 million crowns",
    "was closed for nine days",
    "needs repair",
)


def sentence(choose: random.Random) -> str:
    """A sentence of an invented report: own words, a quotation, or somebody's words."""
    who, role = choose.choice(NAMES), choose.choice(ROLES)
    what = f"{choose.choice(THINGS)} in {choose.choice(PLACES)} {choose.choice(DOES)}"
    form = choose.randrange(4)
    if form == 0:
        return f"\u201c{what.capitalize()},\u201d said {who}, the {role}."
    if form == 1:
        return f"{who}, the {role}, told the council on Monday that {what}."
    if form == 2:
        return f"According to the {role}, {what}, and {choose.randrange(2, 900)} people use it."
    return f"{what.capitalize()} after {choose.randrange(2, 60)} years and {choose.randrange(900)} complaints."


def html(number: int) -> bytes:
    """An invented page: one of five forms, the same for the same number; one in ten is long."""
    choose = random.Random(number)
    # Words repeat, as they do in an archive: a number of its own in each page would be a new word
    # for each, and fill the tables in which stems of words are kept.
    title = f"{choose.choice(THINGS).capitalize()} of {choose.choice(PLACES)}, report {number % 97}"
    paragraphs = [
        " ".join(sentence(choose) for _ in range(choose.randrange(2, 5)))
        for _ in range(choose.randrange(3, 9) if number % 10 else choose.randrange(20, 50))
    ]
    form = number % 5
    mark = ("p", "p", "div", "p", "li")[form]
    body = "\n".join(f"<{mark}>{one}</{mark}>" for one in paragraphs)
    body = f"<ul>{body}</ul>" if mark == "li" else body
    furniture = "".join(
        f'<li><a href="/{choose.randrange(10**4)}">{sentence(choose)}</a></li>'
        for _ in range(choose.randrange(5, 40))
    )
    comments = "".join(
        f'<div class="comment"><b>reader{n}</b><p>{sentence(choose)}</p></div>'
        for n in range(choose.randrange(8))
    )
    known = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    head = f'<script type="application/ld+json">{json.dumps(known)}</script>' if form == 1 else ""
    main = f"<article><h1>{title}</h1><p>By {choose.choice(NAMES)}</p>{body}</article>"
    if form == 3:
        main = f"<table><tr><td>{main}</td></tr></table>"
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>'
        f'<nav><ul>{furniture}</ul></nav>{main}<section id="comments">{comments}</section>'
        f"<footer>Bell Press</footer></body></html>"
    ).encode()


def http(body: bytes, *, headers: str = "Content-Type: text/html; charset=utf-8\r\n") -> bytes:
    """An HTTP response of 200 with a body."""
    return b"HTTP/1.1 200 OK\r\n" + headers.encode() + b"\r\n" + body


def record(block: bytes, url: str, *, length: int | None = None) -> bytes:
    """A response record of a WARC file; `length` is what it says of its block."""
    n = len(block) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {n}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def member(number: int, *, body: bytes | None = None) -> bytes:
    """A page as a gzip member of a WARC file."""
    block = http(html(number) if body is None else body)
    return gzip.compress(record(block, url(number)), compresslevel=1)


def url(number: int) -> str:
    """The address of an invented page."""
    return f"https://bell.example/{number}"


def text_rows(n: int) -> str:
    """JSON lines of short pages."""
    text = "The bridge is safe, the mayor said on Monday."
    rows = ({"url": url(k), "text": f"Page {k}\n\n{text}\n"} for k in range(n))
    return "".join(json.dumps(row) + "\n" for row in rows)


def shard(out: Path, source: Path | str) -> tuple[list[tuple[int, bytes]], list[dict]]:
    """The records and the failures of an input in a folder that a run wrote."""
    name = shard_name(source)
    ledger = (out / f"{name}.failures.jsonl").read_text(encoding="utf-8")
    return list(lines(out / f"{name}.jsonl")), [json.loads(row) for row in ledger.splitlines()]


def positions(out: Path, source: Path | str) -> list[int]:
    """Every position of a shard, those of failures among them, in the order of the files."""
    done, failed = shard(out, source)
    return [position for position, _ in done] + [row["position"] for row in failed]
