"""The record as one HTML page that works without network and script, on screen and on paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Container, Iterable
from importlib.resources import files

from onrecord.record import Record, Speaker
from onrecord.show import wording
from onrecord.show.article import Article, article, left_out, underline
from onrecord.show.lookup import Lookup, lookup, place
from onrecord.show.markup import address, escaped, offset, section
from onrecord.show.notices import Exhibit, Notice, notices
from onrecord.show.reuse import HEADING as REUSE
from onrecord.show.reuse import reuse_section, spans_shown
from onrecord.show.sections import (
    cited_links,
    claim_list,
    label_audits,
    provenance,
    speaker_table,
    statement_list,
)
from onrecord.show.statements import Statement, statements
from onrecord.show.visible import clipped, line
from onrecord.show.wording_evidence import UNSIGNED
from onrecord.span import Span
from onrecord.terms import Marks

__all__ = ["page"]

_LANGUAGE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def page(record: Record, *, comments: bool = False, working_copy: bool = False) -> str:
    """The record as a self-contained HTML document.

    Reader comments are left out unless `comments` is true. What a machine proposes on a claim
    (label, confidence, stances, findings on numbers) stands only in a working copy, and every
    screen and printed page of that says that it is not for publication. Every string of the page is escaped;
    links lead to a place in the document or to an http(s) address; a policy in the document
    forbids scripts, images, forms and any request.
    """
    look = lookup(record)
    told = notices(look)
    said = statements(look)
    shown = article(look, _linked(look, told, said or ()), comments=comments)
    style = files("onrecord.show").joinpath("style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = line(look.title()) or "(no title found)"
    banner = f'<p class="unsigned">{UNSIGNED}</p>\n' if working_copy else ""
    css = ' class="working-copy"' if working_copy else ""
    kind = "working copy" if working_copy else "record"
    html = {
        "findings": _findings(told, shown.anchors),
        "carries": _carries(look),
        "article": _article(record, shown, comments=comments),
        "claims": claim_list(look, shown.anchors, working_copy=working_copy),
        "speakers": speaker_table(look, shown.anchors),
        "statements": statement_list(look, said, shown.anchors),
        "reuse": reuse_section(record, shown.anchors),
        "label": label_audits(look, shown.anchors),
        "sources": cited_links(record, shown.anchors),
        "made": provenance(record),
    }
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{escaped(clipped(title, 100))}: {kind}</title>
<style>{style}</style>
</head>
<body{css}>
{banner}<header>
<p class="kicker">onrecord: the record of a page</p>
<h1 dir="auto">{escaped(clipped(title, 300))}</h1>
<p class="about">{_about(record)}</p>
<nav aria-label="Parts of this record">{_menu(html)}</nav>
</header>
<main>
<div class="beside">
{html["findings"]}
{html["carries"]}
</div>
{html["article"]}
<div class="below">
{html["claims"]}
{html["speakers"]}
{html["statements"]}
{html["reuse"]}
{html["label"]}
{html["sources"]}
{html["made"]}
</div>
</main>
{banner}</body>
</html>
"""


def _linked(look: Lookup, told: Iterable[Notice], said: Iterable[Statement]) -> Iterable[Span]:
    """Every span that some part of the document links to."""
    record = look.record
    for notice in told:
        yield from (one.span for one in notice.exhibits if one.span is not None)
    yield from (one.span for one in said)
    yield from (place(one) for one in record.attributions or ())
    for speaker in record.speakers or ():
        yield from speaker.mentions
        if speaker.reason is not None:
            yield speaker.reason
    for audit in record.badges or ():
        for rule in audit.rules:
            yield from rule.spans
    yield from (claim.span for claim in record.claims or ())
    yield from spans_shown(record)
    yield from (one.span for one in record.page.links or () if one.span is not None)


def _about(record: Record) -> str:
    notes = [escaped(note) for note in wording.about(record)]
    if record.page.url:
        notes.append(address(record.page.url))
    return " · ".join(notes)


def _menu(html: dict[str, str]) -> str:
    names = {
        "findings": wording.LOOK,
        "carries": wording.CARRIES,
        "article": "The article",
        "claims": wording.CLAIMS,
        "speakers": "Speakers",
        "statements": wording.STATEMENTS,
        "reuse": REUSE,
        "label": "Label",
        "sources": wording.SOURCES,
        "made": "How made",
    }
    return " ".join(
        f'<a href="#{id_}">{escaped(name)}</a>' for id_, name in names.items() if html[id_]
    )


