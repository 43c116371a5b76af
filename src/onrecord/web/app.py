"""The application: every route in one list, checks before each, headers on every answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from onrecord import __version__
from onrecord.errors import (
    DatabaseError,
    GateError,
    MoveError,
    NewsroomError,
    OnrecordError,
    StaleError,
)
from onrecord.web import (
    api,
    dashboard,
    exports,
    feeds,
    memento,
    notices,
    people,
    privacy,
    queue,
    record,
    reply_pages,
    reviews,
    search,
    services,
    settings_page,
    sign_in,
    site,
)
from onrecord.web.access import Refused, guard
from onrecord.web.api_problems import problem
from onrecord.web.limits import LimitBodies, body_limits
from onrecord.web.office import Office
from onrecord.web.pages import page
from onrecord.web.routes import Route

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "ROUTES", "make_app"]

# On every answer; nothing is loaded from elsewhere, nothing runs that is not a file of ours.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
# What an error of ours is in HTTP.
_STATUS: tuple[tuple[type[OnrecordError], int], ...] = (
    (StaleError, 409),
    (DatabaseError, 503),
    (GateError, 409),
    (MoveError, 409),
    (NewsroomError, 422),
    (OnrecordError, 400),
)


# Every route of the application.
ROUTES: tuple[Route, ...] = (
    *site.ROUTES,
    *memento.ROUTES,
    *feeds.ROUTES,
    *sign_in.ROUTES,
    *queue.ROUTES,
    *record.ROUTES,
    *reviews.ROUTES,
    *search.ROUTES,
    *notices.ROUTES,
    *dashboard.ROUTES,
    *people.ROUTES,
    *reply_pages.ROUTES,
    *privacy.ROUTES,
    *services.ROUTES,
    *settings_page.ROUTES,
    *exports.ROUTES,
    *api.ROUTES,
)


def make_app(office: Office) -> FastAPI:
    """The application over an open desk."""
    app = FastAPI(
        title="onrecord",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.office = office
    for route in ROUTES:
        if route.is_api:
            api.add_route(app, route, office)
            continue
        app.add_api_route(
            route.path,
            route.answer,
            methods=[route.method],
            name=route.name,
            dependencies=[Depends(guard(route, office))],
            include_in_schema=False,
            response_model=None,
        )
    static = files("onrecord.web") / "static"
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    answer = _answering(office)
    limits = body_limits(office.settings.fetch.max_bytes)
    app.add_middleware(LimitBodies, limits=limits, answer=answer)
    app.add_middleware(_Headers)
    _answer_errors(app, answer)
    return app


class _Headers:
    """Puts `HEADERS` on every answer that does not carry its own; plain ASGI, since it runs often."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through and adds to the head of its answer."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*message.get("headers", ())]
                names = {name.lower() for name, _ in own}
                own += [pair for pair in self.headers if pair[0] not in names]
                message = {**message, "headers": own}
            await send(message)

        await self.app(scope, receive, told if scope["type"] == "http" else send)


_Answer = Callable[[Request, int, str], Response]


def _answering(office: Office) -> _Answer:
    """Errors as a page, or as a problem document (RFC 9457) where JSON was asked for."""

    def answer(request: Request, status: int, message: str) -> Response:
        if _wants_json(request):
            return problem(status, message, instance=request.url.path)
        return page(
            request, office, "error.html", status=status, status_code=status, message=message
        )

    return answer


def _answer_errors(app: FastAPI, answer: _Answer) -> None:
    """What is answered to each kind of error."""

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return answer(request, error.status, error.message)

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 - it is logged whole
        # Outside of every middleware; the server writes the error itself to its log.
        response = answer(request, 500, "something broke here; the server's log says what")
        response.headers.update(HEADERS)
        return response

    @app.exception_handler(OnrecordError)
    def ours(request: Request, error: OnrecordError) -> Response:
        status = next(code for kind, code in _STATUS if isinstance(error, kind))
        if isinstance(error, StaleError) and "if-match" in request.headers:
            status = 412
        return answer(request, status, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        if _wants_json(request):
            faults = error.errors()
            return problem(
                422, "the request is not as it should be", instance=request.url.path, faults=faults
            )
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return answer(request, 422, f"{place}: {first['msg']}".lower())

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        message = "there is no such page" if error.status_code == 404 else str(error.detail)
        response = answer(request, error.status_code, message)
        response.headers.update(error.headers or {})
        return response


def _wants_json(request: Request) -> bool:
    return api.is_api_path(request.url.path) or (
        "application/json" in request.headers.get("accept", "")
    )
