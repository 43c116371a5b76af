"""Whether edited copies of articles are found, and altered quotations.

`--data` is a file of `{id, text}`. Half of the texts are the history; every kind of edit is made by
code on texts of it (its copies must be found) and on texts outside of it (nothing must be). The
kinds: `dropped_10` to `dropped_70` leave that share of sentences out; `replaced_5` to `replaced_20`
put other words of the same texts in the place of that share; `shuffled` sentences; `excerpt`, a
quarter of the sentences, at least three, in a new text three times as long; `quotations`, nothing
but what stood between marks, in a new text; `merged`, paragraphs of two texts in turn, both of which
must be found; `normalised` case, marks and dashes; `boilerplate` around it; `numbers` in words.

`KIND.recall` is the share of copies found where `KIND.precision` is at least .95, else 0; the
precision is the share of what is reported that is right. What shares six words in a row with the
unedited text is neither right nor wrong: these texts report on the same events, and it was copied
before we came. `altered_1` and `altered_2` are the share of quotations of eight words or more that
are found alone in a new text after so many words were left out, put in, replaced or swapped.

`--stage minhash` measures MinHash (datasketch, 128 permutations over five-word shingles, the best
Jaccard that keeps the precision) on the same copies; `--stage speed` 100,000 articles of shuffled
words.
"""

from __future__ import annotations

import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench.rows import DataError, all_rows
from bench.scores import Measured, Score, interval, ratio, single
from onrecord.ports import Sighting
from onrecord.read import read
from onrecord.record import Capture, Document, Page
from onrecord.reuse.find import reuse
from onrecord.reuse.index import FingerprintIndex, open_fingerprint_index
from onrecord.span import Span

