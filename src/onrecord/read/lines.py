"""What the form of a single line of a page says: a byline, a date, a label, a page's own furniture.

Everything here looks at one stripped line and at nothing else; where a line stands is the business
of the reader that asks. The patterns are anchored and use possessive repeats, so that each takes
linear time on any line.
"""

from __future__ import annotations

import re

from onrecord.span import Span
from onrecord.terms import Genre
from onrecord.wordlists import words

__all__ = [
    "BADGE",
    "BIO",
    "BOILERPLATE",
    "CAPTION",
    "COMMENT_HEADER",
    "CORRECTION",
    "CREDIT",
    "LABELS",
    "RELATED",
    "byline_names",
    "date_of",
    "dateline_end",
    "is_agency",
    "is_name",
    "label_genre",
]

LONGEST_LINE = 300  # code points; a longer line is a paragraph whatever its words are

_PARTICLES = words(
    """
    de da do dos das di del della der den van von bin ibn al el la le du ten ter y e of
    """
)
_SUFFIXES = words(
    """
    jr jr. sr sr. ii iii iv phd ph.d. md m.d. esq
    """
)
# Words that start headings and notices and are no part of a personal name.
_NO_NAME = words(
    """
    the a an and or of for to in on at by with from about after before why how what when where
    who is are was were be not no new news staff writer reporter editor editors editorial board
    team comment comments reply replies read more related latest breaking live update updates
    opinion analysis video photo photos image images share tweet print email home menu search
    login sign subscribe newsletter contact us our your my his her their this that these those
    all top final full text abstract summary introduction conclusion background key points part
    chapter january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
    advertisement sponsored fact check checked verified world politics business sports sport
    health science technology entertainment culture local national international follow facebook
    twitter
    """
)
_TOKEN = re.compile(r"[^\W\d_][\w.'’‘-]*+\Z")


def is_name(words: str) -> bool:
    """Whether the words have the form of a personal name: two to five capitalised words.

    >>> is_name("Ann de Smith"), is_name("Read More"), is_name("Ann")
    (True, False, False)
    """
    tokens = words.split() if len(words) <= 60 else []
    if not 2 <= len(tokens) <= 5 or words.endswith((":", ";")):
        return False
    if tokens[-1].lower() in _SUFFIXES:
        tokens = tokens[:-1]
        tokens[-1] = tokens[-1].rstrip(",")
    if len(tokens) < 2:
        return False
    for i, token in enumerate(tokens):
        if token in _PARTICLES and 0 < i < len(tokens) - 1:
            continue
        if not _TOKEN.match(token) or not token[0].isupper() or token.lower() in _NO_NAME:
            return False
        if token.endswith(".") and len(token) > 4:
            return False
    return len(tokens[-1].rstrip(".")) > 1


_AGENCIES = (
    r"Reuters|AP|AFP|UPI|PA(?: Media)?|dpa|DPA|Xinhua|ANI|PTI|IANS|CNN|TASS|EFE|ANSA|AAP|CP|"
    r"Bloomberg|BUSINESS WIRE|PRNewswire|GLOBE NEWSWIRE|Associated Press|The Associated Press|"
    r"Agence France-Presse|Press Association|The Canadian Press|Thomson Reuters Foundation"
)
_ROLES = (
    r"writer|reporter|editor|correspondent|columnist|journalist|contributor|producer|staff|"
    r"bureau chief|intern|blogger|author|critic|fellow|professor"
)
_BY = re.compile(
    r"(?:(?:story|article|words|text|report|reporting|reported|written|posted|published) )?+"
    r"by:?\s++|(?:authors?|written by|reporter):\s*+|from our correspondent ",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(?<!\s)(?:\s*+(?:,|;|\||/|•|·|—|–|\band\b|&)\s*+|\s++(?:-|and|for|in|at|of|on)\s++)"
)
_ROLE = re.compile(rf"(?i:\b(?:{_ROLES})s?\b)|\b(?:{_AGENCIES})\b")


def _name_spans(line: str, start: int) -> list[Span]:
    """The leading parts of a list of names from `start`, as spans in the line."""
    spans: list[Span] = []
    at = start
    while at < len(line):
        separator = _SPLIT.search(line, at)
        end = separator.start() if separator else len(line)
        part = line[at:end].rstrip(" .")
        if part:
            if not is_name(part):
                break
            spans.append(Span(at, at + len(part)))
        if separator is None:
            break
        at = max(separator.end(), at + 1)
    return spans


