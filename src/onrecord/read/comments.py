"""Reader comments: where they stand, one by one, with the name and the time beside each.

Three ways, none tied to one system: elements that are named after comments, `schema.org/Comment`,
and, without any name, repeated stretches that each hold a "Reply".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.read import dates, lines, marks
from onrecord.read.dom import Block, Outline, Place

__all__ = ["Comment", "Comments", "comments"]

_REPLY = re.compile(
    r"(?:reply|antworten?|répondre|repondre|responder|rispondi|svara|svar|antwoorden|beantwoorden|"
    r"odpowiedz|quote|zitieren|auf diesen kommentar antworten|ответить|返信)(?: to .{1,60})?[\s↓→»>]*\Z",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?:(?:reply|antwort(?:en)?|répondre|responder|rispondi|svara|report|melden|signaler|denunciar|"
    r"like|likes?|gefällt mir|mag ich|teilen|share|permalink|permanenter link|link|edit|bearbeiten|"
    r"zitieren|quote|flag|upvote|downvote|vote|loading|lädt|load more|mehr|show more|weiterlesen|"
    r"read more|bewerten|empfehlen|recommend|delete|löschen|hide|view|verbergen|anzeigen|kommentar|"
    r"kommentare?|comments?|commentaires?|comentarios?|says|sagt|dit|dice|schreibt|wrote|guest|gast|"
    r"anonym(?:ous)?|anonyme|reader|leser|nutzer|user)\b[\s:.,()\d#+↓→»>|·•-]*){1,4}\Z",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:\d+|one|ein|une?|no|keine?|alle|all|show|view|add|leave|post|write|schreibe?n?|"
    r"hinterlasse?n?|laisse[rz]|deja|be the first|join|diskutieren|ihr|your|dein|votre|tu|related|"
    r"neue(?:r|ste)?|älte(?:re|ste)|newe(?:r|st)|olde(?:r|st))\b.{0,40}\b(?:comments?|kommentare?n?|"
    r"commentaires?|comentarios?|commenti|responses?|replies|thoughts?|antworten?|reply|gedanken|"
    r"réponses?|respuestas?|discussion|meinung)\b.{0,150}\Z",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:your email|e-?mail|deine e-?mail|ihre e-?mail|required fields|erforderliche felder|"
    r"this site uses akismet|diese website verwendet akismet|save my name|meinen namen|notify me|"
    r"benachrichtige|you must be|du musst|sie müssen|please (?:log|sign)|bitte (?:logge|melde|"
    r"beachten)|log in|sign in|einloggen|anmelden|comments are (?:closed|moderated)|kommentare sind|"
    r"die kommentarfunktion|cancel reply|antwort abbrechen|kommentar abschicken|name\s*\*|website\b)"
    r".{0,300}\Z",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?P<name>.{1,60}?)\s++(?:says|said|sagte?|schreibt|schrieb|meint|dit|a dit|dice|dijo|ha detto|"
    r"zegt|wrote|on|am|le)\b[\s:]*(?P<rest>.{0,60})\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:fn|author|autor|auteur|user-?name|username|nickname|screen-?name|vcard|name|cite|"
    r"creator|user)(?:$|[\s_-])|comment[-_]?(?:author|user|name)|author-?name"
)
_WIDEST = 200  # elements; a place that holds more is no single comment
_FEWEST = 2  # words of a comment; one-word comments are not told from buttons
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FORMS = frozenset(["form", "button", "label", "legend", "fieldset", "textarea"])


@dataclass(frozen=True, slots=True)
class Comment:
    """One reader's comment: indices of its blocks, and the name and time beside it, if any."""

    blocks: tuple[int, ...]
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments, and every block that belongs to their part of the page."""

    found: tuple[Comment, ...]
    zone: frozenset[int]


def comments(out: Outline, article: set[int], title: Place | None) -> Comments:
    """The reader comments of a page; `article` are the blocks of trafilatura's article."""
    zones = _zones(out, article, title)
    found: list[Comment] = []
    zone: set[int] = set()
    for place in zones:
        inside = _blocks_of(out, place)
        zone.update(block.index for block in inside)
        found.extend(_in_zone(out, place, inside))
    if not zones and (under := _under_heading(out, article)):
        zone.update(block.index for block in under)
        zone.update(_form_below(out, under[-1].index + 1))
        found.extend(_in_zone(out, out.places[0], under[1:]))
    for item, inside in _by_reply_links(out, zone, article):
        zone.update(block.index for block in inside)
        comment = _unnamed(item, inside)
        if comment is not None:
            found.append(comment)
    found.sort(key=lambda comment: comment.blocks)
    return Comments(tuple(found), frozenset(zone))


