"""Who wrote the article: names in structured data, meta elements and visible bylines.

A name is taken only where the page presents it as the author's: markup alone is not believed when
it names the site itself, an account such as "admin", or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.read import dates, marks
from onrecord.read.body import key
from onrecord.read.dom import Block, Outline, Place
from onrecord.read.frame import Frame
from onrecord.read.head import Head, strings
from onrecord.record import FoundValue
from onrecord.span import Span

__all__ = ["Bylines", "find_bylines", "names_in"]

_PREFIX = re.compile(
    r"(?:[\s:|,–—•·/-]*(?:"
    r"(?:(?:story|article|words|text|reported|written|posted|published|submitted|reviewed|created|"
    r"edited|contributed|geschrieben|verfasst|veröffentlicht|erstellt|eingestellt|gepostet|aufgezeichnet|"
    r"publié|rédigé|écrit|escrito|publicado|scritto|pubblicato|ein beitrag|ein artikel|ein text|"
    r"eine analyse|ein kommentar|ein gastbeitrag|gastbeitrag|kommentar|beitrag|interview|artikel|essay|"
    r"foto und text|text und fotos?|a cura)\s+)?"
    r"(?:by|von|vom|por|par|di|door|af|av|durch)\b:?"
    r"|(?:author|autor(?:in|en)?|autor/in|auteur|auteure|autore|autrice|verfasser(?:in)?|redakteur(?:in)?|"
    r"redaktion(?=:)|text|texte|testo|texto|words|writer|byline|von|reporter|name|über (?:den|die) autor(?:in)?|"
    r"about (?:the )?author|posted|article|profil von|alle artikel von|alle beiträge von|über|"
    r"mehr von|about|责任编辑|author's name)\s*[:：]"
    r"|(?:autoren|auteur|autorin|autor|author)(?=\s+[A-ZÀ-Þ][a-zà-ÿ])"
    r"|(?:über|about|mehr von|alle artikel von|posts by|articles by|view all posts by|more by|more from)(?=\s+[A-ZÀ-Þ])"
    r"))+\s*",
    re.IGNORECASE,
)
_BY_LINE = re.compile(
    r"[\s–—•|-]*(?:(?:(?:Written|Posted|Published|Reported|Story|Article|Geschrieben|Verfasst|Veröffentlicht|"
    r"Ein Beitrag|Ein Artikel|Ein Gastbeitrag|Interview|Text|Publié|Escrito|Scritto)\s+)?"
    r"(?:[Bb][Yy]|[Vv]on|VON|[Pp]or|POR|[Pp]ar|PAR|[Dd]i|DI|[Dd]oor)\s*:?\s+(?=[A-ZÀ-Þ\"„“@])"
    r"|(?:[Aa]uthor|AUTHOR|[Aa]utor(?:in|en)?|AUTOR(?:IN)?|[Aa]uteure?|[Aa]utore|[Vv]erfasser(?:in)?|"
    r"[Rr]eporter|Text|Texte|Texto|Testo|Words|TEXT)\s*[:：]\s*(?=\S)"
    r"|Autor(?:en|in)?\s+(?=[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ]))"
)
_END = re.compile(
    r"\s*(?:[|•·►»›\n\t(\[{]|\s[–—-]{1,2}\s|—|//|…|:\s|\s{2,}|\d{1,2}[.:/]\d|\b\d{4}\b|"
    r"\b(?:on|am|le|el|il|in|at|veröffentlicht|published|publié|posted|aktualisiert|updated|"
    r"vor|vom|gepostet|erstellt|says|sagt|für|for|from|aus|last|zuletzt|hat|ist|is|a écrit|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b(?!\w))",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[;,/]\s*|\s+(?:and|und|et|y|e|&|\+|with|mit)\s+", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:[\w.-]+[ -]){0,3}(?:staff|writer|editor|reporter|correspondent|columnist|journalist(?:in)?|"
    r"contributor|redakteur(?:in)?|redaktor(?:in)?|volontär(?:in)?|korrespondent(?:in)?|autor(?:in)?|"
    r"chefredakteur(?:in)?|author|producer|blogger(?:in)?|phd|md|m\.d\.|ph\.d\.|dr|jr\.?|sr\.?|rd|"
    r"ressort|ressortleit\w+|freelance\w*|mitarbeiter(?:in)?|chef\w*|leiter(?:in)?|director|manager|"
    r"rédact\w+|journaliste|periodista|giornalista|correspons\w+)\b.{0,40}\Z",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "webmaster",
        "web-master",
        "root",
        "author",
        "autor",
        "autorin",
        "guest",
        "gast",
        "anonymous",
        "editor",
        "user",
        "superuser",
        "default",
        "unknown",
        "none",
        "null",
        "undefined",
        "wordpress",
        "website",
        "websiteadmin",
        "web",
        "team",
        "contributor",
        "test",
        "nobody",
        "siteadmin",
        "publisher",
        "staff",
        "blog",
        "post",
        "article",
        "follow",
        "share",
        "by",
        "von",
        "email",
        "e-mail",
        "twitter",
        "facebook",
        "instagram",
        "about",
        "autoren",
        "authors",
        "comments",
        "kommentare",
        "login",
        "anmelden",
        "home",
        "menu",
        "more",
        "mehr",
        "profile",
        "profil",
        "all",
        "posts",
        "beiträge",
        "view",
        "bio",
        "website",
        "contact",
        "kontakt",
        "copyright",
        "news",
        "newsletter",
        "subscribe",
        "print",
        "drucken",
        "teilen",
        "merken",
        "aktualisiert",
        "updated",
        "published",
        "date",
        "datum",
        "photo",
        "foto",
        "bild",
        "video",
        "archive",
        "archiv",
        "search",
        "suche",
        "next",
        "previous",
        "weiter",
        "zurück",
    ]
)
_NO_NAME = re.compile(
    r"https?:|www\.|@\w+\.\w|[<>{}=]|^\W*$|\.(?:jpe?g|png|html?|php)\b|"
    r"\b(?:comments?|kommentare?|min(?:uten?|utes?)?|read|lesezeit|views?|shares?|uhr|cookies?|"
    r"click|klick|hier|here|posts?|articles?|artikel|beiträge|follow|folgen|newsletter|copyright|"
    r"getty|shutterstock|pixabay|unsplash|all rights|alle rechte|getestet|datenschutz)\b",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"(?:^|[\s_-])(?:fn|author-?name|authorname|rel-author|by-?author|p-author|post-?author|entry-?author|"
    r"article-?author|byline-?(?:name|author)|author__name|author-link|author-url)(?:$|[\s_-])|"
    r"(?:^|\s)(?:author|autor|auteur|autore|byline)(?:$|\s)|schema\.org/person"
)
_NOT_AUTHOR = re.compile(
    r"author-?(?:image|img|avatar|photo|pic|social|links?-?list|bio-?text|desc|follow|email|twitter|"
    r"articles|posts|archive|list$|count|title$|role|job|position)|avatar|copyright|photograph|"
    r"book-?author|quote-?author|cite|authority|co-?authority|tag-?author|comment|signup|"
    r"related|teaser|cookie|authori[sz]ed|authenticat"
)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Bylines:
    """The authors, and where names stand as bylines in the text."""

    authors: tuple[FoundValue, ...]
    shown: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    names: tuple[str, ...]
    where: str
    span: Span | None
    strength: float
    block: int


def names_in(text: str) -> tuple[str, ...]:
    """The names that a byline says, without "By", roles, dates and what follows them.

    >>> names_in("By Ann Smith and Bo Lee | 3 March 2021"), names_in("Von Ada Weiß, Redakteurin")
    (('Ann Smith', 'Bo Lee'), ('Ada Weiß',))
    """
    line = text.strip(" \n\t,;:|•·–—-*")
    if "://" in line or line.startswith(("www.", "/", "@")):
        return ()
    prefix = _PREFIX.match(line)
    if prefix and prefix.end() < len(line):
        line = line[prefix.end() :]
    line = line.replace("\n", " | ") if "\n" in line[:80] else line
    end = _END.search(line, 2)
    if end:
        line = line[: end.start()]
    names: list[str] = []
    for part in _SPLIT.split(line):
        name = part.strip(" \t.,;:|•·–—-*\"'“”„()[]")
        if part.rstrip().endswith(".") and re.search(r"\b\w\.\Z", part.rstrip()):
            name += "."
        if not name:
            continue
        if names and _ROLE.match(name):
            continue
        if not _is_acceptable(name):
            break
        if name not in names:
            names.append(name)
    return tuple(names[:12])


def _is_acceptable(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 7:
        return False
    if name.lower().strip("_ ") in _NOBODY or _NO_NAME.search(name):
        return False
    return any(c.isalpha() for c in name)


def find_bylines(out: Outline, head: Head, frame: Frame, *, site: str) -> Bylines:
    """The authors of the article; nobody where the page names nobody."""
    said = list(_structured(head))
    seen = sorted(_visible(out, frame), key=lambda c: -c.strength)
    known = {key(name) for candidate in said for name in candidate.names}
    best: _Seen | None = None
    for candidate in seen:
        strength = candidate.strength
        if any(key(name) in known for name in candidate.names):
            strength += 2
        if best is None or strength > best.strength:
            best = _Seen(
                candidate.names, candidate.where, candidate.span, strength, candidate.block
            )
    site_key = key(site)
    shown_keys = {key(name) for candidate in seen for name in candidate.names}
    for candidate in said:
        names = tuple(
            name
            for name in candidate.names
            if key(name) in shown_keys or not _is_site(name, site_key, head)
        )
        if names:
            authors = tuple(
                FoundValue(name, candidate.where, _span_of(name, seen)) for name in names
            )
            return Bylines(authors, _shown(seen, names))
    if best is None or best.strength < 3:
        return Bylines((), ())
    together = [
        c
        for c in seen
        if c.where == best.where
        and c.strength >= best.strength - 2.01
        and abs(c.block - best.block) <= 1
    ]
    together.sort(key=lambda c: c.span or Span(0, 0))
    authors_seen: list[FoundValue] = []
    for candidate in [best, *together]:
        for name in candidate.names:
            if key(name) not in {key(a.value) for a in authors_seen}:
                authors_seen.append(FoundValue(name, candidate.where, candidate.span))
    return Bylines(tuple(authors_seen), _shown(seen, [a.value for a in authors_seen]))


def _is_site(name: str, site: str, head: Head) -> bool:
    k = key(name)
    if site and (k == site or (len(k) > 5 and k in site) or (len(site) > 5 and site in k)):
        return True
    publishers = [key(text) for node in head.nodes for text in strings(node.get("publisher"))[:1]]
    return k in publishers


def _span_of(name: str, seen: Sequence[_Seen]) -> Span | None:
    wanted = key(name)
    for candidate in seen:
        if any(key(n) == wanted for n in candidate.names):
            return candidate.span
    return None


def _shown(seen: Sequence[_Seen], names: Iterable[str]) -> tuple[Span, ...]:
    wanted = {key(name) for name in names}
    return tuple(
        sorted({c.span for c in seen if c.span and any(key(n) in wanted for n in c.names)})
    )


def _structured(head: Head) -> Iterable[_Seen]:
    for node in head.articles:
        names = tuple(dict.fromkeys(_people(node.get("author")) or _people(node.get("creator"))))
        if names:
            yield _Seen(names, "json-ld:author", None, 3, -1)
    for name in (
        "author", "article:author", "dc.creator", "dcterms.creator", "dc.creator.personalname",
        "parsely-author", "sailthru.author", "citation_author", "article.author", "byl", "creator",
        "mediator_author", "cxenseparse:author", "article:author_name", "twitter:data1",
    ):  # fmt: skip
        contents = head.metas.get(name, ())
        if name == "twitter:data1":
            label = " ".join(head.metas.get("twitter:label1", ())).lower()
            if not re.search(
                r"writ|verfass|geschrieben|écrit|escrito|autor|author|scritto|por\b|von\b|by\b",
                label,
            ):
                continue
        names = tuple(dict.fromkeys(n for content in contents for n in names_in(content)))
        if names:
            yield _Seen(names, f"meta:{name}", None, 2.5, -1)


def _people(value: object) -> list[str]:
    if isinstance(value, dict):
        return _people(value.get("name"))
    if isinstance(value, list):
        return [name for each in value[:12] for name in _people(each)]
    if isinstance(value, str):
        return list(names_in(value))
    return []


def _visible(out: Outline, frame: Frame) -> Iterable[_Seen]:
    done: set[int] = set()
    for place in out.places:
        if not place.own & marks.BYLINE:
            continue
        if _NOT_AUTHOR.search(place.name) and not _STRICT.search(place.name):
            continue
        index = dates.block_at(out, place)
        if index >= len(out.blocks) or index in frame.apart:
            continue
        if frame.around(place) & (marks.COMMENT | marks.ADVERT):
            continue
        if _has_named_child(out, place):
            continue
        said = out.said(place)
        if not said or len(said) > _LONGEST:
            continue
        names = names_in(said)
        if not names:
            continue
        strength = 2.0
        if _STRICT.search(place.name):
            strength += 1.0
        if _PREFIX.match(said):
            strength += 0.5
        strength += _position(place, index, frame)
        if strength < 2.0:
            continue
        done.add(index)
        yield _Seen(names, "visible:byline", out.span(place), strength, index)
    for block in out.blocks:
        if block.index in done or not frame.near(block.index) or len(block.text) > _LONGEST:
            continue
        around = frame.around(block.place)
        if around & (marks.COMMENT | marks.ADVERT):
            continue
        if around & marks.RELATED and not frame.beside_title(block.index):
            continue
        match = _BY_LINE.match(block.text)
        if match is None:
            continue
        names = names_in(block.text)
        if names and _looks_like_names(names):
            strength = 3.0 + _position(block.place, block.index, frame)
            yield _Seen(names, "visible:by line", _name_span(block, names), strength, block.index)


def _name_span(block: Block, names: Sequence[str]) -> Span:
    start = block.text.find(names[0])
    end = block.text.find(names[-1], max(start, 0)) + len(names[-1])
    return (
        Span(block.start + start, block.start + end) if start >= 0 and end > start else block.span
    )


def _looks_like_names(names: Sequence[str]) -> bool:
    return all(
        1 <= len(name.split()) <= 5 and all(w[0].isupper() or len(w) <= 4 for w in name.split())
        for name in names
    )


def _position(place: Place, index: int, frame: Frame) -> float:
    score = 0.0
    around = frame.around(place)
    if around & marks.RELATED and not frame.beside_title(index):
        score -= 2.5
    if around & marks.ASIDE:
        score -= 0.5
    if frame.above(index):
        return score + 2.0
    if frame.below(index):
        return score + 1.0
    if frame.first <= index <= frame.last:
        return score - 0.5
    return score - 2.0


def _has_named_child(out: Outline, place: Place) -> bool:
    """Whether a narrower place inside is named after authors and says something."""
    for child in out.places[place.index + 1 :]:
        if not child.within(place):
            return False
        if (
            child.own & marks.BYLINE
            and child.last > child.first
            and not _NOT_AUTHOR.search(child.name)
        ):
            return True
    return False
