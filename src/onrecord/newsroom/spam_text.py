"""Words and signs of a reply as the text layer reads them: obfuscation undone, and counted.

Spam hides its words from filters: letters of another alphabet that look alike, letters set apart
by spaces, letters of mathematical alphabets, characters of no width. `plain_form` undoes these and
counts them; an honest reply has almost none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["MAX_READ", "PlainForm", "n_hidden", "n_links", "plain_form", "plain_words"]

# Code points that are read of one text; replies are shorter, what the bench reads may be longer.
MAX_READ = 20_000

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
# A bare host with one of the endings that comment spam uses most, or a path behind any ending.
_BARE_HOST = re.compile(
    r"(?<![\w@.])[a-z0-9](?:[a-z0-9-]{0,62}\.){1,4}(?:"
    r"com|net|org|info|biz|top|xyz|site|online|club|shop|vip|win|bet|live|link|click|ly|me|gl|cc|tk|ru|cn|ltd|io|tv"
    r")(?![\w.@-])(?:/[^\s<>\"]{0,500})?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE = re.compile(r"(?<![\w@])@\w{3,40}")
_MARKUP = re.compile(r"\[/?url|\[/?link|<\s?a\s|href\s?=|&lt;a", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ().-]{0,2}\d){8,14}(?![\w])")
_MONEY = re.compile(
    r"[$£€₹₽¥]\s?\d[\d.,]{0,12}\s?[km]?\b|\b\d[\d.,]{0,12}\s?(?:usd|eur|gbp|dollars?|euros?|pounds?|rupees?|btc|usdt|p/min|ppm|руб)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b\d{1,4}(?:[.,]\d{1,2})?\s?%")
_NUMBER = re.compile(r"\d{1,30}(?:[.,]\d{1,30}){0,6}")
# Single letters or figures, each set apart: "W I N", "w.i.n", "w_i_n"; four at least, since "U S A" is honest.
_APART = re.compile(r"(?<!\w)\w(?:[ ._*~|-]{1,2}\w(?!\w)){3,30}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]{1,3})?")

# Letters of other alphabets that look like Latin ones; facts of their shapes, written for this.
_LOOKALIKE: Mapping[int, str] = MappingProxyType(
    {
        ord(other): latin
        for other, latin in zip(
            "асеорхуіјѕԁԛԝһӏвкмнтгзпиαβγεικνορτυχωϲ",
            "aceopxyijsdqwhlbkmhtr3nuabyeikvoptuxwc",
            strict=True,
        )
    }
)
_JOINERS = frozenset("\u200c\u200d")
_PASTED = frozenset("\u00ad\ufeff\u2060")  # soft hyphens and the like come along with copied pages
_EMOJI_JOIN = "\u200d\ufe0f"


@dataclass(frozen=True, slots=True)
class PlainForm:
    """A text with its obfuscation undone: `text` in small letters, and how often what was found.

    `counts` are by the names of `SIGN_NAMES` in `spam_signs`; `n_hidden` are the characters that
    nobody sees or that pose as others.
    """

    text: str
    counts: Mapping[str, int]
    n_hidden: int


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without links and marks."""
    folded = unicodedata.normalize("NFKC", _LINK.sub(" ", text[:MAX_READ])).casefold()
    return [word.replace("’", "'") for word in _WORD.findall(folded)]


def n_links(text: str) -> int:
    """How many links stand in a text, written out or as a bare host.

    >>> n_links("see https://county.example/register and bit.ly/x1")
    2
    """
    rest, n = _LINK.subn(" ", text[:MAX_READ])
    return n + len(_BARE_HOST.findall(rest))


def n_hidden(text: str) -> int:
    """How many characters of a text nobody sees or pose as others."""
    return 0 if text.isascii() else plain_form(text).n_hidden


