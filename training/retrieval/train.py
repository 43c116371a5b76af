"""Train the claim retriever: embeddings first, then a small reranker on their candidates.

Every stage writes the scores of its candidates, so that fusion weights and the threshold are
fitted elsewhere (``fuse.py``), on training queries held out here (``--held-out``).
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from encoder import CLS, SEP, Encoder, device_for_training, load
from train import Pairs, save, unpacked

MAX_TOKENS = 160
SCALE = 20.0
VIEWS = ("title_claim", "claim", "title", "subtitle")


class Texts:
    """Runs of up to three texts, joined under one first token, on the device."""

    def __init__(self, arrays: dict[str, np.ndarray], device: torch.device) -> None:
        lengths = arrays["lengths"].astype(np.int64)
        self.device = device
        self.starts = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]])).to(device)
        self.lengths = torch.from_numpy(lengths).to(device)
        flat = np.concatenate([arrays["tokens"].astype(np.int32), np.zeros(1, np.int32)])
        self.tokens = torch.from_numpy(flat).to(device)

    def batch(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """Return ids and mask for ``pieces`` (rows, texts)."""
        size = self.lengths[pieces]
        room = (MAX_TOKENS - 2 - (size.cumsum(1) - size)).clamp(min=0)
        size = torch.minimum(size, room)
        total = size.sum(1, keepdim=True)
        at = torch.arange(int(-(-(int(total.max()) + 2) // 8) * 8), device=self.device)[None]
        where = torch.full((len(pieces), at.shape[1]), len(self.tokens) - 1, device=self.device)
        begin = torch.ones_like(total)
        for i in range(pieces.shape[1]):
            end = begin + size[:, i : i + 1]
            inside = (at >= begin) & (at < end)
            where = torch.where(inside, self.starts[pieces[:, i]][:, None] + at - begin, where)
            begin = end
        ids = self.tokens[where].long()
        ids = torch.where(at == 0, CLS, ids)
        ids = torch.where(at == begin, SEP, ids)
        return ids, (at <= begin).long()


def embedded(encoder: Encoder, ids: Tensor, mask: Tensor) -> Tensor:
    """Return unit vectors (rows, width): the mean of the tokens, as the base model was trained."""
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=ids.device.type == "cuda"):
        x = encoder(ids, mask).float()
    weight = mask.unsqueeze(-1).float()
    return functional.normalize((x * weight).sum(1) / weight.sum(1), dim=-1)


@torch.no_grad()
def embed_all(encoder: Encoder, texts: Texts, pieces: Tensor) -> Tensor:
    encoder.eval()
    order = torch.argsort(texts.lengths[pieces].sum(1))
    out = torch.zeros(len(pieces), encoder.width, device=texts.device)
    for part in order.split(1024):
        out[part] = embedded(encoder, *texts.batch(pieces[part]))
    encoder.train()
    return out


class Collection:
    """One set of queries and fact-checks on the device."""

    def __init__(self, path: Path, device: torch.device) -> None:
        a = unpacked(path)
        self.arrays = a
        self.texts = Texts(a, device)
        self.device = device

        def put(x: np.ndarray) -> Tensor:
            return torch.from_numpy(x.astype(np.int64)).to(device)

        self.query = put(a["query"])[:, None]
        self.views = {
            "title_claim": torch.stack([put(a["title"]), put(a["claim"])], 1),
            "claim": put(a["claim"])[:, None],
            "title": put(a["title"])[:, None],
            "subtitle": put(a["subtitle"])[:, None],
        }
        self.gold: list[set[int]] = [set() for _ in a["query"]]
        for q, d in a["gold"]:
            self.gold[q].add(int(d))
        self.asked = np.array([i for i, g in enumerate(self.gold) if g])
        self.is_train = a["train"]


def mean_average_precision(
    score: np.ndarray, candidates: np.ndarray, gold: list[set[int]], k: int = 5
) -> float:
    total = []
    for s, c, g in zip(score, candidates, gold, strict=True):
        hits, value = 0, 0.0
        for rank, d in enumerate(c[np.argsort(-s, kind="stable")][:k], 1):
            if int(d) in g:
                hits += 1
                value += hits / rank
        total.append(value / min(k, len(g)))
    return float(np.mean(total))


def candidates_of(
    collection: Collection, encoder: Encoder, *, limit: int = 0
) -> dict[str, np.ndarray]:
    """Return for every query with an answer its candidates and their scores.

    ``index`` (queries, 300) holds the embeddings' and BM25's first hundred, then -1.
    """
    q = embed_all(encoder, collection.texts, collection.query)
    views = {v: embed_all(encoder, collection.texts, collection.views[v]) for v in VIEWS}
    asked = collection.asked[:limit] if limit else collection.asked
    a = collection.arrays
    runs = [k for k in ("bm25_short", "bm25_full") if k in a]
    out = {"asked": asked, "index": np.full((len(asked), 300), -1, np.int32)}
    for name in (*VIEWS, *runs):
        out[name] = np.zeros((len(asked), 300), np.float16)
    for start in range(0, len(asked), 256):
        rows = asked[start : start + 256]
        some = torch.from_numpy(rows).to(q.device)
        similar = {v: q[some] @ views[v].T for v in VIEWS}
        best = torch.maximum(similar["title_claim"], similar["claim"])
        dense = best.topk(min(100, best.shape[1])).indices.cpu().numpy()
        index = np.full((len(rows), 300), -1, np.int64)
        for r, i in enumerate(rows):
            listed = [*dense[r].tolist(), *(d for run in runs for d in a[run][i].tolist())]
            both = list(dict.fromkeys(listed))[:300]
            index[r, : len(both)] = both
        out["index"][start : start + 256] = index
        chosen = torch.from_numpy(np.maximum(index, 0)).to(q.device)
        for v in VIEWS:
            value = similar[v].gather(1, chosen).cpu().numpy()
            out[v][start : start + 256] = np.where(index < 0, 0, value)
        for run in runs:
            for r, i in enumerate(rows):
                known = dict(zip(a[run][i].tolist(), a[f"{run}_score"][i].tolist(), strict=True))
                out[run][start + r] = [known.get(d, 0.0) for d in index[r].tolist()]
    return out


def fused(found: dict[str, np.ndarray], weight: float, *, rerank: float = 0.0) -> np.ndarray:
    """Return cosine plus ``weight`` times BM25 over the query's best (and the reranker's logit)."""
    dense = np.maximum(found["title_claim"], found["claim"]).astype(np.float32)
    score = dense.copy()
    for r in ("bm25_short", "bm25_full"):
        if r in found:
            s = found[r].astype(np.float32)
            score += weight * s / np.maximum(s.max(1, keepdims=True), 1e-6)
    if rerank and "rerank" in found:
        score += rerank * found["rerank"].astype(np.float32)
    return np.where(found["index"] < 0, -1e9, score)


def report(
    collection: Collection, found: dict[str, np.ndarray], held: set[int]
) -> dict[str, float]:
    """Return MAP@5 on development and held-out queries for a few fusion weights."""
    out = {}
    rows = {
        "dev": np.array([not collection.is_train[i] for i in found["asked"]]),
        "held": np.array([int(i) in held for i in found["asked"]]),
    }
    for name, keep in rows.items():
        if not keep.any():
            continue
        gold = [collection.gold[i] for i in found["asked"][keep]]
        index = found["index"][keep]
        reached = [len(g & set(c.tolist())) / len(g) for g, c in zip(gold, index, strict=True)]
        out[f"{name}_recall"] = float(np.mean(reached))
        for w in (0.0, 0.1, 0.2, 0.4, 0.8):
            out[f"{name}_{w}"] = mean_average_precision(fused(found, w)[keep], index, gold)
        if "rerank" in found:
            for w, r in ((0.0, 0.05), (0.2, 0.02), (0.2, 0.05), (0.2, 0.1), (0.0, 1000.0)):
                out[f"{name}_{w}_rerank_{r}"] = mean_average_precision(
                    fused(found, w, rerank=r)[keep], index, gold
                )
    return {k: round(v, 4) for k, v in out.items()}


class Reranker(nn.Module):
    """Query and fact-check read together; one logit."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.out = nn.Linear(3 * encoder.width, 1)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        with torch.autocast(ids.device.type, torch.bfloat16, enabled=ids.device.type == "cuda"):
            x = self.encoder(ids, mask, types).float()
        means = []
        for part in (mask * (1 - types), mask * types):
            w = part.unsqueeze(-1).float()
            means.append((x * w).sum(1) / w.sum(1).clamp(min=1))
        pooled = torch.cat([x[:, 0], means[0] * means[1], (means[0] - means[1]).abs()], -1)
        return self.out(functional.dropout(pooled, 0.1, self.training)).squeeze(-1)


