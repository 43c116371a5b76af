"""Which blocks trafilatura takes for the article, mapped back to the outline.

trafilatura returns a text without positions. Letters and digits of that text and of the blocks
are compared: blocks that occur once are anchors, short or repeated blocks are accepted only in the
gap between two anchors, so that a "Share" in a menu is not the "Share" of a heading.
"""

from __future__ import annotations

from typing import Any

from onrecord.read.dom import Outline, key

__all__ = ["article_text", "body_blocks"]

_ANCHOR = 24  # letters and digits that make a block telling on its own; 16 to 40 made no difference


def article_text(root: Any, url: str | None) -> tuple[str, ...]:  # noqa: ANN401 - lxml tree
    """The text nodes of what trafilatura takes for the article, reader comments left out.

    The tree loses its scripts, styles, meta elements and links to other files.
    """
    import trafilatura

    _strip(root)
    document = trafilatura.bare_extraction(
        root,
        url=url,
        # any form but "python", for which a text would be written that nobody reads
        output_format="xml",
        include_comments=False,
        with_metadata=False,
        include_tables=True,
    )
    if document is None or isinstance(document, dict) or document.body is None:
        return ()
    return tuple(document.body.itertext())


def _strip(root: Any) -> None:  # noqa: ANN401 - lxml tree
    """Take away what no part of trafilatura looks at, so that its six copies of a tree are smaller.

    JSON-LD stays: the article may be only there.
    """
    from lxml import etree

    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            script.tag = "style"
    etree.strip_elements(root, "style", with_tail=False)
    for head in root.iterchildren("head"):
        etree.strip_elements(head, "link", "meta", with_tail=False)


def body_blocks(out: Outline, article: tuple[str, ...]) -> tuple[set[int], float]:
    """The blocks (by index) that hold the article, and the share of the article they cover."""
    whole = key("".join(article))
    if not whole:
        return set(), 0.0
    keys = [block.key for block in out.blocks]
    times: dict[str, int] = {}
    for k in keys:
        times[k] = times.get(k, 0) + 1
    at: dict[int, tuple[int, int]] = {}
    cursor = 0
    for i, k in enumerate(keys):
        if len(k) < _ANCHOR or times[k] > 1:
            continue
        found = whole.find(k, cursor)
        if found < 0:
            found = whole.find(k)
        if found >= 0:
            at[i] = (found, found + len(k))
            cursor = found + len(k)
    _fill_gaps(whole, keys, at)
    chosen = set(at)
    _partial(out, whole, keys, at, chosen)
    covered = sum(len(keys[i]) for i in chosen)
    return chosen, min(1.0, covered / len(whole))


def _fill_gaps(whole: str, keys: list[str], at: dict[int, tuple[int, int]]) -> None:
    """Accept short and repeated blocks that stand between their anchored neighbours."""
    anchors = sorted(at)
    for a, b in zip([-1, *anchors], [*anchors, len(keys)], strict=True):
        low = at[a][1] if a >= 0 else 0
        high = at[b][0] if b < len(keys) else len(whole)
        if high <= low:
            continue
        gap = whole[low:high]
        inside = range(a + 1, b)
        if a < 0:  # before the first anchor: match backwards, nearest first
            end = len(gap)
            for i in reversed(inside):
                k = keys[i]
                if k and gap.endswith(k, 0, end):
                    at[i] = (low + end - len(k), low + end)
                    end -= len(k)
                elif len(k) >= _ANCHOR and (found := gap.rfind(k, 0, end)) >= 0:
                    at[i] = (low + found, low + found + len(k))
                    end = found
            continue
        position = 0
        for i in inside:
            k = keys[i]
            if not k:
                continue
            if gap.startswith(k, position):
                at[i] = (low + position, low + position + len(k))
                position += len(k)
            elif len(k) >= 4 and (found := gap.find(k, position)) >= 0 and found - position < 400:
                at[i] = (low + found, low + found + len(k))
                position = found + len(k)


def _partial(
    out: Outline,
    whole: str,
    keys: list[str],
    at: dict[int, tuple[int, int]],
    chosen: set[int],
) -> None:
    """Accept blocks of which at least half stands in the article, piece by piece."""
    used = sum(end - start for start, end in at.values())
    if used > 0.97 * len(whole):
        return
    for i, block in enumerate(out.blocks):
        if i in at or len(keys[i]) < 2 * _ANCHOR:
            continue
        total = matched = 0
        for piece in out.texts[block.first : block.last]:
            k = key(piece)
            total += len(k)
            if len(k) >= _ANCHOR and k in whole:
                matched += len(k)
        if total and matched >= 0.5 * total:
            chosen.add(i)
