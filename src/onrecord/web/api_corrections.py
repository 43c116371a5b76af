"""Corrections of published checks over the API, and words blacked out on legal grounds."""

from __future__ import annotations

import secrets
from dataclasses import replace

from fastapi import BackgroundTasks, Response
from starlette.requests import Request

from onrecord.errors import StaleError
from onrecord.newsroom.corrections import (
    PendingCorrection,
    blacked_out,
    changes_between,
    corrected,
    signed_correction,
)
from onrecord.newsroom.review import Review, content_digest
from onrecord.store import newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_review_shapes import (
    BlackOut,
    ChangeShape,
    Corrections,
    CorrectionShape,
    NewCorrection,
    ReviewShape,
    SignatureShape,
    Signing,
    WaitingShape,
    content_of,
)
from onrecord.web.api_reviews import IfMatch, answered, expected_of, stored_review
from onrecord.web.api_shapes import Id, shape_of
from onrecord.web.office import office_of
from onrecord.web.reviews import correction_fault, keep_cited, n_needed
from onrecord.web.routes import Route

__all__ = ["ROUTES"]


def list_corrections(request: Request, review_id: Id) -> Corrections:
    """The corrections of a check: those that were made, and those that wait for signatures."""
    engine = office_of(request).engine
    review = stored_review(request, review_id).review
    made = newsroom.corrections_of(engine, review_id)
    return Corrections(
        made=tuple(shape_of(CorrectionShape, one) for one in made),
        waiting=tuple(
            _waiting(review, pending_id, one)
            for pending_id, one in newsroom.pending_of(engine, review_id)
        ),
    )


def propose(request: Request, review_id: Id, body: NewCorrection) -> WaitingShape:
    """Keeps a correction until it has its signatures; an editor's own signature is put at once."""
    office = office_of(request)
    account = account_of(request)
    review = stored_review(request, review_id).review
    content = content_of(body.content)
    fault = correction_fault(review, content, body.reason)
    if fault:
        raise Refused(409, fault)
    now = office.now()
    pending = PendingCorrection(review_id, body.kind, content, body.reason, account.id, now)
    if account.may(Role.EDITOR):
        pending = signed_correction(pending, account, now=now)
    pending_id = secrets.token_hex(8)
    act = Act(account.id, "propose correction", now)
    newsroom.save_pending(office.engine, pending_id, pending, act=act)
    return _waiting(review, pending_id, pending)


def sign(request: Request, review_id: Id, pending_id: Id, body: Signing) -> WaitingShape:
    """Signs a waiting correction whose content has the digest that is given."""
    office = office_of(request)
    account = account_of(request)
    review = stored_review(request, review_id).review
    pending = _pending(request, review_id, pending_id)
    if body.content != content_digest(pending.content):
        raise StaleError("this is not the content of the correction; read it again and sign")
    done = signed_correction(pending, account, now=office.now())
    act = Act(account.id, "sign correction", office.now())
    newsroom.save_pending(office.engine, pending_id, done, act=act)
    return _waiting(review, pending_id, done)


def publish(
    request: Request,
    response: Response,
    later: BackgroundTasks,
    review_id: Id,
    pending_id: Id,
) -> ReviewShape:
    """Publishes a correction that has its signatures."""
    office = office_of(request)
    stored = stored_review(request, review_id)
    pending = _pending(request, review_id, pending_id)
    log = newsroom.corrections_of(office.engine, review_id)
    fresh, entry = corrected(
        stored.review, pending, log=log, n_needed=n_needed(office), now=office.now()
    )
    act = Act(account_of(request).id, "publish correction", office.now())
    done = newsroom.new_correction(office.engine, fresh, entry, expected=stored.digest, act=act)
    newsroom.drop_pending(office.engine, pending_id, act=replace(act, act="end correction"))
    later.add_task(keep_cited, office, review_id)  # it may cite a new source
    return answered(request, response, done)


def drop(request: Request, review_id: Id, pending_id: Id) -> None:
    """Gives a waiting correction up."""
    office = office_of(request)
    _pending(request, review_id, pending_id)
    act = Act(account_of(request).id, "drop correction", office.now())
    newsroom.drop_pending(office.engine, pending_id, act=act)


def black_out(
    request: Request, response: Response, review_id: Id, body: BlackOut, if_match: IfMatch = None
) -> ReviewShape:
    """Takes words out of a check on legal grounds; the gap, the day and the ground stay visible."""
    office = office_of(request)
    account = account_of(request)
    stored = stored_review(request, review_id)
    expected = expected_of(if_match)
    if expected != stored.digest:
        raise StaleError("the review was changed since you read it; read it again")
    log = newsroom.corrections_of(office.engine, review_id)
    fresh, entry = blacked_out(
        stored.review, body.words, ground=body.ground, log=log, account=account, now=office.now()
    )
    act = Act(account.id, "black out", office.now())
    done = newsroom.new_correction(office.engine, fresh, entry, expected=expected, act=act)
    return answered(request, response, done)


def _waiting(review: Review, pending_id: str, pending: PendingCorrection) -> WaitingShape:
    return WaitingShape(
        id=pending_id,
        kind=pending.kind,
        reason=pending.reason,
        by=pending.by,
        at=pending.at,
        content=pending.content,
        content_digest=content_digest(pending.content),
        changes=tuple(
            shape_of(ChangeShape, one) for one in changes_between(review.content, pending.content)
        ),
        signatures=tuple(shape_of(SignatureShape, one) for one in pending.signatures),
    )


def _pending(request: Request, review_id: str, pending_id: str) -> PendingCorrection:
    engine = office_of(request).engine
    found = dict(newsroom.pending_of(engine, review_id)).get(pending_id)
    if found is None:
        raise Refused(404, "there is no such correction waiting")
    return found


_C = "/api/v1/reviews/{review_id}/corrections"
_ONE = _C + "/{pending_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _C, "api_corrections", Role.READER, list_corrections, is_api=True),
    Route("POST", _C, "api_propose_correction", Role.CONTRIBUTOR, propose, is_api=True, status=201),
    Route("POST", _ONE + "/sign", "api_sign_correction", Role.EDITOR, sign, is_api=True),
    Route("POST", _ONE + "/publish", "api_publish_correction", Role.EDITOR, publish, is_api=True),
    Route("DELETE", _ONE, "api_drop_correction", Role.EDITOR, drop, is_api=True, status=204),
    Route("POST", "/api/v1/reviews/{review_id}/black-out", "api_black_out", Role.ADMIN, black_out, is_api=True),
)  # fmt: skip
