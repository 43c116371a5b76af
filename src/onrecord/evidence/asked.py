"""Which claims of a page are asked of a collection, and in what words.

A claim is asked in its own words. One whose subject is a pronoun says nothing on its own ("It cost
12 million") and would be answered by a passage about anything; before it stand the words that the
page gives for it: the source for "I" and "we", else the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.record import Attribution, Claim, Page

__all__ = ["Asked", "asked_claims"]

_SPACE = re.compile(r"\s+")
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|my|My|us|me)\b")
_PRONOUN_FIRST = re.compile(
    r"^\W*(?:he|she|it|they|his|her|hers|its|their|theirs|this|that|these|those|there|here|such)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim and the text that is asked: its words, with context before them where it needs it."""

    claim: Claim
    text: str


def asked_claims(
    page: Page,
    claims: Sequence[Claim],
    *,
    attributions: Sequence[Attribution] | None,
    max_claims: int,
) -> tuple[Asked, ...]:
    """The best-ranked claims that can be checked, best first, with the text that is asked."""
    by_id = {attribution.id: attribution for attribution in attributions or ()}
    title = _one_line(page.metadata.title.value) if page.metadata.title else ""
    out = []
    for claim in ranked(claims, max_claims=max_claims):
        words = _one_line(claim.span.of(page.text))
        said_by = by_id.get(claim.attribution) if claim.attribution else None
        source = said_by.source if said_by else None
        before = ""
        if _FIRST_PERSON.search(words) and source is not None:
            before = _one_line(source.of(page.text))
        elif _PRONOUN_FIRST.match(words):
            before = title
        out.append(Asked(claim, f"{before}: {words}" if before else words))
    return tuple(out)


def ranked(claims: Sequence[Claim], *, max_claims: int) -> tuple[Claim, ...]:
    """The claims that are asked: those with the best ranks among the checkable."""
    checkable = sorted((c for c in claims if c.checkable and c.rank > 0), key=lambda c: c.rank)
    return tuple(checkable[:max_claims])


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
