"""Training windows: articles with other or damaged quotation marks, cut at random, as batches."""

from __future__ import annotations

import numpy as np

from onrecord.attribution import decode, features
from onrecord.attribution.decode import B_CONTENT, B_CUE, B_SOURCE, N_TAGS
from onrecord.attribution.hints import (
    FLAT_UNKNOWN,
    ROLE_NONE,
    ROLE_UNKNOWN,
    Hint,
    hint_roles,
    matched_hints,
)


class Split:
    """One split of tokens.npz."""

    def __init__(self, arrays, prefix):
        get = lambda k: arrays.get(f"{prefix}_{k}")
        self.ids = get("ids").astype(np.int64)
        self.shape, self.gap, self.mark, self.flag = (
            get(k) for k in ("shape", "gap", "mark", "flag")
        )
        self.starts, self.ends = get("starts"), get("ends")
        self.doc = get("doc")
        self.annotators = get("annotators")
        self.tags = get("tags")
        self.attributions = [[] for _ in range(len(self.doc) - 1)]
        rows = get("attributions")
        contents = [[] for _ in rows]
        for row, s, e in get("contents").tolist():
            contents[row].append((s, e))
        for row, (doc, *rest) in enumerate(rows.tolist()):
            self.attributions[doc].append((*rest, contents[row]))
        self.hints = None
        if get("hints") is not None:
            self.hints = hints_by_document(get("hints"), get("hint_contents"), len(self))
        self.copied = get("article")

    def __len__(self):
        return len(self.doc) - 1

    def arrays(self, n):
        a, b = self.doc[n], self.doc[n + 1]
        return self.ids[a:b], self.shape[a:b], self.gap[a:b], self.mark[a:b], self.flag[a:b]

    def places(self, n):
        a, b = self.doc[n], self.doc[n + 1]
        return self.starts[a:b], self.ends[a:b]

    def document(self, n, *, surface=True):
        ids, shape, gap, mark, flag = self.arrays(n)
        hints = self.hints[n] if self.hints is not None else None
        return decode.document(ids, gap, mark, shape, flags=unpacked(flag), hints=hints)


def hints_by_document(rows, parts, n_documents):
    """The rules' attributions of each document, from the rows that `rule_features.py` wrote."""
    contents = [[] for _ in rows]
    for row, s, e in parts.tolist():
        contents[row].append((s, e))
    found = [[] for _ in range(n_documents)]
    for row, (doc, cs, ce, ss, se) in enumerate(rows.tolist()):
        cue = (cs, ce) if cs >= 0 else None
        source = (ss, se) if ss >= 0 else None
        found[doc].append(Hint(cue, source, tuple(contents[row])))
    return [tuple(hints) for hints in found]


def unpacked(flag):
    return (flag & 1) > 0, (flag & 2) > 0, (flag & 4) > 0


def restyled(ids, gap, mark, flag, vocabulary, chance):
    """The double marks of an article in another style, or the same."""
    style = chance.choice(["keep", "straight", "curly", "single"], p=[0.5, 0.2, 0.22, 0.08])
    if style == "keep":
        return ids, mark
    ids, mark = ids.copy(), mark.copy()
    double = (mark >= features.MARK_OPEN) & (mark <= features.MARK_STRAIGHT)
    double &= ~np.append(mark[1:] == features.MARK_SECOND_HALF, False)
    opens, closes, _ = unpacked(flag)
    state = features.quote_states(gap, mark, opens_before=opens, closes_after=closes)
    if style == "straight":
        ids[double], mark[double] = vocabulary['"'], features.MARK_STRAIGHT
        return ids, mark
    left, right = ("“", "”") if style == "curly" else ("‘", "’")
    kinds = (
        (features.MARK_OPEN, features.MARK_CLOSE)
        if style == "curly"
        else (features.MARK_SINGLE_OPEN, features.MARK_APOSTROPHE)
    )
    for direction, word, kind in ((17, left, kinds[0]), (18, right, kinds[1])):
        here = double & (state == direction)
        ids[here], mark[here] = vocabulary[word], kind
    return ids, mark


