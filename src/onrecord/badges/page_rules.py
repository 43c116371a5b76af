"""The badge rules about what stands on the page: B6 to B11, B13 and B15."""

from __future__ import annotations

import re

from onrecord.badges.addresses import is_general_page, is_home_page, is_own
from onrecord.badges.case import Case, cannot_tell, does_not_apply, fails, passes
from onrecord.badges.labels import Reviewer
from onrecord.claimreview import markup_nodes, values
from onrecord.dates import DayRange, dates_in
from onrecord.record import BadgeRule, Link
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["page_rules"]

_NO_LINKS = "a saved text shows no links"

# Links in these regions are not what the article cites.
_CITES = frozenset({
    RegionKind.BODY, RegionKind.SUBTITLE, RegionKind.CAPTION, RegionKind.BADGE,
    RegionKind.CORRECTION, RegionKind.PULL_QUOTE, RegionKind.CREDIT, RegionKind.EMBED,
})  # fmt: skip
_SHARE = re.compile(
    r"/(?:share|sharer|intent)\b|[?&](?:share|u|url)=http|^mailto:|^javascript:", re.IGNORECASE
)
_METHOD_PAGE = re.compile(
    r"\bcorrections?\b|\bmethodolog|\bour methods?\b|fact[-_ ]?check(?:ing)?[-_ ](?:policy|process|"
    r"standards|guidelines|method)|verification[-_ ](?:policy|process|standards)|how[-_ ]we[-_ ]"
    r"(?:fact|check|verify|review|work|rate|choose|research)|(?:editorial|medical|review|ethics)"
    r"[-_ ](?:review[-_ ])?(?:policy|policies|standards|guidelines|process|principles|code)|"
    r"code[-_ ]of[-_ ](?:ethics|principles)|publishing[-_ ]principles",
    re.IGNORECASE,
)
_POLICY_PROPERTIES = (
    "correctionsPolicy", "verificationFactCheckingPolicy", "publishingPrinciples", "ethicsPolicy",
)  # fmt: skip
_CREDENTIAL = re.compile(
    r"\b(?:Dr|Prof|Professor|Sir|Dame)\b\.?|\b(?:M\.?D|Ph\.?\s?D|D\.?Phil|R\.?N|D\.?O|M\.?P\.?H|"
    r"M\.?Sc|B\.?Sc|M\.?A|J\.?D|R\.?D|FRCP|MBBS|DDS|DVM|CPA|LCSW|PharmD|MBBCh|CFA)\b\.?",
)
_ROLE = re.compile(r"^[\s,(–—-]+(?:an? |the |our )?(?P<role>[^.|·\n]{3,80})", re.IGNORECASE)
_PROFILE = re.compile(
    r"/(?:authors?|people|staff|team|profile|bio|by|experts?|reviewers?)/.", re.IGNORECASE
)


def page_rules(case: Case) -> tuple[BadgeRule, ...]:
    """Rules B6 to B11, B13 and B15 for one label, in that order."""
    return (
        _b6(case), _b7(case), _b8(case), _b9(case), _b10(case), _b11(case), _b13(case), _b15(case),
    )  # fmt: skip


def _cited(case: Case) -> tuple[Link, ...]:
    """The links in the article's own words, without those that share it."""
    spans = [r.span for r in case.page.regions if r.kind in _CITES]
    return tuple(
        link
        for link in case.page.links or ()
        if link.span is not None
        and any(span.overlaps(link.span) for span in spans)
        and not _SHARE.search(link.url)
        and not link.url.startswith("#")
    )


def _b6(case: Case) -> BadgeRule:
    cited_by_review = [url for review in case.reviews or () for url in review.citations]
    if case.page.links is None and not cited_by_review:
        return cannot_tell("B6", _NO_LINKS)
    unknown = False
    homes: list[Span] = []
    for link in _cited(case):
        own = link.own_site if link.own_site is not None else is_own(link.url, case.hosts)
        unknown = unknown or own is None
        if own is False and not is_home_page(link.url):
            return passes("B6", "a page of another site is cited", *_of(link))
        if own is False:
            homes.extend(_of(link))
    for url in cited_by_review:
        own = is_own(url, case.hosts)
        unknown = unknown or own is None
        if own is False and not is_home_page(url):
            return passes("B6", "the ClaimReview cites a page of another site")
    if unknown:
        return cannot_tell("B6", "the page's own address is not known")
    if any(review.cited_texts for review in case.reviews or ()):
        return cannot_tell("B6", "the ClaimReview cites sources without an address")
    if homes:
        return fails("B6", "only home pages of other sites are cited", *homes)
    return fails("B6", "no page of another site is cited")


