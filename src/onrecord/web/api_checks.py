"""Published checks over the API, for everybody: the same as the public site shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Response
from starlette.requests import Request

from onrecord.newsroom.publication import Publication, claim_review, spoken
from onrecord.web.api_review_shapes import (
    Checks,
    CheckShape,
    CorrectionShape,
    GateShape,
    SignerShape,
)
from onrecord.web.api_shapes import Asked, Id, PageSize, shape_of
from onrecord.web.office import office_of
from onrecord.web.published import published, published_one
from onrecord.web.routes import ANYBODY, Route
from onrecord.web.site import MAX_SEARCHED, with_words

__all__ = ["ROUTES", "check_shape"]


def list_checks(
    request: Request,
    words: Asked = "",
    page_size: PageSize = 50,
    page_token: Annotated[str, Query(alias="pageToken", pattern=r"^[0-9]{0,5}$")] = "",
) -> Checks:
    """Published and retracted checks, the newest first; with `words`, those that hold them all."""
    office = office_of(request)
    start = int(page_token or 0)
    if words.strip():
        found = with_words(published(office, words=words.split()[:8], limit=MAX_SEARCHED), words)
    else:
        found = published(office, limit=start + page_size + 1)
    shown = found[start : start + page_size]
    return Checks(
        checks=tuple(check_shape(one) for one in shown),
        nextPageToken=str(start + page_size) if len(found) > start + page_size else "",
    )


def get_check(request: Request, response: Response, review_id: Id) -> CheckShape:
    """A published check, or the tombstone of a retracted one."""
    check, digest = published_one(office_of(request), review_id)
    response.headers["etag"] = f'"{digest}"'
    return check_shape(check)


def check_shape(check: Publication) -> CheckShape:
    """A check as everybody may see it.

    Contacts are given as the lines that the page prints, not with the questions and the ways in
    which people were reached.
    """
    return CheckShape(
        id=check.id,
        url=check.url,
        published=check.published,
        changed=check.changed,
        version=check.version,
        tombstone=check.tombstone,
        content=None if check.tombstone else replace(check.content, contacts=()),
        contacts=() if check.tombstone else spoken(check.content.contacts),
        signers=tuple(shape_of(SignerShape, one) for one in check.signers),
        is_single_signed=check.is_single_signed,
        gate=tuple(shape_of(GateShape, one) for one in check.gate),
        corrections=tuple(shape_of(CorrectionShape, one) for one in check.corrections),
        markup=claim_review(check),
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/api/v1/checks", "api_checks", ANYBODY, list_checks, is_api=True),
    Route("GET", "/api/v1/checks/{review_id}", "api_check", ANYBODY, get_check, is_api=True),
)
