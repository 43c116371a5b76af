"""Train the seed weights of the text layer: logistic regression in numpy.

The signs start from the weights set by hand (`spam_signs.RULE_WEIGHTS`) and are pulled back to
them; hashed words and letters start from nothing and are pulled back to nothing. Mails of 2002
know little of comments, so the pull is strong and half of what was
added is kept: chosen by hand on the training halves of sets that are measured, never learned.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from onrecord.newsroom.spam_features import N_BUCKETS, N_FEATURES
from onrecord.newsroom.spam_signs import RULE_BIAS, RULE_WEIGHTS, SIGN_NAMES

START = np.zeros(N_FEATURES)
START[N_BUCKETS:-1] = [RULE_WEIGHTS[name] for name in SIGN_NAMES]
START[-1] = RULE_BIAS


def train(arrays, rows, *, pull_hashed, pull_signs, epochs=3, step=0.1, seed=1):
    """Weights (N_FEATURES,) by AdaGrad in batches of 64; each set and label counts the same."""
    rng = np.random.default_rng(seed)
    places, values, ends = arrays["places"], arrays["values"], arrays["ends"]
    label = arrays["labels"].astype(float)
    group = arrays["sets"] * 2 + arrays["labels"]
    share = np.zeros(len(label))
    for one in np.unique(group[rows]):
        here = rows[group[rows] == one]
        share[here] = len(rows) / (len(np.unique(group[rows])) * len(here))
    weights = START.copy()
    moved = np.full(N_FEATURES, 1e-6)
    pull = np.full(N_FEATURES, pull_hashed)
    pull[N_BUCKETS:] = pull_signs
    for epoch in range(epochs):
        for batch in np.array_split(rng.permutation(rows), len(rows) // 64):
            at = np.concatenate([np.arange(ends[i], ends[i + 1]) for i in batch])
            of = np.repeat(np.arange(len(batch)), ends[batch + 1] - ends[batch])
            p, v = places[at], values[at]
            logit = np.bincount(of, weights[p] * v, len(batch))
            error = (1 / (1 + np.exp(-logit)) - label[batch]) * share[batch]
            touched, back = np.unique(p, return_inverse=True)
            slope = np.bincount(back, error[of] * v) / len(batch)
            slope += pull[touched] * (weights[touched] - START[touched])
            moved[touched] += slope**2
            weights[touched] -= step / (1 + epoch / 2) * slope / np.sqrt(moved[touched])
    return weights


def logits(arrays, weights, rows):
    out = []
    for i in rows:
        here = slice(arrays["ends"][i], arrays["ends"][i + 1])
        out.append(float(weights[arrays["places"][here]] @ arrays["values"][here]))
    return np.array(out)


def recall(scores, labels, lost):
    """Share of spam above the score that loses at most the share `lost` of good."""
    good = np.sort(scores[~labels])[::-1]
    return float((scores[labels] > good[int(lost * len(good))]).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="what prepare.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="a file of float32 weights")
    parser.add_argument("--pull-hashed", type=float, default=1e-3)
    parser.add_argument("--pull-signs", type=float, default=1e-1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument(
        "--keep-hashed", type=float, default=0.5, help="share of what training added that is kept"
    )
    args = parser.parse_args()
    arrays = dict(np.load(args.data))
    rows = np.flatnonzero(arrays["is_train"])
    weights = train(
        arrays, rows, pull_hashed=args.pull_hashed, pull_signs=args.pull_signs, epochs=args.epochs
    )
    weights = START + args.keep_hashed * (weights - START)
    for number in np.unique(arrays["sets"]):
        here = np.flatnonzero(~arrays["is_train"] & (arrays["sets"] == number))
        scores, labels = logits(arrays, weights, here), arrays["labels"][here]
        print("held out of set", number, round(recall(scores, labels, 0.01), 3))
    print({n: round(float(w), 2) for n, w in zip(SIGN_NAMES, weights[N_BUCKETS:], strict=False)})
    weights.astype("<f4").tofile(args.out)


if __name__ == "__main__":
    main()
