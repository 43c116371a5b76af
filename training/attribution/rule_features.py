"""Add what the rules say to the token arrays: `python rule_features.py --shared DIR --tokenizer FILE --out DIR`.

Run it after `data.py`, and again whenever the rules have changed. Every split gets the rules'
attributions in token numbers; the training articles also get copies with other or damaged
quotation marks, on which the rules are run anew.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
from data import Store, held_out, printed, rows, without_marks

from onrecord.attribution.hints import hints_of
from onrecord.attribution.rules import attributions
from onrecord.models.encode import open_tokenizer, tokens
from onrecord.read import read
from onrecord.read.sentences import sentences
from onrecord.record import Capture

N_COPIES = 3
_SHARES = (0.1, 0.15, 0.3)
_OPENS_AFTER = "([{—–-/“‘"


def hint_rows(tokenizer, texts, prefix):
    """The rules' attributions of the texts as rows of numbers."""
    heads, contents = [], []
    for number, text in enumerate(texts):
        page = read(Capture(None, None, "text/plain; charset=utf-8", text.encode()))
        if page.text != text:  # places would not agree
            raise SystemExit(f"reading text {number} of {prefix} changed it")
        encoded = tokens(tokenizer, text)
        found = attributions(page, sentences(page))
        for hint in hints_of(found, encoded.starts, encoded.ends):
            contents.extend((len(heads), *span) for span in hint.content)
            heads.append((number, *(hint.cue or (-1, -1)), *(hint.source or (-1, -1))))
    print(prefix, len(texts), "texts", len(heads), "attributions", flush=True)
    return {
        f"{prefix}_hints": np.array(heads, dtype=np.int32).reshape(-1, 5),
        f"{prefix}_hint_contents": np.array(contents, dtype=np.int32).reshape(-1, 3),
    }


def changed(row, *, seed, share):
    """The article in another style of marks, some of them deleted, doubled or replaced."""
    chance = random.Random(seed)
    style = chance.choice(("keep", "keep", "straight", "curly", "curly", "single"))
    text = row["text"]
    pieces, moved, at = [], [0], 0
    for n, c in enumerate(text):
        piece = c
        if c in '“”"':
            before = text[n - 1] if n else " "
            opens = c == "“" or (c == '"' and (before.isspace() or before in _OPENS_AFTER))
            pair = {"straight": '""', "curly": "“”", "single": "‘’"}.get(style, c + c)
            piece = pair[0 if opens else 1]
            if chance.random() < share:
                piece = chance.choice(
                    ("", "", "", piece * 2, '"' if piece != '"' else "“", "”" if opens else "“")
                )
        pieces.append(piece)
        at += len(piece)
        moved.append(at)
    found = []
    for a in row["attributions"]:
        b = dict(a)
        for k in ("source", "cue", "content"):
            b[k] = [[moved[s], moved[e]] for s, e in a[k] if moved[s] < moved[e]]
        found.append(b)
    return {**row, "text": "".join(pieces), "attributions": found}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder `attribution`")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--limit", type=int, default=None)
    args = parser.parse_args()
    tokenizer = open_tokenizer(args.tokenizer)
    train = rows(args.shared / "polnear_train.jsonl.gz")[: args.limit]
    dev = rows(args.shared / "polnear_dev.jsonl.gz")[: args.limit]
    segments = rows(args.shared / "polnear_segments_dev.jsonl.gz")[
        : None if args.limit is None else args.limit * 10
    ]
    people = sorted({r["annotator"] for r in train})
    texts = {
        "train": [r["text"] for r in train],
        "held": [r["text"] for n, r in enumerate(train) if held_out(n)],
        "dev": [r["text"] for r in dev],
        "damaged": [without_marks(r, share=0.1, seed=n)["text"] for n, r in enumerate(dev)],
        "segments": [printed(r["tokens"])[0] for r in segments],
    }
    arrays = {}
    for prefix, some in texts.items():
        arrays |= hint_rows(tokenizer, some, prefix)
    store, article, copied = Store(tokenizer), [], []
    for n, r in enumerate(train):
        for k in range(N_COPIES):
            copy = changed(r, seed=n * N_COPIES + k, share=_SHARES[k % len(_SHARES)])
            store.add(r["id"], copy["text"], copy["attributions"], people.index(r["annotator"]))
            article.append(n)
            copied.append(copy["text"])
    arrays |= store.flat("copies", with_text=False)
    arrays["copies_article"] = np.array(article, dtype=np.int32)
    arrays |= hint_rows(tokenizer, copied, "copies")
    np.savez_compressed(args.out / "rules.npz", **arrays)


if __name__ == "__main__":
    main()
