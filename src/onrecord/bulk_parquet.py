"""A shard of a bulk run as a Parquet file: flat columns for counting, and the record as JSON.

Made from the JSON lines when a shard is done, some rows at a time. A column is null where the stage
behind it did not run, and 0 or empty where it found nothing. Needs pyarrow, which is optional.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onrecord.bulk_shards import lines
from onrecord.errors import SettingsError, StoreError
from onrecord.terms import AttributionKind, SpeakerKind, Voice

__all__ = ["COLUMNS", "needs_pyarrow", "write_parquet"]

SUFFIX = ".parquet"
# Rows are written when their JSON comes to so much: the most that is held, a few times over.
MAX_GROUP = 32_000_000  # bytes
_UNNAMED = frozenset({SpeakerKind.ANONYMOUS.value, SpeakerKind.VAGUE.value})

# Name and type of each column, in order; types by pyarrow's names, `list` for a list of texts.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("position", "int64"),
    ("url", "string"),
    ("site", "string"),
    ("published", "string"),
    ("modified", "string"),
    ("retrieved", "string"),
    ("title", "string"),
    ("authors", "list"),
    ("language", "string"),
    ("genre", "string"),
    ("digest", "string"),
    ("n_words", "int64"),
    ("n_words_publisher", "int64"),
    ("n_words_attributed", "int64"),
    ("n_words_mixed", "int64"),
    ("n_sentences", "int64"),
    ("n_attributions", "int64"),
    ("n_attributions_direct", "int64"),
    ("n_attributions_indirect", "int64"),
    ("n_attributions_mixed", "int64"),
    ("speakers", "list"),
    ("n_speakers_unnamed", "int64"),
    ("n_claims", "int64"),
    ("n_claims_checkable", "int64"),
    ("first_claim", "string"),
    ("headline_findings", "list"),
    ("n_matches", "int64"),
    ("n_reuse", "int64"),
    ("badges", "list"),
    ("problems", "list"),
    ("record", "string"),
)


def needs_pyarrow() -> None:
    """Raises `SettingsError` where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401 - asked before a long run, not after it
    except ImportError as error:
        raise SettingsError(
            'Parquet needs pyarrow; install it with: pip install "onrecord[parquet]"'
        ) from error


def write_parquet(shard: Path) -> Path:
    """Writes the records of a shard beside it, and returns the file; a half-written one never stays.

    Raises `SettingsError` without pyarrow, `StoreError` when the file cannot be written.
    """
    needs_pyarrow()
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"int64": pa.int64(), "string": pa.string(), "list": pa.list_(pa.string())}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS])
    path = shard.with_suffix(SUFFIX)
    new = path.with_name(f".{path.name}.new")
    try:
        with pq.ParquetWriter(new, schema, compression="zstd") as writer:
            for rows in _groups(shard):
                writer.write_table(pa.Table.from_pylist(rows, schema))
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {str(path)!r}: {error.strerror or error}; free some space and run again "
            "with --resume"
        ) from error
    return path


def _groups(shard: Path) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    for position, body in lines(shard):
        rows.append(row(position, body.decode("utf-8")))
        size += len(body)
        if size > MAX_GROUP:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def row(position: int, body: str) -> dict[str, Any]:
    """The columns of a record, from its JSON."""
    record = json.loads(body)["record"]
    page = record["page"]
    text, metadata = page["text"], page["metadata"]
    said = record["attributions"]
    kinds = [one["kind"] for one in said or ()]
    speakers, claims = record["speakers"], record["claims"]
    unnamed = [one for one in speakers or () if one["kind"] in _UNNAMED]
    ranked = [one for one in claims or () if one["rank"] == 1]
    return {
        "position": position,
        "url": page["url"],
        "site": _site(page),
        "published": _value(metadata["published"]),
        "modified": _value(metadata["modified"]),
        "retrieved": page["retrieved"],
        "title": _value(metadata["title"]),
        "authors": [one["value"] for one in metadata["authors"]],
        "language": _value(metadata["language"]),
        "genre": page["genre"]["genre"],
        "digest": page["digest"],
        **_words(record["sentence_voices"], text),
        "n_sentences": _count(record["sentences"]),
        "n_attributions": _count(said),
        **{
            f"n_attributions_{kind.value}": None if said is None else kinds.count(kind.value)
            for kind in AttributionKind
        },
        "speakers": None if speakers is None else [one["name"] for one in speakers],
        "n_speakers_unnamed": None if speakers is None else len(unnamed),
        "n_claims": _count(claims),
        "n_claims_checkable": None if claims is None else sum(one["checkable"] for one in claims),
        "first_claim": _words_at(ranked[0]["span"], text) if ranked else None,
        "headline_findings": record["headline"] and sorted(record["headline"]["findings"]),
        "n_matches": _count(record["matches"]),
        "n_reuse": _count(record["reuse"]),
        "badges": None if record["badges"] is None else [one["label"] for one in record["badges"]],
        "problems": [f"{one['stage']}: {one['message']}" for one in record["problems"]],
        "record": body,
    }


def _words(voices: list[dict[str, Any]] | None, text: str) -> dict[str, int | None]:
    """Words of title, subtitle and body by whose assertion their sentence is."""
    names = {voice.value: f"n_words_{voice.value}" for voice in Voice}
    if voices is None:
        return dict.fromkeys(("n_words", *names.values()))
    counts = dict.fromkeys(("n_words", *names.values()), 0)
    for one in voices:
        n = len(_words_at(one["sentence"], text).split())
        counts["n_words"] += n
        counts[names[one["voice"]]] += n
    return {**counts}


def _words_at(span: list[int], text: str) -> str:
    return text[span[0] : span[1]]


def _value(found: dict[str, Any] | None) -> str | None:
    return found["value"] if found else None


def _count(found: list[Any] | None) -> int | None:
    return None if found is None else len(found)


def _site(page: dict[str, Any]) -> str | None:
    site = _value(page["metadata"]["site"])
    if site and site.strip():
        return " ".join(site.split())
    host = urlsplit(page["url"] or "").hostname
    return host.removeprefix("www.") if host else None