def byline_names(line: str, *, alone: bool) -> tuple[Span, ...] | None:
    """The spans of the names in a byline, `None` where the line is no byline.

    `alone` also takes a bare name, or a name with a role, without "By". A byline that names a body
    ("By the editorial board") gives one span with that body.

    >>> byline_names("By Ann Smith and Bo Lee, Staff Writers", alone=False)
    (Span(start=3, end=12), Span(start=17, end=23))
    """
    if not line or len(line) > 140 or line[-1] in "!?:":
        return None
    by = _BY.match(line)
    if by:
        spans = _name_spans(line, by.end())
        if spans:
            rest = line[spans[-1].end :]
            return tuple(spans) if not rest.rstrip().endswith(".") or len(rest) < 40 else None
        words = line[by.end() :].split()
        first = line[by.end() : by.end() + 1]
        # "By Reuters Staff", "By the editorial board": a body; "By then he had gone" is none.
        body_like = bool(_ROLE.search(line, by.end())) or "board" in line.lower()
        if 1 <= len(words) <= 6 and body_like and (first.isupper() or words[0].lower() == "the"):
            return (Span(by.end(), len(line)),)
        return None
    if not alone:
        return None
    if is_name(line):
        return (Span(0, len(line)),)
    spans = _name_spans(line, 0)
    if spans and len(line) <= 100 and not line.endswith("."):
        rest = line[spans[-1].end :]
        if rest.strip() and _ROLE.search(rest) and len(rest.split()) <= 8:
            return tuple(spans)
    return None


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?"
_TIME = (
    r"(?:,?\s*+(?:at|@|-|–|\||•|·)?\s*+\d{1,2}(?:[:.]\d{2}(?::\d{2})?)?\s*+(?:[ap]\.?m\.?)?"
    r"(?:\s*+\(?(?:[A-Z]{2,5}|[+-]\d{2}:?\d{2})\)?)?)?"
)
_DATE = re.compile(
    r"(?P<what>(?:first\s|originally\s|last\s)?(?:published|posted|updated|modified|created|"
    r"date|edited|revised)(?:\s(?:on|at))?\s*+:?\s*+)?"
    rf"(?:{_DAY}\s*+)?(?:at\s)?"
    rf"(?:(?P<m1>{_MONTH})\s++(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s++(?P<y1>\d{{4}})"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s++(?P<m2>{_MONTH}),?\s++(?P<y2>\d{{4}})"
    r"|(?P<y3>\d{4})[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})"
    r"|(?P<vague>\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}))"
    rf"(?:T\d{{2}}:\d{{2}}\S{{0,16}}+)?{_TIME}\.?",
    re.IGNORECASE,
)


def date_of(line: str) -> tuple[Span, str | None, bool] | None:
    """The date that a line starts with: its span, the ISO day, and whether it is one of change.

    The day is `None` where day and month cannot be told apart ("03/04/2020").

    >>> date_of("Updated: 3 March 2021, 4:15 pm")
    (Span(start=0, end=30), '2021-03-03', True)
    """
    match = _DATE.match(line) if len(line) <= LONGEST_LINE else None
    if match is None:
        return None
    span = Span(0, match.end())
    what = (match["what"] or "").lower()
    modified = any(word in what for word in ("updated", "modified", "edited", "revised"))
    if match["vague"]:
        return span, None, modified
    year = match["y1"] or match["y2"] or match["y3"]
    day = match["d1"] or match["d2"] or match["d3"]
    if match["m3"]:
        month = int(match["m3"])
    else:
        short = (match["m1"] or match["m2"]).lower()[:3]
        month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(short))
    if not (1 <= month <= 12 and 1 <= int(day) <= 31 and 1700 <= int(year) <= 2100):
        return None
    return span, f"{year}-{month:02d}-{int(day):02d}", modified


