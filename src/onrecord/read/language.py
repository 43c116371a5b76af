"""The language of a text, by py3langid."""

from __future__ import annotations

__all__ = ["language_of"]

# Enough for a sure answer, and a bound on the time: 2 ms for 4,000 code points.
_SAMPLE = 4_000
# Below this many letters the classifier guesses from a word or two.
_FEWEST_LETTERS = 40


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; `None` where it is too short to tell.

    A sample from the start and one from the middle are read, so that the time does not grow with
    the text. The first call of a process loads the model (about a second).
    """
    if len(text) > _SAMPLE:
        middle = len(text) // 2
        text = text[: _SAMPLE // 2] + " " + text[middle : middle + _SAMPLE // 2]
    if sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        return None
    import py3langid

    code, _ = py3langid.classify(text)
    return str(code)