def damaged(ids, shape, gap, mark, flag, vocabulary, chance, share):
    """Some marks deleted, doubled or replaced; also the old number of each token."""
    n = len(ids)
    double = (mark >= features.MARK_OPEN) & (mark <= features.MARK_STRAIGHT)
    hit = double & (chance.random(n) < share)
    kind = chance.choice([0, 0, 0, 1, 2], size=n)
    repeat = np.ones(n, dtype=np.int64)
    repeat[hit & (kind == 0)] = 0
    repeat[hit & (kind == 1)] = 2
    half = np.flatnonzero(mark == features.MARK_SECOND_HALF)
    repeat[half] = np.where(repeat[half - 1] == 0, 0, 1)
    ids, mark, gap = ids.copy(), mark.copy(), gap.copy()
    swap = np.flatnonzero(
        hit & (kind == 2) & ~np.append(mark[1:] == features.MARK_SECOND_HALF, False)
    )
    for at in swap.tolist():
        if mark[at] == features.MARK_STRAIGHT:
            side = int(chance.integers(2))
            ids[at], mark[at] = (
                vocabulary["“”"[side]],
                (features.MARK_OPEN, features.MARK_CLOSE)[side],
            )
        elif chance.random() < 0.5:
            ids[at], mark[at] = vocabulary['"'], features.MARK_STRAIGHT
        else:
            opened = mark[at] == features.MARK_OPEN
            ids[at] = vocabulary["”" if opened else "“"]
            mark[at] = features.MARK_CLOSE if opened else features.MARK_OPEN
    for at in np.flatnonzero(repeat == 0).tolist():
        if at + 1 < n:
            gap[at + 1] = (
                max(gap[at], gap[at + 1]) if gap[at] != features.GAP_START else features.GAP_START
            )
    old = np.repeat(np.arange(n), repeat)
    ids, shape, gap, mark, flag = ids[old], shape[old], gap[old], mark[old], flag[old]
    again = np.append(False, old[1:] == old[:-1])
    gap[again] = features.GAP_NONE
    return ids, shape, gap, mark, flag, old


def flat_tags(n, attributions):
    """The one-pass tags; sources may be shared, other roles never overlap."""
    tags = np.zeros(n, dtype=np.int64)
    for cs, ce, ss, se, _, contents in attributions:
        for begin, spans in (
            (B_CONTENT, contents),
            (B_SOURCE, [(ss, se)] if ss >= 0 else []),
            (B_CUE, [(cs, ce)]),
        ):
            for s, e in spans:
                if s < e:
                    tags[s:e] = begin + 1
                    tags[s] = begin
    return legal(tags)


def legal(tags):
    """Inside tags without a beginning become beginnings."""
    inside = (tags > 0) & (tags % 2 == 0)
    before = np.zeros_like(tags)
    before[..., 1:] = tags[..., :-1]
    orphan = inside & (before != tags) & (before != tags - 1)
    tags = tags.copy()
    tags[orphan] -= 1
    return tags


