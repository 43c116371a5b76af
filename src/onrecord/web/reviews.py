"""Reviews on the desk: written, signed, published, corrected, each act in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from onrecord.errors import NewsroomError, OnrecordError
from onrecord.locker import Locker
from onrecord.newsroom.corrections import (
    PendingCorrection,
    blacked_out,
    changes_between,
    corrected,
    retraction,
    signed_correction,
)
from onrecord.newsroom.gate import WAIVABLE, gate, waived
from onrecord.newsroom.publication import Publication, Signer
from onrecord.newsroom.review import (
    Account,
    Circumstances,
    CitedSource,
    Contact,
    GatePoint,
    Review,
    ReviewContent,
    allowed_moves,
    content_digest,
    counting_signatures,
    edited,
    moved,
    needed_signatures,
    signed,
)
from onrecord.show.lookup import lookup
from onrecord.store import accounts, newsroom, records
from onrecord.store.newsroom import Act, Stored
from onrecord.terms import CorrectionKind, ReviewState, Role
from onrecord.web.access import Refused, account_of
from onrecord.web.forms import Posted, field_text, form_rows, utc_time
from onrecord.web.notices import open_notices
from onrecord.web.office import Office, office_of
from onrecord.web.pages import page, see_other
from onrecord.web.record import open_record
from onrecord.web.routes import Route
from onrecord.web.site import check_page

__all__ = [
    "ROUTES",
    "content_of_form",
    "correction_fault",
    "draft_of",
    "gate_of",
    "keep_cited",
    "n_needed",
    "preview_of",
]

N_BLANK_ROWS = 2
# Moves with a form of their own on the page.
_OWN_FORM = frozenset({"embargo", "retract"})


def show_reviews(request: Request) -> Response:
    """Every review, by state."""
    office = office_of(request)
    by_state = {
        state: newsroom.with_states(office.engine, [state], limit=200)
        for state in ReviewState
        if state is not ReviewState.DROPPED
    }
    return page(request, office, "reviews.html", by_state=by_state)


def new_review(request: Request, form: Posted) -> Response:
    """Begins a review: of a claim of a record, or by hand with an empty form."""
    office = office_of(request)
    account = account_of(request)
    digest, claim_id = field_text(form, "record"), field_text(form, "claim_id")
    content = ReviewContent("")
    if digest and claim_id:
        content = draft_of(office, digest, claim_id)
    now = office.now()
    review = Review(
        secrets.token_hex(8),
        content,
        record=digest,
        claim_id=claim_id,
        assigned=account.id,
        created=now,
        changed=now,
    )
    newsroom.save(office.engine, review, expected=None, act=_act(request, "begin review"))
    if claim_id:
        records.set_state(office.engine, claim_id, "taken", review=review.id)
    return see_other(f"/desk/reviews/{review.id}")


def show_review(request: Request, review_id: str) -> Response:
    """A review with its form, the gate, signatures, contacts, corrections and moves."""
    return _review_page(request, _stored(request, review_id))


def preview(request: Request, review_id: str) -> Response:
    """The public page as it would be now; marked as a preview, without markup."""
    office = office_of(request)
    return check_page(
        office, preview_of(office, _stored(request, review_id).review), digest="", is_preview=True
    )


def preview_of(office: Office, review: Review) -> Publication:
    """The public form that a review would have now, whatever its state; never for the public."""
    marks = counting_signatures(review)
    return Publication(
        review.id,
        f"{office.desk_name.url}/checks/{review.id}",
        review.content,
        office.scale.value(review.content.rating),
        review.published,
        review.published,
        review.version,
        tuple(Signer(mark.name, mark.at) for mark in marks),
        len(marks) == 1,
        gate_of(office, review),
        newsroom.corrections_of(office.engine, review.id),
        office.desk_name,
    )


def save_review(request: Request, review_id: str, form: Posted) -> Response:
    """Saves the form; what is wrong is said, and what was typed is kept."""
    office = office_of(request)
    account = account_of(request)
    stored = _stored(request, review_id)
    content = content_of_form(form, stored.review.content)
    side = field_text(form, "side")

    def change(review: Review) -> Review:
        return replace(edited(review, content, account=account, now=office.now()), side=side)

    return _change(request, stored, form, "edit review", change, typed=content)


def sign(request: Request, review_id: str, form: Posted) -> Response:
    """Puts the account's name under the text as it stands."""
    office = office_of(request)
    account = account_of(request)

    def change(review: Review) -> Review:
        if field_text(form, "content") != content_digest(review.content):
            raise NewsroomError("the text has changed since you read it; read it again and sign")
        return signed(review, account, now=office.now())

    return _change(request, _stored(request, review_id), form, "sign", change)


