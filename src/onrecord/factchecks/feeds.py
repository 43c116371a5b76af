"""Feed files to fact-checks: DataFeed, JSON-LD, JSON lines and CSV, with all their mess.

A row that cannot be used comes out as a `Refused` with its line and the reason; nothing stops
the rows after it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from onrecord.claimreview import ClaimReview, claim_review
from onrecord.dates import dates_in
from onrecord.factchecks.jsonstream import elements
from onrecord.ratings import Rating, rating_fault
from onrecord.record import FactCheck

__all__ = ["COLUMNS", "Refused", "fact_check_of_review", "fact_checks"]

# The names that a CSV or JSON lines file may give its columns, in order of preference.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "review_url", "link"),
    "claim": ("claim", "claimreviewed", "claim_text", "text"),
    "claimant": ("claimant", "claimed_by", "speaker", "author_of_claim"),
    "rating": ("rating", "textual_rating", "verdict", "label", "alternatename"),
    "rating_value": ("rating_value", "ratingvalue"),
    "best_rating": ("best_rating", "bestrating"),
    "worst_rating": ("worst_rating", "worstrating"),
    "claim_date": ("claim_date", "claimed_on"),
    "review_date": ("review_date", "date", "datepublished", "published"),
    "title": ("title", "headline", "name"),
    "publisher": ("publisher", "site", "organisation", "organization"),
    "language": ("language", "lang", "inlanguage"),
    "body": ("body", "reviewbody", "articlebody", "article_text", "text", "subtitle", "summary"),
}
MAX_FIELD = 5_000
# The statement and what speaks for or against it stand near the top of a fact-check.
MAX_BODY = 20_000
_CSV_FIELD_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out: the feed, the line or element it begins on, and why."""

    source: str
    line: int
    reason: str


def fact_checks(stream: BinaryIO, *, source: str) -> Iterator[FactCheck | Refused]:
    """The fact-checks of a feed file in order; the form is told from name and first bytes.

    `.csv` and `.tsv` are tables with named columns, `.jsonl` and `.ndjson` have one object a line;
    anything else is a JSON text: a DataFeed, a list, an `@graph`, or one ClaimReview.
    """
    name = source.lower().removesuffix(".gz")
    if name.endswith((".csv", ".tsv")):
        return _table(stream, source=source, delimiter="\t" if name.endswith(".tsv") else ",")
    if name.endswith((".jsonl", ".ndjson")):
        return _lines(stream, source=source)
    return _json(stream, source=source)


def fact_check_of_review(
    review: ClaimReview, *, page_url: str = "", body: str = ""
) -> FactCheck | str:
    """The fact-check that a ClaimReview gives, or the reason why it gives none.

    `body` is the text of the article that carries the review, where that is known.
    """
    fields = {
        "url": review.url or page_url,
        "claim": review.claim or "",
        "claimant": next((one.name for one in review.claimants if one.name), ""),
        "claim_date": review.claim_date or "",
        "review_date": review.published or "",
        "title": review.title or "",
        "publisher": next((one.name for one in review.authors if one.name), ""),
        "language": review.language or "",
        "body": body,
    }
    return _fact_check(fields, review.rating or Rating(None, None, None, None))


def _json(stream: BinaryIO, *, source: str) -> Iterator[FactCheck | Refused]:
    n = 0
    for element in elements(stream):
        n += 1
        try:
            value = json.loads(element.text, parse_constant=lambda _: None)
        except (ValueError, RecursionError) as error:
            yield Refused(source, element.line, f"not JSON: {_short(error)}")
            continue
        yield from _of_value(value, source=source, line=element.line)
    if n == 0:
        yield Refused(source, 1, "no JSON list or object; expected a DataFeed or ClaimReview")


def _lines(stream: BinaryIO, *, source: str) -> Iterator[FactCheck | Refused]:
    for number, raw in enumerate(stream, 1):
        text = raw.decode("utf-8-sig", "replace").strip()
        if not text:
            continue
        try:
            value = json.loads(text, parse_constant=lambda _: None)
        except (ValueError, RecursionError) as error:
            yield Refused(source, number, f"not JSON: {_short(error)}")
            continue
        yield from _of_value(value, source=source, line=number)


def _table(stream: BinaryIO, *, source: str, delimiter: str) -> Iterator[FactCheck | Refused]:
    csv.field_size_limit(_CSV_FIELD_LIMIT)
    lines = codecs.getreader("utf-8-sig")(stream, "replace")
    reader = csv.reader((line.replace("\0", "") for line in lines), delimiter=delimiter)
    try:
        header = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    except csv.Error as error:
        yield Refused(source, 1, f"not a table: {_short(error)}")
        return
    if not {"claim", "url"} <= _named(dict.fromkeys(header, "x")).keys():
        wanted = "; ".join("/".join(COLUMNS[key]) for key in ("claim", "url"))
        yield Refused(source, 1, f"no columns for claim and url; expected one each of {wanted}")
        return
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Refused(source, reader.line_num, f"not a row: {_short(error)}")
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            cells: Mapping[str, object] = dict(zip(header, row, strict=False))
            yield _of_columns(cells, source=source, line=reader.line_num)


