"""The record as one HTML page that works without network and script, on screen and on paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Container, Iterable
from importlib import metadata as installed
from importlib.resources import files

from onrecord.record import BadgeAudit, Claim, FoundValue, Record, Speaker
from onrecord.show import wording
from onrecord.show.article import Article, article, left_out, underline
from onrecord.show.lookup import Lookup, lookup, place
from onrecord.show.markup import address, escaped, offset
from onrecord.show.notices import Exhibit, Notice, notices
from onrecord.show.statements import Statement, statements
from onrecord.show.visible import clipped, line
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, Marks

__all__ = ["page"]

_LANGUAGE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def page(record: Record, *, comments: bool = False) -> str:
    """The record as a self-contained HTML document.

    Reader comments are left out unless `comments` is true. Every string of the page is escaped;
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
    sections = [
        ("findings", _findings(told, shown.anchors)),
        ("carries", _carries(look)),
        ("article", _article(record, shown, comments=comments)),
        ("claims", _claims(look, shown.anchors)),
        ("speakers", _speakers(look, shown.anchors)),
        ("statements", _statements(look, said, shown.anchors)),
        ("label", _badges(look, shown.anchors)),
        ("sources", _links(record, shown.anchors)),
        ("made", _made(record)),
    ]
    html = dict(sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{escaped(clipped(title, 100))}: record</title>
<style>{style}</style>
</head>
<body>
<header>
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
{html["label"]}
{html["sources"]}
{html["made"]}
</div>
</main>
</body>
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
        "label": "Label",
        "sources": wording.SOURCES,
        "made": "How made",
    }
    return " ".join(
        f'<a href="#{id_}">{escaped(name)}</a>' for id_, name in names.items() if html[id_]
    )


