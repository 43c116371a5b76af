"""MediaWiki dumps of invented pages for tests."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
<siteinfo><sitename>Elmwiki</sitename><dbname>elm</dbname>
<base>https://elm.example/wiki/Main_Page</base><rights>CC BY-SA 4.0</rights>
<namespaces><namespace key="0" case="first-letter"/><namespace key="1">Talk</namespace></namespaces>
</siteinfo>
"""
TAIL = "</mediawiki>\n"


def page(title: str, text: str, *, ns: int = 0, redirect: str = "") -> str:
    link = f'<redirect title="{escape(redirect)}" />' if redirect else ""
    return (
        f"  <page><title>{escape(title)}</title><ns>{ns}</ns><id>7</id>{link}<revision><id>9</id>"
        "<timestamp>2025-03-04T05:06:07Z</timestamp><contributor><username>Ann</username><id>3</id>"
        f'</contributor><text bytes="9" xml:space="preserve">{escape(text)}</text></revision></page>\n'
    )


def dump(*pages: str) -> bytes:
    return (HEAD + "".join(pages) + TAIL).encode()


def large(n_bytes: int) -> Iterator[bytes]:
    """The pieces of a dump of about that size, each of some pages."""
    yield HEAD.encode()
    words = "The mill bridge of [[Elmford]] carries {{convert|12|km|mi}} of road.\n\n"
    words += "The council of the town voted to repair the bridge this spring. " * 60
    made = 0
    number = 0
    while made < n_bytes:
        piece = "".join(page(f"Bridge {number + i}", words) for i in range(100)).encode()
        number += 100
        made += len(piece)
        yield piece
    yield TAIL.encode()
