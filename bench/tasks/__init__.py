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
        "bulk": "pages a second of a bulk run beside trafilatura alone, and its memory",
        "checkworthiness": "which sentences deserve a check",
        "copies": "earlier appearances of edited articles and altered quotations",
        "counter": "pairs of an assertion and its denial by another",
        "evidence_retrieval": "which passages of a collection belong to a claim",
        "headline": "what the title makes of the body",
        "neutrality": "whether check-worthiness moves when names are swapped for counterparts",
        "news_claims": "checkable claims of news and their order",
        "pages": "body, byline, date and comments of saved pages",
        "quantities": "numbers of a claim against numbers of a passage",
        "replies": "all layers of the reply filter against a simulator of senders",
        "retrieval": "which earlier fact-check answers a claim",
        "sentences": "sentence boundaries",
        "spam": "how much spam the text layer finds at a stated share of good texts lost",
        "speakers": "pronoun and role sources resolved to a speaker",
        "stance": "whether a passage supports or refutes a claim",
        "subjectivity": "opinions by the rule of claims on news sentences",
        "verdict": "the label of a claim whose evidence is given, and when to give none",
    }
)
