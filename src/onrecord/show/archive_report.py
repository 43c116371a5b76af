"""The report of an archive as one HTML page: plots with their numbers, no script, no ranking."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from urllib.parse import quote

from onrecord.archive_figures import FIGURES, ORIGINS, SPEAKERS, Figure
from onrecord.archive_report import Archive
from onrecord.archive_sample import Judgements, Status
from onrecord.show.archive_lists import COPIES, INLINE, Lists, few, rows_of
from onrecord.show.archive_methods import methods
from onrecord.show.archive_tables import family, measure, page_table, pair_table
from onrecord.show.markup import escaped, section
from onrecord.show.visible import brief

__all__ = ["TITLE", "archive_report", "is_long", "list_page", "report_lists"]

TITLE = "What this archive says"
_BY_KEY: Mapping[str, Figure] = {one.key: one for one in FIGURES}
_ABOUT = {
    "pages": (
        "Pages by the month of publication that each page states; pages that state none stand "
        "apart. A number leads to its pages."
    ),
    "claims": (
        "Statements that could be looked up and found right or wrong: how many a page has. Whether "
        "they are right was not asked."
    ),
    "speakers": "People, bodies and documents that a page gives statements of, each counted once a page.",
    "voice": (
        "Words of title, subtitle and body for which the page gives no source, of all words whose "
        "voice is known. Reports of what the reporter saw are own voice too."
    ),
    "sourcing": (
        "Words of the body by whom they are given to. What nobody is named for is the "
        "publisher's own."
    ),
    "origins": (
        "Where the title makes a claim: what the body gives for it. One origin is no fault: some "
        "things one source alone can know."
    ),
    "titles": (
        "Titles compared with their bodies. Opinion, satire, interviews and live pages are left out."
    ),
    "labels": (
        "Labels such as “Fact checked”, and rules for what should stand behind them. That a rule "
        "fails says what is not on the page, and nothing about who wrote it."
    ),
    "copies": (
        "Pages that share at least half of the words of the shorter one with a page of another outlet "
        "(the same article), or one long passage. Equal words show that something was copied, not "
        "who copied: both may come from a third text. Which stood first is told only where one was "
        "captured before the day that the other states, or where one credits the other."
    ),
}


def report_lists(archive: Archive, judgements: Judgements, *, folder: str) -> Lists:
    """The lists behind the figures; `folder` is the name of theirs where they need one."""
    return Lists(archive, archive.statuses(judgements), rows_of(archive), folder)


def is_long(archive: Archive, judgements: Judgements) -> bool:
    """Whether the lists of pages are too long to stand in the report itself."""
    statuses = archive.statuses(judgements)
    told = [key for key, one in statuses.items() if one.is_told]
    n = archive.methods.n_pages + sum(archive.totals(key).n_with for key in told)
    return n > INLINE


def archive_report(lists: Lists, judgements: Judgements, *, title: str = "") -> Iterator[str]:
    """The parts of the report in order; equal records and judgements give equal bytes."""
    archive = lists.archive
    heading = title or TITLE
    style = files("onrecord.show").joinpath("archive_report.css").read_text(encoding="utf-8")
    yield _head(heading, style)
    yield f'<header><p class="kicker">onrecord: report of an archive</p>\n<h1 dir="auto">{escaped(brief(heading, 200))}</h1>\n'
    yield _about(archive, lists.statuses)
    parts = list(_parts(lists))
    menu = "".join(f'<a href="#{id_}">{escaped(name)}</a>' for id_, name, _ in parts)
    menu += '<a href="#withheld">Withheld</a><a href="#methods">Methods</a>'
    yield f'<nav aria-label="Parts of this report">{menu}</nav></header>\n<main>\n'
    for id_, name, inner in parts:
        yield section(id_, name, inner) + "\n"
    yield section("withheld", "What is withheld, and why", _withheld(lists.statuses, judgements))
    yield "\n" + section("methods", "Methods", methods(archive, judgements, few(archive))) + "\n"
    yield from _pages(lists)
    yield "</main></body></html>\n"


def list_page(title: str, parts: Iterator[str], *, report: str) -> Iterator[str]:
    """A page of a list beside the report, with a link back."""
    style = files("onrecord.show").joinpath("archive_report.css").read_text(encoding="utf-8")
    yield _head(title, style)
    yield (
        f'<header><p class="kicker"><a href="../{escaped(quote(report))}">the report</a></p>'
        f'<h1 dir="auto">{escaped(brief(title, 200))}</h1></header><main class="list">\n'
    )
    yield from parts
    yield "</main></body></html>\n"


def _head(title: str, style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{escaped(brief(title, 100))}</title>
<style>{style}</style>
</head>
<body>
"""


