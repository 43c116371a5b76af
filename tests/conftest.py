"""Fixtures that every test file may use."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Properties: the fast suite tries half as many examples as hypothesis does by itself, `make soak`
# ten times as many. Neither fails for time: a busy machine is no fault of the code, and what must
# be fast is measured in processor seconds by tests of its own.
settings.register_profile(
    "fast", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", settings.get_profile("fast"), max_examples=500)
settings.load_profile("fast")

ROOT = Path(__file__).resolve().parent.parent


def _shared_folder() -> Path:
    return Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside corpora and cases; the test is skipped where it is absent."""
    folder = _shared_folder()
    if not (folder / "corpora").is_dir():
        pytest.skip("the folder of outside corpora is absent (set ONRECORD_SHARED)")
    return folder


@pytest.fixture(scope="session")
def new_desk(tmp_path_factory):
    """A data folder with all tables and no rows, which is faster to copy than to make."""
    from onrecord.store.database import open_database

    folder = tmp_path_factory.mktemp("new") / "desk"
    open_database(folder).dispose()
    return folder


def pytest_make_parametrize_id(config, val, argname):
    """Bytes that are no plain text are named by their parameter alone.

    What gzip packs holds the time, and processes beside each other must find the same names.
    """
    is_binary = isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable())
    return argname if is_binary else None


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files; read the diff"
    )


@pytest.fixture
def golden(request):
    """Compares a text with a stored file, or rewrites the file with `--update-golden`."""

    def compare(text: str, file: Path) -> None:
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"{file} is missing: run with --update-golden and read it"
        assert text == file.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session", autouse=True)
def heeds_interrupts():
    """A suite begun in the background ignores Ctrl-C, and so would all commands that it starts."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory):
    """Tests never read the settings or the data folder of whoever runs them."""
    kept = {"ONRECORD_SHARED", "ONRECORD_BENCH_DATA"}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
            if name not in kept:
                patch.delenv(name)
        nowhere = tmp_path_factory.mktemp("data")
        patch.setenv("ONRECORD_FOLDER", str(nowhere / "none"))
        # `Settings()` made in a test reads no environment; its folder is that of the user.
        patch.setenv("XDG_DATA_HOME", str(nowhere / "home"))
        yield
