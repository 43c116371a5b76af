"""Attributions by rule: who says what, without a model.

Paragraph by paragraph: quotation marks are paired, sentences that a quotation runs across are
read as one unit, and each unit is read from left to right for cues. A cue takes its source by the
grammar of `clauses` and its content by that of `contents`; words that are already content hold no
further cue, since articles are read for who says a thing, not for what is said to be said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.attribution.clauses import (
    QUOTED,
    Found,
    Tokens,
    is_adverb,
    is_passive,
    noun_phrase_right,
    source_left,
    tokens_of,
)
from onrecord.attribution.contents import content_end, content_start, is_adjunct
from onrecord.attribution.cues import is_factive, is_not_yet_said, stance_of
from onrecord.attribution.lexicon import (
    BE,
    DETERMINERS,
    PREPOSITIONS,
    Form,
    Frame,
    Verb,
    verb_forms,
)
from onrecord.attribution.marks import Quotation, is_sentence_like, quotations
from onrecord.record import Attribution, Page, content_id
from onrecord.span import Span, merged, shrunk
from onrecord.terms import AttributionKind, AttributionStance, Marks, RegionKind

__all__ = ["READ_REGIONS", "attributions"]

READ_REGIONS = frozenset({RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY})

_SAY, _TELL, _OBJECT = int(Frame.SAY), int(Frame.TELL), int(Frame.OBJECT)
_CLAUSE, _TO, _NOUN = int(Frame.CLAUSE), int(Frame.TO), int(Frame.NOUN)
_QUOTE, _PHRASAL = int(Frame.QUOTE), int(Frame.PHRASAL)
_BASE, _S, _PAST = int(Form.BASE), int(Form.S), int(Form.PAST)
_PARTICIPLE, _ING = int(Form.PARTICIPLE), int(Form.ING)
_RELATIVES = frozenset(["who", "which", "that"])
_FIRST_PERSON = frozenset(["i", "i'm", "i've", "i'll", "i'd", "we", "we're", "we've", "our", "my"])
_PLURAL_SUBJECTS = frozenset(
    [
        "they",
        "we",
        "i",
        "you",
        "who",
        "some",
        "many",
        "others",
        "most",
        "all",
        "both",
        "several",
        "few",
        "people",
    ]
)
_MODALS = frozenset(
    [
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "must",
        "do",
        "does",
        "did",
        "don't",
        "doesn't",
        "didn't",
        "won't",
        "wouldn't",
        "can't",
        "cannot",
        "couldn't",
        "shouldn't",
        "to",
        "'ll",
        "not",
        "never",
    ]
)
_BREAKS = frozenset((",", "—", "–", "--"))


@dataclass(slots=True)
class _Draft:
    """An attribution while its paragraph is read."""

    source: Span | None
    cue: Span | None
    content: list[Span]
    via: str
    marks: Marks = Marks.NONE
    direct: bool = False
    sentence: Span | None = None


@dataclass(slots=True)
class _Unit:
    """One unit of text while it is read; `low` is where unclaimed words begin."""

    text: str
    tokens: Tokens
    span: Span
    low: int = 0
    subject: Span | None = None
    drafts: list[_Draft] = field(default_factory=list)


def attributions(page: Page, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """The attributions of title, subtitle and body, in the order of their first words.

    `sentences` are those of `read.sentences`, in order. Empty text gives `()`. Linear in the
    length of the text.
    """
    text = page.text
    paragraphs = _paragraphs(page, sentences)
    if not paragraphs:
        return ()
    found = quotations(text, [span for span, _, _ in paragraphs])
    starts = [quotation.span.start for quotation in found]
    drafts: list[_Draft] = []
    carry = False
    for paragraph, own, is_title in paragraphs:
        quoted = found[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
        new = _paragraph_drafts(text, own, quoted, title=is_title, carry=carry)
        carry = bool(quoted) and quoted[-1].continues
        drafts.extend(new)
    return _finished(page, drafts, found, starts)


def _paragraphs(page: Page, sentences: Sequence[Span]) -> list[tuple[Span, list[Span], bool]]:
    """Paragraphs with their sentences: sentences with a line break between them part."""
    out: list[tuple[Span, list[Span], bool]] = []
    begins = [sentence.start for sentence in sentences]
    for region in page.regions:
        if region.kind not in READ_REGIONS:
            continue
        first = bisect_left(begins, region.span.start)
        last = bisect_left(begins, region.span.end)
        own: list[Span] = []
        for sentence in sentences[first:last]:
            if own and "\n" in page.text[own[-1].end : sentence.start]:
                out.append((Span(own[0].start, own[-1].end), own, region.kind is RegionKind.TITLE))
                own = []
            own.append(sentence)
        if own:
            out.append((Span(own[0].start, own[-1].end), own, region.kind is RegionKind.TITLE))
    return out


def _paragraph_drafts(
    text: str,
    sentences: Sequence[Span],
    quoted: Sequence[Quotation],
    *,
    title: bool,
    carry: bool,
) -> list[_Draft]:
    drafts: list[_Draft] = []
    pending: list[Span] = []  # quotations that stand alone before any cue of the paragraph
    waiting = False
    for unit in _units(sentences, quoted):
        inside = [q for q in quoted if q.span.overlaps(unit)] if quoted else []
        blocks = frozenset(i for i, q in enumerate(inside) if _is_block(text, q, unit))
        tokens = tokens_of(text, unit, quotations=inside, blocks=blocks)
        if not tokens.low:
            continue
        if all(word == QUOTED or not word[0].isalnum() for word in tokens.low):
            spans = [tokens.span(i, i) for i, word in enumerate(tokens.low) if word == QUOTED]
            if drafts and drafts[-1].cue is not None and (drafts[-1].direct or waiting):
                drafts[-1].content.extend(spans)
            else:
                pending.extend(spans)
            continue
        reading = _Unit(text, tokens, unit)
        if title:
            _read_title(reading)
        _read(reading)
        if pending and reading.drafts and reading.drafts[0].direct:
            reading.drafts[0].content[:0] = pending
            pending = []
        waiting = text[unit.end - 1] == ":"
        drafts.extend(reading.drafts)
    if pending:
        via = "continued" if carry or not drafts else "quotation"
        drafts.append(_Draft(None, None, pending, via, direct=True))
    return drafts


def _units(sentences: Sequence[Span], quoted: Sequence[Quotation]) -> list[Span]:
    """Sentences, joined where a quotation runs across their border."""
    if not quoted:
        return list(sentences)
    out: list[Span] = []
    for sentence in sentences:
        if out and any(q.span.start < out[-1].end < q.span.end for q in quoted):
            out[-1] = Span(out[-1].start, sentence.end)
        else:
            out.append(sentence)
    return out


def _is_block(text: str, quotation: Quotation, unit: Span) -> bool:
    """Whether a quotation is speech of its own rather than a part of the sentence's grammar."""
    if not is_sentence_like(text, quotation):
        return False
    before = text[unit.start : quotation.span.start].rstrip()
    if not before or before[-1] in ",:;—–-.!?\"”'’":
        return True
    first = text[quotation.inner.start]
    return first.isupper() and text[quotation.inner.end - 1] in ".,!?…"


