"""The report of an archive as one HTML page: plots with their numbers, no script, no ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from onrecord.archive_report import NEEDED_PRECISION, Archive, Judgement, Outlet, Share, share
from onrecord.show.markup import address, escaped
from onrecord.terms import SpeakerKind, Voice

__all__ = ["archive_report"]

_WIDTH = 260
_KINDS = {
    "drops_attribution": "Titles that state as fact what the body only attributes",
    "overstates": "Titles stronger than any sentence of the body",
    "not_in_body": "Titles that nothing in the body carries",
    "label_fails": "“Fact checked” labels with a rule that fails",
}


def archive_report(archive: Archive, judgements: Mapping[str, Judgement]) -> str:
    """The report; equal counts and judgements give equal bytes."""
    outlets = archive.in_order()
    parts = [
        _HEAD,
        "<h1>What this archive says</h1>",
        (
            f"<p>{archive.n_records} pages of {len(outlets)} outlets; {archive.n_failures} pages could "
            f"not be read, {archive.n_unreadable} records not decoded. Outlets stand in alphabetical "
            "order. The lines are 95% intervals (Wilson). A machine read these pages; what it finds is "
            "about texts, not about people or outlets.</p>"
        ),
        "<h2>Pages by month</h2>",
        _months(outlets),
        (
            "<h2>The publisher's own voice</h2><p>Words of title, subtitle and body that no source is "
            "given for, of all words whose voice is known.</p>"
        ),
        _bars((one.name, _own_voice(one)) for one in outlets),
        "<h2>Who speaks</h2><p>Speakers by kind, of all speakers that were found.</p>",
        _speakers(outlets),
        "<h2>Checkable claims a page</h2>",
        _claims(outlets),
        "<h2>Findings</h2>",
        *(_finding(kind, outlets, judgements.get(kind)) for kind in _KINDS),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _own_voice(outlet: Outlet) -> Share:
    return share(outlet.words[Voice.PUBLISHER.value], sum(outlet.words.values()))


def _bars(rows: Iterable[tuple[str, Share]]) -> str:
    cells = [
        f"<tr><th scope='row'>{escaped(name)}</th><td>{_bar(one)}</td>"
        f"<td>{one.n} of {one.of}</td><td>{_percent(one)}</td></tr>"
        for name, one in rows
    ]
    return f"<table>{''.join(cells)}</table>"


def _bar(one: Share) -> str:
    low, high = one.low * _WIDTH, one.high * _WIDTH
    at = one.n / one.of * _WIDTH if one.of else 0.0
    return (
        f'<svg width="{_WIDTH}" height="16" role="img" aria-label="{_percent(one)}">'
        f'<rect class="whole" width="{_WIDTH}" height="16"></rect>'
        f'<rect width="{at:.1f}" height="16"></rect>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="8" y2="8"></line></svg>'
    )


def _percent(one: Share) -> str:
    if not one.of:
        return "nothing to count"
    return f"{100 * one.n / one.of:.1f}% ({100 * one.low:.1f} to {100 * one.high:.1f})"


def _months(outlets: tuple[Outlet, ...]) -> str:
    months = sorted({month for one in outlets for month in one.months})
    head = "".join(f"<th scope='col'>{escaped(month)}</th>" for month in months)
    rows = "".join(
        f"<tr><th scope='row'>{escaped(one.name)}</th>"
        + "".join(f"<td>{one.months[month] or ''}</td>" for month in months)
        + "</tr>"
        for one in outlets
    )
    return f"<div class='wide'><table><tr><td></td>{head}</tr>{rows}</table></div>"


def _speakers(outlets: tuple[Outlet, ...]) -> str:
    head = "".join(f"<th scope='col'>{kind.value.replace('_', ' ')}</th>" for kind in SpeakerKind)
    rows = []
    for one in outlets:
        total = sum(one.speakers.values())
        cells = "".join(
            f"<td>{one.speakers[kind.value]}<br><small>{_percent(share(one.speakers[kind.value], total))}</small></td>"
            for kind in SpeakerKind
        )
        rows.append(f"<tr><th scope='row'>{escaped(one.name)}</th>{cells}</tr>")
    return f"<div class='wide'><table><tr><td></td>{head}</tr>{''.join(rows)}</table></div>"


def _claims(outlets: tuple[Outlet, ...]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escaped(one.name)}</th><td>{one.n_claims} on {one.n_pages} pages</td>"
        f"<td>{one.n_claims / one.n_pages:.1f} a page</td></tr>"
        for one in outlets
    )
    return f"<table>{rows}</table>"


def _finding(kind: str, outlets: tuple[Outlet, ...], judgement: Judgement | None) -> str:
    heading = f"<h3>{escaped(_KINDS[kind])}</h3>"
    if judgement is None or not judgement.is_enough:
        seen = (
            f"{judgement.n_right} of {judgement.n_judged} judged were right"
            if judgement
            else "nobody has judged it"
        )
        return (
            f"{heading}<p>Not told: {seen} on a sample of this archive; at least 20 judged and "
            f"{NEEDED_PRECISION:.0%} right are needed (<code>onrecord report --sample</code>).</p>"
        )
    rows = _bars((one.name, share(one.findings[kind], _denominator(kind, one))) for one in outlets)
    pages = "".join(
        f"<li>{escaped(one.name)}: {', '.join(_link(url) for url in one.pages.get(kind, []))}</li>"
        for one in outlets
        if one.pages.get(kind)
    )
    told = f"{judgement.n_right} of {judgement.n_judged} judged by hand were right."
    return f"{heading}<p>{told}</p>{rows}<details><summary>The pages behind it</summary><ul>{pages}</ul></details>"


def _denominator(kind: str, outlet: Outlet) -> int:
    return outlet.n_pages if kind == "label_fails" else outlet.n_titles


def _link(url: str) -> str:
    return address(url) if "://" in url else escaped(url[:16])


_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What this archive says</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .6rem; vertical-align: top; }
.wide { overflow-x: auto; } rect { fill: #5b87b5; } rect.whole { fill: #8883; } line { stroke: currentColor; stroke-width: 3; }
</style></head><body>"""
