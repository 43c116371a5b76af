"""Score stored development logits, fit the temperature and choose the threshold.

``python evaluate.py --data DIR --logits FILE`` prints one JSON object. Windows of one passage are
pooled: each window's odds of support and refutation are taken at their largest. Temperature and
threshold are for the sets with shared names masked, as the package reads them; ``biases`` shows
what a constant added to the logit of nei gives there, for all sets alike.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
from pathlib import Path

import numpy as np

SUPPORTED, REFUTED, NEI = 0, 1, 2
MASKED = "masked:"  # sets whose shared names are placeholders


def probabilities(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    z = logits / temperature
    z = z - z.max(-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(-1, keepdims=True)


def pooled(item: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return logits per item: largest support and refutation against nei over its windows."""
    n = int(item.max()) + 1
    margin = logits[:, :2] - logits[:, 2:]
    best = np.full((n, 2), -np.inf, np.float32)
    np.maximum.at(best, item, margin)
    out = np.zeros((n, 3), np.float32)
    out[:, :2] = best
    return out


def f1(gold: np.ndarray, said: np.ndarray, kinds: tuple[int, ...]) -> float:
    values = []
    for k in kinds:
        hit = ((gold == k) & (said == k)).sum()
        values.append(2 * hit / max(1, (gold == k).sum() + (said == k).sum()))
    return float(np.mean(values))


def calibration_error(p: np.ndarray, gold: np.ndarray, bins: int = 15) -> float:
    top, right = p.max(-1), p.argmax(-1) == gold
    where = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [
        abs(top[where == b].mean() - right[where == b].mean()) * (where == b).mean()
        for b in range(bins)
        if (where == b).any()
    ]
    return float(np.sum(gaps))


