"""Train the stance cross-encoder, directly or from a teacher's probabilities.

Time is the budget: the learning rate falls to zero at ``--max-seconds`` or after ``--epochs``,
whichever comes first, so that a run is always finished when its time is over. Word embeddings
stay as they are (half the small model's weights; they need not be stored again).
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import math
import time
from pathlib import Path

import numpy as np
import torch
from encoder import CLS, SEP, Encoder, device_for_training, load
from torch import Tensor, nn
from torch.nn import functional

NEI, NOT_SUPPORTED, UNLABELLED = 2, 3, 255
MAX_CLAIM, MAX_TOKENS = 80, 288
POOL = "pool"

# How often an epoch sees a row, by the start of its source's name: invented picture captions
# count half, revised encyclopedia sentences and their claims double.
SOURCE_WEIGHTS = {
    "snli": 0.5,
    "med": 0.4,
    "begin": 0.7,
    "mnli": 1.0,
    "vitaminc_real": 2.0,
    "vitaminc_synth": 0.8,
    "fever": 1.2,
    "citation": 1.5,
}


class Stance(nn.Module):
    """Encoder and head: logits (supported, refuted, nei) from first token and both means."""

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.width
        self.dense = nn.Linear(5 * width, width)
        self.dropout = dropout
        self.out = nn.Linear(width, 3)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return logits (batch, 3)."""
        x = self.encoder(ids, mask, types)
        own = (mask * (1 - types)).unsqueeze(-1).to(x.dtype)
        other = (mask * types).unsqueeze(-1).to(x.dtype)
        claim = (x * own).sum(1) / own.sum(1).clamp(min=1)
        passage = (x * other).sum(1) / other.sum(1).clamp(min=1)
        pooled = torch.cat([x[:, 0], claim, passage, (claim - passage).abs(), claim * passage], -1)
        hidden = torch.tanh(self.dense(functional.dropout(pooled, self.dropout, self.training)))
        return self.out(functional.dropout(hidden, self.dropout, self.training)).float()


def unpacked(path: Path) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as arrays:
        return {name: arrays[name] for name in arrays.files}


def judged(path: Path, rows: int) -> np.ndarray:
    """Return a teacher's logits (rows, 3), NaN where it gave none.

    A compact file holds ``margin``: the logits of support and refutation above nei in twentieths,
    for the first rows of the bundle.
    """
    stored = np.load(path)
    out = np.full((rows, 3), np.nan, np.float32)
    if "margin" in stored:
        margin = stored["margin"].astype(np.float32) / 20
        out[: len(margin), :2], out[: len(margin), 2] = margin, 0
    else:
        out[: len(stored["logits"])] = stored["logits"]
    return out


