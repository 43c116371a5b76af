"""Hostile HTML by shape and size, and a worker that reads it and says what that cost.

Run as a program it reads `[[shape, size], ...]` as JSON from standard input and prints one JSON
line for each: what came out, the CPU seconds, and the peak memory of the process so far in bytes.
"""

import json
import resource
import sys
import time
from pathlib import Path

ARTICLE = (
    "<h1>Bridge closes</h1><p>The bridge over the Ossel closed on Monday after two cables were found "
    "to be worn through, the town said.</p><p>MARKER Engineers said the work would last until spring "
    "and would cost the town two million crowns.</p>"
)

SHAPES = {
    "nested div": lambda n: "<div>" * n + ARTICLE,
    "nested and closed": lambda n: "<div>" * n + ARTICLE + "</div>" * n,
    "attributes": lambda n: "<div " + " ".join(f"a{i}=b" for i in range(n)) + ">" + ARTICLE,
    "one long attribute": lambda n: f'<div title="{"x" * (10 * n)}">' + ARTICLE,
    "one long text": lambda n: ARTICLE + "<p>" + "word " * (5 * n),
    "less-than signs": lambda n: ARTICLE + "<" * n,
    "paragraphs": lambda n: ARTICLE + "<p>x" * n,
    "open bold": lambda n: ARTICLE + "<b>x" * n,
    "open formatting": lambda n: ARTICLE + "<p><b><i><u>x" * (n // 4),
    "nested tables": lambda n: "<table><tr><td>" * (n // 3) + ARTICLE,
    "svg and math": lambda n: "<svg><math><mi>" * (n // 3) + ARTICLE,
    "lists": lambda n: "<ul><li>" * (n // 2) + ARTICLE,
    "entities": lambda n: ARTICLE + "<p>" + "&amp;&#x41;&notanentity;" * n,
    "comments": lambda n: "<!--x-->" * n + ARTICLE,
    "open comment": lambda n: ARTICLE + "<!--" * n,
    "scripts": lambda n: "<script>x</script>" * (n // 2) + ARTICLE,
    "links": lambda n: ARTICLE + "<a href=/x>x</a> " * n,
    "line breaks": lambda n: ARTICLE + "<p>" + "x<br>" * n,
    "JSON-LD": lambda n: (
        '<script type="application/ld+json">' + '{"a":' * n + "</script>" + ARTICLE
    ),
    "microdata": lambda n: "<div itemscope itemprop=a>" * n + ARTICLE,
    "names": lambda n: ARTICLE + "<p>By " + "Ann Smith, " * n,
    "quotation marks": lambda n: ARTICLE + "<p>" + "“x” " * n,
    "spaces": lambda n: ARTICLE + "<p>" + " \n" * n + "x",
    "capitals": lambda n: ARTICLE + "<p>" + "A" * n,
    "digits": lambda n: ARTICLE + "<p>" + "1" * n,
}


def peak_memory() -> int:
    """Peak memory of this program in bytes; `ru_maxrss` would begin at its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def outcome(markup: str) -> dict:
    """What reading gives: the error's name, or what was cut and whether the marker was kept."""
    from onrecord.errors import OnrecordError
    from onrecord.read import read
    from onrecord.record import Capture

    start = time.process_time()
    try:
        page = read(Capture(None, None, "text/html; charset=utf-8", markup.encode()))
        page.text.encode()
        found = {"truncated": page.truncated, "marker": "MARKER" in page.text}
    except OnrecordError as error:
        found = {"error": type(error).__name__}
    found["seconds"] = time.process_time() - start
    found["bytes"] = peak_memory()
    return found


if __name__ == "__main__":
    for name, size in json.load(sys.stdin):
        found = {"shape": name, "size": size, **outcome(SHAPES[name](size))}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
