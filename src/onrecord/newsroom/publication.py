"""From a signed review to what the public sees: page, ClaimReview, feed.

`publication` takes a review and nothing else of the machine's: there is no way from a verdict to a
public page. It refuses a review that is not published, or whose signatures are not under the
present content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.errors import MoveError
from onrecord.newsroom.corrections import Correction
from onrecord.newsroom.ratings import BEST, WORST, RatingScale
from onrecord.newsroom.review import (
    CitedSource,
    Contact,
    GatePoint,
    Review,
    ReviewContent,
    counting_signatures,
)
from onrecord.terms import CorrectionKind, ReviewState

__all__ = [
    "DeskName",
    "Publication",
    "Signer",
    "claim_review",
    "data_feed",
    "publication",
    "spoken",
]

JsonMap = dict[str, object]


@dataclass(frozen=True, slots=True)
class DeskName:
    """Who publishes: name, address without a slash at its end, and whether it is a signatory."""

    name: str
    url: str
    is_signatory: bool = False


@dataclass(frozen=True, slots=True)
class Signer:
    """A name that is printed under a check, and when it was put there."""

    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A check as the public sees it; every field may be printed.

    `tombstone` is the reason of a retraction, empty otherwise. `is_single_signed` says that one
    person alone signed, which is printed. Times are ISO 8601, UTC.
    """

    id: str
    url: str
    content: ReviewContent
    rating_value: int | None
    published: str
    changed: str
    version: int
    signers: tuple[Signer, ...]
    is_single_signed: bool
    gate: tuple[GatePoint, ...]
    corrections: tuple[Correction, ...]
    desk: DeskName
    tombstone: str = ""


def publication(
    review: Review,
    *,
    gate: Sequence[GatePoint],
    corrections: Sequence[Correction],
    scale: RatingScale,
    desk: DeskName,
) -> Publication:
    """The public form of a published or retracted review.

    Raises `MoveError` for any other state, and without a signature under the present content.
    """
    if review.state not in {ReviewState.PUBLISHED, ReviewState.RETRACTED}:
        raise MoveError(f"a review in state {review.state.value!r} has no public form")
    marks = counting_signatures(review)
    if not marks:
        raise MoveError("no signature is under this text; nothing unsigned is made public")
    retractions = [c for c in corrections if c.kind is CorrectionKind.RETRACTION]
    is_retracted = review.state is ReviewState.RETRACTED
    return Publication(
        review.id,
        f"{desk.url}/checks/{review.id}",
        review.content,
        scale.value(review.content.rating),
        review.published,
        max([review.published, *(c.at for c in corrections)]),
        review.version,
        tuple(Signer(mark.name, mark.at) for mark in marks),
        len(marks) == 1,
        tuple(gate),
        tuple(corrections),
        desk,
        (retractions[-1].reason if retractions else "retracted") if is_retracted else "",
    )


def claim_review(check: Publication) -> JsonMap | None:
    """The check as a schema.org ClaimReview (JSON-LD); `None` for a retracted one.

    A rating without a number of its own has none in the markup. Empty values are left out.
    """
    if check.tombstone:
        return None
    content, desk = check.content, check.desk
    rating: JsonMap = {"@type": "Rating", "alternateName": content.rating}
    if check.rating_value is not None:
        rating |= {"ratingValue": check.rating_value, "worstRating": WORST, "bestRating": BEST}
    rating["ratingExplanation"] = content.summary
    node: JsonMap = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{check.url}#review",
        "url": check.url,
        "headline": content.title,
        "claimReviewed": content.short_claim or content.claim,
        "inLanguage": content.language,
        "datePublished": check.published,
        "dateModified": check.changed,
        "author": {
            "@type": "Organization",
            "name": desk.name,
            "url": f"{desk.url}/",
            "publishingPrinciples": f"{desk.url}/method",
            "correctionsPolicy": f"{desk.url}/corrections",
        },
        "editor": [{"@type": "Person", "name": signer.name} for signer in check.signers],
        "itemReviewed": _claim(content),
        "reviewRating": rating,
        "citation": [_citation(source, desk) for source in content.sources],
        "correction": [
            {"@type": "CorrectionComment", "text": one.reason, "datePublished": one.at}
            for one in check.corrections
        ],
    }
    return _filled(node)


def data_feed(checks: Iterable[Publication], *, desk: DeskName, modified: str) -> JsonMap:
    """The checks as a DataFeed of ClaimReviews; a retracted one is a tombstone with its date."""
    elements: list[JsonMap] = []
    for check in checks:
        if check.tombstone:
            gone = {"url": check.url, "dateDeleted": check.changed, "item": None}
            elements.append({"@type": "DataFeedItem", "dateCreated": check.published, **gone})
            continue
        elements.append(
            {
                "@type": "DataFeedItem",
                "dateCreated": check.published,
                "dateModified": check.changed,
                "url": check.url,
                "item": [claim_review(check)],
            }
        )
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": f"{desk.name}: fact-checks",
        "dateModified": modified,
        "dataFeedElement": elements,
    }


def _claim(content: ReviewContent) -> JsonMap:
    claim: JsonMap = {"@type": "Claim", "text": content.claim, "datePublished": content.said_on}
    if content.claimant:
        claim["author"] = {"@type": "Thing", "name": content.claimant}
    if content.said_at:
        claim["appearance"] = [
            {"@type": "CreativeWork", "url": content.said_at, "headline": content.said_in}
        ]
    return claim


def _citation(source: CitedSource, desk: DeskName) -> JsonMap:
    kept = f"{desk.url}/archive/{source.digest}" if source.digest else ""
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "archivedAt": kept,
        "publisher": {"@type": "Thing", "name": source.publisher} if source.publisher else "",
        "datePublished": source.date,
    }


def _filled(node: JsonMap) -> JsonMap:
    """The node without empty values, all the way down."""

    def filled(value: object) -> object:
        if isinstance(value, dict):
            return _filled(value)
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value

    return {key: filled(value) for key, value in node.items() if value not in ("", [], {}, None)}


def spoken(contacts: Sequence[Contact]) -> tuple[str, ...]:
    """Each contact as a line that may be printed: who was asked when, and what came back."""
    return tuple(
        f"{one.whom}, asked on {one.asked[:10]} by {one.how}: "
        + (f"{one.answer} ({one.answered[:10]})" if one.answer else "no answer so far")
        for one in contacts
    )