def by_set(
    arrays: dict, meta: dict, logits: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return pooled logits and gold labels of each set, in the order of its items."""
    out = {}
    for i, name in enumerate(meta["sets"]):
        here = arrays["set"] == i
        if not here.any():
            continue
        items, index = np.unique(arrays["item"][here], return_inverse=True)
        gold = np.zeros(len(items), int)
        gold[index] = arrays["label"][here]
        out[name] = (pooled(index, logits[here]), gold)
    return out


def report(arrays: dict, meta: dict, logits: np.ndarray) -> dict[str, float]:
    """Return the named figure of each set, raw argmax unless the set has two labels."""
    every = by_set(arrays, meta, logits)
    out = figures({n: v for n, v in every.items() if not n.startswith(MASKED)})
    hidden = {n.removeprefix(MASKED): v for n, v in every.items() if n.startswith(MASKED)}
    return out | {f"{MASKED}{k}": v for k, v in figures(hidden).items()}


def figures(found: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Return the figures of pooled logits and gold labels by set."""
    out: dict[str, float] = {}
    for name, (z, gold) in found.items():
        said = z.argmax(-1)
        two = np.where(z[:, 0] >= z[:, 1], SUPPORTED, REFUTED)
        if name in {"vitaminc", "conjnli", "hidden"}:
            out[name] = (said == gold).mean()
            out[f"{name}_f1"] = f1(gold, said, (0, 1, 2))
        elif name in {"fever_symmetric", "fm2"}:
            out[name] = (two == gold).mean()
            out[f"{name}_3"] = (said == gold).mean()
        elif name == "wice_oracle":
            yes = gold == SUPPORTED
            claimed = said == SUPPORTED
            out[name] = (
                (claimed & yes).sum() / max(1, yes.sum())
                + (~claimed & ~yes).sum() / max(1, (~yes).sum())
            ) / 2
        elif name == "healthver":
            out[name] = f1(gold, said, (0, 1, 2))
        elif name == "averitec":
            three = gold <= NEI
            out[name] = f1(gold[three], said[three], (0, 1, 2))
        elif name == "off_topic":
            out[name] = (said == NEI).mean()
    if (
        "before_swap" in found
        and "after_swap" in found
        and len(found["before_swap"][1]) == len(found["after_swap"][1])
    ):
        out["kept_under_swap"] = (
            found["before_swap"][0].argmax(-1) == found["after_swap"][0].argmax(-1)
        ).mean()
    return {k: round(float(v), 4) for k, v in out.items()}


SHOWN = (
    "vitaminc",
    "fever_symmetric",
    "fm2",
    "fm2_3",
    "wice_oracle",
    "healthver",
    "conjnli",
    "averitec",
    "off_topic",
)


def moved(logits: np.ndarray, bias: float) -> np.ndarray:
    """Return ``logits`` with ``bias`` added to that of nei."""
    return logits + np.array([0, 0, bias], np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--logits", type=Path, nargs="+", required=True, help="dev_logits.npz; several are averaged"
    )
    parser.add_argument("--array", default="logits", help="name in the file: logits or teacher")
    parser.add_argument("--neutral-bias", type=float, default=0.0, help="added to the nei logit")
    args = parser.parse_args()
    meta = json.loads((args.data / "meta.json").read_text())
    with np.load(io.BytesIO(lzma.decompress((args.data / "dev.npz.xz").read_bytes()))) as found:
        arrays = {k: found[k] for k in found.files}
    stored = [np.load(p) for p in args.logits]
    rows = stored[0]["rows"]
    arrays = {k: (v[rows] if k in {"item", "set", "label"} else v) for k, v in arrays.items()}
    logits = np.mean([s[args.array].astype(np.float32) for s in stored], 0)
    biases = {}
    for bias in np.arange(0.5, -2.51, -0.25):
        told = report(arrays, meta, moved(logits, float(bias)))
        seen = {k.removeprefix(MASKED): v for k, v in told.items() if k.startswith(MASKED)}
        mean = np.mean([v for k, v in seen.items() if k in SHOWN])
        biases[f"{bias:.2f}"] = {k: seen[k] for k in SHOWN if k in seen} | {
            "mean": round(float(mean), 4)
        }
    logits = moved(logits, args.neutral_bias)
    out: dict[str, object] = dict(report(arrays, meta, logits)) | {"biases": biases}
    every = by_set(arrays, meta, logits)
    masked = {n.removeprefix(MASKED): v for n, v in every.items() if n.startswith(MASKED)}
    found = masked or every
    # One temperature for all sets with three labels; fitted by negative log likelihood.
    three = [found[n] for n in ("vitaminc", "conjnli", "healthver") if n in found]
    z, gold = np.concatenate([a for a, _ in three]), np.concatenate([b for _, b in three])
    grid = np.arange(0.5, 4.01, 0.05)
    cost = [-np.log(probabilities(z, t)[np.arange(len(z)), gold] + 1e-9).mean() for t in grid]
    best = float(grid[int(np.argmin(cost))])
    out["temperature"] = round(best, 2)
    out["calibration_error_before"] = round(calibration_error(probabilities(z), gold), 4)
    out["calibration_error"] = round(calibration_error(probabilities(z, best), gold), 4)
    z = np.concatenate([found[n][0] for n in ("vitaminc", "fm2")])
    gold = np.concatenate([found[n][1] for n in ("vitaminc", "fm2")])
    p = probabilities(z, best)
    said, sure = p[:, :2].argmax(-1), p[:, :2].max(-1)
    for floor in (0.88, 0.9, 0.92, 0.95):
        for t in np.arange(0.34, 0.999, 0.005):
            taken = (sure >= t) & (p[:, :2].max(-1) > p[:, 2])
            parts = [
                (said[taken & (said == k)] == gold[taken & (said == k)]).mean()
                for k in (0, 1)
                if (taken & (said == k)).any()
            ]
            if parts and min(parts) >= floor:
                out[f"precision_{floor}"] = {
                    "threshold": round(float(t), 3),
                    "coverage": round(float(taken.mean()), 3),
                    "precision": [round(float(x), 3) for x in parts],
                }
                break
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