def _read_title(unit: _Unit) -> None:
    """`Smith: Taxes must rise` and `Taxes must rise: Smith` in a title."""
    words = unit.tokens.low
    if ":" not in words:
        return
    at = words.index(":")
    if 0 < at <= 4 and at + 2 < len(words) and all(unit.tokens.cap[i] for i in range(at)):
        if words[0] in {
            "exclusive",
            "watch",
            "video",
            "breaking",
            "live",
            "opinion",
            "report",
            "analysis",
        }:
            return
        end = len(words)
        unit.drafts.append(
            _Draft(
                unit.tokens.span(0, at - 1), unit.tokens.span(at, at),
                [unit.tokens.span(at + 1, end - 1)], "title", sentence=unit.span,
            )
        )  # fmt: skip
        unit.low = end


def _read(unit: _Unit) -> None:
    """Reads the unit's cues from left to right."""
    tokens = unit.tokens
    words = tokens.low
    forms = verb_forms()
    at = unit.low
    high = len(words)
    while at < high:
        word = words[at]
        if tokens.quote[at] >= 0:
            at += 1
            continue
        if word == "according" and at + 1 < high and words[at + 1] == "to":
            at = _according(unit, at)
            continue
        verb = forms.get(word)
        if verb is None or (tokens.cap[at] and at > unit.low and verb.form & (_BASE | _ING)):
            at += 1
            continue
        following = _cue(unit, at, verb)
        at = following if following > at else at + 1


