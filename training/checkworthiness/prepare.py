"""Write the check-worthiness bundle: debate sentences, with and without their accidental features.

``python prepare.py --data DIR --tokenizer FILE --out DIR``. Each training sentence may carry two
variants that keep its label: names swapped for their counterparts, and the first person rewritten
as a report ("We created" becomes "the government created"), because news has no speaking "I".
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from names import KINDS
from prepare import Texts, compressed, tokenised

from onrecord.evidence.masks import WORD, replaced

SPEAKER = re.compile(r"^\s*(?:[A-Z][A-Za-z.'-]+\s){0,2}[A-Z][A-Z.'-]+\s*:\s+")
REPORTERS = (
    (
        "he she the senator the governor the president the candidate the minister the spokesman "
        "the spokeswoman the mayor the company the campaign the government the party the ministry"
    )
    .replace(" the ", "|the ")
    .replace("he she", "he|she")
    .split("|")
)
TAGS = ("said", "told reporters", "argued", "claimed", "added", "said on Tuesday", "wrote")
FILLER = re.compile(
    r"^(?:well|now|look|listen|and|but|so|you know|you see|i mean|let me tell you|the fact is|the truth is)[,\s]+",
    re.IGNORECASE,
)


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def clean(text: str) -> str:
    """Return ``text`` without the quotation marks of its file format and without a speaker label."""
    text = text.strip()
    if len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        text = text[1:-1].replace('""', '"')
    return re.sub(r"\s+", " ", SPEAKER.sub("", text)).strip()


def swapped(text: str, rng: random.Random) -> str:
    """Return ``text`` with every listed name replaced by another of its kind, consistently."""
    mapping = {}
    for word in WORD.findall(text):
        for kind in KINDS:
            if word in kind:
                mapping[word] = rng.choice([w for w in kind if w != word])
                break
    return replaced(text, mapping) if mapping else text


def reported(text: str, rng: random.Random) -> str:
    """Return ``text`` in the third person, often inside a report, as news would carry it."""
    out = FILLER.sub("", text)
    who = rng.choice(REPORTERS)
    his = {"he": "his", "she": "her"}.get(
        who,
        "its"
        if who.split()[-1] in {"company", "campaign", "government", "party", "ministry"}
        else rng.choice(("his", "her")),
    )
    him = {"his": "him", "her": "her", "its": "it"}[his]
    we, our = rng.choice(
        (
            ("the country", "the country's"),
            ("they", "their"),
            ("the administration", "the administration's"),
            ("the government", "the government's"),
        )
    )
    for pattern, new in (
        (r"\bI'm\b", f"{who} is"),
        (r"\bI am\b", f"{who} is"),
        (r"\bI've\b", f"{who} has"),
        (r"\bI have\b", f"{who} has"),
        (r"\bI'll\b", f"{who} will"),
        (r"\bI'd\b", f"{who} would"),
        (r"\bI\b", who),
        (r"\bmy\b", his),
        (r"\bme\b", him),
        (r"\bmyself\b", him),
        (r"\bwe're\b", f"{we} is" if we != "they" else "they are"),
        (r"\bwe've\b", f"{we} has" if we != "they" else "they have"),
        (r"\bwe'll\b", f"{we} will"),
        (r"\bwe are\b", f"{we} is" if we != "they" else "they are"),
        (r"\bwe have\b", f"{we} has" if we != "they" else "they have"),
        (r"\bwe\b", we),
        (r"\bour\b", our),
        (r"\bus\b", "them" if we == "they" else we),
        (r"\bourselves\b", "themselves"),
    ):
        out = re.sub(pattern, new, out, flags=re.IGNORECASE)
    out = out[:1].upper() + out[1:]
    shape = rng.random()
    if out and shape < 0.35:
        body = out.rstrip(".!")
        speaker = rng.choice(REPORTERS)
        tag = rng.choice(TAGS)
        if shape < 0.2:
            return f"{speaker[:1].upper()}{speaker[1:]} {tag.split()[0]} that {body[:1].lower()}{body[1:]}."
        return f"{body}, {speaker} {tag}."
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rng = random.Random(4)
    texts = Texts()
    found = rows(args.data / "checkworthiness" / "debates.jsonl.gz")
    train = [r for r in found if r["split"] == "train"]
    known = {clean(r["text"]).lower() for r in train}
    dev = [r for r in found if r["split"] == "dev"]
    fresh = [r for r in dev if clean(r["text"]).lower() not in known]
    print(f"{len(dev) - len(fresh)} development rows are copies of training rows and are left out")
    table: dict[str, list[int]] = {
        "text": [],
        "label": [],
        "set": [],
        "swap": [],
        "report": [],
        "doc": [],
    }
    sets = ["train", "dev", "dev_swapped", "dev_reported", "transcripts"]

    def add(
        text: str, label: int, which: int, *, swap: int = 0, report: int = 0, doc: int = 0
    ) -> None:
        for key, value in zip(table, (texts(text), label, which, swap, report, doc), strict=True):
            table[key].append(value)

    for r in train:
        text = clean(r["text"])
        first = swapped(text, rng)
        add(text, r["label"], 0, swap=texts(first), report=texts(reported(swapped(text, rng), rng)))
    for r in fresh:
        text = clean(r["text"])
        add(text, r["label"], 1)
        add(swapped(text, rng), r["label"], 2)
        add(reported(text, rng), r["label"], 3)
    docs: dict[str, int] = {}
    for r in rows(args.data / "checkworthiness" / "debate_transcripts.jsonl.gz"):
        add(clean(r["text"]), r["label"], 4, doc=docs.setdefault(r["doc"], len(docs)))
    arrays = {k: np.array(v, np.int32) for k, v in table.items()}
    args.out.mkdir(parents=True, exist_ok=True)
    compressed(args.out / "rows.npz.xz", **arrays, **tokenised(texts, tokenizer))
    (args.out / "meta.json").write_text(json.dumps({"sets": sets}))
    for r in rng.sample(train, 6):
        print(
            clean(r["text"]),
            "|",
            swapped(clean(r["text"]), rng),
            "|",
            reported(clean(r["text"]), rng),
            sep="\n  ",
        )


if __name__ == "__main__":
    main()
