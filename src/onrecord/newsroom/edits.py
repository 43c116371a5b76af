"""What editors change in a machine's draft: corrected, added or rejected findings.

An edit is kept apart from the record, with its author. It holds what it changes and where, as
selectors, so that it is found again after the analysis ran anew, on the same page (the same ids)
or on a changed one (the same words). `edited_record` lays edits over a record and says which
finding is whose; an edit whose words are gone is listed as lost, never moved to other words.

Findings are named by `key`, and edited in the plain form of `codec.encode`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.codec import ELSEWHERE, decode, encode
from onrecord.errors import AnchorError, CodecError, NewsroomError
from onrecord.record import Record
from onrecord.selectors import Selector, anchor, describe
from onrecord.span import Span
from onrecord.terms import EditAct

__all__ = ["FIELDS", "Edit", "EditedRecord", "Lost", "Mark", "edit", "edited_record", "key"]

# The parts of a record that can be edited, and where they stand in its JSON.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "regions": ("page", "regions"),
    "attributions": ("attributions",),
    "speakers": ("speakers",),
    "claims": ("claims",),
    "matches": ("matches",),
    "evidence": ("evidence",),
    "quantities": ("quantities",),
    "badges": ("badges",),
    "headline": ("headline",),
}
# Keys of a finding that say where it stands, best first.
_PLACES = (
    "content",
    "span",
    "source",
    "cue",
    "mentions",
    "claim_words",
    "words",
    "region",
    "title",
)
_ID_LENGTH = 16

Json = Any  # JSON has no narrower type


@dataclass(frozen=True, slots=True)
class Edit:
    """One act of an editor on one finding.

    `target` is the key of the finding, empty for an added one. `changes` are the fields that
    change, or the whole finding for an added one, in JSON; spans in it are `[start, end]` into the
    text of the record it was made on. `anchors` give for each path to a span its selector; the
    path `""` is the place of the target.
    """

    id: str
    record: str
    field: str
    act: EditAct
    target: str
    changes: str
    anchors: tuple[tuple[str, Selector], ...]
    account: str
    by: str
    at: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose a finding is: the key after the edit, what was done, by whom and when."""

    field: str
    key: str
    act: EditAct
    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An edit that found its place no more, and why."""

    edit: Edit
    why: str


@dataclass(frozen=True, slots=True)
class EditedRecord:
    """A record with edits laid over it; what has no mark is the machine's own.

    Rejected findings are taken out of `record` and stay listed in `marks`.
    """

    record: Record
    marks: tuple[Mark, ...]
    lost: tuple[Lost, ...]


def key(field: str, finding: Mapping[str, Json]) -> str:
    """The name of a finding within its field, from the plain form.

    Ids where there are some; of a match the claim and the fact-check; else the place.
    """
    if "id" in finding:
        return str(finding["id"])
    if field == "matches":
        return f"{finding['claim']}:{finding['fact_check']['id']}"
    if field == "quantities":
        words, passage = finding["claim_words"], finding["passage_words"]
        return f"{finding['evidence']}:{words[0]}-{words[1]}:{passage[0]}-{passage[1]}"
    if field == "regions":
        return f"{finding['kind']}:{finding['span'][0]}-{finding['span'][1]}"
    if field == "badges":
        place = finding["region"]
        return f"{finding['label']}:{place[0]}-{place[1]}" if place else str(finding["label"])
    return field


def edit(  # noqa: PLR0913 - an edit has these parts
    record: Record,
    field: str,
    act: EditAct,
    *,
    target: str = "",
    changes: Mapping[str, Json] | None = None,
    account: str,
    by: str,
    at: str,
    reason: str = "",
) -> Edit:
    """An edit of a finding, with selectors for every span that it rests on.

    `changes` are in the plain form. Raises `NewsroomError` when the field or the finding is not
    there, or when the result would be no record.
    """
    if field not in FIELDS:
        raise NewsroomError(f"found the field {field!r}; editable: {', '.join(FIELDS)}")
    changes = dict(changes or {})
    plain = json.loads(encode(record))["record"]
    anchors: list[tuple[str, Selector]] = []
    if act is not EditAct.ADD:
        finding = _find(_findings(plain, field), field, target)
        if finding is None:
            raise NewsroomError(f"found no finding {target!r} among {field!r} of this record")
        place = _place(finding)
        if place is not None:
            anchors.append(("", describe(record.page.text, place)))
    if act is not EditAct.REJECT and not changes:
        raise NewsroomError("an edit needs what it changes")
    try:
        anchors += [(path, describe(record.page.text, span)) for path, span in _spans(changes)]
    except AnchorError as error:
        raise NewsroomError(str(error)) from error
    made = Edit(
        _edit_id(record, field, target, at, account, changes),
        record.page.digest,
        field,
        act,
        target,
        json.dumps(changes, ensure_ascii=False, sort_keys=True),
        tuple(anchors),
        account,
        by,
        at,
        reason,
    )
    done = edited_record(record, (made,))
    if done.lost:
        raise NewsroomError(done.lost[0].why)
    return made


def edited_record(record: Record, edits: Sequence[Edit]) -> EditedRecord:
    """The record with the edits laid over it in their order.

    An edit that does not fit any more is listed as lost and changes nothing.
    """
    marks: list[Mark] = []
    lost: list[Lost] = []
    for one in edits:
        try:
            record, mark = _laid_over(record, one)
        except (NewsroomError, AnchorError, CodecError) as error:
            lost.append(Lost(one, str(error)))
            continue
        marks = [m for m in marks if (m.field, m.key) != (mark.field, one.target)]
        marks.append(mark)
    return EditedRecord(record, tuple(marks), tuple(lost))


def _laid_over(record: Record, one: Edit) -> tuple[Record, Mark]:
    plain = json.loads(encode(record))
    findings = _findings(plain["record"], one.field)
    text = record.page.text
    same_page = record.page.digest == one.record
    places = {path: anchor(selector, text) for path, selector in one.anchors}
    changes = _moved(json.loads(one.changes), places)
    if one.act is EditAct.ADD:
        finding = changes
        if "id" in finding or one.field in {"attributions", "speakers", "claims", "evidence"}:
            finding["id"] = one.id
        findings.append(finding)
    else:
        finding = _find(findings, one.field, one.target) if same_page else None
        if finding is None and "" in places:
            finding = _find_at(findings, places[""])
        if finding is None:
            raise NewsroomError(f"the finding {one.target!r} is not there any more")
        if one.act is EditAct.REJECT:
            name = key(one.field, finding)
            _remove(plain["record"], one.field, finding)
            return decode(json.dumps(plain).encode()), _mark(one, name)
        unknown = [name for name in changes if name not in finding]
        if unknown:
            raise NewsroomError(f"a finding of {one.field!r} has no field {unknown[0]!r}")
        finding.update(changes)
    name = key(one.field, finding)
    return decode(json.dumps(plain).encode()), _mark(one, name)


def _mark(one: Edit, name: str) -> Mark:
    return Mark(one.field, name, one.act, one.by, one.at, one.reason)


def _findings(plain: Json, field: str) -> list[Json]:
    """The list of findings in the plain record, to be changed in place; one for the headline."""
    *above, last = FIELDS[field]
    for name in above:
        plain = plain[name]
    if plain[last] is None:
        if field == "headline":
            raise NewsroomError("the record has no headline check to edit")
        plain[last] = []
    found = plain[last]
    return found if isinstance(found, list) else [found]


def _remove(plain: Json, field: str, finding: Json) -> None:
    *above, last = FIELDS[field]
    for name in above:
        plain = plain[name]
    if isinstance(plain[last], list):
        plain[last] = [one for one in plain[last] if one is not finding]
    else:
        plain[last] = None


def _find(findings: Sequence[Json], field: str, target: str) -> Json | None:
    return next((one for one in findings if key(field, one) == target), None)


def _find_at(findings: Sequence[Json], place: Span) -> Json | None:
    """The one finding that stands at the place; `None` for none or several."""
    found = [one for one in findings if _place(one) == place]
    return found[0] if len(found) == 1 else None


def _place(finding: Mapping[str, Json]) -> Span | None:
    for name in _PLACES:
        spans = list(_spans(finding.get(name)))
        if spans:
            return spans[0][1]
    return None


def _spans(value: Json, path: str = "") -> Iterator[tuple[str, Span]]:
    """Every `[start, end]` of a plain finding that points into the page, with its path."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in ELSEWHERE:
                yield from _spans(one, f"{path}/{name}")
    elif isinstance(value, list):
        if len(value) == 2 and all(type(one) is int for one in value):
            yield path or "/", Span(value[0], value[1])
        else:
            for i, one in enumerate(value):
                yield from _spans(one, f"{path}/{i}")


def _moved(value: Json, places: Mapping[str, Span], path: str = "") -> Json:
    if isinstance(value, dict):
        return {name: _moved(one, places, f"{path}/{name}") for name, one in value.items()}
    if isinstance(value, list):
        if path in places:
            return [places[path].start, places[path].end]
        return [_moved(one, places, f"{path}/{i}") for i, one in enumerate(value)]
    return value


def _edit_id(record: Record, *parts: object) -> str:
    import hashlib

    named = json.dumps([record.page.digest, *map(str, parts)], ensure_ascii=False)
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
