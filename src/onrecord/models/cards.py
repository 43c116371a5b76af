"""The tables of a model's card, from its manifest.

A card is prose with the tables between two markers; a test compares them with the manifest, so
that figures in a card are those of the files beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.errors import ModelError

__all__ = ["BEGIN", "END", "tables", "with_tables"]

BEGIN = "<!-- tables from manifest.toml -->"
END = "<!-- end of tables -->"


def tables(manifest: Mapping[str, Any]) -> str:
    """The data, scores and files of a manifest as Markdown tables."""
    lines = ["| trained on | split | licence | use |", "|---|---|---|---|"]
    lines += [
        f"| {d['name']} | {d['split']} | {d['licence']} | {d['use']} |"
        for d in manifest.get("data", [])
    ]
    lines += ["", "| measured on | score | value | 95% interval |", "|---|---|---|---|"]
    lines += [
        f"| {s['data']} | {s['name']} | {s['value']:.3f} | {s['low']:.3f} to {s['high']:.3f} |"
        for s in manifest.get("scores", [])
    ]
    commands = dict.fromkeys(s["command"] for s in manifest.get("scores", []))
    lines += ["", *(f"`{command}`" for command in commands)]
    lines += ["", "| file | SHA-256 |", "|---|---|"]
    lines += [f"| {name} | `{digest}` |" for name, digest in manifest["files"].items()]
    return "\n".join(lines)


def with_tables(card: str, manifest: Mapping[str, Any]) -> str:
    """The card with its tables written anew; `ModelError` when it has no place for them."""
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ModelError(f"the card has no lines {BEGIN!r} and {END!r}; add them")
    return f"{before}{BEGIN}\n{tables(manifest)}\n{END}{after}"