def move(request: Request, review_id: str, form: Posted) -> Response:
    """Makes a move of the table."""
    office = office_of(request)
    account = account_of(request)
    name = field_text(form, "move")
    stored = _stored(request, review_id)
    given = Circumstances(
        n_needed(office),
        gate_of(office, stored.review),
        utc_time(field_text(form, "until")),
        field_text(form, "reason"),
    )

    def change(review: Review) -> Review:
        return moved(review, name, account=account, now=office.now(), given=given)

    if name == "retract":
        return _retract(request, stored, form, change, given.reason)
    answer = _change(request, stored, form, name, change)
    if answer.status_code < 400 and name == "publish":
        if stored.review.claim_id:
            records.set_state(office.engine, stored.review.claim_id, "checked", review=review_id)
        # After the answer is sent: sources may take their time, and none of them stops a check.
        answer.background = BackgroundTask(keep_cited, office, review_id)
    return answer


def keep_cited(office: Office, review_id: str) -> None:
    """Fetches and keeps what a published check cites, where the settings say so; never raises."""
    if office.settings.newsroom.keep_cited:
        locker = Locker(office.engine, office.folder)
        locker.fill_quietly(review_id, fetch=office.settings.fetch, now=office.clock())


def waive(request: Request, review_id: str, form: Posted) -> Response:
    """Waives a point of the gate, with a reason that is printed."""
    office = office_of(request)
    account = account_of(request)

    def change(review: Review) -> Review:
        return waived(
            review,
            field_text(form, "point"),
            reason=field_text(form, "reason"),
            account=account,
            now=office.now(),
        )

    return _change(request, _stored(request, review_id), form, "waive", change)


def propose_correction(request: Request, review_id: str, form: Posted) -> Response:
    """Keeps a correction of a published check until it has its signatures."""
    office = office_of(request)
    account = account_of(request)
    stored = _stored(request, review_id)
    content = content_of_form(form, stored.review.content)
    is_update = field_text(form, "kind") == CorrectionKind.UPDATE
    kind = CorrectionKind.UPDATE if is_update else CorrectionKind.CORRECTION
    reason = field_text(form, "reason")
    fault = correction_fault(stored.review, content, reason)
    if fault:
        return _review_page(request, stored, fault=fault, typed=content, status=422)
    pending = PendingCorrection(review_id, kind, content, reason, account.id, office.now())
    if account.may(Role.EDITOR):
        pending = signed_correction(pending, account, now=office.now())
    act = _act(request, "propose correction")
    newsroom.save_pending(office.engine, secrets.token_hex(8), pending, act=act)
    return see_other(f"/desk/reviews/{review_id}#corrections")


def sign_pending(request: Request, review_id: str, pending_id: str) -> Response:
    """Signs a waiting correction."""
    office = office_of(request)
    pending = _pending(office, review_id, pending_id)
    signed_one = signed_correction(pending, account_of(request), now=office.now())
    newsroom.save_pending(
        office.engine, pending_id, signed_one, act=_act(request, "sign correction")
    )
    return see_other(f"/desk/reviews/{review_id}#corrections")


def make_correction(request: Request, review_id: str, pending_id: str) -> Response:
    """Publishes a correction that has its signatures."""
    office = office_of(request)
    stored = _stored(request, review_id)
    pending = _pending(office, review_id, pending_id)
    log = newsroom.corrections_of(office.engine, review_id)
    fresh, entry = corrected(
        stored.review, pending, log=log, n_needed=n_needed(office), now=office.now()
    )
    act = _act(request, "publish correction")
    newsroom.new_correction(office.engine, fresh, entry, expected=stored.digest, act=act)
    newsroom.drop_pending(office.engine, pending_id, act=act)
    answer = see_other(f"/desk/reviews/{review_id}#corrections")
    answer.background = BackgroundTask(keep_cited, office, review_id)  # it may cite a new source
    return answer