def _blocks_of(out: Outline, place: Place) -> list[Block]:
    """The blocks whose pieces lie in the place."""
    blocks = out.blocks
    low, high = 0, len(blocks)
    while low < high:
        middle = (low + high) // 2
        if blocks[middle].first < place.first:
            low = middle + 1
        else:
            high = middle
    inside = []
    for block in blocks[low:]:
        if block.first >= place.last:
            break
        inside.append(block)
    return inside


def _zones(out: Outline, article: set[int], title: Place | None) -> list[Place]:
    """The outermost places named after comments that do not hold the article itself."""
    weight = {i: len(out.blocks[i].text) for i in article}
    total = sum(weight.values())
    zones: list[Place] = []
    past = -1
    for place in out.places:
        if not place.own & (marks.COMMENT | marks.COMMENT_ONE) or place.first < past:
            continue
        if not place.own & marks.COMMENT and "thread" not in place.name:
            continue
        if place.last == place.first:
            continue
        if title is not None and title.within(place):
            continue
        inside = _blocks_of(out, place)
        mine = sum(weight.get(block.index, 0) for block in inside)
        if total and mine > 0.5 * total and not _is_thread(place, inside):
            continue
        zones.append(place)
        past = place.last
    return zones


def _under_heading(out: Outline, article: set[int]) -> list[Block]:
    """The blocks from a heading such as "3 Comments" on, to the next heading or form.

    Only below most of the article, and only where the entries of a list or articles follow.
    """
    total = sum(len(out.blocks[i].text) for i in article)
    before = 0
    for block in out.blocks:
        if (
            block.tag in _HEADINGS
            and len(block.text) < 60
            and lines.COMMENT_HEADER.match(block.text)
            and before >= 0.5 * total
        ):
            under = [block]
            for other in out.blocks[block.index + 1 :]:
                if other.tag in _HEADINGS or lines.BOILERPLATE.match(other.text):
                    break
                if not any(
                    p.tag in ("li", "article") for p in (other.place, *other.place.ancestors()[:6])
                ):
                    break
                under.append(other)
            return under if len(under) > 1 else []
        if block.index in article:
            before += len(block.text)
    return []


def _form_below(out: Outline, start: int) -> Iterable[int]:
    """The blocks of a reply form and its notices from `start` on."""
    for block in out.blocks[start:]:
        if not (lines.BOILERPLATE.match(block.text) or _NOTICE.match(block.text)):
            return
        yield block.index


def _is_thread(place: Place, inside: list[Block]) -> bool:
    """Whether what trafilatura took for the article is plainly a list of comments."""
    single = {
        id(owner)
        for block in inside
        if (owner := _owner(block.place, place)) is not None and owner is not place
    }
    return len(single) >= 2 and "comment" in place.name


def _owner(place: Place, zone: Place) -> Place | None:
    """The nearest place, inside the zone, that is one comment by its name."""
    at: Place | None = place
    while at is not None:
        if at.own & marks.COMMENT_ONE and not at.own & marks.COMMENT_META:
            return at
        if at is zone:
            return None
        at = at.parent
    return None


def _in_zone(out: Outline, zone: Place, inside: list[Block]) -> Iterable[Comment]:
    groups: dict[int, list[Block]] = {}
    owners: dict[int, Place] = {}
    for block in inside:
        owner = _owner(block.place, zone) or _repeated(block.place, zone)
        if not _is_said(block, zone):
            continue
        groups.setdefault(owner.index, []).append(block)
        owners[owner.index] = owner
    for index, blocks in groups.items():
        comment = _one(out, owners[index], blocks, zone=zone)
        if comment is not None:
            yield comment


def _repeated(place: Place, zone: Place) -> Place:
    """The nearest list entry or article; else the part of the zone just below its top."""
    at = place
    while at is not zone and at.parent is not None:
        if at.tag in ("li", "article"):
            return at
        at = at.parent
    return zone