SEED = 20261126
N_COPIES = 200  # of each kind, and as many of texts that are not in the history
MIN_WORDS = 100
PRECISION = 0.95
N_SPEED, N_QUESTIONS, N_SPEED_WORDS = 100_000, 200, 400
DROPPED, REPLACED = (10, 30, 50, 70), (5, 10, 20)
KINDS = (
    *(f"dropped_{n}" for n in DROPPED),
    *(f"replaced_{n}" for n in REPLACED),
    "shuffled",
    "excerpt",
    "quotations",
    "merged",
    "normalised",
    "boilerplate",
    "numbers",
)
NAMES = (
    *(f"{kind}.{score}" for kind in KINDS for score in ("recall", "precision")),
    "altered_1",
    "altered_2",
    "megabytes_for_a_million",
    "milliseconds",
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*[\"”’)]*\s*")
_SAID = re.compile(r"[\"“]([^\"“”\n]{40,})[\"”]")
_SHARED = 6
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_BEFORE = "Skip to content. Sign in. Subscribe for a pound a week and read everything we have.\n\n"
_AFTER = (
    "\n\nFollow us for more stories like this one. All rights reserved. Read next: ten gardens to "
    "see this summer. Get the morning letter with the day's news, free, in your inbox."
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the set and the runs of six words in it."""

    id: str
    text: str
    runs: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Copy:
    """An edited text, the texts that it was made from, and all whose words are in it.

    `is_inside` says whether the sources are in the history.
    """

    text: str
    sources: tuple[Text, ...]
    used: tuple[Text, ...]
    is_inside: bool


@dataclass(slots=True)
class History:
    """A history in memory. Implements `ports.TextHistory`."""

    texts: dict[str, Text] = field(default_factory=dict)
    index: FingerprintIndex = field(default_factory=partial(open_fingerprint_index, None))

    def near(self, text: str, within: Sequence[Span]) -> tuple[Sighting, ...]:
        """See `ports.TextHistory.near`."""
        near = self.index.asked(text, within)
        return tuple(
            Sighting(Document(one, self.texts[one].text), "2026-11-26")
            for one in near.ids
            if near.is_likely(one, self.texts[one].text)
        )

    def __len__(self) -> int:
        return len(self.texts)


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Scores of all kinds; `stage` may be `minhash` or `speed`. There are no splits."""
    del split
    texts = _texts(data)
    if stage == "speed":
        return speed(texts, n=N_SPEED)
    if stage not in (None, "minhash"):
        raise DataError(f"copies has the stages 'minhash' and 'speed', not {stage!r}")
    shuffled = random.Random(SEED)
    shuffled.shuffle(texts)
    half = len(texts) // 2
    inside, outside = texts[:half], texts[half:]
    find = _by_minhash(inside) if stage == "minhash" else _by_reuse(inside)
    scores: dict[str, Score] = {}
    n = 0
    for kind in KINDS:
        copies = _copies(kind, inside, outside)
        n += len(copies)
        scores |= _scored(kind, [(copy, find(copy.text)) for copy in copies], inside)
    if stage is None:
        for n_edits in (1, 2):
            scores[f"altered_{n_edits}"] = _altered(n_edits, inside, outside, find)
    return Measured(n, scores)


# What was found: ids of texts, each with a score, greater for surer.
Finder = Callable[[str], dict[str, float]]


def _by_reuse(inside: Sequence[Text]) -> Finder:
    history = History({one.id: one for one in inside})
    history.index.add((one.id, one.text) for one in inside)

    def find(text: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for one in reuse(_page(text), history=history):
            document = one.passage.document
            found[document] = max(found.get(document, 0.0), 1.0)
        return found

    return find


def _by_minhash(inside: Sequence[Text]) -> Finder:
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise DataError("datasketch is not installed; run: pip install datasketch") from error

    def made(text: str) -> MinHash:
        split = text.lower().split()
        minhash = MinHash(num_perm=128, seed=1)
        minhash.update_batch(" ".join(split[i : i + 5]).encode() for i in range(len(split) - 4))
        return minhash

    signatures = np.array([made(one.text).hashvalues for one in inside])

    def find(text: str) -> dict[str, float]:
        jaccard = (signatures == made(text).hashvalues).mean(axis=1)
        return {inside[at].id: float(jaccard[at]) for at in np.flatnonzero(jaccard)}

    return find


def _scored(
    kind: str, found: Sequence[tuple[Copy, dict[str, float]]], inside: Sequence[Text]
) -> dict[str, Score]:
    """Recall at the lowest threshold that keeps the precision, and the precision there."""
    by_id = {one.id: one for one in inside}
    rights: list[list[float]] = []
    wrongs: list[list[float]] = []
    for copy, scores in found:
        ids = {one.id for one in copy.sources}
        rights.append([scores.get(one.id, 0.0) for one in copy.sources if copy.is_inside])
        wrongs.append(
            [
                score
                for text_id, score in scores.items()
                if text_id not in ids
                and not any(one.runs & by_id[text_id].runs for one in copy.used)
            ]
        )
    thresholds = sorted({score for row in rights for score in row if score > 0})
    best: dict[str, Score] = {f"{kind}.recall": single(0), f"{kind}.precision": single(0)}
    for least in thresholds:
        table = [
            (sum(s >= least for s in right), len(right), sum(s >= least for s in wrong))
            for right, wrong in zip(rights, wrongs, strict=True)
        ]
        hits, _, false = np.sum(table, axis=0)
        precision = ratio(hits, hits + false)
        if precision >= PRECISION or least == thresholds[-1]:
            enough = precision >= PRECISION
            best = {
                f"{kind}.recall": interval(table, lambda c: ratio(c[0], c[1]))
                if enough
                else single(0),
                f"{kind}.precision": interval(table, lambda c: ratio(c[0], c[0] + c[2])),
            }
            break
    return best


def _copies(kind: str, inside: Sequence[Text], outside: Sequence[Text]) -> list[Copy]:
    """Edited texts of the history, and as many edited in the same way that are not of it."""
    out: list[Copy] = []
    for texts, is_inside in ((inside, True), (outside, False)):
        chosen = random.Random(f"{SEED}{kind}{is_inside}")
        usable = [one for one in texts if kind != "quotations" or _SAID.search(one.text)]
        for text in chosen.sample(usable, min(N_COPIES, len(usable))):
            sources = [text]
            if kind == "merged":
                sources.append(chosen.choice([one for one in texts if one is not text]))
            new = chosen.choice([one for one in outside if not one.runs & text.runs])
            edited = _edited(kind, [one.text for one in sources], new.text, chosen)
            out.append(Copy(edited, tuple(sources), (*sources, new), is_inside))
    return out


def _edited(kind: str, texts: Sequence[str], new: str, chosen: random.Random) -> str:
    text = texts[0]
    name, _, share = kind.partition("_")
    sentences = _SENTENCE.findall(text)
    match name:
        case "dropped":
            kept = max(1, round(len(sentences) * (1 - int(share) / 100)))
            at = sorted(chosen.sample(range(len(sentences)), kept))
            return "".join(sentences[i] for i in at)
        case "replaced":
            return _replaced(text, int(share) / 100, new.split(), chosen)
        case "shuffled":
            chosen.shuffle(sentences)
            return " ".join(one.strip() for one in sentences)
        case "excerpt":
            n = min(len(sentences), max(3, len(sentences) // 4))
            start = chosen.randrange(len(sentences) - n + 1)
            return _inside(new, "".join(sentences[start : start + n]).strip(), times=3)
        case "quotations":
            said = [f"“{one}” was what was heard." for one in _SAID.findall(text)]
            return _inside(_SAID.sub("that", new), "\n".join(said), times=1)
        case "merged":
            paragraphs = [_paragraphs(one) for one in texts]
            n = max(map(len, paragraphs))
            turns = [one[i] for i in range(n) for one in paragraphs if i < len(one)]
            return "\n\n".join(turns)
        case "normalised":
            marked = text.upper() if chosen.random() < 0.5 else text
            for old, put in (('"', "”"), ("'", "’"), (" - ", " — "), ("-", "‑"), ("\n\n", "\n")):
                marked = marked.replace(old, put)
            return marked
        case "boilerplate":
            return f"{_BEFORE}{text}{_AFTER}"
        case _:
            return re.sub(r"\b\d{1,2}\b", lambda found: _in_words(int(found.group())), text)


def _replaced(text: str, share: float, others: Sequence[str], chosen: random.Random) -> str:
    parts = re.split(r"(\s+)", text)
    places = [i for i, part in enumerate(parts) if part.strip()]
    for i in chosen.sample(places, round(len(places) * share)):
        parts[i] = chosen.choice(others)
    return "".join(parts)


def _inside(new: str, text: str, *, times: int) -> str:
    """The text in the middle of a new one, which is cut or repeated to be `times` as long."""
    paragraphs = _paragraphs(new)
    if times > 1:
        paragraphs = paragraphs[: max(2, len(paragraphs))]
    middle = len(paragraphs) // 2
    return "\n\n".join([*paragraphs[:middle], text, *paragraphs[middle:]])


def _paragraphs(text: str) -> list[str]:
    return [one.strip() for one in text.split("\n") if one.strip()]


def _in_words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def _altered(n_edits: int, inside: Sequence[Text], outside: Sequence[Text], find: Finder) -> Score:
    """The share of quotations that are found after so many changes of words."""
    chosen = random.Random(SEED + n_edits)
    rows = []
    for text in inside:
        said = [one for one in _SAID.findall(text.text) if 8 <= len(one.split()) <= 60]
        if not said or len(rows) == 2 * N_COPIES:
            continue
        changed = chosen.choice(said).split()
        for _ in range(n_edits):
            at = chosen.randrange(len(changed) - 1)
            match chosen.choice(("leave out", "put in", "replace", "swap")):
                case "leave out":
                    del changed[at]
                case "put in":
                    changed.insert(at, chosen.choice(chosen.choice(outside).text.split()))
                case "replace":
                    changed[at] = chosen.choice(chosen.choice(outside).text.split())
                case _:
                    changed[at : at + 2] = changed[at + 1 : at - 1 if at else None : -1]
        new = chosen.choice([one for one in outside if not one.runs & text.runs])
        page = _inside(_SAID.sub("that", new.text), f"“{' '.join(changed)}” was heard.", times=1)
        rows.append((text.id in find(page), 1))
    return interval(rows, lambda c: ratio(c[0], c[1]))


def speed(texts: Sequence[Text], *, n: int) -> Measured:
    """Size and time of a history of shuffled words, asked with articles edited from it."""
    from onrecord.store import history as store
    from onrecord.store.database import open_database

    with tempfile.TemporaryDirectory(prefix="onrecord-") as name:
        folder = Path(name)
        engine = open_database(folder)
        index = open_fingerprint_index(folder / "history")
        rows = (Sighting(row, "2026-11-26T08:00:00+00:00") for row in _synthetic(texts, n))
        for done in store.add(engine, rows):
            index.add((row.id, row.text) for row in done.fresh)
        engine.dispose()
        n_bytes, n_segments = index.n_bytes(), len(index.segments)
        del index
        # A process of its own, so that the memory is that of asking and not of making.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            asked = pool.submit(_asked, folder, list(_questions(texts, n))).result()
    milliseconds, most, megabytes, found = asked
    return Measured(
        n,
        {
            "megabytes": single(n_bytes / 1e6),
            "megabytes_for_a_million": single(n_bytes / n),
            "segments": single(n_segments),
            "milliseconds": single(milliseconds),
            "milliseconds_95": single(most),
            "megabytes_held": single(megabytes),
            "found": single(found),
        },
    )


def _synthetic(texts: Sequence[Text], n: int) -> Iterator[Document]:
    words = _all_words(texts)
    for at in range(n):
        yield Document(f"{at + 1:016x}", _shuffled_text(words, at), url=f"https://a.example/{at}")


def _all_words(texts: Sequence[Text]) -> list[list[str]]:
    return [re.sub(r"[^\w\s.,-]", "", one.text).split() for one in texts]


def _shuffled_text(every: Sequence[Sequence[str]], at: int) -> str:
    """Words as frequent as in the set, in runs of four as they stand there, one part quoted."""
    chosen = random.Random(SEED * 1_000_003 + at)
    out: list[str] = []
    while len(out) < N_SPEED_WORDS:
        words = chosen.choice(every)
        start = chosen.randrange(len(words) - 4)
        out += words[start : start + 4]
    quoted = " ".join(out[40:120])
    return f"{' '.join(out[:40])}\n“{quoted}”\n{' '.join(out[120:])}"


def _questions(texts: Sequence[Text], n: int) -> Iterator[tuple[str, str]]:
    chosen = random.Random(SEED)
    words = _all_words(texts)
    for _ in range(N_QUESTIONS + 1):
        at = chosen.randrange(n)
        yield (
            f"{at + 1:016x}",
            _replaced(_shuffled_text(words, at), 0.1, chosen.choice(words), chosen),
        )


def _asked(folder: Path, asked: Sequence[tuple[str, str]]) -> tuple[float, float, float, float]:
    """Median and 95th percentile in milliseconds, the most memory held, and the share found."""
    from onrecord.history import HistoryOnDemand

    history = HistoryOnDemand(folder)
    seconds, n_found = [], 0
    for text_id, text in asked:
        page = _page(text)
        began = time.process_time()
        found = reuse(page, history=history)
        seconds.append(time.process_time() - began)
        n_found += any(one.passage.document == text_id for one in found)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = 1000 * np.array(seconds[1:])  # the first opens database and index
    return (
        float(np.median(times)),
        float(np.percentile(times, 95)),
        megabytes,
        n_found / len(asked),
    )


def _page(text: str) -> Page:
    return read(Capture(None, None, "text/plain", text.encode()))


def _texts(data: Path) -> list[Text]:
    out: dict[str, Text] = {}
    for at, row in enumerate(all_rows(data, needs=("id", "text"))):
        text = str(row["text"])
        split = re.findall(r"\w+", text.lower())
        if len(split) < MIN_WORDS or text in out:
            continue
        runs = zip(*(split[i:] for i in range(_SHARED)), strict=False)
        out[text] = Text(f"{at + 1:016x}", text, frozenset(runs))
    if len(out) < 20:
        raise DataError(f"fewer than 20 texts of {MIN_WORDS} words in {str(data)!r}")
    return list(out.values())
