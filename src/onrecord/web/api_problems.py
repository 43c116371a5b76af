"""Problem documents (RFC 9457): what every refused request of the API is answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from onrecord.terms import Role
from onrecord.web.api_shapes import Shape
from onrecord.web.routes import ANYBODY, Route, changes

__all__ = ["MEDIA_TYPE", "Problem", "ProblemField", "documented", "problem"]

MEDIA_TYPE = "application/problem+json"
MAX_FIELDS = 20  # faults of one body that are told


class ProblemField(Shape):
    """What is wrong with one field; `place` is its path, parted by dots."""

    place: str
    detail: str


class Problem(Shape):
    """A refused request: the status, what was wrong, and where."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[ProblemField, ...] = ()


def problem(
    status: int,
    detail: str,
    *,
    instance: str,
    faults: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer; `faults` are those of pydantic, of which the place and the message are told.

    The value that was sent is never repeated: it may be a password.
    """
    fields = tuple(
        ProblemField(place=".".join(map(str, one["loc"])), detail=str(one["msg"]))
        for one in faults[:MAX_FIELDS]
    )
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        errors=fields,
    )
    sent = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        sent.setdefault("www-authenticate", "Bearer")
    plain = told.model_dump(mode="json", exclude_defaults=True)
    # A lone surrogate of a path or a message has no UTF-8.
    return JSONResponse(_plain(plain), status, headers=sent, media_type=MEDIA_TYPE)


def documented(route: Route, *, is_conditional: bool) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, for its OpenAPI document."""
    found = {400, 422}
    if route.who != ANYBODY and isinstance(route.who, Role):
        found |= {401, 403}
    if "{" in route.path:
        found.add(404)
    if route.path.endswith(":search"):
        found.add(409)
    if changes(route):
        found |= {403, 404, 409, 413}
    if is_conditional:
        found |= {412, 428}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted(found)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
