"""Notices on the desk: pages that checks cite, or that are watched, and that are not as they were."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from onrecord.store import newsroom, notices
from onrecord.store.newsroom import Act
from onrecord.store.notices import Notice
from onrecord.terms import Role
from onrecord.web.access import Refused, account_of
from onrecord.web.office import Office, office_of
from onrecord.web.pages import page, see_other
from onrecord.web.routes import Route

__all__ = ["ROUTES", "ShownNotice", "open_notices", "word_diff"]

N_SHOWN = 100
# Two parts with fewer of their words in common are told one after the other.
LIKE = 0.5
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with the title of the check that cites the page, and the words that differ.

    `parts` are stretches of one part of the article each: (`same`, `removed` or `added`, words).
    """

    notice: Notice
    check: str
    parts: tuple[tuple[tuple[str, str], ...], ...]


def word_diff(
    removed: Iterable[str], added: Iterable[str]
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The parts of an article that changed, each beside its like with the words that differ.

    >>> word_diff(["It cost 12 million."], ["It cost 21 million."])
    ((('same', 'It cost '), ('removed', '12'), ('added', '21'), ('same', ' million.')),)
    """
    left = [*added]
    shown: list[tuple[tuple[str, str], ...]] = []
    for old in removed:
        words = _WORDS.findall(old)
        best, best_ratio = -1, LIKE
        for at, new in enumerate(left):
            matcher = difflib.SequenceMatcher(None, words, _WORDS.findall(new), autojunk=False)
            if matcher.real_quick_ratio() > best_ratio and matcher.ratio() > best_ratio:
                best, best_ratio = at, matcher.ratio()
        if best < 0:
            shown.append((("removed", old),))
        else:
            shown.append(_marked(words, _WORDS.findall(left.pop(best))))
    return (*shown, *((("added", new),) for new in left))


def _marked(old: list[str], new: list[str]) -> tuple[tuple[str, str], ...]:
    out: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            out.append(("same", "".join(old[old_start:old_end])))
            continue
        gone, come = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        out += [("removed", gone)] if gone else []
        out += [("added", come)] if come else []
    return tuple(out)


def open_notices(
    office: Office, *, review: str | None = None, url: str = ""
) -> tuple[ShownNotice, ...]:
    """The open notices as pages show them; of one check, or of one watched address."""
    found = notices.notices(office.engine, review=review, limit=N_SHOWN if not url else 500)
    if url:
        found = tuple(one for one in found if one.url == url)
    ids = sorted({one.review for one in found if one.review})
    stored = (newsroom.load(office.engine, one) for one in ids)
    titles = {one.review.id: one.review.content.title for one in stored if one is not None}
    return tuple(
        ShownNotice(one, titles.get(one.review, ""), word_diff(one.removed, one.added))
        for one in found
    )


def show_notices(request: Request) -> Response:
    """Every open notice, the newest first."""
    office = office_of(request)
    return page(
        request,
        office,
        "notices.html",
        shown=open_notices(office),
        n_open=notices.n_open(office.engine),
        may_mark=account_of(request).may(Role.CONTRIBUTOR),
    )


def mark_seen(request: Request, notice_id: str) -> Response:
    """Marks a notice as seen: it leaves the desk's pages, and stays in the store."""
    office = office_of(request)
    if notices.load(office.engine, notice_id) is None:
        raise Refused(404, "there is no such notice")
    act = Act(account_of(request).id, "notice seen", office.now())
    notices.mark_seen(office.engine, notice_id, act=act)
    return see_other("/desk/notices")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/desk/notices", "notices", Role.READER, show_notices),
    Route("POST", "/desk/notices/{notice_id}/seen", "notice_seen", Role.CONTRIBUTOR, mark_seen),
)