def _of_value(value: object, *, source: str, line: int) -> Iterator[FactCheck | Refused]:
    """Fact-checks of one element: a ClaimReview, a DataFeedItem, a list of them, or a row."""
    if value is None:
        yield Refused(source, line, "null")
    elif isinstance(value, list):
        if not value:
            yield Refused(source, line, "an empty list")
        for one in value:
            yield from _of_value(one, source=source, line=line)
    elif not isinstance(value, dict):
        yield Refused(source, line, f"expected an object, found {_short(value)}")
    elif "item" in value:
        if value.get("dateDeleted") and value["item"] is None:
            yield Refused(source, line, "a tombstone: the publisher withdrew it")
        else:
            yield from _of_value(value["item"], source=source, line=line)
    elif "@graph" in value or "dataFeedElement" in value:
        yield from _of_value(
            value.get("@graph", value.get("dataFeedElement")), source=source, line=line
        )
    elif "@type" in value or "claimReviewed" in value:
        review = claim_review(value, "json-ld")
        made = fact_check_of_review(review) if review else "not a ClaimReview"
        yield Refused(source, line, made) if isinstance(made, str) else made
    else:
        yield _of_columns({str(k).lower(): v for k, v in value.items()}, source=source, line=line)


def _of_columns(cells: Mapping[str, object], *, source: str, line: int) -> FactCheck | Refused:
    named = _named(cells)
    rating = Rating(
        _text(named.pop("rating", "")) or None,
        _number(named.pop("rating_value", "")),
        _number(named.pop("best_rating", "")),
        _number(named.pop("worst_rating", "")),
    )
    made = _fact_check({key: _text(value) for key, value in named.items()}, rating)
    return Refused(source, line, made) if isinstance(made, str) else made


def _named(cells: Mapping[str, object]) -> dict[str, object]:
    named: dict[str, object] = {}
    for key, names in COLUMNS.items():
        found = next((cells[name] for name in names if cells.get(name) not in (None, "")), None)
        if found is not None:
            named[key] = found
    if named.get("body") == named.get("claim"):
        named.pop("body", None)  # a column `text` that is the claim
    return named


def _fact_check(fields: Mapping[str, str | None], rating: Rating) -> FactCheck | str:
    """The fact-check of plain fields, or why there is none; the numbers never change the words."""
    texts = {
        key: " ".join((value or "").split())[: MAX_BODY if key == "body" else MAX_FIELD]
        for key, value in fields.items()
    }
    claim, url = texts.get("claim", ""), texts.get("url", "")
    if not claim:
        return "no claim"
    if url and _host(url) is None:
        return f"no address of the review: {url[:80]!r}"
    if not url and not texts.get("publisher"):
        return "neither the review's address nor its publisher"
    return FactCheck(
        id=_id(url or texts["publisher"], claim),
        url=url,
        claim=claim,
        claimant=texts.get("claimant", ""),
        rating=" ".join((rating.text or "").split())[:MAX_FIELD],
        rating_value=rating.value,
        best_rating=rating.best,
        worst_rating=rating.worst,
        rating_conflict=rating_fault(rating) is not None,
        claim_date=_iso(texts.get("claim_date", "")),
        review_date=_iso(texts.get("review_date", "")),
        title=texts.get("title", ""),
        publisher=texts.get("publisher", "") or _host(url) or "",
        language=texts.get("language", "")[:35],
        body=texts.get("body", ""),
    )


def _host(url: str) -> str | None:
    """The host of an http or https address without `www.`, `None` for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return parts.hostname.removeprefix("www.")


def _id(url: str, claim: str) -> str:
    """One id for one review of one claim: scheme, `www.`, a last slash and case do not count.

    `url` is the publisher's name where the review has no address.
    """
    address = url.rpartition("://")[2].removeprefix("www.").rstrip("/").lower()
    name = f"{address}\n{' '.join(claim.casefold().split())}"
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def _iso(text: str) -> str:
    """The day as ISO 8601; empty where the text gives none, or two that it could be."""
    found = dates_in(text[:100])
    if not found:
        return ""
    days = found[0]
    return days.first.isoformat() if days.first == days.last else ""


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return _text(cast("Mapping[str, object]", value).get("name"))
    if isinstance(value, Iterable):
        return ", ".join(filter(None, map(_text, value)))
    return ""


def _number(value: object) -> float | None:
    try:
        number = float(_text(value).replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _short(value: object) -> str:
    return repr(str(value)[:80])
