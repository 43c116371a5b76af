"""Train one tagger: `python train.py --data DIR --base DIR --out DIR --max-seconds 180`.

The learning rate falls with the larger of the share of steps done and of the time used, so that a
run always ends annealed, however fast the machine. Weights are an exponential average. A line of
JSON per evaluation goes to OUT/results.jsonl, and OUT/model.safetensors holds the best so far by
the held-out articles. `--resume FILE` starts from saved weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np

STARTED = time.monotonic()
# Tokens that the second pass reads in any case: `onrecord.attribution.decode.MARGIN`.
MARGIN = 16


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--base", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--name", default="run")
    p.add_argument("--max-seconds", type=float, default=150.0, help="of training, start included")
    p.add_argument("--epochs", type=float, default=20.0)
    p.add_argument("--budget", type=int, default=4096, help="tokens in a batch")
    p.add_argument("--lr", type=float, default=2e-4)
    p.add_argument("--head-lr", type=float, default=1e-3)
    p.add_argument("--layer-decay", type=float, default=1.0)
    p.add_argument("--weight-decay", type=float, default=0.01)
    p.add_argument("--ema", type=float, default=0.998)
    p.add_argument("--size", type=int, default=192)
    p.add_argument("--depth", type=int, default=2)
    p.add_argument("--heads", type=int, default=6)
    p.add_argument("--reach", type=int, default=96)
    p.add_argument("--negatives", type=float, default=0.7, help="hard false anchors per true one")
    p.add_argument("--no-surface", action="store_true")
    p.add_argument("--no-crf", action="store_true")
    p.add_argument("--no-damage", action="store_true")
    p.add_argument("--no-hints", action="store_true", help="do without the rules' attributions")
    p.add_argument("--unknown", type=float, default=0.25, help="share of articles without hints")
    p.add_argument("--no-second-loss", action="store_true")
    p.add_argument(
        "--people", action="store_true", help="an embedding of the annotator, half dropped"
    )
    p.add_argument("--fiction", action="store_true")
    p.add_argument("--mask", type=float, default=0.0, help="share of word pieces masked")
    p.add_argument("--rdrop", type=float, default=0.0)
    p.add_argument("--free-words", action="store_true", help="train the word embeddings too")
    p.add_argument("--long", action="store_true", help="long windows only")
    p.add_argument("--all", action="store_true", help="train on the held-out articles too")
    p.add_argument("--resume", type=Path)
    p.add_argument("--teacher", type=Path, nargs="*", default=[], help="folders of trained runs")
    p.add_argument("--distil", type=float, default=1.0)
    p.add_argument(
        "--narrow",
        type=float,
        default=0.7,
        help="share of batches whose second pass sees the cue's paragraph alone, as when serving",
    )
    p.add_argument("--limit", type=int, default=None, help="articles, for a smoke test")
    p.add_argument("--evaluations", type=int, default=3)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument(
        "--keep-full", action="store_true", help="save fp16 weights with word embeddings"
    )
    return p.parse_args()


def held_out(number):
    return number % 10 == 3


def produce(queue, args, arrays, vocabulary, seed):
    """The batch maker, in its own process."""
    from queue import Full as full

    from batches import Split, Windows

    split = Split(arrays, "train")
    numbers = [n for n in range(len(split)) if args.all or not held_out(n)][: args.limit]
    lengths = (
        ((256, 0.3), (380, 0.7)) if args.long else ((64, 0.1), (128, 0.2), (256, 0.4), (380, 0.3))
    )
    made = Windows(
        split,
        vocabulary,
        numbers=numbers,
        seed=seed,
        share=0.0 if args.no_damage else 0.3,
        styles=not args.no_damage,
        mask=args.mask,
        lengths=lengths,
        fiction=Split(arrays, "fiction") if args.fiction else None,
        copies=None if args.no_hints else Split(arrays, "copies"),
        unknown=args.unknown,
    )
    parent = os.getppid()
    for batch in made.batches(args.budget, args.reach):
        while True:
            try:
                queue.put(batch, timeout=5)
                break
            except full:
                if os.getppid() != parent:
                    return


def load_arrays(args):
    """The arrays of `data.py`, and those of `rule_features.py` unless hints are unwanted."""
    arrays = dict(np.load(args.data / "tokens.npz"))
    if not args.no_hints:
        arrays |= dict(np.load(args.data / "rules.npz"))
    return arrays


def n_tokens(arrays, args):
    lengths = np.diff(arrays["train_doc"])
    return sum(int(x) for n, x in enumerate(lengths) if args.all or not held_out(n))


def main():
    args = arguments()
    arrays = load_arrays(args)
    vocabulary = json.loads((args.data / "vocabulary.json").read_text())
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue(maxsize=24)
    producers = [
        fork.Process(
            target=produce, args=(queue, args, arrays, vocabulary, args.seed * 7 + k), daemon=True
        )
        for k in range(1)
    ]
    for p in producers:
        p.start()
    try:
        train(args, arrays, queue)
    finally:
        for p in producers:
            p.kill()


def groups_of(tagger, args):
    """Parameter groups with their learning rates."""
    import torch  # noqa: F401

    groups, seen = [], set()
    layers = len(tagger.encoder.layers)
    encoder = set()
    for name, p in tagger.encoder.named_parameters():
        encoder.add(id(p))
        if not p.requires_grad:
            continue
        depth = layers - 1 - int(name.split(".")[1]) if name.startswith("layers.") else layers
        fresh = name.startswith(("surface", "person"))
        lr = args.head_lr if fresh else args.lr * args.layer_decay**depth
        groups.append(
            {
                "params": [p],
                "lr": lr,
                "weight_decay": args.weight_decay if p.ndim > 1 and not fresh else 0.0,
            }
        )
        seen.add(id(p))
    for p in tagger.parameters():
        if id(p) in encoder or id(p) in seen:
            continue
        groups.append(
            {
                "params": [p],
                "lr": args.head_lr,
                "weight_decay": args.weight_decay if p.ndim > 1 else 0.0,
            }
        )
    merged = {}
    for g in groups:
        merged.setdefault((g["lr"], g["weight_decay"]), []).extend(g["params"])
    return [
        {"params": ps, "lr": lr, "base": lr, "weight_decay": wd} for (lr, wd), ps in merged.items()
    ]


def build(args, device):
    from model import Tagger, load_encoder, moved, read_config

    config = read_config(args.base)
    config["base"] = str(args.base)
    tagger = Tagger(
        config,
        size=args.size,
        depth=args.depth,
        heads=args.heads,
        reach=args.reach,
        surface=not args.no_surface,
        people=6 if args.people else 0,
    )
    if args.base.joinpath("model.safetensors").exists():
        load_encoder(tagger, args.base)
    if args.resume:
        load(tagger, args.resume)
    if not args.free_words:
        tagger.encoder.words.weight.requires_grad_(False)
    return moved(tagger, device)


def load(tagger, path):
    from safetensors.torch import load_file

    state = {k: v.float() for k, v in load_file(str(path)).items()}
    if "encoder.words.rows" in state:  # int8 rows with a scale each, as the exported graph has them
        state["encoder.words.weight"] = state.pop("encoder.words.rows") * state.pop(
            "encoder.words.scale"
        )
    tagger.load_state_dict(state, strict=False)


def save(state, path, *, full):
    """fp16 weights; without the frozen word embeddings unless asked."""
    import torch
    from safetensors.torch import save_file

    kept = {
        k: v.detach().to(torch.float16).contiguous().cpu()
        for k, v in state.items()
        if full or k != "encoder.words.weight"
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(kept, str(path) + ".tmp")
    Path(str(path) + ".tmp").replace(path)


def gather_second(torch, out, rows, at, reach, batch):
    """The second pass's inputs for anchors `at` in rows `rows`."""
    _, _, state, query, role = out
    n = state.shape[1]
    steps = torch.arange(-reach, reach + 1, device=state.device)
    where = at[:, None] + steps[None]
    # [CLS] and [SEP] are no part of a document: serving never shows them to the second pass.
    lengths = batch["mask"].sum(1)[rows]
    inside = (where >= 1) & (where < lengths[:, None] - 1)
    where = where.clamp(0, n - 1)
    if batch["narrow"]:
        part = batch["paragraph"]
        margin = (steps >= -MARGIN) & (steps < MARGIN)
        inside &= (part[rows[:, None], where] == part[rows, at][:, None]) | margin[None]
    hint = batch["hint_table"][batch["hint_of"][rows, at][:, None], where].long()
    return (
        state[rows[:, None], where],
        role[rows[:, None], where],
        query[rows, at],
        steps[None].expand(len(at), -1),
        hint,
        inside,
    )


