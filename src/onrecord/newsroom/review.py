"""Reviews: what an editor says of a claim, its states, and the moves that are allowed.

A signature is under one exact text: it holds the digest of the content that was signed, and stops
counting as soon as the content changes. `MOVES` is the whole of what may happen to a review;
`moved` is the one way to make a move.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from onrecord.errors import GateError, MoveError
from onrecord.terms import GateOutcome, ReviewState, Role

__all__ = [
    "MOVES",
    "Account",
    "Circumstances",
    "CitedSource",
    "Contact",
    "GatePoint",
    "Move",
    "Review",
    "ReviewContent",
    "Signature",
    "Waiver",
    "allowed_moves",
    "content_digest",
    "counting_signatures",
    "edited",
    "moved",
    "needed_signatures",
    "signed",
]

_RANK = {role: number for number, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who works on the desk: id, the name that is printed, and the role."""

    id: str
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the account has this role or a higher one.

        >>> Account("1", "Ada Quill", Role.EDITOR).may(Role.CONTRIBUTOR)
        True
        """
        return _RANK[self.role] >= _RANK[role]


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that a review rests on.

    `quote` are its exact words, `side` says whether they speak `for`, `against` or as `context`;
    `digest` is the SHA-256 of the kept copy, empty where none is kept. `interest` is what the
    source stands to gain, where it is not plain.
    """

    title: str
    url: str = ""
    quote: str = ""
    side: str = "context"
    publisher: str = ""
    date: str = ""
    digest: str = ""
    is_primary: bool = False
    interest: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who was asked what, when, and what came back; times are ISO 8601, UTC."""

    whom: str
    how: str
    asked: str
    question: str
    answer: str = ""
    answered: str = ""
    is_claimant: bool = False


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """Everything of a review that is printed: what a signature is under.

    `claim` are the words checked (as published), `short_claim` the same in under 75 characters for
    the markup, empty where the claim is as short; `claimant` is who said it (empty: nobody to name),
    `said_at` the address and `said_in` the title of where, `said_on` when (ISO 8601). `rating` is a
    word of the desk's scale. `why` says why this claim was chosen.
    """

    claim: str
    short_claim: str = ""
    claimant: str = ""
    said_in: str = ""
    said_at: str = ""
    said_on: str = ""
    title: str = ""
    rating: str = ""
    summary: str = ""
    reasoning: str = ""
    why: str = ""
    sources: tuple[CitedSource, ...] = ()
    contacts: tuple[Contact, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Signature:
    """An account put its name under a content; `content` is the digest that was signed."""

    account: str
    name: str
    at: str
    content: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """An editor waives a point of the gate, with a reason that is printed."""

    point: str
    reason: str
    account: str
    at: str


@dataclass(frozen=True, slots=True)
class GatePoint:
    """One point of the publish gate: its code, what it asks, how it stands and why.

    `level` is `page` or `site`; `heading` the IFCN principle that it belongs to.
    """

    code: str
    heading: str
    level: str
    asks: str
    outcome: GateOutcome
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """An editor's check of one claim.

    `record` and `claim_id` name the machine's record (page digest) and claim that it began with,
    empty for a claim entered by hand. `published` and `embargo_until` are ISO 8601 times, UTC.
    `version` counts the published contents, from 1; it is 0 before publication. `side` is the
    desk's own tag of the side of a debate: never printed, counted on the dashboard.
    """

    id: str
    content: ReviewContent
    state: ReviewState = ReviewState.DRAFT
    signatures: tuple[Signature, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    record: str = ""
    claim_id: str = ""
    assigned: str = ""
    side: str = ""
    embargo_until: str = ""
    created: str = ""
    changed: str = ""
    published: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """An allowed move: from which states to which, and the lowest role that may make it."""

    name: str
    origins: tuple[ReviewState, ...]
    target: ReviewState
    role: Role
    needs: str = ""  # what else must hold: signatures, gate, time, reason


_S = ReviewState
MOVES: Mapping[str, Move] = MappingProxyType(
    {
        move.name: move
        for move in (
            Move("hand_in", (_S.DRAFT,), _S.IN_REVIEW, Role.CONTRIBUTOR),
            Move("send_back", (_S.IN_REVIEW, _S.LEGAL_READ, _S.SIGNED, _S.EMBARGOED), _S.DRAFT, Role.EDITOR),
            Move("ask_lawyer", (_S.IN_REVIEW, _S.SIGNED), _S.LEGAL_READ, Role.EDITOR),
            Move("lawyer_agrees", (_S.LEGAL_READ,), _S.IN_REVIEW, Role.EDITOR),
            Move("close_signing", (_S.IN_REVIEW,), _S.SIGNED, Role.EDITOR, "signatures"),
            Move("embargo", (_S.SIGNED,), _S.EMBARGOED, Role.EDITOR, "signatures time"),
            Move("publish", (_S.SIGNED, _S.EMBARGOED), _S.PUBLISHED, Role.EDITOR, "signatures gate embargo"),
            Move("retract", (_S.PUBLISHED,), _S.RETRACTED, Role.EDITOR, "reason"),
            Move("drop", (_S.DRAFT, _S.IN_REVIEW, _S.LEGAL_READ, _S.SIGNED, _S.EMBARGOED), _S.DROPPED, Role.EDITOR),
            Move("take_up_again", (_S.DROPPED,), _S.DRAFT, Role.EDITOR),
        )
    }
)  # fmt: skip


def content_digest(content: ReviewContent) -> str:
    """The SHA-256 of a content, which a signature holds; equal contents give equal digests."""
    plain = json.dumps(asdict(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def needed_signatures(n_signers: int, setting: int = 2) -> int:
    """How many signatures a publication needs on a desk of so many accounts that may sign.

    One on a desk of one, `setting` (at least 1) as soon as there are that many.

    >>> needed_signatures(1), needed_signatures(5), needed_signatures(5, 3)
    (1, 2, 3)
    """
    return max(1, min(setting, n_signers))


def counting_signatures(review: Review) -> tuple[Signature, ...]:
    """The signatures under the present content, one per account."""
    digest = content_digest(review.content)
    by_account = {s.account: s for s in review.signatures if s.content == digest}
    return tuple(by_account.values())


def signed(review: Review, account: Account, *, now: str) -> Review:
    """The review with one more signature under its present content.

    Raises `MoveError` outside `in_review` and for an account below editor.
    """
    if review.state is not ReviewState.IN_REVIEW:
        raise MoveError(
            f"a review in state {review.state.value!r} cannot be signed; hand it in first"
        )
    if not account.may(Role.EDITOR):
        raise MoveError(f"the role {account.role.value!r} cannot sign; an editor can")
    mark = Signature(account.id, account.name, now, content_digest(review.content))
    others = tuple(s for s in counting_signatures(review) if s.account != account.id)
    return replace(review, signatures=(*others, mark), changed=now)


def edited(review: Review, content: ReviewContent, *, account: Account, now: str) -> Review:
    """The review with another content; signatures under the old one stop counting.

    A published content changes only by a correction (`corrections.corrected`). Raises `MoveError`
    in any state but `draft`, `in_review` and `legal_read`, and for an account below contributor.
    """
    open_states = (ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.LEGAL_READ)
    if review.state not in open_states:
        raise MoveError(
            f"a review in state {review.state.value!r} cannot be edited; send it back first, or "
            "publish a correction"
        )
    if not account.may(Role.CONTRIBUTOR):
        raise MoveError(f"the role {account.role.value!r} cannot edit; a contributor can")
    digest = content_digest(content)
    kept = tuple(s for s in review.signatures if s.content == digest)
    return replace(review, content=content, signatures=kept, changed=now)


def allowed_moves(review: Review, account: Account) -> tuple[Move, ...]:
    """The moves that this account may try from this state, in the order of the table."""
    return tuple(
        move for move in MOVES.values() if review.state in move.origins and account.may(move.role)
    )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a move may depend on besides the review.

    `n_needed`: signatures that a publication needs; `gate`: the points of the publish gate;
    `until`: end of an embargo (ISO 8601, UTC); `reason`: why a check is retracted.
    """

    n_needed: int = 2
    gate: Sequence[GatePoint] | None = None
    until: str = ""
    reason: str = ""


