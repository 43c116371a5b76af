"""A wiki as a source of evidence: search with api.php, then the plain text of the best articles.

Spoken as the Action API documents it (`list=search`, `prop=extracts|info|revisions`,
`meta=siteinfo`, `formatversion=2`); the text needs the extension TextExtracts, as Wikipedia has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.errors import NetworkError
from onrecord.ports import PassageCandidate
from onrecord.record import CollectionState, Document, Problem
from onrecord.sources.asking import Asker, Reply, day, number, objects, text, with_query
from onrecord.sources.found import MAX_DOCUMENT, Found, OpenEmbedder, document, no_embedder
from onrecord.sources.queries import wiki_queries

__all__ = ["MediaWiki"]

# Articles read for one claim; the API gives one whole text a request.
N_ARTICLES = 2


@dataclass(frozen=True, slots=True)
class MediaWiki:
    """Implements `ports.PassageIndex`; `url` is the address of api.php, `name` what records say.

    What fails is put into `problems`.
    """

    name: str
    url: str
    reply: Reply
    problems: list[Problem]
    embedder: OpenEmbedder = no_embedder

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """Passages of the articles that the wiki finds for the texts; at most 40 requests."""
        asker = Asker(self.name, self.reply, self.problems)
        found = Found(self.embedder)
        for claim in texts:
            for page_id, licence in self._search(claim, asker):
                self._read(page_id, licence, asker, found)
        return found.candidates(texts, limit=limit)

    def state(self) -> CollectionState:
        """Only the name: nobody counts what a live source holds."""
        return CollectionState(0, sources=(self.name,))

    def _search(self, claim: str, asker: Asker) -> list[tuple[int, str]]:
        """The ids of the best articles, and the wiki's licence."""
        for query in wiki_queries(claim):
            url = with_query(
                self.url,
                {
                    "action": "query",
                    "list": "search",
                    "srsearch": query,
                    "srlimit": str(N_ARTICLES),
                    "srprop": "",
                    "meta": "siteinfo",
                    "siprop": "rightsinfo",
                    "format": "json",
                    "formatversion": "2",
                },
            )
            replied = asker.json(query, url)
            if replied is None or self._refused(replied[1], asker):
                return []
            _, answer = replied
            licence = _licence(answer)
            hits = objects(answer, "query", "search", limit=N_ARTICLES)
            ids = [page_id for hit in hits if (page_id := number(hit.get("pageid"))) is not None]
            if ids:
                return [(page_id, licence) for page_id in ids]
        return []

    def _read(self, page_id: int, licence: str, asker: Asker, found: Found) -> None:
        url = with_query(
            self.url,
            {
                "action": "query",
                "pageids": str(page_id),
                "prop": "extracts|info|revisions",
                "explaintext": "1",
                "exsectionformat": "plain",
                "inprop": "url",
                "rvprop": "timestamp",
                "format": "json",
                "formatversion": "2",
            },
        )
        replied = asker.json(f"page {page_id}", url)
        if replied is None or self._refused(replied[1], asker):
            return
        answer, content = replied
        for page in objects(content, "query", "pages", limit=1):
            extract = page.get("extract")
            if not isinstance(extract, str):
                asker.fail(
                    NetworkError(
                        f"{self.name} gives no text of its articles; expected a wiki with the "
                        "extension TextExtracts"
                    )
                )
                return
            fields = Document(
                id="",
                text="",
                title=text(page.get("title")),
                url=_address(page),
                date=_day(page),
                publisher=self.name.partition(":")[2],
                licence=licence,
            )
            found.add(document(extract[:MAX_DOCUMENT], answer=answer, fields=fields), answer=answer)

    def _refused(self, answer: Any, asker: Asker) -> bool:  # noqa: ANN401 - JSON
        """Whether the wiki answered with an error, which is kept as a problem."""
        error = answer.get("error") if isinstance(answer, dict) else {"code": "no object"}
        if not isinstance(error, dict):
            return False
        said = text(error.get("info")) or text(error.get("code")) or "an error without words"
        asker.fail(NetworkError(f"{self.name} answered: {said[:200]}"))
        return True


def _licence(answer: Mapping[str, Any]) -> str:
    """The licence as the wiki states it, with its address; empty where it states none."""
    query = answer.get("query")
    rights = query.get("rightsinfo") if isinstance(query, dict) else None
    if not isinstance(rights, dict):
        return ""
    name, url = text(rights.get("text")), text(rights.get("url"))
    return f"{name} ({url})" if name and url else name or url


def _address(page: Mapping[str, Any]) -> str:
    """The article's own address, where it is one of the web."""
    url = text(page.get("canonicalurl")) or text(page.get("fullurl"))
    return url if url.startswith(("https://", "http://")) else ""


def _day(page: Mapping[str, Any]) -> str:
    """The day of the last revision, ISO 8601; empty where none is given."""
    revisions = objects(page, "revisions", limit=1)
    return day(text(revisions[0].get("timestamp"))) if revisions else ""