# The line is a label of its own: it says what form the page has.
LABELS: dict[str, Genre] = {
    "opinion": Genre.OPINION,
    "opinions": Genre.OPINION,
    "op-ed": Genre.OPINION,
    "oped": Genre.OPINION,
    "commentary": Genre.OPINION,
    "editorial": Genre.OPINION,
    "column": Genre.OPINION,
    "guest column": Genre.OPINION,
    "guest essay": Genre.OPINION,
    "guest opinion": Genre.OPINION,
    "letter to the editor": Genre.OPINION,
    "letters to the editor": Genre.OPINION,
    "comment is free": Genre.OPINION,
    "viewpoint": Genre.OPINION,
    "perspective": Genre.OPINION,
    "satire": Genre.SATIRE,
    "parody": Genre.SATIRE,
    "humor": Genre.SATIRE,
    "humour": Genre.SATIRE,
    "sponsored": Genre.SPONSORED,
    "sponsored content": Genre.SPONSORED,
    "sponsored post": Genre.SPONSORED,
    "sponsor content": Genre.SPONSORED,
    "paid content": Genre.SPONSORED,
    "paid post": Genre.SPONSORED,
    "paid partnership": Genre.SPONSORED,
    "partner content": Genre.SPONSORED,
    "branded content": Genre.SPONSORED,
    "advertorial": Genre.SPONSORED,
    "advertisement feature": Genre.SPONSORED,
    "press release": Genre.PRESS_RELEASE,
    "news release": Genre.PRESS_RELEASE,
    "media release": Genre.PRESS_RELEASE,
    "for immediate release": Genre.PRESS_RELEASE,
    "live": Genre.LIVE,
    "live blog": Genre.LIVE,
    "liveblog": Genre.LIVE,
    "live updates": Genre.LIVE,
    "live coverage": Genre.LIVE,
    "interview": Genre.INTERVIEW,
    "q&a": Genre.INTERVIEW,
    "q & a": Genre.INTERVIEW,
    "transcript": Genre.TRANSCRIPT,
    "full transcript": Genre.TRANSCRIPT,
    "rush transcript": Genre.TRANSCRIPT,
    "fact check": Genre.FACT_CHECK,
    "fact-check": Genre.FACT_CHECK,
    "factcheck": Genre.FACT_CHECK,
    "analysis": Genre.NOT_STATED,
    "news analysis": Genre.NOT_STATED,
    "explainer": Genre.NOT_STATED,
    "exclusive": Genre.NOT_STATED,
    "breaking": Genre.NOT_STATED,
    "breaking news": Genre.NOT_STATED,
    "investigation": Genre.NOT_STATED,
    "review": Genre.NOT_STATED,
    "feature": Genre.NOT_STATED,
}


def label_genre(line: str) -> Genre | None:
    """The genre that a line says by being a label alone; `None` where it is no label.

    >>> label_genre("[OPINION]").value, label_genre("Opinion is divided")
    ('opinion', None)
    """
    return LABELS.get(line.strip("[]():*|. ").lower()) if len(line) <= 40 else None


BADGE = re.compile(
    r"(?:[✓✔☑✅]\ufe0f?\s*+)?+(?:this (?:article|story|page|post) (?:has been|was|is) )?+"
    r"(?:(?:independently |rigorously |medically |professionally )?"
    r"(?:fact[ -]?checked|verified|(?:fact|medically|expert|clinically)[ -]?reviewed)"
    r"(?: (?:content|article|story|news|information))?+"
    r"|(?:medical|expert) review|medical reviewer:?|(?:medically |expert )?reviewed by:?"
    r"|checked by:? (?:our )?fact[ -]checkers?)"
    r"(?:\s*+(?:by|on|:|\||-|–|—)\s[^.!?]{0,100}+)?+[.✓✔☑✅]?+\s*+\Z",
    re.IGNORECASE,
)

COMMENT_HEADER = re.compile(
    r"(?:(?:\d[\d,.]{0,9}+|one|no) (?:reader )?+(?:comments?|responses?|replies|reply)"
    r"(?: (?:on|to|so far)\b.{0,200}+)?+"
    r"|(?:\d[\d,.]{0,9}+|one) thoughts? on .{1,200}+"
    r"|(?:view |show |all |reader |readers['’] |user |top |latest )?+comments?(?: section)?+"
    r"(?:\s*+[(\[]?\d[\d,.]{0,9}+[)\]]?+)?+:?+"
    r"|join the (?:conversation|discussion)|(?:the )?+discussion:?+|what do you think\?)\s*+\Z",
    re.IGNORECASE,
)