def _particles(unit: _Unit, at: int, verb: Verb) -> int:
    """The number of tokens of the longest particle of the verb that follows it."""
    words = unit.tokens.low
    for particle in verb.particles:
        parts = particle.split()
        if words[at + 1 : at + 1 + len(parts)] == parts:
            return len(parts)
    return 0


def _cue(unit: _Unit, at: int, verb: Verb) -> int:
    """Adds the attribution of the verb at `at`; returns where to read on, `at` if it is no cue."""
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    n_particles = _particles(unit, at, verb)
    frame = verb.frame
    if frame & _PHRASAL and not n_particles:
        frame &= ~_PHRASAL
        if not frame & (_SAY | _TELL | _OBJECT | _CLAUSE | _TO):
            return at
    after = at + 1 + n_particles
    inverted = _inverted(unit, at, verb, after)
    found: Found | None = None
    if inverted is None:
        found = _subject(unit, at, verb)
        if found is None and not (verb.form & (_ING | _BASE) and unit.subject):
            return at
        if found is None and verb.form & _BASE and not verb.form & _PAST and words[at - 1] != "to":
            return at
    # --- content to the right
    if inverted is not None:
        source: Span | None = tokens.span(after, inverted)
        group = at
        after = inverted + 1
        source_first = at
    elif found is not None:
        source = tokens.span(found.first, found.last)
        group = found.group
        source_first = found.first
    else:
        source, group, source_first = unit.subject, at, at
        if at > unit.low and words[at - 1] == "to":
            group = at
    relative = found is not None and words[found.first] in _RELATIVES and found.first == found.last
    begin, kind = content_start(tokens, after, high, listener=bool(frame & _TELL))
    content: list[Span] = []
    end = after
    direct = False
    left = _left(unit, source_first, verb, frame, found=found, inverted=inverted is not None)
    use_left = left is not None and (
        kind in {"none", "adjunct"}
        or inverted is not None
        or words[source_first - 1] == QUOTED
        or is_adjunct(tokens, after, high)
    )
    if use_left and left is not None and kind not in {"that", "colon"}:
        first, last = left
        content.append(tokens.span(first, last))
        direct = any(words[i] == QUOTED for i in range(first, last + 1))
        end = after
        more = _resumed(unit, after, high, direct=direct)
        if more is not None:
            content.append(tokens.span(more[0], more[1] - 1))
            end = more[1]
    elif _allowed(frame, kind, tokens, begin, high, verb):
        stop = content_end(tokens, begin, high, relative=relative)
        if stop <= begin:
            return at
        content.append(tokens.span(begin, stop - 1))
        direct = words[begin] == QUOTED
        end = stop
    else:
        return at
    cue = tokens.span(group, at + n_particles)
    draft = _Draft(source, cue, content, verb.lemma, direct=direct, sentence=unit.span)
    if use_left and not direct and inverted is None:
        _note_missing(unit, draft, source_first)
    unit.drafts.append(draft)
    if (found is not None and not relative) or inverted is not None:
        unit.subject = source
    unit.low = max(unit.low, end)
    return end