def _findings(told: tuple[Notice, ...], anchors: Container[int]) -> str:
    first = [_notice(notice, anchors) for notice in told if notice.look]
    noted = [_notice(notice, anchors) for notice in told if not notice.look]
    inner = (
        f'<ol class="look">{"".join(first)}</ol>'
        if first
        else f'<p class="quiet">{wording.NOTHING_TO_LOOK_AT}</p>'
    )
    if noted:
        inner += f'\n<h3>{wording.NOTED}</h3>\n<ul class="noted">{"".join(noted)}</ul>'
    return section("findings", wording.LOOK, inner)


def _notice(notice: Notice, anchors: Container[int]) -> str:
    out = f'<li><p class="finding">{escaped(notice.sentence)}</p>'
    if notice.exhibits:
        rows = "".join(_exhibit(exhibit, anchors) for exhibit in notice.exhibits)
        out += f'<dl class="exhibits">{rows}</dl>'
    if notice.remark:
        out += f'<p class="remark">{escaped(notice.remark)}</p>'
    return f"{out}</li>\n"


def _exhibit(exhibit: Exhibit, anchors: Container[int]) -> str:
    if exhibit.url:
        words = address(exhibit.url, exhibit.words)
    else:
        own = ' class="as-is"' if wording.opens_with_a_mark(exhibit.words) else ""
        words = f'<q dir="auto"{own}>{escaped(clipped(line(exhibit.words), 400))}</q>'
    words += offset(exhibit.span, anchors)
    if exhibit.note and exhibit.note not in exhibit.words:
        words += f' <span class="note">{escaped(exhibit.note)}</span>'
    return f"<dt>{escaped(exhibit.label)}</dt><dd>{words}</dd>"


def _bar(share: float) -> str:
    """A bar of at most 100 units; a share above nothing shows at least one."""
    width = max(1, round(100 * min(share, 1))) if share > 0 else 0
    return (
        '<svg class="bar" viewBox="0 0 100 10" width="100" height="10" aria-hidden="true" '
        'focusable="false" preserveAspectRatio="none">'
        '<rect class="whole" x="0" y="0" width="100" height="10"/>'
        f'<rect class="part" x="0" y="0" width="{width}" height="10"/></svg>'
    )


def _carries(look: Lookup) -> str:
    if look.record.sourcing is None:
        return section("carries", wording.CARRIES, f'<p class="quiet">{wording.NOT_RUN}</p>')
    rows = []
    for share in look.shares():
        speaker = look.speakers.get(share.speaker or "")
        if share.speaker is not None and speaker is None:
            continue
        who = wording.PUBLISHER if speaker is None else wording.name(speaker)
        rows.append(
            f'<tr><th scope="row" dir="auto">{_letter(look, speaker)}{escaped(who)}</th>'
            f'<td class="number">{escaped(wording.percent(share))}</td><td>{_bar(share.share)}</td></tr>'
        )
    head = (
        '<thead><tr><th scope="col">who</th><th scope="col" class="number">words</th>'
        '<th scope="col">share</th></tr></thead>'
    )
    table = f'<table class="shares">{head}<tbody>{"".join(rows)}</tbody></table>'
    return section("carries", wording.CARRIES, table)


def _letter(look: Lookup, speaker: Speaker | None) -> str:
    if speaker is None:
        return '<span class="tag">page</span> '
    letter = look.letters[speaker.id]
    kind = underline(look, speaker.id)
    return f'<a class="who {kind}" href="#speaker-{letter}">{letter}</a> '


def _article(record: Record, shown: Article, *, comments: bool) -> str:
    n_broken = sum(one.marks is not Marks.NONE for one in record.attributions or ())
    notes = [f"{wording.repaired(n_broken)}."] if n_broken else []
    out = left_out(record, comments=comments)
    if out:
        notes.append(f"Left out: {out}.")
    note = f'<p class="quiet">{escaped(" ".join(notes))}</p>' if notes else ""
    found = record.page.metadata.language
    language = found.value if found and found.value and _LANGUAGE.issuperset(found.value) else ""
    lang = f' lang="{escaped(language)}"' if language else ""
    legend = (
        '<p class="legend"><span class="tag">page</span> <span class="page">the page’s own '
        'voice</span> · <span class="who">A</span> <span class="said u1">a source’s words</span>'
        ' · <span class="who">B</span><span class="tag stance">denied</span> <span class="said '
        'u2 open">words a source does not stand for</span> · <span class="source">source</span>'
        ' <span class="cue">cue</span></p>'
    )
    inner = f"{legend}\n<article{lang}>\n{shown.html}\n</article>\n{note}"
    return section("article", "The article", inner)
