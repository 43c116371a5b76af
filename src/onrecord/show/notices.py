"""What a person is told of a record, in the order in which it matters, for every view alike."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.record import Attribution, BadgeAudit, CentralClaim, CounterVoice, HeadlineCheck
from onrecord.show import wording
from onrecord.show.lookup import Lookup, place
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, HeadlineFinding, MatchRelation

__all__ = ["Exhibit", "Notice", "notices", "words_of"]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Words that show a notice.

    `span` is where they stand, `note` what is said of them; `url` an address outside the page.
    """

    label: str
    words: str
    span: Span | None
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell: a sentence, the words that show it, a closing remark.

    `look` says that it asks for a first look; the others are notes.
    """

    code: str
    look: bool
    sentence: str
    exhibits: tuple[Exhibit, ...] = ()
    remark: str = ""


def notices(look: Lookup) -> tuple[Notice, ...]:
    """Every notice of the record, those that ask for a first look before the notes."""
    record = look.record
    told: list[Notice] = []
    told += _headline(look)
    if record.sourcing is not None and record.sourcing.central is not None:
        told.append(_central(look, record.sourcing.central))
    told += [_badge(look, audit) for audit in record.badges or ()]
    told += _matches(look)
    told += [
        Notice("truncated", look=True, sentence=wording.truncated(what))
        for what in record.page.truncated
    ]
    told += _problems(look)
    told += _counter_voices(look)
    told += _anonymous(look)
    return tuple(sorted(told, key=lambda notice: not notice.look))


def words_of(look: Lookup, attribution: Attribution) -> str:
    """Source, cue and content as the page has them; what stands between is shortened to `…`."""
    parts = sorted(
        span
        for span in (attribution.source, attribution.cue, *attribution.content)
        if span is not None
    )
    whole = place(attribution)
    # A quotation that begins the words keeps its opening mark, which stands before the content.
    before = look.words(Span(max(0, whole.start - 1), whole.start))
    mark = before if before in wording.OPENING_MARKS else ""
    if whole.n_chars <= 140:
        return mark + look.words(whole)
    out, end = "", whole.start
    for span in parts:
        if span.end <= end and out:
            continue
        if out:
            out += look.words(Span(end, span.start)) if span.start - end <= 12 else " … "
        out += look.words(Span(max(span.start, end) if out else span.start, span.end))
        end = max(end, span.end)
    return mark + out


def _exhibit(look: Lookup, label: str, attribution_id: str | None, span: Span) -> Exhibit:
    """The words of an attribution with source and cue, and its speaker; else those of the span."""
    attribution = look.attributions.get(attribution_id or "")
    if attribution is None:
        return Exhibit(label, look.words(span), span)
    who = wording.name(look.speaker_of.get(attribution.id))
    return Exhibit(label, words_of(look, attribution), span, note=who)


def _headline(look: Lookup) -> list[Notice]:
    check = look.record.headline
    if check is None:
        if any(problem.stage == "headline" for problem in look.record.problems):
            return []
        return [Notice("headline", look=False, sentence=wording.HEADLINE_NOT_RUN)]
    if check.title is None:
        return [Notice("headline", look=False, sentence=wording.NO_HEADLINE)]
    if not check.findings:
        return [Notice("headline", look=True, sentence=wording.HEADLINE_CANNOT_TELL)]
    faults = [finding for finding in wording.HEADLINE_FAULTS if finding in check.findings]
    neutral = sorted(check.findings - set(wording.HEADLINE_FAULTS))
    return [
        *(_fault(look, check, finding, first=i == 0) for i, finding in enumerate(faults)),
        *(
            Notice(
                f"headline-{finding.value}",
                look=False,
                sentence=wording.HEADLINE[finding],
                exhibits=() if faults else _evidence(look, check, _SHOWING_NEUTRAL)[:4],
            )
            for finding in neutral
        ),
    ]


_SKIPPED = "Skipped"  # the error of a stage that was not run because an earlier one failed
_SHOWING_NEUTRAL = ("carries", "denies", "doubt", "states")
_WHOLE = ("carries", "denies")  # roles whose exhibits need source and cue to be understood
_SHOWING = {
    HeadlineFinding.DROPS_ATTRIBUTION: ("carries", "denies", "doubt", "states"),
    HeadlineFinding.OVERSTATES: ("weaker", "unsupported"),
    HeadlineFinding.NOT_IN_BODY: ("weaker", "unsupported"),
}


def _fault(look: Lookup, check: HeadlineCheck, finding: HeadlineFinding, *, first: bool) -> Notice:
    exhibits = _evidence(look, check, _SHOWING[finding])
    if first and check.title is not None:
        exhibits = (Exhibit("title", look.words(check.title), check.title), *exhibits)
    return Notice(
        f"headline-{finding.value}",
        look=True,
        sentence=wording.HEADLINE[finding],
        exhibits=exhibits,
    )


def _evidence(look: Lookup, check: HeadlineCheck, roles: tuple[str, ...]) -> tuple[Exhibit, ...]:
    made = [
        _exhibit(
            look,
            wording.EVIDENCE[role],
            one.attribution if role in _WHOLE else None,
            one.span,
        )
        for role in roles
        for one in check.evidence
        if one.role == role
    ]
    return tuple(dict.fromkeys(made))


def _central(look: Lookup, claim: CentralClaim) -> Notice:
    return Notice(
        "central",
        look=bool(claim.denied_by) and not _is_neutral(look),
        sentence=wording.central(look, claim),
        remark=wording.rests_on(look, claim) if _has_someone(claim) else "",
    )


def _has_someone(claim: CentralClaim) -> bool:
    return claim.publisher_states_it or bool(claim.asserted_by or claim.denied_by)


def _is_neutral(look: Lookup) -> bool:
    """Whether the headline was found to need no look, so that its claim needs none either."""
    check = look.record.headline
    return check is not None and bool(
        check.findings & {HeadlineFinding.QUESTION_OR_LABEL, HeadlineFinding.NOT_APPLICABLE}
    )


def _badge(look: Lookup, audit: BadgeAudit) -> Notice:
    failed = any(rule.outcome is BadgeOutcome.FAIL for rule in audit.rules)
    exhibits = (
        () if audit.region is None else (Exhibit("label", look.words(audit.region), audit.region),)
    )
    return Notice(
        "badge",
        look=failed,
        sentence=wording.badge(audit),
        exhibits=exhibits,
        remark=wording.badge_rest(look.record, audit),
    )


def _matches(look: Lookup) -> list[Notice]:
    spans = {claim.id: claim.span for claim in look.record.claims or ()}
    made = []
    for found in sorted(look.record.matches or (), key=lambda one: -one.score):
        span = spans.get(found.claim)
        exhibits = [] if span is None else [Exhibit("here", look.words(span), span)]
        if found.fact_check.url:
            exhibits.append(
                Exhibit("check", found.fact_check.title, None, url=found.fact_check.url)
            )
        made.append(
            Notice(
                "match",
                look=found.relation is not MatchRelation.RELATED,
                sentence=wording.match(found),
                exhibits=tuple(exhibits),
            )
        )
    return made


def _problems(look: Lookup) -> list[Notice]:
    """What could not be done, each cause once, and what was skipped because of it."""
    causes: dict[str, list[str]] = {}
    for one in look.record.problems:
        if one.error != _SKIPPED:
            causes.setdefault(one.message, []).append(one.stage)
    skipped = [one.stage for one in look.record.problems if one.error == _SKIPPED]
    made = [
        Notice("problem", look=True, sentence=wording.problem(stages, message))
        for message, stages in causes.items()
    ]
    if skipped:
        made.append(Notice("problem", look=True, sentence=wording.skipped(skipped)))
    return made


def _counter_voices(look: Lookup) -> list[Notice]:
    """One notice for each attribution that answers others, with all that it answers."""
    answers: dict[str, list[CounterVoice]] = {}
    for one in look.record.counter_voices or ():
        if one.by in look.attributions:
            answers.setdefault(one.by, []).append(one)
    made = []
    for by, pairs in answers.items():
        whom: list[str] = []
        exhibits = []
        for one in pairs:
            answered = look.attributions.get(one.answered or "")
            if answered is not None:
                whom.append(wording.name(look.speaker_of.get(answered.id)))
                exhibits.append(_exhibit(look, "answered", answered.id, _content(answered)))
            elif one.sentence is not None:
                whom.append(wording.PUBLISHER)
                exhibits.append(Exhibit("answered", look.words(one.sentence), one.sentence))
        answering = look.attributions[by]
        exhibits.insert(0, _exhibit(look, "answer", by, _content(answering)))
        sentence = wording.counter(look.speaker_of.get(by), dict.fromkeys(whom))
        made.append(Notice("counter", look=False, sentence=sentence, exhibits=tuple(exhibits)))
    return made


def _content(attribution: Attribution) -> Span:
    return attribution.content[0] if attribution.content else place(attribution)


def _anonymous(look: Lookup) -> list[Notice]:
    sourcing = look.record.sourcing
    made = []
    for id_ in sourcing.anonymous if sourcing else ():
        speaker = look.speakers.get(id_)
        if speaker is None:
            continue
        exhibits = tuple(Exhibit("source", look.words(span), span) for span in speaker.mentions[:1])
        made.append(
            Notice(
                "anonymous",
                look=False,
                sentence=wording.anonymous(look, speaker),
                exhibits=exhibits,
            )
        )
    return made
