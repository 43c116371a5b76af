"""Attributions by the trained tagger, with the rules' findings as its hints.

The model reads titles and bodies as word pieces and answers with sources, cues and contents (see
`decode`); `combine` joins them with the rules' own. Cost: linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.attribution import decode, features, rules
from onrecord.attribution.combine import joined
from onrecord.attribution.drafts import Draft
from onrecord.attribution.hints import hints_of
from onrecord.errors import ModelError
from onrecord.models import Model, open_model, open_session
from onrecord.models.encode import Tokens, open_tokenizer, tokens
from onrecord.record import Attribution, Page
from onrecord.span import Span, shrunk

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = [
    "MODEL",
    "OnnxPasses",
    "Tagger",
    "attributions",
    "open_tagger",
    "packaged_tagger",
    "page_document",
    "page_tokens",
    "read_by_tagger",
    "role_spans",
]

MODEL = "attribution"
# Tokens in a batch of the second pass, halved; 2,048 were no faster on one thread.
_BUDGET = 384
_EDGES = " \t\r\n\xa0,;:—–"  # of source and cue
_OCCASION = re.compile(
    r",\s(?:(?:after|before|during|following|when|while|speaking)\b|(?:in|at|on)\s(?:an?|the|his|her|"
    r"their|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)


@dataclass(frozen=True, slots=True, eq=False)
class OnnxPasses:
    """The two passes of `decode.Passes` in onnxruntime."""

    first_session: InferenceSession
    second_session: InferenceSession
    flat_transitions: decode.Floats
    role_transitions: decode.Floats

    def first(
        self, ids: decode.Longs, surface: decode.Longs, mask: NDArray[np.bool_]
    ) -> decode.Hidden:
        """What the first pass says of `(rows, length)` tokens, each row read alone.

        An 8-bit graph scales a batch as a whole, so that the reading of a row would depend on the
        others; and batches were a third slower on one thread.
        """
        names = list(decode.Hidden._fields)
        sizes = mask.sum(axis=1).tolist()
        rows = [
            self.first_session.run(names, {"ids": ids[[i], :n], "surface": surface[[i], :n]})
            for i, n in enumerate(sizes)
        ]
        stacked = []
        for outputs in zip(*rows, strict=True):
            shape = (len(sizes), ids.shape[1], *outputs[0].shape[2:])
            array = np.zeros(shape, dtype=np.float32)
            for i, (n, output) in enumerate(zip(sizes, outputs, strict=True)):
                array[i, :n] = output[0]
            stacked.append(array)
        return decode.Hidden(*stacked)

    def second(
        self,
        state: decode.Floats,
        role: decode.Floats,
        query: decode.Floats,
        distance: decode.Longs,
        hint: decode.Longs,
        mask: NDArray[np.bool_],
    ) -> decode.Conditioned:
        """What the second pass says of the `(anchors, width)` tokens around each anchor."""
        inputs = {
            "state": state, "role": role, "query": query,
            "distance": distance, "hint": hint, "mask": mask,
        }  # fmt: skip
        outputs = self.second_session.run(list(decode.Conditioned._fields), inputs)
        return decode.Conditioned(*outputs)


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A loaded model and how it is read."""

    tokenizer: Tokenizer
    vocabulary: tuple[str, ...]
    passes: decode.Passes
    settings: decode.DecodeSettings
    via: str


def open_tagger(model: Model | None = None, *, threads: int = 1) -> Tagger:
    """The packaged tagger, or one of another folder.

    Raises `ModelError`, which names the rule twin, when files are missing or altered.
    """
    try:
        model = model or open_model(MODEL)
        return _opened(model, threads)
    except ModelError as error:
        raise ModelError(f"{error}; or set attribute = 'rules' under [stages]") from error


def _opened(model: Model, threads: int) -> Tagger:
    with np.load(model.file("transitions.npz")) as arrays:
        flat, role = arrays["flat"], arrays["role"]
    passes = OnnxPasses(
        open_session(model.file("first.onnx"), threads=threads),
        open_session(model.file("second.onnx"), threads=threads),
        flat,
        role,
    )
    tokenizer = open_tokenizer(model.file("tokenizer.json"))
    numbers = tokenizer.get_vocab()
    words = [""] * (max(numbers.values()) + 1)
    for word, number in numbers.items():
        words[number] = word
    chosen: dict[str, Any] = model.manifest.get("settings", {})
    known = {field.name for field in fields(decode.DecodeSettings)}
    settings = decode.DecodeSettings(**{k: v for k, v in chosen.items() if k in known})
    via = f"tagger:{model.manifest.get('version', '')}"
    return Tagger(tokenizer, tuple(words), passes, settings, via)


