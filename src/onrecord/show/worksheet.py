"""The record as a work sheet in Markdown: whom to call, what to request, what is unclear."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.record import Attribution, Record, Speaker
from onrecord.show import wording
from onrecord.show.leads import leads
from onrecord.show.lookup import Lookup, lookup
from onrecord.show.markdown import markdown, web_address
from onrecord.show.notices import Notice, notices
from onrecord.show.reuse import HEADING as REUSE
from onrecord.show.reuse import reuse_list
from onrecord.show.visible import clipped, line
from onrecord.show.wording_evidence import LEADS, UNSIGNED
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, Marks, RegionKind, SpeakerKind, Voice

__all__ = ["worksheet"]

N_OWN = 10  # sentences of the page's own voice that are listed

_CALLED = (SpeakerKind.PERSON, SpeakerKind.ORGANISATION, SpeakerKind.ROLE_ONLY)
_UNCLEAR = (SpeakerKind.ANONYMOUS, SpeakerKind.VAGUE)


def worksheet(record: Record, *, working_copy: bool = False) -> str:
    """The work sheet: per speaker the words and what to ask for, then documents, then the rest.

    Every entry has a box to tick, the exact words, and their offsets in the stored text. What a
    machine proposes on a claim stands only in a working copy, which says so at both ends.
    """
    look = lookup(record)
    title = clipped(line(look.title()), 200) or "(no title found)"
    lines = [f"# Work sheet: {markdown(title)}", ""]
    if working_copy:
        lines += [f"**{UNSIGNED}**", ""]
    lines += [f"- {markdown(note)}" for note in wording.about(record)]
    if record.page.url:
        lines.append(f"- address: {web_address(record.page.url)}")
    if record.page.retrieved:
        lines.append(f"- retrieved: {markdown(record.page.retrieved)}")
    lines.append(f"- SHA-256 of what was captured: {markdown(record.page.digest)}")
    lines.append("- offsets in square brackets count code points in the stored text")
    told = [notice for notice in notices(look) if notice.look]
    lines += ["", f"## {wording.LOOK}", ""]
    lines += _findings(told) or [f"{wording.NOTHING_TO_LOOK_AT}"]
    lines += ["", "## Whom to call", "", *_speakers(look, _CALLED)]
    lines += ["", "## Which documents to request", "", *_documents(look)]
    if record.evidence is not None:
        lines += ["", f"## {LEADS}", "", *leads(look, working_copy=working_copy)]
    if record.reuse is not None:
        lines += ["", f"## {REUSE}", "", *reuse_list(record)]
    lines += ["", "## What is unclear", "", *_unclear(look)]
    if working_copy:
        lines += ["", f"**{UNSIGNED}**"]
    return "\n".join(lines) + "\n"


def _words(look: Lookup, span: Span) -> str:
    words = markdown(clipped(line(look.words(span)), 600))
    return f"“{words}” [{span.start}–{span.end}]"


def _findings(told: Iterable[Notice]) -> list[str]:
    lines = []
    for notice in told:
        lines.append(f"- [ ] {markdown(notice.sentence)}")
        for exhibit in notice.exhibits:
            if exhibit.url:
                lines.append(f"  - {exhibit.label}: {web_address(exhibit.url)}")
                continue
            span = exhibit.span
            place = f" [{span.start}–{span.end}]" if span else ""
            words = markdown(wording.quoted(exhibit.words, 600))
            lines.append(f"  - {exhibit.label}: {words}{place}")
        if notice.remark:
            lines.append(f"  - {markdown(notice.remark)}")
    return lines


def _speakers(look: Lookup, kinds: tuple[SpeakerKind, ...]) -> list[str]:
    if look.record.speakers is None:
        return [f"Speakers: {wording.NOT_RUN}."]
    chosen = [one for id_ in look.letters if (one := look.speakers[id_]).kind in kinds]
    lines = [part for one in chosen for part in _speaker(look, one)]
    return lines or [f"{wording.NONE_FOUND.capitalize()}."]


def _speaker(look: Lookup, speaker: Speaker) -> list[str]:
    roles = f", {markdown(', '.join(speaker.roles))}" if speaker.roles else ""
    head = f"- [ ] **{markdown(wording.name(speaker))}**{roles} ({wording.SPEAKER[speaker.kind]})"
    lines = [head]
    lines += [f"  - ask for: {markdown(ask)}" for ask in wording.asks(look, speaker)]
    if speaker.reason is not None:
        lines.append(f"  - reason the page gives: {_words(look, speaker.reason)}")
    for one in look.said(speaker):
        # Denied words stand behind "denied", so that no one quotes them as a statement.
        spans = " … ".join(_words(look, span) for span in one.content)
        lines.append(f"  - {wording.said_as(one, speaker)}: {spans}{_marks(one)}")
    return lines


def _own_voice(look: Lookup) -> list[str]:
    """What the body states without a source."""
    bodies = [one.span for one in look.record.page.regions if one.kind is RegionKind.BODY]
    own = [
        voice.sentence
        for voice in look.record.sentence_voices or ()
        if voice.voice is Voice.PUBLISHER and any(span.overlaps(voice.sentence) for span in bodies)
    ]
    if not own:
        return []
    lines = [f"- [ ] **{wording.PUBLISHER}**: what its statements rest on"]
    lines += [f"  - states: {_words(look, span)}" for span in own[:N_OWN]]
    if len(own) > N_OWN:
        lines.append(f"  - and {len(own) - N_OWN} more: onrecord check --all")
    return lines


def _marks(attribution: Attribution) -> str:
    broken = wording.MARKS[attribution.marks]
    return f" ({broken}: check where the words end)" if broken else ""


def _documents(look: Lookup) -> list[str]:
    if look.record.speakers is None:
        return [f"Documents: {wording.NOT_RUN}."]
    lines = [
        part
        for id_ in look.letters
        if look.speakers[id_].kind is SpeakerKind.DOCUMENT
        for part in _speaker(look, look.speakers[id_])
    ]
    lines += [
        f"- [ ] cited: {markdown(clipped(line(link.text), 120)) or '(no words)'}: {web_address(link.url)}"
        for link in look.record.page.links or ()
        if link.own_site is False
    ]
    if not lines:
        lines = [f"{wording.NONE_FOUND.capitalize()}."]
    if look.record.page.links is None:
        lines.append("- [ ] the page's address: a saved text cannot show which sources it links")
    return lines


def _unclear(look: Lookup) -> list[str]:
    record = look.record
    lines: list[str] = []
    if record.speakers:
        chosen = [one for id_ in look.letters if (one := look.speakers[id_]).kind in _UNCLEAR]
        lines += [part for one in chosen for part in _speaker(look, one)]
    for attribution in record.attributions or ():
        if attribution.id not in look.speaker_of:
            spans = " … ".join(_words(look, span) for span in attribution.content)
            lines.append(f"- [ ] who {wording.VERB[attribution.stance]} this: {spans}")
    lines += _own_voice(look)
    if record.page.metadata.published is None:
        lines.append("- [ ] when the page was published: no date found")
    if not record.page.metadata.authors:
        lines.append("- [ ] who wrote it: no author found")
    for audit in record.badges or ():
        lines += [
            f"- [ ] label “{markdown(clipped(line(audit.label), 120))}”, rule {markdown(rule.code)}: "
            f"{wording.OUTCOME[rule.outcome]}: {markdown(clipped(line(rule.reason), 300))}"
            for rule in audit.rules
            if rule.outcome is BadgeOutcome.CANNOT_TELL
        ]
    n_broken = sum(one.marks is not Marks.NONE for one in record.attributions or ())
    if n_broken:
        lines.append(f"- [ ] {wording.repaired(n_broken)}: compare with a recording or transcript")
    missing = wording.not_run(record)
    if missing:
        lines.append(f"- {wording.NOT_RUN}: {', '.join(missing)}")
    return lines or [f"{wording.NONE_FOUND.capitalize()}."]
