"""Interfaces that other programs already speak, over this desk's own claims and filter.

ClaimBuster's scores and Akismet's four calls (fields as their documentation gave them in 2024 and
2026); Google's stands in `services_google.py`. A client works by changing its base address and by
giving one of the desk's API tokens where the service takes its key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from onrecord.claims.rank import ClaimScorer
from onrecord.newsroom import spam
from onrecord.newsroom.replies import Incoming, Signs, cut_address, decided
from onrecord.newsroom.review import Account
from onrecord.sentence_ends import split
from onrecord.span import Span
from onrecord.stages import claim_scorer
from onrecord.store import accounts
from onrecord.store.replies import learn, learned_weights
from onrecord.terms import ReplyKind, ReplyState
from onrecord.web import services_google
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import Office, office_of
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "claim_scores"]

MAX_TEXT = 100_000
_NO_KEY = "give an API token of this desk as x-api-key"
THANKS = "Thanks for making the web a better place."


def score_text(request: Request, text: str) -> Response:
    """`GET /api/v2/score/text/TEXT` and `.../sentences/TEXT`: check-worthiness by sentence."""
    if _account(request) is None:
        return JSONResponse({"error": _NO_KEY}, 401)
    return _scored(request, text)


def score_paragraphs(request: Request, text: str) -> Response:
    """`GET /api/v2/score/paragraphs/TEXT`: check-worthiness by paragraph, one a line."""
    if _account(request) is None:
        return JSONResponse({"error": _NO_KEY}, 401)
    return _scored(request, text, delimiter="\n")


async def score_posted(request: Request) -> Response:
    """`POST /api/v2/score/text/` (`sentences/`, `paragraphs/`) with `{"input_text": "..."}`.

    Of paragraphs a `delimiter` may be named, a line's end by default.
    """
    from starlette.concurrency import run_in_threadpool

    body = await request.body()

    def answer() -> Response:
        if _account(request) is None:
            return JSONResponse({"error": _NO_KEY}, 401)
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            given = None
        text = given.get("input_text") if isinstance(given, dict) else None
        if not isinstance(text, str):
            return JSONResponse({"error": "expected JSON with the text input_text"}, 400)
        if "/paragraphs" not in request.url.path:
            return _scored(request, text)
        delimiter = given.get("delimiter", "\n")
        if not isinstance(delimiter, str) or not delimiter:
            return JSONResponse({"error": "expected a delimiter that is a text"}, 400)
        return _scored(request, text, delimiter=delimiter)

    return await run_in_threadpool(answer)


def claim_scores(text: str, *, scorer: ClaimScorer) -> list[dict[str, object]]:
    """The sentences of a text with check-worthiness 0 to 1, and offsets into it in code points."""
    return scores_of(text, [*split(text, Span(0, len(text)))], scorer=scorer)


def scores_of(text: str, parts: Sequence[Span], *, scorer: ClaimScorer) -> list[dict[str, object]]:
    """The same for given stretches of a text; blank ones are left out."""
    spans = [span for span in parts if span.of(text).strip()]
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
    fault = _akismet_fault(office_of(request), form, needs=("blog",))
    if fault:
        return PlainTextResponse("invalid", headers={"x-akismet-debug-help": fault})
    return PlainTextResponse("valid")


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


def _scored(request: Request, text: str, *, delimiter: str = "") -> Response:
    if len(text) > MAX_TEXT:
        return JSONResponse({"error": f"the text has more than {MAX_TEXT} characters"}, 413)
    chosen = dict(office_of(request).settings.stages)["claims"] or "signs"
    scorer = _scorer(chosen)
    if delimiter:
        results = scores_of(text, _between(text, delimiter), scorer=scorer)
    else:
        results = claim_scores(text, scorer=scorer)
    return JSONResponse({"version": "2", "claim": text, "results": results})


def _between(text: str, delimiter: str) -> list[Span]:
    """The stretches of a text between delimiters, without white space around them."""
    spans, start = [], 0
    for found in [*re.finditer(re.escape(delimiter), text), None]:
        end = found.start() if found else len(text)
        part = text[start:end]
        first = start + len(part) - len(part.lstrip())
        spans.append(Span(first, max(first, start + len(part.rstrip()))))
        start = found.end() if found else end
    return spans


@cache
def _scorer(name: str) -> ClaimScorer:
    return claim_scorer(name)


@cache
def _seed() -> spam.Weights:
    return spam.seed()


class _AnyText(PathConvertor):
    """The rest of a path, line ends among it: Starlette's own `path` ends at one."""

    regex = "[\\s\\S]*"


register_url_convertor("any_text", _AnyText())
_SCORE, _PARTS = "/api/v2/score/text", "/api/v2/score/paragraphs"
ROUTES: tuple[Route, ...] = (
    *services_google.ROUTES,
    Route("GET", _SCORE + "/sentences/{text:any_text}", "claimbuster_sentences", ANYBODY, score_text),
    Route("GET", _SCORE + "/{text:any_text}", "claimbuster_text", ANYBODY, score_text),
    Route("GET", _PARTS + "/{text:any_text}", "claimbuster_paragraphs", ANYBODY, score_paragraphs),
    Route("POST", _PARTS + "/", "claimbuster_post_paragraphs", ANYBODY, score_posted, is_kept_apart=True),
    Route("POST", _SCORE + "/sentences/", "claimbuster_post_sentences", ANYBODY, score_posted, is_kept_apart=True),
    Route("POST", _SCORE + "/", "claimbuster_post", ANYBODY, score_posted, is_kept_apart=True),
    Route("POST", "/1.1/verify-key", "akismet_verify", ANYBODY, verify_key, is_kept_apart=True),
    Route("POST", "/1.1/comment-check", "akismet_check", ANYBODY, check_comment, is_kept_apart=True),
    Route("POST", "/1.1/submit-spam", "akismet_spam", ANYBODY, submit_spam, is_kept_apart=True),
    Route("POST", "/1.1/submit-ham", "akismet_ham", ANYBODY, submit_ham, is_kept_apart=True),
)  # fmt: skip
