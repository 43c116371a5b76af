"""The entries of an RSS or Atom feed, read in a process of its own that may run out of time alone.

`main` reads a line of JSON (`[media type, address]`) and the feed from standard input, and writes
`[form, [[address, title, date], ...]]` as JSON; an empty form says that it is no feed.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import warnings
from typing import Any

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Read the feed; the arguments are the most seconds, bytes of memory and entries."""
    seconds, memory, max_entries = (int(each) for each in arguments)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    warnings.simplefilter("ignore")
    import feedparser

    media_type, url = json.loads(sys.stdin.buffer.readline())
    # A stream, never a string: feedparser would open a string that looks like an address.
    found = feedparser.parse(
        io.BytesIO(sys.stdin.buffer.read()),
        response_headers={"content-type": media_type, "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=True,
    )
    rows = [_row(entry) for entry in found.entries[:max_entries]]
    answer = json.dumps([found.get("version") or "", [row for row in rows if row[0]]])
    sys.stdout.buffer.write(answer.encode())
    return 0


def _row(entry: Any) -> tuple[str, str, str]:  # noqa: ANN401 - feedparser has its own types
    told = entry.get("updated_parsed") or entry.get("published_parsed")
    changed = time.strftime("%Y-%m-%dT%H:%M:%SZ", told) if told and told[0] > 0 else ""
    return str(entry.get("link") or ""), str(entry.get("title") or ""), changed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
