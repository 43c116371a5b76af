"""Write the retrieval bundle: queries, fact-checks, relevance and BM25's candidates.

``python prepare.py --data DIR --tokenizer FILE --out DIR``. Only ``tweets_snopes`` train queries
and its fact-checks are for training; ``debates_politifact`` is carried to be measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from prepare import Texts, compressed, tokenised

SETS = ("tweets_snopes", "debates_politifact")
CANDIDATES = 100


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def clean(text: str) -> str:
    """Return ``text`` without addresses and without the name and date a quoted post ends with."""
    text = re.sub(r"(?:https?://|pic\.twitter\.com/|www\.)\S+", " ", text)
    text = re.sub(r"\s+—\s+[^—]{0,60}\(@\w+\)[^—]{0,40}$", " ", text)
    text = re.sub(r"[#@](\w+)", lambda m: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", m.group(1)), text)
    return re.sub(r"\s+", " ", text).strip()


def bm25(documents: list[str], queries: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return indices and scores (queries, CANDIDATES), best first."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    engine = bm25s.BM25(k1=1.2, b=0.6)
    engine.index(
        bm25s.tokenize(documents, stopwords="en", stemmer=stemmer, show_progress=False),
        show_progress=False,
    )
    asked = bm25s.tokenize(queries, stopwords="en", stemmer=stemmer, show_progress=False)
    found, score = engine.retrieve(asked, k=CANDIDATES, show_progress=False, n_threads=1)
    return found.astype(np.int32), score.astype(np.float16)


def measured(
    found: np.ndarray, gold: list[set[int]], keep: list[int], k: int
) -> tuple[float, float]:
    """Return MAP@k and recall at CANDIDATES over the queries ``keep``."""
    total, reached = [], []
    for q in keep:
        hits, score = 0, 0.0
        for rank, d in enumerate(found[q][:k], 1):
            if int(d) in gold[q]:
                hits += 1
                score += hits / rank
        total.append(score / min(k, len(gold[q])))
        reached.append(len(gold[q] & {int(d) for d in found[q]}) / len(gold[q]))
    return float(np.mean(total)), float(np.mean(reached))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in SETS:
        folder = args.data / "matching" / name
        corpus, queries = rows(folder / "corpus.jsonl.gz"), rows(folder / "queries.jsonl.gz")
        at = {d["id"]: i for i, d in enumerate(corpus)}
        asked = {q["id"]: i for i, q in enumerate(queries)}
        gold: list[set[int]] = [set() for _ in queries]
        for line in (folder / "qrels.tsv").read_text().splitlines():
            query, _, doc, _ = line.split("\t")
            if query in asked and doc in at:
                gold[asked[query]].add(at[doc])
        text = [clean(q["text"]) for q in queries]
        short = [
            " ".join((d["title"] or "", d["claim"] or "", d.get("subtitle") or "")) for d in corpus
        ]
        runs = {"short": bm25(short, text)}
        if "text" in corpus[0]:
            runs["full"] = bm25(
                [
                    f"{s} {d['speaker'] or ''} {d['text'] or ''}"
                    for s, d in zip(short, corpus, strict=True)
                ],
                text,
            )
        dev = [i for i, q in enumerate(queries) if q["split"] == "dev" and gold[i]]
        for run, (found, _) in runs.items():
            print(
                name,
                run,
                "dev MAP@5 {:.3f}, recall@100 {:.3f}".format(*measured(found, gold, dev, 5)),
                flush=True,
            )
        index: dict[str, int] = {"": 0}

        def number(value: str | None, index: dict[str, int] = index) -> int:
            return index.setdefault((value or "").strip(), len(index))

        arrays = {
            "query": np.array([number(t) for t in text], np.int32),
            "train": np.array([q["split"] == "train" for q in queries]),
            "claim": np.array([number(d["claim"]) for d in corpus], np.int32),
            "title": np.array([number(d["title"]) for d in corpus], np.int32),
            "subtitle": np.array([number(d.get("subtitle")) for d in corpus], np.int32),
            "gold": np.array(
                [(q, d) for q, found in enumerate(gold) for d in sorted(found)], np.int32
            ),
        }
        for run, (found, score) in runs.items():
            arrays[f"bm25_{run}"], arrays[f"bm25_{run}_score"] = found, score
        compressed(
            args.out / f"{name}.npz.xz", **arrays, **tokenised(index_as_texts(index), tokenizer)
        )
    (args.out / "meta.json").write_text(json.dumps({"sets": SETS}))


def index_as_texts(index: dict[str, int]) -> Texts:
    texts = Texts()
    texts.index = index
    return texts


if __name__ == "__main__":
    main()
