"""A check in other forms: Markdown, DOCX, CSV, and HTML to paste into a content system.

All take a `Publication` and nothing else, so that no form can say more than the public page. What
is not published yet is marked as a draft in its first line.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from onrecord.newsroom.publication import Publication, spoken
from onrecord.newsroom.review import CitedSource, ReviewContent

__all__ = ["DRAFT", "Block", "Kind", "as_csv", "as_html", "as_markdown", "blocks"]

DRAFT = "Draft. Nothing of this is published."
_SIDES = (
    ("for", "Evidence for the claim"),
    ("against", "Evidence against the claim"),
    ("context", "Context"),
)
_COLUMNS = ("check", "address", "state", "claim", "claimant", "said_in", "said_at", "said_on", "rating",
            "published", "changed", "version", "signed_by", "source", "source_address", "quote", "side",
            "publisher", "date", "is_primary", "interest", "kept_copy_sha256")  # fmt: skip
# What a spreadsheet takes for the beginning of a formula, after OWASP's page on CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|~])")
_LINE_START = re.compile(r"^([^\S\n]*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Kind(StrEnum):
    """What a block is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a check: texts in order, each with the address that it links or an empty one."""

    kind: Kind
    parts: tuple[tuple[str, str], ...]


def blocks(check: Publication, *, is_draft: bool = False) -> tuple[Block, ...]:
    """The check as the public page orders it; of a retracted one its tombstone alone."""
    return tuple(_blocks(check, is_draft=is_draft))


def as_markdown(check: Publication, *, is_draft: bool = False) -> str:
    """The check as CommonMark; what would be markup in its texts is escaped."""
    lines: list[str] = []
    before = None
    for block in blocks(check, is_draft=is_draft):
        text = "".join(_markdown(words, url) for words, url in block.parts)
        start = {Kind.TITLE: "# ", Kind.HEADING: "## ", Kind.ITEM: "- ", Kind.QUOTE: "> "}.get(
            block.kind, ""
        )
        if lines and not (block.kind is Kind.ITEM and before is Kind.ITEM):
            lines.append("")
        lines.append(start + (text if start else _LINE_START.sub(r"\1\\\2", text)))
        before = block.kind
    return "\n".join(lines) + "\n"


def as_csv(check: Publication, *, is_draft: bool = False) -> str:
    """A row for each source with the check's own columns beside it (RFC 4180).

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    content = ReviewContent("") if check.tombstone else check.content
    state = "draft" if is_draft else "retracted" if check.tombstone else "published"
    own = (
        check.id,
        check.url,
        state,
        content.claim,
        content.claimant,
        content.said_in,
        content.said_at,
        content.said_on,
        content.rating,
        check.published,
        check.changed,
        str(check.version),
        "; ".join(signer.name for signer in check.signers),
    )
    for source in content.sources or (CitedSource(""),):
        cited = (
            source.title,
            source.url,
            source.quote,
            source.side if source.title or source.url else "",
            source.publisher,
            source.date,
            "yes" if source.is_primary else "",
            source.interest,
            source.digest,
        )
        writer.writerow([_cell(text) for text in (*own, *cited)])
    return out.getvalue()


def as_html(check: Publication, *, is_draft: bool = False, markup: str = "") -> str:
    """The check as one `article` element without script, style or image, to paste elsewhere.

    `markup` is its ClaimReview as JSON that may stand in a script element (`web.site.script_json`):
    give it only where the page that it is pasted into is the check's one page. A draft has none.
    """
    language = html.escape(check.content.language or "en")
    lines = [f'<article class="onrecord-check" lang="{language}">']
    in_list = False
    for block in blocks(check, is_draft=is_draft):
        if in_list != (block.kind is Kind.ITEM):
            in_list = not in_list
            lines.append("<ul>" if in_list else "</ul>")
        tag = _TAGS[block.kind]
        text = "".join(_html(words, url) for words, url in block.parts)
        lines.append(f"<{tag}>{text}</{tag}>")
    if in_list:
        lines.append("</ul>")
    if markup and not is_draft and not check.tombstone:
        lines.append(f'<script type="application/ld+json">{markup}</script>')
    return "\n".join([*lines, "</article>"]) + "\n"


_TAGS = {
    Kind.TITLE: "h1",
    Kind.HEADING: "h2",
    Kind.PARAGRAPH: "p",
    Kind.QUOTE: "blockquote",
    Kind.ITEM: "li",
}


