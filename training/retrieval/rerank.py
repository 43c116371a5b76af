"""Train a reranker, its teacher and an embedder that follows the teacher, and measure all three.

``python rerank.py --data lists.npz.xz --embedder MODEL.onnx --types types.npy --minilm CONFIG
--mpnet CONFIG --teacher PARTS --out DIR --max-seconds 280``. The teacher is all-mpnet-base-v2 as
``pack.py squeeze`` stored it; without ``--teacher`` the small model learns from labels alone.

A list is a query and twelve texts of which the first answers it; the loss is the cross-entropy of
the first, and for the small models the divergence from the teacher's distribution over the list.
Three files are written: ``reranker.npz`` and ``embedder.npz`` (8-bit values, see ``pack.py``), and
``scores.npz`` with what each model gives the candidates of all queries.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from drawn import KINDS, WIDTH, Lists, Pool
from encoder import Encoder, device_for_training
from pack import packed
from reranker import Reranker, embedded, of_embedder, of_parts

SCALE = 20.0


class Run:
    """What the stages share: the clock, the log, the texts and how far each stage may go."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.began = time.monotonic()
        self.args = args
        self.device = device_for_training()
        args.out.mkdir(parents=True, exist_ok=True)
        with np.load(io.BytesIO(lzma.decompress(args.data.read_bytes()))) as found:
            self.a = {n: found[n] for n in found.files}
        self.pool = Pool(self.a, self.device)
        self.scores: dict[str, np.ndarray] = {}

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def say(self, **what: object) -> None:
        print(json.dumps({"t": round(self.seconds(), 1), **what}), flush=True)

    def cast(self) -> torch.autocast:
        cuda = self.device.type == "cuda"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=cuda)

    @torch.no_grad()
    def vectors(self, encoder: Encoder, texts: np.ndarray) -> Tensor:
        encoder.eval()
        order = np.argsort(self.pool.lengths_here[texts], kind="stable")
        out = torch.zeros(len(texts), encoder.width, device=self.device)
        with self.cast():
            for start in range(0, len(order), 2048):
                part = order[start : start + 2048]
                empty = np.zeros((len(part), 0), np.int64)
                ids, mask, _ = self.pool.batch(texts[part][:, None], empty)
                out[torch.from_numpy(part).to(self.device)] = embedded(encoder, ids, mask)
        encoder.train()
        return out

    def neighbours(self, encoder: Encoder) -> dict[str, np.ndarray]:
        """Return the nearest passages of encyclopedia claims and claims of debate sentences."""
        v = self.vectors
        limit = self.args.limit or None
        found = {}
        for name, asking, near in (
            ("encyclopedia", "e_claim", "e_passage"),
            ("debates", "d_query", "t_claim"),
        ):
            asked, known = self.a[asking][:limit], self.a[near][:limit]
            if limit:
                for key in ("e_claim", "e_passage", "d_query"):
                    self.a[key] = self.a[key][:limit]
            q, d = v(encoder, asked), v(encoder, known)
            best = [
                (q[i : i + 2000] @ d.T).topk(min(40, len(d)), 1).indices.cpu()
                for i in range(0, len(q), 2000)
            ]
            found[name] = torch.cat(best).numpy()
        return found

    @torch.no_grad()
    def read(self, model: Reranker, name: str) -> None:
        """Let a reranker score the candidates of all queries, and report what they give."""
        model.eval()
        for short in ("t", "p"):
            a = {k[2:]: v for k, v in self.a.items() if k.startswith(f"{short}_")}
            rows = np.arange(len(a["query"]))
            if self.args.limit:
                rows = rows[:: max(1, len(rows) // 2)]
            docs = np.maximum(a["doc"][rows], 0)[:, : 6 if self.args.limit else None]
            query = np.repeat(a["query"][rows][:, None], docs.shape[1], 1)
            views = {
                "claim": (a["claim"][docs], np.zeros_like(docs)),
                "both": (a["title"][docs], a["claim"][docs]),
            }
            for p in range(a["passage"].shape[2] if short == "p" else 0):
                shown = a["passage"][rows][:, : docs.shape[1], p]
                views[f"passage{p}"] = (shown, np.zeros_like(docs))
            for view, (one, two) in views.items():
                first = query.reshape(-1, 1)
                second = np.stack([one.ravel(), two.ravel()], 1)
                value = np.zeros(len(first), np.float32)
                lengths = self.pool.lengths_here
                order = np.argsort(lengths[first].sum(1) + lengths[second].sum(1), kind="stable")
                with self.cast():
                    for start in range(0, len(order), 2048):
                        part = order[start : start + 2048]
                        logit = model(*self.pool.batch(first[part], second[part]))
                        value[part] = logit.cpu().numpy()
                self.scores[f"{short}/{name}/{view}"] = value.reshape(docs.shape).astype(np.float16)
            self.report(name, short, rows)
        model.train()

    def report(self, name: str, short: str, rows: np.ndarray) -> None:
        """Print MAP@5 by split: the model alone, and added to the first stage."""
        a = {k[2:]: v for k, v in self.a.items() if k.startswith(f"{short}_")}
        out: dict[str, object] = {"model": name, "set": short}
        views = [k for k in self.scores if k.startswith(f"{short}/{name}/")]
        given = {k.split("/")[2]: self.scores[k].astype(np.float32) for k in views}
        if "claim" in given and "both" in given:
            given["mean"] = (given["claim"] + given["both"]) / 2
        for view, score in given.items():
            for weight in (0.0, 0.25, 0.5, 1.0, 1000.0):
                n = score.shape[1]
                z = a["total"][rows][:, :n] + weight * score
                z = np.where(a["doc"][rows][:, :n] < 0, -1e9, z)
                order = np.argsort(-z, axis=1, kind="stable")[:, :5]
                hit = np.take_along_axis(a["right"][rows], order, 1)
                value = (hit * hit.cumsum(1) / np.arange(1, 6)).sum(1)
                value = value / np.minimum(5, a["answers"][rows])
                for split, number in (("train", 0), ("held", 1), ("dev", 2)):
                    keep = a["split"][rows] == number
                    if keep.any() and (short == "p" or split != "train"):
                        out[f"{view}_{weight:g}_{split}"] = round(float(value[keep].mean()), 4)
        self.say(**out)

    def trained(
        self,
        weights: list[Tensor],
        *,
        loss_of: Callable[[], Tensor],
        lr: float,
        until: float,
        steps: int,
        name: str,
    ) -> None:
        """Take steps until the clock or the count says enough; the rate falls with the later."""
        began = self.seconds()
        optimiser = torch.optim.AdamW(
            weights, lr=lr, weight_decay=0.01, fused=self.device.type == "cuda"
        )
        total, step = 0.0, 0
        while True:
            share = max(step / steps, (self.seconds() - began) / max(1e-6, until - began))
            if share >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = lr * min(1.0, (step + 1) / 40) * (1 - share)
            loss = loss_of()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            if step % 25 == 0:
                total = float(loss)
                if step % 100 == 0:
                    self.say(stage=name, step=step, loss=round(total, 4), share=round(share, 3))
        self.say(stage=name, steps=step, loss=round(total, 4), ended=True)


def pairs_of(query: np.ndarray, claim: np.ndarray, title: np.ndarray) -> tuple:
    first = np.repeat(query, claim.shape[1])[:, None]
    return first, np.stack([title.ravel(), claim.ravel()], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "embedder", "types", "minilm", "mpnet", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--max-seconds", type=float, default=280)
    parser.add_argument("--shares", type=float, nargs=3, default=(0.36, 0.74, 0.9))
    parser.add_argument("--steps", type=int, nargs=3, default=(700, 1600, 600))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="rows, for a quick try")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    run = Run(args)
    config = args.minilm
    base = of_embedder(args.embedder, args.types, config).to(run.device)
    lists = Lists(run.a, run.neighbours(base), args.seed)
    kinds = dict.fromkeys(KINDS, 1) if args.limit else dict(KINDS)
    until = [s * args.max_seconds for s in args.shares]
    run.say(event="loaded", texts=len(run.pool.lengths))
    teacher = None
    if args.teacher:
        teacher = Reranker(of_parts(args.teacher, args.mpnet)).to(run.device).train()
        taught = {k: n for k, n in kinds.items() if k != "debates"}

        def teacher_loss() -> Tensor:
            query, claim, title, _ = lists.drawn(taught)
            with run.cast():
                logits = teacher(*run.pool.batch(*pairs_of(query, claim, title)))
            logits = logits.view(-1, WIDTH)
            right = torch.zeros(len(logits), dtype=torch.long, device=run.device)
            return functional.cross_entropy(logits, right, label_smoothing=0.05)

        run.trained(
            list(teacher.parameters()),
            loss_of=teacher_loss,
            lr=5e-5,
            until=until[0] - 0.06 * args.max_seconds,
            steps=args.steps[0],
            name="teacher",
        )
        run.read(teacher, "teacher")
        teacher.eval()

    def soft(query: np.ndarray, claim: np.ndarray, title: np.ndarray) -> Tensor | None:
        if teacher is None:
            return None
        with torch.no_grad(), run.cast():
            return teacher(*run.pool.batch(*pairs_of(query, claim, title))).view(-1, WIDTH)

    def list_loss(logits: Tensor, told: Tensor | None, known: np.ndarray) -> Tensor:
        right = torch.zeros(len(logits), dtype=torch.long, device=run.device)
        mine = functional.log_softmax(logits, -1)
        hard = functional.nll_loss(mine, right, reduction="none")
        hard = (hard * torch.from_numpy(known).to(run.device)).mean()
        if told is None:
            return hard
        theirs = functional.log_softmax(told / 1.5, -1)
        close = functional.kl_div(mine, theirs, log_target=True, reduction="batchmean")
        return close + 0.2 * hard

    if teacher is None:
        kinds.pop("debates")
    encoder = of_embedder(args.embedder, args.types, config)
    model = Reranker(encoder).to(run.device).train()
    encoder.words.weight.requires_grad = False

    def student_loss() -> Tensor:
        query, claim, title, known = lists.drawn(kinds)
        told = soft(query, claim, title)
        with run.cast():
            logits = model(*run.pool.batch(*pairs_of(query, claim, title))).view(-1, WIDTH)
        return list_loss(logits, told, known)

    run.trained(
        [w for w in model.parameters() if w.requires_grad],
        loss_of=student_loss,
        lr=2e-4,
        until=until[1],
        steps=args.steps[1],
        name="reranker",
    )
    run.read(model, "reranker")
    stored = {n: w.detach().float().cpu().numpy() for n, w in model.state_dict().items()}
    stored.pop("encoder.words.weight")
    np.savez(args.out / "reranker.npz", **packed(stored))
    np.savez_compressed(args.out / "scores.npz", **run.scores)

    near = base.train()
    near.words.weight.requires_grad = False

    def embedder_loss() -> Tensor:
        query, claim, title, known = lists.drawn(kinds)
        title = np.zeros_like(title)
        told = soft(query, claim, title)
        with run.cast():
            empty = np.zeros((len(query), 0), np.int64)
            ids, mask, _ = run.pool.batch(query[:, None], empty)
            q = embedded(near, ids, mask)
            flat = claim.reshape(-1, 1)
            ids, mask, _ = run.pool.batch(flat, np.zeros((len(flat), 0), np.int64))
            d = embedded(near, ids, mask)
        logits = SCALE * torch.einsum("qw,qnw->qn", q, d.view(len(q), WIDTH, -1))
        own = d.view(len(q), WIDTH, -1)[:, 0]
        every = SCALE * q @ own.T
        right = torch.arange(len(q), device=run.device)
        across = functional.cross_entropy(every, right, reduction="none")
        across = (across * torch.from_numpy(known).to(run.device)).mean()
        return list_loss(logits, told, known) + 0.3 * across

    run.trained(
        [w for w in near.parameters() if w.requires_grad],
        loss_of=embedder_loss,
        lr=3e-5,
        until=until[2],
        steps=args.steps[2],
        name="embedder",
    )
    for short in () if args.limit else ("t", "p"):
        a = run.a
        q, d = (run.vectors(near, a[f"{short}_{k}"]) for k in ("query", "claim"))
        docs = torch.from_numpy(np.maximum(a[f"{short}_doc"], 0).astype(np.int64)).to(run.device)
        value = torch.einsum("qw,qnw->qn", q, d[docs]).cpu().numpy()
        run.scores[f"{short}/embedder/claim"] = (10 * value).astype(np.float16)
        run.report("embedder", short, np.arange(len(a[f"{short}_query"])))
        best = torch.cat(
            [(q[i : i + 256] @ d.T).topk(40, 1).indices for i in range(0, len(q), 256)]
        )
        gold = a[f"{short}_gold"]
        reached = (best.cpu().numpy()[:, :, None] == gold[:, None, :]).any(1).sum(1)
        share = reached / np.maximum(1, a[f"{short}_answers"])
        run.say(
            set=short,
            recall_at_40={
                s: round(float(share[a[f"{short}_split"] == i].mean()), 4)
                for i, s in enumerate(("train", "held", "dev"))
                if (a[f"{short}_split"] == i).any()
            },
        )
    stored = {n: w.detach().float().cpu().numpy() for n, w in near.state_dict().items()}
    stored.pop("words.weight")
    np.savez(args.out / "embedder.npz", **packed(stored))
    np.savez_compressed(args.out / "scores.npz", **run.scores)
    run.say(done=True)


if __name__ == "__main__":
    main()