def pairs_of(collection: Collection, queries: np.ndarray, docs: np.ndarray) -> Pairs:
    """Return query text against (title, claim, subtitle) of the fact-check."""
    a = collection.arrays
    pieces = np.stack([a["title"][docs], a["claim"][docs], a["subtitle"][docs]], 1)
    return Pairs(
        {"lengths": a["lengths"], "tokens": a["tokens"], "claim": queries, "pieces": pieces},
        collection.device,
    )


@torch.no_grad()
def reranked(
    model: Reranker, collection: Collection, found: dict[str, np.ndarray], depth: int
) -> np.ndarray:
    """Return logits for the ``depth`` best candidates of each query, -20 elsewhere."""
    model.eval()
    first = np.argsort(-fused(found, 0.2), axis=1)[:, :depth]
    index = np.take_along_axis(found["index"], first, 1)
    good = index >= 0
    queries = np.repeat(collection.arrays["query"][found["asked"]], depth)[good.ravel()]
    pairs = pairs_of(collection, queries, index[good])
    value = np.zeros(len(queries), np.float32)
    order = np.argsort(pairs.total)
    for part in np.array_split(order, max(1, len(order) // 512)):
        value[part] = model(*pairs.batch(part)).cpu().numpy()
    out = np.full(found["index"].shape, -20, np.float16)
    filled = np.full(index.shape, -20, np.float16)
    filled[good] = value
    np.put_along_axis(out, first, filled, 1)
    model.train()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-seconds", type=float, default=1e9)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rerank-steps", type=int, default=500)
    parser.add_argument("--lr", type=float, default=4e-5)
    parser.add_argument("--rerank-lr", type=float, default=1.5e-4)
    parser.add_argument("--queries", type=int, default=96)
    parser.add_argument("--pairs", type=int, default=160)
    parser.add_argument("--hard", type=int, default=3)
    parser.add_argument("--held-out", type=int, default=197)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="queries to measure, for a quick try")
    args = parser.parse_args()
    began = time.monotonic()
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    device = device_for_training()
    args.out.mkdir(parents=True, exist_ok=True)
    record = (args.out / "log.jsonl").open("a")

    def say(**what: object) -> None:
        line = json.dumps({"t": round(time.monotonic() - began, 1), **what})
        print(args.out.name, line, flush=True)
        record.write(line + "\n")
        record.flush()

    def over(share: float) -> bool:
        return time.monotonic() - began > share * args.max_seconds

    names = ["tweets_snopes"] if args.limit else ["tweets_snopes", "debates_politifact"]
    sets = {n: Collection(args.data / f"{n}.npz.xz", device) for n in names}
    tweets = sets["tweets_snopes"]
    train = np.array([i for i in tweets.asked if tweets.is_train[i]])
    shuffled = np.random.default_rng(7).permutation(train)
    held = {int(i) for i in shuffled[: args.held_out]}
    train = shuffled[args.held_out :]
    encoder = load(args.base).to(device)
    encoder.words.weight.requires_grad = False
    encoder.types.weight.requires_grad = False
    info = {k: str(v) for k, v in vars(args).items()} | {"frozen": ["words.weight", "types.weight"]}
    base = copy.deepcopy(encoder)
    first = {n: candidates_of(s, base, limit=args.limit) for n, s in sets.items()}
    for n, s in sets.items():
        say(stage="base", set=n, **report(s, first[n], held))
    mined = {
        int(q): first["tweets_snopes"]["index"][r]
        for r, q in enumerate(first["tweets_snopes"]["asked"])
    }
    claim, title, subtitle = (tweets.arrays[k] for k in ("claim", "title", "subtitle"))

    def negatives(q: int, count: int, deepest: int) -> list[int]:
        listed = [
            int(d) for d in mined.get(q, ())[:deepest] if d >= 0 and int(d) not in tweets.gold[q]
        ]
        if len(listed) < count:
            return [int(d) for d in rng.integers(0, len(claim), count)]
        return [int(d) for d in rng.choice(listed, count, replace=False)]

    named = [w for w in encoder.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(named, lr=args.lr, weight_decay=0.01, fused=device.type == "cuda")
    encoder.train()
    for step in range(args.steps):
        if over(0.4):
            break
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 20) * (1 - step / args.steps)
        chosen = rng.choice(train, args.queries, replace=False)
        positive = [int(rng.choice(sorted(tweets.gold[q]))) for q in chosen]
        hard = [d for q in chosen for d in negatives(int(q), args.hard, 80)]
        own = rng.integers(0, len(claim), args.pairs)
        # A fact-check's title, or its subtitle, asks for its claim.
        asks = np.where(
            (rng.random(args.pairs) < 0.5) | (subtitle[own] == 0), title[own], subtitle[own]
        )
        queries = torch.cat(
            [tweets.query[chosen, 0], torch.from_numpy(asks.astype(np.int64)).to(device)]
        )[:, None]
        docs = np.concatenate([positive, own, hard]).astype(np.int64)
        which = torch.from_numpy(docs).to(device)
        pieces = tweets.views["title_claim"][which].clone()
        pieces[len(positive) : len(positive) + len(own), 0] = 0  # the title must not meet itself
        u = embedded(encoder, *tweets.texts.batch(queries))
        v = embedded(encoder, *tweets.texts.batch(pieces))
        logits = SCALE * u @ v.T
        target = torch.arange(len(u), device=device)
        same = torch.zeros(len(u), len(docs), dtype=torch.bool)
        for r, q in enumerate(chosen):
            same[r] = torch.from_numpy(np.isin(docs, list(tweets.gold[q])))
        same[len(chosen) :] = torch.from_numpy(docs[None] == own[:, None])
        same = same.to(device)
        same[target, target] = False
        logits = logits.masked_fill(same, -1e4)
        loss = functional.cross_entropy(logits, target) + 0.5 * functional.cross_entropy(
            logits[:, : len(u)].T, target
        )
        loss.backward()
        nn.utils.clip_grad_norm_(named, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if (step + 1) % 75 == 0:
            found = candidates_of(tweets, encoder, limit=args.limit)
            say(
                stage="embed",
                step=step + 1,
                loss=round(float(loss), 4),
                **report(tweets, found, held),
            )
    mixed = copy.deepcopy(base)
    best: dict[str, dict[str, np.ndarray]] = {}
    for share in (0.5, 1.0):
        with torch.no_grad():
            for w, b, t in zip(
                mixed.parameters(), base.parameters(), encoder.parameters(), strict=True
            ):
                w.copy_(b + share * (t - b))
        for n, s in sets.items():
            found = candidates_of(s, mixed, limit=args.limit)
            best[f"{n}_{share}"] = found
            say(stage="embedder", share=share, set=n, **report(s, found, held))
    save(encoder, args.out / "embedder", info)

    model = Reranker(load(args.base)).to(device).train()
    model.encoder.words.weight.requires_grad = False
    named = [w for w in model.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(
        named, lr=args.rerank_lr, weight_decay=0.01, fused=device.type == "cuda"
    )
    per, width = 24, 12
    for step in range(args.rerank_steps):
        if over(0.85):
            break
        for group in optimiser.param_groups:
            group["lr"] = args.rerank_lr * min(1, (step + 1) / 40) * (1 - step / args.rerank_steps)
        asks, docs = [], []
        for q in rng.choice(train, per // 2, replace=False):
            asks += [tweets.arrays["query"][q]] * width
            docs += [int(rng.choice(sorted(tweets.gold[q]))), *negatives(int(q), width - 1, 60)]
        claim_only = len(asks)
        for d in rng.integers(
            0, len(claim), per // 2
        ):  # titles as queries, other claims as negatives
            asks += [title[d]] * width
            docs += [int(d), *(int(x) for x in rng.integers(0, len(claim), width - 1))]
        docs_ = np.array(docs)
        a = tweets.arrays
        pieces = np.stack([title[docs_], claim[docs_], subtitle[docs_]], 1)
        pieces[claim_only:, 0] = 0
        pairs = Pairs(
            {
                "lengths": a["lengths"],
                "tokens": a["tokens"],
                "claim": np.array(asks),
                "pieces": pieces,
            },
            device,
        )
        logits = model(*pairs.batch(np.arange(len(docs_)))).view(-1, width)
        loss = functional.cross_entropy(
            logits, torch.zeros(len(logits), dtype=torch.long, device=device)
        )
        loss.backward()
        nn.utils.clip_grad_norm_(named, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if (step + 1) % 100 == 0:
            say(stage="rerank", step=step + 1, loss=round(float(loss), 4))
    stored = {}
    for n, s in sets.items():
        for share in (0.5, 1.0):
            found = best[f"{n}_{share}"]
            found["rerank"] = reranked(model, s, found, 30)
            say(stage="reranker", share=share, set=n, **report(s, found, held))
            order = np.argsort(-fused(found, 0.3), axis=1)[:, :100]
            for k, v in found.items():
                stored[f"{n}/{share}/{k}"] = v if k == "asked" else np.take_along_axis(v, order, 1)
    np.savez_compressed(args.out / "candidates.npz", **stored)
    save(model, args.out / "reranker", info | {"frozen": ["encoder.words.weight"]})
    say(done=True)
    (args.out / "done").touch()


if __name__ == "__main__":
    main()
