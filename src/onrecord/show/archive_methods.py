"""The part of a report on methods: what was read, with what, what was left out, how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.archive_export import methods_of
from onrecord.archive_numbers import FEWEST_PAGES
from onrecord.archive_report import Archive
from onrecord.archive_sample import LEAST_JUDGED, NEEDED_PRECISION, Judgements
from onrecord.show.markup import escaped
from onrecord.show.visible import brief

__all__ = ["methods"]

MOST_ROWS = 30  # of a table of counts; the export has them all


def methods(archive: Archive, judgements: Judgements, few: Sequence[str]) -> str:
    """The methods as HTML; `few` are the outlets that share one row."""
    known = methods_of(archive, judgements)
    parts = [
        _facts(known),
        "<h3>Stages and models</h3>",
        _stages(known),
        _settings(known),
        "<h3>Pages that could not be read</h3>",
        _counts(known["failures"] | {f"record: {k}": n for k, n in known["unreadable"].items()})
        or '<p class="quiet">None.</p>',
        "<h3>Stages that left pages out</h3>",
        _problems(known),
        "<h3>Languages</h3>",
        "<p>As the page or its words state it. A page that no stage reads is in no denominator.</p>",
        _counts(known["languages"]),
        "<h3>Forms</h3>",
        "<p>As the page's own labels state them.</p>",
        _counts({name.replace("_", " "): n for name, n in known["genres"].items()}),
        _rules(known),
    ]
    if few:
        names = "".join(f'<li dir="auto">{escaped(brief(one, 80))}</li>' for one in few)
        parts.append(
            f"<details><summary>The {len(few):,} outlets that share one row</summary>"
            f'<ul class="names">{names}</ul></details>'
        )
    return "\n".join(parts)


def _facts(known: Mapping[str, Any]) -> str:
    published, retrieved = known["published"], known["retrieved"]
    rows = {
        "records read": f"{known['records']:,}",
        "pages counted": f"{known['pages']:,}",
        "counted once": (
            f"{known['duplicates']:,} records are of a page that its outlet has already, byte for byte, "
            "and were left out"
        ),
        "captured again": (
            f"{known['same_address']:,} pages have the address of another page of their outlet with "
            "other bytes, and were counted"
        ),
        "cut": f"{known['truncated']:,} pages were cut at a cap of the reader",
        "published": " to ".join(published) if published[0] else "no page states when",
        "retrieved": " to ".join(retrieved) if retrieved[0] else "not known",
        "onrecord": f"version {known['onrecord']} made this report",
    }
    cells = "".join(f"<dt>{name}</dt><dd>{escaped(words)}</dd>" for name, words in rows.items())
    return f'<dl class="facts">{cells}</dl>'


def _stages(known: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escaped(brief(one["stage"], 40))}</th>'
        f"<td>{escaped(brief(one['version'], 40))}</td>"
        f"<td>{_model(one['model'])}</td><td class='number'>{one['pages']:,}</td></tr>"
        for one in known["stages"][:MOST_ROWS]
    )
    return (
        '<table><thead><tr><th scope="col">stage</th><th scope="col">version</th><th scope="col">'
        'model, SHA-256</th><th scope="col" class="number">pages</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _settings(known: Mapping[str, Any]) -> str:
    """What the run was made with, as the bulk run noted it beside its records."""
    rows = "".join(
        f'<tr><th scope="row">{escaped(brief(name, 80))}</th><td>{escaped(brief(words, 300))}</td></tr>'
        for name, words in known["run"].items()
    )
    if not rows:
        return ""
    return (
        "<details><summary>Settings of the run</summary>"
        f'<table class="narrow"><tbody>{rows}</tbody></table></details>'
    )


def _model(digest: str) -> str:
    return f"<code>{escaped(digest[:16])}</code>" if digest else "none: rules"


def _problems(known: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escaped(brief(one["stage"], 40))}</th>'
        f'<td>{escaped(brief(one["reason"], 200))}</td><td class="number">{one["pages"]:,}</td></tr>'
        for one in known["problems"][:MOST_ROWS]
    )
    if not rows:
        return '<p class="quiet">None.</p>'
    return (
        '<table><thead><tr><th scope="col">stage</th><th scope="col">reason</th>'
        f'<th scope="col" class="number">pages</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _counts(counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escaped(brief(name, 200))}</th><td class="number">{n:,}</td></tr>'
        for name, n in list(counts.items())[:MOST_ROWS]
    )
    rest = len(counts) - MOST_ROWS
    more = f'<p class="quiet">and {rest} more</p>' if rest > 0 else ""
    return f'<table class="narrow"><tbody>{rows}</tbody></table>{more}'


def _rules(known: Mapping[str, Any]) -> str:
    copies = known["copies"]
    return f"""<h3>How it was counted</h3>
<ul>
<li>An outlet is the name that a page gives its site; where several hosts give themselves one name, and where a page gives none, the host stands for it.</li>
<li>A month is that of the publication date which the page states. Dates of the archive's own records are not used for it.</li>
<li>A share of something that a page has many of (words, speakers) has an interval from the spread between pages (Wilson's with an effective number, after Korn and Graubard 1998), a share of pages or titles Wilson's (1927), a mean Student's. With fewer than {FEWEST_PAGES} pages a share of many or a mean has no interval: its dot is hollow.</li>
<li>Pages in which a stage did not run are in no denominator of what that stage finds.</li>
<li>A kind of finding is told when {NEEDED_PRECISION:.0%} of at least {LEAST_JUDGED} findings, or of all where there are fewer, that were drawn at random from this archive were right in the eyes of a person. Precision says how many of the findings are right; how many were missed is not known.</li>
<li>Copies: {copies["pages_compared"]:,} pages with at least {copies["least_words"]} words of running text and a known outlet were compared by fingerprints (winnowing, Schleimer and others 2003), {copies["pairs_compared"]:,} pairs of them by every five neighbouring words; the same article has half of the words of the shorter in equal runs of five or more, one of {copies["article_run"]} at least; a passage has at least {copies["passage_words"]} equal words. {copies["pages_with_more_pairs"]:,} pages had more than {copies["most_pairs_of_a_page"]} candidates and were compared with the nearest.</li>
</ul>
<h3>How to repeat it</h3>
<p><code>onrecord bulk INPUT... --out FOLDER</code> with the stages and models above, then <code>onrecord report FOLDER -o report.html</code>. The same records and the same judgements give the same report, byte for byte; the digest at the top names the records. <code>--json</code> and <code>--csv</code> give every number of it.</p>"""
