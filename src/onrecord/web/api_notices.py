"""Notices over the API: pages that checks cite, or that are watched, and that are not as they were."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request

from onrecord.store import notices
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_shapes import Id, Shape, shape_of
from onrecord.web.office import office_of
from onrecord.web.routes import Route

__all__ = ["ROUTES"]


class NoticeShape(Shape):
    """A notice; see `store.notices.Notice`."""

    id: str
    kind: Literal["changed", "edited", "gone", "not_reached"]
    url: str
    review: str
    version: str
    first_seen: str
    last_seen: str
    before: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    has_correction: bool
    reason: str
    record: str
    seen: str


class Notices(Shape):
    """The open notices, the newest first, at most 500."""

    notices: list[NoticeShape]


def list_notices(request: Request) -> Notices:
    """The notices that no editor has marked as seen."""
    found = notices.notices(office_of(request).engine)
    return Notices(notices=[shape_of(NoticeShape, one) for one in found])


def mark(request: Request, notice_id: Id) -> NoticeShape:
    """Marks a notice as seen."""
    office = office_of(request)
    if notices.load(office.engine, notice_id) is None:
        raise Refused(404, "there is no such notice")
    act = Act(account_of(request).id, "notice seen", office.now())
    return shape_of(NoticeShape, notices.mark_seen(office.engine, notice_id, act=act))


_N = "/api/v1/notices"
ROUTES: tuple[Route, ...] = (
    Route("GET", _N, "api_notices", Role.READER, list_notices, is_api=True),
    Route("POST", _N + "/{notice_id}/seen", "api_notice_seen", Role.CONTRIBUTOR, mark, is_api=True),
)
