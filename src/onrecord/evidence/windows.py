"""Passages as the stance model reads them: treebank marks undone, long ones in windows.

Training imports this module, so that what is trained on and what is asked are cut alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["WINDOW_TOKENS", "cleaned", "windows"]

# Windows of 200 word pieces, a third of them shared with the window before: what the model saw in
# training is no longer than 288 with the claim.
WINDOW_TOKENS = 200
# A sentence of more words than this is a list or has lost its full stops; it is cut.
_LONGEST_SENTENCE = 90

_BRACKETS = (("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"))
_BEFORE_MARK = re.compile(r"(?<!\s)\s+([,.;:!?)\]%])")
_AFTER_MARK = re.compile(r"([(\[$£€])\s+")
_BEFORE_ENDING = re.compile(r"(?<!\s)\s+('s|'re|'ve|'ll|'d|'m|n't)\b")
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9])")


def cleaned(text: str) -> str:
    """The text without the spaces and signs of tokenised corpora, white space as one space.

    >>> cleaned("The bridge -LRB- built in 1961 -RRB- did n't fall .")
    "The bridge (built in 1961) didn't fall."
    """
    text = text.replace("``", '"').replace("''", '"').replace("\ufffd", " ")
    for written, meant in _BRACKETS:
        text = text.replace(written, meant)
    text = _SPACE.sub(" ", text).replace(" -- ", " – ")
    text = _BEFORE_MARK.sub(r"\1", text)
    text = _AFTER_MARK.sub(r"\1", text)
    text = _BEFORE_ENDING.sub(r"\1", text)
    return text.strip()


def windows(text: str, sizes_of: Callable[[Sequence[str]], Sequence[int]]) -> tuple[str, ...]:
    """Overlapping runs of sentences, each of at most `WINDOW_TOKENS` tokens where it can be.

    `sizes_of` counts the tokens of several texts. An empty text gives one empty window; a run of
    one sentence may be longer. Linear in the length of the text.
    """
    units: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        units += [
            " ".join(words[i : i + _LONGEST_SENTENCE])
            for i in range(0, len(words), _LONGEST_SENTENCE)
        ]
    sizes = sizes_of(units) if units else ()
    out: list[str] = []
    start = 0
    while start < len(units):
        end, size = start, 0
        while end < len(units) and (size + sizes[end] <= WINDOW_TOKENS or end == start):
            size += sizes[end]
            end += 1
        out.append(" ".join(units[start:end]))
        if end == len(units):
            break
        back, overlap = end, 0
        while back > start + 1 and overlap + sizes[back - 1] <= WINDOW_TOKENS // 3:
            back -= 1
            overlap += sizes[back]
        start = back
    return tuple(out) or ("",)
