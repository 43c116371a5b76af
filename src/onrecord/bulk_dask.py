"""A bulk run on a Dask cluster: each input is one task, which goes on where its shard stops.

The output must be on a file system that every worker sees and that has locks; inputs lie there too,
or in an object store. A task reads pages in processes of its own, as a local run does: a page that
crashes its reader does not end the Dask worker, and Dask needs no setting for it, because the
processes are none of `multiprocessing`, which a daemon may not start. Dask is optional.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from onrecord.bulk import Outcome, Rules, inputs_of, run
from onrecord.bulk_inputs import is_remote
from onrecord.errors import SettingsError
from onrecord.settings import Settings

__all__ = ["run_on_dask"]

# How often a task that raised is tried again, beside the three tries that Dask itself gives a task
# whose worker died.
RETRIES = 3
# How long a scheduler has to answer.
CONNECT_SECONDS = 30
# How long a task waits for the shard's lock. A worker that lost its scheduler and goes on writing
# holds it; when that one is done, the second finds nothing left to do.
LOCK_SECONDS = 300.0


def run_on_dask(
    inputs: Sequence[Path | str],
    out: Path,
    *,
    settings: Settings,
    rules: Rules,
    scheduler: str,
    tell: Callable[[Outcome, int, int], None] = lambda _outcome, _done, _all: None,
) -> tuple[Outcome, ...]:
    """Runs the inputs on the cluster at `scheduler`, or on one started here when it is empty.

    A worker that dies has its input run again elsewhere, from where the shard stops; an input that
    cannot be worked on has the reason in its outcome. `tell` is called as inputs are done, with how
    many are and how many there are. Raises `SettingsError` where Dask is not installed or no
    scheduler answers.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise SettingsError(
            'dask is not installed; install it with: pip install "onrecord[dask]"'
        ) from error
    rules = replace(rules, lock_seconds=LOCK_SECONDS)
    sources = [one if is_remote(one) else str(Path(one).absolute()) for one in inputs_of(inputs)]
    try:
        client = Client(scheduler or None, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"no Dask scheduler answers at {scheduler!r} ({error}); start one with: dask scheduler"
        ) from error
    with client:
        futures = {
            client.submit(
                run,
                [source],
                out.absolute(),
                settings=settings,
                rules=rules,
                pure=False,
                retries=RETRIES,
            ): source
            for source in sources
        }
        outcomes: dict[str, Outcome] = {}
        for future in as_completed(list(futures)):
            source = futures[future]
            fault = future.exception()
            if fault is None:
                (outcomes[source],) = future.result()
            else:
                told = f"{type(fault).__name__}: {fault}"
                outcomes[source] = Outcome(source, 0, 0, 0, 0.0, error=told)
            tell(outcomes[source], len(outcomes), len(sources))
        return tuple(outcomes[source] for source in sources)
