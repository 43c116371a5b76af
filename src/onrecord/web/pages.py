"""HTML answers: Jinja templates in which every value is escaped, with one frame for all pages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onrecord.show.markup import is_web
from onrecord.web.access import FORM_COOKIE, form_token, new_browser, set_cookie

if TYPE_CHECKING:
    from starlette.requests import Request

    from onrecord.web.office import Office

__all__ = ["environment", "page", "public_page", "see_other"]


@cache
def environment() -> Environment:
    """The templates; an unknown name is an error, never a blank."""
    made = Environment(
        loader=PackageLoader("onrecord.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # templates change with the package alone; a look at each file costs .1 ms
    )
    made.filters["day"] = lambda text: str(text)[:10]
    made.filters["minute"] = lambda text: str(text)[:16].replace("T", " ")
    made.filters["web_address"] = lambda text: str(text) if is_web(str(text)) else ""
    return made


def page(
    request: Request, office: Office, template: str, /, *, status: int = 200, **values: object
) -> HTMLResponse:
    """A page of the desk, for who asks, with a form token; never cached.

    Templates see `account`, `token`, `desk`, `path` beside `values`.
    """
    has_browser = request.cookies.get(FORM_COOKIE) or getattr(request.state, "session", None)
    fresh = "" if has_browser else new_browser(request)
    html = (
        environment()
        .get_template(template)
        .render(
            account=getattr(request.state, "account", None),
            token=form_token(request, office),
            desk=office.desk_name,
            path=request.url.path,
            **values,
        )
    )
    response = HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
    if fresh:
        set_cookie(response, request, office, name=FORM_COOKIE, value=fresh)
    return response


def public_page(
    office: Office, template: str, /, *, status: int = 200, etag: str = "", **values: object
) -> HTMLResponse:
    """A page of the public site: the same for everybody, without cookie and form token."""
    html = (
        environment()
        .get_template(template)
        .render(account=None, token="", desk=office.desk_name, path="", **values)
    )
    headers = {"cache-control": "public, max-age=60"}
    if etag:
        headers["etag"] = f'"{etag}"'
    return HTMLResponse(html, status_code=status, headers=headers)


def see_other(path: str) -> Response:
    """Sends the browser to a path of ours after a form was taken."""
    return RedirectResponse(path if path.startswith("/") and path[1:2] != "/" else "/", 303)
