"""A PDF as a page: its text in reading order, with paragraphs and what its metadata states.

pypdf reads it in a process of its own with limits on memory and time (`pdf_child`), because a
small file can ask for any amount of both.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.errors import EmptyPageError, InputError, MediaTypeError, TooLargeError
from onrecord.read.language import language_of
from onrecord.read.pdf_paragraphs import Line, Paragraph, paragraphs
from onrecord.record import Capture, FoundValue, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import Genre, RegionKind

__all__ = ["pdf"]

MAX_BYTES = 100_000_000
MAX_PAGES = 500
MAX_SECONDS = 60  # of processor time; 500 typeset pages take 10 to 30
MAX_MEMORY = 1_500_000_000  # bytes of address space of the reading process
MAX_CHARS = 10_000_000  # code points, as of a plain text
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\d*|title|slide \d+|powerpoint presentation"
    r"|.*\.(?:docx?|pptx?|xlsx?|indd|qxp|qxd|dvi|pdf|tex|rtf|odt|p65|fm|pmd|ai|eps))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:windows |default )?(?:user|admin|administrator|owner|author|unknown|anonymous|root|pc|hp|dell)\d*",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:D:)?(?P<year>(?:19|20)\d\d)(?P<month>\d\d)?(?P<day>\d\d)?(?P<time>\d{6})?"
    r"(?:(?P<utc>Z)|(?P<sign>[+-])(?P<hours>\d\d)'?(?P<minutes>\d\d)?)?"
)
_LONGEST_TITLE = 300  # code points
_FIRST_LINES = 8  # paragraphs looked at for the largest letters


def pdf(capture: Capture) -> Page:
    """The page in a PDF; offsets are code points into `Page.text`, paragraphs are its regions.

    `links`, `images` and `markup` are `None`: they are not read. Raises `MediaTypeError` for an
    encrypted or damaged PDF, `EmptyPageError` for one of pictures only, and `TooLargeError` for
    one that needs too many bytes, seconds or too much memory. Pages over the cap are named in
    `truncated`.
    """
    n_bytes = len(capture.body)
    if n_bytes > MAX_BYTES:
        raise TooLargeError(
            f"a PDF of {n_bytes} bytes found; expected at most {MAX_BYTES}; split it"
        )
    found = _found(capture.body)
    n_pages = int(found["n_pages"])
    pages = [[Line(*line) for line in page] for page in found["lines"]]
    parts = paragraphs(pages)
    if not any(part.text.strip() for part in parts):
        raise EmptyPageError(_why_empty(found))
    truncated: list[str] = []
    if len(pages) < n_pages:
        truncated.append(f"pages after the first {len(pages)} of {n_pages}")
    if found["n_broken"]:
        truncated.append(f"{found['n_broken']} damaged pages of {n_pages}")
    return _page(capture, parts, about=found["about"], truncated=tuple(truncated))


def _found(body: bytes) -> Mapping[str, Any]:
    """What the reading process finds."""
    limits = [str(limit) for limit in (MAX_PAGES, MAX_SECONDS, MAX_MEMORY, MAX_CHARS)]
    slow = TooLargeError(
        f"a PDF ({len(body)} bytes) that takes more than {MAX_SECONDS} seconds to read; expected "
        "an ordinary one; print it to a new PDF, or split it"
    )
    try:
        # -P keeps modules of the current folder out of that process.
        child = subprocess.run(  # noqa: S603 - our own module, nothing of the input in the command
            [sys.executable, "-P", "-m", "onrecord.read.pdf_child", *limits],
            input=body,
            capture_output=True,
            timeout=2 * MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise slow from None
    if child.returncode:
        # The system ended it: by signal for time, by whatever else for memory.
        if child.returncode in (-24, -9):  # SIGXCPU, SIGKILL
            raise slow
        last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise TooLargeError(
            f"a PDF ({len(body)} bytes) that cannot be read within {MAX_MEMORY} bytes of memory "
            f"(exit {child.returncode}) {last}".rstrip()
        )
    found: dict[str, Any] = json.loads(child.stdout)
    if "fault" in found:
        raise _fault(*found["fault"], n_bytes=len(body))
    return found


def _fault(kind: str, reason: str, *, n_bytes: int) -> InputError:
    if kind == "encrypted":
        return MediaTypeError(
            f"an encrypted PDF ({n_bytes} bytes) found; expected one that opens without a "
            "password; save it without protection first"
        )
    if kind == "large":
        return TooLargeError(
            f"a PDF ({n_bytes} bytes) that unpacks to too much: {reason}; expected an ordinary "
            "one; print it to a new PDF"
        )
    return MediaTypeError(
        f"a damaged PDF ({n_bytes} bytes) found: {reason}; expected a whole one; get it again"
    )


def _why_empty(found: Mapping[str, Any]) -> str:
    n_pages, n_broken = found["n_pages"], found["n_broken"]
    if n_broken:
        return f"a PDF whose pages are damaged ({n_broken} of {n_pages}) found; get it again"
    return (
        f"a PDF of {n_pages} pages without text found, pictures only; expected text; run text "
        "recognition (OCR) on it first"
    )


def _page(
    capture: Capture,
    parts: Sequence[Paragraph],
    *,
    about: Mapping[str, str],
    truncated: tuple[str, ...],
) -> Page:
    parts = [part for part in parts if part.text.strip()]
    stated = _title(about.get("title", ""))
    at = _title_at(parts, stated)
    regions: list[Region] = []
    pieces: list[str] = []
    start = 0
    for i, part in enumerate(parts):
        words = part.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
        span = Span(start, start + len(words))
        attributes = (("heading", "2"),) if part.is_heading and i != at else ()
        kind = RegionKind.TITLE if i == at else RegionKind.BODY
        regions.append(Region(kind, span, attributes))
        pieces.append(words)
        start = span.end + 2
    text = "\n\n".join(pieces)
    title = FoundValue(stated, "pdf:Title") if stated else None
    if at is not None:
        span = regions[at].span
        title = FoundValue(
            stated or span.of(text), "pdf:Title" if stated else "visible:title", span
        )
    language = language_of(text)
    return Page(
        url=capture.url,
        retrieved=capture.retrieved,
        digest=hashlib.sha256(capture.body).hexdigest(),
        media_type=capture.media_type or "application/pdf",
        text=text,
        regions=tuple(regions),
        metadata=Metadata(
            title=title,
            authors=_authors(about.get("author", "")),
            published=_date(about.get("created", ""), "pdf:CreationDate"),
            modified=_date(about.get("changed", ""), "pdf:ModDate"),
            language=FoundValue(language, "py3langid") if language else None,
        ),
        links=None,
        images=None,
        markup=None,
        genre=GenreMark(Genre.NOT_STATED, ""),
        truncated=truncated,
    )


def _title(stated: str) -> str:
    """The title of the metadata, or nothing where a program has put it there."""
    words = " ".join(stated.split())
    is_sane = 3 <= len(words) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(words)
    return words if is_sane and any(char.isalpha() for char in words) else ""


def _title_at(parts: Sequence[Paragraph], stated: str) -> int | None:
    """Which paragraph is the title: the stated one, else the largest letters, else the first."""
    first = list(range(min(len(parts), _FIRST_LINES)))
    if stated:
        plain = _plain(stated)
        return next((i for i in first if _plain(parts[i].text) == plain), None)
    largest = max(first, key=lambda i: (parts[i].size, -i))
    if parts[largest].is_heading:
        return largest
    is_short = len(parts[0].text) <= _LONGEST_TITLE // 2 and not parts[0].text.endswith(".")
    return 0 if is_short and len(parts) > 1 else None


def _plain(words: str) -> str:
    return "".join(char for char in words.lower() if char.isalnum())


def _authors(stated: str) -> tuple[FoundValue, ...]:
    names = [" ".join(name.split()) for name in stated.split(";")]
    return tuple(
        FoundValue(name, "pdf:Author")
        for name in names
        if 3 <= len(name) <= 100 and not _NO_AUTHOR.fullmatch(name) and "@" not in name
    )


def _date(stated: str, where: str) -> FoundValue | None:
    match = _DATE.match(stated.strip())
    if match is None:
        return None
    parts = match.groupdict()
    day = "-".join(part for part in (parts["year"], parts["month"], parts["day"]) if part)
    if not (parts["month"] is None or 1 <= int(parts["month"]) <= 12):
        return None
    if not (parts["day"] is None or 1 <= int(parts["day"]) <= 31):
        return None
    time = parts["time"]
    if not (time and parts["day"] and time[:2] < "24" and time[2:4] < "60" and time[4:] < "60"):
        return FoundValue(day, where)
    zone = "Z" if parts["utc"] else ""
    if parts["sign"]:
        zone = f"{parts['sign']}{parts['hours']}:{parts['minutes'] or '00'}"
    return FoundValue(f"{day}T{time[:2]}:{time[2:4]}:{time[4:]}{zone}", where)
