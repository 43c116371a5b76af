"""Turn the attribution corpora into token arrays: `python data.py --shared DIR --out FILE.npz`.

Articles are tokenised once, attributions become token ranges, and everything is stored in one
compressed file, so that a training run starts at once and needs neither text nor tokenizer.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from onrecord.attribution import features
from onrecord.models.encode import open_tokenizer, tokens


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def token_range(start, end, starts, ends):
    """Tokens that overlap the characters [start, end)."""
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(starts, end, side="left"))
    return first, last


def surface(text, encoded, vocabulary):
    """The arrays that a document contributes besides its ids."""
    words = [vocabulary[number] for number in encoded.ids.tolist()]
    gap = features.gaps(text, encoded.starts, encoded.ends)
    mark = features.marks(words, gap)
    shape = features.shapes(text, encoded.starts, encoded.ends)
    opens, closes, ends = features.flags(words)
    flag = opens.astype(np.int8) + 2 * closes.astype(np.int8) + 4 * ends.astype(np.int8)
    return shape, gap, mark, flag


# --- CofeNet segments are tokenised text; the tagger reads text as it is printed. -------------

_NO_SPACE_BEFORE = {",", ".", ";", ":", "?", "!", ")", "]", "}", "''", "%", "...", "n't"}
_NO_SPACE_AFTER = {"(", "[", "{", "``", "$", "#", "`"}


def printed(words):
    """The text of a tokenised segment as it would be printed, and each token's place in it."""
    pieces, spans, at = [], [], 0
    glue = True
    for word in words:
        shown = {"``": "“", "''": "”", "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}.get(
            word, word
        )
        close = (
            word in _NO_SPACE_BEFORE
            or shown in {")", "]"}
            or (word.startswith(("'", "’")) and 1 < len(word) <= 3)
        )
        if pieces and not glue and not close:
            pieces.append(" ")
            at += 1
        pieces.append(shown)
        spans.append((at, at + len(shown)))
        at += len(shown)
        glue = word in _NO_SPACE_AFTER or shown in {"(", "["}
    return "".join(pieces), spans


