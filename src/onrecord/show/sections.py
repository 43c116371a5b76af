"""The parts of the HTML page below the article: claims, speakers, statements, labels, provenance."""

from __future__ import annotations

from collections.abc import Container, Iterable

from onrecord import __version__
from onrecord.record import BadgeAudit, Claim, FoundValue, Record
from onrecord.show import wording
from onrecord.show.article import underline
from onrecord.show.evidence import evidence_by_claim
from onrecord.show.lookup import Lookup, place
from onrecord.show.markup import address, escaped, offset, section
from onrecord.show.sections_evidence import passages, proposed, searched
from onrecord.show.statements import Statement
from onrecord.show.visible import clipped, line
from onrecord.span import Span
from onrecord.terms import BadgeOutcome

__all__ = [
    "cited_links",
    "claim_list",
    "label_audits",
    "provenance",
    "speaker_table",
    "statement_list",
]

N_CLAIMS = 10  # the rest is folded


def claim_list(look: Lookup, anchors: Container[int], *, working_copy: bool) -> str:
    """The claims that can be checked, ranked, the first ones open; empty when the stage did not run.

    Each has the passages found on it, and in a working copy what is proposed.
    """
    claims = look.record.claims
    if claims is None:
        return ""
    ranked = sorted((one for one in claims if one.checkable), key=lambda one: one.rank)
    if not ranked:
        return section("claims", wording.CLAIMS, f'<p class="quiet">{wording.NONE_FOUND}</p>')
    evidence = evidence_by_claim(look)
    shown = proposed if working_copy else passages
    below = [shown(evidence[one.id]) if one.id in evidence else "" for one in ranked]
    rows = [
        f"<li>{_claim(look, one, anchors)}{more}</li>\n"
        for one, more in zip(ranked, below, strict=True)
    ]
    inner = f'<ol class="claims">{"".join(rows[:N_CLAIMS])}</ol>'
    if rows[N_CLAIMS:]:
        count = wording.counted(len(rows[N_CLAIMS:]), "more claim")
        inner += (
            f"<details><summary>{count}</summary>"
            f'<ol class="claims" start="{N_CLAIMS + 1}">{"".join(rows[N_CLAIMS:])}</ol></details>'
        )
    return section("claims", wording.CLAIMS, inner)


def _claim(look: Lookup, claim: Claim, anchors: Container[int]) -> str:
    reasons = f' <span class="note">{escaped("; ".join(claim.reasons))}</span>'
    return (
        f'{escaped(wording.claimed_by(look, claim))}: <q dir="auto">{escaped(line(look.words(claim.span)))}</q>'
        f"{offset(claim.span, anchors)}{reasons if claim.reasons else ''}"
    )


def speaker_table(look: Lookup, anchors: Container[int]) -> str:
    """Each speaker with kind, role or reason, statements and what to ask for."""
    speakers = look.record.speakers
    if speakers is None:
        return section("speakers", "Speakers", f'<p class="quiet">{wording.NOT_RUN}</p>')
    if not speakers:
        return section("speakers", "Speakers", f'<p class="quiet">{wording.NONE_FOUND}</p>')
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
    return section("speakers", "Speakers", f'<div class="wide" tabindex="0">{table}</div>')


def statement_list(
    look: Lookup, said: tuple[Statement, ...] | None, anchors: Container[int]
) -> str:
    """Every statement in the order of the page, folded."""
    if not said:
        words = wording.NOT_RUN if said is None else wording.NONE_FOUND
        return section("statements", wording.STATEMENTS, f'<p class="quiet">{words}</p>')
    rows = "".join(_statement(look, one, anchors) for one in said)
    count = wording.counted(len(said), "statement")
    inner = (
        f"<details><summary>{count}, in the order of the page</summary>"
        f'<ol class="statements">{rows}</ol></details>'
    )
    return section("statements", wording.STATEMENTS, inner)


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


def label_audits(look: Lookup, anchors: Container[int]) -> str:
    """The audit of each label: failures first, the rest folded."""
    badges = look.record.badges
    if not badges:
        words = wording.NOT_RUN if badges is None else wording.NONE_FOUND
        return section("label", wording.BADGES, f'<p class="quiet">{words}</p>')
    inner = "\n".join(_badge(look, audit, anchors) for audit in badges)
    return section("label", wording.BADGES, inner)


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


def cited_links(record: Record, anchors: Container[int]) -> str:
    """The addresses that the page cites, other sites' only."""
    links = record.page.links
    if links is None:
        words = "The source cannot show links. Give the page's address to see them."
        return section("sources", wording.CITED, f'<p class="quiet">{words}</p>')
    outside = [one for one in links if one.own_site is not True]
    if not outside:
        words = f"Links to other sites: {wording.NONE_FOUND}."
        return section("sources", wording.CITED, f'<p class="quiet">{words}</p>')
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
    return section("sources", wording.CITED, table + (note if n_own else ""))


def provenance(record: Record) -> str:
    """Where the page came from, what was run on it, with which version."""
    stored = record.page
    rows = [
        ("address", address(stored.url) if stored.url else "not given"),
        ("retrieved", escaped(stored.retrieved or "not given")),
        ("media type", escaped(stored.media_type or "not given")),
        ("SHA-256 of what was captured", f"<code>{escaped(stored.digest)}</code>"),
        *((name, _found(value)) for name, value in _metadata(record)),
        ("onrecord", escaped(__version__)),
        ("offsets", "code points into the stored text, in square brackets"),
    ]
    if record.collection is not None:
        rows.append(("searched for evidence", searched(record.collection)))
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
    return section("made", wording.PROVENANCE, f'<dl class="facts">{facts}</dl>{table}{note}')


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
