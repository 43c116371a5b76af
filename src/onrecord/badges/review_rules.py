"""The badge rules about ClaimReview markup: B1 to B5, B12 and B14.

All but B1 apply only where the page has ClaimReview; where the source cannot show markup none of
them can tell.
"""

from __future__ import annotations

import re

from onrecord.badges.addresses import host, is_own, same_site
from onrecord.badges.case import Case, cannot_tell, does_not_apply, fails, passes
from onrecord.badges.words import coverage
from onrecord.claimreview import ClaimReview
from onrecord.ratings import rating_fault, rating_meaning
from onrecord.record import BadgeRule
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["CONCLUSION", "RATING_INSIDE", "review_rules"]

_NO_MARKUP = "a saved text shows no markup"
_NO_REVIEW = "the page has no ClaimReview"

# Shares of a claim's words that the article repeats. Above the first the markup is about the
# article, below the second it is about something else; between them nothing is claimed.
_SAME_CLAIM = 0.5
_OTHER_CLAIM = 0.2

_RATING_AT_EDGE = (
    r"(?:mostly |partly |half[- ]|largely )?(?:true|false|fake|incorrect|correct|misleading|hoax|"
    r"debunked|pants on fire|unproven)"
)
RATING_INSIDE = re.compile(
    rf"^\s*[\[(]?{_RATING_AT_EDGE}[\])]?\s*[:!–—-]|[:–—(\[-]\s*{_RATING_AT_EDGE}\s*+[\])!.]*+\s*+$",
    re.IGNORECASE,
)
CONCLUSION = re.compile(
    r"\b(?:(?:our |the )?(?:rating|verdict|ruling|conclusion)\s*(?::|\bis\b)|we rate (?:this|the) "
    r"(?:claim |statement )?(?:as )?|fact[- ]?check(?:ed)?\s*[:–—-])\s*(?P<rating>[^.\n]{1,60})",
    re.IGNORECASE,
)


def review_rules(case: Case) -> tuple[BadgeRule, ...]:
    """Rules B1 to B5, B12 and B14 for one label, in that order."""
    rules = (_b2, _b3, _b4, _b5, _b12, _b14)
    if case.reviews is None:
        return (_b1(case), *(cannot_tell(_code(rule), _NO_MARKUP) for rule in rules))
    if not case.reviews:
        return (_b1(case), *(does_not_apply(_code(rule), _NO_REVIEW) for rule in rules))
    return (_b1(case), *(rule(case, case.reviews) for rule in rules))


def _code(rule: object) -> str:
    return str(getattr(rule, "__name__", "")).strip("_").upper()


def _b1(case: Case) -> BadgeRule:
    if case.label.is_internal_review and not case.label.names_claim:
        return does_not_apply("B1", "a label of internal review needs no ClaimReview", *case.at)
    if case.reviews is None:
        return cannot_tell("B1", _NO_MARKUP, *case.at)
    if not case.reviews:
        if case.label.names_claim:
            return fails("B1", "the label names a checked claim, but no ClaimReview", *case.at)
        return does_not_apply("B1", "the label names no claim and markup has none", *case.at)
    shares = [_share_in_article(case, review) for review in case.reviews]
    if any(share is not None and share >= _SAME_CLAIM for share in shares):
        return passes("B1", "a ClaimReview on the page is about it", *case.at)
    if all(share is not None and share <= _OTHER_CLAIM for share in shares):
        if case.label.names_claim:
            return fails("B1", "no ClaimReview on the page is about the claim", *case.at)
        return does_not_apply("B1", "the label names no claim", *case.at)
    return cannot_tell("B1", "whether the ClaimReview is about it is not clear", *case.at)


