"""What is wrong with the ClaimReview markup of a page, rule by rule; any page, any publisher.

The rules are those of Google's fact-check page (copy of 2026-09-01; Google itself shows no
ClaimReview in its search any more, other readers of the markup kept the rules) and of schema.org.
Each gives pass, fail, cannot tell or does not apply, what was found, and what to do. A rule that
needs other pages of the site or the live web cannot tell.

A reviewer that reads markup is not asked whether the check is right: only whether the markup says
what the page says, in a form that others can use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onrecord import claimreview_rules as rules
from onrecord.badges.addresses import own_hosts
from onrecord.claimreview import ClaimReview, claim_review, markup_nodes
from onrecord.claimreview_rules import Said, Seen
from onrecord.record import Page
from onrecord.terms import BadgeOutcome, RegionKind

__all__ = ["RULES", "LintFinding", "LintRule", "lint"]

# Regions that a reader takes for the article.
_SEEN = (RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY, RegionKind.LABEL,
         RegionKind.PULL_QUOTE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule: its name, how binding it is (`required`, `recommended`, `advice`), what it asks."""

    name: str
    level: str
    asks: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """What a rule says of a page: its outcome, the value that shows it, and what to do."""

    rule: LintRule
    outcome: BadgeOutcome
    found: str
    advice: str


def lint(page: Page) -> tuple[LintFinding, ...]:
    """One finding for each rule, in the order of `RULES`.

    Without any ClaimReview only the first rule fails and the others do not apply; where the source
    cannot show markup, as a saved text, none can tell.
    """
    if page.markup is None:
        told = (
            BadgeOutcome.CANNOT_TELL,
            "this form of the page shows no markup",
            "give the page as HTML",
        )
        return tuple(LintFinding(rule, *told) for rule, _ in _CHECKS)
    pairs = _pairs(page)
    text = " ".join(r.span.of(page.text) for r in page.regions if r.kind in _SEEN)
    seen = Seen(page, pairs, own_hosts(page), text)
    if not pairs:
        first = LintFinding(_CHECKS[0][0], *rules.one_review(seen))
        nothing = (BadgeOutcome.DOES_NOT_APPLY, "the page has no ClaimReview", "")
        return (first, *(LintFinding(rule, *nothing) for rule, _ in _CHECKS[1:]))
    return tuple(LintFinding(rule, *check(seen)) for rule, check in _CHECKS)


def _pairs(page: Page) -> tuple[tuple[Mapping[str, object], ClaimReview], ...]:
    found: dict[tuple[object, ...], tuple[Mapping[str, object], ClaimReview]] = {}
    for syntax, node in markup_nodes(page.markup or ()):
        review = claim_review(node, syntax)
        if review is None or not _is_typed(node):
            continue
        text = (review.rating.text or "").casefold() if review.rating else ""
        key = ((review.claim or "").casefold().strip(), (review.url or "").rstrip("/"), text)
        found.setdefault(key, (node, review))
    return tuple(found.values())


def _is_typed(node: Mapping[str, object]) -> bool:
    return "@type" in node or "type" in node


_Check = Callable[[Seen], Said]
_R, _W, _A = "required", "recommended", "advice"
_CHECKS: tuple[tuple[LintRule, _Check], ...] = (
    (LintRule("one-review", _R, "exactly one ClaimReview stands on the page"), rules.one_review),
    (LintRule("claim-given", _R, "the claim is given: claimReviewed"), rules.has_claim),
    (LintRule("rating-given", _R, "the rating is given in words: reviewRating.alternateName"), rules.has_rating),
    (LintRule("url-given", _R, "the address of the check is given: url"), rules.has_url),
    (LintRule("claim-length", _R, "the claim has fewer than 75 characters"), rules.claim_length),
    (LintRule("claim-without-rating", _R, "the claim does not carry the rating"), rules.claim_without_rating),
    (LintRule("url-on-site", _R, "the address is on the page's own site"), rules.url_on_site),
    (LintRule("url-of-page", _R, "the address is the page's own, no redirect and no short link"), rules.url_of_page),
    (LintRule("rating-scale", _R, "worstRating is 1 or more and below bestRating, ratingValue within"), rules.scale),
    (LintRule("words-and-number", _R, "words and number of the rating agree; nearer to best is truer"), rules.words_and_number),
    (LintRule("agrees-with-page", _R, "the markup does not contradict the visible text"), rules.agrees_with_page),
    (LintRule("summary-on-page", _R, "claim and conclusion stand on the page"), rules.summary_on_page),
    (LintRule("claim-origin", _R, "the claim comes from somebody or somewhere outside the site"), rules.origin),
    (LintRule("claimant-named", _R, "an author of the claim has a name"), rules.claimant_named),
    (LintRule("sources-cited", _R, "sources outside the site are cited, not home pages alone"), rules.sources),
    (LintRule("corrections-policy", _R, "a corrections policy or a way to report errors is linked"), rules.corrections),
    (LintRule("meaning-first", _W, "the rating's words begin with their meaning"), rules.meaning_first),
    (LintRule("scale-is-told", _W, "a page says what the numbers mean"), rules.scale_is_told),
    (LintRule("claim-type", _W, "itemReviewed is a Claim"), rules.claim_type),
    (LintRule("appearance-given", _W, "where the claim stood is given"), rules.appearance),
    (LintRule("claim-date", _W, "when the claim was made is given"), rules.claim_date),
    (LintRule("reviewer-named", _W, "who reviewed is named: author"), rules.reviewer),
    (LintRule("review-date", _A, "when the check was published is given"), rules.review_date),
    (LintRule("primary-sources", _A, "primary sources are cited"), rules.primary),
    (LintRule("on-one-page", _A, "the same ClaimReview stands on one page only"), rules.other_pages),
    (LintRule("several-pages", _A, "the site has several pages with ClaimReview"), rules.other_pages),
    (LintRule("no-political-body", _A, "the publisher is no political body"), rules.politics),
)  # fmt: skip
RULES: tuple[LintRule, ...] = tuple(rule for rule, _ in _CHECKS)
