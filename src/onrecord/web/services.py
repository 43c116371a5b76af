"""Interfaces that other programs already speak, over this desk's own library, claims and filter.

Google's Fact Check Tools `claims:search`, ClaimBuster's scores and Akismet's four calls (fields as
their documentation gave them in 2024 and 2026). A client works by changing its base address and by
giving one of the desk's API tokens where the service takes its key. Keys come in the address with
Google's interface, because its clients send them so; put a proxy's log to rest accordingly.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from onrecord import library
from onrecord.claims.rank import ClaimScorer
from onrecord.newsroom import spam
from onrecord.newsroom.replies import Incoming, Signs, cut_address, decided
from onrecord.newsroom.review import Account
from onrecord.record import FactCheck
from onrecord.sentence_ends import split
from onrecord.settings import LIBRARY_FOLDER
from onrecord.span import Span
from onrecord.stages import claim_scorer
from onrecord.store import accounts
from onrecord.store.library import every
from onrecord.store.replies import learn, learned_weights
from onrecord.terms import ReplyKind, ReplyState
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import Office, office_of
from onrecord.web.published import published
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "claim_scores"]

MAX_PAGE, MAX_OFFSET = 100, 1_000
MAX_TEXT = 100_000
THANKS = "Thanks for making the web a better place."


def search_claims(  # noqa: PLR0913, PLR0917 - the parameters of the interface
    request: Request,
    query: Annotated[str, Query(max_length=2_000)] = "",
    language: Annotated[str, Query(alias="languageCode", max_length=35)] = "",
    site: Annotated[str, Query(alias="reviewPublisherSiteFilter", max_length=255)] = "",
    max_age: Annotated[int, Query(alias="maxAgeDays", ge=0)] = 0,
    page_size: Annotated[int, Query(alias="pageSize", ge=0)] = 10,
    page_token: Annotated[str, Query(alias="pageToken", max_length=200)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """`GET /v1alpha1/claims:search`: fact-checks of the library and this desk's own."""
    office = office_of(request)
    if _account(request) is None:
        return _google_fault(403, "PERMISSION_DENIED", "give an API token of this desk as key")
    if not query.strip() and not site.strip():
        told = "query is required unless reviewPublisherSiteFilter is given"
        return _google_fault(400, "INVALID_ARGUMENT", told)
    asked = json.dumps([query, language, site, max_age, page_size])
    if page_token:
        offset = _offset(page_token, asked)
        if offset < 0:
            told = "pageToken is not of this search; send the other parameters unchanged"
            return _google_fault(400, "INVALID_ARGUMENT", told)
    size = min(page_size or 10, MAX_PAGE)
    end = min(offset, MAX_OFFSET) + size
    found = _found(
        office,
        query.strip(),
        site=site,
        need=end + 1,
        keep=_fits(language, site, max_age, office.clock()),
    )
    answer: dict[str, object] = {}
    shown = found[end - size : end]
    if shown:
        answer["claims"] = [_claim(one) for one in shown]
    if len(found) > end:
        answer["nextPageToken"] = _page_token(end, asked)
    return JSONResponse(answer)


def search_images(request: Request) -> Response:  # noqa: ARG001 - every answer gets its request
    """`GET /v1alpha1/claims:imageSearch`: images are not compared here."""
    return _google_fault(501, "UNIMPLEMENTED", "this desk does not search by image")


def score_text(request: Request, text: str) -> Response:
    """`GET /api/v2/score/text/TEXT` and `.../sentences/TEXT`: check-worthiness by sentence."""
    if _account(request) is None:
        return JSONResponse({"error": "give an API token of this desk as x-api-key"}, 401)
    return _scored(request, text)


async def score_posted(request: Request) -> Response:
    """`POST /api/v2/score/text/` with `{"input_text": "..."}`."""
    from starlette.concurrency import run_in_threadpool

    body = await request.body()

    def answer() -> Response:
        if _account(request) is None:
            return JSONResponse({"error": "give an API token of this desk as x-api-key"}, 401)
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            given = None
        text = given.get("input_text") if isinstance(given, dict) else None
        if not isinstance(text, str):
            return JSONResponse({"error": "expected JSON with the text input_text"}, 400)
        return _scored(request, text)

    return await run_in_threadpool(answer)


def claim_scores(text: str, *, scorer: ClaimScorer) -> list[dict[str, object]]:
    """The sentences of a text with check-worthiness 0 to 1, and offsets into it in code points."""
    spans = [span for span in split(text, Span(0, len(text))) if span.of(text).strip()]
    words = [span.of(text) for span in spans]
    scores = scorer.score(words) if words else []
    return [
        {
            "text": one,
            "index": i,
            "score": round(float(score), 4),
            "start": span.start,
            "end": span.end,
        }
        for i, (one, score, span) in enumerate(zip(words, scores, spans, strict=True))
    ]


