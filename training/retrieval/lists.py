"""Write the bundle of a reranker: lists of a query and fact-checks, and candidates to measure.

``python lists.py --data DIR --found FOLDER --tokenizer FILE --out lists.npz.xz``. FOLDER holds, for
both matching sets, the ``NAME.npz`` of ``candidates.py``.

To train: the training queries of ``tweets_snopes`` that are not held out, titles and subtitles of
that collection asking for their claims, claims of VitaminC and FEVER with the passages that settle
them, and debate sentences (ClaimBuster, without labels) that only a teacher is asked about.
``debates_politifact`` is carried to be measured, its queries of either split.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from candidates import SIGNALS, rows
from prepare import Texts, compressed, tokenised

from onrecord.factchecks.score import WEIGHTS, asked_text

MEASURED, MINED, NEAR = 40, 60, 40
PASSAGES = 2
ENCYCLOPEDIA, ASIDE = 26_000, 8_000
SENTENCE = re.compile(r"(?<=[.!?\"”])\s+|\n+")
WORD = re.compile(r"[^\W_]+")


def cut(text: str, words: int) -> str:
    return " ".join((text or "").split()[:words])


def near(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return the ``count`` nearest rows of each row, itself and the nearest two left out.

    The nearest of all are often the same claim checked twice.
    """
    out = np.zeros((len(vectors), count), np.int32)
    for start in range(0, len(vectors), 1000):
        score = vectors[start : start + 1000] @ vectors.T
        best = np.argpartition(-score, count + 3, axis=1)[:, : count + 3]
        order = np.argsort(-np.take_along_axis(score, best, 1), axis=1)
        out[start : start + 1000] = np.take_along_axis(best, order, 1)[:, 3:]
    return out


def passages(text: str, query: str) -> list[str]:
    """Return the sentences of a body that share the most longer words with the query."""
    mine = {w for w in WORD.findall(query.lower()) if len(w) > 3}
    scored = []
    for i, sentence in enumerate(SENTENCE.split(text or "")):
        shared = len(mine.intersection(WORD.findall(sentence.lower())))
        if shared:
            scored.append((-shared, i, cut(sentence, 45)))
    return [s for *_, s in sorted(scored)[:PASSAGES]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--found", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts, arrays = Texts(), {}
    rng = np.random.default_rng(11)
    for short, name in (("t", "tweets_snopes"), ("p", "debates_politifact")):
        folder = args.data / "matching" / name
        corpus, queries = rows(folder / "corpus.jsonl.gz"), rows(folder / "queries.jsonl.gz")
        with np.load(args.found / f"{name}.npz") as stored:
            found = {key: stored[key] for key in stored.files}
        arrays[f"{short}_claim"] = np.array([texts(cut(d["claim"], 80)) for d in corpus], np.int32)
        arrays[f"{short}_title"] = np.array([texts(cut(d["title"], 40)) for d in corpus], np.int32)
        if short == "t":
            arrays["t_subtitle"] = np.array(
                [texts(cut(d["subtitle"], 60)) for d in corpus], np.int32
            )
            arrays["t_near"] = near(found["vectors"], NEAR)
        n = len(found["query"])
        out = {
            "query": np.zeros(n, np.int32),
            "answers": np.zeros(n, np.int32),
            "split": np.zeros(n, np.int8),  # 0 train, 1 held out, 2 dev
            "doc": np.full((n, MEASURED), -1, np.int32),
            "right": np.zeros((n, MEASURED), bool),
            "total": np.zeros((n, MEASURED), np.float32),
            "gold": np.full((n, 4), -1, np.int32),
            "mined": np.full((n, MINED), -1, np.int32),
        }
        if short == "p":
            out["passage"] = np.zeros((n, MEASURED, PASSAGES), np.int32)
        for r, q in enumerate(found["query"].tolist()):
            mine = slice(found["starts"][r], found["starts"][r + 1])
            doc, right = found["doc"][mine], found["right"][mine]
            x = np.stack([found[k][mine] for k in SIGNALS], 1)
            x[:, 0] /= x[:, 0].max() or 1
            total = x @ np.array(WEIGHTS)
            order = np.argsort(-total, kind="stable")
            text = asked_text(queries[q]["text"])
            out["query"][r] = texts(cut(text, 80))
            out["answers"][r] = found["answers"][r]
            out["split"][r] = found["split"][r]
            first = order[:MEASURED]
            out["doc"][r, : len(first)] = doc[first]
            out["right"][r, : len(first)] = right[first]
            out["total"][r, : len(first)] = total[first]
            gold = doc[right][:4]
            out["gold"][r, : len(gold)] = gold
            wrong = doc[order[~right[order]]][:MINED]
            out["mined"][r, : len(wrong)] = wrong
            if short == "p":
                for c, d in enumerate(doc[first]):
                    for p, s in enumerate(passages(corpus[d]["text"], text)):
                        out["passage"][r, c, p] = texts(s)
        arrays |= {f"{short}_{k}": v for k, v in out.items()}
    pairs = [
        (r["claim"], r["evidence"])
        for r in rows(args.data / "verification" / "train_mix.jsonl.gz")
        if r["src"].startswith(("vitaminc", "fever")) and r["label"] in {"supported", "refuted"}
    ]
    chosen = rng.choice(len(pairs), min(ENCYCLOPEDIA, len(pairs)), replace=False)
    arrays["e_claim"] = np.array([texts(cut(pairs[i][0], 50)) for i in chosen], np.int32)
    arrays["e_passage"] = np.array([texts(cut(pairs[i][1], 60)) for i in chosen], np.int32)
    debate = [
        r["text"]
        for r in rows(args.data / "checkworthiness" / "debates.jsonl.gz")
        if r.get("split", "train") == "train" and len(r["text"].split()) > 7
    ]
    chosen = rng.choice(len(debate), min(ASIDE, len(debate)), replace=False)
    arrays["d_query"] = np.array([texts(cut(debate[i], 60)) for i in chosen], np.int32)
    compressed(args.out, **arrays, **tokenised(texts, tokenizer))


if __name__ == "__main__":
    main()
