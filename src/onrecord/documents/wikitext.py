"""Wikitext to plain text: links to their words, tables to "column: value", the rest left out.

One pass with a stack, linear in the length of the text. A parser of the whole language
(mwparserfromhell) reads 0.2 MB/s, five hours for a dump of 3 GB, and leaves out the numbers that
stand in `{{convert|12|km|mi}}`; docs/adr/0001-dependencies.md has the comparison.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

__all__ = ["plain_text"]

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_EMPTY_REF = re.compile(r"<ref\b[^<>]*/>", re.IGNORECASE)
# What these hold is no prose: notes, formulas, pictures, program text.
_DROPPED = re.compile(
    r"<(?P<name>ref|math|gallery|syntaxhighlight|source|timeline|score|imagemap|hiero|graph|templatedata"
    r"|mapframe|references)\b[^<>]*>.*?(?:</(?P=name)\s*>|(?=\n\n)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|^[ :]*\{\||^[ ]*\|\}", re.MULTILINE)
_MAGIC = re.compile(r"__[A-Z]{3,20}__")
_OUTSIDE_LINK = re.compile(r"\[(?:https?:)?//[^\s\[\]]++(?: ([^\[\]\n]*+))?\]")
_QUOTES = re.compile(r"'{2,5}")
_HEADING = re.compile(r"^(={2,6}+)([^=\n][^\n]*+)$", re.MULTILINE)
_LIST = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
_RULE = re.compile(r"^-{4,}", re.MULTILINE)
_EMPTY_BRACKETS = re.compile(r" ?\([ ,;:]*+\)")
_SPACES = re.compile(r"[^\S\n]+")
_BLANKS = re.compile(r"\n{2,}")
_LINE_ENDS = re.compile(r" ?\n ?")
_CELLS = re.compile(r"\|\||!!")
_ROW = re.compile(r"^[ ]*\|-.*$", re.MULTILINE)
_CELL_START = re.compile(r"^[ ]*([|!])(?![-}+])", re.MULTILINE)
_CAPTION = re.compile(r"^[ ]*\|\+(.*)$", re.MULTILINE)
_TITLE_OF_PARTS = re.compile(r"[ _\n]+")

# Sections that list where to look elsewhere.
_APPARATUS = frozenset(
    {
        "references", "external links", "see also", "further reading", "notes", "bibliography",
        "sources", "notes and references", "citations", "footnotes", "gallery",
    }
)  # fmt: skip
_LEFT_OUT = re.compile(r":?(?:file|image|category|media|[a-z]{2,3}(?:-[a-z]+)?):", re.IGNORECASE)
_MOST_NESTED = 40  # as deep as real pages go; deeper brackets are taken as they stand
_LONGEST_CELL = 300  # code points


def plain_text(wikitext: str) -> str:
    """The prose, lists and tables of a page as paragraphs; "" when it has none.

    Notes, pictures, categories, infoboxes and lists of references are left out. Of templates,
    only those that write a number, a unit or a phrase are kept.
    """
    text = _COMMENT.sub("", wikitext)
    text = _EMPTY_REF.sub("", text)
    text = _DROPPED.sub("", text)
    text = _BREAK.sub("\n", text)
    text = _resolved(text)
    text = _without_apparatus(text)
    text = _OUTSIDE_LINK.sub(lambda match: match[1] or "", text)
    text = _TAG.sub("", text)
    text = html.unescape(text)
    text = _QUOTES.sub("", text)
    text = _MAGIC.sub("", text)
    text = _HEADING.sub(lambda match: f"\n\n{_name(match)}\n\n", text)
    text = _LIST.sub("", text)
    text = _RULE.sub("", text)
    text = _SPACES.sub(" ", text)
    text = _EMPTY_BRACKETS.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    return _BLANKS.sub("\n\n", text).strip()


def _resolved(text: str) -> str:
    """The text with links, templates and tables, innermost first, as what they say."""
    stack: list[tuple[str, list[str]]] = [("", [])]
    n_open = dict.fromkeys(_SAYS, 0)
    at = 0
    for match in _TOKEN.finditer(text):
        stack[-1][1].append(text[at : match.start()])
        at = match.end()
        token = match[0].strip(" :")
        if token in _ENDS:
            if len(stack) > _MOST_NESTED:
                stack[-1][1].append(" ")
            else:
                stack.append((token, []))
                n_open[token] += 1
            continue
        start = _STARTS[token]
        if not n_open[start]:
            continue
        while True:  # what was opened inside and never closed stays as its words
            kind, pieces = stack.pop()
            n_open[kind] -= 1
            inner = "".join(pieces)
            if kind == start:
                stack[-1][1].append(_SAYS[kind](inner))
                break
            stack[-1][1].append(inner)
    stack[-1][1].append(text[at:])
    # Unclosed: a link stays as its words, a template or a table to the end of its paragraph goes.
    rest = ""
    while stack:
        kind, pieces = stack.pop()
        inner = "".join(pieces) + rest
        rest = inner if kind in {"", "[["} else inner.partition("\n\n")[2]
    return rest


def _link(inner: str) -> str:
    target, bar, words = inner.partition("|")
    target = target.strip()
    if _LEFT_OUT.match(target):
        return words.rpartition("|")[2] if target.startswith(":") else ""
    return words if bar and words.strip() else target.lstrip(":")


def _template(inner: str) -> str:
    name, *parts = inner.split("|")
    name = _TITLE_OF_PARTS.sub(" ", name).strip().lower()
    plain = [part.strip() for part in parts if "=" not in part]
    named = {
        key.strip(): value.strip()
        for key, is_named, value in (part.partition("=") for part in parts)
        if is_named
    }
    plain = [named.pop(str(i), "") for i in range(1, len(named) + 1) if str(i) in named] or plain
    say = _TEMPLATES.get(name)
    if say is not None and plain:
        return say(plain)
    if name.startswith(("formatnum:", "lc:", "uc:", "ucfirst:")):
        return name.partition(":")[2]
    return _SIGNS.get(name, "")


def _first(parts: Sequence[str]) -> str:
    return parts[0]


def _last(parts: Sequence[str]) -> str:
    return parts[-1]


def _measure(parts: Sequence[str]) -> str:
    """`{{convert|12|km|mi}}` is "12 km", `{{convert|10|to|12|km}}` "10 to 12 km"."""
    unit = next(
        (i for i, part in enumerate(parts) if i and part not in _BETWEEN and not _is_number(part)),
        0,
    )
    words = [_BETWEEN.get(part, part) for part in parts[: unit + 1]]
    return " ".join(words)


def _is_number(words: str) -> bool:
    return bool(words) and words[0] in "0123456789+-−."


def _fraction(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return f"1/{parts[0]}"
    return "/".join(parts[:2]) if len(parts) == 2 else f"{parts[0]} {parts[1]}/{parts[2]}"


def _day(parts: Sequence[str]) -> str:
    """`{{start date|1961|5|3}}` is "1961-05-03"."""
    numbers = [part for part in parts[:3] if part.isdigit()]
    return "-".join(part.zfill(2) for part in numbers)


def _before(sign: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: sign + parts[0]


_BETWEEN = {
    "-": "–",
    "–": "–",
    "to": "to",
    "and": "and",
    "or": "or",
    "by": "by",
    "x": "×",
    "×": "×",
}
_TEMPLATES: dict[str, Callable[[Sequence[str]], str]] = {
    **dict.fromkeys(("convert", "cvt"), _measure),
    **dict.fromkeys(
        (
            "nowrap", "nobr", "small", "big", "abbr", "val", "formatnum", "quote", "blockquote",
            "cquote", "bquote", "ill", "interlanguage link", "tooltip", "strong", "em", "num", "sup",
            "sub", "centre", "center", "smallcaps", "sic",
        ),
        _first,
    ),
    **dict.fromkeys(("lang", "transl", "transliteration", "langx", "color", "font color"), _last),
    **dict.fromkeys(("frac", "fraction", "sfrac"), _fraction),
    **dict.fromkeys(("start date", "end date", "date", "start date and age", "birth date"), _day),
    **dict.fromkeys(("circa", "c."), _before("c. ")),
    **dict.fromkeys(("us$", "usd"), _before("US$")),
    **dict.fromkeys(("gbp", "£"), _before("£")),
    **dict.fromkeys(("eur", "€", "euro"), _before("€")),
    "inr": _before("₹"),
    "as of": _before("As of "),
}  # fmt: skip
_SIGNS = {
    "snd": " – ", "spnd": " – ", "spaced ndash": " – ", "ndash": "–", "mdash": "—", "endash": "–",
    "emdash": "—", "nbsp": " ", "spaces": " ", "!": "|", "=": "=", "'": "'", '"': '"', "-": "",
    "circa": "c.", "c.": "c.",
}  # fmt: skip


def _table(inner: str) -> str:
    """Each row as a line, "column: value; ..." where the first row names the columns."""
    caption = _CAPTION.search(inner)
    lines = [caption[1].strip()] if caption else []
    columns: list[str] = []
    for row in _ROW.split(_CAPTION.sub("", inner)):
        cells, is_header = _cells(row)
        if not cells:
            continue
        if is_header and not columns:
            columns = cells
        elif len(cells) == len(columns):
            pairs = zip(columns, cells, strict=True)
            lines.append(
                "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
            )
        else:
            lines.append("; ".join(cell for cell in cells if cell))
    return "\n\n" + "\n\n".join(line for line in lines if line) + "\n\n"


def _cells(row: str) -> tuple[list[str], bool]:
    """The cells of a row, and whether they are all headings."""
    cells: list[str] = []
    signs: set[str] = set()
    starts = list(_CELL_START.finditer(row))
    if not starts:
        return [], False
    ends = [start.start() for start in starts[1:]] + [len(row)]
    for start, end in zip(starts, ends, strict=True):
        signs.add(start[1])
        for cell in _CELLS.split(row[start.end() : end]):
            style, bar, words = cell.partition("|")
            is_styled = bar and "=" in style and "[" not in style
            words = " ".join((words if is_styled else cell).split())
            cells.append(words[:_LONGEST_CELL])
    return cells, signs == {"!"}


def _name(heading: re.Match[str]) -> str:
    return _QUOTES.sub("", heading[2].rstrip("= \t")).strip()


def _without_apparatus(text: str) -> str:
    """The text without its sections of references; each ends at the next heading of its rank."""
    kept: list[str] = []
    at = 0
    skipping = 0  # the rank of the section that is left out, 0 for none
    for match in _HEADING.finditer(text):
        if not skipping:
            kept.append(text[at : match.start()])
        at = match.start()
        rank = len(match[1])
        if not skipping or rank <= skipping:
            skipping = rank if _name(match).lower() in _APPARATUS else 0
    if not skipping:
        kept.append(text[at:])
    return "".join(kept)


_ENDS = frozenset(("{{", "[[", "{|"))
_STARTS = {"}}": "{{", "]]": "[[", "|}": "{|"}
_SAYS: dict[str, Callable[[str], str]] = {"{{": _template, "[[": _link, "{|": _table}
