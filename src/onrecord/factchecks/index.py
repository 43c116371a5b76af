"""The library of fact-checks as an index: words and, where there are weights, meaning.

A projection of the stored rows, in one folder; it holds each fact-check beside its words, so that a
claim can be looked up without opening the database.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.ports import Candidate
from onrecord.record import FactCheck
from onrecord.search.dense import EmbeddingIndex, open_embedding_index
from onrecord.search.text import Row, TextIndex, open_text_index

__all__ = ["BOOSTS", "Embedder", "LibraryIndex", "open_library_index"]

FIELDS = ("claim", "title", "claimant")
# Best MAP@5 on the training queries of both matching sets; 0 to 1 in steps of 0.25 were tried.
BOOSTS = {"claim": 1.0, "title": 0.75, "claimant": 0.25}


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        ...

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors `(texts, dimensions)`, each of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class LibraryIndex:
    """Implements `ports.FactCheckIndex`; see `open_library_index`."""

    words: TextIndex
    meaning: EmbeddingIndex | None
    embedder: Embedder | None

    def add(self, rows: Sequence[FactCheck]) -> None:
        """Takes in new and changed fact-checks."""
        self.words.add(
            Row(
                row.id,
                {"claim": row.claim, "title": row.title, "claimant": row.claimant},
                json.dumps(dataclasses.asdict(row), ensure_ascii=False),
            )
            for row in rows
        )
        if self.meaning is not None and self.embedder is not None and rows:
            vectors = self.embedder([embedded_text(row) for row in rows])
            self.meaning.add([row.id for row in rows], vectors)

    def candidates(self, text: str, *, limit: int) -> tuple[Candidate, ...]:
        """The best by words and the best by meaning, `limit` of each at most, each once."""
        hits = {hit.id: hit for hit in self.words.search(text, limit=limit, boosts=BOOSTS)}
        similar: dict[str, float] = {}
        vector = None
        if self.meaning is not None and self.embedder is not None and text.strip():
            vector = self.embedder([text])[0]
            similar = dict(self.meaning.search(vector, limit=limit))
        payloads = {row_id: hit.payload for row_id, hit in hits.items()}
        payloads |= self.words.payloads([row_id for row_id in similar if row_id not in hits])
        found = []
        for row_id, payload in payloads.items():
            similarity = similar.get(row_id)
            if similarity is None and vector is not None and self.meaning is not None:
                similarity = self.meaning.similarity(vector, row_id)
            score = hits[row_id].score if row_id in hits else 0.0
            found.append(Candidate(FactCheck(**json.loads(payload)), score, similarity))
        return tuple(found)

    def __len__(self) -> int:
        return len(self.words)


def embedded_text(row: FactCheck) -> str:
    """What of a fact-check is embedded: the claim, and the title where it says more."""
    return row.claim if row.title in {"", row.claim} else f"{row.claim} {row.title}"


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
