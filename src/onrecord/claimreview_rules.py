"""The checks behind the rules of `claimreview_lint`: what each sees on a page and says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from onrecord.badges.addresses import host, is_home_page, is_own, same_site
from onrecord.badges.review_rules import CONCLUSION, RATING_INSIDE
from onrecord.badges.words import coverage
from onrecord.claimreview import ClaimReview, values
from onrecord.ratings import rating_fault, rating_meaning
from onrecord.record import Page
from onrecord.terms import BadgeOutcome, RegionKind

__all__ = [
    "Said",
    "Seen",
    "agrees_with_page",
    "appearance",
    "claim_date",
    "claim_length",
    "claim_type",
    "claim_without_rating",
    "claimant_named",
    "corrections",
    "has_claim",
    "has_rating",
    "has_url",
    "meaning_first",
    "one_review",
    "origin",
    "other_pages",
    "politics",
    "primary",
    "review_date",
    "reviewer",
    "scale",
    "scale_is_told",
    "sources",
    "summary_on_page",
    "url_of_page",
    "url_on_site",
    "words_and_number",
]

# Google: "less than 75 characters".
MAX_CLAIM = 75
MAX_SHOWN = 160  # characters of a value that is shown
# Shares of a claim's words on the page, as in the badge audit (`badges.review_rules`).
SAME, OTHER = 0.5, 0.2
# Words of a rating in which its meaning must come: what a narrow view shows of it.
FIRST_WORDS = 4

# A rating often stands in a line of its own, which need not be part of the article: code points.
MAX_LABEL = 60
_NOT_ITS_OWN = (RegionKind.COMMENT, RegionKind.RELATED, RegionKind.ADVERT, RegionKind.EMBED)

_CORRECTIONS = re.compile(
    r"\bcorrections?\b|\bcorrecciones\b|\bkorrekturen\b|report an? (?:error|mistake)|"
    r"\berrata?\b|\bcomplaints?\b|\bfeedback\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\bmethod|\bhow[-_ ]we[-_ ]|\bratings?\b|\brating[-_ ]scale|truth-?o-?meter|\bprinciples\b",
    re.IGNORECASE,
)
_SHORTENERS = frozenset(
    ["bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "buff.ly", "is.gd", "dlvr.it", "lnkd.in"]
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the rules see it: its reviews with their nodes, hosts, and visible text."""

    page: Page
    pairs: tuple[tuple[Node, ClaimReview], ...]
    hosts: frozenset[str]
    text: str

    @property
    def reviews(self) -> tuple[ClaimReview, ...]:
        """The reviews alone."""
        return tuple(review for _, review in self.pairs)


# Outcome, what was found, what to do.
Said = tuple[BadgeOutcome, str, str]
_PASS, _FAIL = BadgeOutcome.PASS, BadgeOutcome.FAIL
_OPEN, _NONE = BadgeOutcome.CANNOT_TELL, BadgeOutcome.DOES_NOT_APPLY


def one_review(seen: Seen) -> Said:
    """Whether the page keeps `one-review`."""
    n = len(seen.pairs)
    if n == 1:
        return _PASS, "one", ""
    if not n:
        return _FAIL, "none", "put one ClaimReview on the page of the check"
    return _FAIL, f"{n}", "give each claim a page of its own with one ClaimReview"


def has_claim(seen: Seen) -> Said:
    """Whether the page keeps `claim-given`."""
    return _each(seen, lambda _, r: r.claim, "name the checked claim in 'claimReviewed'")


def has_url(seen: Seen) -> Said:
    """Whether the page keeps `url-given`."""
    return _each(seen, lambda _, r: r.url, "give the page's own address as 'url'")


def has_rating(seen: Seen) -> Said:
    """Whether the page keeps `rating-given`."""

    def words(_node: Node, review: ClaimReview) -> str | None:
        return review.rating.text if review.rating else None

    return _each(seen, words, "give 'reviewRating' with its words in 'alternateName'")


def claim_length(seen: Seen) -> Said:
    """Whether the page keeps `claim-length`."""
    claims = [r.claim for r in seen.reviews if r.claim]
    if not claims:
        return _NONE, "no claim is given", ""
    longest = max(claims, key=len)
    told = f"{len(longest)} characters: {_cut(longest)}"
    if len(longest) < MAX_CLAIM:
        return _PASS, told, ""
    return _FAIL, told, f"say it in fewer than {MAX_CLAIM} characters; readers cut what is longer"