def moved(
    review: Review, name: str, *, account: Account, now: str, given: Circumstances | None = None
) -> Review:
    """The review after a move.

    Times are ISO 8601 in UTC with one form, so that they compare as text. Raises `MoveError` when
    the table has no such move from this state for this role or something is missing, `GateError`
    when a point of the gate fails. Publishing needs signatures under the present content, whatever
    the state says: no order of moves publishes what nobody signed.
    """
    given = given or Circumstances()
    move = MOVES.get(name)
    if move is None:
        raise MoveError(f"no move {name!r}; known: {', '.join(MOVES)}")
    if review.state not in move.origins:
        raise MoveError(f"a review in state {review.state.value!r} cannot make the move {name!r}")
    if not account.may(move.role):
        raise MoveError(f"the role {account.role.value!r} cannot make the move {name!r}")
    needs = move.needs.split()
    if "signatures" in needs:
        n = len(counting_signatures(review))
        if n < max(1, given.n_needed):
            raise MoveError(
                f"found {n} signature(s) under this text, expected {max(1, given.n_needed)}"
            )
    if "gate" in needs:
        _check_gate(given.gate)
    if "embargo" in needs and review.embargo_until and now < review.embargo_until:
        raise MoveError(f"the embargo holds until {review.embargo_until}")
    if "time" in needs and not given.until > now:
        raise MoveError("an embargo needs a time that lies ahead")
    if "reason" in needs and not given.reason.strip():
        raise MoveError("this move needs a reason, which is printed")
    changes: dict[str, object] = {"state": move.target, "changed": now}
    if move.target is ReviewState.DRAFT:
        changes |= {"signatures": (), "embargo_until": ""}
    if move.target is ReviewState.EMBARGOED:
        changes["embargo_until"] = given.until
    if move.target is ReviewState.PUBLISHED:
        changes |= {"published": now, "version": review.version + 1}
    return replace(review, **changes)  # type: ignore[arg-type]


def _check_gate(points: Sequence[GatePoint] | None) -> None:
    if points is None:
        raise GateError("the publish gate was not asked; expected its points")
    failed = [point for point in points if point.outcome is GateOutcome.FAIL]
    if failed:
        raise GateError(
            f"{len(failed)} point(s) of the publish gate fail, first {failed[0].code}: "
            f"{failed[0].reason}; mend or waive each with a reason"
        )
