"""What is done with a replier's data, told from the running configuration; export and erasure."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from onrecord.mail import MailError, send
from onrecord.settings import Settings
from onrecord.store import accounts, replies
from onrecord.store.newsroom import Act, log
from onrecord.store.reply_contacts import reply_of_receipt, writer
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of
from onrecord.web.forms import Posted, field_text
from onrecord.web.office import Office, office_of
from onrecord.web.pages import page
from onrecord.web.routes import ANYBODY, Route

__all__ = ["ROUTES", "processing"]

LINK_HOURS = 48
_PURPOSES = ("export", "erase")
# Said whether or not the address wrote to us: the page is no way to find out.
ASKED = "if a reply was sent with this address, a link is on its way to it"
NO_MAIL = "this desk sends no mail: write to it, and an admin hands a link over"


def processing(settings: Settings) -> dict[str, object]:
    """What is done with a replier's data, as a machine-readable statement.

    Every value is read from the settings in force, so that the statement cannot lie.
    """
    told = settings.replies
    purposes: list[dict[str, object]] = [
        {"id": "reply", "fields": ["name", "text"], "public": True, "retention_days": None},
        {"id": "followup", "fields": ["email"], "public": False, "retention_days": told.email_days},
        {
            "id": "abuse",
            "fields": ["address cut to /24 or /48"],
            "public": False,
            "retention_days": told.address_days,
        },
        {
            "id": "moderation",
            "fields": ["rejected and quarantined replies"],
            "public": False,
            "retention_days": told.hold_days,
        },
    ]
    recipients = [told.remote_filter] if told.remote_filter else []
    kind = "local and remote" if told.remote_filter else "local"
    return {
        "controller": settings.newsroom.name,
        "takes_replies": told.is_open,
        "purposes": purposes,
        "recipients": recipients,
        "mail_server": settings.mail.host,
        "spam_filter": {"kind": kind, "learns_from": "decisions of this desk"},
        "rights": {"export": "/privacy", "erase": "/privacy"},
    }


def show_processing(request: Request) -> Response:
    """The statement as JSON, where programs look for it."""
    body = json.dumps(processing(office_of(request).settings), ensure_ascii=False, indent=1)
    return Response(body, media_type="application/json")


def show_privacy(request: Request) -> Response:
    """The statement in words, with the forms for export and erasure."""
    return _page(request)


def ask(request: Request, form: Posted) -> Response:
    """Sends a one-time link to an e-mail address, or takes the receipt of a reply at once."""
    office = office_of(request)
    purpose = field_text(form, "purpose")
    if purpose not in _PURPOSES:
        return _page(request, fault="choose what you want", status=422)
    email, given = field_text(form, "email"), field_text(form, "receipt")
    if given:
        reply = reply_of_receipt(office.key, given)
        if reply is None:
            return _page(request, fault="this is no receipt of ours", status=422)
        token = _link(office, purpose, f"reply:{reply}")
        return _page(request, link=f"/privacy/{purpose}/{token}")
    if "@" not in email:
        return _page(
            request, fault="give the e-mail address of your reply, or its receipt", status=422
        )
    mail = office.settings.mail
    if not mail.host:
        log(office.engine, Act("", f"{purpose} asked", office.now()), target="privacy")
        return _page(request, told=NO_MAIL)
    digest = writer(office.key, email)
    if not replies.export_of(office.engine, office.key, writer=digest):
        return _page(request, told=ASKED)
    token = _link(office, purpose, f"writer:{digest}")
    url = f"{office.desk_name.url}/privacy/{purpose}/{token}"
    text = f"You asked {office.desk_name.name} to {purpose} what is kept of your replies:\n{url}\n"
    try:
        send(mail, to=email, subject=f"{office.desk_name.name}: your replies", text=text)
    except MailError:
        log(office.engine, Act("", "mail failed", office.now()), target="privacy")
    return _page(request, told=ASKED)


def show_link(request: Request, purpose: str, token: str) -> Response:
    """Asks once more before a link is used up."""
    if purpose not in _PURPOSES:
        raise Refused(404, "there is no such page")
    return page(request, office_of(request), "privacy_link.html", purpose=purpose, link=token)


def use_link(request: Request, purpose: str, token: str, form: Posted) -> Response:
    """Gives the writer's own data out, or erases it."""
    office = office_of(request)
    if purpose not in _PURPOSES:
        raise Refused(404, "there is no such page")
    subject = accounts.use_link(office.engine, token, purpose, now=office.clock())
    if subject is None:
        raise Refused(410, "this link was used or has expired; ask for another")
    kind, _, name = subject.partition(":")
    whose = {"writer": name} if kind == "writer" else {"reply": name}
    if purpose == "export":
        own = replies.export_of(office.engine, office.key, **whose)
        body = json.dumps([dict(one) for one in own], ensure_ascii=False, indent=1)
        headers = {
            "content-disposition": 'attachment; filename="replies.json"',
            "cache-control": "no-store",
        }
        return Response(body, media_type="application/json", headers=headers)
    keeps = field_text(form, "keeps_text") == "yes"
    act = Act("", "erase replies", office.now())
    n = replies.erase(office.engine, **whose, keeps_text=keeps, act=act)
    return _page(request, told=f"erased from {n} repl{'y' if n == 1 else 'ies'}")


def make_link(request: Request, form: Posted) -> Response:
    """A link that an admin hands over, where the desk sends no mail."""
    office = office_of(request)
    purpose, email = field_text(form, "purpose"), field_text(form, "email")
    if purpose not in _PURPOSES or "@" not in email:
        raise Refused(422, "give an e-mail address, and export or erase")
    token = _link(office, purpose, f"writer:{writer(office.key, email)}")
    act = Act(account_of(request).id, f"{purpose} link", office.now())
    log(office.engine, act, target="privacy")
    return _page(request, link=f"{office.desk_name.url}/privacy/{purpose}/{token}")


def _link(office: Office, purpose: str, subject: str) -> str:
    return accounts.new_link(office.engine, purpose, subject, now=office.clock(), hours=LINK_HOURS)


def _page(
    request: Request, *, fault: str = "", told: str = "", link: str = "", status: int = 200
) -> Response:
    office = office_of(request)
    account = request.state.account
    return page(
        request,
        office,
        "privacy.html",
        status=status,
        told=told,
        fault=fault,
        link=link,
        statement=processing(office.settings),
        replies=office.settings.replies,
        is_admin=account is not None and account.may(Role.ADMIN),
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/privacy", "privacy", ANYBODY, show_privacy),
    Route("POST", "/privacy", "ask_privacy", ANYBODY, ask),
    Route("GET", "/privacy/{purpose}/{token}", "privacy_link", ANYBODY, show_link),
    Route("POST", "/privacy/{purpose}/{token}", "use_privacy_link", ANYBODY, use_link),
    Route("POST", "/desk/privacy", "make_privacy_link", Role.ADMIN, make_link),
    Route("GET", "/.well-known/onrecord-processing.json", "processing", ANYBODY, show_processing),
)
