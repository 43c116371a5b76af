"""Stages and the loop that runs them.

A stage is a plain function with the fields of `Record` that it reads and the one that it writes.
`Pipeline` checks that they fit together before anything runs.
"""

from __future__ import annotations

import dataclasses
import difflib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.errors import LanguageError, OnrecordError, PipelineError
from onrecord.record import Page, Problem, Record, Step

__all__ = ["Pipeline", "Stage"]

_FIELDS = tuple(f.name for f in dataclasses.fields(Record) if f.name not in {"steps", "problems"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the work.

    `run` is called with the fields of `reads` and `uses` by keyword; a field of `uses` is `None`
    where it is not there. `languages` are ISO 639-1 codes that the stage can handle, empty for
    any. `model_digest` is the SHA-256 of its weights.
    """

    name: str
    reads: tuple[str, ...]
    writes: str
    run: Callable[..., object]
    uses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    version: str = "1"
    model_digest: str | None = None


class Pipeline:
    """Stages in order, checked to fit together.

    Raises `PipelineError` when a name is unknown, a field has two writers, or a stage reads what
    no earlier stage writes.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = tuple(stages)
        written = {"page": "the page itself"}
        for stage in self.stages:
            for name in (*stage.reads, *stage.uses, stage.writes):
                if name not in _FIELDS:
                    raise PipelineError(_unknown(stage, name))
            for name in stage.reads:
                if name not in written:
                    raise PipelineError(
                        f"stage {stage.name!r} reads {name!r}, which no earlier stage writes; "
                        f"put a stage that writes it before {stage.name!r}, or leave both out"
                    )
            if stage.writes in written:
                raise PipelineError(
                    f"stage {stage.name!r} writes {stage.writes!r}, already written by "
                    f"{written[stage.writes]!r}; keep one of the two"
                )
            written[stage.writes] = stage.name

    def __call__(self, page: Page, *, strict: bool = False) -> Record:
        """The record of the page.

        A stage that raises an `OnrecordError` leaves its field `None` and a `Problem`; stages that
        read the field are skipped with a `Problem` of their own. `strict` raises instead. Any
        other exception is a bug and passes through.
        """
        record = Record(page)
        failed: dict[str, str] = {}
        for stage in self.stages:
            missing = [name for name in stage.reads if name in failed]
            if missing:
                failed[stage.writes] = stage.name
                message = (
                    f"skipped: it reads {missing[0]!r}, and stage {failed[missing[0]]!r} failed"
                )
                record = _with_problem(record, Problem(stage.name, "Skipped", message))
                continue
            began = time.perf_counter()
            try:
                _check_language(stage, page)
                inputs = {name: getattr(record, name) for name in (*stage.reads, *stage.uses)}
                output = stage.run(**inputs)
            except OnrecordError as error:
                if strict:
                    raise
                failed[stage.writes] = stage.name
                problem = Problem(stage.name, type(error).__name__, str(error))
                record = _with_problem(record, problem)
                continue
            seconds = round(time.perf_counter() - began, 6)
            step = Step(stage.name, stage.version, stage.model_digest, seconds)
            changes: dict[str, Any] = {stage.writes: output, "steps": (*record.steps, step)}
            record = dataclasses.replace(record, **changes)
        return record


def _unknown(stage: Stage, name: str) -> str:
    near = difflib.get_close_matches(name, _FIELDS, 1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(_FIELDS)}"
    return f"stage {stage.name!r} names {name!r}, which is no field of a record{hint}"


def _with_problem(record: Record, problem: Problem) -> Record:
    return dataclasses.replace(record, problems=(*record.problems, problem))


def _check_language(stage: Stage, page: Page) -> None:
    language = page.metadata.language
    if not stage.languages or language is None:
        return
    code = language.value.lower().split("-")[0].split("_")[0]
    if code not in stage.languages:
        raise LanguageError(
            f"the page is in {code!r}; this stage reads {', '.join(stage.languages)}"
        )