def drop_correction(request: Request, review_id: str, pending_id: str) -> Response:
    """Gives a waiting correction up."""
    office = office_of(request)
    _pending(office, review_id, pending_id)
    newsroom.drop_pending(office.engine, pending_id, act=_act(request, "drop correction"))
    return see_other(f"/desk/reviews/{review_id}#corrections")


def black_out(request: Request, review_id: str, form: Posted) -> Response:
    """Takes words out of a published check on legal grounds; the gap stays visible."""
    office = office_of(request)
    stored = _stored(request, review_id)
    log = newsroom.corrections_of(office.engine, review_id)
    fresh, entry = blacked_out(
        stored.review,
        field_text(form, "words"),
        ground=field_text(form, "ground"),
        log=log,
        account=account_of(request),
        now=office.now(),
    )
    act = _act(request, "black out")
    newsroom.new_correction(office.engine, fresh, entry, expected=stored.digest, act=act)
    return see_other(f"/desk/reviews/{review_id}#corrections")


def n_needed(office: Office) -> int:
    """How many signatures a publication needs on this desk now."""
    setting = office.settings.newsroom.signatures
    return needed_signatures(accounts.signers(office.engine), setting)


def gate_of(office: Office, review: Review) -> tuple[GatePoint, ...]:
    """The points of the publish gate for a review."""
    return gate(review, scale=office.scale, site=office.site())


def content_of_form(form: FormData, before: ReviewContent) -> ReviewContent:
    """The content of a posted form; rows of sources and contacts without any text are left out.

    Fields that the form does not have keep what they were.
    """
    plain = {
        field.name: field_text(form, field.name)
        for field in fields(ReviewContent)
        if field.name not in {"sources", "contacts"} and field.name in form
    }
    return replace(
        before,
        **plain,
        sources=tuple(form_rows(form, "source", CitedSource)),
        contacts=tuple(form_rows(form, "contact", Contact)),
    )


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A row of a form, with its number for the names of the fields."""

    number: int
    row: CitedSource | Contact


def _change(
    request: Request,
    stored: Stored,
    form: FormData,
    act: str,
    change: Callable[[Review], Review],
    typed: ReviewContent | None = None,
) -> Response:
    """Changes a review and stores it, or shows the page again with what was wrong."""
    office = office_of(request)
    try:
        expected = field_text(form, "expected") or stored.digest
        fresh = change(stored.review)
        newsroom.save(office.engine, fresh, expected=expected, act=_act(request, act))
    except OnrecordError as error:
        return _review_page(request, stored, fault=str(error), typed=typed, status=409)
    return see_other(f"/desk/reviews/{fresh.id}")


def correction_fault(review: Review, content: ReviewContent, reason: str) -> str:
    """Why a correction cannot be proposed, or `""`."""
    if not reason:
        return "a correction needs a reason, which is printed"
    if content == review.content:
        return "the correction changes nothing"
    if review.state is not ReviewState.PUBLISHED:
        return "only a published check is corrected; edit this one"
    return ""


def _retract(
    request: Request,
    stored: Stored,
    form: FormData,
    change: Callable[[Review], Review],
    reason: str,
) -> Response:
    office = office_of(request)
    log = newsroom.corrections_of(office.engine, stored.review.id)
    try:
        fresh = change(stored.review)
        entry = retraction(
            stored.review, log=log, reason=reason, by=account_of(request), now=office.now()
        )
        expected = field_text(form, "expected") or stored.digest
        act = _act(request, "retract")
        newsroom.new_correction(office.engine, fresh, entry, expected=expected, act=act)
    except OnrecordError as error:
        return _review_page(request, stored, fault=str(error), status=409)
    return see_other(f"/desk/reviews/{fresh.id}")


def _review_page(
    request: Request,
    stored: Stored,
    *,
    fault: str = "",
    typed: ReviewContent | None = None,
    status: int = 200,
) -> Response:
    office = office_of(request)
    account = account_of(request)
    review = stored.review
    content = typed or review.content
    blanks = range(N_BLANK_ROWS)
    sources = [*content.sources, *(CitedSource("") for _ in blanks)]
    contacts = [*content.contacts, *(Contact("", "", "", "") for _ in blanks)]
    pending = newsroom.pending_of(office.engine, review.id)
    is_open = review.state in {ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.LEGAL_READ}
    return page(
        request,
        office,
        "review.html",
        status=status,
        review=review,
        content=content,
        digest=stored.digest,
        content_digest=content_digest(review.content),
        fault=fault,
        sources=[_Numbered(i, row) for i, row in enumerate(sources)],
        contacts=[_Numbered(i, row) for i, row in enumerate(contacts)],
        ratings=office.scale.names,
        gate=gate_of(office, review),
        waivable=WAIVABLE,
        needed=n_needed(office),
        marks=counting_signatures(review),
        moves=[one for one in allowed_moves(review, account) if one.name not in _OWN_FORM],
        may=_powers(account),
        is_open=is_open,
        is_published=review.state is ReviewState.PUBLISHED,
        may_embargo=review.state is ReviewState.SIGNED and account.may(Role.EDITOR),
        may_sign=review.state is ReviewState.IN_REVIEW and account.may(Role.EDITOR),
        corrections=newsroom.corrections_of(office.engine, review.id),
        pending=[
            (pending_id, one, changes_between(review.content, one.content))
            for pending_id, one in pending
        ],
        notices=open_notices(office, review=review.id),
        held=_n_held(office, review),
    )


def _n_held(office: Office, review: Review) -> tuple[int, int]:
    """How many of the pages that a published check cites are held, and how many it cites."""
    if review.state is not ReviewState.PUBLISHED:
        return 0, 0
    locker = Locker(office.engine, office.folder)
    held = {(one.cited.url, one.cited.digest) for one in locker.copies(review)}
    return len(held), len(locker.cited(review))


def _powers(account: Account) -> Mapping[str, bool]:
    return {role.value: account.may(role) for role in Role}


def draft_of(office: Office, digest: str, claim_id: str) -> ReviewContent:
    """A first content from a record: the claim's words, who said them, where. No proposal."""
    opened = open_record(office, digest)
    record = opened.record
    claim = next((one for one in record.claims or () if one.id == claim_id), None)
    if claim is None:
        raise Refused(404, "this claim is not in the record any more")
    look = lookup(record)
    speaker = look.speaker_of.get(claim.attribution or "")
    page_of = record.page
    published = page_of.metadata.published
    return ReviewContent(
        " ".join(look.words(claim.span).split()),
        claimant=speaker.name if speaker else "",
        said_in=look.title(),
        said_at=page_of.url or "",
        said_on=published.value[:10] if published else "",
        language=page_of.metadata.language.value if page_of.metadata.language else "en",
    )