def _allowed(frame: int, kind: str, tokens: Tokens, begin: int, high: int, verb: Verb) -> bool:
    """Whether the verb takes the kind of content that stands to its right."""
    if kind in {"none", "adjunct"} or begin >= high:
        return False
    if frame & _QUOTE and not frame & (_SAY | _OBJECT | _CLAUSE | _TELL | _TO):
        return kind in {"quote", "colon"}
    if kind in {"quote", "colon", "that"}:
        return True
    if frame & (_SAY | _TELL | _OBJECT):
        return True
    if kind == "question":
        return bool(frame & _CLAUSE)
    if kind == "to":
        return bool(frame & _TO)
    # Zero "that": a subject must follow ("thinks he will").
    if frame & _CLAUSE:
        return tokens.low[begin] in _SUBJECT_STARTS or tokens.cap[begin]
    return bool(frame & _PHRASAL)


_SUBJECT_STARTS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "i",
        "there",
        "this",
        "these",
        "those",
        "the",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
    ]
)


def _subject(unit: _Unit, at: int, verb: Verb) -> Found | None:
    """The subject of the verb, `None` when the word is no verb here or has no subject of its own."""
    tokens = unit.tokens
    words = tokens.low
    found = source_left(tokens, at, unit.low)
    if found is None:
        return None
    if words[found.group - 1 if found.group else 0] in DETERMINERS and found.group == at:
        return None
    between = range(found.group, at)
    form = verb.form
    if form & _ING:
        return (
            found
            if any(words[i] in BE for i in between)
            or words[found.last].endswith(("'s", "'re", "'m"))
            else None
        )
    if form & (_PAST | _PARTICIPLE):
        if is_passive(tokens, at, found.group) and not form & _BASE:
            return None
        return found
    if form & _S:
        return found if not verb.frame & _NOUN or _verbal(unit, at, found) else None
    # base form
    if at > 0 and words[at - 1] == "to":
        return None
    if any(words[i] in _MODALS for i in between):
        return found
    last = words[found.last]
    if last in _PLURAL_SUBJECTS or (
        last.endswith("s") and not last.endswith(("'s", "ss")) and not tokens.cap[found.last]
    ):
        return found
    if " and " in unit.text[tokens.start[found.first] : tokens.end[found.last]]:
        return found
    if tokens.cap[found.last] and last.endswith("s") and not verb.frame & _NOUN:
        return found
    return None


def _verbal(unit: _Unit, at: int, found: Found) -> bool:
    """Whether a word that is also a noun ("claims", "plans") is a verb here."""
    tokens = unit.tokens
    before = tokens.low[at - 1] if at else ""
    after = tokens.low[at + 1] if at + 1 < len(tokens.low) else ""
    if before in _RELATIVES or before in {"he", "she", "it"} or is_adverb(before):
        return True
    if after in {
        "to",
        "that",
        "the",
        "a",
        "an",
        "his",
        "her",
        "its",
        "he",
        "she",
        "it",
        "they",
        "there",
        ":",
        QUOTED,
        "about",
        "for",
        "on",
    }:
        return before not in DETERMINERS and (
            after not in {"about", "for", "on", "to", "that"}
            or tokens.cap[at - 1]
            or before == ","
            or tokens.low[found.first] in DETERMINERS
        )
    return bool(tokens.cap[at - 1] and after not in PREPOSITIONS and after not in {",", ".", "and"})


def _inverted(unit: _Unit, at: int, verb: Verb, after: int) -> int | None:
    """The last token of a source after its verb: `said Ann Ek`; `None` if there is none."""
    tokens = unit.tokens
    words = tokens.low
    if not verb.frame & (_SAY | _TELL | _QUOTE) or not verb.form & (_PAST | _S | _BASE):
        return None
    if at <= unit.low or at + 1 >= len(words):
        return None
    before = words[at - 1]
    if before != QUOTED and not (
        before == "," and verb.lemma in {"say", "report", "add", "write", "explain", "note"}
    ):
        return None
    if before == "," and words[at - 2] in _RELATIVES:
        return None
    nxt = words[after] if after < len(words) else "."
    if nxt in {"that", "to"} or nxt in PREPOSITIONS:
        return None
    last = noun_phrase_right(tokens, after, len(words))
    if last < 0:
        return None
    if before == ",":
        follows = words[last + 1] if last + 1 < len(words) else "."
        if follows not in {".", ",", ";", QUOTED} and follows not in PREPOSITIONS:
            return None
        # "Ann Ek, a friend, said Norby was ...": a subject before the comma goes first.
        if source_left(tokens, at, unit.low) is not None and words[last] not in {".", ","}:
            nearer = source_left(tokens, at, unit.low)
            if nearer is not None and nearer.first <= unit.low + 1 and follows != ".":
                return None
    return last