def claim_without_rating(seen: Seen) -> Said:
    """Whether the page keeps `claim-without-rating`."""
    for review in seen.reviews:
        if review.claim and RATING_INSIDE.search(review.claim):
            return _FAIL, _cut(review.claim), "leave the rating to 'reviewRating'"
    claim = seen.reviews[0].claim
    return (_PASS, _cut(claim), "") if claim else (_NONE, "no claim is given", "")


def url_on_site(seen: Seen) -> Said:
    """Whether the page keeps `url-on-site`."""
    if not seen.hosts:
        return _OPEN, "the page's own address is not known", "name it with --url"
    for review in seen.reviews:
        name = host(review.url)
        if name and not any(same_site(name, own) for own in seen.hosts):
            return (
                _FAIL,
                f"{name}, the page is on {', '.join(sorted(seen.hosts))}",
                ("give an address on the page's own site"),
            )
    url = seen.reviews[0].url
    return (_PASS, _cut(url), "") if url else (_NONE, "no address is given", "")


def url_of_page(seen: Seen) -> Said:
    """Whether the page keeps `url-of-page`."""
    own = {urldefrag(u).url.rstrip("/") for u in _own_urls(seen.page) if u}
    for review in seen.reviews:
        if not review.url:
            return _NONE, "no address is given", ""
        if host(review.url) in _SHORTENERS:
            return _FAIL, _cut(review.url), "give the address itself, not a short one"
        if not own:
            return _OPEN, "the page's own address is not known", "name it with --url"
        if urldefrag(review.url).url.rstrip("/") not in own:
            return (
                _OPEN,
                _cut(review.url),
                (
                    "it is another address than the page's own; see that it leads here without redirects"
                ),
            )
    return _PASS, _cut(seen.reviews[0].url or ""), ""


def scale(seen: Seen) -> Said:
    """Whether the page keeps `rating-scale`."""
    numbered = [r.rating for r in seen.reviews if r.rating and r.rating.value is not None]
    if not numbered:
        return _NONE, "the rating has words alone", ""
    for rating in numbered:
        worst = 1.0 if rating.worst is None else rating.worst
        best = 5.0 if rating.best is None else rating.best
        value = rating.value or 0.0
        told = f"{value:g} of {worst:g} to {best:g}"
        if worst < 1 or worst >= best or not worst <= value <= best:
            return (
                _FAIL,
                told,
                ("'worstRating' is 1 or more, 'bestRating' above it, 'ratingValue' within"),
            )
    return _PASS, told, ""


def words_and_number(seen: Seen) -> Said:
    """Whether the page keeps `words-and-number`."""
    ratings = [r.rating for r in seen.reviews if r.rating and r.rating.value is not None]
    if not ratings:
        return _NONE, "the rating has words alone", ""
    for rating in ratings:
        fault = rating_fault(rating)
        if fault and "the text says" in fault:
            return _FAIL, fault, "a number nearer to 'bestRating' means truer; mend one of the two"
    if any(rating_meaning(rating.text) is None for rating in ratings):
        told = _cut(ratings[0].text or "no words")
        return _OPEN, told, "the words say neither true nor false"
    return _PASS, f"{ratings[0].text}: {ratings[0].value:g}", ""


def meaning_first(seen: Seen) -> Said:
    """Whether the page keeps `meaning-first`."""
    for review in seen.reviews:
        text = (review.rating.text or "") if review.rating else ""
        if not text:
            return _NONE, "the rating has no words", ""
        words = text.split()
        if len(words) > FIRST_WORDS and rating_meaning(" ".join(words[:FIRST_WORDS])) is None:
            return _OPEN, _cut(text), "begin with the rating itself; what is long is cut"
    return _PASS, _cut(text), ""


def scale_is_told(seen: Seen) -> Said:
    """Whether the page keeps `scale-is-told`."""
    if all(r.rating is None or r.rating.value is None for r in seen.reviews):
        return _NONE, "the rating has words alone", ""
    link = _own_link(seen, _METHOD)
    if link:
        return _PASS, _cut(link), ""
    return (
        _OPEN,
        "no page on method or ratings is linked",
        ("link a page that says what each number means"),
    )


