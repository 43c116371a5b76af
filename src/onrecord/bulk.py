"""Archives by the million: each input becomes a shard of records, and a kill loses nothing.

    input.warc.gz  ->  out/input-1f2e3d4c.jsonl            one record a line, in order of the input
                       out/input-1f2e3d4c.failures.jsonl   what could not be read, and why

Pages are read by worker processes (`bulk_crew`, `bulk_worker`). A page that crashes or hangs its
worker costs only itself: the worker is replaced and the page stands in the ledger of failures.
Every line says its position in the input, so that a run that was cut short goes on where it
stopped and repeats nothing (`bulk_shards`).
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from onrecord.bulk_crew import Crew
from onrecord.bulk_inputs import WHOLE_INPUT, Item, inputs_of, is_remote, items, loose_pages
from onrecord.bulk_shards import (
    DONE_SUFFIX,
    FAILED_SUFFIX,
    Shard,
    claim_folder,
    holds_pages,
    kept_pages,
    lines,
    open_shard,
    shard_name,
)
from onrecord.bulk_worker import Rules, without_comments
from onrecord.errors import OnrecordError, SettingsError, StoreError
from onrecord.record import Problem
from onrecord.settings import Settings

__all__ = [
    "DONE_SUFFIX",
    "FAILED_SUFFIX",
    "Crew",
    "Meter",
    "Outcome",
    "Progress",
    "Rules",
    "inputs_of",
    "lines",
    "only_stages",
    "refuse_mixing",
    "run",
    "run_input",
    "shard_name",
    "shard_records",
    "with_stages",
    "without_comments",
]

# How often what was written is given to the disk and progress is told.
FLUSH_SECONDS = 2.0
# The time left is told once so much of the whole was read: before that it jumps.
MIN_SHARE = 0.002
# What `--stages` may name instead of stages; `None`: the stages that the settings choose.
PRESETS: Mapping[str, Mapping[str, str] | None] = {
    "all": None,
    # no model is read
    "rules": {
        "attribute": "rules",
        "claims": "signs",
        "match": "",
        "evidence": "",
        "quantities": "",
        "verdict": "",
    },
    # regions, metadata and sentences
    "reading": {"segment": "sentences"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an input: pages done and failed, those of an earlier run among them.

    `error` says why the input could not be worked on at all, as on a cluster whose workers died.
    """

    source: str
    n_done: int
    n_failed: int
    n_resumed: int
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Pages of the input at hand so far, pages a second over the whole run, the share of all inputs
    that was read (0 to 1, by bytes), and the seconds left, `None` while that cannot be told.
    """

    source: str
    n_done: int
    n_failed: int
    per_second: float
    share: float
    seconds_left: float | None = None


@dataclass(slots=True)
class Meter:
    """Counts the pages of a run over its inputs, and tells how it gets on."""

    tell: Callable[[Progress], None]
    sizes: Mapping[str, int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    n_new: int = 0
    n_bytes_behind: int = 0
    first_share: float | None = None

    def told(self, shard: Shard, source: str, share: float) -> None:
        """Tells how far the run is, `share` of the input at hand being read."""
        total = sum(self.sizes.values())
        reached = self.n_bytes_behind + share * self.sizes.get(source, 0)
        whole = reached / total if total else share
        seconds = time.monotonic() - self.began
        # What an earlier run did was only passed over.
        self.first_share = whole if self.first_share is None else self.first_share
        new = whole - self.first_share
        left = seconds * (1 - whole) / new if new > MIN_SHARE else None
        rate = self.n_new / seconds if seconds > 0 else 0.0
        self.tell(Progress(source, shard.n_done, shard.n_failed, rate, whole, left))


def run(
    inputs: Sequence[Path | str],
    out: Path,
    *,
    settings: Settings,
    rules: Rules,
    progress: Callable[[Progress], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Turns each input into its shard, one after another, with `rules.workers` processes.

    An input whose shard is there already goes on where that stops; `refuse_mixing` says beforehand
    whether there is one. Raises `StoreError` when the folder cannot be written or was written with
    other settings, `PipelineError` when the stages do not fit; what is wrong with an input or a
    page is counted and named.
    """
    sources = inputs_of(inputs)
    crew = Crew(settings, rules)
    try:
        crew.start()
        claim_folder(out, _made_by(settings, rules, crew))
        sizes = {source: _size(source) for source in sources}
        meter = Meter(progress, sizes)
        outcomes = []
        for source in sources:
            outcomes.append(shard_records(source, out, crew=crew, meter=meter))
            meter.n_bytes_behind += sizes[source]
        return tuple(outcomes)
    finally:
        crew.close()


