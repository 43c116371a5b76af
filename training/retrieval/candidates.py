"""Write the candidates of every query of both matching sets, with their signals.

``python candidates.py --data DIR --out FOLDER``. FOLDER gets ``NAME.npz`` for each set: by query
``query`` (its number), ``split`` (0 train, 1 held out, 2 dev), ``answers`` and ``starts`` (where its
candidates begin); by candidate ``doc``, ``right`` and the signals of ``factchecks/score.py``; and
``vectors`` of all checked claims. Three minutes a set on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from onrecord.factchecks.index import open_library_index
from onrecord.factchecks.overlap import asked, overlap
from onrecord.factchecks.score import asked_text
from onrecord.library import packaged_embedder
from onrecord.record import FactCheck
from onrecord.search.text import stemmer

SETS = ("tweets_snopes", "debates_politifact")
SIGNALS = ("bm25", "similarity", "pairs", "triples", "same")
LIMIT = 100
HELD_OUT, HELD_OUT_SEED = 197, 7


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def relevance(folder: Path, at: dict[str, int]) -> dict[str, set[int]]:
    right: dict[str, set[int]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text().splitlines():
        query, _, doc, _ = line.split("\t")
        if doc in at:
            right[query].add(at[doc])
    return right


def split_of(queries: list[dict], known: list[int]) -> np.ndarray:
    """Return 0, 1 or 2 for each of the queries ``known``; the held-out ones are of any set alike."""
    train = np.array([q for q in known if queries[q]["split"] == "train"])
    held = set(np.random.default_rng(HELD_OUT_SEED).permutation(train)[:HELD_OUT].tolist())
    return np.array([2 if queries[q]["split"] == "dev" else int(q in held) for q in known], np.int8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    stems = stemmer()
    for name in SETS:
        folder = args.data / "matching" / name
        corpus, queries = rows(folder / "corpus.jsonl.gz"), rows(folder / "queries.jsonl.gz")
        at = {str(row["id"]): i for i, row in enumerate(corpus)}
        right = relevance(folder, at)
        index = open_library_index(None, embedder=packaged_embedder())
        for start in range(0, len(corpus), 2000):
            index.add(
                [
                    FactCheck(
                        id=str(row["id"]),
                        url="",
                        claim=row["claim"] or "",
                        claimant=row.get("speaker") or "",
                        title=row["title"] or "",
                        body=row.get("text") or row.get("subtitle") or "",
                    )
                    for row in corpus[start : start + 2000]
                ]
            )
        known = [q for q, row in enumerate(queries) if right.get(str(row["id"]))]
        starts, docs, signals, hits = [0], [], [], []
        for q in known:
            text = asked_text(queries[q]["text"])
            found = index.candidates(text, limit=LIMIT)
            claims = [stems(c.fact_check.claim) for c in found]
            rarity = index.rarity(set(stems(text)).union(*claims))
            mine = asked(stems(text), rarity=rarity)
            for c, checked in zip(found, claims, strict=True):
                rest = (" ".join(stems(c.fact_check.title)), c.body)
                o = overlap(mine, checked, rest=rest, rarity=rarity)
                both = o.of_claim + o.of_checked
                same = 2 * o.of_claim * o.of_checked / both if both else 0.0
                docs.append(at[c.fact_check.id])
                hits.append(at[c.fact_check.id] in right[str(queries[q]["id"])])
                signals.append((c.bm25, c.similarity, o.pairs, o.triples, same))
            starts.append(len(docs))
        arrays = dict(zip(SIGNALS, np.array(signals, np.float32).T, strict=True))
        np.savez_compressed(
            args.out / f"{name}.npz",
            query=np.array(known, np.int32),
            split=split_of(queries, known),
            answers=np.array([len(right[str(queries[q]["id"])]) for q in known], np.int32),
            starts=np.array(starts, np.int64),
            doc=np.array(docs, np.int32),
            right=np.array(hits),
            vectors=packaged_embedder()([row["claim"] or "" for row in corpus]),
            **arrays,
        )
        print(name, len(known), len(docs), flush=True)


if __name__ == "__main__":
    main()