_RELATED_WORDS = (
    r"related(?: (?:stories|story|articles?|posts?|news|content|coverage|topics|links?|reading))?+|"
    r"read (?:more|also|next|this next|the full (?:story|article))|also read|see also|"
    r"more (?:on this|on this story|from [^:.!?]{2,60}+|stories|news|to read|like this)|"
    r"(?:you (?:may|might) also (?:like|enjoy)|recommended(?: for you)?+|don['’]t miss|"
    r"most (?:read|popular|viewed)|trending(?: now)?+|popular (?:stories|posts)|"
    r"editors?['’]s? picks?|further reading|up next|next (?:article|story|post)|"
    r"previous (?:article|story|post)|latest (?:stories|news|posts|articles)|in other news)"
)
RELATED = re.compile(
    rf"(?:{_RELATED_WORDS})(?P<colon>\s*+[:|>»→—–])?+(?P<rest>.{{0,250}}+)\Z", re.IGNORECASE
)

CREDIT = re.compile(
    r"(?:(?:photo(?:graph)?s?|image|picture|video|illustration|graphic|cover|featured image|"
    r"header image|lead image|main image|screenshot)"
    r"(?: (?:credit|source|courtesy(?: of)?|by|via|from))?+\s*+(?::|by|via|©|courtesy)\s*+\S.{0,120}+"
    r"|(?:credits?|photo|image credits?)\s*+:\s*+\S.{0,120}+"
    r"|(?:additional |with )?+(?:reporting|writing|editing) by .{2,160}+"
    r"|contributing: .{2,120}+"
    r"|©\s?.{2,80}+"
    r"|(?:[\w.'’-]{1,30}+[ /|]{1,3}+){0,6}?(?:Getty Images|Shutterstock|Anadolu(?: Agency)?|AP Photo)"
    r"|(?:[\w.'’-]{1,30}+ ){1,4}?[/|] ?(?:Reuters|AP|AFP|EPA|TASS)\.?)\Z",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"(?:(?:photo |image |picture )?+caption:|pictured:|file (?:photo|picture|image)[:.—–-]|image:|"
    r"in this (?:file|undated|handout) (?:photo|image|picture))",
    re.IGNORECASE,
)
CAPTION_END = (
    "Getty Images)",
    "/AP)",
    "(Reuters)",
    "/Reuters)",
    "/AFP)",
    "| Getty Images",
    "| AP Photo",
    "/Shutterstock)",
    "(AP Photo)",
)
CORRECTION = re.compile(
    r"(?:corrections?|clarification|corrected|erratum|retraction)\b.{0,40}?[:—–]"
    r"|(?:an? )(?:earlier|previous|prior|original) (?:version|headline) of (?:this|the) "
    r"|this (?:article|story|post|piece|report|page|headline|version) (?:has been|was|is being) "
    r"(?:since |later |also )?(?:updated|corrected|amended|edited|revised|changed|clarified)"
    r"|(?:editor['’]?s['’]?|publisher['’]?s) note:.{0,200}?"
    r"\b(?:updated|corrected|amended|correction|earlier version|previous version|clarif)",
    re.IGNORECASE,
)

BIO_ROLES = re.compile(
    r"(?:is|was|has been|works as) (?:(?:an?|the|our|a[n]? former) )?+(?:[\w'’&,-]+ ){0,8}?"
    r"(?:writer|reporter|editor|correspondent|columnist|journalist|contributor|producer|blogger|"
    r"author|bureau chief|news director|commentator|fellow|lecturer|professor|intern|freelance\w*)\b"
    r"|(?:covers|writes (?:about|for|on)|reports (?:on|for)|contributes to|edits)\b",
    re.IGNORECASE,
)
# Of "NAME is a ..." the name: two to five words, whatever they are; `is_name` judges them.
BIO = re.compile(
    r"(?P<name>(?:[^\s,]+ ){1,4}?[^\s,]+)(?:,[^,.]{0,60}+,)?+ (?=is |was |has |works |covers |writes |reports |contributes |edits )"
)