def verify_key(request: Request, form: Posted) -> Response:
    """`POST /1.1/verify-key`: whether the key is a token of this desk."""
    is_ours = accounts.by_token(office_of(request).engine, _akismet_key(form))
    return PlainTextResponse("valid" if is_ours else "invalid")


def check_comment(request: Request, form: Posted) -> Response:
    """`POST /1.1/comment-check`: `true` for spam, `false` for the rest."""
    office = office_of(request)
    fault = _akismet_fault(office, form, needs=("blog", "user_ip"))
    if fault:
        return PlainTextResponse("invalid", headers={"x-akismet-debug-help": fault})
    guid = hashlib.sha256(
        repr(sorted(form.multi_items(), key=repr)).encode("utf-8", "replace")
    ).hexdigest()[:32]
    headers = {"x-akismet-guid": guid}
    if field_text(form, "user_role") == "administrator":
        return PlainTextResponse("false", headers=headers)
    if _is_test_spam(form):
        return PlainTextResponse("true", headers=headers)
    incoming = _comment(form)
    weights = learned_weights(office.engine, _seed())
    signs = spam.signs(incoming, weights=weights, article="", known=Signs())
    decision = decided(incoming, signs)
    # Of what is held the desk would look itself; here the caller does, so only the surer half is spam.
    is_spam = decision.state is ReplyState.QUARANTINED or decision.score >= SPAM_FROM
    if is_spam and decision.state is ReplyState.QUARANTINED:
        headers["x-akismet-pro-tip"] = "discard"
    return PlainTextResponse("true" if is_spam else "false", headers=headers)


# Score of a reply from which a caller without moderators is told that it is spam; the same place as
# the filter's own border of quarantine, without its demand for two kinds of signs.
SPAM_FROM = 0.9


def submit_spam(request: Request, form: Posted) -> Response:
    """`POST /1.1/submit-spam`: the filter learns that this is spam."""
    return _learned(request, form, is_spam=True)


def submit_ham(request: Request, form: Posted) -> Response:
    """`POST /1.1/submit-ham`: the filter learns that this is good."""
    return _learned(request, form, is_spam=False)


def _learned(request: Request, form: Posted, *, is_spam: bool) -> Response:
    office = office_of(request)
    fault = _akismet_fault(office, form, needs=("blog", "user_ip"))
    if fault:
        return PlainTextResponse("invalid", headers={"x-akismet-debug-help": fault})
    text = field_text(form, "comment_content")
    if text and field_text(form, "is_test") not in {"1", "true"}:
        learn(office.engine, text, is_spam=is_spam, weights=_seed(), at=office.now())
    return PlainTextResponse(THANKS)


def _akismet_fault(office: Office, form: Posted, *, needs: tuple[str, ...]) -> str:
    if accounts.by_token(office.engine, _akismet_key(form)) is None:
        return "api_key is no token of this desk"
    missing = [name for name in needs if not field_text(form, name)]
    return f"missing: {', '.join(missing)}" if missing else ""


def _akismet_key(form: Posted) -> str:
    """The key as clients send it: `api_key`, or `key` with older ones when they verify it."""
    return field_text(form, "api_key") or field_text(form, "key")


def _is_test_spam(form: Posted) -> bool:
    return (
        field_text(form, "comment_author") == "viagra-test-123"
        or field_text(form, "comment_author_email") == "akismet-guaranteed-spam@example.com"
    )


def _comment(form: Posted) -> Incoming:
    trap = field_text(form, "honeypot_field_name")
    return Incoming(
        "",
        ReplyKind.COMMENT,
        field_text(form, "comment_author")[:80],
        str(form.get("comment_content", ""))[:MAX_TEXT],
        hidden=field_text(form, trap) if trap else "",
        sender=cut_address(field_text(form, "user_ip")),
    )


def _account(request: Request) -> Account | None:
    """The account of the key that a client sent where its service takes one."""
    if request.state.account is not None:
        account: Account = request.state.account
        return account
    key = request.headers.get("x-api-key") or request.query_params.get("key", "")
    return accounts.by_token(office_of(request).engine, key) if key else None


def _scored(request: Request, text: str) -> Response:
    if len(text) > MAX_TEXT:
        return JSONResponse({"error": f"the text has more than {MAX_TEXT} characters"}, 413)
    chosen = dict(office_of(request).settings.stages)["claims"] or "signs"
    results = claim_scores(text, scorer=_scorer(chosen))
    return JSONResponse({"version": "2", "claim": text, "results": results})


