"""The library of fact-checks as an index: words and, where there are weights, meaning.

A projection of the stored rows, in one folder; it holds each fact-check beside its words, so that a
claim can be looked up without opening the database.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.ports import Candidate
from onrecord.record import FactCheck
from onrecord.search.dense import Embedder, EmbeddingIndex, open_embedding_index
from onrecord.search.text import Row, TextIndex, open_text_index, stemmer

__all__ = ["BOOSTS", "Embedder", "LibraryIndex", "open_library_index"]

FIELDS = ("claim", "title", "claimant", "lead", "body")
# The first characters of the body, in which an article quotes what it checks.
LEAD_CHARS = 1_500
# Best MAP@5 on the training queries of both matching sets; 0 to 1 in steps of 0.25 were tried for
# title and claimant. The article quotes the statement that the claim sums up: with it MAP@5 of
# BM25 alone on debate sentences is .52 on training queries, without it .45.
BOOSTS = {"claim": 1.0, "title": 0.75, "claimant": 0.25, "lead": 1.0, "body": 1.0}
# The second list, so that rows without a body are found beside rows that have one.
SHORT_BOOSTS = {"claim": 1.0, "title": 0.75, "claimant": 0.25, "lead": 0.0, "body": 0.0}
# What is kept in memory: the rarity of stems, vectors of claims (1.5 kB each), and fact-checks whose
# payload is not longer than that. Each is emptied when it is full, so that a run over any number of
# pages needs no more memory. The claims of a page find the same fact-checks again and again:
# reading them from JSON took .8 ms a claim, twice as long as finding them by meaning.
KEPT_STEMS, KEPT_VECTORS, KEPT_CHECKS, KEPT_CHARS = 100_000, 4_096, 16_384, 1_000


@dataclass(frozen=True, slots=True)
class LibraryIndex:
    """Implements `ports.FactCheckIndex`; see `open_library_index`."""

    words: TextIndex
    meaning: EmbeddingIndex | None
    embedder: Embedder | None
    # Asked of the text index once a stem: a claim needs that of a thousand.
    known_rarity: dict[str, float] = field(default_factory=dict)
    # Vectors of claims by their words, for an archive whose pages repeat sentences.
    known_vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    # What payloads hold, by payload.
    known_checks: dict[str, tuple[FactCheck, str]] = field(default_factory=dict)

    def add(self, rows: Sequence[FactCheck]) -> None:
        """Takes in new and changed fact-checks."""
        stems = stemmer()
        self.known_rarity.clear()
        self.words.add(
            Row(
                row.id,
                {
                    "claim": row.claim,
                    "title": row.title,
                    "claimant": row.claimant,
                    "lead": row.body[:LEAD_CHARS],
                    "body": row.body,
                },
                _payload(row, " ".join(stems(row.body))),
            )
            for row in rows
        )
        if self.meaning is not None and self.embedder is not None and rows:
            # The claim alone: with the title before it MAP@5 was the same on posts, .02 less on
            # debate sentences (training queries), and reading took half as long again.
            vectors = self.embedder([row.claim for row in rows])
            self.meaning.add([row.id for row in rows], vectors)

    def candidates(self, text: str, *, limit: int) -> tuple[Candidate, ...]:
        """The best by words and the best by meaning, `limit` of each at most, each once."""
        return self.candidates_of_each([text], limit=limit)[0]

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[Candidate, ...], ...]:
        """The candidates of each text, as `candidates` gives them; similar ones are found together.

        Each text is embedded alone, so that what it finds does not depend on its neighbours: 8-bit
        numbers are scaled over a batch. Claims of a page differ so much in length that batches held
        two thirds padding and took longer.
        """
        vectors: dict[str, NDArray[np.float32]] = {}
        similar: dict[str, dict[str, float]] = {}
        if self.meaning is not None and self.embedder is not None and len(self.meaning):
            vectors = {text: self._vector(text) for text in texts if text.strip()}
        if self.meaning is not None and vectors:
            nearest = self.meaning.search_each(np.stack([*vectors.values()]), limit=limit)
            similar = {text: dict(found) for text, found in zip(vectors, nearest, strict=True)}
        found = {
            text: self._candidates(text, vectors.get(text), similar.get(text, {}), limit=limit)
            for text in dict.fromkeys(texts)
        }
        return tuple(found[text] for text in texts)

    def rarity(self, stems: Collection[str]) -> dict[str, float]:
        """How rare each stem is in the library; see `TextIndex.rarity`."""
        kept = self.known_rarity
        found = {stem: kept.get(stem, -1.0) for stem in stems}
        fresh = [stem for stem, rarity in found.items() if rarity < 0]
        asked = self.words.rarity(fresh, fields=("claim", "title", "body"))
        if len(kept) + len(asked) > KEPT_STEMS:
            kept.clear()
        kept.update(asked)
        return found | asked

    def _vector(self, text: str) -> NDArray[np.float32]:
        known = self.known_vectors.get(text)
        if known is None:
            assert self.embedder is not None  # noqa: S101 - asked only where there is one
            known = self.embedder([text])[0]
            if len(self.known_vectors) >= KEPT_VECTORS:
                self.known_vectors.clear()
            self.known_vectors[text] = known
        return known

    def _candidates(
        self,
        text: str,
        vector: NDArray[np.float32] | None,
        similar: dict[str, float],
        *,
        limit: int,
    ) -> tuple[Candidate, ...]:
        hits = {hit.id: hit for hit in self.words.search(text, limit=limit, boosts=BOOSTS)}
        payloads = {row_id: hit.payload for row_id, hit in hits.items()}
        # Where no body was found by its words, the search without bodies finds the same rows.
        if any(self._check(payload)[1] for payload in payloads.values()):
            short = self.words.search(text, limit=limit, boosts=SHORT_BOOSTS)
            payloads |= {hit.id: hit.payload for hit in short}
        if self.meaning is not None and vector is not None:
            others = [row_id for row_id in payloads if row_id not in similar]
            payloads |= self.words.payloads([row for row in similar if row not in payloads])
            similar = similar | self.meaning.similarities(vector, others)
        found = []
        for row_id, payload in payloads.items():
            score = hits[row_id].score if row_id in hits else 0.0
            check, body = self._check(payload)
            found.append(Candidate(check, score, similar.get(row_id), body))
        return tuple(found)

    def _check(self, payload: str) -> tuple[FactCheck, str]:
        """What a payload holds: the fact-check without its body, and the stems of the body."""
        known = self.known_checks.get(payload)
        if known is None:
            fields, _, body = payload.partition("\n")
            known = (FactCheck(**json.loads(fields)), body)
            if len(payload) <= KEPT_CHARS:
                if len(self.known_checks) >= KEPT_CHECKS:
                    self.known_checks.clear()
                self.known_checks[payload] = known
        return known

    def __len__(self) -> int:
        return len(self.words)


def _payload(row: FactCheck, body: str) -> str:
    """The fact-check without its body as one line of JSON, and the stems of the body below it.

    Reading the stems of a body takes a tenth of the time of making them.
    """
    fields = dataclasses.asdict(row)
    del fields["body"]
    return f"{json.dumps(fields, ensure_ascii=False)}\n{body}"


def open_library_index(
    folder: Path | None, *, embedder: Embedder | None, rebuild: bool = False
) -> LibraryIndex:
    """The index in `folder` (made when it is not there), in memory for `None`."""
    words = open_text_index(folder / "text" if folder else None, fields=FIELDS, rebuild=rebuild)
    meaning = None
    if embedder is not None:
        place = folder / "meaning" if folder else None
        meaning = open_embedding_index(place, n_dimensions=embedder.n_dimensions, rebuild=rebuild)
    return LibraryIndex(words, meaning, embedder)
