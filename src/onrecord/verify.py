"""Repeats the analysis behind a record from what was kept, and says what comes out the same.

The page comes from the store by its digest, or from a file; live sources answer from the store. A
field that comes out differently although everything behind it is the same `differs`; where weights,
collection, stages or version are others, nobody can tell, and the reason names both sides.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from onrecord import __version__
from onrecord.codec import encode
from onrecord.compose import Desk, open_desk
from onrecord.errors import InputError, MissingFileError, StoreError
from onrecord.live import live_names
from onrecord.pipeline import Stage
from onrecord.record import Capture, CollectionState, HistoryState, Record, Step
from onrecord.settings import Settings, data_folder

__all__ = ["FieldCheck", "Outcome", "Verification", "verify"]

# Fields that rest on the collection, and on live sources; what reads them rests on these too.
_SEARCHED = frozenset({"evidence"})
_COMPARED = frozenset({"reuse"})  # with the texts of the history
_ASKED = frozenset({"evidence", "matches"})
_MAX_IDS = 20
_MAX_SHOWN = 80


class Outcome(StrEnum):
    """What repeating a field gave."""

    SAME = "same"
    DIFFERS = "differs"  # something else comes out of the same inputs
    CANNOT_TELL = "cannot_tell"  # the inputs are not those of the record
    LEFT_OUT = "left_out"  # written by a language model, which is not asked again


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What repeating one field of a record gave, why, and the ids that differ, at most 20."""

    field: str
    outcome: Outcome
    reason: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome for every field in the record's order.

    `made_by` is the version of onrecord that made the record, empty where the record itself was
    not kept; `version` is the one that repeated it.
    """

    digest: str
    made_by: str
    version: str
    fields: tuple[FieldCheck, ...]

    @property
    def is_same(self) -> bool:
        """Whether everything that can be repeated came out the same."""
        good = {Outcome.SAME, Outcome.LEFT_OUT}
        return all(check.outcome in good for check in self.fields)


def verify(record: Record, *, settings: Settings, page: Path | None = None) -> Verification:
    """Repeats a record with these settings; `page` is the file to use instead of the store.

    Raises `MissingFileError` when the file cannot be opened, and `StoreError` when the kept bytes
    were altered.
    """
    folder = data_folder(settings.folder, environment=os.environ)
    made_by = _made_by(record, folder, settings.database)
    body = _kept_body(record, folder, settings.database) if page is None else _read(page)
    digest = record.page.digest
    if body is None:
        reason = (
            f"the capture {digest} is not kept in {str(folder)!r}; "
            "give its file with --page, or the data folder that the record was made with"
        )
        return _of_page(digest, made_by, Outcome.CANNOT_TELL, reason)
    found = hashlib.sha256(body).hexdigest()
    if found != digest:
        reason = f"the file has the digest {found}, the record's page {digest}; it is another file"
        return _of_page(digest, made_by, Outcome.CANNOT_TELL, reason)
    then = record.page
    desk = open_desk(dataclasses.replace(settings, strict=False), repeated=record)
    try:
        again = desk.check(Capture(then.url, then.retrieved, then.media_type, body))
    except InputError as error:
        return _of_page(digest, made_by, Outcome.DIFFERS, f"the page cannot be read now: {error}")
    other_version = ""
    if made_by and made_by != __version__:
        other_version = f"another version of onrecord: {made_by} then, {__version__} now"
    checks = _checks(record, again, desk, other_version=other_version)
    return Verification(digest, made_by, __version__, checks)


def _of_page(digest: str, made_by: str, outcome: Outcome, reason: str) -> Verification:
    return Verification(digest, made_by, __version__, (FieldCheck("page", outcome, reason),))


def _checks(
    record: Record, again: Record, desk: Desk, *, other_version: str
) -> tuple[FieldCheck, ...]:
    """Every field compared, with the reason why it may differ, handed on to what reads it."""
    then, now = _plain(record), _plain(again)
    stages = {stage.writes: stage for stage in desk.pipeline.stages}
    live = live_names(desk.settings)
    reasons: dict[str, str] = {"page": other_version}
    checks = []
    for name in then:
        if name in {"steps", "problems", "summary"}:
            continue
        if name != "page":
            reasons[name] = other_version or _reason(
                name, stages.get(name), record, again, reasons=reasons, live=live
            )
        states = _other_state(name, record, again)
        if states:
            checks.append(FieldCheck(name, Outcome.CANNOT_TELL, states))
            continue
        checks.append(_compared(name, then[name], now[name], reasons[name]))
    checks.append(_steps(record.steps, again.steps))
    checks.append(_compared("problems", _failed(record), _failed(again), ""))
    models = {one.model for one in _generated(record)}
    if models:
        written = f"written by {', '.join(sorted(models))}, a language model; not repeated"
        checks.append(FieldCheck("summary, phrasings and searches", Outcome.LEFT_OUT, written))
    return tuple(checks)


def _failed(record: Record) -> list[list[str]]:
    """Stages and sources that failed, without their words, which name times and paths."""
    return sorted([problem.stage, problem.error] for problem in record.problems)


def _reason(
    name: str,
    stage: Stage | None,
    record: Record,
    again: Record,
    *,
    reasons: Mapping[str, str],
    live: Sequence[str],
) -> str:
    """Why a field may not come out the same; empty where all that it rests on is the same."""
    steps = [{step.stage: step for step in one.steps} for one in (record, again)]
    if stage is None:
        written = getattr(record, name) is not None
        return f"no stage writes {name!r} with these settings and data" if written else ""
    then, now = (one.get(stage.name) for one in steps)
    if then is None or now is None:
        if then is now:
            return ""
        when = "then" if now is None else "now"
        return f"stage {stage.name!r} did its work only {when}: settings or data are others"
    if _of_step(then) != _of_step(now):
        return _other_step(then, now)
    if name in _SEARCHED and record.collection != again.collection:
        return _other_collection(record.collection, again.collection)
    if name in _COMPARED and record.history != again.history:
        return _other_history(record.history, again.history)
    if name in _ASKED:
        # A source that answered then and whose answer was not kept.
        failed = {problem.stage for problem in record.problems}
        for problem in again.problems:
            if problem.stage in live and problem.stage not in failed:
                return problem.message
    for read in (*stage.reads, *stage.uses):
        if reasons.get(read):
            return f"it rests on {read!r}: {reasons[read]}"
    return ""


def _of_step(step: Step) -> tuple[str, str | None]:
    return (step.version, step.model_digest)


def _other_step(then: Step, now: Step) -> str:
    if then.model_digest != now.model_digest:
        return (
            f"another model in stage {then.stage!r}: {then.model_digest or 'none'} then, "
            f"{now.model_digest or 'none'} now"
        )
    return f"another version of stage {then.stage!r}: {then.version} then, {now.version} now"


def _other_collection(then: CollectionState | None, now: CollectionState | None) -> str:
    return f"another collection: {_state(then)} then, {_state(now)} now"


def _state(state: CollectionState | None) -> str:
    if state is None:
        return "none"
    return (
        f"{state.n_documents} documents, newest {state.newest or 'not stated'}, "
        f"digest {state.digest or 'none'}, from {', '.join(state.sources)}"
    )


def _other_state(name: str, record: Record, again: Record) -> str:
    """How the collection or the history was another then; empty for any other field."""
    if name == "collection" and record.collection != again.collection:
        return _other_collection(record.collection, again.collection)
    if name == "history" and record.history != again.history:
        return _other_history(record.history, again.history)
    return ""


def _other_history(then: HistoryState | None, now: HistoryState | None) -> str:
    return f"the history has other texts: {_history_state(then)} then, {_history_state(now)} now"


def _history_state(state: HistoryState | None) -> str:
    if state is None:
        return "not stated"
    return (
        f"{state.n_texts} texts, first seen {state.first_seen or 'never'} to "
        f"{state.last_seen or 'never'}, digest {state.digest or 'none'}"
    )


def _steps(then: Sequence[Step], now: Sequence[Step]) -> FieldCheck:
    """Which stages ran with which weights; their seconds do not count."""
    before, after = ({step.stage: step for step in steps} for steps in (then, now))
    both = [name for name in before if name in after]
    others = [
        _other_step(before[name], after[name])
        for name in both
        if _of_step(before[name]) != _of_step(after[name])
    ]
    others += [f"stage {name!r} did its work only then" for name in before if name not in after]
    others += [f"stage {name!r} did its work only now" for name in after if name not in before]
    return FieldCheck("steps", Outcome.CANNOT_TELL if others else Outcome.SAME, "; ".join(others))


def _compared(name: str, then: Any, now: Any, reason: str) -> FieldCheck:  # noqa: ANN401 - JSON
    if then == now:
        return FieldCheck(name, Outcome.SAME)
    difference = _first_difference(then, now, name)
    if name == "matches" and not reason:
        difference += "; a record does not name the state of the library, which may be another"
    said = f"{reason}; {difference}" if reason else difference
    outcome = Outcome.CANNOT_TELL if reason else Outcome.DIFFERS
    return FieldCheck(name, outcome, said, _ids(then, now))


def _first_difference(then: Any, now: Any, path: str) -> str:  # noqa: ANN401 - JSON
    if isinstance(then, dict) and isinstance(now, dict):
        for key in then:
            if then[key] != now.get(key):
                return _first_difference(then[key], now.get(key), f"{path}/{key}")
    if isinstance(then, list) and isinstance(now, list):
        for i, (one, other) in enumerate(zip(then, now, strict=False)):
            if one != other:
                return _first_difference(one, other, f"{path}/{i}")
        return f"{path}: {len(then)} in the record, {len(now)} now"
    return f"{path}: {_shown(then)} in the record, {_shown(now)} now"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "..."


def _ids(then: Any, now: Any) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    """The ids of what differs, those of the record first; claim ids where there are no others."""
    first, second = _by_id(then), _by_id(now)
    changed = [name for name in first if first[name] != second.get(name)]
    changed += [name for name in second if name not in first]
    return tuple(changed[:_MAX_IDS])


def _by_id(value: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - JSON
    found: dict[str, list[Any]] = {}
    for one in value if isinstance(value, list) else ():
        name = one.get("id") or one.get("claim") if isinstance(one, dict) else None
        if isinstance(name, str):
            found.setdefault(name, []).append(one)
    return found


def _plain(record: Record) -> dict[str, Any]:
    """The record as JSON values, without the words of a language model."""
    claims = record.claims
    if claims is not None:
        claims = tuple(dataclasses.replace(c, phrasing=None, queries=()) for c in claims)
    plain: dict[str, Any] = json.loads(encode(dataclasses.replace(record, claims=claims)))
    return dict(plain["record"])


def _generated(record: Record) -> list[Any]:
    found = [one for c in record.claims or () for one in (c.phrasing, *c.queries) if one]
    return [*found, record.summary] if record.summary else found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingFileError(f"cannot open {str(path)!r}: {error.strerror}") from error


def _made_by(record: Record, folder: Path, database: str) -> str:
    from onrecord.store import captures
    from onrecord.store.database import DATABASE_NAME, open_database

    if not database and not (folder / DATABASE_NAME).is_file():
        return ""
    engine = open_database(folder, database)
    try:
        return captures.version_of_record(
            engine, digest=record.page.digest, json=encode(record).decode()
        )
    finally:
        engine.dispose()


def _kept_body(record: Record, folder: Path, database: str) -> bytes | None:
    """The bytes of the record's page from the store; `None` where they were not kept."""
    from onrecord.store import captures
    from onrecord.store.database import DATABASE_NAME, open_database

    if not database and not (folder / DATABASE_NAME).is_file():
        return None
    engine = open_database(folder, database)
    try:
        kept = captures.with_digest(engine, record.page.digest)
        problem: StoreError | None = None
        for one in kept:
            try:
                return captures.load(folder, one).body
            except StoreError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return None
    finally:
        engine.dispose()
