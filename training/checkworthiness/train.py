"""Train the check-worthiness scorer: one logit per sentence from the mean of its tokens.

A sentence and its swapped and reported variants share a label, and a penalty on the difference
of their scores keeps the score from resting on whose name or which voice it is.
"""

from __future__ import annotations

import argparse
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
from train import save, unpacked

MAX_TOKENS = 128


class Scorer(nn.Module):
    """Encoder and head: one logit per sentence."""

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = dropout
        self.dense = nn.Linear(2 * encoder.width, encoder.width)
        self.out = nn.Linear(encoder.width, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return logits (batch,)."""
        x = self.encoder(ids, mask)
        weight = mask.unsqueeze(-1).to(x.dtype)
        pooled = torch.cat([x[:, 0], (x * weight).sum(1) / weight.sum(1)], -1)
        hidden = torch.tanh(self.dense(functional.dropout(pooled, self.dropout, self.training)))
        return self.out(functional.dropout(hidden, self.dropout, self.training)).squeeze(-1).float()


class Sentences:
    """The token pool on the device."""

    def __init__(self, arrays: dict[str, np.ndarray], device: torch.device) -> None:
        lengths = arrays["lengths"].astype(np.int64)
        self.starts = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]])).to(device)
        self.lengths = torch.from_numpy(np.minimum(lengths, MAX_TOKENS - 2)).to(device)
        flat = np.concatenate([arrays["tokens"].astype(np.int32), np.zeros(1, np.int32)])
        self.tokens = torch.from_numpy(flat).to(device)

    def batch(self, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Return ids and mask of the texts ``chosen`` (indices into the pool)."""
        size = self.lengths[chosen][:, None]
        at = torch.arange(int(-(-(int(size.max()) + 2) // 8) * 8), device=size.device)[None]
        where = torch.where(
            (at >= 1) & (at <= size), self.starts[chosen][:, None] + at - 1, len(self.tokens) - 1
        )
        ids = self.tokens[where].long()
        ids = torch.where(at == 0, CLS, ids)
        ids = torch.where(at == size + 1, SEP, ids)
        return ids, (at <= size + 1).long()


@torch.no_grad()
def predicted(model: Scorer, pool: Sentences, texts: Tensor) -> np.ndarray:
    model.eval()
    order = torch.argsort(pool.lengths[texts])
    out = torch.zeros(len(texts), device=texts.device)
    for part in order.split(1024):
        with torch.autocast(texts.device.type, torch.bfloat16, enabled=texts.device.type == "cuda"):
            out[part] = model(*pool.batch(texts[part]))
    model.train()
    return out.cpu().numpy()


def average_precision(score: np.ndarray, gold: np.ndarray) -> float:
    ranked = gold[np.argsort(-score, kind="stable")]
    hits = np.cumsum(ranked)
    return (
        float((hits / np.arange(1, len(ranked) + 1))[ranked == 1].mean()) if ranked.any() else 0.0
    )


def report(arrays: dict[str, np.ndarray], sets: list[str], score: np.ndarray) -> dict[str, float]:
    """Return F1 at one half, shifts under the variants, and transcript MAP."""
    p = 1 / (1 + np.exp(-score))
    which, label = arrays["set"], arrays["label"]
    out = {}
    for name in ("dev", "dev_swapped", "dev_reported"):
        here = which == sets.index(name)
        said, gold = p[here] >= 0.5, label[here] == 1
        out[f"f1_{name}"] = 2 * (said & gold).sum() / max(1, said.sum() + gold.sum())
        if name == "dev":
            base = p[here]
        else:
            changed = arrays["text"][here] != arrays["text"][which == sets.index("dev")]
            out[f"moved_{name}"] = np.abs(p[here] - base)[changed].mean() if changed.any() else 0.0
    here = which == sets.index("transcripts")
    doc = arrays["doc"][here]
    kept = [average_precision(p[here][doc == d], label[here][doc == d]) for d in np.unique(doc)]
    out["map_transcripts"] = np.mean(kept)
    return {k: round(float(v), 4) for k, v in out.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-seconds", type=float, default=1e9)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument(
        "--agreement", type=float, default=4.0, help="weight of the penalty on differing scores"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-steps", type=int, default=0)
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

    arrays = unpacked(args.data / "rows.npz.xz")
    sets = json.loads((args.data / "meta.json").read_text())["sets"]
    pool = Sentences(arrays, device)
    train = np.flatnonzero(arrays["set"] == 0)
    rest = np.flatnonzero(arrays["set"] != 0)
    if args.limit_steps:
        rest = rest[:2400]
    kept = {k: (v[rest] if len(v) == len(arrays["set"]) else v) for k, v in arrays.items()}
    put = {
        k: torch.from_numpy(arrays[k].astype(np.int64)).to(device)
        for k in ("text", "swap", "report", "label")
    }
    model = Scorer(load(args.base)).to(device).train()
    frozen = {"encoder.words.weight", "encoder.types.weight"}
    for name, weight in model.named_parameters():
        weight.requires_grad = name not in frozen
    named = [w for w in model.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(named, lr=args.lr, weight_decay=0.01, fused=device.type == "cuda")
    planned = args.limit_steps or int(args.epochs * (len(train) // args.batch))
    info = {k: str(v) for k, v in vars(args).items()} | {"frozen": sorted(frozen)}
    say(event="start", rows=len(train), steps=planned)
    step, done = 0, 0.0
    order: list[np.ndarray] = []
    while True:
        done = max(step / planned, (time.monotonic() - began) / args.max_seconds)
        if done >= 1:
            break
        if not order:
            order = np.array_split(rng.permutation(train), len(train) // args.batch)
        row = torch.from_numpy(order.pop()).to(device)
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1.0, max(step, 1) / (0.06 * planned)) * (1 - done)
        n = len(row)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = model(
                *pool.batch(torch.cat([put["text"][row], put["swap"][row], put["report"][row]]))
            )
        gold = put["label"][row].float() * 0.96 + 0.02
        plain, swap, report_ = logits[:n], logits[n : 2 * n], logits[2 * n :]
        loss = (
            sum(
                w * functional.binary_cross_entropy_with_logits(x, gold)
                for x, w in ((plain, 1.0), (swap, 0.5), (report_, 0.5))
            )
            / 2
        )
        p = plain.sigmoid()
        loss = (
            loss
            + args.agreement * (p - swap.sigmoid()).square().mean()
            + 0.25 * args.agreement * (p - report_.sigmoid()).square().mean()
        )
        loss.backward()
        nn.utils.clip_grad_norm_(named, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        if step % max(1, len(train) // args.batch) == 0:
            score = predicted(
                model, pool, torch.from_numpy(kept["text"].astype(np.int64)).to(device)
            )
            say(
                step=step,
                epoch=round(step * args.batch / len(train), 2),
                loss=round(float(loss), 4),
                **report(kept, sets, score),
            )
    save(model, args.out, info | {"step": step})
    score = predicted(model, pool, torch.from_numpy(kept["text"].astype(np.int64)).to(device))
    np.savez_compressed(args.out / "scores.npz", score=score.astype(np.float16), rows=rest)
    say(step=step, done=True, **report(kept, sets, score))
    (args.out / "done").touch()


if __name__ == "__main__":
    main()
