"""The HTTP API: everything that the desk does, for programs, under `/api/v1`.

Each resource has its module; here they are put together and given to FastAPI with what their
OpenAPI document says of them.
"""

from __future__ import annotations

import inspect
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onrecord import __version__
from onrecord.terms import Role
from onrecord.web import (
    api_checks,
    api_claims,
    api_corrections,
    api_counts,
    api_notices,
    api_pages,
    api_people,
    api_replies,
    api_reviews,
    api_search,
)
from onrecord.web.access import FORM_HEADER, SESSION_COOKIE, guard
from onrecord.web.api_problems import Problem, documented
from onrecord.web.api_repeat import HEADER, MAX_KEY, repeatable
from onrecord.web.office import Office
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "add_route", "document", "is_api_path"]

PREFIX = "/api/v1"
_ABOUT = (
    "Everything that the desk does, for programs. Send a token of yours as `Authorization: Bearer "
    "TOKEN`. Every refused request is answered with a problem document (RFC 9457). A POST with an "
    "`Idempotency-Key` may be sent twice within a day and is done once. Changes of a review name "
    "the ETag they began with as `If-Match`. Lists go on with `pageToken` as long as "
    "`nextPageToken` is not empty."
)


def show_document(request: Request) -> Response:
    """The OpenAPI 3.1 document of the API."""
    answer = JSONResponse(document(request.app))
    answer.headers["cache-control"] = "public, max-age=300"
    return answer


def add_route(app: FastAPI, route: Route, office: Office) -> None:
    """Gives a route of the API to FastAPI: its guard, its answer's shape, its problems."""
    check = guard(route, office)
    parameters = inspect.signature(route.answer).parameters
    is_conditional = "if_match" in parameters
    is_repeatable = route.method == "POST"
    is_upload = "file" in parameters
    app.router.add_api_route(
        route.path,
        route.answer,
        methods=[route.method],
        name=route.name,
        operation_id=route.name.removeprefix("api_"),
        dependencies=[Depends(check)],
        status_code=route.status,
        responses=documented(route, is_conditional=is_conditional),
        tags=[_tag(route)],
        openapi_extra=_extra(route, is_repeatable=is_repeatable),
        route_class_override=repeatable(check) if is_repeatable and not is_upload else None,
    )


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the application's API routes, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="onrecord",
            version=__version__,
            openapi_version="3.1.0",
            description=_ABOUT,
            routes=app.routes,
        )
        parts = made.setdefault("components", {})
        parts.setdefault("schemas", {}).update(_problem_schemas())
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
            "form": {"type": "apiKey", "in": "header", "name": FORM_HEADER},
        }
        app.openapi_schema = made
    return app.openapi_schema


def is_api_path(path: str) -> bool:
    """Whether a path is answered with problem documents."""
    return path.startswith(("/api/", "/v1"))


def _extra(route: Route, *, is_repeatable: bool) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if route.who != ANYBODY and isinstance(route.who, Role):
        in_browser: dict[str, list[str]] = (
            {"session": [], "form": []} if route.method != "GET" else {"session": []}
        )
        extra["security"] = [{"token": []}, in_browser]
        extra["x-role"] = route.who.value
    if is_repeatable:
        shape = {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"}
        extra["parameters"] = [{"name": HEADER, "in": "header", "schema": shape}]
    return extra


def _tag(route: Route) -> str:
    return route.path.removeprefix(PREFIX + "/").split("/")[0].split(":")[0]


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {"Problem": schema, **parts}


ROUTES: tuple[Route, ...] = (
    Route("GET", "/openapi.json", "openapi", ANYBODY, show_document),
    Route("GET", PREFIX + "/openapi.json", "api_openapi", ANYBODY, show_document),
    *api_checks.ROUTES,
    *api_pages.ROUTES,
    *api_claims.ROUTES,
    *api_reviews.ROUTES,
    *api_corrections.ROUTES,
    *api_search.ROUTES,
    *api_counts.ROUTES,
    *api_people.ROUTES,
    *api_replies.ROUTES,
    *api_notices.ROUTES,
)