def run_input(
    source: Path | str,
    out: Path,
    *,
    settings: Settings,
    rules: Rules,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Turns one input into its shard, with workers for it alone; see `shard_records`."""
    crew = Crew(settings, rules)
    try:
        return shard_records(source, out, crew=crew, meter=Meter(progress))
    finally:
        crew.close()


def shard_records(
    source: Path | str, out: Path, *, crew: Crew, meter: Meter | None = None
) -> Outcome:
    """Turns one input into its shard with the workers of `crew`, going on where that stops.

    The caller ends the crew. Raises `StoreError` when the shard cannot be written.
    """
    name, rules = str(source), crew.rules
    meter = meter or Meter(lambda _: None)
    began = last = time.monotonic()
    share = 0.0
    with open_shard(source, out, lock_seconds=rules.lock_seconds) as shard:
        n_resumed = shard.n_done + shard.n_failed
        for item in _and_the_end(_asked(source, out, shard, rules)):
            share = item.share if item else share
            if item is not None and isinstance(item.content, Problem):
                shard.failure(item, item.content.message)
                meter.n_new += 1
            elif item is not None:
                crew.put(item)
            while True:
                meter.n_new += _written(shard, crew)
                if time.monotonic() - last > FLUSH_SECONDS:
                    shard.flush()
                    meter.told(shard, name, share)
                    last = time.monotonic()
                if crew.is_idle() or (item is not None and not crew.is_full()):
                    break
                crew.turn(0.5)
        shard.flush()
        seconds = round(time.monotonic() - began, 3)
        meter.told(shard, name, 1.0)
        if rules.writes_parquet:
            from onrecord.bulk_parquet import write_parquet

            write_parquet(out / f"{shard_name(source)}.jsonl")
        return Outcome(name, shard.n_done, shard.n_failed, n_resumed, seconds)


def refuse_mixing(inputs: Sequence[Path | str], out: Path) -> None:
    """Raises `StoreError` when the folder holds pages of one of the inputs already."""
    for source in inputs_of(inputs):
        if holds_pages(source, out):
            raise StoreError(
                f"{str(out)!r} holds pages of {source!r} already; go on where they stop with "
                "--resume, or name another folder with --out"
            )


def with_stages(settings: Settings, chosen: Mapping[str, str]) -> Settings:
    """The settings with other makers for some stages; an empty maker leaves a stage out.

    Raises `SettingsError` for a stage that there is not.
    """
    known = [stage for stage, _ in settings.stages]
    for stage in chosen:
        if stage not in known:
            near = difflib.get_close_matches(stage, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise SettingsError(f"no stage {stage!r}; {hint}")
    stages = tuple((stage, chosen.get(stage, maker)) for stage, maker in settings.stages)
    return replace(settings, stages=stages)


def only_stages(settings: Settings, text: str) -> Settings:
    """The settings with the stages that a text names, and no others.

    The text is a name of `PRESETS`, or stages with commas between them: `segment,attribute=rules`;
    a stage without a maker keeps the one that the settings choose. Raises `SettingsError`.
    """
    text = text.strip()
    if text in PRESETS:
        chosen = PRESETS[text]
        if chosen is None:
            return settings
        left_out = {stage: "" for stage, _ in settings.stages} if text == "reading" else {}
        return with_stages(settings, {**left_out, **chosen})
    makers = dict(settings.stages)
    named: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        stage, equals, maker = part.partition("=")
        named[stage] = maker if equals else makers.get(stage, "")
    if not named:
        raise SettingsError(f"no stage is named; expected stages or {', '.join(PRESETS)}")
    with_stages(settings, named)
    return with_stages(settings, {stage: named.get(stage, "") for stage in makers})


def _asked(source: Path | str, out: Path, shard: Shard, rules: Rules) -> Iterator[Item]:
    local = None if is_remote(source) else Path(source)
    pages = kept_pages(local, out) if local is not None and local.is_dir() else ()
    try:
        for item in items(source, max_bytes=rules.max_bytes, pages=pages):
            if item.position not in shard.seen:
                yield item
    except OnrecordError as error:
        problem = Problem("bulk", type(error).__name__, str(error))
        yield Item(WHOLE_INPUT, str(source), problem, 1.0)


def _and_the_end(found: Iterator[Item]) -> Iterator[Item | None]:
    """The items, then `None`: nothing more comes, and every page is waited for."""
    yield from found
    yield None


def _written(shard: Shard, crew: Crew) -> int:
    done = crew.taken()
    for one in done:
        if one.reason:
            shard.failure(one.item, one.reason)
        else:
            shard.record(one.item.position, one.body)
    return len(done)


def _made_by(settings: Settings, rules: Rules, crew: Crew) -> dict[str, Any]:
    """What decides what a record holds: two folders with the same may be put together."""
    from onrecord import __version__

    makers = dict(settings.stages)
    stages = {}
    for name, version, digest in crew.stages or []:
        told = f"{makers.get(str(name))}, version {version}"
        stages[str(name)] = f"{told}, model {digest[:16]}" if digest else told
    return {
        "onrecord": __version__,
        "stages": stages,
        "claims": asdict(settings.claims),
        "evidence": asdict(settings.evidence),
        "strict": settings.strict,
        "comments": rules.keeps_comments,
        "max_bytes": rules.max_bytes,
    }


def _size(source: str) -> int:
    """Bytes of an input; 1 where that is not known, so that each still counts as one."""
    if is_remote(source):
        return 1
    path = Path(source)
    try:
        if path.is_dir():
            return max(1, sum((path / name).stat().st_size for name in loose_pages(path)))
        return max(1, path.stat().st_size)
    except OSError:
        return 1
