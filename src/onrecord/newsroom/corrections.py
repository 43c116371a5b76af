"""Corrections of a published check: appended, dated, reasoned and signed, never taken out.

A published content changes in one way: a `PendingCorrection` collects signatures under the new
content like a review does, and `corrected` then gives the review with that content and the
`Correction` to append. A retraction leaves the content where it is and is shown before it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from onrecord.errors import MoveError
from onrecord.newsroom.review import (
    Account,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.terms import CorrectionKind, ReviewState, Role

__all__ = [
    "BLACKED_OUT",
    "Correction",
    "PendingCorrection",
    "TextChange",
    "blacked_out",
    "changes_between",
    "corrected",
    "retraction",
    "signed_correction",
]

# Stands where words were taken out on legal grounds.
BLACKED_OUT = "█" * 8


@dataclass(frozen=True, slots=True)
class TextChange:
    """One changed field: its name, the words before and after, cut to what differs."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of a check's log of corrections.

    `number` counts from 1 within the check; `at` is ISO 8601, UTC; `by` are the names printed
    under it. `before` and `after` are the digests of the contents; a retraction changes none.
    """

    number: int
    kind: CorrectionKind
    at: str
    reason: str
    by: tuple[str, ...]
    changes: tuple[TextChange, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PendingCorrection:
    """A correction that waits for its signatures; nothing of it is public."""

    review: str
    kind: CorrectionKind
    content: ReviewContent
    reason: str
    by: str
    at: str
    signatures: tuple[Signature, ...] = ()


def signed_correction(
    pending: PendingCorrection, account: Account, *, now: str
) -> PendingCorrection:
    """The correction with one more signature under its content.

    Raises `MoveError` for an account below editor.
    """
    if not account.may(Role.EDITOR):
        raise MoveError(f"the role {account.role.value!r} cannot sign; an editor can")
    mark = Signature(account.id, account.name, now, content_digest(pending.content))
    others = tuple(s for s in pending.signatures if s.account != account.id)
    return replace(pending, signatures=(*others, mark))


def corrected(
    review: Review,
    pending: PendingCorrection,
    *,
    log: Sequence[Correction],
    n_needed: int,
    now: str,
) -> tuple[Review, Correction]:
    """The published review with the corrected content, and the entry to append to its log.

    Raises `MoveError` unless the review is published, the reason is given, the content differs,
    and enough accounts signed exactly this content.
    """
    if review.state is not ReviewState.PUBLISHED:
        raise MoveError(
            f"a review in state {review.state.value!r} has nothing public to correct; edit it"
        )
    if pending.review != review.id:
        raise MoveError(f"the correction is for review {pending.review!r}, not {review.id!r}")
    if not pending.reason.strip():
        raise MoveError("a correction needs a reason, which is printed")
    before, after = content_digest(review.content), content_digest(pending.content)
    if before == after:
        raise MoveError("the correction changes nothing")
    marks = {s.account: s for s in pending.signatures if s.content == after}
    if len(marks) < max(1, n_needed):
        raise MoveError(
            f"found {len(marks)} signature(s) under this correction, expected {max(1, n_needed)}"
        )
    entry = Correction(
        len(log) + 1,
        pending.kind,
        now,
        pending.reason,
        tuple(s.name for s in marks.values()),
        changes_between(review.content, pending.content),
        before,
        after,
    )
    fresh = replace(
        review,
        content=pending.content,
        signatures=tuple(marks.values()),
        version=review.version + 1,
        changed=now,
    )
    return fresh, entry


def retraction(
    review: Review, *, log: Sequence[Correction], reason: str, by: Account, now: str
) -> Correction:
    """The entry that a retraction appends; the review itself is moved by `review.moved`."""
    digest = content_digest(review.content)
    kind = CorrectionKind.RETRACTION
    return Correction(len(log) + 1, kind, now, reason, (by.name,), (), digest, digest)


def blacked_out(
    review: Review,
    words: str,
    *,
    ground: str,
    log: Sequence[Correction],
    account: Account,
    now: str,
) -> tuple[Review, Correction]:
    """The review with the words replaced by a visible gap, and its entry, which has no words.

    The signatures are carried over to the new digest: the people signed all that is left. Raises
    `MoveError` for an account below admin, without a ground, or when the words are not there.
    """
    if not account.may(Role.ADMIN):
        raise MoveError(f"the role {account.role.value!r} cannot black out; an admin can")
    if not ground.strip():
        raise MoveError("a black-out needs its legal ground, which is printed")
    if not words.strip():
        raise MoveError("found no words to black out")
    content = _without(review.content, words)
    before, after = content_digest(review.content), content_digest(content)
    if before == after:
        raise MoveError("the words to black out do not stand in this check")
    marks = tuple(
        replace(s, content=after) if s.content == before else s for s in review.signatures
    )
    gone = tuple(
        TextChange(change.field, "", BLACKED_OUT)
        for change in changes_between(review.content, content)
    )
    kind = CorrectionKind.BLACKOUT
    entry = Correction(len(log) + 1, kind, now, ground, (account.name,), gone, before, after)
    fresh = replace(
        review, content=content, signatures=marks, version=review.version + 1, changed=now
    )
    return fresh, entry


def changes_between(before: ReviewContent, after: ReviewContent) -> tuple[TextChange, ...]:
    """What differs, field by field, each cut to the words that changed with a little around them.

    >>> changes_between(ReviewContent("It cost 12 million"), ReviewContent("It cost 14 million"))
    (TextChange(field='claim', before='It cost 12 million', after='It cost 14 million'),)
    """
    found: list[TextChange] = []
    for field in fields(ReviewContent):
        old, new = (_plain(getattr(content, field.name)) for content in (before, after))
        if old != new:
            found.append(TextChange(field.name, *_cut(old, new)))
    return tuple(found)


# Words kept around a change, so that it can be read.
_AROUND = 8


def _cut(old: str, new: str) -> tuple[str, str]:
    a, b = old.split(), new.split()
    blocks = difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if not changed:
        return old, new
    first, last = changed[0], changed[-1]
    return (
        _window(a, first[1], last[2]),
        _window(b, first[3], last[4]),
    )


def _window(words: list[str], start: int, end: int) -> str:
    low, high = max(0, start - _AROUND), min(len(words), end + _AROUND)
    text = " ".join(words[low:high])
    return ("… " if low else "") + text + (" …" if high < len(words) else "")


def _plain(value: object) -> str:
    """A field as readable text; of a source or contact, its filled values."""
    if isinstance(value, tuple):
        return "; ".join(_plain(one) for one in value)
    if isinstance(value, str):
        return value
    named = [getattr(value, f.name) for f in fields(value)]  # type: ignore[arg-type]
    return ", ".join(str(one) for one in named if one not in {"", False})


def _without(content: ReviewContent, words: str) -> ReviewContent:
    def gone(value: object) -> object:
        if isinstance(value, str):
            return value.replace(words, BLACKED_OUT)
        if isinstance(value, tuple):
            return tuple(gone(one) for one in value)
        if isinstance(value, bool):
            return value
        changed = {f.name: gone(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
        return replace(value, **changed)  # type: ignore[type-var]

    return gone(content)  # type: ignore[return-value]
