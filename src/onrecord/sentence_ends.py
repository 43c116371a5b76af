"""Where the sentences and paragraphs of a text end: quotations and abbreviations respected.

One linear pass: every run of closing punctuation is a candidate, and the words on both sides
decide. A sentence never crosses a blank line or a line that ended a paragraph.
"""

from __future__ import annotations

import re

from onrecord.span import Span, shrunk

__all__ = ["paragraphs", "split"]


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CLOSERS = "\"”’'»›)]}"
_OPENERS = "\"“‘'„«‹([{`¿¡"
_BULLET = re.compile(r"[ \t]{0,40}(?:[-*•‣◦▪–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]")
_NEWLINES = re.compile(r"\n+")
# No look-ahead: a run is consumed whole, so that a page of full stops costs linear time.
_TERMINATOR = re.compile("[.!?…‼⁇。]+[" + re.escape(_CLOSERS) + "]*")
_WORD_ENDS = frozenset(" \t\r\n\xa0\"“”‘’'([«»„—–")
_WORD_AFTER = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")

# Always followed by a name or a number, so a full stop after them ends nothing.
_TITLES = _words(
    """
    mr mrs ms mx dr prof sen sens rep reps gov govs gen lt col maj capt cmdr sgt cpl adm rev hon
    pres vp det supt insp st ste mt ft messrs mme mlle fr sr. br msgr asst assoc dep atty no nos
    vs v fig figs vol pp p approx art sec ch cf e.g i.e eg ie viz al bro
    """
)
# May end a sentence: then a word that starts sentences must follow.
_ABBREVIATIONS = _words(
    """
    u.s u.k u.n e.u d.c u.s.a a.m p.m am pm inc corp co ltd llc bros jr sr etc est dept univ
    assn ave blvd rd jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur
    thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich
    minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ph.d m.d b.a m.a n.y n.j
    n.h n.c s.c n.d s.d r.i w.va l.a b.c a.d r d
    """
)
_HOURS = frozenset(("a.m", "p.m"))
_CALENDAR = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun january february march april may june july august september october november december
    jan feb mar apr aug sept oct nov dec eastern pacific central mountain local
    """
)
_STARTERS = _words(
    """
    the a an he she it they we you i this that these those his her its their our my your there
    here in on at by for from with as but and or so yet if when while after before since
    although though because despite during under over about among according what who how why
    where which one two some many most all both each every no not now then today also however
    meanwhile still even only such other others another last next to of is are was were do does
    did has have had can could would should will may might let nobody nothing none never
    """
)
_SPEECH = (
    "said|says|asked|asks|added|adds|told|tells|wrote|writes|tweeted|replied|replies|shouted"
    "|cried|exclaimed|yelled|wondered|continued|chanted|joked|declared|demanded|insisted"
)
_SPEAKER_FOLLOWS = re.compile(
    r"(?:[Tt]he |[Aa]n? )?(?:[\w.'’-]{1,30} ){1,4}(?:has |had |then |later |also )?(?:"
    + _SPEECH
    + r")\b"
)
_CUE_FOLLOWS = re.compile(r"(?:" + _SPEECH + r")\b")
_LONGEST_ABBREVIATION = 24
# A line shorter than this that ends without punctuation stands alone (a heading, a list entry);
# saved mail and plain text wrap at 65 to 80 columns, so a longer line is a paragraph as well.
_WRAPPED_LINE_MIN_CHARS = 45
_WRAPPED_LINE_MAX_CHARS = 110
_GLUED = re.compile(r"[a-z]{3}[.!?](?=[A-Z][a-z]+[ ,])")


def split(text: str, span: Span) -> tuple[Span, ...]:
    """The sentences inside `span`, without white space at their ends.

    >>> [s.of("“Stop!” he said. It rained.") for s in split("“Stop!” he said. It rained.", Span(0, 27))]
    ['“Stop!” he said.', 'It rained.']
    """
    out: list[Span] = []
    for paragraph in paragraphs(text, span):
        out.extend(_split_paragraph(text, paragraph))
    return tuple(out)


def paragraphs(text: str, span: Span) -> tuple[Span, ...]:
    """The paragraphs inside `span`: blank lines part them, and so do lines that end a thought.

    A single line break inside a wrapped paragraph is only white space.
    """
    out: list[Span] = []
    start = span.start
    line_start = span.start
    for newline in _NEWLINES.finditer(text, span.start, span.end):
        end, after = newline.span()
        gap = end
        while after < span.end and text[after] in " \t\r\xa0":
            after += 1
        blank = newline.end() - newline.start() > 1 or (after < span.end and text[after] == "\n")
        if blank or _ends_thought(text, Span(line_start, gap), following=after, limit=span.end):
            piece = shrunk(text, Span(start, gap))
            if piece.start < piece.end:
                out.append(piece)
            start = newline.end()
        line_start = newline.end()
    piece = shrunk(text, Span(start, span.end))
    if piece.start < piece.end:
        out.append(piece)
    return tuple(out)


def _ends_thought(text: str, line: Span, *, following: int, limit: int) -> bool:
    """Whether a single line break after `line` ends the paragraph."""
    words = shrunk(text, line)
    if words.start == words.end or following >= limit:
        return True
    if _BULLET.match(text, following, limit):
        return True
    if text[following].islower():
        return False
    last = text[words.end - 1]
    if last in ".!?…:" or last in _CLOSERS:
        return True
    return not _WRAPPED_LINE_MIN_CHARS <= words.end - words.start <= _WRAPPED_LINE_MAX_CHARS


def _split_paragraph(text: str, paragraph: Span) -> list[Span]:
    out: list[Span] = []
    start, limit = paragraph
    breaks = [
        match.end()
        for match in _TERMINATOR.finditer(text, start, limit)
        if _is_boundary(text, match, paragraph)
    ]
    if "." in text[start:limit]:
        glued = [match.end() for match in _GLUED.finditer(text, start, limit)]
        if glued:
            breaks = sorted({*breaks, *glued})
    for end in (*breaks, limit):
        piece = shrunk(text, Span(start, end))
        if piece.start < piece.end:
            out.append(piece)
            start = end
    return out


def _is_boundary(text: str, match: re.Match[str], paragraph: Span) -> bool:
    """Whether a sentence ends with this run of closing punctuation."""
    end = match.end()
    if end >= paragraph.end or not text[end].isspace():
        return False
    after = end
    while after < paragraph.end and text[after].isspace():
        after += 1
    if after >= paragraph.end:
        return False
    run = match.group()
    first = text[after]
    # A closing mark that stands apart, as in `"No . "`, belongs to what it closes.
    if first in "”»" or (first == '"' and _stands_alone(text, after, paragraph.end)):
        return False
    if first.islower():
        return False
    if first in "-–—,;:&/" and not _BULLET.match(text, after):
        return first in "-–—" and run[-1] in _CLOSERS
    closed = run[-1] in _CLOSERS
    if closed and _speaker_follows(text, after, paragraph.end, bare=run[0] == "."):
        return False
    if run[0] == "." and run.count(".") == 1 and not closed:
        return _full_stop_ends(text, match.start(), after, paragraph)
    return True


def _stands_alone(text: str, at: int, limit: int) -> bool:
    return at + 1 >= limit or text[at + 1].isspace()


def _speaker_follows(text: str, at: int, limit: int, *, bare: bool) -> bool:
    """Whether `Smith said` follows a closed quotation: then the sentence goes on.

    After a full stop inside the marks (`bare`) a new sentence is as likely, and only a bare cue
    word counts.
    """
    if bare:
        return bool(_CUE_FOLLOWS.match(text, at, limit))
    return bool(_SPEAKER_FOLLOWS.match(text, at, min(limit, at + 120)))


def _full_stop_ends(text: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether a single full stop at `at` ends a sentence; `after` is where the next word starts."""
    begin = at
    floor = max(paragraph.start, at - _LONGEST_ABBREVIATION)
    while begin > floor and text[begin - 1] not in _WORD_ENDS:
        begin -= 1
    word = text[begin:at]
    if not word:
        return True
    lower = word.lower()
    if lower in _TITLES:
        # "No." is a number's name only before a number.
        return lower in {"no", "nos"} and not text[after].isdigit()
    initial = len(word) == 1 and word.isalpha() and word.isupper()
    if lower in _ABBREVIATIONS or initial or _is_dotted(word):
        if initial and word == "I":
            return True
        follower = _WORD_AFTER.match(text, after, paragraph.end)
        if follower is None:
            return text[after] in _OPENERS
        if lower in _HOURS:
            # "at 9 a.m. Monday", "9 a.m. EST", but "at 9 a.m. Police came".
            named = follower.group()
            return not (named.isupper() or named.lower().rstrip(".") in _CALENDAR)
        return follower.group().lower() in _STARTERS and text[after].isupper()
    # "1." at the start of a paragraph numbers it.
    return not (word.isdigit() and begin <= paragraph.start and len(word) <= 3)


def _is_dotted(word: str) -> bool:
    """Whether a word is letters parted by full stops, as in `U.S` or `J.R.R`."""
    parts = word.split(".")
    return len(parts) > 1 and all(len(part) == 1 for part in parts)
