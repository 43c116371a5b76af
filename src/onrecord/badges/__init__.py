"""What stands behind a page's own "Fact checked" label, rule by rule.

Fifteen rules, each pass, fail, cannot tell or does not apply, with what shows it; never a score.
A rule that needs what the source cannot show (links and markup of a saved text, other pages of the
site, the live web) cannot tell.
"""

from __future__ import annotations

from onrecord.badges.case import case
from onrecord.badges.labels import labels
from onrecord.badges.page_rules import page_rules
from onrecord.badges.review_rules import review_rules
from onrecord.record import BadgeAudit, Page

__all__ = ["badges"]


def badges(page: Page) -> tuple[BadgeAudit, ...]:
    """One audit for each label of the page that says it was checked, in document order.

    Each audit holds all fifteen rules, B1 to B15, in that order. Empty where the page has no such
    label: that is no fault.
    """
    return tuple(
        BadgeAudit(
            label=label.text,
            region=label.region,
            image=label.image,
            rules=tuple(
                sorted(
                    (*review_rules(seen), *page_rules(seen)), key=lambda rule: int(rule.code[1:])
                )
            ),
        )
        for label in labels(page)
        for seen in (case(page, label),)
    )
