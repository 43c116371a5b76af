"""The two scores of the task: whole articles, and CofeNet segments."""

from __future__ import annotations

import numpy as np

from onrecord.attribution import decode


def ranks(text):
    """For each position, how many letters and digits stand before it."""
    return np.concatenate([[0], np.cumsum([c.isalnum() for c in text])])


def bare(spans, rank):
    """Spans as merged ranges of letters and digits."""
    merged = []
    for s, e in sorted((int(rank[s]), int(rank[e])) for s, e in spans):
        if s >= e:
            continue
        if merged and s <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], e)
        else:
            merged.append([s, e])
    return tuple(map(tuple, merged))


def size(spans):
    return sum(e - s for s, e in spans)


def shared(a, b):
    return sum(max(0, min(e, f) - max(s, t)) for s, e in a for t, f in b)


def matching(edges, n):
    """The size of a maximum matching; `edges[i]` are the right nodes of left node i."""
    owner = {}

    def grow(i, seen):
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or grow(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in range(n):
        grow(i, set())
    return owner


class Articles:
    """Gold of whole articles, prepared once."""

    def __init__(self, gold):
        self.rank = [ranks(g["text"]) for g in gold]
        self.gold = [
            [
                (bare(a["source"], r), bare(a["content"], r), a["type"])
                for a in g["attributions"]
                if bare(a["content"], r)
            ]
            for g, r in zip(gold, self.rank, strict=True)
        ]

    def score(self, predicted):
        """`predicted[doc]` is a list of (source spans, content spans) in characters."""
        n_gold = n_predicted = 0
        hit = {"exact": 0, "overlap": 0, "source": 0}
        by_type = {}
        for rank, gold, items in zip(self.rank, self.gold, predicted, strict=True):
            mine = [(bare(s, rank), bare(c, rank)) for s, c in items]
            mine = [m for m in mine if m[1]]
            n_gold += len(gold)
            n_predicted += len(mine)
            exact, overlap, both = [], [], []
            for source, content, _ in gold:
                x, o, b = [], [], []
                for j, (s, c) in enumerate(mine):
                    common = shared(content, c)
                    if not common:
                        continue
                    if c == content:
                        x.append(j)
                    if common >= 0.5 * (size(content) + size(c) - common):
                        o.append(j)
                        if (not source and not s) or shared(source, s):
                            b.append(j)
                exact.append(x)
                overlap.append(o)
                both.append(b)
            hit["exact"] += len(matching(exact, len(gold)))
            owners = matching(overlap, len(gold))
            hit["overlap"] += len(owners)
            hit["source"] += len(matching(both, len(gold)))
            found = set(owners.values())
            for i, (_, _, kind) in enumerate(gold):
                row = by_type.setdefault(kind, [0, 0])
                row[0] += i in found
                row[1] += 1
        out = {k: round(2 * v / max(1, n_gold + n_predicted), 4) for k, v in hit.items()}
        out["precision"] = round(hit["overlap"] / max(1, n_predicted), 4)
        out["recall"] = round(hit["overlap"] / max(1, n_gold), 4)
        out |= {f"recall_{k}": round(a / b, 4) for k, (a, b) in by_type.items()}
        return out


def in_characters(found, starts, ends):
    """(source spans, content spans) of a `decode.Found`."""
    span = lambda s, e: (int(starts[s]), int(ends[e - 1]))
    return (
        [span(*found.source)] if found.source else [],
        [span(*c) for c in found.content],
    )


def word_range(first, last, starts, ends, places):
    """The words that the tokens [first, last) touch."""
    s, e = int(starts[first]), int(ends[last - 1])
    inside = [n for n, (a, b) in enumerate(places) if a < e and b > s]
    return (inside[0], inside[-1] + 1) if inside else None


def segment_scores(predicted, gold):
    """Micro F1 of exact word ranges; both map label to sets of ranges, per segment."""
    out = {}
    for label in ("source", "cue", "content"):
        hit = sum(len(p[label] & g[label]) for p, g in zip(predicted, gold, strict=True))
        n = sum(len(p[label]) + len(g[label]) for p, g in zip(predicted, gold, strict=True))
        out[label] = round(2 * hit / max(1, n), 4)
    return out


def flat_spans(tags):
    return {
        "source": decode.runs(tags, decode.B_SOURCE),
        "cue": decode.runs(tags, decode.B_CUE),
        "content": decode.runs(tags, decode.B_CONTENT),
    }