def _left(
    unit: _Unit, source_first: int, verb: Verb, frame: int, *, found: Found | None, inverted: bool
) -> tuple[int, int] | None:
    """First and last token of content before the source, when the shape allows it."""
    if not frame & (_SAY | _TELL | _QUOTE | _CLAUSE) or (found is None and not inverted):
        return None
    words = unit.tokens.low
    last = source_first - 1
    if last < unit.low:
        return None
    if words[last] == QUOTED:
        return _left_start(unit, last), last
    if frame & (_SAY | _TELL) == 0 or words[last] not in _BREAKS:
        return None
    last -= 1
    if last < unit.low:
        return None
    first = _left_start(unit, last)
    if words[last] != QUOTED and last - first < 2:
        return None
    if words[last] != QUOTED and words[first] in _INTRODUCING:
        return None
    return first, last


_INTRODUCING = frozenset(
    [
        "in",
        "on",
        "at",
        "after",
        "before",
        "during",
        "while",
        "when",
        "as",
        "if",
        "since",
        "until",
        "with",
        "without",
        "despite",
        "by",
        "from",
        "for",
        "asked",
        "speaking",
        "however",
    ]
)


def _left_start(unit: _Unit, last: int) -> int:
    """Where content that ends at `last` starts: after a conjunction at the start of the unit."""
    words = unit.tokens.low
    first = unit.low
    while first < last and (words[first] in _BREAKS or words[first] in {";", "."}):
        first += 1
    return first


def _resumed(unit: _Unit, at: int, high: int, *, direct: bool) -> tuple[int, int] | None:
    """Content that goes on after `"A," he said,`: first token and the one after the last."""
    tokens = unit.tokens
    words = tokens.low
    if direct:
        for k in range(at, min(high, at + 25)):
            if words[k] == QUOTED and words[k - 1] in {",", ".", ":", ";", "—", "--"} | {
                words[at - 1]
            }:
                return k, content_end(tokens, k, high, relative=False)
            if words[k] in {"that", "saying", "adding"}:
                return None
        return None
    if at < high and words[at] == "," and at + 2 < high:
        nxt = words[at + 1]
        verb = verb_forms().get(nxt)
        if (verb is not None and verb.form & _ING) or nxt in {
            "and",
            "but",
            "who",
            "which",
            "while",
            "though",
            "although",
            "a",
            "an",
            "as",
            "when",
        }:
            return None
        return at + 1, content_end(tokens, at + 1, high, relative=False)
    return None


def _note_missing(unit: _Unit, draft: _Draft, source_first: int) -> None:
    """Marks fronted speech that lost both marks: first person, or a comma glued to the source."""
    tokens = unit.tokens
    comma = tokens.end[source_first - 1]
    glued = tokens.low[source_first - 1] == "," and comma == tokens.start[source_first]
    first_person = any(
        word in _FIRST_PERSON and tokens.quote[i] < 0
        for i, word in enumerate(tokens.low[:source_first])
    )
    if glued or first_person:
        draft.marks = Marks.MISSING_BOTH
        draft.direct = True


