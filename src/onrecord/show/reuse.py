"""Where the page's words stand elsewhere: lines for a terminal, HTML with a family tree, Markdown."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from onrecord.record import Record, Reuse, WordChange
from onrecord.show import wording
from onrecord.show.markdown import markdown, web_address
from onrecord.show.markup import address, escaped, offset, section
from onrecord.show.visible import brief, indented, line
from onrecord.span import Span
from onrecord.terms import QuotationChange, ReuseDirection, ReuseKind, WordChangeKind

__all__ = ["HEADING", "none_found", "reuse_lines", "reuse_list", "reuse_section", "spans_shown"]

HEADING = "Where these words stand elsewhere"
NO_PROOF = (
    "Equal words show that something was copied, not who copied: two texts may share a third."
)
N_SHOWN = 5  # on a terminal; --all has every one
N_CHANGED = 2  # of them changed quotations, which articles and passages would push out
MAX_WORDS = 240  # columns of words that are shown of a passage
MAX_WORDS_OF_ALL = 4_000

KIND = {
    ReuseKind.ARTICLE: "the article",
    ReuseKind.PASSAGE: "a passage",
    ReuseKind.QUOTATION: "a quotation",
}
DIRECTION = {
    ReuseDirection.FROM_DOCUMENT: "stood there first",
    ReuseDirection.FROM_PAGE: "stood here first",
    ReuseDirection.UNDETERMINED: "which was first is undetermined",
}
CHANGE = {
    QuotationChange.CROPPED: "begins or ends in the middle of a sentence",
    QuotationChange.WORDS_LEFT_OUT: "words left out",
    QuotationChange.WORDS_ADDED: "words added",
    QuotationChange.WORDS_REPLACED: "words replaced",
    QuotationChange.WORDS_MOVED: "words in another order",
    QuotationChange.NEGATION_LOST: "a negation is missing here",
    QuotationChange.NEGATION_ADDED: "a negation is missing there",
    QuotationChange.NUMBER_CHANGED: "another number",
    QuotationChange.MARKED: "change marked by dots or brackets",
}

_LEGEND = (
    '<p class="quiet">In a changed quotation <del>struck words</del> stand there alone, '
    "<ins>underlined ones</ins> here alone.</p>"
)

# The tree: rows of texts by date, each a line of 24 units; nothing in it moves or is asked for.
_ROW = 24
_MAX_NODES = 12
_WIDTH = 640
_PAGE_X, _OTHER_X, _WORDS_X = 40, 100, 116


def reuse_lines(record: Record, width: int, *, everything: bool) -> list[str]:
    """The findings as lines of a terminal, without a heading; none where the stage did not run."""
    found = record.reuse
    if found is None:
        return []
    if not found:
        return indented(none_found(record), width, first="  ", rest="  ")
    lines = indented(f"looked {_in_texts(record)}", width, first="  ", rest="  ")
    shown = found if everything else _first(found)
    most = MAX_WORDS_OF_ALL if everything else MAX_WORDS
    for one in shown:
        lines += indented(f"{_what(one)}: {_where(one)}", width, first="  ", rest="    ")
        lines += indented(_when(one), width, first="    ", rest="    ")
        lines += indented(_diff(record, one, most), width, first="    ", rest="    ")
        if one.passage.url:
            lines += indented(line(one.passage.url), width, first="    ", rest="    ")
    if len(shown) < len(found):
        lines.append(f"  and {len(found) - len(shown)} more: --all")
    return [*lines, *indented(NO_PROOF, width, first="  ", rest="  ")]


def reuse_section(record: Record, anchors: Container[int]) -> str:
    """The findings as a part of the HTML page; empty where the stage did not run."""
    found = record.reuse
    if found is None:
        return ""
    if not found:
        return section("reuse", HEADING, f'<p class="quiet">{escaped(none_found(record))}</p>')
    rows = "".join(_row(record, one, anchors) for one in found)
    inner = (
        f'{_tree(record, found)}<p class="quiet">{escaped(f"Looked {_in_texts(record)}. {NO_PROOF}")}</p>'
        f"{_LEGEND if any(one.changes for one in found) else ''}"
        f'<ul class="passages">{rows}</ul>'
    )
    return section("reuse", HEADING, inner)


def reuse_list(record: Record) -> list[str]:
    """The findings as lines of Markdown, each with a box to tick."""
    lines: list[str] = []
    for one in record.reuse or ():
        lines.append(f"- [ ] {markdown(_what(one))} [{one.span.start}–{one.span.end}]")
        lines.append(f"  - {markdown(_where(one))}; {markdown(_when(one))}")
        if one.passage.url:
            lines.append(f"  - {web_address(one.passage.url)}")
        lines.append(f"  - {markdown(_diff(record, one, MAX_WORDS))}")
    if not lines:
        return [f"{markdown(none_found(record)).capitalize()}."]
    return [*lines, "", f"Looked {markdown(_in_texts(record))}. {NO_PROOF}"]


def _first(found: Sequence[Reuse]) -> list[Reuse]:
    """The first findings, of which some are changed quotations where there are any."""
    changed = [one for one in found if one.changes][:N_CHANGED]
    others = [one for one in found if one not in changed][: N_SHOWN - len(changed)]
    return [one for one in found if one in changed or one in others]


def none_found(record: Record) -> str:
    """That nothing was found, and in how much."""
    return f"{wording.NONE_FOUND} {_in_texts(record)}"


def _in_texts(record: Record) -> str:
    """How many texts were looked at and since when; records of old do not say."""
    state = record.history
    if state is None:
        return "in the history"
    if not state.n_texts:
        return "in a history without texts"
    first, last = state.first_seen, state.last_seen
    days = f", first seen {first}" if first == last else f", first seen {first} to {last}"
    return f"in {wording.counted(state.n_texts, 'text')} of the history{days if first else ''}"


def _what(one: Reuse) -> str:
    if one.kind is ReuseKind.QUOTATION:
        how = "; ".join(CHANGE[change] for change in one.changes) or "word for word"
        return f"{KIND[one.kind]}, {how}"
    share = f"{one.similarity:.0%} of the words"
    return f"{KIND[one.kind]}, {share}{' of the shorter text' if one.kind is ReuseKind.ARTICLE else ''}"


def _where(one: Reuse) -> str:
    passage = one.passage
    parts = [
        f"“{brief(passage.title, 100)}”" if passage.title else "",
        brief(passage.publisher, 60),
        brief(passage.date, 20),
        f"first seen {line(passage.retrieved)[:10]}",
    ]
    return ", ".join(part for part in parts if part)


def _when(one: Reuse) -> str:
    reason = f" ({brief(one.reason, 200)})" if one.reason else ""
    return f"{DIRECTION[one.direction]}{reason}"


def _pieces(record: Record, one: Reuse) -> Iterable[tuple[WordChangeKind, str, str]]:
    """Each step with the words of the page and those of the other text."""
    for change in one.diff:
        yield change.kind, *_words(record, one, change)


def _words(record: Record, one: Reuse, change: WordChange) -> tuple[str, str]:
    return change.page_words.of(record.page.text), change.passage_words.of(one.passage.text)


def _diff(record: Record, one: Reuse, most: int) -> str:
    """The words; of a quotation [-left out there-] and {+added here+}, as wdiff writes them."""
    out: list[str] = []
    for kind, ours, theirs in _pieces(record, one):
        if kind is WordChangeKind.SAME:
            out.append(ours)
        else:
            out += [f"[-{theirs}-]"] if theirs else []
            out += [f"{{+{ours}+}}"] if ours else []
    joint = " " if one.kind is ReuseKind.QUOTATION else " … "
    return f"“{brief(joint.join(out), most)}” [{one.span.start}]"


def _row(record: Record, one: Reuse, anchors: Container[int]) -> str:
    words = []
    for kind, ours, theirs in _pieces(record, one):
        if kind is WordChangeKind.SAME:
            words.append(escaped(ours))
        else:
            words += [f"<del>{escaped(theirs)}</del>"] if theirs else []
            words += [f"<ins>{escaped(ours)}</ins>"] if ours else []
    whole = (" " if one.kind is ReuseKind.QUOTATION else " … ").join(words)
    notes = [escaped(_where(one)), escaped(_when(one))]
    if one.passage.url:
        notes.append(address(one.passage.url))
    there = one.passage.document_span
    notes.append(f"characters {there.start}–{there.end} there")
    credit = ""
    if one.credit is not None:
        said = escaped(brief(one.credit.of(record.page.text), 200))
        credit = f'<p class="quiet">credit: <q>{said}</q>{offset(one.credit, anchors)}</p>'
    return (
        f"<li><p><strong>{escaped(_what(one))}</strong>{offset(one.span, anchors)}</p>"
        f'<details><summary>the words</summary><blockquote dir="auto">{whole}</blockquote></details>'
        f'{credit}<p class="note">{" · ".join(notes)}</p></li>\n'
    )


def _tree(record: Record, found: Sequence[Reuse]) -> str:
    """A drawing of the texts by sighting: an arrow where sightings or credit show who was first."""
    first_of: dict[str, Reuse] = {}
    for one in found:
        first_of.setdefault(one.passage.document, one)
    shown = list(first_of.values())[:_MAX_NODES]
    published = record.page.metadata.published
    stated = published.value[:10] if published else ""
    own = (record.page.retrieved or "")[:10]
    rows: list[tuple[str, Reuse | None]] = [(own or stated, None)]
    rows += [(one.passage.retrieved[:10], one) for one in shown]
    # A direction that is known goes before dates, which may say less.
    order = {ReuseDirection.FROM_DOCUMENT: 0, ReuseDirection.UNDETERMINED: 1}
    rows.sort(key=lambda row: (1 if row[1] is None else order.get(row[1].direction, 2), row[0]))
    page_y = next(at for at, (_, one) in enumerate(rows) if one is None) * _ROW + _ROW // 2
    height = len(rows) * _ROW
    parts: list[str] = []
    for at, (date, other) in enumerate(rows):
        y = at * _ROW + _ROW // 2
        label = "this page" if other is None else _label(other)
        seen = own if other is None else date
        dated = stated if other is None else other.passage.date
        notes = [f"seen {seen}" if seen else "", f"dated {dated}" if dated else ""]
        words = f"{label} ({', '.join(filter(None, notes)) or 'no date'})"
        x = _PAGE_X if other is None else _OTHER_X
        css = "own" if other is None else "other"
        parts.append(f'<circle class="{css}" cx="{x}" cy="{y}" r="6"/>')
        parts.append(f'<text x="{_WORDS_X}" y="{y + 4}">{escaped(brief(words, 78))}</text>')
        if other is not None:
            parts.append(_edge(other.direction, page_y, y))
    told = escaped(_told(shown))
    return (
        f'<svg class="tree" role="img" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}"><title>{told}</title>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{''.join(parts)}</svg>"
        '<p class="quiet">Arrows lead from the text that had the words first; a broken line says '
        "that it cannot be told.</p>"
    )


def _edge(direction: ReuseDirection, page_y: int, y: int) -> str:
    """A line between the page and another text; the arrow's end is where the words went."""
    css, tip = "edge", ""
    if direction is ReuseDirection.UNDETERMINED:
        css = "edge open"
    elif direction is ReuseDirection.FROM_DOCUMENT:
        tip = ' marker-start="url(#tip)"'
    else:
        tip = ' marker-end="url(#tip)"'
    middle = (_PAGE_X + _OTHER_X) // 2
    return (
        f'<path class="{css}" d="M{_PAGE_X + 8} {page_y}C{middle} {page_y} {middle} {y} '
        f'{_OTHER_X - 8} {y}"{tip}/>'
    )


def _label(one: Reuse) -> str:
    name = line(one.passage.publisher) or line(one.passage.title) or line(one.passage.url)
    return f"{brief(name or 'no name known', 40)}: {KIND[one.kind]}"


def _told(shown: Sequence[Reuse]) -> str:
    """The drawing in words."""
    n = {
        direction: sum(one.direction is direction for one in shown) for direction in ReuseDirection
    }
    parts = [f"{n[direction]} {DIRECTION[direction]}" for direction in ReuseDirection]
    return f"This page and {wording.counted(len(shown), 'other text')}: {'; '.join(parts)}."


def spans_shown(record: Record) -> Iterable[Span]:
    """The spans of the page that the part links to."""
    for one in record.reuse or ():
        yield one.span
        if one.credit is not None:
            yield one.credit