def agrees_with_page(seen: Seen) -> Said:
    """Whether the page keeps `agrees-with-page`."""
    if len(seen.pairs) > 1:
        return _OPEN, "several ClaimReviews", "which one the visible conclusion is of is open"
    rating = seen.reviews[0].rating
    meaning = rating_meaning(rating.text) if rating else None
    if rating is None or not rating.text:
        return _NONE, "the rating has no words", ""
    visible = [m["rating"] for m in CONCLUSION.finditer(seen.text)]
    known = [
        (words, seen_as) for words in visible if (seen_as := rating_meaning(words)) is not None
    ]
    if meaning is not None and known and all(abs(m - meaning) > 0.5 for _, m in known):
        return _FAIL, f"markup: {rating.text!r}, page: {_cut(known[0][0])!r}", "mend one of the two"
    form = re.compile(rf"(?<!\w){re.escape(rating.text)}(?!\w)", re.IGNORECASE)
    lines = [r.span.of(seen.page.text) for r in seen.page.regions if r.kind not in _NOT_ITS_OWN]
    if form.search(seen.text) or any(form.search(s) for s in lines if len(s) <= MAX_LABEL):
        return _PASS, f"the page says {rating.text!r}", ""
    return (
        _OPEN,
        f"{rating.text!r} does not stand in the visible text",
        ("show the rating in words on the page"),
    )


def summary_on_page(seen: Seen) -> Said:
    """Whether the page keeps `summary-on-page`."""
    shares = [
        s for r in seen.reviews if r.claim and (s := coverage(r.claim, seen.text)) is not None
    ]
    if not shares:
        return _OPEN, "the markup names no claim", ""
    share = min(shares)
    told = f"{share:.0%} of the claim's words stand on the page"
    if share >= SAME:
        return _PASS, told, ""
    advice = "show the claim and a summary of the check with its conclusion on the page"
    return (_FAIL if share <= OTHER else _OPEN), told, advice


def origin(seen: Seen) -> Said:
    """Whether the page keeps `claim-origin`."""
    site = seen.page.metadata.site
    for review in seen.reviews:
        own = {a.name.casefold() for a in review.authors if a.name}
        if site is not None:
            own.add(site.value.casefold())
        named = [c.name for c in review.claimants if c.name and c.name.casefold() not in own]
        urls = (*review.appearances, *(u for c in review.claimants for u in c.urls))
        outside = [u for u in urls if is_own(u, seen.hosts) is False]
        if named or outside:
            continue
        if urls and not seen.hosts:
            return _OPEN, _cut(urls[0]), "the page's own address is not known: name it with --url"
        found = "the site itself" if review.claimants or urls else "nobody and no place"
        return (
            _FAIL,
            found,
            (
                "name in 'itemReviewed' who made the claim ('author') or where it stood ('appearance')"
            ),
        )
    return _PASS, _cut(", ".join(named or outside)), ""


def claimant_named(seen: Seen) -> Said:
    """Whether the page keeps `claimant-named`."""
    authors = [a for node, _ in seen.pairs for a in values(node, "itemReviewed", "author")]
    if not authors:
        return _NONE, "the claim has no author", ""
    unnamed = [a for a in authors if not (isinstance(a, dict) and values(a, "name"))]
    if any(not isinstance(a, str) or not a.strip() for a in unnamed):
        return _FAIL, "an author without 'name'", "name who made the claim, or leave 'author' out"
    return _PASS, _cut(", ".join(_name(a) for a in authors)), ""


def appearance(seen: Seen) -> Said:
    """Whether the page keeps `appearance-given`."""
    return _each(
        seen,
        lambda _, r: ", ".join(r.appearances) or None,
        "give the address where the claim stood as 'appearance' or 'firstAppearance'",
    )


def claim_date(seen: Seen) -> Said:
    """Whether the page keeps `claim-date`."""
    return _dated(seen, lambda r: r.claim_date, "say when the claim was made: 'datePublished'")


def review_date(seen: Seen) -> Said:
    """Whether the page keeps `review-date`."""
    return _dated(seen, lambda r: r.published, "say when the check was published: 'datePublished'")


def reviewer(seen: Seen) -> Said:
    """Whether the page keeps `reviewer-named`."""

    def who(_node: Node, review: ClaimReview) -> str | None:
        return next((a.name or a.urls[0] for a in review.authors if a.name or a.urls), None)

    return _each(seen, who, "name the publisher of the check as 'author'")


