"""The names in a byline, and whether a name is that of the site itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.read.dom import key
from onrecord.read.head import Head, strings

__all__ = ["Site", "has_prefix", "names_in"]

_PREFIX = re.compile(
    r"(?:[\s:|,–—•·/-]*+(?:"
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
_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fév|aoû|déc|gen|"
    r"mag|giu|lug|set|ott|mayo|enero|agosto)[a-zäéûç]*\.?"
)
_END = re.compile(
    r"(?<!\s)\s*(?:[|•·►»›\n\t(\[{]|\s[–—-]{1,2}\s|—|//|…|:\s|\s@|\b\d{1,2}[.:/]\d|\b\d{4}\b|"
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
_SPLIT = re.compile(
    r"(?<!\s)\s++(?:[;,/]|(?:and|und|et|y|e|&|\+|with|mit)(?=\s))\s*+|[;,/]\s*+", re.IGNORECASE
)
_ROLE = re.compile(
    r"(?:[\w.]{1,30}+[ -]){0,4}(?:staff|writer|editor|reporter|correspondent|columnist|journalist(?:in)?|"
    r"contributor|redakteur(?:in)?|redaktor(?:in)?|volontär(?:in)?|korrespondent(?:in)?|autor(?:in)?|"
    r"chefredakteur(?:in)?|author|producer|blogger(?:in)?|phd|md|m\.d\.|ph\.d\.|dr|jr\.?|sr\.?|rd|"
    r"ressort|ressortleit\w+|freelance\w*|mitarbeiter(?:in)?|chef\w*|leiter(?:in)?|director|manager|"
    r"rédact\w+|journaliste|periodista|giornalista|correspons\w+)\b.{0,40}\Z",
    re.IGNORECASE,
)
_TRAILING_ROLE = re.compile(
    r"(?<![\s,–-])[\s,–-]++(?:[\w-]{0,30}(?:redakteur|redaktor|autor|korrespondent|volontär|reporter)(?:in)?|staff writer|"
    r"staff reporter|senior (?:writer|editor|reporter)|contributing writer|contributor|journaliste?|"
    r"correspondent|editor(?:-in-chief)?|reporter|[\w.-]{1,40}\.(?:com|de|ch|at|net|org) redakteur(?:in)?|guest|"
    r"gastautor(?:in)?|(?:online|chef)-?redaktion|periodista|author|verfasser(?:in)?)\s*+\Z",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    """
    posted stand publiziert publicado interview nachricht por par quelle image images source
    written meinung kommentar pressemitteilung agencies agenturen anonym anónimo gesponsert
    anzeige veröffentlicht werbung sponsored advertorial redaktionell lesezeit kategorie
    kategorien category ort zum community wordpressadmin no red admin administrator webmaster
    web-master root author autor autorin guest gast anonymous editor user superuser default
    unknown none null undefined wordpress website websiteadmin web team contributor test nobody
    siteadmin publisher staff blog post article follow share by von email e-mail twitter
    facebook instagram about autoren authors comments kommentare login anmelden home menu more
    mehr profile profil all posts beiträge view bio website contact kontakt copyright news
    newsletter subscribe print drucken teilen merken aktualisiert updated published date datum
    photo foto bild video archive archiv search suche next previous weiter zurück
    """.split()  # noqa: SIM905 - a list of words reads better
)
_NO_NAME = re.compile(
    r"https?:|www\.|@\w+\.\w|[<>{}=]|^\W*$|\.(?:jpe?g|png|html?|php)\b|"
    r"&\w+;?|\b(?:par|by|comments?|kommentare?|min(?:uten?|utes?)?|read|lesezeit|views?|shares?|uhr|cookies?|"
    r"click|klick|hier|here|posts?|articles?|artikel|beiträge|follow|folgen|newsletter|copyright|"
    r"getty|shutterstock|pixabay|unsplash|all rights|alle rechte|getestet|datenschutz)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:gmbh|e\.\s?v\.|ag|inc|ltd|llc|verlag|magazin|magazine|online|"
    r"kitchens?|institut|university|universität|ministerium|bundestagsfraktion|partei|media|verband)(?=\W|\Z)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\.(?:de|com|ch|at|net|org|eu|info|fr|es|it|co\.uk|news|tv)\Z", re.IGNORECASE)


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


def has_prefix(text: str) -> bool:
    """Whether a text starts with a word such as "By" or "Author:"."""
    return _PREFIX.match(text) is not None
