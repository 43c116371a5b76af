"""Moderation of readers' replies over the API."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import StringConstraints
from starlette.requests import Request

from onrecord.errors import ModelError
from onrecord.newsroom import spam
from onrecord.newsroom.replies import MAX_EMAIL
from onrecord.store import accounts, replies
from onrecord.store.newsroom import Act, log
from onrecord.store.replies import Moderated
from onrecord.store.reply_contacts import writer
from onrecord.terms import ReplyKind, ReplyState, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_people import LinkShape
from onrecord.web.api_shapes import Id, PageSize, Shape, shape_of
from onrecord.web.office import office_of
from onrecord.web.privacy import LINK_HOURS
from onrecord.web.routes import Route

__all__ = ["ROUTES"]


class ReasonShape(Shape):
    """What a layer of the filter says."""

    code: str
    weight: float
    text: str


class ReplyShape(Shape):
    """A reply as a moderator sees it; it says nothing of how to reach its writer."""

    id: str
    review: str
    parent: str
    kind: str
    state: str
    name: str
    text: str
    at: str
    score: float
    reasons: tuple[ReasonShape, ...]
    decided_by: str
    decided: str
    can_be_undone: bool


class Replies(Shape):
    """Replies in a state, the newest first."""

    replies: tuple[ReplyShape, ...]
    nextPageToken: str = ""  # noqa: N815


class ReplyDecision(Shape):
    """What becomes of a reply that stood in `expected`."""

    state: Literal["shown", "held", "quarantined", "rejected"]
    expected: Literal["shown", "held", "quarantined", "rejected"]


class PrivacyLink(Shape):
    """Whose replies, and what is to be done with them."""

    purpose: Literal["export", "erase"]
    email: Annotated[str, StringConstraints(min_length=3, max_length=MAX_EMAIL, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]  # fmt: skip


def list_replies(
    request: Request,
    state: Annotated[ReplyState, Query()] = ReplyState.HELD,
    kind: Annotated[ReplyKind | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: Annotated[str, Query(alias="pageToken", pattern=r"^[0-9a-f]{0,16}$")] = "",
) -> Replies:
    """The replies in a state, the newest first."""
    engine = office_of(request).engine
    found = replies.moderation(engine, state, after=page_token, kind=kind, limit=page_size + 1)
    shown = found[:page_size]
    return Replies(
        replies=tuple(_shape(one) for one in shown),
        nextPageToken=shown[-1].reply.id if len(found) > page_size else "",
    )


def get_reply(request: Request, reply_id: Id) -> ReplyShape:
    """A reply, with what the filter said of it."""
    found = replies.load(office_of(request).engine, reply_id)
    if found is None:
        raise Refused(404, "there is no such reply")
    return _shape(found)


def decide(request: Request, reply_id: Id, body: ReplyDecision) -> ReplyShape:
    """Shows, holds, quarantines or rejects a reply that stood in `expected`."""
    office = office_of(request)
    get_reply(request, reply_id)
    state = ReplyState(body.state)
    done = replies.decide(
        office.engine,
        reply_id,
        state,
        expected=ReplyState(body.expected),
        act=Act(account_of(request).id, f"reply {state.value}", office.now()),
        weights=_seed(),
    )
    return _shape(done)


def undo(request: Request, reply_id: Id) -> ReplyShape:
    """Puts a reply back to where it stood before it was last moved."""
    office = office_of(request)
    if not get_reply(request, reply_id).can_be_undone:
        raise Refused(409, "this reply has no decision to undo")
    act = Act(account_of(request).id, "undo reply", office.now())
    return _shape(replies.undo(office.engine, reply_id, act=act))


def new_privacy_link(request: Request, response: Response, body: PrivacyLink) -> LinkShape:
    """A one-time link to export or erase what one writer sent, for an admin to hand over."""
    office = office_of(request)
    subject = f"writer:{writer(office.key, body.email)}"
    now = office.clock()
    token = accounts.new_link(office.engine, body.purpose, subject, now=now, hours=LINK_HOURS)
    act = Act(account_of(request).id, f"{body.purpose} link", office.now())
    log(office.engine, act, target="privacy")
    response.headers["cache-control"] = "no-store"
    return LinkShape(link=f"{office.desk_name.url}/privacy/{body.purpose}/{token}")


@cache
def _seed() -> spam.Weights:
    try:
        return spam.seed()
    except ModelError:
        return spam.rule_weights()


def _shape(one: Moderated) -> ReplyShape:
    reply = one.reply
    return ReplyShape(
        id=reply.id,
        review=reply.review,
        parent=reply.parent,
        kind=reply.kind.value,
        state=reply.state.value,
        name=reply.name,
        text=reply.text,
        at=reply.at,
        score=one.score,
        reasons=tuple(shape_of(ReasonShape, reason) for reason in one.reasons),
        decided_by=one.decided_by,
        decided=one.decided,
        can_be_undone=one.can_be_undone,
    )


_R = "/api/v1/replies"
ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/v1/privacy-links", "api_privacy_link", Role.ADMIN, new_privacy_link, is_api=True, status=201),
    Route("GET", _R, "api_replies", Role.CONTRIBUTOR, list_replies, is_api=True),
    Route("GET", _R + "/{reply_id}", "api_reply", Role.CONTRIBUTOR, get_reply, is_api=True),
    Route("POST", _R + "/{reply_id}/decide", "api_decide_reply", Role.EDITOR, decide, is_api=True),
    Route("POST", _R + "/{reply_id}/undo", "api_undo_reply", Role.EDITOR, undo, is_api=True),
)  # fmt: skip
