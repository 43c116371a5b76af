"""Commands: parse the arguments, call, print. No logic of its own.

What a command finds goes to standard output, everything else to standard error. Exit codes: 0
done, 1 failed, 2 wrong usage, 3 done with problems.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_backup import backup, restore
from onrecord.cli_bulk import bulk
from onrecord.cli_desk import audit_app, serve, user_app, work
from onrecord.cli_evidence import evidence_app
from onrecord.cli_history import copies, history_app
from onrecord.cli_library import library_app, reindex
from onrecord.cli_lint import lint
from onrecord.cli_locker import locker_app
from onrecord.cli_mcp import mcp
from onrecord.cli_report import report
from onrecord.cli_verify import verify
from onrecord.cli_watch import watch
from onrecord.errors import OnrecordError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.compose import Desk
    from onrecord.ports import Chat
    from onrecord.record import Capture, Record
    from onrecord.settings import Settings

__all__ = ["app", "main"]

DONE, FAILED, WRONG_USAGE, WITH_PROBLEMS = 0, 1, 2, 3
MAX_WIDTH = 120

app = typer.Typer(
    name="onrecord",
    help="A news page in, its record out: what it asserts, who says each thing, what stands behind it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Form(StrEnum):
    """The forms in which a record is given out, and the suffix of their files."""

    TEXT = "txt"
    JSON = "json"
    HTML = "html"
    ANNOTATIONS = "jsonld"
    WORKSHEET = "md"


@dataclass(frozen=True, slots=True)
class View:
    """What a view of a record takes in beyond the usual."""

    everything: bool
    comments: bool
    working_copy: bool


@app.command()
def check(
    pages: Annotated[
        list[str],
        typer.Argument(metavar="PAGE...", help="Files, addresses, WARC archives, or - for input."),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Print every statement and every badge rule.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The record as JSON.")] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="The record as one self-contained HTML page.")
    ] = False,
    as_annotations: Annotated[
        bool, typer.Option("--annotations", help="Every span as W3C Web Annotations (JSON-LD).")
    ] = False,
    as_worksheet: Annotated[
        bool, typer.Option("--worksheet", help="Markdown: whom to call, what to request.")
    ] = False,
    comments: Annotated[
        bool, typer.Option("--comments", help="Keep readers' comments in the HTML page.")
    ] = False,
    working_copy: Annotated[
        bool,
        typer.Option(
            "--working-copy",
            help="With --html or --worksheet: what a machine proposes on claims, not to publish.",
        ),
    ] = False,
    with_llm: Annotated[
        bool,
        typer.Option("--llm", help="Let the language model of the settings rephrase and sum up."),
    ] = False,
    no_keep: Annotated[
        bool, typer.Option("--no-keep", help="Do not keep what an address served.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write here; a folder when there are several pages."),
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail when a stage cannot do its work.")
    ] = False,
) -> None:
    """Print the record of each page: findings first, then who says what."""
    asked = {
        Form.JSON: as_json,
        Form.HTML: as_html,
        Form.ANNOTATIONS: as_annotations,
        Form.WORKSHEET: as_worksheet,
    }
    forms = [form for form, wanted in asked.items() if wanted] or [Form.TEXT]
    if len(forms) > 1:
        names = ", ".join(f"--{form.name.lower()}" for form in forms)
        raise typer.BadParameter(f"choose one of {names}")
    if working_copy and forms[0] not in {Form.HTML, Form.WORKSHEET}:
        raise typer.BadParameter("--working-copy goes with --html or --worksheet")
    view = View(everything=everything, comments=comments, working_copy=working_copy)
    from dataclasses import replace

    desk = _desk(replace(settings := _settings(settings_file), strict=strict or settings.strict))
    chat = _chat(settings) if with_llm else None
    several = len(pages) > 1 or (output is not None and output.is_dir())
    n_good, n_bad = 0, 0
    for argument, capture, record in _records(desk, pages):
        if record is None:
            n_bad += 1
            continue
        n_good += 1
        if chat is not None:
            record = _advised(record, chat)  # noqa: PLW2901 - the same record, with advice
        text = _rendered(record, forms[0], view)
        if capture is not None and not no_keep:
            text += _kept(desk, capture, record, form=forms[0])
        if output is None:
            _print(text, first=n_good == 1, form=forms[0])
        else:
            _write(text, _target(output, argument, record, form=forms[0], several=several))
        n_bad += bool(record.problems)
    if n_good == 0:
        raise typer.Exit(FAILED)
    if n_bad:
        raise typer.Exit(WITH_PROBLEMS)


@app.command()
def claim(
    text: Annotated[str, typer.Argument(help="One claim, as a sentence.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Print every passage that was found.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Print what was fact-checked before, and what the collection says, of a typed claim."""
    from onrecord.show.claim import claim as shown
    from onrecord.show.claim import claim_json

    desk = _desk(_settings(settings_file))
    answer = desk.claim(text)
    if as_json:
        sys.stdout.write(claim_json(answer))
    else:
        sys.stdout.write(shown(answer, width=_width(), everything=everything))
    for problem in desk.problems:
        _complain(f"{problem.stage}: {problem.message}")
    if desk.problems:
        raise typer.Exit(WITH_PROBLEMS)


