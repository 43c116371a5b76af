"""The built-in stages: what each reads and writes, its makers by name, and the default order.

A maker is `make(settings, ports) -> Stage`, or `None` where the desk has nothing for it. Built-in makers stand in one literal dictionary, each
importing its package when called; third parties use the entry-point group `onrecord.stages`, and a
settings file chooses by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import TYPE_CHECKING

from onrecord.errors import PipelineError
from onrecord.pipeline import Stage
from onrecord.ports import AttributionReader, Ports
from onrecord.record import CollectionState, HistoryState, Page
from onrecord.settings import Settings, topic_weights

if TYPE_CHECKING:
    from onrecord.claims.rank import ClaimScorer, Scorer
    from onrecord.evidence.stance import StanceReader
    from onrecord.factchecks.rerank import AnswerReader

__all__ = [
    "ANSWER_READERS",
    "ATTRIBUTION_READERS",
    "CLAIM_SCORERS",
    "MAKERS",
    "ORDER",
    "Maker",
    "StageRow",
    "answer_reader",
    "attribution_reader",
    "claim_scorer",
    "stage_table",
    "stages_for",
]

# `None`: the desk has no such thing, and the stage is left out.
Maker = Callable[[Settings, Ports], Stage | None]

ENTRY_POINT_GROUP = "onrecord.stages"

# The order of work; a stage may be left out, and then its field stays None.
ORDER = (
    "segment",
    "attribute",
    "identify",
    "voice",
    "headline",
    "sourcing",
    "counter",
    "claims",
    "match",
    "collection",
    "evidence",
    "quantities",
    "verdict",
    "history",
    "reuse",
    "badges",
)

_ENGLISH = ("en",)


def _segment(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.read.sentences import sentences

    return Stage("segment", ("page",), "sentences", sentences)


def _rules() -> AttributionReader:
    from onrecord.attribution.rules import attributions

    return attributions


def _attribute_rules(_settings: Settings, _ports: Ports) -> Stage:
    return Stage("attribute", ("page", "sentences"), "attributions", _rules(), languages=_ENGLISH)


def _tagger() -> AttributionReader:
    from onrecord.attribution.tagger import read_by_tagger

    return read_by_tagger


def _attribute_by_tagger(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.attribution.tagger import MODEL
    from onrecord.models import stated_digest

    # The weights are read at the first page, so that a missing model is a problem of that page.
    digest = stated_digest(MODEL, "first.onnx")
    reads = ("page", "sentences")
    return Stage(
        "attribute", reads, "attributions", _tagger(), languages=_ENGLISH, model_digest=digest
    )


def _identify(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.attribution.speakers import speakers

    reads = ("page", "attributions")
    return Stage("identify", reads, "speakers", speakers, languages=_ENGLISH)


def _voice(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.attribution.voices import sentence_voices

    reads = ("page", "sentences", "attributions", "speakers")
    return Stage("voice", reads, "sentence_voices", sentence_voices, languages=_ENGLISH)


def _headline(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.headline import headline

    reads = ("page", "sentences", "attributions", "sentence_voices")
    return Stage("headline", reads, "headline", headline, languages=_ENGLISH)


def _sourcing(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.attribution.sourcing import sourcing

    reads = ("page", "attributions", "speakers", "headline")
    return Stage("sourcing", reads, "sourcing", sourcing, languages=_ENGLISH)


def _counter(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.attribution.counter import counter_voices

    reads = ("page", "sentences", "attributions", "speakers")
    return Stage("counter", reads, "counter_voices", counter_voices, languages=_ENGLISH)


def _claims_by_signs(settings: Settings, _ports: Ports) -> Stage:
    from onrecord.claims.detect import score_by_signs

    return _claims(settings, score_by_signs)


def _claims_by_model(settings: Settings, _ports: Ports) -> Stage:
    from onrecord.claims.score import MODEL, score_by_model
    from onrecord.models import stated_digest

    # The weights are read at the first page, so that a missing model is a problem of that page.
    return _claims(settings, score_by_model, model_digest=stated_digest(MODEL, "model.onnx"))


def _claims(settings: Settings, scorer: Scorer, *, model_digest: str | None = None) -> Stage:
    from onrecord.claims.detect import claims
    from onrecord.claims.rank import ClaimWeights

    chosen = settings.claims
    weights = ClaimWeights(
        numbers=chosen.numbers,
        named=chosen.named,
        central=chosen.central,
        said=chosen.said,
        topics=topic_weights(chosen.topics),
    )
    return Stage(
        "claims",
        ("page", "sentences"),
        "claims",
        partial(claims, scorer=scorer, weights=weights),
        uses=("attributions", "sentence_voices"),
        languages=_ENGLISH,
        model_digest=model_digest,
    )


def _signs_scorer() -> ClaimScorer:
    from onrecord.claims.detect import score_by_signs
    from onrecord.claims.rank import SIGN_THRESHOLD, ClaimScorer

    return ClaimScorer(score_by_signs, SIGN_THRESHOLD)


def _model_scorer() -> ClaimScorer:
    from onrecord.claims.score import packaged_scorer

    return packaged_scorer()


def _answers() -> AnswerReader:
    from onrecord.factchecks.rerank import answers_by_model

    return answers_by_model


def _match_by_library(_settings: Settings, ports: Ports) -> Stage | None:
    return _match(ports, reader=None, model_digest=None)


def _match_reranked(_settings: Settings, ports: Ports) -> Stage | None:
    from onrecord.factchecks.rerank import MODEL
    from onrecord.models import stated_digest

    # The weights are read when a claim comes near, so that a missing model is a problem of that
    # page.
    return _match(ports, reader=_answers(), model_digest=stated_digest(MODEL, "model.onnx"))


def _match(ports: Ports, *, reader: AnswerReader | None, model_digest: str | None) -> Stage | None:
    if ports.fact_checks is None:
        return None
    from onrecord.factchecks.match import matches

    run = partial(matches, index=ports.fact_checks, reader=reader)
    reads = ("page", "claims")
    return Stage("match", reads, "matches", run, languages=_ENGLISH, model_digest=model_digest)


def _collection(_settings: Settings, ports: Ports) -> Stage | None:
    index = ports.passages
    if index is None:
        return None

    def state(page: Page) -> CollectionState:  # noqa: ARG001 - every stage reads a field
        return index.state()

    return Stage("collection", ("page",), "collection", state)


def _evidence_by_model(settings: Settings, ports: Ports) -> Stage | None:
    from onrecord.evidence.stance import MODEL, stances_by_model
    from onrecord.models import stated_digest

    # The weights are read at the first page, so that a missing model is a problem of that page.
    digest = stated_digest(MODEL, "model.onnx")
    return _evidence(settings, ports, reader=stances_by_model, model_digest=digest)


def _evidence_by_rules(settings: Settings, ports: Ports) -> Stage | None:
    from onrecord.evidence.rule_stance import stances_by_rules

    return _evidence(settings, ports, reader=stances_by_rules, model_digest=None)


def _evidence(
    settings: Settings, ports: Ports, *, reader: StanceReader, model_digest: str | None
) -> Stage | None:
    if ports.passages is None:
        return None
    from onrecord.evidence.find import Limits, evidence

    limits = Limits(settings.evidence.max_claims, settings.evidence.passages)
    return Stage(
        "evidence",
        ("page", "claims"),
        "evidence",
        partial(evidence, index=ports.passages, reader=reader, limits=limits),
        uses=("attributions",),
        languages=_ENGLISH,
        model_digest=model_digest,
    )


def _quantities(_settings: Settings, ports: Ports) -> Stage | None:
    if ports.passages is None:
        return None
    from onrecord.evidence.quantities import quantities

    reads = ("page", "claims", "evidence")
    return Stage("quantities", reads, "quantities", quantities, languages=_ENGLISH)


def _verdict(settings: Settings, ports: Ports) -> Stage | None:
    if ports.passages is None:
        return None
    from onrecord.evidence.decide import verdicts

    return Stage(
        "verdict",
        ("claims", "evidence"),
        "verdicts",
        partial(verdicts, max_claims=settings.evidence.max_claims),
        uses=("quantities", "collection"),
        languages=_ENGLISH,
    )


def _history(_settings: Settings, ports: Ports) -> Stage | None:
    history = ports.history
    if history is None:
        return None

    def state(page: Page) -> HistoryState:  # noqa: ARG001 - every stage reads a field
        return history.state()

    return Stage("history", ("page",), "history", state)


def _reuse(_settings: Settings, ports: Ports) -> Stage | None:
    if ports.history is None:
        return None
    from onrecord.reuse.find import reuse

    return Stage("reuse", ("page",), "reuse", partial(reuse, history=ports.history))


def _badges(_settings: Settings, _ports: Ports) -> Stage:
    from onrecord.badges import badges

    return Stage("badges", ("page",), "badges", badges)


MAKERS: Mapping[str, Mapping[str, Maker]] = MappingProxyType(
    {
        "segment": {"sentences": _segment},
        "attribute": {"tagger": _attribute_by_tagger, "rules": _attribute_rules},
        "identify": {"speakers": _identify},
        "voice": {"voices": _voice},
        "headline": {"findings": _headline},
        "sourcing": {"shares": _sourcing},
        "counter": {"denials": _counter},
        "claims": {"model": _claims_by_model, "signs": _claims_by_signs},
        "match": {"reranked": _match_reranked, "library": _match_by_library},
        "collection": {"state": _collection},
        "evidence": {"model": _evidence_by_model, "rules": _evidence_by_rules},
        "quantities": {"numbers": _quantities},
        "verdict": {"stances": _verdict},
        "history": {"state": _history},
        "reuse": {"copies": _reuse},
        "badges": {"audit": _badges},
    }
)

ATTRIBUTION_READERS: Mapping[str, Callable[[], AttributionReader]] = MappingProxyType(
    {"tagger": _tagger, "rules": _rules}
)

CLAIM_SCORERS: Mapping[str, Callable[[], ClaimScorer]] = MappingProxyType(
    {"model": _model_scorer, "signs": _signs_scorer}
)

ANSWER_READERS: Mapping[str, Callable[[], AnswerReader | None]] = MappingProxyType(
    {"reranked": _answers, "library": lambda: None}
)


def attribution_reader(name: str) -> AttributionReader:
    """The built-in reader of attributions of that name; `PipelineError` when there is none."""
    if name not in ATTRIBUTION_READERS:
        known = ", ".join(ATTRIBUTION_READERS)
        raise PipelineError(f"no attribution reader {name!r}; built in: {known}")
    return ATTRIBUTION_READERS[name]()


def claim_scorer(name: str) -> ClaimScorer:
    """The built-in scorer of claims of that name; `PipelineError` when there is none."""
    if name not in CLAIM_SCORERS:
        known = ", ".join(CLAIM_SCORERS)
        raise PipelineError(f"no scorer of claims {name!r}; built in: {known}")
    return CLAIM_SCORERS[name]()


def answer_reader(name: str) -> AnswerReader | None:
    """What reads candidates for the built-in matcher of that name, `None` where nothing does.

    Raises `PipelineError` when there is no such matcher.
    """
    if name not in ANSWER_READERS:
        known = ", ".join(ANSWER_READERS)
        raise PipelineError(f"no reader of earlier fact-checks {name!r}; built in: {known}")
    return ANSWER_READERS[name]()


@dataclass(frozen=True, slots=True)
class StageRow:
    """One row of `onrecord stages`: where a maker comes from and whether settings choose it."""

    stage: str
    maker: str
    source: str
    chosen: bool


def stages_for(settings: Settings, ports: Ports) -> tuple[Stage, ...]:
    """The stages that the settings choose, in order, without those that the desk has nothing for.

    Raises `PipelineError` when a maker is unknown or two packages claim its name.
    """
    found = _entry_points()
    chosen = dict(settings.stages)
    made = (
        _maker(stage, chosen[stage], found)(settings, ports) for stage in ORDER if chosen.get(stage)
    )
    return tuple(stage for stage in made if stage is not None)


def stage_table(settings: Settings) -> tuple[StageRow, ...]:
    """Every maker that is installed, in the order of work, without importing any."""
    chosen = dict(settings.stages)
    rows = [
        StageRow(stage, name, "built in", chosen.get(stage) == name)
        for stage in ORDER
        for name in MAKERS[stage]
    ]
    for name, entries in sorted(_entry_points().items()):
        for stage in ORDER:
            if chosen.get(stage) == name:
                rows.append(StageRow(stage, name, _package(entries[0]), chosen=True))
                break
        else:
            rows.append(StageRow("", name, _package(entries[0]), chosen=False))
    return tuple(rows)


def _entry_points() -> dict[str, list[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        found.setdefault(entry.name, []).append(entry)
    return found


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _maker(stage: str, name: str, found: Mapping[str, list[EntryPoint]]) -> Maker:
    built_in = MAKERS[stage]
    entries = found.get(name, [])
    claims = ["onrecord"] * (name in built_in) + [_package(entry) for entry in entries]
    if len(claims) > 1:
        raise PipelineError(
            f"the name {name!r} for stage {stage!r} is claimed by {' and '.join(claims)}; "
            "uninstall one of them"
        )
    if name in built_in:
        return built_in[name]
    if entries:
        maker: Maker = entries[0].load()
        return maker
    raise PipelineError(_unknown(stage, name, [*built_in, *found]))


def _unknown(stage: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(names)}"
    return f"stage {stage!r} has no maker {name!r}; {hint}"
