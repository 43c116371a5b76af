"""A check to take away: Markdown, DOCX, CSV, and HTML for another content system."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from onrecord.locker import Locker
from onrecord.newsroom import docx
from onrecord.newsroom.export import as_csv, as_html, as_markdown
from onrecord.newsroom.publication import Publication, claim_review
from onrecord.store import newsroom
from onrecord.terms import ReviewState, Role
from onrecord.web.access import Refused
from onrecord.web.office import office_of
from onrecord.web.published import published_one
from onrecord.web.reviews import preview_of
from onrecord.web.routes import ANYBODY, Route
from onrecord.web.site import script_json

__all__ = ["ROUTES"]

# A file is made in memory; what is larger is written by `onrecord locker export`.
MAX_WACZ = 200_000_000
Form = Literal["md", "docx", "csv", "html"]
_MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": docx.MEDIA_TYPE,
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


def export_check(
    request: Request,
    review_id: str,
    form: Form,
    markup: Annotated[Literal["", "yes"], Query()] = "",
) -> Response:
    """A published check; of a retracted one its tombstone, with 410.

    `markup` puts the ClaimReview into the HTML: for the one page that the check has, if that is
    elsewhere.
    """
    check, _ = published_one(office_of(request), review_id)
    node = claim_review(check) if markup else None
    return _file(check, form, is_draft=False, markup=script_json(node) if node else "")


def export_review(request: Request, review_id: str, form: Form) -> Response:
    """A review as it stands, marked as a draft unless it is published."""
    office = office_of(request)
    stored = newsroom.load(office.engine, review_id)
    if stored is None:
        raise Refused(404, "there is no such review")
    if stored.review.state in {ReviewState.PUBLISHED, ReviewState.RETRACTED}:
        check, _ = published_one(office, review_id)
        return _file(check, form, is_draft=False, markup="")
    return _file(preview_of(office, stored.review), form, is_draft=True, markup="")


def _file(check: Publication, form: Form, *, is_draft: bool, markup: str) -> Response:
    body: bytes | str
    if form == "md":
        body = as_markdown(check, is_draft=is_draft)
    elif form == "docx":
        body = docx.as_docx(check, is_draft=is_draft)
    elif form == "csv":
        body = as_csv(check, is_draft=is_draft)
    else:
        body = as_html(check, is_draft=is_draft, markup=markup)
    name = f"{'draft' if is_draft else 'check'}-{check.id}.{form}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-type": _MEDIA_TYPES[form],
        "cache-control": "no-store" if is_draft else "public, max-age=60",
    }
    return Response(body, 410 if check.tombstone else 200, headers=headers)


def export_locker(request: Request, review_id: str) -> Response:
    """The kept copies of what a published check cites, as one WACZ file; for the desk alone."""
    office = office_of(request)
    stored = newsroom.load(office.engine, review_id)
    if stored is None or stored.review.state is not ReviewState.PUBLISHED:
        raise Refused(404, "there is no published check of that name")
    made = Locker(office.engine, office.folder).exported(
        [stored.review], site=office.desk_name.url, max_bytes=MAX_WACZ
    )
    headers = {
        "content-disposition": f'attachment; filename="check-{review_id}.wacz"',
        "cache-control": "no-store",
    }
    return Response(made.body, media_type="application/wacz", headers=headers)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/checks/{review_id}/export.{form}", "export_check", ANYBODY, export_check),
    Route("GET", "/desk/reviews/{review_id}/export.{form}", "export_review", Role.READER, export_review),
    Route("GET", "/desk/reviews/{review_id}/locker.wacz", "export_locker", Role.READER, export_locker),
)  # fmt: skip
