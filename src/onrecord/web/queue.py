"""The desk's first pages: what waits to be checked, and how a page gets in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import File, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from onrecord.intake import MEDIA_TYPES, is_address
from onrecord.store import accounts, jobs, notices, records
from onrecord.store.newsroom import Act, log
from onrecord.store.records import QUEUE_STATES, Cursor, QueueFilter
from onrecord.terms import ClaimKind, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import office_of
from onrecord.web.pages import page, see_other
from onrecord.web.routes import MAX_NUMBER, Route
from onrecord.work import keep_upload

__all__ = ["ROUTES"]

PAGE_SIZE = 50
MAX_PASTE = 2_000_000
UPLOAD_SUFFIXES = (*MEDIA_TYPES, ".warc", ".warc.gz")


def show_queue(  # noqa: PLR0913, PLR0917 - one parameter for each field of the form
    request: Request,
    state: Annotated[str, Query()] = "new",
    kind: Annotated[str, Query()] = "",
    site: Annotated[str, Query(max_length=200)] = "",
    words: Annotated[str, Query(max_length=200)] = "",
    assigned: Annotated[str, Query()] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The claims that wait, the most check-worthy first."""
    office = office_of(request)
    account = account_of(request)
    mine = account.id if assigned == "me" else ""
    asked = QueueFilter(
        state=state if state in QUEUE_STATES else "",
        kind=kind,
        site=site,
        words=words,
        assigned=mine,
    )
    found = records.queue(office.engine, asked, after=_cursor(after), limit=PAGE_SIZE + 1)
    more = ""
    if len(found) > PAGE_SIZE:
        found = found[:PAGE_SIZE]
        last = found[-1]
        fields = {"state": state, "kind": kind, "site": site, "words": words, "assigned": assigned}
        fields["after"] = f"{last.checkworthiness!r}:{last.number}"
        more = "/desk?" + urlencode(fields)
    names = {one.id: one.name for one, _, _ in accounts.every(office.engine)}
    return page(
        request,
        office,
        "queue.html",
        claims=found,
        more=more,
        asked=asked,
        mine=bool(mine),
        state=state,
        counts=records.counts(office.engine),
        kinds=[one.value for one in ClaimKind],
        names=names,
        may_take=account.may(Role.CONTRIBUTOR),
        waiting=jobs.waiting(office.engine),
        notices=notices.n_open(office.engine),
    )


def take(
    request: Request, claim_id: str, whom: Annotated[str, Form(max_length=16)] = "me"
) -> Response:
    """Gives a claim to oneself (`me`), to nobody (``), or to an account."""
    office = office_of(request)
    account = account_of(request)
    target = account.id if whom == "me" else whom
    if target and accounts.account(office.engine, target) is None:
        raise Refused(422, "there is no such account")
    if not records.assign(office.engine, claim_id, target):
        raise Refused(404, "this claim is not in the queue")
    act = Act(account.id, "assign" if target else "give back", office.now())
    log(office.engine, act, target=f"claim/{claim_id}")
    return see_other(_back(request))


def leave_out(request: Request, claim_id: str) -> Response:
    """Takes a claim out of the queue: not worth a check."""
    office = office_of(request)
    account = account_of(request)
    if not records.set_state(office.engine, claim_id, "left"):
        raise Refused(404, "this claim is not in the queue")
    log(office.engine, Act(account.id, "leave", office.now()), target=f"claim/{claim_id}")
    return see_other(_back(request))


def show_add(request: Request, url: Annotated[str, Query(max_length=2_000)] = "") -> Response:
    """The form to add a page; a bookmarklet fills in the address."""
    return _add_page(request, url=url)


def add_address(request: Request, url: Annotated[str, Form(max_length=2_000)] = "") -> Response:
    """Queues an address to be fetched and read."""
    office = office_of(request)
    account = account_of(request)
    wanted = url.strip()
    if not is_address(wanted) or not wanted.lower().startswith(("http://", "https://")):
        fault = "an address begins with http:// or https://"
        return _add_page(request, url=url, fault=fault, field="url")
    job = jobs.add(office.engine, "address", wanted, account=account.id, now=office.now())
    log(office.engine, Act(account.id, "add page", office.now()), target=f"job/{job.id}")
    return see_other(f"/desk/jobs/{job.id}")


