"""Puts the parts together: the only module that knows both the analysis and the outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onrecord.errors import EmptyPageError
from onrecord.intake import captures
from onrecord.live import live_fact_checks, live_names, live_sources
from onrecord.pipeline import Pipeline
from onrecord.ports import FactCheckIndex, PassageIndex, Ports, TextHistory
from onrecord.read import read
from onrecord.record import (
    Capture,
    CollectionState,
    Evidence,
    Match,
    Problem,
    QuantityCheck,
    Record,
    Verdict,
)
from onrecord.settings import (
    COLLECTION_FOLDER,
    HISTORY_FOLDER,
    LIBRARY_FOLDER,
    Settings,
    data_folder,
)
from onrecord.sources import together
from onrecord.stages import answer_reader, claim_scorer, stages_for

if TYPE_CHECKING:
    from onrecord.claims.typed import TypedClaim
    from onrecord.keeping import Change

__all__ = ["ClaimAnswer", "Desk", "open_desk"]


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What a desk knows of a typed claim, with the fields of a record.

    `matches` is `None` without a library, the others are without anything to look for evidence in.
    """

    judged: TypedClaim
    matches: tuple[Match, ...] | None = None
    collection: CollectionState | None = None
    evidence: tuple[Evidence, ...] | None = None
    quantities: tuple[QuantityCheck, ...] | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings, the pipeline that they choose, and what it asks.

    `fact_checks` is the library and `passages` what evidence is looked for in, each `None` where
    the desk has none. Live sources put what failed into `problems`, from where it goes into the
    record; so a desk works on one page at a time.
    """

    settings: Settings
    pipeline: Pipeline
    fact_checks: FactCheckIndex | None = None
    passages: PassageIndex | None = None
    problems: list[Problem] = field(default_factory=list)

    def captures(self, argument: str) -> Iterator[Capture | Problem]:
        """The captures that a file name, an address or `-` stands for; see `intake.captures`."""
        return captures(argument, fetch=self.settings.fetch)

    def check(self, capture: Capture) -> Record:
        """The record of one capture.

        Raises an `InputError` when the capture cannot be read as a page.
        """
        self.problems.clear()
        record = self.pipeline(read(capture), strict=self.settings.strict)
        return replace(record, problems=(*record.problems, *self.problems))

    def claim(self, text: str) -> ClaimAnswer:
        """What the desk knows of a typed claim.

        Raises an `InputError` on a blank text, `ModelError` where a model is missing.
        """
        from onrecord.claims.typed import typed_claim

        if not text.strip():
            raise EmptyPageError("an empty claim; expected a sentence that could be true or false")
        self.problems.clear()
        scorer = claim_scorer(dict(self.settings.stages)["claims"] or "signs")
        answer = ClaimAnswer(typed_claim(text, scorer=scorer.score))
        if self.fact_checks is not None:
            from onrecord.factchecks.match import match_text

            chosen = answer_reader(dict(self.settings.stages)["match"] or "library")
            found = match_text(text, index=self.fact_checks, reader=chosen)
            answer = replace(answer, matches=found)
        return self._with_evidence(answer)

    def _with_evidence(self, answer: ClaimAnswer) -> ClaimAnswer:
        """The answer with what the passages say; as it is where there are none to ask."""
        reader = dict(self.settings.stages)["evidence"]
        if self.passages is None or reader is None:
            return answer
        from onrecord.evidence.decide import verdict_of
        from onrecord.evidence.find import TYPED, Limits, evidence_for
        from onrecord.evidence.quantities import compared
        from onrecord.evidence.rule_stance import stances_by_rules
        from onrecord.evidence.stance import stances_by_model

        text, kind = answer.judged.text, answer.judged.kind
        found = evidence_for(
            text,
            index=self.passages,
            reader=stances_by_rules if reader == "rules" else stances_by_model,
            limits=Limits(passages=self.settings.evidence.passages),
        )
        numbers = tuple(
            QuantityCheck(
                TYPED, piece.id, one.finding, one.claim_words, one.passage_words, one.arithmetic
            )
            for piece in found
            for one in compared(text, piece.passage.text)
        )
        state = self.passages.state()
        verdict = verdict_of(TYPED, found, kind=kind, quantities=numbers, collection=state)
        return replace(
            answer, collection=state, evidence=found, quantities=numbers, verdict=verdict
        )

    def keep(self, capture: Capture, record: Record) -> Change | None:
        """Keeps a capture with its record in the data folder; see `keeping.keep`."""
        from onrecord.keeping import keep

        folder = data_folder(self.settings.folder, environment=os.environ)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        database = self.settings.database
        return keep(folder, capture, record=record, now=now, database=database)


def open_desk(settings: Settings | None = None, *, repeated: Record | None = None) -> Desk:
    """A desk with the given settings, or with the defaults.

    With `repeated`, a record, live sources are not asked again: they answer from the store.
    """
    settings = settings or Settings()
    problems: list[Problem] = []
    live = live_sources(settings, problems=problems, repeated=repeated)
    own = _passages(settings)
    indexes = (own, *live) if own is not None else live
    passages = together(indexes, problems=problems, also=live_names(settings)) if live else own
    library = _fact_checks(settings)
    checks = live_fact_checks(settings, library, problems=problems, repeated=repeated)
    pipeline = Pipeline(stages_for(settings, Ports(checks, passages, _history(settings))))
    return Desk(settings, pipeline, checks, passages, problems)


def _fact_checks(settings: Settings) -> FactCheckIndex | None:
    """The desk's library, opened at the first claim; `None` where the desk has none."""
    folder = data_folder(settings.folder, environment=os.environ)
    if not (folder / LIBRARY_FOLDER).is_dir():
        return None
    from onrecord.library import LibraryOnDemand

    return LibraryOnDemand(folder)


def _passages(settings: Settings) -> PassageIndex | None:
    """What evidence is looked for in: the desk's collection; `None` where the desk has none."""
    folder = data_folder(settings.folder, environment=os.environ)
    if not (folder / COLLECTION_FOLDER).is_dir():
        return None
    from onrecord.collection import CollectionOnDemand

    return CollectionOnDemand(folder)


def _history(settings: Settings) -> TextHistory | None:
    """The texts that the desk has seen; `None` where it keeps no history."""
    folder = data_folder(settings.folder, environment=os.environ)
    if not (folder / HISTORY_FOLDER).is_dir():
        return None
    from onrecord.history import HistoryOnDemand

    return HistoryOnDemand(folder, settings.database)