def _about(archive: Archive, statuses: Mapping[str, Status]) -> str:
    known = archive.methods
    first, last = known.published
    dates = f", published {first} to {last}" if first else ""
    n_read = archive.totals("claims").of or archive.totals("own-voice").n_pages
    read = (
        "Who says what was read on all of them."
        if n_read == known.n_pages
        else f"Who says what was read on {n_read:,} of them: the others are in a language that was "
        "not read, or a stage failed."
    )
    n_told = sum(_BY_KEY[key].is_finding and one.is_told for key, one in statuses.items())
    n_withheld = sum(not one.is_told and one.reason != "none found" for one in statuses.values())
    return (
        f'<p class="lead">{_counted(known.n_pages, "page")} of '
        f"{_counted(len(archive.outlets), 'outlet')}{dates}. {read}</p>\n"
        "<p>A machine read these pages, and it makes mistakes. What it counts is about texts, and "
        "says nothing of how good or honest an outlet or a person is. Outlets stand in alphabetical "
        "order. Shares and means have 95% intervals that take pages for a random draw; how this "
        "archive was collected decides how far that holds. A kind of finding is told only after a "
        f"person checked it on a sample of this archive: {_counted(n_told, 'kind')} told, "
        f'{n_withheld} <a href="#withheld">withheld</a>.</p>\n<p class="quiet"><code>{known.digest}</code></p>\n'
    )


def _parts(lists: Lists) -> Iterator[tuple[str, str, str]]:
    """Id, heading and HTML of each part."""
    told = lists.statuses

    def some(section_: str, *, start: str = "") -> list[Figure]:
        return [
            one
            for one in FIGURES
            if one.section == section_ and one.key.startswith(start) and told[one.key].is_told
        ]

    yield "pages", "Pages by outlet and month", _said("pages") + page_table(lists)
    yield "claims", "Claims that can be checked", _said("claims") + _measure(lists, "claims")
    speakers = some("speakers", start="speakers-")
    yield (
        "speakers",
        "Who speaks",
        _said("speakers")
        + _measure(lists, "speakers", is_judged=False)
        + _family(lists, "Kinds of speakers, of all speakers", speakers, _speaker_names(speakers)),
    )
    yield "voice", "The publisher's own voice", _said("voice") + _measure(lists, "own-voice")
    carried = some("sourcing")
    names = ["the publisher" if one.key == "carried-publisher" else "" for one in carried]
    named = [name or SPEAKERS_BY_KEY[one.key] for name, one in zip(names, carried, strict=True)]
    yield (
        "sourcing",
        "Whom the words are given to",
        _said("sourcing") + _family(lists, "Of all words of the body", carried, named),
    )
    origins = some("origins")
    yield (
        "origins",
        "What the title's claim rests on",
        _said("origins")
        + _family(
            lists,
            "Of pages whose title makes a claim",
            origins,
            [_ORIGIN_NAMES[one.key] for one in origins],
        ),
    )
    titles = some("titles")
    yield (
        "titles",
        "Titles against bodies",
        _said("titles")
        + _family(lists, "Of titles compared", titles, [one.heading for one in titles]),
    )
    rules = some("labels", start="label-fails")
    yield (
        "labels",
        "Labels that say a page was checked",
        _said("labels")
        + _measure(lists, "labels")
        + _family(
            lists, "Rules that fail, of labels they apply to", rules, [one.heading for one in rules]
        ),
    )
    copies = [_BY_KEY[kind] for kind in COPIES if told[kind].is_told]
    pairs = "".join(
        f"<h3>{escaped(_PAIRS[one.key])}</h3>{pair_table(lists, one.key)}" for one in copies
    )
    shares = _family(lists, "Of pages with text", copies, [one.heading for one in copies])
    yield "copies", "The same words at two outlets", _said("copies") + shares + pairs