def plain_form(text: str) -> PlainForm:
    """The text with obfuscation undone and what was found on the way; linear in its length."""
    text = text[:MAX_READ]
    counts: dict[str, int] = {}
    text, n_unseen = _without_unseen(text)
    n_fancy = 0 if text.isascii() else sum(map(_is_fancy, text))
    text = unicodedata.normalize("NFKC", text)
    counts["capitals"] = sum(c.isupper() for c in text)
    counts["letters"] = sum(c.isalpha() for c in text)
    counts["emoji"], counts["emoji_run"], counts["ornaments"] = _emoji(text)
    counts["exclamations"] = text.count("!")
    text, counts["marks"] = _without_stray_marks(text.casefold())
    counts["markup"] = len(_MARKUP.findall(text))
    for name, pattern, placed in (
        ("links", _LINK, " §url "),
        ("emails", _EMAIL, " §email "),
        ("links", _BARE_HOST, " §url "),
        ("handles", _HANDLE, " §handle "),
    ):
        text, n = pattern.subn(placed, text)
        counts[name] = counts.get(name, 0) + n
    text, counts["apart"] = _APART.subn(_joined, text)
    for name, pattern, placed in (
        ("phones", _PHONE, " §phone "),
        ("money", _MONEY, " §money "),
        ("percents", _PERCENT, " §percent "),
    ):
        text, counts[name] = pattern.subn(placed, text)
    words, n_posing, counts["mixed"] = [], 0, 0
    for word in text.split():
        plain, posing = _without_posing(word)
        n_posing += posing
        counts["mixed"] += _mixes_figures(plain)
        words.append(plain)
    text = _NUMBER.sub(lambda m: "0" * min(len(m.group()), 6), " ".join(words))
    counts["fancy"], counts["unseen"], counts["posing"] = n_fancy, n_unseen, n_posing
    return PlainForm(
        text, MappingProxyType(counts), n_unseen + n_posing + n_fancy + counts["marks"]
    )


def _joined(found: re.Match[str]) -> str:
    return " §apart " + re.sub(r"[\W_]", "", found.group()) + " "


def _without_unseen(text: str) -> tuple[str, int]:
    """The text without format characters, and how many stood between two letters."""
    if text.isascii():
        return text, 0
    out: list[str] = []
    n = 0
    for place, sign in enumerate(text):
        if (
            unicodedata.category(sign) not in {"Cf", "Co", "Cn"}
            and sign not in "\u034f\u2800\u3164"
        ):
            out.append(sign)
            continue
        before = text[place - 1] if place else " "
        # A joiner shapes Persian, Hindi and emoji; between letters of these alphabets it hides.
        if sign in _JOINERS and ord(before) > 0x500:
            out.append(" " if sign == "\u200c" else "")
        elif before.isalnum() and sign not in _PASTED:
            n += 1
    return "".join(out), n


def _is_fancy(sign: str) -> bool:
    """Whether a letter is of an alphabet for formulas, wide, or in a circle or square."""
    code = ord(sign)
    if 0xFF21 <= code <= 0xFF5A:
        return sign.isalpha()
    return 0x1D400 <= code <= 0x1D7FF or 0x24B6 <= code <= 0x24E9 or 0x1F130 <= code <= 0x1F189


def _emoji(text: str) -> tuple[int, int, int]:
    """How many emoji, the longest run of one, and how many words stand between two of the same."""
    if text.isascii():
        return 0, 0, 0
    n = longest = run = ornaments = 0
    last, last_place = "", -100
    for place, sign in enumerate(text):
        if sign in _EMOJI_JOIN or unicodedata.category(sign) != "So":
            continue
        n += 1
        run = run + 1 if sign == last and place - last_place <= 2 else 1
        longest = max(longest, run)
        ornaments += sign == last and 4 <= place - last_place <= 60
        last, last_place = sign, place
    return n, longest, ornaments


def _without_stray_marks(text: str) -> tuple[str, int]:
    """The text without marks on Latin letters that no language writes, and their number.

    Marks that belong to a letter are one with it in composed form; those left hide the word below.
    """
    if text.isascii():
        return text, 0
    out: list[str] = []
    n, is_latin = 0, False
    for sign in unicodedata.normalize("NFC", text):
        if is_latin and sign != "\ufe0f" and unicodedata.category(sign) == "Mn":
            n += 1
            continue
        is_latin = sign < "\u0250" and sign.isalnum()
        out.append(sign)
    return "".join(out), n


def _without_posing(word: str) -> tuple[str, int]:
    """A word that mixes Latin letters with lookalikes of other alphabets, in Latin letters."""
    if word.isascii():
        return word, 0
    n = sum(ord(sign) in _LOOKALIKE for sign in word)
    if not n or not any("a" <= sign <= "z" for sign in word):
        return word, 0
    return word.translate(_LOOKALIKE), n


def _mixes_figures(word: str) -> bool:
    """Whether letters and figures stand mixed: `w1n`, `alex17`; no ordinals and no units."""
    if word.isalpha() or "§" in word:
        return False
    core = word.strip(".,:;!?()\"'")
    letters = sum(c.isalpha() for c in core)
    figures = sum(c.isdigit() for c in core)
    return letters >= 2 and figures >= 1 and not core[0].isdigit()
