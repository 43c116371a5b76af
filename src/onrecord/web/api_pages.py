"""Pages, jobs and records over the API: added, followed, read, corrected."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import File, Query, Response, UploadFile
from pydantic import Field, StringConstraints
from starlette.requests import Request

from onrecord.errors import AnchorError, CodecError, NewsroomError
from onrecord.intake import is_address
from onrecord.newsroom.edits import Edit, edit
from onrecord.store import jobs, newsroom, records
from onrecord.store.jobs import Job
from onrecord.store.newsroom import Act, log
from onrecord.terms import EditAct, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.api_shapes import (
    NO_NUL,
    Digest,
    Id,
    Line,
    PageSize,
    Shape,
    Word,
    shape_of,
)
from onrecord.web.office import office_of
from onrecord.web.queue import UPLOAD_SUFFIXES
from onrecord.web.record import open_record, wanted_changes
from onrecord.web.routes import Route
from onrecord.work import keep_upload

__all__ = ["ROUTES"]


class NewPage(Shape):
    """A page to read: an address, or a text with the form that it is in; one of the two."""

    url: Line = ""
    text: Annotated[str, StringConstraints(max_length=2_000_000, pattern=NO_NUL)] = ""
    form: Literal["txt", "html", "md"] = "txt"


class JobShape(Shape):
    """A page that is being read; `record` is the digest of the page once it is done."""

    id: str
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    progress: float
    message: str
    made: str
    started: str
    finished: str
    record: str


class Jobs(Shape):
    """The newest jobs."""

    jobs: tuple[JobShape, ...]


class ListedRecord(Shape):
    """A page that was read."""

    digest: str
    url: str
    retrieved: str
    made: str


class Records(Shape):
    """Pages that were read, the newest first."""

    records: tuple[ListedRecord, ...]
    nextPageToken: str = ""  # noqa: N815 - the name of the contract


class NewEdit(Shape):
    """A correction, an addition or a rejection of a finding.

    `words`, for claims: the exact words of the page that the claim is. `changes`: the fields of
    the finding in the form of the record's JSON.
    """

    field: Word
    act: Literal["correct", "add", "reject"]
    target: Word = ""
    words: Annotated[str, StringConstraints(max_length=20_000, pattern=NO_NUL)] = ""
    changes: dict[str, object] = Field(default_factory=dict)
    reason: Line = ""


class EditShape(Shape):
    """An edit as it is kept; `changes` is JSON; `why_lost` says why it fits no more, or is empty."""

    id: str
    field: str
    act: str
    target: str
    changes: str
    by: str
    at: str
    reason: str
    why_lost: str = ""


class Edits(Shape):
    """The edits of a record, in order."""

    edits: tuple[EditShape, ...]


def add_page(request: Request, response: Response, body: NewPage) -> JobShape:
    """Queues a page: an address to fetch, or a text as it is pasted."""
    office = office_of(request)
    if bool(body.url.strip()) == bool(body.text.strip()):
        raise Refused(422, "give either 'url' or 'text'")
    if body.url:
        wanted = body.url.strip()
        if not is_address(wanted) or not wanted.lower().startswith(("http://", "https://")):
            raise Refused(422, "an address begins with http:// or https://")
        return _queued(request, response, "address", wanted)
    name = keep_upload(office.folder, body.text.encode("utf-8", "replace"), suffix=f".{body.form}")
    return _queued(request, response, "paste", name)


def add_file(request: Request, response: Response, file: Annotated[UploadFile, File()]) -> JobShape:
    """Queues an uploaded page: HTML, text, PDF or a WARC archive, told by its name's ending."""
    office = office_of(request)
    given = (file.filename or "").lower()
    suffix = next((one for one in UPLOAD_SUFFIXES if given.endswith(one)), "")
    limit = office.settings.fetch.max_bytes
    body = file.file.read(limit + 1)
    if not suffix:
        raise Refused(422, f"a page is a file such as {', '.join(sorted(UPLOAD_SUFFIXES))}")
    if len(body) > limit:
        raise Refused(413, f"the file is larger than {limit} bytes")
    if not body.strip():
        raise Refused(422, "the file is empty")
    return _queued(request, response, "file", keep_upload(office.folder, body, suffix=suffix))


