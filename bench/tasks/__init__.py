"""One module per task.

A task module has `NAMES`, the names of its scores, and
`run(data: Path, *, split: str | None, stage: str | None) -> Measured`.
"""

from __future__ import annotations

from types import MappingProxyType

TASKS = MappingProxyType(
    {
        "attribution": "who says what, on whole articles",
        "attribution_segments": "exact spans of source, cue and content on BIO segments",
        "counter": "pairs of an assertion and its denial by another",
        "headline": "what the title makes of the body",
        "pages": "body, byline, date and comments of saved pages",
        "sentences": "sentence boundaries",
        "speakers": "pronoun and role sources resolved to a speaker",
    }
)
