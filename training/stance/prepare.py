"""Write the stance training bundle: every text tokenised once, every pair a row of indices.

``python prepare.py --data DIR --tokenizer FILE --out DIR`` reads ``verification/*.jsonl.gz``,
adds the contrasts and negatives described in README.md, and writes ``train.npz.xz``,
``dev.npz.xz`` and ``meta.json``. About five minutes on one core.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import lzma
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
from answers import ASIDES, answer, question, report
from names import (
    WORD,
    counterpart,
    negate,
    shared_names,
    swap_number,
)

from onrecord.evidence.masks import masked, replaced
from onrecord.evidence.windows import cleaned, windows

LABELS = {"supported": 0, "refuted": 1, "nei": 2, "not_supported": 3, "conflicting": 4}
UNLABELLED = 255
KINDS = (
    "given",
    "hidden",
    "unrelated",
    "longer",
    "retrieved",
    "names_swapped",
    "number_changed",
    "negated",
    "name_changed",
    "compound",
    "pool",
    "masked",
    "asked",
    "answered",
    "reported",
)
PIECES = 4
# Sources whose claims are about the world rather than about a picture or an invented sentence.
FACTUAL = ("vitaminc", "fever", "exfever", "newprot", "citation", "conjnli")
# Texts about health and laboratory science. Of the given pairs about them hardly one in ten is nei,
# so that a model learns from the words alone that such a passage settles the claim.
SCIENCE = re.compile(
    r"covid|coronavirus|sars-cov|\bpatients?\b|clinical|vaccin|disease|infect|\bprotein|\bcells?\b|"
    r"\bgenes?\b|cancer|therap|\bdrugs?\b|immun|antibod|symptom|hospital|\bvirus",
    re.IGNORECASE,
)


def rows(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


CITATION = re.compile(r"\[?<\|(?:multi_)?cit\|>[^\]]*\]?")


def clean(text: str) -> str:
    """Return ``text`` as the package reads it, the marks of citation data removed."""
    return cleaned(CITATION.sub("", text))


class Texts:
    """The pool of distinct texts; index 0 is the empty text."""

    def __init__(self) -> None:
        self.index = {"": 0}

    def __call__(self, text: str) -> int:
        return self.index.setdefault(text, len(self.index))


def compressed(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays as one npz inside xz; the filter is set for 16-bit values."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    filters = [
        {"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 2, "lp": 1, "pb": 1, "dict_size": 1 << 25}
    ]
    path.write_bytes(lzma.compress(buffer.getvalue(), format=lzma.FORMAT_XZ, filters=filters))
    print(path, f"{path.stat().st_size / 2**20:.2f} MiB", flush=True)


def tokenised(texts: Texts, tokenizer) -> dict[str, np.ndarray]:
    found = [
        e.ids for e in tokenizer.encode_batch_fast(list(texts.index), add_special_tokens=False)
    ]
    ends = np.cumsum([len(f) for f in found])
    flat = np.fromiter((t for f in found for t in f), dtype=np.uint16, count=int(ends[-1]))
    return {"tokens": flat, "lengths": np.array([min(len(f), 65535) for f in found], np.uint16)}


class Table:
    """Rows under construction."""

    def __init__(self) -> None:
        self.claim: list[int] = []
        self.pieces: list[tuple[int, ...]] = []
        self.label: list[int] = []
        self.source: list[int] = []
        self.kind: list[int] = []
        self.parent: list[int] = []

    def add(
        self,
        claim: int,
        pieces: tuple[int, ...],
        label: int,
        source: int,
        kind: str,
        parent: int = -1,
    ) -> None:
        self.claim.append(claim)
        self.pieces.append(pieces + (0,) * (PIECES - len(pieces)))
        self.label.append(label)
        self.source.append(source)
        self.kind.append(KINDS.index(kind))
        self.parent.append(parent)

    def arrays(self) -> dict[str, np.ndarray]:
        return {
            "claim": np.array(self.claim, np.int32),
            "pieces": np.array(self.pieces, np.int32),
            "label": np.array(self.label, np.uint8),
            "source": np.array(self.source, np.uint8),
            "kind": np.array(self.kind, np.uint8),
            "parent": np.array(self.parent, np.int32),
        }


def stemless(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z0-9]+", text.lower()) if len(w) > 3}


def neighbours(claims: list[str], evidence: list[str], *, k: int) -> np.ndarray:
    """Return the ``k`` evidence indices that BM25 ranks first for each claim."""
    import bm25s

    engine = bm25s.BM25()
    engine.index(bm25s.tokenize(evidence, stopwords="en", show_progress=False), show_progress=False)
    queries = bm25s.tokenize(claims, stopwords="en", show_progress=False)
    found, _ = engine.retrieve(queries, k=k, show_progress=False, n_threads=1)
    return found


def training(data: Path, texts: Texts, sources: list[str], rng: random.Random, limit: int) -> Table:
    given = rows(data / "verification" / "train_mix.jsonl.gz")
    if limit:
        given = rng.sample(given, limit)
    table = Table()
    where = {s: i for i, s in enumerate(sources)}
    cleaned = [(clean(r["claim"]), clean(r["evidence"])) for r in given]
    for r, (c, e) in zip(given, cleaned, strict=True):
        table.add(texts(c), (texts(e),), LABELS[r["label"]], where[r["src"]], "given")
    n = len(given)
    factual = [i for i in range(n) if given[i]["src"].startswith(FACTUAL)]
    share = n / 206_668

    def some(rows_: list[int], count: int) -> list[int]:
        return rng.sample(rows_, min(len(rows_), int(count * share)))

    # Words that the corpus writes small less than one time in ten are names.
    small, large = Counter(), Counter()
    for c, e in cleaned:
        for w in re.findall(r"[A-Za-z]+", f"{c} {e}"):
            (large if w[0].isupper() else small)[w.lower()] += 1
    names = {
        w for c, e in cleaned for w in WORD.findall(c) if small[w.lower()] * 9 < large[w.lower()]
    }
    generic = sorted(w for w in names if large[w.lower()] >= 3)

    # Nothing, and something about another matter, settle nothing.
    for i in some(list(range(n)), 7000):
        table.add(table.claim[i], (), LABELS["nei"], table.source[i], "hidden")
    for i in some(factual, 7000):
        j = rng.choice(factual)
        if not stemless(cleaned[i][0]) & stemless(cleaned[j][1]):
            table.add(
                table.claim[i], (table.pieces[j][0],), LABELS["nei"], table.source[i], "unrelated"
            )

    # Passages that a search for the claim returns and that were written for another claim.
    asked = some(factual, 60_000)
    pool_text = list(dict.fromkeys(cleaned[i][1] for i in factual))
    found = neighbours([cleaned[i][0] or "nothing" for i in asked], pool_text, k=40)
    near: dict[int, np.ndarray] = {}
    for i, ranks in zip(asked, found, strict=True):
        near[i] = ranks
        claim, gold = stemless(cleaned[i][0]), stemless(cleaned[i][1])
        usable = []
        for j in ranks:
            there = stemless(pool_text[j])
            if len(there & gold) > 0.4 * max(1, min(len(there), len(gold))):
                continue  # a version of the gold passage: it may well answer
            usable.append((int(j), len(there & claim) / max(1, len(claim))))
        safe = [j for j, cover in usable if cover <= 0.5]
        if safe and rng.random() < 0.5:
            table.add(
                table.claim[i],
                (texts(pool_text[safe[0]]),),
                LABELS["nei"],
                table.source[i],
                "retrieved",
            )
        picked = (rng.randrange(5), rng.randrange(5, 15), rng.randrange(15, 40))
        for j in {int(ranks[k]) for k in picked}:
            table.add(table.claim[i], (texts(pool_text[j]),), UNLABELLED, table.source[i], "pool")

    # Two claims in one sentence hold only if both do.
    row_of = {cleaned[i][1]: i for i in factual}
    for i in some([i for i in asked if given[i]["label"] != "not_supported"], 22_000):
        j = row_of[pool_text[int(near[i][rng.randrange(12)])]]
        labels = {given[i]["label"], given[j]["label"]}
        if not cleaned[i][0] or not cleaned[j][0]:
            continue
        if (
            "not_supported" in labels
            or cleaned[i][0] == cleaned[j][0]
            or len(cleaned[i][0].split()) + len(cleaned[j][0].split()) > 45
        ):
            continue
        a, b = cleaned[i][0], cleaned[j][0]
        first_word = b.split()[0]
        if first_word.lower() in {
            "the",
            "a",
            "an",
            "it",
            "he",
            "she",
            "his",
            "her",
            "their",
            "in",
            "there",
        }:
            b = b[:1].lower() + b[1:]
        both = f"{a.rstrip(' .')}{rng.choice((' and ', ', and ', ', while ', '; '))}{b}"
        e = [table.pieces[i][0], table.pieces[j][0]]
        if rng.random() < 0.6:
            label = "refuted" if "refuted" in labels else "nei" if "nei" in labels else "supported"
            rng.shuffle(e)
            table.add(texts(both), tuple(e), LABELS[label], table.source[i], "compound")
        else:
            label = {"supported": "not_supported", "nei": "nei", "refuted": "refuted"}[
                given[i]["label"]
            ]
            table.add(texts(both), (e[0],), LABELS[label], table.source[i], "compound")

    # The same evidence inside a longer passage.
    long_from = [i for i in asked if len(cleaned[i][1].split()) < 90]
    for i in some(long_from, 26_000):
        around = [
            texts(pool_text[int(j)])
            for j in near[i][rng.randrange(8, 20) :]
            if len(pool_text[int(j)].split()) < 70
        ]
        if rng.random() < 0.4 or given[i]["label"] in {"nei", "not_supported"}:
            around = [table.pieces[rng.choice(factual)][0] for _ in range(3)]
        around = around[: rng.randint(1, 3)]
        around.insert(rng.randint(0, len(around)), table.pieces[i][0])
        table.add(table.claim[i], tuple(around), table.label[i], table.source[i], "longer", i)

    for i in some(factual, 80_000):
        c, e = cleaned[i]
        shared = shared_names(c, e, names)
        if shared and rng.random() < 0.6:
            mapping = {w: counterpart(w, generic, rng) for w in shared}
            table.add(
                texts(replaced(c, mapping)),
                (texts(replaced(e, mapping)),),
                table.label[i],
                table.source[i],
                "names_swapped",
                i,
            )
        if given[i]["label"] != "supported":
            continue
        if shared and rng.random() < 0.25:
            w = rng.choice(shared)
            changed = replaced(c, {w: counterpart(w, generic, rng)})
            table.add(
                texts(changed),
                (table.pieces[i][0],),
                LABELS["not_supported"],
                table.source[i],
                "name_changed",
            )
    checked = [
        i
        for i in range(n)
        if given[i]["src"].startswith(("vitaminc", "fever", "exfever", "newprot"))
    ]
    for i in checked:
        c, e = cleaned[i]
        if given[i]["label"] == "supported":
            changed = swap_number(c, e, rng)
            if changed:
                table.add(
                    texts(changed),
                    (table.pieces[i][0],),
                    LABELS["refuted"],
                    table.source[i],
                    "number_changed",
                )
        if given[i]["label"] in {"supported", "refuted"} and rng.random() < 0.3:
            changed = negate(c)
            if changed:
                label = LABELS["refuted" if given[i]["label"] == "supported" else "supported"]
                table.add(texts(changed), (table.pieces[i][0],), label, table.source[i], "negated")
    same_field(table, texts, given, cleaned, rng)
    in_other_forms(table, texts, given, cleaned, [(i, near[i]) for i in asked], rng)
    mask_names(table, texts)
    return table


def same_field(
    table: Table,
    texts: Texts,
    given: list[dict],
    cleaned: list[tuple[str, str]],
    rng: random.Random,
) -> None:
    """Add passages of the same field of science that do not answer, and some for a teacher."""
    field = [
        i
        for i, (c, e) in enumerate(cleaned)
        if given[i]["src"].startswith("citation")
        or (
            given[i]["src"].startswith(FACTUAL)
            and not given[i]["src"].startswith("conjnli")
            and SCIENCE.search(c)
            and SCIENCE.search(e)
        )
    ]
    pool = list(dict.fromkeys(cleaned[i][1] for i in field))
    if len(pool) < 50:
        return
    found = neighbours([cleaned[i][0] or "nothing" for i in field], pool, k=40)
    for i, ranks in zip(field, found, strict=True):
        claim, gold = stemless(cleaned[i][0]), stemless(cleaned[i][1])
        usable = []
        for j in ranks:
            there = stemless(pool[j])
            version = len(there & gold) > 0.35 * max(1, min(len(there), len(gold)))
            shared = len(there & claim)
            if not version and 1 <= shared <= 0.5 * max(1, len(claim)):
                usable.append(int(j))
        count = 3 if given[i]["src"].startswith("citation") else 1
        for j in usable[:1] + rng.sample(usable[1:], min(len(usable[1:]), count - 1)):
            nei = LABELS["nei"]
            table.add(table.claim[i], (texts(pool[j]),), nei, table.source[i], "retrieved")
        for k in (rng.randrange(6), rng.randrange(6, 30)):
            piece = (texts(pool[int(ranks[k])]),)
            table.add(table.claim[i], piece, UNLABELLED, table.source[i], "pool")


# Rows of each form, of the whole of train_mix.
FORMS = {"asked": 15_000, "answered": 14_000, "reported": 9_000}


def in_other_forms(
    table: Table,
    texts: Texts,
    given: list[dict],
    cleaned: list[tuple[str, str]],
    near: list[tuple[int, np.ndarray]],
    rng: random.Random,
) -> None:
    """Add passages that are questions with answers, and reports of what is so, not so or open."""
    share = len(given) / 206_668
    usable = [i for i, _ in near if 4 <= len(cleaned[i][0].split()) <= 30]
    of_text: dict[str, int] = {}
    for i in usable:
        of_text.setdefault(cleaned[i][1], i)
    others = list(of_text.values())

    def about_others(i: int, count: int) -> list[str]:
        """Return other questions with their answers, of no bearing on claim ``i``."""
        out = []
        for _ in range(count):
            if rng.random() < 0.4:
                out.append(" ".join(rng.choice(ASIDES)))
                continue
            c, e = cleaned[rng.choice(others)]
            if not stemless(c) & stemless(cleaned[i][0]):
                out.append(f"{question(c, rng)} {e}")
        return out

    def put(i: int, parts: list[str], label: str, kind: str, parent: int = -1) -> None:
        piece = texts(" ".join(parts))
        table.add(table.claim[i], (piece,), LABELS[label], table.source[i], kind, parent)

    def draw(kind: str) -> list[int]:
        return rng.sample(usable, min(len(usable), int(FORMS[kind] * share)))

    for i in draw("asked"):  # the given passage, as the answer to a question about the claim
        c, e = cleaned[i]
        parts = about_others(i, rng.choice((0, 0, 1, 2)))
        parts.insert(rng.randint(0, len(parts)), f"{question(c, rng)} {e}")
        put(i, parts, given[i]["label"], "asked", i)
    for i in draw("answered"):
        c, e = cleaned[i]
        label = given[i]["label"]
        parts = about_others(i, rng.choice((0, 0, 1, 2)))
        said = rng.choice(("supported", "refuted", "nei"))
        if label in {"supported", "refuted"} and rng.random() < 0.45:
            one = f"{question(c, rng)} {answer(label, rng)} {e}"
        else:
            label = said
            one = f"{question(c, rng)} {answer(said, rng)}".strip()
        parts.insert(rng.randint(0, len(parts)), one)
        put(i, parts, label, "answered")
    for i in draw("reported"):
        c, _ = cleaned[i]
        label = rng.choice(("supported", "refuted", "nei"))
        parts = [report(c, label, rng)]
        if rng.random() < 0.5:
            other = cleaned[rng.choice(others)][1]
            if not stemless(other) & stemless(c):
                parts.insert(rng.randint(0, 1), other)
        put(i, parts, label, "reported")


# How many rows of a kind get a twin with their shared names masked.
MASKED_SHARE = {
    "given": 1.0,
    "retrieved": 0.4,
    "pool": 0.15,
    "longer": 0.4,
    "asked": 0.5,
    "answered": 0.5,
    "reported": 0.5,
}


def mask_names(table: Table, texts: Texts) -> None:
    """Add twins whose shared names are placeholders; a twin keeps its row's label and judge."""
    rng = random.Random(21)  # of its own, so that the rows before stay what they were
    words = list(texts.index)
    for i in range(len(table.claim)):
        share = MASKED_SHARE.get(KINDS[table.kind[i]], 0.0)
        if not share or rng.random() >= share or not table.pieces[i][0]:
            continue
        claim = words[table.claim[i]]
        parts = [words[p] for p in table.pieces[i] if p]
        new, passage = masked(claim, "\n".join(parts))
        if new == claim:
            continue
        pieces = tuple(texts(p) for p in passage.split("\n"))
        root = table.parent[i] if table.parent[i] >= 0 else i
        table.add(texts(new), pieces, table.label[i], table.source[i], "masked", root)


