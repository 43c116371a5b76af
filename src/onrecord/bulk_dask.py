"""A bulk run on a Dask cluster: each input is one task, which resumes when it is run again.

Inputs and output must be on a file system that every worker sees. Dask is optional.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onrecord.bulk import Outcome, Rules, run_input
from onrecord.errors import SettingsError
from onrecord.settings import Settings

__all__ = ["run_on_dask"]


def run_on_dask(
    inputs: Sequence[Path], out: Path, *, settings: Settings, rules: Rules, scheduler: str
) -> tuple[Outcome, ...]:
    """Runs the inputs on the cluster at `scheduler`, or on one started here when it is empty.

    A worker that dies has its input run again elsewhere, from where the shard stops. Raises
    `SettingsError` where Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SettingsError(
            'dask is not installed; install it with: pip install "onrecord[dask]"'
        ) from error
    with Client(scheduler or None) as client:
        tasks = [
            client.submit(
                run_input,
                source.absolute(),
                out.absolute(),
                settings=settings,
                rules=rules,
                pure=False,
                retries=5,
            )
            for source in inputs
        ]
        return tuple(client.gather(tasks))
