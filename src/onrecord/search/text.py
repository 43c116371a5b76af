"""A BM25 index over rows of named text fields, on tantivy.

The index is never the truth: it is rebuilt from stored rows at any time. One writer at a time; a
kill leaves the last commit.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import tantivy

__all__ = ["Hit", "Row", "TextIndex", "open_text_index", "query_words", "stemmer"]

_WORD = re.compile(r"[^\W_]+")
# A query longer than this is a pasted article; the first words carry the claim.
MAX_QUERY_WORDS = 64
# Bytes; tantivy leaves out longer words.
MAX_WORD = 40
# tantivy's smallest heap for one writer thread.
WRITER_HEAP = 15_000_000
COMMIT_EVERY = 20_000


class Row(NamedTuple):
    """A row to index: its id, its text by field, and a payload that is stored and given back."""

    id: str
    texts: Mapping[str, str]
    payload: str = ""


class Hit(NamedTuple):
    """A row that was found: id, BM25 score (0 or more, comparable within a query), payload."""

    id: str
    score: float
    payload: str = ""


def query_words(query: str) -> list[str]:
    """The words of a query in lower case, each once, in order; operators are words like others.

    >>> query_words('Nobody said: "the bridge" AND (bridge)')
    ['nobody', 'said', 'the', 'bridge', 'and']
    """
    return list(dict.fromkeys(_WORD.findall(query.lower())))[:MAX_QUERY_WORDS]


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Rows found by words; see `open_text_index`."""

    index: tantivy.Index
    fields: tuple[str, ...]

    def add(self, rows: Iterable[Row]) -> int:
        """Adds rows and returns how many; an id that is there is replaced.

        Commits every 20,000 rows, so that a kill loses at most the last batch.
        """
        import tantivy

        writer = self.index.writer(WRITER_HEAP, 1)
        n = 0
        for n, row in enumerate(rows, 1):
            writer.delete_documents_by_term("id", row.id)
            known = {field: row.texts[field] for field in self.fields if row.texts.get(field)}
            writer.add_document(tantivy.Document(id=row.id, payload=row.payload.encode(), **known))
            if n % COMMIT_EVERY == 0:
                writer.commit()
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        return n

    def remove(self, ids: Iterable[str]) -> None:
        """Removes rows by id; an id that is not there is passed over."""
        writer = self.index.writer(WRITER_HEAP, 1)
        for row_id in ids:
            writer.delete_documents_by_term("id", row_id)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def search(
        self, query: str, *, limit: int, boosts: Mapping[str, float] | None = None
    ) -> tuple[Hit, ...]:
        """The `limit` best rows for any of the query's words, best first; `()` for no words.

        `boosts` weigh the fields, 1.0 where not named; a field with 0 is not searched. Any text is
        a query: there are no operators.
        """
        words = query_words(query)
        weights = {field: (boosts or {}).get(field, 1.0) for field in self.fields}
        fields = [field for field, weight in weights.items() if weight > 0]
        if not words or not fields:
            return ()
        parsed = self.index.parse_query(" ".join(words), fields, field_boosts=weights)
        searcher = self.index.searcher()
        found = searcher.search(parsed, limit, count=False).hits
        hits = []
        for score, address in found:
            stored = searcher.doc(address)
            hits.append(Hit(stored["id"][0], float(score), bytes(stored["payload"][0]).decode()))
        return tuple(hits)

    def payloads(self, ids: Iterable[str]) -> dict[str, str]:
        """The payloads of rows by id; an id that is not there is left out."""
        import tantivy

        searcher = self.index.searcher()
        found: dict[str, str] = {}
        for row_id in ids:
            query = tantivy.Query.term_query(self.index.schema, "id", row_id)
            for _, address in searcher.search(query, 1, count=False).hits:
                found[row_id] = bytes(searcher.doc(address)["payload"][0]).decode()
        return found

    def rows(self) -> Iterator[tuple[str, str]]:
        """The id and the payload of every row, in no order."""
        import tantivy

        searcher = self.index.searcher()
        # A search must ask for one row at least.
        found = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs), count=False)
        for _, address in found.hits:
            stored = searcher.doc(address)
            yield stored["id"][0], bytes(stored["payload"][0]).decode()

    def rarity(self, stems: Collection[str], *, fields: Sequence[str]) -> dict[str, float]:
        """How rare each stem is: log(1 + rows / (1 + rows that have it in the commonest field))."""
        searcher = self.index.searcher()
        n = int(searcher.num_docs)
        return {
            stem: math.log1p(n / (1 + max(searcher.doc_freq(field, stem) for field in fields)))
            for stem in stems
        }

    def __len__(self) -> int:
        return int(self.index.searcher().num_docs)


def open_text_index(
    folder: Path | None, *, fields: Sequence[str], rebuild: bool = False
) -> TextIndex:
    """The index in `folder`, made when it is not there; in memory for `None`.

    `rebuild` throws away what the folder holds. English words are stemmed.
    """
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_bytes_field("payload", stored=True)
    for field in fields:
        builder.add_text_field(field, stored=False, tokenizer_name="en_stem")
    schema = builder.build()
    if folder is None:
        return TextIndex(tantivy.Index(schema), tuple(fields))
    if rebuild and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return TextIndex(tantivy.Index(schema, path=str(folder), reuse=True), tuple(fields))


def stemmer() -> Callable[[str], list[str]]:
    """A function that gives the stems of a text in order, as the index makes them."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    lower = builder.filter(tantivy.Filter.remove_long(MAX_WORD)).filter(tantivy.Filter.lowercase())
    analyser = lower.filter(tantivy.Filter.stemmer("english")).build()
    return analyser.analyze
