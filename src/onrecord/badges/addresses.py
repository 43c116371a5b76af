"""Addresses as the badge rules need them: whose site, home page or not, general page or not."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from onrecord.record import Page

__all__ = ["host", "is_general_page", "is_home_page", "is_own", "own_hosts", "same_site"]

_SECOND_LEVEL = frozenset({"co", "com", "org", "gov", "ac", "net", "edu", "gob", "or", "ne"})
_GENERAL = re.compile(
    r"about(?:[-_]us)?|contact|help|faq|policy|policies|terms|privacy|masthead|staff|team|standards|"
    r"ethics|guidelines|methodology|method|methods|transparency|corrections?|"
    r"(?:our[-_])?(?:fact[-_]?check(?:s|ing|ers?)?|editorial|review|verification)"
    r"(?:[-_](?:team|policy|policies|process|standards|guidelines|methodology|board|principles|about))*|"
    r"how[-_](?:we|our)[-_].{1,60}|(?:medical|editorial|expert)[-_](?:review|team|board|process)"
    r"(?:[-_]\w+){0,3}|code[-_]of[-_]\w+",
    re.IGNORECASE,
)


def host(url: str | None) -> str | None:
    """The host of an http(s) address in lower case without `www.`; `None` where there is none."""
    parts = _parts(url)
    name = (parts.hostname or "") if parts else ""
    name = name.rstrip(".").lower()
    for prefix in ("www.", "m.", "amp."):
        if name.startswith(prefix) and name.count(".") > 1:
            name = name.removeprefix(prefix)
    return name or None


def own_hosts(page: Page) -> frozenset[str]:
    """The hosts of the page's own and canonical address; empty where neither is known."""
    canonical = page.metadata.canonical.value if page.metadata.canonical else None
    return frozenset(h for h in (host(page.url), host(canonical)) if h)


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong to one site: the same name below the public ending.

    Without a list of public endings this takes the last two labels, or three below `co.uk` and
    its like; two customers of one shared host look the same.
    """
    return _site(one) == _site(other)


def is_own(url: str, hosts: frozenset[str]) -> bool | None:
    """Whether an address is of the page's own site; `None` where the page's address is unknown."""
    name = host(url)
    if name is None:
        return True  # a relative address stays on the site
    if not hosts:
        return None
    return any(same_site(name, own) for own in hosts)


def is_home_page(url: str) -> bool:
    """Whether an address names a site and no page of it."""
    parts = _parts(url)
    return parts is not None and parts.path.strip("/") in {
        "", "index.html", "index.php", "home", "en",
    } and not parts.query  # fmt: skip


def is_general_page(url: str) -> bool:
    """Whether an address is a home page or, by its last folder, a page about the site's ways."""
    if is_home_page(url):
        return True
    parts = _parts(url)
    if parts is None:
        return False
    folders = [f for f in parts.path.split("/") if f]
    last = re.sub(r"\.(?:html?|php|aspx?)$", "", folders[-1]) if folders else ""
    return bool(_GENERAL.fullmatch(last))


def _parts(url: str | None) -> SplitResult | None:
    if not url:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _site(name: str) -> str:
    parts = name.split(".")
    n_labels = 3 if len(parts) > 2 and parts[-2] in _SECOND_LEVEL and len(parts[-1]) == 2 else 2
    return ".".join(parts[-n_labels:])
