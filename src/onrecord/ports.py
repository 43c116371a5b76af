"""What stages need from outside, as protocols; assembled in `compose.py`.

Ports appear with their first real user; a stage never opens a file or a connection itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from onrecord.record import (
    Attribution,
    CollectionState,
    Document,
    FactCheck,
    HistoryState,
    Page,
    Passage,
)
from onrecord.span import Span

__all__ = [
    "Answer",
    "Answers",
    "AttributionReader",
    "Candidate",
    "Chat",
    "FactCheckIndex",
    "PassageCandidate",
    "PassageIndex",
    "Ports",
    "Sighting",
    "TextHistory",
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
class Answer:
    """What a live source answered, untouched.

    `source` is its name, `query` what was looked for (the address itself, for a page), `url` what
    was asked without any key, `retrieved` an ISO 8601 time in UTC, `digest` the SHA-256 of `body`.
    """

    source: str
    query: str
    url: str
    retrieved: str
    media_type: str
    digest: str
    body: bytes


class Answers(Protocol):
    """Where the answers of live sources are kept, so that a record can be repeated."""

    def keep(self, answer: Answer) -> None:
        """Keeps an answer."""
        ...

    def of(self, source: str, query: str) -> tuple[Answer, ...]:
        """The answers of a source to a query, newest first."""
        ...


class Chat(Protocol):
    """A language model that is asked once and answers with text; it has no tools."""

    @property
    def model(self) -> str:
        """Its name, which stands beside every word that it wrote."""
        ...

    def __call__(self, order: str, material: str) -> str:
        """The answer to `order`, ours, about `material`, which anybody may have written.

        Raises `NetworkError` when there is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text that was seen: the document, and when the desk first saw it (ISO 8601, UTC)."""

    document: Document
    first_seen: str


class TextHistory(Protocol):
    """The texts that the desk has seen, asked for those that may share words with another."""

    def near(self, text: str, within: Sequence[Span]) -> tuple[Sighting, ...]:
        """The texts that may hold words of these stretches of a text, likeliest first.

        Some may share nothing; what is shared is found by comparing.
        """
        ...

    def state(self) -> HistoryState:
        """How many texts there are, since when, and which."""
        ...

    def __len__(self) -> int:
        """How many texts there are."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the makers of stages are given; `None` where the desk has no such thing."""

    fact_checks: FactCheckIndex | None = None
    passages: PassageIndex | None = None
    history: TextHistory | None = None
