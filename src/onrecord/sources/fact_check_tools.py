"""Earlier fact-checks from an API that speaks Google's Fact Check Tools, beside the own library.

`claims:search` of v1alpha1 (discovery document of 2024-09-29). It gives no score and no numbers of
a rating, so what it finds is compared with the claim like any row of the library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.claimreview import ClaimReview, Named
from onrecord.errors import NetworkError
from onrecord.factchecks.feeds import fact_check_of_review
from onrecord.factchecks.index import LibraryIndex, open_library_index
from onrecord.ports import Candidate, FactCheckIndex
from onrecord.ratings import Rating
from onrecord.record import FactCheck, Problem
from onrecord.sources.asking import Asker, Reply, objects, text, with_query
from onrecord.sources.found import OpenEmbedder
from onrecord.sources.queries import plain_query

__all__ = ["PATH", "FactCheckTools"]

PATH = "/v1alpha1/claims:search"
# Claims taken from one answer, each with its reviews.
N_CLAIMS = 10


@dataclass(slots=True)
class FactCheckTools:
    """A library with what a live source adds to it; implements `ports.FactCheckIndex`.

    `url` is the address of the API without a path, `key` goes into the request and nowhere else,
    `library` is the desk's own index, if any. What fails is put into `problems`.
    """

    name: str
    url: str
    key: str = field(repr=False)
    reply: Reply
    problems: list[Problem]
    library: FactCheckIndex | None
    embedder: OpenEmbedder
    _rows: dict[str, FactCheck] = field(default_factory=dict)
    _index: LibraryIndex | None = None

    def candidates(self, text: str, *, limit: int) -> tuple[Candidate, ...]:
        """The candidates for one text; see `candidates_of_each`."""
        return self.candidates_of_each([text], limit=limit)[0]

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[Candidate, ...], ...]:
        """The library's candidates and those that the source adds; at most 40 requests.

        BM25 of the library is not comparable with that of a few found rows, so theirs is 0 beside
        a library: words and meaning still order them.
        """
        own: Sequence[tuple[Candidate, ...]] = [() for _ in texts]
        if self.library is not None:
            own = self.library.candidates_of_each(texts, limit=limit)
        self._look_up(texts)
        if not self._rows:
            return tuple(own)
        if self._index is None:
            self._index = open_library_index(None, embedder=self.embedder())
        self._index.add(list(self._rows.values()))
        added = self._index.candidates_of_each(texts, limit=limit)
        return tuple(
            (*first, *self._new(second, first)) for first, second in zip(own, added, strict=True)
        )

    def rarity(self, stems: Collection[str]) -> Mapping[str, float]:
        """How rare stems are in the library, or among the found rows where there is none."""
        if self.library is not None and len(self.library):
            return self.library.rarity(stems)
        return self._index.rarity(stems) if self._index is not None else dict.fromkeys(stems, 1.0)

    def __len__(self) -> int:
        """At least 1: there is always somebody to ask."""
        return max(1, len(self.library) if self.library is not None else 0)

    def _new(self, found: Sequence[Candidate], own: Sequence[Candidate]) -> Iterator[Candidate]:
        known = {candidate.fact_check.id for candidate in own}
        for candidate in found:
            if candidate.fact_check.id not in known:
                yield (
                    candidate if self.library is None else dataclasses.replace(candidate, bm25=0.0)
                )

    def _look_up(self, texts: Sequence[str]) -> None:
        asker = Asker(self.name, self.reply, self.problems)
        self._rows = {}
        for claim in texts:
            query = plain_query(claim)
            parameters = {"query": query, "pageSize": str(N_CLAIMS), "key": self.key}
            url = with_query(self.url.rstrip("/") + PATH, parameters)
            replied = asker.json(query, url, secret=self.key) if query else None
            if replied is None:
                continue
            _, content = replied
            error = content.get("error") if isinstance(content, dict) else {}
            if isinstance(error, dict):
                said = text(error.get("message"))[:200] or "no object with claims"
                asker.fail(NetworkError(f"{self.name} answered: {said}"))
                continue
            self._rows |= {row.id: row for row in _fact_checks(content)}


def _fact_checks(content: Mapping[str, Any]) -> Iterator[FactCheck]:
    """The usable reviews of an answer, in order; what has no claim or address is left out."""
    for claim in objects(content, "claims", limit=N_CLAIMS):
        for review in objects(claim, "claimReview", limit=N_CLAIMS):
            publisher = review.get("publisher")
            named = publisher if isinstance(publisher, dict) else {}
            made = fact_check_of_review(
                ClaimReview(
                    claim=text(claim.get("text")),
                    url=text(review.get("url")),
                    claimants=(Named(text(claim.get("claimant")) or None),),
                    appearances=(),
                    authors=(Named(text(named.get("name")) or text(named.get("site")) or None),),
                    rating=Rating(text(review.get("textualRating")) or None, None, None, None),
                    published=text(review.get("reviewDate")),
                    citations=(),
                    cited_texts=(),
                    syntax="json",
                    title=text(review.get("title")),
                    claim_date=text(claim.get("claimDate")),
                    language=text(review.get("languageCode")),
                )
            )
            if isinstance(made, FactCheck) and made.url:
                yield made