@app.command()
def stages(
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Print the stages in order of work, and where each comes from."""
    from onrecord.compose import open_desk
    from onrecord.stages import stage_table

    settings = _settings(settings_file)
    built = {stage.name: stage for stage in open_desk(settings).pipeline.stages}
    print(f"{'stage':<10} {'maker':<10} {'source':<12} {'in use':<7} reads -> writes")
    for row in stage_table(settings):
        stage = built.get(row.stage)
        way = f"{', '.join(stage.reads)} -> {stage.writes}" if stage and row.chosen else ""
        used = "yes" if row.chosen else "no"
        print(f"{row.stage:<10} {row.maker:<10} {row.source:<12} {used:<7} {way}".rstrip())


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    import json

    from onrecord.codec import schema as record_schema

    print(json.dumps(record_schema(), indent=1))


app.add_typer(library_app, name="library")
app.add_typer(evidence_app, name="evidence")
app.add_typer(history_app, name="history")
app.add_typer(user_app, name="user")
app.add_typer(audit_app, name="audit")
app.add_typer(locker_app, name="locker")
app.command()(copies)
app.command()(reindex)
app.command()(backup)
app.command()(restore)
app.command()(verify)
app.command()(lint)
app.command()(bulk)
app.command()(report)
app.command()(serve)
app.command()(work)
app.command()(mcp)
app.command()(watch)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from onrecord import __version__

        print(f"onrecord {__version__}")
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(WRONG_USAGE)


def _settings(file: Path | None) -> Settings:
    from onrecord.settings import settings_of

    try:
        return settings_of(file)
    except OnrecordError as error:
        _complain(str(error))
        raise typer.Exit(WRONG_USAGE) from error


def _desk(settings: Settings) -> Desk:
    from onrecord.compose import open_desk

    try:
        return open_desk(settings)
    except OnrecordError as error:
        _complain(str(error))
        raise typer.Exit(WRONG_USAGE) from error


def _chat(settings: Settings) -> Chat:
    from onrecord.llm import endpoint

    try:
        chat = endpoint(settings.llm)
    except OnrecordError as error:
        _complain(str(error))
        raise typer.Exit(WRONG_USAGE) from error
    if chat is None:
        raise typer.BadParameter("--llm needs the settings llm.url and llm.model")
    return chat


def _advised(record: Record, chat: Chat) -> Record:
    from onrecord.llm import advised

    return advised(record, chat)


def _records(desk: Desk, pages: list[str]) -> Iterator[tuple[str, Capture | None, Record | None]]:
    """Each page's record, or `None` after its complaint; one bad page never stops the others.

    The capture is given only for what an address served just now.
    """
    from onrecord.intake import is_address
    from onrecord.record import Problem

    for number, argument in enumerate(pages, 1):
        _progress(number, len(pages), argument)
        captures = desk.captures(argument)
        while True:
            try:
                capture = next(captures, None)
                if capture is None:
                    break
                if isinstance(capture, Problem):
                    _complain(f"{argument}: {capture.message}")
                    yield argument, None, None
                    continue
                served = capture if is_address(argument) else None
                yield capture.url or argument, served, desk.check(capture)
            except OnrecordError as error:
                _complain(f"{argument}: {error}" if argument not in str(error) else str(error))
                yield argument, None, None
    _progress(0, len(pages), "")


def _kept(desk: Desk, capture: Capture, record: Record, *, form: Form) -> str:
    """What changed since the last check, as text; a store that fails is said, and no more."""
    try:
        change = desk.keep(capture, record)
    except OnrecordError as error:
        _complain(str(error))
        return ""
    if change is None or form is not Form.TEXT:
        return ""
    from onrecord.show.changes import changes

    return changes(change, width=_width())


def _rendered(record: Record, form: Form, view: View) -> str:
    if form is Form.JSON:
        from onrecord.codec import encode

        return encode(record).decode() + "\n"
    if form is Form.ANNOTATIONS:
        from onrecord.codec import annotations

        return annotations(record).decode() + "\n"
    if form is Form.HTML:
        from onrecord.show.page import page

        return page(record, comments=view.comments, working_copy=view.working_copy)
    if form is Form.WORKSHEET:
        from onrecord.show.worksheet import worksheet

        return worksheet(record, working_copy=view.working_copy)
    from onrecord.show.terminal import terminal

    styled = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    from onrecord.show.advice import advice

    return terminal(record, everything=view.everything, width=_width(), styled=styled) + advice(
        record, width=_width()
    )


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, MAX_WIDTH)


def _print(text: str, *, first: bool, form: Form) -> None:
    if not first and form in {Form.TEXT, Form.WORKSHEET}:
        sys.stdout.write("\n" + "=" * 72 + "\n\n")
    sys.stdout.write(text)


def _target(output: Path, argument: str, record: Record, *, form: Form, several: bool) -> Path:
    if not several:
        return output
    name = "".join(c if c.isalnum() else "-" for c in Path(argument).stem)[:60].strip("-")
    return output / f"{name or 'page'}-{record.page.digest[:12]}.{form.value}"


def _write(text: str, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _complain(f"cannot write {str(path)!r}: {error.strerror}; name another file with -o")
        raise typer.Exit(FAILED) from error
    print(f"written: {path}", file=sys.stderr)


def _progress(number: int, total: int, argument: str) -> None:
    """One line on a terminal that is overwritten; nothing elsewhere, nothing for one page."""
    if total < 2 or not sys.stderr.isatty():
        return
    line = f"[{number}/{total}] {_plain(argument)[:60]}" if number else ""
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


def _plain(text: str) -> str:
    """The text without control characters, so that a name cannot steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _complain(message: str) -> None:
    print(f"onrecord: {_plain(message)}", file=sys.stderr)


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        app()
    except OnrecordError as error:
        _complain(str(error))
        sys.exit(WRONG_USAGE if isinstance(error, SettingsError) else FAILED)
