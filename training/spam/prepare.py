"""Cut the two usable sets into pieces of a reply's length and write their features.

Mails are longer than replies and carry quoted lines, list names and header lines that no reply
has; a model of whole mails learns these. So each mail gives at most three pieces of 60 to 700
characters from different places, without the lines that are quoted or headers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from pathlib import Path

import numpy as np

from onrecord.newsroom.spam_features import features

SETS = ("tg_spam", "spamassassin")  # the only ones whose licence lets them train shipped weights
PIECES = 3
HEADER = re.compile(
    r"\b(?:date|message-id|from|to|subject|content-type|sender|url|list-\w+):\s?\S+", re.IGNORECASE
)
LIST_NAME = re.compile(r"^(?:(?:re|fw|fwd):\s*|\[[^\]]{1,30}\]\s*)+", re.IGNORECASE)
QUOTED = re.compile(r"(?:^|\s)[>|]+\s")


def pieces(text: str, *, chance: random.Random, is_mail: bool) -> list[str]:
    """Stretches of a text as long as replies are."""
    if not is_mail:
        return [text]
    text = QUOTED.sub(" ", HEADER.sub(" ", LIST_NAME.sub("", text)))
    words = text.split()
    out = []
    for _ in range(PIECES):
        length = chance.choice((60, 120, 200, 350, 700))
        start = chance.randrange(max(1, len(words) - 8))
        piece = " ".join(words[start : start + length // 6])
        if len(piece) >= 20:
            out.append(piece)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the spam sets")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    chance = random.Random(1)
    places, values, ends, labels, sets, splits, rules = [], [], [0], [], [], [], []
    for number, name in enumerate(SETS):
        with gzip.open(args.data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for row in rows:
            for piece in pieces(row["text"], chance=chance, is_mail=name == "spamassassin"):
                f = features(piece)
                places.append(f.places.astype(np.int32))
                values.append(f.values)
                ends.append(ends[-1] + len(f.places))
                labels.append(row["label"] == "spam")
                sets.append(number)
                splits.append(row["split"] == "train")
                rules.append(f.rules)
        print(name, len(rows), "texts,", len(labels), "pieces so far")
    np.savez(
        args.out,
        places=np.concatenate(places),
        values=np.concatenate(values),
        ends=np.array(ends),
        labels=np.array(labels),
        sets=np.array(sets),
        is_train=np.array(splits),
        rules=np.array(rules),
    )


if __name__ == "__main__":
    main()
