"""Below the article of a saved text: the author's bio, teasers, and the reader comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from onrecord.read import lines as forms
from onrecord.read.plain_head import read_byline, read_date
from onrecord.read.plain_lines import FEWEST_PARAGRAPH_WORDS, Found, Line, kind_anywhere
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["comments_start", "read_comments", "read_related", "read_tail"]

_ENTRY_NUMBER = re.compile(r"[ \t]*+(?:#?\d{1,5}[.)]|#\d{1,5})[ \t]++(?=\S)")
_COMMENT_BY = re.compile(
    r"(?P<name>\S.{0,60}?) (?:says|said|wrote|writes|commented)(?: (?:on|at) .{0,60})?:?\Z"
    r"|(?P<name2>[^•·|]{2,40}+)[•·|] ?(?:\d+|an?|one) (?:second|minute|hour|day|week|month|year)s? ago"
)


def comments_start(lines: Sequence[Line]) -> int:
    """The index of the header above the reader comments; the number of lines without any.

    A header counts only below two paragraphs of article, since pages show "3 Comments" as a link
    under the title too, and only when no sure paragraph without the form of a comment follows
    it directly, or it carries a number.
    """
    n_paragraphs = 0
    for i, line in enumerate(lines):
        if len(line.words.split()) >= FEWEST_PARAGRAPH_WORDS:
            n_paragraphs += 1
        if not forms.COMMENT_HEADER.match(line.words) or len(line.words) > 250 or not n_paragraphs:
            continue
        after = lines[i + 1 : i + 8]
        entries = sum(_is_entry(other) for other in after)
        closing = any(forms.BOILERPLATE.match(other.words[:300]) for other in after)
        if entries or (closing and n_paragraphs > 1):
            return i
        if n_paragraphs > 2 and (not after or any(map(str.isdigit, line.words))):
            return i
    return len(lines)


def _is_entry(line: Line) -> bool:
    return bool(_ENTRY_NUMBER.match(line.words) or _COMMENT_BY.match(line.words[:200]))


def read_tail(lines: list[Line], found: Found) -> None:
    """Names, the author's bio and date lines after the last paragraph of the article."""
    known = {author.value.lower() for author in found.authors}
    repeated = {
        name.lower()
        for name, n in Counter(line.words for line in lines if line.kind is None).items()
        if n > 1 and forms.is_name(name)
    }
    bare = {line.words.lower() for line in lines if forms.is_name(line.words)}
    n_left = 8  # lines from the end that may belong to the tail
    bio_at: list[int] = []
    tail: list[int] = []
    for i in range(len(lines) - 1, 0, -1):
        line = lines[i]
        if line.kind is not None:
            continue
        if not n_left:
            break
        n_left -= 1
        if _is_bio(line.words, known | repeated | bare):
            bio_at.append(i)
        elif (
            forms.is_name(line.words)
            or forms.byline_names(line.words, alone=False)
            or (forms.date_of(line.words) and len(line.words) < 60)
        ):
            tail.append(i)
        else:
            break
    for i in bio_at:
        lines[i].kind = RegionKind.BIO
    bios = [lines[i].words.lower() for i in bio_at]
    for i in sorted(tail):
        line = lines[i]
        name = line.words.lower()
        signed = name in repeated or name in known or any(bio.startswith(name) for bio in bios)
        if forms.is_name(line.words) and not signed:
            continue
        if not read_byline(line, found, alone=signed):
            read_date(line, found)
    for line in lines:  # the same name again, further up beside the bio
        if line.kind is None and line.words.lower() in repeated and (bio_at or known):
            read_byline(line, found, alone=True)


def _is_bio(words: str, names: set[str]) -> bool:
    """Whether a paragraph at the end says who its author is."""
    if len(words) > 1_000:
        return False
    match = forms.BIO.match(words)
    if match is None:
        return False
    name = match["name"]
    is_author = name.lower() in names
    if (
        not is_author
        and not forms.is_name(name)
        and name.lower() not in {"the author", "the writer"}
    ):
        return False
    sentence = words[match.end() : match.end() + 200]
    role = forms.BIO_ROLES.match(sentence)
    if is_author:
        return True
    # A person of the story may be "a writer" too: without a byline the outlet must be ours to name.
    return bool(role and re.search(r"\b(?:for|at|with|of|covering|based)\b", sentence))


def read_related(lines: list[Line]) -> None:
    """Teasers: "Related: ..." alone, or the short lines under such a heading."""
    under_heading = False
    seen_body = False
    for line in lines:
        if line.kind is not None:
            under_heading = under_heading and line.kind is not RegionKind.TITLE
            continue
        match = forms.RELATED.match(line.words)
        if match and seen_body:
            rest = (match["rest"] or "").strip()
            if match["colon"] and rest:
                line.kind = RegionKind.RELATED
                continue
            if not rest:
                line.kind = RegionKind.RELATED
                under_heading = True
                continue
        teaser = len(line.words) <= 160 and not line.words.endswith((".", ".”", '."'))
        if under_heading and teaser and not line.words.endswith(":"):
            line.kind = RegionKind.RELATED
            continue
        under_heading = False
        seen_body = True


def read_comments(text: str, lines: list[Line]) -> None:
    """The header, each reader's comment, and the form below them."""
    lines[0].kind = RegionKind.BOILERPLATE
    numbered = any(_ENTRY_NUMBER.match(line.words) for line in lines)
    author: tuple[tuple[str, str], ...] = ()
    fresh = True
    for line in lines[1:]:
        short = line.words[:200]
        number = _ENTRY_NUMBER.match(line.words)
        by = None if number else _COMMENT_BY.match(short)
        if forms.COMMENT_HEADER.match(line.words[:300]) or kind_anywhere(line) in {
            RegionKind.BOILERPLATE,
            RegionKind.ADVERT,
        }:
            line.kind = RegionKind.BOILERPLATE
            fresh = True
        elif by and len(line.words) < 100:
            line.kind = RegionKind.BOILERPLATE
            author = (("author", (by["name"] or by["name2"]).strip()),)
            fresh = True
        elif (date := forms.date_of(line.words)) and len(line.words) - date[0].end < 20:
            line.kind = RegionKind.BOILERPLATE
        else:
            line.kind = RegionKind.COMMENT
            if number:
                line.span = Span(line.span.start + number.end(), line.span.end)
                line.words = line.span.of(text)
                author = ()
            starts = bool(number) or fresh or (line.first_of_block and not numbered and not author)
            line.attributes = (*author, ("starts", "yes" if starts else "no"))
            fresh = False
