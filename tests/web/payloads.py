"""Hostile strings: the outside lists where they are, made ones everywhere."""

from __future__ import annotations

import itertools
import json
import os
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_EVENTS = (
    "onerror",
    "onload",
    "onclick",
    "onmouseover",
    "onfocus",
    "onpointerrawupdate",
    "ontoggle",
)
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "input autofocus",
    "details open",
    "iframe",
    "video src=x",
    "a",
)
_OPENERS = ("", "'>", '">', "</title>", "</textarea>", "</script>", "--><!-- -->", "]]>", "\x00")
_SCHEMES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example/x",
            "javascript://%0aalert(1)", 'http://evil.example/" onclick=alert(1) x="')  # fmt: skip
TEMPLATES = ("{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{7*'7'}}", "{%for a in [1]%}49{%endfor%}",
             "{{config}}", "{{self.__init__.__globals__}}", "${{7*7}}", "@(7*7)", "*{7*7}", "[[7*7]]",
             "{{''.__class__.__mro__}}", "{% include '/etc/passwd' %}", "{#7*7#}", "{{ 7|e }}",
             "{{request.app.state.office.key}}", "%{7*7}", "~{7*7}", "{php}echo 49;{/php}")  # fmt: skip


@cache
def scripts() -> tuple[str, ...]:
    """Payloads that try to run a script, each once."""
    made = [
        f"{opener}<{tag} {event}=alert(1)>"
        for opener, tag, event in itertools.product(_OPENERS, _TAGS, _EVENTS)
    ]
    made += [f"{opener}<script>alert(1)</script>" for opener in _OPENERS]
    made += _SCHEMES
    return tuple(
        dict.fromkeys([*made, *_lines("xss/Intruder/*"), *_lines("payloads/XSS*"), *naughty()])
    )


@cache
def naughty() -> tuple[str, ...]:
    """Strings that break software: the outside list and a few of ours."""
    own = ["\x00", "\x1b[31mred", "\r\nSet-Cookie: a=b", "\u202etxt.exe", "\ud7ff\ue000", "=1+1", "@SUM(1)",
           "+1", "-1", "\u2028\u2029", "a" * 5_000, "\x85", "\x0b\x0c", "%0d%0a", "\ufeff", "\uffff"]  # fmt: skip
    file = shared() / "blns" / "blns.json"
    return tuple(own + (json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []))


@cache
def statements() -> tuple[str, ...]:
    """Pieces of SQL and of a full-text query that try to leave their field."""
    made = [f"{quote}{rest}" for quote in ("'", '"', "`", "\\'", "%", "')") for rest in
            (" OR 1=1--", "; DROP TABLE reviews;--", " UNION SELECT * FROM accounts--", "*", " NEAR(", " AND (")]  # fmt: skip
    return tuple(
        dict.fromkeys([*made, "words:*", "^a", "a NOT", "{a b}", *_lines("payloads/SQL*")])
    )


@cache
def paths() -> tuple[str, ...]:
    """Names that try to leave a folder."""
    parts = ("../", "..\\", "%2e%2e/", "..%2f", "..%c0%af", "....//", "/", "C:\\", "\\\\host\\")
    ends = ("etc/passwd", "etc/passwd\x00.html", "windows/win.ini", "desk.key", "a.html", "")
    made = [part * n + end for part in parts for n in (1, 3, 8) for end in ends]
    made += ["x" * 5_000 + ".html", "nul", "con.html", "a\r\nb.html", ".", "..", "~/x.html"]
    kinds = ("payloads/Directory*", "payloads/File_Inclusion*")
    return tuple(dict.fromkeys([*made, *(line for kind in kinds for line in _lines(kind))]))


def shared() -> Path:
    """The folder of outside lists; it may be absent."""
    return Path(os.environ.get("ONRECORD_SHARED", _ROOT.parent / "shared")) / "corpora"


def _lines(pattern: str) -> list[str]:
    found = []
    for file in sorted(shared().glob(pattern)):
        if file.is_file() and file.name != "LICENSE":
            text = file.read_bytes().decode("utf-8", "replace")
            found += [line for line in text.split("\n") if line.strip()]
    return found