@cache
def packaged_tagger() -> Tagger:
    """The packaged tagger on one thread, loaded once; `ModelError` as `open_tagger` raises it."""
    return open_tagger()


def read_by_tagger(page: Page, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """`attributions` by the packaged tagger, which is loaded at the first page."""
    return attributions(page, sentences, tagger=packaged_tagger())


def page_tokens(page: Page, tokenizer: Tokenizer) -> Tokens:
    """The word pieces of title, subtitle and body, places counted in the page's text."""
    parts = []
    for region in page.regions:
        if region.kind in rules.READ_REGIONS:
            part = tokens(tokenizer, region.span.of(page.text))
            at = np.int32(region.span.start)
            parts.append(Tokens(part.ids, part.starts + at, part.ends + at))
    if not parts:
        empty = np.zeros(0, dtype=np.int32)
        return Tokens(empty, empty, empty)
    return Tokens(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
    )


def page_document(
    text: str, encoded: Tokens, ruled: Iterable[Attribution] | None, *, words: Sequence[str]
) -> decode.Document:
    """The arrays that the model reads; `ruled` are the rules' attributions, `None` if unknown."""
    pieces = [words[number] for number in encoded.ids.tolist()]
    gap = features.gaps(text, encoded.starts, encoded.ends)
    return decode.document(
        encoded.ids,
        gap,
        features.marks(pieces, gap),
        features.shapes(text, encoded.starts, encoded.ends),
        flags=features.flags(pieces),
        hints=None if ruled is None else hints_of(ruled, encoded.starts, encoded.ends),
    )


def attributions(
    page: Page, sentences: Sequence[Span], *, tagger: Tagger
) -> tuple[Attribution, ...]:
    """The attributions of title, subtitle and body, in the order of their first words.

    `sentences` are those of `read.sentences`, in order. Empty text gives `()`.
    """
    ruled = rules.attributions(page, sentences)
    encoded = page_tokens(page, tagger.tokenizer)
    if len(encoded.ids) == 0:
        return ruled
    document = page_document(page.text, encoded, ruled, words=tagger.vocabulary)
    (found,) = decode.read([document], tagger.passes, settings=tagger.settings, budget=_BUDGET)
    drafts = [_draft(item, encoded, page.text) for item, _ in found]
    return joined(page, drafts, ruled, via=tagger.via)


def role_spans(
    pages: Sequence[tuple[Page, Sequence[Span]]], *, tagger: Tagger
) -> list[dict[str, list[Span]]]:
    """The tags of the first pass alone: spans of `source`, `cue` and `content` of each page.

    Each page comes with its sentences. Roles are not linked; a text that is cut out of an article
    may hold the half of an attribution.
    """
    read = [page_tokens(page, tagger.tokenizer) for page, _ in pages]
    documents = [
        page_document(
            page.text, encoded, rules.attributions(page, sentences), words=tagger.vocabulary
        )
        for (page, sentences), encoded in zip(pages, read, strict=True)
    ]
    begins = {"source": decode.B_SOURCE, "cue": decode.B_CUE, "content": decode.B_CONTENT}
    return [
        {
            role: [_characters(span, encoded) for span in decode.runs(tags, begin)]
            for role, begin in begins.items()
        }
        for tags, encoded in zip(
            decode.flat_tags(documents, tagger.passes, settings=tagger.settings, budget=_BUDGET),
            read,
            strict=True,
        )
    ]


def _characters(span: tuple[int, int], encoded: Tokens) -> Span:
    return Span(int(encoded.starts[span[0]]), int(encoded.ends[span[1] - 1]))


def _draft(found: decode.Found, encoded: Tokens, text: str) -> Draft:
    """A found attribution in characters."""
    cue = _characters(found.cue, encoded)
    words = shrunk(text, cue, strip=_EDGES)
    return Draft(
        _source(text, _characters(found.source, encoded)) if found.source else None,
        words if words.n_chars else cue,
        [_characters(span, encoded) for span in found.content],
        "tagger",
    )


def _source(text: str, span: Span) -> Span | None:
    """The span without what tells when or where it was said: "the mayor, after the vote"."""
    match = _OCCASION.search(text, span.start, span.end)
    span = shrunk(text, Span(span.start, match.start()) if match else span, strip=_EDGES)
    return span if span.n_chars else None
