"""A small writer of PDF files for tests: lines of text at places, one font, one stream a page."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

Placed = tuple[float, float, float, str]  # x, y, size of letters, words


def stream_of(lines: Sequence[Placed]) -> bytes:
    """The drawing commands of a page."""
    out = [b"BT"]
    for x, y, size, words in lines:
        shown = (
            words.encode("cp1252")
            .replace(b"\\", b"\\\\")
            .replace(b"(", b"\\(")
            .replace(b")", b"\\)")
        )
        out.append(b"/F1 %.1f Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj" % (size, x, y, shown))
    out.append(b"ET")
    return b"\n".join(out)


def made(
    pages: Sequence[Sequence[Placed]],
    *,
    about: dict[str, str] | None = None,
    trailer: bytes = b"",
    contents: Sequence[bytes] | None = None,
    packed: bool = True,
) -> bytes:
    """A PDF of pages of placed lines, or of ready (packed) `contents`."""
    streams = [zlib.compress(stream_of(page)) if packed else stream_of(page) for page in pages]
    if contents is not None:
        streams = list(contents)
    n_pages = len(streams)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(n_pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n_pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i)
        )
        coding = b" /Filter /FlateDecode" if packed else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(stream), coding, stream))
    if about is not None:
        fields = b" ".join(
            b"/%s (%s)" % (name.encode(), value.encode("latin-1")) for name, value in about.items()
        )
        objects.append(b"<< %s >>" % fields)
        trailer += b" /Info %d 0 R" % len(objects)
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


def page(
    *paragraphs: Sequence[str], x: float = 72, top: float = 700, size: float = 11
) -> list[Placed]:
    """Paragraphs given as their lines, one under the other with a gap between them."""
    out: list[Placed] = []
    y = top
    for paragraph in paragraphs:
        for line in paragraph:
            out.append((x, y, size, line))
            y -= 13
        y -= 9
    return out


def pages(n: int) -> list[list[Placed]]:
    """Pages of one sentence each."""
    return [page([f"The council met for the {i}th time in the old hall."]) for i in range(1, n + 1)]


def bomb(n_bytes: int = 2**30) -> bytes:
    """A PDF whose one stream unpacks to `n_bytes` of zeros; it is made in small pieces."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(bytes(2**20)) for _ in range(n_bytes // 2**20)]
    pieces.append(packer.flush())
    return made([[]], contents=[b"".join(pieces)])


def pictures_only() -> bytes:
    """A PDF of a page that draws a grey box and no letter."""
    return made([[]], contents=[b"0.5 g 72 72 400 600 re f"], packed=False)


def encrypted() -> bytes:
    """A PDF that needs a password; pypdf writes it, since it takes a cipher."""
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made(pages(2)))))
    writer.encrypt("Elmford", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
