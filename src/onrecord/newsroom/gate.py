"""The publish gate: what a check must show, after the headings of the IFCN's principles.

Points of the page are about this check, points of the site about the desk. A point passes, fails,
or is waived by an editor with a reason; the whole list is printed on the public page. The gate
asks whether a thing is there; whether it is good is for the people who sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from onrecord.errors import GateError
from onrecord.newsroom.ratings import RatingScale
from onrecord.newsroom.review import Account, GatePoint, Review, ReviewContent, Waiver
from onrecord.terms import GateOutcome, Role

__all__ = ["WAIVABLE", "SiteFacts", "gate", "waived"]

# What may be waived, and the usual grounds.
WAIVABLE: Mapping[str, str] = MappingProxyType(
    {
        "P2": "the safety of a source",
        "P3": "no primary source can be had",
        "P4": "only one relevant source exists",
        "P5": "the safety of a source",
        "P6": "no evidence exists on the other side",
        "P8": "contact is impossible, or would put somebody at risk",
        "S1": "the page stands elsewhere",
        "S2": "the page stands elsewhere",
        "S3": "the page stands elsewhere",
        "S4": "the page stands elsewhere",
        "S5": "the desk is no signatory",
    }
)

_SOURCES, _METHOD, _FAIR = "Transparency of sources", "Transparency of methodology", "Fairness"
_FUNDING, _CORRECTIONS = "Transparency of funding and organisation", "Open and honest corrections"


# Google's rule for claimReviewed (its fact-check page, copy of 2026-09-01).
MAX_CLAIM = 75


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the desk's site shows, read from the running configuration."""

    has_method: bool = False
    has_organisation: bool = False
    has_corrections_policy: bool = False
    takes_claims: bool = False
    has_complaint_route: bool = False


def gate(review: Review, *, scale: RatingScale, site: SiteFacts) -> tuple[GatePoint, ...]:
    """Every point of the gate, in order: of the page, then of the site."""
    asked = (*_page_points(review.content, scale), *_site_points(site))
    waivers = {waiver.point: waiver for waiver in review.waivers}
    return tuple(_judged(*point, waivers) for point in asked)


def waived(review: Review, point: str, *, reason: str, account: Account, now: str) -> Review:
    """The review with a point waived; a second waiver of a point takes the place of the first.

    Raises `GateError` when the point cannot be waived, for an account below editor, or without a
    reason.
    """
    if point not in WAIVABLE:
        raise GateError(f"point {point!r} cannot be waived; waivable: {', '.join(WAIVABLE)}")
    if not account.may(Role.EDITOR):
        raise GateError(f"the role {account.role.value!r} cannot waive; an editor can")
    if not reason.strip():
        raise GateError(f"waiving {point!r} needs a reason, which is printed: {WAIVABLE[point]}?")
    waiver = Waiver(point, reason.strip(), account.id, now)
    others = tuple(one for one in review.waivers if one.point != point)
    return replace(review, waivers=(*others, waiver), changed=now)


# Code, heading, level, what is asked, whether it holds, what is said when it does not.
_Point = tuple[str, str, str, str, bool, str]


def _page_points(content: ReviewContent, scale: RatingScale) -> tuple[_Point, ...]:
    sources = content.sources
    named = {
        s.publisher.casefold() or s.title.casefold() for s in sources if s.publisher or s.title
    }
    unlinked = [s for s in sources if not s.url and not s.digest]
    no_interest = [s for s in sources if not s.is_primary and not s.interest]
    sides = {s.side for s in sources}
    claimant = [c for c in content.contacts if c.is_claimant and c.asked]
    return (
        ("P1", _METHOD, "page", "the conclusion is explained and rated in a word of the desk's scale",
         bool(content.reasoning.strip() and content.summary.strip()) and content.rating in scale,
         _first_missing(content, scale)),
        ("P2", _SOURCES, "page", "each significant source is named with a link or a kept copy",
         bool(sources) and not unlinked,
         f"{len(unlinked)} of {len(sources)} sources have neither" if sources else "no source is named"),
        ("P3", _SOURCES, "page", "a primary source is among them",
         any(s.is_primary for s in sources), "none is marked as primary"),
        ("P4", _SOURCES, "page", "key elements rest on more than one named source",
         len(named) > 1, f"{len(named)} named source(s)"),
        ("P5", _SOURCES, "page", "the interest of each source that is not primary is stated",
         bool(sources) and not no_interest, f"{len(no_interest)} source(s) without it"),
        ("P6", _FAIR, "page", "evidence for and against is set out",
         {"for", "against"} <= sides, _one_side(sides)),
        ("P7", _METHOD, "page", "why this claim was chosen is said",
         bool(content.why.strip()), "no reason is given"),
        ("P8", _FAIR, "page", "whoever made the claim was asked for evidence, and the outcome is told",
         not content.claimant or bool(claimant), "no contact with the claimant is logged"),
        ("P9", _METHOD, "page", "the claim stands in under 75 characters that do not give the rating",
         0 < len(content.short_claim or content.claim) < MAX_CLAIM
         and not _gives_rating(content.short_claim or content.claim, content.rating),
         _claim_fault(content)),
    )  # fmt: skip


def _gives_rating(claim: str, rating: str) -> bool:
    return bool(rating) and rating.casefold() in claim.casefold().split(":")[0].split()[:1]


def _claim_fault(content: ReviewContent) -> str:
    claim = content.short_claim or content.claim
    if not claim:
        return "no claim is given"
    if len(claim) >= MAX_CLAIM:
        return f"it has {len(claim)} characters; give a short form"
    return f"it begins with the rating {content.rating!r}"


def _site_points(site: SiteFacts) -> tuple[_Point, ...]:
    rows = (
        ("S1", _METHOD, "a page tells the method", site.has_method, "no method page is set"),
        ("S2", _FUNDING, "a page tells who runs and funds the desk", site.has_organisation,
         "no page about the organisation is set"),
        ("S3", _CORRECTIONS, "a corrections policy is one step away", site.has_corrections_policy,
         "no corrections policy is set"),
        ("S4", _METHOD, "readers can send claims", site.takes_claims, "replies are closed"),
        ("S5", _CORRECTIONS, "a way to complain is named", site.has_complaint_route,
         "no address for complaints is set"),
    )  # fmt: skip
    return tuple((code, head, "site", asks, holds, why) for code, head, asks, holds, why in rows)


def _judged(  # noqa: PLR0913, PLR0917 - the columns of one row
    code: str,
    heading: str,
    level: str,
    asks: str,
    holds: bool,  # noqa: FBT001
    why_not: str,
    waivers: Mapping[str, Waiver],
) -> GatePoint:
    if holds:
        return GatePoint(code, heading, level, asks, GateOutcome.PASS, "")
    if code in waivers and code in WAIVABLE:
        return GatePoint(code, heading, level, asks, GateOutcome.WAIVED, waivers[code].reason)
    return GatePoint(code, heading, level, asks, GateOutcome.FAIL, why_not)


def _first_missing(content: ReviewContent, scale: RatingScale) -> str:
    if not content.summary.strip():
        return "no summary is given"
    if not content.reasoning.strip():
        return "no reasoning is given"
    return f"the rating {content.rating!r} is not on the desk's scale: {', '.join(scale.names)}"


def _one_side(sides: Sequence[str] | set[str]) -> str:
    missing = [side for side in ("for", "against") if side not in sides]
    return f"no source {' or '.join(missing)} the claim is set out"