def writable(text: str) -> str:
    """The text without control characters, halves of surrogate pairs and overrides of direction."""
    return _OVERRIDES.sub("", _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def is_web(url: str) -> bool:
    """Whether an address may be linked: http or https, without white space."""
    return url.lower().startswith(("http://", "https://")) and not re.search(r"\s", url)


def _blocks(check: Publication, *, is_draft: bool) -> Iterator[Block]:
    content = check.content
    if is_draft:
        yield _block(Kind.PARAGRAPH, DRAFT)
    yield _block(Kind.TITLE, content.title or content.claim)
    if check.tombstone:
        told = f"This check was retracted on {check.changed[:10]}: {check.tombstone}"
        yield _block(Kind.PARAGRAPH, told)
        yield _linked(Kind.PARAGRAPH, (check.url, check.url))
        return
    yield _block(
        Kind.PARAGRAPH, f"Our rating: {content.rating}" if content.rating else "Not rated yet."
    )
    yield _block(Kind.PARAGRAPH, content.summary)
    yield from _claim_blocks(content)
    yield _block(Kind.HEADING, "The reasoning")
    for part in content.reasoning.split("\n\n"):
        if part.strip():
            yield _block(Kind.PARAGRAPH, part)
    for side, heading in _SIDES:
        yield from _source_blocks([s for s in content.sources if s.side == side], heading)
    if content.contacts:
        yield _block(Kind.HEADING, "Whom we asked")
        for line in spoken(content.contacts):
            yield _block(Kind.ITEM, line)
    yield from _closing_blocks(check)


def _claim_blocks(content: ReviewContent) -> Iterator[Block]:
    yield _block(Kind.HEADING, "What was checked")
    yield _block(Kind.QUOTE, content.claim)
    who = f"Said by {content.claimant}" if content.claimant else "Nobody is named for this claim"
    parts = [(who, "")]
    if content.said_on:
        parts.append((f", {content.said_on}", ""))
    if content.said_in or content.said_at:
        parts += [(", in ", ""), (content.said_in or content.said_at, content.said_at)]
    parts.append((".", ""))
    yield _linked(Kind.PARAGRAPH, *parts)
    if content.why:
        yield _block(Kind.PARAGRAPH, f"Why we checked it: {content.why}")


def _source_blocks(sources: Sequence[CitedSource], heading: str) -> Iterator[Block]:
    if not sources:
        return
    yield _block(Kind.HEADING, heading)
    for source in sources:
        about = [source.publisher, source.date, "primary source" if source.is_primary else ""]
        told = "".join(f", {one}" for one in about if one)
        if source.interest:
            told += f". Its interest: {source.interest}"
        if source.quote:
            told += f". It says: “{source.quote}”"
        if source.digest:
            told += f". SHA-256 of the kept copy: {source.digest}"
        yield _linked(Kind.ITEM, (source.title or source.url, source.url), (told, ""))


def _closing_blocks(check: Publication) -> Iterator[Block]:
    yield _block(Kind.HEADING, "Who signed")
    for signer in check.signers:
        yield _block(Kind.ITEM, f"{signer.name}, {signer.at[:10]}")
    if not check.signers:
        yield _block(Kind.PARAGRAPH, "Nobody so far.")
    if check.is_single_signed:
        yield _block(Kind.PARAGRAPH, "One person alone signed this check.")
    if check.corrections:
        yield _block(Kind.HEADING, "Corrections")
    for one in check.corrections:
        told = f"{one.kind.value.capitalize()}, {one.at[:10]}: {one.reason} ({', '.join(one.by)})"
        changes = "; ".join(f"{c.field}: “{c.before}” became “{c.after}”" for c in one.changes)
        yield _block(Kind.ITEM, told + (f". {changes}" if changes else ""))
    yield _block(Kind.HEADING, "What this check was held to")
    for point in check.gate:
        told = f"{point.asks[:1].upper()}{point.asks[1:]}: {point.outcome.value}"
        yield _block(Kind.ITEM, told + (f" ({point.reason})" if point.reason else ""))
    if check.published:
        told = f"Published {check.published[:10]} by {check.desk.name}, version {check.version}: "
        yield _linked(Kind.PARAGRAPH, (told, ""), (check.url, check.url))


def _block(kind: Kind, text: str) -> Block:
    return _linked(kind, (text, ""))


def _linked(kind: Kind, *parts: tuple[str, str]) -> Block:
    """A block of one line: white space is folded, addresses that may not be linked are left out."""
    told = tuple(
        (re.sub(r"\s+", " ", writable(text)), writable(url) if is_web(url) else "")
        for text, url in parts
        if text
    )
    return Block(kind, told)


def _markdown(text: str, url: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", text)
    # Angle brackets, parentheses and white space would end the address.
    return f"[{escaped}]({quote(url, safe=_URL_SAFE)})" if url else escaped


_URL_SAFE = ":/?#@!$&'*+,;=%~-._"


def _html(text: str, url: str) -> str:
    escaped = html.escape(text)
    return f'<a href="{html.escape(url)}">{escaped}</a>' if url else escaped


def _cell(text: str) -> str:
    text = writable(text)
    return (
        f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text[:1] in _FORMULA else text
    )
