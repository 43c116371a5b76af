"""Documents that a live source gave, as candidates: cut into passages and ranked for each claim."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from onrecord.evidence.passages import passages
from onrecord.factchecks.index import Embedder
from onrecord.ports import Answer, PassageCandidate
from onrecord.record import Document, Passage
from onrecord.search.text import Row, open_text_index

__all__ = ["Found", "OpenEmbedder", "document", "no_embedder", "visible_text"]

# Gives the embedder when it is first needed; `None` where no weights are installed.
OpenEmbedder = Callable[[], Embedder | None]

# Code points of one document; a longer article is cut, and its passages stay true to its offsets.
MAX_DOCUMENT = 400_000


def document(text: str, *, answer: Answer, fields: Document) -> Document:
    """The document of an answer: `fields` with its text, an id from address and text, its source."""
    text = text[:MAX_DOCUMENT]
    name = f"{fields.url}\0{text}".encode("utf-8", "replace")
    return dataclasses.replace(
        fields, id=hashlib.sha256(name).hexdigest()[:16], text=text, source=answer.source
    )


def no_embedder() -> None:
    """Stands for an embedder where there is none."""


@dataclass(slots=True)
class Found:
    """The passages that one source gave for a page; a passage found twice is kept once.

    Any passage may answer any claim of the page, whichever claim it was looked up for.
    """

    embedder: OpenEmbedder
    _passages: dict[str, Passage] = field(default_factory=dict)

    def add(self, made: Document, *, answer: Answer) -> None:
        """Takes in the passages of a document."""
        for passage in passages(made):
            self._passages[passage.id] = dataclasses.replace(
                passage, source=made.source, retrieved=answer.retrieved, digest=answer.digest
            )

    def candidates(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """At most `limit` passages for each text, by words; similarity where there is an embedder.

        BM25 is relative to what this source gave for the page.
        """
        if not self._passages:
            return tuple(() for _ in texts)
        index = open_text_index(None, fields=("title", "text"))
        index.add(
            Row(one.id, {"title": one.title, "text": one.text}) for one in self._passages.values()
        )
        hits = [index.search(text, limit=limit) for text in texts]
        similar = self._similarities(texts, [[hit.id for hit in found] for found in hits])
        return tuple(
            tuple(
                PassageCandidate(self._passages[hit.id], hit.score, similar.get((i, hit.id)))
                for hit in found
            )
            for i, found in enumerate(hits)
        )

    def _similarities(
        self, texts: Sequence[str], ids: Sequence[Sequence[str]]
    ) -> dict[tuple[int, str], float]:
        wanted = list(dict.fromkeys(one for found in ids for one in found))
        embed = self.embedder() if wanted else None
        if embed is None:
            return {}
        claims = embed(texts)
        vectors = dict(
            zip(wanted, embed([self._passages[one].text for one in wanted]), strict=True)
        )
        return {
            (i, one): float(claims[i] @ vectors[one])
            for i, found in enumerate(ids)
            for one in found
        }


_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
_SPACE = re.compile(r"\s+")


class _Words(HTMLParser):
    """Collects text outside of what a browser does not show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begins an element."""
        if tag in _UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Ends an element."""
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Keeps words that are seen."""
        if not self._inside:
            self.parts.append(data)


# Code points of a snippet that are read: the parser takes quadratic time on broken markup, 0.2 s
# for this much of `<a `. Search engines give some 300.
MAX_SNIPPET = 2_000


def visible_text(markup: str) -> str:
    """The words of a snippet on one line, at most 2,000 code points, without tags and scripts.

    >>> visible_text('The <b>bridge</b><script>alert("x")</script> opened &amp; closed')
    'The bridge opened & closed'
    """
    parser = _Words()
    parser.feed(markup[:MAX_SNIPPET])
    parser.close()
    return _SPACE.sub(" ", "".join(parser.parts)).strip()
