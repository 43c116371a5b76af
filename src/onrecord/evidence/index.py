"""The evidence collection as an index of passages: words and, where there are weights, meaning.

A projection of the stored documents, in one folder; it holds each passage beside its words, so that
evidence can be looked for without opening the database.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.evidence.passages import passages
from onrecord.ports import PassageCandidate
from onrecord.record import CollectionState, Document, Passage
from onrecord.search.dense import Embedder, EmbeddingIndex, open_embedding_index
from onrecord.search.text import Row, TextIndex, open_text_index
from onrecord.span import Span

__all__ = ["BOOSTS", "CollectionIndex", "kept_state", "open_passage_index"]

FIELDS = ("text", "title")
# A title names what a passage may only call "it" or "the tower". The weight was not tuned: of the
# sets at hand only one has titles.
BOOSTS = {"text": 1.0, "title": 0.5}
# Of the title before the text that is embedded, for the same reason; not tuned.
TITLE_CHARS = 80
STATE_FILE = "state.json"
# Numbers of passages that are looked up at once.
_STEP = 64


@dataclass(slots=True)
class CollectionIndex:
    """Implements `ports.PassageIndex`; see `open_passage_index`.

    A row is a passage; its id is that of the document and the number of the passage in it, so that
    a document can be removed without its text.
    """

    folder: Path | None
    words: TextIndex
    meaning: EmbeddingIndex | None
    embedder: Embedder | None
    _state: CollectionState

    def add(self, documents: Sequence[Document]) -> int:
        """Takes in documents, in place of those with their ids; returns the number of passages."""
        self.remove([document.id for document in documents if self.holds(document.id)])
        cut = [
            (f"{document.id}-{number}", passage)
            for document in documents
            for number, passage in enumerate(passages(document))
        ]
        # Meaning before words, and the first passage last: its words are the sign that the whole
        # document is in (`holds`), whenever a kill comes.
        if self.meaning is not None and self.embedder is not None and cut:
            vectors = self.embedder([_embedded(passage) for _, passage in cut])
            self.meaning.add([row_id for row_id, _ in cut], vectors)
        self.words.add(
            Row(row_id, {"text": passage.text, "title": passage.title}, _payload(passage))
            for row_id, passage in reversed(cut)
        )
        return len(cut)

    def remove(self, ids: Iterable[str]) -> None:
        """Removes documents by id; one that is not there is passed over."""
        gone = [row_id for document in ids for row_id in self._row_ids(document)]
        if not gone:
            return
        self.words.remove(gone)
        if self.meaning is not None:
            self.meaning.remove(gone)

    def holds(self, document: str) -> bool:
        """Whether the document with this id is in the index; one without words never is."""
        first = f"{document}-0"
        return bool(self.words.payloads([first]))

    def outlines(self) -> Iterator[Document]:
        """Every document in the index, without its text and source, in no order."""
        for row_id, payload in self.words.rows():
            if row_id.endswith("-0"):
                first = _passage(payload)
                yield Document(
                    id=first.document,
                    text="",
                    title=first.title,
                    url=first.url,
                    date=first.date,
                    publisher=first.publisher,
                    licence=first.licence,
                )

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """The best by words and the best by meaning, `limit` of each at most, each once.

        The texts are embedded together. 10 texts against 100,000 passages take 0.5 s on one core.
        """
        vectors: Sequence[NDArray[np.float32] | None] = [None] * len(texts)
        if self.meaning is not None and self.embedder is not None and len(self.meaning) and texts:
            vectors = list(self.embedder(texts))
        return tuple(
            self._candidates(text, vector if text.strip() else None, limit=limit)
            for text, vector in zip(texts, vectors, strict=True)
        )

    def state(self) -> CollectionState:
        """The state of the documents that the index was last told of."""
        return self._state

    def keep_state(self, state: CollectionState) -> None:
        """Remembers the state of the stored documents, all of which are in the index now."""
        self._state = state
        if self.folder is None:
            return
        fresh = self.folder / f"{STATE_FILE}.new"
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(dataclasses.asdict(state), stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self.folder / STATE_FILE)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.words)

    def _candidates(
        self, text: str, vector: NDArray[np.float32] | None, *, limit: int
    ) -> tuple[PassageCandidate, ...]:
        hits = self.words.search(text, limit=limit, boosts=BOOSTS)
        scores = {hit.id: hit.score for hit in hits}
        payloads = {hit.id: hit.payload for hit in hits}
        similar: dict[str, float] = {}
        if self.meaning is not None and vector is not None:
            similar = dict(self.meaning.search(vector, limit=limit))
        payloads |= self.words.payloads([row_id for row_id in similar if row_id not in payloads])
        found = []
        for row_id, payload in payloads.items():
            similarity = similar.get(row_id)
            if similarity is None and vector is not None and self.meaning is not None:
                similarity = self.meaning.similarity(vector, row_id)
            found.append(PassageCandidate(_passage(payload), scores.get(row_id, 0.0), similarity))
        return tuple(found)

    def _row_ids(self, document: str) -> Iterator[str]:
        """The ids of the document's passages, as far as they go on without a gap."""
        for start in itertools.count(0, _STEP):
            asked = [f"{document}-{number}" for number in range(start, start + _STEP)]
            there = self.words.payloads(asked)
            yield from (row_id for row_id in asked if row_id in there)
            if len(there) < _STEP:
                return


def open_passage_index(
    folder: Path | None, *, embedder: Embedder | None, rebuild: bool = False
) -> CollectionIndex:
    """The index in `folder` (made when it is not there), in memory for `None`."""
    words = open_text_index(folder / "text" if folder else None, fields=FIELDS, rebuild=rebuild)
    meaning = None
    if embedder is not None:
        place = folder / "meaning" if folder else None
        meaning = open_embedding_index(place, n_dimensions=embedder.n_dimensions, rebuild=rebuild)
    if folder and rebuild:
        # A kill before the end then shows: the state is that of no documents.
        (folder / STATE_FILE).unlink(missing_ok=True)
    state = kept_state(folder) if folder else CollectionState(0)
    return CollectionIndex(folder, words, meaning, embedder, state)


def kept_state(folder: Path) -> CollectionState:
    """The state that the index in a folder was last told of, without opening the index.

    That of an empty collection where there is none.
    """
    try:
        fields = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return CollectionState(0)
    return CollectionState(fields["n_documents"], fields["newest"], fields["digest"])


def _embedded(passage: Passage) -> str:
    title = passage.title[:TITLE_CHARS].strip()
    return f"{title}. {passage.text}" if title else passage.text


def _payload(passage: Passage) -> str:
    return json.dumps(dataclasses.asdict(passage), ensure_ascii=False)


def _passage(payload: str) -> Passage:
    fields = json.loads(payload)
    fields["document_span"] = Span(*fields["document_span"])
    return Passage(**fields)
