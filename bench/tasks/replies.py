"""All layers together, against the simulator of senders (`bench/senders.py`).

Every reply goes through `store.replies.take` into a fresh desk. An editor does nothing but approve
the first reply of each known writer: what the filter does by itself is measured. `--data` is the
folder of spam sets that texts are drawn from; any other folder leaves the simulator its own texts.
Splits: `dev` is seed 1, `test` (default) seeds 2 and 4, which draw from the other half of the sets.
Caught means not shown; lost means quarantined, since what is held is read by a person.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from bench.scores import Measured, Score, interval, ratio, single
from bench.senders import ARTICLE_TEXT, BEGIN, CLAIMANT, GOOD, KEY, KNOWN, SPAM, senders, texts
from onrecord.newsroom import spam
from onrecord.newsroom.review import Review, ReviewContent
from onrecord.store import newsroom
from onrecord.store.database import open_database
from onrecord.store.newsroom import Act
from onrecord.store.replies import Filtering, decide, take
from onrecord.terms import ReplyKind, ReplyState, ReviewState

NAMES = ("recall", "recall_quarantined", "good_lost", "n_good_lost", "good_held", "claimants_held")
SEEDS = {"dev": (1,), "test": (2, 4)}
N_CHECKS = 30
Outcome = tuple[str, ReplyKind, ReplyState]


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    weights = spam.rule_weights() if stage == "rules" else spam.seed()
    filtering = Filtering(weights=weights, article=ARTICLE_TEXT)
    out: list[Outcome] = []
    began = time.perf_counter()
    for seed in SEEDS[split or "test"]:
        out += outcomes(data, filtering, seed=seed)
    seconds = time.perf_counter() - began
    mark = "rules." if stage == "rules" else ""
    scores = {mark + name: score for name, score in measured(out).items()}
    rate = round(len(out) / seconds, 1)
    return Measured(len(out), scores | {f"{mark}replies_per_second": (rate, rate, rate)})


def outcomes(
    data: Path | None, filtering: Filtering, *, seed: int, size: float = 1.0
) -> list[Outcome]:
    """What became of each reply of a simulation: sender, kind and state."""
    checks = tuple(f"check{i}" for i in range(N_CHECKS))
    sent = senders(checks, texts(data, seed=seed), seed=seed, size=size)
    out: list[Outcome] = []
    approved: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder))
        for check in checks:
            review = Review(check, ReviewContent("x"), ReviewState.PUBLISHED)
            newsroom.save(engine, review, expected=None, act=Act("1", "new", BEGIN.isoformat()))
        for one in sent:
            taken = take(engine, KEY, one.incoming, now=one.at, filtering=filtering)
            if taken.reply is None:  # refused with a word: the network sent too many
                out.append((one.sender, one.incoming.kind, ReplyState.REJECTED))
                continue
            out.append((one.sender, one.incoming.kind, taken.reply.state))
            email = one.incoming.email
            if one.sender == KNOWN and email not in approved:
                approved.add(email)
                when = (one.at + timedelta(hours=2)).isoformat(timespec="seconds")
                act, was = Act("1", "show", when), taken.reply.state
                decide(engine, taken.reply.id, ReplyState.SHOWN, expected=was, act=act)
        engine.dispose()
    return out


def measured(out: Iterable[Outcome]) -> dict[str, Score]:
    out = list(out)
    good = [state for who, _, state in out if who in {GOOD, KNOWN}]
    known = [state for who, _, state in out if who == KNOWN]
    comments = [s for who, kind, s in out if who == GOOD and kind is ReplyKind.COMMENT]
    bad = [state for who, _, state in out if who in SPAM]
    scores = {
        "recall": share(bad, lambda s: s is not ReplyState.SHOWN),
        "recall_quarantined": share(bad, lambda s: s is ReplyState.QUARANTINED),
        "good_lost": share(good, lambda s: s in {ReplyState.QUARANTINED, ReplyState.REJECTED}),
        "good_held": share(good, lambda s: s is ReplyState.HELD),
        "good_comments_held": share(comments, lambda s: s is ReplyState.HELD),
        "known_held": share(known, lambda s: s is ReplyState.HELD),
        "claimants_held": share(
            [s for who, _, s in out if who == CLAIMANT], lambda s: s is ReplyState.HELD
        ),
    }
    # A count: the gate's tolerance of a hundredth would let a share pass.
    n_lost = sum(state in {ReplyState.QUARANTINED, ReplyState.REJECTED} for state in good)
    scores["n_good_lost"] = single(n_lost)
    for name in SPAM:
        states = [state for who, _, state in out if who == name]
        scores[f"recall/{name}"] = share(states, lambda s: s is not ReplyState.SHOWN)
    return scores


def share(states: list[ReplyState], fits: object) -> Score:
    counts = [(float(fits(state)), 1.0) for state in states]  # type: ignore[operator]
    return interval(counts, lambda sums: ratio(sums[0], sums[1]))


def table(out: Iterable[Outcome]) -> str:
    """Senders by what became of their replies, for reading."""
    counts = Counter((who, state.value) for who, _, state in out)
    names = sorted({who for who, _ in counts})
    states = [state.value for state in ReplyState]
    rows = ["sender".ljust(30) + " ".join(s.rjust(12) for s in states)]
    rows += [n.ljust(30) + " ".join(str(counts[n, s]).rjust(12) for s in states) for n in names]
    return "\n".join(rows)