def development(
    data: Path, texts: Texts, tokenizer, rng: random.Random, limit: int
) -> tuple[dict, list[str]]:
    """Return window rows of all development sets, with the item and set each belongs to."""
    claim, piece, item, which, label = [], [], [], [], []
    names: list[str] = []
    items = 0
    hide = False  # whether shared names are masked, window by window

    def count(texts_: list[str]) -> list[int]:
        return [len(e.ids) for e in tokenizer.encode_batch(texts_, add_special_tokens=False)]

    def put(name: str, pairs: list[tuple[str, str, int]]) -> None:
        nonlocal items
        names.append(name)
        for c, e, y in pairs[: limit or None]:
            for w in windows(e, count):
                said, shown = masked(c, w) if hide else (c, w)
                claim.append(texts(said))
                piece.append(texts(shown))
                item.append(items)
                which.append(len(names) - 1)
                label.append(y)
            items += 1

    loaded = {}
    for name in (
        "vitaminc",
        "fever_symmetric",
        "fm2",
        "wice_oracle",
        "healthver",
        "conjnli",
        "averitec",
    ):
        found = rows(data / "verification" / f"{name}.dev.jsonl.gz")
        loaded[name] = [
            (clean(r["claim"]), clean(r["evidence"]), LABELS[r["label"]]) for r in found
        ]
        put(name, loaded[name])
    put("hidden", [(c, "", y) for c, _, y in loaded["vitaminc"]])
    every = loaded["vitaminc"] + loaded["fever_symmetric"] + loaded["fm2"]
    small, large = Counter(), Counter()
    for c, e, _ in every:
        for w in re.findall(r"[A-Za-z]+", f"{c} {e}"):
            (large if w[0].isupper() else small)[w.lower()] += 1
    proper = {
        w for c, e, _ in every for w in WORD.findall(c) if small[w.lower()] * 9 < large[w.lower()]
    }
    plain, swapped = [], []
    for c, e, y in rng.sample(every, len(every)):
        shared = shared_names(c, e, proper)
        if shared and len(plain) < 1200:
            mapping = {w: counterpart(w, sorted(proper), rng) for w in shared}
            plain.append((c, e, y))
            swapped.append((replaced(c, mapping), replaced(e, mapping), y))
    put("before_swap", plain)
    put("after_swap", swapped)
    fm2 = loaded["fm2"]
    off = [(fm2[i][0], fm2[(i + 400) % len(fm2)][1], 2) for i in range(len(fm2))]
    put("off_topic", off)
    hide = True
    for name, pairs in loaded.items():
        put(f"masked:{name}", pairs)
    put("masked:off_topic", off)
    put("masked:before_swap", plain)
    put("masked:after_swap", swapped)
    arrays = {
        "claim": np.array(claim, np.int32),
        "piece": np.array(piece, np.int32),
        "item": np.array(item, np.int32),
        "set": np.array(which, np.uint8),
        "label": np.array(label, np.uint8),
    }
    return arrays, names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--limit", type=int, default=0, help="rows of train_mix and of each dev set; 0 is all"
    )
    args = parser.parse_args()
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rng = random.Random(20)
    args.out.mkdir(parents=True, exist_ok=True)
    sources = sorted({r["src"] for r in rows(args.data / "verification" / "train_mix.jsonl.gz")})
    texts = Texts()
    table = training(args.data, texts, sources, rng, args.limit)
    arrays = table.arrays()
    print(
        {k: int((arrays["kind"] == i).sum()) for i, k in enumerate(KINDS)},
        len(texts.index),
        flush=True,
    )
    compressed(args.out / "train.npz.xz", **arrays, **tokenised(texts, tokenizer))
    texts = Texts()
    arrays, names = development(args.data, texts, tokenizer, random.Random(22), args.limit)
    compressed(args.out / "dev.npz.xz", **arrays, **tokenised(texts, tokenizer))
    meta = {"sources": sources, "kinds": KINDS, "labels": LABELS, "sets": names}
    (args.out / "meta.json").write_text(json.dumps(meta, indent=1))


if __name__ == "__main__":
    main()
