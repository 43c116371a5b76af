"""Reviews over the API: begun, edited, signed, moved; each change names what it began with.

The ETag of a review is the digest that it is stored under. A change without `If-Match` is refused
with 428, one that began with another text with 412. A signature names the digest of the content
that was read, so it can need no `If-Match`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import BackgroundTasks, Header, Query, Response
from starlette.requests import Request

from onrecord.errors import StaleError
from onrecord.newsroom.corrections import retraction
from onrecord.newsroom.gate import waived
from onrecord.newsroom.review import (
    Circumstances,
    Review,
    ReviewContent,
    allowed_moves,
    content_digest,
    counting_signatures,
    edited,
    moved,
    signed,
)
from onrecord.store import newsroom, records
from onrecord.store.newsroom import Act, Stored
from onrecord.terms import ReviewState, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_checks import check_shape
from onrecord.web.api_review_shapes import (
    CheckShape,
    GateShape,
    ListedReview,
    Moving,
    NewReview,
    ReviewEdit,
    Reviews,
    ReviewShape,
    SignatureShape,
    Signing,
    Waiving,
    content_of,
)
from onrecord.web.api_shapes import Id, PageSize, shape_of
from onrecord.web.forms import utc_time
from onrecord.web.office import office_of
from onrecord.web.reviews import draft_of, gate_of, keep_cited, n_needed, preview_of
from onrecord.web.routes import Route

__all__ = ["ROUTES", "IfMatch", "answered", "expected_of", "stored_review"]

MAX_LISTED = 10_000
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag of the review that the change began with."),
]


def list_reviews(
    request: Request,
    state: Annotated[ReviewState | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: Annotated[str, Query(alias="pageToken", pattern=r"^[0-9]{0,6}$")] = "",
) -> Reviews:
    """Reviews, in a state or all, the last published or changed first."""
    states = [state] if state else list(ReviewState)
    start = int(page_token or 0)
    wanted = min(start + page_size + 1, MAX_LISTED)
    found = newsroom.with_states(office_of(request).engine, states, limit=wanted)
    shown = found[start : start + page_size]
    return Reviews(
        reviews=tuple(_listed(one.review) for one in shown),
        nextPageToken=str(start + page_size) if len(found) > start + page_size else "",
    )


def new_review(request: Request, response: Response, body: NewReview) -> ReviewShape:
    """Begins a review: of a claim of a record, or by hand."""
    office = office_of(request)
    account = account_of(request)
    if bool(body.record) != bool(body.claim_id):
        raise Refused(422, "a claim is named by 'record' and 'claim_id' together")
    content = content_of(body.content) if body.content else ReviewContent("")
    if body.claim_id and not body.content:
        content = draft_of(office, body.record, body.claim_id)
    elif body.claim_id:
        draft_of(office, body.record, body.claim_id)  # refuses a claim that is not there
    now = office.now()
    review = Review(
        secrets.token_hex(8),
        content,
        record=body.record,
        claim_id=body.claim_id,
        assigned=account.id,
        created=now,
        changed=now,
    )
    act = Act(account.id, "begin review", now)
    stored = newsroom.save(office.engine, review, expected=None, act=act)
    if body.claim_id:
        records.set_state(office.engine, body.claim_id, "taken", review=review.id)
    response.headers["location"] = f"/api/v1/reviews/{review.id}"
    return answered(request, response, stored)


def get_review(request: Request, response: Response, review_id: Id) -> ReviewShape:
    """A review, with the gate and the moves that the asker may make."""
    return answered(request, response, stored_review(request, review_id))


def get_preview(request: Request, review_id: Id) -> CheckShape:
    """The public form that the review would have now."""
    office = office_of(request)
    return check_shape(preview_of(office, stored_review(request, review_id).review))


def edit_review(
    request: Request, response: Response, review_id: Id, body: ReviewEdit, if_match: IfMatch = None
) -> ReviewShape:
    """Puts a new content in place of the old; signatures under the old one stop counting."""
    office = office_of(request)
    account = account_of(request)

    def change(review: Review) -> Review:
        fresh = edited(review, content_of(body.content), account=account, now=office.now())
        return replace(fresh, side=body.side)

    stored = stored_review(request, review_id)
    return _changed(request, response, stored, expected_of(if_match), "edit review", change)


def sign(
    request: Request, response: Response, review_id: Id, body: Signing, if_match: IfMatch = None
) -> ReviewShape:
    """Puts the account's name under the content whose digest is given, if it still stands so."""
    office = office_of(request)
    account = account_of(request)
    stored = stored_review(request, review_id)

    def change(review: Review) -> Review:
        if body.content != content_digest(review.content):
            raise StaleError("the text has changed since you read it; read it again and sign")
        return signed(review, account, now=office.now())

    expected = expected_of(if_match) if if_match is not None else stored.digest
    return _changed(request, response, stored, expected, "sign", change)


