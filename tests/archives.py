"""Archives made by code: shards of records whose figures can be counted by hand."""

from __future__ import annotations

import hashlib
import json

from onrecord.codec import encode
from onrecord.record import (
    Attribution,
    BadgeAudit,
    BadgeRule,
    CentralClaim,
    Claim,
    FoundValue,
    GenreMark,
    HeadlineCheck,
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
)
from onrecord.span import Span
from onrecord.terms import (
    AttributionKind,
    BadgeOutcome,
    ClaimKind,
    Genre,
    HeadlineFinding,
    OriginKind,
    RegionKind,
    SpeakerKind,
    Voice,
)

TITLE = "Cracks found in the bridge"
OWN = "The bridge opened in 1961."  # 5 words
SAID = "Mayor Ada Quill said it carries 14,000 cars a day."  # 10 words


def record(
    *,
    site="The Zeal",
    url="https://zeal.example/1",
    month="2026-03",
    body=f"{OWN} {SAID}",
    finding=HeadlineFinding.FAITHFUL,
    kinds=(SpeakerKind.PERSON,),
    labels=0,
    language="en",
    title=TITLE,
    rests_on=OriginKind.ONE_ORIGIN,
    published=None,
    retrieved=None,
):
    """A record of a page with a title and one paragraph; the same arguments give the same one."""
    text = f"{title}\n{body}"
    start = len(title) + 1
    whole = Span(start, len(text))
    own = Span(start, start + len(OWN))
    said = Span(own.end + 1, own.end + 1 + len(SAID)) if SAID in body else None
    published = published or (f"{month}-04T08:00:00Z" if month else None)
    name = json.dumps([site, url, month, body, title, labels, language, [k.value for k in kinds]])
    page = Page(
        url=url,
        retrieved=retrieved,
        digest=hashlib.sha256(name.encode("utf-8", "replace")).hexdigest(),
        media_type="text/html; charset=utf-8",
        text=text,
        regions=(
            Region(RegionKind.TITLE, Span(0, len(title))),
            Region(RegionKind.BODY, whole),
        ),
        metadata=Metadata(
            title=FoundValue(title, "visible:title"),
            published=FoundValue(published, "meta") if published else None,
            language=FoundValue(language, "html"),
            site=FoundValue(site, "meta") if site else None,
        ),
        links=(),
        images=(),
        markup=(),
        genre=GenreMark(Genre.NOT_STATED, ""),
    )
    if language != "en":
        problem = Problem("claims", "LanguageError", f"the page is in {language!r}; this reads en")
        skipped = Problem("voice", "Skipped", "skipped: it reads 'attributions'")
        return Record(page=page, badges=(), problems=(problem, skipped))
    speakers = tuple(
        Speaker(f"s{at}", f"Speaker {at}", kind, mentions=(said,) if said else ())
        for at, kind in enumerate(kinds)
    )
    voices = [SentenceVoice(own, Voice.PUBLISHER)]
    if said:
        voices.append(SentenceVoice(said, Voice.ATTRIBUTED, speaker="s0"))
    rules = (
        BadgeRule("B8", BadgeOutcome.PASS, "a reviewer is named"),
        BadgeRule("B9", BadgeOutcome.FAIL, "no date stands beside the label"),
        BadgeRule("B1", BadgeOutcome.DOES_NOT_APPLY, "no claim"),
    )
    return Record(
        page=page,
        attributions=(
            (Attribution("a0", AttributionKind.INDIRECT, said, None, (said,)),) if said else ()
        ),
        speakers=speakers,
        sentence_voices=tuple(voices),
        headline=HeadlineCheck(frozenset({finding}), Span(0, len(title))),
        sourcing=Sourcing(
            (SpeakerShare(None, 9, 0.6), SpeakerShare("s0", 6, 0.4)),
            CentralClaim(Span(0, len(title)), publisher_states_it=False, rests_on=rests_on),
        ),
        claims=(
            Claim("c0", own, None, checkable=True, why_not=None, checkworthiness=0.5, kind=ClaimKind.EVENT),
            Claim("c1", whole, None, checkable=False, why_not=None, checkworthiness=0.0, kind=ClaimKind.EVENT),
        ),
        badges=tuple(BadgeAudit(f"Fact checked {at}", None, None, rules) for at in range(labels)),
        steps=(Step("claims", "1", None, 0.0), Step("voice", "1", "ab" * 32, 0.0)),
    )  # fmt: skip


def write(folder, records, *, name="news-0a1b2c3d", failures=()):
    """Writes records as a shard, as a bulk run does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.jsonl").open("wb") as stream:
        for position, one in enumerate(records):
            body = one if isinstance(one, bytes) else encode(one)
            stream.write(b'{"position": %d, ' % position + body[1:] + b"\n")
    with (folder / f"{name}.failures.jsonl").open("w", encoding="utf-8") as stream:
        for reason in failures:
            row = {"position": 9, "url": "https://zeal.example/x", "reason": reason}
            stream.write(json.dumps(row) + "\n")
    return folder
