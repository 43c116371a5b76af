"""Records made by hand: an invented page with something of everything, and smaller ones."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from onrecord.record import (
    Attribution,
    BadgeAudit,
    BadgeRule,
    CentralClaim,
    CounterVoice,
    FoundValue,
    GenreMark,
    HeadlineCheck,
    HeadlineEvidence,
    Image,
    Link,
    MarkupNode,
    Metadata,
    Page,
    Problem,
    Record,
    Region,
    SentenceVoice,
    Sourcing,
    Speaker,
    SpeakerShare,
    Step,
    content_id,
)
from onrecord.span import Span
from onrecord.terms import (
    AttributionKind,
    AttributionStance,
    BadgeOutcome,
    Genre,
    HeadlineFinding,
    Marks,
    OriginKind,
    RegionKind,
    SpeakerKind,
    Voice,
)

PARTS = [
    (RegionKind.TITLE, "Council Wasted Millions On The Tern Bridge"),
    (RegionKind.BADGE, "Fact checked"),
    (RegionKind.BYLINE, "By Orla Fenwick"),
    (RegionKind.BODY, "The council of Ternby has secretly wasted millions on its new bridge."),
    (
        RegionKind.BODY,
        (
            "Bram Holloway, a former city engineer, claims that the council threw away millions on "
            "steel that was never used. “We warned them twice, in writing, he said on Friday."
        ),
    ),
    (
        RegionKind.BODY,
        (
            "However Ada Quill, the mayor, denied that the bridge cost twenty million, according to "
            "local reports. “We paid twelve million, not a cent more,” Quill said."
        ),
    ),
    (
        RegionKind.BODY,
        (
            "According to an audit report, the bridge opened nine months late. The river has flooded "
            "four times since March."
        ),
    ),
    (
        RegionKind.BODY,
        (
            "An official who asked not to be named because the talks are private said the "
            "contract will be reviewed."
        ),
    ),
    (RegionKind.CAPTION, "The Tern Bridge in June."),
    (RegionKind.BIO, "Orla Fenwick writes about towns and rivers."),
    (RegionKind.COMMENT, "I cross it daily and it <b>shakes</b>!"),
    (RegionKind.BOILERPLATE, "Leave a reply"),
]


SAID_BY = {"he": "he said on Friday", "Quill": "Quill said"}  # short words stand elsewhere too


def page_of(parts, **fields) -> Page:
    """A page whose text is the parts with a blank line between them."""
    text, regions = "", []
    for kind, words in parts:
        text += "\n\n" if text else ""
        regions.append(Region(kind, Span(len(text), len(text) + len(words))))
        text += words
    values = {
        "url": "https://ternby-post.example/bridge?id=7&x=1",
        "retrieved": "2026-11-20T09:30:00Z",
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "media_type": "text/html; charset=utf-8",
        "text": text,
        "regions": tuple(regions),
        "metadata": Metadata(),
        "links": (),
        "images": (),
        "markup": (),
        "genre": GenreMark(Genre.NOT_STATED, ""),
    }
    return Page(**(values | fields))


def found(page: Page, words: str, after: str = "") -> Span:
    """The span of the words, the first place after the words of `after`."""
    at = page.text.index(words, page.text.index(after) if after else 0)
    return Span(at, at + len(words))


def _attribution(page, kind, source, cue, *content, after="", **fields) -> Attribution:
    contents = tuple(found(page, words, after) for words in content)
    cue_span = found(page, cue, after) if cue else None
    return Attribution(
        id=content_id(page, "attributions", *contents, *([cue_span] if cue_span else [])),
        kind=kind,
        source=found(page, source, SAID_BY.get(source, after)) if source else None,
        cue=cue_span,
        content=contents,
        via="made by hand",
        **fields,
    )


def bridge() -> Record:
    """The record of a page with a fault in the headline, a denial, a badge and a comment."""
    page = page_of(PARTS)
    page = replace(
        page,
        metadata=Metadata(
            title=FoundValue(PARTS[0][1], "visible:title", found(page, PARTS[0][1])),
            authors=(FoundValue("Orla Fenwick", "visible:byline", found(page, "Orla Fenwick")),),
            language=FoundValue("en", "py3langid"),
            site=FoundValue("Ternby Post", "meta:og:site_name"),
        ),
        links=(
            Link("https://ternby-post.example/", "Home", None, own_site=True),
            Link(
                "https://audit.example/2026.pdf",
                "audit report",
                found(page, "audit report"),
                own_site=False,
            ),
        ),
        images=(Image("https://ternby-post.example/b.jpg", "A bridge", None),),
        markup=(MarkupNode("json-ld", ("NewsArticle",), '{"@type": "NewsArticle"}'),),
    )
    claims = _attribution(
        page,
        AttributionKind.INDIRECT,
        "Bram Holloway, a former city engineer",
        "claims",
        "the council threw away millions on steel that was never used",
    )
    warned = _attribution(
        page,
        AttributionKind.DIRECT,
        "he",
        "said",
        "We warned them twice, in writing",
        after="We warned",
        marks=Marks.MISSING_CLOSING,
    )
    denied = _attribution(
        page,
        AttributionKind.INDIRECT,
        "Ada Quill, the mayor",
        "denied",
        "the bridge cost twenty million",
        stance=AttributionStance.DENIES,
    )
    reports = _attribution(
        page,
        AttributionKind.INDIRECT,
        "local reports",
        "according to",
        "Ada Quill, the mayor, denied that the bridge cost twenty million",
    )
    paid = _attribution(
        page,
        AttributionKind.DIRECT,
        "Quill",
        "said",
        "We paid twelve million, not a cent more",
        after="We paid",
    )
    audit = _attribution(
        page,
        AttributionKind.INDIRECT,
        "an audit report",
        "According to",
        "the bridge opened nine months late",
    )
    official = _attribution(
        page,
        AttributionKind.INDIRECT,
        "An official who asked not to be named",
        "said",
        "the contract will be reviewed",
        after="An official",
    )
    attributions = (claims, warned, denied, reports, paid, audit, official)

    def speaker(name, kind, mentions, said, roles=(), reason=None) -> Speaker:
        places = tuple(found(page, words) for words in mentions)
        return Speaker(
            content_id(page, "speakers", *places),
            name,
            kind,
            roles,
            places,
            tuple(one.id for one in said),
            reason,
        )

    holloway = speaker(
        "Bram Holloway",
        SpeakerKind.PERSON,
        ["Bram Holloway"],
        [claims, warned],
        ("former city engineer",),
    )
    quill = speaker("Ada Quill", SpeakerKind.PERSON, ["Ada Quill"], [denied, paid], ("mayor",))
    local = speaker("local reports", SpeakerKind.VAGUE, ["local reports"], [reports])
    report = speaker("an audit report", SpeakerKind.DOCUMENT, ["an audit report"], [audit])
    unnamed = speaker(
        "an official",
        SpeakerKind.ANONYMOUS,
        ["An official who asked not to be named"],
        [official],
        reason=found(page, "because the talks are private"),
    )
    sentences = tuple(
        found(page, words)
        for words in (
            PARTS[0][1],
            PARTS[3][1],
            (
                "Bram Holloway, a former city engineer, claims that the council threw away millions "
                "on steel that was never used."
            ),
            "“We warned them twice, in writing, he said on Friday.",
            (
                "However Ada Quill, the mayor, denied that the bridge cost twenty million, according "
                "to local reports."
            ),
            "“We paid twelve million, not a cent more,” Quill said.",
            "According to an audit report, the bridge opened nine months late.",
            "The river has flooded four times since March.",
            PARTS[7][1],
        )
    )
    by = {
        2: (holloway, [claims]),
        3: (holloway, [warned]),
        4: (quill, [denied, reports]),
        5: (quill, [paid]),
        6: (report, [audit]),
        8: (unnamed, [official]),
    }
    voices = tuple(
        SentenceVoice(
            sentence,
            Voice.ATTRIBUTED if i in by else Voice.PUBLISHER,
            speaker=by[i][0].id if i in by else None,
            attributions=tuple(one.id for one in by[i][1]) if i in by else (),
        )
        for i, sentence in enumerate(sentences)
    )
    title = found(page, PARTS[0][1])
    headline = HeadlineCheck(
        frozenset({HeadlineFinding.DROPS_ATTRIBUTION, HeadlineFinding.OVERSTATES}),
        title,
        (
            HeadlineEvidence("title", title),
            HeadlineEvidence("carries", claims.content[0], claims.id),
            HeadlineEvidence("denies", denied.content[0], denied.id),
            HeadlineEvidence("unsupported", found(page, "secretly")),
        ),
    )
    sourcing = Sourcing(
        (
            SpeakerShare(None, 42, 0.42),
            SpeakerShare(holloway.id, 24, 0.24),
            SpeakerShare(quill.id, 19, 0.19),
            SpeakerShare(unnamed.id, 9, 0.09),
            SpeakerShare(report.id, 6, 0.06),
            SpeakerShare(local.id, 0, 0.0),
        ),
        CentralClaim(
            title,
            publisher_states_it=True,
            asserted_by=(holloway.id,),
            denied_by=(quill.id,),
            origins=((holloway.id,),),
            rests_on=OriginKind.ONE_ORIGIN,
        ),
        (unnamed.id,),
    )
    badge = found(page, "Fact checked")
    outcomes = {
        "B1": (BadgeOutcome.CANNOT_TELL, "the label names no claim"),
        "B8": (BadgeOutcome.FAIL, "no reviewer is named beside the label"),
        "B9": (BadgeOutcome.FAIL, "no date stands beside the label"),
        "B10": (BadgeOutcome.PASS, "a corrections policy is linked"),
        "B13": (BadgeOutcome.CANNOT_TELL, "needs other pages of the site"),
        "B15": (BadgeOutcome.DOES_NOT_APPLY, "no reviewer is named"),
    }
    audit_of_badge = BadgeAudit(
        "Fact checked",
        badge,
        None,
        tuple(BadgeRule(code, *pair, (badge,)) for code, pair in outcomes.items()),
    )
    return Record(
        page=page,
        sentences=sentences,
        attributions=attributions,
        speakers=(holloway, quill, local, report, unnamed),
        sentence_voices=voices,
        headline=headline,
        sourcing=sourcing,
        counter_voices=(CounterVoice(denied.id, claims.id),),
        badges=(audit_of_badge,),
        steps=tuple(
            Step(name, "rules-1", None, 0.01)
            for name in ("segment", "attribute", "identify", "voice", "headline", "sourcing")
        ),
    )


def saved_text() -> Record:
    """The same page as saved text: no links, images, markup, address or time."""
    record = bridge()
    return replace(
        record,
        page=replace(
            record.page,
            url=None,
            retrieved=None,
            media_type="text/plain",
            links=None,
            images=None,
            markup=None,
        ),
    )


def bare() -> Record:
    """A page that no stage was run on, and one stage that failed."""
    return Record(
        page=page_of([(RegionKind.BODY, "Ein kurzer Text über eine Brücke.")]),
        problems=(
            Problem("attribute", "LanguageError", "found 'de', expected English; read by hand"),
        ),
    )


def empty() -> Record:
    """A page on which every stage ran and found nothing."""
    page = page_of([(RegionKind.BODY, "Grey skies.")])
    sentence = Span(0, 11)
    return Record(
        page=page,
        sentences=(sentence,),
        attributions=(),
        speakers=(),
        sentence_voices=(SentenceVoice(sentence, Voice.PUBLISHER),),
        headline=HeadlineCheck(frozenset(), None),
        sourcing=Sourcing((SpeakerShare(None, 2, 1.0),), CentralClaim(None, True)),
        counter_voices=(),
        badges=(),
    )