def add_text(request: Request, posted: Posted) -> Response:
    """Queues pasted text: an article, a post, a speech or a transcript."""
    office = office_of(request)
    account = account_of(request)
    text, form = field_text(posted, "text"), field_text(posted, "form")
    if not text:
        return _add_page(request, fault="there is no text to read", field="text")
    if len(text) > MAX_PASTE:
        fault = f"the text has {len(text):,} characters, at most {MAX_PASTE:,} are read at once"
        return _add_page(request, fault=fault, field="text")
    suffix = form if form in {".txt", ".html", ".md"} else ".txt"
    name = keep_upload(office.folder, text.encode("utf-8", "replace"), suffix=suffix)
    job = jobs.add(office.engine, "paste", name, account=account.id, now=office.now())
    log(office.engine, Act(account.id, "paste page", office.now()), target=f"job/{job.id}")
    return see_other(f"/desk/jobs/{job.id}")


def add_file(request: Request, file: Annotated[UploadFile, File()]) -> Response:
    """Queues an uploaded page; what cannot be one is refused beside the field."""
    office = office_of(request)
    account = account_of(request)
    given = (file.filename or "").lower()
    suffix = next((one for one in UPLOAD_SUFFIXES if given.endswith(one)), "")
    limit = office.settings.fetch.max_bytes
    body = file.file.read(limit + 1)
    fault = ""
    if not suffix:
        fault = f"a page is a file such as {', '.join(sorted(UPLOAD_SUFFIXES))}"
    elif len(body) > limit:
        fault = f"the file is larger than {limit} bytes"
    elif not body.strip():
        fault = "the file is empty"
    if fault:
        return _add_page(request, fault=fault, field="file")
    name = keep_upload(office.folder, body, suffix=suffix)
    job = jobs.add(office.engine, "file", name, account=account.id, now=office.now())
    log(office.engine, Act(account.id, "upload page", office.now()), target=f"job/{job.id}")
    return see_other(f"/desk/jobs/{job.id}")


def show_job(request: Request, job_id: str) -> Response:
    """How far a job is; the page asks again by itself until it is done."""
    office = office_of(request)
    job = jobs.load(office.engine, job_id)
    if job is None:
        raise Refused(404, "there is no such job")
    template = "job_part.html" if request.headers.get("hx-request") else "job.html"
    return page(request, office, template, job=job)


def show_records(
    request: Request, before: Annotated[int, Query(ge=0, le=MAX_NUMBER)] = 0
) -> Response:
    """The pages that were read, the newest first."""
    office = office_of(request)
    found = records.listed(office.engine, before=before)
    more = f"/desk/records?before={found[-1][0]}" if len(found) == PAGE_SIZE else ""
    listed = [one for _, one in found]
    return page(
        request, office, "records.html", listed=listed, more=more, recent=jobs.recent(office.engine)
    )


def _add_page(request: Request, *, url: str = "", fault: str = "", field: str = "") -> Response:
    office = office_of(request)
    status = 422 if fault else 200
    suffixes = ",".join(UPLOAD_SUFFIXES)
    return page(
        request,
        office,
        "add.html",
        status=status,
        url=url,
        fault=fault,
        field=field,
        suffixes=suffixes,
        bookmarklet=f"javascript:location.href='{office.desk_name.url}/desk/add?url='+encodeURIComponent(location.href)",
    )


def _cursor(text: str) -> Cursor | None:
    worth, _, number = text.partition(":")
    try:
        return Cursor(float(worth), max(0, min(int(number), MAX_NUMBER))) if text else None
    except ValueError:
        return None


def _back(request: Request) -> str:
    """The desk's page that the form stood on, from the browser's referrer; else the queue."""
    from urllib.parse import urlsplit

    told = urlsplit(request.headers.get("referer", ""))
    if told.netloc == request.headers.get("host") and told.path.startswith("/desk"):
        return told.path + (f"?{told.query}" if told.query else "")
    return "/desk"


ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk", "queue", Role.READER, show_queue),
    Route("POST", "/desk/claims/{claim_id}/take", "take", Role.CONTRIBUTOR, take),
    Route("POST", "/desk/claims/{claim_id}/leave", "leave_claim", Role.CONTRIBUTOR, leave_out),
    Route("GET", "/desk/add", "show_add", Role.CONTRIBUTOR, show_add),
    Route("POST", "/desk/add/address", "add_address", Role.CONTRIBUTOR, add_address),
    Route("POST", "/desk/add/text", "add_text", Role.CONTRIBUTOR, add_text),
    Route("POST", "/desk/add/file", "add_file", Role.CONTRIBUTOR, add_file),
    Route("GET", "/desk/jobs/{job_id}", "job", Role.READER, show_job),
    Route("GET", "/desk/records", "records", Role.READER, show_records),
)