class Pairs:
    """Token pool and pair indices on the device; batches are assembled there."""

    def __init__(self, arrays: dict[str, np.ndarray], device: torch.device) -> None:
        lengths = arrays["lengths"].astype(np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        pieces = arrays["pieces"] if "pieces" in arrays else arrays["piece"][:, None]
        claim = arrays["claim"]
        claim_length = np.minimum(lengths[claim], MAX_CLAIM)
        room = MAX_TOKENS - 3 - claim_length
        piece_lengths = lengths[pieces]
        for i in range(pieces.shape[1]):
            piece_lengths[:, i] = np.minimum(piece_lengths[:, i], room)
            room = room - piece_lengths[:, i]
        self.total = claim_length + piece_lengths.sum(1) + 3
        flat = np.concatenate([arrays["tokens"].astype(np.int32), np.zeros(1, np.int32)])
        self.device = device
        self.tokens = torch.from_numpy(flat).to(device)

        def put(x: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(x.astype(np.int64))).to(device)

        self.claim_start, self.claim_length = put(starts[claim]), put(claim_length)
        self.piece_start, self.piece_length = put(starts[pieces]), put(piece_lengths)

    def batch(self, chosen: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Return ids, mask and types (rows, length), length a multiple of eight."""
        length = int(-(-self.total[chosen].max() // 8) * 8)
        row = torch.from_numpy(chosen).to(self.device, non_blocking=True)
        at = torch.arange(length, device=self.device)[None]
        first = self.claim_length[row][:, None]
        zero = len(self.tokens) - 1
        where = torch.where(
            (at >= 1) & (at <= first), self.claim_start[row][:, None] + at - 1, zero
        )
        begin = first + 2
        for i in range(self.piece_start.shape[1]):
            size = self.piece_length[row, i][:, None]
            inside = (at >= begin) & (at < begin + size)
            where = torch.where(inside, self.piece_start[row, i][:, None] + at - begin, where)
            begin = begin + size
        ids = self.tokens[where].long()
        ids = torch.where(at == 0, CLS, ids)
        ids = torch.where((at == first + 1) | (at == begin), SEP, ids)
        mask = (at <= begin).long()
        types = ((at >= first + 2) & (at <= begin)).long()
        return ids, mask, types


def batches(
    rows: np.ndarray, total: np.ndarray, budget: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Return batches of about ``budget`` tokens each, of rows alike in length, in random order."""
    rows = rng.permutation(rows)
    out = []
    for mega in np.array_split(rows, max(1, len(rows) // 40_000)):
        ordered = mega[np.argsort(total[mega] + rng.random(len(mega)) * 4)]
        start = 0
        sizes = -(-total[ordered] // 8) * 8
        while start < len(ordered):
            end = start + max(
                1, budget // int(sizes[min(len(ordered) - 1, start + budget // int(sizes[start]))])
            )
            out.append(ordered[start:end])
            start = end
    rng.shuffle(out)
    return out


def weights_of_rows(
    arrays: dict[str, np.ndarray], meta: dict, args: argparse.Namespace, *, soft: bool
) -> np.ndarray:
    """Return how often an epoch sees each row."""
    by_source = np.ones(len(meta["sources"]))
    for i, name in enumerate(meta["sources"]):
        for start, weight in SOURCE_WEIGHTS.items():
            if name.startswith(start):
                by_source[i] = weight
    weight = by_source[arrays["source"]]
    kinds = meta["kinds"]
    made = arrays["kind"] != kinds.index("given")
    weight[made] = 1.0
    twin = arrays["kind"] == kinds.index("masked") if "masked" in kinds else made & ~made
    weight[twin] = by_source[arrays["source"][twin]]
    heir = arrays["parent"] >= 0  # twins of one row share an epoch between them
    twins = np.bincount(arrays["parent"][heir], minlength=len(weight))
    weight /= np.sqrt(1 + twins)
    weight[heir] /= np.sqrt(1 + twins[arrays["parent"][heir]])
    pool = arrays["kind"] == kinds.index(POOL)
    if soft:
        weight[pool] *= 0.8
    else:
        weight[pool | (heir & pool[arrays["parent"]])] = 0.0
    if args.no_contrasts:
        weight[made] = 0.0
    return weight


def loss_of(
    logits: Tensor, label: Tensor, soft: Tensor | None, share: float, smoothing: float
) -> Tensor:
    """Return the mean loss: marginal cross-entropy, mixed with divergence from ``soft`` rows."""
    logp = functional.log_softmax(logits, -1)
    both = torch.logsumexp(logp[:, 1:], -1)
    plain = label.clamp(max=2)
    hard = -logp.gather(1, plain[:, None]).squeeze(1) * (1 - smoothing) - smoothing * logp.mean(-1)
    marginal = -both * (1 - smoothing) - smoothing * logp.mean(-1)
    hard = torch.where(label == NOT_SUPPORTED, marginal, hard)
    hard = torch.where(label == UNLABELLED, torch.zeros_like(hard), hard)
    if soft is None:
        return hard.sum() / (label != UNLABELLED).sum().clamp(min=1)
    has = soft.sum(-1) > 0
    divergence = (soft * (soft.clamp(min=1e-6).log() - logp)).sum(-1)
    part = torch.where(label == UNLABELLED, 1.0, share)
    mixed = torch.where(has, part * divergence + (1 - part) * hard, hard)
    return mixed.mean()


@torch.no_grad()
def predicted(
    model: Stance, pairs: Pairs, rows: np.ndarray, *, until: float = math.inf
) -> np.ndarray:
    """Return logits (rows, 3) in float16; NaN where time ran out."""
    model.eval()
    out = np.full((len(rows), 3), np.nan, np.float16)
    order = np.argsort(pairs.total[rows], kind="stable")[::-1]
    start = 0
    while start < len(order) and time.monotonic() < until:
        size = max(1, 131_072 // int(-(-pairs.total[rows[order[start]]] // 8) * 8))
        chosen = order[start : start + size]
        with torch.autocast(pairs.device.type, torch.bfloat16, enabled=pairs.device.type == "cuda"):
            out[chosen] = model(*pairs.batch(rows[chosen])).cpu().numpy()
        start += size
    model.train()
    return out


def scores(arrays: dict[str, np.ndarray], meta: dict, logits: np.ndarray) -> dict[str, float]:
    """Return one figure per development set; windows of an item are pooled by `pooled`."""
    from evaluate import report

    return report(arrays, meta, logits.astype(np.float32))


def save(model: Stance, folder: Path, info: dict) -> None:
    """Write trained weights (all but the unchanged word embeddings) as float16 safetensors."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        name: w.detach().half().cpu().contiguous()
        for name, w in model.state_dict().items()
        if name not in info["frozen"]
    }
    temporary = folder / "model.tmp"
    save_file(kept, temporary)
    temporary.replace(folder / "model.safetensors")
    (folder / "info.json").write_text(json.dumps(info))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-seconds", type=float, default=1e9)
    parser.add_argument("--epochs", type=float, default=12)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--batch-tokens", type=int, default=16_384)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--soft", type=Path, nargs="*", default=[], help="teachers' train logits")
    parser.add_argument("--soft-share", type=float, default=0.8)
    parser.add_argument("--init", type=Path, help="continue from these weights (model.safetensors)")
    parser.add_argument("--train-embeddings", action="store_true")
    parser.add_argument("--no-contrasts", action="store_true")
    parser.add_argument(
        "--predict-train", action="store_true", help="also write logits of all rows"
    )
    parser.add_argument("--evaluations", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-steps", type=int, default=0)
    parser.add_argument("--limit-dev", type=int, default=0)
    args = parser.parse_args()
    began = time.monotonic()
    until = began + args.max_seconds
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

    meta = json.loads((args.data / "meta.json").read_text())
    arrays = unpacked(args.data / "train.npz.xz")
    pairs = Pairs(arrays, device)
    dev = unpacked(args.data / "dev.npz.xz")
    dev_pairs = Pairs(dev, device)
    dev_rows = np.arange(len(dev["claim"]))
    if args.limit_dev:
        dev_rows = dev_rows[np.random.default_rng(0).permutation(len(dev_rows))[: args.limit_dev]]
        dev = {k: (v[dev_rows] if k in {"item", "set", "label"} else v) for k, v in dev.items()}
    label = torch.from_numpy(arrays["label"].astype(np.int64)).to(device)
    soft = None
    if args.soft:
        found = [judged(path, len(arrays["label"])) for path in args.soft]
        p = np.mean([np.exp(x - np.logaddexp.reduce(x, -1, keepdims=True)) for x in found], 0)
        p[np.isnan(p).any(-1)] = 0
        given = (arrays["kind"] == 0) & (p.sum(-1) > 0)
        said, label_ = p[given].argmax(-1), arrays["label"][given]
        right = np.where(label_ == NOT_SUPPORTED, said != 0, said == label_).mean()
        say(event="soft", rows=int((p.sum(-1) > 0).sum()), agrees_with_given=round(right, 4))
        if right < 0.85 and not args.limit_steps:
            raise SystemExit("the teacher's probabilities do not belong to these rows")
        heir = arrays["parent"] >= 0  # a row made by a change that keeps the label
        p[heir] = p[arrays["parent"][heir]]
        for kind in (  # labelled by how they were made
            "hidden",
            "unrelated",
            "number_changed",
            "negated",
            "name_changed",
            "compound",
        ):
            p[arrays["kind"] == meta["kinds"].index(kind)] = 0
        soft = torch.from_numpy(p.astype(np.float32)).to(device)
    often = weights_of_rows(arrays, meta, args, soft=soft is not None)

    model = Stance(load(args.base, dropout=args.dropout), dropout=args.dropout)
    if args.init:
        from export import trained

        _, unexpected = model.load_state_dict(trained(args.init), strict=False)
        say(event="init", unexpected=unexpected)
    model.to(device).train()
    frozen = set()
    if model.encoder.kind == "mpnet":
        frozen.add("encoder.relative.weight")  # attention kernels give no gradient for a bias
    if not args.train_embeddings:
        frozen |= {"encoder.words.weight"}
    for name, weight in model.named_parameters():
        if name in frozen:
            weight.requires_grad = False
    base_rate, head_rate = args.lr, args.lr * 3
    named = [(n, w) for n, w in model.named_parameters() if w.requires_grad]
    groups = [
        {
            "params": [w for n, w in named if n.startswith("encoder") and w.ndim > 1],
            "rate": base_rate,
            "weight_decay": 0.01,
        },
        {
            "params": [w for n, w in named if n.startswith("encoder") and w.ndim == 1],
            "rate": base_rate,
            "weight_decay": 0.0,
        },
        {
            "params": [w for n, w in named if not n.startswith("encoder")],
            "rate": head_rate,
            "weight_decay": 0.01,
        },
    ]
    optimiser = torch.optim.AdamW(
        groups, lr=args.lr, betas=(0.9, 0.98), eps=1e-6, fused=device.type == "cuda"
    )
    info = {k: str(v) for k, v in vars(args).items()} | {"frozen": sorted(frozen)}

    def sample() -> list[np.ndarray]:
        times = np.floor(often + rng.random(len(often))).astype(int)
        return batches(np.repeat(np.arange(len(often)), times), pairs.total, args.batch_tokens, rng)

    reserve = 0.0
    if args.predict_train or device.type == "cuda":
        reserve = (0.1 if args.predict_train else 0.04) * args.max_seconds
    stop = until - reserve
    current = sample()
    per_epoch = len(current)
    planned = args.limit_steps or max(1, int(per_epoch * args.epochs))
    say(
        event="start",
        rows=int(often.sum()),
        tokens=int((pairs.total * often).sum()),
        steps=planned,
        device=str(device),
    )
    started = time.monotonic()
    step, seen, kept, running = 0, 0, 1, torch.zeros((), device=device)
    done = 0.0
    while done < 1:
        if not current:
            current = sample()
        chosen = current.pop()
        done = max(step / planned, (time.monotonic() - started) / max(1e-9, stop - started))
        if done >= 1:
            break
        rate = min(1.0, max(step, 1) / (0.04 * planned), max(done, 0.002) / 0.04) * (1 - done)
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * rate
        row = torch.from_numpy(chosen).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = model(*pairs.batch(chosen))
        loss = loss_of(
            logits, label[row], None if soft is None else soft[row], args.soft_share, args.smoothing
        )
        loss.backward()
        nn.utils.clip_grad_norm_([w for _, w in named], 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        running += loss.detach()
        step += 1
        seen += int(pairs.total[chosen].sum())
        if step % 200 == 0 or args.limit_steps:
            say(
                step=step,
                epoch=round(step / per_epoch, 2),
                loss=round(float(running) / (1 if args.limit_steps else 200), 4),
                tokens_per_s=int(seen / (time.monotonic() - started)),
            )
            running.zero_()
        if done > kept / args.evaluations and kept < args.evaluations:
            kept += 1
            logits = predicted(model, dev_pairs, dev_rows)
            say(
                step=step,
                epoch=round(step / per_epoch, 2),
                done=round(done, 2),
                dev=scores(dev, meta, logits),
            )
            save(model, args.out, info | {"step": step, "done": round(done, 3)})
    save(model, args.out, info | {"step": step, "done": 1.0})
    logits = predicted(model, dev_pairs, dev_rows)
    np.savez_compressed(args.out / "dev_logits.npz", logits=logits, rows=dev_rows)
    say(step=step, epoch=round(step / per_epoch, 2), done=1.0, dev=scores(dev, meta, logits))
    if args.predict_train:
        rows = np.arange(len(often))
        if args.limit_steps:
            rows = rows[-2000:]
        logits = np.full((len(often), 3), np.nan, np.float16)
        logits[rows] = predicted(model, pairs, rows, until=until + 20)
        np.savez_compressed(args.out / "train_logits.npz", logits=logits)
        say(event="predicted", missing=int(np.isnan(logits).any(-1).sum()))
    (args.out / "done").touch()


if __name__ == "__main__":
    main()
