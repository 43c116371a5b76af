"""A search engine as a source of evidence: any that answers as SearXNG does with `format=json`.

Each page that it finds is fetched under the rules of `fetch.py`, robots.txt among them, and read
as any other page. Where that is not allowed the words of the search result stand in for the page,
and the source's name says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.errors import OnrecordError
from onrecord.ports import Answer, PassageCandidate
from onrecord.read import read
from onrecord.record import Capture, CollectionState, Document, Page, Problem
from onrecord.sources.asking import MAX_FIELD, Asker, Reply, day, objects, text, with_query
from onrecord.sources.found import Found, OpenEmbedder, document, no_embedder, visible_text
from onrecord.sources.queries import plain_query
from onrecord.terms import RegionKind

__all__ = ["SNIPPET", "SearxNG"]

# Results looked at for one claim.
N_RESULTS = 3
# Behind the source's name where only the words of the search result were had.
SNIPPET = " (words of the search result only)"
_READ = frozenset({RegionKind.SUBTITLE, RegionKind.BODY, RegionKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class SearxNG:
    """Implements `ports.PassageIndex`; `url` is the address of the search, without parameters.

    `pages` fetches what was found; `reply` asks the search itself.
    """

    name: str
    url: str
    reply: Reply
    pages: Reply
    problems: list[Problem]
    embedder: OpenEmbedder = no_embedder

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """Passages of the pages found for the texts; at most 40 searches and 40 pages."""
        asker = Asker(self.name, self.reply, self.problems)
        pages = Asker(self.name, self.pages, self.problems)
        found = Found(self.embedder)
        seen: set[str] = set()
        for claim in texts:
            query = plain_query(claim)
            url = with_query(self.url, {"q": query, "format": "json"})
            replied = asker.json(query, url) if query else None
            if replied is None:
                continue
            answer, content = replied
            for hit in objects(content, "results", limit=N_RESULTS):
                address = text(hit.get("url"))
                if address.startswith(("https://", "http://")) and address not in seen:
                    seen.add(address)
                    self._take(hit, address, answer, pages, found)
        return found.candidates(texts, limit=limit)

    def state(self) -> CollectionState:
        """Only the name: nobody counts what a live source holds."""
        return CollectionState(0, sources=(self.name,))

    def _take(
        self, hit: Mapping[str, Any], address: str, answer: Answer, pages: Asker, found: Found
    ) -> None:
        served = pages.page(address)
        made = _page_document(served) if served is not None else None
        if served is not None and made is not None:
            found.add(made, answer=served)
            return
        content = hit.get("content")
        words = visible_text(content) if isinstance(content, str) else ""
        if not words:
            return
        title = hit.get("title")
        fields = Document(
            id="",
            text="",
            title=visible_text(title)[:MAX_FIELD] if isinstance(title, str) else "",
            url=address,
            date=day(text(hit.get("publishedDate"))),
        )
        snippet = document(words, answer=answer, fields=fields)
        found.add(dataclasses.replace(snippet, source=self.name + SNIPPET), answer=answer)


def _page_document(answer: Answer) -> Document | None:
    """The article of a page; `None` where it cannot be read as one."""
    capture = Capture(answer.url, answer.retrieved, answer.media_type, answer.body)
    try:
        page = read(capture)
    except OnrecordError:
        return None
    words = _article(page)
    if not words:
        return None
    known = page.metadata
    fields = Document(
        id="",
        text="",
        title=known.title.value if known.title else "",
        url=answer.url,
        date=day(known.published.value if known.published else ""),
        publisher=known.site.value if known.site else "",
    )
    return document(words, answer=answer, fields=fields)


def _article(page: Page) -> str:
    return "\n\n".join(r.span.of(page.text) for r in page.regions if r.kind in _READ)