def _according(unit: _Unit, at: int) -> int:
    """Adds the attribution of "according to X" at `at`; returns where to read on."""
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    last = noun_phrase_right(tokens, at + 2, high)
    if last < 0:
        return at + 2
    source = tokens.span(at + 2, last)
    cue = tokens.span(at, at + 1)
    end = last + 1
    if at == 0 or (at == 1 and words[0] in {"and", "but", "yet"}):
        begin = last + 1
        if begin < high and words[begin] == ",":
            begin += 1
        if begin >= high:
            return end
        end = content_end(tokens, begin, high, relative=False)
        content = [tokens.span(begin, max(begin, end - 1))]
        direct = words[begin] == QUOTED
    else:
        stop = at - 1
        if words[stop] in _BREAKS:
            stop -= 1
        first = 0
        if stop < first:
            return end
        content = [tokens.span(first, stop)]
        direct = words[stop] == QUOTED and first == stop
        if (
            end < high
            and words[end] == ","
            and end + 2 < high
            and words[at - 1] == ","
            and not direct
        ):
            resumed = content_end(tokens, end + 1, high, relative=False)
            if resumed - end > 3 and words[end + 1] not in {"and", "but", "which", "who"}:
                content.append(tokens.span(end + 1, resumed - 1))
                end = resumed
    unit.drafts.append(_Draft(source, cue, content, "according", direct=direct, sentence=unit.span))
    unit.low = max(unit.low, end)
    return end


def _finished(
    page: Page, drafts: Sequence[_Draft], found: Sequence[Quotation], starts: Sequence[int]
) -> tuple[Attribution, ...]:
    text = page.text
    out: list[Attribution] = []
    for draft in drafts:
        spans = tuple(
            s
            for s in (shrunk(text, span, strip=" \t\r\n\xa0,;—–") for span in merged(draft.content))
            if s.start < s.end
        )
        if not spans:
            continue
        kind, marks = _kind(text, spans, draft, found, starts)
        stance = AttributionStance.ASSERTS
        factive = later = False
        if draft.cue is not None:
            stance = stance_of(text, draft.cue, content=spans, sentence=draft.sentence)
            factive = is_factive(text, draft.cue)
            later = is_not_yet_said(text, draft.cue, sentence=draft.sentence)
        own = [s for s in (draft.source, draft.cue) if s is not None]
        out.append(
            Attribution(
                content_id(page, "attributions", *own, *spans), kind, draft.source, draft.cue,
                spans, marks, stance, factive, later, "rules:" + draft.via,
            )
        )  # fmt: skip
    unique = {a.id: a for a in out}
    return tuple(
        sorted(
            unique.values(),
            key=lambda a: min(s.start for s in (*a.content, *([a.source] if a.source else ()))),
        )
    )


def _kind(
    text: str,
    spans: Sequence[Span],
    draft: _Draft,
    found: Sequence[Quotation],
    starts: Sequence[int],
) -> tuple[AttributionKind, Marks]:
    """Direct, mixed or indirect by the share of quoted words, and what is wrong with the marks."""
    inside = 0
    total = 0
    marks = draft.marks
    for span in spans:
        total += sum(map(str.isalnum, span.of(text)))
        at = max(0, bisect_right(starts, span.start) - 1)
        while at < len(found) and found[at].span.start < span.end:
            quotation = found[at]
            at += 1
            shared = Span(
                max(span.start, quotation.inner.start), min(span.end, quotation.inner.end)
            )
            if shared.start >= shared.end or not _counts(text, quotation):
                continue
            inside += sum(map(str.isalnum, shared.of(text)))
            if quotation.marks is not Marks.NONE:
                marks = quotation.marks
    if draft.direct and marks is Marks.MISSING_BOTH:
        return AttributionKind.DIRECT, marks
    if inside and inside >= total - 4:
        return AttributionKind.DIRECT, marks
    return (AttributionKind.MIXED if inside else AttributionKind.INDIRECT), marks


def _counts(text: str, quotation: Quotation) -> bool:
    """Whether a quotation is one, and no scare quote or title of a work."""
    if is_sentence_like(text, quotation):
        words = quotation.inner.of(text).split()
        return not all(word[:1].isupper() for word in words)
    return text[quotation.inner.end - 1] in ".!?…" or quotation.inner.of(text).count(" ") >= 2
