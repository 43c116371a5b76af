"""A check as a DOCX file: the few parts of Office Open XML that a text needs.

Written by hand (ECMA-376 part 1, WordprocessingML): headings, paragraphs, quotations, items and
links are six elements, and a library would bring a template with an author and a printer in it.
The same check gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from onrecord.newsroom.export import Block, Kind, blocks
from onrecord.newsroom.publication import Publication

__all__ = ["MEDIA_TYPE", "as_docx"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STYLES = {
    Kind.TITLE: "Title",
    Kind.HEADING: "Heading1",
    Kind.QUOTE: "Quote",
    Kind.ITEM: "ListBullet",
}
# In place of a numbering part, which no other element here needs.
_BULLET = ("•\u00a0", "")
# A fixed time of the files in the archive, so that equal checks give equal bytes.
_TIME = (2000, 1, 1, 0, 0, 0)
_CONTENT_TYPES = (
    f'<Types xmlns="{_TYPES}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPE}.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.styles+xml"/></Types>'
)
_ROOT = (
    f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_R}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def as_docx(check: Publication, *, is_draft: bool = False) -> bytes:
    """The check as a Word file, in the order of the public page."""
    found = blocks(check, is_draft=is_draft)
    urls = list(dict.fromkeys(url for block in found for _, url in block.parts if url))
    ids = {url: f"rId{number}" for number, url in enumerate(urls, 2)}
    body = "".join(_paragraph(block, ids) for block in found)
    document = (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}<w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" '
        'w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT,
        "word/document.xml": document,
        "word/styles.xml": _styles(),
        "word/_rels/document.xml.rels": _relations(ids),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return out.getvalue()


def _paragraph(block: Block, ids: dict[str, str]) -> str:
    style = _STYLES.get(block.kind, "")
    told = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    parts = (_BULLET, *block.parts) if block.kind is Kind.ITEM else block.parts
    return f"<w:p>{told}{''.join(_runs(parts, ids))}</w:p>"


def _runs(parts: Sequence[tuple[str, str]], ids: dict[str, str]) -> Iterator[str]:
    for text, url in parts:
        words = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
        if not url:
            yield f"<w:r>{words}</w:r>"
            continue
        look = '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>'
        yield f'<w:hyperlink r:id="{ids[url]}"><w:r>{look}{words}</w:r></w:hyperlink>'


def _relations(ids: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="{name}" Type="{_R}/hyperlink" Target={quoteattr(url)} '
        'TargetMode="External"/>'
        for url, name in ids.items()
    )
    styles = f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{styles}{links}</Relationships>'


def _styles() -> str:
    """Styles under the names that Word and LibreOffice know, so that a house template applies."""
    rows = (
        ("Title", "Title", '<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="40"/>'),
        ("Heading1", "heading 1", '<w:spacing w:before="320"/><w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="28"/>'),
        ("Quote", "Quote", '<w:ind w:left="567"/>', "<w:i/>"),
        ("ListBullet", "List Bullet", '<w:ind w:left="284" w:hanging="284"/>', ""),
    )  # fmt: skip
    made = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{place}</w:pPr><w:rPr>{look}</w:rPr></w:style>'
        for key, name, place, look in rows
    )
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr>'
        '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        f'<w:name w:val="Normal"/></w:style>{made}<w:style w:type="character" '
        'w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0563C1"/>'
        '<w:u w:val="single"/></w:rPr></w:style></w:styles>'
    )