def forward(torch, F, tagger, batch, args, hard=None):
    """Scores of a batch: first pass, and second pass of true and hard false anchors."""
    out = tagger.first(batch["ids"], batch["surface"], batch["mask"], batch["person"])
    rows, at = batch["cue_row"], batch["cue_at"]
    k = 0
    if hard is None:
        k = min(int(args.negatives * len(at)) + 2, batch["ids"].numel() // 8)
        if k:
            with torch.no_grad():
                usable = batch["core"] & (batch["anchor"] == 0) & batch["links"][:, None]
                top = torch.where(
                    usable,
                    out[1].float() + 3.0 * batch["ruled"],
                    torch.full_like(out[1].float(), -1e9),
                )
                _, flat = top.flatten().topk(k)
                n = batch["ids"].shape[1]
                hard = (flat // n, flat % n)
    rows = torch.cat([rows, hard[0]])
    at = torch.cat([at, hard[1]])
    inputs = gather_second(torch, out, rows, at, args.reach, batch)
    roles, valid = tagger.second(*inputs)
    return out, roles, valid, inputs[-1], hard


def losses(torch, F, crf, tagger, batch, args, scores, consts):
    """The negative log-likelihood of a batch, per attribution."""
    out, roles, valid, inside, _ = scores
    flat, anchor = out[0].float(), out[1].float()
    gold = len(batch["cue_at"])
    core, mask, tags = batch["core"], batch["mask"], batch["tags"]
    weight = torch.where(batch["links"], 1.0, 0.3)
    norm = max(gold, 8)
    if args.no_crf:
        ce = F.cross_entropy(flat.flatten(0, 1), tags.flatten(), reduction="none").view_as(tags)
        one = (ce * core * weight[:, None]).sum()
    else:
        inner = mask.clone()
        inner[:, 0] = False
        inner = inner & (
            torch.arange(mask.shape[1], device=mask.device)[None] < mask.sum(1, keepdim=True) - 1
        )
        allowed = core[..., None] | (tags[..., None] == torch.arange(7, device=tags.device))
        one = (crf(flat, tagger.flat_transitions, tags, inner, allowed) * weight).sum()
    bce = F.binary_cross_entropy_with_logits(anchor, batch["anchor"], reduction="none")
    start = (bce * core * weight[:, None]).sum()
    target = consts["zeros"][: len(valid)].clone()
    target[:gold] = 1
    good = F.binary_cross_entropy_with_logits(valid.float(), target, reduction="sum")
    total = one + start + good
    if gold and not args.no_second_loss:
        r = roles[:gold].float()
        m = inside[:gold]
        t = batch["roles"]
        width = t.shape[1]
        if args.no_crf:
            ce = F.cross_entropy(r.flatten(0, 1), t.flatten(), reduction="none").view_as(t)
            total = total + (ce * m).sum()
        else:
            centre = consts["centre"]  # (width,) true at the anchor
            cue = torch.arange(7, device=r.device) == decode_cue()
            allowed = torch.where(centre[:, None], cue[None], ~cue[None])[None]
            total = (
                total + crf(r, tagger.role_transitions, t, m, allowed.expand(gold, width, 7)).sum()
            )
    return total / norm


def decode_cue():
    from onrecord.attribution.decode import B_CUE

    return B_CUE


def symmetric(F, a, b, where):
    """Symmetric KL of two score arrays, summed over `where`."""
    p, q = F.log_softmax(a.float(), -1), F.log_softmax(b.float(), -1)
    kl = ((p.exp() - q.exp()) * (p - q)).sum(-1)
    return 0.5 * (kl * where).sum()


def symmetric_binary(F, torch, a, b, where):
    a, b = a.float(), b.float()
    return 0.5 * ((torch.sigmoid(a) - torch.sigmoid(b)) * (a - b) * where).sum()


def distance_to(F, torch, student, teachers, batch, gold):
    """Cross entropy of the student with the mean of the teachers' token distributions."""
    out, roles, valid, inside, _ = student
    n = len(teachers)
    flat = sum(F.softmax(t[0][0].float(), -1) for t in teachers) / n
    anchor = sum(torch.sigmoid(t[0][1].float()) for t in teachers) / n
    role = sum(F.softmax(t[1].float(), -1) for t in teachers) / n
    good = sum(torch.sigmoid(t[2].float()) for t in teachers) / n
    core = batch["core"]
    kl = lambda p, s, m: (
        (p * (p.clamp(min=1e-6).log() - F.log_softmax(s.float(), -1))).sum(-1) * m
    ).sum()
    bce = lambda p, s: F.binary_cross_entropy_with_logits(s.float(), p, reduction="none")
    total = kl(flat, out[0], core) + (bce(anchor, out[1]) * core).sum() + bce(good, valid).sum()
    # The roles of a false anchor mean little: they count by how far the teachers believe it.
    weight = good.clone()
    weight[:gold] = 1
    return total + kl(role, roles, inside * weight[:, None])


def train(args, arrays, queue):
    import torch
    import torch.nn.functional as F
    from model import Crf

    from onrecord.attribution.decode import GAP_COLUMN
    from onrecord.attribution.features import GAP_PARAGRAPH

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    cuda = device.type == "cuda"
    if cuda:
        torch.backends.cuda.matmul.allow_tf32 = False  # the CRF needs its precision
    tagger = build(args, device)
    teachers = [open_teacher(folder, device) for folder in args.teacher]
    crf = Crf(device)
    params = [p for p in tagger.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(groups_of(tagger, args), betas=(0.9, 0.98), eps=1e-6, fused=cuda)
    average = [p.detach().clone() for p in params]
    total_steps = int(args.epochs * n_tokens(arrays, args) * 1.3 / args.budget) + 1
    if args.limit:
        total_steps = max(4, total_steps * args.limit // 756)
    width = 2 * args.reach + 1
    centre = torch.zeros(width, dtype=torch.bool, device=device)
    centre[args.reach] = True
    consts = {"centre": centre, "zeros": torch.zeros(4096, device=device)}
    judge = Judge(args, arrays)
    narrow = np.random.default_rng(args.seed)
    say(args, {"event": "ready", "steps": total_steps, "device": str(device)})
    marks = [(k + 1) / args.evaluations for k in range(args.evaluations - 1)]
    step, epoch, sums, best = 0, 0, torch.zeros((), device=device), -1.0
    tagger.train()
    count = 0
    while True:
        progress = max(step / total_steps, (time.monotonic() - STARTED) / args.max_seconds)
        if progress >= 1:
            break
        made = queue.get()
        if made is None:
            epoch += 1
            say(
                args,
                {
                    "event": "epoch",
                    "epoch": epoch,
                    "step": step,
                    "loss": round(float(sums) / max(1, count), 3),
                },
            )
            sums, count = sums * 0, 0
            continue
        rate = min(1.0, progress / 0.06) if progress < 0.06 else (1 - progress) / 0.94
        rate = max(rate, 0.01)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * rate
        batch = {}
        for k, v in made.items():
            t = torch.from_numpy(v)
            batch[k] = t.pin_memory().to(device, non_blocking=True) if cuda else t
        begins = batch["surface"][:, :, GAP_COLUMN] >= GAP_PARAGRAPH
        batch["paragraph"] = begins.cumsum(1)
        batch["narrow"] = bool(narrow.random() < args.narrow)
        batch["surface"] = batch["surface"].long()
        if args.people:
            hide = torch.rand(len(made["person"]), device=device) < 0.5
            person = torch.where(
                hide | (batch["person"] < 0), torch.full_like(batch["person"], 6), batch["person"]
            )
            batch["person"] = person
        else:
            batch["person"] = None
        with torch.autocast(device.type, torch.bfloat16, enabled=cuda):
            scores = forward(torch, F, tagger, batch, args)
        loss = losses(torch, F, crf, tagger, batch, args, scores, consts)
        gold = len(made["cue_at"])
        if args.rdrop:
            with torch.autocast(device.type, torch.bfloat16, enabled=cuda):
                again = forward(torch, F, tagger, batch, args, hard=scores[4])
            loss = 0.5 * (loss + losses(torch, F, crf, tagger, batch, args, again, consts))
            gap = symmetric(F, scores[0][0], again[0][0], batch["core"])
            gap = gap + symmetric_binary(F, torch, scores[0][1], again[0][1], batch["core"])
            if gold:
                gap = gap + symmetric(F, scores[1][:gold], again[1][:gold], scores[3][:gold])
            gap = gap + symmetric_binary(F, torch, scores[2], again[2], 1.0)
            loss = loss + args.rdrop * gap / max(gold, 8)
        if teachers:
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=cuda):
                answers = [
                    forward(
                        torch, F, t, {**batch, "person": t.unknown(batch)}, args, hard=scores[4]
                    )
                    for t in teachers
                ]
            loss = loss + args.distil * distance_to(F, torch, scores, answers, batch, gold) / max(
                gold, 8
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 5.0)
        optimizer.step()
        sums = sums + loss.detach()
        count += 1
        step += 1
        keep = min(args.ema, (1 + step) / (10 + step))
        torch._foreach_lerp_(average, [p.detach() for p in params], 1 - keep)
        if marks and progress >= marks[0]:
            marks.pop(0)
            best = evaluate(
                args, tagger, params, average, judge, device, step, epoch, best, final=False
            )
    evaluate(args, tagger, params, average, judge, device, step, epoch, best, final=True)


def open_teacher(folder, device):
    import torch
    from model import Tagger, load_encoder, moved

    config = json.loads((folder / "config.json").read_text())
    second = config.pop("second")
    t = Tagger(config, **second)
    if Path(config["base"], "model.safetensors").exists():
        load_encoder(t, config["base"])
    load(t, folder / "model.safetensors")
    moved(t, device).eval()

    def unknown(batch):
        if t.encoder.person is None:
            return None
        return torch.full((len(batch["ids"]),), t.encoder.person.num_embeddings - 1, device=device)

    t.unknown = unknown
    return t


def say(args, row):
    row = {"name": args.name, "seconds": round(time.monotonic() - STARTED, 1), **row}
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "results.jsonl").open("a") as file:
        file.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


class Judge:
    """Scores a model on the held-out articles, and at the end on the development sets."""

    def __init__(self, args, arrays):
        from batches import Split
        from score import Articles

        with gzip.open(args.data / "gold.json.gz", "rt", encoding="utf-8") as file:
            gold = json.load(file)
        limit = args.limit
        self.gold = {k: Articles(gold[k][:limit]) for k in ("held", "dev", "damaged")}
        self.segments = gold["segments"][: None if limit is None else limit * 5]
        self.splits = {k: Split(arrays, k) for k in ("held", "dev", "damaged", "segments")}
        self.limit = limit

    def candidates(self, passes, name, settings):
        from onrecord.attribution import decode

        split = self.splits[name]
        n = len(self.segments) if name == "segments" else len(self.gold[name].gold)
        documents = [split.document(k) for k in range(n)]
        return decode.candidates(documents, passes, settings=settings, budget=16384)

    def articles(self, name, found, weight, thresholds):
        """Scores at each threshold."""
        from score import in_characters

        from onrecord.attribution import decode

        split = self.splits[name]
        stands = [
            [
                (in_characters(f, *split.places(n)), chance)
                for f, chance in decode.standing(items, weight=weight)
            ]
            for n, items in enumerate(found)
        ]
        return {
            t: self.gold[name].score(
                [[row for row, chance in rows if chance >= t] for rows in stands]
            )
            for t in thresholds
        }

    def segment_rows(self, passes, found, hidden, settings):
        from score import flat_spans, segment_scores, word_range

        from onrecord.attribution import decode

        split = self.splits["segments"]
        linked, flat, gold = [], [], []
        for n, row in enumerate(self.segments):
            starts, ends = split.places(n)
            places = row["places"]
            words = lambda spans: {w for s in spans if (w := word_range(*s, starts, ends, places))}  # noqa: B023
            items = [f for f, _ in decode.chosen(found[n], settings=settings)]
            linked.append(
                {
                    "source": words(f.source for f in items if f.source),
                    "cue": words(f.cue for f in items),
                    "content": words(c for f in items for c in f.content),
                }
            )
            part = hidden[n].flat
            tags = decode.best_path(
                part[None], passes.flat_transitions, np.ones((1, len(part)), bool)
            )[0]
            flat.append({k: words(v) for k, v in flat_spans(tags).items()})
            gold.append({k: {tuple(s) for s in v} for k, v in row["spans"].items()})
        return segment_scores(linked, gold), segment_scores(flat, gold)


def evaluate(args, tagger, params, average, judge, device, step, epoch, best, *, final):
    """Score the averaged weights; save them when they are the best so far."""
    import dataclasses

    import torch
    from model import TorchPasses

    from onrecord.attribution import decode

    stored = [p.detach().clone() for p in params]
    with torch.no_grad():
        for p, a in zip(params, average, strict=True):
            p.copy_(a)
    tagger.eval()
    save(tagger.state_dict(), args.out / "last.safetensors", full=args.free_words or args.keep_full)
    (args.out / "config.json").write_text(json.dumps(tagger.config))
    passes = TorchPasses(tagger, device)
    settings = decode.DecodeSettings(left=24, right=16, reach=args.reach, floor=0.04)
    table = []
    found, _ = judge.candidates(passes, "held", settings)
    grid = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
    for weight in (0.3, 0.5, 0.7) if final else (0.5,):
        for threshold, s in judge.articles(
            "held", found, weight, grid if final else grid[1::2]
        ).items():
            table.append((s["exact"] + s["overlap"] + s["source"], weight, threshold, s))
    value, weight, threshold, scores = max(table, key=lambda row: row[0])
    row = {
        "event": "final" if final else "eval",
        "step": step,
        "epoch": epoch,
        "weight": weight,
        "threshold": threshold,
        "held": scores,
    }
    if value >= best or final:
        best = value
        (args.out / "last.safetensors").replace(args.out / "model.safetensors")
        row["saved"] = True
    if final:
        row["thresholds"] = {f"{w}/{t}": round(v, 4) for v, w, t, _ in table}
    say(args, row)
    if final:
        row = {
            "event": "tests",
            "step": step,
            "epoch": epoch,
            "weight": weight,
            "threshold": threshold,
        }
        now = dataclasses.replace(settings, anchor_weight=weight, threshold=threshold)
        for name in ("dev", "damaged"):
            found, _ = judge.candidates(passes, name, now)
            table = judge.articles(name, found, weight, (threshold, 0.2, 0.3, 0.4, 0.5, 0.6))
            row[name] = table[threshold]
            if name == "dev":
                names = (
                    "exact",
                    "overlap",
                    "source",
                    "recall_direct",
                    "recall_mixed",
                    "recall_indirect",
                )
                row["dev_by_threshold"] = {t: [s.get(k) for k in names] for t, s in table.items()}
        found, hidden = judge.candidates(passes, "segments", now)
        row["segments_linked"], row["segments_flat"] = judge.segment_rows(
            passes, found, hidden, now
        )
        say(args, row)
    with torch.no_grad():
        for p, s in zip(params, stored, strict=True):
            p.copy_(s)
    tagger.train()
    return best


if __name__ == "__main__":
    main()