def list_jobs(request: Request) -> Jobs:
    """The newest jobs."""
    found = jobs.recent(office_of(request).engine)
    return Jobs(jobs=tuple(shape_of(JobShape, one) for one in found))


def get_job(request: Request, job_id: Id) -> JobShape:
    """How far a job is."""
    job = jobs.load(office_of(request).engine, job_id)
    if job is None:
        raise Refused(404, "there is no such job")
    return shape_of(JobShape, job)


def list_records(
    request: Request,
    page_size: PageSize = 50,
    page_token: Annotated[str, Query(alias="pageToken", pattern=r"^[0-9]{0,18}$")] = "",
) -> Records:
    """The pages that were read, the newest first."""
    engine = office_of(request).engine
    found = records.listed(engine, limit=page_size, before=int(page_token or 0))
    return Records(
        records=tuple(shape_of(ListedRecord, one) for _, one in found),
        nextPageToken=str(found[-1][0]) if len(found) == page_size else "",
    )


def get_record(request: Request, digest: Digest) -> dict[str, object]:
    """The record of a page as versioned JSON, with the editors' edits laid over it."""
    from onrecord.codec import encode

    made: dict[str, object] = json.loads(encode(open_record(office_of(request), digest).record))
    return made


def list_edits(request: Request, digest: Digest) -> Edits:
    """The edits of a record; those that fit no more say why."""
    office = office_of(request)
    opened = open_record(office, digest)
    why = {one.edit.id: one.why for one in opened.lost}
    found = newsroom.edits_of(office.engine, record=digest, url=opened.record.page.url or "")
    return Edits(edits=tuple(_edit_shape(one, why.get(one.id, "")) for one in found))


def make_edit(request: Request, digest: Digest, body: NewEdit) -> EditShape:
    """Corrects, adds or rejects a finding."""
    office = office_of(request)
    account = account_of(request)
    opened = open_record(office, digest)
    changes = json.dumps(body.changes) if body.changes else ""
    try:
        wanted = wanted_changes(
            opened.record, body.field, body.act, words=body.words, changes=changes
        )
        made = edit(
            opened.record,
            body.field,
            EditAct(body.act),
            target=body.target,
            changes=wanted,
            account=account.id,
            by=account.name,
            at=office.now(),
            reason=body.reason.strip(),
        )
    except (NewsroomError, AnchorError, CodecError, LookupError, TypeError, ValueError) as error:
        raise Refused(422, f"this edit cannot be made: {error}") from error
    act = Act(account.id, f"{body.act} {body.field}", office.now())
    newsroom.keep_edit(office.engine, made, url=opened.record.page.url or "", act=act)
    records.project(office.engine, open_record(office, digest).record, now=office.now())
    return _edit_shape(made, "")


def _queued(request: Request, response: Response, kind: str, argument: str) -> JobShape:
    office = office_of(request)
    account = account_of(request)
    job: Job = jobs.add(office.engine, kind, argument, account=account.id, now=office.now())
    log(office.engine, Act(account.id, "add page", office.now()), target=f"job/{job.id}")
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return shape_of(JobShape, job)


def _edit_shape(one: Edit, why_lost: str) -> EditShape:
    return EditShape(
        id=one.id,
        field=one.field,
        act=one.act.value,
        target=one.target,
        changes=one.changes,
        by=one.by,
        at=one.at,
        reason=one.reason,
        why_lost=why_lost,
    )


_V = "/api/v1"
ROUTES: tuple[Route, ...] = (
    Route("POST", _V + "/pages", "api_add_page", Role.CONTRIBUTOR, add_page, is_api=True, status=202),
    Route("POST", _V + "/pages/file", "api_add_file", Role.CONTRIBUTOR, add_file, is_api=True, status=202),
    Route("GET", _V + "/jobs", "api_jobs", Role.READER, list_jobs, is_api=True),
    Route("GET", _V + "/jobs/{job_id}", "api_job", Role.READER, get_job, is_api=True),
    Route("GET", _V + "/records", "api_records", Role.READER, list_records, is_api=True),
    Route("GET", _V + "/records/{digest}", "api_record", Role.READER, get_record, is_api=True),
    Route("GET", _V + "/records/{digest}/edits", "api_edits", Role.READER, list_edits, is_api=True),
    Route("POST", _V + "/records/{digest}/edits", "api_make_edit", Role.CONTRIBUTOR, make_edit, is_api=True, status=201),
)  # fmt: skip
