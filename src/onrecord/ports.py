"""What stages need from outside, as protocols; assembled in `compose.py`.

Ports appear with their first real user; a stage never opens a file or a connection itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from onrecord.record import Attribution, CollectionState, FactCheck, Page, Passage
from onrecord.span import Span

__all__ = [
    "AttributionReader",
    "Candidate",
    "FactCheckIndex",
    "PassageCandidate",
    "PassageIndex",
    "Ports",
]


class AttributionReader(Protocol):
    """Reads attributions; `attribution.rules` and the trained tagger both do."""

    def __call__(self, page: Page, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
        """The attributions of the page, ordered by their first span."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier fact-check that may answer a claim.

    `bm25` is 0.0 where the text index did not find it; `similarity` is the cosine of the
    embeddings, -1 to 1, and `None` where the library has none. `body` holds the stems of
    the fact-check's article, parted by spaces, where the library knows it; `fact_check` comes
    without it.
    """

    fact_check: FactCheck
    bm25: float
    similarity: float | None
    body: str = ""


class FactCheckIndex(Protocol):
    """A library of earlier fact-checks that can be asked for candidates."""

    def candidates(self, text: str, *, limit: int) -> tuple[Candidate, ...]:
        """The candidates of both first stages, each once; the order says nothing."""
        ...

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[Candidate, ...], ...]:
        """The candidates of each text; several together cost less than one by one."""
        ...

    def rarity(self, stems: Collection[str]) -> Mapping[str, float]:
        """How rare each stem is in the library: 0 or more, greater for rarer ones."""
        ...

    def __len__(self) -> int:
        """How many fact-checks there are."""
        ...


@dataclass(frozen=True, slots=True)
class PassageCandidate:
    """A passage that may say something of a claim.

    `bm25` is 0.0 where words did not find it; `similarity` is the cosine of the embeddings, -1 to
    1, and `None` where there are none.
    """

    passage: Passage
    bm25: float
    similarity: float | None


class PassageIndex(Protocol):
    """A collection of documents, or a live source, that can be asked for passages."""

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """At most `limit` candidates of each first stage for each text; the order says nothing."""
        ...

    def state(self) -> CollectionState:
        """How much there is, how new it is, and a digest of it."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the makers of stages are given; `None` where the desk has no such thing."""

    fact_checks: FactCheckIndex | None = None
    passages: PassageIndex | None = None