def _stored(request: Request, review_id: str) -> Stored:
    stored = newsroom.load(office_of(request).engine, review_id)
    if stored is None:
        raise Refused(404, "there is no such review")
    return stored


def _pending(office: Office, review_id: str, pending_id: str) -> PendingCorrection:
    found = dict(newsroom.pending_of(office.engine, review_id)).get(pending_id)
    if found is None:
        raise Refused(404, "there is no such correction waiting")
    return found


def _act(request: Request, act: str) -> Act:
    return Act(account_of(request).id, act, office_of(request).now())


_R = "/desk/reviews/{review_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk/reviews", "reviews", Role.READER, show_reviews),
    Route("POST", "/desk/reviews", "new_review", Role.CONTRIBUTOR, new_review),
    Route("GET", _R, "review", Role.READER, show_review),
    Route("GET", _R + "/preview", "preview", Role.READER, preview),
    Route("POST", _R, "save_review", Role.CONTRIBUTOR, save_review),
    Route("POST", _R + "/sign", "sign", Role.EDITOR, sign),
    Route("POST", _R + "/move", "move", Role.CONTRIBUTOR, move),
    Route("POST", _R + "/waive", "waive", Role.EDITOR, waive),
    Route("POST", _R + "/corrections", "propose_correction", Role.CONTRIBUTOR, propose_correction),
    Route("POST", _R + "/corrections/{pending_id}/sign", "sign_pending", Role.EDITOR, sign_pending),
    Route("POST", _R + "/corrections/{pending_id}/publish", "make_correction", Role.EDITOR, make_correction),
    Route("POST", _R + "/corrections/{pending_id}/drop", "drop_correction", Role.EDITOR, drop_correction),
    Route("POST", _R + "/black-out", "black_out", Role.ADMIN, black_out),
)  # fmt: skip