class Windows:
    """Random windows of a split, a new cut each epoch."""

    def __init__(
        self,
        split,
        vocabulary,
        *,
        numbers,
        seed,
        share=0.3,
        styles=True,
        lengths=((64, 0.1), (128, 0.2), (256, 0.4), (380, 0.3)),
        mask=0.0,
        fiction=None,
        copies=None,
        unknown=0.25,
        dropped=0.1,
    ):
        self.split, self.vocabulary, self.numbers = split, vocabulary, numbers
        self.chance = np.random.default_rng(seed)
        self.share, self.styles, self.lengths, self.mask, self.fiction = (
            share,
            styles,
            lengths,
            mask,
            fiction,
        )
        # `unknown` is the share of articles read without hints, whose marks may then be changed
        # freely; the others come as they are or as one of the copies whose hints are known.
        self.unknown = unknown if copies is not None else 1.0
        self.dropped, self.copies = dropped, copies
        self.copies_of = {}
        for number, article in enumerate(copies.copied.tolist() if copies is not None else ()):
            self.copies_of.setdefault(article, []).append(number)

    def article(self, n):
        if self.chance.random() >= self.unknown:
            if self.styles and self.chance.random() < 0.5:
                k = int(self.chance.choice(self.copies_of[n]))
                return self.copies.document(k), self.copies.attributions[k]
            return self.split.document(n), self.split.attributions[n]
        ids, shape, gap, mark, flag = self.split.arrays(n)
        chance = self.chance
        if self.styles:
            ids, mark = restyled(ids, gap, mark, flag, self.vocabulary, chance)
        spans = self.split.attributions[n]
        if self.share and chance.random() < self.share:
            level = float(chance.choice([0.08, 0.15, 0.3]))
            ids, shape, gap, mark, flag, old = damaged(
                ids, shape, gap, mark, flag, self.vocabulary, chance, level
            )
            at = lambda s, e: (int(np.searchsorted(old, s)), int(np.searchsorted(old, e)))
            moved = []
            for cs, ce, ss, se, kind, contents in spans:
                cue = at(cs, ce)
                source = at(ss, se) if ss >= 0 else (-1, -1)
                if source[0] >= source[1]:
                    source = (-1, -1)
                content = [c for c in (at(*c) for c in contents) if c[0] < c[1]]
                if cue[0] < cue[1] and content:
                    moved.append((*cue, *source, kind, content))
            spans = moved
        text = decode.document(ids, gap, mark, shape, flags=unpacked(flag), hints=None)
        return text, spans

    def epoch(self):
        """Samples of one pass over the articles, in random order."""
        found = []
        chance = self.chance
        sizes, odds = zip(*self.lengths, strict=True)
        for n in self.numbers:
            text, spans = self.article(n)
            size = len(text.ids)
            tags = flat_tags(size, spans)
            core = 0
            anchors = np.array([s[0] for s in spans] or [0])
            while core < size:
                length = int(chance.choice(sizes, p=odds))
                left = int(chance.choice([0, 24, 48])) if length > 100 else 0
                right = int(chance.choice([0, 16, 32])) if length > 100 else 0
                start = max(0, core - left)
                limit = core + max(24, length - left - right - int(chance.integers(0, 16)))
                if limit >= size:
                    stop = size
                else:
                    earlier = int(np.searchsorted(text.cuts, limit, side="right")) - 1
                    stop = int(text.cuts[earlier])
                    if stop <= core + (limit - core) // 3:
                        stop = limit
                end = min(size, stop + right)
                mine = (
                    [
                        spans[k]
                        for k in np.flatnonzero((anchors >= core) & (anchors < stop)).tolist()
                    ]
                    if spans
                    else []
                )
                ids = text.ids[start:end]
                if self.mask:
                    ids = np.where(chance.random(len(ids)) < self.mask, 103, ids)
                surface, hints = text.surface[start:end], None
                if text.hints is not None and chance.random() >= self.dropped:
                    hints = [shifted(h, -start) for h in text.hints if touches(h, start, end)]
                else:
                    surface = surface.copy()
                    surface[:, 4] = FLAT_UNKNOWN
                found.append(
                    {
                        "ids": ids,
                        "surface": surface,
                        "hints": hints,
                        "tags": legal(tags[start:end]),
                        "core": (core - start, stop - start),
                        "cues": [clipped(s, start, end) for s in mine],
                        "person": int(self.split.annotators[n]),
                        "links": True,
                    }
                )
                core = stop
        if self.fiction is not None:
            f = self.fiction
            for n in chance.permutation(len(f))[: len(f) // 2].tolist():
                a, b = f.doc[n], f.doc[n + 1]
                b = min(b, a + 380)
                text = f.document(n)
                found.append(
                    {
                        "ids": text.ids[: b - a],
                        "surface": text.surface[: b - a],
                        "hints": None,
                        "tags": legal(f.tags[a:b].astype(np.int64)),
                        "core": (0, b - a),
                        "cues": [],
                        "person": -1,
                        "links": False,
                    }
                )
        return [found[k] for k in chance.permutation(len(found))]

    def batches(self, budget, reach):
        """Endless batches of at most `budget` tokens, samples of like length together."""
        while True:
            samples = self.epoch()
            pool = 400
            groups = []
            for at in range(0, len(samples), pool):
                part = sorted(samples[at : at + pool], key=lambda s: len(s["ids"]))
                group = []
                for s in part:
                    if group and (len(group) + 1) * (len(s["ids"]) + 2) > budget:
                        groups.append(group)
                        group = []
                    group.append(s)
                groups.append(group)
            for k in self.chance.permutation(len(groups)).tolist():
                yield collated(groups[k], reach)
            yield None


def touches(hint, start, end):
    """Whether a hint has its cue in the window."""
    return hint.cue is not None and hint.cue[0] < end and hint.cue[1] > start


def shifted(hint, by):
    """The hint with all its token numbers changed by `by`."""
    at = lambda span: None if span is None else (span[0] + by, span[1] + by)
    return Hint(at(hint.cue), at(hint.source), tuple(at(c) for c in hint.content))


def clipped(attribution, start, end):
    """One attribution in window numbers, spans cut to the window."""
    cs, ce, ss, se, _, contents = attribution
    cut = lambda s, e: (max(s, start) - start, min(e, end) - start)
    source = cut(ss, se) if ss >= 0 else (0, 0)
    return cut(cs, ce), source, [c for c in (cut(*c) for c in contents) if c[0] < c[1]]


def shown(hint, size):
    """The hint with its cue cut to the window."""
    return hint._replace(cue=(max(0, hint.cue[0]), min(size, hint.cue[1])))


def collated(samples, reach):
    """A batch as numpy arrays; token 0 of each row is [CLS]."""
    b = len(samples)
    n = max(len(s["ids"]) for s in samples) + 2
    n = -(-n // 8) * 8
    ids = np.zeros((b, n), np.int64)
    surface = np.zeros((b, n, decode.N_FEATURES), np.int8)
    # Row 0 of `hint_table` says that no rule has a cue here, row 1 that the rules are unknown.
    hint_of = np.zeros((b, n), np.int64)
    hint_table = [np.full(n, ROLE_NONE, np.int8), np.full(n, ROLE_UNKNOWN, np.int8)]
    ruled = np.zeros((b, n), bool)
    mask = np.zeros((b, n), bool)
    tags = np.zeros((b, n), np.int64)
    core = np.zeros((b, n), bool)
    anchor = np.zeros((b, n), np.float32)
    links = np.array([s["links"] for s in samples])
    cue_row, cue_at, roles = [], [], []
    width = 2 * reach + 1
    for row, s in enumerate(samples):
        size = len(s["ids"])
        ids[row, 0], ids[row, size + 1] = decode.CLS, decode.SEP
        ids[row, 1 : size + 1] = s["ids"]
        surface[row, 1 : size + 1] = s["surface"]
        mask[row, : size + 2] = True
        if s["hints"] is None:
            hint_of[row] = 1
        else:
            matched = matched_hints(size, [shown(h, size) for h in s["hints"]])
            hint_of[row, 1 : size + 1] = np.where(matched >= 0, matched + len(hint_table), 0)
            for hint in s["hints"]:
                hint_table.append(hint_roles(hint, -1, n - 1))
                ruled[row, max(1, hint.cue[0] + 1)] = True
        tags[row, 1 : size + 1] = s["tags"]
        core[row, 1 + s["core"][0] : 1 + s["core"][1]] = True
        if not s["links"]:
            anchor[row][tags[row] == B_CUE] = 1
        for cue, source, contents in s["cues"]:
            at = cue[0] + 1
            anchor[row, at] = 1
            cue_row.append(row)
            cue_at.append(at)
            role = np.zeros(width + 2, np.int64)
            shift = 1 - at + reach
            for begin, spans in ((B_CONTENT, contents), (B_SOURCE, [source]), (B_CUE, [cue])):
                for begins, ends in spans:
                    first, last = max(0, begins + shift), min(width, ends + shift)
                    if first < last:
                        role[first:last] = begin + 1
                        role[first] = begin
            roles.append(role[:width])
    return {
        "ids": ids,
        "surface": surface,
        "mask": mask,
        "tags": tags,
        "core": core,
        "anchor": anchor,
        "hint_of": hint_of,
        "hint_table": np.stack(hint_table),
        "ruled": ruled,
        "links": links,
        "person": np.array([s["person"] for s in samples]),
        "cue_row": np.array(cue_row, np.int64),
        "cue_at": np.array(cue_at, np.int64),
        "roles": legal(np.array(roles, np.int64).reshape(-1, width)),
    }


assert N_TAGS == 7
