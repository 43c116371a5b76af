"""What the name of an element says: class, id, itemprop, role and tag as bit marks.

The words are those that publishing systems use in several languages; a mark is a hint, and the
readers of regions decide together with position, form and text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

__all__ = ["of"]

COMMENT = 1  # in or around reader comments
COMMENT_ONE = 1 << 1  # one reader comment
BYLINE = 1 << 2
BIO = 1 << 3
DATE = 1 << 4
RELATED = 1 << 5
ADVERT = 1 << 6
CHROME = 1 << 7  # navigation, footer, forms, sharing
CAPTION = 1 << 8
CREDIT = 1 << 9
PULL_QUOTE = 1 << 10
EMBED = 1 << 11
CORRECTION = 1 << 12
SUBTITLE = 1 << 13
BADGE = 1 << 14
LABEL = 1 << 15
ASIDE = 1 << 16
ARTICLE = 1 << 17
COMMENT_META = 1 << 18  # who and when of a comment, and its buttons
TITLE = 1 << 19
LINK = 1 << 20  # inside a link
FIGURE = 1 << 21
QUOTE = 1 << 22

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_COMMENTS = re.compile(
    r"no-?comments?|has-?comments?|with-?comments?|comments?-?(?:count(?:er)?|link|number|num|icon|"
    r"open|closed|toggle|btn|button|off|enabled|disabled|status|jump|badge|popup|bubble|total)s?|"
    r"commentary|uncommented|show-?comments?|num-?comments?|comment-?count|kommentar-?(?:anzahl|zahl|"
    r"link|button)|js-comment-count|content-?comment-?count"
)
_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        COMMENT,
        re.compile(
            r"comment|kommentar|comentari|coment[aá]rio|commentaire|commenti\b|commento|reacties|"
            r"disqus|dsq-|livefyre|\brespond\b|leserbrief|leserpost|guestbook|talkback|user-?post|"
            r"wpdiscuz|hyvor|coral-?talk|(?:^|[\s_-])(?:replies|responses|discussion)(?:$|[\s_-])|"
            r"forum-fil|forum-message|viafoura|spot-?im|opinionen"
        ),
    ),
    (
        COMMENT_ONE,
        re.compile(
            r"schema\.org/comment|(?:^|[\s_-])(?:li-|div-|article-|dsq-)?comment-?\d|"
            r"(?:^|\s)(?:[a-z]{1,4}-)?(?:comment|kommentar|comentario|commentaire|user-?comment|"
            r"single-?comment|leserbrief|reply)(?:$|\s)|"
            r"comment[-_]{1,2}?(?:item|entry|body|wrap(?:per)?|card|box|single|post|row|container|block|"
            r"node|message|content|text)(?:$|[\s_-])|(?:kommentar|comment)_\d|"
            r"depth-\d|(?:^|[\s_-])post-(?:message|body)(?:$|\s)"
        ),
    ),
    (
        COMMENT_META,
        re.compile(
            r"comment[-_]*(?:author|meta|date|time|info|head(?:er|ing|line)?|foot(?:er)?|actions?|reply|"
            r"user|name|avatar|links?|title|edit|tools?|permalink|by|details|notes?|count|form|vote|"
            r"like|rating|published|metadata|awaiting|navigation|nav|bottom|login|policy)|\bvcard\b|"
            r"(?:^|[\s_-])(?:fn|says|avatar|reply|respond|user-?name|nickname|screen-?name|reply-?link|"
            r"votes?|likes?|rating|report|actions?|timestamp|time-?ago|permalink|logged-in-as|"
            r"must-log-in|akismet|form-allowed-tags)(?:$|[\s_-])|commentmetadata|"
            r"kommentar-?(?:autor|datum|kopf|meta|titel)"
        ),
    ),
    (
        BYLINE,
        re.compile(
            r"by-?line|author|autor(?!e?n?-?(?:box|info))|auteur|autore|verfasser|redakteur|writer|"
            r"contributor|posted-?by|\bvcard\b|(?:^|[\s_-])fn(?:$|[\s_-])|creator|reporter|journalist|"
            r"(?:^|[\s_-])firma(?:$|[\s_-])|autorzy|skribent|forfatter"
        ),
    ),
    (
        BIO,
        re.compile(
            r"(?:author|autoren?|auteur|autore|writer|contributor)s?[-_]*(?:bio|box|info|desc|about|card|"
            r"profile?|block|widget|section|panel|area|teaser)|about[-_]*(?:the[-_]*)?(?:author|autor)|"
            r"(?:^|[\s_-])bio(?:$|[\s_-])|biograph|über-?den-?autor|abh-|molongui|saboxplugin|"
            r"post-?author(?:$|[\s_-])|entry-?author(?:$|\s)|user-?bio|author-?archive"
        ),
    ),
    (
        DATE,
        re.compile(
            r"date(?!i|sc|r)|datum|fecha|data-?pub|time(?!l|r|out)|zeit(?:punkt|stempel)|publish|"
            r"posted-?on|pubdate|updated|modified|erstellt|veröff"
        ),
    ),
    (
        RELATED,
        re.compile(
            r"related|recommend|read-?(?:more|next|also)|"
            r"more-?(?:stories|news|from|on|articles|posts|about)|teaser(?!-?text)|"
            r"also-?(?:read|like)|most-?(?:read|popular|viewed)|popular|trending|outbrain|taboola|"
            r"plista|similar|latest|recent(?:$|[\s_-])|recent-?(?:posts|news|articles|comments)|widget|"
            r"carousel|slider|weitere|meistgelesen|verwandt|empfehl|mehr-?zum|auch-?interessant|"
            r"up-?next|suggest|yarpp|jp-relatedposts|article-?list|news-?list|topnews|top-?stories|"
            r"post-?navigation|nav-?links|next-?post|prev-?post|ähnlich|lesen-?sie|leggi|lea-?tambi|"
            r"relacionad|correlat|you-?may|crosslink|linkbox|link-?list|lire-?aussi|mas-?leid"
        ),
    ),
    (
        ADVERT,
        re.compile(
            r"(?:^|[\s_-])ads?(?:$|[\s_-])|advert|adsense|anzeige|(?:^|[\s_-])banner|werbung|sponsor|"
            r"publicidad|pubblicit|reklame|adslot|ad-(?:slot|unit|wrap|container|label|place)|"
            r"(?:^|[\s_-])(?:dfp|gpt|promo)(?:$|[\s_-])|affiliate|partner-?box"
        ),
    ),
    (
        CHROME,
        re.compile(
            r"(?:^|[\s_-])nav(?:$|[\s_-]|bar|igation)|menu|breadcrumb|footer|cookie|consent|gdpr|"
            r"newsletter|subscri|social|shar(?:e|ing)|addtoany|sharedaddy|login|sign-?(?:up|in)|"
            r"search(?!-?result)|toolbar|pagination|pager|(?:^|[\s_-])tags?(?:$|[\s_-])|tag-?(?:list|"
            r"cloud)|skip-?link|masthead|paywall|modal|popup|overlay|site-?header|print|"
            r"sidebar|complementary|contentinfo|registr|donat|spenden|abo-?box|rating|wpulike|"
            r"entry-?meta|post-?meta|article-?meta|kategorie|categor(?:y|ies)(?:-?links|-?list)|toc\b"
        ),
    ),
    (
        CAPTION,
        re.compile(
            r"caption(?!ed)|bildunterschrift|bild-?text|(?:^|[\s_-])(?:legende?|bu|bu-text)(?:$|[\s_-])|"
            r"image-?(?:desc|text|title|credit)|img-?(?:desc|text|title)|pie-?(?:de-?)?foto|didascalia|"
            r"media-?desc|gallery-?text"
        ),
    ),
    (
        CREDIT,
        re.compile(
            r"credit|copyright|photograph|bild-?(?:quelle|nachweis)|foto-?quelle|image-?source"
        ),
    ),
    (
        PULL_QUOTE,
        re.compile(r"pull-?quote|pullquote|quote-?pull|zitat-?box|block-?pullquote|tweetable"),
    ),
    (
        EMBED,
        re.compile(
            r"twitter-tweet|instagram-media|fb-post|tiktok-embed|reddit-embed|bluesky-embed|"
            r"mastodon-embed|embed|tweet(?!able)|youtube|podcast-?player"
        ),
    ),
    (
        CORRECTION,
        re.compile(
            r"correction|corrigend|editors?-?note|clarification|korrektur|erratum|update-?note"
        ),
    ),
    (
        SUBTITLE,
        re.compile(
            r"sub-?(?:title|head(?:line|ing)?|line)|standfirst|(?:^|[\s_-])(?:deck|dek|lead|lede|intro|"
            r"excerpt|summary|vorspann|unterzeile|untertitel|chapeau|chapo|bajada|entradilla|sommario|"
            r"ingress|teaser-?text)(?:$|[\s_-])"
        ),
    ),
    (BADGE, re.compile(r"fact-?check|badge|verified|reviewed|faktencheck")),
    (
        LABEL,
        re.compile(
            r"kicker|eyebrow|label|rubri[ck]|overline|dachzeile|article-?type|topic|section-?(?:name|"
            r"title|label)|category|flag|tagline|antetitulo|occhiello"
        ),
    ),
    (
        ARTICLE,
        re.compile(
            r"article-?body|(?:post|entry|article|story|page)-?(?:content|text|body)|articlebody|"
            r"story-?content|main-?content"
        ),
    ),
    (
        TITLE,
        re.compile(r"(?:headline|(?:post|entry|article|page|story|node)-?title|(?:^|[\s_-])title)"),
    ),
)
_STEMS: MappingProxyType[int, tuple[str, ...]] = MappingProxyType(
    {
        mark: tuple(stems.split())
        for mark, stems in (
            (
                COMMENT,
                (
                    "coment comment kommentar reacties disqus dsq livefyre respon leser guestbook talkback "
                    "user wpdiscuz hyvor coral replies discussion forum viafoura spot opinionen"
                ),
            ),
            (COMMENT_ONE, "comment coment kommentar leserbrief reply thread depth post"),
            (
                COMMENT_META,
                (
                    "comment vcard fn says avatar reply respond user nickname screen vote like rating report "
                    "action time permalink logged must akismet form kommentar"
                ),
            ),
            (
                BYLINE,
                (
                    "by aut verfasser redakteur writer contributor vcard fn creator reporter journalist "
                    "firma skribent forfatter"
                ),
            ),
            (BIO, "aut writer contributor bio abh molongui sabox user"),
            (DATE, "date datum fecha data time zeit publi posted updated modified erstellt veröff"),
            (
                RELATED,
                (
                    "related recommend read more teaser also most popular trending outbrain taboola plista "
                    "similar latest recent widget carousel slider weitere meist verwandt empfehl mehr auch "
                    "next suggest yarpp article news stories nav prev ähnlich lesen leggi lea correlat "
                    "relacionad may link lire leid"
                ),
            ),
            (
                ADVERT,
                (
                    "ad anzeige banner werbung sponsor publicidad pubblicit reklame dfp gpt promo affiliate "
                    "partner"
                ),
            ),
            (
                CHROME,
                (
                    "nav menu breadcrumb footer cookie consent gdpr newsletter subscri social shar addto "
                    "login sign search toolbar pag tag skip masthead paywall modal popup overlay header "
                    "print sidebar complementary contentinfo registr donat spenden abo rating wpulike meta "
                    "kategorie categor toc"
                ),
            ),
            (CAPTION, "caption bild legend bu image img foto didascalia media gallery"),
            (CREDIT, "credit copyright photograph quelle nachweis source"),
            (PULL_QUOTE, "pull zitat tweetable"),
            (EMBED, "twe insta fb-post tiktok embed youtube podcast"),
            (CORRECTION, "correct corrig note clarif korrekt errat"),
            (
                SUBTITLE,
                (
                    "sub standfirst dec dek lead lede intro excerpt summary vorspann unter chap bajada "
                    "entradilla sommario ingress teaser"
                ),
            ),
            (BADGE, "check badge verified reviewed"),
            (
                LABEL,
                (
                    "kicker eyebrow label rubri overline dachzeile type topic section categor flag tagline "
                    "antetitulo occhiello"
                ),
            ),
            (ARTICLE, "article post entry story page main"),
            (TITLE, "title headline"),
        )
    }
)
# The stems by their first two letters, each with the marks that it can stand for.
_BY_START: dict[str, tuple[tuple[str, int], ...]] = {
    start: tuple(
        (stem, sum(mark for mark, stems in _STEMS.items() if stem in stems))
        for stem in sorted({stem for stems in _STEMS.values() for stem in stems})
        if stem[:2] == start
    )
    for start in sorted({stem[:2] for stems in _STEMS.values() for stem in stems})
}
_ROLE = {
    "nav": CHROME,
    "footer": CHROME,
    "form": CHROME,
    "button": CHROME,
    "label": CHROME,
    "aside": ASIDE,
    "figcaption": CAPTION,
    "article": ARTICLE,
    "main": ARTICLE,
    "time": DATE,
    "a": LINK,
    "figure": FIGURE,
    "blockquote": QUOTE,
}


# The two forms that more than one word of a name makes, or its last word alone.
_THREAD = re.compile(r"(?:^|\s)(?:even|odd)\s+thread")
_CATEGORY = re.compile(r"categor(?:y|ies)s?$")


@lru_cache(maxsize=1 << 14)
def of(tag: str, name: str) -> int:
    """The marks of an element from its tag and its names (class, id, itemprop, role)."""
    found = _ROLE.get(tag, 0)
    if not name or tag in ("html", "body"):
        return found
    words = _CAMEL.sub("-", name).lower()[:400]
    for word in words.split():
        found |= _of_word(word)
    if "thread" in words and _THREAD.search(words):
        found |= COMMENT_ONE
    if "categor" in words and _CATEGORY.search(words):
        found |= CHROME
    return found


@lru_cache(maxsize=1 << 14)
def _of_word(word: str) -> int:
    """The marks of one word of a name; most words occur in many names and on many pages."""
    possible = 0
    for at in range(len(word) - 1):
        for stem, stands_for in _BY_START.get(word[at : at + 2], ()):
            if word.startswith(stem, at):
                possible |= stands_for
    found = 0
    if possible:  # a regular expression for each mark of each word would cost more than parsing
        for mark, pattern in _PATTERNS:
            if possible & mark and pattern.search(
                _NOT_COMMENTS.sub(" ", word) if mark == COMMENT else word
            ):
                found |= mark
    return found
