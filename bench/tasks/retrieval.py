"""Which earlier fact-check answers a claim: the order of candidates, and what is claimed of them.

`--data` is a folder with `corpus.jsonl[.gz]` of `{id, claim, title, text or subtitle, speaker}`,
`queries.jsonl[.gz]` of `{id, text, split}` and `qrels.tsv` of query, 0, fact-check, 1. Queries of
the split `train` are never scored, nor those without an answer in the corpus.

`precision_at_threshold` is over the queries for which the threshold lets the best candidate through,
`coverage_at_threshold` the share of those. `claimed_without_answer` is the share of queries for
which something is claimed although the right fact-checks were taken out. `milliseconds_per_query` is
the median of processor time, everything loaded.

The default stage is what `onrecord claim` does by default: the first candidates are reread by the
packaged reranker. `--stage library` leaves it out, `--stage words` leaves the embeddings out too. A
page is treated as a claim is, except that claims without a near candidate are not reread, which
takes no match away (`factchecks/match.py`, `GATE`).
"""

from __future__ import annotations

import gzip
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import DEFAULT_SPLIT, DataError
from bench.scores import Measured, Score, interval, single
from onrecord.factchecks.index import Embedder, LibraryIndex, open_library_index
from onrecord.factchecks.match import LIMIT
from onrecord.factchecks.rerank import AnswerReader, answers_by_model
from onrecord.factchecks.score import Scored, asked_text, reread, scored
from onrecord.library import packaged_embedder
from onrecord.ports import Candidate
from onrecord.record import FactCheck
from onrecord.search.text import stemmer

NAMES = (
    "map_at_1",
    "map_at_5",
    "mrr",
    "recall_at_20",
    "precision_at_threshold",
    "coverage_at_threshold",
    "claimed_without_answer",
    "milliseconds_per_query",
)
BATCH = 2_000


def average_precision(ranking: Sequence[str], right: set[str], *, depth: int) -> float:
    """Average precision of the first `depth` ids of a ranking, over at most `depth` right ones."""
    hits, total = 0, 0.0
    for rank, row_id in enumerate(ranking[:depth], 1):
        if row_id in right:
            hits += 1
            total += hits / rank
    return total / min(depth, len(right))


def library(corpus: Sequence[dict[str, Any]], *, embedder: Embedder | None) -> LibraryIndex:
    """The corpus as an index in memory."""
    index = open_library_index(None, embedder=embedder)
    rows = [
        FactCheck(
            id=str(row["id"]),
            url="",
            claim=row.get("claim") or "",
            claimant=row.get("speaker") or row.get("claimant") or "",
            title=row.get("title") or "",
            body=row.get("text") or row.get("subtitle") or "",
        )
        for row in corpus
    ]
    for start in range(0, len(rows), BATCH):
        index.add(rows[start : start + BATCH])
    return index


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Scores of the queries of a split; `stage` may be `library` or `words`, see above."""
    if split == "train":
        raise DataError("rows of the split 'train' are never scored; name another split")
    corpus = _rows(data, "corpus")
    queries = [
        q for q in _rows(data, "queries") if q.get("split", split or DEFAULT_SPLIT) != "train"
    ]
    if split:
        queries = [q for q in queries if q.get("split", split) == split]
    right = _relevance(data, {str(row["id"]) for row in corpus})
    queries = [q for q in queries if right.get(str(q["id"]))]
    if not queries:
        raise DataError(f"no query with an answer in the corpus in {str(data)!r}")
    index = library(corpus, embedder=None if stage == "words" else packaged_embedder())
    return measured(index, queries, right, reader=None if stage else answers_by_model)


def measured(
    index: LibraryIndex,
    queries: Sequence[dict[str, Any]],
    right: dict[str, set[str]],
    *,
    reader: AnswerReader | None = None,
) -> Measured:
    """The scores of queries on an index."""
    stems = stemmer()

    def best_of(text: str, candidates: Sequence[Candidate]) -> tuple[Scored, ...]:
        found = scored(text, candidates, index=index, stems=stems)
        return found if reader is None else reread(text, found, reader=reader)

    if reader is not None:
        reader([("", "")])  # opens the model
    table, seconds = [], []
    for query in queries:
        answers = right[str(query["id"])]
        began = time.process_time()
        text = asked_text(query["text"])
        candidates = index.candidates(text, limit=LIMIT)
        best = best_of(text, candidates)
        seconds.append(time.process_time() - began)
        ranking = [one.candidate.fact_check.id for one in best]
        first = next((r for r, row_id in enumerate(ranking, 1) if row_id in answers), 0)
        claimed = bool(best) and best[0].is_claimed
        rest = [c for c in candidates if c.fact_check.id not in answers]
        without = best_of(text, rest)
        table.append(
            (
                1,
                average_precision(ranking, answers, depth=1),
                average_precision(ranking, answers, depth=5),
                1 / first if first else 0.0,
                len(answers.intersection(ranking[:20])) / len(answers),
                claimed,
                claimed and ranking[0] in answers,
                bool(without) and without[0].is_claimed,
            )
        )
    scores: dict[str, Score] = {
        name: interval(table, lambda c, at=at: c[at] / c[0])
        for at, name in enumerate(("map_at_1", "map_at_5", "mrr", "recall_at_20"), 1)
    }
    scores["precision_at_threshold"] = interval(table, lambda c: c[6] / c[5] if c[5] else 0.0)
    scores["coverage_at_threshold"] = interval(table, lambda c: c[5] / c[0])
    scores["claimed_without_answer"] = interval(table, lambda c: c[7] / c[0])
    scores["milliseconds_per_query"] = single(1000 * float(np.median(seconds)))
    return Measured(len(queries), scores)


def _rows(data: Path, name: str) -> list[dict[str, Any]]:
    for path, opened in ((data / f"{name}.jsonl", open), (data / f"{name}.jsonl.gz", gzip.open)):
        if path.is_file():
            with opened(path, "rt", encoding="utf-8") as lines:
                return [json.loads(line) for line in lines if line.strip()]
    raise DataError(f"no {name}.jsonl or {name}.jsonl.gz in {str(data)!r}")


def _relevance(data: Path, known: set[str]) -> dict[str, set[str]]:
    try:
        lines = (data / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"no qrels.tsv in {str(data)!r}: {error.strerror}") from error
    right: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        query, _, fact_check, grade = line.split("\t")
        if fact_check in known and grade.strip() not in {"", "0"}:
            right[query].add(fact_check)
    return dict(right)
