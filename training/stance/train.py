"""Train the stance cross-encoder, directly or from a teacher's probabilities.

Time is the budget: the learning rate falls to zero at ``--max-seconds``, at ``--until`` (a time of
the clock) or after ``--epochs``, whichever comes first, so that a run is always finished when its
time is over. Word embeddings stay as they are unless told (half the small model's weights; they
need not be stored again).

On a GPU the model computes in bfloat16 and the optimiser keeps the weights in 32 bits, with a
running mean of them beside; what is kept is the better of the two on the mean of the development
sets. ``--keep`` is a folder for what must survive a run that is ended early: every evaluation
writes there the weights (two files of float16) and the logits.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from encoder import CLS, SEP, Encoder, device_for_training, load
from torch import Tensor, nn
from torch.nn import functional

NEI, NOT_SUPPORTED, UNLABELLED = 2, 3, 255
MAX_CLAIM, MAX_TOKENS = 80, 288
POOL = "pool"
EXACT = 128  # up to here a batch holds rows of one length and needs no mask
LOG_EVERY = 20.0  # seconds
MEAN_DECAY = 0.999  # of the running mean of the weights, a step
# What the mean of the development sets is taken over; each counts once.
JUDGED = (
    "vitaminc",
    "fever_symmetric",
    "fm2",
    "fm2_3",
    "wice_oracle",
    "healthver",
    "conjnli",
    "averitec",
)
# Rows that a teacher is asked about; twins take the answer for the row they were made from.
ASKED = ("given", "retrieved", POOL)
INHERITING = ("longer", "names_swapped", "masked", "asked")

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
    "citation": 3.0,
}
# And by how it was made: passages that do not answer are easily too many, and make a model call
# neutral what it only has to read closely.
KIND_WEIGHTS = {"hidden": 0.5, "unrelated": 0.5, "retrieved": 0.6, "reported": 0.7}


class Stance(nn.Module):
    """Encoder and head: logits (supported, refuted, nei) from first token and both means."""

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.width
        self.dense = nn.Linear(5 * width, width)
        self.dropout = dropout
        self.out = nn.Linear(width, 3)

    def forward(self, ids: Tensor, mask: Tensor | None, types: Tensor) -> Tensor:
        """Return logits (batch, 3); without ``mask`` every position is a token."""
        x = self.encoder(ids, mask, types)
        mask = torch.ones_like(ids) if mask is None else mask
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

    def batch(self, chosen: np.ndarray) -> tuple[Tensor, Tensor | None, Tensor]:
        """Return ids, mask and types (rows, length).

        Rows of one length have no mask; others are filled up to a multiple of eight.
        """
        longest = int(self.total[chosen].max())
        even = longest == int(self.total[chosen].min())
        length = longest if even else -(-longest // 8) * 8
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
        return ids, None if even else mask, types


def batches(
    rows: np.ndarray, total: np.ndarray, budget: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Return batches of at most ``budget`` tokens each, of rows alike in length, in random order.

    Up to `EXACT` tokens a batch has rows of one length; what then is too few for a third of a
    batch waits for another epoch.
    """
    rows = rng.permutation(rows)
    key = np.where(total[rows] <= EXACT, total[rows], -(-total[rows] // 8) * 8)
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    out = []
    ends = [*np.flatnonzero(np.diff(key)) + 1, len(rows)]
    start = 0
    for end in ends:
        size = max(1, budget // int(key[start]))
        parts = [rows[i : min(end, i + size)] for i in range(start, end, size)]
        if len(parts) > 1 and key[start] <= EXACT and len(parts[-1]) * 3 < size:
            parts.pop()
        out += parts
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
    for name, factor in KIND_WEIGHTS.items():
        weight[arrays["kind"] == kinds.index(name)] = factor
    twin = arrays["kind"] == kinds.index("masked") if "masked" in kinds else made & ~made
    weight[twin] = weight[arrays["parent"][twin]]
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
    logits: Tensor, label: Tensor, soft: Tensor | None, share: float, args: argparse.Namespace
) -> Tensor:
    """Return the mean loss: marginal cross-entropy, mixed with divergence from ``soft`` rows.

    ``soft`` holds a teacher's probabilities at ``args.heat`` (zeros where it gave none).
    """
    smoothing, heat = args.smoothing, args.heat
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
    cooled = functional.log_softmax(logits / heat, -1)
    divergence = heat * heat * (soft * (soft.clamp(min=1e-6).log() - cooled)).sum(-1)
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
    found: list[tuple[np.ndarray, Tensor]] = []
    start = 0
    while start < len(order) and time.monotonic() < until:
        size = max(1, 131_072 // int(-(-pairs.total[rows[order[start]]] // 8) * 8))
        chosen = order[start : start + size]
        found.append((chosen, model(*pairs.batch(rows[chosen])).half()))
        start += size
    for chosen, logits in found:  # copied at the end, so that no batch waits for the one before
        out[chosen] = logits.cpu().numpy()
    model.train()
    return out


def scores(arrays: dict[str, np.ndarray], meta: dict, logits: np.ndarray) -> dict[str, float]:
    """Return one figure per development set; windows of an item are pooled by `pooled`."""
    from evaluate import report

    return report(arrays, meta, logits.astype(np.float32))


class Weights:
    """The weights that are trained, in 32 bits, with their running mean; the model has copies."""

    def __init__(self, named: list[tuple[str, Tensor]]) -> None:
        self.names = [n for n, _ in named]
        self.computed = [w for _, w in named]
        self.exact = [w.detach().float().clone() for w in self.computed]
        for w in self.exact:
            w.grad = torch.zeros_like(w)
        self.mean = [w.clone() for w in self.exact]
        self.steps = 0

    def gather(self) -> None:
        """Take the gradients that the model's weights got, and empty these."""
        torch._foreach_copy_([w.grad for w in self.exact], [w.grad for w in self.computed])
        for w in self.computed:
            w.grad = None

    @torch.no_grad()
    def spread(self) -> None:
        """Give the model the weights as the optimiser left them, and move the mean."""
        torch._foreach_copy_(self.computed, self.exact)
        self.steps += 1
        if self.steps % 4 == 0:
            decay = min(MEAN_DECAY**4, 1 - 4 / (self.steps + 4))
            torch._foreach_lerp_(self.mean, self.exact, 1 - decay)

    @torch.no_grad()
    def show(self, which: list[Tensor]) -> None:
        """Let the model compute with ``which``: `exact` or `mean`."""
        torch._foreach_copy_(self.computed, which)


def mean_of(report: dict[str, float]) -> float:
    """Return the mean of the development sets, with names masked as the package reads them."""
    return float(np.mean([report.get(f"masked:{n}", 0.0) for n in JUDGED]))


def save(weights: dict[str, Tensor], folder: Path, info: dict) -> None:
    """Write the weights that were trained as float16 safetensors."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "model.tmp"
    save_file(weights, temporary, metadata={"info": json.dumps(info)})
    temporary.replace(folder / "model.safetensors")


def keep(args: argparse.Namespace, weights: dict[str, Tensor], logits: dict, info: dict) -> None:
    """Write weights (two files) and logits to ``--keep``, each file whole or not at all."""
    from safetensors.torch import save_file

    args.keep.mkdir(parents=True, exist_ok=True)
    temporary = args.out / "keep.tmp"

    def place(name: str) -> None:
        shutil.copyfile(temporary, args.keep / f".{name}")
        (args.keep / f".{name}").replace(args.keep / name)

    if args.keep_weights:
        names = sorted(weights)
        half = sum(weights[n].numel() for n in names) / 2
        parts: list[dict[str, Tensor]] = [{}, {}]
        for n in names:
            first = sum(w.numel() for w in parts[0].values()) < half
            parts[0 if first else 1][n] = weights[n]
        for letter, part in zip("ab", parts, strict=True):
            save_file(part, temporary, metadata={"info": json.dumps(info)})
            place(f"student_{letter}.safetensors")
    with temporary.open("wb") as target:
        np.savez_compressed(target, **logits)
    place("dev.npz")
    temporary.unlink()


def halves(model: Stance, frozen: set[str]) -> dict[str, Tensor]:
    """Return copies of the trained weights in float16, on the processor."""
    return {
        name: w.detach().half().cpu().contiguous()
        for name, w in model.state_dict().items()
        if name not in frozen
    }


def probabilities_of(
    args: argparse.Namespace, arrays: dict[str, np.ndarray], meta: dict, say: Callable[..., None]
) -> np.ndarray:
    """Return the teachers' mean probabilities at ``--heat`` (rows, 3), zeros where there are none.

    Raises SystemExit when they contradict the given labels, so belong to other rows.
    """
    found = [judged(path, len(arrays["label"])) / args.heat for path in args.soft]
    p = np.mean([np.exp(x - np.logaddexp.reduce(x, -1, keepdims=True)) for x in found], 0)
    p[np.isnan(p).any(-1)] = 0
    given = (arrays["kind"] == 0) & (p.sum(-1) > 0)
    said, label = p[given].argmax(-1), arrays["label"][given]
    right = np.where(label == NOT_SUPPORTED, said != 0, said == label).mean()
    say(event="soft", rows=int((p.sum(-1) > 0).sum()), agrees_with_given=round(right, 4))
    if not right >= 0.7 and not args.limit_steps:
        raise SystemExit("the teacher's probabilities do not belong to these rows")
    heir = arrays["parent"] >= 0  # a row made by a change that keeps the label
    p[heir] = p[arrays["parent"][heir]]
    kinds = [meta["kinds"].index(k) for k in meta["kinds"] if k not in {*ASKED, *INHERITING}]
    p[np.isin(arrays["kind"], kinds)] = 0  # labelled by how they were made
    return p.astype(np.float32)


def optimiser_of(
    weights: Weights, args: argparse.Namespace, *, fused: bool
) -> torch.optim.Optimizer:
    """Return AdamW; the head learns three times as fast, vectors do not decay."""
    groups = []
    for head in (False, True):
        for vectors in (False, True):
            params = [
                w
                for n, w in zip(weights.names, weights.exact, strict=True)
                if n.startswith("encoder") is not head and (w.ndim == 1) is vectors
            ]
            rate = args.lr * (3 if head else 1)
            decay = 0.0 if vectors else 0.01
            groups.append({"params": params, "rate": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups, lr=args.lr, betas=(0.9, 0.98), eps=1e-6, fused=fused)


def settings() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--base", type=Path, required=True)
    add("--data", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--keep", type=Path, help="where every evaluation leaves its logits (dev.npz) and log")
    add("--keep-weights", action="store_true", help="and the weights")
    add("--max-seconds", type=float, default=1e9)
    add("--until", type=float, default=math.inf, help="end by this time (seconds since 1970)")
    add("--reserve", type=float, default=0.0, help="seconds kept for what follows the last step")
    add("--epochs", type=float, default=12)
    add("--lr", type=float, default=3e-4)
    add("--warm-up", type=float, default=0.04, help="share of the run")
    add("--batch-tokens", type=int, default=16_384)
    add("--dropout", type=float, default=0.1)
    add("--smoothing", type=float, default=0.05)
    add("--soft", type=Path, nargs="*", default=[], help="teachers' train logits")
    add("--wait", action="store_true", help="load, then wait for the teachers' file")
    add("--also", type=Path, help="development logits to put beside this run's in --keep")
    add("--soft-share", type=float, default=0.8)
    add("--heat", type=float, default=1.0, help="temperature of teacher and student in the loss")
    add("--init", type=Path, help="continue from these weights (model.safetensors)")
    add("--train-embeddings", action="store_true")
    add("--no-contrasts", action="store_true")
    add("--predict-train", action="store_true", help="also write logits of the rows to teach")
    add("--evaluations", type=int, default=4)
    add("--seed", type=int, default=1)
    add("--limit-steps", type=int, default=0)
    add("--limit-dev", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    args = settings()
    began = time.monotonic()
    until = began + min(args.max_seconds, args.until - time.time())
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    device = device_for_training()
    args.out.mkdir(parents=True, exist_ok=True)
    logs = [(args.out / "log.jsonl").open("a")]
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
        logs.append((args.keep / "log.jsonl").open("a"))

    def say(**what: object) -> None:
        about = {"run": args.out.name, "t": round(time.monotonic() - began, 1)}
        line = json.dumps(about | what)
        print(line, flush=True)
        for log in logs:
            log.write(line + "\n")
            log.flush()

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
    often = weights_of_rows(arrays, meta, args, soft=bool(args.soft))

    model = Stance(load(args.base, dropout=args.dropout), dropout=args.dropout)
    whole = bool(list(args.base.glob("*.safetensors")))
    if args.init:
        from export import trained

        missing, unexpected = model.load_state_dict(trained(args.init), strict=False)
        say(event="init", unexpected=unexpected, missing=missing)
        if unexpected or (missing and not whole):
            raise SystemExit(f"{args.init} does not hold the weights of this model")
    elif not whole:
        raise SystemExit(f"{args.base} has no weights and there is no --init")
    model.to(device).train()
    if device.type == "cuda":
        model.to(torch.bfloat16)
    frozen = set()
    if model.encoder.kind == "mpnet":
        frozen.add("encoder.relative.weight")  # attention kernels give no gradient for a bias
        for layer in model.encoder.layers:
            layer.attention_dropout = 0.0  # costs more time than it was seen to give
    if not args.train_embeddings:
        frozen |= {"encoder.words.weight"}
    for name, weight in model.named_parameters():
        if name in frozen:
            weight.requires_grad = False
    weights = Weights([(n, w) for n, w in model.named_parameters() if w.requires_grad])
    optimiser = optimiser_of(weights, args, fused=device.type == "cuda")
    info = {k: str(v) for k, v in vars(args).items()} | {"frozen": sorted(frozen)}
    say(
        event="loaded",
        device=str(device),
        rows=len(often),
        seconds_left=int(until - time.monotonic()),
    )

    soft = None
    if args.soft:
        while args.wait and not all(path.exists() for path in args.soft):
            if time.monotonic() > until - 20:
                raise SystemExit("the teacher did not come in time")
            time.sleep(0.2)
        soft = torch.from_numpy(probabilities_of(args, arrays, meta, say)).to(device)

    def sample() -> list[np.ndarray]:
        times = np.floor(often + rng.random(len(often))).astype(int)
        return batches(np.repeat(np.arange(len(often)), times), pairs.total, args.batch_tokens, rng)

    best = -1.0
    best_weights: list[Tensor] = []
    large = model.encoder.kind == "mpnet"  # a teacher: its probabilities are what it leaves
    kept: dict[str, np.ndarray] = {"rows": dev_rows}
    if args.also and args.also.exists():
        with np.load(args.also) as found:
            kept["teacher"] = found["logits"]

    def judge(step: int, done: float) -> None:
        """Score the weights' mean, at the end the weights too, and keep what is best so far."""
        nonlocal best
        both = {"mean": weights.mean, "last": weights.exact}
        for which in both if done >= 1 else ("mean",):
            chosen = both[which]
            weights.show(chosen)
            logits = predicted(model, dev_pairs, dev_rows)
            dev_scores = scores(dev, meta, logits)
            mean = mean_of(dev_scores)
            say(step=step, done=round(done, 3), which=which, mean=round(mean, 4), dev=dev_scores)
            if mean <= best:
                continue
            best = mean
            kept["logits"] = logits
            about = info | {"step": step, "done": round(done, 3), "which": which, "mean": mean}
            best_weights[:] = [w.clone() for w in chosen]
            trained = {} if large and args.keep else halves(model, frozen)
            if trained:
                save(trained, args.out, about)
            np.savez_compressed(args.out / "dev_logits.npz", **kept)
            if args.keep:
                named = kept if args.keep_weights else {"rows": dev_rows, "teacher": logits}
                keep(args, trained, named, about)
        weights.show(weights.exact)

    stop = until - args.reserve
    current = sample()
    per_epoch = len(current)
    planned = args.limit_steps or max(1, int(per_epoch * args.epochs))
    say(
        event="start",
        rows=int(often.sum()),
        tokens=int((pairs.total * often).sum()),
        steps_an_epoch=per_epoch,
        seconds=int(stop - time.monotonic()),
    )
    started = said = time.monotonic()
    step, seen, evaluated = 0, 0, 1
    running, counted = torch.zeros((), device=device), 0
    done = 0.0
    while done < 1:
        if not current:
            current = sample()
        chosen = current.pop()
        done = max(step / planned, (time.monotonic() - started) / max(1e-9, stop - started))
        if done >= 1:
            break
        rate = min(1.0, max(step, 1) / 200, max(done, 0.002) / args.warm_up) * (1 - done)
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * rate
        row = torch.from_numpy(chosen).to(device, non_blocking=True)
        logits = model(*pairs.batch(chosen))
        loss = loss_of(
            logits, label[row], None if soft is None else soft[row], args.soft_share, args
        )
        # A batch that is not full weighs as its tokens do.
        tokens = int(pairs.total[chosen].sum())
        (loss * min(1.0, tokens / (0.9 * args.batch_tokens))).backward()
        weights.gather()
        nn.utils.clip_grad_norm_(weights.exact, 1.0)
        optimiser.step()
        weights.spread()
        running += loss.detach()
        step += 1
        counted += 1
        seen += tokens
        now = time.monotonic()
        if now - said > LOG_EVERY or args.limit_steps:
            say(
                step=step,
                epoch=round(step / per_epoch, 2),
                done=round(done, 3),
                loss=round(float(running) / counted, 4),
                tokens_per_s=int(seen / (now - started)),
            )
            running.zero_()
            said, counted = now, 0
        if done > evaluated / args.evaluations and evaluated < args.evaluations:
            evaluated += 1
            judge(step, done)
    judge(step, 1.0)
    if args.predict_train:
        weights.show(best_weights)
        asked = np.isin(arrays["kind"], [meta["kinds"].index(k) for k in ASKED])
        rows = np.flatnonzero(asked)
        if args.limit_steps:
            rows = rows[:: max(1, len(rows) // 20)]
        logits = np.full((len(often), 3), np.nan, np.float16)
        logits[rows] = predicted(model, pairs, rows, until=until + 10)
        np.savez(args.out / "train_logits.tmp.npz", logits=logits)
        (args.out / "train_logits.tmp.npz").rename(args.out / "train_logits.npz")
        missing = int(np.isnan(logits[rows]).any(-1).sum())
        say(event="predicted", rows=len(rows), missing=missing)
    (args.out / "done").touch()


if __name__ == "__main__":
    main()
