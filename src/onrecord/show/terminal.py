"""The record on a terminal: what to look at first, who carries the body, then the statements."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.record import Claim, Record
from onrecord.show import wording, wording_evidence
from onrecord.show.evidence import evidence_by_claim, evidence_lines, unshown
from onrecord.show.lookup import Lookup, lookup
from onrecord.show.notices import Exhibit, Notice, notices
from onrecord.show.reuse import HEADING as REUSE
from onrecord.show.reuse import none_found, reuse_lines
from onrecord.show.statements import Statement, statements
from onrecord.show.visible import cells, clipped, indented, line
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, Marks

__all__ = ["terminal"]

N_STATEMENTS = 12  # about half a screen; --all has every one
N_CLAIMS = 5
N_SPEAKERS = 9
N_EXHIBITS = 2  # for each label
LEAST_WIDTH = 60

_LABEL = 13  # columns of the label before an exhibit's words
_OUTCOMES = (BadgeOutcome.FAIL, BadgeOutcome.CANNOT_TELL, BadgeOutcome.PASS)


def terminal(record: Record, *, everything: bool, width: int, styled: bool = False) -> str:
    """The record as lines of at most `width` columns (60 at least) with a line end.

    `everything` gives every statement and badge rule whole. `styled` sets headings bold by ANSI
    codes; nothing is said by style alone. Strings of the page cannot hold a control character.
    """
    width = max(LEAST_WIDTH, width)
    look = lookup(record)
    told = notices(look)
    lines = [*_top(look, width), ""]
    first = [notice for notice in told if notice.look]
    noted = [notice for notice in told if not notice.look]
    lines += _heading(wording.LOOK, styled=styled)
    if not first:
        lines.append(f"  {wording.NOTHING_TO_LOOK_AT}")
    for number, notice in enumerate(first, 1):
        lines += _notice(notice, f"{number} ", width, everything=everything)
    lines += ["", *_carries(look, width, everything=everything, styled=styled)]
    if record.claims is not None:
        lines += ["", *_claims(look, record.claims, width, everything=everything, styled=styled)]
    if record.reuse:
        lines += ["", *_heading(REUSE, styled=styled)]
        lines += reuse_lines(record, width, everything=everything)
    if noted:
        lines += ["", *_heading(wording.NOTED, styled=styled)]
        for notice in noted:
            lines += _notice(notice, "- ", width, everything=everything)
    if everything:
        lines += _badge_rules(look, width, styled=styled)
    lines += ["", *_statements(look, width, everything=everything, styled=styled)]
    lines += ["", *_foot(look, width, everything=everything)]
    return "\n".join(one.rstrip() for one in lines) + "\n"


def _heading(words: str, note: str = "", *, styled: bool) -> list[str]:
    heading = words.upper()
    if styled:
        heading = f"\x1b[1m{heading}\x1b[0m"
    return [f"{heading}  {note}".rstrip()]


def _offsets(span: Span | None) -> str:
    return "" if span is None else f"[{span.start}]"


def _top(look: Lookup, width: int) -> list[str]:
    record = look.record
    title = line(look.title()) or "(no title found)"
    lines = indented(clipped(title, 3 * width), width, first="", rest="")
    notes = [*wording.about(record), f"sha256 {record.page.digest[:8]}…"]
    lines += indented(" · ".join(line(note) for note in notes), width, first="", rest="")
    if record.page.url:
        lines.append(clipped(line(record.page.url), width))
    return lines


def _notice(notice: Notice, mark: str, width: int, *, everything: bool) -> list[str]:
    rest = " " * cells(mark)
    lines = indented(line(notice.sentence), width, first=mark, rest=rest)
    shown = notice.exhibits if everything else _first_of_each_label(notice.exhibits)
    for exhibit in shown:
        lines += _exhibit(exhibit, width, everything=everything)
    if len(shown) < len(notice.exhibits):
        lines.append(f"    and {len(notice.exhibits) - len(shown)} more: --all")
    if notice.remark:
        lines += indented(line(notice.remark), width, first="    ", rest="    ")
    return lines


def _first_of_each_label(exhibits: tuple[Exhibit, ...]) -> tuple[Exhibit, ...]:
    shown: list[Exhibit] = []
    for exhibit in exhibits:
        if sum(one.label == exhibit.label for one in shown) < N_EXHIBITS:
            shown.append(exhibit)
    return tuple(shown)


def _exhibit(exhibit: Exhibit, width: int, *, everything: bool) -> list[str]:
    first = f"    {exhibit.label:<{_LABEL - 1}} "
    rest = " " * cells(first)
    if exhibit.url:
        return indented(line(exhibit.url), width, first=first, rest=rest)
    place = _offsets(exhibit.span)
    note = line(exhibit.note)
    note = f" {note}" if note and note not in line(exhibit.words) else ""
    for most in (10_000, *(() if everything else (2 * (width - len(rest)) - 24,))):
        words = wording.quoted(exhibit.words, most)
        lines = indented(f"{words}{note} {place}".rstrip(), width, first=first, rest=rest)
        if len(lines) <= 2:
            break
    return lines


def _carries(look: Lookup, width: int, *, everything: bool, styled: bool) -> list[str]:
    record = look.record
    if record.sourcing is None:
        return _heading(wording.CARRIES, wording.NOT_RUN, styled=styled)
    lines = _heading(wording.CARRIES, styled=styled)
    name_width = 26 if width >= 100 else 18
    bar_width = 12 if width >= 100 else 6
    kind_width = 13
    columns = f"  {'':<{name_width}} {'words':>5} {'':<{bar_width}} {'kind':<{kind_width}} "
    lines.append(clipped(f"{columns}what to ask for", width))
    shares = look.shares()
    shown = shares if everything else shares[:N_SPEAKERS]
    for share in shown:
        speaker = look.speakers.get(share.speaker or "")
        unknown = share.speaker is not None and speaker is None
        who = wording.PUBLISHER if share.speaker is None else wording.name(speaker)
        kind = "publisher" if share.speaker is None else ""
        kind = wording.SPEAKER[speaker.kind] if speaker else kind
        ask = "" if unknown else wording.asks(look, speaker)[0]
        percent = wording.percent(share)
        name = clipped(line(who), name_width)
        first = f"  {name}{' ' * (name_width - cells(name))} {percent:>5} "
        first += f"{_bar(share.share, bar_width)} {kind:<{kind_width}} "
        lines += indented(ask or "-", width, first=first, rest=" " * cells(first))
    if len(shown) < len(shares):
        lines.append(f"  and {len(shares) - len(shown)} more: --all")
    return lines


def _bar(share: float, width: int) -> str:
    """A bar of eighths of a column; a share above nothing shows at least one."""
    eighths = round(share * width * 8)
    if share > 0:
        eighths = max(1, eighths)
    full, rest = divmod(min(eighths, width * 8), 8)
    partial = "▏▎▍▌▋▊▉"[rest - 1] if rest else ""
    return ("█" * full + partial).ljust(width)


def _claims(
    look: Lookup, claims: tuple[Claim, ...], width: int, *, everything: bool, styled: bool
) -> list[str]:
    ranked = sorted((one for one in claims if one.checkable), key=lambda one: one.rank)
    if not ranked:
        return _heading(wording.CLAIMS, wording.NONE_FOUND, styled=styled)
    shown = ranked if everything else ranked[:N_CLAIMS]
    evidence = evidence_by_claim(look)
    lines = _heading(wording.CLAIMS, f"{len(shown)} of {len(ranked)}, ranked", styled=styled)
    for claim in shown:
        words = clipped(line(look.words(claim.span)), 10_000 if everything else 2 * width - 40)
        reasons = (
            f" ({'; '.join(line(one) for one in claim.reasons)})"
            if everything and claim.reasons
            else ""
        )
        mark = f"{claim.rank:>3} "
        lines += indented(
            f"{line(wording.claimed_by(look, claim))}: {words} {_offsets(claim.span)}{reasons}",
            width,
            first=mark,
            rest="    ",
        )
        if claim.id in evidence:
            lines += evidence_lines(evidence[claim.id], width, everything=everything)
    notes = []
    hidden = [evidence[one.id] for one in ranked[len(shown) :] if one.id in evidence]
    if proposed := unshown(hidden):
        n_more = wording.counted(len(ranked) - len(shown), "more claim")
        notes.append(f"{n_more}; proposed: {proposed}: --all")
    if look.record.evidence is not None and look.record.verdicts is not None:
        n_searched = sum(one.id in evidence for one in ranked)
        notes.append(wording_evidence.n_searched(n_searched, len(ranked)))
    for note in filter(None, notes):
        lines += indented(note, width, first="  ", rest="  ")
    return lines


def _badge_rules(look: Lookup, width: int, *, styled: bool) -> list[str]:
    lines: list[str] = []
    for audit in look.record.badges or ():
        lines += [
            "",
            *_heading("Rules for the label", wording.quoted(audit.label, 30), styled=styled),
        ]
        for outcome in (*_OUTCOMES, BadgeOutcome.DOES_NOT_APPLY):
            by_reason: dict[str, list[str]] = {}
            for rule in audit.rules:
                if rule.outcome is outcome:
                    by_reason.setdefault(line(rule.reason), []).append(line(rule.code)[:4])
            first = f"  {wording.OUTCOME[outcome]:<15} "
            for reason, codes in by_reason.items():
                lines += indented(
                    f"{' '.join(codes)}: {reason}", width, first=first, rest=" " * cells(first)
                )
    return lines


def _statements(look: Lookup, width: int, *, everything: bool, styled: bool) -> list[str]:
    made = statements(look)
    if made is None:
        return _heading(wording.STATEMENTS, wording.NOT_RUN, styled=styled)
    if not made:
        return _heading(wording.STATEMENTS, wording.NONE_FOUND, styled=styled)
    shown = made if everything else made[:N_STATEMENTS]
    note = (
        "in the order of the page"
        if len(shown) == len(made)
        else f"first {len(shown)} of {len(made)}"
    )
    lines = _heading(wording.STATEMENTS, note, styled=styled)
    for statement in shown:
        lines += _statement(statement, width, everything=everything)
    return lines


def _statement(statement: Statement, width: int, *, everything: bool) -> list[str]:
    broken = statement.attribution is not None and statement.attribution.marks is not Marks.NONE
    place = f"[{statement.span.start}]{'?' if broken else ''}"
    who_width = 34 if width >= 100 else 26 if width >= 80 else 20
    who = clipped(line(statement.who), who_width - cells(statement.verb) - 1)
    who = f"{who} {statement.verb}"
    first = f"  {place:<8} {who}{' ' * (who_width - cells(who))}  "
    if not everything:
        space = width - cells(first)
        hedged = any(note.startswith("hedged") for note in statement.notes)
        note = " (hedged)" if hedged and space >= 24 else ""
        return [f"{first}{clipped(line(statement.words), space - cells(note))}{note}"]
    notes = f" ({', '.join(line(note) for note in statement.notes)})" if statement.notes else ""
    return indented(f"{line(statement.words)}{notes}", width, first=first, rest=" " * cells(first))


def _foot(look: Lookup, width: int, *, everything: bool) -> list[str]:
    record = look.record
    notes: list[str] = []
    n_broken = sum(one.marks is not Marks.NONE for one in record.attributions or ())
    if n_broken:
        notes.append(f"{wording.repaired(n_broken)} (? marks them).")
    if look.n_comments():
        notes.append(f"{wording.comments_kept_out(look.n_comments())}.")
    if record.badges == ():
        notes.append(f"{wording.BADGES}: {wording.NONE_FOUND}.")
    if record.reuse == ():
        notes.append(f"{REUSE}: {none_found(record)}.")
    missing = wording.not_run(record)
    if missing:
        notes.append(f"Not run: {', '.join(missing)}.")
    lines = _joined(notes, width)
    more = "page: --html · work sheet: --worksheet"
    more += " · with proposals: --working-copy" if record.verdicts else ""
    more = more if everything else f"All statements: --all · {more}"
    return [*lines, *_joined([more], width)]


def _joined(notes: Iterable[str], width: int) -> list[str]:
    text = " ".join(notes)
    return indented(text, width, first="", rest="") if text else []