def _section(id_: str, heading: str, inner: str) -> str:
    return (
        f'<section id="{id_}" aria-labelledby="h-{id_}" tabindex="-1">\n'
        f'<h2 id="h-{id_}">{escaped(heading)}</h2>\n{inner}\n</section>'
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
    return _section("findings", wording.LOOK, inner)


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
        words = f'<q dir="auto">{escaped(clipped(line(exhibit.words), 400))}</q>'
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
        return _section("carries", wording.CARRIES, f'<p class="quiet">{wording.NOT_RUN}</p>')
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
    return _section("carries", wording.CARRIES, table)


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
    return _section("article", "The article", inner)


def _claims(look: Lookup, anchors: Container[int]) -> str:
    claims = look.record.claims
    if claims is None:
        return ""
    ranked = sorted((one for one in claims if one.checkable), key=lambda one: one.rank)
    if not ranked:
        return _section("claims", wording.CLAIMS, f'<p class="quiet">{wording.NONE_FOUND}</p>')
    rows = "".join(f"<li>{_claim(look, one, anchors)}</li>\n" for one in ranked)
    return _section("claims", wording.CLAIMS, f'<ol class="claims">{rows}</ol>')


def _claim(look: Lookup, claim: Claim, anchors: Container[int]) -> str:
    reasons = f' <span class="note">{escaped("; ".join(claim.reasons))}</span>'
    return (
        f'{escaped(wording.claimed_by(look, claim))}: <q dir="auto">{escaped(line(look.words(claim.span)))}</q>'
        f"{offset(claim.span, anchors)}{reasons if claim.reasons else ''}"
    )


def _speakers(look: Lookup, anchors: Container[int]) -> str:
    speakers = look.record.speakers
    if speakers is None:
        return _section("speakers", "Speakers", f'<p class="quiet">{wording.NOT_RUN}</p>')
    if not speakers:
        return _section("speakers", "Speakers", f'<p class="quiet">{wording.NONE_FOUND}</p>')
    rows = []
    for one in (look.speakers[id_] for id_ in look.letters):
        said = "".join(
            offset(Span(statement.start, statement.start), anchors)
            for statement in (
                min(attribution.content, default=place(attribution))
                for attribution in look.said(one)
            )
        )
        asks = "; ".join(wording.asks(look, one))
        roles = escaped(", ".join(clipped(line(role), 120) for role in one.roles))
        reason = ""
        if one.reason is not None:
            reason = (
                f"{escaped(wording.quoted(look.words(one.reason)))}{offset(one.reason, anchors)}"
            )
        rows.append(
            f'<tr id="speaker-{look.letters[one.id]}"><th scope="row" dir="auto">'
            f'<span class="who {underline(look, one.id)}">{look.letters[one.id]}</span> '
            f"{escaped(wording.name(one))}</th>"
            f"<td>{escaped(wording.SPEAKER[one.kind])}</td><td>{roles or reason or '–'}</td>"
            f"<td>{said or '–'}</td><td>{escaped(asks)}</td></tr>\n"
        )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("speaker", "kind", "role, or why not named", "statements", "what to ask for")
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return _section("speakers", "Speakers", f'<div class="wide" tabindex="0">{table}</div>')


def _statements(look: Lookup, said: tuple[Statement, ...] | None, anchors: Container[int]) -> str:
    if not said:
        words = wording.NOT_RUN if said is None else wording.NONE_FOUND
        return _section("statements", wording.STATEMENTS, f'<p class="quiet">{words}</p>')
    rows = "".join(_statement(look, one, anchors) for one in said)
    count = wording.counted(len(said), "statement")
    inner = (
        f"<details><summary>{count}, in the order of the page</summary>"
        f'<ol class="statements">{rows}</ol></details>'
    )
    return _section("statements", wording.STATEMENTS, inner)


def _statement(look: Lookup, statement: Statement, anchors: Container[int]) -> str:
    letter = "" if statement.speaker is None else look.letters[statement.speaker.id]
    mark = f'<span class="who">{letter}</span> ' if letter else ""
    notes = escaped("; ".join(statement.notes))
    note = f' <span class="note">{notes}</span>' if notes else ""
    return (
        f"<li>{mark}<b>{escaped(statement.who)}</b> {escaped(statement.verb)}: "
        f'<span dir="auto">{escaped(line(statement.words))}</span>'
        f"{offset(statement.span, anchors)}{note}</li>\n"
    )


def _badges(look: Lookup, anchors: Container[int]) -> str:
    badges = look.record.badges
    if not badges:
        words = wording.NOT_RUN if badges is None else wording.NONE_FOUND
        return _section("label", wording.BADGES, f'<p class="quiet">{words}</p>')
    inner = "\n".join(_badge(look, audit, anchors) for audit in badges)
    return _section("label", wording.BADGES, inner)


def _badge(look: Lookup, audit: BadgeAudit, anchors: Container[int]) -> str:
    by = {
        outcome: [rule for rule in audit.rules if rule.outcome is outcome]
        for outcome in BadgeOutcome
    }

    def table(outcomes: Iterable[BadgeOutcome]) -> str:
        rows = "".join(
            f'<tr class="{outcome.value.replace("_", "-")}"><th scope="row">{escaped(rule.code)}'
            f"</th><td>{wording.OUTCOME[outcome]}</td><td>{escaped(rule.reason)}"
            f"{''.join(offset(span, anchors) for span in dict.fromkeys(rule.spans))}</td></tr>"
            for outcome in outcomes
            for rule in by[outcome]
        )
        return f'<table class="rules"><tbody>{rows}</tbody></table>' if rows else ""

    rest = table(one for one in _REST if by[one])
    out = f"<h3>{escaped(wording.quoted(audit.label, 120))}{offset(audit.region, anchors)}</h3>"
    if audit.image:
        out += f'<p class="quiet">Shown as an image: {address(audit.image)}</p>'
    out += table([BadgeOutcome.FAIL]) or '<p class="quiet">No rule fails.</p>'
    if rest:
        summary = escaped(wording.badge_rest(look.record, audit) or "The other rules")
        out += f"<details><summary>{summary}</summary>{rest}</details>"
    return out


_REST = (BadgeOutcome.CANNOT_TELL, BadgeOutcome.PASS, BadgeOutcome.DOES_NOT_APPLY)


def _links(record: Record, anchors: Container[int]) -> str:
    links = record.page.links
    if links is None:
        words = "The source cannot show links. Give the page's address to see them."
        return _section("sources", wording.CITED, f'<p class="quiet">{words}</p>')
    outside = [one for one in links if one.own_site is not True]
    if not outside:
        words = f"Links to other sites: {wording.NONE_FOUND}."
        return _section("sources", wording.CITED, f'<p class="quiet">{words}</p>')
    rows = "".join(
        f'<tr><td dir="auto">{escaped(clipped(line(one.text), 120)) or "–"}'
        f"{offset(one.span, anchors)}</td><td>{address(one.url)}</td></tr>\n"
        for one in outside
    )
    head = '<thead><tr><th scope="col">words</th><th scope="col">address</th></tr></thead>'
    n_own = len(links) - len(outside)
    note = (
        f'<p class="quiet">{wording.counted(n_own, "link")} to the page’s own site not shown.</p>'
    )
    table = f'<div class="wide" tabindex="0"><table>{head}<tbody>{rows}</tbody></table></div>'
    return _section("sources", wording.CITED, table + (note if n_own else ""))


def _made(record: Record) -> str:
    stored = record.page
    rows = [
        ("address", address(stored.url) if stored.url else "not given"),
        ("retrieved", escaped(stored.retrieved or "not given")),
        ("media type", escaped(stored.media_type or "not given")),
        ("SHA-256 of what was captured", f"<code>{escaped(stored.digest)}</code>"),
        *((name, _found(value)) for name, value in _metadata(record)),
        ("onrecord", escaped(installed.version("onrecord"))),
        ("offsets", "code points into the stored text, in square brackets"),
    ]
    missing = wording.not_run(record)
    if missing:
        rows.append((wording.NOT_RUN, escaped(", ".join(missing))))
    facts = "".join(f"<dt>{escaped(name)}</dt><dd>{value}</dd>\n" for name, value in rows)
    steps = "".join(
        f"<tr><td>{escaped(step.stage)}</td><td>{escaped(step.version)}</td>"
        f"<td>{f'<code>{escaped(step.model_digest)}</code>' if step.model_digest else 'no model'}"
        f'</td><td class="number">{step.seconds:.2f} s</td></tr>\n'
        for step in record.steps
    )
    table = ""
    if steps:
        head = "".join(
            f'<th scope="col"{css}>{name}</th>'
            for name, css in (
                ("stage", ""),
                ("version", ""),
                ("model", ""),
                ("time", ' class="number"'),
            )
        )
        table = (
            f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{steps}</tbody></table></div>"
        )
    note = f'<p class="quiet">{escaped(wording.MACHINE)}</p>'
    return _section("made", wording.PROVENANCE, f'<dl class="facts">{facts}</dl>{table}{note}')


def _metadata(record: Record) -> Iterable[tuple[str, FoundValue | None]]:
    metadata = record.page.metadata
    yield from (("author", one) for one in metadata.authors)
    if not metadata.authors:
        yield "author", None
    yield "published", metadata.published
    if metadata.modified:
        yield "changed", metadata.modified
    yield "language", metadata.language


def _found(value: FoundValue | None) -> str:
    if value is None:
        return wording.NONE_FOUND
    where = f' <span class="note">found in {escaped(value.where)}</span>' if value.where else ""
    return f"{escaped(clipped(line(value.value), 200))}{where}"
