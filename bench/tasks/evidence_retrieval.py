"""Which passages of a collection belong to a claim.

`--data` is a folder in one of two forms. Own sets: `corpus.jsonl[.gz]` of `{id, text, title?, url?,
date?}`, `queries.jsonl[.gz]` of `{id, text, split?}` and `qrels.tsv` of query, 0, document, 1;
queries of the split `train` are never scored. Public sets: `documents/`, or the folder that holds
it beside `verification/`, from which three are joined in one collection: WiCE claims with the
articles that they cite, AVeriTeC claims with the pages that report on them, and FoolMeTwice claims
with sentences of the page that they were written from, put together as one document.

`recall_at_5` and `recall_at_20` are over documents, in the order of their first passages.
`passage_recall_at_5` and `_at_20`: the share of the sentences that annotators found enough which
stand in the first passages; of several such sets of sentences the best counts. With several sets
the first names are over all claims and those with a prefix over one set.

`--stage words` leaves the embeddings out. `--stage speed` asks 10 of the claims of 100,000 passages
of shuffled words with vectors at random: how well it finds says nothing there, how fast does.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.rows import DEFAULT_SPLIT, DataError
from bench.scores import Measured, Score, interval, ratio, single
from onrecord.evidence.index import CollectionIndex, open_passage_index
from onrecord.evidence.retrieve import CANDIDATES, retrieved
from onrecord.library import packaged_embedder
from onrecord.ports import PassageCandidate
from onrecord.record import Document

NAMES = (
    "recall_at_5",
    "recall_at_20",
    "passage_recall_at_5",
    "passage_recall_at_20",
    "milliseconds_per_claim",
    "seconds_for_10_claims",
    "megabytes",
)
# The folder by which the public sets are known.
PUBLIC = "documents"
DEPTHS = (5, 20)
BATCH = 500
# Claims asked together, as many as a page has at most.
TOGETHER = 10
N_SPEED_PASSAGES = 100_000
N_SPEED_WORDS = 90
SEED = 20261126


@dataclass(frozen=True)
class Query:
    """A claim, the documents that belong to it, and the sets of sentences that are enough."""

    collection: str
    text: str
    documents: frozenset[str]
    enough: tuple[tuple[str, ...], ...] = ()


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Scores of the claims of a split; `stage` may be `words` or `speed`."""
    if split == "train":
        raise DataError("rows of the split 'train' are never scored; name another split")
    if stage not in (None, "words", "speed"):
        raise DataError(f"evidence_retrieval has the stages 'words' and 'speed', not {stage!r}")
    public = data.parent if data.name == PUBLIC else data
    documents, queries = _joined(public) if (public / PUBLIC).is_dir() else _own(data, split)
    if not queries:
        raise DataError(f"no claim with a document in the collection in {str(data)!r}")
    if stage == "speed":
        return _speed(documents, queries)
    index = open_passage_index(None, embedder=None if stage == "words" else packaged_embedder())
    for start in range(0, len(documents), BATCH):
        index.add(documents[start : start + BATCH])
    return measured(index, queries)


def measured(index: CollectionIndex, queries: Sequence[Query]) -> Measured:
    """The scores of claims asked of an index."""
    found: list[tuple[PassageCandidate, ...]] = []
    began = time.process_time()
    for start in range(0, len(queries), TOGETHER):
        texts = [query.text for query in queries[start : start + TOGETHER]]
        found += retrieved(texts, page=None, index=index, limit=CANDIDATES)
    seconds = time.process_time() - began
    rows = [_counts(query, best) for query, best in zip(queries, found, strict=True)]
    scores: dict[str, Score] = _recalls(rows, prefix="")
    names = list(dict.fromkeys(query.collection for query in queries))
    if len(names) > 1:
        for name in names:
            part = [row for row, q in zip(rows, queries, strict=True) if q.collection == name]
            scores |= _recalls(part, prefix=f"{name}.")
    scores["milliseconds_per_claim"] = single(1000 * seconds / len(queries))
    return Measured(len(queries), scores)


def _counts(query: Query, best: Sequence[PassageCandidate]) -> list[float]:
    """Recall of documents at each depth, whether sentences are known, and recall of them."""
    order = list(dict.fromkeys(candidate.passage.document for candidate in best))
    counts = [len(query.documents.intersection(order[:n])) / len(query.documents) for n in DEPTHS]
    counts.append(bool(query.enough))
    for n in DEPTHS:
        texts = [_packed(candidate.passage.text) for candidate in best[:n]]
        there = [
            sum(any(_packed(sentence) in text for text in texts) for sentence in sentences)
            / len(sentences)
            for sentences in query.enough
        ]
        counts.append(max(there, default=0.0))
    return counts


def _recalls(rows: Sequence[Sequence[float]], *, prefix: str) -> dict[str, Score]:
    table = [[1.0, *row] for row in rows]
    scores = {
        f"{prefix}recall_at_{n}": interval(table, lambda c, at=at: c[at] / c[0])
        for at, n in enumerate(DEPTHS, 1)
    }
    if any(row[3] for row in table):
        scores |= {
            f"{prefix}passage_recall_at_{n}": interval(table, lambda c, at=at: ratio(c[at], c[3]))
            for at, n in enumerate(DEPTHS, 4)
        }
    return scores