def _b2(case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    if not case.hosts:
        return cannot_tell("B2", "the page's own address is not known")
    addresses = [review.url for review in reviews if review.url]
    if not addresses:
        return cannot_tell("B2", "the ClaimReview gives no address")
    for url in addresses:
        name = host(url)
        if name is not None and not any(same_site(name, own) for own in case.hosts):
            own = ", ".join(sorted(case.hosts))
            return fails("B2", f"the ClaimReview's address is on {name}, the page on {own}")
    return passes("B2", "the ClaimReview's address is on the page's own site")


def _b3(_case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    if len(reviews) > 1:
        return fails("B3", f"{len(reviews)} ClaimReviews on one page, one is expected (a note)")
    return passes("B3", "one ClaimReview")


def _b4(case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    site = case.page.metadata.site
    unclear = False
    for review in reviews:
        own_names = {a.name.casefold() for a in review.authors if a.name}
        if site is not None:
            own_names.add(site.value.casefold())
        outside: list[bool | None] = []
        for claimant in review.claimants:
            own = claimant.name is not None and claimant.name.casefold() in own_names
            outside.append(not own and claimant.name is not None)
            unclear = unclear or (claimant.name is None and not case.hosts)
        for url in (*review.appearances, *(u for c in review.claimants for u in c.urls)):
            own_site = is_own(url, case.hosts)
            outside.append(None if own_site is None else not own_site)
        unclear = unclear or None in outside
        if not any(outside) and not unclear:
            what = "is the site itself" if outside else "is not given"
            return fails("B4", f"the origin of the claim {what}")
        if not any(outside):
            return cannot_tell("B4", "the page's own address is not known")
    return passes("B4", "the claim has an origin outside the site")


def _b5(_case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    n_ratings = 0
    for review in reviews:
        if review.claim and RATING_INSIDE.search(review.claim):
            return fails("B5", f"the claim itself carries a rating: {review.claim[:120]!r}")
        rating = review.rating
        if rating is None or (rating.text is None and rating.value is None):
            continue
        n_ratings += 1
        if (fault := rating_fault(rating)) is not None:
            return fails("B5", fault)
    if n_ratings < len(reviews):
        return cannot_tell("B5", "the ClaimReview gives no rating")
    return passes("B5", "the rating is inside its scale, and text and number agree")


def _b12(case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    visible = [(s, m) for s, m in _visible_conclusions(case) if m is not None]
    if not visible:
        return cannot_tell("B12", "no visible conclusion was found to compare the markup with")
    if len(reviews) > 1:
        return cannot_tell("B12", "several ClaimReviews: which one the conclusion is of is open")
    rating = reviews[0].rating
    meaning = rating_meaning(rating.text) if rating else None
    if meaning is None:
        return cannot_tell("B12", "the rating in the markup says neither true nor false")
    against = [span for span, seen in visible if abs(seen - meaning) > 0.5]
    text = rating.text if rating else ""
    if len(against) == len(visible):
        return fails("B12", f"the markup says {text!r}, the page another thing", *against)
    if against:
        return cannot_tell("B12", "the page itself gives several conclusions", *against)
    return passes("B12", "markup and visible conclusion agree", *(span for span, _ in visible))


def _visible_conclusions(case: Case) -> list[tuple[Span, float | None]]:
    found: list[tuple[Span, float | None]] = []
    kinds = {RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY, RegionKind.LABEL}
    for region in case.page.regions:
        if region.kind not in kinds:
            continue
        words = region.span.of(case.page.text)
        found.extend(
            (Span(*m.span()).moved(region.span.start), rating_meaning(m["rating"]))
            for m in CONCLUSION.finditer(words)
        )
        if region.kind is RegionKind.LABEL and len(words.split()) <= 4:
            found.append((region.span, rating_meaning(words)))
    if case.label.region is not None and case.label.names_claim:
        found.append((case.label.region, rating_meaning(case.label.text)))
    return found


def _b14(case: Case, reviews: tuple[ClaimReview, ...]) -> BadgeRule:
    shares = [_share_in_article(case, review) for review in reviews]
    known = [share for share in shares if share is not None]
    if not known:
        return cannot_tell("B14", "the ClaimReview names no claim")
    if max(known) >= _SAME_CLAIM:
        return passes("B14", "the article speaks of the claim in the markup")
    if max(known) <= _OTHER_CLAIM:
        claim = next(r.claim for r in reviews if r.claim) or ""
        return fails(
            "B14", f"the article does not speak of the claim in the markup: {claim[:120]!r}"
        )
    return cannot_tell("B14", "the article shares only some words with the claim in the markup")


def _share_in_article(case: Case, review: ClaimReview) -> float | None:
    """The share of the claim's content words that title, subtitle and body repeat, 0 to 1."""
    if not review.claim:
        return None
    kinds = {RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY, RegionKind.PULL_QUOTE}
    article = " ".join(r.span.of(case.page.text) for r in case.page.regions if r.kind in kinds)
    return coverage(review.claim, article)
