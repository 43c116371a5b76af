"""Who wrote the article: names in structured data, meta elements and visible bylines.

A name is taken only where the page presents it as the author's: markup alone is not believed when
it names the site itself, an account such as "admin", or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.read import dates, lines, marks
from onrecord.read.body import key
from onrecord.read.dom import Block, Outline, Place
from onrecord.read.first_names import starts_with_first_name
from onrecord.read.frame import Frame
from onrecord.read.head import Head, strings, types_of
from onrecord.record import FoundValue
from onrecord.span import Span

__all__ = ["Bylines", "Site", "find_bylines", "names_in"]

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
_SOMETHING_BY = re.compile(r"(?:[\w/-]+\s){1,3}(?:von|by|par)\s+(?=[A-ZÀ-Þ\d])")
_TRANSLATED = re.compile(
    r"(?:übersetz|translat|tradui|traduc|foto|photo|bild|image|kamera|illustration|produc|reviewed|"
    r"medically|fact|geprüft|sponsor|powered|quelle|source|zitat)\w*",
    re.IGNORECASE,
)
_BY_LINE = re.compile(
    r"[\s–—•|-]*(?:(?:(?:Written|Posted|Published|Reported|Story|Article|Geschrieben|Verfasst|Veröffentlicht|"
    r"Ein Beitrag|Ein Artikel|Ein Gastbeitrag|Interview|Text|Publié|Escrito|Scritto)\s+)?"
    r"(?:[Bb][Yy]|(?:[Gg]espeichert\s+)?[Vv]on|VON|[Pp]or|POR|[Pp]ar|PAR|[Dd]i|DI|[Dd]oor)\s*:?\s+(?=[A-ZÀ-Þ\"„“@])"
    r"|(?:[Aa]uthor|AUTHOR|[Aa]utor(?:in|en)?|AUTOR(?:IN)?|[Aa]uteure?|[Aa]utore|[Vv]erfasser(?:in)?|"
    r"[Rr]eporter|Redaktion|Text|Texte|Texto|Testo|Words|TEXT)\s*[:：]\s*(?=\S)"
    r"|Autor(?:en|in)?\s+(?=[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ]))"
)
_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fév|aoû|déc|gen|"
    r"mag|giu|lug|set|ott|mayo|enero|agosto)[a-zäéûç]*\.?"
)
_END = re.compile(
    r"\s*(?:[|•·►»›\n\t(\[{]|\s[–—-]{1,2}\s|—|//|…|:\s|\s@|\b\d{1,2}[.:/]\d|\b\d{4}\b|"
    rf"\b\d{{1,2}}\.?\s(?:de\s)?{_MONTH}|\b{_MONTH}\s\d|"
    r"\b(?:veröffentlicht|published|publié|publicado|posted|aktualisiert|updated|gepostet|erstellt|"
    r"symbolbild|foto|photo|imago|getty|says|sagt|hat|a écrit|last|zuletzt|posts?|articles|view|see|follow|share|teilen|shares|"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|"
    r"samedi|dimanche|heute|gestern|today|yesterday)|is(?=\s+an?\b)|ist(?=\s+\w)|à(?=\s|\Z)|"
    r"(?:on|am|le|el|il|vom|at|um|den)(?=\s+\w*\d|\s+(?:\w+day|\w+tag)\b|\s*\Z)|"
    rf"on(?=\s+{_MONTH})|vor(?=\s+\w+\s+\w+)|in(?=\s+[A-Z])|für|from|aus|im Gespräch)\b)",
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
_TRAILING_ROLE = re.compile(
    r"[\s,–-]+(?:[\w-]*(?:redakteur|redaktor|autor|korrespondent|volontär|reporter)(?:in)?|staff writer|"
    r"staff reporter|senior (?:writer|editor|reporter)|contributing writer|contributor|journaliste?|"
    r"correspondent|editor(?:-in-chief)?|reporter|[\w.-]+\.(?:com|de|ch|at|net|org) redakteur(?:in)?|guest|"
    r"gastautor(?:in)?|(?:online|chef)-?redaktion|periodista|author|verfasser(?:in)?)\s*\Z",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "posted",
        "stand",
        "publiziert",
        "publicado",
        "interview",
        "nachricht",
        "por",
        "par",
        "quelle",
        "image",
        "images",
        "source",
        "written",
        "meinung",
        "kommentar",
        "pressemitteilung",
        "agencies",
        "agenturen",
        "anonym",
        "anónimo",
        "gesponsert",
        "anzeige",
        "veröffentlicht",
        "werbung",
        "sponsored",
        "advertorial",
        "redaktionell",
        "lesezeit",
        "kategorie",
        "kategorien",
        "category",
        "ort",
        "zum",
        "community",
        "wordpressadmin",
        "no",
        "red",
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
    r"&\w+;?|\b(?:par|by|comments?|kommentare?|min(?:uten?|utes?)?|read|lesezeit|views?|shares?|uhr|cookies?|"
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
_BODY = re.compile(
    r"\b(?:gmbh|e\.\s?v\.|ag|inc|ltd|llc|verlag|magazin|magazine|online|"
    r"kitchens?|institut|university|universität|ministerium|bundestagsfraktion|partei|media|verband)(?=\W|\Z)",
    re.IGNORECASE,
)
_LABEL_LINE = re.compile(r"\b(by|von|autor(?:in)?|author|text)\s*:?\n", re.IGNORECASE)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autori?|profiles?|redakteure?|columnists?|journalists?|"
    r"journalisten|by|reporters?|contributors?|writers?|firmas?)/[\w.%-]+",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(
    r"\b(?:(?:von|by|par|por)|(?:redaktion|autor(?:in)?|text|author)\s?:)\s+(?P<name>\w)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\.(?:de|com|ch|at|net|org|eu|info|fr|es|it|co\.uk|news|tv)\Z", re.IGNORECASE)
_LONGEST = 120  # code points of a line that can be a byline
_SURE = 5.0  # strength at which even the site's own name is taken for its byline
_ENOUGH = 3.0  # strength below which a visible name is not taken for the author's


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


@dataclass(frozen=True, slots=True)
class Site:
    """What the site is called: keys of its names and publishers, and the labels of its address."""

    names: frozenset[str]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, head: Head, name: str, url: str | None) -> Site:
        """The site of a page, from its name, its publishers and its address."""
        names = {key(name)} if name else set()
        names |= {key(text) for node in head.nodes for text in strings(node.get("publisher"))[:1]}
        host = urlsplit(url or head.canonical or "").hostname or ""
        labels = tuple(key(label) for label in host.split(".")[:-1] if label != "www")
        return cls(frozenset(filter(None, names)), labels)

    def is_named(self, name: str) -> bool:
        """Whether a name is that of the site, of its publisher or of a body, and of no person."""
        k = key(name)
        if k in self.names or _BODY.search(name):
            return True
        if any(len(n) > 4 and len(k) > 4 and (k in n or n in k) for n in self.names):
            return True
        if "." in name and " " not in name and _DOMAIN.search(name):
            return True
        plain = k.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")
        return any(
            k == label
            or (
                min(len(plain), len(label)) > 0.6 * max(len(plain), len(label))
                and (plain in label or label in plain)
            )
            for label in self.labels
        )


def names_in(text: str) -> tuple[str, ...]:
    """The names that a byline says, without "By", roles, dates and what follows them.

    >>> names_in("By Ann Smith and Bo Lee | 3 March 2021"), names_in("Von Ada Weiß, Redakteurin")
    (('Ann Smith', 'Bo Lee'), ('Ada Weiß',))
    """
    line = text.strip(" \n\t,;:|•·–—-*")
    if "://" in line or line.startswith(("www.", "/", "@")):
        return ()
    if _TRANSLATED.match(line):
        return ()
    prefix = _PREFIX.match(line) or _SOMETHING_BY.match(line)
    if prefix and prefix.end() < len(line):
        line = line[prefix.end() :]
    line = line.replace("\n", " | ") if "\n" in line[:80] else line
    end = _END.search(line, 2)
    if end:
        line = line[: end.start()]
    line = _TRAILING_ROLE.sub("", line)
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
    if "©" in name or name.lower().strip("_ ") in _NOBODY or _NO_NAME.search(name):
        return False
    if any(c.isdigit() for c in name) and (" " in name or name[0].isdigit()):
        return False
    if name.split(maxsplit=1)[0].islower() and len(name.split()) > 3:
        return False
    return any(c.isalpha() for c in name)


def find_bylines(out: Outline, head: Head, frame: Frame, *, site: Site) -> Bylines:
    """The authors of the article; nobody where the page shows nobody.

    Of 30 dev pages whose markup names somebody that the page does not show, not one has that
    author; so a name in markup counts only where it can be read as well.
    """
    seen = sorted(_visible(out, frame), key=lambda c: -c.strength)
    shown = {key(name) for candidate in seen for name in candidate.names}
    short = _short_lines(out, frame)
    said = [
        _Seen(names, candidate.where, None, candidate.strength, -1)
        for candidate in _structured(head)
        if (names := _believable(candidate, shown, short, site=site))
    ]
    known = {key(name) for candidate in said for name in candidate.names}
    best: _Seen | None = None
    top = 0.0
    for candidate in seen:
        strength = candidate.strength + 2.0 * any(key(name) in known for name in candidate.names)
        if site.is_named(candidate.names[0]) and not (
            len(candidate.names[0].split()) > 1 and key(candidate.names[0]) in known
        ):
            continue
        if strength > top:
            best, top = candidate, strength
    together = _together(best, seen) if best is not None and top >= _ENOUGH else ()
    if said:
        names = said[0].names
        wider = {key(name) for name, _ in together}
        mine = {key(name) for name in names}
        is_better = mine < wider or (
            bool(wider)
            and not mine & wider
            and not any(lines.is_name(name) for name in names)
            and all(lines.is_name(name) for name, _ in together)
        )
        if not is_better:
            names = _people_first(names, site=site)
            return Bylines(
                tuple(FoundValue(name, said[0].where, _span_of(name, seen)) for name in names),
                _shown(seen, names),
            )
    if not together or best is None:
        own = next((c for c in seen if c.strength >= _SURE), None)
        if own is None:
            return Bylines((), ())
        best, together = own, _together(own, seen)
    names = _people_first([name for name, _ in together], site=site)
    spans = dict(together)
    return Bylines(
        tuple(FoundValue(name, best.where, spans[name]) for name in names), _shown(seen, names)
    )


def _believable(
    candidate: _Seen, shown: set[str], short: Sequence[tuple[str, bool]], *, site: Site
) -> tuple[str, ...]:
    """The names of a markup candidate that the page shows where an author can stand."""
    kept: list[str] = []
    if (
        len(candidate.names) > 1
        and candidate.where[:4] == "meta"
        and site.is_named(candidate.names[0])
    ):
        return ()  # "outlet, city, country"
    for name in candidate.names:
        k = key(name)
        many = len(name.split()) > 1
        if site.is_named(name) or candidate.strength == 2:
            if k in shown and many:
                kept.append(name)
        elif (
            k in shown
            or any(k in line for line, is_near in short if is_near)
            or (
                many
                and candidate.where.startswith("json-ld")
                and any(k in line for line, _ in short)
            )
        ):
            kept.append(name)
    return tuple(kept)


def _short_lines(out: Outline, frame: Frame) -> list[tuple[str, bool]]:
    """The keys of the short blocks outside comments, and whether each is near the article."""
    return [
        (key(block.text), frame.near(block.index))
        for block in out.blocks
        if len(block.text) < _LONGEST and block.index not in frame.apart
    ]


def _together(best: _Seen, seen: Sequence[_Seen]) -> tuple[tuple[str, Span | None], ...]:
    """The names of the best candidate and of those that stand beside it in the same way."""
    beside = [
        c
        for c in seen
        if c.where == best.where
        and c.strength >= best.strength - 1.01
        and abs(c.block - best.block) <= 1
    ]
    beside.sort(key=lambda c: (c.span or Span(0, 0)).start)
    found: dict[str, tuple[str, Span | None]] = {}
    for candidate in beside if len(beside) > 1 else [best]:
        for name in candidate.names:
            found.setdefault(key(name), (name, candidate.span))
    return tuple(found.values())


def _people_first(names: Sequence[str], *, site: Site) -> tuple[str, ...]:
    """The names without bodies, roles and agencies where somebody is named; no agency alone."""
    people = [name for name in names if not lines.is_agency(name) and not site.is_named(name)]
    named = [name for name in people if lines.is_name(name) and "redaktion" not in name.lower()]
    return tuple(named or people or [name for name in names if not lines.is_agency(name)])


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
        author = node.get("author") or node.get("creator")
        names = tuple(dict.fromkeys(_people(author)))
        if names:
            is_body = isinstance(author, dict) and "Organization" in types_of(author)
            yield _Seen(names, "json-ld:author", None, 2 if is_body else 3, -1)
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
            if place.tag == "a" and (linked := _by_link(out, place, frame)) is not None:
                yield linked
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
        said = out.spaced(place)
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
        inside = frame.first <= block.index <= frame.last
        if block.index in done or block.index in frame.apart:
            continue
        if not inside and not frame.near(block.index):
            continue
        if len(block.text) > _LONGEST and "\n" not in block.text[:_LONGEST]:
            continue
        around = frame.around(block.place)
        if around & (marks.COMMENT | marks.ADVERT):
            continue
        if around & marks.RELATED and not frame.beside_title(block.index):
            continue
        yield from _in_lines(block, frame)
    yield from _author_boxes(out, frame)
    yield from _by_bio(out, frame)


def _by_link(out: Outline, place: Place, frame: Frame) -> _Seen | None:
    """A name beside the title that links to the page of an author."""
    index = dates.block_at(out, place)
    if not frame.above(index) or index in frame.apart:
        return None
    if not _AUTHOR_PAGE.search(place.element.get("href") or ""):
        return None
    said = out.spaced(place)
    names = names_in(said) if 0 < len(said) <= 60 else ()
    around = frame.around(place)
    if not names or around & (marks.RELATED | marks.COMMENT | marks.ADVERT):
        return None
    return _Seen(names, "visible:author link", out.span(place), 4.5, index)


def _in_lines(block: Block, frame: Frame) -> Iterable[_Seen]:
    """Names in the lines of a block: after "By", beside a date, or after a date and "by"."""
    at = block.start
    position = _position(block.place, block.index, frame)
    text = _LABEL_LINE.sub(r"\1 ", block.text)  # the name in the line after "By"
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if not line or len(line) > _LONGEST:
            continue
        names: tuple[str, ...] = ()
        strength = 3.0
        if _BY_LINE.match(line):
            names = names_in(line)
            if not _looks_like_names(names) or sum(map(len, names)) < 0.25 * len(line):
                continue
        elif frame.near(block.index):
            names = _after_date(line)
            strength = 2.0
            if not names and _is_between(block, frame):
                names = _bare_name(line)
                strength = 3.0
        if not names:
            continue
        span = _name_span(Span(start, start + len(line)), line, names)
        yield _Seen(names, "visible:by line", span, strength + max(position, 0.0), block.index)


def _after_date(line: str) -> tuple[str, ...]:
    """The name in a line such as "3 March 2021 by NAME"."""
    found = dates.date_in(line)
    if found is None:
        return ()
    after = _AFTER_DATE.search(line, found[1])
    return names_in(line[after.start("name") :]) if after else ()


def _by_bio(out: Outline, frame: Frame) -> Iterable[_Seen]:
    """A name alone in a line at the article's end, with "NAME is a writer ..." beside it."""
    ending = out.blocks[max(frame.last - 5, 0) : frame.last + 6]
    for block in ending:
        match = lines.BIO.match(block.text) if block.index not in frame.apart else None
        if match is None or not lines.BIO_ROLES.search(block.text, 0, 300):
            continue
        wanted = key(match["name"])
        alone = next((b for b in ending if key(b.text) == wanted), None)
        if alone is not None and lines.is_name(match["name"]):
            yield _Seen((match["name"],), "visible:by line", alone.span, 4.0, alone.index)
            return


