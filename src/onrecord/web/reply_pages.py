"""Readers' replies: the form under a check, and how the desk moderates what comes."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import ModelError
from onrecord.newsroom import spam
from onrecord.newsroom.publication import Publication
from onrecord.newsroom.replies import Fault, Incoming, Reply, cut_address
from onrecord.newsroom.spam_proof import new_proof
from onrecord.store import replies
from onrecord.store.newsroom import Act
from onrecord.store.replies import Filtering
from onrecord.store.reply_contacts import receipt
from onrecord.terms import ReplyKind, ReplyState, Role
from onrecord.web.access import Refused, account_of, sender_address
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import Office, office_of
from onrecord.web.pages import page, see_other
from onrecord.web.published import published_lately, published_one
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "filtering"]

# Filled in by programs, hidden from people; its name promises something worth filling.
HIDDEN_FIELD = "website"
PAGE_SIZE = 50
_TYPED = ("kind", "name", "text", "email", "parent")


def show_replies(request: Request, review_id: str) -> Response:
    """The replies under a check and the form for another."""
    office = office_of(request)
    check, _ = published_one(office, review_id)
    return _replies_page(request, check)


def send_reply(request: Request, review_id: str, form: Posted) -> Response:
    """Takes a reply: shown at once, held for a person, or set aside; faults beside the fields."""
    office = office_of(request)
    check = published_lately(office, review_id)
    if check.tombstone or not office.settings.replies.is_open:
        raise Refused(403, "replies to this check are closed")
    typed = {name: field_text(form, name) for name in _TYPED}
    if typed["kind"] not in list(ReplyKind):
        fault = (Fault("kind", "choose what your reply is"),)
        return _replies_page(request, check, typed=typed, faults=fault, status=422)
    incoming = Incoming(
        review_id,
        ReplyKind(typed["kind"]),
        typed["name"],
        _raw(form, "text"),
        typed["email"],
        typed["parent"],
        field_text(form, HIDDEN_FIELD),
        field_text(form, "proof"),
        cut_address(sender_address(request, office)),
    )
    judged = filtering(office, check)
    taken = replies.take(office.engine, office.key, incoming, now=office.clock(), filtering=judged)
    if taken.faults or taken.reply is None:
        return _replies_page(request, check, typed=typed, faults=taken.faults, status=422)
    # Only what was sent: in a flood the list of all others would be made for every sender.
    return _replies_page(request, check, sent=taken.reply)


def show_moderation(
    request: Request,
    state: Annotated[str, Query()] = "held",
    after: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """The replies in a state, the newest first, with what the filter saw."""
    office = office_of(request)
    wanted = ReplyState(state) if state in list(ReplyState) else ReplyState.HELD
    found = replies.moderation(office.engine, wanted, after=after, limit=PAGE_SIZE)
    more = f"/desk/replies?state={wanted.value}&after={found[-1].reply.id}" if found else ""
    waiting = replies.moderation(
        office.engine, ReplyState.HELD, kind=ReplyKind.CLAIMANT_ANSWER, limit=10
    )
    return page(
        request,
        office,
        "moderation.html",
        found=found,
        state=wanted.value,
        states=[one.value for one in ReplyState],
        more=more if len(found) == PAGE_SIZE else "",
        answers=waiting if wanted is not ReplyState.HELD or after else (),
        may=account_of(request).may(Role.EDITOR),
    )


def decide(request: Request, reply_id: str, form: Posted) -> Response:
    """Shows, holds, rejects or quarantines a reply; the filter learns from it."""
    office = office_of(request)
    state, expected = field_text(form, "state"), field_text(form, "expected")
    if state not in list(ReplyState) or expected not in list(ReplyState):
        raise Refused(422, "there is no such state")
    replies.decide(
        office.engine,
        reply_id,
        ReplyState(state),
        expected=ReplyState(expected),
        act=_act(request, f"reply {state}"),
        weights=_seed(),
    )
    return see_other(f"/desk/replies?state={expected}")


def undo(request: Request, reply_id: str) -> Response:
    """Takes the last decision about a reply back."""
    office = office_of(request)
    moved = replies.undo(office.engine, reply_id, act=_act(request, "undo reply"))
    return see_other(f"/desk/replies?state={moved.reply.state.value}")


def filtering(office: Office, check: Publication) -> Filtering:
    """What replies to a check are judged with."""
    from onrecord.akismet import remote_filter

    content = check.content
    words = f"{content.claim} {content.title} {content.summary} {content.reasoning}"
    settings = office.settings.replies
    remote = None
    if settings.remote_filter:
        url, key = settings.remote_filter, settings.remote_filter_key
        remote = remote_filter(url, key, blog=office.desk_name.url)
    return Filtering(settings, _seed(), words, remote)


@cache
def _seed() -> spam.Weights:
    try:
        return spam.seed()
    except ModelError:
        return spam.rule_weights()


def _replies_page(
    request: Request,
    check: Publication,
    *,
    typed: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    sent: Reply | None = None,
    status: int = 200,
) -> Response:
    office = office_of(request)
    is_open = office.settings.replies.is_open and not check.tombstone
    return page(
        request,
        office,
        "replies.html",
        status=status,
        check=check,
        replies=replies.shown(office.engine, check.id) if typed is None and sent is None else (),
        is_list=typed is None and sent is None,
        typed=typed or dict.fromkeys(_TYPED, ""),
        faults={fault.field: fault.message for fault in faults},
        sent=sent,
        receipt=receipt(office.key, sent.id) if sent else "",
        proof=new_proof(office.key, check.id, now=office.clock()) if is_open else "",
        kinds=[(one.value, words) for one, words in _KINDS.items()],
        hidden_field=HIDDEN_FIELD,
        is_open=is_open,
    )


_KINDS = {
    ReplyKind.COMMENT: "a comment",
    ReplyKind.CORRECTION_REQUEST: "a request for a correction",
    ReplyKind.TIP: "a tip for the desk",
    ReplyKind.CLAIMANT_ANSWER: "the answer of whoever made the claim",
}


def _raw(form: Posted, name: str) -> str:
    """The field as it was typed: what is hidden in it is for the filter to see."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _act(request: Request, act: str) -> Act:
    return Act(account_of(request).id, act, office_of(request).now())


ROUTES: tuple[Route, ...] = (
    Route("GET", "/checks/{review_id}/replies", "replies", ANYBODY, show_replies),
    Route("POST", "/checks/{review_id}/replies", "send_reply", ANYBODY, send_reply, is_kept_apart=True),
    Route("GET", "/desk/replies", "moderation", Role.CONTRIBUTOR, show_moderation),
    Route("POST", "/desk/replies/{reply_id}", "decide_reply", Role.EDITOR, decide),
    Route("POST", "/desk/replies/{reply_id}/undo", "undo_reply", Role.EDITOR, undo),
)  # fmt: skip
