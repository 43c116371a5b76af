"""The command `onrecord lint`: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onrecord.claimreview_lint import LintFinding

__all__ = ["lint"]

FAILED, WITH_PROBLEMS = 1, 3


def lint(
    pages: Annotated[
        list[str],
        typer.Argument(metavar="PAGE...", help="Files, addresses, WARC archives, or - for input."),
    ],
    url: Annotated[
        str, typer.Option("--url", help="The address that a file was published at.")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Print also what passes and what does not apply.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Check the ClaimReview markup of anybody's page, rule by rule; exit code 3 where one fails."""
    from dataclasses import replace

    from onrecord.claimreview_lint import lint as linted
    from onrecord.intake import captures
    from onrecord.read import read
    from onrecord.record import Problem
    from onrecord.settings import settings_of
    from onrecord.show.lint import findings

    settings = settings_of(settings_file)
    found: list[tuple[str, tuple[LintFinding, ...]]] = []
    for argument in pages:
        for capture in captures(argument, fetch=settings.fetch):
            if isinstance(capture, Problem):
                print(capture.message, file=sys.stderr)
                raise typer.Exit(FAILED)
            known = replace(capture, url=url) if url else capture
            found.append((known.url or argument, linted(read(known))))
    if as_json:
        sys.stdout.write(_json(found))
    else:
        sys.stdout.write(
            "\n".join(findings(name, one, everything=everything) for name, one in found)
        )
    if any(one.outcome == "fail" for _, findings_of in found for one in findings_of):
        raise typer.Exit(WITH_PROBLEMS)


def _json(found: Sequence[tuple[str, Sequence[LintFinding]]]) -> str:
    import json
    from dataclasses import asdict

    plain = [{"page": name, "findings": [asdict(one) for one in rules]} for name, rules in found]
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
