"""What every badge rule is given, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.badges.addresses import own_hosts
from onrecord.badges.labels import Label
from onrecord.claimreview import ClaimReview, claim_reviews
from onrecord.record import BadgeRule, Page
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, RegionKind

__all__ = ["Case", "cannot_tell", "case", "does_not_apply", "fails", "passes"]


@dataclass(frozen=True, slots=True)
class Case:
    """One label with what its rules look at; `reviews` is `None` where markup cannot be seen."""

    page: Page
    label: Label
    reviews: tuple[ClaimReview, ...] | None
    hosts: frozenset[str]
    authors: frozenset[str]

    @property
    def at(self) -> tuple[Span, ...]:
        """The label's own place, to show; empty for an image or markup."""
        return (self.label.region,) if self.label.region else ()


def case(page: Page, label: Label) -> Case:
    """The page, one label of it, and what several rules share."""
    names = {found.value for found in page.metadata.authors}
    names.update(r.span.of(page.text) for r in page.regions if r.kind is RegionKind.BYLINE)
    return Case(
        page=page,
        label=label,
        reviews=claim_reviews(page),
        hosts=own_hosts(page),
        authors=frozenset(" ".join(name.split()).casefold() for name in names),
    )


def passes(code: str, reason: str, *spans: Span) -> BadgeRule:
    """The rule is met; `spans` show it."""
    return BadgeRule(code, BadgeOutcome.PASS, reason, spans)


def fails(code: str, reason: str, *spans: Span) -> BadgeRule:
    """The rule is not met; `spans` show it."""
    return BadgeRule(code, BadgeOutcome.FAIL, reason, spans)


def cannot_tell(code: str, reason: str, *spans: Span) -> BadgeRule:
    """What the rule needs cannot be seen in this source."""
    return BadgeRule(code, BadgeOutcome.CANNOT_TELL, reason, spans)


def does_not_apply(code: str, reason: str, *spans: Span) -> BadgeRule:
    """The rule asks for nothing here."""
    return BadgeRule(code, BadgeOutcome.DOES_NOT_APPLY, reason, spans)
