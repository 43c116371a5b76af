"""The queue of claims over the API, and a typed claim looked up."""

from __future__ import annotations

import threading
from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request

from onrecord.record import CollectionState, Evidence, Match, QuantityCheck, Verdict
from onrecord.store import accounts, records
from onrecord.store.newsroom import Act, log
from onrecord.store.records import Cursor, QueueFilter
from onrecord.terms import ClaimKind, NotCheckable, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_shapes import (
    Asked,
    Filled,
    Id,
    OptionalId,
    PageSize,
    Shape,
    shape_of,
)
from onrecord.web.office import office_of
from onrecord.web.routes import Route

__all__ = ["ROUTES"]

# A desk keeps the problems of one page at a time (`compose.Desk`), so one claim is looked up after
# the other.
_ONE_AT_A_TIME = threading.Lock()


class ClaimShape(Shape):
    """A claim in the queue; see `store.records.QueuedClaim`."""

    id: str
    record: str
    url: str
    title: str
    site: str
    words: str
    speaker: str
    kind: str
    checkworthiness: float
    rank: int
    matched: str
    state: str
    assigned: str
    review: str
    made: str


class Claims(Shape):
    """A page of the queue, the most check-worthy first."""

    claims: tuple[ClaimShape, ...]
    nextPageToken: str = ""  # noqa: N815


class Whom(Shape):
    """Whom a claim is given to: `me`, an account's id, or nobody (empty)."""

    account: OptionalId = "me"


class TypedText(Shape):
    """A claim to look up."""

    text: Filled


class CheckedText(Shape):
    """What the desk knows of a typed claim, in the form of a record's fields.

    `why_not` says why it cannot be checked. `matches` is null without a library; `evidence`,
    `quantities` and `verdict` are null without a collection. The verdict is a machine's proposal.
    """

    text: str
    why_not: NotCheckable | None
    checkworthiness: float
    kind: ClaimKind
    matches: tuple[Match, ...] | None
    collection: CollectionState | None
    evidence: tuple[Evidence, ...] | None
    quantities: tuple[QuantityCheck, ...] | None
    verdict: Verdict | None


def list_claims(  # noqa: PLR0913, PLR0917 - one parameter for each field of the query
    request: Request,
    state: Annotated[Literal["", "new", "taken", "checked", "left"], Query()] = "new",
    kind: Annotated[ClaimKind | None, Query()] = None,
    site: Asked = "",
    words: Asked = "",
    record: Asked = "",
    assigned: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = "",
    page_size: PageSize = 50,
    page_token: Annotated[
        str, Query(alias="pageToken", pattern=r"^([0-9.e-]{1,25}:[0-9]{1,18})?$")
    ] = "",
) -> Claims:
    """The claims that fit, the most check-worthy first; `assigned` is an account's id or `me`."""
    office = office_of(request)
    whom = account_of(request).id if assigned == "me" else assigned
    asked = QueueFilter(state, whom, kind.value if kind else "", site, record, words)
    after = _cursor(page_token)
    found = records.queue(office.engine, asked, after=after, limit=page_size + 1)
    shown = found[:page_size]
    is_more = len(found) > page_size
    return Claims(
        claims=tuple(shape_of(ClaimShape, one) for one in shown),
        nextPageToken=f"{shown[-1].checkworthiness!r}:{shown[-1].number}" if is_more else "",
    )


def get_claim(request: Request, claim_id: Id) -> ClaimShape:
    """A claim of the queue."""
    found = records.claim_of(office_of(request).engine, claim_id)
    if found is None:
        raise Refused(404, "this claim is not in the queue")
    return shape_of(ClaimShape, found)


def take(request: Request, claim_id: Id, body: Whom) -> ClaimShape:
    """Gives a claim to oneself, to an account, or to nobody."""
    office = office_of(request)
    account = account_of(request)
    target = account.id if body.account == "me" else body.account
    if target and accounts.account(office.engine, target) is None:
        raise Refused(422, "there is no such account")
    if not records.assign(office.engine, claim_id, target):
        raise Refused(404, "this claim is not in the queue")
    act = Act(account.id, "assign" if target else "give back", office.now())
    log(office.engine, act, target=f"claim/{claim_id}")
    return get_claim(request, claim_id)


def leave_out(request: Request, claim_id: Id) -> ClaimShape:
    """Takes a claim out of the queue: not worth a check."""
    office = office_of(request)
    if not records.set_state(office.engine, claim_id, "left"):
        raise Refused(404, "this claim is not in the queue")
    act = Act(account_of(request).id, "leave", office.now())
    log(office.engine, act, target=f"claim/{claim_id}")
    return get_claim(request, claim_id)


def check_text(request: Request, body: TypedText) -> CheckedText:
    """Looks up a typed claim: earlier checks, evidence, a proposal; nothing is kept."""
    from onrecord.compose import open_desk

    state = request.app.state
    with _ONE_AT_A_TIME:
        if not hasattr(state, "desk"):
            state.desk = open_desk(office_of(request).settings)
        known = state.desk.claim(body.text)
    judged = known.judged
    return CheckedText(
        text=judged.text,
        why_not=judged.why_not,
        checkworthiness=judged.checkworthiness,
        kind=judged.kind,
        matches=known.matches,
        collection=known.collection,
        evidence=known.evidence,
        quantities=known.quantities,
        verdict=known.verdict,
    )


def _cursor(text: str) -> Cursor | None:
    worth, _, number = text.partition(":")
    try:
        return Cursor(float(worth), int(number)) if text else None
    except ValueError:
        raise Refused(422, "this pageToken is none of ours") from None


_C = "/api/v1/claims"
ROUTES: tuple[Route, ...] = (
    Route("GET", _C, "api_claims", Role.READER, list_claims, is_api=True),
    Route("POST", _C + ":check", "api_check_text", Role.READER, check_text, is_api=True),
    Route("GET", _C + "/{claim_id}", "api_claim", Role.READER, get_claim, is_api=True),
    Route("POST", _C + "/{claim_id}/take", "api_take", Role.CONTRIBUTOR, take, is_api=True),
    Route("POST", _C + "/{claim_id}/leave", "api_leave", Role.CONTRIBUTOR, leave_out, is_api=True),
)