def claim_type(seen: Seen) -> Said:
    """Whether the page keeps `claim-type`."""
    found = [i for node, _ in seen.pairs for i in values(node, "itemReviewed")]
    if not found:
        return _FAIL, "no 'itemReviewed'", "describe the claim in 'itemReviewed' as a Claim"
    types = [_type(i) for i in found]
    if all(t == "Claim" for t in types):
        return _PASS, "Claim", ""
    return (
        _FAIL,
        ", ".join(t or "no type" for t in types),
        ("make it a Claim; CreativeWork is the old form"),
    )


def sources(seen: Seen) -> Said:
    """Whether the page keeps `sources-cited`."""
    cited = [u for r in seen.reviews for u in r.citations]
    linked = [link.url for link in seen.page.links or () if link.own_site is False and link.span]
    outside = [u for u in (*cited, *linked) if is_own(u, seen.hosts) is not True]
    deep = [u for u in outside if not is_home_page(u)]
    if deep:
        return _PASS, f"{len(dict.fromkeys(deep))}, first {_cut(deep[0])}", ""
    if outside:
        return _FAIL, f"home pages alone: {_cut(outside[0])}", "cite the page that holds the proof"
    if any(r.cited_texts for r in seen.reviews):
        return _OPEN, "sources are named without addresses", "give their addresses"
    if seen.page.links is None:
        return _OPEN, "this form of the page shows no links", "give the page as HTML"
    return _FAIL, "none outside the site", "cite sources, the primary ones first"


def primary(seen: Seen) -> Said:
    """Never tells: a person sees whether a source is primary."""
    return _OPEN, f"{len(seen.page.links or ())} links", "whether they are primary a person can see"


def corrections(seen: Seen) -> Said:
    """Whether the page keeps `corrections-policy`."""
    told = [
        str(one)
        for node, _ in seen.pairs
        for path in (("author", "correctionsPolicy"), ("publisher", "correctionsPolicy"))
        for one in values(node, *path)
    ]
    link = _own_link(seen, _CORRECTIONS) or next(iter(told), "")
    if link:
        return _PASS, _cut(link), ""
    if seen.page.links is None:
        return _OPEN, "this form of the page shows no links", "give the page as HTML"
    return _FAIL, "none", "link a corrections policy or a way to report errors"


def other_pages(_seen: Seen) -> Said:
    """Never tells: it needs other pages of the site."""
    return _OPEN, "this needs the other pages of the site", ""


def politics(_seen: Seen) -> Said:
    """Never tells: it needs to know the publisher."""
    return _OPEN, "a page does not show it", ""


def _each(seen: Seen, value: Callable[[Node, ClaimReview], str | None], advice: str) -> Said:
    """Passes where every review has the value; shows that of the first."""
    found = [value(node, review) for node, review in seen.pairs]
    if all(found):
        return _PASS, _cut(found[0] or ""), ""
    return _FAIL, "nothing", advice


def _dated(seen: Seen, date: Callable[[ClaimReview], str | None], advice: str) -> Said:
    for review in seen.reviews:
        found = date(review)
        if not found:
            return _FAIL, "nothing", advice
        if not _DAY.fullmatch(found):
            return _FAIL, _cut(found), "write dates as ISO 8601: 2026-03-14"
    return _PASS, _cut(found or ""), ""


def _own_link(seen: Seen, wanted: re.Pattern[str]) -> str:
    """The first link of the site's own whose words or address are as wanted; else empty."""
    for link in seen.page.links or ():
        path = urlsplit(link.url).path if link.url else ""
        if link.own_site is not False and (wanted.search(link.text) or wanted.search(path)):
            return link.url
    return ""


def _own_urls(page: Page) -> Sequence[str | None]:
    canonical = page.metadata.canonical
    return (page.url, canonical.value if canonical else None)


def _type(node: object) -> str:
    found = (
        [t for t in values(node, "@type") if isinstance(t, str)] if isinstance(node, dict) else []
    )
    return found[0].rsplit("/", 1)[-1] if found else ""


def _name(author: object) -> str:
    names = values(author, "name") if isinstance(author, dict) else (author,)
    return str(next(iter(names), ""))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