BOILERPLATE = re.compile(
    r"(?:leave a (?:reply|comment)|(?:post|add|write|submit) (?:a |your )?+(?:comment|reply)"
    r"|cancel reply|log ?in to (?:comment|reply)|you must be logged in|reply|report(?: abuse)?"
    r"|your email address will not be published.{0,120}+|required fields are marked.{0,20}+"
    r"|this site uses akismet.{0,160}+|learn how your comment data is processed\.?"
    r"|(?:we use|this (?:site|website) uses) cookies.{0,300}+|by (?:using|continuing to use) (?:this|our) (?:site|website).{0,300}+"
    r"|(?:accept|reject|manage) (?:all )?+(?:cookies|preferences)|cookie (?:policy|settings|preferences)"
    r"|(?:sign up|subscribe) (?:for|to|now|today|here).{0,200}+|subscribe|sign ?(?:up|in)|log ?in|register"
    r"|get (?:our|the) .{0,60}newsletter.{0,160}|(?:enter )?+your email(?: address)?+.{0,60}+"
    r"|share (?:this|on|via|with)\b.{0,100}+|share(?::|d?\s*+\d*+)|(?:facebook|twitter|x|whatsapp|linkedin|email|e-mail|print|pinterest|reddit|telegram|copy link|tweet|pin|save|flipboard|messenger|tumblr)"
    r"|(?:click to )?+(?:share|tweet|email|print)(?: this| on \w++| article| page)?+"
    r"|follow (?:us|@?\w++|[^.!?]{2,60}? on (?:twitter|facebook|instagram|x|social media))\b.{0,160}+"
    r"|like us on .{2,60}+|(?:©|copyright|\(c\)) .{0,200}+|all rights reserved.{0,160}+"
    r"|(?:terms (?:of|and) \w++|privacy policy|about us|contact us|advertise(?: with us)?+|sitemap|careers|help|faq|rss)"
    r"|skip to (?:main )?+(?:content|navigation).{0,20}+|(?:main )?+menu|search|home|toggle navigation|close|back to top"
    r"|(?:\d{1,3}|an?|one) min(?:ute)?s?(?: read)?+|(?:reading time|estimated reading time|read time)\b.{0,30}+"
    r"|(?:tags?|topics?|filed under|categories|category|posted in|keywords)\s*+:.{0,250}+"
    r"|[\d.,]{1,7}+[km]?+ (?:shares?|views?|likes?|retweets?)|loading(?:\.\.\.|…)?+|show (?:more|less)|load more(?: comments)?+"
    r"|save my name, email.{0,160}+|notify me of .{0,120}+|(?:name|email|website)\s*+\*?+|post comment"
    r"|support (?:our|independent) (?:journalism|work).{0,160}+|donate(?: now| today)?+"
    r"|(?:have|got) a (?:news )?+tip\?.{0,160}+|listen to (?:this )?+article|print this (?:page|article|story))\s*+\Z",
    re.IGNORECASE,
)

ADVERT = re.compile(
    r"(?:advertise?ment|advertising|ad|- ?advertisement ?-|story continues below(?: advertisement)?+"
    r"|article continues (?:below|after)(?: (?:this )?+(?:ad|advertisement))?+"
    r"|scroll (?:down )?+to continue(?: reading)?+|sponsored links?|promoted(?: content| stories)?+"
    r"|paid advertisement)[.:]?+\s*+\Z",
    re.IGNORECASE,
)

_DATELINE = re.compile(
    r"(?P<place>\p{U}\p{W})".replace(
        r"\p{U}\p{W}", r"[A-Z][\w.'’/-]*+(?:,? [A-Z][\w.'’/-]*+){0,5}+"
    )
    + rf"(?:, (?:[A-Z][a-z]{{2,8}}+\.? )?+\d{{1,2}}(?:, \d{{4}})?+)?+\s*+"
    rf"(?P<agency>\((?:{_AGENCIES})\))?+\s*+(?:—|–|--|-)\s++(?=\S)"
)
_AGENCY_NAME = re.compile(rf"(?:{_AGENCIES})\Z")


def is_agency(words: str) -> bool:
    """Whether the words are the name of a news agency."""
    return bool(_AGENCY_NAME.match(words.strip("() ")))


def dateline_end(paragraph: str) -> tuple[int, bool]:
    """Where the dateline that opens a paragraph ends, 0 without one; and whether an agency signs.

    A place in capitals with a dash is one without an agency too; a place in mixed case needs it.

    >>> dateline_end("PORT ELM, Ohio (AP) — The dam held."), dateline_end("Ann Smith - no")
    ((22, True), (0, False))
    """
    match = _DATELINE.match(paragraph, 0, 120)
    if match is None:
        return 0, False
    if match["agency"]:
        return match.end(), True
    first = match["place"].split(",")[0]
    if first.isupper() and len(first) >= 4 and match.end() < 60:
        return match.end(), False
    return 0, False
