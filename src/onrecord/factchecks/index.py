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


@dataclass(frozen=True, slots=True)
class LibraryIndex:
    """Implements `ports.FactCheckIndex`; see `open_library_index`."""

    words: TextIndex
    meaning: EmbeddingIndex | None
    embedder: Embedder | None
    # Asked of the text index once a stem: a claim needs that of a thousand.
    known_rarity: dict[str, float] = field(default_factory=dict)

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
        """The candidates of each text, as `candidates` gives them; texts are embedded together."""
        vectors: Sequence[NDArray[np.float32] | None] = [None] * len(texts)
        if self.meaning is not None and self.embedder is not None and len(self.meaning):
            vectors = list(self.embedder(texts)) if texts else []
        return tuple(
            self._candidates(text, vector if text.strip() else None, limit=limit)
            for text, vector in zip(texts, vectors, strict=True)
        )

    def rarity(self, stems: Collection[str]) -> dict[str, float]:
        """How rare each stem is in the library; see `TextIndex.rarity`."""
        fresh = [stem for stem in stems if stem not in self.known_rarity]
        self.known_rarity.update(self.words.rarity(fresh, fields=("claim", "title", "body")))
        return {stem: self.known_rarity[stem] for stem in stems}

    def _candidates(
        self, text: str, vector: NDArray[np.float32] | None, *, limit: int
    ) -> tuple[Candidate, ...]:
        hits = {hit.id: hit for hit in self.words.search(text, limit=limit, boosts=BOOSTS)}
        payloads = {row_id: hit.payload for row_id, hit in hits.items()}
        short = self.words.search(text, limit=limit, boosts=SHORT_BOOSTS)
        payloads |= {hit.id: hit.payload for hit in short}
        similar: dict[str, float] = {}
        if self.meaning is not None and vector is not None:
            similar = dict(self.meaning.search(vector, limit=limit))
        payloads |= self.words.payloads([row_id for row_id in similar if row_id not in payloads])
        found = []
        for row_id, payload in payloads.items():
            similarity = similar.get(row_id)
            if similarity is None and vector is not None and self.meaning is not None:
                similarity = self.meaning.similarity(vector, row_id)
            score = hits[row_id].score if row_id in hits else 0.0
            fields, _, body = payload.partition("\n")
            found.append(Candidate(FactCheck(**json.loads(fields)), score, similarity, body))
        return tuple(found)

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