def _is_between(block: Block, frame: Frame) -> bool:
    """Whether a block stands below the title and above the text, or right below the article."""
    if frame.around(block.place) & (marks.RELATED | marks.CHROME | marks.CAPTION | marks.CREDIT):
        return False
    title = frame.title if frame.title is not None else frame.first
    return title - 2 <= block.index <= frame.first or frame.last < block.index <= frame.last + 2


def _bare_name(line: str) -> tuple[str, ...]:
    """A person's name that is a whole line, or all of it but a date."""
    if len(line) > 80:
        return ()
    parts = [line]
    found = dates.date_in(line)
    if found is not None:
        parts = re.split(r"[|•·]|\s[-–—]\s", f"{line[: found[0]]}|{line[found[1] :]}")
    named = [
        part
        for part in (p.strip(" ,.;:-–—•·/") for p in parts)
        if lines.is_name(part) and starts_with_first_name(part)
    ]
    return (named[0],) if len(named) == 1 else ()


def _author_boxes(out: Outline, frame: Frame) -> Iterable[_Seen]:
    """The name that heads a box about the author below the article."""
    for place in out.places:
        if not place.own & marks.BIO or place.last == place.first:
            continue
        index = dates.block_at(out, place)
        if index >= len(out.blocks) or index in frame.apart or index < frame.first:
            continue
        if frame.around(place) & (marks.COMMENT | marks.RELATED | marks.ADVERT):
            continue
        for block in out.blocks[index : index + 3]:
            if block.last > place.last:
                break
            names = names_in(block.text) if len(block.text) <= 60 else ()
            if len(names) == 1 and (
                lines.is_name(names[0]) or block.tag in ("h2", "h3", "h4", "h5")
            ):
                yield _Seen(names, "visible:author box", block.span, 3.0, block.index)
                break


def _name_span(whole: Span, line: str, names: Sequence[str]) -> Span:
    """Where the names stand in a line that covers `whole` of the text."""
    start = line.find(names[0])
    end = line.find(names[-1], max(start, 0)) + len(names[-1])
    return Span(whole.start + start, whole.start + end) if 0 <= start < end else whole


def _looks_like_names(names: Sequence[str]) -> bool:
    """Whether all have the form of a name: capitalised words, or one short word alone."""
    if len(names) == 1 and " " not in names[0]:
        return len(names[0]) <= 25
    return bool(names) and all(lines.is_name(name) or lines.is_agency(name) for name in names)


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
    if index in (frame.last - 1, frame.last):
        return score + 1.0
    if frame.first <= index <= frame.last:
        return score - 0.5
    return score - 2.0


def _has_named_child(out: Outline, place: Place) -> bool:
    """Whether a narrower place inside is named after authors and holds names."""
    for child in out.places[place.index + 1 :]:
        if not child.within(place):
            return False
        if (
            child.own & marks.BYLINE
            and child.last > child.first
            and not _NOT_AUTHOR.search(child.name)
            and names_in(out.spaced(child))
        ):
            return True
    return False