def _is_said(block: Block, zone: Place) -> bool:
    """Whether a block of a comments part can be a reader's words, not what stands around them."""
    at: Place | None = block.place
    while at is not None:
        if at.tag in _FORMS:
            return False
        if at.own & marks.COMMENT_META and not at.own & marks.COMMENT_ONE:
            return False
        if at is zone or (at.own & marks.COMMENT_ONE and at.tag in ("li", "article")):
            break
        at = at.parent
    text = block.text
    if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "th"):
        return False
    if len(text) < 200:
        if block.place.own & (marks.BYLINE | marks.DATE) and len(text) < 80:
            return False
        if _BUTTON.match(text) or _HEADING.match(text) or _NOTICE.match(text) or _REPLY.match(text):
            return False
        if len(text) < 90 and dates.is_only_date(text):
            return False
    elif len(text) < 400 and _NOTICE.match(text):
        return False
    return True


def _one(
    out: Outline, owner: Place, blocks: list[Block], *, zone: Place | None = None
) -> Comment | None:
    text = " ".join(block.text for block in blocks)
    if len(text.split()) < _FEWEST and not (len(text) > 8 and not text.isascii()):
        return None
    author, date = _who_and_when(out, owner, zone)
    if not author and not date and not owner.own & marks.COMMENT_ONE and len(text) < 60:
        return None
    kept = [b for b in blocks if b.text.strip(" :") != author or len(blocks) == 1]
    if not kept:
        return None
    return Comment(tuple(block.index for block in kept), author, date)


def _who_and_when(out: Outline, owner: Place, zone: Place | None) -> tuple[str, str]:
    """The name and the time that stand in the comment's element or up to three above it."""
    author = date = loose = ""
    at: Place | None = owner
    for _ in range(4):
        if at is None or (at is not owner and at.end - at.index > _WIDEST):
            break
        for place in out.inside(at):
            if not loose and place.own & marks.COMMENT_META:
                loose = dates.first_date(out.said(place)) or ""
            if not date and (place.tag == "time" or place.own & marks.DATE):
                date = (
                    dates.attribute_date(place.element) or dates.first_date(out.said(place)) or ""
                )
            if not author and (place.tag == "cite" or _NAMED.search(place.name)):
                said = out.said(place)
                match = _SAYS.match(said)
                said = (match["name"] if match else said).strip(" :,|·•-")
                if 0 < len(said) <= 60 and not dates.is_only_date(said) and not _BUTTON.match(said):
                    author = said
            if author and date:
                break
        if author or date or at is zone:
            break
        at = at.parent
    return author, date or loose


def _unnamed(item: Place, inside: list[Block]) -> Comment | None:
    """A comment without telling names: a date line, a short line with a name, and the words."""
    date = next((d for b in inside if len(b.text) < 120 and (d := dates.first_date(b.text))), "")
    said = [b for b in inside if _is_said(b, item)]
    author = ""
    if len(said) > 1 and len(said[0].text) <= 40 and len(said[0].text.split()) <= 4:
        author = said[0].text.strip(" :,|·•-")
        said = said[1:]
    if len(" ".join(b.text for b in said).split()) < _FEWEST:
        return None
    return Comment(tuple(b.index for b in said), author, date)


def _by_reply_links(
    out: Outline, zone: set[int], article: set[int]
) -> Iterable[tuple[Place, list[Block]]]:
    """Stretches without telling names that each end in a "Reply"."""
    replies = [
        block
        for block in out.blocks
        if block.index not in zone and len(block.text) < 60 and _REPLY.match(block.text)
    ]
    if len(replies) < 2:
        return
    holders: dict[int, int] = {}
    for block in replies:
        at: Place | None = block.place
        while at is not None:
            holders[at.index] = holders.get(at.index, 0) + 1
            at = at.parent
    for block in replies:
        item = block.place
        while item.parent is not None and holders[item.parent.index] == 1:
            item = item.parent
        if holders.get(item.index) != 1 or item.tag in ("body", "html"):
            continue
        inside = _blocks_of(out, item)
        if any(b.index in article and len(b.text) > 600 for b in inside) or len(inside) > 40:
            continue
        if any(dates.first_date(b.text) for b in inside if len(b.text) < 120):
            yield item, inside
