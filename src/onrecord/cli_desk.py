"""The commands of the desk: `serve`, `work`, `user add`, `audit verify`: parse, call, print."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, complain
from onrecord.terms import Role

if TYPE_CHECKING:
    from onrecord.settings import Settings

__all__ = ["audit_app", "serve", "user_app", "work"]

FAILED, WITH_PROBLEMS = 1, 3
user_app = typer.Typer(help="Accounts of the desk.", no_args_is_help=True, rich_markup_mode=None)
audit_app = typer.Typer(help="The log of every act.", no_args_is_help=True, rich_markup_mode=None)


def serve(
    settings_file: SettingsFile = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave the jobs to `onrecord work`.")
    ] = False,
) -> None:
    """Serve the desk and its public site; the start page makes the first account."""
    import uvicorn

    from onrecord.web.app import make_app
    from onrecord.web.log_lines import log_settings
    from onrecord.web.office import open_office

    settings = _settings(settings_file)
    office = open_office(settings)
    worker = None if no_worker else _worker(settings_file)
    place = settings.serve
    complain(f"the desk: http://{place.host}:{place.port}/desk, the public site: /")
    # uvicorn raises the signal again once it has shut down; without this the worker would stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            make_app(office),
            host=place.host,
            port=place.port,
            log_config=log_settings(),
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=10)
        office.engine.dispose()


def work(
    job: Annotated[str, typer.Option("--job", help="Run this one job and end.")] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Read the pages that wait, each in a process of its own with limits.

    While none waits, look again at what published checks cite.
    """
    from logging.config import dictConfig

    from onrecord.locker import Locker
    from onrecord.lookout import Lookout
    from onrecord.web.log_lines import log_settings
    from onrecord.web.office import open_office
    from onrecord.work import Limits, own_command, rest, run_job
    from onrecord.work import work as run

    dictConfig(log_settings())
    settings = _settings(settings_file)
    office = open_office(settings)
    if job:
        from onrecord.compose import open_desk

        run_job(job, desk=open_desk(settings), folder=office.folder, engine=office.engine)
        return
    command = own_command()
    if settings_file is not None:
        command = (*command[:-1], "--settings", str(settings_file), command[-1])

    def let_go(now: datetime) -> None:
        from onrecord.store.replies import retention

        retention(office.engine, now=now, settings=settings.replies)

    lookout = Lookout(Locker(office.engine, office.folder), settings.fetch)

    def look_out() -> None:
        if not lookout.step():
            rest()

    try:
        run(
            office.engine,
            limits=Limits(),
            command=command,
            is_stopped=lambda: False,
            daily=let_go,
            idle=look_out if settings.newsroom.keep_cited else rest,
        )
    except KeyboardInterrupt:
        complain("stopped")


@user_app.command("add")
def user_add(
    sign_in: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option("--name", help="The name that is printed.")],
    role: Annotated[Role, typer.Option("--role", help="What the account may do.")] = Role.EDITOR,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="Read the password from here.")
    ] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Add an account; the password is asked for, or read from a file."""
    from onrecord.store import accounts
    from onrecord.store.newsroom import Act
    from onrecord.web.office import open_office
    from onrecord.web.sign_in import hashed, password_fault

    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip()
    else:
        password = typer.prompt("password", hide_input=True, confirmation_prompt=True)
    fault = password_fault(password)
    if fault:
        complain(fault)
        raise typer.Exit(FAILED)
    office = open_office(_settings(settings_file))
    made = accounts.add(
        office.engine,
        sign_in=sign_in,
        name=name,
        role=role,
        password=hashed(password),
        act=Act("", "add account", office.now()),
    )
    print(f"added {made.name}, {made.role.value}")


@audit_app.command("verify")
def audit_verify(settings_file: SettingsFile = None) -> None:
    """Check that no entry of the audit log was changed, taken out or put in between."""
    from onrecord.newsroom.audit import broken
    from onrecord.store.newsroom import audit_log, last_entry
    from onrecord.web.office import open_office

    office = open_office(_settings(settings_file))
    found = broken(audit_log(office.engine))
    last = last_entry(office.engine)
    for one in found[:20]:
        print(f"entry {one.number}: {one.found}")
    if found:
        raise typer.Exit(WITH_PROBLEMS)
    if last is None:
        print("the log is empty")
    else:
        print(f"{last.number} entries, unbroken; the last has the digest {last.digest}")


def _worker(settings_file: Path | None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "onrecord", "work"]
    if settings_file is not None:
        command += ["--settings", str(settings_file)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def _settings(file: Path | None) -> Settings:
    from onrecord.settings import settings_of

    return settings_of(file)