def _measure(lists: Lists, key: str, *, is_judged: bool = True) -> str:
    status, figure = lists.statuses[key], _BY_KEY[key]
    if not status.is_told:
        return f'<p class="withheld">Withheld: {escaped(status.reason)}.</p>'
    if not lists.archive.totals(key).of:
        return '<p class="quiet">Nothing to count: no page of this archive was read for it.</p>'
    if key == "labels":
        n, pages = lists.archive.totals("label-count").n, lists.archive.totals(key).n
        if not n:
            return '<p class="quiet">None found.</p>'
        words = "label" if n == 1 else "labels"
        count = lists.whole_link(n, "label-count")
        on = f"{pages:,} {'page' if pages == 1 else 'pages'}"
        return f"<p>{count} {words} on {on}.</p>" + _note(status) + measure(lists, figure)
    return (_note(status) if is_judged else "") + measure(lists, figure)


def _note(status: Status) -> str:
    return f'<p class="quiet">{escaped(_sentence(status.reason))}</p>'


def _family(lists: Lists, heading: str, figures: Sequence[Figure], names: Sequence[str]) -> str:
    """Figures side by side, with how each was judged; a line in place of none."""
    pairs = [
        (one, name)
        for one, name in zip(figures, names, strict=True)
        if lists.archive.totals(one.key).of
    ]
    if not pairs:
        return (
            '<p class="quiet">Nothing is told here; what was withheld, or not found, is listed '
            '<a href="#withheld">below</a>.</p>'
        )
    kept, called = [one for one, _ in pairs], [name for _, name in pairs]
    table = family(lists, kept, called)
    return f"<h3>{escaped(heading)}</h3>{_judged(lists.statuses, pairs)}{table}"


def _judged(statuses: Mapping[str, Status], pairs: Sequence[tuple[Figure, str]]) -> str:
    reasons: dict[str, list[str]] = {}
    for one, name in pairs:
        reasons.setdefault(statuses[one.key].reason, []).append(name)
    if len(reasons) == 1:
        return _note(statuses[pairs[0][0].key])
    lines = "".join(
        f"<li>{escaped(', '.join(names))}: {escaped(reason)}</li>"
        for reason, names in reasons.items()
    )
    return f'<ul class="quiet">{lines}</ul>'


def _withheld(statuses: Mapping[str, Status], judgements: Judgements) -> str:
    rows: dict[str, list[str]] = {}
    for figure in FIGURES:
        status = statuses[figure.key]
        if not status.is_told:
            rows.setdefault(status.reason, []).append(figure.heading)
    groups = "".join(
        f"<dt>{escaped(_sentence(reason))}</dt><dd><ul>"
        + "".join(f"<li>{escaped(name)}</li>" for name in names)
        + "</ul></dd>"
        for reason, names in sorted(rows.items(), key=lambda pair: pair[0] == "none found")
    )
    other = ""
    if judgements.n_others:
        named = ", ".join(brief(one, 40) for one in judgements.others)
        other = (
            f"<p>{judgements.n_others:,} judgements were not used: they are of another archive "
            f"({escaped(named)}).</p>"
        )
    unclear = (
        f"<p>{judgements.n_unclear:,} rows of the sample say neither yes nor no.</p>"
        if judgements.n_unclear
        else ""
    )
    if not groups:
        return f"<p>Nothing is withheld.</p>{other}{unclear}"
    return (
        "<p>These kinds are not told. A sample is drawn with <code>onrecord report FOLDER "
        "--sample</code>; a person writes yes or no beside each finding.</p>"
        f'<dl class="groups">{groups}</dl>{other}{unclear}'
    )


def _pages(lists: Lists) -> Iterator[str]:
    if lists.folder:
        return
    yield '<section id="lists" class="lists"><h2>The pages behind the figures</h2>\n'
    yield (
        '<p class="quiet">The words are quoted so that the figures can be checked; they belong to '
        "whoever published them.</p>"
    )
    yield from lists.inline()
    yield "</section>\n"


def _counted(n: int, one: str) -> str:
    return f"{n:,} {one if n == 1 else one + 's'}"


def _said(part: str) -> str:
    return f"<p>{escaped(_ABOUT[part])}</p>"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


SPEAKERS_BY_KEY: Mapping[str, str] = {
    f"{start}-{kind.value}": words
    for start in ("speakers", "carried")
    for kind, words in SPEAKERS.items()
}
_ORIGIN_NAMES: Mapping[str, str] = {
    f"rests-on-{kind.value}": words for kind, words in ORIGINS.items()
}
_PAIRS = {
    "same-article": "Pairs of outlets with the same article",
    "shared-passage": "Pairs of outlets with a passage in common",
}


def _speaker_names(figures: Sequence[Figure]) -> list[str]:
    return [SPEAKERS_BY_KEY[one.key] for one in figures]
