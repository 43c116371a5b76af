"""The record of a page on the desk: the article by voice, a panel for each claim, editors' edits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import NewsroomError
from onrecord.newsroom.edits import FIELDS, EditedRecord, Lost, Mark, edit, edited_record
from onrecord.record import Claim, Evidence, Match, QuantityCheck, Record, Verdict
from onrecord.show.article import article
from onrecord.show.lookup import Lookup, lookup
from onrecord.show.markup import at
from onrecord.show.reuse import reuse_section, spans_shown
from onrecord.show.wording import claimed_by
from onrecord.store import newsroom, records
from onrecord.store.newsroom import Act
from onrecord.terms import EditAct, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.notices import open_notices
from onrecord.web.office import Office, office_of
from onrecord.web.pages import page, see_other
from onrecord.web.routes import Route

__all__ = ["ROUTES", "ClaimPanel", "open_record", "wanted_changes"]

MAX_PANELS = 40


@dataclass(frozen=True, slots=True)
class ClaimPanel:
    """Everything the desk knows of one claim; `words` are its own, `said` who says it."""

    claim: Claim
    words: str
    said: str
    matches: tuple[Match, ...]
    evidence: tuple[Evidence, ...]
    quantities: tuple[QuantityCheck, ...]
    verdict: Verdict | None
    mark: Mark | None
    review: str


def open_record(office: Office, digest: str) -> EditedRecord:
    """The newest record of a page with the editors' edits laid over it; `Refused` where none is."""
    record = records.load(office.engine, digest)
    if record is None:
        raise Refused(404, "there is no record of such a page")
    edits = newsroom.edits_of(office.engine, record=digest, url=record.page.url or "")
    return edited_record(record, edits)


def show_record(
    request: Request, digest: str, everything: Annotated[int, Query(alias="all")] = 0
) -> Response:
    """The page of a record."""
    office = office_of(request)
    opened = open_record(office, digest)
    look = lookup(opened.record)
    panels = _panels(office, opened, look)
    linked = [*(panel.claim.span for panel in panels), *spans_shown(opened.record)]
    shown = article(look, linked, comments=False)
    reuse = reuse_section(opened.record, shown.anchors)
    return page(
        request,
        office,
        "record.html",
        digest=digest,
        record=opened.record,
        title=look.title() or "a page without a title",
        article=Markup(shown.html),  # noqa: S704 - show.article escapes every string of the page
        anchors=shown.anchors,
        reuse=Markup(reuse),  # noqa: S704 - show.reuse escapes every string of page and texts
        speakers=[(look.letters[id_], look.speakers[id_]) for id_ in look.letters],
        panels=panels if everything else panels[:MAX_PANELS],
        n_panels=len(panels),
        anchor=at,
        notices=open_notices(office, review="", url=opened.record.page.url or "-"),
        marks=opened.marks,
        lost=opened.lost,
        fields=list(FIELDS),
        may_edit=account_of(request).may(Role.CONTRIBUTOR),
    )


def make_edit(  # noqa: PLR0913, PLR0917 - one parameter for each field of the form
    request: Request,
    digest: str,
    field: Annotated[str, Form(max_length=20)],
    act: Annotated[str, Form(max_length=10)],
    target: Annotated[str, Form(max_length=200)] = "",
    words: Annotated[str, Form(max_length=20_000)] = "",
    changes: Annotated[str, Form(max_length=100_000)] = "",
    reason: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Corrects, adds or rejects a finding.

    `words` are a shorter way for claims: the exact words of the page that the claim is; `changes`
    the fields in the plain form of the record's JSON.
    """
    office = office_of(request)
    account = account_of(request)
    opened = open_record(office, digest)
    try:
        wanted = wanted_changes(opened.record, field, act, words=words, changes=changes)
        made = edit(
            opened.record,
            field,
            EditAct(act),
            target=target,
            changes=wanted,
            account=account.id,
            by=account.name,
            at=office.now(),
            reason=reason.strip(),
        )
    except ValueError as error:
        raise Refused(422, f"this edit cannot be read: {error}") from error
    newsroom.keep_edit(
        office.engine,
        made,
        url=opened.record.page.url or "",
        act=Act(account.id, f"{act} {field}", office.now()),
    )
    records.project(office.engine, open_record(office, digest).record, now=office.now())
    return see_other(f"/desk/records/{digest}")


def record_json(request: Request, digest: str) -> Response:
    """The record as JSON, with the editors' edits."""
    from onrecord.codec import encode

    opened = open_record(office_of(request), digest)
    return Response(encode(opened.record), media_type="application/json")


def wanted_changes(
    record: Record, field: str, act: str, *, words: str, changes: str
) -> dict[str, object]:
    """The changes of an edit: the given JSON, or those that the words of a claim mean."""
    if changes.strip():
        loaded = json.loads(changes)
        if not isinstance(loaded, dict):
            raise NewsroomError("found changes that are no JSON object")
        return loaded
    if act == EditAct.REJECT:
        return {}
    if field != "claims" or not words.strip():
        raise NewsroomError("give the exact words of the page, or the changed fields as JSON")
    start = record.page.text.find(words.strip())
    if start < 0:
        raise NewsroomError("these words do not stand on the page as they are; copy them from it")
    span: dict[str, object] = {"span": [start, start + len(words.strip())]}
    if act == EditAct.CORRECT:
        return span
    new: dict[str, object] = {"id": "", "attribution": None, "checkable": True, "why_not": None}
    return span | new | {"checkworthiness": 1.0, "kind": "event", "rank": 0, "reasons": []}


def _panels(office: Office, opened: EditedRecord, look: Lookup) -> tuple[ClaimPanel, ...]:
    record = opened.record
    marks = {mark.key: mark for mark in opened.marks if mark.field == "claims"}
    verdicts = {verdict.claim: verdict for verdict in record.verdicts or ()}
    found = [claim for claim in record.claims or () if claim.checkable]
    found.sort(key=lambda claim: (claim.rank or 10_000, claim.span.start))
    reviews = {
        claim.id: claim.review
        for claim in records.queue(
            office.engine, records.QueueFilter(state="", record=record.page.digest), limit=1_000
        )
    }
    return tuple(
        ClaimPanel(
            claim,
            look.words(claim.span),
            claimed_by(look, claim),
            tuple(one for one in record.matches or () if one.claim == claim.id),
            tuple(one for one in record.evidence or () if one.claim == claim.id),
            tuple(one for one in record.quantities or () if one.claim == claim.id),
            verdicts.get(claim.id),
            marks.get(claim.id),
            reviews.get(claim.id, ""),
        )
        for claim in found
    )


def lost_words(lost: Lost) -> str:
    """What a lost edit was about, in words."""
    return f"{lost.edit.by} wanted to {lost.edit.act.value} one of {lost.edit.field}: {lost.why}"


ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk/records/{digest}", "record", Role.READER, show_record),
    Route("GET", "/desk/records/{digest}/json", "record_json", Role.READER, record_json),
    Route("POST", "/desk/records/{digest}/edits", "make_edit", Role.CONTRIBUTOR, make_edit),
)