class Store:
    """Grows the flat arrays of one split."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.vocabulary = {n: w for w, n in tokenizer.get_vocab().items()}
        self.arrays = {k: [] for k in ("ids", "shape", "gap", "mark", "flag", "starts", "ends")}
        self.doc = [0]
        self.attributions = []  # doc, cue start, cue end, source start, source end, type
        self.contents = []  # attribution, start, end
        self.names, self.texts, self.annotators = [], [], []

    def add(self, name, text, attributions, annotator=-1):
        encoded = tokens(self.tokenizer, text)
        shape, gap, mark, flag = surface(text, encoded, self.vocabulary)
        for key, value in zip(
            ("ids", "shape", "gap", "mark", "flag", "starts", "ends"),
            (encoded.ids.astype(np.int16), shape, gap, mark, flag, encoded.starts, encoded.ends),
            strict=True,
        ):
            self.arrays[key].append(value)
        number = len(self.doc) - 1
        self.doc.append(self.doc[-1] + len(encoded.ids))
        starts, ends = encoded.starts, encoded.ends
        for a in attributions:
            if not a["cue"] or not a["content"]:
                continue
            cue = token_range(a["cue"][0][0], a["cue"][-1][1], starts, ends)
            source = (-1, -1)
            if a["source"]:
                longest = max(a["source"], key=lambda s: s[1] - s[0])
                source = token_range(*longest, starts, ends)
            spans = sorted(token_range(s, e, starts, ends) for s, e in a["content"])
            spans = [s for s in spans if s[0] < s[1]]
            if cue[0] >= cue[1] or not spans:
                continue
            kind = ("direct", "mixed", "indirect").index(a["type"])
            row = len(self.attributions)
            self.attributions.append((number, *cue, *source, kind))
            self.contents.extend((row, *span) for span in spans)
        self.names.append(name)
        self.texts.append(text)
        self.annotators.append(annotator)

    def flat(self, prefix, *, with_text):
        out = {f"{prefix}_{k}": np.concatenate(v) for k, v in self.arrays.items()}
        if not with_text:
            del out[f"{prefix}_starts"], out[f"{prefix}_ends"]
        out[f"{prefix}_doc"] = np.array(self.doc, dtype=np.int32)
        out[f"{prefix}_attributions"] = np.array(self.attributions, dtype=np.int32).reshape(-1, 6)
        out[f"{prefix}_contents"] = np.array(self.contents, dtype=np.int32).reshape(-1, 3)
        out[f"{prefix}_annotators"] = np.array(self.annotators, dtype=np.int8)
        return out


def held_out(number):
    """Every tenth training article chooses thresholds and variants; the last run trains on all."""
    return number % 10 == 3


def word_spans(row):
    """The word ranges of each label, from BIO."""
    found = {"source": [], "cue": [], "content": []}
    current = None
    for n, label in enumerate([*row["labels"], "O"]):
        if current and (label == "O" or label.startswith("B-") or label[2:] != current[0]):
            found[current[0]].append((current[1], n))
            current = None
        if label.startswith("B-") or (label.startswith("I-") and current is None):
            current = (label[2:], n)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder `attribution`")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--limit", type=int, default=None)
    args = parser.parse_args()
    tokenizer = open_tokenizer(args.tokenizer)
    args.out.mkdir(parents=True, exist_ok=True)
    train = rows(args.shared / "polnear_train.jsonl.gz")[: args.limit]
    dev = rows(args.shared / "polnear_dev.jsonl.gz")[: args.limit]
    people = sorted({r["annotator"] for r in train})
    arrays = {}
    store = Store(tokenizer)
    for r in train:
        store.add(r["id"], r["text"], r["attributions"], people.index(r["annotator"]))
    arrays |= store.flat("train", with_text=False)
    held = [r for n, r in enumerate(train) if held_out(n)]
    held_store = Store(tokenizer)
    for r in held:
        held_store.add(r["id"], r["text"], r["attributions"])
    arrays |= held_store.flat("held", with_text=True)
    lost = sum(len(r["attributions"]) for r in train) - len(store.attributions)
    print(
        "train",
        len(train),
        "tokens",
        store.doc[-1],
        "attributions",
        len(store.attributions),
        "lost",
        lost,
    )
    dev_store = Store(tokenizer)
    for r in dev:
        dev_store.add(r["id"], r["text"], r["attributions"])
    arrays |= dev_store.flat("dev", with_text=True)
    # The same articles with a tenth of the marks deleted, gold moved along.
    damaged = [without_marks(r, share=0.1, seed=n) for n, r in enumerate(dev)]
    damaged_store = Store(tokenizer)
    for r in damaged:
        damaged_store.add(r["id"], r["text"], r["attributions"])
    arrays |= damaged_store.flat("damaged", with_text=True)
    segments = rows(args.shared / "polnear_segments_dev.jsonl.gz")[
        : None if args.limit is None else args.limit * 10
    ]
    segment_store = Store(tokenizer)
    segment_rows = []
    for r in segments:
        text, places = printed(r["tokens"])
        segment_store.add(r["id"], text, [])
        segment_rows.append({"places": places, "spans": word_spans(r)})
    arrays |= segment_store.flat("segments", with_text=True)
    # Fiction, for the one-pass tags alone: no links are annotated there.
    fiction = rows(args.shared / "riqua_segments_train.jsonl.gz")[: args.limit]
    fiction_store = Store(tokenizer)
    tags = []
    for r in fiction:
        text, places = printed(r["tokens"])
        fiction_store.add(r["id"], text, [])
        encoded_starts, encoded_ends = (
            fiction_store.arrays["starts"][-1],
            fiction_store.arrays["ends"][-1],
        )
        tag = np.zeros(len(encoded_starts), dtype=np.int8)
        for label, base in (("source", 1), ("cue", 3), ("content", 5)):
            for first, last in word_spans(r)[label]:
                s, e = token_range(
                    places[first][0], places[last - 1][1], encoded_starts, encoded_ends
                )
                tag[s:e] = base + 1
                if s < e:
                    tag[s] = base
        tags.append(tag)
    arrays |= fiction_store.flat("fiction", with_text=False)
    arrays["fiction_tags"] = np.concatenate(tags)
    np.savez_compressed(args.out / "tokens.npz", **arrays)
    with gzip.open(args.out / "gold.json.gz", "wt", encoding="utf-8") as file:
        json.dump(
            {
                "held": [{"text": r["text"], "attributions": thin(r)} for r in held],
                "dev": [{"text": r["text"], "attributions": thin(r)} for r in dev],
                "damaged": [{"text": r["text"], "attributions": thin(r)} for r in damaged],
                "segments": segment_rows,
            },
            file,
            ensure_ascii=False,
        )
    marks = {c: tokenizer.token_to_id(c) for c in '“”"‘’'}
    (args.out / "vocabulary.json").write_text(json.dumps(marks))


def thin(r):
    return [{k: a[k] for k in ("source", "cue", "content", "type")} for a in r["attributions"]]


def without_marks(row, *, share, seed):
    """The article with each double mark deleted at `share`, and its attributions moved along."""
    import random

    chance = random.Random(seed)
    text = row["text"]
    keep = [not (c in '“”"' and chance.random() < share) for c in text]
    moved = np.concatenate([[0], np.cumsum(keep)])
    attributions = []
    for a in row["attributions"]:
        b = dict(a)
        for k in ("source", "cue", "content"):
            b[k] = [[int(moved[s]), int(moved[e])] for s, e in a[k] if moved[s] < moved[e]]
        attributions.append(b)
    return {
        **row,
        "text": "".join(c for c, k in zip(text, keep, strict=True) if k),
        "attributions": attributions,
    }


if __name__ == "__main__":
    main()
