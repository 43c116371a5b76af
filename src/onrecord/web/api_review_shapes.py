"""Bodies and answers about reviews, corrections and published checks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from onrecord.newsroom.review import CitedSource, Contact, ReviewContent
from onrecord.terms import CorrectionKind, ReviewState
from onrecord.web.api_shapes import (
    MAX_ROWS,
    DigestText,
    Filled,
    Line,
    OptionalDigest,
    OptionalId,
    Shape,
    Text,
    Word,
)


class SourceShape(Shape):
    """A source that a review rests on; see `newsroom.review.CitedSource`."""

    title: Line
    url: Line = ""
    quote: Text = ""
    side: Literal["for", "against", "context"] = "context"
    publisher: Word = ""
    date: Word = ""
    digest: OptionalDigest = ""
    is_primary: bool = False
    interest: Line = ""


class ContactShape(Shape):
    """Who was asked what, when, and what came back."""

    whom: Word
    how: Word
    asked: Word
    question: Text
    answer: Text = ""
    answered: Word = ""
    is_claimant: bool = False


class ContentShape(Shape):
    """Everything of a review that is printed: what a signature is under."""

    claim: Text
    short_claim: Word = ""
    claimant: Word = ""
    said_in: Line = ""
    said_at: Line = ""
    said_on: Word = ""
    title: Line = ""
    rating: Word = ""
    summary: Text = ""
    reasoning: Text = ""
    why: Line = ""
    sources: Annotated[tuple[SourceShape, ...], Field(max_length=MAX_ROWS)] = ()
    contacts: Annotated[tuple[ContactShape, ...], Field(max_length=MAX_ROWS)] = ()
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,35}$")] = "en"


def content_of(shape: ContentShape) -> ReviewContent:
    """The content that a body holds."""
    plain = shape.model_dump(exclude={"sources", "contacts"})
    return ReviewContent(
        **plain,
        sources=tuple(CitedSource(**one.model_dump()) for one in shape.sources),
        contacts=tuple(Contact(**one.model_dump()) for one in shape.contacts),
    )


class NewReview(Shape):
    """A review to begin: of a claim of a record (both ids), or by hand with a content."""

    record: OptionalDigest = ""
    claim_id: OptionalId = ""
    content: ContentShape | None = None


class ReviewEdit(Shape):
    """The whole new content; `side` is the desk's own tag and never printed."""

    content: ContentShape
    side: Word = ""


class SignatureShape(Shape):
    """A name under a content."""

    account: str
    name: str
    at: str
    content: str


class GateShape(Shape):
    """A point of the publish gate."""

    code: str
    heading: str
    level: str
    asks: str
    outcome: str
    reason: str


class ReviewShape(Shape):
    """A review as the desk sees it.

    `content_digest` is what a signature is put under: send it back to sign. The ETag of the answer
    is what `If-Match` asks for.
    """

    id: str
    state: ReviewState
    content: ReviewContent
    content_digest: str
    signatures: tuple[SignatureShape, ...]
    needed_signatures: int
    gate: tuple[GateShape, ...]
    moves: tuple[str, ...]
    record: str
    claim_id: str
    assigned: str
    side: str
    embargo_until: str
    created: str
    changed: str
    published: str
    version: int


class ListedReview(Shape):
    """A review in a list."""

    id: str
    state: ReviewState
    claim: str
    title: str
    rating: str
    assigned: str
    changed: str
    published: str


class Reviews(Shape):
    """Reviews, the last published or changed first."""

    reviews: tuple[ListedReview, ...]
    nextPageToken: str = ""  # noqa: N815


class Signing(Shape):
    """The digest of the content that was read and is signed."""

    content: DigestText


class Moving(Shape):
    """A move of the table; `until` ends an embargo (ISO 8601, UTC), `reason` is printed."""

    move: Word
    until: Word = ""
    reason: Line = ""


class Waiving(Shape):
    """A point of the gate that is waived, and why."""

    point: Word
    reason: Filled


class NewCorrection(Shape):
    """The corrected content of a published check, and why."""

    content: ContentShape
    reason: Filled
    kind: Literal[CorrectionKind.CORRECTION, CorrectionKind.UPDATE] = CorrectionKind.CORRECTION


class BlackOut(Shape):
    """Words that are taken out of a published check, and the legal ground, which is printed."""

    words: Filled
    ground: Filled


class ChangeShape(Shape):
    """A field that a correction changes."""

    field: str
    before: str
    after: str


class CorrectionShape(Shape):
    """A correction that was published."""

    number: int
    kind: CorrectionKind
    at: str
    reason: str
    by: tuple[str, ...]
    changes: tuple[ChangeShape, ...]


class WaitingShape(Shape):
    """A correction that waits for signatures; send `content_digest` back to sign it."""

    id: str
    kind: CorrectionKind
    reason: str
    by: str
    at: str
    content: ReviewContent
    content_digest: str
    changes: tuple[ChangeShape, ...]
    signatures: tuple[SignatureShape, ...]


class Corrections(Shape):
    """The corrections of a check: made ones by number, and those that wait."""

    made: tuple[CorrectionShape, ...]
    waiting: tuple[WaitingShape, ...]


class SignerShape(Shape):
    """A name that is printed under a check."""

    name: str
    at: str


class CheckShape(Shape):
    """A check as everybody may see it; a retracted one has a `tombstone` and no content.

    `contacts` are lines as they are printed; `markup` is its ClaimReview.
    """

    id: str
    url: str
    published: str
    changed: str
    version: int
    tombstone: str
    content: ReviewContent | None
    contacts: tuple[str, ...]
    signers: tuple[SignerShape, ...]
    is_single_signed: bool
    gate: tuple[GateShape, ...]
    corrections: tuple[CorrectionShape, ...]
    markup: dict[str, object] | None


class Checks(Shape):
    """Published checks, the newest first."""

    checks: tuple[CheckShape, ...]
    nextPageToken: str = ""  # noqa: N815