def move(
    request: Request,
    response: Response,
    later: BackgroundTasks,
    review_id: Id,
    body: Moving,
    if_match: IfMatch = None,
) -> ReviewShape:
    """Makes a move of the table."""
    office = office_of(request)
    account = account_of(request)
    stored = stored_review(request, review_id)
    expected = expected_of(if_match)
    until = utc_time(body.until)
    if body.until and not until:
        raise Refused(422, "'until' is a time such as 2026-03-14T08:20 (UTC)")
    points = gate_of(office, stored.review)
    given = Circumstances(n_needed(office), points, until, body.reason)

    def change(review: Review) -> Review:
        return moved(review, body.move, account=account, now=office.now(), given=given)

    if body.move == "retract":
        return _retracted(request, response, stored, expected, change, body.reason)
    answer = _changed(request, response, stored, expected, body.move, change)
    if body.move == "publish":
        if stored.review.claim_id:
            records.set_state(office.engine, stored.review.claim_id, "checked", review=review_id)
        later.add_task(keep_cited, office, review_id)
    return answer


def waive(
    request: Request, response: Response, review_id: Id, body: Waiving, if_match: IfMatch = None
) -> ReviewShape:
    """Waives a point of the gate, with a reason that is printed."""
    office = office_of(request)
    account = account_of(request)

    def change(review: Review) -> Review:
        return waived(review, body.point, reason=body.reason, account=account, now=office.now())

    stored = stored_review(request, review_id)
    return _changed(request, response, stored, expected_of(if_match), "waive", change)


def stored_review(request: Request, review_id: str) -> Stored:
    """A stored review; `Refused` 404 where there is none."""
    stored = newsroom.load(office_of(request).engine, review_id)
    if stored is None:
        raise Refused(404, "there is no such review")
    return stored


def expected_of(if_match: str | None) -> str:
    """The digest that an `If-Match` names; `Refused` 428 without one, and for `*`, which names none."""
    if if_match is None or if_match.strip() in {"", "*"}:
        raise Refused(428, "send the ETag of the review that you changed as If-Match")
    return if_match.strip().removeprefix("W/").strip('"')


def answered(request: Request, response: Response, stored: Stored) -> ReviewShape:
    """A stored review as the API gives it, with its ETag."""
    office = office_of(request)
    review = stored.review
    response.headers["etag"] = f'"{stored.digest}"'
    return ReviewShape(
        id=review.id,
        state=review.state,
        content=review.content,
        content_digest=content_digest(review.content),
        signatures=tuple(shape_of(SignatureShape, one) for one in counting_signatures(review)),
        needed_signatures=n_needed(office),
        gate=tuple(shape_of(GateShape, one) for one in gate_of(office, review)),
        moves=tuple(one.name for one in allowed_moves(review, account_of(request))),
        record=review.record,
        claim_id=review.claim_id,
        assigned=review.assigned,
        side=review.side,
        embargo_until=review.embargo_until,
        created=review.created,
        changed=review.changed,
        published=review.published,
        version=review.version,
    )


def _changed(
    request: Request,
    response: Response,
    stored: Stored,
    expected: str,
    act: str,
    change: Callable[[Review], Review],
) -> ReviewShape:
    office = office_of(request)
    _check_expected(stored, expected)
    fresh = change(stored.review)
    made = Act(account_of(request).id, act, office.now())
    return answered(
        request, response, newsroom.save(office.engine, fresh, expected=expected, act=made)
    )


def _retracted(
    request: Request,
    response: Response,
    stored: Stored,
    expected: str,
    change: Callable[[Review], Review],
    reason: str,
) -> ReviewShape:
    office = office_of(request)
    account = account_of(request)
    _check_expected(stored, expected)
    log = newsroom.corrections_of(office.engine, stored.review.id)
    fresh = change(stored.review)
    entry = retraction(stored.review, log=log, reason=reason, by=account, now=office.now())
    act = Act(account.id, "retract", office.now())
    done = newsroom.new_correction(office.engine, fresh, entry, expected=expected, act=act)
    return answered(request, response, done)


def _check_expected(stored: Stored, expected: str) -> None:
    if expected != stored.digest:
        raise StaleError("the review was changed since you read it; read it again")


def _listed(review: Review) -> ListedReview:
    content = review.content
    return ListedReview(
        id=review.id,
        state=review.state,
        claim=content.claim,
        title=content.title,
        rating=content.rating,
        assigned=review.assigned,
        changed=review.changed,
        published=review.published,
    )


_R = "/api/v1/reviews"
_ONE = _R + "/{review_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _R, "api_reviews", Role.READER, list_reviews, is_api=True),
    Route("POST", _R, "api_new_review", Role.CONTRIBUTOR, new_review, is_api=True, status=201),
    Route("GET", _ONE, "api_review", Role.READER, get_review, is_api=True),
    Route("PUT", _ONE, "api_edit_review", Role.CONTRIBUTOR, edit_review, is_api=True),
    Route("GET", _ONE + "/preview", "api_preview", Role.READER, get_preview, is_api=True),
    Route("POST", _ONE + "/sign", "api_sign", Role.EDITOR, sign, is_api=True),
    Route("POST", _ONE + "/move", "api_move", Role.CONTRIBUTOR, move, is_api=True),
    Route("POST", _ONE + "/waive", "api_waive", Role.EDITOR, waive, is_api=True),
)