def _of(link: Link) -> tuple[Span, ...]:
    return (link.span,) if link.span is not None else ()


def _b7(case: Case) -> BadgeRule:
    if case.page.links is None:
        return cannot_tell("B7", _NO_LINKS)
    outside = [link for link in _cited(case) if link.own_site is not True]
    if not outside and not any(review.citations for review in case.reviews or ()):
        return does_not_apply("B7", "no page is cited")
    return cannot_tell("B7", "the cited pages were not read")


def _b8(case: Case) -> BadgeRule:
    who = case.label.reviewer
    if who is None:
        return fails("B8", "no reviewer is named beside the label", *case.at)
    at = (who.span,) if who.span is not None else case.at
    name = _bare(who.name)
    if any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", author) for author in case.authors - {""}
    ) and (not _byline_is_beside_only(case, name)):
        return fails("B8", f"the reviewer, {who.name}, is the article's author", *at)
    return passes("B8", f"a reviewer is named: {who.name}", *at)


def _bare(name: str) -> str:
    """A name without title and degrees, in lower case."""
    return " ".join(_CREDENTIAL.sub(" ", name).strip(" ,.").split()).casefold()


def _byline_is_beside_only(case: Case, name: str) -> bool:
    """Whether the only byline with the name is the label's own second line ("by Ann Lee").

    A reader of the page may take that line for the author's; it makes nobody the author.
    """
    beside = case.label.beside
    lines = [
        r.span for r in case.page.regions
        if r.kind is RegionKind.BYLINE and name in r.span.of(case.page.text).casefold()
    ]  # fmt: skip
    named_in_markup = any(
        name in found.value.casefold() and found.span is None
        for found in case.page.metadata.authors
    )
    return bool(lines) and all(line in beside for line in lines) and not named_in_markup


def _b9(case: Case) -> BadgeRule:
    days = case.label.dates
    if not days:
        if case.label.form == "markup" and any(r.published for r in case.reviews or ()):
            return cannot_tell("B9", "only the content system gives a date of the check")
        return fails("B9", "no date stands beside the label", *case.at)
    # "Updated ... and fact checked ...": the latest of the dates beside the label is its own.
    own = max(days, key=lambda d: d.last)
    shown = (own.span,) if case.label.form == "text" else ()
    change = _last_visible_change(case)
    if change is not None:
        if own.last < change.first:
            return fails(
                "B9", "the label's date is earlier than the article's last change",
                *shown, change.span,
            )  # fmt: skip
        if own.first < change.first and own.last >= change.first and own.first != own.last:
            return cannot_tell("B9", "the label's date is too coarse to compare", *shown)
        return passes("B9", "the label is dated, and not before the last change", *shown)
    modified = case.page.metadata.modified
    if modified is not None and (hidden := dates_in(modified.value)) and own.last < hidden[0].first:
        return cannot_tell(
            "B9", "only the content system says that the article changed later", *shown
        )
    return passes("B9", "a date stands beside the label", *shown)


def _last_visible_change(case: Case) -> DayRange | None:
    """The latest date that the page shows for a change of the article, the label's own left out."""
    page = case.page
    found: list[DayRange] = []
    modified = page.metadata.modified
    if modified is not None and modified.span is not None:
        found.extend(_moved(dates_in(modified.span.of(page.text)), modified.span.start))
        if not found:
            found.extend(
                DayRange(d.first, d.last, modified.span) for d in dates_in(modified.value)[:1]
            )
    for region in page.regions:
        words = region.span.of(page.text)
        is_update = region.kind is RegionKind.DATE and re.search(
            r"\b(?:updated|modified|changed|revised|edited)\b", words, re.IGNORECASE
        )
        if is_update or region.kind is RegionKind.CORRECTION:
            found.extend(_moved(dates_in(words), region.span.start))
    found = [d for d in found if not any(s.overlaps(d.span) for s in case.label.beside)]
    # A bare year ("the 2019 figure" in a correction note) dates no change.
    return max((d for d in found if d.first.year != d.last.year or (d.last - d.first).days < 40),
               key=lambda d: d.last, default=None)  # fmt: skip


