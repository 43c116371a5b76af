"""CSV tables read into documents: each row one, "column: value; ..." under the table's name."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from onrecord.documents.made import Refused, Stated, made, named
from onrecord.documents.rows import TEXT_KEYS, stated_in
from onrecord.documents.streams import PACKED, Stream, lines
from onrecord.errors import EmptyPageError, MediaTypeError, TooLargeError
from onrecord.record import Document

__all__ = ["MAX_COLUMNS", "of_table"]

MAX_COLUMNS = 1_000  # more are a matrix, whose rows are no statements
_DELIMITERS = ",;\t|"
_SAMPLE = 50  # lines looked at to tell the delimiter
_PARTS = re.compile(r"[_\-\s]+")


class _Lines:
    """The decoded lines of a table, with the number of the last one that was taken."""

    def __init__(self, stream: Stream, max_bytes: int) -> None:
        self._lines = lines(stream, max_bytes=max_bytes)
        self._ahead: list[tuple[int, bytes | None]] = []
        for pair in self._lines:
            self._ahead.append(pair)
            if len(self._ahead) == _SAMPLE:
                break
        sample = b"".join(line or b"" for _, line in self._ahead)
        self.is_utf16 = sample.startswith((b"\xff\xfe", b"\xfe\xff"))
        self.sample = sample.decode("utf-8", "replace")
        self.number = 0
        self.too_long: list[int] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            number, line = self._ahead.pop(0) if self._ahead else next(self._lines)
            self.number = number
            if line is None:
                self.too_long.append(number)
                continue
            return self._text(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            return line.decode("cp1252", "replace")  # what spreadsheets write where not UTF-8


def of_table(stream: Stream, *, path: Path, max_bytes: int) -> Iterator[Document | Refused]:
    """The document of each row, in order; a row that does not fit is named with its line.

    The first row names the columns. A column named as the text of a JSON line gives the text
    alone. Raises `InputError` for what is no table.
    """
    source = _Lines(stream, max_bytes)
    if source.is_utf16:
        raise MediaTypeError("UTF-16 found; expected a table in UTF-8; save it as UTF-8")
    delimiter = _delimiter(source.sample, path)
    columns: list[str] | None = None
    begun = 1
    for cells in _rows(source, delimiter):
        line, begun = begun, source.number + 1
        for number in source.too_long:
            yield Refused(named(path), number, f"a line of more than {max_bytes} bytes")
        source.too_long.clear()
        if isinstance(cells, str):
            yield Refused(named(path), line, cells, n_documents=max(1, source.number - line + 1))
        elif columns is None:
            columns = _columns(cells)
        elif any(cell.strip() for cell in cells):
            yield _document(columns, cells, path=path, line=line)
    if columns is None:
        raise EmptyPageError("no row found; expected a table whose first row names its columns")


def _rows(source: _Lines, delimiter: str) -> Iterator[list[str] | str]:
    """The rows, and in words what is wrong with a stretch that cannot be read as one."""
    while True:
        try:
            yield from csv.reader(source, delimiter=delimiter)
        except csv.Error as error:
            yield f"no row: {error}; is a quotation mark left open"
        else:
            return


def _delimiter(sample: str, path: Path) -> str:
    """The delimiter that parts the first lines most evenly; a comma where none does."""
    if path.name.lower().removesuffix(".gz").endswith((".tsv", ".tab")):
        return "\t"
    best = ","
    most = 0.0
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter))
        except csv.Error:
            continue
        widths = [len(row) for row in rows[:-1] or rows if row]
        if not widths or widths[0] < 2:
            continue
        even = sum(width == widths[0] for width in widths) / len(widths)
        score = even * min(widths[0], 20) ** 0.5
        if score > most:
            best, most = delimiter, score
    return best


def _columns(cells: Sequence[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise TooLargeError(
            f"{len(cells)} columns found; expected at most {MAX_COLUMNS}: a row each for what the "
            "table is about"
        )
    return [" ".join(cell.split()) or f"column {i}" for i, cell in enumerate(cells, start=1)]


def _document(
    columns: Sequence[str], cells: Sequence[str], *, path: Path, line: int
) -> Document | Refused:
    if len(cells) > len(columns):
        return Refused(
            named(path), line, f"{len(cells)} cells found; expected {len(columns)} as in the header"
        )
    fields = {
        column.lower(): cell.strip() for column, cell in zip(columns, cells, strict=False) if cell
    }
    stated = stated_in(fields)
    text = next((fields[key] for key in TEXT_KEYS if fields.get(key)), "")
    if not text:
        pairs = zip(columns, cells, strict=False)
        text = "; ".join(
            f"{column}: {' '.join(cell.split())}" for column, cell in pairs if cell.strip()
        )
        stated = Stated(
            title=_table_name(path),
            url=stated.url,
            date=stated.date,
            publisher=stated.publisher,
            licence=stated.licence,
            name=stated.name,
        )
    return made(text, stated, path=path) or Refused(named(path), line, "no text found in the row")


def _table_name(path: Path) -> str:
    """The name of the table from its file's: `school-meals_2025.csv.gz` is "school meals 2025"."""
    name = path.name
    if path.suffix.lower() in PACKED:
        name = Path(name).stem
    return " ".join(_PARTS.split(Path(name).stem)).strip()