def _packed(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True)
class _AtRandom:
    """An embedder that takes no time: vectors at random."""

    n_dimensions: int
    random: np.random.Generator

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        made = self.random.normal(size=(len(texts), self.n_dimensions)).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)


def _speed(documents: Sequence[Document], queries: Sequence[Query]) -> Measured:
    words = " ".join(document.text for document in documents).split()
    shuffled = random.Random(SEED)
    embedder = packaged_embedder()
    at_random = None
    if embedder is not None:
        at_random = _AtRandom(embedder.n_dimensions, np.random.default_rng(SEED))
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        index = open_passage_index(Path(folder), embedder=at_random)
        for start in range(0, N_SPEED_PASSAGES, 20 * BATCH):
            index.add(
                [
                    Document(f"d{n}", " ".join(shuffled.choices(words, k=N_SPEED_WORDS)) + ".")
                    for n in range(start, start + 20 * BATCH)
                ]
            )
        several = itertools.cycle(query.text for query in queries)
        texts = list(itertools.islice(several, 10 * TOGETHER + 1))
        # A process of its own, so that the memory is that of asking and not of making.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, megabytes = pool.submit(_asked, Path(folder), texts).result()
    scores = {"seconds_for_10_claims": single(seconds), "megabytes": single(megabytes)}
    return Measured(len(index), scores)


def _asked(folder: Path, texts: Sequence[str]) -> tuple[float, float]:
    """Median seconds for ten texts, and the most memory that was held, in megabytes."""
    embedder = packaged_embedder() if (folder / "meaning").is_dir() else None
    index = open_passage_index(folder, embedder=embedder)
    retrieved(texts[:1], page=None, index=index, limit=8)  # loading is not measured
    seconds = []
    for start in range(1, len(texts), TOGETHER):
        began = time.process_time()
        retrieved(texts[start : start + TOGETHER], page=None, index=index, limit=8)
        seconds.append(time.process_time() - began)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return float(np.median(seconds)), megabytes


def _own(data: Path, split: str | None) -> tuple[list[Document], list[Query]]:
    """Documents and claims of a set in the project's own form."""
    documents = [
        Document(
            str(row["id"]),
            row["text"],
            title=row.get("title") or "",
            url=row.get("url") or "",
            date=row.get("date") or "",
        )
        for row in _rows(data / "corpus")
    ]
    known = {document.id for document in documents}
    right: dict[str, set[str]] = defaultdict(set)
    try:
        lines = (data / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"no qrels.tsv in {str(data)!r}: {error.strerror}") from error
    for line in lines:
        query, _, document, grade = line.split("\t")
        if document in known and grade.strip() not in {"", "0"}:
            right[query].add(document)
    wanted = split or DEFAULT_SPLIT
    queries = [
        Query(data.name, row["text"], frozenset(right[str(row["id"])]))
        for row in _rows(data / "queries")
        if row.get("split", wanted) == wanted and right.get(str(row["id"]))
    ]
    return documents, queries


def _joined(data: Path) -> tuple[list[Document], list[Query]]:
    """Documents and claims of the three public sets, as one collection."""
    made = (_wice(data), _averitec(data), _fool_me_twice(data))
    return (
        [document for documents, _ in made for document in documents],
        [query for _, queries in made for query in queries],
    )


def _wice(data: Path) -> tuple[list[Document], list[Query]]:
    documents = [
        Document(str(row["id"]), row["text"])
        for row in _rows(data / "documents" / "wice_articles_dev")
    ]
    queries = []
    for row in _rows(data / "verification" / "wice_full.dev"):
        sentences = row["meta"]["evidence_sents"]
        enough = tuple(
            tuple(sentences[at] for at in group) for group in row["meta"]["supporting"] if group
        )
        queries.append(Query("wice", row["claim"], frozenset([row["id"]]), enough))
    return documents, queries


def _averitec(data: Path) -> tuple[list[Document], list[Query]]:
    documents = [
        Document(f"averitec-{row['id']}", row["text"], url=row["url"])
        for row in _rows(data / "documents" / "averitec_fulltext_dev")
    ]
    by_url = {document.url: document.id for document in documents}
    queries = [
        Query("averitec", row["claim"], frozenset([by_url[row["meta"]["fact_check"]]]))
        for row in _rows(data / "verification" / "averitec.dev")
        if row["meta"]["fact_check"] in by_url
    ]
    return documents, queries


def _fool_me_twice(data: Path) -> tuple[list[Document], list[Query]]:
    rows = list(_rows(data / "verification" / "fm2.dev"))
    pages: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        pages[row["meta"]["page"]] |= dict.fromkeys([row["evidence"], *row["meta"]["retrieved"]])
    documents = [
        Document(f"fm2-{page}", "\n".join(sentences), title=page)
        for page, sentences in pages.items()
    ]
    queries = [
        Query(
            "fm2",
            row["claim"],
            frozenset([f"fm2-{row['meta']['page']}"]),
            ((row["evidence"],),),
        )
        for row in rows
    ]
    return documents, queries


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened: Iterable[str]
    for name, opener in ((f"{path.name}.jsonl", open), (f"{path.name}.jsonl.gz", gzip.open)):
        if path.with_name(name).is_file():
            with opener(path.with_name(name), "rt", encoding="utf-8") as opened:
                yield from (json.loads(line) for line in opened if line.strip())
            return
    raise DataError(f"no {path.name}.jsonl or {path.name}.jsonl.gz in {str(path.parent)!r}")