def _moved(days: tuple[DayRange, ...], by: int) -> list[DayRange]:
    return [DayRange(d.first, d.last, d.span.moved(by)) for d in days]


def _b10(case: Case) -> BadgeRule:
    for link in case.page.links or ():
        if _METHOD_PAGE.search(link.text) or _METHOD_PAGE.search(link.url):
            return passes(
                "B10", f"a page on method or corrections is linked: {link.url}", *_of(link)
            )
    for _, node in markup_nodes(case.page.markup or ()):
        for name in _POLICY_PROPERTIES:
            if any(values(node, name)):
                return passes("B10", f"the markup names a page on it ({name})")
    if case.page.links is None:
        return cannot_tell("B10", _NO_LINKS)
    return fails("B10", "no page on corrections or method is linked")


def _b11(case: Case) -> BadgeRule:
    if case.page.links is None:
        return cannot_tell("B11", _NO_LINKS)
    if case.label.region is None:
        return cannot_tell("B11", "where an image or markup leads to is not recorded")
    who = case.label.reviewer
    links = [
        link
        for link in case.page.links
        if link.span is not None
        and any(stretch.overlaps(link.span) for stretch in case.label.beside)
        and not _is_reviewers(link, who)
    ]
    if not links:
        return does_not_apply("B11", "the label links nowhere", *case.at)
    checks = {r.url for r in case.reviews or () if r.url}
    if any(link.url in checks for link in links):
        return passes("B11", "the label links to the check", *_of(links[0]))
    general = [link for link in links if is_general_page(link.url)]
    if len(general) == len(links):
        return fails("B11", f"the label links to a general page: {links[0].url}", *_of(links[0]))
    return cannot_tell("B11", "the linked page was not read", *_of(links[0]))


def _is_reviewers(link: Link, who: Reviewer | None) -> bool:
    """Whether a link leads to the reviewer, by its words or its address."""
    if _PROFILE.search(link.url):
        return True
    return (
        who is not None
        and link.span is not None
        and (
            who.span is not None and who.span.overlaps(link.span) and not is_general_page(link.url)
        )
    )


def _b13(case: Case) -> BadgeRule:
    return cannot_tell("B13", "one page does not show what others carry", *case.at)


def _b15(case: Case) -> BadgeRule:
    who = case.label.reviewer
    if who is None:
        return does_not_apply("B15", "no reviewer is named", *case.at)
    at = (who.span,) if who.span is not None else case.at
    role = _ROLE.match(who.rest if who.rest[:1] in ",(–—-" else "")
    if (
        _CREDENTIAL.search(who.name)
        or _CREDENTIAL.search(who.rest)
        or (
            role
            and re.search(r"[a-z]{3}", role["role"])
            and not re.match(r"(?:on|at)\b", role["role"])
        )
    ):
        return passes("B15", "the reviewer's credentials or role are given", *at)
    name = _bare(who.name)
    for region in case.page.regions:
        if region.kind is RegionKind.BIO and name in region.span.of(case.page.text).casefold():
            return passes("B15", "a note says who the reviewer is", region.span)
    for link in case.page.links or ():
        inside = who.span is not None and link.span is not None and who.span.overlaps(link.span)
        if inside or (name and name in link.text.casefold()):
            return passes("B15", "the reviewer's name is linked", *at)
    if "http" in who.rest:
        return passes("B15", "the markup links the reviewer")
    if case.page.links is None:
        return cannot_tell(
            "B15", "no credentials beside the name, and a saved text shows no links", *at
        )
    return fails("B15", f"{who.name} is named without credentials or link", *at)