@cache
def _scorer(name: str) -> ClaimScorer:
    return claim_scorer(name)


@cache
def _seed() -> spam.Weights:
    return spam.seed()


Keep = Mapping[str, object]


def _fits(language: str, site: str, max_age: int, now: datetime) -> Keep:
    since = (now - timedelta(days=max_age)).date().isoformat() if max_age else ""
    host = site.strip().lower().removeprefix("www.")
    return {"language": language.split("-", maxsplit=1)[0].lower(), "site": host, "since": since}


def _is_kept(check: FactCheck, keep: Keep) -> bool:
    language = check.language.split("-")[0].lower()
    if keep["language"] and language and language != keep["language"]:
        return False
    if keep["site"] and _site(check.url) != keep["site"]:
        return False
    newest = max(check.claim_date, check.review_date)
    return not keep["since"] or newest >= str(keep["since"])


def _found(office: Office, query: str, *, site: str, need: int, keep: Keep) -> list[FactCheck]:
    """The fact-checks that fit, the desk's own first where they hold the words."""
    own = [one for one in _own(office) if _holds(one, query) and _is_kept(one, keep)]
    if query:
        has_library = (office.folder / LIBRARY_FOLDER).is_dir()
        # A filter thins the nearest rows out, so more of them are asked for.
        limit = min(2_000, need * (10 if site or keep["since"] or keep["language"] else 2) + 20)
        near = library.search(office.folder, query, limit=limit) if has_library else ()
        return own + [one.fact_check for one in near if _is_kept(one.fact_check, keep)]
    rows = (one for one in every(office.engine) if _is_kept(one, keep))
    return own + sorted(rows, key=lambda one: one.review_date, reverse=True)


def _own(office: Office) -> Iterator[FactCheck]:
    for check in published(office, limit=1_000):
        if not check.tombstone:
            content = check.content
            yield FactCheck(
                check.id,
                check.url,
                content.short_claim or content.claim,
                content.claimant,
                content.rating,
                claim_date=content.said_on,
                review_date=check.published[:10],
                title=content.title,
                publisher=check.desk.name,
                language=content.language,
            )


def _holds(check: FactCheck, query: str) -> bool:
    text = f"{check.claim} {check.title}".casefold()
    words = [word for word in query.casefold().split() if len(word) > 3] or query.casefold().split()
    return sum(word in text for word in words) * 2 >= len(words)


def _claim(check: FactCheck) -> dict[str, object]:
    review = {
        "publisher": _filled({"name": check.publisher, "site": _site(check.url)}),
        "url": check.url,
        "title": check.title,
        "reviewDate": _google_time(check.review_date),
        "textualRating": check.rating,
        "languageCode": check.language,
    }
    claim = {
        "text": check.claim,
        "claimant": check.claimant,
        "claimDate": _google_time(check.claim_date),
        "claimReview": [_filled(review)],
    }
    return _filled(claim)


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _google_time(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        return ""
    return f"{day}T00:00:00Z"


def _google_fault(code: int, status: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, "status": status}}, code)


def _page_token(offset: int, asked: str) -> str:
    check = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
    return base64.urlsafe_b64encode(f"{offset}:{check}".encode()).decode()


def _offset(token: str, asked: str) -> int:
    """The offset of a token made for this search, or -1."""
    check = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:12]
    try:
        told, _, of = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        return int(told) if of == check and int(told) >= 0 else -1
    except ValueError:
        return -1


_SCORE = "/api/v2/score/text"
ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1alpha1/claims:search", "google_search", ANYBODY, search_claims),
    Route("GET", "/v1alpha1/claims:imageSearch", "google_images", ANYBODY, search_images),
    Route("GET", _SCORE + "/sentences/{text:path}", "claimbuster_sentences", ANYBODY, score_text),
    Route("GET", _SCORE + "/{text:path}", "claimbuster_text", ANYBODY, score_text),
    Route("POST", _SCORE + "/sentences/", "claimbuster_post_sentences", ANYBODY, score_posted, is_kept_apart=True),
    Route("POST", _SCORE + "/", "claimbuster_post", ANYBODY, score_posted, is_kept_apart=True),
    Route("POST", "/1.1/verify-key", "akismet_verify", ANYBODY, verify_key, is_kept_apart=True),
    Route("POST", "/1.1/comment-check", "akismet_check", ANYBODY, check_comment, is_kept_apart=True),
    Route("POST", "/1.1/submit-spam", "akismet_spam", ANYBODY, submit_spam, is_kept_apart=True),
    Route("POST", "/1.1/submit-ham", "akismet_ham", ANYBODY, submit_ham, is_kept_apart=True),
)  # fmt: skip
