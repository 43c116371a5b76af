"""Live sources behind the ports of a collection: off unless settings name them.

`together` makes one `PassageIndex` of the desk's collection and its live sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.errors import OnrecordError
from onrecord.ports import PassageCandidate, PassageIndex
from onrecord.record import CollectionState, Problem

__all__ = ["Together", "together"]


@dataclass(frozen=True, slots=True)
class Together:
    """Several passage indexes as one; implements `ports.PassageIndex`.

    An index that fails is reported in `problems` and the others go on. `also` names what else was
    asked for the record, such as a source of earlier checks.
    """

    indexes: tuple[PassageIndex, ...]
    problems: list[Problem] = field(default_factory=list)
    also: tuple[str, ...] = ()

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """The candidates of every index for each text, a passage once."""
        every: list[dict[str, PassageCandidate]] = [{} for _ in texts]
        for index in self.indexes:
            try:
                found = index.candidates_of_each(texts, limit=limit)
            except OnrecordError as error:
                name = ", ".join(index.state().sources)
                self.problems.append(Problem(name, type(error).__name__, str(error)))
                continue
            for known, candidates in zip(every, found, strict=True):
                for candidate in candidates:
                    known.setdefault(candidate.passage.id, candidate)
        return tuple(tuple(known.values()) for known in every)

    def state(self) -> CollectionState:
        """Counts added up, the newest date, every name; one digest of the digests there are."""
        states = [index.state() for index in self.indexes]
        digests = [state.digest for state in states if state.digest]
        digest = digests[0] if len(digests) == 1 else ""
        if len(digests) > 1:
            digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        names = dict.fromkeys(name for state in states for name in (*state.sources,))
        return CollectionState(
            n_documents=sum(state.n_documents for state in states),
            newest=max((state.newest for state in states), default=""),
            digest=digest,
            sources=(*names, *(name for name in self.also if name not in names)),
        )


def together(
    indexes: Sequence[PassageIndex], *, problems: list[Problem], also: Sequence[str] = ()
) -> PassageIndex | None:
    """One index of several, `None` of none; what fails is put into `problems`."""
    if not indexes:
        return None
    return Together(tuple(indexes), problems, tuple(also))
